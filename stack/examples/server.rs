//! A host on a TAP device that serves echo (7), discard (9), chargen (19) and a page (80) over TCP,
//! and echo (7) over UDP, until SIGTERM or SIGINT.
//!
//! ```sh
//! server --tap tap0 --mac 02:00:00:00:00:01 --ipv4 192.0.2.1/24 --gateway 192.0.2.254 \
//!     --ipv6 2001:db8:1::1/64
//! ```
//!
//! With `--slaac` it configures IPv6 by itself, with `--no-ipv6` it has none. `GET /` is the page, `GET /bytes/N` is N octets. It says `ready` on standard error; a wrong
//! argument, a missing device or a missing permission is one line there, and exit code 2.

mod support;

use std::process::ExitCode;

use litz::SocketCapacity;
use litz::time::Deadline;
use support::args::{Args, unknown};
use support::host::Host;
use support::options::HostOptions;
use support::services::{Service, Services};

/// What is served on which TCP port.
const PORTS: [(u16, Service); 4] = [
    (7, Service::Echo),
    (9, Service::Discard),
    (19, Service::Chargen),
    (80, Service::Http),
];
/// Connections at once, and connections that wait on one port.
const CONNECTIONS: usize = 128;

fn main() -> ExitCode {
    support::exit("server", run())
}

fn run() -> Result<(), String> {
    let mut args = Args::new();
    let mut options = HostOptions::new();
    while let Some(option) = args.next() {
        if !options.take(&option, &mut args)? {
            return Err(unknown(&option));
        }
    }
    let capacity = SocketCapacity {
        tcp: CONNECTIONS,
        tcp_rx: 256 * 1024,
        tcp_tx: 256 * 1024,
        half_open: CONNECTIONS,
        listeners: PORTS.len(),
        udp: 1,
        ..SocketCapacity::default()
    };
    let mut host = Host::open(&options.check()?, &capacity)?;
    let mut services = Services::listen(&mut host.sockets, &PORTS, CONNECTIONS)?;
    services.echo_datagrams(&mut host.sockets)?;
    eprintln!("ready");
    while host.turn(Deadline::NEVER)? {
        services.serve(&mut host.sockets);
    }
    Ok(())
}

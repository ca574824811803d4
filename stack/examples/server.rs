//! A host on a TAP device that serves echo (7), discard (9), chargen (19) and a page (80) over TCP,
//! and echo (7) over UDP, until SIGTERM or SIGINT.
//!
//! ```sh
//! server --tap tap0 --mac 02:00:00:00:00:01 --ipv4 192.0.2.1/24 --gateway 192.0.2.254 \
//!     --ipv6 2001:db8:1::1/64
//! ```
//!
//! With `--slaac` it configures IPv6 by itself, with `--no-ipv6` it has none. `GET /` is the page,
//! `GET /bytes/N` is N octets. `--mtu N` keeps packets at N octets, at least 1280;
//! `--connections N` and `--backlog N` say how many there may be at once, and how many may wait
//! on one port. It says `ready` on standard error; a wrong
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
/// Connections at once, and connections that wait on one port, if nothing is said.
const CONNECTIONS: usize = 128;

fn main() -> ExitCode {
    support::exit("server", run())
}

fn run() -> Result<(), String> {
    let mut args = Args::new();
    let mut options = HostOptions::new();
    let (mut connections, mut backlog) = (CONNECTIONS, CONNECTIONS);
    while let Some(option) = args.next() {
        match option.as_str() {
            "--connections" => connections = args.value(&option)?,
            "--backlog" => backlog = args.value(&option)?,
            _ if options.take(&option, &mut args)? => {}
            _ => return Err(unknown(&option)),
        }
    }
    let capacity = SocketCapacity {
        tcp: connections,
        tcp_rx: 256 * 1024,
        tcp_tx: 256 * 1024,
        half_open: backlog,
        time_wait: connections.saturating_mul(8),
        listeners: PORTS.len(),
        udp: 1,
        ..SocketCapacity::default()
    };
    let mut host = Host::open(&options.check()?, &capacity)?;
    let mut services = Services::listen(&mut host.sockets, &PORTS, backlog)?;
    services.echo_datagrams(&mut host.sockets)?;
    eprintln!("ready");
    while host.turn(Deadline::NEVER)? {
        services.serve(&mut host.sockets);
    }
    Ok(())
}

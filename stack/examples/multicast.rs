//! Joins multicast groups on a TAP device and prints what arrives there; says something itself, if
//! asked to.
//!
//! ```sh
//! multicast --tap tap0 --ipv4 192.0.2.1/24 [--port 5000] [--source ADDRESS] [--say TEXT]
//!     [--count 0] 239.1.2.3 ff05::1:3
//! ```
//!
//! With `--source` only what that host sends is wanted. Ends after `--count` datagrams, if that is
//! not 0, or by a signal; groups are left before.

mod support;

use std::net::IpAddr;
use std::process::ExitCode;

use litz::time::{Deadline, Duration};
use litz::{SocketCapacity, UdpHandle};
use support::args::{Args, unknown};
use support::host::Host;
use support::options::HostOptions;

/// How long routers are told that the groups were left.
const FAREWELL: Duration = Duration::from_secs(2);

fn main() -> ExitCode {
    support::exit("multicast", run())
}

fn run() -> Result<(), String> {
    let mut args = Args::new();
    let mut options = HostOptions::new();
    let (mut groups, mut port, mut count) = (Vec::<IpAddr>::new(), 5000_u16, 0_usize);
    let (mut source, mut say) = (None::<IpAddr>, None::<String>);
    while let Some(option) = args.next() {
        match option.as_str() {
            "--port" => port = args.value(&option)?,
            "--count" => count = args.value(&option)?,
            "--source" => source = Some(args.value(&option)?),
            "--say" => say = Some(args.value(&option)?),
            _ if options.take(&option, &mut args)? => {}
            text => groups.push(text.parse().map_err(|_| unknown(text))?),
        }
    }
    let mut host = Host::open(&options.check()?, &SocketCapacity::default())?;
    let socket = host.sockets.udp_bind(port).map_err(|e| e.to_string())?;
    for &group in &groups {
        let mut udp = host.sockets.udp(socket).map_err(|e| e.to_string())?;
        let joined = match source {
            Some(source) => udp.join_source(group, source),
            None => udp.join(group),
        };
        joined.map_err(|error| format!("{group}: {error}"))?;
        if let Some(text) = &say {
            udp.send((group, port), text.as_bytes())
                .map_err(|error| format!("{group}: {error}"))?;
        }
    }
    eprintln!("multicast: joined");
    listen(&mut host, socket, count)?;
    let udp = host.sockets.udp_release(socket);
    udp.map_err(|e| e.to_string())?;
    let end = Host::now().saturating_add(FAREWELL);
    while Host::now() < end && host.turn(Deadline::at(end))? {}
    Ok(())
}

/// Prints what arrives, until so many datagrams have or a signal has asked for the end.
fn listen(host: &mut Host, socket: UdpHandle, count: usize) -> Result<(), String> {
    let mut arrived = 0;
    while host.turn(Deadline::NEVER)? {
        let mut udp = host.sockets.udp(socket).map_err(|e| e.to_string())?;
        while let Some((meta, datagram)) = udp.recv() {
            let group = meta
                .local_addr
                .map_or(String::new(), |addr| addr.to_string());
            let text = String::from_utf8_lossy(datagram);
            println!("{} to {group}: {text}", meta.remote);
            arrived = arrived.saturating_add(1);
        }
        if count > 0 && arrived >= count {
            break;
        }
    }
    Ok(())
}

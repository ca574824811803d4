//! A router between TAP devices, until SIGTERM or SIGINT: it forwards IPv4 and IPv6, and answers
//! echo requests at its own addresses.
//!
//! ```sh
//! router --tap tap0 --mac 02:00:00:00:00:01 --ipv4 192.0.2.1/24 --ipv6 2001:db8:1::1/64 \
//!     --tap tap1 --mac 02:00:00:00:00:02 --ipv4 198.51.100.1/24 --ipv6 2001:db8:2::1/64
//! ```
//!
//! Options apply to the device named before them. It says `ready` on standard error; a wrong
//! argument, a missing device or a missing permission is one line there, and exit code 2.

mod support;

use std::os::fd::AsFd;
use std::process::ExitCode;

use litz::phy::linux::signal::Termination;
use litz::phy::linux::{Tap, monotonic_now, secret, wait_until};
use litz::time::{Deadline, Duration};
use litz::{Interface, InterfaceStorage, IpCidr, Link, SocketCapacity, SocketSet};
use support::args::{Args, unknown};
use support::options::HostOptions;

fn main() -> ExitCode {
    support::exit("router", run())
}

/// One side of the router.
struct Port {
    tap: Tap,
    iface: Interface<'static>,
}

impl Port {
    fn open(options: &HostOptions, sockets: &mut SocketSet<'_>) -> Result<Self, String> {
        let name = &options.tap;
        let system = |error: std::io::Error| format!("{name}: {error}");
        let refused = |error| format!("{name}: {error}");
        let tap = Tap::attach(name).map_err(system)?;
        let link = Link::Ethernet(options.mac);
        let storage = InterfaceStorage::heap(tap.ip_mtu());
        let secret = secret().map_err(system)?;
        let mut iface = Interface::new(link, secret, storage).map_err(refused)?;
        let addresses = options.addresses.iter().copied();
        for address in addresses.chain([IpCidr::link_local(options.mac)]) {
            iface.add_addr(address).map_err(refused)?;
        }
        for gateway in &options.gateways {
            iface.set_default_route(*gateway).map_err(refused)?;
        }
        let attached = iface.attach(sockets);
        attached.map_err(|error| format!("{name}: {error}"))?;
        iface.set_forwarding(true);
        Ok(Self { tap, iface })
    }
}

fn run() -> Result<(), String> {
    let mut args = Args::new();
    let mut options: Vec<HostOptions> = Vec::new();
    while let Some(option) = args.next() {
        if option == "--tap" {
            options.push(HostOptions::new());
        }
        let taken = match options.last_mut() {
            Some(last) => last.take(&option, &mut args)?,
            None => false,
        };
        if !taken {
            return Err(unknown(&option));
        }
    }
    let secret = secret().map_err(|error| error.to_string())?;
    let mut sockets = SocketSet::heap(secret, &SocketCapacity::default());
    let mut ports = Vec::new();
    for options in options {
        ports.push(Port::open(&options.check()?, &mut sockets)?);
    }
    let mut end = Termination::new().map_err(|error| error.to_string())?;
    eprintln!("ready");
    loop {
        let due = ports
            .iter()
            .map(|port| port.iface.poll_at(monotonic_now(), &sockets));
        // A link that comes or goes is seen when its interface is polled.
        let look = Deadline::at(monotonic_now().saturating_add(Duration::from_secs(1)));
        let due = due.fold(look, Deadline::min);
        let mut sources: Vec<_> = ports.iter().map(|port| port.tap.as_fd()).collect();
        sources.push(end.as_fd());
        let ready = wait_until(&sources, due).map_err(|error| error.to_string())?;
        let signal = ready.contains(ports.len());
        if signal && end.received().is_ok_and(|signal| signal.is_some()) {
            return Ok(());
        }
        for Port { tap, iface } in &mut ports {
            iface.poll(monotonic_now(), tap, &mut sockets);
        }
    }
}

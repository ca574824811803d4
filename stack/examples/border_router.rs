//! A border router: it forwards IPv6 between a low-power network and a TAP device of Linux, until
//! SIGTERM or SIGINT. On the air it advertises a prefix and a context of compression, and nodes
//! register their addresses (RFC 6775, RFC 8505). The air is a ZEP hub that it opens for the
//! `lowpan_node`s.
//!
//! ```sh
//! ip tuntap add dev tap0 mode tap && ip link set tap0 up
//! ip addr add fd01::1/64 dev tap0 && ip route add fd00::/64 via fd01::2
//! border_router --zep '[::1]:17754' --prefix fd00:: --tap tap0 --ipv6 fd01::2/64
//! ```

mod support;

use std::os::fd::AsFd;
use std::process::ExitCode;

use litz::iface::{
    AdvertisedContext, AdvertisedPrefix, LowpanAdvert, RegisteredSlot, RouterConfig,
};
use litz::phy::linux::signal::Termination;
use litz::phy::linux::{Tap, monotonic_now, secret, wait_until};
use litz::phy::zep::ZepHub;
use litz::time::{Deadline, Duration};
use litz::wire::ShortAddress;
use litz::{Interface, InterfaceStorage, IpCidr, Ipv6Cidr, Link, SocketCapacity, SocketSet};
use support::air::{AirOptions, address};
use support::args::{Args, unknown};
use support::options::HostOptions;

/// The short address of the border router.
const NUMBER: u16 = 0;
/// Octets of the longest IPv6 packet on the air.
const AIR_MTU: usize = 1280;

fn main() -> ExitCode {
    support::exit("border_router", run())
}

fn run() -> Result<(), String> {
    let (mut args, mut options, mut host) = (Args::new(), AirOptions::new(), HostOptions::new());
    while let Some(option) = args.next() {
        if !options.take(&option, &mut args)? && !host.take(&option, &mut args)? {
            return Err(unknown(&option));
        }
    }
    let host = host.check()?;
    let system = |error: std::io::Error| error.to_string();
    let mut hub = ZepHub::open(options.zep).map_err(system)?;
    let mut air = options.open(NUMBER, true)?;
    let mut tap = Tap::attach(&host.tap).map_err(system)?;
    let capacity = SocketCapacity {
        interfaces: 2,
        ..SocketCapacity::default()
    };
    let mut sockets = SocketSet::heap(secret().map_err(system)?, &capacity);
    let prefix = Ipv6Cidr::new(options.prefix, 64).map_err(|error| error.to_string())?;
    let mut inside = air_side(prefix, &mut sockets)?;
    let mut outside = wire_side(&host, tap.ip_mtu(), &mut sockets)?;
    let mut end = Termination::new().map_err(system)?;
    eprintln!("ready");
    loop {
        let now = monotonic_now();
        // Each may have made work for the others.
        loop {
            let frames = hub.forward();
            let inside = inside.poll(now, &mut air, &mut sockets);
            let outside = outside.poll(now, &mut tap, &mut sockets);
            let idle = |poll: litz::PollResult| poll.received == 0 && poll.sent == 0;
            if frames == 0 && idle(inside) && idle(outside) {
                break;
            }
        }
        let due = inside.poll_at(now, &sockets);
        let due = due
            .min(outside.poll_at(now, &sockets))
            .min(air.device().poll_at(now));
        // A link that comes or goes is seen when its interface is polled.
        let look = Deadline::at(now.saturating_add(Duration::from_secs(1)));
        let radio = air.device().radio().socket().as_fd();
        let waits = [hub.socket().as_fd(), radio, tap.as_fd(), end.as_fd()];
        wait_until(&waits, due.min(look)).map_err(system)?;
        if end.received().map_err(system)?.is_some() {
            return Ok(());
        }
    }
}

/// The interface on the air: it advertises and registers.
fn air_side(prefix: Ipv6Cidr, sockets: &mut SocketSet<'_>) -> Result<Interface<'static>, String> {
    let text = |error: &dyn std::fmt::Display| error.to_string();
    let key = secret().map_err(|error| text(&error))?;
    let own = ShortAddress(NUMBER);
    let storage = InterfaceStorage::heap(AIR_MTU);
    let mut iface =
        Interface::new(Link::Ieee802154(own.into()), key, storage).map_err(|error| text(&error))?;
    let global = address(prefix.addr(), own.interface_id());
    for addr in [own.link_local(), global] {
        let cidr = IpCidr::new(addr, 64).map_err(|error| text(&error))?;
        iface.add_addr(cidr).map_err(|error| text(&error))?;
    }
    let slots = vec![RegisteredSlot::EMPTY; 64];
    let started = iface.start_registrar(4, slots);
    started.map_err(|error| text(&error))?;
    let day = Duration::from_secs(86_400);
    let prefixes = [AdvertisedPrefix {
        network: prefix,
        on_link: false,
        autonomous: true,
        valid: Some(day),
        preferred: Some(day),
    }];
    let contexts = [AdvertisedContext {
        number: 0,
        prefix,
        compress: true,
        valid: day,
    }];
    let config = RouterConfig {
        prefixes: Box::leak(Box::new(prefixes)),
        lowpan: Some(LowpanAdvert {
            border_router: global,
            version: 1,
            valid: day,
            contexts: Box::leak(Box::new(contexts)),
        }),
        ..RouterConfig::default()
    };
    let advertises = iface.advertise(config, monotonic_now());
    advertises.map_err(|error| text(&error))?;
    iface.attach(sockets).map_err(|error| text(&error))?;
    iface.set_forwarding(true);
    Ok(iface)
}

/// The interface on the wire.
fn wire_side(
    host: &HostOptions,
    ip_mtu: usize,
    sockets: &mut SocketSet<'_>,
) -> Result<Interface<'static>, String> {
    let text = |error: &dyn std::fmt::Display| error.to_string();
    let key = secret().map_err(|error| text(&error))?;
    let storage = InterfaceStorage::heap(ip_mtu);
    let iface = Interface::new(Link::Ethernet(host.mac), key, storage);
    let mut iface = iface.map_err(|error| text(&error))?;
    let local = [IpCidr::link_local(host.mac)];
    for &address in host.addresses.iter().chain(&local) {
        iface.add_addr(address).map_err(|error| text(&error))?;
    }
    for &gateway in &host.gateways {
        let added = iface.set_default_route(gateway);
        added.map_err(|error| text(&error))?;
    }
    iface.attach(sockets).map_err(|error| text(&error))?;
    iface.set_forwarding(true);
    Ok(iface)
}

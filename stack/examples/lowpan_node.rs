//! A node of a low-power network: IPv6 over simulated IEEE 802.15.4, whose frames are datagrams of
//! a ZEP hub (`border_router` has one). It serves echo (7) over UDP and TCP until SIGTERM or
//! SIGINT.
//!
//! ```sh
//! lowpan_node --zep '[::1]:17754' --number 1 --prefix fd00:: --loss 5
//! ```
//!
//! Its EUI-64 is 02-00-00-00-00-00 and the number; its addresses follow from that, with the prefix
//! and link-local. What it does not know goes to the border router, whose short address is 0.

mod support;

use std::os::fd::AsFd;
use std::process::ExitCode;

use litz::phy::linux::signal::Termination;
use litz::phy::linux::{monotonic_now, secret, wait_until};
use litz::wire::{Eui64, ShortAddress};
use litz::{Interface, InterfaceStorage, IpCidr, Link, SocketCapacity, SocketSet};
use support::air::{AirOptions, address};
use support::args::{Args, unknown};
use support::services::{Service, Services};

fn main() -> ExitCode {
    support::exit("lowpan_node", run())
}

fn run() -> Result<(), String> {
    let (mut args, mut options, mut number) = (Args::new(), AirOptions::new(), 1_u16);
    while let Some(option) = args.next() {
        match option.as_str() {
            "--number" => number = args.value(&option)?,
            _ if options.take(&option, &mut args)? => {}
            _ => return Err(unknown(&option)),
        }
    }
    let system = |error: std::io::Error| error.to_string();
    let mut device = options.open(number, false)?;
    let own = device.device().config().radio.extended_addr;
    let mut iface = interface(own, &options)?;
    let capacity = SocketCapacity {
        tcp: 4,
        tcp_rx: 4096,
        tcp_tx: 4096,
        ..SocketCapacity::default()
    };
    let mut sockets = SocketSet::heap(secret().map_err(system)?, &capacity);
    let mut services = Services::listen(&mut sockets, &[(7, Service::Echo)], 4)?;
    services.echo_datagrams(&mut sockets)?;
    let mut end = Termination::new().map_err(system)?;
    eprintln!("ready");
    loop {
        let now = monotonic_now();
        while iface.poll(now, &mut device, &mut sockets).more {}
        services.serve(&mut sockets);
        while iface.poll(now, &mut device, &mut sockets).more {}
        let due = iface
            .poll_at(now, &sockets)
            .min(device.device().poll_at(now));
        let air = device.device().radio().socket().as_fd();
        wait_until(&[air, end.as_fd()], due).map_err(system)?;
        if end.received().map_err(system)?.is_some() {
            return Ok(());
        }
    }
}

/// The interface with its addresses. No other is on the link (RFC 6775 §5.4): all but the border
/// router's own goes by the border router.
fn interface(own: Eui64, options: &AirOptions) -> Result<Interface<'static>, String> {
    let text = |error: &dyn std::fmt::Display| error.to_string();
    let key = secret().map_err(|error| text(&error))?;
    let link = Link::Ieee802154(own.into());
    let iface = Interface::new(link, key, InterfaceStorage::heap(1280));
    let mut iface = iface.map_err(|error| text(&error))?;
    let global = address(options.prefix, own.interface_id());
    for addr in [own.link_local(), global] {
        let cidr = IpCidr::new(addr, 128).map_err(|error| text(&error))?;
        iface.add_addr(cidr).map_err(|error| text(&error))?;
    }
    let router = ShortAddress(0).link_local();
    let added = iface.set_default_route(router.into());
    added.map_err(|error| text(&error))?;
    Ok(iface)
}

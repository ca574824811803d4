//! A node of a low-power network: IPv6 over simulated IEEE 802.15.4, whose frames are datagrams of
//! a ZEP hub (`border_router` has one). It serves echo (7) over UDP and TCP until SIGTERM or
//! SIGINT.
//!
//! ```sh
//! lowpan_node --zep '[::1]:17754' --number 1 --loss 5
//! ```
//!
//! Its EUI-64 is 02-00-00-00-00-00 and the number; its addresses follow from that and from the
//! prefix that the border router advertises, with which it registers them (RFC 6775, RFC 8505). It
//! says `ready` on standard error once it has.

mod support;

use std::os::fd::AsFd;
use std::process::ExitCode;

use litz::iface::{
    InterfaceIds, RegistrationConfig, RegistrationSlot, RegistrationState, SlaacConfig,
};
use litz::phy::linux::signal::Termination;
use litz::phy::linux::{monotonic_now, secret, wait_until};
use litz::wire::Eui64;
use litz::{Interface, InterfaceStorage, Link, SocketCapacity, SocketSet};
use support::air::AirOptions;
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
    let mut iface = interface(own)?;
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
    let mut ready = false;
    loop {
        let now = monotonic_now();
        while iface.poll(now, &mut device, &mut sockets).more {}
        services.serve(&mut sockets);
        while iface.poll(now, &mut device, &mut sockets).more {}
        if !ready && is_registered(&iface) {
            ready = true;
            eprintln!("ready");
        }
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

/// The interface, which learns its addresses and registers them.
fn interface(own: Eui64) -> Result<Interface<'static>, String> {
    let text = |error: &dyn std::fmt::Display| error.to_string();
    let key = secret().map_err(|error| text(&error))?;
    let link = Link::Ieee802154(own.into());
    let iface = Interface::new(link, key, InterfaceStorage::heap(1280));
    let mut iface = iface.map_err(|error| text(&error))?;
    let config = RegistrationConfig {
        owner: own.into(),
        minutes: 60,
    };
    let started = iface.start_registration(config, vec![RegistrationSlot::EMPTY; 4]);
    started.map_err(|error| text(&error))?;
    let slaac = SlaacConfig {
        ids: InterfaceIds::HardwareAddr,
        ..SlaacConfig::default()
    };
    let started = iface.start_slaac(slaac, monotonic_now());
    started.map_err(|error| text(&error))?;
    Ok(iface)
}

/// Whether the border router has registered an address.
fn is_registered(iface: &Interface<'_>) -> bool {
    let is = |state| matches!(state, RegistrationState::Registered { .. });
    iface.registrations().any(|(_, state)| is(state))
}

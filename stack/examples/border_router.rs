//! Joins a TUN device of Linux to a low-power network: IPv6 packets of the one side are frames of
//! simulated IEEE 802.15.4 on the other. Linux routes, and answers for the packets that it cannot
//! forward; this end of the link compresses, fragments and retries. The air is a ZEP hub that it
//! opens for the `lowpan_node`s.
//!
//! ```sh
//! ip tuntap add dev tun0 mode tun && ip link set tun0 mtu 1280 up
//! ip addr add fd00::1/64 dev tun0
//! border_router --zep '[::1]:17754' --tun tun0 --prefix fd00::
//! ```

mod support;

use std::os::fd::AsFd;
use std::process::ExitCode;

use litz::lowpan::station_of;
use litz::phy::linux::signal::Termination;
use litz::phy::linux::{Tun, monotonic_now, wait_until};
use litz::phy::zep::ZepHub;
use litz::phy::{Device, RxToken, TxMeta, TxToken};
use litz::time::Instant;
use litz::wire::Ipv6Packet;
use support::air::{AirDevice, AirOptions};
use support::args::{Args, unknown};

fn main() -> ExitCode {
    support::exit("border_router", run())
}

fn run() -> Result<(), String> {
    let (mut args, mut options, mut name) = (Args::new(), AirOptions::new(), String::new());
    while let Some(option) = args.next() {
        match option.as_str() {
            "--tun" => name = args.value(&option)?,
            _ if options.take(&option, &mut args)? => {}
            _ => return Err(unknown(&option)),
        }
    }
    let system = |error: std::io::Error| error.to_string();
    let mut tun = Tun::attach(&name).map_err(system)?;
    let mut hub = ZepHub::open(options.zep).map_err(system)?;
    let mut air = options.open(0, true)?;
    let mut end = Termination::new().map_err(system)?;
    eprintln!("ready");
    loop {
        let now = monotonic_now();
        // Each may have made work for the other.
        while hub.forward() > 0
            || to_tun(now, &mut air, &mut tun)
            || to_air(now, &mut tun, &mut air)
        {}
        let due = air.device().poll_at(now);
        let radio = air.device().radio().socket().as_fd();
        let mut waits = vec![hub.socket().as_fd(), radio, end.as_fd()];
        // Packets that would have no room stay with Linux.
        waits.extend(air.has_room().then(|| tun.as_fd()));
        wait_until(&waits, due).map_err(system)?;
        if end.received().map_err(system)?.is_some() {
            return Ok(());
        }
        if let Some(error) = tun.take_error() {
            return Err(format!("{name}: {error}"));
        }
    }
}

/// Hand what came over the air to Linux. Returns whether there was something.
fn to_tun(now: Instant, air: &mut AirDevice, tun: &mut Tun) -> bool {
    let packet = air.receive_packet(now, |_, packet| packet.to_vec());
    let (Some(packet), Some(room)) = (&packet, tun.transmit(now)) else {
        return packet.is_some();
    };
    // What Linux refuses while the device is down is lost, as on any link.
    let put = |to: &mut [u8]| to.copy_from_slice(packet);
    let _ = room.consume(packet.len(), TxMeta::default(), put);
    true
}

/// Send the next packet of Linux over the air. Returns whether there was one.
fn to_air(now: Instant, tun: &mut Tun, air: &mut AirDevice) -> bool {
    if !air.has_room() {
        return false;
    }
    let Some((packet, _)) = tun.receive(now) else {
        return false;
    };
    packet.consume(|octets| {
        let Ok(ip) = Ipv6Packet::new_checked(octets) else {
            return;
        };
        // Too long a packet is Linux's mistake about the MTU, and dropped.
        let _ = air.send_packet(now, station_of(ip.dst_addr()), octets);
    });
    true
}

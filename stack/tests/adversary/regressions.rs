//! Bugs that happened to others and that no other file here plays: lengths at which packets, or
//! pieces of them, were put together wrongly. `docs/regressions.md` has the whole list.

use std::net::IpAddr;

use litz::iface::DropReason;
use litz::wire::IpProtocol;

use super::frames::{V4, V6};
use super::host::Host;
use super::several::Hosts;

/// Two hosts on links without frames; the first one's link takes this much.
fn pair(mtu: usize) -> [Hosts; 2] {
    let mut hosts = [
        "192.0.2.1/24 2001:db8:1::1/64",
        "192.0.2.9/24 2001:db8:1::9/64",
    ]
    .map(|prefixes| Hosts::new(&[prefixes]));
    hosts[0].ifaces[0].1.caps.ip_mtu = mtu;
    hosts[0].poll_all();
    hosts
}

#[test]
fn smoltcp_791_792_1008_1094_1116_datagrams_of_every_length_are_cut_and_put_together() {
    // The first fragment's length, a size that is no multiple of eight, single lengths, links
    // without frames: each was wrong once.
    for mtu in [1280, 1281, 1284, 1287, 1500] {
        let [mut one, mut other] = pair(mtu);
        let sender = one.sockets.udp_bind(9).unwrap();
        let receiver = other.sockets.udp_bind(7).unwrap();
        let around = |len: usize| (len - 20)..(len + 20);
        for len in around(mtu - 28).chain(around(mtu - 48)).chain(1900..1940) {
            for dst in ["192.0.2.9", "2001:db8:1::9"] {
                let dst: IpAddr = dst.parse().unwrap();
                let data: Vec<u8> = (0..len).map(|at| (at * 31 + len) as u8).collect();
                let mut udp = one.sockets.udp(sender).unwrap();
                udp.send((dst, 7), &data).unwrap();
                let sent = one.settle().concat();
                assert!(
                    sent.iter().all(|packet| packet.len() <= mtu),
                    "{len} over {mtu}"
                );
                let last = sent.last().unwrap();
                let more = |packet: &Vec<u8>| match packet[0] >> 4 {
                    4 => packet[6] & 0x20 != 0,
                    _ => packet[6] == 44 && packet[43] & 1 != 0,
                };
                assert!(!more(last), "{len} over {mtu}");
                for packet in sent {
                    other.receive(0, packet);
                }
                let mut udp = other.sockets.udp(receiver).unwrap();
                let (_, got) = udp.recv().expect("the datagram has come together");
                assert!(got == data, "{len} octets over {mtu} to {dst}");
            }
        }
    }
}

#[test]
fn smoltcp_527_payloads_of_every_short_length_are_survived() {
    let mut host = Host::new();
    host.sockets.udp_bind(9).unwrap();
    host.sockets.tcp_listen(80, 1).unwrap();
    for path in [V4, V6] {
        for protocol in 0..=255 {
            for len in 0..24 {
                for fill in [0, 0xff] {
                    let payload = vec![fill; len];
                    host.answers(path.ip(IpProtocol(protocol), &payload));
                }
            }
        }
    }
    let soon = host.now.saturating_add(litz::time::Duration::from_secs(60));
    host.now = soon;
    host.meet(super::frames::PEER_V4, super::frames::PEER);
}

#[test]
fn smoltcp_866_frames_of_no_length_are_malformed_on_links_without_frames_too() {
    let mut host = Host::on_ip();
    host.dropped(Vec::new(), DropReason::Malformed);
    for first in [0x40, 0x45, 0x60, 0x00, 0xf0] {
        for len in 1..20 {
            let mut packet = vec![0; len];
            packet[0] = first;
            host.dropped(packet, DropReason::Malformed);
        }
    }
}

//! Messages of IGMP and MLD into a host that is in groups and joins and leaves more: sound around
//! the message, so that it is read, and whatever the input says within.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use litz::socket::FilterMode;
use litz_hal::time::{Duration, Instant};
use litz_tests::host::{Host, mac};
use litz_wire::rt::{Options, PseudoHeader, PseudoV6, Sum};
use litz_wire::{
    Ecn, EtherType, EthernetRepr, Icmpv6Header, IgmpHeader, IpProtocol, Ipv4, Ipv4Option, Ipv4Repr,
    Ipv6HopByHopRepr, Ipv6Option, Ipv6Repr, Ipv6RouterAlert,
};

/// Groups that memberships are changed in.
const GROUPS: u8 = 20;

/// Plays `data` as steps of an octet that says what happens, one that says how much, and the octets
/// of a message. After each the host must come to rest, also when a day has passed in the end.
pub fn groups(data: &[u8]) {
    let mut host = Host::new(1, 1);
    let mut now = Instant::from_secs(1);
    let Ok(socket) = host.sockets.udp_bind(5000) else {
        return;
    };
    let mut rest = data;
    while let Some((&[what, amount], after)) = rest.split_first_chunk() {
        rest = after;
        match what & 3 {
            0 | 1 => {
                let (message, after) = rest.split_at(rest.len().min(usize::from(amount)));
                rest = after;
                let frame = if what & 3 == 0 {
                    igmp(message)
                } else {
                    mld(message)
                };
                host.device.rx.push_back(frame);
            }
            2 => {
                let group = group(what & 4 == 0, amount % GROUPS);
                let sources: Vec<_> = (0..amount >> 5).map(|n| source(what & 4 == 0, n)).collect();
                let mode = if what & 8 == 0 {
                    FilterMode::Include
                } else {
                    FilterMode::Exclude
                };
                if let Ok(mut udp) = host.sockets.udp(socket) {
                    // Some of it is refused, as it has to be.
                    let _ = udp.set_filter(group, mode, &sources);
                }
            }
            _ => {
                let pause = 1_u64 << (amount & 15);
                now = now.saturating_add(Duration::from_millis(pause));
            }
        }
        settle(&mut host, now);
    }
    settle(&mut host, now.saturating_add(Duration::from_secs(86_400)));
}

fn group(v4: bool, number: u8) -> IpAddr {
    if v4 {
        Ipv4Addr::new(239, 0, 0, number).into()
    } else {
        Ipv6Addr::new(0xff05, 0, 0, 0, 0, 0, 0, number.into()).into()
    }
}

fn source(v4: bool, number: u8) -> IpAddr {
    if v4 {
        Ipv4Addr::new(192, 0, 2, number.saturating_add(1)).into()
    } else {
        Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, number.into()).into()
    }
}

fn settle(host: &mut Host, now: Instant) {
    for _ in 0..1000 {
        host.poll(now);
        host.device.tx.clear();
        if host.device.rx.is_empty() && !host.poll_at(now).is_due(now) {
            return;
        }
    }
    panic!("at {now:?} the host has work without end");
}

fn frame(ethertype: EtherType, packet: &[u8]) -> Vec<u8> {
    let repr = EthernetRepr {
        dst_addr: mac(1),
        src_addr: mac(2),
        ethertype,
        payload_len: packet.len(),
    };
    let mut frame = vec![0; repr.buffer_len()];
    let payload = repr.emit(&mut frame).expect("room");
    payload.copy_from_slice(packet);
    frame
}

/// A message of IGMP with a right checksum, to all systems.
fn igmp(message: &[u8]) -> Vec<u8> {
    let repr = Ipv4Repr {
        dscp: 48,
        ecn: Ecn::NotEct,
        ident: 0,
        dont_frag: false,
        more_frags: false,
        frag_offset: 0,
        hop_limit: 1,
        next_header: IpProtocol::Igmp,
        src_addr: Ipv4Addr::new(192, 0, 2, 2),
        dst_addr: Ipv4Addr::new(224, 0, 0, 1),
        options: Options::items(&[Ipv4Option::RouterAlert { value: 0 }]),
        payload_len: message.len(),
    };
    let mut packet = vec![0; repr.buffer_len()];
    let (header, payload) = repr.emit_split(&mut packet).expect("room");
    let sum = Sum::of(header).finish();
    Ipv4::store_checksum(header, sum);
    payload.copy_from_slice(message);
    if let Some(checksum) = payload.get_mut(2..4) {
        checksum.fill(0);
        let sum = Sum::of(payload).finish();
        IgmpHeader::store_checksum(payload, sum);
    }
    frame(EtherType::Ipv4, &packet)
}

/// A message of ICMPv6 with a right checksum behind a router alert, from a neighbor to all nodes.
fn mld(message: &[u8]) -> Vec<u8> {
    let src_addr = Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 2);
    let dst_addr = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 1);
    let alert = [
        Ipv6Option::RouterAlert {
            value: Ipv6RouterAlert::Mld,
        },
        Ipv6Option::PadN { zeros: &[] },
    ];
    let options = Ipv6HopByHopRepr {
        next_header: IpProtocol::Icmpv6,
        options: Options::items(&alert),
        payload_len: message.len(),
    };
    let repr = Ipv6Repr {
        dscp: 0,
        ecn: Ecn::NotEct,
        flow_label: 0,
        next_header: IpProtocol::HopByHop,
        hop_limit: 1,
        src_addr,
        dst_addr,
        payload_len: options.buffer_len(),
    };
    let mut packet = vec![0; repr.buffer_len()];
    let payload = repr.emit(&mut packet).expect("room");
    let payload = options.emit(payload).expect("room");
    payload.copy_from_slice(message);
    if let Some(checksum) = payload.get_mut(2..4) {
        checksum.fill(0);
        let len = u32::try_from(payload.len()).unwrap_or(u32::MAX);
        let pseudo = PseudoV6 { src_addr, dst_addr };
        let sum = Sum::of(payload).add(pseudo.sum(IpProtocol::Icmpv6.0, len));
        Icmpv6Header::store_checksum(payload, sum.finish());
    }
    frame(EtherType::Ipv6, &packet)
}

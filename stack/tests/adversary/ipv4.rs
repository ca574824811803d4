//! IPv4 (RFC 791, RFC 1122 §3.2.1): which packets are looked at at all.

use std::net::Ipv4Addr;

use litz::iface::DropReason;
use litz::phy::{ChecksumStatus, ChecksumWork, TxError};
use litz::time::Duration;
use litz::wire::rt::Options;
use litz::wire::{
    Ecn, EtherType, EthernetAddress, Icmpv4, Icmpv4DstUnreachable, IpProtocol, Ipv4Option,
    Ipv4Packet, Ipv4Repr, Nested,
};

use super::frames::{EVERYBODY, PEER, PEER_V4, Seg, V4, ethernet, icmpv4, ip, ipv4, stations};
use super::host::{DIRECTED_BROADCAST, Host, OWN, OWN_V4};

const PING: Icmpv4<'_> = Icmpv4::EchoRequest {
    ident: 1,
    seq_no: 2,
    data: b"abcd",
};

fn repr(payload_len: usize) -> Ipv4Repr<'static> {
    Ipv4Repr {
        dscp: 0,
        ecn: Ecn::NotEct,
        ident: 7,
        dont_frag: false,
        more_frags: false,
        frag_offset: 0,
        hop_limit: 64,
        next_header: IpProtocol::Udp,
        src_addr: PEER_V4,
        dst_addr: OWN_V4,
        options: Options::EMPTY,
        payload_len,
    }
}

fn frame(packet: &[u8]) -> Vec<u8> {
    ethernet(PEER, OWN, EtherType::Ipv4, packet)
}

#[test]
fn headers_that_cannot_be_are_malformed() {
    // smoltcp faa16039, b33d8673: IHL < 5, total length < header length; #866: an empty frame.
    let mut host = Host::new();
    let sound = V4.icmpv4(&PING);
    assert_eq!(host.answers(sound.clone()).len(), 1);
    let mut cases = vec![vec![], sound[..14].to_vec(), sound[..33].to_vec()];
    let with = |at: usize, value: u8| {
        let mut frame = sound.clone();
        frame[14 + at] = value;
        frame
    };
    for ihl in 0..5 {
        cases.push(with(0, 0x40 | ihl));
    }
    cases.push(with(0, 0x4f));
    for version in [0, 1, 5, 6, 15] {
        cases.push(with(0, version << 4 | 5));
    }
    for total_len in [0, 1, 19, 255] {
        cases.push(with(3, total_len));
    }
    cases.push(with(2, 0xff));
    for case in cases {
        host.dropped(case, DropReason::Malformed);
    }
}

#[test]
fn options_are_passed_over_and_not_sent_back() {
    let mut host = Host::new();
    let ping = V4.icmpv4(&PING);
    let message = &ping[34..];
    for options in [
        vec![
            Ipv4Option::Nop,
            Ipv4Option::Nop,
            Ipv4Option::Nop,
            Ipv4Option::Nop,
        ],
        vec![Ipv4Option::Unknown {
            kind: 0x82,
            data: &[0; 9],
        }],
    ] {
        let repr = Ipv4Repr {
            next_header: IpProtocol::Icmp,
            options: Options::items(&options),
            ..repr(message.len())
        };
        let answer = host.answer(frame(&ipv4(&repr, message)));
        assert_eq!(answer[14], 0x45);
        icmpv4(&answer, |reply| {
            assert_eq!(
                *reply,
                Icmpv4::EchoReply {
                    ident: 1,
                    seq_no: 2,
                    data: b"abcd"
                }
            );
        });
    }
}

#[test]
fn options_without_sense_are_survived() {
    let mut host = Host::new();
    for octets in [
        [0x44, 0, 0, 0],
        [0x44, 1, 0, 0],
        [0x44, 0xff, 0, 0],
        [1, 1, 1, 0x44],
    ] {
        let mut packet = ipv4(&repr(0), &[]);
        packet[0] = 0x46;
        packet[3] = 24;
        packet.extend(octets);
        packet[10..12].fill(0);
        let sum = litz::wire::rt::Sum::of(&packet).finish();
        packet[10..12].copy_from_slice(&sum.to_be_bytes());
        host.silent(frame(&packet));
    }
}

#[test]
fn link_padding_is_not_payload() {
    let mut host = Host::new();
    let mut padded = V4.icmpv4(&PING);
    padded.resize(60, 0xee);
    let answer = host.answer(padded);
    icmpv4(&answer, |reply| {
        assert_eq!(
            *reply,
            Icmpv4::EchoReply {
                ident: 1,
                seq_no: 2,
                data: b"abcd"
            }
        );
    });
}

#[test]
fn a_wrong_header_checksum_is_dropped_unless_the_device_checks_it() {
    let mut host = Host::new();
    let mut wrong = V4.icmpv4(&PING);
    wrong[14 + 10] ^= 1;
    host.dropped(wrong.clone(), DropReason::IpChecksum);
    host.wire.caps.checksum.ipv4 = ChecksumWork {
        verify_rx: false,
        fill_tx: true,
    };
    assert_eq!(host.answers(wrong).len(), 1);
}

#[test]
fn what_the_device_says_of_a_transport_checksum_is_believed() {
    // smoltcp #328: packets of a veth carry a partial checksum and were dropped.
    let mut wrong = V4.udp(1000, 7, b"data");
    wrong[14 + 20 + 6] ^= 1;
    let mut host = Host::new();
    host.dropped(wrong.clone(), DropReason::TransportChecksum);
    for status in [ChecksumStatus::Verified, ChecksumStatus::Partial] {
        host.wire.meta.checksum = status;
        assert_eq!(host.answers(wrong.clone()).len(), 1, "port unreachable");
    }
}

#[test]
fn impossible_sources_are_dropped() {
    // RFC 1122 §3.2.1.3; smoltcp #1144: a SYN from 0.0.0.0 was a panic. Our own address as the
    // source is the LAND attack.
    let mut host = Host::new();
    host.sockets.tcp_listen(80, 4).unwrap();
    for src in [
        Ipv4Addr::UNSPECIFIED,
        Ipv4Addr::new(0, 1, 2, 3),
        Ipv4Addr::BROADCAST,
        DIRECTED_BROADCAST,
        Ipv4Addr::new(224, 0, 0, 1),
        Ipv4Addr::new(239, 1, 2, 3),
        Ipv4Addr::LOCALHOST,
        Ipv4Addr::new(127, 255, 255, 254),
        OWN_V4,
    ] {
        let path = V4.from(src);
        host.dropped(path.tcp(&Seg::syn(1000)), DropReason::BadSource);
        host.dropped(path.udp(1000, 9, b""), DropReason::BadSource);
        host.dropped(path.icmpv4(&PING), DropReason::BadSource);
    }
    let (sent, _) = host.pass(litz::time::Duration::from_secs(100));
    assert!(sent.is_empty());
}

#[test]
fn packets_for_others_are_dropped_and_never_forwarded() {
    let mut host = Host::new();
    for dst in [
        Ipv4Addr::new(192, 0, 2, 9),
        Ipv4Addr::new(198, 51, 100, 1),
        Ipv4Addr::LOCALHOST,
        Ipv4Addr::UNSPECIFIED,
        Ipv4Addr::new(224, 0, 0, 251),
    ] {
        let reason = if dst.is_multicast() {
            DropReason::GroupNotJoined
        } else {
            DropReason::NotOurAddress
        };
        host.dropped(V4.to(dst).icmpv4(&PING), reason);
        host.dropped(V4.to(dst).udp(1, 9, b""), reason);
    }
}

#[test]
fn a_unicast_packet_in_a_broadcast_frame_is_dropped() {
    // RFC 1122 §3.3.6: "a datagram received via a link-layer broadcast that does not specify an IP
    // multicast or broadcast destination address" is silently discarded.
    let mut host = Host::new();
    host.sockets.tcp_listen(80, 4).unwrap();
    for station in [EVERYBODY, EthernetAddress([0x01, 0, 0x5e, 0, 0, 1])] {
        let path = V4.to_station(station);
        host.dropped(path.udp(1, 9, b""), DropReason::NotForUs);
        host.dropped(path.icmpv4(&PING), DropReason::NotForUs);
        host.dropped(path.tcp(&Seg::syn(1000)), DropReason::NotForUs);
    }
}

#[test]
fn fragments_are_dropped_and_counted_where_there_is_no_memory_for_them() {
    let mut host = Host::whole_packets_only();
    for (more_frags, frag_offset) in [(true, 0), (true, 8), (false, 8)] {
        let repr = Ipv4Repr {
            more_frags,
            frag_offset,
            ..repr(16)
        };
        host.dropped(frame(&ipv4(&repr, &[0; 16])), DropReason::Fragment);
    }
}

#[test]
fn protocols_that_nobody_speaks_are_reported_and_counted() {
    // RFC 1122 §3.2.2.1.
    let mut host = Host::new();
    for protocol in 0..=255 {
        if [1, 2, 6, 17].contains(&protocol) {
            continue;
        }
        let packet = V4.ip(IpProtocol(protocol), &[0xff; 30]);
        let answer = host.answer(packet.clone());
        icmpv4(&answer, |message| {
            let expected = Icmpv4::DstUnreachable {
                reason: Icmpv4DstUnreachable::ProtoUnreachable,
                next_hop_mtu: 0,
                invoking: Nested::new(&packet[14..]),
            };
            assert_eq!(*message, expected);
        });
        host.now = host.now.saturating_add(Duration::from_secs(1));
    }
    let drops: Vec<_> = host.iface.counters().drops().collect();
    assert_eq!(drops, [(DropReason::Protocol, 252)]);
}

#[test]
fn answers_go_to_the_station_that_asked() {
    // Also when the sender is not on our network and we have no route back.
    let mut host = Host::new();
    let far = Ipv4Addr::new(198, 51, 100, 1);
    host.iface.remove_route("0.0.0.0/0".parse().unwrap());
    let answer = host.answer(V4.from(far).icmpv4(&PING));
    assert_eq!(stations(&answer), (OWN, PEER));
    assert_eq!(ip(&answer).1, far);
    assert_eq!(host.iface.neighbors().count(), 0);
}

#[test]
fn a_frame_from_a_group_is_not_answered() {
    let mut host = Host::new();
    for station in [EVERYBODY, EthernetAddress([0x03, 0, 0, 0, 0, 1])] {
        let path = super::frames::Path { station, ..V4 };
        host.silent(path.icmpv4(&PING));
    }
}

#[test]
fn without_link_headers_packets_are_told_apart_by_their_version() {
    let mut host = Host::on_ip();
    let ping = V4.icmpv4(&PING)[14..].to_vec();
    let answer = host.answer(ping);
    let packet = Ipv4Packet::new_checked(&answer).unwrap();
    assert!(packet.verify_checksum());
    assert_eq!((packet.src_addr(), packet.dst_addr()), (OWN_V4, PEER_V4));
    for octets in [
        vec![],
        vec![0x00; 40],
        vec![0x50; 40],
        vec![0xf5; 1500],
        vec![0x45],
        vec![0x60],
    ] {
        host.dropped(octets, DropReason::Malformed);
    }
}

#[test]
fn a_device_that_fails_costs_only_the_frame() {
    let mut host = Host::new();
    for failure in [TxError::Device, TxError::Full, TxError::TooLong] {
        host.wire.failure = Some(failure);
        host.dropped(V4.icmpv4(&PING), DropReason::Device);
    }
    host.wire.failure = None;
    assert_eq!(host.answers(V4.icmpv4(&PING)).len(), 1);
}

#[test]
fn a_device_of_another_medium_is_not_touched() {
    let mut host = Host::new();
    host.wire.caps.medium = litz::phy::Medium::Ip;
    host.wire.rx.push_back(V4.icmpv4(&PING));
    host.poll();
    assert_eq!(host.wire.rx.len(), 1);
    assert_eq!(host.iface.counters().dropped(DropReason::Medium), 1);
}

#[test]
fn identifications_of_packets_that_may_be_fragmented_do_not_repeat_soon() {
    // RFC 6864; and they are no counter that a stranger can read.
    let mut host = Host::new();
    let mut idents = Vec::new();
    for _ in 0..64 {
        let answer = host.answer(V4.icmpv4(&PING));
        idents.push(u16::from_be_bytes([answer[14 + 4], answer[14 + 5]]));
    }
    let steps: Vec<_> = idents
        .windows(2)
        .map(|pair| pair[1].wrapping_sub(pair[0]))
        .collect();
    assert!(steps.iter().any(|step| *step != steps[0]));
    idents.sort_unstable();
    idents.dedup();
    assert!(idents.len() > 60, "{}", idents.len());
}

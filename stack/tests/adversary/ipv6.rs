//! IPv6 (RFC 8200): which packets are looked at at all.

use std::net::Ipv6Addr;

use litz::iface::DropReason;
use litz::wire::{EtherType, EthernetAddress, Icmpv6, IpProtocol};

use super::frames::{PEER, Seg, V6, ethernet, icmpv6, ip, link_local, stations};
use super::host::{Host, OWN, OWN_V6};

const PING: Icmpv6<'_> = Icmpv6::EchoRequest {
    ident: 1,
    seq_no: 2,
    data: b"abcd",
};
const ALL_NODES: Ipv6Addr = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 1);
const ALL_NODES_STATION: EthernetAddress = EthernetAddress([0x33, 0x33, 0, 0, 0, 1]);

#[test]
fn headers_that_cannot_be_are_malformed() {
    let mut host = Host::new();
    let sound = V6.icmpv6(&PING);
    assert_eq!(host.answers(sound.clone()).len(), 1);
    for len in 14..sound.len() {
        host.dropped(sound[..len].to_vec(), DropReason::Malformed);
    }
    for version in [0, 4, 5, 7, 15] {
        let mut wrong = sound.clone();
        wrong[14] = version << 4;
        host.dropped(wrong, DropReason::Malformed);
    }
}

#[test]
fn link_padding_is_not_payload() {
    let mut host = Host::new();
    let mut padded = V6.icmpv6(&PING);
    padded.extend([0xee; 40]);
    let answer = host.answer(padded);
    icmpv6(&answer, |reply| {
        assert_eq!(
            *reply,
            Icmpv6::EchoReply {
                ident: 1,
                seq_no: 2,
                data: b"abcd"
            }
        );
    });
}

#[test]
fn impossible_sources_are_dropped() {
    let mut host = Host::new();
    host.sockets.tcp_listen(80, 4).unwrap();
    for src in [
        Ipv6Addr::UNSPECIFIED,
        Ipv6Addr::LOCALHOST,
        ALL_NODES,
        OWN_V6,
        link_local(OWN),
        // RFC 4291 §2.5.5.2 addresses are for programs, not for the wire.
        "::ffff:192.0.2.2".parse().unwrap(),
    ] {
        let path = V6.from(src);
        host.dropped(path.tcp(&Seg::syn(1000)), DropReason::BadSource);
        host.dropped(path.udp(1000, 9, b""), DropReason::BadSource);
        host.dropped(path.icmpv6(&PING), DropReason::BadSource);
    }
    let (sent, _) = host.pass(litz::time::Duration::from_secs(100));
    assert!(sent.is_empty());
}

#[test]
fn packets_for_others_are_dropped_and_never_forwarded() {
    let mut host = Host::new();
    for dst in [
        "2001:db8:1::9",
        "2001:db8:2::1",
        "::1",
        "::",
        "ff02::fb",
        "ff05::1",
        "ff02::1:ff00:9",
    ] {
        let dst: Ipv6Addr = dst.parse().unwrap();
        let reason = if dst.is_multicast() {
            DropReason::GroupNotJoined
        } else {
            DropReason::NotOurAddress
        };
        host.dropped(V6.to(dst).icmpv6(&PING), reason);
        host.dropped(V6.to(dst).udp(1, 9, b""), reason);
    }
}

#[test]
fn extension_headers_that_cannot_be_are_dropped_and_counted() {
    // smoltcp #996: an unknown hop-by-hop option to a group was a panic.
    let mut host = Host::new();
    for dst in [OWN_V6, ALL_NODES] {
        for header in [0, 43, 44, 50, 51, 59, 60, 135, 139, 140, 253] {
            for octets in [
                &[][..],
                &[17, 0, 0xc2, 4, 0, 0, 0, 0],
                &[17, 255],
                &[17, 0, 0x80, 0xff],
            ] {
                let before = host.iface.counters().dropped_total();
                host.answers(V6.to(dst).ip(IpProtocol(header), octets));
                assert_eq!(host.iface.counters().dropped_total(), before + 1);
            }
        }
    }
}

#[test]
fn an_echo_to_all_nodes_is_answered_from_an_address_of_ours() {
    // RFC 4443 §4.2: it "SHOULD" be; §2.2: from a unicast address of the interface.
    let mut host = Host::new();
    for (src, own) in [(V6.src, OWN_V6), (link_local(PEER).into(), link_local(OWN))] {
        let frame = V6
            .from(src)
            .to(ALL_NODES)
            .to_station(ALL_NODES_STATION)
            .icmpv6(&PING);
        let answer = host.answer(frame);
        assert_eq!(ip(&answer).0, own);
        assert_eq!(ip(&answer).1, src);
        assert_eq!(stations(&answer), (OWN, PEER));
    }
}

#[test]
fn a_unicast_segment_in_a_group_frame_opens_nothing_and_causes_no_error() {
    let mut host = Host::new();
    host.sockets.tcp_listen(80, 4).unwrap();
    let path = V6.to_station(ALL_NODES_STATION);
    host.silent(path.tcp(&Seg::syn(1000)));
    host.silent(path.tcp(&Seg {
        dst_port: 81,
        ..Seg::syn(1000)
    }));
    host.silent(path.udp(1, 9, b""));
}

#[test]
fn an_empty_packet_of_each_protocol_is_malformed() {
    let mut host = Host::new();
    for protocol in [IpProtocol::Tcp, IpProtocol::Udp, IpProtocol::Icmpv6] {
        host.dropped(V6.ip(protocol, &[]), DropReason::Malformed);
        host.dropped(V6.ip(protocol, &[0xff; 3]), DropReason::Malformed);
    }
    host.dropped(
        ethernet(PEER, OWN, EtherType::Ipv6, &[]),
        DropReason::Malformed,
    );
    host.dropped(
        ethernet(PEER, OWN, EtherType::Ipv4, &V6.packet(IpProtocol::Udp, &[])),
        DropReason::Malformed,
    );
}

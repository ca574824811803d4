//! ICMP for IPv6: errors that quote, from captures.

use crate::kit;
use litz_wire::{
    Icmpv6, Icmpv6DstUnreachable, Icmpv6HeaderPacket, Icmpv6ParamProblem, Icmpv6TimeExceeded,
    IpPayload, PseudoV6,
};
use std::net::Ipv6Addr;

/// A UDP packet of four octets, as all errors here quote it.
const QUOTED: &str = "
    60000000000c1140 fe80000000000000000000000000beef fe80000000000000000000000000dead
    753032c8000c0c8e58585858";

const DEAD: Ipv6Addr = Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0xdead);
const BEEF: Ipv6Addr = Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0xbeef);

fn error(start: &str) -> Vec<u8> {
    kit::octets(&[start, QUOTED].concat())
}

#[test]
fn a_packet_was_too_big() {
    let bytes = error("0200ecba 00000500");
    let pseudo = PseudoV6 {
        src_addr: DEAD,
        dst_addr: BEEF,
    };
    assert!(
        Icmpv6HeaderPacket::new_checked(&bytes)
            .unwrap()
            .verify_checksum(&pseudo)
    );
    let Icmpv6::PktTooBig {
        mtu: 1280,
        invoking,
    } = kit::message(&bytes, 8)
    else {
        panic!("not too big");
    };
    let packet = invoking.packet().unwrap();
    assert_eq!((packet.src_addr(), packet.dst_addr()), (BEEF, DEAD));
    let udp = IpPayload::select(packet.next_header(), packet.payload()).unwrap();
    assert!(matches!(udp, IpPayload::Udp(udp) if udp.dst_port() == 13_000));
}

#[test]
fn a_header_was_not_understood() {
    let bytes = error("0400efb4 00000006");
    let message: Icmpv6 = kit::message(&bytes, 8);
    assert!(matches!(
        message,
        Icmpv6::ParamProblem {
            reason: Icmpv6ParamProblem::ErroneousHeader,
            pointer: 6,
            ..
        }
    ));
    // RFC 7112 §6, RFC 8754 §4.3.
    for (code, expected) in [
        (3, Icmpv6ParamProblem::IncompleteHeaderChain),
        (4, Icmpv6ParamProblem::SegmentUpperLayer),
    ] {
        let bytes = [4, code, 0, 0, 0, 0, 0, 48];
        let Icmpv6::ParamProblem {
            reason,
            pointer: 48,
            ..
        } = kit::message(&bytes, 8)
        else {
            panic!("no problem");
        };
        assert_eq!(reason, expected);
    }
}

#[test]
fn destinations_and_times() {
    let bytes = error("0100f1a6 00000000");
    let Icmpv6::DstUnreachable { reason, invoking } = kit::message(&bytes, 8) else {
        panic!("not unreachable");
    };
    assert_eq!(reason, Icmpv6DstUnreachable::NoRoute);
    assert_eq!(invoking.packet().unwrap().payload().len(), 12);
    let bytes = error("03010000 00000000");
    let Icmpv6::TimeExceeded { reason, .. } = kit::message(&bytes, 8) else {
        panic!("no time");
    };
    assert_eq!(reason, Icmpv6TimeExceeded::Reassembly);
    assert_eq!(Icmpv6DstUnreachable(8).to_string(), "HeadersTooLong");
}

#[test]
fn echoes() {
    let request = kit::octets("8000 0000 06ee 0001 616263");
    let message: Icmpv6 = kit::message(&request, 8);
    assert_eq!(
        message,
        Icmpv6::EchoRequest {
            ident: 1774,
            seq_no: 1,
            data: b"abc"
        }
    );
    let reply = kit::octets("8100 0000 06ee 0001");
    let message: Icmpv6 = kit::message(&reply, 8);
    assert!(matches!(
        message,
        Icmpv6::EchoReply {
            ident: 1774,
            data: [],
            ..
        }
    ));
}

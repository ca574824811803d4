//! ICMP for IPv4: what the tests of messages do not have.

use crate::kit;
use litz_wire::rt::Secs16;
use litz_wire::{
    Array, ErrorKind, Header, Icmpv4, Icmpv4DstUnreachable, Icmpv4Header, Icmpv4HeaderPacket,
    Icmpv4RedirectCode, Icmpv4TimeExceeded, RouterEntryRepr, RouterLevel,
};
use std::net::Ipv4Addr;

#[test]
fn routers_advertise_their_addresses() {
    // RFC 1256 §3: two addresses, the second no default router.
    let bytes = kit::octets("0900 9acb 02 02 0708 c0000201 00000001 c0000202 80000000");
    let message: Icmpv4 = kit::message(&bytes, 24);
    let entries = [
        RouterEntryRepr {
            addr: Ipv4Addr::new(192, 0, 2, 1),
            preference: RouterLevel(1),
        },
        RouterEntryRepr {
            addr: Ipv4Addr::new(192, 0, 2, 2),
            preference: RouterLevel(i32::MIN),
        },
    ];
    assert_eq!(
        message,
        Icmpv4::RouterAdvert {
            code: 0,
            lifetime: Secs16(1800),
            entries: Array::from_values(&entries),
        }
    );
    // Entries of another size are another format.
    let mut other = bytes.clone();
    other[5] = 3;
    let error = Icmpv4::parse(&Icmpv4HeaderPacket::new_checked(&other).unwrap()).unwrap_err();
    assert_eq!(
        (error.kind, error.at.field),
        (ErrorKind::Malformed, "addr_entry_size")
    );
}

#[test]
fn solicitations_masks_and_information() {
    let solicit: Icmpv4 = kit::message(&[10, 0, 0xf5, 0xff, 0, 0, 0, 0], 8);
    assert_eq!(solicit, Icmpv4::RouterSolicit);
    let bytes = kit::octets("1200 0000 1234 0007 ffffff00");
    let reply: Icmpv4 = kit::message(&bytes, 12);
    let mask = Ipv4Addr::new(255, 255, 255, 0);
    assert_eq!(
        reply,
        Icmpv4::MaskReply {
            ident: 0x1234,
            seq_no: 7,
            mask
        }
    );
    let request: Icmpv4 = kit::message(&[17, 0, 0, 0, 0, 1, 0, 2, 0, 0, 0, 0], 12);
    assert!(matches!(
        request,
        Icmpv4::MaskRequest {
            ident: 1,
            seq_no: 2,
            ..
        }
    ));
    let info: Icmpv4 = kit::message(&[15, 0, 0, 0, 0, 1, 0, 2], 8);
    assert_eq!(
        info,
        Icmpv4::InfoRequest {
            ident: 1,
            seq_no: 2
        }
    );
    let info: Icmpv4 = kit::message(&[16, 0, 0, 0, 0, 1, 0, 2], 8);
    assert_eq!(
        info,
        Icmpv4::InfoReply {
            ident: 1,
            seq_no: 2
        }
    );
}

#[test]
fn source_quench_quotes_a_packet() {
    let mut bytes = kit::octets("0400 0000 00000000");
    bytes.extend(kit::octets(
        "4500001c000100004011f6cc c0000201 c0000202 0001000200087bd7",
    ));
    let message: Icmpv4 = kit::message(&bytes, 8);
    let Icmpv4::SourceQuench { invoking } = message else {
        panic!("{message:?}");
    };
    assert_eq!(
        invoking.packet().unwrap().dst_addr(),
        Ipv4Addr::new(192, 0, 2, 2)
    );
    kit::header::<Icmpv4Header>(&bytes, 4);
    assert_eq!(Icmpv4Header::NAME, "Icmpv4Header");
}

#[test]
fn errors_and_redirects_quote_a_packet() {
    let quoted = kit::octets("4500001c000100004011f6cc c0000201 c0000202 0001000200087bd7");
    let with = |start: &str| [kit::octets(start), quoted.clone()].concat();
    let bytes = with("0304 0000 0000 05dc");
    let Icmpv4::DstUnreachable {
        reason,
        next_hop_mtu: 1500,
        invoking,
    } = kit::message(&bytes, 8)
    else {
        panic!("not unreachable");
    };
    assert_eq!(reason, Icmpv4DstUnreachable::FragRequired);
    assert_eq!(
        invoking.packet().unwrap().src_addr(),
        Ipv4Addr::new(192, 0, 2, 1)
    );
    let bytes = with("0501 0000 c00002fe");
    let Icmpv4::Redirect { code, gateway, .. } = kit::message(&bytes, 8) else {
        panic!("no redirect");
    };
    assert_eq!(
        (code, gateway),
        (Icmpv4RedirectCode::Host, Ipv4Addr::new(192, 0, 2, 254))
    );
    let bytes = with("0b00 0000 00000000");
    let Icmpv4::TimeExceeded { reason, .. } = kit::message(&bytes, 8) else {
        panic!("no time");
    };
    assert_eq!(reason, Icmpv4TimeExceeded::HopLimit);
    let bytes = with("0c00 0000 14000000");
    let message: Icmpv4 = kit::message(&bytes, 8);
    assert!(matches!(
        message,
        Icmpv4::ParamProblem {
            code: 0,
            pointer: 20,
            ..
        }
    ));
}

#[test]
fn timestamps_and_echoes() {
    let bytes = kit::octets("0d00 0000 1234 0001 00000001 00000000 00000000");
    let message: Icmpv4 = kit::message(&bytes, 20);
    assert!(matches!(
        message,
        Icmpv4::Timestamp {
            ident: 0x1234,
            originate: 1,
            ..
        }
    ));
    let bytes = kit::octets("0e00 0000 1234 0001 00000001 00000002 00000003");
    let message: Icmpv4 = kit::message(&bytes, 20);
    assert!(matches!(
        message,
        Icmpv4::TimestampReply {
            receive: 2,
            transmit: 3,
            ..
        }
    ));
    // From a capture.
    let bytes = kit::octets("0800 f7fc 0001 0002 6162");
    let message: Icmpv4 = kit::message(&bytes, 8);
    assert!(matches!(
        message,
        Icmpv4::EchoRequest {
            ident: 1,
            seq_no: 2,
            data: b"ab"
        }
    ));
    let bytes = kit::octets("0000 0000 0001 0002");
    let message: Icmpv4 = kit::message(&bytes, 8);
    assert!(matches!(
        message,
        Icmpv4::EchoReply {
            ident: 1,
            seq_no: 2,
            data: []
        }
    ));
}

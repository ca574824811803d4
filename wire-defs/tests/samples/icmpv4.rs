//! ICMP for IPv4: what the tests of messages do not have.

use crate::kit;
use litz_wire::rt::Secs16;
use litz_wire::{
    Array, ErrorKind, Header, Icmpv4, Icmpv4Header, Icmpv4HeaderPacket, RouterEntryRepr,
    RouterLevel,
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

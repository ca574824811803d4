//! Options of IPv4: routes, timestamps, and what does not fit.

use crate::kit;
use litz_wire::{Array, Ipv4, Ipv4Option, Ipv4Packet, Ipv4TimestampFlag, Options};
use std::net::Ipv4Addr;

const HOP: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 9);

/// Made with scapy: record route, no operation, loose source route, router alert.
const ROUTES: &str = "
    4b00002d000100004000 1b39 c0000201 c0000202
    070b04 c0000209 00000000 01 830704 c6336401 94040000 00 78";

/// Made with scapy: a timestamp with its address, two routers found no room.
const TIMESTAMP: &str = "
    48000020000100004000 e09c c0000201 c0000202
    440c09 21 c0000209 01020304";

#[test]
fn routes_and_router_alert() {
    let bytes = kit::octets(ROUTES);
    kit::header::<Ipv4>(&bytes, 44);
    let packet = Ipv4Packet::new_checked(&bytes).unwrap();
    assert!(packet.verify_checksum());
    assert_eq!(packet.payload(), b"x");
    let items: Vec<Ipv4Option> = kit::options(packet.options().as_bytes().unwrap());
    let (record, source) = (
        [HOP, Ipv4Addr::UNSPECIFIED],
        [Ipv4Addr::new(198, 51, 100, 1)],
    );
    assert_eq!(
        items,
        [
            Ipv4Option::RecordRoute {
                pointer: 4,
                route: Array::from_values(&record),
            },
            Ipv4Option::Nop,
            Ipv4Option::LooseSourceRoute {
                pointer: 4,
                route: Array::from_values(&source),
            },
            Ipv4Option::RouterAlert { value: 0 },
        ]
    );
}

#[test]
fn timestamps() {
    let bytes = kit::octets(TIMESTAMP);
    kit::header::<Ipv4>(&bytes, 32);
    let items: Vec<Ipv4Option> = kit::options(&bytes[20..]);
    let slots = [u32::from(HOP), 0x0102_0304];
    assert_eq!(
        items,
        [Ipv4Option::Timestamp {
            pointer: 9,
            overflow: 2,
            flag: Ipv4TimestampFlag::Addresses,
            slots: Array::from_values(&slots),
        }]
    );
}

#[test]
fn strict_routes_stream_identifiers_and_the_unknown() {
    let bytes = kit::octets("890704c0000209 88041234 820b0000000000000000ff");
    let items: Vec<Ipv4Option> = kit::options(&bytes);
    let Ipv4Option::StrictSourceRoute { pointer: 4, route } = items[0] else {
        panic!("{:?}", items[0]);
    };
    assert_eq!(route.get(0), Some(HOP));
    assert_eq!(items[1], Ipv4Option::StreamId { id: 0x1234 });
    assert!(matches!(items[2], Ipv4Option::Unknown { kind: 130, data } if data.len() == 9));
}

#[test]
fn what_does_not_fit_is_malformed() {
    for bad in ["0704c000", "44030500", "8805123400", "94030000"] {
        let bytes = kit::octets(bad);
        let options = Options::<Ipv4Option>::raw(&bytes);
        assert!(options.iter().next().unwrap().is_err(), "{bad}");
    }
    kit::zero_lengths::<Ipv4Option>(0..=255);
}

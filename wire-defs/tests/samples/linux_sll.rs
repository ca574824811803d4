//! The header of cooked captures.

use crate::kit;
use litz_wire::print::{self, Line};
use litz_wire::{EtherType, LinuxSll, LinuxSllPacket, SllDirection};

/// From a capture of multipath TCP, up to the start of the IPv4 header.
const CAPTURED: &str = "0000 0001 0006 323287aa0402 0000 0800 45";

#[test]
fn a_packet_to_this_host() {
    let bytes = kit::octets(CAPTURED);
    kit::header::<LinuxSll>(&bytes, 16);
    let header = LinuxSllPacket::new_checked(&bytes).unwrap();
    assert_eq!(
        (header.direction(), header.link_type()),
        (SllDirection::In, 1)
    );
    assert_eq!((header.addr_len(), header.protocol()), (6, EtherType::Ipv4));
    assert_eq!(header.src_addr(), [0x32, 0x32, 0x87, 0xaa, 4, 2, 0, 0]);
    assert_eq!(
        Line::new(print::LINUX_SLL, &bytes).to_string(),
        "LinuxSll In Ipv4 | Ipv4: truncated"
    );
}

#[test]
fn starts_of_other_captures() {
    let start = |start, hex: &str| Line::new(start, &kit::octets(hex)).to_string();
    assert_eq!(start(print::LOOPBACK, "02000000 45"), "Ipv4: truncated");
    assert_eq!(start(print::LOOPBACK, "0000001e 60"), "Ipv6: truncated");
    assert_eq!(start(print::LOOPBACK, "0000"), "2 octets");
    // An acknowledgment: frame control, sequence number, and perhaps a check sequence.
    let ack = "Ieee802154 Ack seq 128";
    assert_eq!(start(print::IEEE802154, "0200 80"), ack);
    assert_eq!(start(print::IEEE802154_FCS, "0200 80 abcd"), ack);
}

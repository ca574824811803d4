//! Octets through the parsers and printers of every layer, and back.
//!
//! That what is parsed can be emitted and parsed again is a law that `litz-wire` tests for each
//! item by itself; here the items meet the same octets, and the printers follow them into each
//! other.

use std::fmt::{self, Write};

use litz_wire::print::{ETHERNET, IEEE802154_FCS, IP, LINUX_SLL, LOOPBACK, Line, Tree};
use litz_wire::{
    AhPacket, AhRepr, ArpPacket, ArpRepr, CoapPacket, CoapRepr, Dhcpv4Packet, Dhcpv4Repr,
    EthernetFrame, EthernetRepr, Ieee8023Packet, Ieee8023Repr, Ipv4Packet, Ipv4Repr,
    Ipv6HopByHopPacket, Ipv6HopByHopRepr, Ipv6Packet, Ipv6Repr, Ipv6RoutingPacket, Ipv6RoutingRepr,
    Ipv6RoutingSegmentsPacket, Ipv6RoutingSegmentsRepr, TcpPacket, TcpRepr, UdpPacket, UdpRepr,
    VlanPacket, VlanRepr,
};

/// The longest that one packet may be printed; a line or a tree without end is a mistake.
const LONGEST: usize = 1 << 20;

/// Prints `data` as a packet of every medium, and takes it through every representation.
pub fn wire_chain(data: &[u8]) {
    for start in [ETHERNET, IP, LINUX_SLL, LOOPBACK, IEEE802154_FCS] {
        let mut line = Count(0);
        write!(line, "{}", Line::new(start, data)).expect("no line is that long");
        let mut tree = Count(0);
        write!(tree, "{}", Tree::new(start, data)).expect("no tree is that long");
    }
    // Each layer on the octets at which it usually begins, and on those at the start.
    for skip in [0, 14, 28, 34, 42, 54] {
        if let Some((_, rest)) = data.split_at_checked(skip) {
            round_trips(rest);
        }
    }
}

/// parse, emit, parse: the second representation is the first.
macro_rules! round_trip {
    ($bytes:expr, $packet:ident, $repr:ident) => {
        if let Ok(packet) = $packet::new_checked($bytes)
            && let Ok(repr) = $repr::parse(&packet)
        {
            let mut buffer = vec![0xa5; repr.buffer_len()];
            // What was parsed fits: every value came out of its own field.
            repr.emit(&mut buffer)
                .expect("a parsed header can be emitted");
            let again = $packet::new_checked(&buffer).expect("an emitted header can be parsed");
            assert_eq!($repr::parse(&again), Ok(repr));
        }
    };
}

fn round_trips(bytes: &[u8]) {
    round_trip!(bytes, EthernetFrame, EthernetRepr);
    round_trip!(bytes, Ieee8023Packet, Ieee8023Repr);
    round_trip!(bytes, VlanPacket, VlanRepr);
    round_trip!(bytes, ArpPacket, ArpRepr);
    round_trip!(bytes, Ipv4Packet, Ipv4Repr);
    round_trip!(bytes, Ipv6Packet, Ipv6Repr);
    round_trip!(bytes, Ipv6HopByHopPacket, Ipv6HopByHopRepr);
    round_trip!(bytes, Ipv6RoutingPacket, Ipv6RoutingRepr);
    round_trip!(bytes, Ipv6RoutingSegmentsPacket, Ipv6RoutingSegmentsRepr);
    round_trip!(bytes, AhPacket, AhRepr);
    round_trip!(bytes, UdpPacket, UdpRepr);
    round_trip!(bytes, Dhcpv4Packet, Dhcpv4Repr);
    round_trip!(bytes, CoapPacket, CoapRepr);
    round_trip!(bytes, TcpPacket, TcpRepr);
}

/// Takes text and only counts it.
struct Count(usize);

impl Write for Count {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 += text.len();
        if self.0 < LONGEST {
            Ok(())
        } else {
            Err(fmt::Error)
        }
    }
}

//! Logical link control (IEEE 802.2, ISO/IEC 8802-2) and the SNAP header behind it (RFC 1042).

use super::ethernet::EtherType;
use crate::{Ipv4, codes, header, payloads};

/// Service access points of LLC (IEEE 802, "LLC address assignments").
///
/// The lowest bit of a destination marks a group, of a source a response.
#[codes(u8)]
pub enum Sap {
    /// No service access point.
    Null = 0x00,
    /// Internet Protocol (RFC 948).
    Ip = 0x06,
    /// Spanning tree (IEEE 802.1D).
    SpanningTree = 0x42,
    /// A SNAP header follows (RFC 1042).
    Snap = 0xaa,
    /// NetWare.
    NetWare = 0xe0,
    /// NetBIOS.
    NetBios = 0xf0,
    /// ISO network layer, IS-IS among it.
    Iso = 0xfe,
    /// Every service access point.
    Global = 0xff,
}

/// LLC header.
#[header(
    be,
    size = 3..=4,
    rfc = "ISO 8802-2 §5",
    next(dsap => payload: LlcPayload, if dsap == ssap),
    line = "{ssap} > {dsap} control {control}"
)]
pub struct Llc<'a> {
    /// Destination.
    pub dsap: As<u8, Sap>,
    /// Source.
    pub ssap: As<u8, Sap>,
    /// Control field of an unnumbered frame (3 is information), or its first octet.
    pub control: u8,
    /// The second octet of the control field, which frames with a sequence number have: the number
    /// that is expected, and the poll or final bit.
    #[when(is_numbered(control))]
    pub receive: Option<u8>,
    /// What the frame carries.
    #[payload]
    pub payload: &'a [u8],
}

/// The subnetwork access protocol: an EtherType behind LLC.
#[header(
    be,
    size = 5,
    rfc = "1042",
    next(ethertype => payload: crate::payload::ether, if oui == 0),
    line = "oui {oui} {ethertype}"
)]
pub struct Snap<'a> {
    /// Organization that assigned the type; zero if it is an EtherType.
    pub oui: u24,
    /// Protocol of the payload.
    pub ethertype: As<u16, EtherType>,
    /// What the frame carries.
    #[payload]
    pub payload: &'a [u8],
}

/// What follows LLC.
#[payloads(Sap)]
pub enum LlcPayload<'a> {
    /// A SNAP header.
    #[tag(Sap::Snap)]
    Snap(Snap<'a>),
    /// IPv4 without SNAP.
    #[tag(Sap::Ip)]
    Ipv4(Ipv4<'a>),
    /// Anything else.
    #[unknown]
    Unknown(&'a [u8]),
}

/// Whether a control octet starts a field of two: its lowest bits are not 11.
const fn is_numbered(control: u8) -> bool {
    control & 3 != 3
}

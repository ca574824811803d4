//! LOWPAN_NHC: compressed next headers (RFC 6282 §4).

use super::text::LowpanText;
use crate::{IpProtocol, codes, forms, header, message};

/// Compressed next header: the longest prefix that matches tells (RFC 6282 §4).
#[message(be, prefix)]
pub enum Nhc<'a> {
    /// UDP.
    #[tag(0b11110)]
    Udp(NhcUdp<'a>),
    /// IPv6 in IPv6.
    #[tag(0b1110111)]
    Ipv6(NhcIpv6<'a>),
    /// Extension header.
    #[tag(0b1110)]
    Ext(NhcExt<'a>),
    /// Anything else.
    #[unknown]
    Unknown(&'a [u8]),
}

/// LOWPAN_NHC of UDP (RFC 6282 §4.3).
#[header(
    be,
    size = 1..,
    rfc = "6282 §4.3",
    line = "{ports}",
    next(ports => payload: crate::payload::nhc_udp)
)]
pub struct NhcUdp<'a> {
    #[eq(0b11110)]
    id: u5,
    #[from(checksum.is_none())]
    c: bool,
    #[tag_of(ports)]
    p: u2,
    #[form(p)]
    pub ports: PortsForm,
    /// The checksum of UDP, if it is not elided.
    #[when(!c)]
    pub checksum: Option<u16>,
    #[payload]
    pub payload: &'a [u8],
}

/// Ports of UDP (RFC 6282 §4.3.3).
#[forms(tag: u2)]
pub enum PortsForm {
    /// Both are carried.
    #[tag(0b00)]
    Inline { src: u16, dst: u16 },
    /// The destination is 0xf000 and this.
    #[tag(0b01)]
    Dst8 { src: u16, dst: u8 },
    /// The source is 0xf000 and this.
    #[tag(0b10)]
    Src8 { src: u8, dst: u16 },
    /// Both are 0xf0b0 and this.
    #[tag(0b11)]
    Both4 { src: u4, dst: u4 },
}

impl PortsForm {
    /// The shortest form of source and destination port.
    #[must_use]
    pub const fn choose(src: u16, dst: u16) -> Self {
        let (s, d) = (src.to_be_bytes(), dst.to_be_bytes());
        match (s, d) {
            ([0xf0, s @ 0xb0..=0xbf], [0xf0, d @ 0xb0..=0xbf]) => Self::Both4 {
                src: s & 0xf,
                dst: d & 0xf,
            },
            (_, [0xf0, dst]) => Self::Dst8 { src, dst },
            ([0xf0, src], _) => Self::Src8 { src, dst },
            _ => Self::Inline { src, dst },
        }
    }

    /// Source and destination port.
    #[must_use]
    pub const fn resolve(self) -> (u16, u16) {
        match self {
            Self::Inline { src, dst } => (src, dst),
            Self::Dst8 { src, dst } => (src, u16::from_be_bytes([0xf0, dst])),
            Self::Src8 { src, dst } => (u16::from_be_bytes([0xf0, src]), dst),
            Self::Both4 { src, dst } => (
                u16::from_be_bytes([0xf0, 0xb0 | (src & 0xf)]),
                u16::from_be_bytes([0xf0, 0xb0 | (dst & 0xf)]),
            ),
        }
    }
}

/// Identifiers of compressed extension headers (RFC 6282 §4.2).
#[codes(u3)]
pub enum NhcExtId {
    HopByHop = 0,
    Routing = 1,
    Fragment = 2,
    DestinationOptions = 3,
    Mobility = 4,
    Ipv6 = 7,
}

/// LOWPAN_NHC of an extension header (RFC 6282 §4.2).
#[header(
    be,
    size = 2..,
    rfc = "6282 §4.2",
    line = "{id} {length} octets next {next_header}",
    next(next_header => payload: crate::payload::nhc)
)]
pub struct NhcExt<'a> {
    #[eq(0b1110)]
    dispatch: u4,
    pub id: As<u3, NhcExtId>,
    #[from(next_header.is_none())]
    nh: bool,
    /// The next header, if it is not compressed.
    #[when(!nh)]
    pub next_header: Option<As<u8, IpProtocol>>,
    #[len(data)]
    length: u8,
    /// The extension header after its length, without padding at its end.
    pub data: &'a [u8],
    #[payload]
    pub payload: &'a [u8],
}

/// LOWPAN_NHC of IPv6 in IPv6 (RFC 6282 §4.2): LOWPAN_IPHC follows.
#[header(be, size = 1, rfc = "6282 §4.2", next(payload: LowpanText))]
pub struct NhcIpv6<'a> {
    #[eq(0b1110111)]
    dispatch: u7,
    _nh: u1,
    #[payload]
    pub payload: &'a [u8],
}

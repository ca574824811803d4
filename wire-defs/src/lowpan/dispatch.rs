//! The first bits of a 6LoWPAN frame (RFC 4944 §5.1, RFC 6282 §2) say what it is.

use super::fragment::{FragFirst, FragNext};
use super::iphc::Iphc;
use super::mesh::{LowpanBroadcast, LowpanMesh};
use crate::{Ipv6, header, message, payloads};

/// 6LoWPAN frame: the longest prefix that matches tells (RFC 4944 §5.1).
#[message(be, prefix)]
pub enum Lowpan<'a> {
    /// Compressed IPv6 header.
    #[tag(0b011)]
    Iphc(Iphc<'a>),
    /// First fragment.
    #[tag(0b11000)]
    FragFirst(FragFirst<'a>),
    /// Further fragment.
    #[tag(0b11100)]
    FragNext(FragNext<'a>),
    /// Mesh addressing.
    #[tag(0b10)]
    Mesh(LowpanMesh<'a>),
    /// Mesh broadcast.
    #[tag(0b01010000)]
    Broadcast(LowpanBroadcast<'a>),
    /// IPv6 as it is.
    #[tag(0b01000001)]
    Ipv6(LowpanIpv6<'a>),
    /// Anything else, frames that are not 6LoWPAN among it.
    #[unknown]
    Unknown(&'a [u8]),
}

/// Uncompressed IPv6 (RFC 4944 §5.1).
#[header(be, size = 1, rfc = "4944 §5.1", next(dispatch => payload: LowpanInner))]
pub struct LowpanIpv6<'a> {
    #[eq(0x41)]
    dispatch: u8,
    #[payload]
    pub payload: &'a [u8],
}

/// What follows the dispatch of uncompressed IPv6.
#[payloads(u8)]
pub enum LowpanInner<'a> {
    /// IPv6.
    #[tag(UNCOMPRESSED)]
    Ipv6(Ipv6<'a>),
    /// Nothing else does.
    #[unknown]
    Unknown(&'a [u8]),
}

/// The dispatch of uncompressed IPv6.
const UNCOMPRESSED: u8 = 0x41;

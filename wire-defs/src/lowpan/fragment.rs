//! Fragments of datagrams that do not fit a frame (RFC 4944 §5.3); reassembly is the stack's.

use super::text::LowpanText;
use crate::header;

/// First fragment (RFC 4944 §5.3).
#[header(
    be,
    size = 4,
    rfc = "4944 §5.3",
    line = "size {datagram_size} tag {datagram_tag}",
    next(payload: LowpanText)
)]
pub struct FragFirst<'a> {
    #[eq(0b11000)]
    dispatch: u5,
    /// Octets of the datagram before it was compressed.
    pub datagram_size: u11,
    pub datagram_tag: u16,
    #[payload]
    pub payload: &'a [u8],
}

/// Further fragment (RFC 4944 §5.3).
#[header(
    be,
    size = 5,
    rfc = "4944 §5.3",
    line = "size {datagram_size} tag {datagram_tag} offset {datagram_offset}"
)]
pub struct FragNext<'a> {
    #[eq(0b11100)]
    dispatch: u5,
    /// Octets of the datagram before it was compressed.
    pub datagram_size: u11,
    pub datagram_tag: u16,
    /// Octets of the datagram before this fragment.
    #[scale(8)]
    pub datagram_offset: u8,
    #[payload]
    pub payload: &'a [u8],
}

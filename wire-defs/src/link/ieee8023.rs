//! IEEE 802.3 frames whose type field is a length (IEEE 802.3 §3.2.6): LLC follows.

use super::address::EthernetAddress;
use crate::header;

/// IEEE 802.3 frame with a length of at most 1500 octets.
///
/// A larger number is an EtherType, and the frame an [`Ethernet`](crate::Ethernet) frame.
#[header(
    be,
    size = 14,
    max = 1514,
    rfc = "IEEE 802.3 §3.2.6",
    next(length => payload: crate::payload::llc),
    line = "{src_addr} > {dst_addr} len {length}"
)]
pub struct Ieee8023<'a> {
    /// Station or group that the frame is for.
    pub dst_addr: As<[u8; 6], EthernetAddress>,
    /// Station that sent the frame.
    pub src_addr: As<[u8; 6], EthernetAddress>,
    /// Octets of the payload, without padding.
    #[len(payload)]
    length: u16,
    /// The LLC packet.
    #[payload]
    pub payload: &'a [u8],
}

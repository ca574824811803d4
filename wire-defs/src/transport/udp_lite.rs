//! UDP-Lite (RFC 3828): UDP whose checksum covers the start of the datagram only.

use crate::header;
use crate::rt::{PseudoHeader, Sum};

/// Protocol number in the pseudo header.
const PROTOCOL: u8 = 136;

/// UDP-Lite header. Its checksum covers as much as the header says, so
/// [`UdpLitePacket::verify_checksum`] and [`udp_lite_checksum`] are functions of their own.
#[header(
    be,
    size = 8,
    rfc = "3828 §3.1",
    next(dst_port => payload: crate::payload::udp),
    line = "{src_port} > {dst_port} coverage {coverage}"
)]
#[check(coverage == 0 || coverage >= 8)]
pub struct UdpLite<'a> {
    /// Port of the sender; zero if no answer is wanted.
    pub src_port: u16,
    /// Port of the receiver.
    pub dst_port: u16,
    /// Octets that the checksum covers, from the header on; zero stands for all.
    pub coverage: u16,
    /// Checksum over the covered octets and a pseudo header with the length of all.
    pub checksum: u16,
    /// The datagram.
    #[payload]
    pub payload: &'a [u8],
}

impl UdpLitePacket<'_> {
    /// Whether the checksum is right, with the addresses of `pseudo`; a coverage of more than the
    /// datagram has, and a checksum of zero, are wrong (RFC 3828 §3.1).
    #[must_use]
    pub fn verify_checksum(&self, pseudo: &impl PseudoHeader) -> bool {
        let sum = covered(self.bytes(), self.coverage(), pseudo);
        self.checksum() != 0 && sum.is_some_and(|sum| sum.finish() == 0)
    }
}

/// The checksum of a datagram whose checksum field is zero, as it goes into the field; `None` if
/// `bytes` are no datagram or less than it says is covered.
#[must_use]
pub fn udp_lite_checksum(bytes: &[u8], pseudo: &impl PseudoHeader) -> Option<u16> {
    let packet = UdpLitePacket::new_checked(bytes).ok()?;
    let sum = covered(packet.bytes(), packet.coverage(), pseudo)?.finish();
    Some(if sum == 0 { 0xffff } else { sum })
}

/// The sum over the octets that are covered.
fn covered(bytes: &[u8], coverage: u16, pseudo: &impl PseudoHeader) -> Option<Sum> {
    let covered = match usize::from(coverage) {
        0 => bytes,
        stated => bytes.split_at_checked(stated)?.0,
    };
    let len = u32::try_from(bytes.len()).ok()?;
    Some(pseudo.sum(PROTOCOL, len).add(Sum::of(covered)))
}

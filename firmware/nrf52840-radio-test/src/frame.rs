//! The frames of the test: data for everybody, with a number.

use litz::wire::{
    Eui64, FrameType, FrameVersion, Ieee802154Frame, Ieee802154Repr, MacAddress, ShortAddress,
};
use litz_firmware::network::PAN;
use litz_hal::radio::MAX_FRAME;

/// What the payload begins with.
const MARK: [u8; 4] = *b"PER!";
/// Octets of the payload: with the header a frame of a hundred octets.
const PAYLOAD: usize = 85;

/// Writes frame `number`; its octets.
pub(crate) fn write(octets: &mut [u8; MAX_FRAME], own: Eui64, number: u16) -> Option<&[u8]> {
    let header = Ieee802154Repr {
        frame_type: FrameType::Data,
        version: FrameVersion::V2006,
        pan_id_compression: true,
        seq: Some(number as u8),
        dst_pan: Some(PAN),
        dst_addr: MacAddress::Short(ShortAddress::BROADCAST),
        src_addr: MacAddress::Extended(own),
        payload_len: PAYLOAD,
        ..Ieee802154Repr::default()
    };
    let length = header.buffer_len();
    let payload = header.emit(octets.get_mut(..length)?).ok()?;
    let content = MARK.into_iter().chain(number.to_be_bytes());
    let content = content.chain(core::iter::repeat(0x55));
    payload
        .iter_mut()
        .zip(content)
        .for_each(|(to, from)| *to = from);
    octets.get(..length)
}

/// Who sent a frame of the test, and its number.
pub(crate) fn read(octets: &[u8]) -> Option<(Eui64, u16)> {
    let frame = Ieee802154Frame::new_checked(octets).ok()?;
    let MacAddress::Extended(from) = frame.src_addr() else {
        return None;
    };
    match frame.payload() {
        [a, b, c, d, high, low, ..] if [*a, *b, *c, *d] == MARK => {
            Some((from, u16::from_be_bytes([*high, *low])))
        }
        _ => None,
    }
}

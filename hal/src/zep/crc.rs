//! The frame check sequence of IEEE 802.15.4 (§7.2.11): CRC-16 of the ITU-T, bits in the order of
//! the air. Radios compute it themselves; datagrams have nobody else to do it.

/// The frame check sequence of a frame, in the order in which it is sent.
pub(super) fn fcs(frame: &[u8]) -> [u8; 2] {
    let crc = frame.iter().fold(0_u16, |crc, &octet| {
        (0..8).fold(crc ^ u16::from(octet), |crc, _| {
            if crc & 1 == 1 {
                crc >> 1 ^ 0x8408
            } else {
                crc >> 1
            }
        })
    });
    crc.to_le_bytes()
}

//! ZigBee Encapsulation Protocol: frames of IEEE 802.15.4 within UDP, as sniffers send them to an
//! analyzer (Exegin Q51; the formats are those that Wireshark reads).

use super::ntp::NtpTimestamp;
use crate::{codes, header};

/// ZEP of version 1: a frame.
#[header(
    be,
    size = 16,
    rfc = "ZEP v1",
    line = "v1 channel {channel} device {device} lqi {lqi}",
    next(channel => payload: crate::payload::zep)
)]
pub struct ZepV1<'a> {
    #[eq(0x4558)]
    preamble: u16,
    #[eq(1)]
    version: u8,
    pub channel: u8,
    pub device: u16,
    /// The frame ends with its check sequence, and not with what a CC24xx radio puts there.
    pub fcs_kept: As<u8, ZepEnd>,
    /// Link quality.
    pub lqi: u8,
    _reserved1: u56,
    #[len(payload)]
    length: u8,
    #[payload]
    pub payload: &'a [u8],
}

/// ZEP of version 2: a frame.
#[header(
    be,
    size = 32,
    rfc = "ZEP v2",
    line = "v2 channel {channel} device {device} lqi {lqi} seq {sequence}",
    next(channel => payload: crate::payload::zep)
)]
pub struct ZepV2<'a> {
    #[eq(0x4558)]
    preamble: u16,
    #[eq(2)]
    version: u8,
    #[eq(1)]
    zep_type: u8,
    pub channel: u8,
    pub device: u16,
    /// The frame ends with its check sequence, and not with what a CC24xx radio puts there.
    pub fcs_kept: As<u8, ZepEnd>,
    /// Link quality.
    pub lqi: u8,
    /// When the frame was received.
    pub timestamp: As<u64, NtpTimestamp>,
    pub sequence: u32,
    _reserved1: u16,
    _reserved2: u64,
    #[len(payload)]
    length: u8,
    #[payload]
    pub payload: &'a [u8],
}

/// ZEP of version 2: an acknowledgment.
#[header(be, size = 8, rfc = "ZEP v2", line = "v2 seq {sequence}")]
pub struct ZepAck {
    #[eq(0x4558)]
    preamble: u16,
    #[eq(2)]
    version: u8,
    #[eq(2)]
    zep_type: u8,
    pub sequence: u32,
}

/// What the last two octets of a frame are.
#[codes(u8)]
pub enum ZepEnd {
    /// Signal strength and link quality.
    Lqi = 0,
    /// The frame check sequence.
    Crc = 1,
}

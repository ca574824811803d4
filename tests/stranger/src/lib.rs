//! Telemetry of a weather mast: a header with bit fields and a checksum, options, tagged readings
//! and a trailer. All of the protocol is here.
#![no_std]

use litz_wire::{codes, header, message, options};

/// What a mast is made for.
#[codes(u3)]
pub enum Class { Weather = 1, Tide = 2, Quake = 3 }

/// Telemetry frame.
#[header(be, size = 12..=68, max = 512, rfc = "Mast 1.2 §3", next(message: Reading),
    line = "{class} mast {mast} seq {sequence}")]
pub struct Mast<'a> {
    #[eq(0b101)]
    magic: u3,
    pub class: As<u3, Class>,
    pub battery_low: bool,
    pub signed: bool,
    #[len(header = self * 4 + 8)]
    words: u4,
    _reserved: u4,
    #[len(packet)]
    total: u16,
    pub mast: u24,
    pub sequence: u8,
    #[checksum(rfc1071, packet)]
    sum: u16,
    pub reading: u16,
    pub options: Options<'a, MastOption<'a>>,
    #[payload]
    pub body: &'a [u8],
    #[trailer(if_signed(signed))]
    pub signature: &'a [u8],
}

/// Options of a frame.
#[options(kind: u8, len: u8 = body, pad = Pad, unit = 4, set = MastOptionSet)]
pub enum MastOption<'a> {
    #[kind(0, bare)]
    Pad,
    #[kind(1, once)]
    Position { latitude: u32, longitude: u32 },
    #[kind(2, once)]
    Name { name: &'a [u8] },
    #[unknown]
    Unknown { kind: u8, data: &'a [u8] },
}

/// What the mast has read.
#[message(be, header = Mast, tag = reading)]
pub enum Reading<'a> {
    #[tag(1)]
    Wind { direction: u9, gust: bool, _pad: u6, speeds: Array<'a, u16> },
    #[tag(2)]
    Rain { millimeters: u16, since: u32 },
    #[unknown]
    Unknown { reading: u16, data: &'a [u8] },
}

const fn if_signed(signed: bool) -> usize { if signed { 8 } else { 0 } }

#[cfg(test)]
mod tests;

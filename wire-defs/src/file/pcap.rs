//! Classic capture files (draft-ietf-opsawg-pcap): a header, then records. They come in the order
//! of the machine that wrote them, which the magic number tells; both orders are declared.

use crate::{codes, header};

/// Which fractions of a second a file has: half of its magic number.
#[codes(u16)]
pub enum PcapFraction {
    Micros = 0xc3d4,
    Nanos = 0x3c4d,
}

/// Header of a capture file, little-endian.
#[header(le, size = 24, rfc = "draft-ietf-opsawg-pcap §4")]
pub struct PcapFile<'a> {
    pub fraction: As<u16, PcapFraction>,
    #[eq(0xa1b2)]
    magic: u16,
    #[eq(2)]
    major: u16,
    pub minor: u16,
    _reserved1: u32,
    _reserved2: u32,
    /// The longest record.
    pub snap_len: u32,
    pub link_type: u16,
    _reserved3: u10,
    /// `fcs_len` counts.
    pub fcs_len_present: bool,
    _reserved4: u1,
    /// Units of two octets that the frame check sequence has.
    pub fcs_len: u4,
    /// The records.
    #[payload]
    pub records: &'a [u8],
}

/// Header of a capture file, big-endian.
#[header(be, size = 24, rfc = "draft-ietf-opsawg-pcap §4")]
pub struct PcapFileBe<'a> {
    #[eq(0xa1b2)]
    magic: u16,
    pub fraction: As<u16, PcapFraction>,
    #[eq(2)]
    major: u16,
    pub minor: u16,
    _reserved1: u32,
    _reserved2: u32,
    /// The longest record.
    pub snap_len: u32,
    /// Units of two octets that the frame check sequence has.
    pub fcs_len: u4,
    _reserved4: u1,
    /// `fcs_len` counts.
    pub fcs_len_present: bool,
    _reserved3: u10,
    pub link_type: u16,
    /// The records.
    #[payload]
    pub records: &'a [u8],
}

/// Record of a capture file, little-endian.
#[header(le, size = 16, rfc = "draft-ietf-opsawg-pcap §5")]
pub struct PcapPacketRecord<'a> {
    /// Seconds since 1970.
    pub seconds: u32,
    /// Microseconds or nanoseconds, as the file has it.
    pub fraction: u32,
    #[len(payload)]
    captured_len: u32,
    /// Octets that the packet had.
    pub original_len: u32,
    #[payload]
    pub packet: &'a [u8],
}

/// Record of a capture file, big-endian.
#[header(be, size = 16, rfc = "draft-ietf-opsawg-pcap §5")]
pub struct PcapPacketRecordBe<'a> {
    /// Seconds since 1970.
    pub seconds: u32,
    /// Microseconds or nanoseconds, as the file has it.
    pub fraction: u32,
    #[len(payload)]
    captured_len: u32,
    /// Octets that the packet had.
    pub original_len: u32,
    #[payload]
    pub packet: &'a [u8],
}

//! Blocks of pcapng (draft-ietf-opsawg-pcapng), little-endian, as nearly all machines write them.
//! Options are octets here: each is padded to four octets that its length does not count.

use crate::{codes, header};

/// Types of blocks (draft-ietf-opsawg-pcapng §11.1).
#[codes(u32)]
pub enum PcapngBlockType {
    Interface = 1,
    SimplePacket = 3,
    NameResolution = 4,
    InterfaceStatistics = 5,
    EnhancedPacket = 6,
    /// Reads the same in both orders.
    Section = 0x0a0d_0d0a,
}

/// A block of any type (draft-ietf-opsawg-pcapng §3.1).
#[header(
    le,
    size = 8,
    rfc = "draft-ietf-opsawg-pcapng §3.1",
    line = "{block_type}"
)]
pub struct PcapngBlock<'a> {
    pub block_type: As<u32, PcapngBlockType>,
    #[len(packet)]
    total_len: u32,
    #[payload]
    pub body: &'a [u8],
    /// The length once more, for those who read backward.
    #[trailer(LENGTH_AGAIN)]
    pub total_len_again: &'a [u8],
}

/// Octets of the second length of a block.
const LENGTH_AGAIN: usize = 4;

/// Body of the block that begins a section (draft-ietf-opsawg-pcapng §4.1).
#[header(le, size = 16, rfc = "draft-ietf-opsawg-pcapng §4.1")]
pub struct PcapngSection<'a> {
    #[eq(0x1a2b_3c4d)]
    byte_order_magic: u32,
    #[eq(1)]
    major: u16,
    pub minor: u16,
    /// Octets of the section; all ones if they were not known.
    pub section_len: u64,
    #[payload]
    pub options: &'a [u8],
}

/// Body of the block that describes an interface (draft-ietf-opsawg-pcapng §4.2).
#[header(le, size = 8, rfc = "draft-ietf-opsawg-pcapng §4.2")]
pub struct PcapngInterface<'a> {
    pub link_type: u16,
    _reserved: u16,
    /// The longest packet; 0 if there is no limit.
    pub snap_len: u32,
    #[payload]
    pub options: &'a [u8],
}

/// Body of the block of a packet (draft-ietf-opsawg-pcapng §4.3).
#[header(le, size = 20.., rfc = "draft-ietf-opsawg-pcapng §4.3")]
pub struct PcapngEnhancedPacket<'a> {
    pub interface: u32,
    /// The upper half of the time, in units of the interface.
    pub time_high: u32,
    /// The lower half.
    pub time_low: u32,
    #[len(packet_data)]
    captured_len: u32,
    /// Octets that the packet had.
    pub original_len: u32,
    pub packet_data: &'a [u8],
    /// Padding to four octets, then options.
    #[payload]
    pub rest: &'a [u8],
}

/// Body of the block of a packet without a time (draft-ietf-opsawg-pcapng §4.4).
#[header(le, size = 4, rfc = "draft-ietf-opsawg-pcapng §4.4")]
pub struct PcapngSimplePacket<'a> {
    /// Octets that the packet had.
    pub original_len: u32,
    /// The packet, cut off and padded to four octets.
    #[payload]
    pub packet_data: &'a [u8],
}

impl<'a> PcapngBlockPacket<'a> {
    /// Whether both lengths agree and are multiples of four.
    #[must_use]
    pub fn is_consistent(&self) -> bool {
        let len = u32::try_from(self.bytes().len()).unwrap_or(0);
        self.total_len_again() == len.to_le_bytes() && len.is_multiple_of(4)
    }
}

impl<'a> PcapngEnhancedPacketPacket<'a> {
    /// Seconds and units of `units` in a second since 1970.
    #[must_use]
    pub fn time(&self, units: u64) -> Option<(u64, u64)> {
        let time = u64::from(self.time_high()) << 32 | u64::from(self.time_low());
        Some((time.checked_div(units)?, time.checked_rem(units)?))
    }

    /// The options, behind the padding of the packet.
    #[must_use]
    pub fn options(&self) -> &'a [u8] {
        let padding = self.packet_data().len().wrapping_neg() & 3;
        let (_, options) = self.rest().split_at_checked(padding).unwrap_or_default();
        options
    }
}

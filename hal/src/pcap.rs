//! Capture files that Wireshark and tcpdump read and write: a writer of classic pcap, a device that
//! writes down what passes through it, and a reader of classic pcap and pcapng. Formats:
//! draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng. The writer does not write pcapng; the reader
//! passes over blocks that carry no packet.
//!
//! ```
//! use litz_hal::pcap::{LinkType, PcapReader, PcapWriter, Resolution, SliceSink};
//! use litz_hal::time::Instant;
//!
//! let mut file = [0; 256];
//! let sink = SliceSink::new(&mut file);
//! let mut writer = PcapWriter::new(sink, LinkType::ETHERNET, Resolution::Micros)?;
//! writer.write(Instant::from_millis(1_500), &[0xff; 60])?;
//!
//! let written = writer.sink().written();
//! let record = PcapReader::new(written)?.next().expect("one was written")?;
//! assert_eq!(record.octets, [0xff; 60]);
//! assert_eq!(record.time, Instant::from_millis(1_500));
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

mod cursor;
mod device;
mod ng;
mod reader;
mod writer;

pub use device::{PcapDevice, PcapRxToken, PcapTxToken};
pub use reader::{PcapError, PcapErrorKind, PcapReader, PcapRecord};
pub use writer::{Full, PcapWriter, Resolution, Sink, SliceSink};

use crate::device::Medium;

/// What the frames of a capture begin with: a number of the tcpdump.org registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkType(pub u16);

impl LinkType {
    /// A BSD loopback header of four octets, then an IP packet.
    pub const NULL: Self = Self(0);
    /// Ethernet, without frame check sequence as a rule.
    pub const ETHERNET: Self = Self(1);
    /// An IPv4 or IPv6 packet.
    pub const RAW: Self = Self(101);
    /// A Linux "cooked" header, then what its protocol field says.
    pub const LINUX_SLL: Self = Self(113);
    /// IEEE 802.15.4 with frame check sequence.
    pub const IEEE802_15_4_WITHFCS: Self = Self(195);
    /// An IPv4 packet.
    pub const IPV4: Self = Self(228);
    /// An IPv6 packet.
    pub const IPV6: Self = Self(229);
    /// IEEE 802.15.4 without frame check sequence.
    pub const IEEE802_15_4_NOFCS: Self = Self(230);

    /// Whatever those who write and read the file agree on.
    pub const USER0: Self = Self(147);

    /// The medium whose frames look so; `None` if there is no such medium here.
    #[must_use]
    pub const fn medium(self) -> Option<Medium> {
        match self {
            Self::ETHERNET => Some(Medium::Ethernet),
            Self::RAW | Self::IPV4 | Self::IPV6 => Some(Medium::Ip),
            Self::IEEE802_15_4_NOFCS => Some(Medium::Ieee802154),
            _ => None,
        }
    }
}

impl From<Medium> for LinkType {
    fn from(medium: Medium) -> Self {
        match medium {
            Medium::Ethernet => Self::ETHERNET,
            Medium::Ip => Self::RAW,
            Medium::Ieee802154 => Self::IEEE802_15_4_NOFCS,
            Medium::Lowpan => Self::USER0,
        }
    }
}

/// Magic number of classic pcap with timestamps in microseconds.
const MAGIC_MICROS: u32 = 0xa1b2_c3d4;
/// Magic number of classic pcap with timestamps in nanoseconds.
const MAGIC_NANOS: u32 = 0xa1b2_3c4d;

#[cfg(test)]
mod tests;

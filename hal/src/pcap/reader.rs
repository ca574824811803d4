//! Reads capture files from memory: classic pcap of both byte orders and resolutions here, pcapng
//! in `ng`. Nothing is copied, and no file, however damaged, makes it panic or read beyond the end.

use core::fmt;

use litz_wire::{ErrorKind, PcapFileBePacket, PcapFilePacket};
use litz_wire::{PcapPacketRecordBePacket, PcapPacketRecordPacket};

use super::cursor::{Cursor, Order};
use super::ng::NgReader;
use super::{LinkType, MAGIC_MICROS, MAGIC_NANOS};
use crate::time::Instant;

/// The records of a capture file, in the order of the file.
#[derive(Clone, Debug)]
pub struct PcapReader<'a> {
    len: usize,
    format: Format<'a>,
    /// The end was reached, or something that cannot be read over.
    done: bool,
}

#[derive(Clone, Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "there is no heap to put the larger into"
)]
enum Format<'a> {
    Classic(Classic<'a>),
    Ng(NgReader<'a>),
}

/// One captured frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PcapRecord<'a> {
    /// When it was captured, from 1970; the origin if the file does not say.
    pub time: Instant,
    /// Nanoseconds to be added to that, below 1000.
    pub sub_nanos: u16,
    /// What it begins with.
    pub link_type: LinkType,
    /// Its length on the wire, in octets; the capture may have kept fewer.
    pub original_len: usize,
    /// What was kept of it.
    pub octets: &'a [u8],
}

/// Why a capture file, or the rest of it, cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PcapError {
    /// What is wrong.
    pub kind: PcapErrorKind,
    /// Where, in octets from the start of the file.
    pub offset: usize,
}

/// What is wrong with a capture file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PcapErrorKind {
    /// It does not begin as capture files do.
    NotACapture,
    /// It is of a version that is not known.
    Version,
    /// It ends within a header or a frame.
    Truncated,
    /// A length cannot be true.
    Length,
    /// A packet refers to an interface that was not described.
    Interface,
    /// More interfaces are described than this reader remembers.
    TooManyInterfaces,
}

impl<'a> PcapReader<'a> {
    /// A reader of a file that has been read into memory or mapped.
    ///
    /// # Errors
    /// If it is no capture file.
    pub fn new(file: &'a [u8]) -> Result<Self, PcapError> {
        let format = if NgReader::is_ng(file) {
            Format::Ng(NgReader::new(file))
        } else {
            let classic = Classic::new(file);
            Format::Classic(classic.map_err(|kind| PcapError { kind, offset: 0 })?)
        };
        Ok(Self {
            len: file.len(),
            format,
            done: false,
        })
    }

    /// Where the next record begins, in octets from the start of the file.
    #[must_use]
    pub fn offset(&self) -> usize {
        let rest = match &self.format {
            Format::Classic(classic) => classic.rest,
            Format::Ng(ng) => ng.rest(),
        };
        self.len.saturating_sub(rest.len())
    }
}

impl<'a> Iterator for PcapReader<'a> {
    type Item = Result<PcapRecord<'a>, PcapError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let record = match &mut self.format {
            Format::Classic(classic) => classic.next(),
            Format::Ng(ng) => ng.next(),
        };
        let offset = self.offset();
        match record {
            Ok(record) => {
                self.done = record.is_none();
                record.map(Ok)
            }
            Err(kind) => {
                self.done = true;
                Some(Err(PcapError { kind, offset }))
            }
        }
    }
}

impl core::iter::FusedIterator for PcapReader<'_> {}

/// A classic file.
#[derive(Clone, Debug)]
struct Classic<'a> {
    rest: &'a [u8],
    order: Order,
    nanos: bool,
    link_type: LinkType,
}

impl<'a> Classic<'a> {
    fn new(file: &'a [u8]) -> Result<Self, PcapErrorKind> {
        let magic = |order| Cursor::new(file, order).u32();
        let (order, nanos) = match (magic(Order::Big), magic(Order::Little)) {
            (Some(MAGIC_MICROS), _) => (Order::Big, false),
            (Some(MAGIC_NANOS), _) => (Order::Big, true),
            (_, Some(MAGIC_MICROS)) => (Order::Little, false),
            (_, Some(MAGIC_NANOS)) => (Order::Little, true),
            _ => return Err(PcapErrorKind::NotACapture),
        };
        let header = match order {
            Order::Big => PcapFileBePacket::new_checked(file).map(|h| (h.link_type(), h.records())),
            Order::Little => {
                PcapFilePacket::new_checked(file).map(|h| (h.link_type(), h.records()))
            }
        };
        let (link_type, rest) = header.map_err(|error| match error.kind {
            ErrorKind::Truncated => PcapErrorKind::Truncated,
            _ => PcapErrorKind::Version,
        })?;
        Ok(Self {
            rest,
            order,
            nanos,
            link_type: LinkType(link_type),
        })
    }

    fn next(&mut self) -> Result<Option<PcapRecord<'a>>, PcapErrorKind> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let record = match self.order {
            Order::Big => PcapPacketRecordBePacket::new_checked(self.rest).map(|record| {
                let time = (record.seconds(), record.fraction());
                (time, record.original_len(), record.packet(), record.bytes())
            }),
            Order::Little => PcapPacketRecordPacket::new_checked(self.rest).map(|record| {
                let time = (record.seconds(), record.fraction());
                (time, record.original_len(), record.packet(), record.bytes())
            }),
        };
        let ((seconds, fraction), original_len, octets, whole) =
            record.map_err(|_| PcapErrorKind::Truncated)?;
        let original_len = usize::try_from(original_len).map_err(|_| PcapErrorKind::Length)?;
        let next = self.rest.split_at_checked(whole.len());
        self.rest = next.map_or(&[], |(_, rest)| rest);
        let (micros, sub_nanos) = if self.nanos {
            (fraction / 1_000, (fraction % 1_000) as u16)
        } else {
            (fraction, 0)
        };
        let time = i64::from(seconds).saturating_mul(1_000_000);
        Ok(Some(PcapRecord {
            time: Instant::from_micros(time.saturating_add(i64::from(micros))),
            sub_nanos,
            link_type: self.link_type,
            original_len,
            octets,
        }))
    }
}

impl fmt::Display for PcapErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotACapture => "this is no pcap or pcapng file",
            Self::Version => "the version of the format is not known",
            Self::Truncated => "the file ends within a record",
            Self::Length => "a length cannot be true",
            Self::Interface => "a packet refers to an interface that was not described",
            Self::TooManyInterfaces => "too many interfaces are described",
        })
    }
}

impl fmt::Display for PcapError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (at octet {})", self.kind, self.offset)
    }
}

impl core::error::Error for PcapError {}

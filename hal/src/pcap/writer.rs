//! Writes classic pcap (draft-ietf-opsawg-pcap): a header of 24 octets, then each frame behind 16
//! octets of its own. All integers are little-endian.

use litz_wire::{Header, PcapFile, PcapFileRepr, PcapFraction};
use litz_wire::{PcapPacketRecord, PcapPacketRecordRepr};

use super::LinkType;
use crate::time::Instant;

/// What takes the octets of a file. With feature `std`, everything that implements
/// `std::io::Write` is one.
pub trait Sink {
    /// Why it did not take them.
    type Error: core::fmt::Debug;

    /// Take all of these octets.
    ///
    /// # Errors
    /// As the sink has it; how many octets were taken is not known then.
    fn write_all(&mut self, octets: &[u8]) -> Result<(), Self::Error>;

    /// Pass on what was kept back.
    ///
    /// # Errors
    /// As the sink has it.
    fn flush(&mut self) -> Result<(), Self::Error>;
}

/// Writes frames to a capture file.
#[derive(Debug)]
pub struct PcapWriter<S> {
    sink: S,
    resolution: Resolution,
    snap_len: usize,
    epoch_micros: i64,
}

/// The unit of a file's timestamps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Resolution {
    /// Microseconds, which every reader knows.
    #[default]
    Micros,
    /// Nanoseconds.
    Nanos,
}

/// What most readers take for the longest frame.
const SNAP_LEN: usize = 262_144;

impl<S: Sink> PcapWriter<S> {
    /// A writer of frames of one link type; the file header is written at once.
    ///
    /// # Errors
    /// If the sink does not take the header.
    pub fn new(mut sink: S, link_type: LinkType, resolution: Resolution) -> Result<Self, S::Error> {
        let header = PcapFileRepr {
            fraction: match resolution {
                Resolution::Micros => PcapFraction::Micros,
                Resolution::Nanos => PcapFraction::Nanos,
            },
            minor: 4,
            snap_len: SNAP_LEN as u32,
            link_type: link_type.0,
            ..PcapFileRepr::default()
        };
        let mut octets = [0; PcapFile::MIN_LEN];
        // Every value fits its field, and the header its array.
        header.emit(&mut octets).ok();
        sink.write_all(&octets)?;
        Ok(Self {
            sink,
            resolution,
            snap_len: SNAP_LEN,
            epoch_micros: 0,
        })
    }

    /// Cut frames off after so many octets; the file keeps their true lengths beside them.
    #[must_use]
    pub fn with_snap_len(mut self, octets: usize) -> Self {
        self.snap_len = octets.min(SNAP_LEN);
        self
    }

    /// Say when [`Instant::ZERO`] was, in microseconds since 1970. Without it the capture seems to
    /// begin then.
    #[must_use]
    pub const fn with_epoch_micros(mut self, micros: i64) -> Self {
        self.epoch_micros = micros;
        self
    }

    /// Write one frame. Times before 1970 and after 2106 are written as the nearest in between.
    ///
    /// # Errors
    /// If the sink does not take it.
    pub fn write(&mut self, now: Instant, frame: &[u8]) -> Result<(), S::Error> {
        let kept = frame.get(..self.snap_len).unwrap_or(frame);
        let micros = self.epoch_micros.saturating_add(now.total_micros()).max(0);
        let fraction = (micros % 1_000_000) as u32;
        let fraction = match self.resolution {
            Resolution::Micros => fraction,
            Resolution::Nanos => fraction.saturating_mul(1_000),
        };
        let header = PcapPacketRecordRepr {
            seconds: u32::try_from(micros / 1_000_000).unwrap_or(u32::MAX),
            fraction,
            original_len: u32::try_from(frame.len()).unwrap_or(u32::MAX),
            payload_len: kept.len(),
        };
        let mut octets = [0; PcapPacketRecord::MIN_LEN];
        // No frame is kept beyond `SNAP_LEN`, so its length fits.
        header.emit(&mut octets).ok();
        self.sink.write_all(&octets)?;
        self.sink.write_all(kept)
    }

    /// Pass on what the sink kept back.
    ///
    /// # Errors
    /// If the sink cannot.
    pub fn flush(&mut self) -> Result<(), S::Error> {
        self.sink.flush()
    }

    /// The sink.
    pub const fn sink(&self) -> &S {
        &self.sink
    }

    /// The sink, for good. It is not flushed.
    pub fn into_sink(self) -> S {
        self.sink
    }
}

/// A sink into memory that the caller lends.
#[derive(Debug)]
pub struct SliceSink<'a> {
    memory: &'a mut [u8],
    len: usize,
}

/// The memory lent is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Full;

impl core::fmt::Display for Full {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("the memory lent is full")
    }
}

impl core::error::Error for Full {}

impl<'a> SliceSink<'a> {
    /// A sink that fills this memory from the front.
    pub const fn new(memory: &'a mut [u8]) -> Self {
        Self { memory, len: 0 }
    }

    /// What it has taken.
    #[must_use]
    pub fn written(&self) -> &[u8] {
        self.memory.get(..self.len).unwrap_or_default()
    }
}

impl Sink for SliceSink<'_> {
    type Error = Full;

    /// Take all of these octets, or none.
    fn write_all(&mut self, octets: &[u8]) -> Result<(), Full> {
        let end = self.len.saturating_add(octets.len());
        let room = self.memory.get_mut(self.len..end).ok_or(Full)?;
        room.copy_from_slice(octets);
        self.len = end;
        Ok(())
    }

    fn flush(&mut self) -> Result<(), Full> {
        Ok(())
    }
}

#[cfg(any(feature = "std", test))]
impl<W: std::io::Write> Sink for W {
    type Error = std::io::Error;

    fn write_all(&mut self, octets: &[u8]) -> std::io::Result<()> {
        std::io::Write::write_all(self, octets)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        std::io::Write::flush(self)
    }
}

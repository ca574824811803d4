//! What a fault injector does to frames, and what it has done.

use crate::prng::Chance;
use crate::time::Duration;

/// What is done to frames, by direction. By default nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FaultConfig {
    /// The start of the course of events.
    pub seed: u64,
    /// What is done to received frames.
    pub receive: Faults,
    /// What is done to sent frames.
    pub transmit: Faults,
}

/// What is done to the frames of one direction. By default nothing.
///
/// A frame meets the rate first, then may be dropped, damaged, doubled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// How often a frame is dropped.
    pub drop: Chance,
    /// How often one bit of a frame is changed. A frame whose checksum is the device's work is
    /// dropped instead, as a device drops what fails its test.
    pub corrupt: Chance,
    /// How often a frame passes a second time.
    pub duplicate: Chance,
    /// Frames beyond this are dropped.
    pub rate: Option<RateLimit>,
}

impl FaultConfig {
    /// The same for both directions.
    #[must_use]
    pub const fn both(seed: u64, faults: Faults) -> Self {
        Self {
            seed,
            receive: faults,
            transmit: faults,
        }
    }
}

/// So many frames in each interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// Frames that pass in one interval.
    pub frames: u32,
    /// How long an interval is; it starts with the first frame after the one before is over.
    pub interval: Duration,
}

/// What was done to the frames of one direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FaultCounters {
    /// Frames that passed, damaged ones among them; a second pass is not counted.
    pub passed: u64,
    /// Frames dropped by chance, or because damage would have gone unnoticed.
    pub dropped: u64,
    /// Frames dropped because they were beyond the rate.
    pub limited: u64,
    /// Frames that passed with one bit changed.
    pub corrupted: u64,
    /// Frames that passed a second time.
    pub duplicated: u64,
    /// Frames too long for the injector's buffer that passed unharmed, though chance had decided
    /// otherwise.
    pub spared: u64,
}

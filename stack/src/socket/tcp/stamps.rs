//! Timestamps (RFC 7323 §3–5): a clock that the peer echoes, and the memory of the peer's.

use super::{Instant, SeqNumber, TcpOptionTimestamp};

/// Timestamps of a connection (RFC 7323 §3).
#[derive(Clone, Copy, Debug)]
pub(super) struct Timestamps {
    /// TS.Recent.
    recent: u32,
    /// Added to the clock, so that it does not tell how long the host has been up.
    offset: u32,
    /// When TS.Recent came, in units of 2²⁶ µs.
    recent_at: u16,
    /// Whether they are offered or agreed on.
    on: bool,
}

/// Octets of the option, with padding.
const OCTETS: u16 = 12;
/// After 24 days of silence an old timestamp proves nothing (RFC 7323 §5.5).
const OUTDATED: u16 = ((24_u64 * 24 * 3600 * 1_000_000) >> 26) as u16;

/// The time in units of 67 s, on a clock that wraps after 50 days.
const fn minutes(now: Instant) -> u16 {
    (now.total_micros() >> 26) as u16
}

impl Timestamps {
    /// Whether this build has any.
    pub(super) const AVAILABLE: bool = true;

    pub(super) fn new(on: bool, iss: SeqNumber) -> Self {
        let offset = iss.0.wrapping_mul(0x9e37_79b1).rotate_left(15);
        Self {
            on,
            recent: 0,
            recent_at: 0,
            offset,
        }
    }

    /// Timestamps of a connection of which only these are remembered.
    pub(super) const fn restored(on: bool, recent: u32, offset: u32, now: Instant) -> Self {
        Self {
            recent,
            offset,
            recent_at: minutes(now),
            on,
        }
    }

    /// Whether they are offered or agreed on.
    #[inline]
    pub(super) const fn is_on(&self) -> bool {
        self.on
    }

    /// Whether they were agreed on.
    pub(super) fn set_on(&mut self, on: bool) {
        self.on = on;
    }

    /// Octets that they take of every segment, with padding.
    #[inline]
    pub(super) const fn octets(&self) -> u16 {
        if self.on { OCTETS } else { 0 }
    }

    /// TS.Recent.
    pub(super) const fn recent(&self) -> u32 {
        self.recent
    }

    /// What is added to the clock.
    pub(super) const fn offset(&self) -> u32 {
        self.offset
    }

    /// Our clock.
    fn value(&self, now: Instant) -> u32 {
        (now.total_millis() as u32).wrapping_add(self.offset)
    }

    /// The option for a segment that is sent now.
    #[inline]
    pub(super) fn option(&self, now: Instant) -> Option<TcpOptionTimestamp> {
        if !self.on {
            return None;
        }
        Some(TcpOptionTimestamp {
            tsval: self.value(now),
            tsecr: self.recent,
        })
    }

    /// Whether a timestamp is from before the last one seen (RFC 7323 §5.3, R1).
    pub(super) fn is_old(&self, tsval: u32, now: Instant) -> bool {
        let age = minutes(now).wrapping_sub(self.recent_at);
        (tsval.wrapping_sub(self.recent) as i32) < 0 && age < OUTDATED
    }

    /// Remember a timestamp (RFC 7323 §4.3).
    pub(super) fn remember(&mut self, tsval: u32, now: Instant) {
        self.recent = tsval;
        self.recent_at = minutes(now);
    }

    /// The round-trip time that an echoed timestamp tells, in microseconds.
    pub(super) fn round_trip(&self, tsecr: u32, now: Instant) -> Option<u32> {
        let millis = self.value(now).wrapping_sub(tsecr);
        // Nothing is older than ten minutes; what claims to be was made up.
        (tsecr != 0 && millis < 600_000).then(|| millis.max(1).saturating_mul(1000))
    }
}

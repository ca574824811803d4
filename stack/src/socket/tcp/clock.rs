//! Arithmetic on time in the units that timers are kept in: microseconds in `u32`, so that a span
//! is at most 71 minutes; longer ones are kept in milliseconds.

use super::{Duration, Instant};

/// The instant `micros` after `at`.
#[inline]
pub(super) const fn after_micros(at: Instant, micros: u32) -> Instant {
    Instant::from_micros(at.total_micros().saturating_add(micros as i64))
}

/// The instant `millis` after `at`.
#[inline]
pub(super) const fn after_millis(at: Instant, millis: u32) -> Instant {
    let micros = (millis as i64).saturating_mul(1000);
    Instant::from_micros(at.total_micros().saturating_add(micros))
}

/// The time on a clock of microseconds that wraps every 71 minutes.
#[inline]
pub(super) const fn wrapped_micros(at: Instant) -> u32 {
    at.total_micros() as u32
}

/// A span in microseconds, at most `u32::MAX`.
pub(super) fn micros(span: Duration) -> u32 {
    u32::try_from(span.total_micros()).unwrap_or(u32::MAX)
}

/// A span in milliseconds, rounded up, at most `u32::MAX`.
pub(super) fn millis(span: Duration) -> u32 {
    // Words of 32 bits are all that is divided. More than nine hours are rounded to a quarter of a
    // second, and more than 49 days are 49 days.
    let eights = span.total_micros().saturating_add(7) >> 3;
    match u32::try_from(eights) {
        Ok(eights) => eights.div_ceil(125),
        Err(_) => {
            let coarse = u32::try_from(eights >> 8).unwrap_or(u32::MAX);
            coarse.div_ceil(125).saturating_mul(256)
        }
    }
}

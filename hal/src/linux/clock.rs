//! The monotonic clock of the host (`clock_gettime`), as the stack's time.

use super::sys;
use crate::time::Instant;

/// Microseconds since the host started, as far as it was not suspended. Never goes backwards.
#[must_use]
pub fn monotonic_now() -> Instant {
    let (secs, nanos) = sys::monotonic();
    let micros = nanos.checked_div(1_000).unwrap_or(0);
    Instant::from_micros(secs.saturating_mul(1_000_000).saturating_add(micros))
}

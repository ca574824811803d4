//! Points in time, spans of it, and deadlines. The stack reads no clock: time is an argument, in
//! microseconds since whatever moment the caller likes. No operation overflows or panics.

use core::fmt;

/// A point in time: microseconds since an origin of the caller's choice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

/// A span of time, in microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration(u64);

/// When something has to happen: at an instant, or never. The last instant that there is means
/// never, so that a deadline is no larger than an instant and two are compared at once.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Deadline(Instant);

impl Instant {
    /// The origin.
    pub const ZERO: Self = Self(0);

    /// So many microseconds after the origin.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// So many milliseconds after the origin.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis.saturating_mul(1_000))
    }

    /// So many seconds after the origin.
    #[must_use]
    pub const fn from_secs(secs: i64) -> Self {
        Self(secs.saturating_mul(1_000_000))
    }

    /// Microseconds since the origin.
    #[must_use]
    pub const fn total_micros(self) -> i64 {
        self.0
    }

    /// Whole milliseconds since the origin, rounded down.
    #[must_use]
    pub const fn total_millis(self) -> i64 {
        self.0.div_euclid(1_000)
    }

    /// The instant so much later; the last there is if that is beyond it.
    #[must_use]
    #[cfg_attr(not(feature = "inline"), inline(never))]
    pub const fn saturating_add(self, span: Duration) -> Self {
        Self(self.0.saturating_add_unsigned(span.0))
    }

    /// The instant so much earlier; the first there is if that is beyond it.
    #[must_use]
    pub const fn saturating_sub(self, span: Duration) -> Self {
        Self(self.0.saturating_sub_unsigned(span.0))
    }

    /// Time passed since an earlier instant; zero if it is a later one.
    #[must_use]
    #[cfg_attr(feature = "inline", inline)]
    #[cfg_attr(not(feature = "inline"), inline(never))]
    pub const fn duration_since(self, earlier: Self) -> Duration {
        if self.0 > earlier.0 {
            Duration(self.0.abs_diff(earlier.0))
        } else {
            Duration::ZERO
        }
    }
}

impl Duration {
    /// No time.
    pub const ZERO: Self = Self(0);
    /// The longest span.
    pub const MAX: Self = Self(u64::MAX);

    /// So many microseconds.
    #[must_use]
    pub const fn from_micros(micros: u64) -> Self {
        Self(micros)
    }

    /// So many milliseconds.
    #[must_use]
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis.saturating_mul(1_000))
    }

    /// So many seconds.
    #[must_use]
    pub const fn from_secs(secs: u64) -> Self {
        Self(secs.saturating_mul(1_000_000))
    }

    /// All of it, in microseconds.
    #[must_use]
    pub const fn total_micros(self) -> u64 {
        self.0
    }

    /// All of it, in whole milliseconds, rounded down.
    #[must_use]
    pub const fn total_millis(self) -> u64 {
        self.0 / 1_000
    }

    /// Whether it is no time at all.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Both spans together.
    #[must_use]
    pub const fn saturating_add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// This span less another; zero if that is longer.
    #[must_use]
    pub const fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// This span `n` times.
    #[must_use]
    pub const fn saturating_mul(self, n: u64) -> Self {
        Self(self.0.saturating_mul(n))
    }

    /// This span halved `n` times; zero from 64 on.
    #[must_use]
    pub const fn halved(self, n: u32) -> Self {
        match self.0.checked_shr(n) {
            Some(micros) => Self(micros),
            None => Self::ZERO,
        }
    }

    /// This span doubled `n` times.
    #[must_use]
    pub const fn doubled(self, n: u32) -> Self {
        if self.0 == 0 {
            self
        } else if n > self.0.leading_zeros() {
            Self::MAX
        } else {
            match self.0.checked_shl(n) {
                Some(micros) => Self(micros),
                None => Self::MAX,
            }
        }
    }
}

impl Deadline {
    /// No deadline.
    pub const NEVER: Self = Self(Instant(i64::MAX));

    /// A deadline at an instant.
    #[must_use]
    pub const fn at(instant: Instant) -> Self {
        Self(instant)
    }

    /// The instant, if there is one.
    #[must_use]
    pub const fn instant(self) -> Option<Instant> {
        match self.0.0 {
            i64::MAX => None,
            _ => Some(self.0),
        }
    }

    /// The earlier of two deadlines.
    #[must_use]
    pub const fn min(self, other: Self) -> Self {
        if self.0.0 <= other.0.0 { self } else { other }
    }

    /// Whether the instant has come.
    #[inline]
    #[must_use]
    pub const fn is_due(self, now: Instant) -> bool {
        // Nothing that never comes is due at the last instant. The same for every deadline that is
        // looked at now, so that it is one comparison for each.
        const LAST: i64 = i64::MAX - 1;
        let now = if now.0 > LAST { LAST } else { now.0 };
        self.0.0 <= now
    }

    /// Time left until the instant, zero if it has come, `None` if it never does.
    #[must_use]
    pub const fn remaining(self, now: Instant) -> Option<Duration> {
        match self.instant() {
            Some(instant) => Some(instant.duration_since(now)),
            None => None,
        }
    }
}

impl Default for Deadline {
    /// Never.
    fn default() -> Self {
        Self::NEVER
    }
}

impl fmt::Debug for Deadline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.instant() {
            Some(instant) => f.debug_tuple("Deadline").field(&instant).finish(),
            None => f.write_str("Deadline(never)"),
        }
    }
}

impl From<Option<Instant>> for Deadline {
    fn from(instant: Option<Instant>) -> Self {
        instant.map_or(Self::NEVER, Self)
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let micros = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:06}s", micros / 1_000_000, micros % 1_000_000)
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:06}s", self.0 / 1_000_000, self.0 % 1_000_000)
    }
}

impl fmt::Display for Deadline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.instant() {
            Some(instant) => instant.fmt(f),
            None => f.write_str("never"),
        }
    }
}

impl From<core::time::Duration> for Duration {
    fn from(span: core::time::Duration) -> Self {
        Self(u64::try_from(span.as_micros()).unwrap_or(u64::MAX))
    }
}

impl From<Duration> for core::time::Duration {
    fn from(span: Duration) -> Self {
        Self::from_micros(span.0)
    }
}

#[cfg(test)]
mod tests;

//! Round-trip time and retransmission timeout (RFC 6298), in microseconds. Which segments may be
//! measured is decided by the caller (Karn's algorithm); back-off is kept here and ends with the
//! next measurement, or when the caller knows that it may.

use super::TcpConfig;
use super::config::Eighths;
use crate::parts::{INLINE, Kept, TCP_CONFIG};

/// The limits of the retransmission timeout.
#[derive(Clone, Copy, Debug)]
pub(super) struct RtoLimits {
    /// In milliseconds.
    min_ms: u16,
    max: Eighths,
}

impl RtoLimits {
    const DEFAULT: Self = Self::new(&TcpConfig::DEFAULT);

    pub(super) const fn new(config: &TcpConfig) -> Self {
        // Words of 32 bits are all that is divided.
        let micros = config.min_rto.total_micros();
        let min_ms = if micros > u32::MAX as u64 {
            u32::MAX
        } else {
            (micros as u32).div_ceil(1000)
        };
        Self {
            min_ms: if min_ms > u16::MAX as u32 {
                u16::MAX
            } else if min_ms == 0 {
                1
            } else {
                min_ms as u16
            },
            max: Eighths::new(config.max_rto),
        }
    }
}

impl Default for RtoLimits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// The estimator.
#[derive(Clone, Copy, Debug)]
pub(super) struct RttEstimator {
    /// Smoothed round-trip time × 8; 0 before the first measurement.
    srtt8: u32,
    /// Round-trip time variation × 4; before the first measurement, the timeout.
    rttvar4: u32,
    limits: Kept<RtoLimits, { TCP_CONFIG as usize }>,
    /// How often the timeout was doubled.
    backoff: u8,
}

/// Measurements above this are cut; the sums stay far from overflow.
const LONGEST: u32 = 120_000_000;
/// Clock granularity, G of RFC 6298: timers are served within a millisecond or so.
const GRANULARITY: u32 = 1_000;

impl RttEstimator {
    /// Nothing was measured; the first timeout is `initial` microseconds.
    pub(super) fn new(initial: u32, limits: RtoLimits) -> Self {
        let mut estimator = Self {
            srtt8: 0,
            rttvar4: 0,
            limits: Kept::of(limits),
            backoff: 0,
        };
        estimator.rttvar4 = initial.max(estimator.shortest()).min(estimator.longest());
        estimator
    }

    const fn limits(&self) -> &RtoLimits {
        match self.limits.get() {
            Some(limits) => limits,
            None => &RtoLimits::DEFAULT,
        }
    }

    const fn shortest(&self) -> u32 {
        (self.limits().min_ms as u32).wrapping_mul(1000)
    }

    fn longest(&self) -> u32 {
        self.limits().max.micros().max(self.shortest())
    }

    /// The timeout without back-off.
    #[inline]
    fn base(&self) -> u32 {
        if self.srtt8 == 0 {
            return self.rttvar4;
        }
        let rto = (self.srtt8 >> 3).saturating_add(self.rttvar4.max(GRANULARITY));
        rto.max(self.shortest()).min(self.longest())
    }

    /// A measurement (RFC 6298 §2.2, §2.3).
    pub(super) fn sample(&mut self, micros: u32) {
        let rtt = micros.clamp(1, LONGEST);
        if self.srtt8 == 0 {
            self.srtt8 = rtt.saturating_mul(8);
            self.rttvar4 = rtt.saturating_mul(2);
        } else {
            let error = (self.srtt8 >> 3).abs_diff(rtt);
            self.rttvar4 = self
                .rttvar4
                .saturating_sub(self.rttvar4 >> 2)
                .saturating_add(error);
            self.srtt8 = self
                .srtt8
                .saturating_sub(self.srtt8 >> 3)
                .saturating_add(rtt)
                .max(1);
        }
        self.backoff = 0;
    }

    /// Double the timeout (RFC 6298 §5.5).
    pub(super) fn back_off(&mut self) {
        self.backoff = self.backoff.saturating_add(1).min(31);
    }

    /// Whether the timeout is doubled.
    #[inline]
    pub(super) fn is_backed_off(&self) -> bool {
        self.backoff > 0
    }

    /// The path carries again: what was sent only once since has arrived.
    pub(super) fn end_back_off(&mut self) {
        self.backoff = 0;
    }

    /// The SYN was retransmitted: data begins with a timeout of at least 3 s (RFC 6298 §5.7).
    pub(super) fn after_lost_syn(&mut self) {
        self.backoff = 0;
        if self.srtt8 == 0 {
            self.rttvar4 = self.rttvar4.max(3_000_000).min(self.longest());
        }
    }

    /// The retransmission timeout.
    #[inline]
    pub(super) fn rto(&self) -> u32 {
        if INLINE && self.backoff == 0 {
            return self.base();
        }
        self.doubled(u32::from(self.backoff))
    }

    /// The timeout of the `step`-th probe: doubled each time, of its own.
    pub(super) fn probe_after(&self, step: u8) -> u32 {
        self.doubled(u32::from(step.min(31)))
    }

    fn doubled(&self, times: u32) -> u32 {
        let base = self.base();
        let fits = times <= base.leading_zeros();
        let rto = if fits {
            base.wrapping_shl(times)
        } else {
            u32::MAX
        };
        rto.min(self.longest())
    }

    /// Smoothed round-trip time; `None` before the first measurement.
    pub(super) fn smoothed(&self) -> Option<u32> {
        (self.srtt8 != 0).then_some(self.srtt8 >> 3)
    }

    /// Round-trip time variation.
    pub(super) fn variation(&self) -> u32 {
        self.smoothed().map_or(0, |_| self.rttvar4 >> 2)
    }
}

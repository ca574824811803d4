//! CUBIC (RFC 9438), in integers: windows in octets, time in units of 1/1024 s.
//!
//! W_cubic(t) = C·(t − K)³ + W_max with C = 0.4 segments/s³, K the time until the window is W_max
//! again, β = 0.7; and beside it the window that Reno would have.

use super::{Ack, Algorithm, MAX_WINDOW, Windows};

/// The state of CUBIC.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Cubic {
    /// The window before the last reduction, or less if windows shrink (fast convergence).
    w_max: u32,
    /// The window that is reached at `k`.
    origin: u32,
    /// K, in units of 1/1024 s; [`NO_EPOCH`] if congestion avoidance has not begun.
    k: u32,
    /// The window of Reno's kind (§4.3), and what it has of its next octet, in 1/cwnd.
    w_est: u32,
    est_rest: u32,
    /// What the window has of its next octet, in 1/cwnd.
    rest: u32,
    /// The window before the last reduction.
    prior: u32,
    /// When this stage of congestion avoidance began, in microseconds.
    epoch_us: u32,
}

/// No value of K.
const NO_EPOCH: u32 = u32::MAX;

impl Default for Cubic {
    fn default() -> Self {
        Self {
            w_max: 0,
            origin: 0,
            k: NO_EPOCH,
            w_est: 0,
            est_rest: 0,
            rest: 0,
            prior: 0,
            epoch_us: 0,
        }
    }
}

/// β, in 1/1024.
const BETA: u64 = 717;
/// (1 + β) / 2, in 1/1024 (§4.7).
const CONVERGENCE: u64 = 870;
/// C, in 1/1024 segments/s³.
const C: u64 = 410;
/// α = 3·(1 − β)/(1 + β), in 1/1024 (§4.3).
const ALPHA: u64 = 542;
/// Times farther from K than this count as this, in units of 1/1024 s: the window has long been at
/// its bounds, and the arithmetic stays within 64 bits.
const LONGEST: u64 = 1 << 19;

/// `value` · `parts` / 1024.
fn scaled(value: u32, parts: u64) -> u32 {
    let scaled = u64::from(value).wrapping_mul(parts) >> 10;
    u32::try_from(scaled).unwrap_or(u32::MAX)
}

/// The integer cube root.
pub(in super::super) fn cube_root(value: u64) -> u32 {
    let mut rest = value;
    let mut root = 0_u64;
    let mut shift = 63_u32;
    loop {
        root = root.wrapping_shl(1);
        // ((root + 1)³ − root³) at this position.
        let square = root.wrapping_mul(root.wrapping_add(1));
        let step = square.wrapping_mul(3).wrapping_add(1);
        if rest.wrapping_shr(shift) >= step {
            rest = rest.wrapping_sub(step.wrapping_shl(shift));
            root = root.wrapping_add(1);
        }
        match shift.checked_sub(3) {
            Some(next) => shift = next,
            None => return root as u32,
        }
    }
}

/// What the window has grown by `time` after, or lacks before, it is at its origin: C·time³, in
/// octets.
fn cubic(time: u64, mss: u32) -> u32 {
    let time = time.min(LONGEST);
    // Units of 2⁻³⁰ s³, shortened to 2⁻¹⁰ so that the product fits.
    let cube = time.wrapping_mul(time).wrapping_mul(time) >> 20;
    let octets = cube.wrapping_mul(C).wrapping_mul(u64::from(mss)) >> 20;
    u32::try_from(octets).unwrap_or(u32::MAX)
}

impl Cubic {
    /// Congestion avoidance begins (§4.2).
    fn begin(&mut self, windows: &Windows, ack: &Ack) {
        self.epoch_us = ack.now_us;
        self.w_est = windows.cwnd;
        self.est_rest = 0;
        self.rest = 0;
        if windows.cwnd < self.w_max {
            // K = ∛((W_max − cwnd) / C), with 1/C = 2.5 and a second of 2¹⁰ units.
            let missing = u64::from(self.w_max.wrapping_sub(windows.cwnd));
            let cube = (missing << 30).wrapping_mul(5) >> 1;
            self.k = cube_root(cube.checked_div(u64::from(ack.mss)).unwrap_or(0));
            self.origin = self.w_max;
        } else {
            self.k = 0;
            self.origin = windows.cwnd;
        }
    }

    /// W_cubic a round-trip time from now, within the bounds of §4.4.
    fn target(&self, windows: &Windows, ack: &Ack) -> u32 {
        let micros = u64::from(ack.now_us.wrapping_sub(self.epoch_us))
            .saturating_add(u64::from(ack.smoothed_us));
        // 1024 / 1,000,000 = 16 / 15,625.
        let time = micros.wrapping_mul(16).wrapping_div(15_625);
        let k = u64::from(self.k);
        let target = if time >= k {
            let gain = cubic(time.wrapping_sub(k), ack.mss);
            self.origin.saturating_add(gain)
        } else {
            let gap = cubic(k.wrapping_sub(time), ack.mss);
            self.origin.saturating_sub(gap)
        };
        let most = windows.cwnd.saturating_add(windows.cwnd >> 1);
        target.clamp(windows.cwnd, most.max(windows.cwnd))
    }

    /// The window that Reno would have with the same reduction (§4.3).
    fn reno_friendly(&mut self, windows: &Windows, ack: &Ack) {
        let alpha = if self.w_est < self.prior { ALPHA } else { 1024 };
        let gain = u64::from(ack.octets).wrapping_mul(u64::from(ack.mss));
        let gain = (gain.wrapping_mul(alpha) >> 10).wrapping_add(u64::from(self.est_rest));
        let cwnd = u64::from(windows.cwnd.max(1));
        self.est_rest = gain.checked_rem(cwnd).unwrap_or(0) as u32;
        let gain = gain.checked_div(cwnd).unwrap_or(0);
        self.w_est = self
            .w_est
            .saturating_add(u32::try_from(gain).unwrap_or(MAX_WINDOW))
            .min(MAX_WINDOW);
    }
}

//= RFC 9293: MAY-18
impl Algorithm for Cubic {
    fn avoid(&mut self, windows: &mut Windows, ack: &Ack) {
        if self.k == NO_EPOCH {
            self.begin(windows, ack);
        }
        let target = self.target(windows, ack);
        self.reno_friendly(windows, ack);
        // (target − cwnd) / cwnd for each octet acknowledged (§4.4).
        let cwnd = u64::from(windows.cwnd.max(1));
        let gain = u64::from(target.saturating_sub(windows.cwnd))
            .wrapping_mul(u64::from(ack.octets))
            .wrapping_add(u64::from(self.rest));
        self.rest = gain.checked_rem(cwnd).unwrap_or(0) as u32;
        let gain = gain.checked_div(cwnd).unwrap_or(0);
        windows.grow(u32::try_from(gain).unwrap_or(MAX_WINDOW));
        if self.w_est > windows.cwnd {
            windows.cwnd = self.w_est;
        }
    }

    fn reduce(&mut self, windows: &Windows, flight: u32) -> u32 {
        let cwnd = windows.cwnd;
        // §4.7: others need the room if the window does not get as large as it was.
        self.w_max = if cwnd < self.w_max {
            scaled(cwnd, CONVERGENCE)
        } else {
            cwnd
        };
        self.prior = cwnd;
        self.k = NO_EPOCH;
        scaled(flight, BETA)
    }

    /// §4.8: after a timeout K is 0 and W_max the window where congestion avoidance begins.
    fn restart(&mut self) {
        self.w_max = 0;
        self.k = NO_EPOCH;
    }

    /// §4.2: time without sending does not count.
    fn idle(&mut self, micros: u32) {
        self.epoch_us = self.epoch_us.wrapping_add(micros);
    }

    /// §4.9.
    fn undo(&mut self, window: u32) {
        self.w_max = self.w_max.max(window);
        self.k = NO_EPOCH;
    }
}

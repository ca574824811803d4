//! Energy detection (nRF52840 product specification, RADIO chapter): the radio keeps the strongest
//! of several periods of 128 µs.

use super::registers::radio;
use super::{Doing, ED_OFFSET, Nrf52840};
use crate::mmio::DmaBus;
use crate::radio::RadioEvent;
use crate::time::Instant;

/// Microseconds of a period.
const PERIOD: u64 = 128;
/// Periods at most: `EDCNT` has 21 bits.
const MOST: u64 = 0x1F_FFFF;

/// dBm of a sample.
pub(super) fn dbm(sample: u32) -> i8 {
    let sample = i8::try_from(sample).unwrap_or(i8::MAX);
    ED_OFFSET.saturating_add(sample)
}

impl<B: DmaBus> Nrf52840<B> {
    /// Begins to detect for `detect_for`; the radio is disabled.
    pub(super) fn begin_detection(&mut self, now: Instant) {
        let micros = self.detect_for.total_micros();
        let periods = micros.div_ceil(PERIOD).clamp(1, MOST);
        self.bus
            .write(radio::EDCNT, periods.saturating_sub(1) as u32);
        let shorts = radio::READY_EDSTART | radio::EDEND_DISABLE;
        self.bus.write(radio::SHORTS, shorts);
        self.bus.write(radio::INTENSET, radio::INT_DISABLED);
        self.bus.write(radio::RXEN, 1);
        self.expect_end(now, self.detect_for);
    }

    /// It has ended: the radio is disabled.
    pub(super) fn detected(&mut self, now: Instant) {
        if self.doing != Doing::DetectEnergy || !self.take(radio::DISABLED) {
            return;
        }
        self.take(radio::EDEND);
        let sample = self.bus.read(radio::EDSAMPLE) & 0x7F;
        let strength = dbm(sample).saturating_sub(self.excess);
        self.events.push(RadioEvent::Energy(strength));
        self.receive_on(now);
    }
}

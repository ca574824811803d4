//! Transmission and clear channel assessment (nRF52840 product specification, RADIO chapter). The
//! radio goes through its states by shortcuts and disables itself at the end.

use super::registers::{ppi, radio, timer};
use super::{Doing, Nrf52840, RAMP_UP, TX_AT};
use crate::mmio::DmaBus;
use crate::radio::{RadioError, RadioEvent, TxOutcome, timing};
use crate::time::{Duration, Instant};

impl<B: DmaBus> Nrf52840<B> {
    /// Begins an order. The radio receives, or is disabled.
    ///
    /// # Errors
    /// [`RadioError::TooLate`], [`RadioError::Hardware`].
    pub(super) fn begin(&mut self, now: Instant, order: Doing) -> Result<(), RadioError> {
        self.disable()?;
        self.doing = order;
        let result = match order {
            Doing::Transmit { cca, len } => self.begin_transmit(now, cca, len),
            Doing::Assess => {
                let shorts = radio::RXREADY_CCASTART | radio::CCABUSY_DISABLE;
                self.bus.write(radio::SHORTS, shorts);
                let ends = radio::INT_DISABLED | radio::INT_CCAIDLE;
                self.bus.write(radio::INTENSET, ends);
                self.bus.write(radio::RXEN, 1);
                self.expect_end(now, timing::CCA);
                Ok(())
            }
            Doing::DetectEnergy => {
                self.begin_detection(now);
                Ok(())
            }
            Doing::Sleep | Doing::Receive | Doing::Acknowledge => Ok(()),
        };
        if result.is_err() {
            self.receive_on(now);
        }
        result
    }

    fn begin_transmit(&mut self, now: Instant, cca: bool, len: usize) -> Result<(), RadioError> {
        let address = self.bus.dma_address(TX_AT);
        self.bus.write(radio::PACKETPTR, address);
        let (task, channel, assess) = if cca {
            let shorts = radio::RXREADY_CCASTART | radio::CCAIDLE_TXEN | radio::CCABUSY_DISABLE;
            (radio::RXEN, ppi::COMPARE0_RXEN, shorts)
        } else {
            (radio::TXEN, ppi::COMPARE0_TXEN, 0)
        };
        let shorts = assess | radio::TXREADY_START | radio::PHYEND_DISABLE;
        self.bus.write(radio::SHORTS, shorts);
        self.bus.write(radio::INTENSET, radio::INT_DISABLED);
        let mut ahead = 0;
        match self.at.take() {
            None => self.bus.write(task, 1),
            Some(at) => {
                let on = at.wrapping_sub(RAMP_UP);
                self.bus.write(timer::CC0, on);
                self.bus.write(timer::COMPARE0, 0);
                self.bus.write(ppi::CHENSET, channel);
                let left = on.wrapping_sub(self.micros()).cast_signed();
                if left < 2 && self.bus.read(radio::STATE) == radio::STATE_DISABLED {
                    self.bus.write(ppi::CHENCLR, channel);
                    return Err(RadioError::TooLate);
                }
                ahead = left.unsigned_abs();
            }
        }
        let within = timing::airtime(len).saturating_add(timing::CCA);
        let ahead = Duration::from_micros(u64::from(ahead));
        self.expect_end(now, within.saturating_add(ahead));
        Ok(())
    }

    /// A transmission has ended, or was not begun: the radio is disabled.
    pub(super) fn transmitted(&mut self, now: Instant, cca: bool, len: usize) {
        if !self.take(radio::DISABLED) {
            return;
        }
        let channels = ppi::COMPARE0_TXEN | ppi::COMPARE0_RXEN;
        self.bus.write(ppi::CHENCLR, channels);
        let busy = self.take(radio::CCABUSY);
        self.take(radio::CCAIDLE);
        self.take(radio::END);
        self.take(radio::ADDRESS);
        let outcome = if self.take(radio::PHYEND) {
            let delimiter = self.bus.read(timer::CC1);
            let delimiter = self.instant(delimiter);
            TxOutcome::Sent(timing::frame_end(delimiter, len))
        } else if busy && cca {
            TxOutcome::ChannelBusy
        } else {
            TxOutcome::Failed
        };
        // The receiver is on well before the acknowledgment can begin.
        self.receive_on(now);
        self.events.push(RadioEvent::Transmitted(outcome));
    }

    /// An assessment has ended: the radio is disabled if the channel is busy.
    pub(super) fn assessed(&mut self, now: Instant) {
        let clear = self.take(radio::CCAIDLE);
        let busy = self.take(radio::CCABUSY);
        if !clear && !busy {
            return;
        }
        self.bus.write(radio::INTENCLR, radio::INT_CCAIDLE);
        self.events.push(RadioEvent::Cca { clear });
        self.back_to_reception(now);
    }

    /// Receives again, from any state.
    pub(super) fn back_to_reception(&mut self, now: Instant) {
        match self.disable() {
            Ok(()) => self.receive_on(now),
            Err(_) => self.recover(now),
        }
    }
}

//! The driver as a [`Radio`].

use super::registers::radio;
use super::setup::POWERS;
use super::{Doing, Nrf52840, RX_AT, RX_BUFFER, TX_AT};
use crate::mmio::DmaBus;
use crate::radio::{
    MAX_FRAME, PendingFor, Radio, RadioCapabilities, RadioConfig, RadioError, RadioEvent, RxInfo,
    Transmit, TxMode, TxOutcome,
};
use crate::time::{Deadline, Instant};

/// Octets of the shortest frame without check sequence.
const SHORTEST: usize = 3;

impl<B: DmaBus> Nrf52840<B> {
    /// Whether an order can be given now.
    fn ready(&self) -> Result<(), RadioError> {
        match self.doing {
            Doing::Receive => Ok(()),
            Doing::Acknowledge if self.waiting.is_none() => Ok(()),
            Doing::Sleep => Err(RadioError::Asleep),
            _ => Err(RadioError::Busy),
        }
    }

    /// Carries an order out, after the acknowledgment that is leaving.
    fn order(&mut self, now: Instant, order: Doing) -> Result<(), RadioError> {
        if self.doing == Doing::Acknowledge {
            self.waiting = Some(order);
            return Ok(());
        }
        self.begin(now, order)
    }

    /// Whether a frame is being received right now: its delimiter was, and its end was not.
    fn hears_a_frame(&mut self) -> bool {
        self.doing == Doing::Receive
            && self.bus.read(radio::ADDRESS) != 0
            && self.bus.read(radio::END) == 0
    }
}

impl<B: DmaBus> Radio for Nrf52840<B> {
    const SENDS_AGAIN: bool = false;

    fn capabilities(&self) -> RadioCapabilities {
        let [strongest, .., weakest] = POWERS;
        RadioCapabilities {
            filter: true,
            auto_ack: true,
            timed_tx: true,
            timestamps: true,
            security: true,
            tx_power_min: weakest,
            tx_power_max: strongest,
            ..RadioCapabilities::default()
        }
    }

    fn configure(&mut self, now: Instant, config: &RadioConfig) -> Result<(), RadioError> {
        self.config = *config;
        self.waiting = None;
        self.at = None;
        if self.doing == Doing::Sleep {
            return Ok(());
        }
        self.disable()?;
        self.write_config();
        self.receive_on(now);
        Ok(())
    }

    fn wake(&mut self, now: Instant) -> Result<(), RadioError> {
        if self.doing == Doing::Sleep {
            self.power_up()?;
            self.receive_on(now);
        }
        Ok(())
    }

    fn sleep(&mut self, _: Instant) -> Result<(), RadioError> {
        match self.doing {
            Doing::Sleep => return Ok(()),
            Doing::Receive => {}
            _ => return Err(RadioError::Busy),
        }
        self.power_down()?;
        self.doing = Doing::Sleep;
        self.limit = Deadline::NEVER;
        self.events.clear();
        Ok(())
    }

    fn transmit(&mut self, now: Instant, frame: Transmit<'_>) -> Result<(), RadioError> {
        let cca = match frame.mode {
            TxMode::Direct => false,
            TxMode::Cca => true,
            TxMode::Csma { .. } => return Err(RadioError::Unsupported),
        };
        self.ready()?;
        let len = frame.frame.len();
        if !(SHORTEST..=MAX_FRAME).contains(&len) {
            return Err(RadioError::TooLong);
        }
        if cca && frame.at.is_none() && self.hears_a_frame() {
            // The frame is received to its end; the channel is as busy as can be.
            let busy = TxOutcome::ChannelBusy;
            self.events.push(RadioEvent::Transmitted(busy));
            return Ok(());
        }
        let phr = len.saturating_add(2) as u8;
        self.bus.dma_store(TX_AT, &[phr]);
        self.bus.dma_store(TX_AT.saturating_add(1), frame.frame);
        self.synchronize(now);
        self.at = frame.at.map(|at| self.count(at));
        self.order(now, Doing::Transmit { cca, len })
    }

    fn start_cca(&mut self, now: Instant) -> Result<(), RadioError> {
        self.ready()?;
        if self.hears_a_frame() {
            self.events.push(RadioEvent::Cca { clear: false });
            return Ok(());
        }
        self.order(now, Doing::Assess)
    }

    fn detect_energy(&mut self, now: Instant, until: Instant) -> Result<(), RadioError> {
        self.ready()?;
        self.detect_for = until.duration_since(now);
        self.order(now, Doing::DetectEnergy)
    }

    fn poll(&mut self, now: Instant) -> Option<RadioEvent> {
        self.on_interrupt(now);
        if self.limit.is_due(now) {
            let doing = self.doing;
            self.recover(now);
            if matches!(doing, Doing::Transmit { .. }) {
                let failed = TxOutcome::Failed;
                self.events.push(RadioEvent::Transmitted(failed));
            }
        }
        self.events.pop()
    }

    fn poll_at(&self) -> Deadline {
        self.limit
    }

    fn receive(&mut self, _: Instant, frame: &mut [u8; MAX_FRAME]) -> Option<RxInfo> {
        let (buffer, info) = self.events.fetch()?;
        let at = RX_AT.saturating_add(RX_BUFFER.saturating_mul(buffer));
        let octets = frame.get_mut(..info.len)?;
        self.bus.dma_load(at.saturating_add(1), octets);
        Some(info)
    }

    fn set_room(&mut self, frames: usize) {
        self.events.set_room(frames);
    }

    fn set_pending(&mut self, station: PendingFor, pending: bool) -> Result<(), RadioError> {
        self.filter.set(station, pending)
    }
}

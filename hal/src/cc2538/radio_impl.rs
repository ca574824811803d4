//! The driver as a [`Radio`].

use super::registers::{sfr, xreg};
use super::setup::POWER_RANGE;
use super::{Cc2538, Doing};
use crate::mmio::Bus;
use crate::parts::{SCAN, TIMESTAMPS};
use crate::radio::{
    MAX_FRAME, PendingFor, Radio, RadioCapabilities, RadioConfig, RadioError, RadioEvent, RxInfo,
    Transmit, TxMode, TxOutcome, take_oldest, timing,
};
use crate::time::{Deadline, Duration, Instant};

/// Octets of the shortest frame without check sequence.
const SHORTEST: usize = 3;

impl<B: Bus> Cc2538<B> {
    const fn ready(&self) -> Result<(), RadioError> {
        match self.doing {
            Doing::Receive => Ok(()),
            Doing::Sleep => Err(RadioError::Asleep),
            Doing::Transmit { .. } | Doing::DetectEnergy { .. } => Err(RadioError::Busy),
        }
    }

    /// Whether the channel is clear and no frame is being received: an acknowledgment that is
    /// leaving is waited for first.
    fn is_clear(&mut self) -> bool {
        self.status(xreg::TX_ACTIVE, false)
            && self.strength_is_valid()
            && self.bus.read(xreg::FSMSTAT1) & (xreg::CCA | xreg::SFD) == xreg::CCA
    }
}

impl<B: Bus> Radio for Cc2538<B> {
    /// It sends at once, whenever that is.
    const MAC_ACKNOWLEDGES: bool = false;
    const SENDS_AGAIN: bool = false;

    fn capabilities(&self) -> RadioCapabilities {
        let (tx_power_min, tx_power_max) = POWER_RANGE;
        RadioCapabilities {
            filter: true,
            auto_ack: true,
            timestamps: TIMESTAMPS,
            security: true,
            tx_power_min,
            tx_power_max,
            ..RadioCapabilities::default()
        }
    }

    fn configure(&mut self, _: Instant, config: &RadioConfig) -> Result<(), RadioError> {
        self.config = *config;
        if self.doing == Doing::Sleep {
            return Ok(());
        }
        self.doing = Doing::Receive;
        self.limit = Deadline::NEVER;
        self.turn_off()?;
        self.write_config();
        self.turn_on()
    }

    fn wake(&mut self, _: Instant) -> Result<(), RadioError> {
        if self.doing == Doing::Sleep {
            self.clock(true)?;
            self.write_constants();
            self.write_config();
            self.turn_on()?;
            self.doing = Doing::Receive;
        }
        Ok(())
    }

    fn sleep(&mut self, _: Instant) -> Result<(), RadioError> {
        match self.ready() {
            Err(RadioError::Asleep) => return Ok(()),
            other => other?,
        }
        self.turn_off()?;
        self.clock(false)?;
        self.doing = Doing::Sleep;
        self.frames = [None; super::FRAMES];
        self.events = [None; super::FRAMES + 3];
        Ok(())
    }

    fn transmit(&mut self, now: Instant, frame: Transmit<'_>) -> Result<(), RadioError> {
        let assess = match frame.mode {
            TxMode::Direct => false,
            TxMode::Cca => true,
            TxMode::Csma { .. } => return Err(RadioError::Unsupported),
        };
        if frame.at.is_some_and(|at| at > now) {
            return Err(RadioError::Unsupported);
        }
        self.ready()?;
        let len = frame.frame.len();
        if !matches!(len, SHORTEST..=MAX_FRAME) {
            return Err(RadioError::TooLong);
        }
        if !self.status(xreg::TX_ACTIVE, false) {
            self.recover();
            return Err(RadioError::Busy);
        }
        self.fill(frame.frame);
        self.bus.write(sfr::RFIRQF1, !sfr::TXDONE);
        if assess {
            if !self.is_clear() {
                let busy = TxOutcome::ChannelBusy;
                self.push(RadioEvent::Transmitted(busy));
                return Ok(());
            }
            self.strobe(sfr::ISTXONCCA);
            if self.bus.read(xreg::FSMSTAT1) & xreg::SAMPLED_CCA == 0 {
                let busy = TxOutcome::ChannelBusy;
                self.push(RadioEvent::Transmitted(busy));
                return Ok(());
            }
        } else {
            self.strobe(sfr::ISTXON);
        }
        self.doing = Doing::Transmit { len };
        let within = timing::airtime(len).saturating_add(timing::TURNAROUND);
        let within = within.saturating_add(Duration::from_millis(2));
        self.limit = Deadline::at(now.saturating_add(within));
        Ok(())
    }

    fn start_cca(&mut self, _: Instant) -> Result<(), RadioError> {
        self.ready()?;
        let clear = self.is_clear();
        self.push(RadioEvent::Cca { clear });
        Ok(())
    }

    fn detect_energy(&mut self, now: Instant, until: Instant) -> Result<(), RadioError> {
        if !SCAN {
            return Err(RadioError::Unsupported);
        }
        self.ready()?;
        let strongest = self.rssi();
        self.doing = Doing::DetectEnergy { until, strongest };
        self.limit = Deadline::at(now);
        Ok(())
    }

    fn poll(&mut self, now: Instant) -> Option<RadioEvent> {
        self.on_interrupt(now);
        if self.limit.is_due(now) && matches!(self.doing, Doing::Transmit { .. }) {
            self.recover();
            self.push(RadioEvent::Transmitted(TxOutcome::Failed));
        }
        take_oldest(&mut self.events)
    }

    fn poll_at(&self) -> Deadline {
        self.limit
    }

    fn receive(&mut self, _: Instant, frame: &mut [u8; MAX_FRAME]) -> Option<RxInfo> {
        let oldest = take_oldest(&mut self.frames)?;
        *frame = oldest.octets;
        // The layer above has it now, and says when it can take more.
        let acked = oldest.info.acked.is_some();
        self.room = self.room.saturating_sub(usize::from(acked));
        Some(oldest.info)
    }

    fn set_room(&mut self, frames: usize) {
        self.room = frames;
        // What the hardware has acknowledged meanwhile is told of by the interrupt to come.
        if self.doing != Doing::Sleep && self.bus.read(xreg::FSMSTAT1) & xreg::FIFOP == 0 {
            self.renew_acknowledging();
        }
    }

    fn set_pending(&mut self, station: PendingFor, pending: bool) -> Result<(), RadioError> {
        self.set_station(station, pending)
    }
}

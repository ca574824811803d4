//! A radio on the simulated air.

use litz_hal::radio::{
    MAX_FRAME, PendingFor, Radio, RadioCapabilities, RadioConfig, RadioError, RadioEvent, RxInfo,
    Transmit, TxMode, timing,
};
use litz_hal::time::Instant;

use super::Air;
use super::flight::{Job, Station};

/// A radio on the simulated air.
#[derive(Debug)]
pub struct AirRadio {
    air: Air,
    number: usize,
}

impl AirRadio {
    pub(super) fn new(air: Air, number: usize) -> Self {
        Self { air, number }
    }

    /// Its number on the air.
    #[must_use]
    pub const fn number(&self) -> usize {
        self.number
    }

    fn station<R>(&self, f: impl FnOnce(&mut Station) -> R) -> R {
        f(&mut self.air.0.borrow_mut().stations[self.number])
    }

    /// Begin a job, if there is none.
    fn begin(&self, job: Job) -> Result<(), RadioError> {
        self.station(|station| {
            if !station.awake {
                return Err(RadioError::Asleep);
            }
            if station.job.is_some() {
                return Err(RadioError::Busy);
            }
            station.job = Some(job);
            Ok(())
        })
    }
}

impl Radio for AirRadio {
    fn capabilities(&self) -> RadioCapabilities {
        self.station(|station| station.caps)
    }

    fn configure(&mut self, _: Instant, config: &RadioConfig) -> Result<(), RadioError> {
        self.station(|station| {
            station.config = Some(*config);
            // What is on the air cannot be called back.
            if !matches!(station.job, Some(Job::Flying(_))) {
                station.job = None;
            }
        });
        Ok(())
    }

    fn wake(&mut self, _: Instant) -> Result<(), RadioError> {
        self.station(|station| station.awake = true);
        Ok(())
    }

    fn sleep(&mut self, _: Instant) -> Result<(), RadioError> {
        self.station(|station| {
            if station.job.is_some() {
                return Err(RadioError::Busy);
            }
            station.awake = false;
            station.frames.clear();
            Ok(())
        })
    }

    fn transmit(&mut self, now: Instant, order: Transmit<'_>) -> Result<(), RadioError> {
        if order.frame.len() > MAX_FRAME || order.frame.len() < 3 {
            return Err(RadioError::TooLong);
        }
        let at = order.at.unwrap_or(now);
        if at < now {
            return Err(RadioError::TooLate);
        }
        let frame = order.frame.to_vec();
        self.begin(match order.mode {
            TxMode::Direct => Job::Start(at, frame),
            TxMode::Cca => Job::Cca(at.saturating_add(timing::CCA), Some(frame)),
            TxMode::Csma { .. } => return Err(RadioError::Unsupported),
        })
    }

    fn start_cca(&mut self, now: Instant) -> Result<(), RadioError> {
        self.begin(Job::Cca(now.saturating_add(timing::CCA), None))
    }

    fn detect_energy(&mut self, now: Instant, until: Instant) -> Result<(), RadioError> {
        self.begin(Job::Energy(now, until))
    }

    fn poll(&mut self, now: Instant) -> Option<RadioEvent> {
        self.air.advance(now);
        self.station(|station| station.events.pop_front())
    }

    fn receive(&mut self, _: Instant, frame: &mut [u8; MAX_FRAME]) -> Option<RxInfo> {
        let (octets, info) = self.station(|station| station.frames.pop_front())?;
        frame[..octets.len()].copy_from_slice(&octets);
        Some(info)
    }

    fn set_room(&mut self, frames: usize) {
        self.station(|station| station.room = frames);
    }

    fn set_pending(&mut self, station: PendingFor, pending: bool) -> Result<(), RadioError> {
        self.station(|own| own.pending.insert(station, pending));
        Ok(())
    }
}

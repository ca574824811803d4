//! Air for radios of 802.15.4 in virtual time: frames take as long as they are long, collide where
//! two are heard at once, and get lost as a seed decides; who hears whom is given, so that stations
//! can be hidden from one another. It reads no clock.

mod flight;
pub mod net;
mod radio;

pub use radio::AirRadio;

use std::cell::RefCell;
use std::rc::Rc;

use litz_hal::prng::{Chance, Prng};
use litz_hal::radio::{RadioCapabilities, RadioConfig};
use litz_hal::time::{Deadline, Instant};

use flight::{Flight, Station};

/// A frame that was on the air.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// When its preamble began.
    pub start: Instant,
    /// The number of the radio that sent it.
    pub from: usize,
    /// Its octets, without frame check sequence.
    pub octets: Vec<u8>,
}

/// What happened on the air.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AirStats {
    /// Frames sent.
    pub sent: u32,
    /// Receptions spoiled by another frame.
    pub collisions: u32,
    /// Receptions lost by chance.
    pub lost: u32,
    /// Receptions.
    pub received: u32,
}

/// The air: a handle that its radios share.
#[derive(Clone, Debug)]
pub struct Air(Rc<RefCell<State>>);

#[derive(Debug)]
struct State {
    stations: Vec<Station>,
    flights: Vec<Flight>,
    /// Strength in dBm with which the second hears the first; `None` if it does not.
    strength: Vec<Vec<Option<i8>>>,
    loss: Chance,
    prng: Prng,
    log: Vec<Heard>,
    stats: AirStats,
}

impl Air {
    /// Air in which each reception is lost with this chance.
    #[must_use]
    pub fn new(seed: u64, loss: Chance) -> Self {
        Self(Rc::new(RefCell::new(State {
            stations: Vec::new(),
            flights: Vec::new(),
            strength: Vec::new(),
            loss,
            prng: Prng::new(seed),
            log: Vec::new(),
            stats: AirStats::default(),
        })))
    }

    /// One more radio, which everybody hears and which hears everybody at −60 dBm.
    #[must_use]
    pub fn radio(&self, caps: RadioCapabilities) -> AirRadio {
        let mut state = self.0.borrow_mut();
        let number = state.stations.len();
        state.stations.push(Station::new(caps));
        for row in &mut state.strength {
            row.push(Some(-60));
        }
        state.strength.push(vec![Some(-60); number + 1]);
        AirRadio::new(self.clone(), number)
    }

    /// Let two radios hear one another with a strength in dBm, or not at all.
    pub fn set_strength(&self, one: usize, other: usize, strength: Option<i8>) {
        let mut state = self.0.borrow_mut();
        state.strength[one][other] = strength;
        state.strength[other][one] = strength;
    }

    /// Change the chance that a reception is lost.
    pub fn set_loss(&self, loss: Chance) {
        self.0.borrow_mut().loss = loss;
    }

    /// Let everything happen up to a time.
    pub fn advance(&self, now: Instant) {
        let mut state = self.0.borrow_mut();
        while let Some((when, who)) = state.next_job() {
            if when > now {
                return;
            }
            state.finish_job(who, when);
        }
    }

    /// When something happens next.
    #[must_use]
    pub fn next_event(&self) -> Deadline {
        self.0.borrow().next_job().map(|(when, _)| when).into()
    }

    /// Put a frame on the air from a place that no radio has, as an attacker would: every radio on
    /// its channel hears it at once, undisturbed.
    pub fn inject(&self, now: Instant, octets: &[u8]) {
        self.0.borrow_mut().inject(now, octets);
    }

    /// Every frame so far.
    #[must_use]
    pub fn log(&self) -> Vec<Heard> {
        self.0.borrow().log.clone()
    }

    /// What happened so far.
    #[must_use]
    pub fn stats(&self) -> AirStats {
        self.0.borrow().stats
    }

    /// How a radio is set up.
    #[must_use]
    pub fn config(&self, radio: usize) -> Option<RadioConfig> {
        self.0.borrow().stations[radio].config
    }
}

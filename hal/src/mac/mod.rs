//! The MAC of IEEE 802.15.4 without beacons' superframes: unslotted CSMA-CA, acknowledgments,
//! retries, filtering, security, frames for stations that sleep, scans. It makes a [`Radio`] a
//! [`Device`](crate::Device) of frames of 802.15.4, and leaves to the radio what it does by itself.
//!
//! Frames pass between the MAC and what is above without security: the MAC secures what it sends
//! and hands up what it could verify. It writes the sequence number; all else of the header is the
//! sender's.
//!
//! Memory is the caller's: at most 168 octets for a frame to be sent or received, 72 for a
//! neighbor, 24 for a sender whose frame counter is remembered.
//!
//! Scans, joining networks, frames for stations that sleep and beacons, a radio that sleeps itself
//! and counters are features of the crate, all on by default: a build can leave them out to be
//! smaller.
//!
//! Whoever drives it calls [`Mac::poll`] when the radio interrupts and when [`Mac::poll_at`] is
//! due; the calls of `Device` do it too. Guaranteed time slots and superframes are not here.

#[cfg(feature = "aes")]
mod aes;
mod association;
pub mod ccm;
mod config;
mod counters;
mod device;
mod duty;
pub(crate) mod head;
mod neighbors;
mod queue;
mod receive;
mod scan;
pub mod security;
#[cfg(target_pointer_width = "32")]
mod sizes;
mod transmit;

#[cfg(feature = "aes")]
pub use self::aes::SoftAes;
pub use association::{Association, Capability, Membership};
pub use config::{MacConfig, MacStorage};
pub use counters::{MacCounter, MacCounters};
pub use device::{MacRxToken, MacTxToken};
#[doc(hidden)]
pub use head::Head;
pub use neighbors::{LinkStats, NeighborSlot};
pub use queue::{RxSlot, TxSlot};
pub use scan::{PanDescriptor, Scan, ScanKind, ScanResult, ScanSlot};

use litz_wire::MacAddress;

use self::association::Joining;
use self::duty::Duty;
use self::neighbors::Neighbors;
use self::queue::{RxQueue, TxQueue};
use self::scan::Scanner;
use self::security::{Protection, Unsecured};
use self::transmit::Transmitter;
use crate::DeviceError;
use crate::parts::CHILDREN;
use crate::prng::Prng;
use crate::radio::{Radio, RadioCapabilities, RadioConfig, RadioError, RadioEvent};
use crate::time::{Deadline, Instant};

/// A MAC over a radio.
#[derive(Debug)]
pub struct Mac<'a, R, P = Unsecured> {
    radio: R,
    protection: P,
    config: MacConfig<'a>,
    caps: RadioCapabilities,
    tx: TxQueue<'a>,
    rx: RxQueue<'a>,
    neighbors: Neighbors<'a>,
    children: &'a mut [Option<MacAddress>],
    transmitter: Transmitter,
    scanner: Scanner<'a>,
    joining: Joining,
    duty: Duty,
    prng: Prng,
    counters: MacCounters,
    error: Option<DeviceError>,
    /// Frames that the radio was told there is room for.
    room_told: usize,
}

impl<'a, R: Radio, P: Protection> Mac<'a, R, P> {
    /// A MAC over a radio, which is set up and woken. `seed` makes the back-offs of stations
    /// differ.
    ///
    /// # Errors
    /// [`RadioError`] if the radio does not work with this configuration.
    pub fn new(
        now: Instant,
        mut radio: R,
        protection: P,
        config: MacConfig<'a>,
        storage: MacStorage<'a>,
        seed: u64,
    ) -> Result<Self, RadioError> {
        radio.configure(now, &config.radio)?;
        radio.wake(now)?;
        let mut prng = Prng::new(seed);
        let caps = radio.capabilities();
        let first = prng.next_u32() as u64;
        Ok(Self {
            radio,
            protection,
            config,
            caps,
            tx: TxQueue::new(storage.tx),
            rx: RxQueue::new(storage.rx),
            neighbors: Neighbors(storage.neighbors),
            children: storage.children,
            transmitter: Transmitter::new(first),
            scanner: Scanner::new(storage.scan),
            joining: Joining::default(),
            duty: Duty::new(now),
            prng,
            counters: MacCounters::default(),
            error: None,
            room_told: usize::MAX,
        })
    }

    /// Do what is due: take what the radio has, answer, send, sleep.
    pub fn poll(&mut self, now: Instant) {
        // Every event begins something that may end at once, in a radio of memory alone.
        const EVENTS: usize = 64;
        self.wake(now);
        self.tell_room();
        for _ in 0..EVENTS {
            self.run_timers(now);
            match self.radio.poll(now) {
                Some(RadioEvent::Received) => {
                    self.receive_all(now);
                    self.room_told = usize::MAX;
                    self.tell_room();
                }
                Some(RadioEvent::Transmitted(outcome)) => self.transmitted(now, outcome),
                Some(RadioEvent::Energy(dbm)) => self.energy_found(now, dbm),
                Some(RadioEvent::Recovered) => self.counters.count(MacCounter::Radio),
                Some(RadioEvent::Cca { .. }) => {}
                None => break,
            }
        }
        self.go_to_sleep(now);
    }

    /// Tell the radio how many frames it may acknowledge, if that has changed.
    fn tell_room(&mut self) {
        let room = self.rx.room();
        if room != self.room_told {
            self.room_told = room;
            self.radio.set_room(room);
        }
    }

    fn run_timers(&mut self, now: Instant) {
        while let Some(addr) = self.tx.expire(now) {
            self.counters.count(MacCounter::Expired);
            self.tell_radio(addr);
        }
        self.run_scan(now);
        self.run_association(now);
        self.advance(now);
    }

    /// The radio refused an order.
    fn refused(&mut self, error: RadioError) {
        self.counters.count(MacCounter::Radio);
        if let RadioError::Hardware(code) = error {
            self.error = Some(DeviceError::Hardware(code));
        }
    }

    /// When to poll next, if the radio does not interrupt before.
    #[must_use]
    pub fn poll_at(&self, now: Instant) -> Deadline {
        let timers = self.tx.expires_at().min(self.radio.poll_at());
        let timers = timers.min(self.joining.due());
        // The radio, which held back, can go on.
        let timers = match self.rx.room() == self.room_told {
            true => timers,
            false => Deadline::at(now),
        };
        let work = self.transmit_at(now).min(self.scanner.poll_at());
        timers.min(work).min(self.duty.sleep_at(now))
    }

    /// The radio.
    pub const fn radio(&self) -> &R {
        &self.radio
    }

    /// The radio. What it is told besides the MAC is between the caller and it.
    pub const fn radio_mut(&mut self) -> &mut R {
        &mut self.radio
    }

    /// What protects frames.
    pub const fn protection(&self) -> &P {
        &self.protection
    }

    /// What protects frames.
    pub const fn protection_mut(&mut self) -> &mut P {
        &mut self.protection
    }

    /// The parameters.
    pub const fn config(&self) -> &MacConfig<'a> {
        &self.config
    }

    /// Change channel, addresses or power.
    ///
    /// # Errors
    /// [`RadioError`]; the old configuration is kept.
    pub fn configure(&mut self, now: Instant, radio: RadioConfig) -> Result<(), RadioError> {
        self.radio.configure(now, &radio)?;
        self.config.radio = radio;
        self.transmitter.interrupted();
        Ok(())
    }

    /// What was received, sent and dropped.
    pub const fn counters(&self) -> &MacCounters {
        &self.counters
    }

    /// The links to the stations that were heard last.
    pub fn links(&self) -> impl Iterator<Item = (MacAddress, LinkStats)> {
        self.neighbors.iter()
    }

    /// Keep frames for a station until it asks for them, because it sleeps; or no more. Returns
    /// whether there was room to remember it.
    pub fn set_sleepy(&mut self, station: MacAddress, sleeps: bool) -> bool {
        if !CHILDREN {
            return !sleeps;
        }
        let place = self
            .children
            .iter()
            .position(|known| *known == Some(station));
        match (place, sleeps) {
            (Some(_), true) | (None, false) => true,
            (Some(place), false) => {
                if let Some(slot) = self.children.get_mut(place) {
                    *slot = None;
                }
                true
            }
            (None, true) => match self.children.iter_mut().find(|slot| slot.is_none()) {
                Some(slot) => {
                    *slot = Some(station);
                    true
                }
                None => false,
            },
        }
    }

    /// Whether nothing is to be sent and nothing waits to be fetched.
    pub fn is_idle(&self) -> bool {
        self.transmitter.is_idle() && self.tx.next().is_none() && self.rx.is_empty()
    }
}

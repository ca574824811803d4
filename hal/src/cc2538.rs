//! The radio of the CC2538 (user's guide SWRU319, radio chapter). Its hardware filters by address,
//! acknowledges, writes and verifies check sequences and keeps received frames in a FIFO of 128
//! octets; the driver moves octets, and recovers what is stuck. And of the rest of the chip what a
//! node needs beside: a clock, the AES engine, random numbers, a thermometer, its identity.
//!
//! The chip's errata sheet was not at hand: there may be errata that are not handled. Open is also
//! how long after the last symbol of a start-of-frame delimiter its time is captured; it is taken
//! for that symbol's.

mod aes;
mod clock;
mod fifo;
mod identity;
mod radio_impl;
mod registers;
mod setup;
mod source;
mod timestamp;

pub use aes::{CCM_OCTETS, Cc2538Ccm};
pub use clock::{CLOCK_IRQ, Cc2538Clock, RADIO_IRQ, alternate_interrupts, start_crystal};
pub use identity::{extended_address, quarter_degrees, random};

use core::task::Waker;

use crate::mmio::Bus;
use crate::parts::SCAN;
use crate::radio::{MAX_FRAME, RadioConfig, RadioEvent, RxInfo};
use crate::time::{Deadline, Duration, Instant};
use registers::{sfr, xreg};

/// Reads after which something that takes microseconds is given up.
const PATIENCE: u32 = 4_000;
/// Frames that wait to be fetched.
const FRAMES: usize = 3;

/// Codes of [`crate::radio::RadioError::Hardware`].
const NO_CLOCK: u32 = 1;
const NOT_OFF: u32 = 2;
const NOT_RECEIVING: u32 = 3;

/// What the radio is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Doing {
    Sleep,
    Receive,
    Transmit { len: usize },
    DetectEnergy { until: Instant, strongest: i8 },
}

/// A received frame.
#[derive(Clone, Copy, Debug)]
struct Frame {
    info: RxInfo,
    octets: [u8; MAX_FRAME],
}

/// The radio.
#[derive(Debug)]
pub struct Cc2538<B: Bus> {
    bus: B,
    config: RadioConfig,
    doing: Doing,
    limit: Deadline,
    /// A time, and the count of the MAC timer then.
    clock: (Instant, u64),
    /// Frames, the oldest first.
    frames: [Option<Frame>; FRAMES],
    events: [Option<RadioEvent>; FRAMES + 3],
    stations: source::Table,
    /// Frames that the layer above can take; those here are among them.
    room: usize,
    /// Whether the hardware acknowledges.
    acknowledging: bool,
    waker: Option<Waker>,
}

/// Whether the bits of a register come to be as wanted, soon.
#[inline(never)]
fn reaches(bus: &mut impl Bus, register: u32, bits: u32, wanted: u32) -> bool {
    (0..PATIENCE).any(|_| bus.read(register) & bits == wanted)
}

/// Opens or closes the clock gates of a peripheral, whose first register this is; its registers
/// answer only while they are open. False if they do not follow.
fn set_gates(bus: &mut impl Bus, first: u32, peripheral: u32, open: bool) -> bool {
    let value = if open { peripheral } else { 0 };
    [0, 4, 8].iter().all(|offset| {
        let gate = first.wrapping_add(*offset);
        bus.write(gate, value);
        reaches(bus, gate, peripheral, value)
    })
}

impl<B: Bus> Cc2538<B> {
    /// The radio, which sleeps until [`crate::radio::Radio::wake`] and is set up then. The crystal
    /// of 32 MHz runs already.
    pub const fn new(bus: B, config: RadioConfig) -> Self {
        Self {
            bus,
            config,
            doing: Doing::Sleep,
            limit: Deadline::NEVER,
            clock: (Instant::ZERO, 0),
            frames: [None; FRAMES],
            events: [None; FRAMES + 3],
            stations: source::Table::EMPTY,
            room: usize::MAX,
            acknowledging: false,
            waker: None,
        }
    }

    /// Has `waker` woken when an interrupt has something to tell.
    pub fn set_waker(&mut self, waker: &Waker) {
        if !self.waker.as_ref().is_some_and(|old| old.will_wake(waker)) {
            self.waker = Some(waker.clone());
        }
    }

    /// The handler of the interrupts of the RF core, 141 and 142 (or 26 and 27, by
    /// `SYS_CTRL.I_MAP`).
    pub fn on_interrupt(&mut self, now: Instant) {
        match self.doing {
            Doing::Sleep => return,
            Doing::Receive | Doing::Transmit { .. } => {
                self.synchronize(now);
                self.drain();
            }
            Doing::DetectEnergy { .. } if !SCAN => {}
            Doing::DetectEnergy { until, strongest } => self.sample(now, until, strongest),
        }
        if self.bus.read(sfr::RFIRQF1) & sfr::TXDONE != 0 {
            self.bus.write(sfr::RFIRQF1, !sfr::TXDONE);
            // Otherwise it is the end of a transmission that was given up.
            if let Doing::Transmit { len } = self.doing {
                self.transmitted(len);
            }
        }
        if self.events.iter().any(Option::is_some)
            && let Some(waker) = &self.waker
        {
            waker.wake_by_ref();
        }
    }

    fn push(&mut self, event: RadioEvent) {
        if let Some(place) = self.events.iter_mut().find(|place| place.is_none()) {
            *place = Some(event);
        }
    }

    fn strobe(&mut self, strobe: u32) {
        self.bus.write(sfr::RFST, strobe);
    }

    /// Whether a bit of `FSMSTAT1` comes to be as wanted, soon.
    fn status(&mut self, bit: u32, wanted: bool) -> bool {
        let wanted = if wanted { bit } else { 0 };
        reaches(&mut self.bus, xreg::FSMSTAT1, bit, wanted)
    }

    /// dBm now: the register holds 73 more.
    fn rssi(&mut self) -> i8 {
        let register = self.bus.read(xreg::RSSI) as u8;
        fifo::dbm(register)
    }

    /// Looks for the strongest signal; the receiver is on and its results are thrown away.
    fn sample(&mut self, now: Instant, until: Instant, strongest: i8) {
        let strongest = strongest.max(self.rssi());
        self.doing = Doing::DetectEnergy { until, strongest };
        self.limit = Deadline::at(now.saturating_add(Duration::from_micros(128)));
        if now >= until {
            self.flush_rx();
            self.doing = Doing::Receive;
            self.limit = Deadline::NEVER;
            self.push(RadioEvent::Energy(strongest));
        }
    }

    /// Sets everything up again after the radio has not done what it should.
    fn recover(&mut self) {
        // What fails now fails again at the next order, which says so.
        let off = self.turn_off();
        self.write_constants();
        self.write_config();
        let on = self.turn_on();
        debug_assert!(off.is_ok() || on.is_ok() || self.doing != Doing::Sleep);
        self.doing = Doing::Receive;
        self.limit = Deadline::NEVER;
        self.push(RadioEvent::Recovered);
    }
}

//! The radio of the nRF52840, its AES engine, its source of random numbers and its identity; and of
//! the rest of the chip what a node needs beside: a clock, flash, a thermometer.
//!
//! Frames are received by DMA into a ring of buffers; the radio itself checks the frame check
//! sequence. What else a receiver owes is done in [`Nrf52840::on_interrupt`]: the address filter,
//! and the acknowledgment, which the hardware clock starts 192 µs after the end of the frame or
//! not at all. Sending, assessment and energy detection run by shortcuts in the radio; each is
//! ended by one interrupt, and by `Radio::poll` if that never comes.
//!
//! Errata of the chip, by their numbers in Nordic's list: 78 (timers are shut down, not stopped),
//! 204 (between sending and receiving the radio is disabled, but for the shortcut after an
//! assessment, which the specification describes), 153 (the strength of a signal depends on the
//! temperature: [`Nrf52840::set_temperature`]), 236 (formulas for strengths: the constants here are
//! those that others use). Not handled: 112 (false start-of-frame delimiters; what they deliver
//! fails its check sequence), and 254 (newer silicon wants values in registers that were not found;
//! to be looked up before a device with such silicon ships).
//!
//! Values that need a board to be verified: [`CHAIN_DELAY`], [`ED_OFFSET`].

mod aes;
mod clock;
mod energy;
mod filter;
mod flash;
mod identity;
mod queue;
mod radio_impl;
mod registers;
mod rx;
mod setup;
mod temperature;
mod tx;

use core::task::Waker;

use crate::mmio::DmaBus;
use crate::radio::{Channel, RadioConfig, RadioError, RadioEvent};
use crate::time::{Deadline, Duration, Instant};
use queue::Events;
use registers::timer;

pub use aes::NrfEcb;
pub use clock::{CLOCK_IRQ, NrfClock};
pub use flash::NvmcFlash;
pub use identity::{NrfRng, extended_address};
pub use temperature::quarter_degrees;

/// Microseconds from the end of a symbol on air to the event that it causes in the receiver.
pub const CHAIN_DELAY: u32 = 23;
/// dBm of an energy of 0, and of a signal of quality 0.
pub const ED_OFFSET: i8 = -92;
/// Octets of memory for DMA that [`Nrf52840`] needs with four receive buffers.
pub const DMA_OCTETS: usize = RX_AT.saturating_add(RX_BUFFER.saturating_mul(4));

/// Microseconds from `TXEN` or `RXEN` until the radio is ready.
const RAMP_UP: u32 = 40;
/// Where things stand in the memory for DMA: the frame to be sent, an acknowledgment, receive
/// buffers of a length, the longest frame and its quality.
const TX_AT: usize = 0;
const ACK_AT: usize = 128;
const RX_AT: usize = 136;
const RX_BUFFER: usize = 132;
/// Receive buffers at most.
const MAX_BUFFERS: usize = 8;
/// Reads after which something that takes a microsecond is given up.
const PATIENCE: u32 = 2_000;
/// Reads after which the crystal oscillator is given up; it takes less than a millisecond.
const CRYSTAL_PATIENCE: u32 = 100_000;

/// What the radio is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Doing {
    Sleep,
    Receive,
    /// An acknowledgment leaves, or is about to; with the order that waits for its end.
    Acknowledge,
    Transmit {
        cca: bool,
        /// Octets of the frame without check sequence.
        len: usize,
    },
    Assess,
    DetectEnergy,
}

/// The radio, a driver that owns its registers and its memory.
#[derive(Debug)]
pub struct Nrf52840<B: DmaBus> {
    bus: B,
    config: RadioConfig,
    doing: Doing,
    /// When what is done should have ended.
    limit: Deadline,
    /// An order that came while an acknowledgment was leaving.
    waiting: Option<Doing>,
    /// When it is to begin, in the timer's time.
    at: Option<u32>,
    /// A time, and the timer's count then.
    clock: (Instant, u32),
    /// Microseconds of energy detection.
    detect_for: Duration,
    events: Events,
    filter: filter::Pending,
    /// What is measured of signals too much, in dB.
    excess: i8,
    waker: Option<Waker>,
}

impl<B: DmaBus> Nrf52840<B> {
    /// Sets the radio up; it sleeps until [`crate::radio::Radio::wake`]. The bus has at least
    /// [`DMA_OCTETS`] of memory; with more, more frames wait to be fetched.
    ///
    /// # Errors
    /// [`RadioError::Full`] with too little memory, [`RadioError::Hardware`].
    pub fn new(bus: B, config: RadioConfig) -> Result<Self, RadioError> {
        let room = bus.dma_len().saturating_sub(RX_AT);
        let buffers = room.checked_div(RX_BUFFER).unwrap_or(0).min(MAX_BUFFERS);
        if buffers < 2 {
            return Err(RadioError::Full);
        }
        let mut radio = Self {
            bus,
            config,
            doing: Doing::Sleep,
            limit: Deadline::NEVER,
            waiting: None,
            at: None,
            clock: (Instant::ZERO, 0),
            detect_for: Duration::ZERO,
            events: Events::new(buffers),
            filter: filter::Pending::default(),
            excess: 0,
            waker: None,
        };
        radio.start_clocks()?;
        radio.power_down()?;
        Ok(radio)
    }

    /// Has `waker` woken when an interrupt has something to tell.
    pub fn set_waker(&mut self, waker: &Waker) {
        if !self.waker.as_ref().is_some_and(|old| old.will_wake(waker)) {
            self.waker = Some(waker.clone());
        }
    }

    /// Tells the temperature of the chip, in quarters of a degree Celsius, as [`quarter_degrees`]
    /// measures it: strengths and qualities of signals, and from the next configuration on the
    /// threshold of assessments, are corrected by it (erratum 153). Without, 10 to 30 °C are
    /// assumed.
    pub const fn set_temperature(&mut self, quarter_degrees: i32) {
        self.excess = temperature::excess(quarter_degrees);
    }

    /// The handler of interrupt 1. It is to run within 100 µs: acknowledgments are prepared here.
    pub fn on_interrupt(&mut self, now: Instant) {
        self.synchronize(now);
        match self.doing {
            // Without power it interrupts no more.
            Doing::Sleep => return,
            Doing::Receive => self.received(now),
            Doing::Acknowledge => self.acknowledged(now),
            Doing::Transmit { cca, len } => self.transmitted(now, cca, len),
            Doing::Assess => self.assessed(now),
            Doing::DetectEnergy => self.detected(now),
        }
        if !self.events.is_empty()
            && let Some(waker) = &self.waker
        {
            waker.wake_by_ref();
        }
    }

    /// Whether an event has happened; it is cleared, and read back so that the write has arrived
    /// before the handler of the interrupt returns.
    fn take(&mut self, event: u32) -> bool {
        let happened = self.bus.read(event) != 0;
        if happened {
            self.bus.write(event, 0);
            self.bus.read(event);
        }
        happened
    }

    /// The timer's count.
    fn micros(&mut self) -> u32 {
        self.bus.write(timer::CAPTURE3, 1);
        self.bus.read(timer::CC3)
    }

    /// Notes which count of the timer is which time.
    fn synchronize(&mut self, now: Instant) {
        self.clock = (now, self.micros());
    }

    /// The time of a count of the timer that is not long ago, or will soon be.
    fn instant(&self, count: u32) -> Instant {
        let (now, then) = self.clock;
        let ago = then.wrapping_sub(count).cast_signed();
        let span = Duration::from_micros(u64::from(ago.unsigned_abs()));
        if ago < 0 {
            now.saturating_add(span)
        } else {
            now.saturating_sub(span)
        }
    }

    /// The count of the timer at a time.
    fn count(&self, at: Instant) -> u32 {
        let (now, then) = self.clock;
        let ahead = at.total_micros().saturating_sub(now.total_micros());
        then.wrapping_add(ahead as u32)
    }

    /// The end of what was begun, with time to spare.
    fn expect_end(&mut self, now: Instant, within: Duration) {
        let spare = Duration::from_millis(2);
        self.limit = Deadline::at(now.saturating_add(within).saturating_add(spare));
    }

    /// The channel's frequency, MHz above 2400: 5 × (channel − 10).
    const fn frequency(channel: Channel) -> u32 {
        (channel.mhz() as u32).saturating_sub(2400)
    }

    /// Sets everything up again after the radio has not done what it should.
    fn recover(&mut self, now: Instant) {
        self.events.push(RadioEvent::Recovered);
        self.waiting = None;
        self.at = None;
        self.doing = Doing::Receive;
        // What fails now fails again at the next order, which says so.
        let started = self.power_up();
        if started.is_ok() {
            self.receive_on(now);
        }
    }
}

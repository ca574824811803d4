//! The air that radios share: who sends what from when to when on which channel, and what a
//! receiver hears of it (IEEE 802.15.4-2020 §12: O-QPSK at 2450 MHz, two symbols to an octet).
//!
//! Everybody hears everybody equally well. Two frames that overlap at a receiver are both broken:
//! there is no capture. A frame is lost for a receiver by chance, which follows from the seed.

use std::cell::RefCell;
use std::rc::Rc;

/// Ticks of the air's clock in a microsecond: cycles of a processor at 64 MHz.
pub const MICROSECOND: u64 = 64;
/// An octet on air.
pub const OCTET: u64 = 32 * MICROSECOND;
/// Preamble and start-of-frame delimiter.
pub const SHR: u64 = 160 * MICROSECOND;
/// A receiver that begins to listen this long after the start of a preamble still finds it: four of
/// its eight symbols are left.
const LATEST: u64 = 64 * MICROSECOND;

/// One transmission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transmission {
    /// Its number, from 0.
    pub serial: u64,
    /// Who sends.
    pub from: usize,
    /// 11 to 26.
    pub channel: u8,
    /// When its first preamble symbol left.
    pub start: u64,
    /// When its last symbol left.
    pub end: u64,
    /// Frame and check sequence, without length.
    pub octets: Vec<u8>,
    /// dBm at a receiver.
    pub strength: i8,
}

impl Transmission {
    /// When its start-of-frame delimiter ends.
    #[must_use]
    pub const fn delimiter(&self) -> u64 {
        self.start.saturating_add(SHR)
    }
}

/// What becomes of a frame at a receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It arrives as it was sent.
    Intact,
    /// It arrives with wrong octets.
    Broken,
    /// It is not noticed.
    Missed,
}

#[derive(Debug, Default)]
struct State {
    transmissions: Vec<Transmission>,
    serial: u64,
    radios: usize,
    seed: u64,
    /// Frames lost, in each million.
    loss: u32,
    /// Interference: channel, start, end, dBm.
    noise: Vec<(u8, u64, u64, i8)>,
}

/// The air; clones share it.
#[derive(Clone, Debug, Default)]
pub struct Air(Rc<RefCell<State>>);

impl Air {
    /// Air that loses `loss` of a million frames at each receiver, by chance from `seed`.
    #[must_use]
    pub fn new(seed: u64, loss: u32) -> Self {
        let air = Self::default();
        air.0.borrow_mut().seed = seed;
        air.0.borrow_mut().loss = loss;
        air
    }

    /// The number of a radio that joins.
    #[must_use]
    pub fn join(&self) -> usize {
        let mut state = self.0.borrow_mut();
        state.radios = state.radios.saturating_add(1);
        state.radios
    }

    /// Begins a transmission at `start`; `octets` are frame and check sequence. Returns its end.
    pub fn transmit(&self, from: usize, channel: u8, start: u64, octets: &[u8], power: i8) -> u64 {
        let mut state = self.0.borrow_mut();
        let length = (octets.len() as u64)
            .saturating_add(1)
            .saturating_mul(OCTET);
        let end = start.saturating_add(SHR).saturating_add(length);
        let serial = state.serial;
        state.serial = serial.saturating_add(1);
        state.transmissions.push(Transmission {
            serial,
            from,
            channel,
            start,
            end,
            octets: octets.to_vec(),
            // Sixty decibels are lost on the way.
            strength: power.saturating_sub(60),
        });
        end
    }

    /// Cuts a transmission short: its sender was turned off.
    pub fn cut(&self, from: usize, at: u64) {
        let mut state = self.0.borrow_mut();
        let own = state.transmissions.iter_mut();
        for transmission in own.filter(|t| t.from == from && t.end > at) {
            transmission.end = at.max(transmission.start);
            transmission.octets.clear();
        }
    }

    /// Disturbs a channel for a time.
    pub fn disturb(&self, channel: u8, start: u64, end: u64, dbm: i8) {
        self.0.borrow_mut().noise.push((channel, start, end, dbm));
    }

    /// The first transmission on `channel` that a receiver finds which listens since `since`, and
    /// which has not ended at `now`.
    #[must_use]
    pub fn heard(&self, by: usize, channel: u8, since: u64, now: u64) -> Option<Transmission> {
        let state = self.0.borrow();
        let mut all = state.transmissions.iter();
        let found = all.find(|t| {
            let findable = since <= t.start.saturating_add(LATEST);
            let there = t.channel == channel && t.from != by && t.end > now;
            there && findable && state.fate(t, by) != Fate::Missed
        });
        found.cloned()
    }

    /// What became of a transmission at a receiver, at its end.
    #[must_use]
    pub fn fate(&self, transmission: &Transmission, at: usize) -> Fate {
        let state = self.0.borrow();
        // It may have been cut short meanwhile.
        let mut all = state.transmissions.iter();
        let known = all.find(|t| t.serial == transmission.serial);
        known.map_or(Fate::Broken, |known| state.fate(known, at))
    }

    /// The strongest signal on `channel` between two times, in dBm, if there is one.
    #[must_use]
    pub fn energy(&self, by: usize, channel: u8, from: u64, to: u64) -> Option<i8> {
        let state = self.0.borrow();
        let overlaps = |start: u64, end: u64| start < to && end > from;
        let frames = state.transmissions.iter();
        let frames = frames.filter(|t| t.channel == channel && t.from != by);
        let frames = frames.filter(|t| overlaps(t.start, t.end));
        let noise = state.noise.iter();
        let noise = noise.filter(|(on, start, end, _)| *on == channel && overlaps(*start, *end));
        frames.map(|t| t.strength).chain(noise.map(|n| n.3)).max()
    }

    /// Everything that was sent since `since`, in order.
    #[must_use]
    pub fn sent_since(&self, since: u64) -> Vec<Transmission> {
        let state = self.0.borrow();
        let all = state.transmissions.iter();
        all.filter(|t| t.start >= since).cloned().collect()
    }

    /// Forgets what ended before `before`.
    pub fn forget(&self, before: u64) {
        let mut state = self.0.borrow_mut();
        state.transmissions.retain(|t| t.end >= before);
        state.noise.retain(|noise| noise.2 >= before);
    }
}

impl State {
    fn fate(&self, transmission: &Transmission, at: usize) -> Fate {
        let mut others = self.transmissions.iter();
        let collides = others.any(|t| {
            t.serial != transmission.serial
                && t.channel == transmission.channel
                && t.from != at
                && t.start < transmission.end
                && t.end > transmission.start
        });
        let mut noise = self.noise.iter();
        let disturbed = noise.any(|(channel, start, end, dbm)| {
            *channel == transmission.channel
                && *start < transmission.end
                && *end > transmission.start
                && *dbm > transmission.strength
        });
        if collides || disturbed || transmission.octets.is_empty() {
            return Fate::Broken;
        }
        let chance = mix(self.seed ^ mix(transmission.serial ^ (at as u64) << 48));
        let lost = (chance >> 1) % 1_000_000 < u64::from(self.loss);
        match (lost, chance & 1) {
            (false, _) => Fate::Intact,
            (true, 0) => Fate::Missed,
            (true, _) => Fate::Broken,
        }
    }
}

/// The finalizer of SplitMix64: every bit of the result depends on every bit of the number.
const fn mix(number: u64) -> u64 {
    let number = (number ^ number >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let number = (number ^ number >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    number ^ number >> 31
}

/// The frame check sequence (IEEE 802.15.4-2020 §7.2.11): CRC-16 of ITU-T, low bit first.
#[must_use]
pub fn check_sequence(octets: &[u8]) -> [u8; 2] {
    let crc = octets.iter().fold(0_u16, |crc, octet| {
        (0..8).fold(crc ^ u16::from(*octet), |crc, _| {
            let odd = crc & 1 == 1;
            crc >> 1 ^ if odd { 0x8408 } else { 0 }
        })
    });
    crc.to_le_bytes()
}

//! The RF core: its state machine, FIFOs and flags.

use std::collections::VecDeque;

use super::filter::{self, Rules};
use super::mac_timer::MacTimer;
use crate::air::{Air, Fate, MICROSECOND, SHR, Transmission, check_sequence};

/// From a strobe until the receiver or the sender is on.
const TURNAROUND: u64 = 192 * MICROSECOND;
/// Until the strength of a receiver that is on is valid.
const EIGHT_SYMBOLS: u64 = 128 * MICROSECOND;
/// Octets of a FIFO.
const FIFO: usize = 128;
/// What the strength register holds above dBm.
const RSSI_OFFSET: i8 = 73;
/// Without a signal.
const SILENCE: i8 = -100;

/// Flags of `RFIRQF0`, `RFIRQF1` and `RFERRF`.
const SFD: u32 = 1 << 1;
const FIFOP: u32 = 1 << 2;
const SRC_MATCH_FOUND: u32 = 1 << 4;
const FRAME_ACCEPTED: u32 = 1 << 5;
const RXPKTDONE: u32 = 1 << 6;
const TXACKDONE: u32 = 1;
const TXDONE: u32 = 1 << 1;
const RXABO: u32 = 1 << 1;
const RXOVERF: u32 = 1 << 2;
const RXUNDERF: u32 = 1 << 3;
const TXOVERF: u32 = 1 << 4;
const TXUNDERF: u32 = 1 << 5;
const STROBEERR: u32 = 1 << 6;

/// Offsets of registers.
const FRMFILT0: u32 = 0x600;
const FRMFILT1: u32 = 0x604;
const SRCMATCH: u32 = 0x608;
const FRMCTRL0: u32 = 0x624;
const FRMCTRL1: u32 = 0x628;
const FREQCTRL: u32 = 0x63C;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Off,
    /// On since then.
    Receive(u64),
    /// Calibrates; sends from then on.
    Prepare {
        at: u64,
        ack: bool,
    },
    Send {
        end: u64,
        ack: bool,
        /// When its start-of-frame delimiter ends.
        delimiter: u64,
    },
}

/// The RF core.
#[derive(Debug)]
pub(super) struct Radio {
    air: Air,
    pub(super) number: usize,
    pub(super) mac_timer: MacTimer,
    random: u32,
    registers: [u32; 0x300],
    state: State,
    /// The frequency that the last calibration was for.
    channel: u8,
    rx: VecDeque<u8>,
    tx: Vec<u8>,
    /// Whole frames in the receive FIFO, by their octets.
    whole: VecDeque<usize>,
    overflow: bool,
    flags: [u32; 2],
    errors: u32,
    sampled_cca: bool,
    locked: Option<Transmission>,
    heard_delimiter: bool,
    ack: Vec<u8>,
    flushed_once: bool,
    pub(super) mistakes: Vec<String>,
}

impl Radio {
    pub(super) fn new(air: Air) -> Self {
        let mut radio = Self {
            number: air.join(),
            mac_timer: MacTimer::default(),
            random: 0x9E37_79B9,
            air,
            registers: [0; 0x300],
            state: State::Off,
            channel: 11,
            rx: VecDeque::new(),
            tx: Vec::new(),
            whole: VecDeque::new(),
            overflow: false,
            flags: [0; 2],
            errors: 0,
            sampled_cca: false,
            locked: None,
            heard_delimiter: false,
            ack: Vec::new(),
            flushed_once: false,
            mistakes: Vec::new(),
        };
        radio.reset_registers();
        radio
    }

    pub(super) fn reset_registers(&mut self) {
        self.registers = [0; 0x300];
        for (offset, value) in [
            (FRMFILT0, 0x0D),
            (FRMFILT1, 0x78),
            (SRCMATCH, 0x07),
            (FRMCTRL0, 0x40),
            (FRMCTRL1, 0x01),
            (FREQCTRL, 11),
        ] {
            self.set(offset, value);
        }
        self.rx.clear();
        self.tx.clear();
        self.whole.clear();
        self.overflow = false;
        self.flags = [0; 2];
        self.errors = 0;
    }

    fn get(&self, offset: u32) -> u32 {
        let register = self.registers.get((offset >> 2) as usize);
        register.copied().unwrap_or(0)
    }

    fn set(&mut self, offset: u32, value: u32) {
        if let Some(register) = self.registers.get_mut((offset >> 2) as usize) {
            *register = value & 0xFF;
        }
    }

    fn octet(&self, offset: u32) -> u8 {
        self.get(offset) as u8
    }

    pub(super) const fn interrupts(&self) -> (bool, bool) {
        let [first, second] = self.flags;
        let masks = &self.registers;
        let done = first & masks[0x68C >> 2] != 0 || second & masks[0x690 >> 2] != 0;
        (done, self.errors & masks[0x694 >> 2] != 0)
    }

    /// dBm at the receiver, over the eight symbols before.
    fn strength(&self, now: u64) -> i8 {
        let from = now.saturating_sub(EIGHT_SYMBOLS);
        let energy = self.air.energy(self.number, self.channel, from, now);
        energy.unwrap_or(SILENCE)
    }

    fn is_clear(&self, now: u64) -> bool {
        let threshold = (self.octet(0x658) as i8).saturating_sub(RSSI_OFFSET);
        let loud = self.strength(now) >= threshold;
        let frame = self.locked.is_some();
        let busy = match self.get(0x65C) >> 3 & 3 {
            0 => false,
            1 => loud,
            2 => frame,
            _ => loud && frame,
        };
        !busy && self.is_valid(now)
    }

    fn is_valid(&self, now: u64) -> bool {
        matches!(self.state, State::Receive(since) if now >= since.saturating_add(EIGHT_SYMBOLS))
    }

    pub(super) fn read(&mut self, offset: u32, now: u64) -> u32 {
        match offset {
            0x64C => {
                let sends = matches!(self.state, State::Prepare { .. } | State::Send { .. });
                let receives = matches!(self.state, State::Receive(_));
                let fifo = !self.rx.is_empty() && !self.overflow;
                let whole = self.overflow || !self.whole.is_empty();
                [
                    receives,
                    sends,
                    true,
                    self.sampled_cca,
                    self.is_clear(now),
                    self.heard_delimiter,
                    whole,
                    fifo,
                ]
                .into_iter()
                .rev()
                .fold(0, |word, bit| word << 1 | u32::from(bit))
            }
            0x660 => u32::from(self.strength(now).saturating_add(RSSI_OFFSET) as u8),
            0x664 => u32::from(self.is_valid(now)),
            0x69C => self.noise(now),
            0x804..=0x824 => self.mac_timer.read(offset, now),
            0x66C => self.rx.len() as u32,
            0x670 => self.tx.len() as u32,
            0x828 => self.pop(),
            0x82C => self.errors,
            0x830 => self.flags[1],
            0x834 => self.flags[0],
            _ => self.get(offset),
        }
    }

    fn pop(&mut self) -> u32 {
        let Some(octet) = self.rx.pop_front() else {
            self.errors |= RXUNDERF;
            return 0;
        };
        if let Some(left) = self.whole.front_mut() {
            *left = left.saturating_sub(1);
            if *left == 0 {
                self.whole.pop_front();
            }
        }
        u32::from(octet)
    }

    pub(super) fn write(&mut self, offset: u32, value: u32, now: u64) {
        if offset != 0x838 {
            self.flushed_once = false;
        }
        match offset {
            0x828 if self.tx.len() >= FIFO => self.errors |= TXOVERF,
            0x828 => self.tx.push(value as u8),
            // Zeros clear.
            0x82C => self.errors &= value,
            0x830 => self.flags[1] &= value,
            0x834 => self.flags[0] &= value,
            0x804..=0x824 => self.mac_timer.write(offset, value, now),
            0x838 => self.strobe(value & 0xFF, now),
            _ => self.set(offset, value),
        }
    }

    fn strobe(&mut self, strobe: u32, now: u64) {
        match (strobe, self.state) {
            (0xE3, State::Off) => self.receive_from(now.saturating_add(TURNAROUND)),
            (0xE3, _) => {}
            (0xE9, _) => self.prepare(now),
            (0xEA, _) => {
                self.sampled_cca = self.is_clear(now);
                if self.sampled_cca {
                    self.prepare(now);
                }
            }
            (0xEB, _) => self.sampled_cca = self.is_clear(now),
            (0xED, _) => {
                self.rx.clear();
                self.whole.clear();
                self.overflow = false;
                // A frame that is coming in is given up.
                if let Some(frame) = self.locked.take()
                    && self.heard_delimiter
                {
                    self.state = State::Receive(frame.end);
                }
                self.heard_delimiter = false;
            }
            (0xEE, _) => self.tx.clear(),
            (0xEF, State::Off) => self.errors |= STROBEERR,
            (0xEF, _) => self.stop(now),
            (other, state) => self
                .mistakes
                .push(format!("strobe {other:#x} in {state:?}")),
        }
        self.flushed_once = strobe == 0xED;
        if self.errors & STROBEERR != 0 {
            self.mistakes.push("off, when off".into());
            self.errors &= !STROBEERR;
        }
    }

    /// On, with a calibration for the frequency that is set.
    fn receive_from(&mut self, at: u64) {
        // MHz above 2394: 11 for channel 11.
        let number = self.get(FREQCTRL).saturating_sub(11) / 5;
        self.channel = number.saturating_add(11) as u8;
        self.state = State::Receive(at);
        self.locked = None;
        self.heard_delimiter = false;
    }

    fn prepare(&mut self, now: u64) {
        self.locked = None;
        self.heard_delimiter = false;
        let at = now.saturating_add(TURNAROUND);
        self.state = State::Prepare { at, ack: false };
    }

    pub(super) fn stop(&mut self, now: u64) {
        if let State::Send { .. } = self.state {
            self.air.cut(self.number, now);
        }
        self.state = State::Off;
        self.locked = None;
        self.heard_delimiter = false;
    }

    pub(super) fn next_event(&self) -> u64 {
        match self.state {
            State::Off => u64::MAX,
            State::Prepare { at, .. } => at,
            State::Send { end, .. } => end,
            State::Receive(since) => match &self.locked {
                Some(frame) if self.heard_delimiter => frame.end,
                Some(frame) => frame.delimiter(),
                None => {
                    let heard = self.air.heard(self.number, self.channel, since, since);
                    heard.map_or(u64::MAX, |frame| frame.delimiter())
                }
            },
        }
    }

    pub(super) fn happen(&mut self, at: u64) {
        match self.state {
            State::Off => {}
            State::Prepare { ack, .. } => {
                let octets = if ack { self.ack.clone() } else { self.frame() };
                let power = power(self.octet(0x640));
                let end = self
                    .air
                    .transmit(self.number, self.channel, at, &octets, power);
                let delimiter = at.saturating_add(SHR);
                self.state = State::Send {
                    end,
                    ack,
                    delimiter,
                };
            }
            State::Send { ack, delimiter, .. } => {
                self.mac_timer.capture(delimiter);
                self.flags[1] |= if ack { TXACKDONE } else { TXDONE };
                // The receiver is on again after a turnaround.
                self.state = State::Receive(at.saturating_add(TURNAROUND));
            }
            State::Receive(since) if self.locked.is_none() => {
                self.locked = self.air.heard(self.number, self.channel, since, since);
                self.heard_delimiter = true;
                self.mac_timer.capture(at);
                self.flags[0] |= SFD;
            }
            State::Receive(_) => self.heard_end(at),
        }
    }

    /// What is to be sent: the FIFO's length and frame, and the check sequence.
    fn frame(&mut self) -> Vec<u8> {
        let Some((length, octets)) = self.tx.split_first() else {
            self.errors |= TXUNDERF;
            return Vec::new();
        };
        let body = usize::from(length & 0x7F).saturating_sub(2);
        let Some(frame) = octets.get(..body) else {
            self.errors |= TXUNDERF;
            return Vec::new();
        };
        let mut frame = frame.to_vec();
        frame.extend(check_sequence(&frame));
        frame
    }

    fn heard_end(&mut self, at: u64) {
        self.heard_delimiter = false;
        let Some(frame) = self.locked.take() else {
            return;
        };
        self.state = State::Receive(at);
        let mut octets = frame.octets.clone();
        if self.air.fate(&frame, self.number) != Fate::Intact {
            for octet in octets.iter_mut().skip(1).step_by(5) {
                *octet ^= 0x11;
            }
        }
        let Some(body) = octets.len().checked_sub(2) else {
            return;
        };
        let (body, sequence) = octets.split_at(body);
        let intact = check_sequence(body) == *sequence;
        let extended: Vec<u8> = (0x5A8..0x5C8).step_by(4).map(|at| self.octet(at)).collect();
        let filter = self.get(FRMFILT0);
        let rules = Rules {
            enabled: filter & 1 == 1,
            coordinator: filter >> 1 & 1 == 1,
            max_version: filter >> 2 & 3,
            types: self.get(FRMFILT1),
            pan: [self.octet(0x5C8), self.octet(0x5CC)],
            short: [self.octet(0x5D0), self.octet(0x5D4)],
            extended: &extended,
        };
        if body.is_empty() || !filter::passes(&rules, body) {
            self.errors |= RXABO;
            return;
        }
        let needs = octets.len().saturating_add(1);
        if self.rx.len().saturating_add(needs) > FIFO {
            self.overflow = true;
            self.errors |= RXOVERF;
            return;
        }
        self.flags[0] |= FRAME_ACCEPTED | FIFOP | RXPKTDONE;
        self.rx.push_back(octets.len() as u8);
        self.rx.extend(body);
        let strength = frame.strength.saturating_add(RSSI_OFFSET);
        let correlation = if intact { 108 } else { 60 };
        self.rx.push_back(strength as u8);
        self.rx.push_back(u8::from(intact) << 7 | correlation);
        self.whole.push_back(needs);
        let auto = self.get(FRMCTRL0) >> 5 & 1 == 1;
        if auto && intact && filter::asks(body) {
            let pending = self.has_pending(body) || self.get(FRMCTRL1) >> 2 & 1 == 1;
            let control = 0x02 | u8::from(pending) << 4;
            let sequence = body.get(2).copied().unwrap_or(0);
            let mut ack = vec![control, 0, sequence];
            ack.extend(check_sequence(&ack));
            self.ack = ack;
            let at = at.saturating_add(TURNAROUND);
            self.state = State::Prepare { at, ack: true };
        }
    }

    /// Two random bits, while the receiver is on.
    fn noise(&mut self, now: u64) -> u32 {
        // A generator of linear congruence, in the place of noise.
        self.random = self
            .random
            .wrapping_mul(1_664_525)
            .wrapping_add(1_013_904_223);
        let on = matches!(self.state, State::Receive(since) if now >= since);
        if on { self.random >> 29 & 3 } else { 0 }
    }

    /// Whether an entry of a mask of 24 bits is set.
    fn masked(&self, mask: u32, entry: u32) -> bool {
        let octet = self.get(mask.wrapping_add(entry >> 3 << 2));
        octet.wrapping_shr(entry % 8) & 1 == 1
    }

    /// Octets of the source table, one in a word.
    fn entry<const N: usize>(&self, entry: u32) -> [u8; N] {
        let place = 0x400_u32.wrapping_add(entry.wrapping_mul(N as u32).wrapping_mul(4));
        std::array::from_fn(|at| self.octet(place.wrapping_add((at as u32) << 2)))
    }

    /// Source matching: whether the station that has sent this is in the table, as one for which
    /// frames are pending.
    fn has_pending(&mut self, frame: &[u8]) -> bool {
        let matching = self.get(SRCMATCH);
        if matching & 1 == 0 {
            return false;
        }
        let found = if let Some(source) = filter::source(frame) {
            (0..24).find(|at| self.masked(0x60C, *at) && self.entry::<4>(*at) == source)
        } else if let Some(source) = filter::extended_source(frame) {
            let mut entries = 0..12_u32;
            entries
                .find(|at| self.masked(0x618, *at << 1) && self.entry::<8>(*at) == source)
                .map(|at| 32 | at << 1)
        } else {
            None
        };
        let Some(found) = found else {
            return false;
        };
        self.flags[0] |= SRC_MATCH_FOUND;
        let pending = match found {
            32.. => self.masked(0x590, found & 31),
            short => self.masked(0x59C, short),
        };
        // With AUTOPEND; of data requests alone, if bit 2 says so.
        let automatic = matching >> 1 & 1 == 1;
        let only_requests = matching >> 2 & 1 == 1;
        pending && automatic && (!only_requests || filter::is_data_request(frame))
    }
}

/// dBm of a value of `TXPOWER`, by the values that the vendor recommends; others are not told.
const fn power(value: u8) -> i8 {
    match value {
        0xFF => 7,
        0xED => 5,
        0xD5 => 3,
        0xC5 => 1,
        0xB6 => 0,
        0xB0 => -1,
        0xA1 => -3,
        0x91 => -5,
        0x88 => -7,
        0x72 => -9,
        0x62 => -11,
        0x58 => -13,
        0x42 => -15,
        _ => -24,
    }
}

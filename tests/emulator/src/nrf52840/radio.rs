//! RADIO in its IEEE 802.15.4 mode (nRF52840 product specification, RADIO chapter): states,
//! shortcuts, DMA, and what the air does to it.

use crate::Memory;
use crate::air::{Air, Fate, MICROSECOND, OCTET, Transmission, check_sequence};

/// Events, by their offset from 0x100 in words.
pub(super) const READY: u32 = 0;
pub(super) const ADDRESS: u32 = 1;
pub(super) const END: u32 = 3;
const DISABLED: u32 = 4;
const RSSIEND: u32 = 7;
const CRCOK: u32 = 12;
const CRCERROR: u32 = 13;
const FRAMESTART: u32 = 14;
const EDEND: u32 = 15;
const CCAIDLE: u32 = 17;
const CCABUSY: u32 = 18;
const TXREADY: u32 = 21;
const RXREADY: u32 = 22;
const PHYEND: u32 = 27;

/// Shortcuts: the event, the bit of `SHORTS`, the task.
const SHORTS: [(u32, u32, u32); 14] = [
    (READY, 0, 2),
    (END, 1, 4),
    (DISABLED, 2, 0),
    (DISABLED, 3, 1),
    (ADDRESS, 4, 5),
    (END, 5, 2),
    (RXREADY, 11, 11),
    (CCAIDLE, 12, 0),
    (CCABUSY, 13, 4),
    (READY, 15, 9),
    (EDEND, 16, 4),
    (TXREADY, 18, 2),
    (RXREADY, 19, 2),
    (PHYEND, 20, 4),
];

/// Ramp-up, fast and as of the reset.
const FAST: u64 = 40 * MICROSECOND;
const SLOW: u64 = 130 * MICROSECOND;
/// Until the sender is off, and the receiver.
const TX_OFF: u64 = 21 * MICROSECOND;
const RX_OFF: u64 = MICROSECOND / 2;
/// From a symbol on air to its event in the receiver.
const CHAIN: u64 = 23 * MICROSECOND;
/// What `END` is ahead of the end of a frame that is sent.
const END_AHEAD: u64 = 17 * MICROSECOND;
/// An assessment, and a period of energy detection.
const EIGHT_SYMBOLS: u64 = 128 * MICROSECOND;
/// dBm of a sample of 0.
const FLOOR: i16 = -92;

/// `STATE`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Disabled = 0,
    RxRampUp = 1,
    RxIdle = 2,
    Rx = 3,
    RxDisable = 4,
    TxRampUp = 9,
    TxIdle = 10,
    Tx = 11,
    TxDisable = 12,
}

/// What happens by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Happening {
    Ready,
    Off,
    SentAddress,
    SentEnd,
    SentPhyEnd,
    Assessed,
    Detected,
    HeardAddress,
    HeardLength,
    HeardEnd,
}

/// The radio.
#[derive(Debug)]
pub(super) struct Radio {
    air: Air,
    pub(super) number: usize,
    state: State,
    events: u32,
    interrupts: u32,
    shorts: u32,
    registers: [u32; 0x400],
    powered: bool,
    agenda: Vec<(u64, Happening)>,
    /// Since when it listens, and for which buffer.
    listening: Option<(u64, u32)>,
    locked: Option<Transmission>,
    /// Events for other peripherals.
    pub(super) published: Vec<u32>,
    pub(super) ignored: Vec<String>,
}

impl Radio {
    pub(super) fn new(air: Air) -> Self {
        Self {
            number: air.join(),
            air,
            state: State::Disabled,
            events: 0,
            interrupts: 0,
            shorts: 0,
            registers: [0; 0x400],
            powered: true,
            agenda: Vec::new(),
            listening: None,
            locked: None,
            published: Vec::new(),
            ignored: Vec::new(),
        }
    }

    /// Everything as it is after power comes: registers too.
    pub(super) fn reset(&mut self, now: u64) {
        if self.state == State::Tx {
            self.air.cut(self.number, now);
        }
        self.state = State::Disabled;
        self.events = 0;
        self.interrupts = 0;
        self.shorts = 0;
        self.registers = [0; 0x400];
        self.powered = true;
        self.agenda.clear();
        self.listening = None;
        self.locked = None;
    }

    pub(super) const fn interrupts(&self) -> bool {
        self.events & self.interrupts != 0
    }

    fn register(&self, offset: u32) -> u32 {
        let index = (offset >> 2) as usize;
        self.registers.get(index).copied().unwrap_or(0)
    }

    fn set_register(&mut self, offset: u32, value: u32) {
        if let Some(register) = self.registers.get_mut((offset >> 2) as usize) {
            *register = value;
        }
    }

    fn channel(&self) -> u8 {
        // MHz above 2400: 5 for channel 11.
        (self.register(0x508) / 5).saturating_add(10) as u8
    }

    pub(super) fn read(&self, offset: u32) -> u32 {
        match offset {
            0x100..=0x17F => self.events.wrapping_shr((offset & 0xFF) >> 2) & 1,
            0x200 => self.shorts,
            0x304 | 0x308 => self.interrupts,
            0x550 => self.state as u32,
            0xFFC => u32::from(self.powered),
            _ => self.register(offset),
        }
    }

    pub(super) fn write(
        &mut self,
        offset: u32,
        value: u32,
        now: u64,
        has_crystal: bool,
        memory: &mut Memory,
    ) {
        match offset {
            0xFFC if value & 1 == 0 => {
                self.reset(now);
                self.powered = false;
            }
            0xFFC => self.powered = true,
            _ if !self.powered => self
                .ignored
                .push(format!("write {offset:#x} without power")),
            0x000..=0x0FF if value & 1 == 1 => self.task(offset >> 2, now, has_crystal, memory),
            0x100..=0x17F => {
                let bit = 1_u32.wrapping_shl((offset & 0xFF) >> 2);
                self.events = if value == 0 {
                    self.events & !bit
                } else {
                    self.events | bit
                };
            }
            0x200 => self.shorts = value,
            0x304 => self.interrupts |= value,
            0x308 => self.interrupts &= !value,
            _ => self.set_register(offset, value),
        }
    }

    fn plan(&mut self, at: u64, what: Happening) {
        self.agenda.push((at, what));
        self.agenda.sort_by_key(|(at, _)| *at);
    }

    /// A task, by its offset in words.
    pub(super) fn task(&mut self, task: u32, now: u64, has_crystal: bool, memory: &mut Memory) {
        let fast = self.register(0x650) & 1 == 1;
        let ready = now.saturating_add(if fast { FAST } else { SLOW });
        match (task, self.state) {
            (0 | 1, _) if !has_crystal => self.ignored.push("on without the crystal".into()),
            (0, State::Disabled | State::RxIdle | State::TxIdle) => {
                self.state = State::TxRampUp;
                self.stop_listening();
                self.plan(ready, Happening::Ready);
            }
            (1, State::Disabled | State::TxIdle) => {
                self.state = State::RxRampUp;
                self.plan(ready, Happening::Ready);
            }
            (2, State::TxIdle) => self.start_transmission(now, memory),
            (2, State::RxIdle) => {
                self.state = State::Rx;
                self.listening = Some((now, self.register(0x504)));
                self.locked = None;
            }
            (3, State::Rx) => {
                self.state = State::RxIdle;
                self.stop_listening();
            }
            (4, State::Disabled) => self.event(DISABLED, now, memory),
            (4, State::RxDisable | State::TxDisable) => {}
            (4, State::TxRampUp | State::TxIdle | State::Tx) => {
                if self.state == State::Tx {
                    self.air.cut(self.number, now);
                }
                self.state = State::TxDisable;
                self.turn_off(now.saturating_add(TX_OFF));
            }
            (4, _) => {
                self.state = State::RxDisable;
                self.turn_off(now.saturating_add(RX_OFF));
            }
            (5, _) => self.events |= 1 << RSSIEND,
            (9, State::RxIdle | State::Rx) => {
                let periods = u64::from(self.register(0x664)).saturating_add(1);
                let end = now.saturating_add(periods.saturating_mul(EIGHT_SYMBOLS));
                self.plan(end, Happening::Detected);
            }
            (11, State::RxIdle | State::Rx) => {
                self.plan(now.saturating_add(EIGHT_SYMBOLS), Happening::Assessed);
            }
            (task, state) => self.ignored.push(format!("task {task} in {state:?}")),
        }
    }

    fn stop_listening(&mut self) {
        self.listening = None;
        self.locked = None;
        self.agenda
            .retain(|(_, what)| !matches!(what, Happening::Assessed));
    }

    fn turn_off(&mut self, at: u64) {
        self.agenda.clear();
        self.stop_listening();
        self.plan(at, Happening::Off);
    }

    /// The frame is taken from memory as it is now.
    fn start_transmission(&mut self, now: u64, memory: &Memory) {
        let at = self.register(0x504);
        let length = memory.octets(at, 1).and_then(|octets| octets.first());
        let length = usize::from(length.copied().unwrap_or(0) & 0x7F);
        let body = length.saturating_sub(2);
        let frame = memory.octets(at.wrapping_add(1), body).unwrap_or_default();
        let mut octets = frame.to_vec();
        octets.extend(check_sequence(frame));
        let power = self.register(0x50C) as u8 as i8;
        let channel = self.channel();
        let end = self.air.transmit(self.number, channel, now, &octets, power);
        self.state = State::Tx;
        let delimiter = now.saturating_add(crate::air::SHR);
        self.plan(delimiter, Happening::SentAddress);
        self.plan(end.saturating_sub(END_AHEAD), Happening::SentEnd);
        self.plan(end, Happening::SentPhyEnd);
    }

    /// An event, what it triggers here, and what it may trigger elsewhere.
    fn event(&mut self, event: u32, now: u64, memory: &mut Memory) {
        self.events |= 1_u32.wrapping_shl(event);
        self.published.push(event);
        for (source, bit, task) in SHORTS {
            if source == event && self.shorts.wrapping_shr(bit) & 1 == 1 {
                self.task(task, now, true, memory);
            }
        }
    }

    /// What the receiver hears next, and when.
    fn next_heard(&self) -> Option<(u64, Happening)> {
        let (since, _) = self.listening?;
        let after = self.agenda_floor();
        match &self.locked {
            Some(frame) => {
                let length = frame.delimiter().saturating_add(OCTET);
                let steps = [
                    (length.saturating_add(CHAIN), Happening::HeardLength),
                    (frame.end.saturating_add(CHAIN), Happening::HeardEnd),
                ];
                let started = self.events & (1 << FRAMESTART) != 0;
                let [length, end] = steps;
                Some(if started { end } else { length })
            }
            None => {
                let frame = self.air.heard(self.number, self.channel(), since, after)?;
                let at = frame.delimiter().saturating_add(CHAIN);
                Some((at, Happening::HeardAddress))
            }
        }
    }

    /// Frames that ended before the receiver was on are of no interest.
    fn agenda_floor(&self) -> u64 {
        self.listening.map_or(0, |(since, _)| since)
    }

    pub(super) fn next_event(&self) -> u64 {
        let planned = self.agenda.first().map(|(at, _)| *at);
        let heard = self.next_heard().map(|(at, _)| at);
        planned.into_iter().chain(heard).min().unwrap_or(u64::MAX)
    }

    /// The next thing happens, at `at`.
    pub(super) fn happen(&mut self, at: u64, memory: &mut Memory) {
        let planned = self.agenda.first().copied().filter(|(when, _)| *when <= at);
        let what = if let Some((_, what)) = planned {
            self.agenda.remove(0);
            what
        } else if let Some((_, what)) = self.next_heard() {
            what
        } else {
            return;
        };
        match what {
            Happening::Ready => {
                let ready = if self.state == State::TxRampUp {
                    self.state = State::TxIdle;
                    TXREADY
                } else {
                    self.state = State::RxIdle;
                    RXREADY
                };
                self.event(READY, at, memory);
                self.event(ready, at, memory);
            }
            Happening::Off => {
                self.state = State::Disabled;
                self.event(DISABLED, at, memory);
            }
            Happening::SentAddress => {
                self.event(ADDRESS, at, memory);
                self.event(FRAMESTART, at, memory);
            }
            Happening::SentEnd => self.event(END, at, memory),
            Happening::SentPhyEnd => {
                self.state = State::TxIdle;
                self.event(PHYEND, at, memory);
            }
            Happening::Assessed => self.assessed(at, memory),
            Happening::Detected => self.detected(at, memory),
            Happening::HeardAddress => {
                let since = self.listening.map_or(0, |(since, _)| since);
                self.locked = self.air.heard(self.number, self.channel(), since, since);
                self.events &= !(1 << FRAMESTART);
                if let Some(frame) = &self.locked {
                    let dbm = u32::from(frame.strength.unsigned_abs());
                    self.set_register(0x548, dbm);
                }
                self.event(ADDRESS, at, memory);
            }
            Happening::HeardLength => self.event(FRAMESTART, at, memory),
            Happening::HeardEnd => self.heard_end(at, memory),
        }
    }

    /// Carrier or energy, or both, in the eight symbols before.
    fn assessed(&mut self, at: u64, memory: &mut Memory) {
        let from = at.saturating_sub(EIGHT_SYMBOLS);
        let energy = self.air.energy(self.number, self.channel(), from, at);
        let control = self.register(0x66C);
        let threshold = FLOOR.saturating_add((control >> 8 & 0xFF) as i16);
        let loud = energy.is_some_and(|dbm| i16::from(dbm) > threshold);
        let carrier = self.air.heard(self.number, self.channel(), 0, from);
        let carrier = carrier.is_some_and(|frame| frame.start < at);
        let busy = match control & 7 {
            0 => loud,
            1 => carrier,
            2 => loud && carrier,
            _ => loud || carrier,
        };
        self.event(if busy { CCABUSY } else { CCAIDLE }, at, memory);
    }

    fn detected(&mut self, at: u64, memory: &mut Memory) {
        let periods = u64::from(self.register(0x664)).saturating_add(1);
        let from = at.saturating_sub(periods.saturating_mul(EIGHT_SYMBOLS));
        let energy = self.air.energy(self.number, self.channel(), from, at);
        let dbm = energy.map_or(FLOOR, i16::from).max(FLOOR);
        let sample = dbm.saturating_sub(FLOOR).unsigned_abs();
        self.set_register(0x668, u32::from(sample));
        self.event(EDEND, at, memory);
    }

    /// The frame is written to memory with its length before and its quality behind it.
    fn heard_end(&mut self, at: u64, memory: &mut Memory) {
        let (Some(frame), Some((_, buffer))) = (self.locked.take(), self.listening) else {
            return;
        };
        let fate = self.air.fate(&frame, self.number);
        let mut octets = frame.octets.clone();
        if fate != Fate::Intact {
            for octet in octets.iter_mut().skip(1).step_by(5) {
                *octet ^= 0x11;
            }
        }
        let (body, sequence) = octets.split_at(octets.len().saturating_sub(2));
        let intact = !body.is_empty() && check_sequence(body) == *sequence;
        let quality = i16::from(frame.strength).saturating_sub(FLOOR).clamp(0, 63) as u8;
        let mut image = vec![octets.len() as u8];
        image.extend(body);
        image.push(quality);
        // A buffer outside of RAM receives nothing.
        let _ = memory.store(buffer, &image);
        self.state = State::RxIdle;
        self.listening = None;
        self.set_register(0x400, u32::from(intact));
        self.event(END, at, memory);
        self.event(PHYEND, at, memory);
        self.event(if intact { CRCOK } else { CRCERROR }, at, memory);
    }
}

//! The system control space: NVIC, SysTick, and the registers of the system (ARMv7-M §B3). The
//! cycle counter of the DWT (§C1.8) is there too.

use super::alu::bit;
use super::exception::{FIRST_INTERRUPT, PEND_SV, SYS_TICK};
use super::tick::Tick;
use super::{Cpu, Model};
use crate::{Lines, Size};

/// Priority bits that the chips implement.
const PRIORITY_BITS: u8 = 0xE0;

/// What the program sets up.
#[derive(Clone, Debug)]
pub(super) struct SystemControl {
    pub(super) vectors: u32,
    pub(super) lines: Lines,
    pub(super) tick: Tick,
    enabled: [u32; 8],
    pending: [u32; 8],
    /// Pending exceptions of the system, by number.
    system_pending: u16,
    /// Priorities by number of exception.
    priorities: [u8; 256],
    group: u32,
    sleep: u32,
    configuration: u32,
    handlers: u32,
    coprocessors: u32,
    debug: u32,
    reset: bool,
    cycles_from: u64,
}

impl Default for SystemControl {
    fn default() -> Self {
        Self {
            vectors: 0,
            lines: Lines::default(),
            tick: Tick::default(),
            enabled: [0; 8],
            pending: [0; 8],
            system_pending: 0,
            priorities: [0; 256],
            group: 0,
            sleep: 0,
            // STKALIGN.
            configuration: 0x200,
            handlers: 0,
            coprocessors: 0,
            debug: 0,
            reset: false,
            cycles_from: 0,
        }
    }
}

impl SystemControl {
    pub(super) const fn traps_division(&self) -> bool {
        bit(self.configuration, 4)
    }

    pub(super) const fn coprocessor_enabled(&self) -> bool {
        self.coprocessors >> 20 & 3 != 0
    }

    pub(super) const fn sleeps_on_exit(&self) -> bool {
        bit(self.sleep, 1)
    }

    pub(super) const fn take_reset(&mut self) -> bool {
        std::mem::replace(&mut self.reset, false)
    }

    pub(super) const fn wants_reset(&self) -> bool {
        self.reset
    }

    fn priority(&self, number: u16) -> i32 {
        match number {
            1 => -3,
            2 => -2,
            3 => -1,
            _ => {
                let priority = self.priorities.get(usize::from(number));
                i32::from(priority.copied().unwrap_or(0))
            }
        }
    }

    /// The part of a priority that decides about interrupting (§B1.5.4).
    pub(super) fn group_priority(&self, number: u16) -> i32 {
        let priority = self.priority(number);
        if priority < 0 {
            return priority;
        }
        priority & (-1_i32).wrapping_shl(self.group.wrapping_add(1))
    }

    pub(super) const fn pend(&mut self, number: u16) {
        self.system_pending |= 1_u16.wrapping_shl(number as u32);
    }

    pub(super) fn unpend(&mut self, number: u16) {
        match number.checked_sub(FIRST_INTERRUPT) {
            None => self.system_pending &= !1_u16.wrapping_shl(u32::from(number)),
            Some(interrupt) => {
                if let Some(word) = self.pending.get_mut(usize::from(interrupt >> 5)) {
                    *word &= !1_u32.wrapping_shl(u32::from(interrupt & 31));
                }
            }
        }
    }

    /// Lines that are high make their interrupts pending, unless their handler runs.
    pub(super) fn latch(&mut self, active: &[u16]) {
        let mut lines = self.lines;
        for number in active {
            if let Some(interrupt) = number.checked_sub(FIRST_INTERRUPT) {
                lines = lines.with(interrupt, false);
            }
        }
        for (word, high) in self.pending.iter_mut().zip(lines.words()) {
            *word |= high;
        }
    }

    /// The pending exception of the highest priority, with the part of it that interrupts.
    pub(super) fn most_urgent(&self) -> Option<(i32, u16)> {
        let system = [11, PEND_SV, SYS_TICK].into_iter();
        let system = system.filter(|number| bit(self.system_pending.into(), u32::from(*number)));
        let words = (0_u16..).zip(self.pending.iter().zip(&self.enabled));
        let interrupts = words.flat_map(|(index, (pending, enabled))| {
            let ready = pending & enabled;
            let base = FIRST_INTERRUPT.wrapping_add(index << 5);
            let numbers = 0..if ready == 0 { 0 } else { 32_u16 };
            numbers
                .filter(move |at| bit(ready, u32::from(*at)))
                .map(move |at| base.wrapping_add(at))
        });
        let best = system
            .chain(interrupts)
            .min_by_key(|number| (self.priority(*number), *number))?;
        Some((self.group_priority(best), best))
    }

    fn octets(&self, from: usize) -> u32 {
        let four = self.priorities.get(from..from.wrapping_add(4));
        let four = four.and_then(|four| four.try_into().ok());
        u32::from_le_bytes(four.unwrap_or_default())
    }
}

impl Cpu {
    /// Reads a register of the system; parts of words are read where the manual allows it.
    pub(super) fn system_read(&mut self, address: u32, size: Size) -> Option<u32> {
        let word = self.system_word(address & !3)?;
        let shifted = word.wrapping_shr((address & 3) << 3);
        Some(match size {
            Size::Byte => shifted & 0xFF,
            Size::Half => shifted & 0xFFFF,
            Size::Word => word,
        })
    }

    fn system_word(&mut self, address: u32) -> Option<u32> {
        let now = self.cycles;
        let control = &mut self.control;
        let index = (address >> 2 & 7) as usize;
        let word = |words: &[u32; 8]| words.get(index).copied().unwrap_or(0);
        Some(match address & 0xF_FFFF {
            0x0_1000 => 0x4000_0001,
            0x0_1004 => now.wrapping_sub(control.cycles_from) as u32,
            0xE004 => 7,
            0xE010..=0xE01B => control.tick.read(address & 0xF_FFFF, now),
            0xE100..=0xE19F => word(&control.enabled),
            0xE200..=0xE29F => word(&control.pending),
            0xE300..=0xE31F => self.exceptions.active().iter().fold(0, |bits, number| {
                let number = u32::from(number.saturating_sub(FIRST_INTERRUPT));
                let here = number >> 5 == index as u32;
                bits | u32::from(here).wrapping_shl(number & 31)
            }),
            0xE400..=0xE4EF => control.octets(priority_place(address)),
            0xED00 if self.model == Model::CortexM3 => 0x412F_C230,
            0xED00 => 0x410F_C241,
            0xED04 => {
                let system = u32::from(control.system_pending);
                let number = u32::from(self.exceptions.current());
                (system >> 14 & 1) << 28 | (system >> 15 & 1) << 26 | number
            }
            0xED08 => control.vectors,
            0xED0C => 0xFA05_0000 | control.group << 8,
            0xED10 => control.sleep,
            0xED14 => control.configuration,
            0xED18..=0xED23 => control.octets(priority_place(address)),
            0xED24 => control.handlers,
            0xED88 => control.coprocessors,
            0xEDFC => control.debug,
            // Fault status, identification, trace: nothing to tell.
            _ => 0,
        })
    }

    /// Writes a register of the system.
    pub(super) fn system_write(&mut self, address: u32, size: Size, value: u32) -> Option<()> {
        let now = self.cycles;
        self.exceptions.check = true;
        let control = &mut self.control;
        let at = address & 0xF_FFFF;
        if matches!(at, 0xE400..=0xE4EF | 0xED18..=0xED23) {
            let places = control.priorities.iter_mut().skip(priority_place(address));
            let places = places.take(size.octets() as usize);
            for (place, octet) in places.zip(value.to_le_bytes()) {
                *place = octet & PRIORITY_BITS;
            }
            return Some(());
        }
        if size != Size::Word || at & 3 != 0 {
            return None;
        }
        match at {
            0x1004 => control.cycles_from = now.wrapping_sub(u64::from(value)),
            0xE010..=0xE018 => control.tick.write(at, value, now),
            0xE100..=0xE2FF => control.write_interrupts(at, value),
            _ => control.write_system(at, value),
        }
        Some(())
    }
}

impl SystemControl {
    /// Enables, disables, pends or clears interrupts (§B3.4).
    fn write_interrupts(&mut self, at: u32, value: u32) {
        let index = (at >> 2 & 7) as usize;
        let words = if at < 0xE200 {
            &mut self.enabled
        } else {
            &mut self.pending
        };
        if let Some(word) = words.get_mut(index) {
            if at & 0x80 == 0 {
                *word |= value;
            } else {
                *word &= !value;
            }
        }
    }

    /// The registers of the system control block (§B3.2).
    fn write_system(&mut self, at: u32, value: u32) {
        match at {
            0xED04 => {
                let orders = [
                    (28, true, PEND_SV),
                    (27, false, PEND_SV),
                    (26, true, SYS_TICK),
                ];
                for (place, pends, number) in orders.into_iter().chain([(25, false, SYS_TICK)]) {
                    if bit(value, place) {
                        if pends {
                            self.pend(number);
                        } else {
                            self.unpend(number);
                        }
                    }
                }
            }
            0xED08 => self.vectors = value & !0x7F,
            0xED0C if value >> 16 == 0x05FA => {
                self.group = value >> 8 & 7;
                self.reset |= bit(value, 2);
            }
            0xED10 => self.sleep = value,
            0xED14 => self.configuration = value,
            0xED24 => self.handlers = value,
            0xED88 => self.coprocessors = value,
            0xEDFC => self.debug = value,
            0xEF00 => {
                if let Some(word) = self.pending.get_mut((value >> 5 & 7) as usize) {
                    *word |= 1_u32.wrapping_shl(value & 31);
                }
            }
            _ => {}
        }
    }
}

/// Which exception's priority the octet at `address` is: interrupts from 0xE400, the system's from
/// 0xED18.
const fn priority_place(address: u32) -> usize {
    let octet = (address & 0xFF) as usize;
    if address & 0xF00 == 0x400 {
        octet.wrapping_add(FIRST_INTERRUPT as usize)
    } else {
        octet.wrapping_sub(0x14)
    }
}

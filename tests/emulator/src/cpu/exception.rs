//! Exceptions: which one is taken when, entry and return (ARMv7-M §B1.5).

use super::alu::bit;
use super::{Cpu, Fault, LR, PC, SP, Stop};
use crate::{Bus, Size};

/// Number of SVCall, and of the two exceptions that are the system's own.
const SV_CALL: u16 = 11;
pub(super) const PEND_SV: u16 = 14;
pub(super) const SYS_TICK: u16 = 15;
/// Number of interrupt 0.
pub(super) const FIRST_INTERRUPT: u16 = 16;
/// The priority of code that no exception runs.
const THREAD: i32 = 256;
/// Cycles from the end of an instruction to the first of a handler, and back.
const ENTRY_CYCLES: u32 = 12;
const RETURN_CYCLES: u32 = 10;

/// What is active, what is masked, which stack is in use.
#[derive(Clone, Debug, Default)]
pub(super) struct Exceptions {
    /// Numbers of active exceptions, the outermost first.
    pub(super) active: Vec<u16>,
    pub(super) primask: bool,
    pub(super) faultmask: bool,
    pub(super) basepri: u8,
    /// Whether threads use the process stack.
    pub(super) process_stack: bool,
    /// The stack pointer that is not in use.
    pub(super) other_sp: u32,
    event: bool,
    /// Whether floating-point registers were used (CONTROL.FPCA).
    pub(super) float_active: bool,
    /// Whether there may be something to take.
    pub(super) check: bool,
}

impl Exceptions {
    pub(super) fn is_empty(&self) -> bool {
        self.active.is_empty()
    }

    pub(super) const fn set_float_active(&mut self) {
        self.float_active = true;
    }

    pub(super) const fn note_event(&mut self) {
        self.event = true;
    }

    pub(super) const fn take_event(&mut self) -> bool {
        std::mem::replace(&mut self.event, false)
    }

    /// The number of the exception that runs, or 0.
    pub(super) fn current(&self) -> u16 {
        self.active.last().copied().unwrap_or(0)
    }

    pub(super) fn active(&self) -> &[u16] {
        &self.active
    }
}

impl Cpu {
    /// The priority of what runs (§B1.5.4); `masked` says whether PRIMASK counts.
    fn execution_priority(&self, masked: bool) -> i32 {
        let exceptions = &self.exceptions;
        let active = exceptions.active.iter();
        let active = active.map(|number| self.control.group_priority(*number));
        let mut priority = active.min().unwrap_or(THREAD);
        if exceptions.basepri != 0 {
            priority = priority.min(i32::from(exceptions.basepri));
        }
        if exceptions.primask && masked {
            priority = priority.min(0);
        }
        if exceptions.faultmask {
            priority = priority.min(-1);
        }
        priority
    }

    /// Takes over what the lines say; true if anything may have changed.
    #[inline]
    fn look<B: Bus>(&mut self, bus: &mut B) -> bool {
        if self.cycles >= self.control.tick.next {
            self.control.tick.expire(self.cycles);
            if self.control.tick.interrupts {
                self.control.pend(SYS_TICK);
            }
            self.exceptions.check = true;
        }
        if let Some(lines) = bus.changed_lines() {
            self.control.lines = lines;
            self.exceptions.check = true;
        }
        std::mem::take(&mut self.exceptions.check)
    }

    /// Takes the pending exception of the highest priority, if it may interrupt what runs.
    #[inline]
    pub(super) fn take_pending<B: Bus>(&mut self, bus: &mut B) -> Result<(), Stop> {
        if !self.look(bus) {
            return Ok(());
        }
        if self.control.take_reset() {
            return Err(Stop::Reset);
        }
        self.control.latch(self.exceptions.active());
        let Some((priority, number)) = self.control.most_urgent() else {
            return Ok(());
        };
        if priority < self.execution_priority(true) {
            self.control.unpend(number);
            self.exceptions.check = true;
            return self.enter(number, self.register(PC), bus);
        }
        Ok(())
    }

    /// Ends the sleep if an exception would be taken were it not for PRIMASK (§B1.5.19).
    pub fn wake<B: Bus>(&mut self, bus: &mut B) {
        if self.look(bus) {
            self.exceptions.check = true;
            self.control.latch(self.exceptions.active());
            let urgent = self.control.most_urgent();
            let limit = self.execution_priority(false);
            if urgent.is_some_and(|(priority, _)| priority < limit) || self.control.wants_reset() {
                self.sleeping = false;
            }
        }
    }

    /// The cycle of the next SysTick.
    #[must_use]
    pub const fn next_tick(&self) -> u64 {
        self.control.tick.next
    }

    /// What an instruction cannot do stops the processor, but for the call of the supervisor.
    pub(super) fn fault<B: Bus>(&mut self, fault: Fault, bus: &mut B) -> Result<(), Stop> {
        let pc = self.pc;
        let callable = self.control.group_priority(SV_CALL) < self.execution_priority(true);
        if fault == Fault::Supervisor && callable {
            return self.enter(SV_CALL, pc.wrapping_add(2), bus);
        }
        self.set_register(PC, pc);
        Err(match fault {
            Fault::Breakpoint(number) => Stop::Breakpoint(number),
            fault => Stop::Fault { pc, fault },
        })
    }

    /// `ExceptionEntry` (§B1.5.6).
    fn enter<B: Bus>(&mut self, number: u16, back: u32, bus: &mut B) -> Result<(), Stop> {
        let handler = !self.exceptions.is_empty();
        let float = self.exceptions.float_active;
        let size: u32 = if float { 0x68 } else { 0x20 };
        let sp = self.register(SP);
        let frame = sp.wrapping_sub(size) & !4;
        let status = self.status() | (sp & 4) << 7;
        let get = |number| self.register(number);
        let words = [
            get(0),
            get(1),
            get(2),
            get(3),
            get(12),
            get(LR),
            back,
            status,
        ];
        let context = self.float_context();
        let float_words: &[u32] = if float { &context } else { &[] };
        let mut address = frame;
        for word in words.iter().chain(float_words) {
            let stacked = bus.write(self.cycles, address, Size::Word, *word);
            stacked.ok_or(Stop::Fault {
                pc: back,
                fault: Fault::Bus { address },
            })?;
            address = address.wrapping_add(4);
        }
        let process = self.exceptions.process_stack && !handler;
        self.set_sp(frame);
        if process {
            self.swap_stacks();
        }
        let kind = match (handler, process) {
            (true, _) => 1,
            (false, false) => 9,
            (false, true) => 0xD,
        };
        let no_float = u32::from(!float) << 4;
        self.set_register(LR, 0xFFFF_FFE0 | no_float | kind);
        self.exceptions.active.push(number);
        self.exceptions.float_active = false;
        self.exceptions.event = true;
        self.exclusive = None;
        self.it = 0;
        self.sleeping = false;
        self.spend(ENTRY_CYCLES);
        let vectors = self.control.vectors;
        let address = vectors.wrapping_add(u32::from(number) << 2);
        let nowhere = Stop::Fault {
            pc: back,
            fault: Fault::Bus { address },
        };
        let vector = bus.read(self.cycles, address, Size::Word).ok_or(nowhere)?;
        if !bit(vector, 0) {
            let fault = Fault::InvalidState;
            return Err(Stop::Fault { pc: vector, fault });
        }
        self.set_register(PC, vector & !1);
        Ok(())
    }

    pub(super) fn swap_stacks(&mut self) {
        let sp = self.register(SP);
        let other = std::mem::replace(&mut self.exceptions.other_sp, sp);
        self.set_register(SP, other);
    }

    /// BX and its kind: in a handler, some addresses are returns (§B1.5.8).
    #[inline]
    pub(super) fn branch_exchange<B: Bus>(&mut self, bus: &mut B, to: u32) -> Result<(), Fault> {
        if to >> 28 == 15 && !self.exceptions.is_empty() {
            return self.leave(to, bus);
        }
        if !bit(to, 0) {
            return Err(Fault::InvalidState);
        }
        self.branch(to);
        Ok(())
    }

    /// `ExceptionReturn` and `PopStack`.
    fn leave<B: Bus>(&mut self, code: u32, bus: &mut B) -> Result<(), Fault> {
        let depth = self.exceptions.active.len();
        let process = code & 15 == 0xD;
        match code & 15 {
            1 if depth > 1 => {}
            9 | 0xD if depth == 1 => {}
            _ => return Err(Fault::InvalidReturn),
        }
        if process {
            self.swap_stacks();
        }
        let float = !bit(code, 4);
        let frame = self.register(SP);
        let mut words = [0; 25];
        let count = if float { 25 } else { 8 };
        let mut address = frame;
        for word in words.iter_mut().take(count) {
            let popped = bus.read(self.cycles, address, Size::Word);
            *word = popped.ok_or(Fault::Bus { address })?;
            address = address.wrapping_add(4);
        }
        let [r0, r1, r2, r3, r12, lr, pc, status, float_words @ ..] = words;
        let size: u32 = if float { 0x68 } else { 0x20 };
        self.set_register(SP, frame.wrapping_add(size) | bits9(status));
        for (number, value) in [(0, r0), (1, r1), (2, r2), (3, r3), (12, r12), (LR, lr)] {
            self.set_register(number, value);
        }
        if float {
            self.set_float_context(&float_words);
        }
        self.set_register(PC, pc & !1);
        if self.exceptions.current() != 2 {
            self.exceptions.faultmask = false;
        }
        self.exceptions.active.pop();
        if self.exceptions.current() != (status & 0x1FF) as u16 {
            return Err(Fault::InvalidReturn);
        }
        if depth == 1 {
            self.exceptions.process_stack = process;
        }
        self.exceptions.float_active = float;
        self.exceptions.event = true;
        self.exceptions.check = true;
        self.exclusive = None;
        self.set_status(status);
        self.spend(RETURN_CYCLES);
        // SLEEPONEXIT.
        self.sleeping = depth == 1 && self.control.sleeps_on_exit();
        Ok(())
    }
}

/// What was added to align the stack, from the bit that remembers it.
const fn bits9(status: u32) -> u32 {
    (status >> 9 & 1) << 2
}

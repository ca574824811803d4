//! A board: processor, memory and peripherals that share one clock.

use crate::semihosting::{self, Answer};
use crate::{Bus, Cpu, Image, ImageError, Lines, Memory, Model, Peripherals, Size, Stop};

/// Why a board came to rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The time is up.
    Time,
    /// The program has ended itself; whether it succeeded.
    Exit(bool),
    /// The processor cannot go on.
    Stopped(Stop),
}

/// A running board.
#[derive(Debug)]
pub struct Board<P> {
    /// The processor.
    pub cpu: Cpu,
    /// What it is wired to.
    pub system: System<P>,
    /// What the program said to its debugger.
    pub log: Vec<u8>,
    outcome: Option<Outcome>,
    vectors: u32,
}

/// Memory and peripherals of a board.
#[derive(Debug)]
pub struct System<P> {
    /// Flash and RAM.
    pub memory: Memory,
    /// The peripherals.
    pub peripherals: P,
    touched: bool,
}

impl<P: Peripherals> Bus for System<P> {
    #[inline]
    fn read(&mut self, now: u64, address: u32, size: Size) -> Option<u32> {
        if let Some(value) = self.memory.read(address, size) {
            return Some(value);
        }
        self.touched = true;
        self.peripherals.read(now, &mut self.memory, address, size)
    }

    #[inline]
    fn write(&mut self, now: u64, address: u32, size: Size, value: u32) -> Option<()> {
        if self.memory.write(address, size, value).is_some() {
            return Some(());
        }
        self.touched = true;
        self.peripherals
            .write(now, &mut self.memory, address, size, value)
    }

    #[inline]
    fn fetch(&mut self, address: u32) -> Option<u32> {
        // A program that ends with its memory has a last instruction of 16 bits.
        let both = self.memory.read(address, Size::Word);
        both.or_else(|| self.memory.read(address, Size::Half))
    }

    #[inline]
    fn changed_lines(&mut self) -> Option<Lines> {
        std::mem::take(&mut self.touched).then(|| self.peripherals.lines())
    }
}

impl<P: Peripherals> Board<P> {
    /// A board without a program.
    #[must_use]
    pub fn new(model: Model, memory: Memory, peripherals: P) -> Self {
        Self {
            cpu: Cpu::new(model),
            system: System {
                memory,
                peripherals,
                touched: true,
            },
            log: Vec::new(),
            outcome: None,
            vectors: 0,
        }
    }

    /// Loads a program and resets the processor to its vectors.
    ///
    /// # Errors
    /// [`ImageError`] if the program needs memory that is not there.
    pub fn load(&mut self, image: &Image) -> Result<(), ImageError> {
        image.load(&mut self.system.memory)?;
        self.reset(image.start().unwrap_or(0));
        Ok(())
    }

    /// Resets processor and peripherals; the processor takes its vectors from `vectors`. The clock
    /// goes on.
    pub fn reset(&mut self, vectors: u32) {
        self.outcome = None;
        self.vectors = vectors;
        self.system.peripherals.reset(self.cpu.cycles());
        self.system.touched = true;
        if let Err(stop) = self.cpu.reset(vectors, &mut self.system) {
            self.outcome = Some(Outcome::Stopped(stop));
        }
    }

    /// The cycle that the board has reached.
    #[must_use]
    pub fn now(&self) -> u64 {
        self.cpu.cycles()
    }

    /// Whether it waits for an interrupt, and from which cycle on there may be one.
    #[must_use]
    pub fn sleeps_until(&self) -> Option<u64> {
        let next = self.system.peripherals.next_event();
        (self.cpu.sleeps() || self.outcome.is_some()).then(|| next.min(self.cpu.next_tick()))
    }

    /// What the program said, as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.log).into_owned()
    }

    /// Runs until the clock stands at `until`, or the board comes to rest; the last instruction
    /// may go a few cycles beyond. After the processor has come to rest, further calls let time
    /// pass for the peripherals.
    pub fn run(&mut self, until: u64) -> Outcome {
        while self.cpu.cycles() < until {
            let now = self.cpu.cycles();
            if self.system.peripherals.next_event() <= now {
                self.advance();
            }
            if let Some(outcome) = self.outcome {
                // Time passes for the peripherals, and for others on the same air.
                let next = self.system.peripherals.next_event().min(until);
                self.cpu.pass(next.max(now.saturating_add(1)));
                if next >= until {
                    return outcome;
                }
                continue;
            }
            if self.cpu.sleeps() {
                self.cpu.wake(&mut self.system);
                if self.cpu.sleeps() {
                    let next = self.sleeps_until().unwrap_or(until).min(until);
                    self.cpu.pass(next);
                    continue;
                }
            }
            if let Err(stop) = self.cpu.step(&mut self.system) {
                self.stop(stop);
                if let Some(outcome) = self.outcome {
                    return outcome;
                }
            }
        }
        self.outcome.unwrap_or(Outcome::Time)
    }

    fn advance(&mut self) {
        let now = self.cpu.cycles();
        self.system
            .peripherals
            .advance(now, &mut self.system.memory);
        self.system.touched = true;
    }

    fn stop(&mut self, stop: Stop) {
        if stop == Stop::Reset {
            return self.reset(self.vectors);
        }
        if stop != Stop::Breakpoint(semihosting::BREAKPOINT) {
            self.outcome = Some(Outcome::Stopped(stop));
            return;
        }
        let (operation, argument) = (self.cpu.register(0), self.cpu.register(1));
        let memory = &self.system.memory;
        match semihosting::call(operation, argument, memory, &mut self.log) {
            Answer::Value(value) => {
                self.cpu.set_register(0, value);
                self.cpu.skip();
            }
            Answer::Exit(success) => self.outcome = Some(Outcome::Exit(success)),
            Answer::Unknown => self.outcome = Some(Outcome::Stopped(stop)),
        }
    }
}

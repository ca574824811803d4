//! Boards of both kinds behind one face, and the images for them.

use litz::wire::Eui64;
use litz_emulator::air::Air;
use litz_emulator::cc2538::{self, Cc2538};
use litz_emulator::nrf52840::{self, Nrf52840};
use litz_emulator::{Board, Divided, Image, Memory, Model, Outcome, Peripherals, Region, Size};
use litz_tests::firmware;

/// RAM of both chips begins here.
const RAM: u32 = 0x2000_0000;

/// A board; its time is counted in ticks of the air.
pub(crate) trait Machine {
    fn run(&mut self, until: u64) -> Outcome;
    fn sleeps_until(&self) -> Option<u64>;
    fn memory(&mut self) -> &mut Memory;
    fn reset(&mut self);
    fn instructions(&self) -> u64;
    /// Octets of stack that were used at most.
    fn stack(&self) -> u32;
}

/// A board whose processor takes `ticks` for a cycle, which starts at `vectors`.
struct Chip<P> {
    board: Board<P>,
    ticks: u64,
    vectors: u32,
    top: u32,
}

impl<P: Peripherals> Machine for Chip<P> {
    fn run(&mut self, until: u64) -> Outcome {
        self.board.run(until / self.ticks)
    }

    fn sleeps_until(&self) -> Option<u64> {
        let cycle = self.board.sleeps_until()?;
        Some(cycle.saturating_mul(self.ticks))
    }

    fn memory(&mut self) -> &mut Memory {
        &mut self.board.system.memory
    }

    fn reset(&mut self) {
        self.board.reset(self.vectors);
    }

    fn instructions(&self) -> u64 {
        self.board.cpu.instructions()
    }

    fn stack(&self) -> u32 {
        self.top - self.board.cpu.lowest_sp()
    }
}

/// Which chip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Nrf52840,
    Cc2538,
}

/// A program for a chip.
#[derive(Clone)]
pub(crate) struct Program {
    pub(crate) kind: Kind,
    pub(crate) image: Image,
}

impl Kind {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Nrf52840 => "nrf52840",
            Self::Cc2538 => "cc2538",
        }
    }

    /// The image of a package for this chip; `None` without a compiler for it.
    pub(crate) fn build(self, package: &'static str) -> Option<Program> {
        let image = firmware::Image {
            package,
            target: match self {
                Self::Nrf52840 => "thumbv7em-none-eabihf",
                Self::Cc2538 => "thumbv7m-none-eabi",
            },
            features: "",
            opt_level: None,
        };
        let octets = std::fs::read(image.build()?).expect("it was built");
        let image = Image::parse(&octets).expect("an ELF file");
        // What is left is of libraries that the start-up calls: a log that is begun twice, an
        // interrupt beyond the controller's. Nothing of litz indexes, unwraps or copies so.
        let known = [
            "panic",
            "panic_fmt",
            "panic_bounds_check",
            "panic_already_borrowed",
        ];
        for panic in image.panics() {
            assert!(
                known.iter().any(|known| panic.ends_with(known)),
                "{package} can panic: {panic}"
            );
        }
        Some(Program { kind: self, image })
    }

    /// The image of a node.
    pub(crate) fn node(self) -> Option<Program> {
        self.build(match self {
            Self::Nrf52840 => "nrf52840-node",
            Self::Cc2538 => "cc2538-node",
        })
    }

    /// The address of board `number`, as its chip says it.
    pub(crate) fn address(self, number: u16) -> Eui64 {
        let [high, low] = number.to_be_bytes();
        match self {
            // The chip has a random identifier.
            Self::Nrf52840 => Eui64([0x4E, 0x52, 0x46, 0, 0, 0, high, low]),
            Self::Cc2538 => Eui64([0x00, 0x12, 0x4B, 0, 0, 0, high, low]),
        }
    }
}

impl Program {
    /// A board that runs it, switched on at `start`, in ticks.
    pub(crate) fn start(&self, air: &Air, number: u16, start: u64) -> Box<dyn Machine> {
        match self.kind {
            Kind::Nrf52840 => {
                let id = [u32::from(number), 0x4E52_4600];
                let chip = Nrf52840::new(air.clone(), id);
                let flash = Region::flash(0, nrf52840::FLASH as usize);
                self.boot(Model::CortexM4, chip, vec![flash], (0x4_0000, 1, start))
            }
            Kind::Cc2538 => {
                let chip = Cc2538::new(air.clone(), self.kind.address(number).0);
                let flash = Region::flash(cc2538::FLASH, cc2538::FLASH_OCTETS as usize);
                let regions = vec![flash, cc2538::rom()];
                let chip = Divided::new(chip, 2);
                self.boot(Model::CortexM3, chip, regions, (0x8000, 2, start))
            }
        }
    }

    fn boot<P: Peripherals + 'static>(
        &self,
        model: Model,
        chip: P,
        mut regions: Vec<Region>,
        (ram, ticks, start): (u32, u64, u64),
    ) -> Box<dyn Machine> {
        regions.push(Region::ram(RAM, ram as usize));
        let mut board = Board::new(model, Memory::new(regions), chip);
        board.load(&self.image).expect("the image fits the chip");
        let vectors = match self.kind {
            Kind::Nrf52840 => 0,
            Kind::Cc2538 => vectors(&board.system.memory),
        };
        board.cpu.pass(start / ticks);
        board.reset(vectors);
        Box::new(Chip {
            board,
            ticks,
            vectors,
            top: RAM + ram,
        })
    }
}

/// Where the boot loader of a CC2538 finds the vectors: it looks at the end of flash.
fn vectors(memory: &Memory) -> u32 {
    let end = cc2538::FLASH + cc2538::FLASH_OCTETS;
    let word = |at: u32| memory.read(end - 44 + at * 4, Size::Word).expect("flash");
    assert_eq!(word(1), 0, "the image is not valid");
    assert!(
        (3..11).all(|at| word(at) == u32::MAX),
        "a page would be locked"
    );
    word(2)
}

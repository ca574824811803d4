//! The CC2538: its driver over its model.

use litz_emulator::air::{Air, MICROSECOND};
pub(crate) use litz_emulator::cc2538::Cc2538 as Chip;
use litz_emulator::{HostChip, Memory, Peripherals, Size};
use litz_hal::cc2538::Cc2538;

use super::world::{config, extended};

/// Its driver.
pub(crate) type Driver = Cc2538<HostChip<Chip>>;

/// Chip and driver of a node.
pub(crate) fn make(air: &Air, number: u16) -> (HostChip<Chip>, Driver) {
    let chip = Chip::new(air.clone(), extended(number).0);
    let chip = HostChip::new(chip, MICROSECOND, 0);
    let radio = Cc2538::new(chip.clone(), config(number));
    (chip, radio)
}

/// What the user's guide forbids and the driver did.
pub(crate) fn complaints(chip: &Chip) -> Vec<String> {
    chip.mistakes().to_vec()
}

/// What another part of the program keeps set up: the clock of the RF core.
pub(crate) fn after_reset(chip: &mut Chip) {
    let mut memory = Memory::new(Vec::new());
    for gate in [0x400D_20A8, 0x400D_20AC, 0x400D_20B0] {
        let done = chip.write(0, &mut memory, gate, Size::Word, 1);
        assert_eq!(done, Some(()));
    }
}

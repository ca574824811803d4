//! The CC2538: its driver over its model.

use litz_emulator::HostChip;
use litz_emulator::air::{Air, MICROSECOND};
pub(crate) use litz_emulator::cc2538::Cc2538 as Chip;
use litz_hal::cc2538::Cc2538;

use super::world::{config, extended};

/// Its driver.
pub(crate) type Driver = Cc2538<HostChip<Chip>>;

/// Chip and driver of a node.
pub(crate) fn make(air: &Air, number: u16) -> (HostChip<Chip>, Driver) {
    let chip = Chip::new(air.clone(), extended(number).0);
    let chip = HostChip::new(chip, MICROSECOND, 0);
    let radio = Cc2538::new(chip.clone(), config(number)).expect("a radio");
    (chip, radio)
}

/// What the user's guide forbids and the driver did.
pub(crate) fn complaints(chip: &Chip) -> Vec<String> {
    chip.mistakes().to_vec()
}

//! The nRF52840: its driver over its model.

use litz_emulator::HostChip;
use litz_emulator::air::{Air, MICROSECOND};
pub(crate) use litz_emulator::nrf52840::Nrf52840 as Chip;
use litz_hal::nrf52840::{DMA_OCTETS, Nrf52840};

use super::world::config;

/// Its driver.
pub(crate) type Driver = Nrf52840<HostChip<Chip>>;

/// Chip and driver of a node.
pub(crate) fn make(air: &Air, number: u16) -> (HostChip<Chip>, Driver) {
    let chip = Chip::new(air.clone(), [u32::from(number), 7]);
    let chip = HostChip::new(chip, MICROSECOND, DMA_OCTETS);
    let radio = Nrf52840::new(chip.clone(), config(number)).expect("a radio");
    (chip, radio)
}

/// What the chip was told in vain.
pub(crate) fn complaints(chip: &Chip) -> Vec<String> {
    chip.ignored().to_vec()
}

/// What another part of the program keeps set up.
pub(crate) fn after_reset(_: &mut Chip) {}

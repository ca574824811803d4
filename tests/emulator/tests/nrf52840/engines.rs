//! The AES engine, the source of random numbers, the identity.

use litz_emulator::HostChip;
use litz_emulator::air::{Air, MICROSECOND};
use litz_emulator::nrf52840::Nrf52840 as Chip;
use litz_hal::nrf52840::{NrfEcb, NrfRng, extended_address};
use litz_hal::radio::{AesEcb, AesKey};
use litz_wire::Eui64;

fn chip() -> HostChip<Chip> {
    let chip = Chip::new(Air::new(1, 0), [0x4433_2211, 0x8877_6655]);
    HostChip::new(chip, MICROSECOND, 64)
}

#[test]
fn the_engine_encrypts_the_example_of_fips_197() {
    let mut engine = NrfEcb::new(chip()).expect("memory enough");
    let key = AesKey(core::array::from_fn(|at| at as u8));
    let mut block = core::array::from_fn(|at| at as u8 * 0x11);
    engine.encrypt(&key, &mut block).expect("it works");
    let expected = 0x69C4_E0D8_6A7B_0430_D8CD_B780_70B4_C55A_u128;
    assert_eq!(block, expected.to_be_bytes());
}

#[test]
fn random_octets_differ() {
    let mut source = NrfRng::new(chip());
    let (mut first, mut second) = ([0; 16], [0; 16]);
    assert!(source.fill(&mut first) && source.fill(&mut second));
    assert_ne!(first, second);
    assert_ne!(first, [0; 16]);
}

#[test]
fn the_address_is_made_of_the_identifier() {
    let address = extended_address(&mut chip());
    assert_eq!(
        address,
        Eui64([0x8A, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11])
    );
}

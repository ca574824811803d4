//! What the chip has beside its radio: the engine for CCM, random numbers, its address, its clock,
//! its thermometer.

use litz_emulator::air::{Air, MICROSECOND};
use litz_emulator::cc2538::Cc2538 as Chip;
use litz_emulator::{HostChip, Lines};
use litz_hal::cc2538::{
    CCM_OCTETS, Cc2538Ccm, Cc2538Clock, extended_address, quarter_degrees, random, start_crystal,
};
use litz_hal::mac::SoftAes;
use litz_hal::mac::ccm::CcmStar;
use litz_hal::prng::Prng;
use litz_hal::radio::{AesKey, Ccm, CryptoError};
use litz_hal::time::{Deadline, Duration};
use litz_wire::Eui64;

const ADDRESS: [u8; 8] = [0x00, 0x12, 0x4B, 0x00, 0x01, 0x02, 0x03, 0x04];

fn chip() -> HostChip<Chip> {
    HostChip::new(Chip::new(Air::new(1, 0), ADDRESS), MICROSECOND, CCM_OCTETS)
}

#[test]
fn the_engine_seals_and_opens_as_software_does() {
    let chip = chip();
    let mut engine = Cc2538Ccm::new(chip.clone()).expect("an engine");
    let mut software = CcmStar(SoftAes::default());
    let mut prng = Prng::new(5);
    for round in 0..200 {
        // The same key for a while, then another.
        let key = AesKey([(round / 7) as u8; 16]);
        let nonce = core::array::from_fn(|at| at as u8 ^ round as u8);
        let auth: Vec<u8> = (0..prng.index(40)).map(|at| at as u8).collect();
        let message: Vec<u8> = (0..prng.index(110)).map(|at| (at * 3) as u8).collect();
        let length = [0, 4, 8, 16][prng.index(4)];
        let (mut ours, mut theirs) = (message.clone(), message.clone());
        let (mut our_mic, mut their_mic) = (vec![0; length], vec![0; length]);
        engine
            .seal(&key, &nonce, &auth, &mut ours, &mut our_mic)
            .expect("it works");
        software
            .seal(&key, &nonce, &auth, &mut theirs, &mut their_mic)
            .expect("it works");
        assert_eq!((&ours, &our_mic), (&theirs, &their_mic), "round {round}");
        engine
            .open(&key, &nonce, &auth, &mut ours, &our_mic)
            .expect("it is genuine");
        assert_eq!(ours, message, "round {round}");
        if let Some(first) = our_mic.first_mut() {
            *first ^= 1;
            let opened = engine.open(&key, &nonce, &auth, &mut theirs, &our_mic);
            assert_eq!(opened, Err(CryptoError::Mic));
            assert!(theirs.iter().all(|octet| *octet == 0));
        }
    }
    assert_eq!(chip.misses(), Vec::<u32>::new());
}

#[test]
fn the_engine_refuses_impossible_lengths_and_goes_on() {
    let mut engine = Cc2538Ccm::new(chip()).expect("an engine");
    let key = AesKey([1; 16]);
    let long = engine.seal(&key, &[0; 13], &[], &mut [0; 129], &mut [0; 4]);
    assert_eq!(long, Err(CryptoError::Length));
    let odd = engine.seal(&key, &[0; 13], &[], &mut [0; 9], &mut [0; 5]);
    assert_eq!(odd, Err(CryptoError::Length));
    let good = engine.seal(&key, &[0; 13], &[1], &mut [0; 9], &mut [0; 4]);
    assert_eq!(good, Ok(()));
}

#[test]
fn random_octets_come_from_noise_and_differ() {
    let mut chip = chip();
    let (mut first, mut second) = ([0; 32], [0; 32]);
    assert!(random(&mut chip, &mut first) && random(&mut chip, &mut second));
    assert_ne!(first, second);
    let ones: u32 = first.iter().chain(&second).map(|o| o.count_ones()).sum();
    assert!((190..=322).contains(&ones), "{ones} of 512 bits are ones");
    let complaints = chip.with(|chip| chip.mistakes().to_vec());
    assert_eq!(complaints, Vec::<String>::new());
}

#[test]
fn the_address_is_the_one_of_the_information_page() {
    assert_eq!(extended_address(&mut chip()), Eui64(ADDRESS));
}

#[test]
fn the_thermometer_is_read() {
    let mut chip = chip();
    for quarters in [-40, 0, 90, 100, 240] {
        chip.with(|chip| chip.set_temperature(quarters));
        let read = quarter_degrees(&mut chip).expect("a conversion");
        assert!((read - quarters).abs() <= 1, "{read} for {quarters}");
    }
}

#[test]
fn an_alarm_comes_in_time_and_not_before() {
    let mut chip = chip();
    assert!(start_crystal(&mut chip));
    let mut clock = Cc2538Clock::new(chip.clone()).expect("a clock");
    for micros in [50, 320, 5_000, 1_000_000] {
        let at = clock.now().saturating_add(Duration::from_micros(micros));
        assert!(clock.set_alarm(Deadline::at(at)));
        assert!(!chip.pass(u64::MAX), "an interrupt");
        let late = clock.now().duration_since(at).total_micros();
        assert!(clock.now() >= at && late <= 3, "{late} us late");
        clock.on_interrupt();
        assert_eq!(
            chip.with(|chip| litz_emulator::Peripherals::lines(chip)),
            Lines::default()
        );
    }
    let now = clock.now();
    assert!(!clock.set_alarm(Deadline::at(now)), "that is now");
    // Over many overflows of its counter.
    let mut before = clock.now();
    for _ in 0..10 {
        assert!(clock.set_alarm(Deadline::NEVER));
        assert!(!chip.pass(u64::MAX));
        clock.on_interrupt();
        let after = clock.now();
        let gone = after.duration_since(before).total_micros();
        assert!((67_000_000..67_200_000).contains(&gone), "{gone}");
        before = after;
    }
}

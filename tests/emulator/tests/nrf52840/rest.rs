//! The clock with its alarm, the thermometer, and flash that keeps a number.

use litz_emulator::air::{Air, MICROSECOND};
use litz_emulator::nrf52840::{FLASH, Nrf52840 as Chip};
use litz_emulator::{HostChip, Peripherals, Region};
use litz_hal::flash::{Flash, FlashCounter};
use litz_hal::mac::security::CounterStore;
use litz_hal::nrf52840::{NrfClock, NvmcFlash, quarter_degrees};
use litz_hal::time::{Deadline, Duration};

fn chip() -> HostChip<Chip> {
    let chip = Chip::new(Air::new(1, 0), [1, 2]);
    HostChip::new(chip, MICROSECOND, 64)
}

#[test]
fn an_alarm_comes_in_time_and_not_before() {
    let chip = chip();
    let mut clock = NrfClock::new(chip.clone());
    for micros in [50, 320, 5_000, 1_000_000] {
        let at = clock.now().saturating_add(Duration::from_micros(micros));
        assert!(clock.set_alarm(Deadline::at(at)));
        assert!(!chip.pass(u64::MAX), "an interrupt");
        let late = clock.now().duration_since(at).total_micros();
        assert!(clock.now() >= at && late <= 3, "{late} us late");
        clock.on_interrupt();
        assert_eq!(
            chip.with(|chip| chip.lines()),
            litz_emulator::Lines::default()
        );
    }
    let now = clock.now();
    assert!(!clock.set_alarm(Deadline::at(now)), "that is now");
    // Over overflows of its counter.
    let mut before = clock.now();
    for _ in 0..5 {
        assert!(clock.set_alarm(Deadline::NEVER));
        assert!(!chip.pass(u64::MAX));
        clock.on_interrupt();
        let after = clock.now();
        let gone = after.duration_since(before).total_micros();
        assert!((1 << 31..(1 << 31) + 100).contains(&gone), "{gone}");
        before = after;
    }
}

#[test]
fn the_thermometer_is_read() {
    let mut chip = chip();
    for quarters in [-40, 0, 90, 240] {
        chip.with(|chip| chip.set_temperature(quarters));
        assert_eq!(quarter_degrees(&mut chip), Some(quarters));
    }
}

#[test]
fn flash_keeps_a_number_and_is_written_only_when_allowed() {
    let base = FLASH - 8192;
    let chip = chip().with_memory(Region::flash(0, FLASH as usize));
    let mut flash = NvmcFlash::new(chip.clone(), base);
    assert_eq!(flash.page_words(), 1024);
    let mut store = FlashCounter::new(NvmcFlash::new(chip.clone(), base));
    // Over both pages and back to the first.
    for number in 1..=1_600 {
        store.save(number * 1024).expect("it is written");
    }
    let mut again = FlashCounter::new(NvmcFlash::new(chip.clone(), base));
    assert_eq!(again.load(), Ok(1_600 * 1024));
    assert_eq!(chip.misses(), Vec::<u32>::new());
    assert!(flash.erase(0) && flash.erase(1));
    assert_eq!(again.load(), Ok(0));
}

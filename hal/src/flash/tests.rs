//! The number in flash: after every start, after a loss of power in every word, over many pages.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test"
)]

use super::{Flash, FlashCounter};
use crate::mac::security::CounterStore;

const WORDS: usize = 8;

/// Two pages of a few words, and how many writes and erasures the power still lasts for.
#[derive(Clone)]
struct Two {
    words: [[u32; WORDS]; 2],
    power: usize,
}

impl Two {
    fn new() -> Self {
        Self {
            words: [[u32::MAX; WORDS]; 2],
            power: usize::MAX,
        }
    }

    fn spend(&mut self) -> bool {
        let on = self.power > 0;
        self.power = self.power.saturating_sub(1);
        on
    }
}

impl Flash for &mut Two {
    fn page_words(&self) -> u32 {
        WORDS as u32
    }

    fn read(&mut self, page: u32, word: u32) -> u32 {
        self.words[page as usize][word as usize]
    }

    fn write(&mut self, page: u32, word: u32, value: u32) -> bool {
        let on = self.spend();
        if on {
            self.words[page as usize][word as usize] &= value;
        } else {
            // Half of the word was written.
            self.words[page as usize][word as usize] &= value | 0xFFFF;
        }
        on
    }

    fn erase(&mut self, page: u32) -> bool {
        let on = self.spend();
        if on {
            self.words[page as usize] = [u32::MAX; WORDS];
        }
        on
    }
}

#[test]
fn the_last_number_is_there_after_every_start() {
    let mut flash = Two::new();
    assert_eq!(FlashCounter::new(&mut flash).load(), Ok(0));
    for number in (1024..40 * 1024).step_by(1024) {
        FlashCounter::new(&mut flash)
            .save(number)
            .expect("it works");
        assert_eq!(FlashCounter::new(&mut flash).load(), Ok(number));
    }
}

#[test]
fn a_loss_of_power_at_any_time_loses_no_number_that_was_saved() {
    for power in 0..60 {
        let mut flash = Two::new();
        flash.power = power;
        let mut saved = 0;
        for number in (1024..).step_by(1024) {
            match FlashCounter::new(&mut flash).save(number) {
                Ok(()) => saved = number,
                Err(_) => break,
            }
        }
        flash.power = usize::MAX;
        let found = FlashCounter::new(&mut flash).load().expect("it reads");
        assert!(
            found == saved || found == saved + 1024,
            "{power}: {found} {saved}"
        );
        // And it goes on from there.
        let next = found + 1024;
        FlashCounter::new(&mut flash).save(next).expect("it works");
        assert_eq!(FlashCounter::new(&mut flash).load(), Ok(next));
    }
}

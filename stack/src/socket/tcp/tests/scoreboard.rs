//! The scoreboard against a list of octets, with random operations, and with so little memory that
//! details are lost.

use std::boxed::Box;
use std::vec;
use std::vec::Vec;

use super::super::delivery::Delivery;
use super::super::rack::Rack;
use super::super::scoreboard::{LOST, RESENT, SACKED, Scoreboard};
use super::super::seq::octets_since;
use super::super::*;
use super::pair::Rng;

#[derive(Clone, Copy, PartialEq, Debug)]
struct Octet {
    sacked: bool,
    lost: bool,
    resent: bool,
    sent_us: u32,
}

struct Model {
    una: SeqNumber,
    octets: Vec<Octet>,
}

fn check(seed: u64, board: &Scoreboard<'_>, model: &Model, exact: bool) {
    let mut at = 0_usize;
    let (mut sacked, mut lost) = (0, 0);
    let mut start = model.una;
    for run in board.runs() {
        let len = octets_since(run.end, start) as usize;
        assert!(len > 0, "seed {seed}: an empty run");
        start = run.end;
        sacked += if run.marks & SACKED != 0 { len } else { 0 };
        lost += if run.marks & LOST != 0 { len } else { 0 };
        for octet in &model.octets[at..at + len] {
            // What it claims to have arrived, has.
            assert!(run.marks & SACKED == 0 || octet.sacked, "seed {seed}");
            if exact {
                assert_eq!(run.marks & SACKED != 0, octet.sacked, "seed {seed}");
                assert_eq!(run.marks & LOST != 0, octet.lost, "seed {seed}");
                if !octet.sacked {
                    assert_eq!(run.marks & RESENT != 0, octet.resent, "seed {seed}");
                }
            }
            if run.marks & SACKED == 0 {
                // Times are bounds.
                let age = run.sent_us.wrapping_sub(octet.sent_us) as i32;
                assert!(age >= 0, "seed {seed}: later than it says");
                if let Some(first) = run.earliest_us() {
                    assert!(octet.sent_us.wrapping_sub(first) as i32 >= 0, "seed {seed}");
                }
            }
        }
        at += len;
    }
    assert_eq!(
        at,
        model.octets.len(),
        "seed {seed}: everything in flight is known"
    );
    assert_eq!(board.sacked() as usize, sacked, "seed {seed}");
    assert_eq!(board.lost() as usize, lost, "seed {seed}");
}

/// A scoreboard, and what it should say.
struct Both {
    seed: u64,
    rng: Rng,
    now_us: u32,
    board: Scoreboard<'static>,
    model: Model,
    exact: bool,
}

impl Both {
    fn new(seed: u64, capacity: usize) -> Self {
        let mut rng = Rng(seed);
        let memory = Box::leak(vec![SentRange::default(); capacity].into_boxed_slice());
        let mut board = Scoreboard::new(memory.into());
        let una = SeqNumber(rng.next() as u32);
        board.clear(una);
        let octets = Vec::new();
        Self {
            seed,
            now_us: rng.next() as u32,
            rng,
            board,
            model: Model { una, octets },
            exact: capacity > 400,
        }
    }

    fn delivery(&self) -> Delivery {
        Delivery::new(self.now_us, 0, self.model.una, self.model.una)
    }

    fn send(&mut self) {
        let more = 1 + self.rng.below(10) as usize;
        let fresh = Octet {
            sacked: false,
            lost: false,
            resent: false,
            sent_us: self.now_us,
        };
        self.model.octets.extend(vec![fresh; more]);
        let end = self.model.una.wrapping_add(self.model.octets.len());
        self.board.sent(end, self.now_us, false);
    }

    fn acknowledge(&mut self, len: u64) {
        let acked = self.rng.below(len.min(12) + 1) as usize;
        let gone = self.model.octets.drain(..acked);
        let fresh = gone.filter(|octet| !octet.sacked).count();
        self.model.una = self.model.una.wrapping_add(acked);
        let mut seen = self.delivery();
        self.board
            .acknowledge(self.model.una, acked as u32, &mut seen);
        if self.exact {
            assert_eq!(seen.octets as usize, fresh, "seed {}", self.seed);
        }
    }

    fn sack(&mut self, len: u64) {
        let from = self.rng.below(len) as usize;
        let to = from + 1 + self.rng.below((len - from as u64).min(20)) as usize;
        let to = to.min(self.model.octets.len());
        let mut fresh = 0;
        for octet in &mut self.model.octets[from..to] {
            fresh += usize::from(!octet.sacked);
            octet.sacked = true;
            octet.lost = false;
        }
        let mut seen = self.delivery();
        let start = self.model.una.wrapping_add(from);
        self.board
            .sack(SeqRange::new(start, (to - from) as u32), &mut seen);
        if self.exact {
            assert_eq!(seen.octets as usize, fresh, "seed {}", self.seed);
        }
    }

    fn time_out(&mut self) {
        self.board.lose_on_timeout(0, self.now_us);
        for octet in &mut self.model.octets {
            octet.lost |= !octet.sacked;
        }
    }

    fn send_again(&mut self) {
        let before = self.board.lost();
        let Some(lost) = self.board.first_lost() else {
            return;
        };
        let len = lost.len().min(1 + self.rng.below(9) as u32);
        let part = SeqRange::new(lost.start, len);
        let at = octets_since(part.start, self.model.una) as usize;
        for octet in &mut self.model.octets[at..at + len as usize] {
            octet.resent = true;
            octet.lost = false;
            octet.sent_us = self.now_us;
        }
        self.board.resent(part, self.now_us);
        assert!(
            self.board.lost() < before,
            "seed {}: it must get less",
            self.seed
        );
    }
}

fn run(seed: u64, capacity: usize) {
    let mut both = Both::new(seed, capacity);
    for _ in 0..300 {
        let passed = both.rng.below(3) as u32 * 700;
        both.now_us = both.now_us.wrapping_add(passed);
        let len = both.model.octets.len() as u64;
        match both.rng.below(5) {
            0 | 1 if len < 200 => both.send(),
            2 => both.acknowledge(len),
            3 if len > 1 => both.sack(len),
            _ if both.rng.below(3) == 0 => both.time_out(),
            _ => both.send_again(),
        }
        check(seed, &both.board, &both.model, both.exact);
    }
}

#[test]
fn scoreboard_is_a_list_of_octets() {
    for seed in 0..300 {
        run(seed, 500);
    }
}

#[test]
fn scoreboard_without_memory_forgets_on_the_safe_side() {
    for seed in 0..300 {
        run(seed, [0, 9, 12, 32, 33, 40][seed as usize % 6]);
    }
}

/// RFC 8985 §6.2: the rule, on three segments.
#[test]
fn rack_finds_what_was_sent_before() {
    let mut board = Scoreboard::default();
    let una = SeqNumber(u32::MAX - 1500);
    board.clear(una);
    for (n, at_us) in [(1_u32, 0), (2, 1_000), (3, 2_000)] {
        board.sent(una.wrapping_add(n * 1000), at_us, false);
    }
    let mut rack = Rack::new(una);
    let mut seen = Delivery::new(11_000, 10_000, una, una);
    board.sack(SeqRange::new(una.wrapping_add(1000_u32), 1000), &mut seen);
    rack.on_delivery(&seen, 11_000);
    assert_eq!(rack.rtt_us(), 10_000);
    assert_eq!(board.find_losses(&rack, 2_500, 11_000, None), Some(1_500));
    assert_eq!(board.lost(), 0);
    assert_eq!(board.find_losses(&rack, 2_500, 12_500, None), None);
    assert_eq!(board.first_lost(), Some(SeqRange::new(una, 1000)));
}

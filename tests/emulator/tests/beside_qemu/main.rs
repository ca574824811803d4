//! Instructions executed here and by QEMU, an independent emulator, with the same registers: what
//! they leave in registers, flags and memory is the same. The instructions are drawn at random from
//! patterns that cover every group of the manual's tables (ARMv7-M §A5.2, §A5.3).
//!
//! One program executes all of them: for each, it loads registers and flags, executes the
//! instruction, and stores registers, flags and a scratch area, which it writes to its debugger at
//! its end.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

mod patterns;
mod program;

use std::time::Duration;

use litz_emulator::{Board, Memory, Model, NoPeripherals, Outcome, Region};
use litz_tests::process::run;
use litz_tests::qemu;
use litz_tests::scratch::Scratch;
use program::{Case, Program, RESULT_OCTETS};

/// Instructions that are drawn from each pattern.
const DRAWS: usize = 80;

fn here(program: &Program, model: Model) -> Vec<u8> {
    let mut memory = Memory::new(vec![
        Region::flash(0, 0x40_0000),
        Region::ram(0x2000_0000, 0x40_0000),
    ]);
    memory.load(0, &program.flash).expect("the program fits");
    let mut board = Board::new(model, memory, NoPeripherals);
    board.reset(0);
    let outcome = board.run(10_000_000);
    let at = program.case_at(board.cpu.register(15));
    assert_eq!(outcome, Outcome::Exit(true), "at {at:?}");
    board.log
}

/// Runs every pattern of `model` here and on `machine`, and compares the cases one by one.
fn compare(model: Model, machine: &str, seed: u64) {
    let Some(mut command) = qemu::arm() else {
        return;
    };
    let cases = patterns::draw(model, DRAWS, seed);
    let program = Program::new(&cases);
    let here = here(&program, model);
    let folder = Scratch::new();
    let image = folder.file("cases.bin");
    std::fs::write(&image, &program.flash).expect("a scratch folder");
    command.args(["-M", machine, "-kernel"]).arg(&image);
    command.args(["-semihosting-config", "enable=on,target=native"]);
    let there = run(&mut command, Duration::from_secs(60)).success().stdout;
    assert_eq!(there.len(), cases.len() * RESULT_OCTETS, "QEMU's results");
    assert_eq!(here.len(), there.len(), "our results");
    let results = here.chunks(RESULT_OCTETS).zip(there.chunks(RESULT_OCTETS));
    let mut wrong = Vec::new();
    for (case, (ours, theirs)) in cases.iter().zip(results) {
        if ours != theirs {
            wrong.push(difference(case, ours, theirs));
        }
    }
    println!("{machine}: {} cases, {} differ", cases.len(), wrong.len());
    assert!(wrong.is_empty(), "seed {seed}:\n{}", wrong.join("\n"));
}

fn difference(case: &Case, ours: &[u8], theirs: &[u8]) -> String {
    let words = ours.chunks(4).zip(theirs.chunks(4)).enumerate();
    let words = words.filter(|(_, (ours, theirs))| ours != theirs);
    let words = words.map(|(at, (ours, theirs))| {
        let word = |octets: &[u8]| u32::from_le_bytes(octets.try_into().expect("a word"));
        format!(" [{at}] {:08x} but {:08x}", word(ours), word(theirs))
    });
    let words: String = words.collect();
    let Case { pattern, .. } = case;
    format!("{pattern}: {case:x?}:{words}")
}

#[test]
fn a_cortex_m4_computes_as_qemu_does() {
    compare(Model::CortexM4, "mps2-an386", 1);
}

#[test]
fn a_cortex_m3_computes_as_qemu_does() {
    compare(Model::CortexM3, "mps2-an385", 2);
}

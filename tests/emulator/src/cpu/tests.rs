//! Programs of a few instructions: what each leaves in the registers. The octets are an
//! assembler's.
#![allow(clippy::arithmetic_side_effects, reason = "addresses of tests")]

mod exceptions;
mod faults;
mod memory;

use crate::{Board, Memory, Model, NoPeripherals, Outcome, Region, Stop, System};

/// Where programs and handlers stand.
const PROGRAM: u32 = 0x200;
const HANDLERS: u32 = 0x400;
const RAM: u32 = 0x2000_0000;

/// A board whose program is `code`, and the handler of exception `number` each of `handlers`.
fn board(code: &[u16], handlers: &[(u32, &[u16])]) -> Board<NoPeripherals> {
    let mut memory = Memory::new(vec![Region::flash(0, 0x1000), Region::ram(RAM, 0x1000)]);
    let mut load = |at: u32, words: &[u16]| {
        let octets: Vec<u8> = words.iter().flat_map(|half| half.to_le_bytes()).collect();
        memory.load(at, &octets).expect("it fits");
    };
    load(0, &[0x1000, 0x2000, PROGRAM as u16 | 1, 0]);
    load(PROGRAM, code);
    for (place, (number, handler)) in (0_u32..).zip(handlers) {
        let at = HANDLERS + place * 0x40;
        load(number * 4, &[at as u16 | 1, 0]);
        load(at, handler);
    }
    let mut board = Board::new(Model::CortexM4, memory, NoPeripherals);
    board.reset(0);
    board
}

/// Runs to `BKPT 0`.
#[track_caller]
fn finish(board: &mut Board<NoPeripherals>) {
    let outcome = board.run(board.now() + 100_000);
    assert_eq!(outcome, Outcome::Stopped(Stop::Breakpoint(0)));
}

#[track_caller]
fn run(code: &[u16], handlers: &[(u32, &[u16])]) -> Board<NoPeripherals> {
    let mut board = board(code, handlers);
    finish(&mut board);
    board
}

fn r(board: &Board<NoPeripherals>, number: u32) -> u32 {
    board.cpu.register(number)
}

#[test]
fn a_reset_takes_stack_and_start_from_the_vectors() {
    let board = board(&[0xBE00], &[]);
    assert_eq!((r(&board, 13), r(&board, 15)), (RAM + 0x1000, PROGRAM));
    assert_eq!(r(&board, 14), u32::MAX);
    assert!(!board.cpu.sleeps());
}

#[test]
fn memory_behind_a_system_is_the_boards() {
    let board = run(&[0xB401, 0xBE00], &[]);
    let System { memory, .. } = &board.system;
    assert_eq!(memory.read(RAM + 0xFFC, crate::Size::Word), Some(0));
    assert_eq!(board.cpu.lowest_sp(), RAM + 0xFFC);
}

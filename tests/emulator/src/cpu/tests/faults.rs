//! Whatever a program does wrong is reported, with its place.

use super::{PROGRAM, board};
use crate::{Fault, Outcome, Stop};

/// Runs `code`, whose last instruction of `length` octets is wrong.
#[track_caller]
fn fault(code: &[u16], length: u32, expected: Fault) {
    let outcome = board(code, &[]).run(1000);
    let pc = PROGRAM + code.len() as u32 * 2 - length;
    let fault = expected;
    assert_eq!(outcome, Outcome::Stopped(Stop::Fault { pc, fault }));
}

#[test]
fn what_is_no_instruction_is_undefined() {
    fault(&[0xDE00], 2, Fault::Undefined); // udf #0
    fault(&[0xF7F0, 0xA000], 4, Fault::Undefined); // udf.w #0
    fault(&[0xBF00, 0xB6F0], 2, Fault::Undefined);
}

#[test]
fn accesses_to_nothing_are_bus_faults() {
    // movs r0, #0xf0; lsls r0, r0, #24; ldr r1, [r0]
    let address = 0xF000_0000;
    fault(&[0x20F0, 0x0600, 0x6801], 2, Fault::Bus { address });
    // movs r0, #0; str r0, [r0]: flash
    fault(&[0x2000, 0x6000], 2, Fault::Bus { address: 0 });
}

#[test]
fn several_words_have_to_be_aligned() {
    // movs r0, #0x20; lsls r0, r0, #24; adds r0, #2; ldm r0, {r1, r2}
    let address = 0x2000_0002;
    let code = [0x2020, 0x0600, 0x3002, 0xC806];
    fault(&code, 2, Fault::Unaligned { address });
    // ldrd r1, r2, [r0]
    let code = [0x2020, 0x0600, 0x3002, 0xE9D0, 0x1200];
    fault(&code, 4, Fault::Unaligned { address });
    // ldrex r1, [r0]
    let code = [0x2020, 0x0600, 0x3002, 0xE850, 0x1F00];
    fault(&code, 4, Fault::Unaligned { address });
}

#[test]
fn leaving_thumb_state_is_a_fault() {
    // movs r0, #16; bx r0; blx r0
    fault(&[0x2010, 0x4700], 2, Fault::InvalidState);
    fault(&[0x2010, 0x4780], 2, Fault::InvalidState);
}

#[test]
fn a_division_by_zero_is_one_if_the_program_says_so() {
    // movs r0, #0; udiv r1, r0, r0; CCR.DIV_0_TRP = 1; sdiv r1, r0, r0
    let code = [
        0x2000, 0xFBB0, 0xF1F0, 0xF64E, 0x5214, 0xF2CE, 0x0200, 0x2310, 0x6013, 0xFB90, 0xF1F0,
    ];
    fault(&code, 4, Fault::DivideByZero);
}

#[test]
fn a_coprocessor_that_is_off_is_a_fault() {
    fault(&[0xEE03, 0x1A90], 4, Fault::NoCoprocessor); // vmov s7, r1
}

#[test]
fn running_out_of_memory_is_a_fault() {
    let address = 0x2000_0000;
    // movs r0, #0x20; lsls r0, r0, #24; adds r0, #1; bx r0: RAM of zeros is `movs r0, r0`
    let outcome = board(&[0x2020, 0x0600, 0x3001, 0x4700], &[]).run(100_000);
    let address = address + 0x1000;
    let fault = Fault::Fetch { address };
    assert_eq!(
        outcome,
        Outcome::Stopped(Stop::Fault { pc: address, fault })
    );
}

#[test]
fn a_supervisor_call_that_cannot_be_taken_is_a_fault() {
    // cpsid i; svc #0
    fault(&[0xB672, 0xDF00], 2, Fault::Supervisor);
}

//! Exceptions: entry and return, priorities, masks, sleep (ARMv7-M §B1.5).

use super::{RAM, board, finish, r, run};

/// Exceptions by number.
const SV_CALL: u32 = 11;
const SYS_TICK: u32 = 15;
const INTERRUPT_0: u32 = 16;

#[test]
fn a_supervisor_call_saves_the_floating_point_registers_that_are_in_use() {
    // CPACR on; s7 = 99; svc; r2 = s7; r3 = CONTROL
    let code = [
        0x4806, 0x210F, 0x0509, 0x6001, 0x2163, 0xEE03, 0x1A90, 0xDF00, 0xEE13, 0x2A90, 0xF3EF,
        0x8314, 0xBE00, 0x0000, 0xED88, 0xE000,
    ];
    // s7 = 1; r5 = lr; r6 = IPSR; bx lr
    let handler = [0x2101, 0xEE03, 0x1A90, 0x4675, 0xF3EF, 0x8605, 0x4770];
    let board = run(&code, &[(SV_CALL, &handler)]);
    assert_eq!(r(&board, 2), 99, "s7 is what it was");
    assert_eq!(r(&board, 3), 4, "FPCA");
    assert_eq!(
        r(&board, 5),
        0xFFFF_FFE9,
        "EXC_RETURN: thread, main stack, with FP"
    );
    assert_eq!(r(&board, 6), SV_CALL);
    assert_eq!(r(&board, 1), 99, "r1 is stacked");
    assert_eq!(r(&board, 13), RAM + 0x1000);
    assert_eq!(board.cpu.lowest_sp(), RAM + 0x1000 - 0x68);
}

#[test]
fn threads_may_have_a_stack_of_their_own() {
    // PSP = RAM + 0x800; CONTROL = 2; push {r0}; r4 = sp; svc; r5 = sp; r6 = MSP
    let code = [
        0x4807, 0xF380, 0x8809, 0x2102, 0xF381, 0x8814, 0xF3BF, 0x8F6F, 0xB401, 0x466C, 0xDF01,
        0x466D, 0xF3EF, 0x8608, 0xBE00, 0x0000, 0x0800, 0x2000,
    ];
    // r7 = sp; r8 = lr; bx lr
    let handler = [0x466F, 0x46F0, 0x4770];
    let board = run(&code, &[(SV_CALL, &handler)]);
    assert_eq!(r(&board, 4), RAM + 0x7FC);
    assert_eq!(r(&board, 5), RAM + 0x7FC, "aligned and taken back");
    assert_eq!((r(&board, 6), r(&board, 7)), (RAM + 0x1000, RAM + 0x1000));
    assert_eq!(r(&board, 8), 0xFFFF_FFFD);
}

#[test]
fn sys_tick_wakes_at_its_period() {
    // reload 999; on, with its interrupt; wfi until r7 == 3
    let code = [
        0x4804, 0xF240, 0x31E7, 0x6041, 0x2107, 0x6001, 0xBF30, 0x2F03, 0xD1FC, 0xBE00, 0xE010,
        0xE000,
    ];
    let handler = [0x3701, 0x4770]; // adds r7, #1; bx lr
    let mut board = board(&code, &[(SYS_TICK, &handler)]);
    let outcome = board.run(2900);
    assert_eq!(
        outcome,
        crate::Outcome::Time,
        "two periods only: {outcome:?}"
    );
    assert_eq!(r(&board, 7), 2);
    finish(&mut board);
    assert_eq!(r(&board, 7), 3);
    assert!((3000..3100).contains(&board.cpu.cycles()));
    assert!(board.cpu.instructions() < 60, "it slept in between");
}

#[test]
fn primask_holds_an_interrupt_back_but_not_the_wake() {
    // cpsid i; enable and pend interrupt 3; wfi; r6 = 1; r5 = r7; cpsie i; nop; bkpt
    let code = [
        0xB672, 0x4805, 0x2108, 0x6001, 0xF8C0, 0x1100, 0xBF30, 0x2601, 0x463D, 0xB662, 0xBF00,
        0xBE00, 0xE100, 0xE000,
    ];
    let handler = [0x3701, 0x4770];
    let board = run(&code, &[(INTERRUPT_0 + 3, &handler)]);
    let seen = [5, 6, 7].map(|number| r(&board, number));
    assert_eq!(seen, [0, 1, 1]);
}

/// Interrupt 0 of priority 0x40 pends interrupt 1, of this priority.
fn nested(priority_of_1: u16) -> [u32; 2] {
    // enable 0 and 1; IPR0 = r3; pend 0; nop; bkpt
    let mut code = [
        0x4805, 0x2103, 0x6001, 0x4A05, 0xF248, 0x0340, 0x6013, 0x2101, 0xF8C0, 0x1100, 0xBF00,
        0xBE00, 0xE100, 0xE000, 0xE400, 0xE000,
    ];
    if priority_of_1 == 0x20 {
        code[4] = 0xF242; // movw r3, #0x2040
    }
    // push {lr}; pend 1; nop; r5 = 5; r6 = r4; pop {pc}
    let first: [u16; 9] = [
        0xB500, 0x2102, 0xF8C0, 0x1100, 0xBF00, 0x2505, 0xF104, 0x0600, 0xBD00,
    ];
    let second: [u16; 4] = [0x2409, 0xF3EF, 0x8805, 0x4770]; // r4 = 9; r8 = IPSR
    let board = run(&code, &[(INTERRUPT_0, &first), (INTERRUPT_0 + 1, &second)]);
    assert_eq!(r(&board, 8), INTERRUPT_0 + 1);
    assert_eq!(r(&board, 13), RAM + 0x1000);
    [r(&board, 6), r(&board, 4)]
}

#[test]
fn an_urgent_interrupt_interrupts_another() {
    assert_eq!(nested(0x20), [9, 9]);
}

#[test]
fn a_less_urgent_one_waits() {
    assert_eq!(nested(0x80), [0, 9]);
}

//! Table branches, exclusive accesses, unaligned ones.

use super::{r, run};

#[test]
fn tbb_jumps_by_its_table() {
    // movs r1, #1; tbb [pc, r1]; .byte 2, 3; …; movs r0, #10; bkpt; movs r0, #20; bkpt
    let code = [
        0x2101, 0xE8DF, 0xF001, 0x0402, 0x0000, 0x200A, 0xBE00, 0x2014, 0xBE00,
    ];
    assert_eq!(r(&run(&code, &[]), 0), 20);
}

#[test]
fn tbh_jumps_by_halfwords() {
    // movs r1, #1; tbh [pc, r1, lsl #1]; .hword 2, 4; movs r0, #10; bkpt; movs r0, #20; bkpt
    let code = [
        0x2101, 0xE8DF, 0xF011, 0x0002, 0x0004, 0x200A, 0xBE00, 0x2014, 0xBE00,
    ];
    assert_eq!(r(&run(&code, &[]), 0), 20);
}

#[test]
fn an_exclusive_store_succeeds_once_and_only_after_a_load() {
    // ldrex, strex (0), strex (1), ldrex, clrex, strex (1)
    let code = [
        0x2020, 0x0600, 0x2107, 0xE850, 0x2F00, 0xE840, 0x1300, 0xE840, 0x1400, 0xE850, 0x2F00,
        0xF3BF, 0x8F2F, 0xE840, 0x1500, 0x6806, 0xBE00,
    ];
    let board = run(&code, &[]);
    let results = [3, 4, 5].map(|number| r(&board, number));
    assert_eq!((results, r(&board, 6)), ([0, 1, 1], 7));
}

#[test]
fn words_need_not_be_aligned() {
    // movs r0, #0x20; lsls r0, r0, #24; adds r0, #1; ldr r1, =…; str r1, [r0]; ldr r2, [r0]; bkpt
    let code = [
        0x2020, 0x0600, 0x3001, 0xF245, 0x6178, 0xF2C1, 0x2134, 0x6001, 0x6802, 0xBE00,
    ];
    assert_eq!(r(&run(&code, &[]), 2), 0x1234_5678);
}

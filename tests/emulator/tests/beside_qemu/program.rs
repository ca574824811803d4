//! The program that executes all cases, assembled by hand.

/// Where the scratch areas and results are.
const RESULTS: u32 = 0x2000_1000;
/// Octets that each case leaves: scratch, R0 to R12, flags.
pub(crate) const RESULT_OCTETS: usize = SCRATCH + 14 * 4;
/// Octets that instructions may read and write.
pub(crate) const SCRATCH: usize = 160;
/// The place in the scratch area that base registers point to.
pub(crate) const MIDDLE: u32 = 80;
/// Where the first instruction stands.
const CODE: usize = 0x200;

/// One instruction (with what leads up to it) and the registers before it.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    /// The pattern that it was drawn from.
    pub(crate) pattern: &'static str,
    /// Halfwords.
    pub(crate) code: Vec<u16>,
    /// R0 to R12.
    pub(crate) registers: [u32; 13],
    /// The register that is to point into the scratch area.
    pub(crate) base: Option<usize>,
    /// APSR.
    pub(crate) flags: u32,
}

/// A program in flash, from address 0.
#[derive(Debug)]
pub(crate) struct Program {
    /// Its octets.
    pub(crate) flash: Vec<u8>,
    starts: Vec<(u32, Case)>,
}

impl Program {
    /// Assembles the program of `cases`.
    pub(crate) fn new(cases: &[Case]) -> Self {
        let mut code = Vec::new();
        let mut starts = Vec::new();
        // CPACR = 0xF << 20.
        code.extend(constant(0, 0xE000_ED88));
        code.extend(constant(1, 0x00F0_0000));
        code.push(0x6001); // str r1, [r0]
        let each = |case: &Case| case.code.len() * 2 + 56;
        let length: usize = cases.iter().map(each).sum();
        let inputs = CODE + 64 + length + 64;
        let inputs = inputs.next_multiple_of(4);
        let mut data = Vec::new();
        for (index, case) in cases.iter().enumerate() {
            let input = (inputs + index * 56) as u32;
            let scratch = RESULTS + (index * RESULT_OCTETS) as u32;
            starts.push(((CODE + code.len() * 2) as u32, case.clone()));
            code.extend(constant(14, input));
            code.extend([0xF85E, 0x0B04]); // ldr r0, [lr], #4
            code.extend([0xF380, 0x8C00]); // msr APSR_nzcvqg, r0
            code.extend([0xE89E, 0x1FFF]); // ldm lr, {r0-r12}
            code.extend(constant(14, scratch + MIDDLE - 26));
            code.extend([0xF02E, 0x0E03]); // bic lr, lr, #3
            code.extend([0xE88E, 0x1FFF]); // stm lr, {r0-r12}
            code.extend(&case.code);
            code.extend(constant(14, scratch + SCRATCH as u32));
            code.extend([0xE8AE, 0x1FFF]); // stmia lr!, {r0-r12}
            code.extend([0xF3EF, 0x8000]); // mrs r0, APSR
            code.extend([0xF8CE, 0x0000]); // str r0, [lr]
            data.extend(case.flags.to_le_bytes());
            for (number, register) in case.registers.iter().enumerate() {
                let pointer = scratch + MIDDLE;
                let points = case.base == Some(number);
                data.extend(if points { pointer } else { *register }.to_le_bytes());
            }
        }
        code.extend(farewell(cases.len() * RESULT_OCTETS));
        let mut flash = vec![0; CODE];
        for (at, word) in flash.chunks_mut(4).enumerate() {
            // Every exception ends in a breakpoint behind the code, which is no call.
            let vector = match at {
                0 => 0x2000_1000_u32,
                1 => CODE as u32 | 1,
                _ => (inputs - 16) as u32 | 1,
            };
            word.copy_from_slice(&vector.to_le_bytes());
        }
        flash.extend(code.iter().flat_map(|half| half.to_le_bytes()));
        assert!(flash.len() <= inputs - 16);
        flash.resize(inputs - 16, 0);
        flash.extend(exit(false).iter().flat_map(|half| half.to_le_bytes()));
        flash.resize(inputs, 0);
        flash.extend(data);
        Self { flash, starts }
    }

    /// The case that the address belongs to.
    pub(crate) fn case_at(&self, address: u32) -> Option<&Case> {
        let found = self
            .starts
            .iter()
            .take_while(|(start, _)| *start <= address);
        found.last().map(|(_, case)| case)
    }
}

/// MOVW and MOVT.
fn constant(register: u16, value: u32) -> [u16; 4] {
    let half = |opcode: u16, value: u16| {
        let first = opcode | value >> 12 | (value >> 11 & 1) << 10;
        [first, (value >> 8 & 7) << 12 | register << 8 | value & 0xFF]
    };
    let [a, b] = half(0xF240, value as u16);
    let [c, d] = half(0xF2C0, (value >> 16) as u16);
    [a, b, c, d]
}

/// SYS_EXIT; a success is ADP_Stopped_ApplicationExit.
fn exit(success: bool) -> Vec<u16> {
    let reason = if success { 0x26 } else { 0x23 };
    // movs r0, #0x18; movw r1, #reason; movt r1, #2; bkpt 0xab
    vec![0x2018, 0xF240, 0x0100 | reason, 0xF2C0, 0x0102, 0xBEAB]
}

/// Opens the standard output, writes all results to it, and ends.
fn farewell(length: usize) -> Vec<u16> {
    let stack = 0x2000_0000;
    let mut code = Vec::new();
    // The name ":tt", mode 4 ("w"), length 3.
    code.extend(constant(0, u32::from_le_bytes(*b":tt\0")));
    code.extend(constant(1, stack));
    code.push(0x6008); // str r0, [r1]
    code.push(0x6049); // str r1, [r1, #4]
    code.extend([0x2004, 0x6088]); // movs r0, #4; str r0, [r1, #8]
    code.extend([0x2003, 0x60C8]); // movs r0, #3; str r0, [r1, #12]
    code.extend([0x3104, 0x2001, 0xBEAB]); // adds r1, #4; movs r0, #1 (SYS_OPEN); bkpt
    code.push(0x4604); // mov r4, r0
    code.extend(constant(5, RESULTS));
    code.extend(constant(6, RESULTS + length as u32));
    // loop: cmp r5, r6; bhs end
    code.extend([0x42B5, 0xD20B]);
    code.extend(constant(1, stack));
    code.extend([0x600C, 0x604D]); // str r4, [r1]; str r5, [r1, #4]
    code.extend([0x20D8, 0x6088]); // movs r0, #216; str r0, [r1, #8]
    code.extend([0x2005, 0xBEAB]); // SYS_WRITE
    code.extend([0x35D8, 0xE7F1]); // adds r5, #216; b loop
    code.extend(exit(true));
    code
}

//! What a program says to its debugger: the few calls of Arm's semihosting that logs and tests need
//! (SYS_OPEN, SYS_WRITEC, SYS_WRITE0, SYS_WRITE, SYS_EXIT and SYS_EXIT_EXTENDED; "Semihosting for
//! AArch32 and AArch64", release 2.0, §6). There are no files: every handle is the log.

use crate::{Memory, Size};

/// The breakpoint that is a call (`BKPT 0xAB`).
pub(crate) const BREAKPOINT: u8 = 0xAB;

/// The longest text of one call.
const LONGEST: u32 = 4096;
/// Reason of an exit that is a success (`ADP_Stopped_ApplicationExit`).
const APPLICATION_EXIT: u32 = 0x2_0026;

/// What became of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Goes on with this in R0.
    Value(u32),
    /// The program ends; whether it succeeded.
    Exit(bool),
    /// There is no such call.
    Unknown,
}

/// Carries out the call `operation` (R0) with `argument` (R1), and appends what it says to `log`.
pub(crate) fn call(operation: u32, argument: u32, memory: &Memory, log: &mut Vec<u8>) -> Answer {
    let word = |index: u32| {
        let address = argument.wrapping_add(index.wrapping_mul(4));
        memory.read(address, Size::Word).unwrap_or(0)
    };
    match operation {
        0x01 => Answer::Value(1),
        0x03 => {
            log.extend(memory.octets(argument, 1).unwrap_or_default());
            Answer::Value(0)
        }
        0x04 => {
            for offset in 0..LONGEST {
                match memory.read(argument.wrapping_add(offset), Size::Byte) {
                    Some(0) | None => break,
                    Some(octet) => log.push(octet as u8),
                }
            }
            Answer::Value(0)
        }
        0x05 => {
            let length = word(2).min(LONGEST);
            let text = memory.octets(word(1), length as usize);
            log.extend(text.unwrap_or_default());
            Answer::Value(word(2).wrapping_sub(length))
        }
        0x18 => Answer::Exit(argument == APPLICATION_EXIT),
        0x20 => Answer::Exit(word(0) == APPLICATION_EXIT && word(1) == 0),
        _ => Answer::Unknown,
    }
}

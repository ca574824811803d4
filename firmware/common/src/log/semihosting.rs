//! Lines for the debugger, by semihosting: under an emulator they are its output. Without a
//! debugger a semihosting call stops the processor, so an image for the field takes another log.

use cortex_m_semihosting::hio::hstdout;

use crate::text::{self, Piece};

/// Writes one line; what cannot be written is lost.
pub fn line(pieces: &[&dyn Piece]) {
    let Ok(mut out) = hstdout() else { return };
    text::line(pieces, |line| {
        let _ = out.write_all(line);
    });
}

/// Ends the program, for the debugger.
pub fn exit(success: bool) -> ! {
    use cortex_m_semihosting::debug::{EXIT_FAILURE, EXIT_SUCCESS, exit};
    loop {
        exit(if success { EXIT_SUCCESS } else { EXIT_FAILURE });
        cortex_m::asm::wfi();
    }
}

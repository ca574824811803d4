//! Lines for the debugger, by semihosting: under an emulator they are its output. Without a
//! debugger a semihosting call stops the processor, so an image for the field takes another log.

/// Writes one line; what cannot be written is lost.
pub fn line(text: core::fmt::Arguments<'_>) {
    cortex_m_semihosting::hprintln!("{}", text);
}

/// Ends the program, for the debugger.
pub fn exit(success: bool) -> ! {
    use cortex_m_semihosting::debug::{EXIT_FAILURE, EXIT_SUCCESS, exit};
    loop {
        exit(if success { EXIT_SUCCESS } else { EXIT_FAILURE });
        cortex_m::asm::wfi();
    }
}

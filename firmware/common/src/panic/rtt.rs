//! A panic is told to the log, without its text, which would take much flash; then everything
//! begins anew.

use core::panic::PanicInfo;

#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    if let Some(place) = info.location() {
        crate::say!("panic: ", place.file(), ":", place.line());
    }
    cortex_m::peripheral::SCB::sys_reset();
}

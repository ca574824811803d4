//! The image on a board, which nobody loads: the linker starts from `_start`.

use core::panic::PanicInfo;

unsafe extern "C" {
    safe fn litz_a_panic_is_reachable() -> !;
}

#[panic_handler]
fn panic(_: &PanicInfo) -> ! {
    litz_a_panic_is_reachable()
}

#[unsafe(no_mangle)]
extern "C" fn _start() -> ! {
    loop {
        core::hint::black_box(super::run(core::hint::black_box(1)));
    }
}

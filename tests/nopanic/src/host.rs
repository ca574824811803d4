//! The image on a host: the C library calls `main`.

use core::panic::PanicInfo;

#[link(name = "c")]
unsafe extern "C" {
    safe fn litz_a_panic_is_reachable() -> !;
}

#[panic_handler]
fn panic(_: &PanicInfo) -> ! {
    litz_a_panic_is_reachable()
}

#[unsafe(no_mangle)]
extern "C" fn main(count: i32, _: *const *const u8) -> i32 {
    super::run(count)
}

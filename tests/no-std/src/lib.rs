//! Nothing but litz and a panic handler: builds only if no crate below needs `std` or an allocator.
#![no_std]

extern crate litz as _;

#[cfg(feature = "with-alloc")]
extern crate alloc;

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}

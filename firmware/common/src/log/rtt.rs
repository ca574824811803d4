//! Lines for whoever looks, by RTT: a ring in memory that a debug probe reads while the program
//! runs (`probe-rs run`), and an emulator as well. Without a reader the newest lines are lost, and
//! nothing waits.

/// Octets of the ring.
const RING: usize = 512;

/// Prepares the ring. To be called once, first.
pub fn start() {
    rtt_target::rtt_init_print!(rtt_target::ChannelMode::NoBlockTrim, RING);
}

/// Writes one line; what has no room is lost.
pub fn line(text: core::fmt::Arguments<'_>) {
    rtt_target::rprintln!("{}", text);
}

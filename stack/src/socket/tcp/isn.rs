//! Numbers that an outsider must not guess: initial sequence numbers (RFC 6528) and the starting
//! point of the search for an ephemeral port (RFC 6056 §3.3.3). Both are keyed hashes of what names
//! the connection, given as octets; how those are made is the caller's business, only that they
//! differ between connections matters.

use super::{Instant, SeqNumber};
use crate::chaskey::tag;
use crate::sip::{hash24, words24};

//= RFC 9293: MUST-8, MUST-9, SHLD-1
/// `ISN = M + F(connection, secret)`, with M a clock of 4 µs ticks and F SipHash-2-4.
#[must_use]
pub fn initial_sequence_number(secret: &[u8; 16], connection: &[u8], now: Instant) -> SeqNumber {
    at(hash24(secret, connection), now)
}

/// The same of a connection that is named by words.
pub(crate) fn of_words(secret: &[u8; 16], connection: &[u64], now: Instant) -> SeqNumber {
    at(words24(secret, connection), now)
}

/// The same with Chaskey-12 as F, of a connection that is named by blocks of two words: for
/// machines whose own words are of 32 bits.
pub(crate) fn of_blocks(secret: &[u8; 16], connection: &[[u64; 2]], now: Instant) -> SeqNumber {
    at(tag(secret, connection), now)
}

const fn at(hash: u64, now: Instant) -> SeqNumber {
    let ticks = now.total_micros() >> 2;
    SeqNumber((hash as u32).wrapping_add(ticks as u32))
}

/// Algorithm 3 of RFC 6056: the offset from which the search for a free port begins, different for
/// each remote endpoint. `destination` is local address, remote address and remote port. The caller
/// adds a counter that moves with each port taken, modulo the number of ports.
#[must_use]
pub fn port_offset(secret: &[u8; 16], destination: &[u8]) -> u32 {
    (hash24(secret, destination) >> 32) as u32
}

/// Algorithm 4 of RFC 6056: which of `table_len` counters a destination uses, so that what one
/// remote endpoint sees of a counter says little about others. 0 for an empty table.
#[must_use]
pub fn port_counter_index(secret: &[u8; 16], destination: &[u8], table_len: usize) -> usize {
    let hash = hash24(secret, destination) as u32;
    (hash as usize).checked_rem(table_len).unwrap_or(0)
}

//! Initial sequence numbers and ports: RFC 6528, RFC 6056. And sequence numbers themselves.

use super::super::isn::{initial_sequence_number, port_counter_index, port_offset};
use super::super::*;

const SECRET: [u8; 16] = *b"0123456789abcdef";

/// M is a clock of 4 µs ticks.
#[test]
fn isn_moves_with_the_clock() {
    let at = |micros| initial_sequence_number(&SECRET, b"connection", Instant::from_micros(micros));
    assert_eq!(at(4_000_000).since(at(0)), 1_000_000);
    assert_eq!(at(4).since(at(0)), 1);
}

/// F is different for each connection and each secret.
#[test]
fn isn_depends_on_connection_and_secret() {
    let of = |secret: &[u8; 16], name: &[u8]| initial_sequence_number(secret, name, Instant::ZERO);
    let one = of(&SECRET, b"one");
    assert_ne!(one, of(&SECRET, b"two"));
    assert_ne!(one, of(&[0; 16], b"one"));
    assert_eq!(one, of(&SECRET, b"one"));
}

/// SipHash-2-4 itself, by the first vectors of its reference implementation.
#[test]
fn isn_is_siphash_2_4() {
    let key: [u8; 16] = core::array::from_fn(|n| n as u8);
    let isn = initial_sequence_number(&key, &[], Instant::ZERO);
    assert_eq!(isn, SeqNumber(0x726f_db47_dd0e_0e31_u64 as u32));
    let isn = initial_sequence_number(&key, &[0], Instant::ZERO);
    assert_eq!(isn, SeqNumber(0x74f8_39c5_93dc_67fd_u64 as u32));
}

#[test]
fn ports_are_spread() {
    assert_ne!(port_offset(&SECRET, b"a"), port_offset(&SECRET, b"b"));
    assert_eq!(port_counter_index(&SECRET, b"a", 0), 0);
    let mut used = [0; 8];
    for n in 0..800_u16 {
        used[port_counter_index(&SECRET, &n.to_be_bytes(), 8)] += 1;
    }
    assert!(used.iter().all(|count| *count > 50), "{used:?}");
}

#[test]
fn ranges() {
    let range = SeqRange::new(SeqNumber(u32::MAX - 1), 4);
    assert_eq!((range.len(), range.end), (4, SeqNumber(2)));
    assert!(range.contains(SeqNumber(u32::MAX)) && range.contains(SeqNumber(1)));
    assert!(!range.contains(SeqNumber(2)) && !range.contains(SeqNumber(u32::MAX - 2)));
    assert!(SeqRange::default().is_empty());
}

#[test]
fn window_scales() {
    assert_eq!(WindowScale::for_window(65_535).shift(), 0);
    assert_eq!(WindowScale::for_window(65_536).shift(), 1);
    assert_eq!(WindowScale::for_window(u32::MAX).shift(), 14);
    assert_eq!(WindowScale::from_option(255), WindowScale::MAX);
    assert_eq!(WindowScale::MAX.to_octets(u16::MAX), 65_535 << 14);
    assert_eq!(WindowScale::from_option(3).to_field(15), 1);
    assert_eq!(WindowScale::NONE.to_field(70_000), u16::MAX);
}

//! What is counted is the same work: the three read the same, and write what they read.

use super::packets::{ECHO, ROOM, TCP, UDP};
use super::{ROWS, etherparse, litz, run, smoltcp};

#[test]
fn the_three_read_the_same() {
    let tcp = litz::ipv4_tcp_fields(&TCP);
    assert_ne!(tcp, 0);
    assert_eq!(tcp, smoltcp::ipv4_tcp_fields(&TCP));
    assert_eq!(tcp, etherparse::ipv4_tcp_fields(&TCP));
    let udp = litz::ipv6_udp_fields(&UDP);
    assert_ne!(udp, 0);
    assert_eq!(udp, smoltcp::ipv6_udp_fields(&UDP));
    assert_eq!(udp, etherparse::ipv6_udp_fields(&UDP));
    for (read, packet) in [
        (litz::ipv4_tcp_values as fn(&[u8]) -> u64, &TCP[..]),
        (smoltcp::ipv4_tcp_values, &TCP),
        (litz::ipv6_udp_values, &UDP),
        (smoltcp::ipv6_udp_values, &UDP),
        (litz::ipv6_echo_values, &ECHO),
        (smoltcp::ipv6_echo_values, &ECHO),
    ] {
        assert_eq!(read(packet), 1);
    }
}

#[test]
fn the_two_verify_checksums() {
    for (read, packet) in [
        (litz::ipv4_tcp_parsed as fn(&[u8]) -> u64, &TCP[..]),
        (smoltcp::ipv4_tcp_parsed, &TCP),
        (litz::ipv6_udp_parsed, &UDP),
        (smoltcp::ipv6_udp_parsed, &UDP),
        (litz::ipv6_echo_parsed, &ECHO),
        (smoltcp::ipv6_echo_parsed, &ECHO),
    ] {
        assert_eq!(read(packet), 1);
        let mut broken = packet.to_vec();
        if let Some(last) = broken.last_mut() {
            *last ^= 1;
        }
        assert_eq!(read(&broken), 0);
    }
}

#[test]
fn the_two_write_what_they_read() {
    let written = |write: fn(&str, usize, &mut [u8]) -> Option<()>, row: &str| {
        let mut buf = [0xa5; ROOM];
        write(row, 1, &mut buf).expect("a row that writes");
        buf
    };
    for (row, packet, sums) in [
        ("ipv4_tcp_written", &TCP[..], &[10, 11, 36, 37][..]),
        ("ipv6_udp_written", &UDP, &[46, 47]),
        ("ipv6_echo_written", &ECHO, &[42, 43]),
        ("ipv6_udp_emitted", &UDP, &[]),
        ("ipv6_echo_emitted", &ECHO, &[]),
    ] {
        let ours = written(litz::write, row);
        let theirs = written(smoltcp::write, row);
        let tcp = row == "ipv4_tcp_written";
        // The order of TCP options is everybody's own; smoltcp writes no identification and no
        // timestamp that it only read.
        let end = if tcp { 40 } else { packet.len() };
        for at in (0..end).filter(|at| !sums.contains(at)) {
            assert_eq!(ours[at], packet[at], "{row}: octet {at} of ours");
            if !(tcp && matches!(at, 4 | 5)) {
                assert_eq!(theirs[at], packet[at], "{row}: octet {at} of theirs");
            }
        }
    }
    for of in [litz::write, smoltcp::write] {
        let segment = written(of, "ipv4_tcp_emitted");
        // smoltcp's header says how long it is.
        let len = usize::from(segment[3]);
        assert_eq!(litz::ipv4_tcp_parsed(&segment[..len]), 1);
        assert_eq!(smoltcp::ipv4_tcp_parsed(&segment[..len]), 1);
    }
}

#[test]
fn every_row_runs() {
    for (_, row, _) in ROWS {
        assert_eq!(run("litz", row, 1), Some(()), "{row}");
        assert_eq!(run("smoltcp", row, 1), Some(()), "{row}");
    }
    assert_eq!(run("litz", "nothing", 1), None);
}

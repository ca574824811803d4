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
    assert_eq!(
        [litz::ipv4_tcp_values(&TCP), smoltcp::ipv4_tcp_values(&TCP)],
        [1, 1]
    );
    assert_eq!(
        [litz::ipv6_udp_values(&UDP), smoltcp::ipv6_udp_values(&UDP)],
        [1, 1]
    );
    assert_eq!(
        [
            litz::ipv6_echo_values(&ECHO),
            smoltcp::ipv6_echo_values(&ECHO)
        ],
        [1, 1]
    );
}

#[test]
fn the_two_write_what_they_read() {
    let written = |write: fn(&str, usize, &mut [u8]) -> Option<()>, row: &str| {
        let mut buf = [0xa5; ROOM];
        write(row, 1, &mut buf).expect("a row that writes");
        buf
    };
    for (row, packet) in [
        ("ipv4_tcp_written", &TCP[..]),
        ("ipv6_udp_written", &UDP),
        ("ipv6_echo_written", &ECHO),
    ] {
        let ours = written(litz::write, row);
        let theirs = written(smoltcp::write, row);
        // Without checksums, and the order of TCP options is everybody's own; smoltcp writes no
        // identification and no timestamp that it only read.
        let end = if row == "ipv4_tcp_written" {
            40
        } else {
            packet.len()
        };
        for at in 0..end {
            let tcp = row == "ipv4_tcp_written";
            let checksum = match row {
                "ipv4_tcp_written" => [10, 11, 36, 37],
                "ipv6_udp_written" => [46, 47, 46, 47],
                _ => [42, 43, 42, 43],
            };
            if checksum.contains(&at) {
                continue;
            }
            assert_eq!(ours[at], packet[at], "{row}: octet {at} of ours");
            if !(tcp && matches!(at, 4 | 5)) {
                assert_eq!(theirs[at], packet[at], "{row}: octet {at} of theirs");
            }
        }
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

//! Instruction counts of reading and writing headers: litz-wire, smoltcp's wire module and
//! etherparse on the same octets.
//!
//! "Parsed" verifies the checksums of a packet and makes the owned representation, options read;
//! "emitted" makes octets of it and fills the checksums. "Values" and "written" are the same
//! without checksums, "fields" checks a packet and reads every field that all three know. Rows
//! without a figure are what a crate does not do.

mod etherparse;
mod litz;
mod packets;
mod smoltcp;

use std::hint::black_box;
use std::process::ExitCode;

use litz_bench::callgrind::{self, Both, Row};

/// What is counted. Packets are parsed and emitted with their checksums verified and filled, as a
/// stack does it; the other rows are parts of that.
const ROWS: [Row; 14] = [
    ("IPv4 + TCP with options: parsed", "ipv4_tcp_parsed", 0.75),
    ("IPv4 + TCP with options: emitted", "ipv4_tcp_emitted", 0.75),
    ("IPv6 + UDP: parsed", "ipv6_udp_parsed", 0.75),
    ("IPv6 + UDP: emitted", "ipv6_udp_emitted", 0.75),
    ("IPv6 + ICMPv6 echo: parsed", "ipv6_echo_parsed", 0.75),
    ("IPv6 + ICMPv6 echo: emitted", "ipv6_echo_emitted", 0.75),
    ("IPv4 + TCP with options: fields", "ipv4_tcp_fields", 1.0),
    ("IPv4 + TCP with options: values", "ipv4_tcp_values", 0.75),
    ("IPv4 + TCP with options: written", "ipv4_tcp_written", 0.75),
    ("IPv6 + UDP: fields", "ipv6_udp_fields", 1.0),
    ("IPv6 + UDP: values", "ipv6_udp_values", 1.0),
    ("IPv6 + UDP: written", "ipv6_udp_written", 1.0),
    ("IPv6 + ICMPv6 echo: values", "ipv6_echo_values", 0.75),
    ("IPv6 + ICMPv6 echo: written", "ipv6_echo_written", 0.75),
];

/// Packets parsed and emitted.
const BOTH: [Both; 3] = [
    (
        "IPv4 + TCP with options: both",
        ["ipv4_tcp_parsed", "ipv4_tcp_emitted"],
        0.75,
    ),
    (
        "IPv6 + UDP: both",
        ["ipv6_udp_parsed", "ipv6_udp_emitted"],
        0.75,
    ),
    (
        "IPv6 + ICMPv6 echo: both",
        ["ipv6_echo_parsed", "ipv6_echo_emitted"],
        0.75,
    ),
];

/// Counts every row and prints a Markdown table.
pub fn table() -> ExitCode {
    callgrind::table(&ROWS, &BOTH, &["wire"], "headers::")
}

/// Runs a row of one crate `count` times; `None` if there is no such row.
pub fn run(of: &str, row: &str, count: usize) -> Option<()> {
    let mut buffer = [0; packets::ROOM];
    let read = |of: fn(&[u8]) -> u64, packet: &'static [u8]| {
        for _ in 0..count {
            black_box(of(black_box(packet)));
        }
    };
    match (of, row) {
        ("litz", "ipv4_tcp_fields") => read(litz::ipv4_tcp_fields, &packets::TCP),
        ("litz", "ipv4_tcp_values") => read(litz::ipv4_tcp_values, &packets::TCP),
        ("litz", "ipv4_tcp_parsed") => read(litz::ipv4_tcp_parsed, &packets::TCP),
        ("litz", "ipv6_udp_fields") => read(litz::ipv6_udp_fields, &packets::UDP),
        ("litz", "ipv6_udp_values") => read(litz::ipv6_udp_values, &packets::UDP),
        ("litz", "ipv6_udp_parsed") => read(litz::ipv6_udp_parsed, &packets::UDP),
        ("litz", "ipv6_echo_values") => read(litz::ipv6_echo_values, &packets::ECHO),
        ("litz", "ipv6_echo_parsed") => read(litz::ipv6_echo_parsed, &packets::ECHO),
        ("litz", row) => litz::write(row, count, &mut buffer)?,
        ("smoltcp", "ipv4_tcp_fields") => read(smoltcp::ipv4_tcp_fields, &packets::TCP),
        ("smoltcp", "ipv4_tcp_values") => read(smoltcp::ipv4_tcp_values, &packets::TCP),
        ("smoltcp", "ipv4_tcp_parsed") => read(smoltcp::ipv4_tcp_parsed, &packets::TCP),
        ("smoltcp", "ipv6_udp_fields") => read(smoltcp::ipv6_udp_fields, &packets::UDP),
        ("smoltcp", "ipv6_udp_values") => read(smoltcp::ipv6_udp_values, &packets::UDP),
        ("smoltcp", "ipv6_udp_parsed") => read(smoltcp::ipv6_udp_parsed, &packets::UDP),
        ("smoltcp", "ipv6_echo_values") => read(smoltcp::ipv6_echo_values, &packets::ECHO),
        ("smoltcp", "ipv6_echo_parsed") => read(smoltcp::ipv6_echo_parsed, &packets::ECHO),
        ("smoltcp", row) => smoltcp::write(row, count, &mut buffer)?,
        ("etherparse", "ipv4_tcp_fields") => read(etherparse::ipv4_tcp_fields, &packets::TCP),
        ("etherparse", "ipv6_udp_fields") => read(etherparse::ipv6_udp_fields, &packets::UDP),
        _ => return None,
    }
    Some(())
}

/// Folds the values of fields to a number, so that every one has to be read.
macro_rules! fold {
    ($($value:expr),* $(,)?) => {{
        let mut sum = 0_u64;
        $(sum = sum.rotate_left(1) ^ ($value as u64);)*
        sum
    }};
}
pub(crate) use fold;

/// Both halves of an IPv6 address, folded.
fn half(octets: [u8; 16]) -> u64 {
    let all = u128::from_be_bytes(octets);
    (all >> 64) as u64 ^ all as u64
}

/// The packets that the three write are those that they read.
#[cfg(test)]
mod tests;

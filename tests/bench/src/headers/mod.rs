//! Instruction counts of reading and writing headers: litz-wire, smoltcp's wire module and
//! etherparse on the same octets. Checksums are left out on all sides; they are measured with the
//! stack.
//!
//! "Fields" checks a packet and reads every field that all three know. "Values" makes the owned
//! representation, options read. "Written" makes octets from it. Rows without a figure are what a
//! crate does not do.

mod etherparse;
mod litz;
mod packets;
mod smoltcp;

use std::hint::black_box;
use std::process::ExitCode;

use crate::count::collected;

/// What is counted: a title and the name of the function in each module.
const ROWS: [(&str, &str); 8] = [
    ("IPv4 + TCP with options: fields", "ipv4_tcp_fields"),
    ("IPv4 + TCP with options: values", "ipv4_tcp_values"),
    ("IPv4 + TCP with options: written", "ipv4_tcp_written"),
    ("IPv6 + UDP: fields", "ipv6_udp_fields"),
    ("IPv6 + UDP: values", "ipv6_udp_values"),
    ("IPv6 + UDP: written", "ipv6_udp_written"),
    ("IPv6 + ICMPv6 echo: values", "ipv6_echo_values"),
    ("IPv6 + ICMPv6 echo: written", "ipv6_echo_written"),
];

/// smoltcp's counts move between builds, by what the compiler inlines; a row fails beyond that.
const ROOM: f64 = 1.25;

/// Lengths of the two runs whose difference is taken.
const SHORT: usize = 1000;
const LONG: usize = 3000;

/// Counts every row and prints a Markdown table. The exit code says whether litz needs clearly
/// more than smoltcp anywhere.
pub fn table() -> ExitCode {
    println!("| instructions per packet | litz | smoltcp | etherparse | litz : smoltcp |");
    println!("|---|--:|--:|--:|--:|");
    let mut above = false;
    for (title, row) in ROWS {
        let (Ok(ours), Ok(theirs)) = (per_packet("litz", row), per_packet("smoltcp", row)) else {
            eprintln!("litz-bench: {title}: callgrind counted nothing");
            return ExitCode::from(2);
        };
        let other = match per_packet("etherparse", row) {
            Ok(count) => format!("{count:.0}"),
            Err(_) => "–".to_owned(),
        };
        above |= ours > theirs * ROOM;
        println!(
            "| {title} | {ours:.0} | {theirs:.0} | {other} | {:.2} |",
            ours / theirs
        );
    }
    if above {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

fn per_packet(of: &str, row: &str) -> Result<f64, String> {
    let function = format!("*headers::{of}::{row}*");
    let count = |count: usize| collected(&["wire", of, row, &count.to_string()], &function);
    Ok((count(LONG)? - count(SHORT)?) / (LONG - SHORT) as f64)
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
        ("litz", "ipv6_udp_fields") => read(litz::ipv6_udp_fields, &packets::UDP),
        ("litz", "ipv6_udp_values") => read(litz::ipv6_udp_values, &packets::UDP),
        ("litz", "ipv6_echo_values") => read(litz::ipv6_echo_values, &packets::ECHO),
        ("litz", row) => litz::write(row, count, &mut buffer)?,
        ("smoltcp", "ipv4_tcp_fields") => read(smoltcp::ipv4_tcp_fields, &packets::TCP),
        ("smoltcp", "ipv4_tcp_values") => read(smoltcp::ipv4_tcp_values, &packets::TCP),
        ("smoltcp", "ipv6_udp_fields") => read(smoltcp::ipv6_udp_fields, &packets::UDP),
        ("smoltcp", "ipv6_udp_values") => read(smoltcp::ipv6_udp_values, &packets::UDP),
        ("smoltcp", "ipv6_echo_values") => read(smoltcp::ipv6_echo_values, &packets::ECHO),
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

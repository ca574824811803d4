//! Instruction counts of DHCP, DNS and 6LoWPAN: litz-wire and smoltcp's wire module on the same
//! octets, without checksums; and of an echo over 6LoWPAN through both stacks, with them.
//!
//! Without arguments it runs each row under callgrind and prints a Markdown table. With
//! `CRATE ROW COUNT` it runs one row; that is what callgrind is given.

mod dhcp;
mod dns;
mod echo;
mod lowpan;

use std::hint::black_box;
use std::process::ExitCode;

use litz_bench::callgrind::{self, Both, Row};

/// What is counted, and held to what was reached: `docs/instruction-counts.md` says where litz
/// needs more than smoltcp, and why.
const ROWS: [Row; 8] = [
    ("DHCP offer: values", "dhcp_offer_values", 0.75),
    ("DHCP offer: written", "dhcp_offer_written", 1.0),
    (
        "DNS answer, names compressed: fields",
        "dns_answer_fields",
        0.75,
    ),
    (
        "DNS answer, names compressed: written",
        "dns_answer_written",
        1.0,
    ),
    ("DNS query: written", "dns_query_written", 1.0),
    (
        "802.15.4 + IPHC + NHC UDP: values",
        "lowpan_udp_values",
        0.75,
    ),
    (
        "802.15.4 + IPHC + NHC UDP: written",
        "lowpan_udp_written",
        1.0,
    ),
    ("6LoWPAN UDP echo of 32 octets", "lowpan_echo", 1.0),
];

/// What is read and written. smoltcp writes no answers of DNS.
const BOTH: [Both; 2] = [
    (
        "DHCP offer: both",
        ["dhcp_offer_values", "dhcp_offer_written"],
        0.75,
    ),
    (
        "802.15.4 + IPHC + NHC UDP: both",
        ["lowpan_udp_values", "lowpan_udp_written"],
        0.75,
    ),
];

/// Octets that any row writes.
const ROOM: usize = 320;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    match words.as_slice() {
        [] => callgrind::table(&ROWS, &BOTH, &[], "litz_bench_apps::"),
        [of, row, count] => match count.parse().map(|count| run(of, row, count)) {
            Ok(Some(())) => ExitCode::SUCCESS,
            _ => usage(),
        },
        _ => usage(),
    }
}

fn usage() -> ExitCode {
    eprintln!("usage: litz-bench-apps [litz|smoltcp ROW COUNT]");
    ExitCode::from(2)
}

/// Runs a row of one crate `count` times; `None` if there is no such row.
fn run(of: &str, row: &str, count: usize) -> Option<()> {
    let read = |of: fn(&[u8]) -> u64, packet: &'static [u8]| {
        for _ in 0..count {
            black_box(of(black_box(packet)));
        }
    };
    match (of, row) {
        ("litz", "dhcp_offer_values") => read(dhcp::litz::dhcp_offer_values, &dhcp::OFFER),
        ("litz", "dns_answer_fields") => read(dns::litz::dns_answer_fields, &dns::ANSWER),
        ("litz", "lowpan_udp_values") => read(lowpan::litz::lowpan_udp_values, &lowpan::FRAME),
        (of, "lowpan_echo") => return echo(of, count),
        ("smoltcp", "dhcp_offer_values") => read(dhcp::smoltcp::dhcp_offer_values, &dhcp::OFFER),
        ("smoltcp", "dns_answer_fields") => read(dns::smoltcp::dns_answer_fields, &dns::ANSWER),
        ("smoltcp", "lowpan_udp_values") => {
            read(lowpan::smoltcp::lowpan_udp_values, &lowpan::FRAME);
        }
        _ => return write(of, row, count, &mut [0; ROOM]),
    }
    Some(())
}

/// The echo, every datagram of which has to come back.
fn echo(of: &str, count: usize) -> Option<()> {
    let octets = match of {
        "litz" => echo::litz::run(count),
        "smoltcp" => echo::smoltcp::run(count),
        _ => return None,
    };
    (octets == (count + echo::WARM) * echo::DATAGRAM).then_some(())
}

/// The same of a row that writes.
fn write(of: &str, row: &str, count: usize, buf: &mut [u8]) -> Option<()> {
    match (of, row) {
        ("litz", "dhcp_offer_written") => dhcp::litz::write(count, buf),
        ("litz", "dns_answer_written" | "dns_query_written") => dns::litz::write(row, count, buf),
        ("litz", "lowpan_udp_written") => lowpan::litz::write(count, buf),
        ("smoltcp", "dhcp_offer_written") => dhcp::smoltcp::write(count, buf),
        ("smoltcp", "dns_query_written") => dns::smoltcp::write(row, count, buf),
        ("smoltcp", "lowpan_udp_written") => lowpan::smoltcp::write(count, buf),
        _ => None,
    }
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

#[cfg(test)]
#[test]
fn every_row_runs() {
    for (_, row, _) in ROWS {
        assert_eq!(run("litz", row, 1), Some(()), "{row}");
        // smoltcp writes no answers of DNS.
        let theirs = (row != "dns_answer_written").then_some(());
        assert_eq!(run("smoltcp", row, 1), theirs, "{row}");
    }
}

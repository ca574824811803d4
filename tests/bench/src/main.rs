//! Instruction counts of litz beside the published smoltcp crate, in the same in-memory set-up.
//!
//! Without arguments it runs each scenario under callgrind and prints a Markdown table. With
//! `STACK SCENARIO COUNT IDLE` it runs one scenario; that is what callgrind is given. With `wire`
//! it counts the reading and writing of headers instead, see [`headers`]; with `goodput` it prints
//! what both stacks carry over simulated links.
//!
//! Counted is everything that one end does in its turn, and not what the other does: the
//! application's call that queues or reads octets, and the stack's poll, with the acknowledgments
//! that this end sends or takes. Both stacks use the same queue of frames, the same buffer sizes,
//! Ethernet and IPv4 with all checksums in software. Each figure is the difference of two runs of
//! different length, so that set-up and handshakes drop out.

mod count;
mod headers;
mod ours;
mod theirs;

use std::process::ExitCode;

use litz_bench::wire;

/// Octets of a TCP connection's buffers, each way.
const BUFFER: usize = 65_535;
/// Payload of a full segment.
const SEGMENT: usize = 1460;
/// Payload of a datagram.
const DATAGRAM: usize = 64;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    match words.as_slice() {
        [] => count::table(),
        ["wire"] => headers::table(),
        ["wire", of, row, count] => match count.parse().map(|count| headers::run(of, row, count)) {
            Ok(Some(())) => ExitCode::SUCCESS,
            _ => usage(),
        },
        ["goodput"] => {
            litz_bench::goodput::table();
            ExitCode::SUCCESS
        }
        [stack, scenario, count, idle] => match (count.parse(), idle.parse()) {
            (Ok(count), Ok(idle)) => run(stack, scenario, count, idle),
            _ => usage(),
        },
        _ => usage(),
    }
}

fn usage() -> ExitCode {
    eprintln!("usage: litz-bench [wire | goodput | litz|smoltcp tcp|udp COUNT IDLE]");
    ExitCode::from(2)
}

fn run(stack: &str, scenario: &str, count: usize, idle: usize) -> ExitCode {
    let moved = match (stack, scenario) {
        ("litz", "tcp") => ours::tcp(count * SEGMENT, idle),
        ("litz", "udp") => ours::udp(count, idle),
        ("smoltcp", "tcp") => theirs::tcp(count * SEGMENT, idle),
        ("smoltcp", "udp") => theirs::udp(count, idle),
        _ => return usage(),
    };
    println!("{stack} {scenario}: {moved} octets, {idle} idle sockets");
    ExitCode::SUCCESS
}

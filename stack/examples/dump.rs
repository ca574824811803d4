//! Prints a capture file through the generated printers: one line per packet, with `-v` its tree.
//!
//! ```sh
//! dump [-v] demo.pcap
//! ```
//!
//! Reads pcap and pcapng with Ethernet frames, IP packets, frames of IEEE 802.15.4, or what Linux
//! captures on all interfaces or the loopback.

mod support;

use std::io::{BufWriter, Write};
use std::process::ExitCode;

use litz::phy::pcap::{LinkType, PcapReader, PcapRecord};
use litz::wire::print::{ETHERNET, IEEE802154, IEEE802154_FCS, IP, LINUX_SLL, LOOPBACK};
use litz::wire::print::{Line, Tree};
use support::args::{Args, unknown};

fn main() -> ExitCode {
    support::exit("dump", run())
}

fn run() -> Result<(), String> {
    let (mut path, mut verbose) = (None, false);
    let mut args = Args::new();
    while let Some(argument) = args.next() {
        match argument.as_str() {
            "-v" => verbose = true,
            text if text.starts_with('-') || path.is_some() => return Err(unknown(text)),
            _ => path = Some(argument),
        }
    }
    let path = path.ok_or("the name of a capture file is missing")?;
    let file = std::fs::read(&path).map_err(|error| format!("{path}: {error}"))?;
    let reader = PcapReader::new(&file).map_err(|error| format!("{path}: {error}"))?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    for record in reader {
        let record = record.map_err(|error| format!("{path}: {error}"))?;
        if print(&mut out, &record, verbose).is_err() {
            // Whoever reads our output has seen enough.
            return Ok(());
        }
    }
    Ok(())
}

fn print(out: &mut impl Write, record: &PcapRecord<'_>, verbose: bool) -> std::io::Result<()> {
    let octets = record.octets;
    let start = match record.link_type {
        LinkType::ETHERNET => ETHERNET,
        LinkType::RAW | LinkType::IPV4 | LinkType::IPV6 => IP,
        LinkType::LINUX_SLL => LINUX_SLL,
        LinkType::NULL => LOOPBACK,
        LinkType::IEEE802_15_4_NOFCS => IEEE802154,
        LinkType::IEEE802_15_4_WITHFCS => IEEE802154_FCS,
        _ => {
            return writeln!(
                out,
                "{} {} octets of another medium",
                record.time,
                octets.len()
            );
        }
    };
    match verbose {
        true => writeln!(out, "{}\n{}", record.time, Tree::new(start, octets)),
        false => writeln!(out, "{} {}", record.time, Line::new(start, octets)),
    }
}

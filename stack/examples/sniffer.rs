//! Prints every frame that a TAP device receives, one line each, from a frame socket; the host is a
//! host all the same, and answers.
//!
//! ```sh
//! sniffer --tap tap0 --ipv4 192.0.2.1/24 [--ethertype 0806] [--count 0]
//! ```
//!
//! Ends after `--count` frames, if that is not 0, or by a signal, and says how many there were.

mod support;

use std::process::ExitCode;

use litz::SocketCapacity;
use litz::time::Deadline;
use litz::wire::EtherType;
use litz::wire::print::{ETHERNET, Line};
use support::args::{Args, unknown};
use support::host::Host;
use support::options::HostOptions;

fn main() -> ExitCode {
    support::exit("sniffer", run())
}

fn run() -> Result<(), String> {
    let mut args = Args::new();
    let mut options = HostOptions::new();
    let (mut ethertype, mut count) = (None, 0_usize);
    while let Some(option) = args.next() {
        match option.as_str() {
            "--count" => count = args.value(&option)?,
            "--ethertype" => {
                let text: String = args.value(&option)?;
                let number = u16::from_str_radix(&text, 16);
                let number = number.map_err(|_| format!("`{text}` is no value for {option}"))?;
                ethertype = Some(EtherType(number));
            }
            _ if options.take(&option, &mut args)? => {}
            text => return Err(unknown(text)),
        }
    }
    let capacity = SocketCapacity {
        frames: 1,
        datagrams: 256,
        datagram_octets: 262_144,
        ..SocketCapacity::default()
    };
    let mut host = Host::open(&options.check()?, &capacity)?;
    let socket = host.sockets.frame_open(ethertype);
    let socket = socket.map_err(|e| e.to_string())?;
    eprintln!("sniffer: ready");
    let mut seen = 0;
    while host.turn(Deadline::NEVER)? && (count == 0 || seen < count) {
        let now = Host::now();
        let mut frames = host.sockets.frame(socket).map_err(|e| e.to_string())?;
        while let Some((meta, frame)) = frames.recv() {
            let at = meta.timestamp.unwrap_or(now);
            println!("{at} {}", Line::new(ETHERNET, frame));
            seen += 1;
        }
    }
    println!("{seen} frames");
    Ok(())
}

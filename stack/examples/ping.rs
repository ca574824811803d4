//! Sends ICMP echo requests from a host on a TAP device and prints the answers.
//!
//! ```sh
//! ping --tap tap0 --ipv4 192.0.2.1/24 [--count 4] [--size 56] [--interval 1000] 192.0.2.254
//! ```
//!
//! Exit code 0 if every request was answered, 1 if not, 2 if it could not begin.

mod support;

use std::net::IpAddr;
use std::process::ExitCode;

use litz::time::{Deadline, Duration, Instant};
use litz::{IcmpHandle, SocketCapacity};
use support::args::{Args, unknown};
use support::host::Host;
use support::options::HostOptions;

/// How long an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(2);

/// What is asked for.
struct Plan {
    address: IpAddr,
    count: u16,
    size: usize,
    interval: Duration,
}

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(message) => support::exit("ping", Err(message)),
    }
}

fn run() -> Result<bool, String> {
    let mut args = Args::new();
    let mut options = HostOptions::new();
    let (mut address, mut count, mut size, mut interval) = (None, 4, 56, 1000);
    while let Some(option) = args.next() {
        match option.as_str() {
            "--count" => count = args.value(&option)?,
            "--size" => size = args.value(&option)?,
            "--interval" => interval = args.value(&option)?,
            _ if options.take(&option, &mut args)? => {}
            text => address = Some(text.parse().map_err(|_| unknown(text))?),
        }
    }
    let address = address.ok_or("the address to ping is missing")?;
    let plan = Plan {
        address,
        count,
        size,
        interval: Duration::from_millis(interval),
    };
    let mut host = Host::open(&options.check()?, &SocketCapacity::default())?;
    let socket = host.sockets.icmp_bind(0).map_err(|e| e.to_string())?;
    ping(&mut host, socket, &plan)
}

/// Sends and receives until every answer is there or the patience is over.
fn ping(host: &mut Host, socket: IcmpHandle, plan: &Plan) -> Result<bool, String> {
    let data: Vec<u8> = (0..=u8::MAX).cycle().take(plan.size).collect();
    let mut sent: Vec<Instant> = Vec::new();
    let mut answered = vec![false; plan.count.into()];
    let mut next = Host::now();
    loop {
        let now = Host::now();
        let all_sent = sent.len() >= plan.count.into();
        let answers = answered.iter().filter(|answered| **answered).count();
        if answers == answered.len() || (all_sent && now >= next) {
            println!("{} sent, {answers} received", sent.len());
            return Ok(answers == answered.len());
        }
        let mut icmp = host.sockets.icmp(socket).map_err(|e| e.to_string())?;
        if !all_sent && now >= next {
            let seq_no = u16::try_from(sent.len()).unwrap_or(u16::MAX);
            icmp.send_echo(plan.address, seq_no, &data)
                .map_err(|e| e.to_string())?;
            sent.push(now);
            let last = sent.len() >= plan.count.into();
            next = now.saturating_add(if last { PATIENCE } else { plan.interval });
        }
        if !host.turn(Deadline::at(next))? {
            return Ok(false);
        }
        let mut icmp = host.sockets.icmp(socket).map_err(|e| e.to_string())?;
        while let Some((meta, echoed)) = icmp.recv() {
            let index = usize::from(meta.seq_no);
            if let (Some(first), Some(sent)) = (answered.get_mut(index), sent.get(index))
                && !std::mem::replace(first, true)
                && echoed == data
            {
                let micros = Host::now().duration_since(*sent).total_micros();
                let (ms, us) = (micros / 1000, micros % 1000);
                println!(
                    "{} octets from {}: seq {}, hop limit {}, {ms}.{us:03} ms",
                    echoed.len(),
                    meta.remote,
                    meta.seq_no,
                    meta.hop_limit
                );
            }
        }
    }
}

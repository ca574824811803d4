//! Two hosts on a lossy link inside this process find each other, ping, and one fetches a page
//! and a megabyte from the other by TCP. Needs no privileges and no network; writes `demo.pcap`.
//!
//! ```sh
//! demo [--seed 1] [--loss 2]
//! ```
//!
//! Time is virtual: the same seed gives the same run, to the last octet of the capture.

mod support;

use std::net::IpAddr;
use std::process::ExitCode;

use litz::Endpoint;
use litz::time::Duration;
use support::args::{Args, unknown};
use support::fetch::{Fetch, Progress};
use support::http;
use support::pair::{Pair, ms};

/// Where the capture goes.
const CAPTURE: &str = "demo.pcap";
const MEGABYTE: u64 = 1 << 20;

fn main() -> ExitCode {
    support::exit("demo", run())
}

fn run() -> Result<(), String> {
    let (mut seed, mut loss) = (1, 2);
    let mut args = Args::new();
    while let Some(option) = args.next() {
        match option.as_str() {
            "--seed" => seed = args.value(&option)?,
            "--loss" => loss = args.value(&option)?,
            _ => return Err(unknown(&option)),
        }
    }
    if loss > 50 {
        return Err(format!(
            "`{loss}` is no value for --loss: a percentage, at most 50"
        ));
    }
    let mut pair = Pair::new(seed, loss, CAPTURE)?;
    let [ipv4, ipv6] = Pair::server_addresses();
    ping(&mut pair, ipv4)?;
    ping(&mut pair, ipv6)?;
    fetch(&mut pair, Endpoint::new(ipv6, 80), "/")?;
    fetch(
        &mut pair,
        Endpoint::new(ipv4, 80),
        &format!("/bytes/{MEGABYTE}"),
    )?;
    pair.finish()
}

/// Sends an echo request, again after a second without an answer, until one comes.
fn ping(pair: &mut Pair, to: IpAddr) -> Result<(), String> {
    let socket = pair
        .client
        .sockets
        .icmp_bind(0)
        .map_err(|e| e.to_string())?;
    let mut data = [0; 56];
    http::fill(0, &mut data);
    for seq_no in 0..100 {
        let begin = pair.now;
        let mut icmp = pair
            .client
            .sockets
            .icmp(socket)
            .map_err(|e| e.to_string())?;
        icmp.send_echo(to, seq_no, &data)
            .map_err(|e| e.to_string())?;
        let limit = begin.saturating_add(Duration::from_secs(1));
        while pair.now < limit {
            pair.step(limit);
            let mut icmp = pair
                .client
                .sockets
                .icmp(socket)
                .map_err(|e| e.to_string())?;
            if let Some((meta, echoed)) = icmp.recv().filter(|(meta, _)| meta.seq_no == seq_no) {
                let text = format!(
                    "ping {to}: {} octets, hop limit {}",
                    echoed.len(),
                    meta.hop_limit
                );
                let time = ms(pair.now.duration_since(begin));
                pair.say(&format!("{text}, {time}"));
                let _ = pair.client.sockets.icmp_release(socket);
                return Ok(());
            }
        }
        pair.say(&format!("ping {to}: no answer within a second"));
    }
    Err(format!("{to} does not answer"))
}

/// Fetches `path`, and compares what comes with what the server must send.
fn fetch(pair: &mut Pair, from: Endpoint, path: &str) -> Result<(), String> {
    let begin = pair.now;
    let limit = begin.saturating_add(Duration::from_secs(3600));
    let mut fetch = Fetch::new(&mut pair.client.sockets, from, path)?;
    pair.say(&format!("fetch http://{from}{path}"));
    let mut body = Vec::new();
    while pair.now < limit {
        pair.step(limit);
        match fetch.advance(&mut pair.client.sockets, |octets| {
            body.extend_from_slice(octets)
        }) {
            Progress::Waiting => {}
            Progress::Failed(reason) => return Err(format!("{from}: {reason}")),
            Progress::Done => {
                let expected = http::expected(path).ok_or("the server has no such page")?;
                let verdict = if body == expected {
                    "all right"
                } else {
                    "WRONG"
                };
                let what = if path == "/" { "page: " } else { "" };
                let time = ms(pair.now.duration_since(begin));
                pair.say(&format!(
                    "{what}{} octets, {verdict}, in {time}",
                    body.len()
                ));
                return if body == expected {
                    Ok(())
                } else {
                    Err("the octets differ".into())
                };
            }
        }
    }
    Err(format!("{from} has not finished within an hour"))
}

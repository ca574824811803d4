//! Fetches a URL from a host on a TAP device and writes the body to standard output.
//!
//! ```sh
//! http_client --tap tap0 --ipv4 192.0.2.1/24 --gateway 192.0.2.254 http://192.0.2.254:8000/
//! ```
//!
//! The host of the URL is an address, `192.0.2.254` or `[2001:db8:1::254]`. Exit code 0 for an
//! answer of 2xx, 1 for another or none, 2 if it could not begin.

mod support;

use std::io::Write;
use std::net::SocketAddr;
use std::process::ExitCode;

use litz::time::Deadline;
use litz::{Endpoint, SocketCapacity};
use support::args::{Args, unknown};
use support::fetch::{Fetch, Progress};
use support::host::Host;
use support::options::HostOptions;

/// The endpoint and the path of a URL.
fn parse(url: &str) -> Option<(Endpoint, String)> {
    let rest = url.strip_prefix("http://")?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let endpoint: Result<SocketAddr, _> = host.parse();
    let endpoint = endpoint.or_else(|_| format!("{host}:80").parse()).ok()?;
    Some((endpoint.into(), format!("/{path}")))
}

fn main() -> ExitCode {
    match run() {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(message)) => {
            eprintln!("http_client: {message}");
            ExitCode::from(1)
        }
        Err(message) => support::exit("http_client", Err(message)),
    }
}

/// The outer error is one before the request, the inner one is its fate.
fn run() -> Result<Result<(), String>, String> {
    let mut args = Args::new();
    let mut options = HostOptions::new();
    let mut url = None;
    while let Some(option) = args.next() {
        if !options.take(&option, &mut args)? {
            url = Some(parse(&option).ok_or_else(|| unknown(&option))?);
        }
    }
    let (remote, path) = url.ok_or("the URL is missing")?;
    let mut host = Host::open(&options.check()?, &SocketCapacity::default())?;
    let mut fetch = Fetch::new(&mut host.sockets, remote, &path)?;
    let mut body = Vec::new();
    while host.turn(Deadline::NEVER)? {
        match fetch.advance(&mut host.sockets, |octets| body.extend_from_slice(octets)) {
            Progress::Waiting => {}
            Progress::Failed(reason) => return Ok(Err(reason)),
            Progress::Done => break,
        }
    }
    // The last acknowledgment and the FIN are still ours to send.
    host.linger()?;
    std::io::stdout()
        .write_all(&body)
        .map_err(|e| e.to_string())?;
    match fetch.status() {
        Some(200..=299) => Ok(Ok(())),
        Some(status) => Ok(Err(format!("the server answered {status}"))),
        None => Ok(Err("the transfer was ended by a signal".to_owned())),
    }
}

//! Connects to a TCP port from a host on a TAP device, says what comes in on standard input, and
//! writes what it hears to standard output, until the other side has finished.
//!
//! ```sh
//! client --tap tap0 --ipv4 192.0.2.1/24 --gateway 192.0.2.254 --connect 192.0.2.254:7 < question
//! ```
//!
//! Exit code 0 if both sides finished, 1 if the connection failed, with the reason, 2 if it could
//! not begin.

mod support;

use std::io::{Read, Write};
use std::net::SocketAddr;
use std::process::ExitCode;

use litz::socket::TcpSocket;
use litz::socket::tcp::{CloseReason, RecvError};
use litz::time::Deadline;
use litz::{Endpoint, SocketCapacity};
use support::args::{Args, unknown};
use support::host::Host;
use support::options::HostOptions;

fn main() -> ExitCode {
    match run() {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(message)) => {
            eprintln!("client: {message}");
            ExitCode::from(1)
        }
        Err(message) => support::exit("client", Err(message)),
    }
}

/// The outer error is one before the connection, the inner one is its fate.
fn run() -> Result<Result<(), String>, String> {
    let mut args = Args::new();
    let mut options = HostOptions::new();
    let mut remote = None;
    while let Some(option) = args.next() {
        if option == "--connect" {
            remote = Some(args.value::<SocketAddr>(&option)?);
        } else if !options.take(&option, &mut args)? {
            return Err(unknown(&option));
        }
    }
    let remote: Endpoint = remote.ok_or("--connect ADDR:PORT is missing")?.into();
    let mut question = Vec::new();
    std::io::stdin()
        .read_to_end(&mut question)
        .map_err(|e| e.to_string())?;
    let mut host = Host::open(&options.check()?, &SocketCapacity::default())?;
    let handle = host
        .sockets
        .tcp_connect(remote)
        .map_err(|e| format!("{remote}: {e}"))?;
    let mut said = 0;
    while host.turn(Deadline::NEVER)? {
        let Ok(mut socket) = host.sockets.tcp(handle) else {
            break;
        };
        speak(&mut socket, &question, &mut said);
        match listen(&mut socket) {
            Ok(true) => {}
            Ok(false) => {
                // What is queued is still to be sent.
                let _ = host.sockets.tcp_release(handle);
                host.linger()?;
                return Ok(Ok(()));
            }
            Err(reason) => return Ok(Err(reason)),
        }
    }
    Ok(Err("ended by a signal".to_owned()))
}

/// Queues what there is room for, and finishes when all is queued.
fn speak(socket: &mut TcpSocket<'_, '_>, question: &[u8], said: &mut usize) {
    let rest = question.get(*said..).unwrap_or_default();
    if rest.is_empty() {
        if socket
            .info()
            .is_some_and(|info| info.state.is_synchronized())
        {
            socket.close();
        }
    } else if let Ok(queued) = socket.send_slice(rest) {
        *said = said.saturating_add(queued);
    }
}

/// Writes what has arrived; `false` when the other side has finished.
fn listen(socket: &mut TcpSocket<'_, '_>) -> Result<bool, String> {
    let mut output = std::io::stdout();
    let mut write = |octets: &[u8]| output.write_all(octets).map_err(|e| e.to_string());
    loop {
        match socket.recv_with(|octets| (octets.len(), write(octets).map(|()| octets.len()))) {
            Ok(Ok(0)) => break,
            Ok(Ok(_)) => {}
            Ok(Err(message)) => return Err(message),
            Err(RecvError::Finished) => return Ok(false),
            Err(error) => return Err(explain(socket, &error)),
        }
    }
    match socket.close_reason() {
        Some(CloseReason::Finished) => Ok(false),
        Some(reason) => Err(reason.to_string()),
        None => Ok(true),
    }
}

/// Why a connection failed, with what the network said.
fn explain(socket: &TcpSocket<'_, '_>, error: &RecvError) -> String {
    match socket.network_error() {
        Some(reported) => format!("{error} ({reported})"),
        None => error.to_string(),
    }
}

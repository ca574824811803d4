//! The example `server`, running in a namespace of its own until it is dropped.

use std::process::Command;
use std::thread;
use std::time::Duration;

use crate::namespace::{Namespace, TAP};
use crate::process::Running;
use crate::workspace;

/// Time within which the server is ready or has ended.
pub const SOON: Duration = Duration::from_secs(20);
/// The server's address.
pub const IPV4: &str = "192.0.2.1";
/// The server's address.
pub const IPV6: &str = "2001:db8:1::1";
/// The address that the server derives from its MAC address (RFC 4291 appendix A).
pub const LINK_LOCAL: &str = "fe80::ff:fe00:1";

/// The arguments that every test gives, apart from the name of the device.
pub const ARGUMENTS: [&str; 8] = [
    "--mac",
    "02:00:00:00:00:01",
    "--ipv4",
    "192.0.2.1/24",
    "--gateway",
    "192.0.2.254",
    "--ipv6",
    "2001:db8:1::1/64",
];

/// The server and its namespace. What it wrote is shown if the test panics.
#[derive(Debug)]
pub struct Server {
    /// The program; taken out by [`Server::stop`].
    running: Option<Running>,
    /// Where clients run. Dropped after the program.
    pub namespace: Namespace,
}

impl Server {
    /// Makes a namespace and starts the server in it; returns when it is ready.
    #[track_caller]
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// As [`Server::start`], with more arguments.
    #[track_caller]
    pub fn start_with(more: &[&str]) -> Self {
        let namespace = Namespace::new();
        let mut command = Self::command(&namespace);
        command.args(["--tap", TAP]).args(ARGUMENTS).args(more);
        let mut running = Running::start(&mut command);
        running.wait_for_line("ready", SOON);
        namespace.wait_for_carrier();
        Self {
            running: Some(running),
            namespace,
        }
    }

    /// The program, to be run inside `namespace` with arguments of the test's own.
    #[track_caller]
    pub fn command(namespace: &Namespace) -> Command {
        namespace.command(workspace::example("server"))
    }

    /// The running program.
    #[track_caller]
    pub fn running(&self) -> &Running {
        self.running.as_ref().expect("the server was stopped")
    }

    /// Takes the running program out, to wait for its end.
    #[track_caller]
    pub fn stop(&mut self) -> Running {
        self.running.take().expect("the server was stopped")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let (true, Some(running)) = (thread::panicking(), &self.running) {
            eprintln!("the server wrote:\n{}", running.stderr_so_far());
        }
    }
}

/// The octets that `GET /bytes/N` serves, from `offset` on: they repeat after 251, a prime, so that
/// an octet that is lost, doubled or out of its place shows.
pub fn pattern(offset: usize, octets: &mut [u8]) {
    for (at, octet) in octets.iter_mut().enumerate() {
        *octet = ((offset + at) % 251) as u8;
    }
}

//! A network namespace with one TAP device, made for a test and removed with it.
//!
//! The kernel's side of the device has 192.0.2.254/24 and 2001:db8:1::254/64 (RFC 5737, RFC 3849);
//! the program under test attaches to the other side. Needs root and iproute2; the interfaces of
//! the host are never touched.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use crate::process::{Ended, run};

/// Name of the TAP device inside every namespace.
pub const TAP: &str = "tap0";
/// Time within which a command of iproute2 ends.
const SOON: Duration = Duration::from_secs(20);

/// A namespace with the TAP device [`TAP`]; deleted when dropped.
#[derive(Debug)]
pub struct Namespace {
    name: String,
}

impl Namespace {
    /// Makes the namespace, its TAP device and the kernel's addresses.
    #[track_caller]
    pub fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        remove_orphans();
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("litz-{}-{number}", std::process::id());
        ip(&["netns", "add", &name]);
        // From here on the guard removes what the following lines may leave half done.
        let namespace = Self { name };
        namespace.ip(&["link", "set", "lo", "up"]);
        namespace.ip(&["tuntap", "add", "dev", TAP, "mode", "tap"]);
        // Duplicate address detection would keep the addresses unusable for a second.
        let no_dad = format!("echo 0 > /proc/sys/net/ipv6/conf/{TAP}/accept_dad");
        namespace.run(&["sh", "-c", &no_dad]).success();
        namespace.ip(&["addr", "add", "192.0.2.254/24", "dev", TAP]);
        namespace.ip(&["addr", "add", "2001:db8:1::254/64", "dev", TAP, "nodad"]);
        namespace.ip(&["link", "set", TAP, "up"]);
        namespace
    }

    /// Its name, as `ip netns` knows it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A command that will run inside.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.name]).arg(program);
        command
    }

    /// Runs a short command inside, to its end.
    #[track_caller]
    pub fn run(&self, command: &[&str]) -> Ended {
        let (program, arguments) = command.split_first().expect("a command has a name");
        run(self.command(program).args(arguments), SOON)
    }

    /// Runs `ip` inside; fails if it does.
    #[track_caller]
    pub fn ip(&self, arguments: &[&str]) -> String {
        self.run(&[&["ip"], arguments].concat()).success().text()
    }

    /// Waits until the kernel's side of the device has a carrier, so a program has attached.
    #[track_caller]
    pub fn wait_for_carrier(&self) {
        let deadline = Instant::now() + SOON;
        while !self.ip(&["link", "show", TAP]).contains("LOWER_UP") {
            assert!(Instant::now() < deadline, "no program attached to {TAP}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Runs the test `name` of the running executable once more, inside; see [`inside`].
    #[track_caller]
    pub fn rerun(&self, name: &str, limit: Duration) {
        self.rerun_with(name, limit, (INSIDE, "1"));
    }

    /// [`Namespace::rerun`], with one more variable in the environment.
    #[track_caller]
    pub fn rerun_with(&self, name: &str, limit: Duration, (key, value): (&str, &str)) {
        let test = std::env::current_exe().expect("the path of this test");
        let mut command = self.command(test);
        command.args([name, "--exact", "--nocapture", "--test-threads=1"]);
        let ended = run(command.env(key, value).env(INSIDE, "1"), limit);
        let text = ended.text();
        print!("{text}");
        assert!(
            ended.status.success(),
            "inside the namespace:\n{text}{}",
            ended.stderr
        );
        assert!(text.contains("1 passed"), "`{name}` names no test:\n{text}");
    }
}

/// Marks the process that [`Namespace::rerun`] started.
const INSIDE: &str = "LITZ_INSIDE_NAMESPACE";

/// Whether this process runs inside a namespace, as the client half of its test.
///
/// A test whose client is Rust code calls this first: outside it makes the namespace, starts the
/// server and calls [`Namespace::rerun`] with its own name; inside it is the client.
pub fn inside() -> bool {
    std::env::var_os(INSIDE).is_some()
}

impl Default for Namespace {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        let deleted = Command::new("ip")
            .args(["netns", "del", &self.name])
            .status();
        if !deleted.is_ok_and(|status| status.success()) {
            eprintln!("the namespace {} is left behind", self.name);
        }
    }
}

#[track_caller]
fn ip(arguments: &[&str]) {
    run(Command::new("ip").args(arguments), SOON).success();
}

/// Deletes the namespaces of tests that were killed before they could.
fn remove_orphans() {
    let list = run(Command::new("ip").args(["netns", "list"]), SOON).text();
    for name in list
        .lines()
        .filter_map(|line| line.split_whitespace().next())
    {
        let owner = name
            .strip_prefix("litz-")
            .and_then(|rest| rest.split('-').next());
        let owner = owner.and_then(|pid| pid.parse::<u32>().ok());
        if owner.is_some_and(|pid| !Path::new(&format!("/proc/{pid}")).exists()) {
            let _ = Command::new("ip").args(["netns", "del", name]).output();
        }
    }
}

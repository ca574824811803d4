//! Processes that cannot outlive their test, and commands that cannot run for ever.

use std::io::{self, Read};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// How often a process is asked whether it has ended.
const STEP: Duration = Duration::from_millis(5);

/// A process in the background, with what it wrote; killed and reaped when dropped.
#[derive(Debug)]
pub struct Running {
    child: Child,
    name: String,
    stdout: Pipe,
    stderr: Pipe,
}

/// What a command that ended has left.
#[derive(Debug)]
pub struct Ended {
    /// How it ended.
    pub status: ExitStatus,
    /// What it wrote to its standard output.
    pub stdout: Vec<u8>,
    /// What it wrote to its standard error.
    pub stderr: String,
}

impl Ended {
    /// Standard output as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    /// Fails, with what the command wrote, unless it ended with 0.
    #[track_caller]
    pub fn success(self) -> Self {
        assert!(
            self.status.success(),
            "{}\n{}{}",
            self.status,
            self.text(),
            self.stderr
        );
        self
    }
}

impl Running {
    /// Starts `command` and collects its output.
    #[track_caller]
    pub fn start(command: &mut Command) -> Self {
        let name = format!("{command:?}");
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command
            .spawn()
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let stdout = Pipe::collect(child.stdout.take());
        let stderr = Pipe::collect(child.stderr.take());
        Self {
            child,
            name,
            stdout,
            stderr,
        }
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits until a line of standard error is `line`; fails if it ends or `limit` passes first.
    #[track_caller]
    pub fn wait_for_line(&mut self, line: &str, limit: Duration) {
        let deadline = Instant::now() + limit;
        loop {
            let said = self.stderr_so_far();
            if said.lines().any(|said| said == line) {
                return;
            }
            let ended = self.child.try_wait().expect("a child can be waited for");
            assert!(
                ended.is_none(),
                "{} ended before it said `{line}`:\n{said}",
                self.name
            );
            assert!(
                Instant::now() < deadline,
                "{} never said `{line}`:\n{said}",
                self.name
            );
            thread::sleep(STEP);
        }
    }

    /// What it has written to its standard error until now.
    pub fn stderr_so_far(&self) -> String {
        String::from_utf8_lossy(&self.stderr.so_far()).into_owned()
    }

    /// What it has written to its standard output until now.
    pub fn stdout_so_far(&self) -> String {
        String::from_utf8_lossy(&self.stdout.so_far()).into_owned()
    }

    /// Sends the signal `name`, such as `TERM`.
    #[track_caller]
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill")
            .args([format!("-{name}"), self.id().to_string()])
            .status();
        assert!(
            sent.is_ok_and(|status| status.success()),
            "{} cannot be signaled",
            self.name
        );
    }

    /// Waits until it ends; after `limit` it is killed and this fails.
    #[track_caller]
    pub fn wait(mut self, limit: Duration) -> Ended {
        let deadline = Instant::now() + limit;
        let status = loop {
            match self.child.try_wait().expect("a child can be waited for") {
                Some(status) => break status,
                None if Instant::now() > deadline => {
                    self.kill();
                    let said = self.stderr_so_far();
                    panic!("{} did not end within {limit:?}:\n{said}", self.name);
                }
                None => thread::sleep(STEP),
            }
        };
        let stdout = self.stdout.finish();
        let stderr = String::from_utf8_lossy(&self.stderr.finish()).into_owned();
        Ended {
            status,
            stdout,
            stderr,
        }
    }

    /// User and system time it has used until now, read from `/proc`.
    pub fn cpu_time(&self) -> Duration {
        // proc(5): the fields after the name in parentheses; utime and stime in 1/100 s.
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.id())).expect("it runs");
        let (_, fields) = stat.rsplit_once(')').expect("a name in parentheses");
        let fields: Vec<&str> = fields.split_whitespace().collect();
        let ticks: u64 = [fields[11], fields[12]]
            .iter()
            .map(|n| n.parse::<u64>().unwrap())
            .sum();
        Duration::from_millis(ticks * 10)
    }

    /// Memory it holds at this moment, in octets.
    pub fn resident_memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id())).expect("runs");
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .expect("VmRSS");
        line.trim()
            .trim_end_matches(" kB")
            .parse::<u64>()
            .expect("a number")
            * 1024
    }

    fn kill(&mut self) {
        // Ended already is as good as killed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Runs `command` to its end; after `limit` it is killed and this fails.
#[track_caller]
pub fn run(command: &mut Command, limit: Duration) -> Ended {
    Running::start(command).wait(limit)
}

/// Whether a process ended by a signal rather than by itself.
pub fn was_killed(status: ExitStatus) -> bool {
    status.signal().is_some()
}

/// The reading end of a pipe, emptied by a thread so that the writer never waits.
#[derive(Debug)]
struct Pipe {
    read: Arc<Mutex<Vec<u8>>>,
    thread: Option<JoinHandle<()>>,
}

impl Pipe {
    fn collect(pipe: Option<impl Read + Send + 'static>) -> Self {
        let read = Arc::new(Mutex::new(Vec::new()));
        let thread = pipe.map(|mut pipe| {
            let read = Arc::clone(&read);
            thread::spawn(move || {
                let mut chunk = [0; 65536];
                loop {
                    match pipe.read(&mut chunk) {
                        Ok(0) => return,
                        Ok(n) => read.lock().expect("no reader panics").extend(&chunk[..n]),
                        Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                        Err(_) => return,
                    }
                }
            })
        });
        Self { read, thread }
    }

    fn so_far(&self) -> Vec<u8> {
        self.read.lock().expect("no reader panics").clone()
    }

    /// Everything, once the writer has ended. A process that the writer left behind may hold the
    /// pipe open for ever; it is not waited for.
    fn finish(&mut self) -> Vec<u8> {
        let deadline = Instant::now() + Duration::from_secs(5);
        if let Some(thread) = self.thread.take() {
            while !thread.is_finished() && Instant::now() < deadline {
                thread::sleep(STEP);
            }
        }
        std::mem::take(&mut *self.read.lock().expect("no reader panics"))
    }
}

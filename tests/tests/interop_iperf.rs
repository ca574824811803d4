//! iperf3, both ways: its client connects to litz by way of a TAP device, and litz hands each
//! connection on to its server, which knows nothing of that. So litz carries what it carries as a
//! receiver or a sender, with a foreign program that counts.
#![allow(clippy::disallowed_methods, reason = "the peer is Linux, in real time")]

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use litz::socket::TcpSocket;
use litz::{
    Interface, InterfaceStorage, IpCidr, Link, ListenerHandle, SocketCapacity, SocketSet, TcpHandle,
};
use litz_hal::linux::{Tap, monotonic_now, wait_until};
use litz_hal::time::{Deadline, Duration as Span};
use litz_tests::host::{ipv4, mac};
use litz_tests::namespace::{Namespace, TAP, inside};
use litz_tests::prerequisite;
use litz_tests::process::{Running, run};
use std::os::fd::AsFd;

const LIMIT: Duration = Duration::from_secs(60);
/// iperf3's port, at litz and at the server behind it.
const PORT: u16 = 5201;

/// A connection of litz and the one that it is handed on to.
struct Pair {
    near: TcpHandle,
    far: TcpStream,
    /// Read from the far one and not yet sent.
    rest: Vec<u8>,
    /// No more will come from the far one, or from the near one.
    far_ended: bool,
    near_ended: bool,
}

/// litz, which hands connections on.
struct Proxy {
    iface: Interface<'static>,
    sockets: SocketSet<'static>,
    device: Tap,
    listener: ListenerHandle,
    pairs: Vec<Pair>,
}

impl Proxy {
    fn new() -> Self {
        let storage = InterfaceStorage::heap(1500);
        let mut iface = Interface::new(Link::Ethernet(mac(1)), [7; 16], storage).expect("a link");
        iface
            .add_addr(IpCidr::new(ipv4(1), 24).expect("a prefix"))
            .expect("room");
        let capacity = SocketCapacity {
            tcp: 16,
            tcp_rx: 1 << 20,
            tcp_tx: 1 << 20,
            ..SocketCapacity::default()
        };
        let mut sockets = SocketSet::heap([9; 16], &capacity);
        let listener = sockets.tcp_listen(PORT, 8).expect("a listener");
        Self {
            iface,
            sockets,
            device: Tap::attach(TAP).expect("the device"),
            listener,
            pairs: Vec::new(),
        }
    }

    fn run(mut self, done: &AtomicBool) {
        while !done.load(Ordering::Acquire) {
            let now = monotonic_now();
            self.iface.poll(now, &mut self.device, &mut self.sockets);
            let accepted = self.sockets.tcp_accept(self.listener).expect("held");
            if let Some((near, _)) = accepted {
                let far = TcpStream::connect(("127.0.0.1", PORT)).expect("the server");
                far.set_nonblocking(true).expect("no waiting");
                far.set_nodelay(true).expect("no delay");
                self.pairs.push(Pair {
                    near,
                    far,
                    rest: Vec::new(),
                    far_ended: false,
                    near_ended: false,
                });
            }
            let mut moved = false;
            for pair in &mut self.pairs {
                let mut socket = self.sockets.tcp(pair.near).expect("held");
                moved |= pair.outward(&mut socket) | pair.inward(&mut socket);
            }
            self.pairs.retain(|pair| {
                let over = pair.near_ended && pair.far_ended && pair.rest.is_empty();
                if over {
                    self.sockets.tcp_release(pair.near).expect("held");
                }
                !over
            });
            self.iface.poll(now, &mut self.device, &mut self.sockets);
            if !moved {
                let soon = Deadline::at(now.saturating_add(Span::from_millis(1)));
                let due = self.iface.poll_at(now, &self.sockets).min(soon);
                wait_until(&[self.device.as_fd()], due).expect("ppoll");
            }
        }
    }
}

impl Pair {
    /// From litz to the server.
    fn outward(&mut self, socket: &mut TcpSocket<'_, '_>) -> bool {
        let mut moved = false;
        let far = &mut self.far;
        let taken = socket.recv_with(|data| {
            let written = far.write(data).unwrap_or(0);
            moved = written > 0;
            (written, ())
        });
        if taken.is_err() && !self.near_ended {
            self.near_ended = true;
            let _ = self.far.shutdown(std::net::Shutdown::Write);
        }
        moved
    }

    /// From the server to litz.
    fn inward(&mut self, socket: &mut TcpSocket<'_, '_>) -> bool {
        let mut moved = false;
        if self.rest.is_empty() && !self.far_ended {
            let mut buffer = vec![0; 1 << 16];
            match self.far.read(&mut buffer) {
                Ok(0) => self.far_ended = true,
                Ok(len) => self.rest.extend_from_slice(&buffer[..len]),
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(_) => self.far_ended = true,
            }
        }
        if !self.rest.is_empty() {
            let sent = socket.send_slice(&self.rest).unwrap_or(self.rest.len());
            self.rest.drain(..sent);
            moved = sent > 0;
        } else if self.far_ended {
            socket.close();
        }
        moved
    }
}

/// What the client counted, in Mbit/s: sent and received.
fn client(arguments: &[&str]) -> [f64; 2] {
    let mut command = Command::new("iperf3");
    command.args(["-c", "192.0.2.1", "-J", "-n", "40M"]);
    let ended = run(command.args(arguments), LIMIT).success();
    let text = ended.text();
    let rate = |section: &str| {
        let (_, rest) = text
            .split_once(&format!("\"{section}\":"))
            .unwrap_or_else(|| panic!("no {section} in {text}"));
        let (_, rest) = rest.split_once("\"bits_per_second\":").expect("a rate");
        let number = rest.split([',', '}']).next().unwrap_or_default().trim();
        number.parse::<f64>().expect("a number") / 1e6
    };
    [rate("sum_sent"), rate("sum_received")]
}

/// RFC 9293 at the hands of a stranger: 40 MiB each way, and two connections at once.
#[test]
fn iperf3_measures_both_directions() {
    if !inside() {
        if prerequisite::network(&["iperf3"]) {
            Namespace::new().rerun("iperf3_measures_both_directions", LIMIT);
        }
        return;
    }
    let server =
        Running::start(Command::new("iperf3").args(["-s", "-B", "127.0.0.1", "--forceflush"]));
    let begin = Instant::now();
    while !server.stdout_so_far().contains("Server listening") {
        assert!(begin.elapsed() < LIMIT, "{}", server.stderr_so_far());
        thread::sleep(Duration::from_millis(20));
    }
    let done = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&done);
    let proxy = thread::spawn(move || Proxy::new().run(&flag));
    for (title, arguments) in [
        ("litz receives", &[][..]),
        ("litz sends", &["-R"]),
        ("litz receives by two", &["-P", "2"]),
        ("litz sends by two", &["-R", "-P", "2"]),
    ] {
        let [sent, received] = client(arguments);
        println!("{title}: {sent:.0} Mbit/s sent, {received:.0} received");
        // Slower than this is no transfer but a stall; the machine may be busy.
        assert!(received > 20.0, "{title}: {received} Mbit/s");
    }
    done.store(true, Ordering::Release);
    proxy.join().expect("litz");
}

//! Transfers to and from the Linux kernel over a relay that delays, limits and loses, and the same
//! between two Linux kernels as the yardstick. What litz carries of it is printed: nine tenths or
//! more on a quiet machine. What is asserted is less, because where losses fall in real time, and
//! what else the machine does, is chance.
//!
//! The test process runs inside one namespace: litz, or the relay to a second namespace, is a
//! thread of it, its peer is the kernel.
#![allow(clippy::disallowed_methods, reason = "the peer is Linux, in real time")]

use std::io::Read;
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use litz::socket::tcp::{RecvError, State, TcpConfig};
use litz::{
    Endpoint, Interface, InterfaceStorage, IpCidr, Link, SocketCapacity, SocketSet, TcpHandle,
};
use litz_hal::linux::{Tap, monotonic_now};
use litz_hal::prng::Chance;
use litz_hal::time::{Deadline, Duration as Span};
use litz_tests::host::{ipv4, mac};
use litz_tests::namespace::{Namespace, TAP, inside};
use litz_tests::prerequisite;
use litz_tests::relay::{RelayedTap, carry};
use litz_tests::sim::{Loss, PathConfig};

const LIMIT: Duration = Duration::from_secs(240);
/// The kernel's address, and that of whoever is behind the relay.
const KERNEL: &str = "192.0.2.254";
const FAR: u8 = 1;
const PORT: u16 = 5001;

/// One direction of the link: 5 ms, 200 Mbit/s, a thousand packets of queue.
fn way(loss: u32, seed: u64) -> PathConfig {
    PathConfig {
        seed,
        rate: Some(200_000_000),
        delay: Span::from_millis(5),
        queue: 1_500_000,
        loss: Loss::Random(Chance::per_million(loss)),
        ..PathConfig::default()
    }
}

#[derive(Clone, Copy)]
struct Point {
    /// Loss of data, in each million; acknowledgments are not lost.
    loss: u32,
    octets: usize,
    seed: u64,
}

/// Whether data goes from the kernel of this namespace to the far end, or comes from there.
#[derive(Clone, Copy, PartialEq)]
enum Data {
    ToKernel,
    FromKernel,
}

impl Point {
    /// Ways to the kernel and from it.
    fn ways(self, data: Data) -> [PathConfig; 2] {
        let (lossy, clean) = (way(self.loss, self.seed), way(0, self.seed));
        match data {
            Data::ToKernel => [lossy, clean],
            Data::FromKernel => [clean, lossy],
        }
    }
}

/// Read to the end; how long it took from the first octet, or from `begin`.
fn swallow(stream: &mut TcpStream, octets: usize, begin: Instant) -> Duration {
    let mut buffer = vec![0; 1 << 16];
    let mut left = octets;
    while left > 0 {
        let got = stream.read(&mut buffer).expect("data");
        assert!(got > 0 && got <= left, "{left} octets are missing");
        left -= got;
    }
    begin.elapsed()
}

/// A Linux program that sends so many octets with this congestion control and waits for the end; in
/// the namespace of that name, or in ours.
fn sender(place: Option<&str>, to: &str, octets: usize, control: &str) -> Child {
    let code = format!(
        "import socket; s = socket.socket(); \
         s.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, b'{control}'); \
         s.connect(('{to}', {PORT})); s.sendall(b'Z' * {octets}); s.shutdown(1); s.recv(1)"
    );
    python(place, &code)
}

fn python(place: Option<&str>, code: &str) -> Child {
    let mut command = match place {
        Some(name) => {
            let mut command = Command::new("ip");
            command.args(["netns", "exec", name, "python3"]);
            command
        }
        None => Command::new("python3"),
    };
    command.args(["-c", code]).spawn().expect("python3")
}

fn finish(mut child: Child) {
    assert!(child.wait().is_ok_and(|status| status.success()), "python3");
}

fn mbits(octets: usize, took: Duration) -> f64 {
    octets as f64 * 8.0 / took.as_secs_f64() / 1e6
}

/// litz behind the relay, in a thread of its own.
struct Litz {
    iface: Interface<'static>,
    sockets: SocketSet<'static>,
    device: RelayedTap,
}

impl Litz {
    fn new(point: Point, data: Data) -> Self {
        let tap = Tap::attach(TAP).expect("the device");
        let [to_kernel, from_kernel] = point.ways(data);
        let storage = InterfaceStorage::heap(1500);
        let mut iface = Interface::new(Link::Ethernet(mac(FAR)), [7; 16], storage).expect("a link");
        iface
            .add_addr(IpCidr::new(ipv4(FAR), 24).expect("a prefix"))
            .expect("room");
        let capacity = SocketCapacity {
            tcp: 2,
            tcp_rx: 1 << 21,
            tcp_tx: 1 << 21,
            ..SocketCapacity::default()
        };
        let mut sockets = SocketSet::heap([9; 16], &capacity);
        sockets.set_tcp_config(TcpConfig::DEFAULT);
        Self {
            iface,
            sockets,
            device: RelayedTap::new(tap, from_kernel, to_kernel),
        }
    }

    /// Poll until `act` gives something.
    fn run<R>(&mut self, mut act: impl FnMut(&mut SocketSet<'static>) -> Option<R>) -> R {
        let begin = Instant::now();
        loop {
            assert!(begin.elapsed() < LIMIT, "it takes too long");
            let now = monotonic_now();
            self.device.pump(now);
            self.iface.poll(now, &mut self.device, &mut self.sockets);
            let result = act(&mut self.sockets);
            self.iface.poll(now, &mut self.device, &mut self.sockets);
            self.device.pump(now);
            if let Some(result) = result {
                return result;
            }
            let soon = Deadline::at(now.saturating_add(Span::from_millis(100)));
            self.device
                .wait(self.iface.poll_at(now, &self.sockets).min(soon));
        }
    }

    /// Connect and send.
    fn send(&mut self, octets: usize) {
        let kernel = Endpoint::new(
            KERNEL.parse::<core::net::IpAddr>().expect("an address"),
            PORT,
        );
        let handle = self.sockets.tcp_connect(kernel).expect("a connection");
        let chunk = vec![0x5a; 1 << 16];
        let mut left = octets;
        self.run(|sockets| {
            let mut socket = sockets.tcp(handle).expect("held");
            while left > 0 && socket.can_send() {
                left -= socket
                    .send_slice(&chunk[..left.min(chunk.len())])
                    .expect("open");
            }
            if left == 0 && socket.state() == State::Established {
                socket.close();
            }
            let over = matches!(socket.state(), State::TimeWait | State::Closed);
            (left == 0 && (over || socket.state() == State::FinWait2)).then_some(())
        });
    }

    /// Accept and read to the end; how long it took.
    fn receive(&mut self, octets: usize, listening: &AtomicBool) -> Duration {
        let listener = self.sockets.tcp_listen(PORT, 1).expect("a listener");
        listening.store(true, Ordering::Release);
        let mut handle: Option<TcpHandle> = None;
        let mut begin = Instant::now();
        let mut got = 0;
        let mut buffer = vec![0; 1 << 16];
        let mut took = None;
        self.run(|sockets| {
            if handle.is_none() {
                handle = sockets
                    .tcp_accept(listener)
                    .expect("held")
                    .map(|(tcp, _)| tcp);
                begin = Instant::now();
            }
            let mut socket = sockets.tcp(handle?).expect("held");
            loop {
                match socket.recv_slice(&mut buffer) {
                    Ok(0) => return None,
                    Ok(len) => got += len,
                    Err(RecvError::Finished) => {
                        assert_eq!(got, octets);
                        let time = *took.get_or_insert_with(|| begin.elapsed());
                        socket.close();
                        // Our FIN has to arrive too.
                        return socket.is_closed().then_some(time);
                    }
                    Err(error) => panic!("{error}"),
                }
            }
        })
    }
}

/// How long litz takes.
fn with_litz(point: Point, data: Data, control: &str) -> Duration {
    let octets = point.octets;
    match data {
        Data::ToKernel => {
            let listener = TcpListener::bind((KERNEL, PORT)).expect("a free port");
            let sender = thread::spawn(move || Litz::new(point, data).send(octets));
            let (mut stream, _) = listener.accept().expect("litz");
            let took = swallow(&mut stream, octets, Instant::now());
            drop(stream);
            sender.join().expect("litz");
            took
        }
        Data::FromKernel => {
            let listening = Arc::new(AtomicBool::new(false));
            let flag = Arc::clone(&listening);
            let receiver = thread::spawn(move || Litz::new(point, data).receive(octets, &flag));
            while !listening.load(Ordering::Acquire) {
                thread::sleep(Duration::from_millis(5));
            }
            finish(sender(None, &ipv4(FAR).to_string(), octets, control));
            receiver.join().expect("litz")
        }
    }
}

fn system(line: &str) {
    let status = Command::new("sh").args(["-c", line]).status();
    assert!(status.is_ok_and(|status| status.success()), "{line}");
}

/// How long another Linux takes at litz's place.
fn with_linux(point: Point, data: Data, far: &str, control: &str) -> Duration {
    let octets = point.octets;
    let near = Tap::attach(TAP).expect("the device");
    let tap = Tap::create("far0").expect("a second device");
    system(&format!("ip link set far0 netns {far}"));
    system(&format!(
        "ip -n {far} addr add 192.0.2.{FAR}/24 dev far0 && ip -n {far} link set far0 up"
    ));
    let [to_kernel, from_kernel] = point.ways(data);
    let done = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&done);
    let relay = thread::spawn(move || {
        carry([near, tap], [from_kernel, to_kernel], || {
            flag.load(Ordering::Acquire)
        });
    });
    let took = match data {
        Data::ToKernel => {
            let listener = TcpListener::bind((KERNEL, PORT)).expect("a free port");
            let child = sender(Some(far), KERNEL, octets, control);
            let (mut stream, _) = listener.accept().expect("Linux");
            let took = swallow(&mut stream, octets, Instant::now());
            drop(stream);
            finish(child);
            took
        }
        Data::FromKernel => {
            let code = format!(
                "import socket, time; l = socket.create_server(('192.0.2.{FAR}', {PORT})); \
                 s, _ = l.accept(); t = time.monotonic(); n = 0\n\
                 while True:\n b = s.recv(1 << 16); n += len(b)\n if not b: break\n\
                 print(int((time.monotonic() - t) * 1e6)); assert n == {octets}; s.close()"
            );
            let mut receiver = Command::new("ip");
            receiver.args(["netns", "exec", far, "python3", "-c", &code]);
            let receiver = receiver.stdout(Stdio::piped()).spawn().expect("python3");
            thread::sleep(Duration::from_millis(500));
            finish(sender(None, "192.0.2.1", octets, control));
            let output = receiver.wait_with_output().expect("python3");
            let text = String::from_utf8_lossy(&output.stdout);
            Duration::from_micros(text.trim().parse().expect("a time"))
        }
    };
    done.store(true, Ordering::Release);
    relay.join().expect("the relay");
    took
}

/// Both at one point; returns what litz carries of what Linux does. Where losses fall is chance,
/// and no seed repeats it in real time: times are added up, so that a lucky run does not outweigh
/// others, and an outcome in doubt is measured on, up to three times as long.
fn compare(
    (loss, octets, seeds): (u32, usize, u64),
    data: Data,
    far: &str,
    (control, enough): (&str, f64),
) -> f64 {
    let (mut ours, mut theirs) = (Duration::ZERO, Duration::ZERO);
    let mut ratio = 0.0;
    for seed in 1..=3 * seeds {
        let point = Point { loss, octets, seed };
        ours += with_litz(point, data, control);
        theirs += with_linux(point, data, far, control);
        if seed % seeds == 0 {
            let way = match data {
                Data::ToKernel => "sent",
                Data::FromKernel => "received",
            };
            let [litz, linux] = [ours, theirs].map(|time| mbits(octets * seed as usize, time));
            let loss = f64::from(loss) / 10_000.0;
            println!("{loss} % loss, {way}: litz {litz:.1}, Linux {linux:.1} Mbit/s");
            ratio = litz / linux;
            if ratio >= enough {
                break;
            }
        }
    }
    ratio
}

/// Runs `body` inside a namespace; it gets the name of another.
fn in_two_namespaces(test: &str, body: fn(&str)) {
    const FAR_NAME: &str = "LITZ_FAR_NAMESPACE";
    if inside() {
        // What the kernel learned of a path must not help or harm the next transfer.
        let far = std::env::var(FAR_NAME).expect("the name");
        for place in [String::new(), format!("ip netns exec {far} ")] {
            system(&format!("{place}sysctl -qw net.ipv4.tcp_no_metrics_save=1"));
        }
        body(&far);
    } else if prerequisite::network(&["python3", "sysctl"]) {
        let (near, far) = (Namespace::new(), Namespace::new());
        far.ip(&["link", "del", TAP]);
        let name = far.name().to_owned();
        // The child inherits the environment; there is one test in this process at a time.
        near.rerun_with(test, LIMIT, (FAR_NAME, &name));
    }
}

#[test]
fn litz_keeps_up_with_linux_over_loss() {
    in_two_namespaces("litz_keeps_up_with_linux_over_loss", |far| {
        let mut worst = f64::MAX;
        for place in [
            (0, 20_000_000, 1),
            (1_000, 10_000_000, 5),
            (10_000, 8_000_000, 3),
        ] {
            for data in [Data::ToKernel, Data::FromKernel] {
                let ratio = compare(place, data, far, ("cubic", 0.9));
                worst = worst.min(ratio);
            }
        }
        println!("the worst: {worst:.2}");
        assert!(worst >= 0.6, "litz carries {worst:.2} of what Linux does");
    });
}

/// A sender that does not slow down for losses: what matters is what the receiver keeps and says.
#[test]
fn litz_keeps_up_with_linux_from_bbr_at_5_percent_loss() {
    in_two_namespaces(
        "litz_keeps_up_with_linux_from_bbr_at_5_percent_loss",
        |far| {
            let has_bbr =
                std::fs::read_to_string("/proc/sys/net/ipv4/tcp_available_congestion_control")
                    .is_ok_and(|list| list.contains("bbr"));
            if !prerequisite::met(&if has_bbr {
                vec![]
            } else {
                vec!["BBR in the kernel".to_owned()]
            }) {
                return;
            }
            let ratio = compare((50_000, 20_000_000, 2), Data::FromKernel, far, ("bbr", 0.8));
            println!("from BBR: {ratio:.2}");
            assert!(ratio >= 0.5, "litz receives {ratio:.2} of what Linux does");
        },
    );
}

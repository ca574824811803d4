//! Transfers to and from the Linux kernel over a relay that delays, limits and loses, and the same
//! between two Linux kernels as the yardstick. Both meet the same losses: they fall at places of
//! the stream that follow from a seed. What is asserted is the median of several transfers, because
//! in real time others run on the machine, too.
//!
//! The test process runs inside one namespace: litz, or the relay to a second namespace, is a
//! thread of it, its peer is the kernel.
#![allow(clippy::disallowed_methods, reason = "the peer is Linux, in real time")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::thread;
use std::time::{Duration, Instant};

use litz::socket::tcp::{EcnUse, RecvError, State, TcpConfig, TimestampUse};
use litz::{
    Endpoint, Interface, InterfaceStorage, IpCidr, Link, SocketCapacity, SocketSet, TcpHandle,
};
use litz_hal::linux::{Tap, monotonic_now};
use litz_hal::pcap::{LinkType, PcapWriter, Resolution};
use litz_hal::prng::Chance;
use litz_hal::time::{Deadline, Duration as Span};
use litz_tests::host::{ipv4, mac};
use litz_tests::marks::Marks;
use litz_tests::namespace::{Namespace, TAP, inside};
use litz_tests::prerequisite;
use litz_tests::process::run;
use litz_tests::relay::{Record, RelayedTap, Way, carry};
use litz_tests::scratch::Scratch;
use litz_tests::sim::{Loss, PathConfig};

const LIMIT: Duration = Duration::from_secs(240);
/// The kernel's address, and that of whoever is behind the relay.
const KERNEL: &str = "192.0.2.254";
const FAR: u8 = 1;
const PORT: u16 = 5001;

/// One direction of the link: 5 ms, 200 Mbit/s, a thousand packets of queue.
const WAY: PathConfig = PathConfig {
    seed: 0,
    rate: Some(200_000_000),
    delay: Span::from_millis(5),
    jitter: Span::ZERO,
    queue: 1_500_000,
    mark: None,
    link_header: 14,
    loss: Loss::Random(Chance::NEVER),
    reorder: Chance::NEVER,
    hold: Span::ZERO,
    duplicate: Chance::NEVER,
    corrupt: Chance::NEVER,
    mtu: 65_535,
};
/// Octets of a segment with timestamps, as Linux sends it.
const SEGMENT: u64 = 1448;

#[derive(Clone, Copy)]
struct Point {
    /// Loss of data, in each million; acknowledgments are not lost.
    loss: u32,
    /// How much of the data is held back for up to 3 ms, in each million.
    reorder: u32,
    octets: usize,
    seed: u64,
}

impl core::fmt::Display for Point {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let [loss, reorder] = [self.loss, self.reorder].map(|parts| f64::from(parts) / 10_000.0);
        write!(f, "{loss} % lost, {reorder} % out of order")
    }
}

/// Whether data goes from the kernel of this namespace to the far end, or comes from there.
#[derive(Clone, Copy, PartialEq)]
enum Data {
    ToKernel,
    FromKernel,
}

impl Point {
    /// Ways to the kernel and from it.
    fn ways(self, data: Data) -> [Way; 2] {
        let chance = Chance::per_million(self.loss);
        let marks = Marks::new(self.seed, self.octets as u64, SEGMENT, chance);
        let bad = PathConfig {
            seed: self.seed,
            reorder: Chance::per_million(self.reorder),
            hold: Span::from_millis(3),
            ..WAY
        };
        let (lossy, clean) = (Way::new(bad).losing(marks), Way::new(WAY));
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
        let [to_kernel, from_kernel] = point.ways(data);
        Self::over(from_kernel, to_kernel, TcpConfig::DEFAULT)
    }

    /// Behind two ways, from the kernel and to it.
    fn over(from_kernel: Way, to_kernel: Way, config: TcpConfig) -> Self {
        let tap = Tap::attach(TAP).expect("the device");
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
        sockets.set_tcp_config(config);
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

    /// Connect, send, and take as much.
    fn send_and_receive(&mut self, octets: usize) {
        let kernel = KERNEL.parse::<core::net::IpAddr>().expect("an address");
        let kernel = Endpoint::new(kernel, PORT);
        let handle = self.sockets.tcp_connect(kernel).expect("a connection");
        let data = vec![0x5a; 1 << 16];
        let mut buffer = vec![0; 1 << 16];
        let (mut left, mut got) = (octets, 0);
        self.run(|sockets| {
            let mut socket = sockets.tcp(handle).expect("held");
            while left > 0 && socket.can_send() {
                left -= socket
                    .send_slice(&data[..left.min(data.len())])
                    .expect("open");
            }
            while let Ok(len @ 1..) = socket.recv_slice(&mut buffer) {
                got += len;
            }
            (got == octets).then_some(())
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
                 print('ready', flush=True); s, _ = l.accept(); t = time.monotonic(); n = 0\n\
                 while True:\n b = s.recv(1 << 16); n += len(b)\n if not b: break\n\
                 print(int((time.monotonic() - t) * 1e6)); assert n == {octets}; s.close()"
            );
            let mut receiver = Command::new("ip");
            receiver.args(["netns", "exec", far, "python3", "-c", &code]);
            let mut receiver = receiver.stdout(Stdio::piped()).spawn().expect("python3");
            let mut said = BufReader::new(receiver.stdout.take().expect("a pipe"));
            let mut line = String::new();
            said.read_line(&mut line).expect("ready");
            finish(sender(None, "192.0.2.1", octets, control));
            line.clear();
            said.read_line(&mut line).expect("a time");
            finish(receiver);
            Duration::from_micros(line.trim().parse().expect("a time"))
        }
    };
    done.store(true, Ordering::Release);
    relay.join().expect("the relay");
    took
}

/// Both at one point, by turns, so that what else the machine does meets both: the median of what
/// litz carries of what Linux does. While it is not enough there are more transfers, up to three
/// times as many: others on the machine can spoil some, and a stack that is slower stays slower.
fn compare(
    (at, seeds): (Point, u64),
    data: Data,
    far: &str,
    (control, enough): (&str, f64),
) -> f64 {
    let mut ratios = Vec::new();
    let way = match data {
        Data::ToKernel => "sent",
        Data::FromKernel => "received",
    };
    for seed in 1..=3 * seeds {
        let point = Point { seed, ..at };
        let ours = with_litz(point, data, control);
        let theirs = with_linux(point, data, far, control);
        let [litz, linux] = [ours, theirs].map(|time| mbits(at.octets, time));
        println!("{at}, {way}, seed {seed}: litz {litz:.1}, Linux {linux:.1} Mbit/s");
        ratios.push(litz / linux);
        if seed % seeds == 0 && median(&mut ratios) >= enough {
            break;
        }
    }
    let median = median(&mut ratios);
    println!("{at}, {way}: {median:.2} of {} transfers", ratios.len());
    median
}

/// The one in the middle, or the lower of two.
fn median(ratios: &mut [f64]) -> f64 {
    ratios.sort_by(f64::total_cmp);
    ratios[(ratios.len() - 1) / 2]
}

/// Runs `body` inside a namespace; it gets the name of another.
fn in_two_namespaces(test: &str, body: impl FnOnce(&str)) {
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
        near.rerun_with(test, LIMIT, (FAR_NAME, &name));
    }
}

/// litz carries at a point what Linux does, by the median of so many transfers or more.
fn keeps_up(test: &str, (loss, reorder): (u32, u32), (octets, seeds): (usize, u64), ways: &[Data]) {
    let _turn = turn(loss == 0);
    in_two_namespaces(test, |far| {
        let point = Point {
            loss,
            reorder,
            octets,
            seed: 0,
        };
        for data in ways {
            let ratio = compare((point, seeds), *data, far, ("cubic", 0.9));
            assert!(ratio >= 0.9, "litz carries {ratio:.2} of what Linux does");
        }
    });
}

/// Transfers that need most of a processor run alone; those over loss, which are mostly silence,
/// beside each other.
fn turn(alone: bool) -> Turn {
    static TURNS: RwLock<()> = RwLock::new(());
    // One that has failed does not keep the others from their turn.
    if alone {
        Turn::Alone(TURNS.write().unwrap_or_else(PoisonError::into_inner))
    } else {
        Turn::Shared(TURNS.read().unwrap_or_else(PoisonError::into_inner))
    }
}

#[allow(dead_code, reason = "held, not read")]
enum Turn {
    Alone(RwLockWriteGuard<'static, ()>),
    Shared(RwLockReadGuard<'static, ()>),
}

const BOTH: [Data; 2] = [Data::ToKernel, Data::FromKernel];

#[test]
fn litz_keeps_up_with_linux_without_loss() {
    let test = "litz_keeps_up_with_linux_without_loss";
    keeps_up(test, (0, 0), (16_000_000, 1), &BOTH);
}

#[test]
fn litz_keeps_up_with_linux_out_of_order() {
    let test = "litz_keeps_up_with_linux_out_of_order";
    keeps_up(test, (0, 20_000), (8_000_000, 3), &BOTH);
}

#[test]
fn litz_keeps_up_with_linux_over_0_1_percent_loss() {
    let test = "litz_keeps_up_with_linux_over_0_1_percent_loss";
    keeps_up(test, (1_000, 0), (6_000_000, 3), &BOTH);
}

#[test]
fn litz_sends_as_linux_does_over_1_percent_loss() {
    let test = "litz_sends_as_linux_does_over_1_percent_loss";
    keeps_up(test, (10_000, 0), (2_000_000, 5), &[Data::ToKernel]);
}

#[test]
fn litz_receives_as_linux_does_over_1_percent_loss() {
    let test = "litz_receives_as_linux_does_over_1_percent_loss";
    keeps_up(test, (10_000, 0), (2_000_000, 5), &[Data::FromKernel]);
}

/// A sender that does not slow down for losses: what matters is what the receiver keeps and says.
#[test]
fn litz_keeps_up_with_linux_from_bbr_at_5_percent_loss() {
    let _turn = turn(true);
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
            let point = Point {
                loss: 50_000,
                reorder: 0,
                octets: 10_000_000,
                seed: 0,
            };
            let ratio = compare((point, 3), Data::FromKernel, far, ("bbr", 0.8));
            assert!(ratio >= 0.8, "litz receives {ratio:.2} of what Linux does");
        },
    );
}

/// What the kernel and litz agree on, and use, as tshark reads it: selective acknowledgments,
/// timestamps, window scales and explicit congestion notification, with litz as the one that asks.
#[test]
fn tshark_sees_what_linux_and_litz_agree_on() {
    const NAME: &str = "tshark_sees_what_linux_and_litz_agree_on";
    if !inside() {
        if prerequisite::network(&["python3", "sysctl", "tshark"]) {
            Namespace::new().rerun(NAME, LIMIT);
        }
        return;
    }
    system("sysctl -qw net.ipv4.tcp_ecn=1");
    let octets = 2_000_000;
    let config = TcpConfig {
        timestamps: TimestampUse::Offer,
        ecn: EcnUse::Offer,
        ..TcpConfig::DEFAULT
    };
    // 20 Mbit/s and a queue that is marked from a third on, so that both sides hear of it.
    let way = PathConfig {
        rate: Some(20_000_000),
        queue: 75_000,
        mark: Some(25_000),
        ..WAY
    };
    let marks = |seed| Marks::new(seed, octets as u64, SEGMENT, Chance::per_million(5_000));
    let record = Record::default();
    let ways = [1, 2].map(|seed| {
        Way::new(way)
            .losing(marks(seed))
            .recorded(Arc::clone(&record))
    });
    // The kernel sends as much as it receives.
    let listener = TcpListener::bind((KERNEL, PORT)).expect("a free port");
    let echo = thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("litz");
        let mut data = vec![0; octets];
        stream.read_exact(&mut data).expect("all of it");
        stream.write_all(&data).expect("all of it");
    });
    let [inward, outward] = ways;
    Litz::over(inward, outward, config).send_and_receive(octets);
    echo.join().expect("the kernel");
    let scratch = Scratch::new();
    let file = scratch.file("linux.pcap");
    let frames = record.lock().expect("no writer panicked");
    let sink = std::fs::File::create(&file).expect("a file");
    let mut capture = PcapWriter::new(sink, LinkType::ETHERNET, Resolution::Micros).expect("room");
    for (at, frame) in frames.iter() {
        capture.write(*at, frame).expect("room");
    }
    drop(capture);
    for who in ["192.0.2.1", KERNEL] {
        for (least, filter) in [
            (1, "tcp.flags.syn == 1 && tcp.options.sack_perm"),
            (1, "tcp.flags.syn == 1 && tcp.options.wscale"),
            (1, "tcp.flags.syn == 1 && tcp.options.timestamp.tsval"),
            (1, "tcp.flags.syn == 1 && tcp.flags.ece == 1"),
            (3, "tcp.options.sack_le"),
            (500, "tcp.options.timestamp.tsval && tcp.len > 0"),
            (500, "ip.dsfield.ecn == 2 && tcp.len > 0"),
            (1, "tcp.flags.ece == 1 && tcp.flags.syn == 0"),
            (1, "tcp.flags.cwr == 1 && tcp.flags.syn == 0"),
        ] {
            let filter = format!("ip.src == {who} && {filter}");
            let mut tshark = Command::new("tshark");
            tshark.args(["-n", "-r"]).arg(&file).args(["-Y", &filter]);
            let ended = run(&mut tshark, Duration::from_secs(60)).success();
            let found = ended.text().lines().count();
            assert!(found >= least, "{found} packets with {filter}");
        }
    }
}

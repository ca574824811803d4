//! Connections of litz over one bottleneck in virtual time: they share it, and with explicit
//! congestion notification it is filled without loss.

use std::cell::RefCell;
use std::process::Command;
use std::rc::Rc;

use litz::socket::tcp::{EcnUse, TcpConfig, TcpCounters, TimestampUse};
use litz_hal::prng::Chance;
use litz_hal::time::{Deadline, Duration, Instant};
use litz_tests::prerequisite;
use litz_tests::process::run;
use litz_tests::scratch::Scratch;
use litz_tests::sim::litz_host::{LitzConfig, LitzHost};
use litz_tests::sim::path::Stats;
use litz_tests::sim::transfer::Stream;
use litz_tests::sim::{Net, PathConfig, Stack};

/// A host that the test can still look at.
struct Shared(Rc<RefCell<LitzHost>>);

impl Stack for Shared {
    fn poll(&mut self, now: Instant) {
        self.0.borrow_mut().poll(now);
    }
    fn poll_at(&mut self, now: Instant) -> Deadline {
        self.0.borrow_mut().poll_at(now)
    }
    fn act(&mut self, now: Instant) -> bool {
        self.0.borrow_mut().act(now)
    }
}

/// 20 Mbit/s, 20 ms there and back, and a queue of one bandwidth-delay product.
const RATE: u64 = 20_000_000;
const BDP: usize = 50_000;

struct Outcome {
    /// The last packets, as a pcap file.
    capture: Vec<u8>,
    /// What each sender had brought across when the first was done.
    progress: Vec<u64>,
    /// Until then.
    took: Duration,
    counters: Vec<TcpCounters>,
    /// Of the bottleneck.
    stats: Stats,
}

/// So many clients send `octets` each to one server whose way down is the bottleneck.
fn share(
    clients: usize,
    octets: u64,
    tcp: TcpConfig,
    (queue, mark): (usize, Option<usize>),
) -> Outcome {
    let mut net = Net::new("litz-bottleneck");
    let delay = Duration::from_millis(5);
    let way = PathConfig {
        delay,
        ..PathConfig::default()
    };
    let bottleneck = PathConfig {
        rate: Some(RATE),
        queue,
        mark,
        ..way
    };
    let config = |n: usize| LitzConfig {
        buffers: 1 << 19,
        tcp,
        secret: n as u128,
        ..LitzConfig::default()
    };
    let streams: Vec<Stream> = (0..clients as u64)
        .map(|n| Stream::new(n, octets))
        .collect();
    let nothing = Stream::new(99, 0);
    let (number, port) = net.add(way, bottleneck);
    let told = streams
        .iter()
        .map(|stream| Some((nothing.clone(), stream.clone())));
    let server = LitzHost::new(number, port, &config(0))
        .serving(core::iter::once(None).chain(told).collect());
    let mut shared = vec![Rc::new(RefCell::new(server))];
    for stream in &streams {
        let (number, port) = net.add(way, way);
        let client = LitzHost::new(number, port, &config(number)).connecting(
            0,
            stream.clone(),
            nothing.clone(),
        );
        shared.push(Rc::new(RefCell::new(client)));
    }
    let mut hosts: Vec<Box<dyn Stack>> = shared
        .iter()
        .map(|host| Box::new(Shared(Rc::clone(host))) as Box<dyn Stack>)
        .collect();
    let begin = net.now;
    while streams.iter().all(|stream| stream.finished().is_none()) {
        assert!(net.step(&mut hosts), "nothing will happen");
        assert!(net.since(begin) < Duration::from_secs(3600), "no end");
    }
    let [_, stats] = net.stats(0);
    Outcome {
        capture: net.capture(),
        progress: streams.iter().map(Stream::progress).collect(),
        took: net.since(begin),
        counters: shared.iter().map(|host| host.borrow().counters()).collect(),
        stats,
    }
}

fn mbits(octets: u64, took: Duration) -> f64 {
    octets as f64 * 8.0 / took.total_micros() as f64
}

/// Three connections that begin together share the link, and fill it.
#[test]
fn connections_share_a_bottleneck() {
    let outcome = share(3, 30_000_000, TcpConfig::DEFAULT, (BDP, None));
    let total = mbits(outcome.progress.iter().sum(), outcome.took);
    println!("{:?}: {total:.2} Mbit/s", outcome.progress);
    assert!(total > 0.95 * 20.0, "{total:.2} Mbit/s of 20");
    let least = outcome.progress.iter().min().expect("three");
    assert!(*least > 30_000_000 / 3, "{:?}", outcome.progress);
    let timeouts: u32 = outcome.counters.iter().map(|c| c.retransmit_timeouts).sum();
    assert_eq!(timeouts, 0, "losses are found without timeouts");
}

/// RFC 3168: behind a router that marks from half of its queue on the link is filled, and nothing
/// is dropped once the first slow start is over.
#[test]
fn marks_take_the_place_of_losses() {
    let tcp = TcpConfig {
        ecn: EcnUse::Offer,
        ..TcpConfig::DEFAULT
    };
    let outcome = share(1, 30_000_000, tcp, (BDP, Some(BDP / 2)));
    let carried = mbits(outcome.progress[0], outcome.took);
    let client = &outcome.counters[1];
    println!("{carried:.2} Mbit/s, {:?}", outcome.stats);
    assert!(carried > 0.93 * 20.0, "{carried:.2} Mbit/s of 20");
    assert!(outcome.stats.marked > 0 && client.congestion_echoes > 3);
    // The first slow start has not heard of the marks yet when it is over the edge.
    assert!(outcome.stats.dropped < 20, "{:?}", outcome.stats);
    assert_eq!(u64::from(client.retransmissions), outcome.stats.dropped);
}

/// Before a queue of five packets the initial window is lost in part if it comes at once.
#[test]
fn pacing_spares_short_queues() {
    let [bursts, paced] = [false, true].map(|pacing| {
        let tcp = TcpConfig {
            pacing,
            ..TcpConfig::DEFAULT
        };
        let outcome = share(1, 14_000, tcp, (7_500, None));
        println!("{}, {:?}", outcome.took, outcome.stats);
        (outcome.stats.dropped, outcome.took)
    });
    assert!(bursts.0 >= 3 && paced.0 == 0, "{paced:?} and {bursts:?}");
    assert!(paced.1 < bursts.1, "{paced:?} and {bursts:?}");
}

/// Two segments in a hundred are held back for up to 3 ms, so that dozens overtake them. Nothing is
/// lost, and next to nothing is taken for lost, with timestamps and without.
#[test]
fn frames_out_of_order_cost_little() {
    for timestamps in [TimestampUse::Off, TimestampUse::Offer] {
        let tcp = TcpConfig {
            timestamps,
            ..TcpConfig::DEFAULT
        };
        let mut carried: Vec<f64> = (1..=10).map(|seed| out_of_order(seed, tcp)).collect();
        carried.sort_by(f64::total_cmp);
        println!("{timestamps:?}: {carried:.0?} Mbit/s");
        assert!(carried[0] > 0.6 * 200.0, "{carried:?} Mbit/s of 200");
        assert!(carried[5] > 0.78 * 200.0, "{carried:?} Mbit/s of 200");
    }
}

/// 8 MB, 200 Mbit/s, 10 ms there and back, in Mbit/s.
fn out_of_order(seed: u64, tcp: TcpConfig) -> f64 {
    const OCTETS: u64 = 8_000_000;
    let mut net = Net::new("litz-out-of-order");
    let way = PathConfig {
        delay: Duration::from_millis(5),
        ..PathConfig::default()
    };
    let narrow = PathConfig {
        seed,
        rate: Some(200_000_000),
        queue: 1_500_000,
        reorder: Chance::per_million(20_000),
        hold: Duration::from_millis(3),
        ..way
    };
    let config = LitzConfig {
        buffers: 1 << 21,
        tcp,
        secret: u128::from(seed),
        ..LitzConfig::default()
    };
    let (_, near) = net.add(narrow, PathConfig::default());
    let (_, far) = net.add(way, PathConfig::default());
    let (there, back) = (Stream::new(0, OCTETS), Stream::new(1, 0));
    let streams = Some((back.clone(), there.clone()));
    let mut hosts: [Box<dyn Stack>; 2] = [
        Box::new(LitzHost::new(0, near, &config).connecting(1, there.clone(), back)),
        Box::new(LitzHost::new(1, far, &config).serving(vec![streams])),
    ];
    let begin = net.now;
    while there.finished().is_none() {
        assert!(net.step(&mut hosts), "nothing will happen, seed {seed}");
    }
    mbits(OCTETS, net.since(begin))
}

/// What litz sends of selective acknowledgments, timestamps, scales and marks, as tshark reads it.
#[test]
fn tshark_reads_what_loss_brings_forth() {
    if !prerequisite::programs(&["tshark"]) {
        return;
    }
    let tcp = TcpConfig {
        timestamps: TimestampUse::Offer,
        ecn: EcnUse::Offer,
        ..TcpConfig::DEFAULT
    };
    // Both losses and marks, and short enough that all of it is kept.
    let outcome = share(2, 700_000, tcp, (15_000, Some(12_000)));
    let scratch = Scratch::new();
    let file = scratch.file("loss.pcap");
    std::fs::write(&file, &outcome.capture).expect("room");
    let count = |filter: &str| {
        let mut tshark = Command::new("tshark");
        tshark.args(["-n", "-r"]).arg(&file);
        tshark.args([
            "-o",
            "ip.check_checksum:TRUE",
            "-o",
            "tcp.check_checksum:TRUE",
        ]);
        let limit = std::time::Duration::from_secs(60);
        let ended = run(tshark.args(["-Y", filter]), limit).success();
        ended.text().lines().count()
    };
    let wrong = "_ws.malformed || ip.checksum.status == 0 || tcp.checksum.status == 0 \
                 || _ws.expert.severity >= error";
    assert_eq!(count(wrong), 0);
    assert!(count("tcp.checksum.status == 1") > 500);
    for (least, filter) in [
        (
            4,
            "tcp.flags.syn == 1 && tcp.options.sack_perm && tcp.options.wscale",
        ),
        (
            2,
            "tcp.flags.syn == 1 && tcp.flags.ack == 0 && tcp.flags.ece == 1 && tcp.flags.cwr == 1",
        ),
        (3, "tcp.options.sack_le"),
        (500, "tcp.options.timestamp.tsval"),
        (300, "ip.dsfield.ecn == 2 && tcp.len > 0"),
        (1, "tcp.flags.ece == 1 && tcp.flags.syn == 0"),
        (1, "tcp.flags.cwr == 1 && tcp.flags.syn == 0"),
    ] {
        let found = count(filter);
        assert!(found >= least, "{found} packets with {filter}");
    }
}

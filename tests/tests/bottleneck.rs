//! Connections of litz over one bottleneck in virtual time: they share it, and with explicit
//! congestion notification it is filled without loss.

use std::cell::RefCell;
use std::rc::Rc;

use litz::socket::tcp::{EcnUse, TcpConfig, TcpCounters};
use litz_hal::time::{Deadline, Duration, Instant};
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

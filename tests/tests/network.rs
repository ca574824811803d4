//! Networks of several hosts with links at random, each from a seed: every stream arrives as it was
//! sent, every connection ends in order on both sides, and what is true of every connection at
//! every time is looked at after every event. 2,000 seeds; `LITZ_SEEDS` in the environment is how
//! many instead, `LITZ_SEED` is a single one. A failure names its seed and leaves a capture.

use litz::socket::tcp::{CongestionControl, EcnUse, TcpConfig, TimestampUse};
use litz_hal::prng::{Chance, Prng};
use litz_hal::time::Duration;
use litz_tests::sim::litz_host::{LitzConfig, LitzHost};
use litz_tests::sim::transfer::Stream;
use litz_tests::sim::{Loss, Net, PathConfig, Stack};
use std::cell::RefCell;
use std::rc::Rc;

/// Seeds of an ordinary run.
const SEEDS: u64 = 2_000;
/// Virtual time within which everything is over.
const LIMIT: Duration = Duration::from_secs(7 * 24 * 3600);

fn one_of<T: Copy>(prng: &mut Prng, from: &[T]) -> T {
    from[prng.index(from.len())]
}

fn way(prng: &mut Prng, mtu: usize) -> PathConfig {
    let percent = |prng: &mut Prng, from: &[u32]| Chance::percent(one_of(prng, from));
    let millis = |prng: &mut Prng, from: &[u64]| Duration::from_millis(one_of(prng, from));
    let loss = if prng.below(4) == 0 {
        Loss::Burst {
            begin: Chance::per_million(20_000),
            end: percent(prng, &[20, 50]),
        }
    } else {
        Loss::Random(percent(prng, &[0, 0, 1, 5, 15]))
    };
    PathConfig {
        seed: prng.next_u64(),
        rate: one_of(prng, &[None, Some(100_000_000), Some(1_000_000)]),
        delay: millis(prng, &[0, 1, 10, 100]),
        jitter: millis(prng, &[0, 0, 1, 20]),
        queue: 2 * mtu + one_of(prng, &[0, 20_000, 200_000]),
        mark: one_of(prng, &[None, None, Some(5_000)]),
        link_header: 0,
        loss,
        reorder: percent(prng, &[0, 0, 2, 20]),
        hold: millis(prng, &[0, 1, 30]),
        duplicate: percent(prng, &[0, 0, 2, 20]),
        corrupt: percent(prng, &[0, 0, 1, 5]),
        mtu: 65_535,
    }
}

/// Ways up and down. Two turned bits could hide from the checksum, so only the way up turns any.
fn ways(prng: &mut Prng, mtu: usize) -> (PathConfig, PathConfig) {
    let (up, down) = (way(prng, mtu), way(prng, mtu));
    let corrupt = Chance::NEVER;
    (up, PathConfig { corrupt, ..down })
}

fn host_config(prng: &mut Prng, mtu: usize) -> LitzConfig {
    let yes = |prng: &mut Prng| prng.below(2) == 0;
    LitzConfig {
        buffers: one_of(prng, &[500, 4_096, 20_000, 65_536, 300_000]),
        mtu,
        secret: u128::from(prng.next_u64()),
        lazy: one_of(prng, &[0, 0, 0, 5]),
        tcp: TcpConfig {
            nagle: yes(prng),
            timestamps: one_of(prng, &[TimestampUse::Offer, TimestampUse::Accept]),
            window_scaling: yes(prng),
            sack: prng.below(4) > 0,
            pacing: prng.below(4) == 0,
            ecn: one_of(prng, &[EcnUse::Offer, EcnUse::Accept]),
            congestion: one_of(
                prng,
                &[CongestionControl::Cubic, CongestionControl::NewReno],
            ),
            ack_delay: Duration::from_millis(one_of(prng, &[0, 40, 200])),
            initial_window: one_of(prng, &[1, 4, 10]),
            keep_alive: one_of(prng, &[None, None, Some(Duration::from_secs(3))]),
            // Long bursts of loss must not outlast the patience of anybody.
            time_wait: Duration::from_secs(3 * 3600),
            keep_alive_probes: 100,
            data_retries: 150,
            syn_retries: 30,
            syn_ack_retries: 30,
            ..TcpConfig::DEFAULT
        },
    }
}

/// A host that the test can still look at.
struct Shared(Rc<RefCell<LitzHost>>);

impl Stack for Shared {
    fn poll(&mut self, now: litz_hal::time::Instant) {
        self.0.borrow_mut().poll(now);
    }
    fn poll_at(&mut self, now: litz_hal::time::Instant) -> litz_hal::time::Deadline {
        self.0.borrow_mut().poll_at(now)
    }
    fn act(&mut self, now: litz_hal::time::Instant) -> bool {
        self.0.borrow_mut().act(now)
    }
}

fn run(seed: u64) {
    let mut prng = Prng::new(seed);
    let mut net = Net::new(&format!("litz-network-{seed}"));
    let clients = 1 + prng.index(3);
    let mtu = one_of(&mut prng, &[576, 1500, 1500, 9000]);
    let length = |prng: &mut Prng| one_of(prng, &[0, 1, 700, 8_000, 60_000]);
    let pairs: Vec<[Stream; 2]> = (0..clients as u64)
        .map(|n| [0, 1].map(|back| Stream::new(2 * n + back, length(&mut prng))))
        .collect();
    let mut shared = Vec::new();
    let (up, down) = ways(&mut prng, mtu);
    let (number, port) = net.add(up, down);
    let told = pairs
        .iter()
        .map(|[up, down]| Some((down.clone(), up.clone())));
    let server = LitzHost::new(number, port, &host_config(&mut prng, mtu))
        .serving(core::iter::once(None).chain(told).collect());
    shared.push(Rc::new(RefCell::new(server)));
    for [up, down] in &pairs {
        let (way_up, way_down) = ways(&mut prng, mtu);
        let (number, port) = net.add(way_up, way_down);
        let client = LitzHost::new(number, port, &host_config(&mut prng, mtu)).connecting(
            0,
            up.clone(),
            down.clone(),
        );
        shared.push(Rc::new(RefCell::new(client)));
    }
    let mut hosts: Vec<Box<dyn Stack>> = shared
        .iter()
        .map(|host| Box::new(Shared(Rc::clone(host))) as Box<dyn Stack>)
        .collect();
    let begin = net.now;
    let over = |net: &Net| {
        assert!(net.since(begin) < LIMIT, "seed {seed}: not over in a week");
        pairs
            .iter()
            .flatten()
            .all(|stream| stream.finished().is_some())
            && shared.iter().all(|host| host.borrow_mut().is_over())
    };
    while !over(&net) {
        let goes_on = net.step(&mut hosts);
        assert!(goes_on || over(&net), "seed {seed}: nothing will happen");
    }
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// The seeds from `part` on, in steps of the number of parts.
fn part(part: u64, parts: u64) {
    if let Some(seed) = number("LITZ_SEED") {
        if part == 0 {
            run(seed);
        }
        return;
    }
    let seeds = number("LITZ_SEEDS").unwrap_or(SEEDS);
    for seed in (part..seeds).step_by(parts as usize) {
        let result = std::panic::catch_unwind(|| run(seed));
        if let Err(cause) = result {
            eprintln!("LITZ_SEED={seed} fails");
            std::panic::resume_unwind(cause);
        }
    }
}

#[test]
fn any_network_even_seeds() {
    part(0, 2);
}

#[test]
fn any_network_odd_seeds() {
    part(1, 2);
}

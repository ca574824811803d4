//! The parts of the engine by themselves: ring, assembler, round-trip time, sizes.

use std::collections::VecDeque;
use std::vec::Vec;

use super::super::rtt::{RtoLimits, RttEstimator};
use super::super::*;
use super::pair::{Rng, memory};

/// The ring against a queue, with random operations.
#[test]
fn ring_is_a_queue() {
    for capacity in [0, 1, 2, 7, 64] {
        let mut ring = Ring::new(memory(capacity));
        let mut model = VecDeque::new();
        let mut rng = Rng(capacity as u64);
        for step in 0..20_000 {
            let data: Vec<u8> = (0..rng.below(12)).map(|n| (step + n) as u8).collect();
            let count = rng.below(12) as usize;
            match rng.below(6) {
                0 => {
                    let queued = ring.enqueue_slice(&data);
                    assert_eq!(queued, data.len().min(capacity - model.len()));
                    model.extend(&data[..queued]);
                }
                1 => {
                    let mut out = std::vec![0; count];
                    let len = ring.dequeue_slice(&mut out);
                    assert_eq!(len, count.min(model.len()));
                    assert_eq!(out[..len], model.drain(..len).collect::<Vec<_>>());
                }
                2 => {
                    let queued = ring.enqueue_vectored(|[first, second]| {
                        let mut slots = first.iter_mut().chain(second);
                        let written = data.iter().filter(|d| {
                            slots.next().is_some_and(|slot| {
                                *slot = **d;
                                true
                            })
                        });
                        let written = written.count();
                        (written, written)
                    });
                    model.extend(&data[..queued]);
                }
                3 => {
                    let len = ring.dequeue_with(|piece| {
                        let len = piece.len().min(count);
                        assert!(piece[..len].iter().eq(model.iter().take(len)));
                        (len, len)
                    });
                    model.drain(..len);
                }
                4 => assert_eq!(
                    ring.discard(count),
                    model.drain(..count.min(model.len())).count()
                ),
                _ => {
                    let [first, second] = ring.peek(count, 100);
                    assert!(first.iter().chain(second).eq(model.iter().skip(count)));
                }
            }
            assert_eq!(
                (ring.len(), ring.free()),
                (model.len(), capacity - model.len())
            );
        }
    }
}

/// A caller that says it wrote more than there was room is not believed.
#[test]
fn ring_does_not_believe_counts() {
    let mut ring = Ring::new(memory(10));
    ring.enqueue_with(|room| (room.len() + 100, ()));
    assert_eq!(ring.len(), 10);
    ring.dequeue_with(|data| (data.len() + 100, ()));
    assert_eq!(ring.len(), 0);
    ring.enqueue_vectored(|_| (usize::MAX, ()));
    assert_eq!(ring.len(), 10);
    ring.dequeue_vectored(|_| (usize::MAX, ()));
    assert!(ring.is_empty());
}

#[test]
fn ring_writes_ahead() {
    let mut ring = Ring::new(memory(8));
    ring.enqueue_slice(b"01234");
    ring.discard(4);
    assert_eq!(ring.write_ahead(2, b"78"), 2);
    assert_eq!(
        ring.write_ahead(6, b"wxyz"),
        1,
        "cut at the end of the memory"
    );
    assert_eq!(ring.write_ahead(100, b"far"), 0);
    assert_eq!(ring.write_ahead(0, b"56"), 2);
    assert_eq!(ring.commit(4), 4);
    let mut out = [0; 8];
    assert_eq!(ring.dequeue_slice(&mut out), 5);
    assert_eq!(&out[..5], b"45678");
}

/// The assembler against a set of octets.
#[test]
fn assembler_is_a_set() {
    for seed in 0..200 {
        let mut rng = Rng(seed);
        let mut next = SeqNumber(rng.next() as u32);
        let mut assembler = Assembler::new(&mut []);
        let mut model = std::vec![false; 200];
        for _ in 0..200 {
            if rng.below(4) == 0 {
                let step = 1 + rng.below(10) as usize;
                next = next.wrapping_add(step);
                model.drain(..step);
                model.resize(200, false);
                let reached = assembler.advance(next);
                let run = model.iter().take_while(|there| **there).count();
                assert_eq!(reached.since(next), run as i32, "seed {seed}");
                next = reached;
                model.drain(..run);
                model.resize(200, false);
            } else {
                let (start, len) = (1 + rng.below(150) as usize, rng.below(20) as usize);
                let range = SeqRange::new(next.wrapping_add(start), len as u32);
                let full = assembler.ranges().len() == assembler.capacity();
                match assembler.insert(range) {
                    Some(block) => {
                        assert!(block.start.at_or_before(range.start), "seed {seed}");
                        assert!(block.end.at_or_after(range.end), "seed {seed}");
                        model[start..start + len].fill(true);
                    }
                    None => assert!(full || len == 0, "seed {seed}: refused with room"),
                }
                let mut now = std::vec![false; 200];
                for range in assembler.ranges() {
                    let from = range.start.since(next) as usize;
                    now[from..from + range.len() as usize].fill(true);
                }
                assert_eq!(now, model, "seed {seed}: what it holds is what it took");
            }
            let ranges = assembler.ranges();
            assert!(ranges.windows(2).all(|two| two[0].end.before(two[1].start)));
            assert!(ranges.iter().all(|range| !range.is_empty()));
        }
    }
}

/// An estimator that begins with a second and stays between these, the lower one in microseconds.
fn estimator(min: u32, max: Duration) -> RttEstimator {
    let config = TcpConfig {
        min_rto: Duration::from_micros(u64::from(min)),
        max_rto: max,
        ..TcpConfig::DEFAULT
    };
    RttEstimator::new(1_000_000, RtoLimits::new(&config))
}

/// RFC 6298 §2.
#[test]
fn rtt_estimator() {
    let mut rtt = estimator(1, Duration::from_secs(60));
    assert_eq!(rtt.rto(), 1_000_000);
    rtt.sample(100_000);
    // SRTT = R, RTTVAR = R/2, RTO = SRTT + 4 RTTVAR.
    assert_eq!(
        (rtt.smoothed(), rtt.variation(), rtt.rto()),
        (Some(100_000), 50_000, 300_000)
    );
    rtt.sample(200_000);
    // RTTVAR = 3/4 · 50 + 1/4 · 100, SRTT = 7/8 · 100 + 1/8 · 200.
    assert_eq!((rtt.smoothed(), rtt.variation()), (Some(112_500), 62_500));
    for _ in 0..100 {
        rtt.sample(10_000);
    }
    assert!(rtt.rto() < 13_000, "{}", rtt.rto());
}

#[test]
fn rtt_limits() {
    let mut rtt = estimator(200_000, Duration::from_secs(60));
    rtt.sample(50);
    assert_eq!(rtt.rto(), 200_000);
    for _ in 0..200 {
        rtt.back_off();
        assert!(rtt.rto() <= 60_000_000);
    }
    assert_eq!(rtt.rto(), 60_000_000);
    rtt.sample(u32::MAX);
    rtt.sample(0);
    assert!((200_000..=60_000_000).contains(&rtt.rto()));
    let mut odd = estimator(u32::MAX, Duration::ZERO);
    odd.sample(5);
    odd.back_off();
    assert_eq!(odd.rto(), 65_535_000);
}

#[cfg(feature = "sack")]
#[test]
fn sizes() {
    let tcb = size_of::<Tcb<'_>>();
    std::println!(
        "Tcb: {tcb} octets, of them {} for 4 runs and 4 gaps without memory; {} for each run",
        4 * size_of::<SentRange>() + 4 * size_of::<SeqRange>(),
        size_of::<SentRange>(),
    );
    assert!(tcb <= 600);
    assert_eq!(size_of::<SentRange>(), 12);
}

/// With NewReno alone a connection takes half of that.
#[cfg(not(any(feature = "sack", feature = "cubic", feature = "tcp-extras")))]
#[test]
fn size_of_the_smallest_build() {
    let tcb = size_of::<Tcb<'_>>();
    std::println!("Tcb: {tcb} octets with NewReno alone");
    assert!(tcb <= 360);
}

#[test]
fn counters_have_names() {
    let counters = TcpCounters {
        paws: 3,
        ..TcpCounters::default()
    };
    assert!(counters.entries().any(|entry| entry == ("paws", 3)));
    assert_eq!(counters.entries().map(|(_, count)| count).sum::<u32>(), 3);
}

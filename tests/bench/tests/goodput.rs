//! What litz carries over simulated links, beside smoltcp on the same links: bounds that must hold.

use litz_bench::goodput::{LITZ, LITZ_RENO, Run, SMOLTCP, SMOLTCP_RENO, Who};
use litz_hal::time::Duration;

/// Goodput in Mbit/s, the mean over seeds.
fn goodput(run: Run, seeds: core::ops::RangeInclusive<u64>) -> f64 {
    let count = seeds.clone().count() as f64;
    let one = |seed| {
        let run = Run { seed, ..run };
        run.goodput()
            .unwrap_or_else(|| panic!("seed {seed} stalls: {run:?}")) as f64
    };
    let mean = seeds.map(one).sum::<f64>() / count / 1e6;
    println!("{:?} to {:?}: {mean:.2} Mbit/s", run.from, run.to);
    mean
}

fn both(who: Who) -> Run {
    Run::new(who, who)
}

#[test]
fn five_times_smoltcp_at_1_percent_loss() {
    let lossy = |who| Run {
        loss: 10_000,
        ..both(who)
    };
    let ours = goodput(lossy(LITZ), 1..=4);
    for theirs in [SMOLTCP, SMOLTCP_RENO] {
        let theirs = goodput(lossy(theirs), 1..=4);
        assert!(ours >= 5.0 * theirs, "{ours:.2} and {theirs:.2}");
    }
}

#[test]
fn never_below_smoltcp() {
    for millis in [10, 100] {
        for loss in [0, 1_000, 10_000] {
            let run = |who| Run {
                loss,
                rtt: Duration::from_millis(millis),
                ..both(who)
            };
            let theirs = [SMOLTCP, SMOLTCP_RENO].map(|who| goodput(run(who), 1..=2));
            for ours in [LITZ, LITZ_RENO] {
                let ours = goodput(run(ours), 1..=2);
                for theirs in theirs {
                    assert!(ours >= theirs, "{millis} ms: {ours:.2} and {theirs:.2}");
                }
            }
        }
    }
}

#[test]
fn five_percent_loss_is_survived_between_all() {
    for (from, to) in [
        (LITZ, LITZ),
        (LITZ_RENO, LITZ_RENO),
        (LITZ, SMOLTCP),
        (SMOLTCP, LITZ),
    ] {
        for millis in [10, 100] {
            let run = Run {
                loss: 50_000,
                octets: 1_000_000,
                rtt: Duration::from_millis(millis),
                ..Run::new(from, to)
            };
            assert!(goodput(run, 1..=3) > 0.1);
        }
    }
}

/// A queue of one bandwidth-delay product before a link of 100 Mbit/s, and buffers far beyond both.
#[test]
fn bottleneck_is_filled() {
    // The first round trips of a connection are a smaller part of a longer transfer.
    for (millis, octets) in [(10, 60_000_000), (40, 200_000_000)] {
        let run = |who| Run {
            octets,
            rate: 100_000_000,
            queue: 12_500 * usize::try_from(millis).expect("short"),
            rtt: Duration::from_millis(millis),
            ..both(who)
        };
        for who in [LITZ, LITZ_RENO] {
            let ours = goodput(run(who), 1..=1);
            assert!(ours >= 95.0, "{who:?} at {millis} ms: {ours:.2} Mbit/s");
        }
    }
}

/// A segment of half of the buffer or more must not wait for a delayed acknowledgment.
#[test]
fn large_segments_do_not_stall() {
    for buffers in [65_536, 100_000, 131_072, 262_144] {
        let run = Run {
            mtu: 65_000,
            buffers,
            rtt: Duration::from_millis(1),
            rate: 20_000_000_000,
            octets: 50_000_000,
            ..both(LITZ)
        };
        // One wait of 40 ms for each pair of segments would leave a fortieth of this.
        let least = buffers as f64 * 8.0 * 0.4 / 1_000.0;
        let ours = goodput(run, 1..=1);
        assert!(ours >= least, "{buffers}: {ours:.2}, not {least:.2} Mbit/s");
    }
}

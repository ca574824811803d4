//! Ten stations whose radios reach only some of the others, with hidden terminals and losses.

use litz_hal::mac::MacCounter;
use litz_hal::prng::{Chance, Prng};
use litz_hal::time::{Duration, Instant};
use litz_tests::air::net::{Net, data};

const STATIONS: usize = 10;
/// Meters.
const PLACES: [(i32, i32); STATIONS] = [
    (0, 0),
    (20, 5),
    (40, 0),
    (60, 5),
    (80, 0),
    (0, 25),
    (20, 30),
    (40, 25),
    (60, 30),
    (80, 25),
];
/// Frames sent by each station, one in a second.
const FRAMES: usize = 120;

/// Signal strength between two places by range class: near, middle, at the edge, out of range.
fn strength(one: (i32, i32), other: (i32, i32)) -> Option<i8> {
    let (x, y) = (one.0 - other.0, one.1 - other.1);
    match x * x + y * y {
        0..=600 => Some(-55),
        601..=1000 => Some(-70),
        1001..=1800 => Some(-85),
        _ => None,
    }
}

fn network(seed: u64, loss: Chance) -> Net {
    let net = Net::new(seed, loss, STATIONS);
    for (one, &place) in PLACES.iter().enumerate() {
        for (other, &there) in PLACES.iter().enumerate().skip(one + 1) {
            net.air.set_strength(one, other, strength(place, there));
        }
    }
    net
}

/// Unicasts at light load to neighbors in range: how many were sent, arrived, and arrived twice.
fn light_load(seed: u64, loss: Chance) -> (Net, usize, usize) {
    let mut net = network(seed, loss);
    let mut prng = Prng::new(seed ^ 0x10ad);
    let mut sends: Vec<(Instant, usize, Vec<u8>)> = Vec::new();
    for (station, &place) in PLACES.iter().enumerate() {
        let near: Vec<usize> = (0..STATIONS)
            .filter(|&other| other != station)
            .filter(|&other| strength(place, PLACES[other]).is_some())
            .collect();
        for number in 0..FRAMES {
            let at = number as u64 * 1_000_000 + prng.below(1_000_000);
            let mut payload = vec![0; 20 + prng.index(80)];
            payload[..3].copy_from_slice(&[station as u8, number as u8, (number >> 8) as u8]);
            let to = near[prng.index(near.len())];
            let frame = data(station, Some(to), &payload);
            sends.push((Instant::from_micros(at as i64 + 2_000), station, frame));
        }
    }
    sends.sort_by_key(|(at, ..)| *at);
    let sent = sends.len();
    for (at, from, frame) in sends {
        net.run(at.duration_since(net.now));
        net.send(from, &frame)
            .expect("a queue with room at light load");
    }
    net.run(Duration::from_millis(2_000));
    let arrived = net.arrived.iter().map(Vec::len).sum();
    (net, sent, arrived)
}

#[test]
fn light_load_with_hidden_terminals_and_one_in_ten_lost_is_delivered() {
    for seed in 1..=5 {
        let (net, sent, arrived) = light_load(seed, Chance::percent(10));
        let stats = net.air.stats();
        let total =
            |counter| -> u32 { net.macs.iter().map(|mac| mac.counters().get(counter)).sum() };
        println!(
            "seed {seed}: {arrived} of {sent}, {stats:?}, {} retries, {} busy, {} duplicates",
            total(MacCounter::Retries),
            total(MacCounter::ChannelBusy),
            total(MacCounter::Duplicate),
        );
        assert!(
            stats.collisions > 0,
            "seed {seed}: hidden terminals collide"
        );
        assert!(
            stats.lost as f64 > 0.05 * f64::from(stats.received),
            "seed {seed}"
        );
        assert!(
            arrived * 100 >= sent * 99,
            "seed {seed}: {arrived} of {sent}"
        );
        // Nothing came twice.
        for frames in &net.arrived {
            let mut seen: Vec<_> = frames.iter().map(|a| a.payload()[..3].to_vec()).collect();
            let all = seen.len();
            seen.sort();
            seen.dedup();
            assert_eq!(seen.len(), all, "seed {seed}");
        }
    }
}

#[test]
fn without_losses_the_same_seed_gives_the_same_air() {
    let (one, ..) = light_load(9, Chance::percent(10));
    let (two, ..) = light_load(9, Chance::percent(10));
    assert_eq!(one.air.log(), two.air.log());
}

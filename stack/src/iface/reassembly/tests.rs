//! Tests of putting packets together: any order, overlaps, what makes way, time.
#![allow(clippy::arithmetic_side_effects)]

use super::*;
use std::net::{IpAddr, Ipv4Addr};
use std::vec;
use std::vec::Vec;

const NOW: Instant = Instant::from_secs(100);

fn pool(slots: usize, octets: usize) -> Reassembly<'static> {
    let room = ReassemblySlot::room_for(octets);
    let slots: Vec<_> = core::iter::repeat_with(|| ReassemblySlot::new(vec![0xee; room]))
        .take(slots)
        .collect();
    Reassembly::new(slots.into())
}

fn key(host: u8, ident: u32) -> Key {
    Key {
        src: IpAddr::V4(Ipv4Addr::new(192, 0, 2, host)),
        dst: IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)),
        ident,
        protocol: 17,
    }
}

const HEADER: [u8; 20] = [0x45; 20];

fn part(data: &[u8], offset: usize, more: bool) -> Part<'_> {
    Part {
        offset,
        more,
        data,
        header: if offset == 0 { &HEADER } else { &[] },
        named_at: 0,
        ecn: Ecn::NotEct,
    }
}

/// A packet's data and its fragments of `size` octets: offset, length, whether more follow.
fn cut(len: usize, size: usize) -> (Vec<u8>, Vec<(usize, usize, bool)>) {
    let data = (0..len).map(|at| (at * 7) as u8).collect();
    let cuts = (0..len).step_by(size);
    let cuts = cuts.map(|at| (at, size.min(len - at), at + size < len));
    (data, cuts.collect())
}

fn give(pool: &mut Reassembly<'_>, data: &[u8], cut: (usize, usize, bool)) -> Added {
    let (at, len, more) = cut;
    pool.add(key(9, 1), &part(&data[at..at + len], at, more), NOW)
}

fn whole(pool: &mut Reassembly<'static>, key: Key) -> Vec<u8> {
    let whole = pool.take(key).unwrap();
    let octets = whole.octets(0).unwrap().to_vec();
    pool.give_back(whole);
    octets
}

#[test]
fn fragments_come_in_any_order_and_twice() {
    for (len, size) in [
        (17, 8),
        (1000, 8),
        (3000, 1480),
        (65_515, 1480),
        (4096, 1024),
    ] {
        for seed in 0..20_u64 {
            let mut pool = pool(2, len);
            let (data, mut cuts) = cut(len, size);
            let mut random = super::super::random::Random::new([seed as u8; 16]);
            for at in (1..cuts.len()).rev() {
                cuts.swap(at, random.next() as usize % (at + 1));
            }
            if seed == 0 {
                cuts.sort_unstable();
            } else if seed == 1 {
                cuts.sort_unstable_by(|a, b| b.cmp(a));
            }
            let (last, before) = cuts.split_last().unwrap();
            for &cut in before {
                assert_eq!(give(&mut pool, &data, cut), Added::Kept);
                assert_eq!(give(&mut pool, &data, cut), Added::Kept, "once more");
            }
            assert_eq!(give(&mut pool, &data, *last), Added::Whole, "seed {seed}");
            let octets = whole(&mut pool, key(9, 1));
            assert_eq!(octets[..20], HEADER);
            assert!(octets[20..] == data, "{len} octets by {size}, seed {seed}");
            assert!(pool.poll_at().instant().is_none());
        }
    }
}

#[test]
fn whoever_overlaps_loses_the_whole_packet() {
    // RFC 5722 §4, RFC 8200 §4.5.
    let overlaps: [&[(usize, usize, bool)]; 7] = [
        &[(0, 16, true), (8, 16, true)],
        &[(8, 16, true), (0, 16, true)],
        &[(0, 32, true), (8, 8, true)],
        &[(8, 8, true), (0, 32, true)],
        &[(0, 16, true), (8, 4, false)],
        &[(16, 8, false), (24, 8, true)],
        &[(24, 8, true), (16, 8, false)],
    ];
    for cuts in overlaps {
        let mut pool = pool(2, 100);
        let mut data: Vec<u8> = (0..100).collect();
        let (last, before) = cuts.split_last().unwrap();
        for &cut in before {
            assert_eq!(give(&mut pool, &data, cut), Added::Kept);
        }
        data.fill(0);
        let refused = Added::Refused(Refusal::Overlap);
        assert_eq!(give(&mut pool, &data, *last), refused, "{cuts:?}");
        // What was missing does not make it whole.
        for at in (0..64).step_by(8) {
            assert_eq!(give(&mut pool, &data, (at, 8, at < 56)), refused);
        }
        let told = pool.expire(NOW.saturating_add(TIMEOUT), |_, first| first.is_some());
        assert_eq!(told, Some(false), "nobody is told");
    }
}

#[test]
fn two_ends_are_an_overlap() {
    let mut pool = pool(2, 100);
    let data = [0; 100];
    assert_eq!(give(&mut pool, &data, (16, 8, false)), Added::Kept);
    let refused = Added::Refused(Refusal::Overlap);
    assert_eq!(give(&mut pool, &data, (32, 8, false)), refused);
}

#[test]
fn a_packet_that_does_not_fit_is_refused() {
    let mut pool = pool(1, 64);
    let data = [1; 200];
    let refused = Added::Refused(Refusal::NoRoom);
    assert_eq!(give(&mut pool, &data, (128, 8, false)), refused);
    let mut none = self::pool(0, 0);
    assert_eq!(give(&mut none, &data, (0, 8, true)), refused);
    assert!(none.poll_at().instant().is_none());
    let mut tiny = Reassembly::new(vec![ReassemblySlot::new(vec![0; 3])].into());
    assert_eq!(give(&mut tiny, &data, (0, 8, true)), refused);
}

#[test]
fn every_size_of_memory_holds_what_it_promises() {
    for octets in (0..200).chain([1480, 8192, 65_515, 65_535]) {
        let room = ReassemblySlot::room_for(octets);
        let mut slot = ReassemblySlot::new(vec![0; room]);
        assert!(slot.capacity() >= octets, "{octets}");
        let (.., data) = slot.parts().unwrap();
        assert!(data.len() >= octets, "{octets}");
    }
}

#[test]
fn a_packet_is_given_up_after_a_minute_and_its_first_fragment_shown() {
    let mut pool = pool(2, 100);
    let data: Vec<u8> = (0..100).collect();
    give(&mut pool, &data, (0, 16, true));
    pool.add(key(8, 2), &part(&data[..8], 16, true), NOW);
    let due = NOW.saturating_add(TIMEOUT);
    assert_eq!(pool.poll_at().instant(), Some(due));
    let almost = Instant::from_micros(due.total_micros() - 1);
    assert_eq!(pool.expire(almost, |_, _| ()), None);
    let told = |_: bool, first: Option<&[u8]>| first.map(<[u8]>::to_vec);
    let expected = [&HEADER[..], &data[..16]].concat();
    let mut gone = [pool.expire(due, told), pool.expire(due, told)];
    gone.sort();
    assert_eq!(
        gone,
        [Some(None), Some(Some(expected))],
        "no first, no word"
    );
    assert_eq!(pool.expire(due, told), None);
    assert!(pool.poll_at().instant().is_none());
}

#[test]
fn a_source_has_half_of_the_slots() {
    let mut pool = pool(4, 100);
    let data = [0; 8];
    pool.add(key(1, 0), &part(&data, 0, true), NOW);
    for ident in 0..100 {
        pool.add(key(66, ident), &part(&data, 8, true), NOW);
    }
    assert_eq!(pool.displaced(), 98);
    let from = |host| {
        let slots = pool.slots.iter();
        slots
            .filter(|slot| slot.key.is_some_and(|k| k.src == key(host, 0).src))
            .count()
    };
    assert_eq!((from(1), from(66)), (1, 2));
}

#[test]
fn a_flood_displaces_itself_and_not_what_is_nearly_whole() {
    let mut pool = pool(4, 3000);
    let (data, cuts) = cut(3000, 1000);
    let mut added = Added::Kept;
    for (turn, cut) in cuts.into_iter().enumerate() {
        added = give(&mut pool, &data, cut);
        for n in 0..1000_u32 {
            let from = key((10 + n % 200) as u8, n + 1000 * turn as u32);
            pool.add(from, &part(&data[..8], 80, true), NOW);
        }
    }
    assert_eq!(added, Added::Whole);
    assert_eq!(pool.displaced(), 3000 - 3);
}

#[test]
fn what_has_stopped_growing_makes_way() {
    let mut pool = pool(2, 3000);
    let big = [0; 2000];
    for host in [1, 2] {
        pool.add(key(host, 0), &part(&big, 0, true), NOW);
    }
    let later = NOW.saturating_add(Duration::from_secs(2));
    pool.add(key(3, 0), &part(&big[..8], 0, true), later);
    pool.add(key(4, 0), &part(&big[..8], 0, true), later);
    assert!(pool.slots.iter().all(|slot| slot.units == 1));
}

#[test]
fn congestion_marks_are_joined() {
    // RFC 3168 §5.3.
    for (marks, expected) in [
        ([Ecn::NotEct, Ecn::NotEct], Some(Ecn::NotEct)),
        ([Ecn::Ect0, Ecn::Ce], Some(Ecn::Ce)),
        ([Ecn::Ce, Ecn::Ect1], Some(Ecn::Ce)),
        ([Ecn::NotEct, Ecn::Ce], None),
        ([Ecn::Ect1, Ecn::Ect1], Some(Ecn::Ect1)),
    ] {
        let mut pool = pool(2, 100);
        for (at, ecn) in (0..).zip(marks) {
            let part = Part {
                ecn,
                ..part(&[0; 8], at * 8, at == 0)
            };
            pool.add(key(1, 1), &part, NOW);
        }
        assert_eq!(pool.take(key(1, 1)).unwrap().ecn, expected, "{marks:?}");
    }
}

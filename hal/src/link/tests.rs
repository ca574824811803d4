//! Tests of the link: what each kind of misfortune does, and that a seed repeats it.
#![allow(clippy::arithmetic_side_effects)]

use super::*;
use crate::device::{ChecksumPlace, ChecksumStatus, Device, LinkState, Medium};
use crate::device::{RxToken, TxError, TxMeta, TxToken};
use crate::prng::Chance;
use crate::time::{Duration, Instant};
use std::vec::Vec;

const NOW: Instant = Instant::ZERO;
const LATER: Instant = Instant::from_secs(1_000);

fn at(millis: i64) -> Instant {
    Instant::from_millis(millis)
}

fn send(end: &mut LinkEnd, now: Instant, octets: &[u8]) -> bool {
    let Some(token) = end.transmit(now) else {
        return false;
    };
    token
        .consume(octets.len(), TxMeta::default(), |frame| {
            frame.copy_from_slice(octets);
        })
        .unwrap();
    true
}

fn receive(end: &mut LinkEnd, now: Instant) -> Option<Vec<u8>> {
    let (rx, _tx) = end.receive(now)?;
    Some(rx.consume(<[u8]>::to_vec))
}

fn receive_all(end: &mut LinkEnd, now: Instant) -> Vec<Vec<u8>> {
    core::iter::from_fn(|| receive(end, now)).collect()
}

#[test]
fn frames_arrive_whole_in_order_and_only_at_the_other_end() {
    let (link, mut a, mut b) = Link::new(LinkConfig::default());
    assert!(send(&mut a, NOW, b"one"));
    assert!(send(&mut a, NOW, b"second"));
    assert_eq!(receive(&mut a, NOW), None);
    assert_eq!(receive_all(&mut b, NOW), [&b"one"[..], b"second"]);
    assert!(link.is_idle());
    let stats = link.stats(Side::A);
    assert_eq!((stats.sent, stats.sent_octets), (2, 9));
    assert_eq!((stats.received, stats.received_octets), (2, 9));
    assert_eq!(link.stats(Side::B), LinkStats::default());
}

#[test]
fn an_answer_can_be_sent_while_the_question_is_read() {
    let (_link, mut a, mut b) = Link::new(LinkConfig::default());
    send(&mut a, NOW, b"question");
    let (rx, tx) = b.receive(NOW).unwrap();
    rx.consume(|question| {
        tx.consume(question.len(), TxMeta::default(), |answer| {
            answer.copy_from_slice(question);
        })
    })
    .unwrap();
    assert_eq!(receive(&mut a, NOW).unwrap(), b"question");
}

#[test]
fn a_token_left_alone_leaves_its_frame() {
    let (_link, mut a, mut b) = Link::new(LinkConfig::default());
    send(&mut a, NOW, b"here");
    assert!(b.receive(NOW).is_some());
    assert_eq!(receive(&mut b, NOW).unwrap(), b"here");
}

#[test]
fn delay_and_jitter_keep_order_and_are_foretold() {
    let config = LinkConfig {
        delay: Duration::from_millis(10),
        jitter: Duration::from_millis(5),
        seed: 3,
        ..LinkConfig::default()
    };
    let (link, mut a, mut b) = Link::new(config);
    for n in 0..100 {
        send(&mut a, at(i64::from(n)), &[n]);
    }
    let mut order = Vec::new();
    while let Some(now) = link.next_event().instant() {
        assert_eq!(Deadline::at(now), b.next_arrival());
        assert_eq!(
            receive(&mut b, Instant::from_micros(now.total_micros() - 1)),
            None
        );
        let frame = receive(&mut b, now).unwrap();
        let took = now.duration_since(at(i64::from(frame[0])));
        assert!((10..=15).contains(&took.total_millis()), "{took}");
        order.push(frame[0]);
    }
    assert_eq!(order, (0..100).collect::<Vec<u8>>());
}

#[test]
fn frames_held_back_are_overtaken() {
    let config = LinkConfig {
        reorder: Chance::percent(20),
        hold: Duration::from_millis(10),
        ..LinkConfig::default()
    };
    let (link, mut a, mut b) = Link::new(config);
    for n in 0..200 {
        send(&mut a, at(i64::from(n)), &[n]);
    }
    let mut order: Vec<u8> = receive_all(&mut b, LATER).concat();
    assert!(!order.is_sorted());
    assert!(link.stats(Side::A).reordered > 20);
    order.sort_unstable();
    assert_eq!(order, (0..200).collect::<Vec<u8>>());
}

#[test]
fn loss_duplication_and_damage_are_counted_and_repeat_with_the_seed() {
    let config = LinkConfig {
        loss: Chance::percent(10),
        duplicate: Chance::percent(10),
        corrupt: Chance::percent(10),
        seed: 99,
        ..LinkConfig::default()
    };
    let run = |seed| {
        let (link, mut a, mut b) = Link::new(LinkConfig { seed, ..config });
        for _ in 0..500 {
            assert!(send(&mut a, NOW, &[0; 64]));
        }
        (receive_all(&mut b, NOW), link.stats(Side::A))
    };
    let (frames, stats) = run(99);
    assert_eq!(run(99), (frames.clone(), stats));
    assert_ne!(run(100).0, frames);
    for count in [stats.lost, stats.duplicated, stats.corrupted] {
        assert!((20..100).contains(&count), "{stats:?}");
    }
    assert_eq!(stats.received, stats.sent - stats.lost + stats.duplicated);
    let ones = |frame: &Vec<u8>| frame.iter().map(|octet| octet.count_ones()).sum::<u32>();
    let damaged = frames.iter().filter(|frame| ones(frame) == 1).count() as u64;
    assert!(frames.iter().all(|frame| ones(frame) <= 1));
    assert!(damaged >= stats.corrupted);
}

#[test]
fn bandwidth_spaces_frames() {
    let config = LinkConfig {
        bandwidth: Some(8_000_000),
        ..LinkConfig::default()
    };
    let (link, mut a, mut b) = Link::new(config);
    for n in 1..=3_u8 {
        send(&mut a, NOW, &[n; 1000]);
    }
    for n in 1..=3 {
        assert_eq!(link.next_event(), Deadline::at(at(n)));
        assert_eq!(receive_all(&mut b, at(n)).len(), 1);
    }
}

#[test]
fn a_fast_line_does_not_lose_parts_of_microseconds() {
    let config = LinkConfig {
        bandwidth: Some(10_000_000_000),
        ..LinkConfig::default()
    };
    let (link, mut a, mut b) = Link::new(config);
    for _ in 0..1_000 {
        send(&mut a, NOW, &[0; 1_500]);
    }
    let mut last = NOW;
    while let Some(now) = link.next_event().instant() {
        receive_all(&mut b, now);
        last = now;
    }
    assert_eq!(last, Instant::from_micros(1_200));
}

#[test]
fn a_full_link_waits_or_drops_as_it_is_told() {
    let waits = LinkConfig {
        queue: 2,
        ..LinkConfig::default()
    };
    let (link, mut a, mut b) = Link::new(waits);
    assert!(send(&mut a, NOW, b"1") && send(&mut a, NOW, b"2"));
    assert!(!send(&mut a, NOW, b"3"));
    receive(&mut b, NOW).unwrap();
    assert!(send(&mut a, NOW, b"3"));
    assert_eq!(link.stats(Side::A).overflowed, 0);

    link.set_config(
        Side::A,
        LinkConfig {
            when_full: WhenFull::Drop,
            ..waits
        },
    );
    assert!(send(&mut a, NOW, b"4"));
    assert_eq!(link.stats(Side::A).overflowed, 1);
    assert_eq!(receive_all(&mut b, NOW), [b"2", b"3"]);
}

#[test]
fn two_full_ends_can_still_receive() {
    let config = LinkConfig {
        queue: 1,
        ..LinkConfig::default()
    };
    let (link, mut a, mut b) = Link::new(config);
    send(&mut a, NOW, b"a");
    send(&mut b, NOW, b"b");
    let (rx, tx) = a.receive(NOW).unwrap();
    assert_eq!(rx.consume(<[u8]>::to_vec), b"b");
    tx.consume(1, TxMeta::default(), |_| ()).unwrap();
    assert_eq!(link.stats(Side::A).overflowed, 1);
}

#[test]
fn frames_longer_than_the_link_carries_are_refused() {
    for (medium, most) in [
        (Medium::Ethernet, 1518),
        (Medium::Ip, 1500),
        (Medium::Ieee802154, 125),
    ] {
        let (_link, mut a, _b) = Link::new(LinkConfig::new(medium, 1500));
        let token = a.transmit(NOW).unwrap();
        let sent = token.consume(most, TxMeta::default(), |frame| frame.len());
        assert_eq!(sent, Ok(most));
        let token = a.transmit(NOW).unwrap();
        let sent = token.consume(most + 1, TxMeta::default(), |_| panic!("called"));
        assert_eq!(sent, Err(TxError::TooLong));
    }
}

#[test]
fn without_a_plug_everything_is_lost() {
    let (link, mut a, mut b) = Link::new(LinkConfig::default());
    link.set_up(false);
    assert_eq!(a.link_state(), LinkState::Down);
    send(&mut a, NOW, b"lost");
    link.set_up(true);
    assert_eq!(b.link_state(), LinkState::Up);
    assert_eq!(receive(&mut b, NOW), None);
    assert_eq!(link.stats(Side::A).lost, 1);
}

#[test]
fn a_checksum_left_to_the_device_is_known_to_the_receiver() {
    let (_link, mut a, mut b) = Link::new(LinkConfig::default());
    let meta = TxMeta {
        checksum: Some(ChecksumPlace {
            start: 34,
            offset: 16,
        }),
        vlan: Some(7),
        ..TxMeta::default()
    };
    let token = a.transmit(NOW).unwrap();
    token.consume(60, meta, |_| ()).unwrap();
    let (rx, _tx) = b.receive(at(1)).unwrap();
    assert_eq!(rx.meta().checksum, ChecksumStatus::Partial);
    assert_eq!(rx.meta().vlan, Some(7));
    assert_eq!(rx.meta().timestamp, Some(NOW));
}

#[test]
fn nothing_is_too_strange_to_configure() {
    let strange = LinkConfig {
        bandwidth: Some(0),
        delay: Duration::MAX,
        jitter: Duration::MAX,
        hold: Duration::MAX,
        reorder: Chance::percent(50),
        corrupt: Chance::ALWAYS,
        duplicate: Chance::ALWAYS,
        queue: 3,
        ..LinkConfig::default()
    };
    let (link, mut a, mut b) = Link::new(strange);
    for _ in 0..10 {
        send(&mut a, LATER, &[]);
        receive(&mut b, LATER);
    }
    assert_eq!(link.stats(Side::A).received, 0);
    let none = LinkConfig {
        queue: 0,
        ..LinkConfig::default()
    };
    let (_link, mut a, _b) = Link::new(none);
    assert!(a.transmit(NOW).is_none());
}

#[test]
fn ends_can_live_in_threads() {
    fn sendable<T: Send>(_: &T) {}
    let (link, a, _b) = Link::new(LinkConfig::default());
    sendable(&link);
    sendable(&a);
}

//! Tests of the fault injector over a link that does no harm itself.
#![allow(clippy::arithmetic_side_effects)]

use super::*;
use crate::device::{ChecksumPlace, Medium};
use crate::link::{Link, LinkConfig, LinkEnd};
use crate::prng::Chance;
use crate::time::Duration;
use std::vec::Vec;
use std::{format, vec};

const NOW: Instant = Instant::ZERO;
const NOTHING: Faults = Faults {
    drop: Chance::NEVER,
    corrupt: Chance::NEVER,
    duplicate: Chance::NEVER,
    rate: None,
};

/// An injector with these faults both ways, and the harmless device opposite.
fn pair(faults: Faults) -> (FaultInjector<LinkEnd>, LinkEnd) {
    let (_link, a, b) = Link::new(LinkConfig {
        queue: 20_000,
        ..LinkConfig::default()
    });
    (FaultInjector::new(a, FaultConfig::both(7, faults)), b)
}

fn send_meta(device: &mut impl Device, octets: &[u8], meta: TxMeta) -> Result<(), TxError> {
    let token = device.transmit(NOW).expect("room");
    token.consume(octets.len(), meta, |frame| frame.copy_from_slice(octets))
}

fn send(device: &mut impl Device, octets: &[u8]) {
    send_meta(device, octets, TxMeta::default()).expect("sent");
}

fn receive(device: &mut impl Device) -> Option<Vec<u8>> {
    let (frame, _answer) = device.receive(NOW)?;
    Some(frame.consume(<[u8]>::to_vec))
}

fn receive_all(device: &mut impl Device) -> Vec<Vec<u8>> {
    core::iter::from_fn(|| receive(device)).collect()
}

/// Bits in which two frames of one length differ.
fn differing_bits(one: &[u8], other: &[u8]) -> u32 {
    assert_eq!(one.len(), other.len());
    let pairs = one.iter().zip(other);
    pairs.map(|(a, b)| (a ^ b).count_ones()).sum()
}

#[test]
fn without_faults_frames_pass_untouched() {
    let (mut device, mut other) = pair(NOTHING);
    send(&mut device, &[1, 2, 3]);
    send(&mut other, &[4, 5]);
    assert_eq!(receive_all(&mut other), [[1, 2, 3]]);
    assert_eq!(receive_all(&mut device), [[4, 5]]);
    assert_eq!(
        (device.received().passed, device.transmitted().passed),
        (1, 1)
    );
    assert_eq!(device.capabilities(), other.capabilities());
    assert_eq!(device.link_state(), LinkState::Up);
    assert_eq!(device.take_error(), None);
}

#[test]
fn what_is_always_dropped_never_arrives() {
    let (mut device, mut other) = pair(Faults {
        drop: Chance::ALWAYS,
        ..NOTHING
    });
    for _ in 0..3 {
        send(&mut device, &[1; 60]);
        send(&mut other, &[2; 60]);
    }
    assert_eq!(receive(&mut other), None);
    assert_eq!(receive(&mut device), None);
    assert_eq!(
        (device.received().dropped, device.transmitted().dropped),
        (3, 3)
    );
    assert_eq!(
        (device.received().passed, device.transmitted().passed),
        (0, 0)
    );
}

#[test]
fn a_chance_is_met_and_a_seed_repeats_the_course() {
    let course = |asks_in_vain: usize| {
        let (mut device, mut other) = pair(Faults {
            drop: Chance::percent(10),
            ..NOTHING
        });
        let mut course = Vec::new();
        for number in 0..5_000_u16 {
            for _ in 0..asks_in_vain {
                assert_eq!(receive(&mut device), None);
            }
            send(&mut other, &number.to_be_bytes());
            course.extend(receive_all(&mut device));
        }
        course
    };
    let once = course(0);
    assert!((4_400..4_600).contains(&once.len()), "{}", once.len());
    assert!(once.is_sorted(), "the order is kept");
    assert_eq!(once, course(0));
    assert_eq!(once, course(3), "asking in vain changes nothing");
}

#[test]
fn damage_is_one_bit_both_ways() {
    let (mut device, mut other) = pair(Faults {
        corrupt: Chance::ALWAYS,
        ..NOTHING
    });
    let frame = [0x5a; 60];
    for _ in 0..50 {
        send(&mut device, &frame);
        assert_eq!(differing_bits(&receive(&mut other).unwrap(), &frame), 1);
        send(&mut other, &frame);
        assert_eq!(differing_bits(&receive(&mut device).unwrap(), &frame), 1);
    }
    assert_eq!(
        (device.received().corrupted, device.transmitted().corrupted),
        (50, 50)
    );
    send(&mut device, &[]);
    assert_eq!(receive(&mut other).unwrap(), [0; 0]);
    assert_eq!(
        device.transmitted().corrupted,
        50,
        "there was no bit to change"
    );
}

#[test]
fn damage_that_nobody_would_notice_is_a_drop() {
    let mut config = LinkConfig::default();
    config.capabilities.checksum.tcp = ChecksumWork::DEVICE;
    let (_link, a, mut other) = Link::new(config);
    let faults = Faults {
        corrupt: Chance::ALWAYS,
        ..NOTHING
    };
    let mut device = FaultInjector::new(a, FaultConfig::both(0, faults));
    send(&mut device, &[1; 60]);
    send(&mut other, &[1; 60]);
    assert_eq!((receive(&mut other), receive(&mut device)), (None, None));
    assert_eq!(
        (device.received().dropped, device.transmitted().dropped),
        (1, 1)
    );

    let (mut device, mut other) = pair(faults);
    let place = ChecksumPlace {
        start: 34,
        offset: 16,
    };
    let meta = TxMeta {
        checksum: Some(place),
        ..TxMeta::default()
    };
    send_meta(&mut device, &[1; 60], meta).unwrap();
    assert_eq!(receive(&mut other), None);
    assert_eq!(device.transmitted().dropped, 1);
}

#[test]
fn a_doubled_frame_passes_twice_and_no_more() {
    let (mut device, mut other) = pair(Faults {
        duplicate: Chance::ALWAYS,
        ..NOTHING
    });
    send(&mut other, &[1; 60]);
    send(&mut other, &[2; 70]);
    let received = receive_all(&mut device);
    assert_eq!(
        received,
        [vec![1; 60], vec![1; 60], vec![2; 70], vec![2; 70]]
    );
    send(&mut device, &[3; 80]);
    assert_eq!(receive_all(&mut other).len(), 1);
    // The second follows with the next call.
    assert_eq!(receive(&mut device), None);
    assert_eq!(receive_all(&mut other), [[3; 80]]);
    assert_eq!(receive(&mut device), None);
    assert_eq!(receive(&mut other), None);
    assert_eq!(
        (
            device.received().duplicated,
            device.transmitted().duplicated
        ),
        (2, 1)
    );
    assert_eq!(
        (device.received().passed, device.transmitted().passed),
        (2, 1)
    );
}

#[test]
fn beyond_the_rate_frames_are_dropped_until_the_interval_is_over() {
    let rate = RateLimit {
        frames: 2,
        interval: Duration::from_millis(10),
    };
    let (mut device, mut other) = pair(Faults {
        rate: Some(rate),
        ..NOTHING
    });
    let mut arrived = |millis: i64| {
        let now = Instant::from_millis(millis);
        for _ in 0..5 {
            let token = other.transmit(now).expect("room");
            token.consume(60, TxMeta::default(), |_| ()).unwrap();
        }
        let mut count = 0;
        while let Some((frame, _answer)) = device.receive(now) {
            frame.consume(|_| count += 1);
        }
        count
    };
    assert_eq!(arrived(100), 2);
    assert_eq!(arrived(109), 0);
    assert_eq!(arrived(110), 2);
    assert_eq!(
        (device.received().limited, device.received().passed),
        (11, 4)
    );
    send(&mut device, &[1; 60]);
    assert_eq!(
        device.transmitted().limited,
        0,
        "each direction has its own rate"
    );
}

#[test]
fn frames_longer_than_the_buffer_are_spared_and_counted() {
    for faults in [
        Faults {
            drop: Chance::ALWAYS,
            ..NOTHING
        },
        Faults {
            duplicate: Chance::ALWAYS,
            ..NOTHING
        },
    ] {
        let (_link, a, mut other) = Link::new(LinkConfig::default());
        let config = FaultConfig {
            transmit: faults,
            ..FaultConfig::default()
        };
        let mut device = FaultInjector::<_, 64>::with_buffer(a, config);
        send(&mut device, &[1; 65]);
        assert_eq!(receive_all(&mut other).len(), 1);
        assert_eq!(
            (device.transmitted().spared, device.transmitted().passed),
            (1, 1)
        );
    }
    let (_link, a, mut other) = Link::new(LinkConfig::default());
    let receive_faults = Faults {
        corrupt: Chance::ALWAYS,
        ..NOTHING
    };
    let config = FaultConfig {
        receive: receive_faults,
        ..FaultConfig::default()
    };
    let mut device = FaultInjector::<_, 64>::with_buffer(a, config);
    send(&mut other, &[1; 65]);
    send(&mut other, &[1; 64]);
    assert_eq!(receive(&mut device).unwrap(), [1; 65]);
    assert_eq!(differing_bits(&receive(&mut device).unwrap(), &[1; 64]), 1);
    assert_eq!(
        (device.received().spared, device.received().corrupted),
        (1, 1)
    );
}

#[test]
fn a_flood_of_dropped_frames_does_not_hold_the_caller_up() {
    let (mut device, mut other) = pair(Faults {
        drop: Chance::ALWAYS,
        ..NOTHING
    });
    for _ in 0..1_000 {
        send(&mut other, &[1; 60]);
    }
    assert_eq!(receive(&mut device), None);
    assert_eq!(device.received().dropped, MOST_DROPS as u64);
}

#[test]
fn a_frame_that_the_device_refused_has_not_met_its_fate() {
    let (mut device, mut other) = pair(Faults {
        duplicate: Chance::ALWAYS,
        ..NOTHING
    });
    let refused = send_meta(&mut device, &[1; 4_000], TxMeta::default());
    assert_eq!(refused, Err(TxError::TooLong));
    assert_eq!(device.transmitted(), FaultCounters::default());
    assert_eq!((receive(&mut device), receive(&mut other)), (None, None));
}

#[test]
fn a_frame_left_alone_meets_its_fate_when_it_is_taken() {
    let (mut device, mut other) = pair(Faults {
        duplicate: Chance::ALWAYS,
        ..NOTHING
    });
    send(&mut other, &[1; 60]);
    for _ in 0..3 {
        let (frame, _answer) = device.receive(NOW).unwrap();
        assert_eq!(frame.meta().timestamp, Some(NOW));
    }
    assert_eq!(receive_all(&mut device).len(), 2);
    assert_eq!(device.received().passed, 1);
}

#[test]
fn faults_change_with_the_configuration() {
    let (mut device, mut other) = pair(Faults {
        drop: Chance::ALWAYS,
        ..NOTHING
    });
    device.set_config(FaultConfig::default());
    send(&mut other, &[1; 60]);
    assert_eq!(receive_all(&mut device).len(), 1);
    assert_eq!(device.inner().capabilities().medium, Medium::Ethernet);
    send(device.inner_mut(), &[2; 60]);
    assert_eq!(receive_all(&mut other).len(), 1);
    assert!(!format!("{:?}", device.into_inner()).is_empty());
}

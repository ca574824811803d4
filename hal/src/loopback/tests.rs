//! Tests of the loopback device against a plain queue.
#![allow(clippy::arithmetic_side_effects)]

use super::*;
use crate::device::{ChecksumPlace, ChecksumStatus, ChecksumWork};
use crate::prng::Prng;
use std::collections::VecDeque;
use std::vec;
use std::vec::Vec;

const NOW: Instant = Instant::ZERO;

fn send<D: Device>(device: &mut D, octets: &[u8]) -> bool {
    let Some(token) = device.transmit(NOW) else {
        return false;
    };
    token
        .consume(octets.len(), TxMeta::default(), |frame| {
            frame.copy_from_slice(octets);
        })
        .unwrap();
    true
}

fn receive<D: Device>(device: &mut D) -> Option<Vec<u8>> {
    let (rx, _tx) = device.receive(NOW)?;
    Some(rx.consume(<[u8]>::to_vec))
}

#[test]
fn it_behaves_as_a_queue_of_all_slots_but_one() {
    let mut loopback = Loopback::new(Medium::Ip, vec![Slot::<8>::EMPTY; 5]);
    let mut model = VecDeque::new();
    let mut prng = Prng::new(1);
    for n in 0..10_000_u32 {
        let frame = n.to_be_bytes()[..prng.index(5)].to_vec();
        match prng.below(4) {
            0 => {
                assert_eq!(send(&mut loopback, &frame), model.len() < 4);
                if model.len() < 4 {
                    model.push_back(frame);
                }
            }
            1 => assert_eq!(receive(&mut loopback), model.pop_front()),
            answer_first => {
                let Some((rx, tx)) = loopback.receive(NOW) else {
                    assert!(model.is_empty());
                    continue;
                };
                let write = |octets: &mut [u8]| octets.copy_from_slice(&frame);
                if answer_first == 2 {
                    let meta = TxMeta::default();
                    tx.consume(frame.len(), meta, write).unwrap();
                    rx.consume(|octets| assert_eq!(octets, model.pop_front().unwrap()));
                } else {
                    rx.consume(|octets| {
                        assert_eq!(octets, model.pop_front().unwrap());
                        tx.consume(frame.len(), TxMeta::default(), write).unwrap();
                    });
                }
                model.push_back(frame);
            }
        }
        assert_eq!(loopback.len(), model.len());
        assert_eq!(loopback.is_empty(), model.is_empty());
    }
}

#[test]
fn tokens_left_alone_change_nothing() {
    let mut loopback = Loopback::new(Medium::Ip, [const { Slot::<8>::EMPTY }; 3]);
    assert!(loopback.transmit(NOW).is_some());
    assert!(loopback.is_empty());
    send(&mut loopback, b"stays");
    assert!(loopback.receive(NOW).is_some());
    assert_eq!(receive(&mut loopback).unwrap(), b"stays");
}

#[test]
fn a_front_left_alone_after_its_answer_does_not_block() {
    let mut loopback = Loopback::new(Medium::Ip, [const { Slot::<8>::EMPTY }; 2]);
    send(&mut loopback, b"first");
    let (_rx, tx) = loopback.receive(NOW).unwrap();
    tx.consume(1, TxMeta::default(), |frame| frame.fill(7))
        .unwrap();
    assert_eq!(receive(&mut loopback).unwrap(), [7]);
    assert!(loopback.is_empty());
}

#[test]
fn frames_longer_than_a_slot_are_refused() {
    let mut loopback = Loopback::new(Medium::Ethernet, [const { Slot::<64>::EMPTY }; 2]);
    assert_eq!(loopback.capabilities().ip_mtu, 50);
    let token = loopback.transmit(NOW).unwrap();
    let sent = token.consume(65, TxMeta::default(), |_| panic!("called"));
    assert_eq!(sent, Err(TxError::TooLong));
    assert!(loopback.is_empty());
}

#[test]
fn too_few_slots_carry_nothing() {
    assert!(!send(
        &mut Loopback::new(Medium::Ip, [Slot::<8>::EMPTY]),
        b"a"
    ));
    let none: &mut [Slot<8>] = &mut [];
    let mut loopback = Loopback::new(Medium::Ip, none);
    assert!(!send(&mut loopback, b"a"));
    assert_eq!(receive(&mut loopback), None);
}

#[test]
fn checksums_nobody_computed_count_as_right() {
    let mut slots = [const { Slot::<64>::EMPTY }; 2];
    let mut loopback = Loopback::new(Medium::Ip, &mut slots[..]);
    let meta = TxMeta {
        checksum: Some(ChecksumPlace {
            start: 20,
            offset: 16,
        }),
        ..TxMeta::default()
    };
    let token = loopback.transmit(NOW).unwrap();
    token.consume(40, meta, |_| ()).unwrap();
    let (rx, _) = loopback.receive(NOW).unwrap();
    assert_eq!(rx.meta().checksum, ChecksumStatus::Partial);
    rx.consume(|_| ());

    let work = ChecksumCapabilities {
        tcp: ChecksumWork::DEVICE,
        ..ChecksumCapabilities::default()
    };
    let mut loopback = loopback.with_checksums(work);
    send(&mut loopback, b"x");
    let (rx, _) = loopback.receive(NOW).unwrap();
    assert_eq!(rx.meta().checksum, ChecksumStatus::Verified);
}

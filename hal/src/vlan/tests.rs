//! Tests of VLANs: what each frame looks like on the wire, and whose it is when it comes back.
#![allow(clippy::arithmetic_side_effects)]

use super::*;
use crate::device::{Capabilities, Device, TxMeta, TxToken};
use crate::link::{Link, LinkConfig, LinkEnd};
use std::vec::Vec;

const NOW: Instant = Instant::ZERO;
const TEN: Vlan = Vlan::Customer(10);
const TWENTY: Vlan = Vlan::Customer(20);
const STACKED: Vlan = Vlan::Both {
    service: 30,
    customer: 10,
};
const EVERY: [Vlan; 5] = [Vlan::Untagged, TEN, TWENTY, Vlan::Service(30), STACKED];

type Divided = Vlans<LinkEnd, [VlanSlot<1518, 2>; 5], 1518, 2>;

/// A cable, one end of it divided.
fn divided(vlans: &[Vlan], writer: TagWriter) -> (Divided, LinkEnd) {
    let capabilities = Capabilities::new(Medium::Ethernet, 1504);
    let config = LinkConfig {
        capabilities,
        ..LinkConfig::default()
    };
    let (_, here, there) = Link::new(config);
    let mut divided = Vlans::new(here, [const { VlanSlot::EMPTY }; 5], writer);
    for &vlan in vlans {
        divided.add(vlan).unwrap();
    }
    (divided, there)
}

fn send(device: &mut impl Device, meta: TxMeta, frame: &[u8]) {
    let room = device.transmit(NOW).unwrap();
    let sent = room.consume(frame.len(), meta, |octets| octets.copy_from_slice(frame));
    sent.unwrap();
}

fn receive(device: &mut impl Device) -> Option<(Vec<u8>, RxMeta)> {
    let (rx, _tx) = device.receive(NOW)?;
    let meta = rx.meta();
    Some((rx.consume(<[u8]>::to_vec), meta))
}

/// A frame with something in place of an EtherType and a payload.
fn frame(rest: &[u8]) -> Vec<u8> {
    let mut frame = (1..=12).collect::<Vec<u8>>();
    frame.extend_from_slice(rest);
    frame
}

const PLAIN: [u8; 4] = [0x08, 0x00, 0x45, 0xaa];

#[test]
fn every_vlan_has_its_tags_on_the_wire_and_none_above() {
    let on_the_wire: [&[u8]; 5] = [
        &PLAIN,
        &[0x81, 0x00, 0xa0, 10, 0x08, 0x00, 0x45, 0xaa],
        &[0x81, 0x00, 0xa0, 20, 0x08, 0x00, 0x45, 0xaa],
        &[0x88, 0xa8, 0xa0, 30, 0x08, 0x00, 0x45, 0xaa],
        &[
            0x88, 0xa8, 0xa0, 30, 0x81, 0x00, 0xa0, 10, 0x08, 0x00, 0x45, 0xaa,
        ],
    ];
    let (mut here, mut there) = divided(&EVERY, TagWriter::Stack);
    for (vlan, tagged) in EVERY.into_iter().zip(on_the_wire) {
        assert!(here.set_priority(vlan, 5));
        send(
            &mut here.port(vlan).unwrap(),
            TxMeta::default(),
            &frame(&PLAIN),
        );
        let (sent, _) = receive(&mut there).unwrap();
        assert_eq!(sent, frame(tagged), "{vlan:?}");
        // The same frame come back is that VLAN's, whoever asks first.
        send(&mut there, TxMeta::default(), &sent);
        for other in EVERY.into_iter().filter(|&other| other != vlan) {
            assert_eq!(receive(&mut here.port(other).unwrap()), None);
        }
        assert!(here.is_waiting());
        let (received, meta) = receive(&mut here.port(vlan).unwrap()).unwrap();
        assert_eq!(received, frame(&PLAIN), "{vlan:?}");
        assert_eq!(meta.vlan.is_some(), vlan != Vlan::Untagged);
        assert!(!here.is_waiting());
    }
    assert_eq!(*here.counters(), VlanCounters::default());
}

#[test]
fn a_device_that_writes_tags_is_told_them() {
    let (mut here, mut there) = divided(&EVERY, TagWriter::Device);
    send(
        &mut here.port(TEN).unwrap(),
        TxMeta::default(),
        &frame(&PLAIN),
    );
    let (sent, meta) = receive(&mut there).unwrap();
    assert_eq!((sent, meta.vlan), (frame(&PLAIN), Some(10)));
    let tagged = TxMeta {
        vlan: Some(0x6000 | 20),
        ..TxMeta::default()
    };
    send(&mut there, tagged, &frame(&PLAIN));
    let (received, meta) = receive(&mut here.port(TWENTY).unwrap()).unwrap();
    assert_eq!((received, meta.vlan), (frame(&PLAIN), Some(0x6000)));
    // Service tags are written all the same.
    send(
        &mut here.port(Vlan::Service(30)).unwrap(),
        TxMeta::default(),
        &frame(&PLAIN),
    );
    let (sent, meta) = receive(&mut there).unwrap();
    assert_eq!((sent.len(), meta.vlan), (20, None));
}

#[test]
fn tags_take_room_only_where_they_stand_in_the_frame() {
    let mtu = |vlan, writer| {
        let (mut here, _there) = divided(&EVERY, writer);
        here.port(vlan).unwrap().capabilities().ip_mtu
    };
    for writer in [TagWriter::Device, TagWriter::Stack] {
        assert_eq!(mtu(Vlan::Untagged, writer), 1504);
        assert_eq!(mtu(Vlan::Service(30), writer), 1500);
        assert_eq!(mtu(STACKED, writer), 1496);
    }
    assert_eq!(mtu(TEN, TagWriter::Device), 1504);
    assert_eq!(mtu(TEN, TagWriter::Stack), 1500);
}

#[test]
fn a_priority_alone_is_no_vlan() {
    let (mut here, mut there) = divided(&EVERY, TagWriter::Stack);
    let priority = frame(&[0x81, 0x00, 0xe0, 0, 0x08, 0x00, 0x45, 0xaa]);
    send(&mut there, TxMeta::default(), &priority);
    let (received, meta) = receive(&mut here.port(Vlan::Untagged).unwrap()).unwrap();
    assert_eq!((received, meta.vlan), (frame(&PLAIN), Some(0xe000)));
    // A priority before the tag, and behind the service tag.
    let before = [
        0x81, 0x00, 0xe0, 0, 0x81, 0x00, 0x00, 10, 0x08, 0x00, 0x45, 0xaa,
    ];
    send(&mut there, TxMeta::default(), &frame(&before));
    let behind = [
        0x88, 0xa8, 0x00, 30, 0x81, 0x00, 0xe0, 0, 0x08, 0x00, 0x45, 0xaa,
    ];
    send(&mut there, TxMeta::default(), &frame(&behind));
    for vlan in [TEN, Vlan::Service(30)] {
        let (received, _) = receive(&mut here.port(vlan).unwrap()).unwrap();
        assert_eq!(received, frame(&PLAIN), "{vlan:?}");
    }
}

#[test]
fn what_is_of_no_known_vlan_is_counted() {
    let (mut here, mut there) = divided(&[TEN], TagWriter::Stack);
    let unknown: [&[u8]; 5] = [
        &PLAIN,
        &[0x81, 0x00, 0, 11, 0x08, 0x00],
        &[0x81, 0x00, 0, 0, 0x08, 0x00],
        &[0x88, 0xa8, 0, 10, 0x08, 0x00],
        &[0x88, 0xa8, 0, 30, 0x81, 0x00, 0, 10, 0x08, 0x00],
    ];
    for rest in unknown {
        send(&mut there, TxMeta::default(), &frame(rest));
    }
    assert_eq!(receive(&mut here.port(TEN).unwrap()), None);
    assert_eq!(here.counters().unknown, 5);
    let malformed: [&[u8]; 4] = [
        &[],
        &[0x81],
        &[0x81, 0x00, 0, 10, 0x08],
        &[0x88, 0xa8, 0, 30, 0x81, 0x00, 0],
    ];
    for rest in malformed {
        send(&mut there, TxMeta::default(), &frame(rest));
    }
    send(&mut there, TxMeta::default(), &[1, 2, 3]);
    assert_eq!(receive(&mut here.port(TEN).unwrap()), None);
    assert_eq!(here.counters().malformed, 5);
}

#[test]
fn what_waits_is_bounded_and_takes_no_room_from_others() {
    let (mut here, mut there) = divided(&[TEN, TWENTY], TagWriter::Stack);
    let tagged = |number, last| frame(&[0x81, 0x00, 0, number, 0x08, 0x00, 0x45, last]);
    for last in 0..5 {
        send(&mut there, TxMeta::default(), &tagged(20, last));
    }
    send(&mut there, TxMeta::default(), &tagged(10, 9));
    let (received, _) = receive(&mut here.port(TEN).unwrap()).unwrap();
    assert_eq!(received.last(), Some(&9));
    assert_eq!(here.counters().full, 3);
    for last in 0..2 {
        let (received, _) = receive(&mut here.port(TWENTY).unwrap()).unwrap();
        assert_eq!(
            received.last(),
            Some(&last),
            "the oldest are kept, in order"
        );
    }
    assert_eq!(receive(&mut here.port(TWENTY).unwrap()), None);
    // A token that is left alone leaves its frame.
    send(&mut there, TxMeta::default(), &tagged(10, 1));
    assert!(here.port(TEN).unwrap().receive(NOW).is_some());
    assert_eq!(
        receive(&mut here.port(TEN).unwrap()).unwrap().0.last(),
        Some(&1)
    );
}

#[test]
fn a_flood_for_others_ends_the_search() {
    let config = LinkConfig {
        queue: 1000,
        ..LinkConfig::default()
    };
    let (_, here, mut there) = Link::new(config);
    let slots = [const { VlanSlot::<1518, 1>::EMPTY }; 2];
    let mut here = Vlans::new(here, slots, TagWriter::Stack);
    here.add(TEN).unwrap();
    for _ in 0..MAX_SEARCH {
        send(&mut there, TxMeta::default(), &frame(&PLAIN));
    }
    send(
        &mut there,
        TxMeta::default(),
        &frame(&[0x81, 0x00, 0, 10, 0x08, 0x00]),
    );
    assert_eq!(receive(&mut here.port(TEN).unwrap()), None);
    assert_eq!(here.counters().unknown, MAX_SEARCH as u64);
    assert!(receive(&mut here.port(TEN).unwrap()).is_some());
}

#[test]
fn misuse_is_an_error() {
    let (mut here, mut there) = divided(&[TEN], TagWriter::Stack);
    for number in [0, 4095, 4096, u16::MAX] {
        assert_eq!(here.add(Vlan::Customer(number)), Err(VlanError::Number));
    }
    assert_eq!(here.add(TEN), Err(VlanError::Known));
    for number in 1..=4 {
        here.add(Vlan::Service(number)).unwrap();
    }
    assert_eq!(here.add(TWENTY), Err(VlanError::Full));
    assert!(here.port(TWENTY).is_none());
    assert!(!here.set_priority(TWENTY, 1) && !here.remove(TWENTY));
    // What waits goes with its VLAN.
    send(
        &mut there,
        TxMeta::default(),
        &frame(&[0x81, 0x00, 0, 10, 0x08, 0x00]),
    );
    assert_eq!(receive(&mut here.port(Vlan::Service(1)).unwrap()), None);
    assert!(here.is_waiting() && here.remove(TEN) && !here.is_waiting());
    here.add(TEN).unwrap();
    assert_eq!(receive(&mut here.port(TEN).unwrap()), None);

    let slots = [const { VlanSlot::<1518, 1>::EMPTY }; 1];
    let ip = LinkConfig {
        capabilities: Capabilities::new(Medium::Ip, 1500),
        ..LinkConfig::default()
    };
    let mut ip = Vlans::new(Link::new(ip).1, slots, TagWriter::Stack);
    assert_eq!(ip.add(Vlan::Untagged), Err(VlanError::Medium));
}

#[test]
fn vlans_of_a_vlan_stack() {
    let (mut outer, mut there) = divided(&[TEN], TagWriter::Stack);
    let slots = [const { VlanSlot::<1518, 1>::EMPTY }; 1];
    let port = outer.port(TEN).unwrap();
    let mut inner = Vlans::new(port, slots, TagWriter::Device);
    inner.add(TWENTY).unwrap();
    let mut twenty = inner.port(TWENTY).unwrap();
    send(&mut twenty, TxMeta::default(), &frame(&PLAIN));
    let (sent, _) = receive(&mut there).unwrap();
    let tags = [0x81, 0x00, 0, 10, 0x81, 0x00, 0, 20, 0x08, 0x00, 0x45, 0xaa];
    assert_eq!(sent, frame(&tags));
    send(&mut there, TxMeta::default(), &sent);
    let (received, _) = receive(&mut twenty).unwrap();
    assert_eq!(received, frame(&PLAIN));
}

//! Tests of the tracer over a link.
#![allow(clippy::arithmetic_side_effects)]

use super::*;
use crate::link::{Link, LinkConfig};
use std::string::{String, ToString};
use std::vec::Vec;
use std::{format, vec};

const NOW: Instant = Instant::from_millis(1_500);
const ARP: [u8; 42] = [
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 1, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0,
    0, 1, 192, 0, 2, 1, 0, 0, 0, 0, 0, 0, 192, 0, 2, 2,
];

fn send(device: &mut impl Device, octets: &[u8]) -> Result<(), TxError> {
    let token = device.transmit(NOW).expect("room");
    token.consume(octets.len(), TxMeta::default(), |frame| {
        frame.copy_from_slice(octets);
    })
}

#[test]
fn frames_are_shown_both_ways_in_the_order_they_pass() {
    let (_link, a, mut other) = Link::new(LinkConfig::default());
    let mut lines: Vec<String> = vec![];
    let mut device = Tracer::new(a, |frame: &Traced<'_>| lines.push(frame.to_string()));
    send(&mut other, &ARP).unwrap();
    // The answer is built while the frame it answers is read.
    let (frame, answer) = device.receive(NOW).unwrap();
    assert_eq!(frame.meta().timestamp, Some(NOW));
    let answered = frame.consume(|octets| {
        answer.consume(octets.len(), TxMeta::default(), |room| {
            room.copy_from_slice(octets);
        })
    });
    assert_eq!(answered, Ok(()));
    assert_eq!(device.capabilities(), device.inner().capabilities());
    assert_eq!(device.link_state(), LinkState::Up);
    assert_eq!(device.take_error(), None);
    drop(device);
    let text = "Ethernet 02:00:00:00:00:01 > ff:ff:ff:ff:ff:ff Arp | \
                ArpEthIpv4 Request 02:00:00:00:00:01 192.0.2.1 > 00:00:00:00:00:00 192.0.2.2";
    assert_eq!(
        lines,
        [
            format!("1.500000s <- {text}"),
            format!("1.500000s -> {text}")
        ]
    );
    let (frame, _) = other.receive(NOW).unwrap();
    assert_eq!(
        frame.consume(<[u8]>::to_vec),
        ARP,
        "the frame itself is unchanged"
    );
}

#[test]
fn a_tree_stands_below_its_head() {
    let frame = Traced {
        now: NOW,
        direction: Direction::Sent,
        medium: Medium::Ethernet,
        octets: &ARP,
    };
    let tree = format!("{frame:#}");
    assert!(tree.starts_with("1.500000s -> 42 octets\n"), "{tree}");
    assert!(tree.ends_with(&frame.tree().to_string()), "{tree}");
    assert!(tree.lines().count() > 10, "{tree}");
}

#[test]
fn every_medium_and_every_octet_can_be_shown() {
    for medium in [Medium::Ethernet, Medium::Ip, Medium::Ieee802154] {
        for len in 0..ARP.len() {
            let frame = Traced {
                now: NOW,
                direction: Direction::Received,
                medium,
                octets: ARP.get(..len).unwrap_or_default(),
            };
            assert!(format!("{frame}{frame:#}").contains("<-"));
        }
    }
}

#[test]
fn a_frame_that_the_device_refuses_is_not_shown() {
    let (_link, a, _other) = Link::new(LinkConfig::default());
    let mut device = Tracer::new(a, CountingSink(0));
    assert_eq!(send(&mut device, &[0; 4_000]), Err(TxError::TooLong));
    assert_eq!(device.sink_mut().0, 0);
    send(&mut device, &ARP).unwrap();
    assert_eq!(device.sink_mut().0, 1);
    send(device.inner_mut(), &ARP).unwrap();
    assert_eq!(device.into_parts().1.0, 1);
}

struct CountingSink(usize);

impl TraceSink for CountingSink {
    fn frame(&mut self, _frame: &Traced<'_>) {
        self.0 += 1;
    }
}

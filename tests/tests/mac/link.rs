//! Two stations: acknowledgments, retries, duplicates, timing, filters.

use litz_hal::mac::MacCounter;
use litz_hal::mac::security::Unsecured;
use litz_hal::prng::Chance;
use litz_hal::radio::{RadioCapabilities, timing};
use litz_hal::time::Duration;
use litz_hal::{Device, RxToken};
use litz_tests::air::net::{BARE, Net, PAN, config, data, extended, short};
use litz_wire::{
    FrameType, FrameVersion, Ieee802154Frame, Ieee802154Repr, MacAddress, PanId, ShortAddress,
};

const SECOND: Duration = Duration::from_millis(1000);

#[test]
fn a_frame_is_acknowledged_after_twelve_symbols_and_handed_up_with_its_quality() {
    let mut net = Net::new(1, Chance::NEVER, 2);
    net.send(0, &data(0, Some(1), b"hello")).expect("room");
    net.run(SECOND);
    let [arrived] = net.arrived[1].as_slice() else {
        panic!("{:?}", net.arrived[1]);
    };
    assert_eq!(arrived.payload(), b"hello");
    assert_eq!(
        (arrived.meta.rssi, arrived.meta.lqi),
        (Some(-60), Some(160))
    );
    assert!(!arrived.meta.authentic);
    let log = net.air.log();
    assert_eq!(log.len(), 2, "{log:?}");
    let end = log[0]
        .start
        .saturating_add(timing::airtime(log[0].octets.len()));
    // macSifsPeriod and the acknowledgment both count from the last symbol (§6.7.4.2).
    assert_eq!(log[1].start.duration_since(end), timing::TURNAROUND);
    let seq = Ieee802154Frame::new_checked(&log[0].octets)
        .expect("a frame")
        .seq();
    assert_eq!(log[1].octets, [0x02, 0x00, seq.expect("a number")]);
    assert_eq!(net.macs[0].counters().get(MacCounter::Sent), 1);
    assert_eq!(net.macs[1].counters().get(MacCounter::AcksSent), 1);
    assert!(net.macs[0].is_idle());
    let (to, stats) = net.macs[0].links().next().expect("a link");
    assert_eq!(to, MacAddress::Short(short(1)));
    assert_eq!((stats.etx, stats.delivered, stats.lost), (128, 1, 0));
}

#[test]
fn memory_is_what_the_documentation_says() {
    use litz_hal::mac::security::PeerSlot;
    use litz_hal::mac::{NeighborSlot, RxSlot, TxSlot};
    assert!(size_of::<TxSlot>() <= 168, "{}", size_of::<TxSlot>());
    assert!(size_of::<RxSlot>() <= 208, "{}", size_of::<RxSlot>());
    assert!(
        size_of::<NeighborSlot>() <= 80,
        "{}",
        size_of::<NeighborSlot>()
    );
    assert!(size_of::<PeerSlot>() <= 24, "{}", size_of::<PeerSlot>());
}

#[test]
fn nobody_there_is_four_transmissions_and_then_none() {
    let mut net = Net::new(1, Chance::NEVER, 1);
    net.send(0, &data(0, Some(1), b"hello")).expect("room");
    net.run(SECOND);
    assert_eq!(net.air.log().len(), 4);
    let counters = net.macs[0].counters();
    assert_eq!(counters.get(MacCounter::Retries), 3);
    assert_eq!(counters.get(MacCounter::NoAck), 1);
    // A frame that is sent again is the same frame.
    let log = net.air.log();
    assert!(log.iter().all(|heard| heard.octets == log[0].octets));
    // The next try waits for the acknowledgment first (macAckWaitDuration).
    for pair in log.windows(2) {
        let end = pair[0]
            .start
            .saturating_add(timing::airtime(pair[0].octets.len()));
        assert!(pair[1].start.duration_since(end) >= timing::ACK_WAIT);
    }
}

#[test]
fn broadcasts_are_sent_once_and_not_acknowledged() {
    let mut net = Net::new(1, Chance::NEVER, 3);
    net.send(0, &data(0, None, b"hello")).expect("room");
    net.run(SECOND);
    assert_eq!(net.air.log().len(), 1);
    assert!(net.arrived[1].len() == 1 && net.arrived[2].len() == 1);
}

#[test]
fn a_pause_follows_every_frame() {
    let mut net = Net::new(1, Chance::NEVER, 2);
    for len in [1, 100, 1, 100] {
        net.send(0, &data(0, None, &vec![0; len])).expect("room");
    }
    net.run(SECOND);
    for pair in net.air.log().windows(2) {
        let len = pair[0].octets.len();
        let end = pair[0].start.saturating_add(timing::airtime(len));
        let pause = pair[1].start.duration_since(end);
        assert!(pause >= timing::spacing(len), "{pause} after {len} octets");
    }
}

#[test]
fn a_lost_acknowledgment_makes_no_second_frame() {
    // Half of everything is lost, so acknowledgments are too.
    let mut net = Net::new(3, Chance::percent(50), 2);
    for number in 0..50_u8 {
        net.send(0, &data(0, Some(1), &[number])).expect("room");
        net.run(SECOND);
    }
    let payloads: Vec<u8> = net.arrived[1].iter().map(|a| a.payload()[0]).collect();
    let mut once = payloads.clone();
    once.dedup();
    assert_eq!(payloads, once);
    assert!(net.macs[1].counters().get(MacCounter::Duplicate) > 5);
}

#[test]
fn a_radio_that_acknowledges_is_left_to_it() {
    let caps = RadioCapabilities {
        auto_ack: true,
        ..BARE
    };
    let mut net = Net::empty(1, Chance::NEVER);
    for number in 0..2 {
        net.add(config(number), caps, Unsecured);
    }
    net.send(0, &data(0, Some(1), b"hello")).expect("room");
    net.run(SECOND);
    assert_eq!(net.air.log().len(), 2);
    assert_eq!(net.arrived[1].len(), 1);
    assert_eq!(net.macs[1].counters().get(MacCounter::AcksSent), 0);
    assert_eq!(net.macs[0].counters().get(MacCounter::Sent), 1);
}

#[test]
fn what_does_not_fit_is_not_acknowledged_and_comes_again() {
    let mut net = Net::new(1, Chance::NEVER, 1);
    let mut small = config(1);
    small.max_retries = 0;
    net.add(small, BARE, Unsecured);
    // The memory of a station holds eight frames; nobody fetches them here.
    let now = net.now;
    for number in 0..9_u8 {
        let mut frame = data(0, Some(1), &[number]);
        frame[2] = number;
        net.air.inject(now, &frame);
    }
    net.macs[1].poll(now);
    assert_eq!(net.macs[1].counters().get(MacCounter::RxFull), 1);
    assert_eq!(net.macs[1].counters().get(MacCounter::Delivered), 8);
}

#[test]
fn of_what_a_radio_acknowledges_nothing_is_lost_for_want_of_room() {
    let caps = RadioCapabilities {
        auto_ack: true,
        ..BARE
    };
    let mut net = Net::empty(1, Chance::NEVER);
    for number in 0..2 {
        net.add(config(number), caps, Unsecured);
    }
    let mut now = net.now;
    for number in 0..12_u8 {
        let mut frame = data(0, Some(1), &[number]);
        frame[2] = number;
        net.air.inject(now, &frame);
        // The acknowledgment leaves before the next frame comes.
        now = now.saturating_add(Duration::from_millis(2));
        net.air.advance(now);
        net.macs[1].poll(now);
    }
    let counters = net.macs[1].counters();
    let acked = net.air.log().iter().filter(|f| f.octets[0] == 2).count();
    assert_eq!(acked, 8, "as many as the memory of a station holds");
    assert_eq!(counters.get(MacCounter::Delivered), 8);
    // Somebody fetches, and says so by the deadline.
    let frame = net.macs[1].receive_only(now).expect("a frame");
    assert!(frame.consume(|octets| !octets.is_empty()));
    assert!(net.macs[1].poll_at(now).is_due(now));
}

/// What becomes of a frame with this header at station 0.
fn arrives(repr: Ieee802154Repr<'_>, coordinator: bool) -> bool {
    let mut net = Net::empty(1, Chance::NEVER);
    let mut own = config(0);
    own.radio.pan_coordinator = coordinator;
    net.add(own, BARE, Unsecured);
    let mut frame = vec![0; repr.buffer_len()];
    repr.emit(&mut frame).expect("a frame");
    net.air.inject(net.now, &frame);
    net.run(SECOND);
    net.arrived[0].len() == 1
}

#[test]
fn addresses_and_networks_are_filtered_in_every_version() {
    let other = MacAddress::Short(ShortAddress(1));
    let destinations = [
        (MacAddress::Short(short(0)), true),
        (MacAddress::Extended(extended(0)), true),
        (MacAddress::Short(ShortAddress::BROADCAST), true),
        (MacAddress::Short(short(1)), false),
        (MacAddress::Extended(extended(1)), false),
    ];
    let pans = [(PAN, true), (PanId::BROADCAST, true), (PanId(1), false)];
    let versions = [
        FrameVersion::V2003,
        FrameVersion::V2006,
        FrameVersion::V2015,
    ];
    for version in versions {
        for (dst_addr, ours) in destinations {
            for (pan, near) in pans {
                let repr = Ieee802154Repr {
                    frame_type: FrameType::Data,
                    version,
                    seq: Some(1),
                    pan_id_compression: true,
                    dst_pan: Some(pan),
                    dst_addr,
                    src_addr: other,
                    payload_len: 1,
                    ..Ieee802154Repr::default()
                };
                assert_eq!(arrives(repr, false), ours && near, "{repr:?}");
            }
        }
        // Without destination it is the coordinator's, if it is of its network.
        for (src_pan, coordinator) in [(PAN, true), (PAN, false), (PanId(1), true)] {
            let repr = Ieee802154Repr {
                frame_type: FrameType::Data,
                version,
                seq: Some(1),
                src_pan: Some(src_pan),
                src_addr: other,
                payload_len: 1,
                ..Ieee802154Repr::default()
            };
            let ours = src_pan == PAN && coordinator;
            assert_eq!(arrives(repr, coordinator), ours, "{repr:?}");
        }
    }
}

#[test]
fn frames_of_version_2_get_enhanced_acknowledgments() {
    let mut net = Net::new(1, Chance::NEVER, 2);
    let mut frame = data(0, Some(1), b"hello");
    // The version stands in bits 12 and 13 of the frame control.
    frame[1] = frame[1] & 0xcf | 0x20;
    net.send(0, &frame).expect("room");
    net.run(SECOND);
    let log = net.air.log();
    assert_eq!(log.len(), 2);
    let ack = Ieee802154Frame::new_checked(&log[1].octets).expect("a frame");
    assert_eq!(
        (ack.frame_type(), ack.version()),
        (FrameType::Ack, FrameVersion::V2015)
    );
    assert_eq!(ack.dst_addr(), MacAddress::Short(short(0)));
    assert_eq!(net.macs[0].counters().get(MacCounter::Sent), 1);
}

#[test]
fn a_promiscuous_station_receives_everything_and_says_nothing() {
    let mut net = Net::new(1, Chance::NEVER, 2);
    let mut own = config(2);
    own.radio.promiscuous = true;
    net.add(own, BARE, Unsecured);
    net.send(0, &data(0, Some(1), b"hello")).expect("room");
    net.run(SECOND);
    assert_eq!(net.arrived[2].len(), 2, "the frame and its acknowledgment");
    assert_eq!(net.air.log().len(), 2);
}

#[test]
fn frames_of_higher_priority_overtake() {
    use litz_hal::{Device, TxMeta, TxToken};
    let mut net = Net::new(1, Chance::NEVER, 2);
    for (number, priority) in [(0_u8, 0), (1, 0), (2, 7), (3, 7), (4, 0)] {
        let frame = data(0, Some(1), &[number]);
        let room = net.macs[0].transmit(net.now).expect("room");
        let meta = TxMeta {
            priority,
            ..TxMeta::default()
        };
        room.consume(frame.len(), meta, |octets| octets.copy_from_slice(&frame))
            .expect("a frame");
    }
    net.run(SECOND);
    let order: Vec<u8> = net.arrived[1].iter().map(|a| a.payload()[0]).collect();
    // The first was under way already when the others came.
    assert_eq!(order, [0, 2, 3, 1, 4]);
}

//! Stations that sleep, and coordinators that keep frames for them (IEEE 802.15.4-2020 §6.7.3).

use litz_hal::mac::MacCounter;
use litz_hal::mac::security::Unsecured;
use litz_hal::prng::Chance;
use litz_hal::radio::RadioCapabilities;
use litz_hal::time::Duration;
use litz_tests::air::net::{BARE, Net, config, data, short};
use litz_wire::{Ieee802154Frame, MacAddress};

const SECOND: Duration = Duration::from_millis(1000);

/// A coordinator, and a station that sleeps.
fn pair(caps: RadioCapabilities) -> Net {
    let mut net = Net::empty(1, Chance::NEVER);
    net.add(config(0), caps, Unsecured);
    let mut child = config(1);
    child.rx_on_when_idle = false;
    child.parent = MacAddress::Short(short(0));
    net.add(child, caps, Unsecured);
    assert!(net.macs[0].set_sleepy(MacAddress::Short(short(1)), true));
    net.run(SECOND);
    net
}

#[test]
fn frames_wait_until_they_are_asked_for() {
    for auto_ack in [false, true] {
        let mut net = pair(RadioCapabilities { auto_ack, ..BARE });
        assert!(net.macs[1].is_asleep());
        for number in 0..3 {
            net.send(0, &data(0, Some(1), &[number])).expect("room");
        }
        net.run(SECOND);
        assert!(net.air.log().is_empty(), "nothing is sent to who sleeps");
        // Every question brings one frame, and whether there are more.
        for number in 0..3_u8 {
            assert!(net.macs[1].poll_parent(net.now));
            net.run(SECOND);
            let [.., last] = net.arrived[1].as_slice() else {
                panic!("nothing came");
            };
            assert_eq!(last.payload(), [number], "auto_ack {auto_ack}");
            let frame = Ieee802154Frame::new_checked(&last.frame).expect("a frame");
            assert_eq!(frame.frame_pending(), number < 2);
            if number == 2 {
                assert!(net.macs[1].is_asleep());
            }
        }
        // Nothing is left: the acknowledgment says so, and sleep follows at once.
        assert!(net.macs[1].poll_parent(net.now));
        net.run(SECOND);
        let last = net.air.log().pop().expect("an acknowledgment");
        assert_eq!(last.octets[0] & 0x10, 0);
        assert!(net.macs[1].is_asleep());
        assert_eq!(net.arrived[1].len(), 3);
    }
}

#[test]
fn frames_that_nobody_asks_for_are_dropped_in_time() {
    let mut net = pair(BARE);
    net.send(0, &data(0, Some(1), b"x")).expect("room");
    net.run(Duration::from_millis(7_000));
    assert_eq!(net.macs[0].counters().get(MacCounter::Expired), 0);
    net.run(SECOND);
    assert_eq!(net.macs[0].counters().get(MacCounter::Expired), 1);
    assert!(net.macs[1].poll_parent(net.now));
    net.run(SECOND);
    assert!(net.arrived[1].is_empty());
}

#[test]
fn a_sleeping_station_sends_when_it_likes_and_sleeps_again() {
    let mut net = pair(BARE);
    net.send(1, &data(1, Some(0), b"x")).expect("room");
    net.run(SECOND);
    assert_eq!(net.arrived[0].len(), 1);
    assert!(net.macs[1].is_asleep());
}

#[test]
fn who_is_promised_a_frame_and_gets_none_sleeps_nevertheless() {
    let mut net = pair(BARE);
    net.send(0, &data(0, Some(1), b"x")).expect("room");
    assert!(net.macs[1].poll_parent(net.now));
    while net.macs[1].counters().get(MacCounter::Sent) == 0 {
        net.run(Duration::from_micros(50));
    }
    // The acknowledgment promised a frame, which never comes.
    net.air.set_strength(0, 1, None);
    net.run(Duration::from_millis(20));
    assert!(!net.macs[1].is_asleep());
    net.run(SECOND);
    assert!(net.macs[1].is_asleep());
}

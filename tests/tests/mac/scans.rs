//! Energy and active scans (IEEE 802.15.4-2020 §6.3.1), and beacons that answer.

use litz_hal::mac::security::Unsecured;
use litz_hal::mac::{MacConfig, Scan, ScanKind, ScanResult};
use litz_hal::prng::Chance;
use litz_hal::radio::Channel;
use litz_hal::time::Duration;
use litz_tests::air::net::{BARE, Net, config, data, short};
use litz_wire::{BeaconPacket, Ieee802154Frame, MacAddress, PanId};

const SECOND: Duration = Duration::from_millis(1000);

/// A coordinator of a network of its own on a channel.
fn coordinator(number: usize, channel: u8) -> MacConfig<'static> {
    let mut own = config(number);
    own.radio.channel = Channel::new(channel).expect("a channel");
    own.radio.pan = PanId(0x1000 + number as u16);
    own.radio.pan_coordinator = true;
    own.beacon = Some(b"litz");
    own.association_permit = number == 1;
    own
}

#[test]
fn an_active_scan_finds_the_networks_that_answer() {
    let mut net = Net::new(1, Chance::NEVER, 1);
    for (number, channel) in [(1, 11), (2, 11), (3, 20), (4, 26)] {
        net.add(coordinator(number, channel), BARE, Unsecured);
    }
    let scan = Scan {
        kind: ScanKind::Active,
        channels: 1 << 11 | 1 << 12 | 1 << 20,
        duration: 3,
    };
    assert!(net.macs[0].start_scan(net.now, scan));
    assert!(!net.macs[0].start_scan(net.now, scan), "one at a time");
    // What is queued meanwhile waits.
    net.send(0, &data(0, None, b"x")).expect("room");
    net.run(SECOND);
    assert!(!net.macs[0].is_scanning());
    let mut found: Vec<_> = net.macs[0]
        .scan_results()
        .map(|result| match result {
            ScanResult::Pan(pan) => (pan.channel.number(), pan.pan.0, pan.association_permit),
            ScanResult::Energy(..) => panic!("{result:?}"),
        })
        .collect();
    found.sort_unstable();
    assert_eq!(
        found,
        [(11, 0x1001, true), (11, 0x1002, false), (20, 0x1003, false)]
    );
    // Afterwards everything is as before.
    let radio = net.air.config(0).expect("a configuration");
    assert_eq!(radio, config(0).radio);
    assert_eq!(
        net.air.log().last().expect("a frame").octets.len(),
        data(0, None, b"x").len()
    );
}

#[test]
fn beacons_say_for_whom_frames_are_kept() {
    let mut net = Net::empty(1, Chance::NEVER);
    net.add(coordinator(0, 26), BARE, Unsecured);
    net.add(config(1), BARE, Unsecured);
    net.macs[0].set_sleepy(MacAddress::Short(short(5)), true);
    net.send(0, &data(0, Some(5), b"x")).expect("room");
    let scan = Scan {
        kind: ScanKind::Active,
        channels: 1 << 26,
        duration: 2,
    };
    net.macs[1].start_scan(net.now, scan);
    net.run(SECOND);
    let log = net.air.log();
    let beacon = log.iter().find(|heard| heard.from == 0).expect("a beacon");
    let frame = Ieee802154Frame::new_checked(&beacon.octets).expect("a frame");
    let beacon = BeaconPacket::new_checked(frame.payload()).expect("a beacon");
    assert_eq!(beacon.payload(), b"litz");
    assert!(beacon.pan_coordinator() && beacon.beacon_order() == 15);
    let pending: Vec<_> = beacon.short_pending().iter().map(|p| p.addr).collect();
    assert_eq!(pending, [short(5)]);
}

#[test]
fn an_energy_scan_finds_who_is_loud() {
    let mut net = Net::new(1, Chance::NEVER, 1);
    let mut loud = config(1);
    loud.radio.channel = Channel::new(15).expect("a channel");
    net.add(loud, BARE, Unsecured);
    net.air.set_strength(0, 1, Some(-42));
    let scan = Scan {
        kind: ScanKind::Energy,
        channels: 1 << 14 | 1 << 15,
        duration: 5,
    };
    net.macs[0].start_scan(net.now, scan);
    for _ in 0..30 {
        net.send(1, &data(1, None, &[0; 90])).expect("room");
        net.run(Duration::from_millis(50));
    }
    let found: Vec<_> = net.macs[0].scan_results().collect();
    let channel = |number| Channel::new(number).expect("a channel");
    let expected = [(14, -100), (15, -42)].map(|(c, dbm)| ScanResult::Energy(channel(c), dbm));
    assert_eq!(found, expected);
}

//! What strangers put on the air: nothing legitimate may be lost by it.

use litz_hal::mac::ccm::CcmStar;
use litz_hal::mac::security::{Key, NoStore, PeerSlot, Policy, Secured, Unsecured};
use litz_hal::mac::{MacCounter, SoftAes};
use litz_hal::prng::{Chance, Prng};
use litz_hal::radio::AesKey;
use litz_hal::time::Duration;
use litz_tests::air::net::{BARE, Net, config, data, extended, short};
use litz_wire::KeyId;

const SECOND: Duration = Duration::from_millis(1000);

type Protected = Secured<'static, CcmStar<SoftAes>, NoStore>;

/// Stations that share a key and know one another's short addresses.
fn secured(stations: usize) -> Net<Protected> {
    let mut net = Net::empty(1, Chance::NEVER);
    for number in 0..stations {
        let key = Key {
            id: KeyId::Index { index: 1 },
            peer: None,
            key: AesKey([7; 16]),
        };
        let keys = Vec::leak(vec![Some(key)]);
        let peers = Vec::leak(vec![PeerSlot::EMPTY; 8]);
        let engine = CcmStar(SoftAes::default());
        let protection = Secured::new(Policy::default(), engine, keys, peers, NoStore);
        let mut protection = protection.expect("a store");
        for other in (0..stations).filter(|&other| other != number) {
            let peers = protection.peers_mut();
            peers.know(short(other), extended(other)).expect("room");
        }
        net.add(config(number), BARE, protection);
    }
    net
}

#[test]
fn what_was_recorded_is_not_believed_again() {
    let mut net = secured(2);
    for number in 0..3 {
        net.send(0, &data(0, Some(1), &[number])).expect("room");
        net.run(SECOND);
    }
    assert_eq!(net.arrived[1].len(), 3);
    assert!(net.arrived[1].iter().all(|arrived| arrived.meta.authentic));
    let recorded = net.air.log();
    for heard in recorded.iter().filter(|heard| heard.from == 0) {
        net.air.inject(net.now, &heard.octets);
        net.run(SECOND);
    }
    assert_eq!(net.arrived[1].len(), 3);
    assert_eq!(net.macs[1].counters().get(MacCounter::SecurityReplay), 3);
    // And the next of the real one is.
    net.send(0, &data(0, Some(1), &[3])).expect("room");
    net.run(SECOND);
    assert_eq!(net.arrived[1].len(), 4);
}

#[test]
fn forged_frames_do_not_shut_out_genuine_ones() {
    let mut net = secured(2);
    let mut prng = Prng::new(5);
    for number in 0..50_u8 {
        // With the sequence numbers that come next, with counters far ahead, damaged.
        let mut forged = data(0, Some(1), &[number; 12]);
        for seq in 0..=255 {
            forged[2] = seq;
            net.air.inject(net.now, &forged);
            net.macs[1].poll(net.now);
        }
        let genuine = net.air.log();
        if let Some(heard) = genuine.iter().rfind(|heard| heard.from == 0) {
            let mut damaged = heard.octets.clone();
            let place = 9 + prng.index(damaged.len() - 9);
            damaged[place] ^= 1 << prng.index(8);
            net.air.inject(net.now, &damaged);
        }
        net.run(SECOND);
        net.send(0, &data(0, Some(1), &[number])).expect("room");
        net.run(SECOND);
        assert_eq!(net.arrived[1].len(), usize::from(number) + 1);
    }
}

#[test]
fn acknowledgments_count_only_while_they_are_waited_for_and_fit() {
    let mut net = Net::new(1, Chance::NEVER, 2);
    // Nobody waits: every number is tried.
    for seq in 0..=255 {
        net.air.inject(net.now, &[0x02, 0x00, seq]);
    }
    net.run(SECOND);
    assert_eq!(net.macs[0].counters().get(MacCounter::StrayAck), 256);
    net.send(0, &data(0, Some(1), b"x")).expect("room");
    net.run(SECOND);
    assert_eq!(net.arrived[1].len(), 1);
    // Somebody waits, and none of the others is believed: not of another number, not with octets
    // behind it, not of version 2.
    let mut net = Net::new(1, Chance::NEVER, 1);
    net.send(0, &data(0, Some(1), b"x")).expect("room");
    while net.air.log().is_empty() || net.air.next_event().instant().is_some() {
        let step = Duration::from_micros(50);
        net.run(step);
    }
    let seq = net.air.log()[0].octets[2];
    net.air.inject(net.now, &[0x02, 0x00, seq.wrapping_add(1)]);
    net.air.inject(net.now, &[0x02, 0x00, seq, 0]);
    net.air.inject(net.now, &[0x02, 0x20, seq, 0]);
    net.air.inject(net.now, &[0x02, 0x08, seq, 1, 0, 2, 0]);
    net.run(SECOND);
    assert_eq!(net.macs[0].counters().get(MacCounter::Sent), 0);
    assert_eq!(net.macs[0].counters().get(MacCounter::NoAck), 1);
}

#[test]
fn a_hundred_thousand_random_and_damaged_frames_do_no_harm() {
    let mut net = Net::empty(1, Chance::NEVER);
    let mut own = config(0);
    own.radio.pan_coordinator = true;
    own.beacon = Some(&[]);
    net.add(own, BARE, Unsecured);
    net.add(config(1), BARE, Unsecured);
    let mut prng = Prng::new(0xf00d);
    for round in 0..100_000 {
        let mut frame = data(1, Some(0), &[round as u8; 30]);
        let len = prng.index(126);
        match prng.index(4) {
            0 => frame = (0..len).map(|_| prng.next_u64() as u8).collect(),
            1 => frame.truncate(len),
            2 => frame[0] = prng.next_u64() as u8,
            _ => {
                for _ in 0..3 {
                    let place = prng.index(12);
                    frame[place] = prng.next_u64() as u8;
                }
            }
        }
        net.air.inject(net.now, &frame);
        net.macs[0].poll(net.now);
        if round % 4 == 0 {
            net.run(Duration::from_millis(20));
            net.arrived[0].clear();
        }
    }
    net.run(Duration::from_millis(10_000));
    net.arrived[0].clear();
    net.send(1, &data(1, Some(0), b"after all")).expect("room");
    net.run(SECOND);
    assert_eq!(net.arrived[0].len(), 1);
    assert_eq!(net.arrived[0][0].payload(), b"after all");
}

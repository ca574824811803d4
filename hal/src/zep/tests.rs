//! Two MACs in one process over datagrams of the loopback network; time is counted, not measured.

use std::net::Ipv4Addr;
use std::vec::Vec;

use litz_wire::{
    Eui64, FrameType, FrameVersion, Ieee802154Repr, MacAddress, PanId, ShortAddress, ZepV2Packet,
};

use super::{ZepHub, ZepRadio, crc};
use crate::mac::security::Unsecured;
use crate::mac::{
    Mac, MacConfig, MacCounter, MacStorage, NeighborSlot, RxSlot, Scan, ScanKind, ScanResult,
    ScanSlot, TxSlot,
};
use crate::prng::Chance;
use crate::radio::{CcaMode, Channel, RadioConfig};
use crate::time::{Duration, Instant};
use crate::{Device, RxToken, TxMeta, TxToken};

const PAN: PanId = PanId(0xbeef);

fn mac(hub: &ZepHub, number: u16, loss: Chance) -> Mac<'static, ZepRadio> {
    let addr = hub.addr().expect("an address");
    let radio = ZepRadio::open(addr, loss, number.into()).expect("a socket");
    let config = MacConfig::new(RadioConfig {
        channel: Channel::default(),
        tx_power: 0,
        pan: PAN,
        short_addr: ShortAddress(number),
        extended_addr: Eui64([2, 0, 0, 0, 0, 0, 0, number as u8]),
        pan_coordinator: false,
        promiscuous: false,
        auto_ack: true,
        cca: CcaMode::default(),
    });
    let storage = MacStorage {
        tx: Vec::leak(std::vec![TxSlot::EMPTY; 4]),
        rx: Vec::leak(std::vec![RxSlot::EMPTY; 4]),
        neighbors: Vec::leak(std::vec![NeighborSlot::EMPTY; 4]),
        children: &mut [],
        scan: &mut [],
    };
    Mac::new(Instant::ZERO, radio, Unsecured, config, storage, 7).expect("a radio")
}

fn frame(payload: &[u8]) -> Vec<u8> {
    let repr = Ieee802154Repr {
        frame_type: FrameType::Data,
        version: FrameVersion::V2006,
        seq: Some(0),
        ack_request: true,
        pan_id_compression: true,
        dst_pan: Some(PAN),
        dst_addr: MacAddress::Short(ShortAddress(2)),
        src_addr: MacAddress::Short(ShortAddress(1)),
        payload_len: payload.len(),
        ..Ieee802154Repr::default()
    };
    let mut frame = std::vec![0; repr.buffer_len()];
    repr.emit(&mut frame)
        .expect("room")
        .copy_from_slice(payload);
    frame
}

#[test]
fn the_check_sequence_is_that_of_the_standard() {
    // IEEE 802.15.4-2020 §7.2.11 works an acknowledgment out: 0100 0000 0000 0000 0101 0110
    // gives 0010 0111 1001 1110, first bit of each octet least.
    assert_eq!(crc::fcs(&[0x02, 0x00, 0x6a]), [0xe4, 0x79]);
}

#[test]
fn stations_of_a_hub_hear_one_another_and_retries_mend_losses() {
    let hub = (Ipv4Addr::LOCALHOST, 0).into();
    let mut hub = ZepHub::open(hub).expect("a socket");
    let loss = Chance::percent(30);
    let (mut one, mut two) = (mac(&hub, 1, loss), mac(&hub, 2, loss));
    hub.forward();
    let (mut now, mut arrived) = (Instant::ZERO, Vec::new());
    for number in 0..50_u8 {
        let octets = frame(&[number]);
        let room = one.transmit(now).expect("room");
        room.consume(octets.len(), TxMeta::default(), |to| {
            to.copy_from_slice(&octets)
        })
        .expect("a frame");
        for _ in 0..150 {
            now = now.saturating_add(Duration::from_millis(5));
            one.poll(now);
            hub.forward();
            while let Some((frame, _)) = two.receive(now) {
                arrived.push(frame.consume(|octets| octets.last().copied()));
            }
            hub.forward();
        }
    }
    let sent = one.counters().get(MacCounter::Sent);
    assert!(sent >= 35, "{sent} of 50 acknowledged");
    assert!(arrived.len() >= 45, "{arrived:?}");
    assert!(
        arrived.is_sorted_by(|a, b| a < b),
        "twice or out of order: {arrived:?}"
    );
}

#[test]
fn a_station_that_does_not_run_for_half_a_second_loses_nothing() {
    let hub = (Ipv4Addr::LOCALHOST, 0).into();
    let mut hub = ZepHub::open(hub).expect("a socket");
    let (mut one, mut two) = (mac(&hub, 1, Chance::NEVER), mac(&hub, 2, Chance::NEVER));
    hub.forward();
    let octets = frame(b"patience");
    let room = one.transmit(Instant::ZERO).expect("room");
    room.consume(octets.len(), TxMeta::default(), |to| {
        to.copy_from_slice(&octets)
    })
    .expect("a frame");
    let mut now = Instant::ZERO;
    while now < Instant::from_millis(550) {
        one.poll(now);
        hub.forward();
        now = now.saturating_add(Duration::from_millis(5));
    }
    // It has sent the frame at 0, 40, 120 and 280 ms; all of it is heard at once, and once.
    let heard: Vec<_> = std::iter::from_fn(|| {
        let (frame, _) = two.receive(now)?;
        Some(frame.consume(<[u8]>::len))
    })
    .collect();
    assert_eq!(heard, [octets.len()]);
    assert_eq!(two.counters().get(MacCounter::Duplicate), 3);
    hub.forward();
    one.poll(now);
    assert_eq!(one.counters().get(MacCounter::Sent), 1);
}

#[test]
fn datagrams_are_of_version_2_with_the_frame_and_its_check_sequence() {
    let hub = std::net::UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a socket");
    let addr = hub.local_addr().expect("an address");
    let mut radio = ZepRadio::open(addr, Chance::NEVER, 1).expect("a socket");
    let mut config = None;
    {
        let own = ZepHub::open((Ipv4Addr::LOCALHOST, 0).into()).expect("a socket");
        config.replace(*mac(&own, 1, Chance::NEVER).config());
    }
    use crate::radio::{Radio, Transmit, TxMode};
    let config = config.expect("a configuration").radio;
    radio.configure(Instant::ZERO, &config).expect("a radio");
    radio.wake(Instant::ZERO).expect("a radio");
    let octets = frame(b"x");
    let order = Transmit {
        frame: &octets,
        mode: TxMode::Direct,
        at: None,
        retries: 0,
    };
    radio.transmit(Instant::ZERO, order).expect("a frame");
    let mut datagram = [0; 200];
    assert_eq!(hub.recv(&mut datagram).expect("the hello"), 0);
    let len = hub.recv(&mut datagram).expect("the frame");
    let packet = ZepV2Packet::new_checked(&datagram[..len]).expect("a datagram");
    assert_eq!((packet.channel(), packet.device()), (26, 1));
    let (inner, fcs) = packet.payload().split_last_chunk::<2>().expect("a frame");
    assert_eq!((inner, *fcs), (&octets[..], crc::fcs(&octets)));
}

#[test]
fn an_energy_scan_finds_the_channel_that_is_used() {
    let hub = (Ipv4Addr::LOCALHOST, 0).into();
    let mut hub = ZepHub::open(hub).expect("a socket");
    let mut one = mac(&hub, 1, Chance::NEVER);
    let storage = Vec::leak(std::vec![ScanSlot::EMPTY; 4]);
    let mut two = {
        let radio = ZepRadio::open(hub.addr().expect("an address"), Chance::NEVER, 9);
        let storage = MacStorage {
            tx: Vec::leak(std::vec![TxSlot::EMPTY; 4]),
            rx: Vec::leak(std::vec![RxSlot::EMPTY; 4]),
            neighbors: &mut [],
            children: &mut [],
            scan: storage,
        };
        let config = *mac(&hub, 2, Chance::NEVER).config();
        let radio = radio.expect("a socket");
        Mac::new(Instant::ZERO, radio, Unsecured, config, storage, 7).expect("a radio")
    };
    hub.forward();
    let used = Channel::default();
    let quiet = Channel::new(11).expect("a channel");
    let scan = Scan {
        kind: ScanKind::Energy,
        channels: 1 << used.number() | 1 << quiet.number(),
        duration: 3,
    };
    let mut now = Instant::ZERO;
    assert!(two.start_scan(now, scan));
    while two.is_scanning() {
        now = now.saturating_add(Duration::from_millis(20));
        if let Some(room) = one.transmit(now) {
            let mut octets = frame(b"noise");
            // It asks for no acknowledgment, so that the next one follows at once.
            octets[0] &= !0x20;
            let sent = room.consume(octets.len(), TxMeta::default(), |to| {
                to.copy_from_slice(&octets);
            });
            sent.expect("a frame");
        }
        one.poll(now);
        hub.forward();
        two.poll(now);
        hub.forward();
        assert!(now < Instant::from_secs(10), "the scan ends");
    }
    let found: Vec<_> = two.scan_results().collect();
    let wanted = [
        ScanResult::Energy(quiet, super::NOISE),
        ScanResult::Energy(used, super::SIGNAL),
    ];
    assert_eq!(found, wanted);
}

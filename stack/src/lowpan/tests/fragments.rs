//! Fragments, between two adaptation layers on a link in virtual time, and made by hand.

use std::vec::Vec;

use litz_hal::link::{Link, LinkConfig, LinkEnd};
use litz_hal::prng::Prng;
use litz_hal::time::{Duration, Instant};
use litz_hal::{Capabilities, Device, Medium, RxToken, TxMeta, TxToken};
use litz_wire::{
    Eui64, FrameType, FrameVersion, Ieee802154Frame, Ieee802154Repr, MacAddress, PanId,
    ShortAddress,
};

use super::packets;
use crate::iface::HardwareAddr;
use crate::lowpan::{LinkAddrs, Lowpan, LowpanConfig, LowpanCounter, LowpanStorage};

const PAN: PanId = PanId(0xabcd);

pub(super) fn short(number: u16) -> HardwareAddr {
    ShortAddress(number).into()
}

pub(super) fn config(number: u16) -> LowpanConfig {
    LowpanConfig {
        pan: PAN,
        short_addr: ShortAddress(number),
        extended_addr: Eui64([2, 0, 0, 0, 0, 0, 0, number as u8]),
        quota: 2,
        learn_contexts: true,
    }
}

/// An adaptation layer, and the other end of its link.
fn layer(number: u16, end: LinkEnd) -> Lowpan<'static, LinkEnd> {
    Lowpan::new(end, config(number), LowpanStorage::heap(2, 4), 0xfffe)
}

fn link(max_frame: usize) -> (Link, LinkEnd, LinkEnd) {
    let capabilities = Capabilities {
        max_frame,
        ..Capabilities::new(Medium::Ieee802154, 1280)
    };
    Link::new(LinkConfig {
        capabilities,
        queue: 1000,
        ..LinkConfig::default()
    })
}

/// Stations and a packet of `len` octets in all, as an interface would write them.
pub(super) fn message(from: HardwareAddr, to: HardwareAddr, len: usize) -> Vec<u8> {
    let link = LinkAddrs { src: from, dst: to };
    let data: Vec<u8> = (0..len - 48).map(|at| at as u8).collect();
    let address = |station| packets::derived(packets::LINK_LOCAL, station);
    let packet = packets::udp(address(from), address(to), (0xf0b1, 0xf0b2), &data, 64);
    let mut message = std::vec![0; 18];
    assert!(link.emit(&mut message));
    message.extend(packet);
    message
}

pub(super) fn send<D: Device>(layer: &mut Lowpan<'_, D>, now: Instant, message: &[u8]) {
    let room = layer.transmit(now).expect("room");
    room.consume(message.len(), TxMeta::default(), |to| {
        to.copy_from_slice(message)
    })
    .expect("a packet");
}

fn receive(layer: &mut Lowpan<'_, LinkEnd>, now: Instant) -> Option<Vec<u8>> {
    let (packet, _) = layer.receive(now)?;
    Some(packet.consume(<[u8]>::to_vec))
}

#[test]
fn packets_of_every_length_pass_over_frames_of_every_length() {
    let eui = Eui64([2, 0, 0, 0, 0, 0, 0, 2]);
    for max_frame in [40, 60, 81, 104, 125] {
        let (_link, one, two) = link(max_frame);
        let (mut one, mut two) = (layer(1, one), layer(2, two));
        for len in (48..=1280).step_by(if max_frame == 125 { 1 } else { 7 }) {
            let to = if len % 2 == 0 { short(2) } else { eui.into() };
            let message = message(short(1), to, len);
            send(&mut one, Instant::ZERO, &message);
            assert!(one.is_idle());
            // Only so many frames are taken at a time.
            let arrived = (0..5).find_map(|_| receive(&mut two, Instant::ZERO));
            let arrived = arrived.expect("a packet");
            assert_eq!(arrived, message, "{len} octets over {max_frame}");
        }
        assert!(receive(&mut two, Instant::ZERO).is_none());
        assert_eq!(two.counters().get(LowpanCounter::Malformed), 0);
    }
}

/// The frames of a packet.
pub(super) fn frames(message: &[u8]) -> Vec<Vec<u8>> {
    let (_link, one, mut air) = link(125);
    let mut one = layer(1, one);
    send(&mut one, Instant::ZERO, message);
    let mut frames = Vec::new();
    while let Some((frame, _)) = air.receive(Instant::ZERO) {
        frames.push(frame.consume(<[u8]>::to_vec));
    }
    frames
}

/// A layer that is given frames.
struct Receiver {
    air: LinkEnd,
    layer: Lowpan<'static, LinkEnd>,
    now: Instant,
}

impl Receiver {
    fn new() -> Self {
        let (_, air, end) = link(125);
        Self {
            air,
            layer: layer(2, end),
            now: Instant::from_millis(1),
        }
    }

    fn give(&mut self, frame: &[u8]) -> Option<Vec<u8>> {
        let room = self.air.transmit(self.now).expect("room");
        room.consume(frame.len(), TxMeta::default(), |to| {
            to.copy_from_slice(frame)
        })
        .expect("a frame");
        receive(&mut self.layer, self.now)
    }

    fn wait(&mut self, millis: u64) {
        self.now = self.now.saturating_add(Duration::from_millis(millis));
    }

    fn count(&self, counter: LowpanCounter) -> u32 {
        self.layer.counters().get(counter)
    }
}

#[test]
fn fragments_may_come_in_any_order_and_more_than_once() {
    let mut prng = Prng::new(4);
    let message = message(short(1), short(2), 1280);
    let frames = frames(&message);
    assert!(frames.len() > 10);
    for _ in 0..200 {
        let mut receiver = Receiver::new();
        let mut order: Vec<usize> = (0..frames.len()).collect();
        order.extend((0..5).map(|_| prng.index(frames.len())));
        for last in (1..order.len()).rev() {
            order.swap(last, prng.index(last + 1));
        }
        let mut arrived = Vec::new();
        for place in order {
            arrived.extend(receiver.give(&frames[place]));
        }
        assert_eq!(arrived, core::slice::from_ref(&message));
    }
}

/// A fragment by hand: size, tag, offset, octets; the first if there is no offset.
fn fragment(from: u16, size: u16, tag: u16, offset: Option<u8>, octets: &[u8]) -> Vec<u8> {
    let repr = Ieee802154Repr {
        frame_type: FrameType::Data,
        version: FrameVersion::V2006,
        pan_id_compression: true,
        seq: Some(1),
        dst_pan: Some(PAN),
        dst_addr: MacAddress::Short(ShortAddress(2)),
        src_addr: MacAddress::Short(ShortAddress(from)),
        ..Ieee802154Repr::default()
    };
    let mut frame = std::vec![0; repr.header_len()];
    repr.emit(&mut frame).expect("room");
    let dispatch = if offset.is_some() { 0xe000 } else { 0xc000 };
    frame.extend((dispatch | size).to_be_bytes());
    frame.extend(tag.to_be_bytes());
    frame.extend(offset);
    frame.extend(octets);
    frame
}

/// The start of an uncompressed packet of so many octets.
const fn start(size: u16) -> [u8; 41] {
    let mut octets = [0; 41];
    octets[0] = 0x41;
    octets[1] = 0x60;
    [octets[5], octets[6]] = (size - 40).to_be_bytes();
    octets[7] = 59;
    octets
}

#[test]
fn overlapping_fragments_end_a_datagram_and_repeated_ones_do_not() {
    let mut receiver = Receiver::new();
    // RFC 4944 §5.3: what was accumulated is discarded.
    assert_eq!(receiver.give(&fragment(1, 80, 7, None, &start(80))), None);
    assert_eq!(receiver.give(&fragment(1, 80, 7, Some(5), &[1; 16])), None);
    assert_eq!(receiver.give(&fragment(1, 80, 7, Some(5), &[2; 16])), None);
    assert_eq!(receiver.count(LowpanCounter::DuplicateFragment), 1);
    assert_eq!(receiver.give(&fragment(1, 80, 7, Some(6), &[3; 16])), None);
    assert_eq!(receiver.count(LowpanCounter::Overlap), 1);
    // Nothing of it is left to be completed.
    assert_eq!(receiver.give(&fragment(1, 80, 7, Some(7), &[4; 24])), None);
    // A first fragment that covers more than its place.
    let mut whole = start(80).to_vec();
    whole.extend([0; 8]);
    let mut receiver = Receiver::new();
    receiver.give(&fragment(1, 80, 7, Some(5), &[1; 16]));
    receiver.give(&fragment(1, 80, 7, None, &whole));
    assert_eq!(receiver.count(LowpanCounter::Overlap), 1);
    // The same stations, another tag or size: another datagram.
    let mut receiver = Receiver::new();
    receiver.give(&fragment(1, 80, 7, None, &start(80)));
    assert_eq!(receiver.give(&fragment(1, 80, 8, Some(5), &[1; 40])), None);
    assert!(
        receiver
            .give(&fragment(1, 80, 7, Some(5), &[1; 40]))
            .is_some()
    );
    let mut receiver = Receiver::new();
    receiver.give(&fragment(1, 80, 7, None, &start(80)));
    assert_eq!(receiver.give(&fragment(1, 88, 7, Some(5), &[1; 48])), None);
    assert_eq!(receiver.give(&fragment(3, 80, 7, Some(5), &[1; 40])), None);
    assert!(
        receiver
            .give(&fragment(1, 80, 7, Some(5), &[1; 40]))
            .is_some()
    );
}

#[test]
fn impossible_fragments_are_refused() {
    let mut receiver = Receiver::new();
    let bad = [
        // smoltcp #997: a datagram shorter than an IPv6 header.
        fragment(1, 39, 1, None, &start(80)),
        fragment(1, 0, 1, Some(0), &[0; 8]),
        // Beyond the end, not a multiple of eight, empty.
        fragment(1, 80, 2, Some(9), &[0; 16]),
        fragment(1, 80, 3, Some(1), &[0; 9]),
        fragment(1, 80, 4, Some(255), &[0; 8]),
        fragment(1, 80, 5, Some(5), &[]),
        // A first fragment whose headers are longer than the datagram, or none.
        fragment(1, 40, 6, None, &[0x7e, 0x33, 0xf0, 0, 0, 0, 0, 0, 0]),
        fragment(1, 80, 7, None, &[]),
        fragment(1, 80, 8, None, &[0x00; 20]),
    ];
    for frame in &bad {
        assert_eq!(receiver.give(frame), None);
    }
    assert_eq!(receiver.give(&fragment(1, 2047, 9, Some(5), &[0; 8])), None);
    assert_eq!(receiver.count(LowpanCounter::TooLong), 1);
    // None of it took a place.
    for tag in 0..2 {
        receiver.give(&fragment(5 + tag, 80, tag, None, &start(80)));
        let whole = receiver.give(&fragment(5 + tag, 80, tag, Some(5), &[0; 40]));
        assert!(whole.is_some());
    }
    assert_eq!(receiver.count(LowpanCounter::Displaced), 0);
}

#[test]
fn what_stops_coming_is_given_up() {
    let mut receiver = Receiver::new();
    receiver.give(&fragment(1, 80, 7, None, &start(80)));
    receiver.wait(4_900);
    receiver.give(&fragment(1, 80, 7, Some(5), &[0; 8]));
    receiver.wait(4_900);
    assert!(
        receiver
            .give(&fragment(1, 80, 7, Some(6), &[0; 32]))
            .is_some()
    );
    receiver.give(&fragment(1, 80, 8, None, &start(80)));
    receiver.wait(5_100);
    assert_eq!(receiver.give(&fragment(1, 80, 8, Some(5), &[0; 40])), None);
    assert_eq!(receiver.count(LowpanCounter::TimedOut), 1);
}

#[test]
fn a_flood_of_first_fragments_does_not_starve_honest_datagrams() {
    // Reservation attack (Hummen et al., "6LoWPAN fragmentation attacks and mitigation
    // mechanisms", 2013): first fragments of large datagrams that are never completed.
    let honest = message(short(1), short(2), 1280);
    let frames = frames(&honest);
    // From one station the quota holds it; from as many as it likes, what is confirmed stays.
    for stations in [1, 1000] {
        let mut receiver = Receiver::new();
        let (mut arrived, mut tag) = (0, 0_u16);
        for _ in 0..50 {
            for frame in &frames {
                for _ in 0..2 {
                    tag = tag.wrapping_add(1);
                    let from = 100 + tag % stations;
                    receiver.give(&fragment(from, 1280, tag, None, &start(1280)));
                }
                receiver.wait(7);
                arrived += usize::from(receiver.give(frame).is_some());
            }
        }
        assert_eq!(arrived, 50, "{stations} stations");
        assert!(receiver.count(LowpanCounter::Displaced) > 0);
    }
}

#[test]
fn invented_senders_share_half_of_the_memory() {
    // Each invented station sends two fragments and goes on for as long as it takes, so that what
    // it holds counts as confirmed and quick.
    let honest = message(short(1), short(2), 1280);
    let frames = frames(&honest);
    let mut receiver = Receiver::new();
    for frame in &frames {
        receiver.give(frame);
    }
    let mut arrived = 0;
    for round in 0..50_u16 {
        for (number, frame) in frames.iter().enumerate() {
            for from in 0..20 {
                let from = 100 + round * 20 + from;
                receiver.give(&fragment(from, 1280, round, None, &start(1280)));
                let offset = 5 + number as u8;
                receiver.give(&fragment(from, 1280, round, Some(offset), &[0; 8]));
            }
            receiver.wait(7);
            arrived += usize::from(receiver.give(frame).is_some());
        }
    }
    assert_eq!(arrived, 50);
    assert!(receiver.count(LowpanCounter::Refused) > 0);
}

#[test]
fn frames_for_others_and_of_other_networks_are_not_read() {
    let honest = frames(&message(short(1), short(2), 60));
    let [frame] = honest.as_slice() else {
        panic!("one frame");
    };
    let packet = Ieee802154Frame::new_checked(frame).expect("a frame");
    assert_eq!(packet.dst_addr(), MacAddress::Short(ShortAddress(2)));
    assert!(packet.ack_request() && packet.pan_id_compression());
    let mut receiver = Receiver::new();
    let mut other = frame.clone();
    other[5] = 3;
    assert_eq!(receiver.give(&other), None);
    let mut other = frame.clone();
    other[3] = 1;
    assert_eq!(receiver.give(&other), None);
    assert_eq!(receiver.count(LowpanCounter::NotForUs), 2);
    assert!(receiver.give(frame).is_some());
}

#[test]
fn headers_of_a_mesh_name_the_stations() {
    let honest = frames(&message(short(1), short(2), 60));
    let packet = Ieee802154Frame::new_checked(&honest[0]).expect("a frame");
    let header = honest[0].len() - packet.payload().len();
    // From 9, which forwards; hops left 3, both addresses short: 10 1 1 0011.
    let mut frame = honest[0][..header].to_vec();
    frame[7] = 9;
    frame.extend([0xb3, 0, 1, 0, 2, 0x50, 0x2a]);
    frame.extend(packet.payload());
    let arrived = Receiver::new().give(&frame).expect("a packet");
    assert_eq!(arrived, message(short(1), short(2), 60));
}

#[test]
fn random_fragments_do_no_harm() {
    let mut prng = Prng::new(0xf4a6);
    let honest = frames(&message(short(1), short(2), 400));
    let mut receiver = Receiver::new();
    for round in 0..200_000 {
        let size = [80, 400, 41, 1280, prng.below(2048) as u16][prng.index(5)];
        let offset = (prng.index(3) > 0).then(|| prng.below(256) as u8 >> prng.index(8));
        let from = 50 + prng.below(3) as u16;
        let len = prng.index(90);
        let octets: Vec<u8> = (0..len).map(|_| prng.next_u64() as u8).collect();
        let tag = prng.below(3) as u16;
        receiver.give(&fragment(from, size, tag, offset, &octets));
        if round % 100 == 0 {
            receiver.wait(10);
        }
    }
    receiver.wait(6_000);
    let arrived: Vec<_> = honest
        .iter()
        .filter_map(|frame| receiver.give(frame))
        .collect();
    assert_eq!(arrived.len(), 1);
}

/// A router advertisement with a context, in a frame from station 1.
fn advert(hop_limit: u8, lifetime_minutes: u16, src_addr: core::net::Ipv6Addr) -> Vec<u8> {
    use litz_wire::rt::{Options, Pseudo, PseudoHeader, Sum};
    use litz_wire::{Icmpv6, Icmpv6Header, IpProtocol, Ipv6Repr, Ndisc, NdiscOption, PseudoV6};
    let all = core::net::Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 1);
    let prefix = packets::GLOBAL.to_be_bytes();
    let options = [NdiscOption::LowpanContext {
        prefix_len: 64,
        compress: true,
        context_id: 3,
        lifetime_minutes,
        prefix: &prefix,
    }];
    let message = Icmpv6::Ndisc(Ndisc::RouterAdvert {
        hop_limit: 64,
        managed: false,
        other: false,
        home_agent: false,
        preference: Default::default(),
        proxy: false,
        router_lifetime: Default::default(),
        reachable_time: Default::default(),
        retrans_time: Default::default(),
        options: Options::items(&options),
    });
    let ip = Ipv6Repr {
        next_header: IpProtocol::Icmpv6,
        hop_limit,
        src_addr,
        dst_addr: all,
        payload_len: message.buffer_len(),
        ..Ipv6Repr::default()
    };
    let mut octets = std::vec![0; 18 + ip.buffer_len()];
    let link = LinkAddrs {
        src: short(1),
        dst: ShortAddress::BROADCAST.into(),
    };
    assert!(link.emit(&mut octets));
    let body = ip.emit(&mut octets[18..]).expect("room");
    message.emit(body).expect("room");
    let pseudo = Pseudo::V6(PseudoV6 {
        src_addr,
        dst_addr: all,
    });
    let len = body.len() as u32;
    let sum = Sum::of(body).add(pseudo.sum(IpProtocol::Icmpv6.0, len));
    Icmpv6Header::store_checksum(body, sum.finish());
    frames(&octets).remove(0)
}

#[test]
fn contexts_that_a_router_announces_are_used_and_forgotten_in_time() {
    let router = packets::derived(packets::LINK_LOCAL, short(1));
    let mut receiver = Receiver::new();
    // From beyond a router, from no router, damaged: not believed.
    let far = packets::derived(packets::GLOBAL, short(1));
    let mut damaged = advert(255, 10, router);
    *damaged.last_mut().expect("octets") ^= 1;
    for frame in [advert(64, 10, router), advert(255, 10, far), damaged] {
        receiver.give(&frame);
        assert_eq!(receiver.layer.contexts().get(3), None);
    }
    assert!(receiver.give(&advert(255, 10, router)).is_some());
    let context = *receiver.layer.contexts().get(3).expect("a context");
    assert_eq!(
        (context.prefix, context.prefix_len),
        (packets::address(packets::GLOBAL, 0), 64)
    );
    assert!(context.compress);
    // After ten minutes nothing is compressed with it, after five hours more it is forgotten.
    receiver.wait(601_000);
    receiver.give(&frames(&message(short(1), short(2), 60))[0]);
    assert!(
        !receiver
            .layer
            .contexts()
            .get(3)
            .expect("a context")
            .compress
    );
    receiver.wait(18_000_000);
    receiver.give(&frames(&message(short(1), short(2), 60))[0]);
    assert_eq!(receiver.layer.contexts().get(3), None);
}

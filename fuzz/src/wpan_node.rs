//! Frames of 802.15.4 into a node: through the MAC, secured or not, through 6LoWPAN, into a host
//! with an open port.

use litz::iface::{
    ConfirmationSlot, RegisteredSlot, RegistrationConfig, RegistrationSlot, RouterConfig,
    SlaacConfig,
};
use litz::lowpan::{Context, Lowpan, LowpanConfig, LowpanStorage};
use litz::phy::mac::Mac;
use litz::phy::mac::security::{Protection, Unsecured};
use litz::phy::prng::Chance;
use litz::time::{Deadline, Duration, Instant};
use litz::{Interface, InterfaceStorage, IpCidr, Link, SocketCapacity, SocketSet};
use litz_tests::air::Air;
use litz_tests::air::net::{BARE, PAN, config, extended, secured, storage};

/// Feeds `data` to the MAC of a node as a sequence of frames: an octet that says how much time
/// passes and how long the frame is, then the frame. The first bit of all says whether the node
/// wants frames to be secured.
pub fn mac_input(data: &[u8]) {
    match data.split_first() {
        Some((first, rest)) if first & 1 == 1 => node(rest, secured()),
        Some((_, rest)) => node(rest, Unsecured),
        None => {}
    }
}

/// Feeds `data` to a node as payloads of 6LoWPAN from stations near by: an octet that says how
/// long it is, one that says from whom and after how long, then the payload.
pub fn lowpan_input(data: &[u8]) {
    let mut frames = Vec::new();
    let mut rest = data;
    while let Some((&[len, from], after)) = rest.split_first_chunk() {
        let len = usize::from(len).min(100).min(after.len());
        let (payload, after) = after.split_at(len);
        rest = after;
        let from = usize::from(from & 3) + 1;
        let mut frame = litz_tests::air::net::data(from, Some(0), payload);
        // Number them, or they are repetitions.
        frame[2] = frames.len() as u8;
        frames.push(frame.len().min(127) as u8);
        frames.extend(frame);
    }
    node(&frames, Unsecured);
}

fn node<P: Protection>(data: &[u8], protection: P) {
    let air = Air::new(1, Chance::NEVER);
    let radio = air.radio(BARE);
    let mut own = config(0);
    own.beacon = Some(b"fuzz");
    own.radio.pan_coordinator = true;
    own.association_permit = true;
    let mut now = Instant::from_millis(1);
    let mac = Mac::new(now, radio, protection, own, storage(), 1).expect("a radio");
    let lowpan = LowpanConfig {
        pan: PAN,
        short_addr: own.radio.short_addr,
        extended_addr: own.radio.extended_addr,
        quota: 2,
        learn_contexts: true,
    };
    let mut device = Lowpan::new(mac, lowpan, LowpanStorage::heap(2, 3), 1);
    let prefix = core::net::Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0);
    device.contexts_mut().set(0, Some(Context::new(prefix, 64)));
    let link = Link::Ieee802154(extended(0).into());
    let mut iface = Interface::new(link, [1; 16], InterfaceStorage::heap(1280)).expect("a link");
    let local = IpCidr::new(extended(0).link_local(), 64).expect("a length");
    iface.add_addr(local).expect("room");
    registers(&mut iface, now);
    if data.first().is_some_and(|head| head & 1 != 0) {
        // A router that is not the border router.
        let border = core::net::Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0xb0);
        let slots = vec![ConfirmationSlot::EMPTY; 2];
        let asks = iface.confirm_registrations(border, slots);
        asks.expect("an address of one host");
    }
    let mut sockets = SocketSet::heap([2; 16], &SocketCapacity::default());
    sockets.udp_bind(7).expect("a port");
    sockets.tcp_listen(7, 2).expect("a port");
    let mut rest = data;
    while let Some((&head, after)) = rest.split_first() {
        let len = usize::from(head & 0x7f).min(125).min(after.len());
        let (frame, after) = after.split_at(len);
        rest = after;
        if head & 0x80 != 0 {
            now = now.saturating_add(Duration::from_millis(300));
        }
        air.advance(now);
        air.inject(now, frame);
        settle(&mut now, &air, &mut iface, &mut device, &mut sockets);
    }
}

/// Lets the node be a host that registers, and a router that hosts register with.
fn registers(iface: &mut Interface<'static>, now: Instant) {
    let config = RegistrationConfig {
        owner: extended(0).into(),
        minutes: 1,
    };
    let slots = vec![RegistrationSlot::EMPTY; 2];
    iface.start_registration(config, slots).expect("a link");
    let slots = vec![RegisteredSlot::EMPTY; 4];
    iface.start_registrar(2, slots).expect("a link");
    iface
        .start_slaac(SlaacConfig::default(), now)
        .expect("room");
    iface
        .advertise(RouterConfig::default(), now)
        .expect("in bounds");
}

/// Polls until nothing is to be done within 100 ms; it must come to rest.
fn settle<P: Protection>(
    now: &mut Instant,
    air: &Air,
    iface: &mut Interface<'static>,
    device: &mut Lowpan<'static, Mac<'static, litz_tests::air::AirRadio, P>>,
    sockets: &mut SocketSet<'static>,
) {
    let end = now.saturating_add(Duration::from_millis(100));
    for _ in 0..5_000 {
        air.advance(*now);
        while iface.poll(*now, device, sockets).more {}
        let next = [
            air.next_event(),
            device.device().poll_at(*now),
            iface.poll_at(*now, sockets),
        ];
        let next = next.into_iter().fold(Deadline::NEVER, Deadline::min);
        match next.instant() {
            Some(next) if next < end => {
                *now = next.max(now.saturating_add(Duration::from_micros(1)))
            }
            _ => return,
        }
    }
    panic!("at {now} the node has work without end");
}

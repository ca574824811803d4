//! Neighbor discovery of low-power networks over simulated air (RFC 6775, RFC 8505): hosts that
//! know nothing find a border router, take prefix and context from it, register, and are reached.

use std::net::Ipv6Addr;

use litz::iface::{
    AddrConfig, AddrState, AdvertisedContext, AdvertisedPrefix, DropReason, LowpanAdvert, Owner,
    RegisteredSlot, RegistrationConfig, RegistrationSlot, RegistrationState, RouterConfig,
    SlaacConfig,
};
use litz::lowpan::{Context, Contexts, LinkAddrs, compress, decompress};
use litz::phy::mac::security::{Protection, Unsecured};
use litz::phy::prng::Chance;
use litz::time::{Duration, Instant};
use litz::wire::rt::{Millis32, Pseudo, PseudoHeader, PseudoV6, Secs16, Secs32, Sum};
use litz::wire::{
    Eui64, FrameType, FrameVersion, Icmpv6, Icmpv6Header, Icmpv6HeaderPacket, Ieee802154Frame,
    Ieee802154Repr, IpProtocol, Ipv6Packet, Ipv6Repr, MacAddress, Ndisc, NdiscOption,
    NdiscOptionSet, Options, RegistrationStatus, RoutePreference, ShortAddress,
};
use litz::{Endpoint, IpCidr, Ipv6Cidr, SocketCapacity, SocketSet};
use litz_tests::air::Heard;
use litz_tests::air::net::{PAN, extended};
use litz_tests::prerequisite;

use super::network::{Hosts, PREFIX, address, echo, echo_between, secured, unsecured};
use super::tshark::{log, tshark};

/// The border router.
pub(super) const BORDER: usize = 0;
/// For how many minutes hosts register.
const MINUTES: u16 = 10;
pub(super) const SECOND: u64 = 1_000;

pub(super) fn span(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// What the border router advertises; the context under this number of minutes.
fn advertise<P: Protection>(hosts: &mut Hosts<P>, version: u32, minutes: u64) {
    advertise_by(hosts, BORDER, version, minutes);
}

/// The same by another router (RFC 6775 §8.1).
pub(super) fn advertise_by<P: Protection>(
    hosts: &mut Hosts<P>,
    number: usize,
    version: u32,
    minutes: u64,
) {
    let prefix = Ipv6Cidr::new(PREFIX, 64).expect("a prefix");
    let prefixes = Box::leak(Box::new([AdvertisedPrefix {
        network: prefix,
        // A router of RFC 6775 does not say so; hosts have to pass it over.
        on_link: true,
        autonomous: true,
        valid: Some(span(3600 * SECOND)),
        preferred: Some(span(1800 * SECOND)),
    }]));
    let contexts = Box::leak(Box::new([AdvertisedContext {
        number: 3,
        prefix,
        compress: true,
        valid: span(minutes * 60 * SECOND),
    }]));
    let config = RouterConfig {
        prefixes,
        lifetime: span(1200 * SECOND),
        lowpan: Some(LowpanAdvert {
            border_router: address(BORDER),
            version,
            valid: span(86_400 * SECOND),
            contexts,
        }),
        ..RouterConfig::default()
    };
    let router = &mut hosts.hosts[number].iface;
    router.advertise(config, hosts.now).expect("in bounds");
}

/// A border router with room for so many registrations, and hosts that begin to look for it.
pub(super) fn network<P: Protection>(
    seed: u64,
    count: usize,
    room: usize,
    protect: impl Fn(usize) -> P,
) -> Hosts<P> {
    let mut hosts = Hosts::ignorant(seed, Chance::NEVER, count, protect);
    let border = &mut hosts.hosts[BORDER];
    for addr in [extended(BORDER).link_local(), address(BORDER)] {
        let cidr = IpCidr::new(addr, 64).expect("a length");
        border.iface.add_addr(cidr).expect("room");
    }
    let context = Context::new(PREFIX, 64);
    border.device.contexts_mut().set(3, Some(context));
    let slots = vec![RegisteredSlot::EMPTY; room];
    border.iface.start_registrar(2, slots).expect("a registrar");
    advertise(&mut hosts, 1, 60);
    for number in 1..count {
        start(&mut hosts, number, extended(number).into());
    }
    hosts
}

pub(super) fn start<P: Protection>(hosts: &mut Hosts<P>, number: usize, owner: Owner) {
    let now = hosts.now;
    let iface = &mut hosts.hosts[number].iface;
    let config = RegistrationConfig {
        owner,
        minutes: MINUTES,
    };
    let slots = vec![RegistrationSlot::EMPTY; 4];
    iface.start_registration(config, slots).expect("a host");
    let ids = litz::iface::InterfaceIds::HardwareAddr;
    let slaac = SlaacConfig {
        ids,
        ..SlaacConfig::default()
    };
    iface.start_slaac(slaac, now).expect("room");
}

/// The neighbor discovery messages on the air, decompressed: the destination and the message.
fn messages(heard: &[Heard], mut f: impl FnMut(Ipv6Addr, Ipv6Addr, &Ndisc<'_>)) {
    let mut contexts = Contexts::new();
    contexts.set(3, Some(Context::new(PREFIX, 64)));
    for heard in heard {
        let frame = Ieee802154Frame::new_checked(&heard.octets).expect("a frame");
        let station = |addr| match addr {
            MacAddress::Short(addr) => Some(addr.into()),
            MacAddress::Extended(addr) => Some(addr.into()),
            MacAddress::Absent => None,
        };
        let (Some(src), Some(dst)) = (station(frame.src_addr()), station(frame.dst_addr())) else {
            continue;
        };
        let mut packet = [0; 600];
        let link = LinkAddrs { src, dst };
        let Ok(done) = decompress(frame.payload(), &link, &contexts, None, &mut packet) else {
            continue;
        };
        let rest = &frame.payload()[done.consumed..];
        packet[done.written..done.total].copy_from_slice(rest);
        let ip = Ipv6Packet::new_checked(&packet[..done.total]).expect("a packet");
        if ip.next_header() != IpProtocol::Icmpv6 {
            continue;
        }
        let header = Icmpv6HeaderPacket::new_checked(ip.payload()).expect("a message");
        if let Ok(Icmpv6::Ndisc(message)) = Icmpv6::parse(&header) {
            f(ip.src_addr(), ip.dst_addr(), &message);
        }
    }
}

/// The state of a host's global address.
pub(super) fn state<P: Protection>(hosts: &Hosts<P>, number: usize) -> Option<AddrState> {
    let infos = hosts.hosts[number].iface.addr_infos();
    let mut global = infos.filter(|info| !info.cidr.addr().is_ipv4());
    global
        .find(|info| info.cidr.addr() == address(number))
        .map(|info| info.state)
}

pub(super) fn registered<P: Protection>(hosts: &Hosts<P>) -> Vec<Ipv6Addr> {
    let border = &hosts.hosts[BORDER].iface;
    let mut all: Vec<_> = border
        .registered(hosts.now)
        .map(|known| known.addr)
        .collect();
    all.sort();
    all
}

#[test]
fn rfc6775_hosts_find_the_border_router_register_and_are_reached() {
    for secure in [false, true] {
        if secure {
            joins(&mut network(1, 4, 8, secured));
        } else {
            joins(&mut network(1, 4, 8, unsecured));
        }
    }
}

fn joins<P: Protection>(hosts: &mut Hosts<P>) {
    hosts.run(span(15 * SECOND));
    assert_eq!(registered(hosts), [address(1), address(2), address(3)]);
    for number in 1..4 {
        assert_eq!(state(hosts, number), Some(AddrState::Preferred));
        let host = &hosts.hosts[number];
        let context = host.device.contexts().get(3).expect("a context");
        assert_eq!((context.prefix, context.prefix_len), (PREFIX, 64));
        assert!(context.compress);
        // Nobody is on the link (RFC 6775 §5.4).
        assert_eq!(host.iface.on_link_prefixes().count(), 0);
        assert_eq!(host.iface.routers().count(), 1);
    }
}

#[test]
fn rfc6775_datagrams_cross_between_border_router_and_host() {
    let mut hosts = network(1, 2, 8, unsecured);
    hosts.run(span(15 * SECOND));
    assert_eq!(echo(&mut hosts, 5, 32), 5);
    assert_eq!(echo(&mut hosts, 5, 1000), 5);
}

#[test]
fn rfc6775_5_nobody_solicits_neighbors_by_multicast() {
    let mut hosts = network(2, 4, 8, unsecured);
    hosts.run(span(3600 * SECOND));
    let (mut solicits, mut looks, mut refreshes) = (0, 0, 0);
    messages(&hosts.air.log(), |_, dst, message| match message {
        Ndisc::NeighborSolicit { options, .. } => {
            assert!(!dst.is_multicast(), "{message:?} to {dst}");
            let set = NdiscOptionSet::from_options(options).expect("options");
            let asked = set.address_registration.expect("a registration");
            assert!(asked.with_id && asked.inject && set.source_link_layer.is_some());
            assert_eq!(asked.lifetime_minutes, MINUTES);
            solicits += 1;
        }
        Ndisc::RouterSolicit { .. } if dst.is_multicast() => looks += 1,
        Ndisc::RouterSolicit { .. } => refreshes += 1,
        _ => {}
    });
    // Three hosts, each of which registers again after five to seven and a half minutes, and asks
    // its router after a quarter of an hour.
    assert!((3 * 8..=3 * 14).contains(&solicits), "{solicits}");
    // Most have heard the border router before they ask for one.
    assert!(looks <= 3, "{looks}");
    assert!((3 * 3..=3 * 5).contains(&refreshes), "{refreshes}");
    // The border router has advertised once; from then on hosts are answered each by itself, and
    // nobody is woken by what is for everybody.
    let begun = Instant::from_secs(15);
    for heard in hosts.air.log().iter().filter(|heard| heard.start > begun) {
        let frame = Ieee802154Frame::new_checked(&heard.octets).expect("a frame");
        let broadcast = MacAddress::Short(ShortAddress::BROADCAST);
        assert_ne!(frame.dst_addr(), broadcast, "{:02x?}", heard.octets);
    }
    assert_eq!(registered(&hosts), [address(1), address(2), address(3)]);
}

#[test]
fn rfc6775_6_5_hosts_reach_each_other_by_their_router() {
    let mut hosts = network(4, 3, 8, unsecured);
    forward(&mut hosts);
    hosts.run(span(15 * SECOND));
    assert_eq!(echo_between(&mut hosts, (1, 2), 5, 32), 5);
    assert_eq!(echo_between(&mut hosts, (2, 1), 5, 1000), 5);
}

/// Let the border router forward.
fn forward<P: Protection>(hosts: &mut Hosts<P>) {
    forward_by(hosts, BORDER);
}

/// Let a router forward.
pub(super) fn forward_by<P: Protection>(hosts: &mut Hosts<P>, number: usize) {
    let border = &mut hosts.hosts[number];
    let capacity = SocketCapacity {
        interfaces: 1,
        raw: 1,
        ..SocketCapacity::default()
    };
    border.sockets = SocketSet::heap([9; 16], &capacity);
    border.iface.attach(&mut border.sockets).expect("room");
    border.iface.set_forwarding(true);
}

#[test]
fn rfc6775_6_5_who_is_not_registered_is_not_sent_to() {
    let mut hosts = network(5, 3, 8, unsecured);
    forward(&mut hosts);
    hosts.run(span(15 * SECOND));
    // The second host leaves without a word; its registration ends after ten minutes.
    for other in [0, 1] {
        hosts.air.set_strength(2, other, None);
        hosts.air.set_strength(other, 2, None);
    }
    assert_eq!(registered(&hosts), [address(1), address(2)]);
    hosts.run(span(601 * SECOND));
    assert_eq!(registered(&hosts), [address(1)]);
    let socket = hosts.hosts[1].sockets.udp_bind(5000).expect("a port");
    let to = Endpoint::new(address(2), 7);
    let mut udp = hosts.hosts[1].sockets.udp(socket).expect("a socket");
    udp.send(to, b"who is there").expect("room");
    hosts.run(span(SECOND));
    // The router says so (RFC 4443 §3.1), and has sent nothing.
    let border = hosts.hosts[BORDER].iface.counters();
    assert_eq!(border.dropped(DropReason::Unresolved), 1);
    let mut udp = hosts.hosts[1].sockets.udp(socket).expect("a socket");
    assert!(udp.take_error().is_some());
}

#[test]
fn rfc6775_5_5_an_address_of_another_owner_is_not_used() {
    // Two hosts want one address; who registers it first has it.
    let mut hosts = network(3, 3, 8, unsecured);
    hosts.run(span(15 * SECOND));
    let cidr = IpCidr::new(address(1), 128).expect("a length");
    let config = AddrConfig {
        on_link: false,
        ..AddrConfig::DETECT
    };
    let now = hosts.now;
    let late = &mut hosts.hosts[2].iface;
    late.add_addr_with(cidr, config, now).expect("room");
    let of = |hosts: &Hosts<Unsecured>, number: usize| {
        let mut infos = hosts.hosts[number].iface.addr_infos();
        let own = infos.find(|info| info.cidr == cidr);
        own.map(|info| info.state)
    };
    assert_eq!(of(&hosts, 2), Some(AddrState::Tentative));
    hosts.run(span(5 * SECOND));
    assert_eq!(of(&hosts, 2), Some(AddrState::Duplicate));
    assert_eq!(state(&hosts, 1), Some(AddrState::Preferred));
    assert_eq!(registered(&hosts), [address(1), address(2)]);
}

#[test]
fn rfc6775_5_5_2_a_router_without_room_is_asked_again() {
    let mut hosts = network(6, 3, 1, unsecured);
    hosts.run(span(30 * SECOND));
    let known = registered(&hosts);
    assert_eq!(known.len(), 1);
    let other = if known == [address(1)] { 2 } else { 1 };
    assert_eq!(state(&hosts, other), Some(AddrState::Tentative));
    let refused = RegistrationState::Refused(RegistrationStatus::CacheFull);
    let of: Vec<_> = hosts.hosts[other].iface.registrations().collect();
    assert_eq!(of, [(address(other), refused)]);
    // The first one gives its address up.
    let first = &mut hosts.hosts[3 - other];
    first.iface.remove_addr(known[0].into(), &mut first.sockets);
    hosts.run(span(300 * SECOND));
    assert_eq!(registered(&hosts), [address(other)]);
    assert_eq!(state(&hosts, other), Some(AddrState::Preferred));
}

#[test]
fn rfc6775_7_2_a_context_changes_with_the_version_of_the_border_router() {
    let mut hosts = network(7, 2, 8, unsecured);
    hosts.run(span(15 * SECOND));
    assert!(
        hosts.hosts[1]
            .device
            .contexts()
            .get(3)
            .is_some_and(|context| context.compress)
    );
    // It ends: packets are no more compressed with it, but still understood.
    advertise(&mut hosts, 2, 0);
    hosts.run(span(5 * SECOND));
    let context = hosts.hosts[1].device.contexts().get(3).expect("a context");
    assert!(!context.compress);
    // What was said before it is not believed again.
    advertise(&mut hosts, 1, 60);
    hosts.run(span(5 * SECOND));
    let context = hosts.hosts[1].device.contexts().get(3).expect("a context");
    assert!(!context.compress);
}

#[test]
fn hosts_register_over_losses() {
    let mut hosts = network(8, 6, 8, unsecured);
    hosts.air.set_loss(Chance::percent(20));
    hosts.run(span(120 * SECOND));
    assert_eq!(registered(&hosts).len(), 5);
}

#[test]
fn tshark_reads_registrations_and_advertisements_as_they_are_meant() {
    if !prerequisite::programs(&["tshark"]) {
        return;
    }
    let mut hosts = network(9, 3, 1, unsecured);
    hosts.run(span(1200 * SECOND));
    let heard = hosts.air.log();
    let bad = "_ws.malformed or _ws.expert.severity >= 6291456";
    assert_eq!(tshark(log(&heard), &["-Y", bad]), "");
    let fields = |filter: &str, names: &[&str]| {
        let mut arguments = vec!["-Y", filter, "-T", "fields"];
        arguments.extend(names.iter().flat_map(|name| ["-e", name]));
        tshark(log(&heard), &arguments)
    };
    let own = [
        "icmpv6.opt.aro.eui64",
        "icmpv6.opt.aro.status",
        "icmpv6.opt.aro.registration_lifetime",
    ];
    let asked = fields("icmpv6.type == 135", &own);
    assert!(asked.lines().count() >= 4, "{asked}");
    for line in asked.lines() {
        let mut parts = line.split('\t');
        let eui64 = parts.next().unwrap_or_default();
        assert!(["2", "3"].iter().any(|end| eui64.ends_with(end)), "{line}");
        assert_eq!(parts.next(), Some("0"), "{line}");
        assert_eq!(parts.next(), Some("10"), "{line}");
    }
    let told = fields("icmpv6.type == 136", &own);
    let status = |status| {
        told.lines()
            .filter(move |line| line.split('\t').nth(1) == Some(status))
    };
    assert!(
        status("0").count() >= 2 && status("2").count() >= 2,
        "{told}"
    );
    let names = [
        "icmpv6.opt.6co.flag.cid",
        "icmpv6.opt.6co.flag.c",
        "icmpv6.opt.6co.context_length",
        "icmpv6.opt.6co.valid_lifetime",
        "icmpv6.opt.abro.version_low",
        "icmpv6.opt.abro.valid_lifetime",
        "icmpv6.opt.abro.6lbr_address",
        "icmpv6.opt.prefix.flag.a",
        "icmpv6.nd.ra.router_lifetime",
    ];
    let adverts = fields("icmpv6.type == 134", &names);
    let wanted = format!("3\t1\t64\t60\t1\t1440\t{}\t1\t1200", address(BORDER));
    assert!(adverts.lines().count() >= 3, "{adverts}");
    assert!(adverts.lines().all(|line| line == wanted), "{adverts}");
}

/// Put a message of a station that is none of the hosts on the air, to a host.
fn inject<P: Protection>(
    hosts: &Hosts<P>,
    (from, to): (usize, usize),
    (src_addr, dst_addr): (Ipv6Addr, Ipv6Addr),
    message: &Ndisc<'_>,
) {
    let message = Icmpv6::Ndisc(*message);
    let ip = Ipv6Repr {
        next_header: IpProtocol::Icmpv6,
        hop_limit: 255,
        src_addr,
        dst_addr,
        payload_len: message.buffer_len(),
        ..Ipv6Repr::default()
    };
    let mut packet = vec![0; ip.buffer_len()];
    let body = ip.emit(&mut packet).expect("room");
    message.emit(body).expect("room");
    let pseudo = PseudoV6 { src_addr, dst_addr };
    let len = u32::try_from(body.len()).expect("a short message");
    let sum = Sum::of(body).add(Pseudo::V6(pseudo).sum(IpProtocol::Icmpv6.0, len));
    Icmpv6Header::store_checksum(body, sum.finish());
    let (src, dst) = (extended(from), extended(to));
    let link = LinkAddrs {
        src: src.into(),
        dst: dst.into(),
    };
    let header = Ieee802154Repr {
        frame_type: FrameType::Data,
        version: FrameVersion::V2006,
        seq: Some(from as u8),
        pan_id_compression: true,
        dst_pan: Some(PAN),
        dst_addr: MacAddress::Extended(dst),
        src_addr: MacAddress::Extended(src),
        ..Ieee802154Repr::default()
    };
    let mut frame = vec![0; 300];
    header.emit(&mut frame).expect("room");
    let start = header.header_len();
    let done = compress(&packet, &link, &Contexts::new(), &mut frame[start..]).expect("a packet");
    frame.truncate(start + done.written);
    frame.extend(&packet[done.consumed..]);
    hosts.air.inject(hosts.now, &frame);
}

/// What a registration of RFC 6775 alone says.
fn registration(owner: &Eui64) -> NdiscOption<'_> {
    NdiscOption::AddressRegistration {
        status: RegistrationStatus::Success,
        opaque: 0,
        info: 0,
        inject: false,
        with_id: false,
        transaction_id: 0,
        lifetime_minutes: 5,
        owner: &owner.0,
    }
}

#[test]
fn rfc6775_6_5_hosts_that_know_no_more_register_too() {
    let mut hosts = network(10, 1, 4, unsecured);
    hosts.run(span(SECOND));
    // Two stations that are none of the hosts want one address.
    let addr = address(20);
    let router = extended(BORDER).link_local();
    for from in [20, 21] {
        let own = extended(from);
        let mut octets = [0; 14];
        octets[..8].copy_from_slice(&own.0);
        let options = [
            NdiscOption::SourceLinkLayer { addr: &octets },
            registration(&own),
        ];
        let message = Ndisc::NeighborSolicit {
            target_addr: router,
            options: Options::items(&options),
        };
        inject(&hosts, (from, BORDER), (addr, router), &message);
        hosts.run(span(SECOND));
    }
    let known: Vec<_> = hosts.hosts[BORDER].iface.registered(hosts.now).collect();
    let stations: Vec<_> = known
        .iter()
        .map(|known| (known.addr, known.owner))
        .collect();
    assert_eq!(stations, [(addr, extended(20).into())]);
    let mut told = Vec::new();
    messages(&hosts.air.log(), |_, dst, message| {
        if let Ndisc::NeighborAdvert {
            target_addr,
            options,
            ..
        } = message
        {
            let set = NdiscOptionSet::from_options(options).expect("options");
            let answer = set.address_registration.expect("an answer");
            assert_eq!(*target_addr, router);
            told.push((dst, answer.status));
        }
    });
    told.dedup();
    // RFC 6775 §6.5.2: who is refused is told at the address of the EUI-64.
    let refused = extended(21).link_local();
    let wanted = [
        (addr, RegistrationStatus::Success),
        (refused, RegistrationStatus::Duplicate),
    ];
    assert_eq!(told, wanted);
}

#[test]
fn rfc8505_7_a_router_that_knows_rfc6775_alone_is_asked_as_that_wants_it() {
    let mut hosts = Hosts::ignorant(11, Chance::NEVER, 2, unsecured);
    start(&mut hosts, 1, extended(1).into());
    hosts.run(span(2 * SECOND));
    let router = extended(30).link_local();
    let mut octets = [0; 14];
    octets[..8].copy_from_slice(&extended(30).0);
    let options = [
        NdiscOption::SourceLinkLayer { addr: &octets },
        NdiscOption::Prefix {
            prefix_len: 64,
            on_link: false,
            autonomous: true,
            router_addr: false,
            valid_lifetime: Secs32(3600),
            preferred_lifetime: Secs32(3600),
            prefix: PREFIX,
        },
    ];
    let message = Ndisc::RouterAdvert {
        hop_limit: 64,
        managed: false,
        other: false,
        home_agent: false,
        preference: RoutePreference::Medium,
        proxy: false,
        router_lifetime: Secs16(1000),
        reachable_time: Millis32(0),
        retrans_time: Millis32(0),
        options: Options::items(&options),
    };
    let host = extended(1).link_local();
    inject(&hosts, (30, 1), (router, host), &message);
    hosts.run(span(2 * SECOND));
    assert_eq!(state(&hosts, 1), Some(AddrState::Preferred));
    let mut asked = 0;
    messages(&hosts.air.log(), |src, dst, message| {
        if let Ndisc::NeighborSolicit {
            target_addr,
            options,
        } = message
        {
            let set = NdiscOptionSet::from_options(options).expect("options");
            let told = set.address_registration.expect("a registration");
            assert!(!told.with_id && told.transaction_id == 0);
            assert_eq!((src, dst, *target_addr), (address(1), router, router));
            asked += 1;
        }
    });
    assert!(asked > 0);
}

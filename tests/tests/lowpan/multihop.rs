//! Registrations over several hops (RFC 6775 §8.2, RFC 8505 §5.3): hosts that do not hear the
//! border router register with a router that asks it.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};

use litz::iface::{
    AddrConfig, AddrState, ConfigError, ConfirmationSlot, DropReason, Owner, RegisteredAt,
    RegisteredSlot, RegistrationState,
};
use litz::lowpan::{Context, Contexts, LinkAddrs, decompress};
use litz::phy::mac::security::Protection;
use litz::wire::{
    DuplicateConfirmation, DuplicateRequest, Icmpv6, Icmpv6HeaderPacket, Ieee802154Frame,
    IpProtocol, Ipv6Packet, MacAddress, RegistrationStatus,
};
use litz::{IpCidr, SocketCapacity, SocketSet};
use litz_tests::air::Heard;
use litz_tests::air::net::extended;
use litz_tests::prerequisite;

use super::network::{Hosts, PREFIX, address, echo, echo_between, secured, unsecured};
use super::registration::{
    BORDER, SECOND, advertise_by, forward_by, network, registered, span, start, state,
};
use super::tshark::{log, tshark};

/// The router that is not the border router.
const ROUTER: usize = 1;

/// A border router, hosts of which the first is a router for the others, and who hears whom.
fn hop<P: Protection>(
    seed: u64,
    count: usize,
    room: usize,
    protect: impl Fn(usize) -> P,
) -> Hosts<P> {
    let mut hosts = network(seed, count, room, protect);
    for far in 2..count {
        deafen(&mut hosts, BORDER, far);
    }
    for router in [BORDER, ROUTER] {
        forward_by(&mut hosts, router);
    }
    // The router has to be a host of the border router first.
    hosts.run(span(5 * SECOND));
    become_router(&mut hosts, ROUTER, 4);
    hosts
}

fn deafen<P: Protection>(hosts: &mut Hosts<P>, one: usize, other: usize) {
    hosts.air.set_strength(one, other, None);
    hosts.air.set_strength(other, one, None);
}

/// From now on a host is a router, which asks the border router about so many at a time.
fn become_router<P: Protection>(hosts: &mut Hosts<P>, number: usize, pending: usize) {
    let iface = &mut hosts.hosts[number].iface;
    let slots = vec![RegisteredSlot::EMPTY; 8];
    iface.start_registrar(2, slots).expect("a registrar");
    let slots = vec![ConfirmationSlot::EMPTY; pending];
    let asks = iface.confirm_registrations(address(BORDER), slots);
    asks.expect("the address of a border router");
    advertise_by(hosts, number, 1, 60);
}

/// Where the border router and a router see a host.
fn seen<P: Protection>(hosts: &Hosts<P>, by: usize, number: usize) -> Option<RegisteredAt> {
    let mut known = hosts.hosts[by].iface.registered(hosts.now);
    known
        .find(|known| known.addr == address(number))
        .map(|known| known.at)
}

fn at_station(number: usize) -> Option<RegisteredAt> {
    Some(RegisteredAt::Station(extended(number).into()))
}

fn behind(number: usize) -> Option<RegisteredAt> {
    Some(RegisteredAt::Router(address(number)))
}

/// The messages between routers on the air, with the ends and the hop limit of their packets.
fn duplicates(heard: &[Heard]) -> Vec<(Ipv6Addr, Ipv6Addr, u8, Said)> {
    let mut contexts = Contexts::new();
    contexts.set(3, Some(Context::new(PREFIX, 64)));
    let mut all = Vec::new();
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
        let link = LinkAddrs { src, dst };
        let mut packet = [0; 600];
        let Ok(done) = decompress(frame.payload(), &link, &contexts, None, &mut packet) else {
            continue;
        };
        packet[done.written..done.total].copy_from_slice(&frame.payload()[done.consumed..]);
        let ip = Ipv6Packet::new_checked(&packet[..done.total]).expect("a packet");
        if ip.next_header() != IpProtocol::Icmpv6 {
            continue;
        }
        let header = Icmpv6HeaderPacket::new_checked(ip.payload()).expect("a message");
        let said = match Icmpv6::parse(&header) {
            Ok(Icmpv6::DuplicateRequest(asked)) => Said::Asked(asked),
            Ok(Icmpv6::DuplicateConfirmation(told)) => Said::Told(told),
            _ => continue,
        };
        all.push((ip.src_addr(), ip.dst_addr(), ip.hop_limit(), said));
    }
    all
}

#[derive(Clone, Debug, PartialEq)]
enum Said {
    Asked(DuplicateRequest),
    Told(DuplicateConfirmation),
}

#[test]
fn rfc6775_8_2_hosts_beyond_the_border_router_register_and_are_reached() {
    for secure in [false, true] {
        if secure {
            reached(&mut hop(1, 4, 8, secured));
        } else {
            reached(&mut hop(1, 4, 8, unsecured));
        }
    }
}

fn reached<P: Protection>(hosts: &mut Hosts<P>) {
    hosts.run(span(15 * SECOND));
    assert_eq!(registered(hosts), [address(1), address(2), address(3)]);
    assert_eq!(seen(hosts, BORDER, ROUTER), at_station(ROUTER));
    for far in [2, 3] {
        assert_eq!(seen(hosts, BORDER, far), behind(ROUTER));
        assert_eq!(seen(hosts, ROUTER, far), at_station(far));
        assert_eq!(state(hosts, far), Some(AddrState::Preferred));
    }
    // To the border router, from it, and to each other by way of the router alone.
    assert_eq!(echo_between(hosts, (BORDER, 2), 3, 32), 3);
    assert_eq!(echo_between(hosts, (3, BORDER), 3, 600), 3);
    assert_eq!(echo_between(hosts, (2, 3), 3, 32), 3);
}

#[test]
fn rfc8505_5_3_the_messages_repeat_number_owner_and_lifetime() {
    let mut hosts = hop(2, 3, 8, unsecured);
    hosts.run(span(15 * SECOND));
    let all = duplicates(&hosts.air.log());
    let owner = extended(2).0;
    let (router, border) = (address(ROUTER), address(BORDER));
    let [
        (src, dst, hops, Said::Asked(asked)),
        (from, to, back, Said::Told(told)),
    ] = &all[..]
    else {
        panic!("{all:?}");
    };
    assert_eq!(
        ((*src, *dst), (*from, *to)),
        ((router, border), (border, router))
    );
    assert_eq!((*hops, *back), (64, 64), "RFC 6775 §8.2.1");
    let DuplicateRequest::Of64 {
        transaction_id,
        lifetime_minutes,
        ..
    } = *asked
    else {
        panic!("{asked:?}");
    };
    assert_eq!(lifetime_minutes, 10);
    let addr = address(2);
    let request = DuplicateRequest::Of64 {
        transaction_id,
        lifetime_minutes,
        owner,
        addr,
    };
    let confirmation = DuplicateConfirmation::Of64 {
        status: RegistrationStatus::Success,
        transaction_id,
        lifetime_minutes,
        owner,
        addr,
    };
    assert_eq!((asked, told), (&request, &confirmation));
    // Registered again in time, with the border router too, and gone from both in the end.
    hosts.run(span(3600 * SECOND));
    assert_eq!(seen(&hosts, BORDER, 2), behind(ROUTER));
    let asked = duplicates(&hosts.air.log()).len();
    assert!((2 * 8..=2 * 14).contains(&asked), "{asked} messages");
    let far = &mut hosts.hosts[2];
    far.iface.remove_addr(addr.into(), &mut far.sockets);
    hosts.run(span(5 * SECOND));
    assert_eq!(
        (seen(&hosts, BORDER, 2), seen(&hosts, ROUTER, 2)),
        (None, None)
    );
}

#[test]
fn rfc6775_8_2_an_address_that_is_taken_elsewhere_is_refused_over_hops() {
    // The host behind the router wants an address of a neighbor of the border router.
    let mut hosts = hop(3, 4, 8, unsecured);
    hosts.air.set_strength(BORDER, 3, Some(-50));
    hosts.air.set_strength(3, BORDER, Some(-50));
    deafen(&mut hosts, ROUTER, 3);
    hosts.run(span(15 * SECOND));
    assert_eq!(seen(&hosts, BORDER, 3), at_station(3));
    let cidr = IpCidr::new(address(3), 128).expect("a length");
    let config = AddrConfig {
        on_link: false,
        ..AddrConfig::DETECT
    };
    let now = hosts.now;
    let late = &mut hosts.hosts[2].iface;
    late.add_addr_with(cidr, config, now).expect("room");
    hosts.run(span(5 * SECOND));
    let mut infos = hosts.hosts[2].iface.addr_infos();
    let info = infos.find(|info| info.cidr == cidr).expect("it is there");
    assert_eq!(info.state, AddrState::Duplicate);
    assert_eq!(seen(&hosts, BORDER, 3), at_station(3));
    assert_eq!(seen(&hosts, ROUTER, 3), None);
}

#[test]
fn rfc6775_8_2_a_border_router_without_room_is_asked_again() {
    // One place is the router's own.
    let mut hosts = hop(4, 4, 2, unsecured);
    hosts.run(span(30 * SECOND));
    let of = |hosts: &Hosts<_>| [2, 3].map(|far| seen(hosts, BORDER, far).is_some());
    let [first, second] = of(&hosts);
    assert!(first != second, "one of them");
    let refused = if first { 3 } else { 2 };
    let mut told = hosts.hosts[refused].iface.registrations();
    let full = RegistrationState::Refused(RegistrationStatus::CacheFull);
    assert!(told.any(|(addr, state)| (addr, state) == (address(refused), full)));
    drop(told);
    assert_eq!(
        seen(&hosts, ROUTER, refused),
        None,
        "nor is it registered on the way"
    );
    let lucky = &mut hosts.hosts[5 - refused];
    let addr = IpAddr::V6(address(5 - refused));
    lucky.iface.remove_addr(addr, &mut lucky.sockets);
    hosts.run(span(300 * SECOND));
    assert_eq!(seen(&hosts, BORDER, refused), behind(ROUTER));
}

#[test]
fn rfc6775_8_2_a_silent_border_router_is_asked_three_times_and_nobody_is_registered() {
    let mut hosts = hop(5, 3, 8, unsecured);
    deafen(&mut hosts, BORDER, ROUTER);
    let begun = hosts.air.log().len();
    hosts.run(span(20 * SECOND));
    assert_eq!(seen(&hosts, ROUTER, 2), None);
    assert_ne!(state(&hosts, 2), Some(AddrState::Preferred));
    let log = hosts.air.log();
    // With each number of the host three times, and each of these four times by the MAC.
    let mut asked = BTreeMap::new();
    for (.., said) in duplicates(&log[begun..]) {
        let Said::Asked(DuplicateRequest::Of64 { transaction_id, .. }) = said else {
            panic!("{said:?}");
        };
        *asked.entry(transaction_id).or_insert(0) += 1;
    }
    assert!(asked.len() > 1, "{asked:?}");
    assert!(asked.values().all(|&frames| frames <= 12), "{asked:?}");
    assert!(asked.values().filter(|&&frames| frames == 12).count() > 0);
    // When it is back, the host is registered without anybody's doing.
    hosts.air.set_strength(BORDER, ROUTER, Some(-50));
    hosts.air.set_strength(ROUTER, BORDER, Some(-50));
    hosts.run(span(60 * SECOND));
    assert_eq!(seen(&hosts, BORDER, 2), behind(ROUTER));
    assert_eq!(echo_between(&mut hosts, (BORDER, 2), 2, 32), 2);
}

#[test]
fn rfc8505_5_3_a_host_moves_from_the_router_to_the_border_router_and_back() {
    let mut hosts = hop(6, 3, 8, unsecured);
    hosts.run(span(15 * SECOND));
    assert_eq!(seen(&hosts, BORDER, 2), behind(ROUTER));
    // It walks over to where it hears the border router alone.
    hosts.air.set_strength(BORDER, 2, Some(-50));
    hosts.air.set_strength(2, BORDER, Some(-50));
    deafen(&mut hosts, ROUTER, 2);
    hosts.run(span(1800 * SECOND));
    assert_eq!(seen(&hosts, BORDER, 2), at_station(2));
    assert_eq!(seen(&hosts, ROUTER, 2), None, "its time there is over");
    assert_eq!(echo_between(&mut hosts, (BORDER, 2), 3, 32), 3);
    // And back.
    deafen(&mut hosts, BORDER, 2);
    hosts.air.set_strength(ROUTER, 2, Some(-50));
    hosts.air.set_strength(2, ROUTER, Some(-50));
    hosts.run(span(1800 * SECOND));
    assert_eq!(seen(&hosts, BORDER, 2), behind(ROUTER));
    assert_eq!(seen(&hosts, ROUTER, 2), at_station(2));
    assert_eq!(echo_between(&mut hosts, (BORDER, 2), 3, 32), 3);
}

#[test]
fn registrations_pass_two_routers_and_packets_the_routes_that_there_are() {
    // 0 – 1 – 2 – 3 in a line.
    let mut hosts = network(7, 4, 8, unsecured);
    for (one, other) in [(0, 2), (0, 3), (1, 3)] {
        deafen(&mut hosts, one, other);
    }
    for router in 0..3 {
        forward_by(&mut hosts, router);
    }
    hosts.run(span(5 * SECOND));
    become_router(&mut hosts, 1, 4);
    // What is told of routes beyond the neighbors of a router is a routing protocol's to know.
    let host = |number: usize| IpCidr::new(address(number), 128).expect("a length");
    for (at, to, by) in [(0, 3, 1), (1, 3, 2)] {
        let via = extended(by).link_local();
        let iface = &mut hosts.hosts[at].iface;
        iface.add_route(host(to), via.into()).expect("room");
    }
    hosts.run(span(15 * SECOND));
    assert_eq!(seen(&hosts, BORDER, 2), behind(1));
    become_router(&mut hosts, 2, 4);
    hosts.run(span(30 * SECOND));
    assert_eq!(seen(&hosts, BORDER, 3), behind(2));
    assert_eq!(seen(&hosts, 2, 3), at_station(3));
    assert_eq!(seen(&hosts, 1, 3), None, "it is no neighbor of this one");
    assert_eq!(state(&hosts, 3), Some(AddrState::Preferred));
    assert_eq!(echo_between(&mut hosts, (BORDER, 3), 3, 32), 3);
    assert_eq!(echo_between(&mut hosts, (3, BORDER), 3, 300), 3);
}

#[test]
fn rfc8505_4_4_owners_of_every_length_are_registered_over_hops() {
    for length in [8, 16, 24, 32] {
        let mut hosts = network(8, 3, 8, unsecured);
        deafen(&mut hosts, BORDER, 2);
        for router in [BORDER, ROUTER] {
            forward_by(&mut hosts, router);
        }
        let octets: Vec<u8> = (1..=length).collect();
        let owner = Owner::new(&octets).expect("a length of owners");
        start(&mut hosts, 2, owner);
        hosts.run(span(5 * SECOND));
        become_router(&mut hosts, ROUTER, 4);
        hosts.run(span(15 * SECOND));
        let mut known = hosts.hosts[BORDER].iface.registered(hosts.now);
        let known = known.find(|known| known.addr == address(2));
        let known = known.map(|known| (known.at, known.owner));
        assert_eq!(known, behind(ROUTER).map(|at| (at, owner)), "{length}");
    }
}

#[test]
fn more_hosts_than_can_be_asked_about_at_once_register_one_after_the_other() {
    let mut hosts = network(9, 6, 8, unsecured);
    for far in 2..6 {
        deafen(&mut hosts, BORDER, far);
    }
    for router in [BORDER, ROUTER] {
        forward_by(&mut hosts, router);
    }
    hosts.run(span(5 * SECOND));
    become_router(&mut hosts, ROUTER, 1);
    hosts.run(span(60 * SECOND));
    assert_eq!(registered(&hosts).len(), 5);
}

#[test]
fn whoever_is_no_border_router_asks_nobody_and_is_not_believed() {
    let mut hosts = hop(10, 3, 8, unsecured);
    let router = &mut hosts.hosts[ROUTER].iface;
    let slots = || vec![ConfirmationSlot::EMPTY; 1];
    for wrong in ["fe80::1", "ff02::1", "::"] {
        let asks = router.confirm_registrations(wrong.parse().expect("an address"), slots());
        assert!(matches!(asks, Err(ConfigError::Address(_))), "{wrong}");
    }
    let host = &mut hosts.hosts[2].iface;
    let asks = host.confirm_registrations(address(BORDER), slots());
    assert_eq!(asks, Err(ConfigError::Full), "it registers nobody");
    // A host that is asked, and a router that is told what it has not asked for.
    let capacity = SocketCapacity {
        raw: 1,
        ..SocketCapacity::default()
    };
    hosts.hosts[2].sockets = SocketSet::heap([7; 16], &capacity);
    hosts.run(span(15 * SECOND));
    let ignored = |hosts: &Hosts<_>, at: usize| {
        let counters = *hosts.hosts[at].iface.counters();
        let reasons = [DropReason::IcmpIgnored, DropReason::NeighborInvalid];
        reasons.map(|reason| counters.dropped(reason))
    };
    let told = Icmpv6::DuplicateConfirmation(DuplicateConfirmation::Of64 {
        status: RegistrationStatus::Removed,
        transaction_id: 1,
        lifetime_minutes: 1,
        owner: extended(2).0,
        addr: address(2),
    });
    let asked = Icmpv6::DuplicateRequest(DuplicateRequest::Plain {
        lifetime_minutes: 1,
        owner: extended(2),
        addr: address(2),
    });
    // From a neighbor that is not the border router nothing is believed, and nobody else answers.
    let before = ignored(&hosts, ROUTER);
    send(&mut hosts, 2, ROUTER, &told);
    assert_eq!(ignored(&hosts, ROUTER), [before[0], before[1] + 1]);
    send(&mut hosts, 2, ROUTER, &asked);
    assert_eq!(ignored(&hosts, ROUTER), [before[0] + 1, before[1] + 1]);
    assert_eq!(seen(&hosts, ROUTER, 2), at_station(2));
    // The border router may withdraw a registration of its own accord (RFC 8505 §5.3).
    send(&mut hosts, BORDER, ROUTER, &told);
    assert_eq!(seen(&hosts, ROUTER, 2), None);
    assert_eq!(echo(&mut hosts, 1, 32), 1, "the router itself goes on");
}

/// Send a message from one host to another as it is, by a raw socket.
fn send<P: Protection>(hosts: &mut Hosts<P>, from: usize, to: usize, message: &Icmpv6<'_>) {
    use litz::socket::RawFilter;
    use litz::wire::rt::{PseudoHeader, PseudoV6, Sum};
    use litz::wire::{Icmpv6Header, Ipv6Repr};
    let (src_addr, dst_addr) = (address(from), address(to));
    let mut octets = vec![0; message.buffer_len()];
    message.emit(&mut octets).expect("room");
    let pseudo = PseudoV6 { src_addr, dst_addr };
    let sum = Sum::of(&octets).add(pseudo.sum(58, octets.len() as u32));
    Icmpv6Header::store_checksum(&mut octets, sum.finish());
    let ip = Ipv6Repr {
        dscp: 0,
        ecn: litz::wire::Ecn::NotEct,
        flow_label: 0,
        next_header: IpProtocol::Icmpv6,
        hop_limit: 64,
        src_addr,
        dst_addr,
        payload_len: octets.len(),
    };
    let mut packet = vec![0; 40 + octets.len()];
    let room = ip.emit(&mut packet).expect("room");
    room.copy_from_slice(&octets);
    let any = RawFilter {
        version: None,
        protocol: None,
    };
    let host = &mut hosts.hosts[from];
    let raw = host.sockets.raw_open(any).expect("a slot");
    let mut socket = host.sockets.raw(raw).expect("it is open");
    socket.send(&packet).expect("room");
    hosts.run(span(SECOND));
    hosts.hosts[from]
        .sockets
        .raw_release(raw)
        .expect("it is open");
}

#[test]
fn tshark_reads_questions_about_duplicates_as_they_are_meant() {
    if !prerequisite::programs(&["tshark"]) {
        return;
    }
    let mut hosts = hop(11, 3, 8, unsecured);
    hosts.run(span(15 * SECOND));
    let heard = hosts.air.log();
    let bad = "_ws.malformed or _ws.expert.severity >= 6291456";
    assert_eq!(tshark(log(&heard), &["-Y", bad]), "");
    let names = ["status", "lifetime", "eui64", "reg_addr"];
    let names = names.map(|name| format!("icmpv6.6lowpannd.da.{name}"));
    let messages = "icmpv6.type == 157 or icmpv6.type == 158";
    let mut arguments = vec!["-Y", messages, "-T", "fields", "-e", "icmpv6.type"];
    arguments.extend(names.iter().flat_map(|name| ["-e", name.as_str()]));
    let told = tshark(log(&heard), &arguments);
    let rest = format!("0\t10\t{}\t{}", extended(2), address(2));
    assert_eq!(told, format!("157\t{rest}\n158\t{rest}\n"));
}

//! ARP (RFC 826): what is answered, what is believed, what is ignored.

use std::net::Ipv4Addr;

use litz::iface::DropReason;
use litz::time::Duration;
use litz::wire::{ArpEthIpv4Repr, ArpOperation, EtherType, EthernetAddress};

use super::frames::{
    EVERYBODY, PEER, PEER_V4, Path, Seg, V4, arp, arp_frame, arp_reply, arp_request, ethernet,
    packets, stations, udp,
};
use super::host::{DIRECTED_BROADCAST, Host, OWN, OWN_V4};
use super::tcp_open::{accepted, enter};

const OTHER: EthernetAddress = EthernetAddress([0x02, 0, 0, 0, 0, 3]);
const OTHER_V4: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 3);

/// A host that wants to send a datagram to the peer and does not know it.
fn asking() -> Host {
    let mut host = Host::new();
    let socket = host.sockets.udp_bind(5000).unwrap();
    host.sockets
        .udp(socket)
        .unwrap()
        .send((PEER_V4, 7), b"hello")
        .unwrap();
    let sent = host.sent();
    assert_eq!(sent.len(), 1);
    let request = arp(&sent[0]).expect("a request");
    assert_eq!(
        (request.oper, request.spa, request.tpa),
        (ArpOperation::Request, OWN_V4, PEER_V4)
    );
    assert_eq!(stations(&sent[0]), (OWN, EVERYBODY));
    host
}

#[test]
fn a_request_is_answered_to_who_asked() {
    let mut host = Host::new();
    let answer = host.answer(arp_request(PEER_V4, PEER, OWN_V4));
    let reply = arp(&answer).expect("a reply");
    let expected = ArpEthIpv4Repr {
        oper: ArpOperation::Reply,
        sha: OWN,
        spa: OWN_V4,
        tha: PEER,
        tpa: PEER_V4,
    };
    assert_eq!(reply, expected);
    assert_eq!(stations(&answer), (OWN, PEER));
    assert_eq!(host.knows(PEER_V4), Some(PEER), "who asks is remembered");
}

#[test]
fn requests_for_others_are_not_answered_and_fill_no_memory() {
    let mut host = Host::new();
    for last in 3..200 {
        host.silent(arp_request(PEER_V4, PEER, Ipv4Addr::new(192, 0, 2, last)));
        host.silent(arp_request(Ipv4Addr::new(192, 0, 2, last), PEER, OTHER_V4));
    }
    assert_eq!(host.iface.neighbors().count(), 0);
}

#[test]
fn a_probe_is_answered_and_teaches_nothing() {
    // RFC 5227 §2.1.1: who looks whether an address is free has none yet.
    let mut host = Host::new();
    let answer = host.answer(arp_request(Ipv4Addr::UNSPECIFIED, PEER, OWN_V4));
    assert_eq!(arp(&answer).unwrap().spa, OWN_V4);
    assert_eq!(host.iface.neighbors().count(), 0);
}

#[test]
fn impossible_senders_are_ignored() {
    let mut host = Host::new();
    for spa in [
        Ipv4Addr::BROADCAST,
        DIRECTED_BROADCAST,
        Ipv4Addr::new(224, 0, 0, 1),
    ] {
        host.dropped(arp_request(spa, PEER, OWN_V4), DropReason::NeighborInvalid);
    }
    for sha in [
        EVERYBODY,
        EthernetAddress([0x01, 0, 0x5e, 0, 0, 1]),
        EthernetAddress([0; 6]),
    ] {
        host.dropped(
            arp_request(PEER_V4, sha, OWN_V4),
            DropReason::NeighborInvalid,
        );
    }
    assert_eq!(host.iface.neighbors().count(), 0);
}

#[test]
fn nobody_takes_our_own_address_over() {
    let mut host = Host::new();
    // It is defended (RFC 5227 §2.4), once for all of them.
    let defense = arp(&host.answer(arp_request(OWN_V4, PEER, OWN_V4))).unwrap();
    assert_eq!(
        (defense.sha, defense.spa, defense.tpa),
        (OWN, OWN_V4, OWN_V4)
    );
    host.dropped(
        arp_request(OWN_V4, PEER, OWN_V4),
        DropReason::NeighborInvalid,
    );
    host.dropped(arp_reply(OWN_V4, PEER), DropReason::NeighborInvalid);
    assert_eq!(host.knows(OWN_V4), None);
}

#[test]
fn a_reply_that_nobody_asked_for_teaches_nothing() {
    let mut host = Host::new();
    host.dropped(arp_reply(PEER_V4, PEER), DropReason::NeighborInvalid);
    assert_eq!(host.iface.neighbors().count(), 0);
}

#[test]
fn a_reply_lets_the_waiting_packet_go() {
    let mut host = asking();
    let sent = host.answer(arp_reply(PEER_V4, PEER));
    assert_eq!(stations(&sent), (OWN, PEER));
    assert_eq!(udp(&sent), (5000, 7, b"hello".to_vec()));
}

#[test]
fn a_request_from_the_neighbor_that_is_waited_for_is_as_good_as_a_reply() {
    let mut host = asking();
    let sent = host.answers(arp_request(PEER_V4, PEER, OWN_V4));
    assert_eq!(sent.len(), 2, "a reply, and the packet");
    assert!(arp(&sent[0]).is_some());
    assert_eq!(udp(&sent[1]), (5000, 7, b"hello".to_vec()));
}

#[test]
fn replies_with_a_group_for_a_station_are_not_believed() {
    for sha in [
        EVERYBODY,
        EthernetAddress([0x01, 0, 0x5e, 0, 0, 1]),
        EthernetAddress([0; 6]),
    ] {
        let mut host = asking();
        host.dropped(arp_reply(PEER_V4, sha), DropReason::NeighborInvalid);
        assert_eq!(host.knows(PEER_V4), None);
    }
}

#[test]
fn a_station_that_moved_is_followed() {
    // RFC 826: the sender's address of any packet for us replaces what is in the table.
    let mut host = asking();
    host.answers(arp_reply(PEER_V4, PEER));
    host.answers(arp_request(PEER_V4, OTHER, OWN_V4));
    assert_eq!(host.knows(PEER_V4), Some(OTHER));
}

#[test]
fn a_flood_of_requests_is_answered_and_does_not_displace_who_we_talk_to() {
    // smoltcp #319: "ARP request flood" was a deadlock. And: a stranger who asks under many names
    // must not make us forget the neighbors we send to.
    let mut host = asking();
    host.answers(arp_reply(PEER_V4, PEER));
    for third in 0..40_u8 {
        for last in 0..50_u8 {
            let stranger = Ipv4Addr::new(192, 0, third, last.wrapping_add(100));
            let answers = host.answers(arp_request(stranger, OTHER, OWN_V4));
            assert!(answers.len() <= 1);
        }
    }
    assert_eq!(host.knows(PEER_V4), Some(PEER));
}

#[test]
fn malformed_packets_are_counted() {
    let mut host = Host::new();
    let whole = arp_request(PEER_V4, PEER, OWN_V4);
    for len in 14..whole.len() {
        host.dropped(whole[..len].to_vec(), DropReason::Malformed);
    }
    // Hardware type, protocol type, and both lengths have to be right.
    for at in 14..20 {
        let mut wrong = whole.clone();
        wrong[at] ^= 0x01;
        host.dropped(wrong, DropReason::Malformed);
    }
    for oper in [0, 3, 8, 0xffff] {
        let request = arp(&whole).unwrap();
        let strange = ArpEthIpv4Repr {
            oper: ArpOperation(oper),
            ..request
        };
        host.dropped(arp_frame(&strange, OWN), DropReason::NeighborInvalid);
    }
}

#[test]
fn link_padding_is_passed_over() {
    let mut host = Host::new();
    let mut padded = arp_request(PEER_V4, PEER, OWN_V4);
    padded.resize(60, 0xff);
    let reply = host.answer(padded);
    assert_eq!(arp(&reply).unwrap().tpa, PEER_V4);
    assert_eq!(reply.len(), 42);
}

#[test]
fn frames_for_other_stations_are_not_looked_at() {
    let mut host = Host::new();
    let request = arp(&arp_request(PEER_V4, PEER, OWN_V4)).unwrap();
    host.dropped(arp_frame(&request, OTHER), DropReason::NotForUs);
    host.dropped(V4.to_station(OTHER).udp(1, 2, b""), DropReason::NotForUs);
    host.dropped(
        ethernet(PEER, OWN, EtherType(0x88b5), &[0; 46]),
        DropReason::EtherType,
    );
    for len in 0..14 {
        host.dropped(vec![0xff; len], DropReason::Malformed);
    }
}

#[test]
fn a_frame_with_a_priority_is_read_and_one_of_a_vlan_is_not() {
    let mut host = Host::new();
    let tagged = |tci: u16| {
        let mut frame = arp_request(PEER_V4, PEER, OWN_V4);
        let [high, low] = tci.to_be_bytes();
        frame.splice(12..12, [0x81, 0x00, high, low]);
        frame
    };
    assert!(arp(&host.answer(tagged(0xe000))).is_some());
    host.dropped(tagged(0xe007), DropReason::Vlan);
    host.dropped(tagged(0xe000)[..17].to_vec(), DropReason::Malformed);
    // What the device has taken off counts as well.
    for (tci, answers) in [(0xe000, 1), (7, 0)] {
        host.wire.meta.vlan = Some(tci);
        let request = arp_request(PEER_V4, PEER, OWN_V4);
        assert_eq!(host.answers(request).len(), answers);
    }
}

/// RFC 9293 §3.8.3 (R1), RFC 1122 §4.2.3.5: the peer has got another station without saying so. Its
/// entry is not old enough to be asked about; that nothing is acknowledged makes the host ask, long
/// before the connection is given up.
#[test]
fn a_connection_without_answers_makes_the_host_ask_for_its_neighbor() {
    let mut host = Host::new();
    host.meet(PEER_V4, PEER);
    let listener = host.sockets.tcp_listen(80, 4).unwrap();
    let next = enter(&mut host, 1000);
    let stream = accepted(&mut host, listener);
    // It is reachable: a layer above has just had an answer.
    host.iface.confirm_reachable(PEER_V4.into(), host.now);
    let mut socket = host.sockets.tcp(stream).unwrap();
    socket.send_slice(b"anybody there?").unwrap();
    let begin = host.now;
    let mut probes = Vec::new();
    let mut answer = None;
    while answer.is_none() {
        assert!(host.now < begin.saturating_add(Duration::from_secs(10)));
        for frame in host.pass(Duration::from_millis(100)).0 {
            let Some(request) = arp(&frame) else { continue };
            assert_eq!(request.tpa, PEER_V4);
            let (_, to) = stations(&frame);
            probes.push(to);
            if to == EVERYBODY {
                answer = Some(arp_reply(PEER_V4, OTHER));
            }
        }
    }
    assert_eq!(probes[..3], [PEER; 3], "the station that was known first");
    host.answers(answer.unwrap());
    let path = Path {
        station: OTHER,
        ..V4
    };
    let sent = packets(host.pass(Duration::from_secs(10)).0);
    let sent = sent.first().expect("the data again");
    assert_eq!(stations(sent), (OWN, OTHER));
    host.answers(path.tcp(&Seg::ack(1000, next.wrapping_add(14))));
    assert_eq!(host.sockets.tcp(stream).unwrap().send_queue(), 0);
}

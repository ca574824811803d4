//! ICMP (RFC 792, RFC 4443): echo, errors that are sent, and errors that arrive.

use std::net::{IpAddr, Ipv4Addr};

use litz::iface::DropReason;
use litz::socket::{BindError, SendError};
use litz::time::Duration;
use litz::wire::{
    EthernetAddress, Icmpv4, Icmpv4DstUnreachable, Icmpv6, Icmpv6DstUnreachable,
    Icmpv6TimeExceeded, IpProtocol, Nested,
};

use super::frames::{
    EVERYBODY, PEER, PEER_V4, PEER_V6, Path, V4, V6, arp_reply, icmpv4, icmpv6, ip,
};
use super::host::{DIRECTED_BROADCAST, Host, OWN_V6};

const ALL_SYSTEMS: Ipv4Addr = Ipv4Addr::new(224, 0, 0, 1);

fn broadcasts() -> [Path; 3] {
    let group = EthernetAddress([0x01, 0, 0x5e, 0, 0, 1]);
    [
        V4.to(Ipv4Addr::BROADCAST).to_station(EVERYBODY),
        V4.to(DIRECTED_BROADCAST).to_station(EVERYBODY),
        V4.to(ALL_SYSTEMS).to_station(group),
    ]
}

#[test]
fn echoes_of_every_length_come_back_as_they_were() {
    let mut host = Host::new();
    let data: Vec<u8> = (0..1472).map(|at| at as u8).collect();
    for len in [0, 1, 2, 3, 17, 18, 19, 46, 55, 56, 57, 1400, 1471, 1472] {
        let data = &data[..len];
        let answer = host.answer(V4.icmpv4(&Icmpv4::EchoRequest {
            ident: 3,
            seq_no: 4,
            data,
        }));
        icmpv4(&answer, |reply| {
            assert_eq!(
                *reply,
                Icmpv4::EchoReply {
                    ident: 3,
                    seq_no: 4,
                    data
                }
            );
        });
        let data = &data[..len.min(1452)];
        let answer = host.answer(V6.icmpv6(&Icmpv6::EchoRequest {
            ident: 3,
            seq_no: 4,
            data,
        }));
        icmpv6(&answer, |reply| {
            assert_eq!(
                *reply,
                Icmpv6::EchoReply {
                    ident: 3,
                    seq_no: 4,
                    data
                }
            );
        });
    }
}

#[test]
fn an_echo_longer_than_the_link_is_not_answered_by_half() {
    let mut host = Host::whole_packets_only();
    let data = [0; 1473];
    let frame = V4.icmpv4(&Icmpv4::EchoRequest {
        ident: 3,
        seq_no: 4,
        data: &data,
    });
    host.dropped(frame, DropReason::TooLong);
}

#[test]
fn echoes_to_broadcast_are_not_answered() {
    // smoltcp #461, #67: they were, and errors too: a reflector.
    let mut host = Host::new();
    for path in broadcasts() {
        let ping = Icmpv4::EchoRequest {
            ident: 3,
            seq_no: 4,
            data: b"",
        };
        host.dropped(path.icmpv4(&ping), DropReason::IcmpIgnored);
        host.dropped(path.udp(1000, 9, b""), DropReason::PortClosed);
    }
}

#[test]
fn a_closed_port_is_reported_with_a_quote() {
    let mut host = Host::new();
    let frame = V4.udp(1000, 9, b"anybody?");
    let packet = frame[14..].to_vec();
    let answer = host.answer(frame);
    icmpv4(&answer, |message| {
        let expected = Icmpv4::DstUnreachable {
            reason: Icmpv4DstUnreachable::PortUnreachable,
            next_hop_mtu: 0,
            invoking: Nested::new(&packet),
        };
        assert_eq!(*message, expected);
    });
    let frame = V6.udp(1000, 9, b"anybody?");
    let packet = frame[14..].to_vec();
    let answer = host.answer(frame);
    icmpv6(&answer, |message| {
        let expected = Icmpv6::DstUnreachable {
            reason: Icmpv6DstUnreachable::PortUnreachable,
            invoking: Nested::new(&packet),
        };
        assert_eq!(*message, expected);
    });
    assert_eq!(host.iface.counters().dropped(DropReason::PortClosed), 2);
}

#[test]
fn quotes_are_cut_at_what_the_protocols_allow() {
    // RFC 1812 §4.3.2.3: 576 octets; RFC 4443 §2.4 (c): 1280.
    let mut host = Host::new();
    let answer = host.answer(V4.udp(1000, 9, &[7; 1472]));
    assert_eq!(answer.len(), 14 + 576);
    let answer = host.answer(V6.udp(1000, 9, &[7; 1452]));
    assert_eq!(answer.len(), 14 + 1280);
    // The quote is of the packet, not of the link's padding.
    let mut padded = V4.udp(1000, 9, b"");
    padded.resize(60, 0xee);
    assert_eq!(host.answer(padded).len(), 14 + 20 + 8 + 28);
}

#[test]
fn errors_are_rate_limited_and_the_limit_recovers() {
    // RFC 1812 §4.3.2.8, RFC 4443 §2.4 (f).
    let mut host = Host::new();
    for _ in 0..1000 {
        host.wire.rx.push_back(V4.udp(1000, 9, b""));
        host.wire.rx.push_back(V6.udp(1000, 9, b""));
    }
    for _ in 0..20 {
        host.poll();
    }
    let at_once = host.wire.tx.len();
    assert!((1..=20).contains(&at_once), "{at_once} at once");
    assert_eq!(
        host.iface.counters().dropped(DropReason::RateLimited),
        2000 - at_once as u32
    );
    host.wire.tx.clear();
    host.now = host.now.saturating_add(Duration::from_secs(1));
    assert_eq!(host.answers(V4.udp(1000, 9, b"")).len(), 1);
}

#[test]
fn errors_that_arrive_are_never_answered() {
    // RFC 1122 §3.2.2: no error about an error; whatever it quotes, and however little of it.
    let quote = V4.udp(1000, 9, b"quoted")[14..].to_vec();
    let mut host = Host::new();
    for msg_type in [3, 4, 5, 11, 12] {
        for code in [0, 1, 2, 3, 4, 13, 255] {
            for len in 0..=quote.len() {
                let mut octets = vec![msg_type, code, 0, 0, 0, 0, 0, 0];
                octets.extend(&quote[..len]);
                let sum = litz::wire::rt::Sum::of(&octets).finish();
                octets[2..4].copy_from_slice(&sum.to_be_bytes());
                host.silent(V4.ip(IpProtocol::Icmp, &octets));
            }
        }
    }
}

#[test]
fn errors_of_ipv6_with_short_quotes_are_survived() {
    // smoltcp 5a52cb70: a message of 40 to 43 octets was a panic.
    let quote = V6.udp(1000, 9, b"quoted")[14..].to_vec();
    let mut host = Host::new();
    for msg_type in [1, 2, 3, 4, 100, 127] {
        for len in 0..=quote.len() {
            let mut octets = vec![msg_type, 0, 0, 0, 0, 0, 5, 0];
            octets.extend(&quote[..len]);
            host.silent(V6.icmpv6_octets(octets));
        }
    }
    let message = Icmpv6::TimeExceeded {
        reason: Icmpv6TimeExceeded::HopLimit,
        invoking: Nested::new(&quote),
    };
    host.silent(V6.icmpv6(&message));
}

#[test]
fn truncated_messages_are_malformed() {
    // smoltcp bec2435e, #16.
    let mut host = Host::new();
    for msg_type in 0..=255 {
        for len in 1..8 {
            let mut octets = vec![0; len];
            octets[0] = msg_type;
            host.silent(V4.ip(IpProtocol::Icmp, &octets));
            host.silent(V6.ip(IpProtocol::Icmpv6, &octets));
            if len >= 4 {
                let sum = litz::wire::rt::Sum::of(&octets).finish();
                octets[2..4].copy_from_slice(&sum.to_be_bytes());
                host.silent(V4.ip(IpProtocol::Icmp, &octets));
                host.silent(V6.icmpv6_octets(octets));
            }
        }
    }
}

#[test]
fn wrong_checksums_are_dropped() {
    let mut host = Host::new();
    let mut wrong = V4.icmpv4(&Icmpv4::EchoRequest {
        ident: 3,
        seq_no: 4,
        data: b"abc",
    });
    *wrong.last_mut().unwrap() ^= 1;
    host.dropped(wrong, DropReason::TransportChecksum);
    let mut wrong = V6.icmpv6(&Icmpv6::EchoRequest {
        ident: 3,
        seq_no: 4,
        data: b"abc",
    });
    *wrong.last_mut().unwrap() ^= 1;
    host.dropped(wrong, DropReason::TransportChecksum);
}

#[test]
fn a_ping_goes_out_and_its_reply_comes_back_to_who_sent_it() {
    let mut host = Host::new();
    let one = host.sockets.icmp_bind(0).unwrap();
    let two = host.sockets.icmp_bind(0).unwrap();
    assert_eq!(host.sockets.icmp_bind(0), Err(BindError::NoFreeSlot));
    let ident = host.sockets.icmp(one).unwrap().ident();
    assert_ne!(ident, host.sockets.icmp(two).unwrap().ident());
    let remote = IpAddr::V4(PEER_V4);
    host.sockets.icmp(one).unwrap().set_hop_limit(0);
    host.sockets
        .icmp(one)
        .unwrap()
        .send_echo(remote, 9, b"ping")
        .unwrap();
    host.sent();
    let request = host.answer(arp_reply(PEER_V4, PEER));
    assert_eq!(request[14 + 8], 1, "hop limit 0 is taken as 1");
    icmpv4(&request, |message| {
        assert_eq!(
            *message,
            Icmpv4::EchoRequest {
                ident,
                seq_no: 9,
                data: b"ping"
            }
        );
    });
    host.silent(V4.hop_limit(17).icmpv4(&Icmpv4::EchoReply {
        ident,
        seq_no: 9,
        data: b"ping",
    }));
    assert!(host.sockets.icmp(two).unwrap().recv().is_none());
    let mut socket = host.sockets.icmp(one).unwrap();
    let (meta, data) = socket.recv().unwrap();
    assert_eq!(
        (meta.remote, meta.seq_no, meta.hop_limit, data),
        (remote, 9, 17, &b"ping"[..])
    );
    assert!(socket.recv().is_none());
}

#[test]
fn replies_that_nobody_waits_for_are_ignored_and_a_full_queue_is_counted() {
    let mut host = Host::new();
    let socket = host.sockets.icmp_bind(77).unwrap();
    assert_eq!(host.sockets.icmp_bind(77), Err(BindError::InUse));
    let reply = |ident| {
        V6.icmpv6(&Icmpv6::EchoReply {
            ident,
            seq_no: 1,
            data: b"x",
        })
    };
    host.dropped(reply(78), DropReason::IcmpIgnored);
    for _ in 0..4 {
        host.silent(reply(77));
    }
    host.dropped(reply(77), DropReason::SocketFull);
    host.sockets.icmp_release(socket).unwrap();
    assert!(host.sockets.icmp(socket).is_err());
    host.dropped(reply(77), DropReason::IcmpIgnored);
}

#[test]
fn pings_that_cannot_be_sent_are_refused() {
    let mut host = Host::new();
    let socket = host.sockets.icmp_bind(77).unwrap();
    let mut socket = host.sockets.icmp(socket).unwrap();
    let nobody = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
    assert_eq!(socket.send_echo(nobody, 1, b""), Err(SendError::BadRemote));
    assert_eq!(
        socket.send_echo(PEER_V6.into(), 1, &[0; 4096]),
        Err(SendError::TooLong)
    );
    for seq_no in 0..4 {
        socket.send_echo(PEER_V6.into(), seq_no, b"x").unwrap();
    }
    assert_eq!(
        socket.send_echo(PEER_V6.into(), 4, b"x"),
        Err(SendError::Full)
    );
}

#[test]
fn the_source_of_an_echo_reply_is_the_address_that_was_asked() {
    let mut host = Host::new();
    let ping = Icmpv6::EchoRequest {
        ident: 3,
        seq_no: 4,
        data: b"",
    };
    let (src, dst, ..) = ip(&host.answer(V6.icmpv6(&ping)));
    assert_eq!((src, dst), (OWN_V6.into(), PEER_V6.into()));
}

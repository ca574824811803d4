//! What one protocol or interface learns of a path (RFC 1191, RFC 8201) is known to all of a host;
//! and what fragments keep of their datagram.

use std::net::IpAddr;

use litz::UdpMeta;
use litz::phy::LinkState;
use litz::time::Duration;
use litz::wire::{Icmpv4, Icmpv4DstUnreachable, Icmpv6, Ipv4Packet, Ipv6Packet, Nested, TcpOption};

use super::frames::{ACK, PEER, PEER_V4, Path, Seg, V4, V6, packets, tcp};
use super::host::{CAPACITY, Host};
use super::several::{Hosts, ends};
use super::tcp_open::{accepted, enter};
use litz::SocketCapacity;

/// A router's word that a packet of ours was too big, as a packet from it.
fn too_big(path: Path, packet: &[u8], mtu: u16) -> Vec<u8> {
    let frame = if path.src.is_ipv4() {
        path.icmpv4(&Icmpv4::DstUnreachable {
            reason: Icmpv4DstUnreachable::FragRequired,
            next_hop_mtu: mtu,
            invoking: Nested::new(&packet[..28]),
        })
    } else {
        path.icmpv6(&Icmpv6::PktTooBig {
            mtu: mtu.into(),
            invoking: Nested::new(&packet[..packet.len().min(1200)]),
        })
    };
    frame[14..].to_vec()
}

#[test]
fn a_path_that_is_narrow_is_narrow_by_every_interface() {
    for (dst, routers, own) in [
        (
            "203.0.113.9",
            ["192.0.2.254", "198.51.100.254"],
            "192.0.2.1",
        ),
        (
            "2001:db8:f::9",
            ["2001:db8:1::fe", "2001:db8:2::fe"],
            "2001:db8:1::1",
        ),
    ] {
        let mut hosts = Hosts::new(&[
            "192.0.2.1/24 2001:db8:1::1/64",
            "198.51.100.1/24 2001:db8:2::1/64",
        ]);
        let dst: IpAddr = dst.parse().unwrap();
        for (at, router) in routers.iter().enumerate() {
            hosts.ifaces[at]
                .0
                .set_default_route(router.parse().unwrap())
                .unwrap();
        }
        hosts.poll_all();
        let socket = hosts.sockets.udp_bind(9).unwrap();
        let say = |hosts: &mut Hosts| {
            let mut udp = hosts.sockets.udp(socket).unwrap();
            udp.send((dst, 7), &[1; 1400]).unwrap();
            hosts.settle()
        };
        let sent = say(&mut hosts);
        assert_eq!((sent[0].len(), sent[1].len()), (1, 0), "to {dst}");
        let path = if dst.is_ipv4() { V4 } else { V6 };
        let path = path.from(routers[0].parse::<IpAddr>().unwrap());
        let path = path.to(own.parse::<IpAddr>().unwrap());
        assert!(
            hosts
                .receive(0, too_big(path, &sent[0][0], 1300))
                .concat()
                .is_empty()
        );
        assert_eq!(say(&mut hosts)[0].len(), 2, "two fragments to {dst}");
        hosts.ifaces[0].1.link = LinkState::Down;
        hosts.poll(0);
        let sent = say(&mut hosts);
        assert_eq!((sent[0].len(), sent[1].len()), (0, 2), "to {dst}");
        assert!(sent[1].iter().all(|packet| packet.len() <= 1300));
    }
}

#[test]
fn what_a_datagram_was_told_a_connection_knows() {
    let mut host = Host::with(SocketCapacity {
        datagram_octets: 8192,
        ..CAPACITY
    });
    host.meet(PEER_V4, PEER);
    let socket = host.sockets.udp_bind(9).unwrap();
    let mut udp = host.sockets.udp(socket).unwrap();
    udp.send((PEER_V4, 7), &[1; 1400]).unwrap();
    let sent = host.sent();
    let listener = host.sockets.tcp_listen(80, 4).unwrap();
    let next = enter(&mut host, 1000);
    let stream = accepted(&mut host, listener);
    let report = super::frames::ethernet(
        PEER,
        super::host::OWN,
        litz::wire::EtherType::Ipv4,
        &too_big(V4, &sent[0][14..], 1000),
    );
    host.silent(report);
    let window = Seg {
        window: 60_000,
        ..Seg::ack(1000, next)
    };
    assert_eq!(window.flags, ACK);
    host.answers(V4.tcp(&window));
    let mut connection = host.sockets.tcp(stream).unwrap();
    connection.send_slice(&[7; 3000]).unwrap();
    let sent = host.sent();
    let longest = sent.iter().map(|frame| tcp(frame).payload.len()).max();
    assert!(longest <= Some(960), "{longest:?} octets in a segment");
    assert!(longest > Some(400));
}

#[test]
fn echo_replies_keep_to_the_path_as_well() {
    let mut host = Host::with(SocketCapacity {
        datagram_octets: 8192,
        ..CAPACITY
    });
    host.meet(PEER_V4, PEER);
    let socket = host.sockets.udp_bind(9).unwrap();
    let mut udp = host.sockets.udp(socket).unwrap();
    udp.send((PEER_V4, 7), &[1; 1400]).unwrap();
    let sent = host.sent();
    let echo = Icmpv4::EchoRequest {
        ident: 1,
        seq_no: 1,
        data: &[9; 1300],
    };
    assert_eq!(host.answers(V4.icmpv4(&echo)).len(), 1);
    let report = super::frames::ethernet(
        PEER,
        super::host::OWN,
        litz::wire::EtherType::Ipv4,
        &too_big(V4, &sent[0][14..], 1000),
    );
    host.silent(report);
    let sent = host.answers(V4.icmpv4(&echo));
    assert_eq!(sent.len(), 2, "in fragments");
    assert!(sent.iter().all(|frame| frame.len() <= 14 + 1000));
}

#[test]
fn fragments_have_the_code_point_of_their_datagram() {
    let mut hosts = Hosts::new(&["192.0.2.1/24 2001:db8:1::1/64"]);
    let socket = hosts.sockets.udp_bind(9).unwrap();
    for dst in ["192.0.2.9", "2001:db8:1::9"] {
        let remote: IpAddr = dst.parse().unwrap();
        let meta = UdpMeta {
            dscp: Some(46),
            ..UdpMeta::from((remote, 7))
        };
        let mut udp = hosts.sockets.udp(socket).unwrap();
        udp.send(meta, &[1; 1900]).unwrap();
        let sent = hosts.settle().concat();
        assert_eq!(sent.len(), 2);
        for packet in sent {
            let dscp = match packet[0] >> 4 {
                4 => Ipv4Packet::new_checked(&packet).unwrap().dscp(),
                _ => Ipv6Packet::new_checked(&packet).unwrap().dscp(),
            };
            assert_eq!((ends(&packet).1, dscp), (remote, 46));
        }
    }
}

/// RFC 4821 §3: what a connection finds out by losing large segments and getting small ones across,
/// without a word from any router, datagrams to the same host know as well.
#[test]
fn what_a_connection_found_out_a_datagram_knows() {
    let mut host = Host::with(SocketCapacity {
        datagram_octets: 8192,
        tcp_tx: 8192,
        ..CAPACITY
    });
    host.meet(PEER_V4, PEER);
    let listener = host.sockets.tcp_listen(80, 4).unwrap();
    let syn = Seg {
        window: 60_000,
        options: &[TcpOption::Mss { mss: 1460 }],
        ..Seg::syn(1000)
    };
    let syn_ack = tcp(&host.answer(V4.tcp(&syn)));
    let next = syn_ack.seq.wrapping_add(1);
    let ack = |upto: u32| Seg {
        window: 60_000,
        ..Seg::ack(1000, upto)
    };
    host.silent(V4.tcp(&ack(next)));
    let stream = accepted(&mut host, listener);
    let socket = host.sockets.udp_bind(9).unwrap();
    let say = |host: &mut Host| {
        host.sockets
            .udp(socket)
            .unwrap()
            .send((PEER_V4, 7), &[1; 1400])
            .unwrap();
        let frames = host.sent();
        frames.iter().filter(|frame| frame[14 + 9] == 17).count()
    };
    assert_eq!(say(&mut host), 1);
    let mut socket = host.sockets.tcp(stream).unwrap();
    socket.send_slice(&[7; 6_000]).unwrap();
    // Nothing with more than 1220 octets of payload arrives.
    let mut heard = next;
    for _ in 0..100 {
        let mut frames = host.pass(Duration::from_millis(50)).0;
        while !frames.is_empty() {
            let before = heard;
            for segment in packets(core::mem::take(&mut frames)).iter().map(|f| tcp(f)) {
                if segment.payload.len() <= 1220 && segment.seq == heard {
                    heard = heard.wrapping_add(segment.payload.len() as u32);
                }
            }
            if heard != before {
                frames = host.answers(V4.tcp(&ack(heard)));
            }
        }
    }
    assert_eq!(heard, next.wrapping_add(6_000));
    assert_eq!(host.sockets.tcp_counters().black_holes, 1);
    assert_eq!(say(&mut host), 2, "fragments");
}

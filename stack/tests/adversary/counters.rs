//! Counters by protocol, under the names of RFC 4293, RFC 4113 and RFC 4022.

use std::net::Ipv4Addr;

use litz::wire::{Icmpv4, IpProtocol};

use super::frames::{EVERYBODY, PEER, PEER_V4, V4, V6};
use super::host::{DIRECTED_BROADCAST, Host};

const PING: Icmpv4<'_> = Icmpv4::EchoRequest {
    ident: 1,
    seq_no: 1,
    data: b"x",
};

#[test]
fn rfc4293_every_packet_is_counted_where_it_ends() {
    let mut host = Host::new();
    let socket = host.sockets.udp_bind(9).unwrap();
    host.answers(V4.icmpv4(&PING));
    host.answers(V4.udp(1, 9, b""));
    host.answers(
        V4.to(DIRECTED_BROADCAST)
            .to_station(EVERYBODY)
            .udp(1, 9, b""),
    );
    host.answers(V4.ip(IpProtocol(253), b""));
    host.answers(V4.to(Ipv4Addr::new(192, 0, 2, 9)).udp(1, 9, b""));
    let mut wrong = V4.udp(1, 9, b"");
    wrong[14] = 0x44;
    host.answers(wrong);
    let mut wrong = V4.icmpv4(&PING);
    wrong[14 + 20 + 8] ^= 1;
    host.answers(wrong);
    let p = *host.iface.protocols();
    assert_eq!(p.ipv4.in_receives, 7);
    assert_eq!(p.ipv4.in_hdr_errors, 1);
    assert_eq!(p.ipv4.in_addr_errors, 1);
    assert_eq!(p.ipv4.in_unknown_protos, 1);
    assert_eq!(p.ipv4.in_delivers, 4);
    assert_eq!((p.ipv4.in_bcast_pkts, p.ipv4.in_mcast_pkts), (1, 0));
    assert_eq!((p.icmpv4.in_msgs, p.icmpv4.in_errors), (2, 1));
    // The answer to the echo, and the protocol that is not spoken.
    assert_eq!((p.icmpv4.out_msgs, p.ipv4.out_requests), (2, 2));
    assert_eq!(p.udp.in_datagrams, 2);
    assert_eq!(p.ipv6.in_receives, 0);
    assert!(host.sockets.udp(socket).unwrap().can_recv());
}

#[test]
fn rfc4113_datagrams_are_counted() {
    let mut host = Host::new();
    let socket = host.sockets.udp_bind(9).unwrap();
    host.meet(PEER_V4, PEER);
    let mut udp = host.sockets.udp(socket).unwrap();
    udp.send((PEER_V4, 7), b"").unwrap();
    host.sent();
    host.answers(V6.udp(1, 10, b"closed"));
    let mut wrong = V6.udp_datagram(1, 9, b"x");
    wrong[8] ^= 1;
    host.answers(V6.ip(IpProtocol::Udp, &wrong));
    let udp = host.iface.protocols().udp;
    assert_eq!((udp.out_datagrams, udp.no_ports), (1, 1));
    assert_eq!((udp.in_errors, udp.in_datagrams), (1, 0));
}

#[test]
fn statistics_are_printed_as_a_table() {
    let mut host = Host::new();
    host.answers(V4.icmpv4(&PING));
    host.answers(V4.udp(1, 9, b""));
    let table = host.iface.statistics(&host.sockets).to_string();
    let has = |line: &str| table.lines().any(|of_table| of_table == line);
    for line in [
        "Ip:",
        "           2 InReceives",
        "Icmp:",
        "           1 InMsgs",
        "Udp:",
        "           1 NoPorts",
        "Tcp:",
        "           0 ActiveOpens",
        "Dropped:",
        "           1 UDP port closed",
    ] {
        assert!(has(line), "`{line}` in\n{table}");
    }
}

#[test]
fn rfc4293_fragments_and_what_is_forwarded_are_counted() {
    use super::several::Hosts;
    let mut hosts = Hosts::new(&["192.0.2.1/24", "198.51.100.1/24"]);
    hosts.ifaces[1].1.caps.ip_mtu = 600;
    for (iface, ..) in &mut hosts.ifaces {
        iface.set_forwarding(true);
    }
    hosts.poll_all();
    let path = V4.from([192, 0, 2, 9]).to([198, 51, 100, 9]);
    let packet = |path: super::frames::Path, len: usize| {
        path.packet(IpProtocol::Udp, &path.udp_datagram(1, 9, &vec![7; len]))
    };
    hosts.receive(0, packet(path, 100));
    hosts.receive(0, packet(path, 1000));
    hosts.receive(0, packet(path.to([203, 0, 113, 1]), 100));
    let [one, two] = [0, 1].map(|at| hosts.ifaces[at].0.protocols().ipv4);
    assert_eq!((one.in_forw_datagrams, one.in_no_routes), (2, 1));
    assert_eq!((two.out_forw_datagrams, two.out_frag_creates), (2, 2));
    // A datagram of ours in fragments, and one that comes in fragments.
    let socket = hosts.sockets.udp_bind(9).unwrap();
    let mut udp = hosts.sockets.udp(socket).unwrap();
    udp.send((Ipv4Addr::new(198, 51, 100, 9), 7), &[1; 1000])
        .unwrap();
    let sent = hosts.settle();
    let two = hosts.ifaces[1].0.protocols().ipv4;
    assert_eq!((two.out_frag_oks, two.out_frag_creates), (1, 4));
    assert_eq!(two.out_requests, 1);
    let mut back = sent[1].clone();
    for packet in &mut back {
        // The other way round, the sum of the header stays.
        let (src, dst) = packet[12..20].split_at_mut(4);
        src.swap_with_slice(dst);
        packet[8] = 64;
    }
    let last = back.pop().unwrap();
    for packet in back {
        hosts.receive(1, packet);
    }
    hosts.receive(1, last);
    let two = hosts.ifaces[1].0.protocols().ipv4;
    assert_eq!((two.reasm_reqds, two.reasm_oks, two.reasm_fails), (2, 1, 0));
}

#[test]
fn rfc4022_connections_that_are_established_are_counted() {
    let mut host = Host::new();
    let listener = host.sockets.tcp_listen(80, 4).unwrap();
    assert_eq!(host.sockets.tcp_established(), 0);
    super::tcp_open::enter(&mut host, 1000);
    let stream = super::tcp_open::accepted(&mut host, listener);
    let mut wrong = V4.tcp(&super::frames::Seg::ack(1000, 1));
    wrong[14 + 20 + 16] ^= 1;
    host.answers(wrong);
    let table = host.iface.statistics(&host.sockets).to_string();
    for line in ["           1 CurrEstab", "           1 InErrs"] {
        assert!(table.contains(line), "{table}");
    }
    host.sockets.tcp(stream).unwrap().abort();
    assert_eq!(host.sockets.tcp_established(), 0);
}

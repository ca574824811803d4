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

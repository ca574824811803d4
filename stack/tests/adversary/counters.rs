//! Counters by protocol, under the names of RFC 4293, RFC 4113 and RFC 4022.

use std::net::Ipv4Addr;

use litz::socket::tcp::TcpConfig;
use litz::time::Duration;
use litz::wire::{Icmpv4, IpProtocol};

use super::frames::{EVERYBODY, FIN_ACK, PEER, PEER_V4, RST, RST_ACK, Seg, V4, V6, tcp};
use super::host::{DIRECTED_BROADCAST, Host, OWN_V4};
use super::tcp_open::{accepted, enter, knock};

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

/// A counter of TCP by its name in RFC 4022.
#[track_caller]
fn tcp_counter(host: &Host, name: &str) -> u32 {
    let statistics = host.iface.statistics(&host.sockets);
    let mut entries = statistics.tcp_entries();
    let (_, value) = entries.find(|(entry, _)| *entry == name).unwrap();
    value
}

#[test]
fn rfc4022_attempts_that_fail_are_counted_on_either_side() {
    let mut host = Host::new();
    host.meet(PEER_V4, PEER);
    // SYN-SENT to CLOSED: refused; given up by the application; nobody answers.
    let ours = host.sockets.tcp_connect((PEER_V4, 80)).unwrap();
    let syn = tcp(&host.sent()[0]);
    let refusal = Seg {
        src_port: 80,
        dst_port: syn.src_port,
        seq: 0,
        ack: syn.seq.wrapping_add(1),
        flags: RST_ACK,
        ..Seg::syn(80)
    };
    host.silent(V4.tcp(&refusal));
    assert_eq!(tcp_counter(&host, "AttemptFails"), 1);
    host.sockets.tcp_release(ours).unwrap();
    let ours = host.sockets.tcp_connect((PEER_V4, 80)).unwrap();
    host.sent();
    host.sockets.tcp(ours).unwrap().close();
    host.sockets.tcp_release(ours).unwrap();
    assert_eq!(tcp_counter(&host, "AttemptFails"), 2);
    let ours = host.sockets.tcp_connect((PEER_V4, 80)).unwrap();
    host.pass(Duration::from_secs(600));
    assert!(host.sockets.tcp(ours).unwrap().is_closed());
    assert_eq!(tcp_counter(&host, "AttemptFails"), 3);
    assert_eq!(tcp_counter(&host, "ActiveOpens"), 3);
    // SYN-RECEIVED to LISTEN: reset; no answer; and to CLOSED, as nobody listens any more.
    let listener = host.sockets.tcp_listen(80, 4).unwrap();
    let next = knock(&mut host, 1000).seq.wrapping_add(1);
    host.silent(V4.tcp(&Seg::ack(1000, next).flags(RST)));
    assert_eq!(tcp_counter(&host, "AttemptFails"), 4);
    knock(&mut host, 1001);
    let before = tcp_counter(&host, "RetransSegs");
    host.pass(Duration::from_secs(600));
    let again = u32::from(TcpConfig::DEFAULT.syn_ack_retries);
    assert_eq!(tcp_counter(&host, "RetransSegs"), before + again);
    assert_eq!(tcp_counter(&host, "AttemptFails"), 5);
    knock(&mut host, 1002);
    host.sockets.tcp_unlisten(listener).unwrap();
    assert_eq!(tcp_counter(&host, "AttemptFails"), 6);
    assert_eq!(tcp_counter(&host, "PassiveOpens"), 3);
    assert_eq!(tcp_counter(&host, "EstabResets"), 0);
}

#[test]
fn rfc4022_connections_that_end_at_once_are_counted() {
    let mut host = Host::new();
    let listener = host.sockets.tcp_listen(80, 4).unwrap();
    let open = |host: &mut Host, port: u16| {
        let next = enter(host, port);
        (accepted(host, listener), next)
    };
    // ESTABLISHED: by the peer, by the application.
    let (stream, next) = open(&mut host, 1000);
    host.silent(V4.tcp(&Seg::ack(1000, next).flags(RST)));
    assert_eq!(tcp_counter(&host, "EstabResets"), 1);
    host.sockets.tcp_release(stream).unwrap();
    let (stream, _) = open(&mut host, 1001);
    host.sockets.tcp(stream).unwrap().abort();
    assert_eq!(tcp_counter(&host, "EstabResets"), 2);
    host.sent();
    host.sockets.tcp_release(stream).unwrap();
    assert_eq!(tcp_counter(&host, "OutRsts"), 1);
    // CLOSE-WAIT: an application that goes without reading.
    let (stream, next) = open(&mut host, 1002);
    host.answers(V4.tcp(&Seg::ack(1002, next).flags(FIN_ACK).payload(b"?")));
    host.sockets.tcp_release(stream).unwrap();
    assert_eq!(tcp_counter(&host, "EstabResets"), 3);
    host.sent();
    // The usual end is none of these: first the peer, then the host.
    let (stream, next) = open(&mut host, 1003);
    host.answers(V4.tcp(&Seg::ack(1003, next).flags(FIN_ACK)));
    host.sockets.tcp(stream).unwrap().close();
    host.sent();
    let last = Seg {
        seq: 1002,
        ..Seg::ack(1003, next.wrapping_add(1))
    };
    host.silent(V4.tcp(&last));
    assert!(host.sockets.tcp(stream).unwrap().is_closed());
    host.sockets.tcp_release(stream).unwrap();
    // The address goes, and its connections with it.
    open(&mut host, 1004);
    assert!(host.iface.remove_addr(OWN_V4.into(), &mut host.sockets));
    host.pass(Duration::from_secs(1));
    assert_eq!(tcp_counter(&host, "EstabResets"), 4);
    assert_eq!(tcp_counter(&host, "AttemptFails"), 0);
    assert_eq!(tcp_counter(&host, "PassiveOpens"), 5);
    assert_eq!(tcp_counter(&host, "CurrEstab"), 0);
}

#[test]
fn rfc4022_every_segment_is_counted_whoever_it_is_for() {
    let mut host = Host::new();
    // To nobody: received and answered, with a reset.
    host.answers(V4.tcp(&Seg::syn(1000)));
    // With a wrong checksum, and cut short.
    let mut wrong = V4.tcp(&Seg::syn(1000));
    wrong[14 + 20 + 16] ^= 1;
    host.silent(wrong);
    host.silent(V4.ip(IpProtocol::Tcp, &[0; 19]));
    let count = |host: &Host, names: [&str; 4]| names.map(|name| tcp_counter(host, name));
    let names = ["InSegs", "OutSegs", "InErrs", "OutRsts"];
    assert_eq!(count(&host, names), [3, 1, 2, 1]);
    // A handshake: two in, one out; the SYN once more is answered again, which is no new segment.
    host.sockets.tcp_listen(80, 4).unwrap();
    let next = knock(&mut host, 1001).seq.wrapping_add(1);
    assert_eq!(count(&host, names), [4, 2, 2, 1]);
    knock(&mut host, 1001);
    assert_eq!(count(&host, names), [5, 2, 2, 1]);
    assert_eq!(tcp_counter(&host, "RetransSegs"), 1);
    host.silent(V4.tcp(&Seg::ack(1001, next)));
    // An octet, and its acknowledgment.
    host.answers(V4.tcp(&Seg::ack(1001, next).payload(b"x")));
    host.pass(Duration::from_secs(1));
    assert_eq!(count(&host, names), [7, 3, 2, 1]);
}

#[test]
fn rfc4293_what_has_no_route_is_counted_whoever_notices() {
    use super::several::Hosts;
    let far: std::net::IpAddr = "2001:db8:ffff::1".parse().unwrap();
    // One interface alone: a datagram, then a connection.
    let mut host = Host::new();
    let socket = host.sockets.udp_bind(9).unwrap();
    host.sockets
        .udp(socket)
        .unwrap()
        .send((far, 7), b"x")
        .unwrap();
    assert!(host.sent().is_empty());
    assert_eq!(host.iface.protocols().ipv6.out_no_routes, 1);
    host.sockets.tcp_connect((far, 80)).unwrap();
    assert!(host.sent().is_empty());
    let ip = host.iface.protocols();
    assert_eq!((ip.ipv6.out_no_routes, ip.ipv4.out_no_routes), (2, 0));
    // Several: the table of routes of all of them says so.
    let mut hosts = Hosts::new(&["192.0.2.1/24", "198.51.100.1/24"]);
    hosts.poll_all();
    let far = std::net::IpAddr::from([203, 0, 113, 1]);
    let socket = hosts.sockets.udp_bind(9).unwrap();
    let mut udp = hosts.sockets.udp(socket).unwrap();
    udp.send((far, 7), b"x").unwrap();
    hosts.sockets.tcp_connect((far, 80)).unwrap();
    assert!(hosts.settle().concat().is_empty());
    let counted = hosts
        .ifaces
        .iter()
        .map(|(iface, ..)| iface.protocols().ipv4.out_no_routes);
    assert_eq!(counted.sum::<u32>(), 2);
}

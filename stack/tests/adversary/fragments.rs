//! Fragments (RFC 791, RFC 8200 §4.5): put together, refused, given up; and messages that leave in
//! fragments.

use std::net::IpAddr;

use litz::iface::DropReason;
use litz::time::Duration;
use litz::wire::rt::Options;
use litz::wire::{
    Ecn, EtherType, EthernetFrame, Icmpv4, Icmpv4DstUnreachable, Icmpv4TimeExceeded, Icmpv6,
    Icmpv6ParamProblem, Icmpv6TimeExceeded, IpProtocol, Ipv4Packet, Ipv4Repr, Ipv6FragmentPacket,
    Ipv6FragmentRepr, Ipv6Packet, Nested,
};
use litz::{InterfaceStorage, SocketCapacity};

use super::frames::{PEER, PEER_V4, PEER_V6, Path, Seg, V4, V6, arp_reply, ethernet};
use super::frames::{icmpv4, icmpv6, ip, ipv4, packets, udp};
use super::host::{CAPACITY, Host, MTU, OWN, OWN_V4, OWN_V6};

const BIG: SocketCapacity = SocketCapacity {
    datagram_octets: 65_536 * 2,
    ..CAPACITY
};

/// A fragment of a message between two addresses.
fn fragment(
    path: Path,
    protocol: u8,
    ident: u32,
    offset: usize,
    more: bool,
    data: &[u8],
) -> Vec<u8> {
    let next_header = IpProtocol(protocol);
    let frag_offset = u16::try_from(offset).unwrap();
    match (path.src, path.dst) {
        (IpAddr::V4(src_addr), IpAddr::V4(dst_addr)) => {
            let repr = Ipv4Repr {
                dscp: 0,
                ecn: Ecn::NotEct,
                ident: ident as u16,
                dont_frag: false,
                more_frags: more,
                frag_offset,
                hop_limit: 64,
                next_header,
                src_addr,
                dst_addr,
                options: Options::EMPTY,
                payload_len: data.len(),
            };
            ethernet(PEER, OWN, EtherType::Ipv4, &ipv4(&repr, data))
        }
        _ => {
            let repr = Ipv6FragmentRepr {
                next_header,
                frag_offset,
                more_frags: more,
                ident,
                payload_len: data.len(),
            };
            let mut octets = vec![0; repr.buffer_len()];
            repr.emit(&mut octets).unwrap().copy_from_slice(data);
            path.ip(IpProtocol::Ipv6Frag, &octets)
        }
    }
}

/// All fragments of a message.
fn cut(path: Path, protocol: u8, ident: u32, message: &[u8], size: usize) -> Vec<Vec<u8>> {
    let starts = (0..message.len()).step_by(size);
    let piece = |at: usize| {
        let end = message.len().min(at + size);
        fragment(
            path,
            protocol,
            ident,
            at,
            end < message.len(),
            &message[at..end],
        )
    };
    starts.map(piece).collect()
}

/// Put the fragments that a host sent together: addresses, protocol and message.
#[track_caller]
fn join(frames: &[Vec<u8>]) -> (IpAddr, IpAddr, IpProtocol, Vec<u8>) {
    let mut message = vec![0xa5; 70_000];
    let (mut filled, mut total, mut about) = (0, None, None);
    for frame in frames {
        assert!(frame.len() <= 14 + MTU);
        let frame = EthernetFrame::new_checked(frame).unwrap();
        let (key, ident, offset, more, data) = if frame.ethertype() == EtherType::Ipv4 {
            let packet = Ipv4Packet::new_checked(frame.payload()).unwrap();
            assert!(packet.verify_checksum() && !packet.dont_frag());
            let key = (
                packet.src_addr().into(),
                packet.dst_addr().into(),
                packet.next_header(),
            );
            let ident = u32::from(packet.ident());
            (
                key,
                ident,
                packet.frag_offset(),
                packet.more_frags(),
                packet.payload().to_vec(),
            )
        } else {
            let packet = Ipv6Packet::new_checked(frame.payload()).unwrap();
            assert_eq!(packet.next_header(), IpProtocol::Ipv6Frag);
            let fragment = Ipv6FragmentPacket::new_checked(packet.payload()).unwrap();
            let key = (
                packet.src_addr().into(),
                packet.dst_addr().into(),
                fragment.next_header(),
            );
            let more = fragment.more_frags();
            (
                key,
                fragment.ident(),
                fragment.frag_offset(),
                more,
                fragment.payload().to_vec(),
            )
        };
        assert_eq!(
            *about.get_or_insert((key, ident)),
            (key, ident),
            "one message"
        );
        let at = usize::from(offset);
        message[at..at + data.len()].copy_from_slice(&data);
        filled += data.len();
        if !more {
            total = Some(at + data.len());
        } else {
            assert_eq!(data.len() % 8, 0);
        }
    }
    assert_eq!(total, Some(filled), "nothing missing, nothing twice");
    message.truncate(filled);
    let ((src, dst, protocol), _) = about.unwrap();
    (src, dst, protocol, message)
}

#[test]
fn a_datagram_in_fragments_reaches_its_socket_in_whatever_order() {
    for path in [V4, V6] {
        for reverse in [false, true] {
            let mut host = Host::with(BIG);
            let socket = host.sockets.udp_bind(9).unwrap();
            let data: Vec<u8> = (0..60_000_u32).map(|at| (at % 251) as u8).collect();
            let message = path.udp_datagram(1000, 9, &data);
            let mut frames = cut(path, 17, 77, &message, 1448);
            if reverse {
                frames.reverse();
            }
            for frame in frames {
                host.silent(frame);
            }
            let mut socket = host.sockets.udp(socket).unwrap();
            let (meta, got) = socket.recv().expect("whole");
            assert_eq!(meta.remote.addr, path.src);
            assert!(got == data);
            assert_eq!(host.iface.counters().dropped_total(), 0);
            assert!(host.poll_at().instant().is_none());
        }
    }
}

/// An echo request of so many octets, in fragments.
fn echo_in_fragments(path: Path, data: &[u8]) -> Vec<Vec<u8>> {
    let echo = if path.src.is_ipv4() {
        path.icmpv4(&Icmpv4::EchoRequest {
            ident: 5,
            seq_no: 6,
            data: b"short",
        })
    } else {
        path.icmpv6(&Icmpv6::EchoRequest {
            ident: 5,
            seq_no: 6,
            data: b"short",
        })
    };
    // The same message, longer.
    let header = if path.src.is_ipv4() { 34 } else { 54 };
    let mut message = echo[header..header + 8].to_vec();
    message.extend_from_slice(data);
    let protocol = if path.src.is_ipv4() {
        message[2..4].fill(0);
        let sum = litz::wire::rt::Sum::of(&message).finish();
        message[2..4].copy_from_slice(&sum.to_be_bytes());
        1
    } else {
        let whole = path.icmpv6_octets(message.clone());
        message = whole[54..].to_vec();
        58
    };
    cut(path, protocol, 9, &message, 1440)
}

#[test]
fn an_echo_of_60000_octets_comes_back() {
    for path in [V4, V6] {
        let mut host = Host::new();
        let data: Vec<u8> = (0..60_000_u32).map(|at| (at % 241) as u8).collect();
        let mut sent = Vec::new();
        for frame in echo_in_fragments(path, &data) {
            sent.extend(host.answers(frame));
        }
        sent.extend(host.pass(Duration::from_secs(1)).0);
        let (src, dst, _, reply) = join(&sent);
        assert_eq!((src, dst), (path.dst, path.src));
        assert!(reply[8..] == data);
        assert_eq!(reply[4..8], [0, 5, 0, 6]);
    }
}

#[test]
fn an_answer_in_fragments_behind_another_one_is_dropped_and_counted() {
    let mut host = Host::new();
    // Both are received before anything else is sent.
    for _ in 0..2 {
        let frames = echo_in_fragments(V4, &[7; 5000]);
        host.wire.rx.extend(frames);
    }
    host.poll();
    let sent: Vec<_> = host.wire.tx.drain(..).collect();
    assert_eq!(host.iface.counters().dropped(DropReason::FragmentsBusy), 1);
    assert_eq!(join(&sent).3.len(), 8 + 5000, "the first went on");
}

#[test]
fn overlapping_fragments_are_dropped_together() {
    // RFC 5722; over IPv4 for the same reasons.
    for path in [V4, V6] {
        let mut host = Host::with(BIG);
        let socket = host.sockets.udp_bind(9).unwrap();
        let message = path.udp_datagram(1000, 9, &[7; 100]);
        host.silent(fragment(path, 17, 1, 0, true, &message[..64]));
        let lie = fragment(path, 17, 1, 56, true, &[0; 16]);
        host.dropped(lie, DropReason::FragmentOverlap);
        let rest = fragment(path, 17, 1, 64, false, &message[64..]);
        host.dropped(rest, DropReason::FragmentOverlap);
        assert!(host.sockets.udp(socket).unwrap().recv().is_none());
        let (sent, _) = host.pass(Duration::from_secs(100));
        assert!(sent.is_empty(), "and nothing is said of it");
    }
}

#[test]
fn a_packet_that_does_not_come_together_is_reported_if_its_first_fragment_came() {
    // RFC 1122 §3.3.2, RFC 4443 §3.3.
    for path in [V4, V6] {
        let mut host = Host::new();
        host.answers(arp_reply(PEER_V4, PEER));
        host.meet(PEER_V4, PEER);
        let message = path.udp_datagram(1000, 9, &[7; 100]);
        let first = fragment(path, 17, 1, 0, true, &message[..64]);
        host.silent(first.clone());
        host.silent(fragment(path, 17, 2, 64, false, &message[64..]));
        let (sent, polls) = host.pass(Duration::from_secs(59));
        assert!(packets(sent).is_empty());
        assert_eq!(polls, 0, "nothing to do in the meantime");
        let (mut sent, _) = host.pass(Duration::from_secs(2));
        if path.src.is_ipv6() {
            // The neighbor has to be found first.
            sent.retain(|frame| frame[20] == 58 && frame[54] == 135);
            assert!(!sent.is_empty(), "asked for the neighbor");
            let advert = neighbor_advert();
            sent = host.answers(advert);
        }
        let sent = packets(sent);
        assert_eq!(sent.len(), 1);
        let quote = Nested::new(&first[14..]);
        if path.src.is_ipv4() {
            icmpv4(&sent[0], |message| {
                let reason = Icmpv4TimeExceeded::Reassembly;
                assert_eq!(
                    *message,
                    Icmpv4::TimeExceeded {
                        reason,
                        invoking: quote
                    }
                );
            });
        } else {
            let quote = Nested::new(&first[14..]);
            icmpv6(&sent[0], |message| {
                let reason = Icmpv6TimeExceeded::Reassembly;
                assert_eq!(
                    *message,
                    Icmpv6::TimeExceeded {
                        reason,
                        invoking: quote
                    }
                );
            });
        }
        assert_eq!(
            host.iface.counters().dropped(DropReason::ReassemblyTimeout),
            2
        );
        assert!(host.poll_at().instant().is_none_or(|at| at > host.now));
    }
}

/// The peer's answer to a solicitation.
fn neighbor_advert() -> Vec<u8> {
    let mut octets = vec![136, 0, 0, 0, 0x60, 0, 0, 0];
    octets.extend_from_slice(&PEER_V6.octets());
    octets.extend_from_slice(&[2, 1]);
    octets.extend_from_slice(&PEER.0);
    V6.hop_limit(255).icmpv6_octets(octets)
}

#[test]
fn fragments_of_impossible_length_are_refused() {
    let mut host = Host::new();
    // RFC 8200 §4.5: not a multiple of eight octets, with a pointer to the length.
    let frame = fragment(V6, 17, 1, 0, true, &[0; 60]);
    problem(&mut host, frame, Icmpv6ParamProblem::ErroneousHeader, 4);
    // Beyond the end of all packets, with a pointer to the offset.
    let frame = fragment(V6, 17, 1, 65_528, false, &[0; 8]);
    problem(&mut host, frame, Icmpv6ParamProblem::ErroneousHeader, 42);
    // RFC 7112 §5: not all headers in the first fragment.
    let frame = fragment(V6, 6, 1, 0, true, &[0; 8]);
    problem(
        &mut host,
        frame,
        Icmpv6ParamProblem::IncompleteHeaderChain,
        0,
    );
    let frame = fragment(V6, 60, 1, 0, true, &[6, 0, 1, 4, 0, 0, 0, 0]);
    problem(
        &mut host,
        frame,
        Icmpv6ParamProblem::IncompleteHeaderChain,
        0,
    );
    for frame in [
        fragment(V4, 17, 1, 0, true, &[0; 60]),
        // The "ping of death".
        fragment(V4, 1, 1, 65_528, false, &[0; 100]),
        // RFC 1858 §3: the flags of a segment in a fragment of their own.
        fragment(V4, 6, 1, 8, true, &[0; 16]),
        fragment(V4, 6, 1, 0, true, &[0; 8]),
        fragment(V4, 17, 1, 8, true, &[]),
        fragment(V6, 17, 1, 8, true, &[]),
    ] {
        host.dropped(frame, DropReason::FragmentMalformed);
    }
    assert!(host.poll_at().instant().is_none(), "nothing of it is kept");
}

#[track_caller]
fn problem(host: &mut Host, frame: Vec<u8>, reason: Icmpv6ParamProblem, pointer: u32) {
    let packet = frame[14..].to_vec();
    let answer = host.answer(frame);
    icmpv6(&answer, |message| {
        let invoking = Nested::new(&packet);
        let expected = Icmpv6::ParamProblem {
            reason,
            pointer,
            invoking,
        };
        assert_eq!(*message, expected);
    });
}

#[test]
fn no_error_is_about_a_fragment_other_than_the_first() {
    // RFC 1122 §3.2.2.
    let mut host = Host::new();
    let message = [0; 64];
    host.silent(fragment(V6, 253, 1, 64, false, &message));
    let answers = host.answers(fragment(V6, 253, 1, 0, true, &message));
    assert_eq!(answers.len(), 1, "the whole packet is reported");
}

#[test]
fn headers_before_the_fragments_are_those_of_the_whole_packet() {
    let mut host = Host::with(BIG);
    let socket = host.sockets.udp_bind(9).unwrap();
    let data: Vec<u8> = (0..2000_u32).map(|at| at as u8).collect();
    let message = V6.udp_datagram(1000, 9, &data);
    // Options before the fragment header, and others within the fragments.
    let mut inner = vec![17, 0, 1, 4, 0, 0, 0, 0];
    inner.extend_from_slice(&message);
    for (at, more) in [(0, true), (1024, false)] {
        let end = if more { 1024 } else { inner.len() };
        let repr = Ipv6FragmentRepr {
            next_header: IpProtocol::Ipv6Opts,
            frag_offset: at as u16,
            more_frags: more,
            ident: 5,
            payload_len: end - at,
        };
        let mut octets = vec![0; repr.buffer_len()];
        repr.emit(&mut octets)
            .unwrap()
            .copy_from_slice(&inner[at..end]);
        let mut outer = vec![44, 0, 1, 4, 0, 0, 0, 0];
        outer.extend_from_slice(&octets);
        host.silent(V6.ip(IpProtocol::Ipv6Opts, &outer));
    }
    let mut socket = host.sockets.udp(socket).unwrap();
    assert!(socket.recv().expect("whole").1 == data);
}

#[test]
fn a_whole_packet_is_checked_as_any_other() {
    // The device has seen no checksum of a datagram in fragments.
    let mut host = Host::with(BIG);
    let work = litz::phy::ChecksumWork::DEVICE;
    host.wire.caps.checksum.udp = work;
    host.sockets.udp_bind(9).unwrap();
    let mut message = V4.udp_datagram(1000, 9, &[1; 100]);
    message[50] ^= 1;
    host.silent(fragment(V4, 17, 1, 0, true, &message[..64]));
    let last = fragment(V4, 17, 1, 64, false, &message[64..]);
    host.dropped(last, DropReason::TransportChecksum);
}

#[test]
fn a_datagram_larger_than_the_link_leaves_in_fragments() {
    for dst in [IpAddr::V4(PEER_V4), IpAddr::V6(PEER_V6)] {
        for len in [1473, 1500, 2952, 2953, 8192, 60_000, 65_000] {
            let mut host = Host::with(BIG);
            let socket = host.sockets.udp_bind(5000).unwrap();
            let data: Vec<u8> = (0..len as u32).map(|at| (at % 239) as u8).collect();
            host.sockets
                .udp(socket)
                .unwrap()
                .send((dst, 7), &data)
                .unwrap();
            // The neighbor has to be found first.
            assert_eq!(host.sent().len(), 1);
            let answer = if dst.is_ipv4() {
                arp_reply(PEER_V4, PEER)
            } else {
                neighbor_advert()
            };
            let mut sent = host.answers(answer);
            sent.extend(host.pass(Duration::from_millis(1)).0);
            let (_, to, protocol, message) = join(&sent);
            assert_eq!((to, protocol), (dst, IpProtocol::Udp));
            assert_eq!(message.len(), len + 8);
            // One frame, so that the checksum is looked at.
            let path = if dst.is_ipv4() { V4 } else { V6 };
            let back = Path {
                src: path.dst,
                dst,
                ..path
            };
            let expected = back.udp_datagram(5000, 7, &data);
            assert!(message == expected, "{len} octets to {dst}");
        }
    }
}

#[test]
fn a_message_in_fragments_waits_for_room_and_for_nobody_else() {
    let mut host = Host::with(BIG);
    host.meet(PEER_V4, PEER);
    let socket = host.sockets.udp_bind(5000).unwrap();
    for fill in [1, 2] {
        let to = (PEER_V4, 7);
        host.sockets
            .udp(socket)
            .unwrap()
            .send(to, &[fill; 5000])
            .unwrap();
    }
    host.wire.room = 2;
    host.poll();
    assert!(!host.poll_at().is_due(host.now), "the device has no room");
    assert_eq!(host.wire.tx.len(), 2);
    host.wire.room = 100;
    host.poll();
    let sent: Vec<_> = host.wire.tx.drain(..).collect();
    assert_eq!(sent.len(), 8);
    assert!(join(&sent[..4]).3[8..] == [1; 5000]);
    assert!(join(&sent[4..]).3[8..] == [2; 5000]);
}

#[test]
fn the_neighbor_of_a_message_in_fragments_may_stay_away() {
    let mut host = Host::with(BIG);
    let socket = host.sockets.udp_bind(5000).unwrap();
    host.sockets
        .udp(socket)
        .unwrap()
        .send((PEER_V4, 7), &[0; 5000])
        .unwrap();
    let (sent, _) = host.pass(Duration::from_secs(20));
    assert!(packets(sent).is_empty());
    assert_eq!(host.iface.counters().dropped(DropReason::Unresolved), 1);
    host.meet(PEER_V4, PEER);
    host.sockets
        .udp(socket)
        .unwrap()
        .send((PEER_V4, 7), &[3; 5000])
        .unwrap();
    assert!(join(&host.sent()).3[8..] == [3; 5000]);
}

/// A router's complaint about a packet of the host.
fn too_big(packet: &[u8], mtu: u16) -> Vec<u8> {
    if packet[0] >> 4 == 4 {
        V4.icmpv4(&Icmpv4::DstUnreachable {
            reason: Icmpv4DstUnreachable::FragRequired,
            next_hop_mtu: mtu,
            invoking: Nested::new(&packet[..28.min(packet.len())]),
        })
    } else {
        let invoking = Nested::new(&packet[..packet.len().min(1232)]);
        V6.icmpv6(&Icmpv6::PktTooBig {
            mtu: mtu.into(),
            invoking,
        })
    }
}

#[test]
fn a_narrow_path_is_remembered_for_who_was_told_the_truth() {
    // RFC 1191, RFC 8201: and only a report that quotes a socket of ours is believed.
    for dst in [IpAddr::V4(PEER_V4), IpAddr::V6(PEER_V6)] {
        let mut host = Host::with(BIG);
        let socket = host.sockets.udp_bind(5000).unwrap();
        let say = |host: &mut Host| {
            host.sockets
                .udp(socket)
                .unwrap()
                .send((dst, 7), &[1; 1400])
                .unwrap();
            host.sent()
        };
        say(&mut host);
        let answer = if dst.is_ipv4() {
            arp_reply(PEER_V4, PEER)
        } else {
            neighbor_advert()
        };
        let sent = host.answers(answer);
        assert_eq!(sent.len(), 1);
        let mut stranger = sent[0].clone();
        let port_at = if dst.is_ipv4() { 34 } else { 54 };
        stranger[port_at] ^= 0x40;
        host.dropped(too_big(&stranger[14..], 1300), DropReason::IcmpIgnored);
        assert_eq!(
            say(&mut host).len(),
            1,
            "a stranger's report changes nothing"
        );
        host.silent(too_big(&sent[0][14..], 1300));
        let narrow = say(&mut host);
        assert_eq!(narrow.len(), 2);
        assert!(narrow.iter().all(|frame| frame.len() <= 14 + 1300));
        assert!(join(&narrow).3[8..] == [1; 1400]);
        host.now = host.now.saturating_add(Duration::from_secs(601));
        host.sockets
            .udp(socket)
            .unwrap()
            .send((dst, 7), &[1; 1400])
            .unwrap();
        let mut sent = host.sent();
        if sent[0].len() < 1400 {
            let answer = if dst.is_ipv4() {
                arp_reply(PEER_V4, PEER)
            } else {
                neighbor_advert()
            };
            sent = host.answers(answer);
        }
        assert!(
            sent.iter().any(|frame| frame.len() > 1400),
            "tried again after ten minutes"
        );
    }
}

#[test]
fn a_router_that_does_not_say_the_mtu_is_understood() {
    // RFC 1191 §5, §7.
    let mut host = Host::with(BIG);
    host.meet(PEER_V4, PEER);
    let socket = host.sockets.udp_bind(5000).unwrap();
    host.sockets
        .udp(socket)
        .unwrap()
        .send((PEER_V4, 7), &[1; 1472])
        .unwrap();
    let sent = host.sent();
    host.silent(too_big(&sent[0][14..], 0));
    host.sockets
        .udp(socket)
        .unwrap()
        .send((PEER_V4, 7), &[1; 1472])
        .unwrap();
    assert!(host.sent().iter().all(|frame| frame.len() <= 14 + 1492));
}

#[test]
fn quotes_of_any_length_are_survived() {
    // smoltcp #16, bec2435e, 5a52cb70: truncated quotes.
    let mut host = Host::new();
    host.meet(PEER_V4, PEER);
    let socket = host.sockets.udp_bind(5000).unwrap();
    host.sockets
        .udp(socket)
        .unwrap()
        .send((PEER_V4, 7), &[1; 100])
        .unwrap();
    let sent = host.sent();
    let (src, dst, ..) = ip(&sent[0]);
    assert_eq!((src, dst), (OWN_V4.into(), PEER_V4.into()));
    assert_eq!(udp(&sent[0]).0, 5000);
    for len in 0..sent[0].len() - 14 {
        let quote = &sent[0][14..14 + len];
        host.silent(V4.icmpv4(&Icmpv4::DstUnreachable {
            reason: Icmpv4DstUnreachable::PortUnreachable,
            next_hop_mtu: 0,
            invoking: Nested::new(quote),
        }));
    }
    let quoted = V6.from(OWN_V6).to(PEER_V6).udp(5000, 7, &[1; 50]);
    for len in 0..quoted.len() - 14 {
        let invoking = Nested::new(&quoted[14..14 + len]);
        host.silent(V6.icmpv6(&Icmpv6::PktTooBig {
            mtu: 1300,
            invoking,
        }));
        let reason = Icmpv6TimeExceeded::HopLimit;
        host.silent(V6.icmpv6(&Icmpv6::TimeExceeded { reason, invoking }));
    }
}

#[test]
fn a_flood_of_fragments_does_not_keep_a_datagram_from_coming_together() {
    let mut host = Host::with(BIG);
    let socket = host.sockets.udp_bind(9).unwrap();
    for path in [V4, V6] {
        let message = path.udp_datagram(1000, 9, &[5; 8000]);
        for (turn, frame) in (0_u32..).zip(cut(path, 17, 3, &message, 1440)) {
            host.silent(frame);
            for n in 0..200_u32 {
                let ident = turn * 1000 + n;
                let flood = match path.src {
                    IpAddr::V4(_) => {
                        path.from(std::net::Ipv4Addr::new(192, 0, 2, (20 + n % 200) as u8))
                    }
                    IpAddr::V6(_) => {
                        let bits = PEER_V6.to_bits() + u128::from(1 + n);
                        path.from(std::net::Ipv6Addr::from_bits(bits))
                    }
                };
                host.silent(fragment(flood, 17, ident, 8, true, &[0; 8]));
            }
        }
        let got = host
            .sockets
            .udp(socket)
            .unwrap()
            .recv()
            .map(|(_, data)| data.len());
        assert_eq!(got, Some(8000));
    }
}

#[test]
fn a_segment_in_fragments_reaches_its_connection() {
    let mut host = Host::new();
    let listener = host.sockets.tcp_listen(80, 4).unwrap();
    let next = super::tcp_open::enter(&mut host, 1000);
    let stream = super::tcp_open::accepted(&mut host, listener);
    let segment = V4.tcp_segment(&Seg::ack(1000, next).payload(&[9; 100]));
    for frame in cut(V4, 6, 8, &segment, 64) {
        host.answers(frame);
    }
    let mut buffer = [0; 200];
    let got = host.sockets.tcp(stream).unwrap().recv_slice(&mut buffer);
    assert_eq!(got, Ok(100));
}

#[test]
fn memory_for_one_small_packet_is_enough_for_it() {
    let storage = InterfaceStorage {
        reassembly: vec![litz::iface::ReassemblySlot::new(vec![
            0;
            litz::iface::ReassemblySlot::room_for(128)
        ])]
        .into(),
        ..InterfaceStorage::heap(MTU)
    };
    let mut host = Host::with_storage(storage);
    let socket = host.sockets.udp_bind(9).unwrap();
    let message = V4.udp_datagram(1000, 9, &[5; 120]);
    for frame in cut(V4, 17, 3, &message, 64) {
        host.silent(frame);
    }
    assert!(host.sockets.udp(socket).unwrap().recv().is_some());
    let message = V4.udp_datagram(1000, 9, &[5; 129]);
    let last = cut(V4, 17, 4, &message, 64).pop().unwrap();
    host.dropped(last, DropReason::Fragment);
}

//! IPv6 extension headers (RFC 8200 §4, RFC 8504 §5.3) and IPv4 options: what passes, what is
//! refused, and what the sender is told of it.

use std::net::Ipv6Addr;

use litz::iface::DropReason;
use litz::time::Duration;
use litz::wire::{Icmpv6, Icmpv6ParamProblem, IpProtocol, Nested};

use super::frames::{EVERYBODY, PEER_V4, Path, V4, V6, icmpv6, ip};
use super::host::{Host, OWN_V4, OWN_V6};

const ALL_NODES: Ipv6Addr = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 1);
const HOP_BY_HOP: u8 = 0;
const ROUTING: u8 = 43;
const FRAGMENT: u8 = 44;
const NOTHING: u8 = 59;
const OPTIONS: u8 = 60;

/// An extension header: its number, and its octets after the first, whose length is made to fit.
type Header<'a> = (u8, &'a [u8]);

/// A datagram to port 9 behind headers, in its frame.
fn behind(path: Path, headers: &[Header<'_>]) -> Vec<u8> {
    let (first, octets) = chain(headers, 17, &path.udp_datagram(1000, 9, b"hello"));
    path.ip(IpProtocol(first), &octets)
}

fn chain(headers: &[Header<'_>], last: u8, payload: &[u8]) -> (u8, Vec<u8>) {
    let mut octets = Vec::new();
    for (at, (_, body)) in headers.iter().enumerate() {
        octets.push(headers.get(at + 1).map_or(last, |next| next.0));
        octets.extend_from_slice(body);
        assert_eq!((1 + body.len()) % 8, 0, "a header of whole units");
    }
    octets.extend_from_slice(payload);
    (headers.first().map_or(last, |header| header.0), octets)
}

/// A host that listens on port 9.
struct Listening(Host, litz::UdpHandle);

impl Listening {
    fn new() -> Self {
        let mut host = Host::new();
        host.answers(super::frames::arp_request(
            PEER_V4,
            super::frames::PEER,
            OWN_V4,
        ));
        let socket = host.sockets.udp_bind(9).unwrap();
        Self(host, socket)
    }

    #[track_caller]
    fn passes(&mut self, headers: &[Header<'_>]) {
        self.0.silent(behind(V6, headers));
        let mut socket = self.0.sockets.udp(self.1).unwrap();
        assert_eq!(socket.recv().unwrap().1, b"hello");
    }

    /// The packet is refused, and the sender told so.
    #[track_caller]
    fn problem(&mut self, frame: Vec<u8>, reason: Icmpv6ParamProblem, pointer: u32) {
        self.0.now = self.0.now.saturating_add(Duration::from_secs(1));
        let packet = frame[14..].to_vec();
        let answer = self.0.answer(frame);
        icmpv6(&answer, |message| {
            let expected = Icmpv6::ParamProblem {
                reason,
                pointer,
                invoking: Nested::new(&packet),
            };
            assert_eq!(*message, expected);
        });
        assert!(self.0.sockets.udp(self.1).unwrap().recv().is_none());
    }

    #[track_caller]
    fn dropped(&mut self, frame: Vec<u8>, reason: DropReason) {
        self.0.dropped(frame, reason);
        assert!(self.0.sockets.udp(self.1).unwrap().recv().is_none());
    }
}

const PADN: [u8; 7] = [0, 1, 4, 0, 0, 0, 0];
/// A routing header of a type with segments left.
const fn route(kind: u8, left: u8) -> [u8; 7] {
    [0, kind, left, 0, 0, 0, 0]
}
/// A header with one unknown option of two octets, and padding.
const fn unknown(kind: u8) -> [u8; 7] {
    [0, kind, 2, 9, 9, 0, 0]
}

#[test]
fn headers_that_ask_for_nothing_are_passed() {
    let mut host = Listening::new();
    host.passes(&[]);
    host.passes(&[(HOP_BY_HOP, &PADN)]);
    host.passes(&[(OPTIONS, &PADN), (OPTIONS, &PADN)]);
    host.passes(&[(HOP_BY_HOP, &[0, 5, 2, 0, 0, 1, 0])]);
    host.passes(&[
        (HOP_BY_HOP, &PADN),
        (OPTIONS, &PADN),
        (ROUTING, &route(4, 0)),
        (OPTIONS, &PADN),
    ]);
    // Options that may be skipped (RFC 8200 §4.2, action 00).
    host.passes(&[(OPTIONS, &unknown(0x1e))]);
    host.passes(&[(HOP_BY_HOP, &unknown(0x3e))]);
}

#[test]
fn a_route_at_its_end_is_passed_whatever_its_type() {
    let mut host = Listening::new();
    for kind in [0, 2, 3, 4, 99, 255] {
        host.passes(&[(ROUTING, &route(kind, 0))]);
    }
}

#[test]
fn a_route_that_goes_on_is_refused_with_a_pointer_to_its_type() {
    // RFC 8200 §4.4, RFC 5095 §3.
    let mut host = Listening::new();
    for kind in [0, 2, 3, 4, 99, 255] {
        let frame = behind(V6, &[(ROUTING, &route(kind, 1))]);
        host.problem(frame, Icmpv6ParamProblem::ErroneousHeader, 42);
        let frame = behind(V6, &[(OPTIONS, &PADN), (ROUTING, &route(kind, 1))]);
        host.problem(frame, Icmpv6ParamProblem::ErroneousHeader, 50);
    }
}

#[test]
fn hop_by_hop_options_stand_first_or_not_at_all() {
    let mut host = Listening::new();
    let frame = behind(V6, &[(OPTIONS, &PADN), (HOP_BY_HOP, &PADN)]);
    host.problem(frame, Icmpv6ParamProblem::UnrecognizedNxtHdr, 40);
    let frame = behind(V6, &[(HOP_BY_HOP, &PADN), (HOP_BY_HOP, &PADN)]);
    host.problem(frame, Icmpv6ParamProblem::UnrecognizedNxtHdr, 40);
}

#[test]
fn an_unknown_option_is_treated_as_its_kind_says() {
    // RFC 8200 §4.2.
    let mut host = Listening::new();
    for header in [HOP_BY_HOP, OPTIONS] {
        host.dropped(
            behind(V6, &[(header, &unknown(0x5e))]),
            DropReason::IpOption,
        );
        for kind in [0x9e, 0xde] {
            let frame = behind(V6, &[(header, &unknown(kind))]);
            host.problem(frame, Icmpv6ParamProblem::UnrecognizedOption, 42);
            // Behind padding the pointer moves.
            let frame = behind(V6, &[(header, &[0, 1, 1, 0, kind, 1, 0])]);
            host.problem(frame, Icmpv6ParamProblem::UnrecognizedOption, 45);
        }
    }
    // Options that are declared and mean nothing here are unknown too: home address, jumbograms.
    let frame = behind(V6, &[(OPTIONS, &[0, 0xc2, 4, 0, 1, 0, 0])]);
    host.problem(frame, Icmpv6ParamProblem::UnrecognizedOption, 42);
}

#[test]
fn an_unknown_option_to_a_group_is_reported_only_with_the_action_that_says_so() {
    // RFC 8200 §4.2, RFC 4443 §2.4 (e.3); smoltcp #996.
    let mut host = Listening::new();
    let group = litz::wire::EthernetAddress([0x33, 0x33, 0, 0, 0, 1]);
    let path = V6.to(ALL_NODES).to_station(group);
    host.dropped(
        behind(path, &[(OPTIONS, &unknown(0x5e))]),
        DropReason::IpOption,
    );
    host.dropped(
        behind(path, &[(OPTIONS, &unknown(0xde))]),
        DropReason::IpOption,
    );
    let frame = behind(path, &[(OPTIONS, &unknown(0x9e))]);
    let answer = host.0.answer(frame);
    assert_eq!(ip(&answer).0, OWN_V6);
    icmpv6(&answer, |message| {
        let reported = matches!(
            message,
            Icmpv6::ParamProblem {
                reason: Icmpv6ParamProblem::UnrecognizedOption,
                pointer: 42,
                ..
            }
        );
        assert!(reported, "{message:?}");
    });
    // Nothing else about a group is reported.
    let frame = behind(path, &[(ROUTING, &route(0, 1))]);
    host.dropped(frame, DropReason::RoutingHeader);
}

#[test]
fn no_error_is_about_an_error_or_from_nowhere() {
    let mut host = Listening::new();
    let error = [1, 4, 0, 0, 0, 0, 0, 0];
    let (first, octets) = chain(&[(ROUTING, &route(0, 1))], 58, &error);
    host.dropped(V6.ip(IpProtocol(first), &octets), DropReason::RoutingHeader);
    let nowhere = V6.from(Ipv6Addr::UNSPECIFIED);
    let frame = behind(nowhere, &[(ROUTING, &route(0, 1))]);
    host.dropped(frame, DropReason::RoutingHeader);
    let frame = behind(V6.to_station(EVERYBODY), &[(ROUTING, &route(0, 1))]);
    host.dropped(frame, DropReason::RoutingHeader);
}

#[test]
fn an_unknown_protocol_is_reported_where_it_is_named() {
    // RFC 8200 §4: the pointer is that of the Next Header field.
    let mut host = Listening::new();
    let frame = V6.ip(IpProtocol(253), &[0; 8]);
    host.problem(frame, Icmpv6ParamProblem::UnrecognizedNxtHdr, 6);
    let (first, octets) = chain(&[(OPTIONS, &PADN), (ROUTING, &route(0, 0))], 253, &[0; 8]);
    let frame = V6.ip(IpProtocol(first), &octets);
    host.problem(frame, Icmpv6ParamProblem::UnrecognizedNxtHdr, 48);
}

#[test]
fn nothing_follows_where_nothing_is_said_to_follow() {
    let mut host = Listening::new();
    let (first, octets) = chain(&[(OPTIONS, &PADN)], NOTHING, b"whatever");
    let frame = V6.ip(IpProtocol(first), &octets);
    host.dropped(frame, DropReason::NoNextHeader);
    host.dropped(V6.ip(IpProtocol(NOTHING), b""), DropReason::NoNextHeader);
}

#[test]
fn headers_options_and_padding_are_bounded() {
    // RFC 8504 §5.3.
    let mut host = Listening::new();
    host.passes(&[(OPTIONS, &PADN[..]); 8]);
    host.dropped(
        behind(V6, &[(OPTIONS, &PADN[..]); 9]),
        DropReason::HeaderLimit,
    );
    let mut many = vec![2];
    many.extend_from_slice(&[0x1e, 0].repeat(8));
    many.extend_from_slice(&[1, 4, 0, 0, 0, 0]);
    host.passes(&[(OPTIONS, &many)]);
    let mut more = vec![2];
    more.extend_from_slice(&[0x1e, 0].repeat(11));
    host.dropped(behind(V6, &[(OPTIONS, &more)]), DropReason::HeaderLimit);
    let mut padding = vec![1];
    padding.extend_from_slice(&[0; 14]);
    host.dropped(behind(V6, &[(OPTIONS, &padding)]), DropReason::HeaderLimit);
}

#[test]
fn headers_that_are_cut_or_too_long_are_malformed() {
    let mut host = Listening::new();
    for header in [HOP_BY_HOP, ROUTING, FRAGMENT, OPTIONS] {
        let frame = behind(V6, &[(header, &PADN)]);
        for len in 54..60 {
            let mut short = frame[..len].to_vec();
            short[18..20].copy_from_slice(&((len - 54) as u16).to_be_bytes());
            host.0.silent(short);
        }
        if header != FRAGMENT {
            let mut long = behind(V6, &[(header, &PADN)]);
            long[55] = 200;
            host.dropped(long, DropReason::Malformed);
        }
    }
    // An option that is longer than its header.
    let frame = behind(V6, &[(OPTIONS, &[0, 0x1e, 9, 0, 0, 0, 0])]);
    host.dropped(frame, DropReason::Malformed);
    let frame = behind(V6, &[(OPTIONS, &[0, 0, 0, 0, 0, 0, 0x1e])]);
    host.dropped(frame, DropReason::Malformed);
}

#[test]
fn an_atomic_fragment_is_a_packet_by_itself() {
    // RFC 6946 §4: also while fragments with its number wait.
    let mut host = Listening::new();
    let ident = [0, 0, 0, 1];
    let first = [0, 0, 1, ident[0], ident[1], ident[2], ident[3]];
    let (next, octets) = chain(&[(FRAGMENT, &first)], 17, &[0; 16]);
    host.0.silent(V6.ip(IpProtocol(next), &octets));
    let atomic = [0, 0, 0, ident[0], ident[1], ident[2], ident[3]];
    host.passes(&[(FRAGMENT, &atomic)]);
    host.passes(&[(HOP_BY_HOP, &PADN), (FRAGMENT, &atomic), (OPTIONS, &PADN)]);
}

fn with_options(options: &[u8]) -> Vec<u8> {
    assert_eq!(options.len() % 4, 0);
    let datagram = V4.udp_datagram(1000, 9, b"hello");
    let mut frame = V4.ip(IpProtocol::Udp, &datagram);
    let header = 20 + options.len();
    frame[14] = 0x40 | (header / 4) as u8;
    frame.splice(34..34, options.iter().copied());
    let total = (header + datagram.len()) as u16;
    frame[16..18].copy_from_slice(&total.to_be_bytes());
    frame[24..26].fill(0);
    let sum = litz::wire::rt::Sum::of(&frame[14..14 + header]).finish();
    frame[24..26].copy_from_slice(&sum.to_be_bytes());
    frame
}

#[test]
fn ipv4_options_are_read_and_source_routes_refused() {
    // RFC 1122 §3.2.1.8, RFC 7126 §4.3, §4.4.
    let mut host = Listening::new();
    for options in [
        &[1, 1, 1, 1][..],
        &[0, 0, 0, 0],
        &[148, 4, 0, 0],
        &[7, 7, 4, 0, 0, 0, 0, 0],
        &[68, 8, 5, 0, 0, 0, 0, 0],
        &[99, 4, 1, 2],
    ] {
        host.0.silent(with_options(options));
        let mut socket = host.0.sockets.udp(host.1).unwrap();
        assert_eq!(socket.recv().unwrap().1, b"hello", "{options:?}");
    }
    for kind in [131, 137] {
        let frame = with_options(&[kind, 7, 4, 192, 0, 2, 9, 0]);
        host.dropped(frame, DropReason::RoutingHeader);
    }
    for options in [[99, 0, 0, 0], [99, 1, 0, 0], [99, 9, 0, 0], [1, 1, 1, 99]] {
        host.dropped(with_options(&options), DropReason::Malformed);
    }
}

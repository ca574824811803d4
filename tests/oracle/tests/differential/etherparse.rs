//! etherparse's slices beside ours, with what they are known to read otherwise.

use etherparse::{
    ArpPacketSlice, Ethernet2Slice, Icmpv4Slice, Icmpv6Slice, Ipv4Slice, Ipv6Slice,
    TcpOptionElement, TcpOptionsIterator, TcpSlice, UdpSlice,
};
use litz_oracle::facts;
use litz_oracle::facts::{Facts, Pair};
use litz_oracle::{generate, ours};

use super::{has_port_zero, octet};

fn ethernet(bytes: &[u8]) -> Option<Facts> {
    let frame = Ethernet2Slice::from_slice_without_fcs(bytes).ok()?;
    Some(facts!(
        dst_addr: frame.destination(),
        src_addr: frame.source(),
        ethertype: frame.ether_type().0;
        payload: frame.payload_slice()
    ))
}

#[test]
fn ethernet_frames() {
    Pair::new("Ethernet", generate::frame, ours::ethernet, ethernet).run();
}

fn arp(bytes: &[u8]) -> Option<Facts> {
    let packet = ArpPacketSlice::from_slice(bytes).ok()?;
    Some(facts!(
        htype: packet.hw_addr_type().0,
        ptype: packet.proto_addr_type().0,
        hlen: packet.hw_addr_size(),
        plen: packet.proto_addr_size(),
        oper: packet.operation().0;
        sha: packet.sender_hw_addr(),
        spa: packet.sender_protocol_addr(),
        tha: packet.target_hw_addr(),
        tpa: packet.target_protocol_addr()
    ))
}

#[test]
fn arp_of_any_address_lengths() {
    Pair::new("ARP", generate::arp, ours::arp, arp).run();
}

fn ipv4(bytes: &[u8]) -> Option<Facts> {
    let packet = Ipv4Slice::from_slice(bytes).ok()?;
    let header = packet.header();
    Some(facts!(
        version: header.version(),
        header_len: header.slice().len(),
        dscp: header.dcp().value(),
        ecn: header.ecn().value(),
        total_len: header.total_len(),
        ident: header.identification(),
        dont_frag: header.dont_fragment(),
        more_frags: header.more_fragments(),
        frag_offset: header.fragments_offset().byte_offset(),
        hop_limit: header.ttl(),
        next_header: header.protocol().0,
        checksum: header.header_checksum(),
        src_addr: header.source(),
        dst_addr: header.destination(),
        verifies: header.to_header().calc_header_checksum() == header.header_checksum();
        payload: packet.payload().payload,
        options: header.options()
    ))
}

#[test]
fn ipv4_packets() {
    Pair::new("IPv4", generate::ipv4, ours::ipv4, ipv4)
        .known(&[("etherparse follows an authentication header", |bytes| {
            octet(bytes, 9) == 51
        })])
        .run();
}

fn ipv6(bytes: &[u8]) -> Option<Facts> {
    let packet = Ipv6Slice::from_slice(bytes).ok()?;
    let header = packet.header();
    Some(facts!(
        version: header.version(),
        dscp: header.dscp().value(),
        ecn: header.ecn().value(),
        flow_label: header.flow_label().value(),
        payload_len: header.payload_length(),
        next_header: header.next_header().0,
        hop_limit: header.hop_limit(),
        src_addr: header.source(),
        dst_addr: header.destination();
        payload: packet.payload().payload
    ))
}

#[test]
fn ipv6_packets() {
    Pair::new("IPv6", generate::ipv6, ours::ipv6, ipv6)
        .known(&[
            ("etherparse follows extension headers", |bytes| {
                matches!(octet(bytes, 6), 0 | 43 | 44 | 51 | 60 | 135 | 139 | 140)
            }),
            (
                "etherparse takes a payload length of zero for what is there",
                |bytes| bytes.get(4..6) == Some(&[0, 0]),
            ),
        ])
        .run();
}

fn udp(bytes: &[u8]) -> Option<Facts> {
    let packet = UdpSlice::from_slice(bytes).ok()?;
    let (src, dst) = ours::ADDRS_V4;
    let sum = packet
        .to_header()
        .calc_checksum_ipv4_raw(src, dst, packet.payload())
        .ok()?;
    Some(facts!(
        src_port: packet.source_port(),
        dst_port: packet.destination_port(),
        length: packet.length(),
        checksum: packet.checksum(),
        verifies: packet.checksum() == 0 || sum == packet.checksum();
        payload: packet.payload()
    ))
}

#[test]
fn udp_datagrams() {
    Pair::new("UDP", generate::transport::udp, ours::udp, udp)
        .known(&[(
            "etherparse takes a length of zero for what is there",
            |bytes| bytes.get(4..6) == Some(&[0, 0]),
        )])
        .run();
}

fn tcp(bytes: &[u8]) -> Option<Facts> {
    let packet = TcpSlice::from_slice(bytes).ok()?;
    let (src, dst) = ours::ADDRS_V4;
    let sum = packet.calc_checksum_ipv4(src, dst).ok()?;
    Some(facts!(
        src_port: packet.source_port(),
        dst_port: packet.destination_port(),
        seq: packet.sequence_number(),
        ack_number: packet.acknowledgment_number(),
        header_len: packet.header_slice().len(),
        ns: packet.ns(),
        cwr: packet.cwr(),
        ece: packet.ece(),
        urg: packet.urg(),
        ack: packet.ack(),
        psh: packet.psh(),
        rst: packet.rst(),
        syn: packet.syn(),
        fin: packet.fin(),
        window: packet.window_size(),
        checksum: packet.checksum(),
        urgent: packet.urgent_pointer(),
        verifies: sum == packet.checksum();
        payload: packet.payload(),
        options: packet.options()
    ))
}

#[test]
fn tcp_segments() {
    Pair::new("TCP", generate::transport::tcp, ours::tcp, tcp)
        .known(&[("etherparse takes ports of zero", has_port_zero)])
        .run();
}

fn tcp_options(bytes: &[u8]) -> Option<Facts> {
    let mut facts = Facts::default();
    for option in TcpOptionsIterator::from_slice(bytes) {
        match option {
            Ok(TcpOptionElement::Noop) => facts.push("nop", true),
            Ok(TcpOptionElement::MaximumSegmentSize(mss)) => facts.push("mss", mss),
            Ok(TcpOptionElement::WindowScale(shift)) => facts.push("shift", shift),
            Ok(TcpOptionElement::SelectiveAcknowledgementPermitted) => {
                facts.push("sack_permitted", true);
            }
            Ok(TcpOptionElement::SelectiveAcknowledgement(first, more)) => {
                for (left, right) in [Some(first)].into_iter().chain(more).flatten().take(3) {
                    facts.push("left", left);
                    facts.push("right", right);
                }
            }
            Ok(TcpOptionElement::Timestamp(tsval, tsecr)) => {
                facts.push("tsval", tsval);
                facts.push("tsecr", tsecr);
            }
            Err(_) => {
                facts.push("fault", true);
                break;
            }
        }
    }
    Some(facts)
}

/// Our list up to the first option that etherparse does not know; that is a fault to it.
fn known_options(bytes: &[u8]) -> Option<Facts> {
    let mut facts = ours::tcp_options(bytes)?;
    if let Some(at) = facts.values.iter().position(|(name, _)| *name == "unknown") {
        facts.values.truncate(at);
        facts.push("fault", true);
    }
    Some(facts)
}

#[test]
fn lists_of_tcp_options() {
    Pair::new(
        "TCP options",
        generate::transport::tcp_options,
        known_options,
        tcp_options,
    )
    .lists()
    .run();
}

fn icmpv4(bytes: &[u8]) -> Option<Facts> {
    let packet = Icmpv4Slice::from_slice(bytes).ok()?;
    Some(facts!(
        msg_type: packet.type_u8(),
        code: packet.code_u8(),
        checksum: packet.checksum(),
    ))
}

#[test]
fn icmpv4_headers() {
    Pair::new("ICMPv4", generate::icmp::v4, ours::icmpv4, icmpv4)
        .known(&[
            ("etherparse wants eight octets of every message", |bytes| {
                bytes.len() < 8
            }),
            (
                "etherparse wants timestamps without anything behind them",
                |bytes| {
                    matches!(octet(bytes, 0), 13 | 14) && octet(bytes, 1) == 0 && bytes.len() != 20
                },
            ),
        ])
        .run();
}

fn icmpv6(bytes: &[u8]) -> Option<Facts> {
    let packet = Icmpv6Slice::from_slice(bytes).ok()?;
    let (src, dst) = ours::ADDRS_V6;
    Some(facts!(
        msg_type: packet.type_u8(),
        code: packet.code_u8(),
        checksum: packet.checksum(),
        verifies: packet.is_checksum_valid(src, dst),
    ))
}

#[test]
fn icmpv6_headers() {
    Pair::new("ICMPv6", generate::icmp::v6, ours::icmpv6, icmpv6)
        .known(
            &[("etherparse wants eight octets of every message", |bytes| {
                bytes.len() < 8
            })],
        )
        .run();
}

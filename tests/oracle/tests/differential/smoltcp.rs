//! smoltcp's packets beside ours, with what it is known to read otherwise.

use litz_oracle::facts;
use litz_oracle::facts::{Facts, Pair};
use litz_oracle::{generate, ours};
use smoltcp::wire;

use super::{has_port_zero, octet, some_option};

fn ethernet(bytes: &[u8]) -> Option<Facts> {
    let frame = wire::EthernetFrame::new_checked(bytes).ok()?;
    Some(facts!(
        dst_addr: frame.dst_addr().0,
        src_addr: frame.src_addr().0,
        ethertype: u16::from(frame.ethertype());
        payload: frame.payload()
    ))
}

#[test]
fn ethernet_frames() {
    Pair::new("Ethernet", generate::frame, ours::ethernet, ethernet).run();
}

fn arp(bytes: &[u8]) -> Option<Facts> {
    let packet = wire::ArpPacket::new_checked(bytes).ok()?;
    Some(facts!(
        htype: u16::from(packet.hardware_type()),
        ptype: u16::from(packet.protocol_type()),
        hlen: packet.hardware_len(),
        plen: packet.protocol_len(),
        oper: u16::from(packet.operation());
        sha: packet.source_hardware_addr(),
        spa: packet.source_protocol_addr(),
        tha: packet.target_hardware_addr(),
        tpa: packet.target_protocol_addr()
    ))
}

#[test]
fn arp_of_any_address_lengths() {
    Pair::new("ARP", generate::arp, ours::arp, arp).run();
}

fn ipv4(bytes: &[u8]) -> Option<Facts> {
    let packet = wire::Ipv4Packet::new_checked(bytes).ok()?;
    Some(facts!(
        version: packet.version(),
        header_len: packet.header_len(),
        dscp: packet.dscp(),
        ecn: packet.ecn(),
        total_len: packet.total_len(),
        ident: packet.ident(),
        dont_frag: packet.dont_frag(),
        more_frags: packet.more_frags(),
        frag_offset: packet.frag_offset(),
        hop_limit: packet.hop_limit(),
        next_header: u8::from(packet.next_header()),
        checksum: packet.checksum(),
        src_addr: packet.src_addr(),
        dst_addr: packet.dst_addr(),
        verifies: packet.verify_checksum();
        payload: packet.payload()
    ))
}

#[test]
fn ipv4_packets() {
    Pair::new("IPv4", generate::ipv4, ours::ipv4, ipv4)
        .known(&[(
            "smoltcp looks at the version later, in its representation",
            |bytes| octet(bytes, 0) >> 4 != 4,
        )])
        .run();
}

fn ipv6(bytes: &[u8]) -> Option<Facts> {
    let packet = wire::Ipv6Packet::new_checked(bytes).ok()?;
    Some(facts!(
        version: packet.version(),
        dscp: packet.traffic_class() >> 2,
        ecn: packet.traffic_class() & 3,
        flow_label: packet.flow_label(),
        payload_len: packet.payload_len(),
        next_header: u8::from(packet.next_header()),
        hop_limit: packet.hop_limit(),
        src_addr: packet.src_addr(),
        dst_addr: packet.dst_addr();
        payload: packet.payload()
    ))
}

#[test]
fn ipv6_packets() {
    Pair::new("IPv6", generate::ipv6, ours::ipv6, ipv6)
        .known(&[(
            "smoltcp looks at the version later, in its representation",
            |bytes| octet(bytes, 0) >> 4 != 6,
        )])
        .run();
}

fn addrs() -> (wire::IpAddress, wire::IpAddress) {
    let (src, dst) = ours::ADDRS_V4;
    let address = |octets| wire::IpAddress::Ipv4(wire::Ipv4Address::from(octets));
    (address(src), address(dst))
}

fn udp(bytes: &[u8]) -> Option<Facts> {
    let packet = wire::UdpPacket::new_checked(bytes).ok()?;
    let (src, dst) = addrs();
    Some(facts!(
        src_port: packet.src_port(),
        dst_port: packet.dst_port(),
        length: packet.len(),
        checksum: packet.checksum(),
        verifies: packet.verify_checksum(&src, &dst);
        payload: packet.payload()
    ))
}

#[test]
fn udp_datagrams() {
    Pair::new("UDP", generate::transport::udp, ours::udp, udp).run();
}

fn tcp(bytes: &[u8]) -> Option<Facts> {
    let packet = wire::TcpPacket::new_checked(bytes).ok()?;
    let (src, dst) = addrs();
    Some(facts!(
        src_port: packet.src_port(),
        dst_port: packet.dst_port(),
        seq: packet.seq_number().0 as u32,
        ack_number: packet.ack_number().0 as u32,
        header_len: packet.header_len(),
        ns: packet.ns(),
        cwr: packet.cwr(),
        ece: packet.ece(),
        urg: packet.urg(),
        ack: packet.ack(),
        psh: packet.psh(),
        rst: packet.rst(),
        syn: packet.syn(),
        fin: packet.fin(),
        window: packet.window_len(),
        checksum: packet.checksum(),
        urgent: packet.urgent_at(),
        verifies: packet.verify_checksum(&src, &dst);
        payload: packet.payload(),
        options: packet.options()
    ))
}

#[test]
fn tcp_segments() {
    Pair::new("TCP", generate::transport::tcp, ours::tcp, tcp)
        .known(&[(
            "smoltcp looks at ports of zero later, in its representation",
            has_port_zero,
        )])
        .run();
}

fn tcp_options(mut bytes: &[u8]) -> Option<Facts> {
    let mut facts = Facts::default();
    while !bytes.is_empty() {
        let Ok((rest, option)) = wire::TcpOption::parse(bytes) else {
            facts.push("fault", true);
            break;
        };
        bytes = rest;
        match option {
            wire::TcpOption::EndOfList => break,
            wire::TcpOption::NoOperation => facts.push("nop", true),
            wire::TcpOption::MaxSegmentSize(mss) => facts.push("mss", mss),
            wire::TcpOption::WindowScale(shift) => facts.push("shift", shift),
            wire::TcpOption::SackPermitted => facts.push("sack_permitted", true),
            wire::TcpOption::SackRange(ranges) => {
                for (left, right) in ranges.into_iter().flatten() {
                    facts.push("left", left);
                    facts.push("right", right);
                }
            }
            wire::TcpOption::TimeStamp { tsval, tsecr } => {
                facts.push("tsval", tsval);
                facts.push("tsecr", tsecr);
            }
            wire::TcpOption::Unknown { kind, data } => {
                facts.push("unknown", kind);
                facts.push("length", data.len());
            }
        }
    }
    Some(facts)
}

#[test]
fn lists_of_tcp_options() {
    Pair::new(
        "TCP options",
        generate::transport::tcp_options,
        ours::tcp_options,
        tcp_options,
    )
    .lists()
    .known(&[
        (
            "smoltcp takes a timestamp of another length for an unknown option",
            |bytes| some_option(bytes, |kind, len| kind == 8 && len != 10),
        ),
        (
            "smoltcp does not know MD5, user timeout, AO, MPTCP and fast open",
            |bytes| some_option(bytes, |kind, _| matches!(kind, 19 | 28..=30 | 34)),
        ),
        ("smoltcp takes more blocks than fit a header", |bytes| {
            some_option(bytes, |kind, len| kind == 5 && len > 34)
        }),
    ])
    .run();
}

fn icmpv4(bytes: &[u8]) -> Option<Facts> {
    let packet = wire::Icmpv4Packet::new_checked(bytes).ok()?;
    Some(facts!(
        msg_type: u8::from(packet.msg_type()),
        code: packet.msg_code(),
        checksum: packet.checksum(),
        verifies: packet.verify_checksum(),
    ))
}

#[test]
fn icmpv4_headers() {
    Pair::new("ICMPv4", generate::icmp::v4, ours::icmpv4, icmpv4)
        .known(&[("smoltcp wants eight octets of every message", |bytes| {
            bytes.len() < 8
        })])
        .run();
}

fn icmpv6(bytes: &[u8]) -> Option<Facts> {
    use wire::Icmpv6Message as Message;
    let packet = wire::Icmpv6Packet::new_checked(bytes).ok()?;
    let (src, dst) = ours::ADDRS_V6;
    let mut facts = facts!(
        msg_type: u8::from(packet.msg_type()),
        code: packet.msg_code(),
        checksum: packet.checksum(),
        verifies: packet.verify_checksum(&src.into(), &dst.into()),
    );
    match packet.msg_type() {
        Message::PktTooBig => facts.push("mtu", packet.pkt_too_big_mtu()),
        Message::ParamProblem => facts.push("pointer", packet.param_problem_ptr()),
        Message::EchoRequest | Message::EchoReply => {
            facts.push("ident", packet.echo_ident());
            facts.push("seq_no", packet.echo_seq_no());
            facts.octets.push(("data", packet.payload().to_vec()));
        }
        Message::RouterAdvert => {
            let flags = packet.router_flags();
            facts.push("hop_limit", packet.current_hop_limit());
            facts.push("managed", flags.contains(wire::NdiscRouterFlags::MANAGED));
            facts.push("other", flags.contains(wire::NdiscRouterFlags::OTHER));
            facts.push("router_lifetime", packet.router_lifetime().secs());
            facts.push("reachable_time", packet.reachable_time().total_millis());
            facts.push("retrans_time", packet.retrans_time().total_millis());
        }
        Message::NeighborSolicit => facts.push("target_addr", packet.target_addr()),
        Message::NeighborAdvert => {
            let flags = packet.neighbor_flags();
            facts.push("router", flags.contains(wire::NdiscNeighborFlags::ROUTER));
            facts.push(
                "solicited",
                flags.contains(wire::NdiscNeighborFlags::SOLICITED),
            );
            facts.push(
                "override",
                flags.contains(wire::NdiscNeighborFlags::OVERRIDE),
            );
            facts.push("target_addr", packet.target_addr());
        }
        Message::Redirect => {
            facts.push("target_addr", packet.target_addr());
            facts.push("dest_addr", packet.dest_addr());
        }
        _ => {}
    }
    Some(facts)
}

#[test]
fn icmpv6_messages() {
    Pair::new("ICMPv6", generate::icmp::v6, ours::icmpv6_message, icmpv6)
        .known(&[
            (
                "smoltcp refuses types that it does not know",
                |bytes| !matches!(octet(bytes, 0), 1..=4 | 128 | 129 | 133..=137),
            ),
            (
                "smoltcp does not look at codes that must be zero",
                |bytes| {
                    matches!(octet(bytes, 0), 2 | 128 | 129 | 133..=137) && octet(bytes, 1) != 0
                },
            ),
        ])
        .run();
}

fn ndisc_option(bytes: &[u8]) -> Option<Facts> {
    use wire::NdiscOptionRepr as Option_;
    let option = wire::NdiscOption::new_checked(bytes).ok()?;
    Some(match Option_::parse(&option).ok()? {
        Option_::SourceLinkLayerAddr(_) => facts!(kind: 1_u8),
        Option_::TargetLinkLayerAddr(_) => facts!(kind: 2_u8),
        Option_::PrefixInformation(prefix) => facts!(
            kind: 3_u8,
            prefix_len: prefix.prefix_len,
            on_link: prefix.flags.contains(wire::NdiscPrefixInfoFlags::ON_LINK),
            autonomous: prefix.flags.contains(wire::NdiscPrefixInfoFlags::ADDRCONF),
            valid_lifetime: prefix.valid_lifetime.secs(),
            preferred_lifetime: prefix.preferred_lifetime.secs(),
            prefix: prefix.prefix,
        ),
        Option_::RedirectedHeader(_) => facts!(kind: 4_u8),
        Option_::Mtu(mtu) => facts!(kind: 5_u8, mtu: mtu),
        Option_::Unknown { type_, data, .. } => facts!(kind: type_; data: data),
    })
}

#[test]
fn options_of_neighbor_discovery() {
    Pair::new(
        "NDISC option",
        generate::icmp::option,
        ours::ndisc_option,
        ndisc_option,
    )
    .known(&[
        (
            "smoltcp wants a whole packet in the option that quotes one",
            |bytes| octet(bytes, 0) == 4,
        ),
        ("smoltcp knows no options but those of RFC 4861", |bytes| {
            octet(bytes, 0) > 5
        }),
    ])
    .run();
}

//! What litz-wire says of a buffer, as facts, one function per protocol.

use crate::facts;
use crate::facts::Facts;
use litz_wire::rt::OptionItem;
use litz_wire::{
    ArpPacket, EthernetFrame, Icmpv4HeaderPacket, Icmpv6HeaderPacket, Ipv4Packet, Ipv6Packet,
    NdiscOption, Options, PseudoV4, PseudoV6, TcpOption, TcpPacket, UdpPacket,
};

/// Addresses for pseudo headers, as octets.
pub const ADDRS_V4: ([u8; 4], [u8; 4]) = ([192, 0, 2, 1], [198, 51, 100, 2]);
/// The same for IPv6.
pub const ADDRS_V6: ([u8; 16], [u8; 16]) = ([0x20; 16], [0xfd; 16]);

fn pseudo_v4() -> PseudoV4 {
    PseudoV4 {
        src_addr: ADDRS_V4.0.into(),
        dst_addr: ADDRS_V4.1.into(),
    }
}

fn pseudo_v6() -> PseudoV6 {
    PseudoV6 {
        src_addr: ADDRS_V6.0.into(),
        dst_addr: ADDRS_V6.1.into(),
    }
}

/// Ethernet II.
pub fn ethernet(bytes: &[u8]) -> Option<Facts> {
    let frame = EthernetFrame::new_checked(bytes).ok()?;
    Some(facts!(
        dst_addr: frame.dst_addr().octets(),
        src_addr: frame.src_addr().octets(),
        ethertype: frame.ethertype().0;
        payload: frame.payload()
    ))
}

/// ARP of any address lengths.
pub fn arp(bytes: &[u8]) -> Option<Facts> {
    let packet = ArpPacket::new_checked(bytes).ok()?;
    Some(facts!(
        htype: packet.htype(),
        ptype: packet.ptype().0,
        hlen: packet.hlen(),
        plen: packet.plen(),
        oper: packet.oper().0;
        sha: packet.sha(),
        spa: packet.spa(),
        tha: packet.tha(),
        tpa: packet.tpa()
    ))
}

/// IPv4.
pub fn ipv4(bytes: &[u8]) -> Option<Facts> {
    let packet = Ipv4Packet::new_checked(bytes).ok()?;
    Some(facts!(
        version: packet.version(),
        header_len: packet.header_len(),
        dscp: packet.dscp(),
        ecn: packet.ecn().0,
        total_len: packet.total_len(),
        ident: packet.ident(),
        dont_frag: packet.dont_frag(),
        more_frags: packet.more_frags(),
        frag_offset: packet.frag_offset(),
        hop_limit: packet.hop_limit(),
        next_header: packet.next_header().0,
        checksum: packet.checksum(),
        src_addr: packet.src_addr(),
        dst_addr: packet.dst_addr(),
        verifies: packet.verify_checksum();
        payload: packet.payload(),
        options: packet.options().as_bytes()?
    ))
}

/// IPv6.
pub fn ipv6(bytes: &[u8]) -> Option<Facts> {
    let packet = Ipv6Packet::new_checked(bytes).ok()?;
    Some(facts!(
        version: packet.version(),
        dscp: packet.dscp(),
        ecn: packet.ecn().0,
        flow_label: packet.flow_label(),
        payload_len: packet.payload_len(),
        next_header: packet.next_header().0,
        hop_limit: packet.hop_limit(),
        src_addr: packet.src_addr(),
        dst_addr: packet.dst_addr();
        payload: packet.payload()
    ))
}

/// UDP; the checksum is verified with [`ADDRS_V4`].
pub fn udp(bytes: &[u8]) -> Option<Facts> {
    let packet = UdpPacket::new_checked(bytes).ok()?;
    Some(facts!(
        src_port: packet.src_port(),
        dst_port: packet.dst_port(),
        length: packet.length(),
        checksum: packet.checksum(),
        verifies: packet.verify_checksum(&pseudo_v4());
        payload: packet.payload()
    ))
}

/// TCP; the checksum is verified with [`ADDRS_V4`].
pub fn tcp(bytes: &[u8]) -> Option<Facts> {
    let packet = TcpPacket::new_checked(bytes).ok()?;
    let flags = packet.flags();
    Some(facts!(
        src_port: packet.src_port(),
        dst_port: packet.dst_port(),
        seq: packet.seq().0,
        ack_number: packet.ack_number().0,
        header_len: packet.header_len(),
        ns: flags.ns,
        cwr: flags.cwr,
        ece: flags.ece,
        urg: flags.urg,
        ack: flags.ack,
        psh: flags.psh,
        rst: flags.rst,
        syn: flags.syn,
        fin: flags.fin,
        window: packet.window(),
        checksum: packet.checksum(),
        urgent: packet.urgent(),
        verifies: packet.verify_checksum(&pseudo_v4());
        payload: packet.payload(),
        options: packet.options().as_bytes()?
    ))
}

/// A list of TCP options up to its end or its first fault, which is the fact `fault`.
pub fn tcp_options(bytes: &[u8]) -> Option<Facts> {
    let mut facts = Facts::default();
    for option in Options::<TcpOption<'_>>::raw(bytes) {
        match option {
            Ok(TcpOption::End) => break,
            Ok(TcpOption::Nop) => facts.push("nop", true),
            Ok(TcpOption::Mss { mss }) => facts.push("mss", mss),
            Ok(TcpOption::WindowScale { shift }) => facts.push("shift", shift),
            Ok(TcpOption::SackPermitted) => facts.push("sack_permitted", true),
            Ok(TcpOption::Sack { blocks }) => {
                // The others keep no more than three, or four.
                for block in blocks.iter().take(3) {
                    facts.push("left", block.left.0);
                    facts.push("right", block.right.0);
                }
            }
            Ok(TcpOption::Timestamp { tsval, tsecr }) => {
                facts.push("tsval", tsval);
                facts.push("tsecr", tsecr);
            }
            Ok(TcpOption::Unknown { kind, data }) => {
                facts.push("unknown", kind);
                facts.push("length", data.len());
            }
            // The others do not know what else is declared.
            Ok(option) => {
                let mut buf = [0; 512];
                option.emit(&mut buf).ok()?;
                facts.push("unknown", buf[0]);
                facts.push("length", option.wire_len() - 2);
            }
            Err(_) => {
                facts.push("fault", true);
                break;
            }
        }
    }
    Some(facts)
}

/// The header that ICMPv4 messages share.
pub fn icmpv4(bytes: &[u8]) -> Option<Facts> {
    let packet = Icmpv4HeaderPacket::new_checked(bytes).ok()?;
    Some(facts!(
        msg_type: packet.msg_type(),
        code: packet.code(),
        checksum: packet.checksum(),
        verifies: packet.verify_checksum();
        body: packet.body()
    ))
}

/// The header that ICMPv6 messages share; the checksum is verified with [`ADDRS_V6`].
pub fn icmpv6(bytes: &[u8]) -> Option<Facts> {
    let packet = Icmpv6HeaderPacket::new_checked(bytes).ok()?;
    Some(facts!(
        msg_type: packet.msg_type(),
        code: packet.code(),
        checksum: packet.checksum(),
        verifies: packet.verify_checksum(&pseudo_v6());
        body: packet.body()
    ))
}

/// A whole ICMPv6 message with the fixed fields of its body, if its declaration is known.
pub fn icmpv6_message(bytes: &[u8]) -> Option<Facts> {
    use litz_wire::{Icmpv6 as Message, Ndisc};
    let packet = Icmpv6HeaderPacket::new_checked(bytes).ok()?;
    let mut facts = icmpv6(bytes)?;
    match Message::parse(&packet).ok()? {
        Message::PktTooBig { mtu, .. } => facts.push("mtu", mtu),
        Message::ParamProblem { pointer, .. } => facts.push("pointer", pointer),
        Message::EchoRequest {
            ident,
            seq_no,
            data,
        }
        | Message::EchoReply {
            ident,
            seq_no,
            data,
        } => {
            facts.push("ident", ident);
            facts.push("seq_no", seq_no);
            facts.octets.push(("data", data.to_vec()));
        }
        Message::Ndisc(Ndisc::RouterAdvert {
            hop_limit,
            managed,
            other,
            router_lifetime,
            reachable_time,
            retrans_time,
            ..
        }) => {
            facts.push("hop_limit", hop_limit);
            facts.push("managed", managed);
            facts.push("other", other);
            facts.push("router_lifetime", router_lifetime.0);
            facts.push("reachable_time", reachable_time.0);
            facts.push("retrans_time", retrans_time.0);
        }
        Message::Ndisc(Ndisc::NeighborSolicit { target_addr, .. }) => {
            facts.push("target_addr", target_addr);
        }
        Message::Ndisc(Ndisc::NeighborAdvert {
            router,
            solicited,
            override_,
            target_addr,
            ..
        }) => {
            facts.push("router", router);
            facts.push("solicited", solicited);
            facts.push("override", override_);
            facts.push("target_addr", target_addr);
        }
        Message::Ndisc(Ndisc::Redirect {
            target_addr,
            dest_addr,
            ..
        }) => {
            facts.push("target_addr", target_addr);
            facts.push("dest_addr", dest_addr);
        }
        _ => {}
    }
    Some(facts)
}

/// The first option of neighbor discovery in a list.
pub fn ndisc_option(bytes: &[u8]) -> Option<Facts> {
    let option = Options::<NdiscOption<'_>>::raw(bytes).iter().next()?.ok()?;
    Some(match option {
        NdiscOption::SourceLinkLayer { addr } => facts!(kind: 1_u8; addr: addr),
        NdiscOption::TargetLinkLayer { addr } => facts!(kind: 2_u8; addr: addr),
        NdiscOption::Prefix {
            prefix_len,
            on_link,
            autonomous,
            router_addr: _,
            valid_lifetime,
            preferred_lifetime,
            prefix,
        } => facts!(
            kind: 3_u8,
            prefix_len: prefix_len,
            on_link: on_link,
            autonomous: autonomous,
            valid_lifetime: valid_lifetime.0,
            preferred_lifetime: preferred_lifetime.0,
            prefix: prefix,
        ),
        NdiscOption::Redirected { packet } => facts!(kind: 4_u8; packet: packet.bytes()),
        NdiscOption::Mtu { mtu } => facts!(kind: 5_u8, mtu: mtu),
        NdiscOption::Rdnss { .. } => facts!(kind: 25_u8),
        NdiscOption::Unknown { kind, data } => facts!(kind: kind; data: data),
        // The others do not know what else is declared.
        option => {
            let mut buf = [0; 512];
            option.emit(&mut buf).ok()?;
            facts!(kind: buf[0]; data: buf.get(2..option.wire_len())?)
        }
    })
}

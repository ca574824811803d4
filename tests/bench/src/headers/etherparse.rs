//! The rows on etherparse, which has views of these headers, with `unsafe` inside.

use etherparse::{Ipv4Slice, Ipv6Slice, TcpSlice, UdpSlice};

use super::{fold, half};

#[inline(never)]
pub fn ipv4_tcp_fields(packet: &[u8]) -> u64 {
    let Ok(packet) = Ipv4Slice::from_slice(packet) else {
        return 0;
    };
    let Ok(tcp) = TcpSlice::from_slice(packet.payload().payload) else {
        return 0;
    };
    let ip = packet.header();
    fold!(
        ip.slice().len(),
        ip.dcp().value(),
        ip.ecn().value(),
        ip.total_len(),
        ip.identification(),
        ip.dont_fragment(),
        ip.more_fragments(),
        ip.fragments_offset().byte_offset(),
        ip.ttl(),
        ip.protocol().0,
        ip.header_checksum(),
        ip.source_addr().to_bits(),
        ip.destination_addr().to_bits(),
        tcp.source_port(),
        tcp.destination_port(),
        tcp.sequence_number(),
        tcp.acknowledgment_number(),
        tcp.header_slice().len(),
        tcp.cwr(),
        tcp.ece(),
        tcp.urg(),
        tcp.ack(),
        tcp.psh(),
        tcp.rst(),
        tcp.syn(),
        tcp.fin(),
        tcp.window_size(),
        tcp.checksum(),
        tcp.urgent_pointer(),
        tcp.options().len(),
        tcp.payload().len(),
    )
}

#[inline(never)]
pub fn ipv6_udp_fields(packet: &[u8]) -> u64 {
    let Ok(packet) = Ipv6Slice::from_slice(packet) else {
        return 0;
    };
    let Ok(udp) = UdpSlice::from_slice(packet.payload().payload) else {
        return 0;
    };
    let ip = packet.header();
    fold!(
        ip.traffic_class(),
        ip.flow_label().value(),
        ip.payload_length(),
        ip.next_header().0,
        ip.hop_limit(),
        half(ip.source()),
        half(ip.destination()),
        udp.source_port(),
        udp.destination_port(),
        udp.length(),
        udp.checksum(),
        udp.payload().len(),
    )
}

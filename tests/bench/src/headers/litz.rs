//! The rows on litz-wire.

use std::hint::black_box;

use litz_wire::{
    Icmpv6, Icmpv6HeaderPacket, IpProtocol, Ipv4Packet, Ipv4Repr, Ipv6Packet, Ipv6Repr, Options,
    Result, TcpOptionSet, TcpPacket, TcpRepr, UdpPacket, UdpRepr,
};

use super::{fold, half, packets};

#[inline(never)]
pub fn ipv4_tcp_fields(packet: &[u8]) -> u64 {
    let Ok(ip) = Ipv4Packet::new_checked(packet) else {
        return 0;
    };
    let Ok(tcp) = TcpPacket::new_checked(ip.payload()) else {
        return 0;
    };
    let flags = tcp.flags();
    fold!(
        ip.header_len(),
        ip.dscp(),
        ip.ecn().0,
        ip.total_len(),
        ip.ident(),
        ip.dont_frag(),
        ip.more_frags(),
        ip.frag_offset(),
        ip.hop_limit(),
        ip.next_header().0,
        ip.checksum(),
        ip.src_addr().to_bits(),
        ip.dst_addr().to_bits(),
        tcp.src_port(),
        tcp.dst_port(),
        tcp.seq().0,
        tcp.ack_number().0,
        tcp.header_len(),
        flags.cwr,
        flags.ece,
        flags.urg,
        flags.ack,
        flags.psh,
        flags.rst,
        flags.syn,
        flags.fin,
        tcp.window(),
        tcp.checksum(),
        tcp.urgent(),
        tcp.options().as_bytes().map_or(0, <[u8]>::len),
        tcp.payload().len(),
    )
}

#[inline(never)]
pub fn ipv4_tcp_values(packet: &[u8]) -> u64 {
    let Ok(ip) = Ipv4Packet::new_checked(packet) else {
        return 0;
    };
    let Ok(tcp) = TcpPacket::new_checked(ip.payload()) else {
        return 0;
    };
    let Ok(options) = TcpOptionSet::from_options(&tcp.options()) else {
        return 0;
    };
    black_box((&Ipv4Repr::of(&ip), &TcpRepr::of(&tcp), &options));
    1
}

fn read_tcp(packet: &[u8]) -> Result<(Ipv4Repr<'_>, TcpRepr<'_>, TcpOptionSet<'_>)> {
    let ip = Ipv4Packet::new_checked(packet)?;
    let tcp = TcpPacket::new_checked(ip.payload())?;
    let options = TcpOptionSet::from_options(&tcp.options())?;
    Ok((Ipv4Repr::of(&ip), TcpRepr::of(&tcp), options))
}

#[inline(never)]
fn ipv4_tcp_written(ip: &Ipv4Repr, tcp: &TcpRepr, options: &TcpOptionSet, buf: &mut [u8]) -> bool {
    let ip = Ipv4Repr {
        payload_len: options.encoded_len() + 20,
        ..*ip
    };
    ip.emit(buf)
        .and_then(|rest| tcp.emit_with(options, rest))
        .is_ok()
}

#[inline(never)]
pub fn ipv6_udp_fields(packet: &[u8]) -> u64 {
    let Ok(ip) = Ipv6Packet::new_checked(packet) else {
        return 0;
    };
    let Ok(udp) = UdpPacket::new_checked(ip.payload()) else {
        return 0;
    };
    fold!(
        (ip.dscp() << 2) | ip.ecn().0,
        ip.flow_label(),
        ip.payload_len(),
        ip.next_header().0,
        ip.hop_limit(),
        half(ip.src_addr().octets()),
        half(ip.dst_addr().octets()),
        udp.src_port(),
        udp.dst_port(),
        udp.length(),
        udp.checksum(),
        udp.payload().len(),
    )
}

#[inline(never)]
pub fn ipv6_udp_values(packet: &[u8]) -> u64 {
    let Ok(ip) = Ipv6Packet::new_checked(packet) else {
        return 0;
    };
    let Ok(udp) = UdpPacket::new_checked(ip.payload()) else {
        return 0;
    };
    black_box((&Ipv6Repr::of(&ip), &UdpRepr::of(&udp)));
    1
}

fn read_udp(packet: &[u8]) -> Result<(Ipv6Repr, UdpRepr)> {
    let ip = Ipv6Packet::new_checked(packet)?;
    let udp = UdpPacket::new_checked(ip.payload())?;
    Ok((Ipv6Repr::of(&ip), UdpRepr::of(&udp)))
}

#[inline(never)]
fn ipv6_udp_written(ip: &Ipv6Repr, udp: &UdpRepr, data: &[u8], buf: &mut [u8]) -> bool {
    let Ok(rest) = ip.emit(buf).and_then(|rest| udp.emit(rest)) else {
        return false;
    };
    put(rest, data)
}

/// The payload; both crates copy it so.
fn put(rest: &mut [u8], data: &[u8]) -> bool {
    let Some(to) = rest.get_mut(..data.len()) else {
        return false;
    };
    to.copy_from_slice(data);
    true
}

#[inline(never)]
pub fn ipv6_echo_values(packet: &[u8]) -> u64 {
    let Ok(ip) = Ipv6Packet::new_checked(packet) else {
        return 0;
    };
    let Ok(header) = Icmpv6HeaderPacket::new_checked(ip.payload()) else {
        return 0;
    };
    let Ok(echo) = Icmpv6::parse(&header) else {
        return 0;
    };
    black_box((&Ipv6Repr::of(&ip), &echo));
    1
}

fn read_echo(packet: &[u8]) -> Result<(Ipv6Repr, Icmpv6<'_>)> {
    let ip = Ipv6Packet::new_checked(packet)?;
    let header = Icmpv6HeaderPacket::new_checked(ip.payload())?;
    Ok((Ipv6Repr::of(&ip), Icmpv6::parse(&header)?))
}

#[inline(never)]
fn ipv6_echo_written(ip: &Ipv6Repr, echo: &Icmpv6, buf: &mut [u8]) -> bool {
    ip.emit(buf).and_then(|rest| echo.emit(rest)).is_ok()
}

/// Runs a row that writes.
pub fn write(row: &str, count: usize, buf: &mut [u8]) -> Option<()> {
    match row {
        "ipv4_tcp_written" => {
            let (ip, tcp, options) = read_tcp(&packets::TCP).ok()?;
            let tcp = TcpRepr {
                options: Options::EMPTY,
                ..tcp
            };
            for _ in 0..count {
                black_box(ipv4_tcp_written(
                    black_box(&ip),
                    &tcp,
                    &options,
                    black_box(buf),
                ));
            }
        }
        "ipv6_udp_written" => {
            let (ip, udp) = read_udp(&packets::UDP).ok()?;
            let data = packets::UDP.get(48..)?;
            for _ in 0..count {
                black_box(ipv6_udp_written(black_box(&ip), &udp, data, black_box(buf)));
            }
        }
        "ipv6_echo_written" => {
            let (ip, echo) = read_echo(&packets::ECHO).ok()?;
            debug_assert_eq!(ip.next_header, IpProtocol::Icmpv6);
            for _ in 0..count {
                black_box(ipv6_echo_written(black_box(&ip), &echo, black_box(buf)));
            }
        }
        _ => return None,
    }
    Some(())
}

//! The rows on smoltcp's wire module: without its checksums, and parsed and emitted with them.

use std::hint::black_box;

use ::smoltcp::phy::ChecksumCapabilities;
use ::smoltcp::wire::{
    Icmpv6Packet, Icmpv6Repr, IpAddress, Ipv4Packet, Ipv4Repr, Ipv6Packet, Ipv6Repr, Result,
    TcpPacket, TcpRepr, UdpPacket, UdpRepr,
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
    fold!(
        ip.header_len(),
        ip.dscp(),
        ip.ecn(),
        ip.total_len(),
        ip.ident(),
        ip.dont_frag(),
        ip.more_frags(),
        ip.frag_offset(),
        ip.hop_limit(),
        u8::from(ip.next_header()),
        ip.checksum(),
        ip.src_addr().to_bits(),
        ip.dst_addr().to_bits(),
        tcp.src_port(),
        tcp.dst_port(),
        tcp.seq_number().0 as u32,
        tcp.ack_number().0 as u32,
        tcp.header_len(),
        tcp.cwr(),
        tcp.ece(),
        tcp.urg(),
        tcp.ack(),
        tcp.psh(),
        tcp.rst(),
        tcp.syn(),
        tcp.fin(),
        tcp.window_len(),
        tcp.checksum(),
        tcp.urgent_at(),
        tcp.options().len(),
        tcp.payload().len(),
    )
}

#[inline(never)]
pub fn ipv4_tcp_values(packet: &[u8]) -> u64 {
    tcp_values(packet, &ChecksumCapabilities::ignored())
}

#[inline(never)]
pub fn ipv4_tcp_parsed(packet: &[u8]) -> u64 {
    tcp_values(packet, &ChecksumCapabilities::default())
}

#[inline(always)]
fn tcp_values(packet: &[u8], caps: &ChecksumCapabilities) -> u64 {
    let Ok(packet) = Ipv4Packet::new_checked(packet) else {
        return 0;
    };
    let Ok(ip) = Ipv4Repr::parse(&packet, caps) else {
        return 0;
    };
    let Ok(tcp) = TcpPacket::new_checked(packet.payload()) else {
        return 0;
    };
    let (src, dst) = (IpAddress::Ipv4(ip.src_addr), IpAddress::Ipv4(ip.dst_addr));
    let Ok(tcp) = TcpRepr::parse(&tcp, &src, &dst, caps) else {
        return 0;
    };
    black_box((&ip, &tcp));
    1
}

fn read_tcp(packet: &[u8]) -> Result<(Ipv4Repr, TcpRepr<'_>)> {
    let caps = ChecksumCapabilities::ignored();
    let packet = Ipv4Packet::new_checked(packet)?;
    let ip = Ipv4Repr::parse(&packet, &caps)?;
    let tcp = TcpPacket::new_checked(packet.payload())?;
    let (src, dst) = (IpAddress::Ipv4(ip.src_addr), IpAddress::Ipv4(ip.dst_addr));
    Ok((ip, TcpRepr::parse(&tcp, &src, &dst, &caps)?))
}

#[inline(never)]
fn ipv4_tcp_written(ip: &Ipv4Repr, tcp: &TcpRepr<'_>, buf: &mut [u8]) -> bool {
    put_tcp(ip, tcp, buf, &ChecksumCapabilities::ignored())
}

#[inline(never)]
fn ipv4_tcp_emitted(ip: &Ipv4Repr, tcp: &TcpRepr<'_>, buf: &mut [u8]) -> bool {
    put_tcp(ip, tcp, buf, &ChecksumCapabilities::default())
}

#[inline(always)]
fn put_tcp(ip: &Ipv4Repr, tcp: &TcpRepr<'_>, buf: &mut [u8], caps: &ChecksumCapabilities) -> bool {
    let mut packet = Ipv4Packet::new_unchecked(&mut *buf);
    ip.emit(&mut packet, caps);
    let Some(rest) = buf.get_mut(20..20 + tcp.buffer_len()) else {
        return false;
    };
    let (src, dst) = (IpAddress::Ipv4(ip.src_addr), IpAddress::Ipv4(ip.dst_addr));
    tcp.emit(&mut TcpPacket::new_unchecked(rest), &src, &dst, caps);
    true
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
        ip.traffic_class(),
        ip.flow_label(),
        ip.payload_len(),
        u8::from(ip.next_header()),
        ip.hop_limit(),
        half(ip.src_addr().octets()),
        half(ip.dst_addr().octets()),
        udp.src_port(),
        udp.dst_port(),
        udp.len(),
        udp.checksum(),
        udp.payload().len(),
    )
}

#[inline(never)]
pub fn ipv6_udp_values(packet: &[u8]) -> u64 {
    udp_values(packet, &ChecksumCapabilities::ignored())
}

#[inline(never)]
pub fn ipv6_udp_parsed(packet: &[u8]) -> u64 {
    udp_values(packet, &ChecksumCapabilities::default())
}

#[inline(always)]
fn udp_values(packet: &[u8], caps: &ChecksumCapabilities) -> u64 {
    let Ok(packet) = Ipv6Packet::new_checked(packet) else {
        return 0;
    };
    let Ok(ip) = Ipv6Repr::parse(&packet) else {
        return 0;
    };
    let Ok(udp) = UdpPacket::new_checked(packet.payload()) else {
        return 0;
    };
    let (src, dst) = (IpAddress::Ipv6(ip.src_addr), IpAddress::Ipv6(ip.dst_addr));
    let Ok(udp) = UdpRepr::parse(&udp, &src, &dst, caps) else {
        return 0;
    };
    black_box((&ip, &udp));
    1
}

fn read_udp(packet: &[u8]) -> Result<(Ipv6Repr, UdpRepr)> {
    let caps = ChecksumCapabilities::ignored();
    let packet = Ipv6Packet::new_checked(packet)?;
    let ip = Ipv6Repr::parse(&packet)?;
    let udp = UdpPacket::new_checked(packet.payload())?;
    let (src, dst) = (IpAddress::Ipv6(ip.src_addr), IpAddress::Ipv6(ip.dst_addr));
    Ok((ip, UdpRepr::parse(&udp, &src, &dst, &caps)?))
}

#[inline(never)]
fn ipv6_udp_written(ip: &Ipv6Repr, udp: &UdpRepr, data: &[u8], buf: &mut [u8]) -> bool {
    put_udp(ip, udp, data, buf, &ChecksumCapabilities::ignored())
}

#[inline(never)]
fn ipv6_udp_emitted(ip: &Ipv6Repr, udp: &UdpRepr, data: &[u8], buf: &mut [u8]) -> bool {
    put_udp(ip, udp, data, buf, &ChecksumCapabilities::default())
}

#[inline(always)]
fn put_udp(
    ip: &Ipv6Repr,
    udp: &UdpRepr,
    data: &[u8],
    buf: &mut [u8],
    caps: &ChecksumCapabilities,
) -> bool {
    let mut packet = Ipv6Packet::new_unchecked(&mut *buf);
    ip.emit(&mut packet);
    let Some(rest) = buf.get_mut(40..48 + data.len()) else {
        return false;
    };
    let (src, dst) = (IpAddress::Ipv6(ip.src_addr), IpAddress::Ipv6(ip.dst_addr));
    let mut packet = UdpPacket::new_unchecked(rest);
    let put = |to: &mut [u8]| to.copy_from_slice(data);
    udp.emit(&mut packet, &src, &dst, data.len(), put, caps);
    true
}

#[inline(never)]
pub fn ipv6_echo_values(packet: &[u8]) -> u64 {
    echo_values(packet, &ChecksumCapabilities::ignored())
}

#[inline(never)]
pub fn ipv6_echo_parsed(packet: &[u8]) -> u64 {
    echo_values(packet, &ChecksumCapabilities::default())
}

#[inline(always)]
fn echo_values(packet: &[u8], caps: &ChecksumCapabilities) -> u64 {
    let Ok(packet) = Ipv6Packet::new_checked(packet) else {
        return 0;
    };
    let Ok(ip) = Ipv6Repr::parse(&packet) else {
        return 0;
    };
    let Ok(icmp) = Icmpv6Packet::new_checked(packet.payload()) else {
        return 0;
    };
    let Ok(echo) = Icmpv6Repr::parse(&ip.src_addr, &ip.dst_addr, &icmp, caps) else {
        return 0;
    };
    black_box((&ip, &echo));
    1
}

fn read_echo(packet: &[u8]) -> Result<(Ipv6Repr, Icmpv6Repr<'_>)> {
    let caps = ChecksumCapabilities::ignored();
    let packet = Ipv6Packet::new_checked(packet)?;
    let ip = Ipv6Repr::parse(&packet)?;
    let icmp = Icmpv6Packet::new_checked(packet.payload())?;
    Ok((
        ip,
        Icmpv6Repr::parse(&ip.src_addr, &ip.dst_addr, &icmp, &caps)?,
    ))
}

#[inline(never)]
fn ipv6_echo_written(ip: &Ipv6Repr, echo: &Icmpv6Repr<'_>, buf: &mut [u8]) -> bool {
    put_echo(ip, echo, buf, &ChecksumCapabilities::ignored())
}

#[inline(never)]
fn ipv6_echo_emitted(ip: &Ipv6Repr, echo: &Icmpv6Repr<'_>, buf: &mut [u8]) -> bool {
    put_echo(ip, echo, buf, &ChecksumCapabilities::default())
}

#[inline(always)]
fn put_echo(
    ip: &Ipv6Repr,
    echo: &Icmpv6Repr<'_>,
    buf: &mut [u8],
    caps: &ChecksumCapabilities,
) -> bool {
    let mut packet = Ipv6Packet::new_unchecked(&mut *buf);
    ip.emit(&mut packet);
    let Some(rest) = buf.get_mut(40..40 + echo.buffer_len()) else {
        return false;
    };
    let mut packet = Icmpv6Packet::new_unchecked(rest);
    echo.emit(&ip.src_addr, &ip.dst_addr, &mut packet, caps);
    true
}

/// Runs a row that writes.
pub fn write(row: &str, count: usize, buf: &mut [u8]) -> Option<()> {
    match row {
        "ipv4_tcp_written" | "ipv4_tcp_emitted" => {
            let (ip, tcp) = read_tcp(&packets::TCP).ok()?;
            let put = match row {
                "ipv4_tcp_written" => ipv4_tcp_written,
                _ => ipv4_tcp_emitted,
            };
            for _ in 0..count {
                let (ip, tcp) = black_box((&ip, &tcp));
                black_box(put(ip, tcp, black_box(buf)));
            }
        }
        "ipv6_udp_written" | "ipv6_udp_emitted" => {
            let (ip, udp) = read_udp(&packets::UDP).ok()?;
            let data = packets::UDP.get(48..)?;
            let put = match row {
                "ipv6_udp_written" => ipv6_udp_written,
                _ => ipv6_udp_emitted,
            };
            for _ in 0..count {
                let (ip, udp, data) = black_box((&ip, &udp, data));
                black_box(put(ip, udp, data, black_box(buf)));
            }
        }
        "ipv6_echo_written" | "ipv6_echo_emitted" => {
            let (ip, echo) = read_echo(&packets::ECHO).ok()?;
            let put = match row {
                "ipv6_echo_written" => ipv6_echo_written,
                _ => ipv6_echo_emitted,
            };
            for _ in 0..count {
                let (ip, echo) = black_box((&ip, &echo));
                black_box(put(ip, echo, black_box(buf)));
            }
        }
        _ => return None,
    }
    Some(())
}

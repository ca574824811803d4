//! The rows on litz-wire.

use std::hint::black_box;

use litz_wire::rt::{self, PseudoHeader, PseudoV4, PseudoV6, Sum};
use litz_wire::{
    Icmpv6, Icmpv6Header, Icmpv6HeaderPacket, IpProtocol, Ipv4, Ipv4Packet, Ipv4Repr, Ipv6Packet,
    Ipv6Repr, Options, Result, Tcp, TcpOptionSet, TcpPacket, TcpRepr, Udp, UdpPacket, UdpRepr,
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
    tcp_values::<false>(packet)
}

#[inline(never)]
pub fn ipv4_tcp_parsed(packet: &[u8]) -> u64 {
    tcp_values::<true>(packet)
}

#[inline(always)]
fn tcp_values<const SUMS: bool>(packet: &[u8]) -> u64 {
    let Ok(ip) = Ipv4Packet::new_checked(packet) else {
        return 0;
    };
    let Ok(tcp) = TcpPacket::new_checked(ip.payload()) else {
        return 0;
    };
    let pseudo = PseudoV4 {
        src_addr: ip.src_addr(),
        dst_addr: ip.dst_addr(),
    };
    if SUMS && !(ip.verify_checksum() && tcp.verify_checksum(&pseudo)) {
        return 0;
    }
    let mut options = TcpOptionSet::default();
    if options.refill(&tcp.options()).is_err() {
        return 0;
    }
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
fn ipv4_tcp_emitted(ip: &Ipv4Repr, tcp: &TcpRepr, options: &TcpOptionSet, buf: &mut [u8]) -> bool {
    put_tcp(ip, tcp, options, buf).is_ok()
}

#[inline(always)]
fn put_tcp(ip: &Ipv4Repr, tcp: &TcpRepr, options: &TcpOptionSet, buf: &mut [u8]) -> Result<()> {
    let ip = Ipv4Repr {
        payload_len: options.encoded_len() + 20,
        ..*ip
    };
    let (header, rest) = ip.emit_split(buf)?;
    Ipv4::store_checksum(header, Sum::of(header).finish());
    let (segment, _) = tcp.emit_with(options, rest)?;
    let pseudo = PseudoV4 {
        src_addr: ip.src_addr,
        dst_addr: ip.dst_addr,
    };
    let sum = pseudo.sum(6, segment.len() as u32).add(Sum::of(segment));
    Tcp::store_checksum(segment, sum.finish());
    Ok(())
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
    udp_values::<false>(packet)
}

#[inline(never)]
pub fn ipv6_udp_parsed(packet: &[u8]) -> u64 {
    udp_values::<true>(packet)
}

#[inline(always)]
fn udp_values<const SUMS: bool>(packet: &[u8]) -> u64 {
    let Ok(ip) = Ipv6Packet::new_checked(packet) else {
        return 0;
    };
    let Ok(udp) = UdpPacket::new_checked(ip.payload()) else {
        return 0;
    };
    if SUMS && !udp.verify_checksum(&addresses(&ip)) {
        return 0;
    }
    black_box((&Ipv6Repr::of(&ip), &UdpRepr::of(&udp)));
    1
}

fn addresses(ip: &Ipv6Packet<'_>) -> PseudoV6 {
    PseudoV6 {
        src_addr: ip.src_addr(),
        dst_addr: ip.dst_addr(),
    }
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

#[inline(never)]
fn ipv6_udp_emitted(ip: &Ipv6Repr, udp: &UdpRepr, data: &[u8], buf: &mut [u8]) -> bool {
    put_udp(ip, udp, data, buf).is_ok()
}

#[inline(always)]
fn put_udp(ip: &Ipv6Repr, udp: &UdpRepr, data: &[u8], buf: &mut [u8]) -> Result<()> {
    let rest = ip.emit(buf)?;
    let (header, rest) = udp.emit_split(rest)?;
    // The copy of the payload sums it.
    let sum = match rest.get_mut(..data.len()) {
        Some(to) => Sum::copy(to, data).add(Sum::of(header)),
        None => return rt::fail!(BufferTooSmall, "Udp", "payload"),
    };
    let pseudo = PseudoV6 {
        src_addr: ip.src_addr,
        dst_addr: ip.dst_addr,
    };
    let sum = pseudo.sum(17, (header.len() + data.len()) as u32).add(sum);
    Udp::store_checksum(header, sum.finish());
    Ok(())
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
    echo_values::<false>(packet)
}

#[inline(never)]
pub fn ipv6_echo_parsed(packet: &[u8]) -> u64 {
    echo_values::<true>(packet)
}

#[inline(always)]
fn echo_values<const SUMS: bool>(packet: &[u8]) -> u64 {
    let Ok(ip) = Ipv6Packet::new_checked(packet) else {
        return 0;
    };
    let Ok(header) = Icmpv6HeaderPacket::new_checked(ip.payload()) else {
        return 0;
    };
    if SUMS && !header.verify_checksum(&addresses(&ip)) {
        return 0;
    }
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

#[inline(never)]
fn ipv6_echo_emitted(ip: &Ipv6Repr, echo: &Icmpv6, buf: &mut [u8]) -> bool {
    put_echo(ip, echo, buf).is_ok()
}

#[inline(always)]
fn put_echo(ip: &Ipv6Repr, echo: &Icmpv6, buf: &mut [u8]) -> Result<()> {
    let rest = ip.emit(buf)?;
    echo.emit(rest)?;
    let pseudo = PseudoV6 {
        src_addr: ip.src_addr,
        dst_addr: ip.dst_addr,
    };
    // The message is as long as the packet says.
    if let Some(message) = rest.get_mut(..ip.payload_len) {
        let sum = pseudo.sum(58, message.len() as u32).add(Sum::of(message));
        Icmpv6Header::store_checksum(message, sum.finish());
    }
    Ok(())
}

/// Runs a row that writes.
pub fn write(row: &str, count: usize, buf: &mut [u8]) -> Option<()> {
    match row {
        "ipv4_tcp_written" | "ipv4_tcp_emitted" => {
            let (ip, tcp, options) = read_tcp(&packets::TCP).ok()?;
            let tcp = TcpRepr {
                options: Options::EMPTY,
                ..tcp
            };
            let put = match row {
                "ipv4_tcp_written" => ipv4_tcp_written,
                _ => ipv4_tcp_emitted,
            };
            for _ in 0..count {
                let (ip, tcp, options) = black_box((&ip, &tcp, &options));
                black_box(put(ip, tcp, options, black_box(buf)));
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
            debug_assert_eq!(ip.next_header, IpProtocol::Icmpv6);
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

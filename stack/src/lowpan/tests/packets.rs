//! Packets and stations to try: every kind of address, header and padding, more often than chance
//! would have them.

use core::net::Ipv6Addr;
use std::vec::Vec;

use litz_hal::prng::Prng;
use litz_wire::{Ecn, Eui64, IpProtocol, Ipv6Repr, Pseudo, PseudoV6, ShortAddress};
use litz_wire::{UdpPacketMut, UdpRepr};

use crate::iface::HardwareAddr;
use crate::lowpan::{Context, Contexts, LinkAddrs};

pub(super) const LINK_LOCAL: u64 = 0xfe80 << 48;
pub(super) const GLOBAL: u64 = 0x2001_0db8_0000_0001;
pub(super) const OTHER: u64 = 0x2001_0db8_0000_0005;

pub(super) fn address(prefix: u64, iid: u64) -> Ipv6Addr {
    Ipv6Addr::from_bits(u128::from(prefix) << 64 | u128::from(iid))
}

pub(super) fn derived(prefix: u64, station: HardwareAddr) -> Ipv6Addr {
    address(prefix, u64::from_be_bytes(station.interface_id()))
}

/// Contexts of several lengths; 3 may not be used to compress.
pub(super) fn contexts() -> Contexts {
    let mut contexts = Contexts::new();
    let mut set = |number, prefix: Ipv6Addr, len| {
        assert!(contexts.set(number, Some(Context::new(prefix, len))));
    };
    set(0, address(GLOBAL, 0), 64);
    set(5, address(OTHER, 0), 64);
    set(6, address(0x2001_0db8_ffff_0000, 0), 48);
    set(7, address(0x2001_0db8_0000_0007, 0x1122_3344_0000_0000), 96);
    set(8, address(0x2001_0db8_0000_0008, 0x99), 128);
    set(15, address(0x2001_0db8_0000_000f, 0), 61);
    let receive_only = Context {
        compress: false,
        ..Context::new(address(0x2001_0db8_0000_0003, 0), 64)
    };
    assert!(contexts.set(3, Some(receive_only)));
    contexts
}

fn station(prng: &mut Prng) -> HardwareAddr {
    match prng.index(2) {
        0 => ShortAddress(prng.below(0xfffe) as u16).into(),
        _ => Eui64((prng.next_u64() & !(1 << 56)).to_be_bytes()).into(),
    }
}

pub(super) fn links(prng: &mut Prng) -> LinkAddrs {
    let dst = match prng.index(4) {
        0 => ShortAddress::BROADCAST.into(),
        _ => station(prng),
    };
    LinkAddrs {
        src: station(prng),
        dst,
    }
}

fn unicast(prng: &mut Prng, station: HardwareAddr) -> Ipv6Addr {
    let prefixes = [
        LINK_LOCAL,
        LINK_LOCAL | 1,
        GLOBAL,
        OTHER,
        0x2001_0db8_ffff_0000,
        0x2001_0db8_ffff_1234,
        0x2001_0db8_0000_0007,
        0x2001_0db8_0000_0008,
        0x2001_0db8_0000_000f,
        0x2001_0db8_0000_0008 | 7,
        0x2001_0db8_0000_0003,
    ];
    let prefix = match prng.index(prefixes.len() + 1) {
        place if place < prefixes.len() => prefixes[place],
        _ => prng.next_u64(),
    };
    let iid = match prng.index(6) {
        0 => u64::from_be_bytes(station.interface_id()),
        1 => 0x0000_00ff_fe00_0000 | prng.below(0x10000),
        2 => 0x1122_3344_0000_0000 | prng.below(1 << 32),
        3 => 0x99,
        4 => 0,
        _ => prng.next_u64(),
    };
    address(prefix, iid)
}

fn multicast(prng: &mut Prng) -> Ipv6Addr {
    let scope = 0xff00 | prng.below(256) as u16;
    let word = |prng: &mut Prng| prng.next_u64() as u16;
    match prng.index(7) {
        0 => Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, word(prng) & 0xff),
        1 => Ipv6Addr::new(scope, 0, 0, 0, 0, 0, word(prng) & 0xff, word(prng)),
        2 => Ipv6Addr::new(scope, 0, 0, 0, 0, word(prng) & 0xff, word(prng), word(prng)),
        3 => Ipv6Addr::new(scope, 0, 0, 0, 0, word(prng), word(prng), word(prng)),
        // Groups of a prefix, with lengths that fit the contexts and others.
        4 => Ipv6Addr::new(scope, 64, 0x2001, 0xdb8, 0, 1, word(prng), word(prng)),
        5 => Ipv6Addr::new(
            scope,
            0x730,
            0x2001,
            0xdb8,
            0xffff,
            0,
            word(prng),
            word(prng),
        ),
        _ => Ipv6Addr::from_bits(u128::from(prng.next_u64()) << 56 | 0xff << 120),
    }
}

/// An extension header: options with padding of all sorts, or other data.
fn extension(prng: &mut Prng, protocol: IpProtocol, next: IpProtocol) -> Vec<u8> {
    let units = match prng.index(12) {
        0 => 31 + prng.index(3),
        _ => prng.index(4),
    };
    let len = units * 8 + 6;
    let mut header = std::vec![next.0, units as u8];
    let options = matches!(protocol, IpProtocol::HopByHop | IpProtocol::Ipv6Opts);
    if !options || prng.index(6) == 0 {
        header.extend((0..len).map(|_| prng.next_u64() as u8));
        return header;
    }
    while header.len() < len + 2 {
        let left = len + 2 - header.len();
        match prng.index(4) {
            0 => header.push(0),
            1 if left >= 2 => {
                let body = prng.index(left - 1).min(9);
                header.extend([1, body as u8]);
                let dirt = if prng.index(4) == 0 { 1 } else { 0 };
                header.extend((0..body).map(|_| dirt));
            }
            2 if left >= 2 => {
                let body = prng.index(left - 1);
                header.extend([0x1e, body as u8]);
                header.extend((0..body).map(|_| prng.next_u64() as u8));
            }
            // Padding up to the end.
            _ => match left {
                1 => header.push(0),
                _ => {
                    header.extend([1, (left - 2) as u8]);
                    header.extend((2..left).map(|_| 0));
                }
            },
        }
    }
    header
}

/// A packet between stations, or between anybody.
pub(super) fn packet(prng: &mut Prng, link: &LinkAddrs) -> Vec<u8> {
    let src = match prng.index(8) {
        0 => Ipv6Addr::UNSPECIFIED,
        _ => unicast(prng, link.src),
    };
    let dst = match prng.index(3) {
        0 => multicast(prng),
        _ => unicast(prng, link.dst),
    };
    let kinds = [
        IpProtocol::HopByHop,
        IpProtocol::Ipv6Route,
        IpProtocol::Ipv6Opts,
        IpProtocol::Mobility,
        IpProtocol::Ipv6Frag,
    ];
    let extensions: Vec<IpProtocol> = (0..[0, 0, 0, 1, 2, 5][prng.index(6)])
        .map(|_| kinds[prng.index(kinds.len())])
        .collect();
    let last = [
        IpProtocol::Udp,
        IpProtocol::Udp,
        IpProtocol::Tcp,
        IpProtocol::Icmpv6,
        IpProtocol::Ipv6NoNxt,
        IpProtocol(prng.next_u64() as u8),
    ][prng.index(6)];
    let mut payload = Vec::new();
    for (place, &protocol) in extensions.iter().enumerate() {
        let next = extensions.get(place + 1).copied().unwrap_or(last);
        match protocol {
            IpProtocol::Ipv6Frag => {
                payload.extend([next.0, 0, 0, 1, 1, 2, 3, 4]);
            }
            _ => payload.extend(extension(prng, protocol, next)),
        }
    }
    let mut data: Vec<u8> = (0..prng.index(16)).map(|_| prng.next_u64() as u8).collect();
    if last == IpProtocol::Udp {
        data = any_udp(prng, &data);
    }
    payload.extend(data);
    let zero = |prng: &mut Prng| prng.index(2) == 0;
    let repr = Ipv6Repr {
        dscp: if zero(prng) { 0 } else { prng.below(64) as u8 },
        ecn: if zero(prng) {
            Ecn::NotEct
        } else {
            Ecn(prng.below(4) as u8)
        },
        flow_label: if zero(prng) {
            0
        } else {
            prng.below(1 << 20) as u32
        },
        next_header: extensions.first().copied().unwrap_or(last),
        hop_limit: [1, 64, 255, prng.next_u64() as u8][prng.index(4)],
        src_addr: src,
        dst_addr: dst,
        payload_len: payload.len(),
    };
    let mut packet = std::vec![0; repr.buffer_len()];
    repr.emit(&mut packet)
        .expect("room")
        .copy_from_slice(&payload);
    packet
}

/// A datagram whose ports, length and checksum are of any kind.
fn any_udp(prng: &mut Prng, data: &[u8]) -> Vec<u8> {
    let port = |prng: &mut Prng| match prng.index(3) {
        0 => 0xf0b0 | prng.below(16) as u16,
        1 => 0xf000 | prng.below(256) as u16,
        _ => prng.next_u64() as u16,
    };
    let repr = UdpRepr {
        src_port: port(prng),
        dst_port: port(prng),
        payload_len: data.len(),
    };
    let mut datagram = std::vec![0; repr.buffer_len()];
    let body = repr.emit(&mut datagram).expect("room");
    body.copy_from_slice(data);
    // Right, wrong, none; or the length is wrong.
    match prng.index(8) {
        0 => datagram[6..8].fill(0),
        1 => datagram[5] = datagram[5].wrapping_add(1),
        _ => datagram[6..8].copy_from_slice(&(prng.next_u64() as u16).to_be_bytes()),
    }
    datagram
}

/// A UDP datagram with a right checksum.
pub(super) fn udp(
    src_addr: Ipv6Addr,
    dst_addr: Ipv6Addr,
    ports: (u16, u16),
    data: &[u8],
    hop_limit: u8,
) -> Vec<u8> {
    let udp = UdpRepr {
        src_port: ports.0,
        dst_port: ports.1,
        payload_len: data.len(),
    };
    let repr = Ipv6Repr {
        next_header: IpProtocol::Udp,
        hop_limit,
        src_addr,
        dst_addr,
        payload_len: udp.buffer_len(),
        ..Ipv6Repr::default()
    };
    let mut packet = std::vec![0; repr.buffer_len()];
    let datagram = repr.emit(&mut packet).expect("room");
    udp.emit(datagram).expect("room").copy_from_slice(data);
    let pseudo = Pseudo::V6(PseudoV6 { src_addr, dst_addr });
    UdpPacketMut::new_checked(datagram)
        .expect("a datagram")
        .fill_checksum(&pseudo);
    packet
}

//! Frames as a peer sends them, built with the stack's own representations, and readers for what
//! the host answers.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use litz::wire::rt::{Options, Pseudo, PseudoHeader, PseudoV4, PseudoV6, Sum};
use litz::wire::{
    ArpEthIpv4Packet, ArpEthIpv4Repr, ArpOperation, Ecn, EtherType, EthernetAddress, EthernetFrame,
    EthernetRepr, Icmpv4, Icmpv4Header, Icmpv4HeaderPacket, Icmpv6, Icmpv6Header,
    Icmpv6HeaderPacket, IpProtocol, Ipv4, Ipv4Packet, Ipv4Repr, Ipv6Packet, Ipv6Repr, SeqNumber,
    Tcp, TcpFlags, TcpOption, TcpPacket, TcpRepr, Udp, UdpPacket, UdpRepr,
};

use super::host::{OWN, OWN_V4, OWN_V6};

pub(crate) const PEER: EthernetAddress = EthernetAddress([0x02, 0, 0, 0, 0, 2]);
pub(crate) const PEER_V4: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 2);
pub(crate) const PEER_V6: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 1, 0, 0, 0, 0, 2);
pub(crate) const EVERYBODY: EthernetAddress = EthernetAddress::BROADCAST;

/// Source and destination of a packet, with the stations that the frame is from and to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Path {
    pub(crate) station: EthernetAddress,
    pub(crate) to_station: EthernetAddress,
    pub(crate) src: IpAddr,
    pub(crate) dst: IpAddr,
    pub(crate) hop_limit: u8,
}

/// From the peer to the host, over IPv4.
pub(crate) const V4: Path = Path {
    station: PEER,
    to_station: OWN,
    src: IpAddr::V4(PEER_V4),
    dst: IpAddr::V4(OWN_V4),
    hop_limit: 64,
};

/// From the peer to the host, over IPv6.
pub(crate) const V6: Path = Path {
    src: IpAddr::V6(PEER_V6),
    dst: IpAddr::V6(OWN_V6),
    ..V4
};

impl Path {
    pub(crate) fn from(self, src: impl Into<IpAddr>) -> Self {
        Self {
            src: src.into(),
            ..self
        }
    }

    pub(crate) fn to(self, dst: impl Into<IpAddr>) -> Self {
        Self {
            dst: dst.into(),
            ..self
        }
    }

    pub(crate) fn to_station(self, to_station: EthernetAddress) -> Self {
        Self { to_station, ..self }
    }

    pub(crate) fn hop_limit(self, hop_limit: u8) -> Self {
        Self { hop_limit, ..self }
    }

    pub(crate) fn pseudo(self) -> Pseudo {
        match (self.src, self.dst) {
            (IpAddr::V4(src_addr), IpAddr::V4(dst_addr)) => {
                Pseudo::V4(PseudoV4 { src_addr, dst_addr })
            }
            (IpAddr::V6(src_addr), IpAddr::V6(dst_addr)) => {
                Pseudo::V6(PseudoV6 { src_addr, dst_addr })
            }
            _ => panic!("one version at a time"),
        }
    }

    /// The packet and its frame.
    pub(crate) fn ip(self, protocol: IpProtocol, payload: &[u8]) -> Vec<u8> {
        let ethertype = if self.src.is_ipv4() {
            EtherType::Ipv4
        } else {
            EtherType::Ipv6
        };
        ethernet(
            self.station,
            self.to_station,
            ethertype,
            &self.packet(protocol, payload),
        )
    }

    /// The packet without a frame.
    pub(crate) fn packet(self, protocol: IpProtocol, payload: &[u8]) -> Vec<u8> {
        match (self.src, self.dst) {
            (IpAddr::V4(src_addr), IpAddr::V4(dst_addr)) => ipv4(
                &Ipv4Repr {
                    dscp: 0,
                    ecn: Ecn::NotEct,
                    ident: 7,
                    dont_frag: false,
                    more_frags: false,
                    frag_offset: 0,
                    hop_limit: self.hop_limit,
                    next_header: protocol,
                    src_addr,
                    dst_addr,
                    options: Options::EMPTY,
                    payload_len: payload.len(),
                },
                payload,
            ),
            (IpAddr::V6(src_addr), IpAddr::V6(dst_addr)) => {
                let repr = Ipv6Repr {
                    dscp: 0,
                    ecn: Ecn::NotEct,
                    flow_label: 0,
                    next_header: protocol,
                    hop_limit: self.hop_limit,
                    src_addr,
                    dst_addr,
                    payload_len: payload.len(),
                };
                let mut packet = vec![0; repr.buffer_len()];
                repr.emit(&mut packet).unwrap().copy_from_slice(payload);
                packet
            }
            _ => panic!("one version at a time"),
        }
    }

    pub(crate) fn udp(self, src_port: u16, dst_port: u16, payload: &[u8]) -> Vec<u8> {
        self.ip(
            IpProtocol::Udp,
            &self.udp_datagram(src_port, dst_port, payload),
        )
    }

    pub(crate) fn udp_datagram(self, src_port: u16, dst_port: u16, payload: &[u8]) -> Vec<u8> {
        let repr = UdpRepr {
            src_port,
            dst_port,
            payload_len: payload.len(),
        };
        let mut datagram = vec![0; repr.buffer_len()];
        repr.emit(&mut datagram).unwrap().copy_from_slice(payload);
        let sum = self.sum(IpProtocol::Udp, &datagram);
        Udp::store_checksum(&mut datagram, if sum == 0 { 0xffff } else { sum });
        datagram
    }

    pub(crate) fn icmpv4(self, message: &Icmpv4<'_>) -> Vec<u8> {
        let mut octets = vec![0; message.buffer_len()];
        message.emit(&mut octets).unwrap();
        let sum = Sum::of(&octets).finish();
        Icmpv4Header::store_checksum(&mut octets, sum);
        self.ip(IpProtocol::Icmp, &octets)
    }

    pub(crate) fn icmpv6(self, message: &Icmpv6<'_>) -> Vec<u8> {
        let mut octets = vec![0; message.buffer_len()];
        message.emit(&mut octets).unwrap();
        self.icmpv6_octets(octets)
    }

    /// A message as it is, with its checksum.
    pub(crate) fn icmpv6_octets(self, mut octets: Vec<u8>) -> Vec<u8> {
        octets[2..4].fill(0);
        let sum = self.sum(IpProtocol::Icmpv6, &octets);
        Icmpv6Header::store_checksum(&mut octets, sum);
        self.ip(IpProtocol::Icmpv6, &octets)
    }

    pub(crate) fn tcp(self, segment: &Seg<'_>) -> Vec<u8> {
        self.ip(IpProtocol::Tcp, &self.tcp_segment(segment))
    }

    /// A segment as it is, with its checksum.
    pub(crate) fn with_tcp_checksum(self, mut octets: Vec<u8>) -> Vec<u8> {
        octets[16..18].fill(0);
        let sum = self.sum(IpProtocol::Tcp, &octets);
        Tcp::store_checksum(&mut octets, sum);
        octets
    }

    pub(crate) fn tcp_segment(self, segment: &Seg<'_>) -> Vec<u8> {
        let repr = TcpRepr {
            src_port: segment.src_port,
            dst_port: segment.dst_port,
            seq: SeqNumber(segment.seq),
            ack_number: SeqNumber(segment.ack),
            flags: segment.flags,
            window: segment.window,
            urgent: 0,
            options: Options::items(segment.options),
            payload_len: segment.payload.len(),
        };
        let mut octets = vec![0; repr.buffer_len()];
        repr.emit(&mut octets)
            .unwrap()
            .copy_from_slice(segment.payload);
        let sum = self.sum(IpProtocol::Tcp, &octets);
        Tcp::store_checksum(&mut octets, sum);
        octets
    }

    fn sum(self, protocol: IpProtocol, octets: &[u8]) -> u16 {
        let len = u32::try_from(octets.len()).unwrap();
        Sum::of(octets)
            .add(self.pseudo().sum(protocol.0, len))
            .finish()
    }
}

/// A TCP segment that a peer sends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seg<'a> {
    pub(crate) src_port: u16,
    pub(crate) dst_port: u16,
    pub(crate) seq: u32,
    pub(crate) ack: u32,
    pub(crate) flags: TcpFlags,
    pub(crate) window: u16,
    pub(crate) options: &'a [TcpOption<'a>],
    pub(crate) payload: &'a [u8],
}

pub(crate) const SYN: TcpFlags = flags(1);
pub(crate) const ACK: TcpFlags = flags(2);
pub(crate) const SYN_ACK: TcpFlags = flags(3);
pub(crate) const FIN_ACK: TcpFlags = flags(6);
pub(crate) const RST: TcpFlags = flags(8);
pub(crate) const RST_ACK: TcpFlags = flags(10);

const fn flags(bits: u8) -> TcpFlags {
    TcpFlags {
        syn: bits & 1 != 0,
        ack: bits & 2 != 0,
        fin: bits & 4 != 0,
        rst: bits & 8 != 0,
        psh: false,
        urg: false,
        ece: false,
        cwr: false,
        ns: false,
    }
}

/// The flags of two segments in one.
pub(crate) fn both(one: TcpFlags, other: TcpFlags) -> TcpFlags {
    TcpFlags {
        syn: one.syn | other.syn,
        ack: one.ack | other.ack,
        fin: one.fin | other.fin,
        rst: one.rst | other.rst,
        ..TcpFlags::default()
    }
}

impl<'a> Seg<'a> {
    /// A SYN to port 80.
    pub(crate) const fn syn(src_port: u16) -> Self {
        Self {
            src_port,
            dst_port: 80,
            seq: 1000,
            ack: 0,
            flags: SYN,
            window: 8192,
            options: &[],
            payload: &[],
        }
    }

    /// What follows that SYN: an ACK for what the host sent last.
    pub(crate) const fn ack(src_port: u16, ack: u32) -> Self {
        Self {
            seq: 1001,
            ack,
            flags: ACK,
            ..Self::syn(src_port)
        }
    }

    pub(crate) const fn flags(self, flags: TcpFlags) -> Self {
        Self { flags, ..self }
    }

    pub(crate) const fn payload(self, payload: &'a [u8]) -> Self {
        Self { payload, ..self }
    }
}

/// A TCP segment that the host sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sent {
    pub(crate) src: IpAddr,
    pub(crate) dst: IpAddr,
    pub(crate) src_port: u16,
    pub(crate) dst_port: u16,
    pub(crate) seq: u32,
    pub(crate) ack: u32,
    pub(crate) flags: TcpFlags,
    pub(crate) payload: Vec<u8>,
}

/// Read a frame that must be a TCP segment with right checksums.
#[track_caller]
pub(crate) fn tcp(frame: &[u8]) -> Sent {
    let (src, dst, protocol, payload) = ip(frame);
    assert_eq!(protocol, IpProtocol::Tcp);
    let packet = TcpPacket::new_checked(&payload).unwrap();
    let path = V4.from(src).to(dst);
    assert!(packet.verify_checksum(&path.pseudo()), "TCP checksum");
    Sent {
        src,
        dst,
        src_port: packet.src_port(),
        dst_port: packet.dst_port(),
        seq: packet.seq().0,
        ack: packet.ack_number().0,
        flags: packet.flags(),
        payload: packet.payload().to_vec(),
    }
}

/// Read a frame that must be a UDP datagram with right checksums: ports and payload.
#[track_caller]
pub(crate) fn udp(frame: &[u8]) -> (u16, u16, Vec<u8>) {
    let (src, dst, protocol, payload) = ip(frame);
    assert_eq!(protocol, IpProtocol::Udp);
    let packet = UdpPacket::new_checked(&payload).unwrap();
    assert_ne!(packet.checksum(), 0, "a datagram has a checksum");
    assert!(
        packet.verify_checksum(&V4.from(src).to(dst).pseudo()),
        "UDP checksum"
    );
    (
        packet.src_port(),
        packet.dst_port(),
        packet.payload().to_vec(),
    )
}

/// Read a frame that must be an ICMPv4 message, and show it to `look`.
#[track_caller]
pub(crate) fn icmpv4<R>(frame: &[u8], look: impl FnOnce(&Icmpv4<'_>) -> R) -> R {
    let (_, _, protocol, payload) = ip(frame);
    assert_eq!(protocol, IpProtocol::Icmp);
    let packet = Icmpv4HeaderPacket::new_checked(&payload).unwrap();
    assert!(packet.verify_checksum(), "ICMP checksum");
    look(&Icmpv4::parse(&packet).unwrap())
}

/// Read a frame that must be an ICMPv6 message, and show it to `look`.
#[track_caller]
pub(crate) fn icmpv6<R>(frame: &[u8], look: impl FnOnce(&Icmpv6<'_>) -> R) -> R {
    let (src, dst, protocol, payload) = ip(frame);
    assert_eq!(protocol, IpProtocol::Icmpv6);
    let packet = Icmpv6HeaderPacket::new_checked(&payload).unwrap();
    assert!(
        packet.verify_checksum(&V4.from(src).to(dst).pseudo()),
        "ICMPv6 checksum"
    );
    look(&Icmpv6::parse(&packet).unwrap())
}

/// Read a frame that must be an IP packet from the host: addresses, protocol and payload.
#[track_caller]
pub(crate) fn ip(frame: &[u8]) -> (IpAddr, IpAddr, IpProtocol, Vec<u8>) {
    let frame = EthernetFrame::new_checked(frame).unwrap();
    assert_eq!(frame.src_addr(), OWN);
    match frame.ethertype() {
        EtherType::Ipv4 => {
            let packet = Ipv4Packet::new_checked(frame.payload()).unwrap();
            assert!(packet.verify_checksum(), "IP checksum");
            assert_eq!(packet.bytes().len(), frame.payload().len());
            let (src, dst) = (packet.src_addr().into(), packet.dst_addr().into());
            (src, dst, packet.next_header(), packet.payload().to_vec())
        }
        EtherType::Ipv6 => {
            let packet = Ipv6Packet::new_checked(frame.payload()).unwrap();
            let (src, dst) = (packet.src_addr().into(), packet.dst_addr().into());
            (src, dst, packet.next_header(), packet.payload().to_vec())
        }
        other => panic!("an IP packet, not {other}"),
    }
}

/// Stations of a frame: from and to.
pub(crate) fn stations(frame: &[u8]) -> (EthernetAddress, EthernetAddress) {
    let frame = EthernetFrame::new_checked(frame).unwrap();
    (frame.src_addr(), frame.dst_addr())
}

/// The frames that are not ARP.
pub(crate) fn packets(frames: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    frames
        .into_iter()
        .filter(|frame| arp(frame).is_none())
        .collect()
}

/// Read a frame, if it is ARP.
pub(crate) fn arp(frame: &[u8]) -> Option<ArpEthIpv4Repr> {
    let frame = EthernetFrame::new_checked(frame).unwrap();
    (frame.ethertype() == EtherType::Arp).then(|| {
        let packet = ArpEthIpv4Packet::new_checked(frame.payload()).unwrap();
        ArpEthIpv4Repr::parse(&packet).unwrap()
    })
}

pub(crate) fn ethernet(
    src_addr: EthernetAddress,
    dst_addr: EthernetAddress,
    ethertype: EtherType,
    payload: &[u8],
) -> Vec<u8> {
    let repr = EthernetRepr {
        dst_addr,
        src_addr,
        ethertype,
        payload_len: payload.len(),
    };
    let mut frame = vec![0; repr.buffer_len()];
    repr.emit(&mut frame).unwrap().copy_from_slice(payload);
    frame
}

/// An IPv4 packet with its checksum.
pub(crate) fn ipv4(repr: &Ipv4Repr<'_>, payload: &[u8]) -> Vec<u8> {
    let mut packet = vec![0; repr.buffer_len()];
    let (header, rest) = repr.emit_split(&mut packet).unwrap();
    rest.copy_from_slice(payload);
    let sum = Sum::of(header).finish();
    Ipv4::store_checksum(header, sum);
    packet
}

/// An ARP packet in its frame, to everybody if it is a request.
pub(crate) fn arp_frame(repr: &ArpEthIpv4Repr, to: EthernetAddress) -> Vec<u8> {
    let mut packet = [0; 28];
    repr.emit(&mut packet).unwrap();
    ethernet(repr.sha, to, EtherType::Arp, &packet)
}

pub(crate) fn arp_request(spa: Ipv4Addr, sha: EthernetAddress, tpa: Ipv4Addr) -> Vec<u8> {
    let tha = EthernetAddress([0; 6]);
    arp_frame(
        &ArpEthIpv4Repr {
            oper: ArpOperation::Request,
            sha,
            spa,
            tha,
            tpa,
        },
        EVERYBODY,
    )
}

/// An answer to the host's question.
pub(crate) fn arp_reply(spa: Ipv4Addr, sha: EthernetAddress) -> Vec<u8> {
    let (tha, tpa) = (OWN, OWN_V4);
    arp_frame(
        &ArpEthIpv4Repr {
            oper: ArpOperation::Reply,
            sha,
            spa,
            tha,
            tpa,
        },
        OWN,
    )
}

/// The link-local address that a station derives from its hardware address.
pub(crate) fn link_local(station: EthernetAddress) -> Ipv6Addr {
    match litz::IpCidr::link_local(station).addr() {
        IpAddr::V6(addr) => addr,
        IpAddr::V4(_) => panic!("link-local addresses are of IPv6"),
    }
}

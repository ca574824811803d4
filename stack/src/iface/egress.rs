//! Sending: what waits for neighbors, neighbor solicitations, and what sockets have, each packet
//! written once, straight into the device's buffer.

use core::net::IpAddr;

use litz_hal::time::Instant;
use litz_hal::{Capabilities, Device, TxMeta, TxToken};
use litz_wire::rt::{Options, Pseudo, PseudoHeader, Sum};
use litz_wire::{
    Ecn, EtherType, EthernetAddress, EthernetRepr, Icmpv4, Icmpv4Header, Icmpv6, IpProtocol, Ipv4,
    Ipv4Repr, Ipv6Repr, Tcp, TcpRepr, Udp, UdpRepr,
};

use super::counters::DropReason;
use super::icmp::emit_icmpv6;
use super::ingress::{Context, Verdict};
use super::neighbor::{Resolution, Solicit};
use super::transport::{TCP, pseudo};
use super::{Interface, Link};
use crate::addr::multicast_hardware_addr;
use crate::socket::tcp::{Mss, Outgoing};
use crate::socket::{EchoMeta, SocketSet, TcpCandidate, Tuple, UdpMeta};

/// Octets of an Ethernet header.
const ETHERNET_HEADER: usize = 14;
/// Octets of an IPv4 header without options, and of an IPv6 header.
const IPV4_HEADER: usize = 20;
const IPV6_HEADER: usize = 40;
/// Octets of a TCP header without options.
const TCP_HEADER: usize = 20;
/// Octets of the longest TCP options.
const TCP_OPTIONS: usize = 40;
/// Octets of a UDP header.
const UDP_HEADER: usize = 8;
/// Hop limit of TCP segments (RFC 9293 §3.9.2, MUST-49: configurable; RFC 1700's default).
const HOP_LIMIT: u8 = 64;

/// What is to be sent next.
#[derive(Clone, Copy, Debug)]
enum Work {
    /// A packet whose next hop has been resolved or given up.
    Pending,
    /// A neighbor solicitation.
    Solicit,
    /// A connection's segment.
    Tcp(TcpCandidate),
    /// A socket's datagram.
    Udp(u32),
    /// A socket's echo request.
    Echo(u32),
}

/// What an IP header is written from.
#[derive(Clone, Copy, Debug)]
pub(super) struct IpOutput {
    pub(super) src: IpAddr,
    pub(super) dst: IpAddr,
    pub(super) protocol: IpProtocol,
    pub(super) hop_limit: u8,
    pub(super) dont_frag: bool,
    pub(super) payload_len: usize,
}

impl IpOutput {
    /// The header of a TCP segment.
    #[inline]
    pub(super) fn tcp(tuple: &Tuple, segment: &Outgoing<'_>) -> Self {
        let [first, second] = segment.payload;
        Self {
            src: tuple.local.addr,
            dst: tuple.remote.addr,
            protocol: IpProtocol::Tcp,
            hop_limit: HOP_LIMIT,
            dont_frag: true,
            payload_len: TCP_HEADER
                .saturating_add(segment.options.encoded_len())
                .saturating_add(first.len())
                .saturating_add(second.len()),
        }
    }

    #[inline]
    const fn len(&self) -> usize {
        let header = if self.src.is_ipv4() {
            IPV4_HEADER
        } else {
            IPV6_HEADER
        };
        header.saturating_add(self.payload_len)
    }
}

/// Payload octets of a TCP segment without options on a link of this MTU (RFC 6691).
pub(super) const fn tcp_mss(ip_mtu: usize, addr: IpAddr) -> Mss {
    let headers = if addr.is_ipv4() {
        IPV4_HEADER + TCP_HEADER
    } else {
        IPV6_HEADER + TCP_HEADER
    };
    let octets = ip_mtu.saturating_sub(headers);
    Mss(if octets > 0xffff {
        0xffff
    } else {
        octets as u16
    })
}

/// Write a TCP segment: header, options, and the payload's two pieces in one pass with their sum.
#[inline]
pub(super) fn emit_tcp(
    tuple: &Tuple,
    segment: &Outgoing<'_>,
    buffer: &mut [u8],
    pseudo: &Pseudo,
    fill: bool,
) {
    let total = u32::try_from(buffer.len()).unwrap_or(u32::MAX);
    let mut options = [0; TCP_OPTIONS];
    let options_len = segment.options.encoded_len();
    if options_len > 0 && segment.options.emit(&mut options).is_err() {
        return;
    }
    let [first, second] = segment.payload;
    let repr = TcpRepr {
        src_port: tuple.local.port,
        dst_port: tuple.remote.port,
        seq: segment.seq,
        ack_number: segment.ack,
        flags: segment.flags,
        window: segment.window,
        urgent: 0,
        options: Options::raw(options.get(..options_len).unwrap_or(&[])),
        payload_len: first.len().saturating_add(second.len()),
    };
    let Ok((header, payload)) = repr.emit_split(buffer) else {
        return;
    };
    if fill {
        let Some((front, back)) = payload.split_at_mut_checked(first.len()) else {
            return;
        };
        let mut sum = Sum::copy(front, first);
        if !second.is_empty() {
            sum = sum.concat(first.len(), Sum::copy(back, second));
        }
        let sum = Sum::of(header).add(sum).add(pseudo.sum(TCP, total));
        Tcp::store_checksum(header, sum.finish());
    } else {
        let (front, back) = payload.split_at_mut(first.len().min(payload.len()));
        crate::storage::put(front, first);
        crate::storage::put(back, second);
    }
}

impl Interface<'_> {
    /// Send what is to be sent, at most `room` frames. Returns how many.
    pub(super) fn transmit<D: Device>(
        &mut self,
        now: Instant,
        device: &mut D,
        caps: &Capabilities,
        sockets: &mut SocketSet<'_>,
        room: usize,
    ) -> usize {
        self.blocked = false;
        let mut sent = 0;
        while sent < room {
            let Some(work) = self.next_work(now, sockets) else {
                break;
            };
            let Some(tx) = device.transmit(now) else {
                self.blocked = true;
                break;
            };
            if let Err(reason) = self.send_next(tx, now, caps, sockets, work) {
                self.counters.drop(reason);
            }
            sent = sent.saturating_add(1);
        }
        sockets.tcp.end_burst();
        sent
    }

    /// What is to be sent next: waiting packets and solicitations first, then sockets by turns.
    #[inline]
    fn next_work(&mut self, now: Instant, sockets: &mut SocketSet<'_>) -> Option<Work> {
        if self.pending.check {
            return Some(Work::Pending);
        }
        if self.neighbors.poll_at().is_due(now) {
            return Some(Work::Solicit);
        }
        self.turn = self.turn.wrapping_add(1);
        let tcp = sockets.tcp.next_ready();
        if self.turn & 1 == 0 || tcp.is_none() {
            if let Some(node) = sockets.udp.next_ready() {
                return Some(Work::Udp(node));
            }
            if let Some(node) = sockets.icmp.next_ready() {
                return Some(Work::Echo(node));
            }
        }
        tcp.map(Work::Tcp)
    }

    /// Send one frame.
    #[inline]
    fn send_next<T: TxToken>(
        &mut self,
        tx: T,
        now: Instant,
        caps: &Capabilities,
        sockets: &mut SocketSet<'_>,
        work: Work,
    ) -> Verdict {
        match work {
            Work::Pending => self.send_pending(tx),
            Work::Solicit => self.send_solicit(tx, now, caps),
            Work::Tcp(candidate) => self.send_tcp(tx, now, caps, sockets, candidate),
            Work::Udp(node) => self.send_udp(tx, now, caps, sockets, node),
            Work::Echo(node) => self.send_echo(tx, now, caps, sockets, node),
        }
    }

    /// Send a packet that waited for its next hop, or drop one whose next hop did not answer.
    fn send_pending<T: TxToken>(&mut self, tx: T) -> Verdict {
        let Self {
            neighbors,
            pending,
            counters,
            link,
            ..
        } = self;
        let ready = |hop| match neighbors.known(hop) {
            Some(station) => Some(Some(station)),
            None => (!neighbors.contains(hop)).then_some(None),
        };
        let result = pending.take(ready, |station, hop, packet| {
            let (Some(station), Link::Ethernet(own)) = (station, *link) else {
                return Err(DropReason::Unresolved);
            };
            let ethertype = if hop.is_ipv4() {
                EtherType::Ipv4
            } else {
                EtherType::Ipv6
            };
            let frame = EthernetRepr {
                dst_addr: station,
                src_addr: own,
                ethertype,
                payload_len: packet.len(),
            };
            counters.sent();
            tx.consume(frame.buffer_len(), TxMeta::default(), |buffer| {
                if let Ok(payload) = frame.emit(buffer) {
                    crate::storage::put(payload, packet);
                }
            })
            .map_err(|_| DropReason::Device)
        });
        result.unwrap_or_else(|| {
            pending.check = false;
            Ok(())
        })
    }

    fn send_solicit<T: TxToken>(&mut self, tx: T, now: Instant, caps: &Capabilities) -> Verdict {
        self.route = None;
        let solicit = self.neighbors.next_solicit(now);
        // An entry that was given up leaves packets behind that nobody will answer for.
        self.pending.check |= !self.pending.is_empty();
        let (target, station) = match solicit {
            None => return Ok(()),
            Some(Solicit::Multicast(target)) => (target, None),
            Some(Solicit::Unicast(target, station)) => (target, Some(station)),
        };
        let Link::Ethernet(own) = self.link else {
            return Ok(());
        };
        match target {
            IpAddr::V4(target) => self.request_arp(tx, own, target, station),
            IpAddr::V6(target) => self.solicit(tx, caps, own, target, station),
        }
    }

    fn send_tcp<T: TxToken>(
        &mut self,
        tx: T,
        now: Instant,
        caps: &Capabilities,
        sockets: &mut SocketSet<'_>,
        candidate: TcpCandidate,
    ) -> Verdict {
        let (node, tuple) = match candidate {
            TcpCandidate::Sending { node, tuple } => (node, tuple),
            TcpCandidate::Opening { node, remote } => {
                let routable = self.addrs.reaches(remote.addr);
                let Some(local) = self.addrs.source_for(remote.addr).filter(|_| routable) else {
                    sockets.tcp.unroutable(node);
                    return Err(DropReason::NoRoute);
                };
                sockets
                    .tcp
                    .open(node, local, tcp_mss(caps.ip_mtu, remote.addr));
                match sockets.tcp.next_ready() {
                    Some(TcpCandidate::Sending { node, tuple }) => (node, tuple),
                    _ => return Ok(()),
                }
            }
        };
        let limit = usize::from(tcp_mss(caps.ip_mtu, tuple.remote.addr).0);
        let fill = caps.checksum.tcp.fill_tx;
        sockets
            .tcp
            .take_segment(node, limit, |tuple, segment| {
                let output = IpOutput::tcp(tuple, segment);
                self.send(tx, now, caps, &output, |buffer, pseudo| {
                    emit_tcp(tuple, segment, buffer, pseudo, fill);
                })
            })
            .unwrap_or(Ok(()))
    }

    fn send_udp<T: TxToken>(
        &mut self,
        tx: T,
        now: Instant,
        caps: &Capabilities,
        sockets: &mut SocketSet<'_>,
        node: u32,
    ) -> Verdict {
        let Some(slot) = sockets.udp.slot_mut(node) else {
            return Ok(());
        };
        let (port, bound) = slot
            .binding()
            .map_or((0, None), |binding| (binding.key, binding.addr));
        let hop_limit = slot.hop_limit;
        let Some((meta, payload)) = slot.tx.pop() else {
            return Ok(());
        };
        let result = self.emit_udp(tx, now, caps, (port, bound, hop_limit), meta, payload);
        sockets.udp.rotate_ready();
        result
    }

    fn emit_udp<T: TxToken>(
        &mut self,
        tx: T,
        now: Instant,
        caps: &Capabilities,
        (port, bound, hop_limit): (u16, Option<IpAddr>, u8),
        meta: UdpMeta,
        payload: &[u8],
    ) -> Verdict {
        let dst = meta.remote.addr;
        let src = self.datagram_source(meta.local_addr, bound, dst)?;
        let repr = UdpRepr {
            src_port: port,
            dst_port: meta.remote.port,
            payload_len: payload.len(),
        };
        let output = IpOutput {
            src,
            dst,
            protocol: IpProtocol::Udp,
            hop_limit,
            dont_frag: false,
            payload_len: UDP_HEADER.saturating_add(payload.len()),
        };
        let fill = caps.checksum.udp.fill_tx;
        self.send(tx, now, caps, &output, |buffer, pseudo| {
            let total = u32::try_from(buffer.len()).unwrap_or(u32::MAX);
            let Ok((header, body)) = repr.emit_split(buffer) else {
                return;
            };
            let sum = Sum::copy(body, payload);
            if fill {
                let sum = Sum::of(header)
                    .add(sum)
                    .add(pseudo.sum(IpProtocol::Udp.0, total));
                // RFC 768: a computed zero is sent as all ones.
                Udp::store_checksum(
                    header,
                    match sum.finish() {
                        0 => 0xffff,
                        sum => sum,
                    },
                );
            }
        })
    }

    /// The source of a datagram: what its socket is bound to, else what was chosen for it if that
    /// can be (an answer to a broadcast cannot come from there), else what suits.
    fn datagram_source(
        &self,
        chosen: Option<IpAddr>,
        bound: Option<IpAddr>,
        dst: IpAddr,
    ) -> Result<IpAddr, DropReason> {
        let fits = |addr: &IpAddr| addr.is_ipv4() == dst.is_ipv4() && self.addrs.owns(*addr);
        if let Some(bound) = bound {
            return Some(bound).filter(fits).ok_or(DropReason::NoSourceAddress);
        }
        if let Some(chosen) = chosen.filter(fits) {
            return Ok(chosen);
        }
        self.addrs.next_hop(dst).ok_or(DropReason::NoRoute)?;
        self.addrs
            .source_for(dst)
            .ok_or(DropReason::NoSourceAddress)
    }

    fn send_echo<T: TxToken>(
        &mut self,
        tx: T,
        now: Instant,
        caps: &Capabilities,
        sockets: &mut SocketSet<'_>,
        node: u32,
    ) -> Verdict {
        let Some(slot) = sockets.icmp.slot_mut(node) else {
            return Ok(());
        };
        let ident = slot.binding().map_or(0, |binding| binding.key);
        let Some((meta, data)) = slot.tx.pop() else {
            return Ok(());
        };
        let result = self.emit_echo(tx, now, caps, ident, meta, data);
        sockets.icmp.rotate_ready();
        result
    }

    fn emit_echo<T: TxToken>(
        &mut self,
        tx: T,
        now: Instant,
        caps: &Capabilities,
        ident: u16,
        meta: EchoMeta,
        data: &[u8],
    ) -> Verdict {
        let EchoMeta {
            remote: dst,
            seq_no,
            hop_limit,
        } = meta;
        let src = self.datagram_source(None, None, dst)?;
        let output = |protocol, payload_len| IpOutput {
            src,
            dst,
            protocol,
            hop_limit,
            dont_frag: false,
            payload_len,
        };
        let fill = caps.checksum.icmp.fill_tx;
        if dst.is_ipv4() {
            let message = Icmpv4::EchoRequest {
                ident,
                seq_no,
                data,
            };
            let output = output(IpProtocol::Icmp, message.buffer_len());
            self.send(tx, now, caps, &output, |buffer, _| {
                if message.emit(buffer).is_ok() && fill {
                    let sum = Sum::of(buffer).finish();
                    Icmpv4Header::store_checksum(buffer, sum);
                }
            })
        } else {
            let message = Icmpv6::EchoRequest {
                ident,
                seq_no,
                data,
            };
            let output = output(IpProtocol::Icmpv6, message.buffer_len());
            self.send(tx, now, caps, &output, |buffer, pseudo| {
                emit_icmpv6(&message, buffer, pseudo, fill);
            })
        }
    }

    /// Send a packet in answer to a frame, to the station that the frame is from.
    pub(super) fn reply<T: TxToken>(
        &mut self,
        context: &mut Context<'_, T>,
        output: &IpOutput,
        fill: impl FnOnce(&mut [u8], &Pseudo),
    ) -> Verdict {
        let tx = context.tx.take().ok_or(DropReason::Device)?;
        self.send_to_station(tx, context.caps, output, context.peer, fill)
    }

    /// Send a packet to a station, or to the group that its destination maps to.
    pub(super) fn send_to_station<T: TxToken>(
        &mut self,
        tx: T,
        caps: &Capabilities,
        output: &IpOutput,
        station: Option<EthernetAddress>,
        fill: impl FnOnce(&mut [u8], &Pseudo),
    ) -> Verdict {
        match self.link {
            Link::Ip => self.write(tx, caps, output, None, fill),
            Link::Ethernet(own) => {
                let station = multicast_hardware_addr(output.dst).or(station);
                let station = station.ok_or(DropReason::Unresolved)?;
                self.write(tx, caps, output, Some((own, station)), fill)
            }
        }
    }

    /// Send a packet to its next hop, or keep it until that is resolved.
    fn send<T: TxToken>(
        &mut self,
        tx: T,
        now: Instant,
        caps: &Capabilities,
        output: &IpOutput,
        fill: impl FnOnce(&mut [u8], &Pseudo),
    ) -> Verdict {
        let Link::Ethernet(own) = self.link else {
            return self.write(tx, caps, output, None, fill);
        };
        if let Some(route) = &self.route
            && route.dst == output.dst
            && now < route.until
        {
            let station = route.station;
            return self.write(tx, caps, output, Some((own, station)), fill);
        }
        let hop = self.addrs.next_hop(output.dst).ok_or(DropReason::NoRoute)?;
        // To ask for an address of our own would be to announce it.
        if self.addrs.owns(hop) {
            return Err(DropReason::NoRoute);
        }
        let group = match hop {
            IpAddr::V4(v4) if self.addrs.is_broadcast(v4) => Some(EthernetAddress::BROADCAST),
            hop => multicast_hardware_addr(hop),
        };
        if let Some(station) = group {
            return self.write(tx, caps, output, Some((own, station)), fill);
        }
        match self.neighbors.resolve(hop, now) {
            Resolution::Known { station, until } => {
                self.route = Some(CachedRoute {
                    dst: output.dst,
                    station,
                    until,
                });
                self.write(tx, caps, output, Some((own, station)), fill)
            }
            Resolution::Wait => {
                if output.len() > caps.ip_mtu {
                    return Err(DropReason::TooLong);
                }
                let ident = self.ident_for(output);
                let kept = self.pending.keep(hop, output.len(), |buffer| {
                    write_ip(output, ident, buffer, fill);
                });
                if kept {
                    Ok(())
                } else {
                    Err(DropReason::PendingFull)
                }
            }
        }
    }

    /// Write a packet, with an Ethernet header from and to if there are such, into the device.
    #[inline]
    fn write<T: TxToken>(
        &mut self,
        tx: T,
        caps: &Capabilities,
        output: &IpOutput,
        stations: Option<(EthernetAddress, EthernetAddress)>,
        fill: impl FnOnce(&mut [u8], &Pseudo),
    ) -> Verdict {
        let len = output.len();
        if len > caps.ip_mtu {
            return Err(DropReason::TooLong);
        }
        let ident = self.ident_for(output);
        self.counters.sent();
        let written = match stations {
            None => tx.consume(len, TxMeta::default(), |buffer| {
                write_ip(output, ident, buffer, fill);
            }),
            Some((src_addr, dst_addr)) => {
                let ethertype = if output.src.is_ipv4() {
                    EtherType::Ipv4
                } else {
                    EtherType::Ipv6
                };
                let frame = EthernetRepr {
                    dst_addr,
                    src_addr,
                    ethertype,
                    payload_len: len,
                };
                let len = len.saturating_add(ETHERNET_HEADER);
                tx.consume(len, TxMeta::default(), |buffer| {
                    if let Ok(packet) = frame.emit(buffer) {
                        write_ip(output, ident, packet, fill);
                    }
                })
            }
        };
        written.map_err(|_| DropReason::Device)
    }

    /// RFC 6864 §4: a packet that is never fragmented needs no identification.
    fn ident_for(&mut self, output: &IpOutput) -> u16 {
        if output.dont_frag || output.src.is_ipv6() {
            0
        } else {
            self.next_ident()
        }
    }
}

/// Where the last packet to a destination went; good while its neighbor needs no checking.
#[derive(Clone, Copy, Debug)]
pub(super) struct CachedRoute {
    dst: IpAddr,
    station: EthernetAddress,
    until: Instant,
}

/// Write an IP header and let `fill` write what follows it.
#[inline]
fn write_ip(
    output: &IpOutput,
    ident: u16,
    buffer: &mut [u8],
    fill: impl FnOnce(&mut [u8], &Pseudo),
) {
    let payload_len = output.payload_len;
    let payload = match (output.src, output.dst) {
        (IpAddr::V4(src_addr), IpAddr::V4(dst_addr)) => {
            let repr = Ipv4Repr {
                dscp: 0,
                ecn: Ecn::NotEct,
                ident,
                dont_frag: output.dont_frag,
                more_frags: false,
                frag_offset: 0,
                hop_limit: output.hop_limit,
                next_header: output.protocol,
                src_addr,
                dst_addr,
                options: Options::EMPTY,
                payload_len,
            };
            let Ok((header, payload)) = repr.emit_split(buffer) else {
                return;
            };
            let sum = Sum::of(header).finish();
            Ipv4::store_checksum(header, sum);
            payload
        }
        (IpAddr::V6(src_addr), IpAddr::V6(dst_addr)) => {
            let repr = Ipv6Repr {
                dscp: 0,
                ecn: Ecn::NotEct,
                flow_label: 0,
                next_header: output.protocol,
                hop_limit: output.hop_limit,
                src_addr,
                dst_addr,
                payload_len,
            };
            let Ok(payload) = repr.emit(buffer) else {
                return;
            };
            payload
        }
        _ => return,
    };
    if let Some(payload) = payload.get_mut(..payload_len) {
        fill(payload, &pseudo(output.src, output.dst));
    }
}

//! Writing packets: an IP header and what follows it, once, straight into the device's buffer or
//! into the place where a packet waits for its next hop.

use core::net::IpAddr;

use litz_hal::time::{Duration, Instant};
use litz_hal::{Capabilities, TxToken};
use litz_wire::rt::{NoOptions, Options, PseudoHeader, PseudoSum, Sum};
use litz_wire::{Ecn, EthernetAddress, IpProtocol, Ipv4, Ipv4Repr, Ipv6Repr, Tcp, TcpRepr};

use super::Interface;
use super::counters::DropReason;
use super::fragmenting::To;
use super::framing::{Stations, write_frame};
use super::hardware::HardwareAddr;
use super::ingress::{Context, Verdict};
use super::mib::count;
use super::neighbor::Resolution;
use super::path_mtu::UNKNOWN;
use super::transport::{TCP, checksum, pseudo};
use crate::addr::{Ip, full, is_v4};
use crate::parts::{ETHERNET, FRAGMENTS, INLINE, IPV4, IPV6, QUEUE};
use crate::socket::Tuple;
use crate::socket::tcp::{Mss, Outgoing, known};

/// Octets of an IPv4 header without options, and of an IPv6 header.
pub(super) const IPV4_HEADER: usize = 20;
pub(super) const IPV6_HEADER: usize = 40;
/// How long the station of a destination is remembered on links of 802.15.4.
const LOWPAN_ROUTE: Duration = Duration::from_millis(1_000);
/// Octets of a TCP header without options.
pub(super) const TCP_HEADER: usize = 20;
/// Hop limit of TCP segments and ICMP messages (RFC 9293 §3.9.2, MUST-49: configurable; RFC 1700's
/// default).
const HOP_LIMIT: u8 = 64;

/// What writes the payload of a packet that is not one of many: called, and not compiled into each
/// of its senders.
pub(super) type Fill<'f> = &'f mut dyn FnMut(&mut [u8], &PseudoSum);

/// Where a packet goes next.
pub(super) enum Next {
    /// Into the device: from and to these stations, if the link has stations.
    Stations(Option<Stations>),
    /// To a neighbor that has to be asked for first.
    Wait(Ip),
}

/// What an IP header is written from.
#[derive(Clone, Copy, Debug)]
pub(super) struct IpOutput {
    pub(super) src: Ip,
    pub(super) dst: Ip,
    pub(super) protocol: IpProtocol,
    pub(super) hop_limit: u8,
    pub(super) dont_frag: bool,
    pub(super) dscp: u8,
    pub(super) ecn: Ecn,
    pub(super) payload_len: usize,
    /// Octets of the largest packet that the path takes, if that is known.
    pub(super) path_mtu: usize,
}

impl IpOutput {
    /// The header of a TCP segment.
    #[inline]
    pub(super) fn tcp(tuple: &Tuple, segment: &Outgoing<'_>, hop_limit: u8, dscp: u8) -> Self {
        Self {
            src: tuple.local.addr,
            dst: tuple.remote.addr,
            protocol: IpProtocol::Tcp,
            hop_limit,
            dont_frag: true,
            dscp,
            ecn: if segment.ecn_capable {
                Ecn::Ect0
            } else {
                Ecn::NotEct
            },
            payload_len: TCP_HEADER
                .saturating_add(segment.options_len())
                .saturating_add(segment.payload_len()),
            // Segments are made no longer than their path takes.
            path_mtu: UNKNOWN,
        }
    }

    /// The header of an ICMP message of this many octets.
    pub(super) const fn icmp(src: Ip, dst: Ip, payload_len: usize) -> Self {
        Self {
            src,
            dst,
            protocol: if is_v4(&src) {
                IpProtocol::Icmp
            } else {
                IpProtocol::Icmpv6
            },
            hop_limit: HOP_LIMIT,
            dont_frag: false,
            dscp: 0,
            ecn: Ecn::NotEct,
            payload_len,
            path_mtu: UNKNOWN,
        }
    }

    #[inline]
    pub(super) const fn len(&self) -> usize {
        let header = if is_v4(&self.src) {
            IPV4_HEADER
        } else {
            IPV6_HEADER
        };
        header.saturating_add(self.payload_len)
    }
}

//= RFC 9293: MUST-67, SHLD-6
/// Payload octets of a TCP segment without options on a link of this MTU (RFC 6691).
pub(super) const fn tcp_mss(ip_mtu: usize, addr: Ip) -> Mss {
    let headers = if is_v4(&addr) {
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

/// The sum of a TCP header. Most have no options.
#[inline]
pub(super) fn tcp_header_sum(header: &[u8]) -> Sum {
    match <&[u8; TCP_HEADER]>::try_from(header) {
        Ok(plain) => Sum::of_array(plain),
        Err(_) => Sum::of(header),
    }
}

//= RFC 9293: MUST-2, MUST-69
/// Write a TCP segment: header, options, and the payload's two pieces in one pass with their sum.
#[inline]
pub(super) fn emit_tcp(
    tuple: &Tuple,
    segment: &Outgoing<'_>,
    buffer: &mut [u8],
    pseudo: &PseudoSum,
    fill: bool,
) {
    let total = u32::try_from(buffer.len()).unwrap_or(u32::MAX);
    let [first, second] = segment.payload;
    let repr = TcpRepr {
        src_port: tuple.local.port,
        dst_port: tuple.remote.port,
        seq: segment.seq,
        ack_number: segment.ack,
        flags: known(segment.flags),
        window: segment.window,
        //= RFC 9293: SHLD-13
        urgent: 0,
        options: Options::EMPTY,
        payload_len: segment.payload_len(),
    };
    let Ok((header, payload)) = repr.emit_with(&segment.options(), buffer) else {
        return;
    };
    if fill && INLINE {
        let Some((front, back)) = payload.split_at_mut_checked(first.len()) else {
            return;
        };
        let mut sum = Sum::copy(front, first);
        if !second.is_empty() {
            sum = sum.concat(first.len(), Sum::copy(back, second));
        }
        let sum = tcp_header_sum(header).add(sum).add(pseudo.sum(TCP, total));
        Tcp::store_checksum(header, sum.finish());
    } else {
        let (front, back) = payload.split_at_mut(first.len().min(payload.len()));
        crate::storage::put(front, first);
        if INLINE {
            crate::storage::put(back, second);
        }
        if fill {
            let sum = checksum(buffer, pseudo, IpProtocol::Tcp);
            Tcp::store_checksum(buffer, sum);
        }
    }
}

impl Interface<'_> {
    /// Send a packet in answer to a frame, to the station that the frame is from.
    pub(super) fn reply<T: TxToken>(
        &mut self,
        context: &mut Context<'_, T>,
        output: &IpOutput,
        fill: Fill<'_>,
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
        station: Option<HardwareAddr>,
        fill: Fill<'_>,
    ) -> Verdict {
        self.protocols.note(|all| all.requested(output));
        let stations = match self.link.own() {
            None => None,
            Some(own) => {
                let station = self.link.group(output.dst).or(station);
                Some((own, station.ok_or(DropReason::Unresolved)?))
            }
        };
        self.write(tx, caps, output, stations, fill)
    }

    /// Send a packet to its next hop, or keep it until that is resolved.
    pub(super) fn send<T: TxToken>(
        &mut self,
        tx: T,
        now: Instant,
        caps: &Capabilities,
        output: &IpOutput,
        mut fill: impl FnMut(&mut [u8], &PseudoSum),
    ) -> Verdict {
        if INLINE {
            self.send_to_next(tx, now, caps, output, fill)
        } else {
            self.send_rarely(tx, now, caps, output, &mut fill)
        }
    }

    #[inline]
    fn send_to_next<T: TxToken>(
        &mut self,
        tx: T,
        now: Instant,
        caps: &Capabilities,
        output: &IpOutput,
        fill: impl FnOnce(&mut [u8], &PseudoSum),
    ) -> Verdict {
        self.protocols.note(|all| all.requested(output));
        match self.next_to(output.dst, now)? {
            Next::Stations(stations) => self.write(tx, caps, output, stations, fill),
            Next::Wait(hop) => {
                let mtu = self.mtu_to(output, caps);
                if FRAGMENTS && output.len() > mtu {
                    return self.begin_fragments(output, To::Hop(hop), mtu, fill);
                }
                if !QUEUE {
                    return Err(DropReason::PendingFull);
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

    /// [`Interface::send`] for what is sent now and then: one copy of the code serves all of it.
    pub(super) fn send_rarely<T: TxToken>(
        &mut self,
        tx: T,
        now: Instant,
        caps: &Capabilities,
        output: &IpOutput,
        fill: Fill<'_>,
    ) -> Verdict {
        self.send_to_next(tx, now, caps, output, fill)
    }

    /// Where a packet goes next on its way to `dst`.
    #[inline]
    pub(super) fn next_to(&mut self, dst: Ip, now: Instant) -> Result<Next, DropReason> {
        let Some(own) = self.link.own() else {
            return Ok(Next::Stations(None));
        };
        if let Some(Some(route)) = self.route.get()
            && route.dst == dst
            && now < route.until
        {
            return Ok(Next::Stations(Some((own, route.station))));
        }
        self.resolve_next(dst, own, now)
    }

    /// A packet of ours has no way to its destination (RFC 4293, `ipIfStatsOutNoRoutes`).
    #[cold]
    pub(super) fn no_route(&mut self, dst: Ip) -> DropReason {
        self.protocols
            .note(|all| count(&mut all.ip(is_v4(&dst)).out_no_routes));
        DropReason::NoRoute
    }

    #[cfg_attr(feature = "inline", inline(never))]
    fn resolve_next(
        &mut self,
        dst: Ip,
        own: HardwareAddr,
        now: Instant,
    ) -> Result<Next, DropReason> {
        let hop = match self.registrar.station(full(dst), now) {
            // Who has registered is reached without a route.
            Some(_) => Some(dst),
            None => self.addrs.next_hop(dst),
        };
        let Some(hop) = hop else {
            return Err(self.no_route(dst));
        };
        // To ask for an address of our own would be to announce it.
        if self.addrs.owns(hop) {
            return Err(DropReason::NoRoute);
        }
        let group = match full(hop) {
            IpAddr::V4(v4) if self.addrs.is_broadcast(v4) => {
                Some(EthernetAddress::BROADCAST.into())
            }
            _ => self.link.group(hop),
        };
        if let Some(station) = group {
            return Ok(Next::Stations(Some((own, station))));
        }
        if let Some(derived) = self.link.derived(hop) {
            let station = self.lowpan_station(hop, derived, now)?;
            // Registrations end in time; nothing else changes without a word.
            self.cache_route(dst, station, now.saturating_add(LOWPAN_ROUTE));
            return Ok(Next::Stations(Some((own, station))));
        }
        if !ETHERNET {
            return Err(DropReason::NoRoute);
        }
        match self.neighbors.resolve(hop, now) {
            Resolution::Known { station, until } => {
                self.cache_route(dst, station, until);
                Ok(Next::Stations(Some((own, station))))
            }
            Resolution::Wait => {
                self.pending.check |= QUEUE && self.neighbors.take_displaced();
                Ok(Next::Wait(hop))
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
        stations: Option<Stations>,
        fill: impl FnOnce(&mut [u8], &PseudoSum),
    ) -> Verdict {
        let len = output.len();
        let mtu = self.mtu_to(output, caps);
        if FRAGMENTS && len > mtu {
            let to = stations.map_or(To::Link, |(from, to)| To::Station(from, to));
            self.begin_fragments(output, to, mtu, fill)?;
            return self.send_fragment(tx, caps);
        }
        if len > mtu {
            return Err(DropReason::TooLong);
        }
        let ident = self.ident_for(output);
        self.counters.sent();
        let is_ipv4 = is_v4(&output.src);
        let written = write_frame(tx, stations, is_ipv4, len, |buffer| {
            write_ip(output, ident, buffer, fill);
        });
        written.map_err(|_| DropReason::Device)
    }

    /// Octets of the largest packet of a destination's version of IP on the link, whose device
    /// takes `ip_mtu`.
    #[inline]
    pub(super) const fn link_mtu(&self, dst: Ip, ip_mtu: usize) -> usize {
        match self.mtu_v6.get() {
            Some(Some(mtu)) if !is_v4(&dst) && *mtu < ip_mtu => *mtu,
            _ => ip_mtu,
        }
    }

    /// Octets of the largest packet that goes out like this.
    #[inline]
    fn mtu_to(&self, output: &IpOutput, caps: &Capabilities) -> usize {
        self.link_mtu(output.dst, caps.ip_mtu).min(output.path_mtu)
    }

    /// RFC 6864 §4: a packet that is never fragmented needs no identification.
    fn ident_for(&mut self, output: &IpOutput) -> u16 {
        if is_atomic(output) || !is_v4(&output.src) {
            0
        } else {
            self.next_ident()
        }
    }
}

/// Whether no router may fragment a packet. A build that can neither send nor put together
/// fragments asks that of all of them.
const fn is_atomic(output: &IpOutput) -> bool {
    !FRAGMENTS || output.dont_frag
}

/// Where the last packet to a destination went; good while its neighbor needs no checking.
#[derive(Clone, Copy, Debug)]
pub(super) struct CachedRoute {
    dst: Ip,
    station: HardwareAddr,
    until: Instant,
    /// The source that suits the destination, once somebody has asked.
    src: Option<Ip>,
}

impl Interface<'_> {
    /// Remember where a packet to a destination goes.
    fn cache_route(&mut self, dst: Ip, station: HardwareAddr, until: Instant) {
        self.route.note(|route| {
            *route = Some(CachedRoute {
                dst,
                station,
                until,
                src: None,
            });
        });
    }

    /// Something has changed that routes depend on.
    #[inline]
    pub(super) const fn forget_route(&mut self) {
        if let Some(route) = self.route.get_mut() {
            *route = None;
        }
    }

    /// The source that suits a destination, if it was asked for before.
    #[inline]
    pub(super) fn cached_source(&self, dst: Ip) -> Option<Ip> {
        let route = self.route.get()?.filter(|route| route.dst == dst);
        route?.src
    }

    /// Remember the source that suits a destination.
    #[inline]
    pub(super) fn cache_source(&mut self, dst: Ip, src: Ip) {
        if let Some(Some(route)) = self.route.get_mut()
            && route.dst == dst
        {
            route.src = Some(src);
        }
    }
}

/// Write an IP header and let `fill` write what follows it.
#[inline]
pub(super) fn write_ip(
    output: &IpOutput,
    ident: u16,
    buffer: &mut [u8],
    fill: impl FnOnce(&mut [u8], &PseudoSum),
) {
    let payload_len = output.payload_len;
    let payload = match (full(output.src), full(output.dst)) {
        (IpAddr::V4(src_addr), IpAddr::V4(dst_addr)) if IPV4 => {
            let repr = Ipv4Repr {
                dscp: output.dscp,
                ecn: output.ecn,
                ident,
                dont_frag: is_atomic(output),
                more_frags: false,
                frag_offset: 0,
                hop_limit: output.hop_limit,
                next_header: output.protocol,
                src_addr,
                dst_addr,
                options: Options::EMPTY,
                payload_len,
            };
            let Ok((header, payload)) = repr.emit_with(&NoOptions, buffer) else {
                return;
            };
            let sum = Sum::of(header).finish();
            Ipv4::store_checksum(header, sum);
            payload
        }
        (IpAddr::V6(src_addr), IpAddr::V6(dst_addr)) if IPV6 => {
            let repr = Ipv6Repr {
                dscp: output.dscp,
                ecn: output.ecn,
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

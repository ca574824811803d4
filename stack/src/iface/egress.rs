//! Whose turn it is to send: what waits for neighbors, neighbor solicitations, and what sockets
//! have, frame by frame while the device has room.

use core::net::IpAddr;
use core::num::NonZeroU8;

use litz_hal::time::Instant;
use litz_hal::{Capabilities, Device, TxToken};
use litz_wire::rt::Sum;
use litz_wire::{Ecn, Icmpv4, Icmpv4Header, Icmpv6, IpProtocol};

use super::counters::DropReason;
use super::framing::write_frame;
use super::icmp::emit_icmpv6;
use super::ingress::Verdict;
use super::neighbor::Solicit;
use super::output::{IpOutput, emit_tcp, tcp_mss};
use super::pending::Pending;
use super::{Interface, Link};
use crate::addr::{Ip, full, is_host, is_v4, kept};
use crate::parts::{
    AUTOCONF, CONNECT, ETHERNET, FRAGMENTS, IPV4, IPV6, MULTICAST, PING, QUEUE, RAW, ROUTER, TCP,
    TCP_EXTRAS, UDP,
};
use crate::socket::{EchoMeta, Interfaces, SocketSet, TcpCandidate};

/// What is to be sent next.
#[derive(Clone, Copy, Debug)]
enum Work {
    /// A packet whose next hop has been resolved or given up.
    Pending,
    /// A neighbor solicitation.
    Solicit,
    /// A report of group membership.
    Groups,
    /// A fragment of a message.
    Fragment,
    /// A packet that took too long to come together.
    Expired,
    /// What belongs to the interface itself: addresses, looking for routers.
    Duty,
    /// A packet for somebody else.
    Forward,
    /// A connection's segment.
    Tcp(TcpCandidate),
    /// A socket's datagram.
    Udp(u32),
    /// A socket's echo request.
    Echo(u32),
    /// A raw socket's packet.
    Raw(u32),
    /// A frame socket's frame.
    Frame(u32),
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
        if QUEUE && self.pending.check {
            return Some(Work::Pending);
        }
        // Who is to hear an answer to a solicitation is in its group before.
        if self.groups_at().is_due(now) {
            return Some(Work::Groups);
        }
        if ETHERNET && self.neighbors.poll_at().is_due(now) {
            return Some(Work::Solicit);
        }
        if FRAGMENTS && self.has_fragments() {
            return Some(Work::Fragment);
        }
        if FRAGMENTS && self.reassembly.poll_at().is_due(now) {
            return Some(Work::Expired);
        }
        if (AUTOCONF || ROUTER) && self.duty_at().is_due(now) {
            return Some(Work::Duty);
        }
        if !self.serves {
            return None;
        }
        if ROUTER && !sockets.interfaces.is_open() {
            self.sort_out(sockets);
        }
        self.turn = self.turn.wrapping_add(1);
        if ROUTER && !sockets.interfaces.is_open() && self.turn & 2 == 0 && self.has_queued(sockets)
        {
            return Some(Work::Forward);
        }
        let tcp = match TCP {
            true => sockets.tcp.next_ready(),
            false => None,
        };
        if sockets.has_datagrams() && (self.turn & 1 == 0 || tcp.is_none()) {
            let first = (self.turn >> 1) & 3;
            let datagram = next_datagram(sockets, first);
            if datagram.is_some() {
                return datagram;
            }
        }
        match tcp {
            Some(tcp) => Some(Work::Tcp(tcp)),
            None => self.has_queued(sockets).then_some(Work::Forward),
        }
    }

    /// Whether a packet for somebody else waits for this interface.
    #[inline]
    fn has_queued(&self, sockets: &SocketSet<'_>) -> bool {
        ROUTER && self.id.is_some_and(|id| sockets.interfaces.has_queued(id))
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
            Work::Pending if QUEUE => self.send_pending(tx, sockets),
            Work::Groups if MULTICAST => self.send_groups(tx, now, caps),
            Work::Solicit if ETHERNET => self.send_solicit(tx, now, caps),
            Work::Fragment if FRAGMENTS => self.send_fragment(tx, caps),
            Work::Expired if FRAGMENTS => self.expire_fragments(tx, now, caps),
            Work::Duty if AUTOCONF || ROUTER => self.send_duty(tx, now, caps),
            Work::Forward if ROUTER => self.send_forward(tx, now, caps, sockets),
            Work::Tcp(candidate) if TCP => self.send_tcp(tx, now, caps, sockets, candidate),
            Work::Udp(node) if UDP => self.send_udp(tx, now, caps, sockets, node),
            Work::Echo(node) if PING => self.send_echo(tx, now, caps, sockets, node),
            Work::Raw(node) if RAW => self.send_raw(tx, now, caps, sockets, node),
            Work::Frame(node) if RAW => self.send_frame(tx, caps, sockets, node),
            _ => Ok(()),
        }
    }

    /// Send a packet that waited for its next hop, or drop one whose next hop did not answer.
    fn send_pending<T: TxToken>(&mut self, tx: T, sockets: &mut SocketSet<'_>) -> Verdict {
        let mut pending = core::mem::take(&mut self.pending);
        let verdict = self.send_one_pending(tx, &mut pending, sockets);
        // Nothing is kept while one is sent.
        self.pending = pending;
        verdict
    }

    fn send_one_pending<T: TxToken>(
        &mut self,
        tx: T,
        pending: &mut Pending<'_>,
        sockets: &mut SocketSet<'_>,
    ) -> Verdict {
        let neighbors = &self.neighbors;
        let found = pending.find(|hop| match neighbors.known(hop) {
            Some(station) => Some(Some(station)),
            None => (!neighbors.contains(hop)).then_some(None),
        });
        let Some((at, station)) = found else {
            pending.check = false;
            return Ok(());
        };
        let result = pending.take(at, |hop, packet| {
            let (Some(station), Some(own)) = (station, self.link.own()) else {
                self.unanswered(packet, sockets);
                return Err(DropReason::Unresolved);
            };
            self.counters.sent();
            let put = |to: &mut [u8]| crate::storage::put(to, packet);
            write_frame(tx, Some((own, station)), is_v4(&hop), packet.len(), put)
                .map_err(|_| DropReason::Device)
        });
        result.unwrap_or(Ok(()))
    }

    fn send_solicit<T: TxToken>(&mut self, tx: T, now: Instant, caps: &Capabilities) -> Verdict {
        self.forget_route();
        let solicit = self.neighbors.next_solicit(now);
        // An entry that was given up leaves packets behind that nobody will answer for.
        self.pending.check |= QUEUE && !self.pending.is_empty();
        let (target, station) = match solicit {
            None => return Ok(()),
            Some(Solicit::GiveUp(addr)) => {
                if let IpAddr::V6(addr) = full(addr)
                    && IPV6
                    && AUTOCONF
                {
                    self.changed();
                    self.addrs.learned.silent(addr);
                }
                return Ok(());
            }
            Some(Solicit::Multicast(target)) => (target, None),
            Some(Solicit::Unicast(target, station)) => (target, Some(station)),
        };
        match (full(target), self.link, self.link.own()) {
            (IpAddr::V4(target), Link::Ethernet(own), _) if IPV4 => {
                self.request_arp(tx, own, target, station)
            }
            (IpAddr::V6(target), _, Some(own)) if IPV6 => {
                self.solicit(tx, caps, own, target, station)
            }
            _ => Ok(()),
        }
    }

    #[inline(never)]
    fn send_tcp<T: TxToken>(
        &mut self,
        tx: T,
        now: Instant,
        caps: &Capabilities,
        sockets: &mut SocketSet<'_>,
        candidate: TcpCandidate,
    ) -> Verdict {
        let mut node = candidate.node;
        if CONNECT && candidate.opening {
            self.open_tcp(caps, sockets, node)?;
            match sockets.tcp.next_ready() {
                Some(next) if !next.opening => node = next.node,
                _ => return Ok(()),
            }
        }
        let Some(remote) = sockets.tcp.tuple(node).map(|tuple| tuple.remote.addr) else {
            return Ok(());
        };
        let link = self.link_mtu(remote, caps.ip_mtu);
        let mtu = sockets.path_mtus.of(remote, now).min(link);
        let limit = usize::from(tcp_mss(mtu, remote).0);
        // Only who looks for larger segments has to know what the link takes.
        let most = match TCP_EXTRAS {
            true => usize::from(tcp_mss(link, remote).0),
            false => limit,
        };
        let fill = caps.checksum.tcp.fill_tx;
        let sent = sockets
            .tcp
            .take_segment(node, (limit, most), |tuple, traffic, segment| {
                let hop_limit = self.hop_limit(tuple.remote.addr, traffic.hop_limit);
                let output = IpOutput::tcp(tuple, segment, hop_limit, traffic.dscp);
                self.send(tx, now, caps, &output, |buffer, pseudo| {
                    emit_tcp(tuple, segment, buffer, pseudo, fill);
                })
            })
            .unwrap_or(Ok(()));
        if sockets.tcp.take_trouble() {
            self.doubt_reachable(remote, now);
        }
        sent
    }

    /// Give a connection that was asked for its local address, if there is a way to its peer.
    fn open_tcp(&mut self, caps: &Capabilities, sockets: &mut SocketSet<'_>, node: u32) -> Verdict {
        let Some(tuple) = sockets.tcp.tuple(node) else {
            return Ok(());
        };
        let (remote, from) = (tuple.remote.addr, tuple.local.addr);
        let routable = self.addrs.reaches(remote);
        let local = if from.is_unspecified() {
            self.addrs.source_for(remote)
        } else {
            Some(from).filter(|from| self.addrs.speaks_for(*from))
        };
        let Some(local) = local.filter(|_| routable) else {
            sockets.tcp.unroutable(node);
            return Err(self.no_route(remote));
        };
        let mss = tcp_mss(self.link_mtu(remote, caps.ip_mtu), remote);
        sockets.tcp.open(node, local, self.zone_of(remote), mss);
        Ok(())
    }

    /// The source of a datagram: what its socket is bound to, else what was chosen for it if that
    /// can be (an answer to a broadcast cannot come from there), else what suits.
    pub(super) fn datagram_source(
        &mut self,
        interfaces: &Interfaces<'_>,
        chosen: Option<Ip>,
        bound: Option<Ip>,
        dst: Ip,
    ) -> Result<Ip, DropReason> {
        let owns = |addr| self.addrs.speaks_for(addr) || interfaces.speaks_for(full(addr));
        let fits = |addr: &Ip| is_v4(addr) == is_v4(&dst) && owns(*addr);
        // A socket that is bound to a group sends from an address all the same.
        if let Some(bound) = bound.filter(is_host) {
            return Some(bound).filter(fits).ok_or(DropReason::NoSourceAddress);
        }
        if let Some(chosen) = chosen
            && fits(&chosen)
        {
            return Ok(chosen);
        }
        if let Some(src) = self.cached_source(dst) {
            return Ok(src);
        }
        if self.addrs.next_hop(dst).is_none() {
            return Err(self.no_route(dst));
        }
        let src = self.addrs.source_for(dst);
        let src = src.ok_or(DropReason::NoSourceAddress)?;
        self.cache_source(dst, src);
        Ok(src)
    }

    fn send_echo<T: TxToken>(
        &mut self,
        tx: T,
        now: Instant,
        caps: &Capabilities,
        sockets: &mut SocketSet<'_>,
        node: u32,
    ) -> Verdict {
        let SocketSet {
            icmp,
            interfaces,
            path_mtus,
            ..
        } = sockets;
        let Some(icmp) = icmp.get_mut() else {
            return Ok(());
        };
        let Some((slot, meta, data)) = icmp.front(node) else {
            return Ok(());
        };
        let ident = slot.binding().map_or(0, |binding| binding.key);
        let dst = kept(meta.remote);
        let path_mtu = path_mtus.of(dst, now);
        let result = self
            .datagram_source(interfaces, None, None, dst)
            .and_then(|src| self.emit_echo(tx, now, caps, (src, ident, path_mtu), *meta, data));
        icmp.done(node);
        result
    }

    fn emit_echo<T: TxToken>(
        &mut self,
        tx: T,
        now: Instant,
        caps: &Capabilities,
        (src, ident, path_mtu): (Ip, u16, usize),
        meta: EchoMeta,
        data: &[u8],
    ) -> Verdict {
        let EchoMeta {
            remote,
            seq_no,
            hop_limit,
        } = meta;
        let dst = kept(remote);
        let hop_limit = self.hop_limit(dst, NonZeroU8::new(hop_limit));
        let output = |protocol, payload_len| IpOutput {
            src,
            dst,
            protocol,
            hop_limit,
            dont_frag: false,
            dscp: 0,
            ecn: Ecn::NotEct,
            payload_len,
            path_mtu,
        };
        let fill = caps.checksum.icmp.fill_tx;
        if IPV4 && is_v4(&dst) {
            let message = Icmpv4::EchoRequest {
                ident,
                seq_no,
                data,
            };
            let output = output(IpProtocol::Icmp, message.buffer_len());
            self.send_rarely(tx, now, caps, &output, &mut |buffer, _| {
                if message.emit(buffer).is_ok() && fill {
                    let sum = Sum::of(buffer).finish();
                    Icmpv4Header::store_checksum(buffer, sum);
                }
            })
        } else if IPV6 {
            let message = Icmpv6::EchoRequest {
                ident,
                seq_no,
                data,
            };
            let output = output(IpProtocol::Icmpv6, message.buffer_len());
            self.send_rarely(tx, now, caps, &output, &mut |buffer, pseudo| {
                emit_icmpv6(&message, buffer, pseudo, fill);
            })
        } else {
            Ok(())
        }
    }
}

/// What a socket of one of the four kinds that send whole datagrams has ready; the first of them
/// is asked first.
#[inline]
fn next_datagram(sockets: &mut SocketSet<'_>, first: u32) -> Option<Work> {
    if UDP && sockets.has_udp_alone() {
        return sockets.udp.next_ready().map(Work::Udp);
    }
    (0..4).find_map(|n| next_of_kind(sockets, first.wrapping_add(n) & 3))
}

fn next_of_kind(sockets: &mut SocketSet<'_>, kind: u32) -> Option<Work> {
    match kind {
        0 if UDP => sockets.udp.next_ready().map(Work::Udp),
        1 => sockets.icmp.get_mut()?.next_ready().map(Work::Echo),
        2 => sockets.raw.get_mut()?.next_ready().map(Work::Raw),
        3 => sockets.frames.get_mut()?.next_ready().map(Work::Frame),
        _ => None,
    }
}

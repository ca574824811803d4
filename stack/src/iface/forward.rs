//! Forwarding (RFC 1812 §5, RFC 8200 §3): a packet for somebody else is looked at where it comes
//! in, waits in the queue of the interface that it goes out by, and leaves when that one is polled.
//! Off unless switched on. Neither groups nor broadcasts are forwarded, nor anything of one link
//! alone.

use core::net::IpAddr;

use litz_hal::time::Instant;
use litz_hal::{Capabilities, TxToken};
use litz_wire::rt::{Options, Sum};
use litz_wire::{Ipv4, Ipv4Option, Ipv4Packet, Ipv4PacketMut, Ipv4Repr, Ipv6Packet, Ipv6PacketMut};

use super::addresses::Destination;
use super::chain::Fault;
use super::counters::DropReason;
use super::icmp::{emit_icmpv4, emit_icmpv6};
use super::ingress::{Context, Verdict};
use super::ip::IpInput;
use super::mib::count;
use super::output::{IpOutput, write_ip};
use super::report::{Problem, may_answer};
use super::{Interface, Link};
use crate::addr::{Ip, full, is_unicast, is_v4, kept};
use crate::parts::{ERRORS, IPV6, Kept, ROUTER};
use crate::socket::{InterfaceId, SocketSet, Way};
use crate::storage::put;

/// Octets that an error quotes at most (RFC 4443 §2.4 (c)).
const QUOTE: usize = 1280 - 48;
/// Options of an IPv4 header, at most.
const MAX_OPTIONS: usize = 40;

impl Interface<'_> {
    /// Whether packets that arrive here for other hosts are forwarded, by whichever interface of
    /// the same socket set leads to them. Off by default. The interface has to be attached, and
    /// what it forwards waits in the queue of the [`InterfaceSlot`](crate::socket::InterfaceSlot)
    /// of the other one. A forwarding interface accepts packets for the addresses of the others. It
    /// is in the groups of all routers, whether it advertises itself or not.
    pub fn set_forwarding(&mut self, forwarding: bool) {
        self.forwarding = forwarding;
        self.router_changed();
    }

    /// Whether the interface is one of a router may have changed (RFC 4291 §2.8).
    pub(super) fn router_changed(&mut self) {
        self.addrs.router = self.is_router();
        self.addrs.changes = self.addrs.changes.wrapping_add(1);
    }

    /// Whether the interface forwards, or says of itself that it does.
    pub(super) fn is_router(&self) -> bool {
        self.forwarding || self.advertises().is_some()
    }

    /// Whether hop-by-hop options of packets that are forwarded are looked at, and unknown ones
    /// dealt with as their kind says. Off by default, as RFC 8200 §4.3 expects of routers that
    /// nobody has told otherwise.
    pub const fn set_hop_by_hop(&mut self, examined: bool) {
        self.examines = examined;
    }

    /// Refuse a packet for somebody else for its hop-by-hop options.
    pub(super) fn refuse_options<T>(
        &mut self,
        context: &Context<'_, T>,
        input: &IpInput<'_>,
        fault: Fault,
        sockets: &mut SocketSet<'_>,
    ) -> Verdict {
        match fault {
            Fault::Drop(reason) => Err(reason),
            Fault::Problem {
                reason, pointer, ..
            } => {
                let problem = Problem::Parameter(reason, pointer);
                self.refuse(context, input, problem, DropReason::IpOption, sockets)
            }
        }
    }

    /// What a packet is to us that is for no address of this interface, if it is for one of the
    /// others.
    pub(super) fn accepts_for_others(
        &self,
        dst: Ip,
        sockets: &SocketSet<'_>,
    ) -> Option<Destination> {
        if !ROUTER {
            return None;
        }
        let one_link = matches!(full(dst), IpAddr::V6(dst) if dst.is_unicast_link_local());
        (self.forwarding && !one_link && sockets.interfaces.speaks_for(full(dst)))
            .then_some(Destination::Unicast)
    }

    /// Forward a packet. It is described as `input`, with the destination that it has.
    pub(super) fn forward<T: TxToken>(
        &mut self,
        context: &mut Context<'_, T>,
        input: &IpInput<'_>,
        dont_frag: bool,
        sockets: &mut SocketSet<'_>,
    ) -> Verdict {
        let dst = full(input.dst);
        if !ROUTER {
            return Err(DropReason::NotOurAddress);
        }
        if context.to_group || !crosses(full(input.src)) || !crosses(dst) {
            return Err(DropReason::NotForwarded);
        }
        if sockets.interfaces.is_broadcast(dst) {
            return Err(DropReason::NotForwarded);
        }
        if input.hop_limit <= 1 {
            return self.refuse(
                context,
                input,
                Problem::HopLimit,
                DropReason::HopLimit,
                sockets,
            );
        }
        let way = Way {
            dst,
            src: None,
            bound: None,
            zone: 0,
        };
        let Some(out) = sockets.interfaces.way_out(&way) else {
            return self.refuse(
                context,
                input,
                Problem::NoRoute,
                DropReason::NoRoute,
                sockets,
            );
        };
        self.protocols
            .note(|all| count(&mut all.ip(dst.is_ipv4()).in_forw_datagrams));
        let mtu = sockets.interfaces.mtu(out);
        if input.whole.len() > mtu && (dont_frag || dst.is_ipv6()) {
            let problem = Problem::TooBig(u32::try_from(mtu).unwrap_or(u32::MAX));
            return self.refuse(context, input, problem, DropReason::TooLong, sockets);
        }
        // Where who hears us need not hear each other there is nothing better to be told of.
        let shared = !matches!(self.link, Link::Ieee802154(_));
        if shared && self.id.is_some_and(|id| id.is(out)) {
            self.redirect(context, input, sockets);
        }
        let left = input.hop_limit.saturating_sub(1);
        let queued = sockets.interfaces.queue(out, input.whole.len(), |buffer| {
            put(buffer, input.whole);
            set_hop_limit(buffer, left);
        });
        if queued {
            Ok(())
        } else {
            Err(DropReason::ForwardFull)
        }
    }

    /// Report a problem with a packet for somebody else, from an address of ours.
    pub(super) fn refuse<T>(
        &mut self,
        context: &Context<'_, T>,
        input: &IpInput<'_>,
        problem: Problem,
        dropped: DropReason,
        sockets: &mut SocketSet<'_>,
    ) -> Verdict {
        let may = ERRORS && may_answer(input.whole, problem.answers_later_fragments());
        let Some(own) = self.source_of_error(full(input.src)).filter(|_| may) else {
            return Err(dropped);
        };
        if !self.may_report(context.now) {
            return Err(DropReason::RateLimited);
        }
        self.tell(own, full(input.src), problem, input.whole, sockets);
        Err(dropped)
    }

    /// Tell a host what is wrong with a packet, by the interface that leads there (RFC 1812
    /// §4.3.2.4: where the packet came from proves nothing of the way back).
    fn tell(
        &mut self,
        own: Ip,
        to: IpAddr,
        problem: Problem,
        packet: &[u8],
        sockets: &mut SocketSet<'_>,
    ) {
        let Some(out) = sockets.interfaces.leads(to) else {
            return;
        };
        let ident = self.next_ident();
        if to.is_ipv4() {
            let message = problem.v4(packet);
            let output = IpOutput::icmp(own, kept(to), message.buffer_len());
            self.protocols.note(|all| all.requested(&output));
            sockets.interfaces.queue(out, output.len(), |buffer| {
                write_ip(&output, ident, buffer, |buffer, _| {
                    emit_icmpv4(&message, buffer, true);
                });
            });
        } else {
            let message = problem.v6(packet);
            let output = IpOutput::icmp(own, kept(to), message.buffer_len());
            self.protocols.note(|all| all.requested(&output));
            sockets.interfaces.queue(out, output.len(), |buffer| {
                write_ip(&output, ident, buffer, |buffer, pseudo| {
                    emit_icmpv6(&message, buffer, pseudo, true);
                });
            });
        }
    }

    /// Where an error to a host is from: what suits, else any address of ours, as the way back may
    /// be another interface's (RFC 1812 §4.3.2.4).
    fn source_of_error(&self, to: IpAddr) -> Option<Ip> {
        let fits = |own: &Ip| is_v4(own) == to.is_ipv4() && crosses(full(*own));
        let any = || self.addrs.iter().map(|cidr| cidr.addr()).find(fits);
        self.addrs.source_for(kept(to)).or_else(any)
    }

    /// Tell a neighbor whose packet leaves by the link that it came by of the better way (RFC 1812
    /// §5.2.7.2, RFC 4861 §8.2).
    fn redirect<T: TxToken>(
        &mut self,
        context: &mut Context<'_, T>,
        input: &IpInput<'_>,
        sockets: &mut SocketSet<'_>,
    ) {
        let hop = self.addrs.next_hop(input.dst);
        let source = self.addrs.next_hop(input.src);
        let (Some(hop), Some(source)) = (hop, source) else {
            return;
        };
        // Only who is on the link can use it.
        if source != input.src || hop == input.src {
            return;
        }
        // What it says is no drop: the packet goes on.
        let _ = match (full(hop), full(input.src), full(input.dst)) {
            (IpAddr::V4(hop), ..) => {
                let problem = Problem::Redirect(hop);
                self.refuse(context, input, problem, DropReason::NoRoute, sockets)
            }
            (IpAddr::V6(hop), IpAddr::V6(src), IpAddr::V6(dst)) if IPV6 => {
                self.redirect_v6(context, (src, dst, hop), input.whole)
            }
            _ => Ok(()),
        };
    }

    /// Send the first packet of the queue, or a fragment of it.
    pub(super) fn send_forward<T: TxToken>(
        &mut self,
        tx: T,
        now: Instant,
        caps: &Capabilities,
        sockets: &mut SocketSet<'_>,
    ) -> Verdict {
        let Some(id) = self.id else {
            return Ok(());
        };
        let Some(packet) = sockets.interfaces.first_queued(id) else {
            return Ok(());
        };
        let v4 = packet.first().is_some_and(|octet| octet >> 4 == 4);
        let (verdict, sent) = self.send_whole(tx, now, caps, packet);
        if verdict == Err(DropReason::Unresolved) {
            self.refuse_queued(id, sockets);
        }
        match sent {
            Some(sent) => self.forwarded = Kept::new(sent),
            None => {
                if verdict.is_ok() {
                    self.protocols
                        .note(|all| count(&mut all.ip(v4).out_forw_datagrams));
                }
                self.forwarded = Kept::default();
                sockets.interfaces.drop_queued(id);
            }
        }
        verdict
    }

    /// Tell the sender of the first packet of the queue that nobody here has its destination.
    #[inline(never)]
    fn refuse_queued(&mut self, id: InterfaceId, sockets: &mut SocketSet<'_>) {
        let mut quote = [0; QUOTE];
        let packet = sockets.interfaces.first_queued(id).unwrap_or_default();
        put(&mut quote, packet);
        let len = packet.len().min(QUOTE);
        self.unanswered(quote.get(..len).unwrap_or_default(), sockets);
    }

    /// Send a packet as it is, or its next fragment. Says how many octets of its payload have been
    /// sent if some are left.
    fn send_whole<T: TxToken>(
        &mut self,
        tx: T,
        now: Instant,
        caps: &Capabilities,
        packet: &[u8],
    ) -> (Verdict, Option<usize>) {
        let Some(dst) = destination(packet) else {
            return (Err(DropReason::Malformed), None);
        };
        if packet.len() <= caps.ip_mtu {
            let verdict = self.put_packet(tx, now, kept(dst), packet.len(), |buffer| {
                put(buffer, packet)
            });
            return (verdict, None);
        }
        let Ok(whole) = Ipv4Packet::new_checked(packet) else {
            return (Err(DropReason::TooLong), None);
        };
        let at = self.forwarded.get().copied().unwrap_or(0);
        let Some(fragment) = Cut::new(&whole, at, caps.ip_mtu) else {
            return (Err(DropReason::TooLong), None);
        };
        self.protocols
            .note(|all| count(&mut all.ip(true).out_frag_creates));
        let verdict = self.put_packet(tx, now, kept(dst), fragment.len(), |buffer| {
            fragment.write(&whole, buffer);
        });
        let sent = at.saturating_add(fragment.data.len());
        let left = verdict.is_ok() && sent < whole.payload().len();
        (verdict, left.then_some(sent))
    }

    /// Tell the sender of a packet, if it is not this host, that its next hop does not answer
    /// (RFC 1812 §5.2.7.1, RFC 4443 §3.1). The error goes by the interface that leads there.
    pub(super) fn unanswered(&mut self, packet: &[u8], sockets: &mut SocketSet<'_>) {
        if !(ROUTER && ERRORS) {
            return;
        }
        let Some(src) = source(packet).filter(|&src| !sockets.interfaces.owns(src)) else {
            return;
        };
        let own = self.source_of_error(src);
        let (Some(own), true) = (own, self.id.is_some() && may_answer(packet, false)) else {
            return;
        };
        if !self.may_report(self.now) {
            return;
        }
        self.tell(own, src, Problem::Address, packet, sockets);
    }
}

/// Whether an address may stand in a packet that crosses a router (RFC 1812 §5.3.7, RFC 3927 §7,
/// RFC 4291 §2.5).
fn crosses(addr: IpAddr) -> bool {
    match addr {
        IpAddr::V4(v4) => {
            let reserved = matches!(v4.octets(), [0 | 127 | 240..=255, ..]);
            is_unicast(addr) && !reserved && !v4.is_link_local()
        }
        IpAddr::V6(v6) => {
            let mapped = v6.to_ipv4_mapped().is_some();
            is_unicast(addr) && !v6.is_loopback() && !v6.is_unicast_link_local() && !mapped
        }
    }
}

/// Write another hop limit; the IPv4 checksum is patched (RFC 1624).
fn set_hop_limit(packet: &mut [u8], hop_limit: u8) {
    if packet.first().is_some_and(|octet| octet >> 4 == 4) {
        if let Ok(mut packet) = Ipv4PacketMut::new_checked(packet) {
            packet.set_hop_limit(hop_limit);
        }
    } else if let Ok(mut packet) = Ipv6PacketMut::new_checked(packet) {
        packet.set_hop_limit(hop_limit);
    }
}

fn destination(packet: &[u8]) -> Option<IpAddr> {
    if packet.first()? >> 4 == 4 {
        Some(Ipv4Packet::new_checked(packet).ok()?.dst_addr().into())
    } else {
        Some(Ipv6Packet::new_checked(packet).ok()?.dst_addr().into())
    }
}

fn source(packet: &[u8]) -> Option<IpAddr> {
    if packet.first()? >> 4 == 4 {
        Some(Ipv4Packet::new_checked(packet).ok()?.src_addr().into())
    } else {
        Some(Ipv6Packet::new_checked(packet).ok()?.src_addr().into())
    }
}

/// A fragment of an IPv4 packet that is forwarded (RFC 791 §2.3): the first has all options, the
/// others those that say so.
struct Cut<'p> {
    data: &'p [u8],
    options: [Ipv4Option<'p>; MAX_OPTIONS],
    count: usize,
    offset: usize,
    more: bool,
}

impl<'p> Cut<'p> {
    /// The fragment that begins after `at` octets of the payload, in a packet of `mtu` octets.
    fn new(whole: &Ipv4Packet<'p>, at: usize, mtu: usize) -> Option<Self> {
        let mut options = [Ipv4Option::Nop; MAX_OPTIONS];
        let copied = |option: &Ipv4Option<'_>| {
            at == 0
                || match option {
                    Ipv4Option::Unknown { kind, .. } => kind & 0x80 != 0,
                    Ipv4Option::StreamId { .. } | Ipv4Option::RouterAlert { .. } => true,
                    _ => false,
                }
        };
        let kept = whole.options().iter().filter_map(Result::ok).filter(copied);
        let mut count = 0_usize;
        for (slot, option) in options.iter_mut().zip(kept) {
            *slot = option;
            count = count.saturating_add(1);
        }
        let mut cut = Self {
            data: whole.payload().get(at..)?,
            options,
            count,
            offset: usize::from(whole.frag_offset()).saturating_add(at),
            more: whole.more_frags(),
        };
        let room = mtu.checked_sub(cut.repr(whole).header_len())?;
        if cut.data.len() > room {
            cut.data = cut.data.get(..room & !7).filter(|data| !data.is_empty())?;
            cut.more = true;
        }
        Some(cut)
    }

    fn repr<'s>(&'s self, whole: &Ipv4Packet<'_>) -> Ipv4Repr<'s>
    where
        'p: 's,
    {
        Ipv4Repr {
            dscp: whole.dscp(),
            ecn: whole.ecn(),
            ident: whole.ident(),
            dont_frag: false,
            more_frags: self.more,
            frag_offset: u16::try_from(self.offset).unwrap_or(0),
            hop_limit: whole.hop_limit(),
            next_header: whole.next_header(),
            src_addr: whole.src_addr(),
            dst_addr: whole.dst_addr(),
            options: Options::items(self.options.get(..self.count).unwrap_or(&[])),
            payload_len: self.data.len(),
        }
    }

    fn len(&self) -> usize {
        let nowhere = Ipv4Repr {
            options: Options::items(self.options.get(..self.count).unwrap_or(&[])),
            ..Ipv4Repr::default()
        };
        nowhere.header_len().saturating_add(self.data.len())
    }

    fn write(&self, whole: &Ipv4Packet<'_>, buffer: &mut [u8]) {
        if let Ok((header, payload)) = self.repr(whole).emit_split(buffer) {
            let sum = Sum::of(header).finish();
            Ipv4::store_checksum(header, sum);
            put(payload, self.data);
        }
    }
}

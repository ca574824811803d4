//! Received fragments on their way to the reassembly, and what comes out of it. Which fragments are
//! refused: RFC 791, RFC 1858 (tiny ones of IPv4), RFC 8200 §4.5 and RFC 7112 (first ones of IPv6
//! without all headers).

use litz_hal::time::Instant;
use litz_hal::{Capabilities, TxToken};
use litz_wire::rt::Sum;
use litz_wire::{
    Ecn, Icmpv6HeaderPacket, Icmpv6ParamProblem, IpProtocol, Ipv4, Ipv4Packet, Ipv4Repr,
    Ipv6DstOptsPacketMut, Ipv6FragmentPacket, Ipv6Packet, Ipv6Repr, Ipv6RoutingPacketMut,
    TcpPacket,
};

use super::Interface;
use super::chain::skip;
use super::counters::DropReason;
use super::icmp::{emit_icmpv4, emit_icmpv6};
use super::ingress::{Context, Verdict};
use super::ip::IpInput;
use super::mib::count;
use super::output::{IPV6_HEADER, IpOutput};
use super::reassembly::{Added, Key, Part, Refusal, Together};
use super::report::{Problem, may_answer};
use crate::addr::{Ip, is_host, is_v4, v4, v6};
use crate::parts::FRAGMENTS;
use crate::socket::SocketSet;

/// The longest packet, and the longest payload of an IPv6 packet.
const MAX_LEN: usize = 65_535;
/// Octets of a UDP header.
const UDP_HEADER: usize = 8;
/// Octets of a fragment header.
const FRAGMENT_HEADER: usize = 8;
/// Octets of the longest IPv4 header.
const MAX_IPV4_HEADER: usize = 60;
/// Where the IPv6 header has the length of the packet, and where it names what follows.
const PAYLOAD_LENGTH: usize = 4;
const NEXT_HEADER: usize = 6;
/// Where a fragment header has its offset.
const FRAGMENT_OFFSET: usize = 2;

impl<'a> Interface<'a> {
    /// A fragment of a packet for us.
    pub(super) fn fragment_v4<T: TxToken>(
        &mut self,
        context: &mut Context<'_, T>,
        packet: &Ipv4Packet<'_>,
        sockets: &mut SocketSet<'_>,
    ) -> Verdict {
        if !FRAGMENTS {
            return Err(DropReason::Fragment);
        }
        let header = packet.header_bytes();
        let (offset, more) = (usize::from(packet.frag_offset()), packet.more_frags());
        let data = packet.payload();
        let end = offset.saturating_add(data.len());
        let ragged = data.is_empty() || (more && data.len() & 7 != 0);
        // RFC 1858 §3.1: no filter sees the flags of a segment that is cut within its header.
        let tiny = packet.next_header() == IpProtocol::Tcp
            && (offset == 8 || (offset == 0 && TcpPacket::new_truncated(data).is_err()));
        if ragged || tiny || header.len().saturating_add(end) > MAX_LEN {
            return Err(DropReason::FragmentMalformed);
        }
        let key = Key {
            src: v4(packet.src_addr()),
            dst: v4(packet.dst_addr()),
            ident: packet.ident().into(),
            protocol: packet.next_header().0,
        };
        let part = Part {
            offset,
            more,
            data,
            header: if offset == 0 { header } else { &[] },
            named_at: 0,
            ecn: packet.ecn(),
        };
        let Some(mut whole) = self.add_fragment(key, &part, context.now)? else {
            return Ok(());
        };
        let verdict = match join_v4(&mut whole).and_then(|()| whole.octets(0)) {
            Some(octets) => {
                context.reassembled = true;
                self.ipv4(context, octets, sockets)
            }
            None => Err(DropReason::FragmentMalformed),
        };
        self.reassembly.give_back(whole);
        verdict
    }

    /// A fragment of a packet for us, whose fragment header begins at an octet and is named at
    /// another.
    pub(super) fn fragment_v6<T: TxToken>(
        &mut self,
        context: &mut Context<'_, T>,
        input: &IpInput<'_>,
        ecn: Ecn,
        fragment: &Ipv6FragmentPacket<'_>,
        (at, named_at): (usize, usize),
        sockets: &mut SocketSet<'_>,
    ) -> Verdict {
        if !FRAGMENTS {
            return Err(DropReason::Fragment);
        }
        let (offset, more) = (usize::from(fragment.frag_offset()), fragment.more_frags());
        let data = fragment.payload();
        let end = offset.saturating_add(data.len());
        let wrong = if more && data.len() & 7 != 0 {
            Some((Icmpv6ParamProblem::ErroneousHeader, PAYLOAD_LENGTH))
        } else if end.saturating_add(at.saturating_sub(IPV6_HEADER)) > MAX_LEN {
            let pointer = at.saturating_add(FRAGMENT_OFFSET);
            Some((Icmpv6ParamProblem::ErroneousHeader, pointer))
        } else if offset == 0 && !holds_all_headers(fragment) {
            Some((Icmpv6ParamProblem::IncompleteHeaderChain, 0))
        } else {
            None
        };
        let reason = DropReason::FragmentMalformed;
        if let Some((code, pointer)) = wrong {
            return self.report(context, input, Problem::Parameter(code, pointer), reason);
        }
        let header = input.whole.get(..at.saturating_add(FRAGMENT_HEADER));
        let (Some(header), false) = (header, data.is_empty()) else {
            return Err(reason);
        };
        let key = Key {
            src: input.src,
            dst: input.dst,
            ident: fragment.ident(),
            protocol: 0,
        };
        let part = Part {
            offset,
            more,
            data,
            header: if offset == 0 { header } else { &[] },
            named_at,
            ecn,
        };
        let Some(mut whole) = self.add_fragment(key, &part, context.now)? else {
            return Ok(());
        };
        let joined = join_v6(&mut whole).and_then(|()| whole.octets(FRAGMENT_HEADER));
        let verdict = match joined {
            Some(octets) => {
                context.reassembled = true;
                self.ipv6(context, octets, sockets)
            }
            None => Err(reason),
        };
        self.reassembly.give_back(whole);
        verdict
    }

    fn add_fragment(
        &mut self,
        key: Key,
        part: &Part<'_>,
        now: Instant,
    ) -> Result<Option<Together<'a>>, DropReason> {
        let v4 = is_v4(&key.src);
        let protocols = &mut self.protocols;
        protocols.note(|all| count(&mut all.ip(v4).reasm_reqds));
        let displaced = self.reassembly.displaced();
        let added = self.reassembly.add(key, part, now);
        if displaced != self.reassembly.displaced() {
            // Whose it was is not known any more; most often it is of the same version.
            protocols.note(|all| count(&mut all.ip(v4).reasm_fails));
            self.counters.drop(DropReason::ReassemblyFull);
        }
        match added {
            Added::Kept => Ok(None),
            Added::Whole => {
                protocols.note(|all| count(&mut all.ip(v4).reasm_oks));
                Ok(self.reassembly.take(key))
            }
            Added::Refused(Refusal::Overlap) => Err(DropReason::FragmentOverlap),
            Added::Refused(Refusal::NoRoom) => Err(DropReason::Fragment),
        }
    }

    /// Give up a packet that has taken too long to come together, and tell its sender if the first
    /// fragment is there (RFC 1122 §3.3.2, RFC 4443 §3.3).
    pub(super) fn expire_fragments<T: TxToken>(
        &mut self,
        tx: T,
        now: Instant,
        caps: &Capabilities,
    ) -> Verdict {
        let mut reassembly = core::mem::replace(
            &mut self.reassembly,
            super::Reassembly::new(Default::default()),
        );
        let verdict = reassembly.expire(now, |v4, first| {
            self.protocols
                .note(|all| count(&mut all.ip(v4).reasm_fails));
            match first {
                Some(first) => self.tell_expired(tx, now, caps, first),
                None => Ok(()),
            }
        });
        self.reassembly = reassembly;
        self.counters.drop(DropReason::ReassemblyTimeout);
        verdict.unwrap_or(Ok(()))
    }

    fn tell_expired<T: TxToken>(
        &mut self,
        tx: T,
        now: Instant,
        caps: &Capabilities,
        first: &[u8],
    ) -> Verdict {
        let Some((first, dst, src)) = first_fragment(first) else {
            return Ok(());
        };
        if !is_host(&src) || !self.addrs.speaks_for(src) || !may_answer(first, false) {
            return Ok(());
        }
        if !self.may_report(now) {
            return Err(DropReason::RateLimited);
        }
        let fill = caps.checksum.icmp.fill_tx;
        if is_v4(&src) {
            let message = Problem::Reassembly.v4(first);
            let output = IpOutput::icmp(src, dst, message.buffer_len());
            self.send_rarely(tx, now, caps, &output, &mut |buffer, _| {
                emit_icmpv4(&message, buffer, fill);
            })
        } else {
            let message = Problem::Reassembly.v6(first);
            let output = IpOutput::icmp(src, dst, message.buffer_len());
            self.send_rarely(tx, now, caps, &output, &mut |buffer, pseudo| {
                emit_icmpv6(&message, buffer, pseudo, fill);
            })
        }
    }
}

/// The first fragment of what has come, its source and its destination.
fn first_fragment(octets: &[u8]) -> Option<(&[u8], Ip, Ip)> {
    if octets.first()? >> 4 == 4 {
        let packet = Ipv4Packet::new_checked(octets).ok()?;
        let (src, dst) = (v4(packet.src_addr()), v4(packet.dst_addr()));
        Some((packet.bytes(), src, dst))
    } else {
        let packet = Ipv6Packet::new_checked(octets).ok()?;
        let (src, dst) = (v6(packet.src_addr()), v6(packet.dst_addr()));
        Some((packet.bytes(), src, dst))
    }
}

/// Whether a first fragment has every header up to and with that of the transport (RFC 7112 §5).
fn holds_all_headers(fragment: &Ipv6FragmentPacket<'_>) -> bool {
    match skip(fragment.next_header(), fragment.payload()) {
        None => false,
        Some((IpProtocol::Tcp, octets)) => TcpPacket::new_truncated(octets).is_ok(),
        Some((IpProtocol::Udp, octets)) => octets.len() >= UDP_HEADER,
        Some((IpProtocol::Icmpv6, octets)) => Icmpv6HeaderPacket::new_truncated(octets).is_ok(),
        Some(_) => true,
    }
}

/// Make the header of the first fragment that of the whole packet.
fn join_v4(whole: &mut Together<'_>) -> Option<()> {
    let (header_len, total, ecn) = (whole.header_len, whole.total, whole.ecn?);
    let octets = whole.octets_mut(0)?;
    let mut copy = [0; MAX_IPV4_HEADER];
    let copy = copy.get_mut(..header_len)?;
    crate::storage::put(copy, octets);
    let packet = Ipv4Packet::new_truncated(copy).ok()?;
    let repr = Ipv4Repr {
        more_frags: false,
        frag_offset: 0,
        ecn,
        payload_len: total,
        ..Ipv4Repr::parse(&packet).ok()?
    };
    let (header, _) = repr.emit_split(octets).ok()?;
    let sum = Sum::of(header).finish();
    Ipv4::store_checksum(header, sum);
    Some(())
}

/// Take the fragment header out, and make the headers before it those of the whole packet.
fn join_v6(whole: &mut Together<'_>) -> Option<()> {
    let (header_len, total, ecn) = (whole.header_len, whole.total, whole.ecn?);
    let named_at = whole.named_at;
    let octets = whole.octets_mut(0)?;
    let at = header_len.checked_sub(FRAGMENT_HEADER)?;
    let fragment = Ipv6FragmentPacket::new_truncated(octets.get(at..)?).ok()?;
    let next_header = fragment.next_header();
    octets.copy_within(..at, FRAGMENT_HEADER);
    let octets = octets.get_mut(FRAGMENT_HEADER..)?;
    let mut copy = [0; IPV6_HEADER];
    crate::storage::put(&mut copy, octets);
    let mut repr = Ipv6Repr::parse(&Ipv6Packet::new_truncated(&copy).ok()?).ok()?;
    repr.ecn = ecn;
    repr.payload_len = at.checked_sub(IPV6_HEADER)?.checked_add(total)?;
    let before = repr.next_header;
    if named_at == NEXT_HEADER {
        repr.next_header = next_header;
    }
    repr.emit(octets).ok()?;
    if named_at != NEXT_HEADER {
        let last = octets.get_mut(named_at..at)?;
        // A routing header has its fields where options would be; both begin with the same octet.
        match Ipv6RoutingPacketMut::new_checked(last) {
            Ok(mut header) => header.set_next_header(next_header),
            Err(_) => Ipv6DstOptsPacketMut::new_checked(octets.get_mut(named_at..at)?)
                .ok()?
                .set_next_header(next_header),
        }
    }
    debug_assert!(named_at != NEXT_HEADER || before == IpProtocol::Ipv6Frag);
    Some(())
}

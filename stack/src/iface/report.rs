//! ICMP errors that the interface sends (RFC 1122 §3.2.2, RFC 1812 §4.3, RFC 4443 §2.4): what they
//! say, how much they quote, when there must be none, and how many there may be.

use core::net::{IpAddr, Ipv4Addr};

use litz_hal::TxToken;
use litz_wire::{
    Icmpv4, Icmpv4DstUnreachable, Icmpv4HeaderPacket, Icmpv4RedirectCode, Icmpv4TimeExceeded,
    Icmpv6, Icmpv6DstUnreachable, Icmpv6HeaderPacket, Icmpv6ParamProblem, Icmpv6TimeExceeded,
    IpProtocol, Ipv4Packet, Ipv6Packet, Nested,
};

use super::Interface;
use super::addresses::Destination;
use super::chain::skip;
use super::counters::DropReason;
use super::ingress::{Context, Verdict};
use super::ip::IpInput;
use crate::addr::{full, is_unicast};
use crate::parts::{ERRORS, IPV4, IPV6};

/// Octets that an ICMPv4 error and its quote may have (RFC 1812 §4.3.2.3: 576 with the IP header).
const MAX_ERROR_V4: usize = 576 - 20;
/// Octets that an ICMPv6 error and its quote may have (RFC 4443 §2.4 (c): the minimum MTU).
const MAX_ERROR_V6: usize = 1280 - 40;
/// Octets of an error before its quote.
const ERROR_HEADER: usize = 8;

/// What is wrong with a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Problem {
    /// Nobody listens on the port (RFC 1122 §4.1.3.1, RFC 4443 §3.1).
    Port,
    /// The protocol is not spoken; the octet that names it.
    Protocol(usize),
    /// A field of a header; its octet.
    Parameter(Icmpv6ParamProblem, usize),
    /// A header has an option that even groups are to report; its octet.
    GroupOption(usize),
    /// The packet took too long to come together.
    Reassembly,
    /// The packet has passed as many routers as it may.
    HopLimit,
    /// No route leads to the destination.
    NoRoute,
    /// The next hop does not answer.
    Address,
    /// The next link takes packets of so many octets.
    TooBig(u32),
    /// There is a better first hop; over IPv4 only.
    Redirect(Ipv4Addr),
}

impl Problem {
    /// Whether the error may answer a packet to a group (RFC 4443 §2.4 (e.3)).
    const fn answers_groups(self) -> bool {
        matches!(self, Self::GroupOption(_))
    }

    /// Whether the error may answer a fragment other than the first: RFC 8200 §4.5 wants it where
    /// the fragment itself is wrong.
    pub(super) const fn answers_later_fragments(self) -> bool {
        matches!(
            self,
            Self::Parameter(Icmpv6ParamProblem::ErroneousHeader, _)
        )
    }

    /// The error over IPv4.
    pub(super) fn v4(self, whole: &[u8]) -> Icmpv4<'_> {
        let invoking = Nested::new(first(whole, MAX_ERROR_V4.saturating_sub(ERROR_HEADER)));
        let unreachable = |reason| Icmpv4::DstUnreachable {
            reason,
            next_hop_mtu: 0,
            invoking,
        };
        match self {
            Self::Port => unreachable(Icmpv4DstUnreachable::PortUnreachable),
            Self::Protocol(_) => unreachable(Icmpv4DstUnreachable::ProtoUnreachable),
            Self::Parameter(_, pointer) | Self::GroupOption(pointer) => Icmpv4::ParamProblem {
                code: 0,
                pointer: u8::try_from(pointer).unwrap_or(u8::MAX),
                invoking,
            },
            Self::Reassembly => Icmpv4::TimeExceeded {
                reason: Icmpv4TimeExceeded::Reassembly,
                invoking,
            },
            Self::HopLimit => Icmpv4::TimeExceeded {
                reason: Icmpv4TimeExceeded::HopLimit,
                invoking,
            },
            Self::NoRoute => unreachable(Icmpv4DstUnreachable::NetUnreachable),
            Self::Redirect(gateway) => Icmpv4::Redirect {
                code: Icmpv4RedirectCode::Host,
                gateway,
                invoking,
            },
            Self::Address => unreachable(Icmpv4DstUnreachable::HostUnreachable),
            Self::TooBig(mtu) => Icmpv4::DstUnreachable {
                reason: Icmpv4DstUnreachable::FragRequired,
                next_hop_mtu: u16::try_from(mtu).unwrap_or(u16::MAX),
                invoking,
            },
        }
    }

    /// The error over IPv6.
    pub(super) fn v6(self, whole: &[u8]) -> Icmpv6<'_> {
        let invoking = Nested::new(first(whole, MAX_ERROR_V6.saturating_sub(ERROR_HEADER)));
        let problem = |reason, pointer| Icmpv6::ParamProblem {
            reason,
            pointer: u32::try_from(pointer).unwrap_or(u32::MAX),
            invoking,
        };
        match self {
            Self::Port => Icmpv6::DstUnreachable {
                reason: Icmpv6DstUnreachable::PortUnreachable,
                invoking,
            },
            Self::Protocol(pointer) => problem(Icmpv6ParamProblem::UnrecognizedNxtHdr, pointer),
            Self::Parameter(reason, pointer) => problem(reason, pointer),
            Self::GroupOption(pointer) => problem(Icmpv6ParamProblem::UnrecognizedOption, pointer),
            Self::Reassembly => Icmpv6::TimeExceeded {
                reason: Icmpv6TimeExceeded::Reassembly,
                invoking,
            },
            Self::HopLimit => Icmpv6::TimeExceeded {
                reason: Icmpv6TimeExceeded::HopLimit,
                invoking,
            },
            Self::NoRoute => Icmpv6::DstUnreachable {
                reason: Icmpv6DstUnreachable::NoRoute,
                invoking,
            },
            Self::Address | Self::Redirect(_) => Icmpv6::DstUnreachable {
                reason: Icmpv6DstUnreachable::AddrUnreachable,
                invoking,
            },
            Self::TooBig(mtu) => Icmpv6::PktTooBig { mtu, invoking },
        }
    }
}

impl Interface<'_> {
    /// Tell the sender of a packet what is wrong with it, unless the packet is one that no error
    /// may answer. What is returned is why the packet is dropped: for `dropped`, or because there
    /// were too many errors.
    pub(super) fn report<T: TxToken>(
        &mut self,
        context: &mut Context<'_, T>,
        input: &IpInput<'_>,
        problem: Problem,
        dropped: DropReason,
    ) -> Verdict {
        if !ERRORS {
            return Err(dropped);
        }
        let to_one = input.kind == Destination::Unicast && !context.to_group;
        let may = may_answer(input.whole, problem.answers_later_fragments());
        if !(to_one || problem.answers_groups()) || !may {
            return Err(dropped);
        }
        if !self.may_report(context.now) {
            return Err(DropReason::RateLimited);
        }
        match full(input.src) {
            IpAddr::V4(_) if IPV4 => self.reply_icmpv4(context, input, &problem.v4(input.whole))?,
            IpAddr::V6(_) if IPV6 => self.reply_icmpv6(context, input, &problem.v6(input.whole))?,
            _ => {}
        }
        Err(dropped)
    }
}

/// Whether an error may answer a packet: it is from one host, is no error itself, and is the first
/// fragment if it is one (RFC 1122 §3.2.2, RFC 4443 §2.4 (e)); over IPv6 others may be allowed.
pub(super) fn may_answer(whole: &[u8], later_fragments: bool) -> bool {
    match whole.first().map(|octet| octet >> 4) {
        Some(4) => Ipv4Packet::new_checked(whole).is_ok_and(|packet| {
            is_unicast(IpAddr::V4(packet.src_addr()))
                && !packet.src_addr().is_loopback()
                && packet.frag_offset() == 0
                && (packet.next_header() != IpProtocol::Icmp || is_query_v4(packet.payload()))
        }),
        Some(6) => Ipv6Packet::new_checked(whole).is_ok_and(|packet| {
            let upper = skip(packet.next_header(), packet.payload());
            is_unicast(IpAddr::V6(packet.src_addr()))
                && !packet.src_addr().is_loopback()
                && upper.is_none_or(|(protocol, payload)| {
                    protocol != IpProtocol::Icmpv6 || is_query_v6(payload)
                })
                && (later_fragments || !is_later_fragment(&packet))
        }),
        _ => false,
    }
}

/// Whether a packet is a fragment other than the first.
fn is_later_fragment(packet: &Ipv6Packet<'_>) -> bool {
    super::chain::fragment_offset(packet.next_header(), packet.payload()).is_some_and(|at| at > 0)
}

/// Whether an ICMPv4 message reports no error (RFC 1122 §3.2.2).
fn is_query_v4(message: &[u8]) -> bool {
    let Ok(header) = Icmpv4HeaderPacket::new_checked(message) else {
        return false;
    };
    matches!(header.msg_type(), 0 | 8 | 9 | 10 | 13..=18)
}

/// Whether an ICMPv6 message reports no error and is no redirect (RFC 4443 §2.4 (e.1), (e.2)).
fn is_query_v6(message: &[u8]) -> bool {
    const REDIRECT: u8 = 137;
    let Ok(header) = Icmpv6HeaderPacket::new_checked(message) else {
        return false;
    };
    header.msg_type() >= 128 && header.msg_type() != REDIRECT
}

/// The first `len` octets, or all.
pub(super) fn first(octets: &[u8], len: usize) -> &[u8] {
    octets.get(..len).unwrap_or(octets)
}

//! IPv4 (RFC 791, RFC 1122 §3.2) and IPv6 (RFC 8200) input: is the packet sound, and is it ours?
//! Extension headers, fragments and the errors that follow from them have files of their own.

use core::net::Ipv4Addr;

use litz_hal::TxToken;
use litz_wire::rt::Options;
use litz_wire::{Ecn, Icmpv6ParamProblem, IpProtocol, Ipv4Option, Ipv4Packet, Ipv6Packet};

use super::Interface;
use super::addresses::Destination;
use super::chain::{End, Fault, hop_by_hop, walk};
use super::counters::DropReason;
use super::ingress::{Context, Verdict};
use super::mib::Layer;
use super::report::Problem;
use crate::addr::{Ip, is_internal, is_v4, v4, v6};
use crate::parts::{IPV4, IPV6, MULTICAST, ROUTER, TCP, UDP};
use crate::socket::SocketSet;

/// A received IP packet, of whichever version.
#[derive(Clone, Copy)]
pub(super) struct IpInput<'p> {
    pub(super) src: Ip,
    pub(super) dst: Ip,
    /// What the destination is to us.
    pub(super) kind: Destination,
    pub(super) protocol: IpProtocol,
    pub(super) hop_limit: u8,
    /// A router has marked it (RFC 3168 §5).
    pub(super) congested: bool,
    pub(super) dscp: u8,
    pub(super) ecn: Ecn,
    pub(super) payload: &'p [u8],
    /// The packet from its first octet, to be quoted in errors.
    pub(super) whole: &'p [u8],
    /// Whether routers were to look at it (RFC 2113, RFC 2711).
    pub(super) alert: bool,
    /// Octet of the packet that names the protocol.
    pub(super) named_at: usize,
}

/// Where an IPv4 header names the protocol.
const PROTOCOL_V4: usize = 9;
/// Where an IPv6 header names what follows.
const NEXT_HEADER_V6: usize = 6;

impl Interface<'_> {
    pub(super) fn ipv4<T: TxToken>(
        &mut self,
        context: &mut Context<'_, T>,
        octets: &[u8],
        sockets: &mut SocketSet<'_>,
    ) -> Verdict {
        if !IPV4 {
            return Err(DropReason::EtherType);
        }
        self.begin_ip(context, true);
        let packet = Ipv4Packet::new_checked(octets).map_err(|_| DropReason::Malformed)?;
        if context.verifies_ip() && !packet.verify_checksum() {
            return Err(DropReason::IpChecksum);
        }
        let src = v4(packet.src_addr());
        let dst = v4(packet.dst_addr());
        // Queries of switches come from nowhere (RFC 4541 §2.1.1).
        let query = packet.src_addr().is_unspecified() && packet.next_header() == IpProtocol::Igmp;
        //= RFC 9293: MUST-63
        if (is_martian(packet.src_addr()) && !query)
            || self.addrs.is_broadcast(packet.src_addr())
            || self.addrs.owns(src)
        {
            return Err(DropReason::BadSource);
        }
        let kind = self.accepts(dst);
        let Some(kind) = kind.or_else(|| self.accepts_for_others(dst, sockets)) else {
            return self.elsewhere_v4(context, &packet, sockets);
        };
        // RFC 1122 §3.3.6: what came to everybody on the link has to be for everybody.
        if context.to_group && kind == Destination::Unicast {
            return Err(DropReason::NotForUs);
        }
        let alert = options_v4(&packet.options())?;
        if packet.more_frags() || packet.frag_offset() != 0 {
            return self.fragment_v4(context, &packet, sockets);
        }
        let input = IpInput {
            alert,
            named_at: PROTOCOL_V4,
            src,
            dst,
            kind,
            protocol: packet.next_header(),
            hop_limit: packet.hop_limit(),
            congested: packet.ecn() == Ecn::Ce,
            dscp: packet.dscp(),
            ecn: packet.ecn(),
            //= RFC 9293: MUST-50
            payload: packet.payload(),
            whole: packet.bytes(),
        };
        let copied = self.copy_packet(context, &input, sockets);
        self.enter(context, &input, copied);
        match input.protocol {
            IpProtocol::Tcp if TCP => self.tcp(context, &input, sockets),
            IpProtocol::Udp if UDP => self.udp(context, &input, sockets),
            IpProtocol::Icmp => self.icmpv4(context, &input, sockets),
            IpProtocol::Igmp if MULTICAST => self.igmp(context, &input),
            _ if copied => Ok(()),
            _ => self.unknown_protocol(context, &input),
        }
    }

    pub(super) fn ipv6<T: TxToken>(
        &mut self,
        context: &mut Context<'_, T>,
        octets: &[u8],
        sockets: &mut SocketSet<'_>,
    ) -> Verdict {
        if !IPV6 {
            return Err(DropReason::EtherType);
        }
        self.begin_ip(context, false);
        let packet = Ipv6Packet::new_checked(octets).map_err(|_| DropReason::Malformed)?;
        let src = v6(packet.src_addr());
        let dst = v6(packet.dst_addr());
        if src.is_multicast() || is_internal(&src) || self.addrs.owns(src) {
            return Err(DropReason::BadSource);
        }
        let kind = self.accepts(dst);
        let kind = kind.or_else(|| self.accepts_for_others(dst, sockets));
        let mut input = IpInput {
            src,
            dst,
            kind: kind.unwrap_or(Destination::Unicast),
            protocol: packet.next_header(),
            hop_limit: packet.hop_limit(),
            congested: packet.ecn() == Ecn::Ce,
            dscp: packet.dscp(),
            ecn: packet.ecn(),
            payload: packet.payload(),
            whole: packet.bytes(),
            alert: false,
            named_at: NEXT_HEADER_V6,
        };
        let Some(kind) = kind else {
            return self.elsewhere_v6(context, &packet, &input, sockets);
        };
        let upper = match walk(&packet) {
            Ok(End::Upper(upper)) => upper,
            Ok(End::Fragment {
                fragment,
                at,
                named_at,
            }) => {
                let place = (at, named_at);
                return self.fragment_v6(context, &input, packet.ecn(), &fragment, place, sockets);
            }
            Err(Fault::Drop(reason)) => return Err(reason),
            Err(Fault::Problem {
                reason,
                pointer,
                to_groups_too,
            }) => return self.header_problem(context, &input, reason, pointer, to_groups_too),
        };
        input.protocol = upper.protocol;
        input.payload = upper.payload;
        input.alert = upper.alert;
        input.named_at = upper.named_at;
        let copied = self.copy_packet(context, &input, sockets);
        self.enter(context, &input, copied);
        match input.protocol {
            // Only neighbor discovery has a use for packets from nowhere.
            IpProtocol::Icmpv6 => self.icmpv6(context, &input, sockets),
            _ if packet.src_addr().is_unspecified() => Err(DropReason::BadSource),
            // RFC 4443 §2.4 (e.4): no error may answer it; and nobody connects like this.
            _ if context.to_group && kind == Destination::Unicast => Err(DropReason::NotForUs),
            IpProtocol::Tcp if TCP => self.tcp(context, &input, sockets),
            IpProtocol::Udp if UDP => self.udp(context, &input, sockets),
            _ if copied => Ok(()),
            _ => self.unknown_protocol(context, &input),
        }
    }

    /// An IPv6 packet for somebody else.
    fn elsewhere_v6<T: TxToken>(
        &mut self,
        context: &mut Context<'_, T>,
        packet: &Ipv6Packet<'_>,
        input: &IpInput<'_>,
        sockets: &mut SocketSet<'_>,
    ) -> Verdict {
        if !ROUTER || !self.forwarding || input.dst.is_multicast() {
            return Err(not_ours(input.dst));
        }
        if self.examines
            && let Err(fault) = hop_by_hop(packet)
        {
            return self.refuse_options(context, input, fault, sockets);
        }
        self.forward(context, input, true, sockets)
    }

    /// An IPv4 packet for somebody else.
    fn elsewhere_v4<T: TxToken>(
        &mut self,
        context: &mut Context<'_, T>,
        packet: &Ipv4Packet<'_>,
        sockets: &mut SocketSet<'_>,
    ) -> Verdict {
        let dst = v4(packet.dst_addr());
        if !ROUTER || !self.forwarding || dst.is_multicast() {
            return Err(not_ours(dst));
        }
        options_v4(&packet.options())?;
        let input = IpInput {
            src: v4(packet.src_addr()),
            dst,
            kind: Destination::Unicast,
            protocol: packet.next_header(),
            hop_limit: packet.hop_limit(),
            congested: false,
            dscp: packet.dscp(),
            ecn: packet.ecn(),
            payload: packet.payload(),
            whole: packet.bytes(),
            alert: false,
            named_at: PROTOCOL_V4,
        };
        self.forward(context, &input, packet.dont_frag(), sockets)
    }

    fn header_problem<T: TxToken>(
        &mut self,
        context: &mut Context<'_, T>,
        input: &IpInput<'_>,
        reason: Icmpv6ParamProblem,
        pointer: usize,
        to_groups_too: bool,
    ) -> Verdict {
        let dropped = match reason {
            Icmpv6ParamProblem::UnrecognizedOption => DropReason::IpOption,
            Icmpv6ParamProblem::UnrecognizedNxtHdr => DropReason::Protocol,
            _ => DropReason::RoutingHeader,
        };
        let problem = if to_groups_too {
            Problem::GroupOption(pointer)
        } else {
            Problem::Parameter(reason, pointer)
        };
        self.report(context, input, problem, dropped)
    }

    /// RFC 1122 §3.2.2.1, RFC 8200 §4.
    fn unknown_protocol<T: TxToken>(
        &mut self,
        context: &mut Context<'_, T>,
        input: &IpInput<'_>,
    ) -> Verdict {
        let problem = Problem::Protocol(input.named_at);
        self.report(context, input, problem, DropReason::Protocol)
    }
}

impl Interface<'_> {
    /// What was received is a packet; one that was put together has been counted in its fragments.
    fn begin_ip<T>(&mut self, context: &mut Context<'_, T>, v4: bool) {
        context.layer = Layer::Ip(v4);
        if !context.reassembled {
            self.protocols.note(|all| all.received(v4));
        }
    }

    /// A packet goes to its protocol, if that is spoken or a raw socket has it.
    fn enter<T>(&mut self, context: &mut Context<'_, T>, input: &IpInput<'_>, copied: bool) {
        let v4 = is_v4(&input.src);
        let spoken = match input.protocol {
            IpProtocol::Tcp | IpProtocol::Udp => true,
            IpProtocol::Icmp | IpProtocol::Igmp => v4,
            IpProtocol::Icmpv6 => !v4,
            _ => false,
        };
        if spoken || copied {
            let to_group = input.kind == Destination::Multicast;
            let to_all = input.kind == Destination::Broadcast;
            self.protocols.note(|all| {
                let layer = all.delivered(v4, input.protocol, to_group, to_all);
                context.layer = if spoken { layer } else { Layer::Other };
            });
        }
    }
}

/// Look at the options of an IPv4 header. Source routes are refused (RFC 7126 §4.3, §4.4), as is
/// what cannot be read; all others are left as they are. Returns whether one is a router alert.
fn options_v4(options: &Options<'_, Ipv4Option<'_>>) -> Result<bool, DropReason> {
    let mut alert = false;
    for option in options.iter() {
        match option.map_err(|_| DropReason::Malformed)? {
            Ipv4Option::LooseSourceRoute { .. } | Ipv4Option::StrictSourceRoute { .. } => {
                return Err(DropReason::RoutingHeader);
            }
            Ipv4Option::RouterAlert { .. } => alert = true,
            _ => {}
        }
    }
    Ok(alert)
}

/// Why a packet to this destination is not taken.
const fn not_ours(dst: Ip) -> DropReason {
    if dst.is_multicast() {
        DropReason::GroupNotJoined
    } else {
        DropReason::NotOurAddress
    }
}

/// Whether an address can be no source on a link (RFC 1122 §3.2.1.3): of "this" network, of a
/// group, of the loopback network, or the limited broadcast.
const fn is_martian(src: Ipv4Addr) -> bool {
    let [network, ..] = src.octets();
    matches!(network, 0 | 127 | 224..=239) || src.is_broadcast()
}

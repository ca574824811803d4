//! IPv4 (RFC 791, RFC 1122 §3.2) and IPv6 (RFC 8200) input: is the packet sound, and is it ours?
//! Options are passed over, fragments and IPv6 extension headers are dropped.

use core::net::{IpAddr, Ipv4Addr};

use litz_hal::TxToken;
use litz_wire::{Ecn, IpProtocol, Ipv4Packet, Ipv6Packet};

use super::Interface;
use super::addresses::Destination;
use super::counters::DropReason;
use super::ingress::{Context, Verdict};
use crate::socket::SocketSet;

/// A received IP packet, of whichever version.
#[derive(Clone, Copy)]
pub(super) struct IpInput<'p> {
    pub(super) src: IpAddr,
    pub(super) dst: IpAddr,
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
}

impl Interface<'_> {
    pub(super) fn ipv4<T: TxToken>(
        &mut self,
        context: &mut Context<'_, T>,
        octets: &[u8],
        sockets: &mut SocketSet<'_>,
    ) -> Verdict {
        let packet = Ipv4Packet::new_checked(octets).map_err(|_| DropReason::Malformed)?;
        if context.verifies_ip() && !packet.verify_checksum() {
            return Err(DropReason::IpChecksum);
        }
        let src = IpAddr::V4(packet.src_addr());
        let dst = IpAddr::V4(packet.dst_addr());
        // Queries of switches come from nowhere (RFC 4541 §2.1.1).
        let query = packet.src_addr().is_unspecified() && packet.next_header() == IpProtocol::Igmp;
        if (is_martian(packet.src_addr()) && !query)
            || self.addrs.is_broadcast(packet.src_addr())
            || self.has_addr(src)
        {
            return Err(DropReason::BadSource);
        }
        let kind = self.accepts(dst).ok_or_else(|| not_ours(dst))?;
        // RFC 1122 §3.3.6: what came to everybody on the link has to be for everybody.
        if context.to_group && kind == Destination::Unicast {
            return Err(DropReason::NotForUs);
        }
        if packet.more_frags() || packet.frag_offset() != 0 {
            return Err(DropReason::Fragment);
        }
        let input = IpInput {
            src,
            dst,
            kind,
            protocol: packet.next_header(),
            hop_limit: packet.hop_limit(),
            congested: packet.ecn() == Ecn::Ce,
            dscp: packet.dscp(),
            ecn: packet.ecn(),
            payload: packet.payload(),
            whole: packet.bytes(),
        };
        match input.protocol {
            IpProtocol::Tcp => self.tcp(context, &input, sockets),
            IpProtocol::Udp => self.udp(context, &input, sockets),
            IpProtocol::Icmp => self.icmpv4(context, &input, sockets),
            IpProtocol::Igmp => self.igmp(context, &input),
            _ => Err(DropReason::Protocol),
        }
    }

    pub(super) fn ipv6<T: TxToken>(
        &mut self,
        context: &mut Context<'_, T>,
        octets: &[u8],
        sockets: &mut SocketSet<'_>,
    ) -> Verdict {
        let packet = Ipv6Packet::new_checked(octets).map_err(|_| DropReason::Malformed)?;
        let src = IpAddr::V6(packet.src_addr());
        let dst = IpAddr::V6(packet.dst_addr());
        let from_nowhere = packet.src_addr().is_unspecified();
        // Addresses that stand for IPv4 ones (RFC 4291 §2.5.5.2) are not for the wire.
        let impossible = packet.src_addr().is_multicast()
            || packet.src_addr().is_loopback()
            || packet.src_addr().to_ipv4_mapped().is_some();
        if impossible || self.has_addr(src) {
            return Err(DropReason::BadSource);
        }
        let kind = self.accepts(dst).ok_or_else(|| not_ours(dst))?;
        let input = IpInput {
            src,
            dst,
            kind,
            protocol: packet.next_header(),
            hop_limit: packet.hop_limit(),
            congested: packet.ecn() == Ecn::Ce,
            dscp: packet.dscp(),
            ecn: packet.ecn(),
            payload: packet.payload(),
            whole: packet.bytes(),
        };
        match input.protocol {
            // Only neighbor discovery has a use for packets from nowhere.
            IpProtocol::Icmpv6 => self.icmpv6(context, &input, sockets),
            IpProtocol::HopByHop => self.mld_behind_options(context, &input),
            _ if from_nowhere => Err(DropReason::BadSource),
            // RFC 4443 §2.4 (e.4): no error may answer it; and nobody connects like this.
            _ if context.to_group && kind == Destination::Unicast => Err(DropReason::NotForUs),
            IpProtocol::Tcp => self.tcp(context, &input, sockets),
            IpProtocol::Udp => self.udp(context, &input, sockets),
            _ => Err(DropReason::Protocol),
        }
    }
}

/// Why a packet to this destination is not taken.
const fn not_ours(dst: IpAddr) -> DropReason {
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

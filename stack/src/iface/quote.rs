//! ICMP errors that arrive: whose packet do they quote, as far as it is there, and what do they say
//! of it (RFC 1122 §3.2.2, RFC 4443 §2.4 (d))? The socket that sent it decides what to believe.

use litz_hal::TxToken;
use litz_wire::{
    Icmpv4, Icmpv4DstUnreachable, Icmpv4HeaderPacket, Icmpv6, Icmpv6DstUnreachable,
    Icmpv6HeaderPacket, Icmpv6ParamProblem, IpProtocol, Ipv4Packet, Ipv6Packet, TcpQuotePacket,
};

use super::Interface;
use super::chain::skip;
use super::counters::DropReason;
use super::ingress::{Context, Verdict};
use super::path_mtu::plateau;
use crate::addr::{Endpoint, Ip, full, v4, v6};
use crate::socket::{IcmpReport, Quoted, SocketSet};

impl Interface<'_> {
    /// An ICMPv4 message that is an error.
    pub(super) fn error_v4<T: TxToken>(
        &mut self,
        context: &Context<'_, T>,
        reporter: Ip,
        message: &Icmpv4<'_>,
        sockets: &mut SocketSet<'_>,
    ) -> Verdict {
        let (report, quote) = match message {
            Icmpv4::DstUnreachable {
                reason,
                next_hop_mtu,
                invoking,
            } => (unreachable_v4(*reason, *next_hop_mtu), invoking.bytes()),
            Icmpv4::TimeExceeded { invoking, .. } => (IcmpReport::TimeExceeded, invoking.bytes()),
            Icmpv4::ParamProblem {
                pointer, invoking, ..
            } => {
                let pointer = u32::from(*pointer);
                (IcmpReport::ParameterProblem { pointer }, invoking.bytes())
            }
            _ => return Err(DropReason::IcmpIgnored),
        };
        let packet = Ipv4Packet::new_truncated(quote).map_err(|_| DropReason::Malformed)?;
        if packet.frag_offset() != 0 {
            return Err(DropReason::IcmpIgnored);
        }
        let report = match report {
            IcmpReport::TooBig { mtu: 0 } => {
                // What did not pass was no longer than what we send there.
                let dst = v4(packet.dst_addr());
                let known = sockets.path_mtus.of(dst, context.now);
                let sent = known.min(context.caps.ip_mtu);
                let mtu = u32::try_from(plateau(sent)).unwrap_or(0);
                IcmpReport::TooBig { mtu }
            }
            report => report,
        };
        let ends = (v4(packet.src_addr()), v4(packet.dst_addr()));
        let about = (packet.next_header(), packet.payload());
        self.error(context, (ends, reporter), about, report, sockets)
    }

    /// An ICMPv6 message that is an error.
    pub(super) fn error_v6<T: TxToken>(
        &mut self,
        context: &Context<'_, T>,
        reporter: Ip,
        message: &Icmpv6<'_>,
        sockets: &mut SocketSet<'_>,
    ) -> Verdict {
        let (report, quote) = match message {
            Icmpv6::DstUnreachable { reason, invoking } => {
                (unreachable_v6(*reason), invoking.bytes())
            }
            Icmpv6::PktTooBig { mtu, invoking } => {
                (IcmpReport::TooBig { mtu: *mtu }, invoking.bytes())
            }
            Icmpv6::TimeExceeded { invoking, .. } => (IcmpReport::TimeExceeded, invoking.bytes()),
            Icmpv6::ParamProblem {
                reason: Icmpv6ParamProblem::UnrecognizedNxtHdr,
                invoking,
                ..
            } => (IcmpReport::ProtocolUnreachable, invoking.bytes()),
            Icmpv6::ParamProblem {
                pointer, invoking, ..
            } => {
                let pointer = *pointer;
                (IcmpReport::ParameterProblem { pointer }, invoking.bytes())
            }
            _ => return Err(DropReason::IcmpIgnored),
        };
        let packet = Ipv6Packet::new_truncated(quote).map_err(|_| DropReason::Malformed)?;
        let about = skip(packet.next_header(), packet.payload()).ok_or(DropReason::IcmpIgnored)?;
        let ends = (v6(packet.src_addr()), v6(packet.dst_addr()));
        self.error(context, (ends, reporter), about, report, sockets)
    }

    /// An error about a packet between two addresses that carried this.
    fn error<T: TxToken>(
        &mut self,
        context: &Context<'_, T>,
        ((src, dst), reporter): ((Ip, Ip), Ip),
        (protocol, octets): (IpProtocol, &[u8]),
        report: IcmpReport,
        sockets: &mut SocketSet<'_>,
    ) -> Verdict {
        if !self.addrs.speaks_for(src) && !sockets.interfaces.speaks_for(full(src)) {
            return Err(DropReason::IcmpIgnored);
        }
        let quoted =
            quoted((src, dst, reporter), protocol, octets).ok_or(DropReason::IcmpIgnored)?;
        let zone = self.zone_of(dst);
        if !sockets.reported(protocol, (&quoted, zone), report) {
            return Err(DropReason::IcmpIgnored);
        }
        if let IcmpReport::TooBig { mtu } = report {
            let mtu = usize::try_from(mtu).unwrap_or(usize::MAX);
            let link = self.link_mtu(dst, context.caps.ip_mtu);
            sockets.path_mtus.learn(dst, mtu, link, context.now);
        }
        Ok(())
    }
}

/// Whose packet it is. The identifier of an echo request stands in the place of a port.
fn quoted(
    (src, dst, reporter): (Ip, Ip, Ip),
    protocol: IpProtocol,
    octets: &[u8],
) -> Option<Quoted> {
    let (local, remote, seq) = match protocol {
        IpProtocol::Tcp => {
            let start = TcpQuotePacket::new_checked(octets).ok()?;
            (start.src_port(), start.dst_port(), Some(start.seq().0))
        }
        // Both begin with the ports.
        IpProtocol::Udp => {
            let start = TcpQuotePacket::new_checked(octets).ok()?;
            (start.src_port(), start.dst_port(), None)
        }
        IpProtocol::Icmp => {
            let header = Icmpv4HeaderPacket::new_truncated(octets).ok()?;
            match Icmpv4::parse(&header).ok()? {
                Icmpv4::EchoRequest { ident, .. } => (ident, 0, None),
                _ => return None,
            }
        }
        IpProtocol::Icmpv6 => {
            let header = Icmpv6HeaderPacket::new_truncated(octets).ok()?;
            match Icmpv6::parse(&header).ok()? {
                Icmpv6::EchoRequest { ident, .. } => (ident, 0, None),
                _ => return None,
            }
        }
        _ => (0, 0, None),
    };
    Some(Quoted {
        local: Endpoint {
            addr: full(src),
            port: local,
        },
        remote: Endpoint {
            addr: full(dst),
            port: remote,
        },
        reporter: full(reporter),
        seq,
    })
}

/// RFC 1122 §3.2.2.1, §4.2.3.9.
const fn unreachable_v4(reason: Icmpv4DstUnreachable, next_hop_mtu: u16) -> IcmpReport {
    match reason {
        Icmpv4DstUnreachable::PortUnreachable => IcmpReport::PortUnreachable,
        Icmpv4DstUnreachable::ProtoUnreachable => IcmpReport::ProtocolUnreachable,
        Icmpv4DstUnreachable::FragRequired => IcmpReport::TooBig {
            mtu: next_hop_mtu as u32,
        },
        Icmpv4DstUnreachable::NetProhibited
        | Icmpv4DstUnreachable::HostProhibited
        | Icmpv4DstUnreachable::CommProhibited => IcmpReport::Prohibited,
        _ => IcmpReport::Unreachable,
    }
}

/// RFC 4443 §3.1.
const fn unreachable_v6(reason: Icmpv6DstUnreachable) -> IcmpReport {
    match reason {
        Icmpv6DstUnreachable::PortUnreachable => IcmpReport::PortUnreachable,
        Icmpv6DstUnreachable::AdminProhibit
        | Icmpv6DstUnreachable::FailedPolicy
        | Icmpv6DstUnreachable::RejectRoute => IcmpReport::Prohibited,
        _ => IcmpReport::Unreachable,
    }
}

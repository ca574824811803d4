//! ICMPv4 (RFC 792, RFC 1122 §3.2.2) and ICMPv6 (RFC 4443): echo requests are answered, echo
//! replies go to the socket with their identifier, and closed UDP ports are reported, at a bounded
//! rate. Errors, sent and received, have files of their own.

use litz_hal::TxToken;
use litz_wire::{
    Icmpv4, Icmpv4Header, Icmpv4HeaderPacket, Icmpv6, Icmpv6Header, Icmpv6HeaderPacket, IpProtocol,
};

use super::Interface;
use super::addresses::Destination;
use super::counters::DropReason;
use super::ingress::{Context, Verdict};
use super::ip::IpInput;
use super::output::IpOutput;
use super::report::Problem;
use crate::parts::{ERRORS, MULTICAST, PING, REGISTRATION};
use crate::socket::{Arrival, EchoMeta, SocketSet};

impl Interface<'_> {
    pub(super) fn icmpv4<T: TxToken>(
        &mut self,
        context: &mut Context<'_, T>,
        input: &IpInput<'_>,
        sockets: &mut SocketSet<'_>,
    ) -> Verdict {
        let packet =
            Icmpv4HeaderPacket::new_checked(input.payload).map_err(|_| DropReason::Malformed)?;
        if context.verifies_icmp() && !packet.verify_checksum() {
            return Err(DropReason::TransportChecksum);
        }
        match Icmpv4::parse(&packet).map_err(|_| DropReason::Malformed)? {
            Icmpv4::EchoRequest {
                ident,
                seq_no,
                data,
            } => {
                // RFC 1122 §3.2.2.6: an echo to a broadcast or multicast address may be discarded.
                if input.kind != Destination::Unicast {
                    return Err(DropReason::IcmpIgnored);
                }
                context.path_mtu = sockets.path_mtus.of(input.src, context.now);
                self.reply_icmpv4(
                    context,
                    input,
                    &Icmpv4::EchoReply {
                        ident,
                        seq_no,
                        data,
                    },
                )
            }
            Icmpv4::EchoReply {
                ident,
                seq_no,
                data,
            } if PING => self.echo_reply(input, ident, seq_no, data, sockets),
            ref error if ERRORS => self.error_v4(context, input.src, error, sockets),
            _ => Err(DropReason::IcmpIgnored),
        }
    }

    pub(super) fn icmpv6<T: TxToken>(
        &mut self,
        context: &mut Context<'_, T>,
        input: &IpInput<'_>,
        sockets: &mut SocketSet<'_>,
    ) -> Verdict {
        let packet =
            Icmpv6HeaderPacket::new_checked(input.payload).map_err(|_| DropReason::Malformed)?;
        if context.verifies_icmp() && !packet.verify_checksum(&input.pseudo()) {
            return Err(DropReason::TransportChecksum);
        }
        match Icmpv6::parse(&packet).map_err(|_| DropReason::Malformed)? {
            Icmpv6::Ndisc(message) => self.ndisc(context, input, &message, sockets),
            Icmpv6::Mld(message) if MULTICAST => self.mld(context, input, &message),
            _ if input.src.is_unspecified() => Err(DropReason::BadSource),
            Icmpv6::EchoRequest {
                ident,
                seq_no,
                data,
            } => {
                context.path_mtu = sockets.path_mtus.of(input.src, context.now);
                let reply = Icmpv6::EchoReply {
                    ident,
                    seq_no,
                    data,
                };
                self.reply_icmpv6(context, input, &reply)
            }
            Icmpv6::EchoReply {
                ident,
                seq_no,
                data,
            } if PING => self.echo_reply(input, ident, seq_no, data, sockets),
            Icmpv6::DuplicateRequest(message) if REGISTRATION => {
                self.duplicate_asked(context, input, &message)
            }
            Icmpv6::DuplicateConfirmation(message) if REGISTRATION => {
                self.duplicate_answered(context, input, &message)
            }
            ref error if ERRORS => self.error_v6(context, input.src, error, sockets),
            _ => Err(DropReason::IcmpIgnored),
        }
    }

    /// Tell the sender that nobody listens on a UDP port (RFC 1122 §4.1.3.1, RFC 4443 §3.1), unless
    /// the packet is one that no error may answer (RFC 1122 §3.2.2, RFC 4443 §2.4 (e)).
    pub(super) fn port_unreachable<T: TxToken>(
        &mut self,
        context: &mut Context<'_, T>,
        input: &IpInput<'_>,
    ) -> Verdict {
        self.report(context, input, Problem::Port, DropReason::PortClosed)
    }

    pub(super) fn reply_icmpv4<T: TxToken>(
        &mut self,
        context: &mut Context<'_, T>,
        input: &IpInput<'_>,
        message: &Icmpv4<'_>,
    ) -> Verdict {
        let output = IpOutput {
            path_mtu: context.path_mtu,
            ..IpOutput::icmp(input.dst, input.src, message.buffer_len())
        };
        let fill = context.caps.checksum.icmp.fill_tx;
        self.reply(context, &output, &mut |buffer, _| {
            emit_icmpv4(message, buffer, fill);
        })
    }

    pub(super) fn reply_icmpv6<T: TxToken>(
        &mut self,
        context: &mut Context<'_, T>,
        input: &IpInput<'_>,
        message: &Icmpv6<'_>,
    ) -> Verdict {
        // An answer to a multicast comes from an address of our own (RFC 4443 §2.2).
        let src = match input.kind {
            Destination::Unicast => input.dst,
            _ => self
                .addrs
                .source_for(input.src)
                .ok_or(DropReason::NoSourceAddress)?,
        };
        let output = IpOutput {
            path_mtu: context.path_mtu,
            ..IpOutput::icmp(src, input.src, message.buffer_len())
        };
        let fill = context.caps.checksum.icmp.fill_tx;
        self.reply(context, &output, &mut |buffer, pseudo| {
            emit_icmpv6(message, buffer, pseudo, fill);
        })
    }
}

/// Write an ICMPv4 message with its checksum.
pub(super) fn emit_icmpv4(message: &Icmpv4<'_>, buffer: &mut [u8], fill: bool) {
    if message.emit(buffer).is_ok() && fill {
        let sum = litz_wire::rt::Sum::of(buffer).finish();
        Icmpv4Header::store_checksum(buffer, sum);
    }
}

/// Write an ICMPv6 message with its checksum.
pub(super) fn emit_icmpv6(
    message: &Icmpv6<'_>,
    buffer: &mut [u8],
    pseudo: &litz_wire::rt::Pseudo,
    fill: bool,
) {
    use litz_wire::rt::{PseudoHeader, Sum};
    if message.emit(buffer).is_ok() && fill {
        let len = u32::try_from(buffer.len()).unwrap_or(u32::MAX);
        let sum = Sum::of(buffer).add(pseudo.sum(IpProtocol::Icmpv6.0, len));
        Icmpv6Header::store_checksum(buffer, sum.finish());
    }
}

impl Interface<'_> {
    /// Hand an echo reply to the socket that owns its identifier.
    fn echo_reply(
        &self,
        input: &IpInput<'_>,
        ident: u16,
        seq_no: u16,
        data: &[u8],
        sockets: &mut SocketSet<'_>,
    ) -> Verdict {
        let node = sockets
            .icmp
            .find(&Arrival {
                dst: input.dst,
                key: ident,
                remote: None,
                interface: self.id,
            })
            .ok_or(DropReason::IcmpIgnored)?;
        let slot = sockets.icmp.slot_mut(node).ok_or(DropReason::IcmpIgnored)?;
        let meta = EchoMeta {
            remote: input.src,
            seq_no,
            hop_limit: input.hop_limit,
        };
        slot.rx.push(meta, data).ok_or_else(|| {
            slot.rx_dropped = slot.rx_dropped.wrapping_add(1);
            DropReason::SocketFull
        })
    }
}

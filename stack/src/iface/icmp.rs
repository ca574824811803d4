//! ICMPv4 (RFC 792, RFC 1122 §3.2.2) and ICMPv6 (RFC 4443): echo requests are answered, echo
//! replies go to the socket with their identifier, and closed UDP ports are reported, at a bounded
//! rate. Errors, sent and received, have files of their own.

use litz_hal::TxToken;
use litz_wire::rt::{PseudoSum, Sum};
use litz_wire::{
    Icmpv4, Icmpv4Header, Icmpv4HeaderPacket, Icmpv4HeaderPacketMut, Icmpv6, Icmpv6Header,
    Icmpv6HeaderPacket, Icmpv6HeaderPacketMut, IpProtocol, Mld,
};

use super::Interface;
use super::addresses::Destination;
use super::counters::DropReason;
use super::ingress::{Context, Verdict};
use super::ip::IpInput;
use super::output::IpOutput;
use super::report::Problem;
use super::transport::checksum;
use crate::addr::{Ip, full};
use crate::parts::{ERRORS, MULTICAST, PING, REGISTRATION};
use crate::socket::{Arrival, EchoMeta, SocketSet};

/// Types of ICMPv4 (RFC 792).
const ECHO_REPLY: u8 = 0;
const ECHO_REQUEST: u8 = 8;
/// Types of ICMPv6 (RFC 4443 §4, RFC 2710 §3, RFC 3810 §5.2, RFC 4861 §4).
const ECHO_REQUEST_V6: u8 = 128;
const ECHO_REPLY_V6: u8 = 129;
const MLD_FIRST: u8 = 130;
const MLD_LAST: u8 = 132;
const NDISC_FIRST: u8 = 133;
const NDISC_LAST: u8 = 137;
const MLD_REPORT_V2: u8 = 143;
/// Octets of the identifier and the sequence number of an echo.
const ECHO_NAMES: usize = 4;

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
        match packet.msg_type() {
            ECHO_REQUEST if packet.code() == 0 => {
                if packet.body().len() < ECHO_NAMES {
                    return Err(DropReason::Malformed);
                }
                // RFC 1122 §3.2.2.6: an echo to a broadcast or multicast address may be discarded.
                if input.kind != Destination::Unicast {
                    return Err(DropReason::IcmpIgnored);
                }
                context.path_mtu = sockets.path_mtus.of(input.src, context.now);
                self.reply_echo_v4(context, input)
            }
            _ if PING || ERRORS => self.icmpv4_for_sockets(context, input, &packet, sockets),
            _ => Err(DropReason::IcmpIgnored),
        }
    }

    /// An echo reply, or an error about something that was sent.
    fn icmpv4_for_sockets<T: TxToken>(
        &mut self,
        context: &mut Context<'_, T>,
        input: &IpInput<'_>,
        packet: &Icmpv4HeaderPacket<'_>,
        sockets: &mut SocketSet<'_>,
    ) -> Verdict {
        match Icmpv4::parse(packet).map_err(|_| DropReason::Malformed)? {
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
        if context.verifies_icmp()
            && checksum(packet.bytes(), &input.pseudo(), IpProtocol::Icmpv6) != 0
        {
            return Err(DropReason::TransportChecksum);
        }
        match packet.msg_type() {
            MLD_FIRST..=MLD_LAST | MLD_REPORT_V2 if MULTICAST => {
                let message = Mld::parse(&packet).map_err(|_| DropReason::Malformed)?;
                self.mld(context, input, &message)
            }
            NDISC_FIRST..=NDISC_LAST if packet.code() == 0 => {
                self.ndisc(context, input, &packet, sockets)
            }
            _ if input.src.is_unspecified() => Err(DropReason::BadSource),
            ECHO_REQUEST_V6 if packet.code() == 0 => {
                if packet.body().len() < ECHO_NAMES {
                    return Err(DropReason::Malformed);
                }
                context.path_mtu = sockets.path_mtus.of(input.src, context.now);
                self.reply_echo_v6(context, input)
            }
            _ if PING || ERRORS => self.icmpv6_for_sockets(context, input, &packet, sockets),
            _ => Err(DropReason::IcmpIgnored),
        }
    }

    /// An echo reply, or an error about something that was sent.
    fn icmpv6_for_sockets<T: TxToken>(
        &mut self,
        context: &mut Context<'_, T>,
        input: &IpInput<'_>,
        packet: &Icmpv6HeaderPacket<'_>,
        sockets: &mut SocketSet<'_>,
    ) -> Verdict {
        match Icmpv6::parse(packet).map_err(|_| DropReason::Malformed)? {
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

    /// Hand an echo reply to the socket that owns its identifier.
    fn echo_reply(
        &self,
        input: &IpInput<'_>,
        ident: u16,
        seq_no: u16,
        data: &[u8],
        sockets: &mut SocketSet<'_>,
    ) -> Verdict {
        let icmp = sockets.icmp.get_mut().ok_or(DropReason::IcmpIgnored)?;
        let node = icmp
            .find(&Arrival {
                dst: input.dst,
                key: ident,
                remote: None,
                interface: self.id,
            })
            .ok_or(DropReason::IcmpIgnored)?;
        let slot = icmp.slot_mut(node).ok_or(DropReason::IcmpIgnored)?;
        let meta = EchoMeta {
            remote: full(input.src),
            seq_no,
            hop_limit: input.hop_limit,
        };
        slot.rx.push(meta, data).ok_or_else(|| {
            slot.rx_dropped = slot.rx_dropped.wrapping_add(1);
            DropReason::SocketFull
        })
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

    /// The answer to an echo request is the request with another type (RFC 792).
    fn reply_echo_v4<T: TxToken>(
        &mut self,
        context: &mut Context<'_, T>,
        input: &IpInput<'_>,
    ) -> Verdict {
        let output = IpOutput {
            path_mtu: context.path_mtu,
            ..IpOutput::icmp(input.dst, input.src, input.payload.len())
        };
        self.reply(context, &output, &mut |buffer, _| {
            crate::storage::put(buffer, input.payload);
            // The checksum is patched with it.
            if let Ok(mut reply) = Icmpv4HeaderPacketMut::new_checked(buffer) {
                reply.set_msg_type(ECHO_REPLY);
            }
        })
    }

    /// As [`Interface::reply_echo_v4`]; its checksum covers its addresses.
    fn reply_echo_v6<T: TxToken>(
        &mut self,
        context: &mut Context<'_, T>,
        input: &IpInput<'_>,
    ) -> Verdict {
        let output = IpOutput {
            path_mtu: context.path_mtu,
            ..IpOutput::icmp(self.answer_from(input)?, input.src, input.payload.len())
        };
        let fill = context.caps.checksum.icmp.fill_tx;
        self.reply(context, &output, &mut |buffer, pseudo| {
            crate::storage::put(buffer, input.payload);
            if let Ok(mut reply) = Icmpv6HeaderPacketMut::new_checked(buffer) {
                reply.set_msg_type(ECHO_REPLY_V6);
                if fill {
                    reply.fill_checksum(pseudo);
                }
            }
        })
    }

    /// An answer to a multicast comes from an address of our own (RFC 4443 §2.2).
    fn answer_from(&self, input: &IpInput<'_>) -> Result<Ip, DropReason> {
        match input.kind {
            Destination::Unicast => Ok(input.dst),
            _ => self
                .addrs
                .source_for(input.src)
                .ok_or(DropReason::NoSourceAddress),
        }
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
        let src = self.answer_from(input)?;
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
        let sum = Sum::of(buffer).finish();
        Icmpv4Header::store_checksum(buffer, sum);
    }
}

/// Write an ICMPv6 message with its checksum.
pub(super) fn emit_icmpv6(message: &Icmpv6<'_>, buffer: &mut [u8], pseudo: &PseudoSum, fill: bool) {
    if message.emit(buffer).is_ok() && fill {
        store_checksum(buffer, pseudo);
    }
}

/// Write the checksum of an ICMPv6 message in which there is none yet.
pub(super) fn store_checksum(message: &mut [u8], pseudo: &PseudoSum) {
    let sum = checksum(message, pseudo, IpProtocol::Icmpv6);
    Icmpv6Header::store_checksum(message, sum);
}

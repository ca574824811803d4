//! TCP input, from a sound IP packet to a socket, and what transport checksums cover of the IP
//! header.

use litz_hal::TxToken;
use litz_wire::rt::{PseudoHeader, PseudoSum, PseudoV4, PseudoV6, Sum};
use litz_wire::{IpProtocol, Options, TcpOptionSet, TcpPacket, TcpPlainOptionSet};

use core::net::{IpAddr, Ipv4Addr};

use super::Interface;
use super::addresses::Destination;
use super::counters::DropReason;
use super::ingress::{Context, Verdict};
use super::ip::IpInput;
use super::output::{IpOutput, TCP_HEADER, emit_tcp, tcp_header_sum, tcp_mss};
use crate::addr::{Ip, IpPort, full, is_v4};
use crate::parts::{ERRORS, INLINE, IPV4, IPV6, NUD};
use crate::socket::tcp::{READS_ALL, Segment, TcpCounters, known};
use crate::socket::{SocketSet, TcpReply, Tuple};

/// What a peer over IPv6 can take if it does not say (RFC 9293 §3.7.1): what a packet of 1280
/// octets leaves. Over IPv4 it is 536.
const DEFAULT_MSS_V6: u16 = 1_220;

impl IpInput<'_> {
    /// What transport checksums cover of the IP header.
    #[inline]
    pub(super) fn pseudo(&self) -> PseudoSum {
        pseudo(self.src, self.dst)
    }
}

/// The sum of a pair of addresses, which are of one version.
#[inline]
pub(super) fn pseudo(src: Ip, dst: Ip) -> PseudoSum {
    match (full(src), full(dst)) {
        (IpAddr::V4(src_addr), IpAddr::V4(dst_addr)) if IPV4 => {
            PseudoV4 { src_addr, dst_addr }.addresses()
        }
        (IpAddr::V6(src_addr), IpAddr::V6(dst_addr)) if IPV6 => {
            PseudoV6 { src_addr, dst_addr }.addresses()
        }
        _ => mixed(),
    }
}

/// No packet has such addresses.
#[cold]
fn mixed() -> PseudoSum {
    let nowhere = Ipv4Addr::UNSPECIFIED;
    PseudoV4 {
        src_addr: nowhere,
        dst_addr: nowhere,
    }
    .addresses()
}

/// The checksum of a whole packet of a transport protocol behind these addresses: what is to be
/// stored where the field is zero, and zero where it was stored.
#[cfg_attr(not(feature = "inline"), inline(never))]
pub(crate) fn checksum(packet: &[u8], pseudo: &PseudoSum, protocol: IpProtocol) -> u16 {
    let len = u32::try_from(packet.len()).unwrap_or(u32::MAX);
    Sum::of(packet).add(pseudo.sum(protocol.0, len)).finish()
}

/// Why a segment is dropped whose options cannot be read: likely it was changed on its way.
/// `unverified` is the sum of all but the payload.
#[cold]
fn unreadable(packet: &TcpPacket<'_>, unverified: Option<Sum>) -> DropReason {
    match unverified {
        Some(rest) if rest.add(Sum::of(packet.payload())).finish() != 0 => {
            DropReason::TransportChecksum
        }
        _ => DropReason::Malformed,
    }
}

/// Verifies a segment. Builds that sum the payload in the pass in which they copy it get the sum of
/// the rest, and change nothing before that.
#[inline]
fn verify(packet: &TcpPacket<'_>, input: &IpInput<'_>) -> Result<Option<Sum>, DropReason> {
    if INLINE {
        let total = u32::try_from(input.payload.len()).unwrap_or(u32::MAX);
        let sum = tcp_header_sum(packet.header_bytes());
        return Ok(Some(sum.add(input.pseudo().sum(TCP, total))));
    }
    match checksum(input.payload, &input.pseudo(), IpProtocol::Tcp) {
        0 => Ok(None),
        _ => Err(DropReason::TransportChecksum),
    }
}

/// The options of a segment that this build understands.
#[inline]
fn read_options<'a>(packet: &TcpPacket<'a>) -> litz_wire::rt::Result<TcpOptionSet<'a>> {
    let options = packet.options();
    if READS_ALL {
        return TcpOptionSet::from_options(&options);
    }
    let octets = options.as_bytes().unwrap_or_default();
    let plain = TcpPlainOptionSet::from_options(&Options::raw(octets))?;
    Ok(TcpOptionSet {
        mss: plain.mss,
        window_scale: plain.window_scale,
        ..TcpOptionSet::default()
    })
}

impl Interface<'_> {
    pub(super) fn tcp<T: TxToken>(
        &mut self,
        context: &mut Context<'_, T>,
        input: &IpInput<'_>,
        sockets: &mut SocketSet<'_>,
    ) -> Verdict {
        sockets.tcp.counters.note(TcpCounters::received);
        // RFC 9293 §3.10.7, MUST-57: nothing but unicast can be a connection.
        //= RFC 9293: MUST-57
        if input.kind != Destination::Unicast {
            return Err(DropReason::NotOurAddress);
        }
        let packet = TcpPacket::new_checked(input.payload).map_err(|_| DropReason::Malformed)?;
        let unverified = match context.verifies_tcp() {
            true => verify(&packet, input)?,
            false => None,
        };
        let tuple = Tuple {
            local: IpPort {
                addr: input.dst,
                port: packet.dst_port(),
            },
            remote: IpPort {
                addr: input.src,
                port: packet.src_port(),
            },
            zone: self.zone_of(input.src),
        };
        //= RFC 9293: MUST-5, MUST-6, MUST-7, MUST-64
        let mut options = if packet.header_len() > TCP_HEADER {
            read_options(&packet).map_err(|_| unreadable(&packet, unverified))?
        } else {
            TcpOptionSet::default()
        };
        let flags = known(packet.flags());
        //= RFC 9293: MUST-15
        if flags.syn && options.mss.is_none() && !is_v4(&input.src) {
            options.mss = Some(DEFAULT_MSS_V6);
        }
        let segment = Segment {
            seq: packet.seq(),
            ack: packet.ack_number(),
            flags,
            window: packet.window(),
            urgent: packet.urgent(),
            options,
            congested: input.congested,
            payload: packet.payload(),
        };
        let mtu = self.link_mtu(input.dst, context.caps.ip_mtu);
        let mss = tcp_mss(mtu, input.dst);
        let reply = sockets.tcp.input(&tuple, &segment, unverified, mss);
        // Without NUD all neighbors are asked for again, whatever is heard of them.
        if (NUD || ERRORS) && sockets.tcp.take_progress() {
            if NUD {
                self.confirm(input.src, context.now);
            }
            if ERRORS && let Some(payload) = sockets.tcp.take_found() {
                let headers = if is_v4(&input.src) { 40 } else { 60 };
                let found = usize::from(payload).saturating_add(headers);
                let link = self.link_mtu(input.src, context.caps.ip_mtu);
                let path_mtus = &mut sockets.path_mtus;
                path_mtus.find_out(input.src, found, link, context.now);
            }
        }
        match reply {
            TcpReply::None => Ok(()),
            TcpReply::Corrupt => Err(DropReason::TransportChecksum),
            TcpReply::Segment(reply) => {
                sockets.tcp.counters.note(TcpCounters::answered);
                let traffic = sockets.tcp.reply_traffic();
                let hop_limit = self.hop_limit(input.src, traffic.hop_limit);
                let output = IpOutput::tcp(&tuple, &reply, hop_limit, traffic.dscp);
                let fill = context.caps.checksum.tcp.fill_tx;
                self.reply(context, &output, &mut |buffer, pseudo| {
                    emit_tcp(&tuple, &reply, buffer, pseudo, fill);
                })
            }
        }
    }
}

/// The protocol number, as the pseudo header has it.
pub(super) const TCP: u8 = IpProtocol::Tcp.0;

//! UDP and TCP input: from a sound IP packet to a socket.

use litz_hal::TxToken;
use litz_wire::rt::{Pseudo, PseudoV4, PseudoV6};
use litz_wire::{IpProtocol, TcpOptionSet, TcpPacket, UdpPacket};

use core::net::IpAddr;

use super::Interface;
use super::addresses::Destination;
use super::counters::DropReason;
use super::ingress::{Context, Verdict};
use super::ip::IpInput;
use super::output::{IpOutput, emit_tcp, tcp_mss};
use crate::addr::Endpoint;
use crate::socket::tcp::Segment;
use crate::socket::{SocketSet, TcpReply, Tuple, UdpMeta};

impl IpInput<'_> {
    /// What transport checksums cover of the IP header.
    pub(super) fn pseudo(&self) -> Pseudo {
        pseudo(self.src, self.dst)
    }
}

/// Pseudo header of a pair of addresses, which are of one version.
pub(super) fn pseudo(src: IpAddr, dst: IpAddr) -> Pseudo {
    match (src, dst) {
        (IpAddr::V4(src_addr), IpAddr::V4(dst_addr)) => Pseudo::V4(PseudoV4 { src_addr, dst_addr }),
        (src, dst) => Pseudo::V6(PseudoV6 {
            src_addr: v6(src),
            dst_addr: v6(dst),
        }),
    }
}

fn v6(addr: IpAddr) -> core::net::Ipv6Addr {
    match addr {
        IpAddr::V4(v4) => v4.to_ipv6_mapped(),
        IpAddr::V6(v6) => v6,
    }
}

impl Interface<'_> {
    pub(super) fn udp<T: TxToken>(
        &mut self,
        context: &mut Context<'_, T>,
        input: &IpInput<'_>,
        sockets: &mut SocketSet<'_>,
    ) -> Verdict {
        let packet = UdpPacket::new_checked(input.payload).map_err(|_| DropReason::Malformed)?;
        // RFC 768: no checksum is a zero; over IPv6 there must be one (RFC 8200 §8.1).
        let none = packet.checksum() == 0;
        if context.verifies_udp() {
            let right = if none {
                input.src.is_ipv4()
            } else {
                packet.verify_checksum(&input.pseudo())
            };
            if !right {
                return Err(DropReason::TransportChecksum);
            }
        }
        let meta = UdpMeta {
            remote: Endpoint {
                addr: input.src,
                port: packet.src_port(),
            },
            local_addr: Some(input.dst),
        };
        if input.kind == Destination::Unicast {
            return match sockets.udp.find(input.dst, packet.dst_port()) {
                Some(node) => self.deliver(sockets, node, meta, packet.payload()),
                None => self.port_unreachable(context, input),
            };
        }
        self.deliver_to_all(
            sockets,
            packet.dst_port(),
            input.dst,
            meta,
            packet.payload(),
        )
    }

    pub(super) fn tcp<T: TxToken>(
        &mut self,
        context: &mut Context<'_, T>,
        input: &IpInput<'_>,
        sockets: &mut SocketSet<'_>,
    ) -> Verdict {
        // RFC 9293 §3.10.7, MUST-57: nothing but unicast can be a connection.
        if input.kind != Destination::Unicast {
            return Err(DropReason::NotOurAddress);
        }
        let packet = TcpPacket::new_checked(input.payload).map_err(|_| DropReason::Malformed)?;
        if context.verifies_tcp() && !packet.verify_checksum(&input.pseudo()) {
            return Err(DropReason::TransportChecksum);
        }
        let tuple = Tuple {
            local: Endpoint {
                addr: input.dst,
                port: packet.dst_port(),
            },
            remote: Endpoint {
                addr: input.src,
                port: packet.src_port(),
            },
            zone: self.zone_of(input.src),
        };
        let options =
            TcpOptionSet::from_options(&packet.options()).map_err(|_| DropReason::Malformed)?;
        let segment = Segment {
            seq: packet.seq(),
            ack: packet.ack_number(),
            flags: packet.flags(),
            window: packet.window(),
            urgent: packet.urgent(),
            options,
            congested: input.congested,
            payload: packet.payload(),
        };
        let mtu = self.path_mtus.link(input.dst, context.caps.ip_mtu);
        let mss = tcp_mss(mtu, input.dst);
        let reply = sockets.tcp.input(context.now, tuple, &segment, mss);
        if sockets.tcp.take_progress() {
            self.confirm_reachable(input.src, context.now);
        }
        match reply {
            TcpReply::None => Ok(()),
            TcpReply::Segment(reply) => {
                let output = IpOutput::tcp(&tuple, &reply, self.hop_limit(input.src, None));
                let fill = context.caps.checksum.tcp.fill_tx;
                self.reply(context, &output, |buffer, pseudo| {
                    emit_tcp(&tuple, &reply, buffer, pseudo, fill);
                })
            }
        }
    }
}

impl Interface<'_> {
    /// Put a datagram into a socket's queue, unless the socket is another interface's.
    fn deliver(
        &self,
        sockets: &mut SocketSet<'_>,
        node: u32,
        meta: UdpMeta,
        payload: &[u8],
    ) -> Verdict {
        let slot = sockets.udp.slot_mut(node).ok_or(DropReason::PortClosed)?;
        if slot.interface.is_some() && slot.interface != self.id {
            return Err(DropReason::PortClosed);
        }
        slot.rx.push(meta, payload).ok_or_else(|| {
            slot.rx_dropped = slot.rx_dropped.wrapping_add(1);
            DropReason::SocketFull
        })
    }

    /// Put a broadcast or multicast datagram into the queue of every socket that it concerns
    /// (RFC 1122 §4.1.3.3).
    fn deliver_to_all(
        &self,
        sockets: &mut SocketSet<'_>,
        port: u16,
        dst: IpAddr,
        meta: UdpMeta,
        payload: &[u8],
    ) -> Verdict {
        let mut verdict = Err(DropReason::PortClosed);
        let mut after = None;
        loop {
            let next = sockets
                .udp
                .bound_to(port)
                .filter(|(_, binding)| binding.addr.is_none_or(|own| own == dst))
                .map(|(node, _)| node)
                .filter(|&node| after.is_none_or(|after| node > after))
                .min();
            let Some(node) = next else { return verdict };
            verdict = self.deliver(sockets, node, meta, payload).or(verdict);
            after = Some(node);
        }
    }
}

/// The protocol number, as the pseudo header has it.
pub(super) const TCP: u8 = IpProtocol::Tcp.0;

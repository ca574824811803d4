//! UDP over IP (RFC 768, RFC 1122 §4.1): from a sound IP packet to sockets, and from a socket into
//! a packet.

use core::net::IpAddr;
use core::num::NonZeroU8;

use litz_hal::time::Instant;
use litz_hal::{Capabilities, TxToken};
use litz_wire::rt::{PseudoHeader, Sum};
use litz_wire::{IpProtocol, Udp, UdpPacket, UdpRepr};

use super::Interface;
use super::addresses::Destination;
use super::counters::DropReason;
use super::ingress::{Context, Verdict};
use super::ip::IpInput;
use super::output::IpOutput;
use super::transport::checksum;
use crate::addr::{Endpoint, Ip, IpPort, full, is_host, is_v4, kept, kept_end};
use crate::parts::{INLINE, MULTICAST, SHARED};
use crate::socket::udp_meta;
use crate::socket::{Arrival, SocketSet, UdpMeta, UdpReceived, ZeroChecksum};

/// Octets of a UDP header.
const UDP_HEADER: usize = 8;

/// A received datagram.
#[derive(Clone, Copy)]
struct Datagram<'p> {
    meta: UdpMeta,
    /// Whether it has no checksum.
    unchecked: bool,
    payload: &'p [u8],
}

impl Interface<'_> {
    pub(super) fn udp<T: TxToken>(
        &mut self,
        context: &mut Context<'_, T>,
        input: &IpInput<'_>,
        sockets: &mut SocketSet<'_>,
    ) -> Verdict {
        let packet = UdpPacket::new_checked(input.payload).map_err(|_| DropReason::Malformed)?;
        let unchecked = context.verifies_udp() && packet.checksum() == 0;
        if context.verifies_udp()
            && !unchecked
            && checksum(packet.bytes(), &input.pseudo(), IpProtocol::Udp) != 0
        {
            return Err(DropReason::TransportChecksum);
        }
        let remote = Endpoint {
            addr: full(input.src),
            port: packet.src_port(),
        };
        let datagram = Datagram {
            meta: UdpMeta {
                local_addr: Some(full(input.dst)),
                received: Some(UdpReceived {
                    hop_limit: input.hop_limit,
                    dscp: input.dscp,
                    ecn: input.ecn,
                    interface: self.id,
                    timestamp: context.meta.timestamp,
                }),
                ..UdpMeta::to(remote)
            },
            unchecked,
            payload: packet.payload(),
        };
        let arrival = Arrival {
            dst: input.dst,
            key: packet.dst_port(),
            remote: Some(kept_end(remote)),
            interface: self.id,
        };
        let unicast = input.kind == Destination::Unicast;
        if SHARED && !unicast {
            return deliver_to_all(sockets, arrival, &datagram);
        }
        let wants =
            |node: &u32| unicast || sockets.wants_group(*node, full(input.dst), full(input.src));
        match sockets.udp.find(&arrival).filter(wants) {
            Some(node) => deliver(sockets, node, &datagram),
            None if !unicast => Err(DropReason::PortClosed),
            // Over IPv6 there must be a checksum (RFC 8200 §8.1); without one it may be anybody's.
            None if unchecked && !is_v4(&input.src) => Err(DropReason::TransportChecksum),
            None => self.port_unreachable(context, input),
        }
    }

    #[inline(never)]
    pub(super) fn send_udp<T: TxToken>(
        &mut self,
        tx: T,
        now: Instant,
        caps: &Capabilities,
        sockets: &mut SocketSet<'_>,
        node: u32,
    ) -> Verdict {
        if MULTICAST {
            self.loop_back(node, now, sockets);
        }
        let verdict = self.send_first(tx, now, caps, sockets, node);
        sockets.udp.done(node);
        verdict
    }

    /// Send the first datagram in the queue of a socket.
    #[inline]
    fn send_first<T: TxToken>(
        &mut self,
        tx: T,
        now: Instant,
        caps: &Capabilities,
        sockets: &mut SocketSet<'_>,
        node: u32,
    ) -> Verdict {
        let SocketSet {
            udp,
            interfaces,
            path_mtus,
            ..
        } = sockets;
        let Some((slot, meta, payload)) = udp.front(node) else {
            return Ok(());
        };
        let Some(binding) = slot.binding() else {
            return Ok(());
        };
        let IpPort { addr: dst, port } = udp_meta::remote(meta);
        let chosen = udp_meta::local_addr(meta);
        let src = self.datagram_source(interfaces, chosen, binding.addr, dst)?;
        let policy = &slot.policy;
        if matches!(full(dst), IpAddr::V4(v4) if self.addrs.is_broadcast(v4)) && !policy.broadcast {
            return Err(DropReason::BroadcastForbidden);
        }
        let of_socket = if dst.is_multicast() {
            policy.multicast_hop_limit
        } else {
            self.hop_limit(dst, NonZeroU8::new(slot.hop_limit))
        };
        // What is said of the datagram, else what its socket says.
        let output = IpOutput {
            src,
            dst,
            protocol: IpProtocol::Udp,
            hop_limit: meta.hop_limit.unwrap_or(of_socket).max(1),
            dont_frag: false,
            dscp: meta.dscp.map_or(policy.dscp, |dscp| dscp & 0x3f),
            ecn: meta.ecn,
            payload_len: UDP_HEADER.saturating_add(payload.len()),
            path_mtu: path_mtus.of(dst, now),
        };
        let repr = UdpRepr {
            src_port: binding.key,
            dst_port: port,
            payload_len: payload.len(),
        };
        let bare = policy.no_checksum && allows_none(policy.zero_checksum, src);
        let fill = caps.checksum.udp.fill_tx && !bare;
        self.send(tx, now, caps, &output, |buffer, pseudo| {
            let total = u32::try_from(buffer.len()).unwrap_or(u32::MAX);
            let Ok((header, body)) = repr.emit_split(buffer) else {
                return;
            };
            let sum = if INLINE {
                let sum = Sum::of(header).add(Sum::copy(body, payload));
                sum.add(pseudo.sum(IpProtocol::Udp.0, total)).finish()
            } else {
                crate::storage::put(body, payload);
                checksum(buffer, pseudo, IpProtocol::Udp)
            };
            if fill {
                // RFC 768: a computed zero is sent as all ones.
                Udp::store_checksum(buffer, if sum == 0 { 0xffff } else { sum });
            }
        })
    }
}

impl Interface<'_> {
    /// Give what a socket is about to send to a group to the sockets of this host that are members
    /// (RFC 1112 §6.1).
    fn loop_back(&self, node: u32, now: Instant, sockets: &mut SocketSet<'_>) {
        let Some((slot, meta, _)) = sockets.udp.front(node) else {
            return;
        };
        let IpPort { addr: dst, port } = udp_meta::remote(meta);
        if !dst.is_multicast() || !slot.policy.loops {
            return;
        }
        let (Some(binding), policy) = (slot.binding(), slot.policy) else {
            return;
        };
        let chosen = udp_meta::local_addr(meta).filter(|&own| self.addrs.speaks_for(own));
        let bound = binding.addr.filter(is_host);
        let suits = || self.addrs.source_for(dst);
        let Some(src) = bound.or(chosen).or_else(suits) else {
            return;
        };
        let remote = Endpoint {
            addr: full(src),
            port: binding.key,
        };
        let copy = UdpMeta {
            local_addr: Some(full(dst)),
            received: Some(UdpReceived {
                hop_limit: meta.hop_limit.unwrap_or(policy.multicast_hop_limit),
                dscp: meta.dscp.unwrap_or(policy.dscp),
                ecn: meta.ecn,
                interface: self.id,
                timestamp: Some(now),
            }),
            ..UdpMeta::to(remote)
        };
        let mut walk = sockets.udp.walk(Arrival {
            dst,
            key: port,
            remote: Some(kept_end(remote)),
            interface: self.id,
        });
        while let Some(member) = sockets.udp.step(&mut walk) {
            if sockets.wants_group(member, full(dst), full(src)) {
                sockets.udp.copy_across(node, member, copy);
            }
        }
    }
}

/// Whether a datagram of this version of IP may do without a checksum.
const fn allows_none(policy: ZeroChecksum, addr: Ip) -> bool {
    match policy {
        ZeroChecksum::Never => false,
        ZeroChecksum::Ipv4 => is_v4(&addr),
        ZeroChecksum::Any => true,
    }
}

/// Put a datagram into a socket's queue.
fn deliver(sockets: &mut SocketSet<'_>, node: u32, datagram: &Datagram<'_>) -> Verdict {
    let slot = sockets.udp.slot_mut(node).ok_or(DropReason::PortClosed)?;
    let from = kept(datagram.meta.remote.addr);
    if datagram.unchecked && !allows_none(slot.policy.zero_checksum, from) {
        return Err(DropReason::TransportChecksum);
    }
    slot.rx
        .push(datagram.meta, datagram.payload)
        .ok_or_else(|| {
            slot.rx_dropped = slot.rx_dropped.wrapping_add(1);
            DropReason::SocketFull
        })
}

/// Put a broadcast or multicast datagram into the queue of every socket that it concerns
/// (RFC 1122 §4.1.3.3).
fn deliver_to_all(
    sockets: &mut SocketSet<'_>,
    arrival: Arrival,
    datagram: &Datagram<'_>,
) -> Verdict {
    let mut verdict = Err(DropReason::PortClosed);
    let mut walk = sockets.udp.walk(arrival);
    while let Some(node) = sockets.udp.step(&mut walk) {
        if sockets.wants_group(node, full(arrival.dst), datagram.meta.remote.addr) {
            let one = deliver(sockets, node, datagram);
            verdict = verdict.or(one);
        }
    }
    verdict
}

//! Packets that are written whole, IP header and all: reports of group membership, and what raw
//! sockets send.

use core::net::IpAddr;

use litz_hal::time::Instant;
use litz_hal::{Capabilities, TxMeta, TxToken};
use litz_wire::{EtherType, EthernetAddress, EthernetRepr};

use super::counters::DropReason;
use super::ingress::Verdict;
use super::neighbor::Resolution;
use super::{Interface, Link};

impl Interface<'_> {
    /// Send a packet of `len` octets, which `fill` writes, to the next hop on the way to `dst`, or
    /// keep it until that is resolved.
    pub(super) fn send_packet<T: TxToken>(
        &mut self,
        tx: T,
        now: Instant,
        caps: &Capabilities,
        dst: IpAddr,
        len: usize,
        fill: impl FnOnce(&mut [u8]),
    ) -> Verdict {
        self.protocols.requested_to(dst);
        if len > caps.ip_mtu {
            return Err(DropReason::TooLong);
        }
        let Link::Ethernet(own) = self.link else {
            self.counters.sent();
            let written = tx.consume(len, TxMeta::default(), fill);
            return written.map_err(|_| DropReason::Device);
        };
        let hop = self.addrs.next_hop(dst).ok_or(DropReason::NoRoute)?;
        if self.addrs.owns(hop) {
            return Err(DropReason::NoRoute);
        }
        let group = match hop {
            IpAddr::V4(v4) if self.addrs.is_broadcast(v4) => Some(EthernetAddress::BROADCAST),
            hop => EthernetAddress::for_group(hop),
        };
        let station = match group {
            Some(station) => station,
            None => match self.neighbors.resolve(hop, now) {
                Resolution::Known { station, .. } => {
                    station.ethernet().ok_or(DropReason::Unresolved)?
                }
                Resolution::Wait => {
                    self.pending.check |= self.neighbors.take_displaced();
                    let kept = self.pending.keep(hop, len, fill);
                    return kept.then_some(()).ok_or(DropReason::PendingFull);
                }
            },
        };
        let ethertype = if dst.is_ipv4() {
            EtherType::Ipv4
        } else {
            EtherType::Ipv6
        };
        let frame = EthernetRepr {
            dst_addr: station,
            src_addr: own,
            ethertype,
            payload_len: len,
        };
        self.counters.sent();
        tx.consume(frame.buffer_len(), TxMeta::default(), |buffer| {
            if let Ok(packet) = frame.emit(buffer) {
                fill(packet);
            }
        })
        .map_err(|_| DropReason::Device)
    }
}

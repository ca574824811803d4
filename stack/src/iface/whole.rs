//! Packets that are written whole, IP header and all: reports of group membership, and what raw
//! sockets send.

use core::net::IpAddr;

use litz_hal::time::Instant;
use litz_hal::{Capabilities, TxToken};
use litz_wire::EthernetAddress;

use super::Interface;
use super::counters::DropReason;
use super::framing::write_frame;
use super::ingress::Verdict;
use super::neighbor::Resolution;

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
        let Some(own) = self.link.own() else {
            self.counters.sent();
            let written = write_frame(tx, None, dst.is_ipv4(), len, fill);
            return written.map_err(|_| DropReason::Device);
        };
        let hop = self.addrs.next_hop(dst).ok_or(DropReason::NoRoute)?;
        if self.addrs.owns(hop) {
            return Err(DropReason::NoRoute);
        }
        let group = match hop {
            IpAddr::V4(v4) if self.addrs.is_broadcast(v4) => {
                Some(EthernetAddress::BROADCAST.into())
            }
            hop => self.link.group(hop).or_else(|| self.link.derived(hop)),
        };
        let station = match group {
            Some(station) => station,
            None => match self.neighbors.resolve(hop, now) {
                Resolution::Known { station, .. } => station,
                Resolution::Wait => {
                    self.pending.check |= self.neighbors.take_displaced();
                    let kept = self.pending.keep(hop, len, fill);
                    return kept.then_some(()).ok_or(DropReason::PendingFull);
                }
            },
        };
        self.counters.sent();
        write_frame(tx, Some((own, station)), dst.is_ipv4(), len, fill)
            .map_err(|_| DropReason::Device)
    }
}

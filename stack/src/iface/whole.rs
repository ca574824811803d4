//! Packets that are written whole, IP header and all: reports of group membership, and what raw
//! sockets send.

use litz_hal::time::Instant;
use litz_hal::{Capabilities, TxToken};

use super::Interface;
use super::counters::DropReason;
use super::framing::write_frame;
use super::ingress::Verdict;
use super::output::Next;
use crate::addr::{Ip, is_v4};

impl Interface<'_> {
    /// Send a packet of `len` octets, which `fill` writes, to the next hop on the way to `dst`, or
    /// keep it until that is resolved.
    pub(super) fn send_packet<T: TxToken>(
        &mut self,
        tx: T,
        now: Instant,
        caps: &Capabilities,
        dst: Ip,
        len: usize,
        fill: impl FnOnce(&mut [u8]),
    ) -> Verdict {
        self.protocols.note(|all| all.requested_to(dst));
        if len > caps.ip_mtu {
            return Err(DropReason::TooLong);
        }
        self.put_packet(tx, now, dst, len, fill)
    }

    /// [`send_packet`](Interface::send_packet) for what is known to fit, and is not counted.
    pub(super) fn put_packet<T: TxToken>(
        &mut self,
        tx: T,
        now: Instant,
        dst: Ip,
        len: usize,
        fill: impl FnOnce(&mut [u8]),
    ) -> Verdict {
        match self.next_to(dst, now)? {
            Next::Stations(stations) => {
                self.counters.sent();
                write_frame(tx, stations, is_v4(&dst), len, fill).map_err(|_| DropReason::Device)
            }
            Next::Wait(hop) => {
                let kept = self.pending.keep(hop, len, fill);
                kept.then_some(()).ok_or(DropReason::PendingFull)
            }
        }
    }
}

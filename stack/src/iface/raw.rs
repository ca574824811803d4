//! Raw and frame sockets beside the rest of the stack: copies of what comes in, and what they send.

use crate::storage::Meta;
use litz_hal::time::Instant;
use litz_hal::{Capabilities, RxMeta, TxMeta, TxToken};
use litz_wire::{EtherType, EthernetFrame};

use super::counters::DropReason;
use super::ingress::{Context, Verdict};
use super::ip::IpInput;
use super::{Interface, Link};
use crate::addr::{full, is_v4, kept, v4};
use crate::lowpan::link::STATIONS;
use crate::socket::{
    Arrival, DatagramTable, EVERY_FRAME, FrameMeta, RawFilter, RawMeta, SocketSet, frame_key,
};

/// Octets of an Ethernet header.
const ETHERNET_HEADER: usize = 14;

impl Interface<'_> {
    /// Copy a frame to the frame sockets that want it.
    #[inline]
    pub(super) fn copy_frame(&self, meta: &RxMeta, frame: &[u8], sockets: &mut SocketSet<'_>) {
        let Some(frames) = sockets.frames.get_mut().filter(|all| !all.is_unused()) else {
            return;
        };
        let ethertype = match self.link {
            Link::Ethernet(_) => EthernetFrame::new_checked(frame).map(|frame| frame.ethertype()),
            Link::Ip => match frame.first().map(|octet| octet >> 4) {
                Some(6) => Ok(EtherType::Ipv6),
                _ => Ok(EtherType::Ipv4),
            },
            Link::Ieee802154(_) => Ok(EtherType::Ipv6),
        };
        let info = FrameMeta {
            interface: self.id,
            timestamp: meta.timestamp,
            vlan: meta.vlan,
        };
        let of_type = frame_key(ethertype.ok());
        self.copy(frames, EVERY_FRAME, info, frame);
        if of_type != EVERY_FRAME {
            self.copy(frames, of_type, info, frame);
        }
    }

    /// Copy a packet to the raw sockets that want it. Returns whether there is any.
    #[inline]
    pub(super) fn copy_packet<T>(
        &self,
        context: &Context<'_, T>,
        input: &IpInput<'_>,
        sockets: &mut SocketSet<'_>,
    ) -> bool {
        let Some(raw) = sockets.raw.get_mut().filter(|all| !all.is_unused()) else {
            return false;
        };
        let info = RawMeta {
            dst: full(input.dst),
            interface: self.id,
            timestamp: context.meta.timestamp,
        };
        let version = if is_v4(&input.src) { 4 } else { 6 };
        let mut taken = false;
        for filter in RawFilter::through(version, input.protocol) {
            taken |= self.copy(raw, filter.key(), info, input.whole);
        }
        taken
    }

    /// Copy octets to every socket of a key. Returns whether there is any.
    fn copy<M: Meta>(
        &self,
        table: &mut DatagramTable<'_, M>,
        key: u16,
        info: M,
        octets: &[u8],
    ) -> bool {
        let mut walk = table.walk(Arrival {
            dst: v4(core::net::Ipv4Addr::UNSPECIFIED),
            key,
            remote: None,
            interface: self.id,
        });
        let mut any = false;
        while let Some(node) = table.step(&mut walk) {
            any = true;
            if let Some(slot) = table.slot_mut(node)
                && slot.rx.push(info, octets).is_none()
            {
                slot.rx_dropped = slot.rx_dropped.wrapping_add(1);
            }
        }
        any
    }

    pub(super) fn send_raw<T: TxToken>(
        &mut self,
        tx: T,
        now: Instant,
        caps: &Capabilities,
        sockets: &mut SocketSet<'_>,
        node: u32,
    ) -> Verdict {
        let Some(raw) = sockets.raw.get_mut() else {
            return Ok(());
        };
        let Some((_, meta, packet)) = raw.front(node) else {
            return Ok(());
        };
        let result = self.send_packet(tx, now, caps, kept(meta.dst), packet.len(), |buffer| {
            crate::storage::put(buffer, packet);
        });
        raw.done(node);
        result
    }

    pub(super) fn send_frame<T: TxToken>(
        &mut self,
        tx: T,
        caps: &Capabilities,
        sockets: &mut SocketSet<'_>,
        node: u32,
    ) -> Verdict {
        let Some(frames) = sockets.frames.get_mut() else {
            return Ok(());
        };
        let Some((_, meta, frame)) = frames.front(node) else {
            return Ok(());
        };
        let header = match self.link {
            Link::Ethernet(_) => ETHERNET_HEADER,
            Link::Ip => 0,
            Link::Ieee802154(_) => STATIONS,
        };
        let result = match frame.len().checked_sub(header) {
            None => Err(DropReason::Malformed),
            Some(payload) if payload > caps.ip_mtu => Err(DropReason::TooLong),
            Some(_) => {
                self.counters.sent();
                let info = TxMeta {
                    vlan: meta.vlan,
                    ..TxMeta::default()
                };
                tx.consume(frame.len(), info, |buffer| {
                    crate::storage::put(buffer, frame);
                })
                .map_err(|_| DropReason::Device)
            }
        };
        frames.done(node);
        result
    }
}

//! Receiving: what the radio has goes through the filter, is acknowledged, verified, looked up
//! among what came before, and handed up, or obeyed if it is a command.

use litz_wire::{
    Array, BeaconPacket, BeaconRepr, FrameType, FrameVersion, MacAddress, MacHeaderRepr,
    PendingExtendedRepr, PendingShortRepr,
};

use super::Mac;
use super::counters::MacCounter;
use super::head::{
    ASSOCIATION_REQUEST, ASSOCIATION_RESPONSE, BEACON_REQUEST, DATA_REQUEST, DISASSOCIATION, Head,
};
use super::queue::Received;
use super::security::Protection;
use crate::parts::{CHILDREN, COMMANDS};
use crate::radio::{MAX_FRAME, Radio, RxInfo, timing};
use crate::time::Instant;

impl<R: Radio, P: Protection> Mac<'_, R, P> {
    /// Take every frame that the radio has.
    pub(super) fn receive_all(&mut self, now: Instant) {
        // A radio has few buffers; a broken one must not hold us.
        const FRAMES: usize = 16;
        for _ in 0..FRAMES {
            let mut octets = [0; MAX_FRAME];
            let Some(info) = self.radio.receive(now, &mut octets) else {
                return;
            };
            self.counters.count(MacCounter::Received);
            let frame = octets.get(..info.len).unwrap_or_default();
            self.received_frame(now, &info, frame);
        }
    }

    #[cfg_attr(not(feature = "inline"), inline(never))]
    fn received_frame(&mut self, now: Instant, info: &RxInfo, frame: &[u8]) {
        let Some(head) = Head::parse(frame) else {
            return self.counters.count(MacCounter::Malformed);
        };
        if self.config.radio.promiscuous {
            return self.deliver(info, frame, false);
        }
        let end = timing::frame_end(info.timestamp, info.len);
        if head.frame_type == FrameType::Ack {
            return self.ack_received(now, &head, info.len, end);
        }
        let own = self.scanner.address_filter(self.config.radio);
        if !head.is_for(&own) {
            return self.counters.count(MacCounter::NotForUs);
        }
        if head.frame_type == FrameType::Data && !self.rx.has_room() {
            // Not acknowledged, so that it comes again.
            return self.counters.count(MacCounter::RxFull);
        }
        if R::MAC_ACKNOWLEDGES
            && head.wants_ack()
            && info.acked.is_none()
            && !self.scanner.is_active()
        {
            let pending = head.command == Some(DATA_REQUEST) && self.tx.pending_for(head.src) > 0;
            self.acknowledge(now, &head, end, pending);
        }
        let mut plain = [0; MAX_FRAME];
        match self.protection.open(frame, &mut plain) {
            Ok(len) => {
                let frame = plain.get(..len).unwrap_or_default();
                self.believed_frame(now, info, &head, frame);
            }
            Err(error) => self.counters.count(error.into()),
        }
    }

    /// A frame for us that is as it should be.
    #[cfg_attr(not(feature = "inline"), inline(never))]
    fn believed_frame(&mut self, now: Instant, info: &RxInfo, head: &Head, frame: &[u8]) {
        if head.src != MacAddress::Absent {
            self.neighbors.heard(head.src, info.rssi, info.lqi, now);
        }
        // Secured frames that come again have an old counter; a forged number cannot shut them out.
        if let (false, Some(seq), FrameType::Data | FrameType::Command) =
            (head.secured, head.seq, head.frame_type)
            && head.src != MacAddress::Absent
            && self.neighbors.is_duplicate(head.src, seq, now)
        {
            return self.counters.count(MacCounter::Duplicate);
        }
        self.duty.frame_received(now, head, &self.config);
        match head.frame_type {
            FrameType::Data => self.deliver(info, frame, head.secured),
            FrameType::Command => self.command(now, frame),
            FrameType::Beacon => self.beacon_heard(info, head, frame),
            _ => self.counters.count(MacCounter::Ignored),
        }
    }

    fn deliver(&mut self, info: &RxInfo, frame: &[u8], authentic: bool) {
        let received = Received {
            timestamp: info.timestamp,
            lqi: info.lqi,
            rssi: info.rssi,
            authentic,
        };
        self.counters.count(if self.rx.push(frame, received) {
            MacCounter::Delivered
        } else {
            MacCounter::RxFull
        });
    }

    fn command(&mut self, now: Instant, frame: &[u8]) {
        let Some(head) = Head::parse(frame).filter(|_| COMMANDS) else {
            return self.counters.count(MacCounter::Ignored);
        };
        match head.command {
            Some(DATA_REQUEST) => {
                self.tx.release(head.src);
                self.tell_radio(head.src);
            }
            Some(BEACON_REQUEST) if CHILDREN && self.config.beacon.is_some() => {
                if self.send_beacon(now).is_none() {
                    self.counters.count(MacCounter::Ignored);
                }
            }
            Some(ASSOCIATION_REQUEST | ASSOCIATION_RESPONSE | DISASSOCIATION)
                if self.membership(now, &head, frame) => {}
            _ => self.counters.count(MacCounter::Ignored),
        }
    }

    /// Queue a beacon (§7.3.1): no superframe, and for whom frames are kept.
    fn send_beacon(&mut self, _now: Instant) -> Option<()> {
        const EACH: usize = 7;
        let config = &self.config;
        let payload = config.beacon?;
        let short = config.radio.short_addr;
        let src_addr = if short.is_unicast() {
            MacAddress::Short(short)
        } else {
            MacAddress::Extended(config.radio.extended_addr)
        };
        let mut shorts = [0; EACH * 2];
        let mut longs = [0; EACH * 8];
        let (mut short_len, mut long_len) = (0_usize, 0_usize);
        for station in self.tx.destinations() {
            match station {
                MacAddress::Short(addr) => {
                    let repr = PendingShortRepr { addr };
                    short_len = append(&mut shorts, short_len, |room| repr.emit(room).is_ok(), 2);
                }
                MacAddress::Extended(addr) => {
                    let repr = PendingExtendedRepr { addr };
                    long_len = append(&mut longs, long_len, |room| repr.emit(room).is_ok(), 8);
                }
                MacAddress::Absent => {}
            }
        }
        let beacon = BeaconRepr {
            beacon_order: 15,
            superframe_order: 15,
            final_cap_slot: 15,
            pan_coordinator: config.radio.pan_coordinator,
            association_permit: config.association_permit,
            short_pending: Array::from_bytes(shorts.get(..short_len)?),
            extended_pending: Array::from_bytes(longs.get(..long_len)?),
            payload_len: payload.len(),
            ..BeaconRepr::default()
        };
        let header = MacHeaderRepr {
            frame_type: FrameType::Beacon,
            version: FrameVersion::V2003,
            seq: Some(self.transmitter.next_bsn()),
            src_pan: Some(config.radio.pan),
            src_addr,
            payload_len: beacon.buffer_len(),
            ..MacHeaderRepr::default()
        };
        let mut frame = [0; MAX_FRAME];
        let len = header.buffer_len();
        let body = header.emit(frame.get_mut(..len)?).ok()?;
        crate::octets::put(beacon.emit(body).ok()?, payload);
        self.queue_control(frame.get(..len)?).then_some(())
    }

    /// Ask the coordinator for a frame that it keeps for us (§6.7.3), and receive for a while.
    /// Returns whether there was room for the command and a coordinator to ask.
    pub fn poll_parent(&mut self, now: Instant) -> bool {
        let queued = self.queue_data_request();
        self.poll(now);
        queued
    }

    /// Queue the command that asks for a frame.
    pub(super) fn queue_data_request(&mut self) -> bool {
        let config = &self.config.radio;
        let (dst_addr, pan) = (self.config.parent, config.pan);
        let src_addr = match dst_addr {
            MacAddress::Absent => return false,
            // Whoever is asked by the long address knows us by it.
            MacAddress::Short(_) if config.short_addr.is_unicast() => {
                MacAddress::Short(config.short_addr)
            }
            _ => MacAddress::Extended(config.extended_addr),
        };
        let header = MacHeaderRepr {
            frame_type: FrameType::Command,
            version: FrameVersion::V2006,
            ack_request: true,
            pan_id_compression: true,
            seq: Some(0),
            dst_pan: Some(pan),
            dst_addr,
            src_addr,
            payload_len: 1,
            ..MacHeaderRepr::default()
        };
        let mut frame = [DATA_REQUEST; MAX_FRAME];
        let len = header.buffer_len();
        let written = frame
            .get_mut(..len)
            .is_some_and(|room| header.emit(room).is_ok());
        written && self.queue_control(frame.get(..len).unwrap_or_default())
    }
}

/// Write an item of `len` octets behind others, if it fits.
fn append(buf: &mut [u8], at: usize, emit: impl FnOnce(&mut [u8]) -> bool, len: usize) -> usize {
    let end = at.saturating_add(len);
    match buf.get_mut(at..end).is_some_and(emit) {
        true => end,
        false => at,
    }
}

/// The beacon in a frame.
pub(super) fn beacon_of(frame: &[u8]) -> Option<BeaconPacket<'_>> {
    let head = Head::parse(frame)?;
    BeaconPacket::new_checked(head.payload(frame)?).ok()
}

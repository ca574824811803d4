//! Sending packets as frames, in fragments if one does not hold them (RFC 4944 §5.3). A packet
//! stays in its slot until its last fragment has been given to the device.

use litz_hal::TxMeta;
use litz_wire::{
    FragFirstRepr, FragNextRepr, FrameType, FrameVersion, LowpanIpv6Repr, MacAddress,
    MacHeaderRepr, PanId,
};

use super::compress::{compress, run};
use super::context::Contexts;
use super::link::STATIONS;
use super::{LinkAddrs, LowpanError};
use crate::iface::HardwareAddr;
use crate::parts::LOWPAN_FRAGMENTS;
use crate::storage::Storage;

/// Octets of the longest frame.
const FRAME: usize = 127;
/// Octets of the fragment headers.
const FIRST: usize = 4;
const NEXT: usize = 5;

/// Memory for a packet while it is sent.
#[derive(Debug)]
pub struct DatagramSlot<'a> {
    buffer: Storage<'a, u8>,
    /// Octets of the header of stations and the packet; 0 if there is none.
    len: usize,
    /// Octets of the packet that were sent.
    sent: usize,
    tag: u16,
    /// Packets queued before have smaller numbers.
    number: u32,
    meta: TxMeta,
}

impl<'a> DatagramSlot<'a> {
    /// Memory for a packet of 18 octets less than `buffer` has; IPv6 wants packets of 1280.
    pub fn new(buffer: impl Into<Storage<'a, u8>>) -> Self {
        Self {
            buffer: buffer.into(),
            len: 0,
            sent: 0,
            tag: 0,
            number: 0,
            meta: TxMeta::default(),
        }
    }

    pub(super) const fn is_free(&self) -> bool {
        self.len == 0
    }

    pub(super) const fn number(&self) -> u32 {
        self.number
    }

    pub(super) const fn meta(&self) -> TxMeta {
        self.meta
    }

    /// Octets of the longest packet.
    pub(super) fn packet_len(&self) -> usize {
        self.buffer.len().saturating_sub(STATIONS)
    }

    /// Room for stations and packet of `len` octets in all.
    pub(super) fn room(&mut self, len: usize) -> Option<&mut [u8]> {
        self.buffer.get_mut(..len)
    }

    /// The room was filled.
    pub(super) const fn queue(&mut self, len: usize, tag: u16, number: u32, meta: TxMeta) {
        (self.len, self.sent) = (len, 0);
        (self.tag, self.number, self.meta) = (tag, number, meta);
    }

    pub(super) const fn clear(&mut self) {
        self.len = 0;
    }

    /// The next frame: what is written of it, and how much of the packet it carries.
    ///
    /// # Errors
    /// [`LowpanError`]; the packet cannot be sent.
    pub(super) fn frame(
        &self,
        pan: PanId,
        contexts: &Contexts,
        max_frame: usize,
        frame: &mut Frame,
    ) -> Result<(), LowpanError> {
        let octets = self.buffer.get(..self.len).unwrap_or_default();
        let (link, packet) = LinkAddrs::parse(octets).ok_or(LowpanError::Malformed)?;
        frame.begin(&link, pan, max_frame)?;
        if LOWPAN_FRAGMENTS && self.sent > 0 {
            return frame.next_fragment(packet, self.sent, self.tag);
        }
        if frame.put_compressed(packet, &link, contexts) {
            return Ok(());
        }
        // What fits one frame is one frame; headers that do not even fit a fragment are not
        // compressed as far, and at last not at all.
        let mut headers = [0; FRAME];
        for all in [true, false] {
            let done = match run(packet, &link, contexts, &mut headers, all) {
                Ok(done) => done,
                Err(_) if all => continue,
                Err(error) => return Err(error),
            };
            if frame.put_single(&headers, done.written, packet, done.consumed)
                || (LOWPAN_FRAGMENTS
                    && frame.put_first(&headers, done.written, packet, done.consumed, self.tag))
            {
                return Ok(());
            }
        }
        if !LOWPAN_FRAGMENTS {
            return Err(LowpanError::NoRoom);
        }
        let plain = LowpanIpv6Repr { payload_len: 0 };
        plain.emit(headers.get_mut(..1).unwrap_or_default())?;
        match frame.put_first(&headers, 1, packet, 0, self.tag) {
            true => Ok(()),
            false => Err(LowpanError::NoRoom),
        }
    }

    /// A frame was taken by the device. Returns whether that was the last.
    pub(super) fn advance(&mut self, frame: &Frame) -> bool {
        self.sent = frame.upto;
        let done = self.sent >= self.len.saturating_sub(STATIONS);
        if done {
            self.clear();
        }
        done
    }
}

/// A frame that is made.
pub(super) struct Frame {
    octets: [u8; FRAME],
    len: usize,
    max: usize,
    /// Octets of the packet that were sent when this frame is.
    upto: usize,
}

impl Frame {
    pub(super) const fn new() -> Self {
        Self {
            octets: [0; FRAME],
            len: 0,
            max: 0,
            upto: 0,
        }
    }

    pub(super) fn octets(&self) -> &[u8] {
        self.octets.get(..self.len).unwrap_or_default()
    }

    /// Write the header of the MAC.
    fn begin(&mut self, link: &LinkAddrs, pan: PanId, max: usize) -> Result<(), LowpanError> {
        let address = |addr| match addr {
            HardwareAddr::Short(addr) => Ok(MacAddress::Short(addr)),
            HardwareAddr::Eui64(addr) => Ok(MacAddress::Extended(addr)),
            HardwareAddr::Ethernet(_) => Err(LowpanError::Malformed),
        };
        let header = MacHeaderRepr {
            frame_type: FrameType::Data,
            // Long frames need no more than version 1, which everybody reads.
            version: FrameVersion::V2006,
            ack_request: link.dst.is_unicast(),
            pan_id_compression: true,
            seq: Some(0),
            dst_pan: Some(pan),
            dst_addr: address(link.dst)?,
            src_addr: address(link.src)?,
            ..MacHeaderRepr::default()
        };
        self.max = max.min(FRAME);
        self.len = header.header_len();
        let room = self.octets.get_mut(..self.len);
        header.emit(room.ok_or(LowpanError::NoRoom)?)?;
        Ok(())
    }

    /// The whole packet, if it fits: its headers are compressed in place.
    fn put_compressed(&mut self, packet: &[u8], link: &LinkAddrs, contexts: &Contexts) -> bool {
        // Of most packets compression saves no more.
        const SAVED: usize = 46;
        if packet.len() > self.room().saturating_add(SAVED) {
            return false;
        }
        let Some(room) = self.octets.get_mut(self.len..self.max) else {
            return false;
        };
        let Ok(done) = compress(packet, link, contexts, room) else {
            return false;
        };
        let body = packet.get(done.consumed..).unwrap_or_default();
        let end = done.written.saturating_add(body.len());
        match room.get_mut(done.written..end) {
            Some(room) => crate::storage::put(room, body),
            None => return false,
        }
        self.len = self.len.saturating_add(end);
        self.upto = packet.len();
        true
    }

    fn room(&self) -> usize {
        self.max.saturating_sub(self.len)
    }

    fn put(&mut self, octets: &[u8]) -> bool {
        let end = self.len.saturating_add(octets.len());
        match self.octets.get_mut(self.len..end) {
            Some(room) if end <= self.max => {
                crate::storage::put(room, octets);
                self.len = end;
                true
            }
            _ => false,
        }
    }

    /// The whole packet in one frame, if it fits.
    fn put_single(
        &mut self,
        headers: &[u8],
        written: usize,
        packet: &[u8],
        consumed: usize,
    ) -> bool {
        let rest = packet.get(consumed..).unwrap_or_default();
        if written.saturating_add(rest.len()) > self.room() {
            return false;
        }
        self.upto = packet.len();
        self.put(headers.get(..written).unwrap_or_default()) && self.put(rest)
    }

    /// The first fragment: up to a multiple of eight octets of the packet.
    fn put_first(
        &mut self,
        headers: &[u8],
        written: usize,
        packet: &[u8],
        consumed: usize,
        tag: u16,
    ) -> bool {
        let room = self.room().checked_sub(FIRST.saturating_add(written));
        let Some(room) = room else {
            return false;
        };
        let upto = consumed.saturating_add(room) & !7;
        let (Ok(datagram_size), Some(part)) =
            (u16::try_from(packet.len()), packet.get(consumed..upto))
        else {
            return false;
        };
        let repr = FragFirstRepr {
            datagram_size,
            datagram_tag: tag,
            payload_len: 0,
        };
        let mut header = [0; FIRST];
        if repr.emit(&mut header).is_err() || upto == 0 {
            return false;
        }
        self.upto = upto;
        self.put(&header) && self.put(headers.get(..written).unwrap_or_default()) && self.put(part)
    }

    fn next_fragment(&mut self, packet: &[u8], sent: usize, tag: u16) -> Result<(), LowpanError> {
        let rest = packet.get(sent..).ok_or(LowpanError::Malformed)?;
        let room = self.room().checked_sub(NEXT).ok_or(LowpanError::NoRoom)?;
        let len = if rest.len() <= room {
            rest.len()
        } else {
            room & !7
        };
        if len == 0 {
            return Err(LowpanError::NoRoom);
        }
        let repr = FragNextRepr {
            datagram_size: u16::try_from(packet.len()).map_err(|_| LowpanError::NoRoom)?,
            datagram_tag: tag,
            datagram_offset: u16::try_from(sent).map_err(|_| LowpanError::NoRoom)?,
            payload_len: 0,
        };
        let mut header = [0; NEXT];
        repr.emit(&mut header)?;
        self.upto = sent.saturating_add(len);
        let part = rest.get(..len).unwrap_or_default();
        match self.put(&header) && self.put(part) {
            true => Ok(()),
            false => Err(LowpanError::NoRoom),
        }
    }
}

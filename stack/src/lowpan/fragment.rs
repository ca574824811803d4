//! Sending packets as frames, in fragments if one does not hold them (RFC 4944 §5.3). A packet
//! stays in its slot until its last fragment has been given to the device.

use litz_hal::TxMeta;
use litz_wire::{FrameType, FrameVersion, LowpanIpv6Repr, PanId, header};

use super::compress::{Compressed, EXTENSIONS, compress, run};
use super::context::Contexts;
use super::link::STATIONS;
use super::start::FragmentRepr;
use super::{LinkAddrs, LowpanError};
use crate::iface::HardwareAddr;
use crate::parts::{INLINE, LOWPAN_FRAGMENTS};
use crate::storage::Storage;

/// Octets of the longest frame.
const FRAME: usize = 127;

/// What a data frame within a network begins with (IEEE 802.15.4 §7.2); the addresses follow, and
/// security is the MAC's.
#[header(le, size = 5)]
struct DataFrame {
    #[eq(FrameType::Data)]
    frame_type: As<u3, FrameType>,
    _unsecured: u2,
    ack_request: bool,
    #[eq(1)]
    pan_id_compression: u1,
    _reserved: u3,
    dst_mode: u2,
    /// Long frames need no more than version 1, which everybody reads.
    #[eq(FrameVersion::V2006)]
    version: As<u2, FrameVersion>,
    src_mode: u2,
    _seq: u8,
    pan: As<u16, PanId>,
}

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

    /// Make the next frame. Returns whether that could be; otherwise the packet cannot be sent.
    pub(super) fn frame(
        &self,
        pan: PanId,
        contexts: &Contexts,
        max_frame: usize,
        frame: &mut Frame,
    ) -> bool {
        let octets = self.buffer.get(..self.len).unwrap_or_default();
        let Some((link, packet)) = LinkAddrs::parse(octets) else {
            return false;
        };
        if !frame.begin(&link, pan, max_frame) {
            return false;
        }
        if LOWPAN_FRAGMENTS && self.sent > 0 {
            return frame.fragment(&[], packet, self.sent, self.sent, self.tag);
        }
        if INLINE && frame.put_compressed(packet, &link, contexts) {
            return true;
        }
        // What fits one frame is one frame; headers that do not even fit a fragment are not
        // compressed as far, and at last not at all.
        let mut headers = [0; FRAME];
        for &nhc in WAYS {
            let done = match nhc {
                Some(nhc) => run(packet, &link, contexts, &mut headers, nhc),
                None => plain(&mut headers),
            };
            match done {
                Ok(done) => {
                    let headers = headers.get(..done.written).unwrap_or_default();
                    if frame.put_single(headers, packet, done.consumed)
                        || frame.fragment(headers, packet, done.consumed, 0, self.tag)
                    {
                        return true;
                    }
                }
                Err(LowpanError::NoRoom) => {}
                Err(_) => return false,
            }
        }
        false
    }

    /// A frame was taken by the device. Returns whether that was the last.
    pub(super) fn advance(&mut self, frame: &Frame) -> bool {
        self.sent = frame.upto;
        let done = self.sent >= self.len.wrapping_sub(STATIONS);
        if done {
            self.clear();
        }
        done
    }
}

/// How the start of a packet is tried: with what LOWPAN_NHC does, without, and not compressed at
/// all. Where nothing but UDP is compressed by it every frame of 802.15.4 has room for the first.
const WAYS: &[Option<bool>] = if EXTENSIONS {
    &[Some(true), Some(false), None]
} else {
    &[Some(true)]
};

/// The dispatch of a packet whose headers are not compressed.
fn plain(headers: &mut [u8; FRAME]) -> Result<Compressed, LowpanError> {
    let (dispatch, _) = headers.split_at_mut(1);
    LowpanIpv6Repr { payload_len: 0 }.emit(dispatch)?;
    Ok(Compressed {
        written: 1,
        consumed: 0,
    })
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

    /// Write the header of the MAC. Returns whether the stations are of 802.15.4.
    fn begin(&mut self, link: &LinkAddrs, pan: PanId, max: usize) -> bool {
        self.max = max.min(FRAME);
        let header = DataFrameRepr {
            ack_request: link.dst.is_unicast(),
            dst_mode: mode(link.dst),
            src_mode: mode(link.src),
            pan,
        };
        let mut octets = [0; 5];
        if header.emit_fixed(&mut octets).is_err() {
            return false;
        }
        self.put(&octets);
        self.put_address(link.dst) && self.put_address(link.src)
    }

    /// Write an address, the last octet first.
    fn put_address(&mut self, addr: HardwareAddr) -> bool {
        let (number, len) = match addr {
            HardwareAddr::Short(addr) => (addr.0.into(), 2),
            HardwareAddr::Eui64(addr) => (u64::from_be_bytes(addr.0), 8),
            HardwareAddr::Ethernet(_) => return false,
        };
        self.put(number.to_le_bytes().get(..len).unwrap_or_default());
        true
    }

    /// The whole packet, if it fits: its headers are compressed in place.
    fn put_compressed(&mut self, packet: &[u8], link: &LinkAddrs, contexts: &Contexts) -> bool {
        // Of most packets compression saves no more.
        const SAVED: usize = 46;
        if packet.len() > self.room().wrapping_add(SAVED) {
            return false;
        }
        let Some(room) = self.octets.get_mut(self.len..self.max) else {
            return false;
        };
        let Ok(done) = compress(packet, link, contexts, room) else {
            return false;
        };
        let body = packet.get(done.consumed..).unwrap_or_default();
        let end = done.written.wrapping_add(body.len());
        match room.get_mut(done.written..end) {
            Some(room) => crate::storage::put(room, body),
            None => return false,
        }
        self.len = self.len.wrapping_add(end);
        self.upto = packet.len();
        true
    }

    fn room(&self) -> usize {
        self.max.saturating_sub(self.len)
    }

    /// Write octets for which there is room.
    fn put(&mut self, octets: &[u8]) {
        let end = self.len.wrapping_add(octets.len());
        if let Some(room) = self.octets.get_mut(self.len..end) {
            crate::storage::put(room, octets);
            self.len = end;
        }
    }

    /// The whole packet in one frame, if it fits: headers that stand for its start, and the rest.
    fn put_single(&mut self, headers: &[u8], packet: &[u8], consumed: usize) -> bool {
        let rest = packet.get(consumed..).unwrap_or_default();
        let fits = headers.len().wrapping_add(rest.len()) <= self.room();
        if fits {
            self.upto = packet.len();
            self.put(headers);
            self.put(rest);
        }
        fits
    }

    /// A fragment: what stands for the start of the packet, and octets from there up to a multiple
    /// of eight, or to the end. `sent` octets went before.
    fn fragment(
        &mut self,
        headers: &[u8],
        packet: &[u8],
        from: usize,
        sent: usize,
        tag: u16,
    ) -> bool {
        let (Ok(size), Ok(units)) = (u16::try_from(packet.len()), u8::try_from(sent >> 3)) else {
            return false;
        };
        let repr = FragmentRepr {
            size,
            tag,
            offset: (sent > 0).then_some(units),
            payload_len: 0,
        };
        let mut header = [0; 5];
        let header = header.get_mut(..repr.header_len()).unwrap_or_default();
        let before = header.len().wrapping_add(headers.len());
        let Some(room) = self.room().checked_sub(before) else {
            return false;
        };
        let upto = from.wrapping_add(room);
        let upto = if upto < packet.len() {
            upto & !7
        } else {
            packet.len()
        };
        let part = packet.get(from..upto).filter(|_| upto > sent);
        let (true, Some(part), Ok(_)) = (LOWPAN_FRAGMENTS, part, repr.emit(header)) else {
            return false;
        };
        self.upto = upto;
        self.put(header);
        self.put(headers);
        self.put(part);
        true
    }
}

/// The mode of an address (IEEE 802.15.4 §7.2.1.8).
const fn mode(addr: HardwareAddr) -> u8 {
    match addr {
        HardwareAddr::Short(_) => 0b10,
        _ => 0b11,
    }
}

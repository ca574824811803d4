//! What a MAC looks at in a frame (IEEE 802.15.4-2020 §7.2), whom the frame is for (§6.7.2), and
//! acknowledgments (§7.3.3): immediate ones for frames of versions 0 and 1, enhanced ones without
//! security and information elements for version 2.

use litz_wire::rt::Codec;
use litz_wire::{
    FrameControlPacketMut, FrameType, FrameVersion, HeaderIes, MacAddress, MacHeaderPacket,
    MacHeaderRepr, PanId, PayloadIes, SecurityHeaderPacket,
};

use crate::parts::{COMMANDS, ELEMENTS};
use crate::radio::{MAX_FRAME, RadioConfig};

/// The header of a frame, as far as its addresses.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    pub frame_type: FrameType,
    pub version: FrameVersion,
    pub seq: Option<u8>,
    pub ack_request: bool,
    pub frame_pending: bool,
    /// A security header comes next.
    pub secured: bool,
    /// Then information elements.
    pub has_elements: bool,
    pub dst_pan: Option<PanId>,
    pub dst: MacAddress,
    /// The source's network, the destination's if it was left out.
    pub src_pan: Option<PanId>,
    pub src: MacAddress,
    /// Octets as far as the addresses.
    len: u8,
    /// The command, of commands that are not encrypted, in a build that obeys any.
    pub(crate) command: Option<u8>,
}

/// Command number of a question to join (§7.5.2).
pub(crate) const ASSOCIATION_REQUEST: u8 = 1;
/// Command number of the answer to it (§7.5.3).
pub(crate) const ASSOCIATION_RESPONSE: u8 = 2;
/// Command number of leaving (§7.5.4).
pub(crate) const DISASSOCIATION: u8 = 3;
/// Command number of a data request (§7.5.5).
pub(crate) const DATA_REQUEST: u8 = 4;
/// Command number of a beacon request (§7.5.8).
pub(crate) const BEACON_REQUEST: u8 = 7;

impl Head {
    /// The header of a frame; `None` if the octets are no frame. It is looked at in so many places
    /// that a build without `inline` compiles this once, also for the layer above.
    #[must_use]
    #[cfg_attr(feature = "inline", inline)]
    #[cfg_attr(not(feature = "inline"), inline(never))]
    pub fn parse(octets: &[u8]) -> Option<Self> {
        let header = MacHeaderPacket::new_checked(octets).ok()?;
        let dst_pan = header.dst_pan();
        let mut head = Self {
            frame_type: header.frame_type(),
            version: header.version(),
            seq: header.seq(),
            ack_request: header.ack_request(),
            frame_pending: header.frame_pending(),
            secured: header.security_enabled(),
            has_elements: header.ie_present(),
            dst_pan,
            dst: header.dst_addr(),
            src_pan: header.src_pan().or(dst_pan),
            src: header.src_addr(),
            len: header.header_len() as u8,
            command: None,
        };
        if !ELEMENTS && head.has_elements {
            return None;
        }
        if COMMANDS && head.frame_type == FrameType::Command {
            head.command = command(head.secured, head.has_elements, header.payload())?;
        }
        Some(head)
    }

    /// Octets as far as the addresses, 23 at most.
    pub(crate) const fn len(&self) -> usize {
        self.len as usize
    }

    /// What stands behind the addresses.
    #[inline]
    pub(crate) fn body<'f>(&self, octets: &'f [u8]) -> &'f [u8] {
        octets.get(self.len()..).unwrap_or_default()
    }

    /// The payload of a frame without security, which this is the header of; `None` if the
    /// information elements before it are malformed.
    #[must_use]
    #[inline]
    pub fn payload<'f>(&self, octets: &'f [u8]) -> Option<&'f [u8]> {
        let body = self.body(octets);
        match ELEMENTS && self.has_elements {
            true => behind_elements(body),
            false => Some(body),
        }
    }

    /// Whether the frame is for one station, which can acknowledge it.
    pub(crate) const fn is_unicast(&self) -> bool {
        match self.dst {
            MacAddress::Short(addr) => !addr.is_broadcast(),
            _ => true,
        }
    }

    /// Whether the sender of the frame waits for an acknowledgment.
    pub(crate) const fn wants_ack(&self) -> bool {
        self.ack_request && self.is_unicast() && self.frame_type.0 != FrameType::Ack.0
    }

    /// Whether the frame is for us (§6.7.2, third level of filtering). Acknowledgments of versions
    /// 0 and 1 are for nobody in particular, and are not asked about here.
    pub(crate) fn is_for(&self, own: &RadioConfig) -> bool {
        let any_pan = own.pan == PanId::BROADCAST;
        let pan_fits = match self.dst_pan {
            Some(pan) => pan == own.pan || pan == PanId::BROADCAST,
            None => true,
        };
        let to_us = match self.dst {
            MacAddress::Short(addr) => addr.is_broadcast() || addr == own.short_addr,
            MacAddress::Extended(addr) => addr == own.extended_addr,
            MacAddress::Absent => match self.frame_type {
                FrameType::Beacon => any_pan || self.src_pan == Some(own.pan),
                FrameType::Ack => true,
                // Without destination it is for the coordinator of the sender's network.
                _ => own.pan_coordinator && self.src_pan == Some(own.pan),
            },
        };
        pan_fits && to_us
    }

    /// Write the acknowledgment of this frame.
    pub(crate) fn write_ack(&self, pending: bool, out: &mut [u8; MAX_FRAME]) -> Option<usize> {
        let mut ack = MacHeaderRepr {
            frame_type: FrameType::Ack,
            version: FrameVersion::V2003,
            frame_pending: pending,
            seq: self.seq,
            ..MacHeaderRepr::default()
        };
        if self.version == FrameVersion::V2015 {
            ack.version = FrameVersion::V2015;
            ack.dst_addr = self.src;
            ack.dst_pan = match self.src {
                MacAddress::Absent => None,
                _ => self.src_pan,
            };
            // Where addresses are there and no network, the compression bit says so.
            ack.pan_id_compression = ack.dst_pan.is_none() && self.src != MacAddress::Absent;
        }
        let len = ack.buffer_len();
        ack.emit(out.get_mut(..len)?).ok()?;
        Some(len)
    }

    /// Whether `ack` acknowledges this frame, which we sent. An immediate acknowledgment has a
    /// sequence number and nothing else.
    pub(crate) fn is_acked_by(&self, ack: &Self, len: usize, own: &RadioConfig) -> bool {
        const IMMEDIATE: usize = 3;
        let form = if self.version == FrameVersion::V2015 {
            ack.version == FrameVersion::V2015 && ack.is_for(own) && !ack.secured
        } else {
            ack.version < FrameVersion::V2015 && len == IMMEDIATE
        };
        form && ack.seq == self.seq
    }
}

/// The command in a frame, from what stands behind its addresses; `None` if that is malformed.
#[inline(never)]
fn command(secured: bool, has_elements: bool, body: &[u8]) -> Option<Option<u8>> {
    let body = match secured {
        true => {
            let security = SecurityHeaderPacket::new_checked(body).ok()?;
            body.get(security.header_len()..)?
        }
        false => body,
    };
    let (_, body) = split_elements(has_elements, body)?;
    Some(body.first().copied())
}

/// The information elements of the header, if there are any, and the octets behind them; `None` if
/// they are malformed.
pub(crate) fn split_elements(
    has_elements: bool,
    octets: &[u8],
) -> Option<(Option<HeaderIes<'_>>, &[u8])> {
    if !(ELEMENTS && has_elements) {
        return Some((None, octets));
    }
    let len = HeaderIes::measure(octets, octets).ok()?;
    let (elements, rest) = octets.split_at_checked(len)?;
    Some((Some(HeaderIes::from_octets(elements)?), rest))
}

/// The payload behind the information elements of header and payload.
fn behind_elements(body: &[u8]) -> Option<&[u8]> {
    let (before, rest) = split_elements(true, body)?;
    let others = match before.is_some_and(|ies| ies.payload_ies_follow()) {
        true => PayloadIes::measure(rest, rest).ok()?,
        false => 0,
    };
    rest.get(others..)
}

/// Write the sequence number into a frame with this header, unless it has none.
pub(crate) fn set_seq(octets: &mut [u8], head: &mut Head, seq: u8) {
    // It stands behind the frame control; where it is suppressed, something else does.
    if let (Some(number), Some(place)) = (&mut head.seq, octets.get_mut(2)) {
        (*number, *place) = (seq, seq);
    }
}

/// Say in a frame whether further frames wait for its destination.
pub(crate) fn set_pending(octets: &mut [u8], pending: bool) {
    if let Ok(mut control) = FrameControlPacketMut::new_checked(octets) {
        control.set_frame_pending(pending);
    }
}

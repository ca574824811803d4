//! What a MAC looks at in a frame (IEEE 802.15.4-2020 §7.2), whom the frame is for (§6.7.2), and
//! acknowledgments (§7.3.3): immediate ones for frames of versions 0 and 1, enhanced ones without
//! security and information elements for version 2.

use litz_wire::{
    FrameType, FrameVersion, Ieee802154Frame, Ieee802154FrameMut, Ieee802154Repr, MacAddress, PanId,
};

use crate::radio::{MAX_FRAME, RadioConfig};

/// The header of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) frame_type: FrameType,
    pub(crate) version: FrameVersion,
    pub(crate) seq: Option<u8>,
    pub(crate) ack_request: bool,
    pub(crate) frame_pending: bool,
    pub(crate) secured: bool,
    pub(crate) dst_pan: Option<PanId>,
    pub(crate) dst: MacAddress,
    /// The source's network, the destination's if it was left out.
    pub(crate) src_pan: Option<PanId>,
    pub(crate) src: MacAddress,
    /// The command, of commands that are not encrypted.
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

/// A frame, checked. It is looked at in so many places that a build without `inline` compiles this
/// once, also for the layer above.
///
/// # Errors
/// [`litz_wire::Error`] if the octets are no frame.
#[doc(hidden)]
#[cfg_attr(feature = "inline", inline)]
pub fn view(octets: &[u8]) -> litz_wire::Result<Ieee802154Frame<'_>> {
    Ieee802154Frame::new_checked(octets)
}

impl Head {
    pub(crate) fn parse(octets: &[u8]) -> Option<Self> {
        let frame = view(octets).ok()?;
        let dst_pan = frame.dst_pan();
        let command = (frame.frame_type() == FrameType::Command)
            .then(|| frame.payload().first().copied())
            .flatten();
        Some(Self {
            frame_type: frame.frame_type(),
            version: frame.version(),
            seq: frame.seq(),
            ack_request: frame.ack_request(),
            frame_pending: frame.frame_pending(),
            secured: frame.security().is_some(),
            dst_pan,
            dst: frame.dst_addr(),
            src_pan: frame.src_pan().or(dst_pan),
            src: frame.src_addr(),
            command,
        })
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
        let mut ack = Ieee802154Repr {
            frame_type: FrameType::Ack,
            version: FrameVersion::V2003,
            frame_pending: pending,
            seq: self.seq,
            ..Ieee802154Repr::default()
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

/// Write the sequence number into a frame, unless the frame has none.
pub(crate) fn set_seq(octets: &mut [u8], seq: u8) {
    // It stands behind the frame control; where it is suppressed, something else does.
    let has_seq = view(octets).is_ok_and(|frame| frame.seq().is_some());
    if let (true, Some(place)) = (has_seq, octets.get_mut(2)) {
        *place = seq;
    }
}

/// Say in a frame whether further frames wait for its destination.
pub(crate) fn set_pending(octets: &mut [u8], pending: bool) {
    if let Ok(mut frame) = Ieee802154FrameMut::new_checked(octets) {
        frame.set_frame_pending(pending);
    }
}

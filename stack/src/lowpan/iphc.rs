//! LOWPAN_IPHC (RFC 6282 §3.1) as compression reads and writes it: the bits of its base say which
//! octets of the IPv6 header are in line. `litz_wire::Iphc` has a value for each form of a field,
//! which would only be taken apart again here.

use litz_wire::{Ecn, bits, header};

/// The base, and what is in line.
#[header(be, size = 2)]
pub(super) struct IphcBase<'a> {
    pub(super) modes: As<u16, Modes>,
    #[payload]
    pub(super) inline: &'a [u8],
}

/// How each field is carried (§3.1.1).
#[bits(u16)]
pub(super) struct Modes {
    pub(super) dispatch: u3,
    /// Traffic class and flow label: which octets of [`Traffic`] are in line.
    pub(super) traffic: u2,
    /// Whether the next header is compressed too.
    pub(super) next: bool,
    /// Which of [`HOP_LIMITS`] it is.
    pub(super) hop_limit: u2,
    /// Whether numbers of contexts follow.
    pub(super) contexts: bool,
    /// SAC and SAM.
    pub(super) src: u3,
    /// M, DAC and DAM.
    pub(super) dst: u4,
}

/// The dispatch of LOWPAN_IPHC.
pub(super) const IPHC: u8 = 0b011;

/// Hop limits that are not carried; the first stands for any other.
pub(super) const HOP_LIMITS: [u8; 4] = [0, 1, 64, 255];

/// Traffic class and flow label in line (§3.2.1): all of it, or some of its octets.
#[bits(u32)]
pub(super) struct Traffic {
    pub(super) ecn: As<u2, Ecn>,
    pub(super) dscp: u6,
    _reserved: u4,
    pub(super) flow_label: u20,
}

/// ECN in an octet of [`Traffic`], also where it stands in front of the flow label alone.
const ECN: u8 = 0b1100_0000;

impl Traffic {
    /// Where the octets that a mode carries begin and end.
    pub(super) const fn carried(mode: u8) -> (usize, usize) {
        match mode {
            0b00 => (0, 4),
            0b01 => (1, 4),
            0b10 => (0, 1),
            _ => (0, 0),
        }
    }

    /// The shortest mode, and the octets of which it carries some.
    pub(super) fn shortest(self) -> (u8, [u8; 4]) {
        let mut octets = self.into_raw().to_be_bytes();
        let mode = match (octets[0], self.flow_label) {
            (0, 0) => 0b11,
            (_, 0) => 0b10,
            (first, _) if first & !ECN == 0 => {
                octets[1] |= first;
                0b01
            }
            _ => 0b00,
        };
        (mode, octets)
    }

    /// What the octets of a mode stand for; those that it does not carry are zero.
    pub(super) fn of(mode: u8, mut octets: [u8; 4]) -> Self {
        if mode == 0b01 {
            octets[0] = octets[1] & ECN;
        }
        Self::from_raw(u32::from_be_bytes(octets))
    }
}

//! How the fields of compressed headers are carried (RFC 6282 §3.1, §4): bits say which octets of
//! the headers are in line. `litz_wire::Iphc` and `litz_wire::Nhc` declare the same with a value
//! for each form of a field, which would only be taken apart again here.

use litz_wire::{Ecn, NhcExtId, bits};

/// Base of LOWPAN_IPHC (§3.1.1).
#[bits(u16)]
pub(super) struct Modes {
    pub(super) dispatch: u3,
    /// Which octets of [`Traffic`] are in line.
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

/// LOWPAN_NHC of UDP (§4.3).
#[bits(u8)]
pub(super) struct UdpModes {
    pub(super) dispatch: u5,
    /// Whether the checksum is elided.
    pub(super) no_checksum: bool,
    /// Which octets of [`Ports`] are in line.
    pub(super) ports: u2,
}

/// The dispatch of LOWPAN_NHC of UDP.
pub(super) const UDP: u8 = 0b11110;

/// LOWPAN_NHC of an extension header, or of IPv6 in IPv6 (§4.2).
#[bits(u8)]
pub(super) struct ExtensionModes {
    pub(super) dispatch: u4,
    pub(super) id: As<u3, NhcExtId>,
    /// Whether the next header is compressed too.
    pub(super) next: bool,
}

/// The dispatch of LOWPAN_NHC of an extension header.
pub(super) const EXTENSION: u8 = 0b1110;

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
    pub(super) fn carried(mode: u8) -> (usize, usize) {
        part(&[(0, 4), (1, 4), (0, 1), (0, 0)], mode)
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

/// Ports of UDP, source and destination (§4.3.3).
#[derive(Clone, Copy)]
pub(super) struct Ports(pub(super) [u8; 4]);

impl Ports {
    /// Where the octets that a mode carries begin and end.
    pub(super) fn carried(mode: u8) -> (usize, usize) {
        part(&[(0, 4), (0, 3), (1, 4), (3, 4)], mode)
    }

    /// The shortest mode, and the octets of which it carries some.
    pub(super) const fn shortest(self) -> (u8, [u8; 4]) {
        match self.0 {
            [0xf0, s @ 0xb0..=0xbf, 0xf0, d @ 0xb0..=0xbf] => (0b11, [0, 0, 0, s << 4 | d & 0xf]),
            [a, b, 0xf0, d] => (0b01, [a, b, d, 0]),
            [0xf0, b, c, d] => (0b10, [0, b, c, d]),
            all => (0b00, all),
        }
    }

    /// What the octets of a mode stand for.
    pub(super) const fn of(mode: u8, [a, b, c, d]: [u8; 4]) -> Self {
        Self(match mode {
            0b00 => [a, b, c, d],
            0b01 => [a, b, 0xf0, c],
            0b10 => [0xf0, b, c, d],
            _ => [0xf0, 0xb0 | d >> 4, 0xf0, 0xb0 | d & 0xf],
        })
    }
}

/// What a table says of a mode: where some octets of a field begin and end.
pub(super) fn part(table: &[(u8, u8)], mode: u8) -> (usize, usize) {
    let (from, to) = table.get(usize::from(mode)).copied().unwrap_or_default();
    (from.into(), to.into())
}

//! Whose a registration of an address is, and which of several of one owner is the latest: the
//! identifier ROVR and the number TID (RFC 8505 §4.2, §5.2, §5.3).

use litz_wire::Eui64;

/// Octets of the longest identifier.
const LONGEST: usize = 32;
/// How far apart two numbers may be that are compared (RFC 6550 §7.2, `SEQUENCE_WINDOW`).
const WINDOW: u8 = 16;
/// The number to begin with (RFC 6550 §7.2): the end of the part that is only passed once.
pub(super) const FIRST: u8 = 240;
/// Numbers from here on are passed once after a restart.
const LINEAR: u8 = 128;

/// Identifier of who registers an address (RFC 8505 §4.2, `ROVR`): an EUI-64, or 16, 24 or 32
/// octets that prove more (RFC 8928).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Owner {
    octets: [u8; LONGEST],
    len: u8,
}

impl Owner {
    /// The identifier of these octets; `None` unless there are 8, 16, 24 or 32 of them.
    #[must_use]
    pub fn new(octets: &[u8]) -> Option<Self> {
        let len = match octets.len() {
            8 => 8,
            16 => 16,
            24 => 24,
            32 => 32,
            _ => return None,
        };
        let mut owner = Self {
            octets: [0; LONGEST],
            len,
        };
        crate::storage::put(&mut owner.octets, octets);
        Some(owner)
    }

    /// The octets of the identifier.
    #[must_use]
    pub fn as_slice(&self) -> &[u8] {
        self.octets.get(..usize::from(self.len)).unwrap_or(&[])
    }

    /// The EUI-64, if it is one.
    #[must_use]
    pub const fn eui64(&self) -> Option<Eui64> {
        let [a, b, c, d, e, f, g, h, ..] = self.octets;
        match self.len {
            8 => Some(Eui64([a, b, c, d, e, f, g, h])),
            _ => None,
        }
    }
}

impl From<Eui64> for Owner {
    fn from(Eui64(octets): Eui64) -> Self {
        let mut owner = Self {
            octets: [0; LONGEST],
            len: 8,
        };
        crate::storage::put(&mut owner.octets, &octets);
        owner
    }
}

/// The number that follows another (RFC 6550 §7.2).
pub(super) const fn next(number: u8) -> u8 {
    match number {
        127 | 255 => 0,
        number => number.saturating_add(1),
    }
}

/// Whether a number is older than the one that is known (RFC 6550 §7.2). Numbers that cannot be
/// compared are not: who lost count is to be heard.
pub(super) const fn is_older(number: u8, known: u8) -> bool {
    match (number < LINEAR, known < LINEAR) {
        (true, true) => {
            let behind = known.wrapping_sub(number) % LINEAR;
            behind > 0 && behind <= WINDOW
        }
        (false, false) => {
            let behind = known.saturating_sub(number);
            behind > 0 && behind <= WINDOW
        }
        // A restarted owner is at the end of the linear part, and newer than the circular one
        // unless that is what follows shortly.
        (false, true) => known.wrapping_sub(number) <= WINDOW,
        (true, false) => number.wrapping_sub(known) > WINDOW,
    }
}

#[cfg(test)]
mod tests;

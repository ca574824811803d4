//! Who the chip is and random octets (nRF52840 product specification, chapters
//! FICR and RNG).

use litz_wire::Eui64;

use super::PATIENCE;
use super::registers::{ficr, rng};
use crate::mmio::Bus;

/// The chip's extended address. Nordic assigns none: it is made of the chip's random identifier,
/// with the bits set that say "assigned by nobody" and "of one station".
pub fn extended_address(bus: &mut impl Bus) -> Eui64 {
    let [a, b, c, d] = bus.read(ficr::DEVICEID0).to_le_bytes();
    let [e, f, g, h] = bus.read(ficr::DEVICEID1).to_le_bytes();
    Eui64([(h & !1) | 2, g, f, e, d, c, b, a])
}

/// The source of random numbers: 120 µs for each octet, with the bias corrected.
#[derive(Debug)]
pub struct NrfRng<B>(B);

impl<B: Bus> NrfRng<B> {
    /// The source.
    pub fn new(mut bus: B) -> Self {
        // DERCEN: each bit is as likely as the other.
        bus.write(rng::CONFIG, 1);
        Self(bus)
    }

    /// Fills `octets`; false if the source gives none.
    pub fn fill(&mut self, octets: &mut [u8]) -> bool {
        let Self(bus) = self;
        bus.write(rng::START, 1);
        let filled = octets.iter_mut().all(|octet| {
            bus.write(rng::VALRDY, 0);
            let ready = (0..PATIENCE.saturating_mul(16)).any(|_| bus.read(rng::VALRDY) != 0);
            *octet = bus.read(rng::VALUE) as u8;
            ready
        });
        bus.write(rng::STOP, 1);
        filled
    }
}

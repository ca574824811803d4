//! Source matching (CC2538 user's guide, radio chapter): the stations for which acknowledgments say
//! that frames are pending, in a table of the hardware. Half of it is for short addresses, half for
//! extended ones. While it does not hold a station, everybody is told that frames are pending.

use super::Cc2538;
use super::registers::{ffsm, xreg};
use crate::mmio::Bus;
use crate::parts::CHILDREN;
use crate::radio::{PendingFor, RadioError};

/// Short entries that are used, from the first on: each has four octets of the table.
const SHORT: usize = if CHILDREN { 12 } else { 0 };
/// Extended entries that are used: each has eight octets, and those of the first six are in use.
const EXTENDED: usize = if CHILDREN { 6 } else { 0 };
const FIRST_EXTENDED: usize = 6;

/// What the table holds.
#[derive(Debug)]
pub(super) struct Table {
    short: [Option<u16>; SHORT],
    extended: [Option<[u8; 8]>; EXTENDED],
    /// Stations that the table cannot hold.
    others: u16,
}

impl Table {
    pub(super) const EMPTY: Self = Self {
        short: [None; SHORT],
        extended: [None; EXTENDED],
        others: 0,
    };

    pub(super) fn is_in_use(&self) -> bool {
        let short = self.short.iter().any(Option::is_some);
        let extended = self.extended.iter().any(Option::is_some);
        CHILDREN && (self.others > 0 || short || extended)
    }
}

/// Enters a station, or takes it out; whether that was possible.
fn change<T: Copy + PartialEq>(table: &mut [Option<T>], station: T, on: bool) -> bool {
    let known = table.iter().position(|entry| *entry == Some(station));
    let place = match (known, on) {
        (Some(_), true) => return true,
        (None, true) => table.iter().position(Option::is_none),
        (known, false) => known,
    };
    let entry = place.and_then(|place| table.get_mut(place));
    entry.is_some_and(|entry| {
        *entry = on.then_some(station);
        true
    })
}

impl<B: Bus> Cc2538<B> {
    pub(super) fn set_station(&mut self, to: PendingFor, on: bool) -> Result<(), RadioError> {
        if !CHILDREN {
            return Err(RadioError::Unsupported);
        }
        let done = match to {
            PendingFor::Short(addr) => change(&mut self.stations.short, addr.0, on),
            PendingFor::Extended(addr) => {
                let mut octets = addr.0;
                octets.reverse();
                change(&mut self.stations.extended, octets, on)
            }
        };
        if !done {
            return self.set_others(on);
        }
        self.write_stations();
        Ok(())
    }

    /// Writes the table and its masks.
    pub(super) fn write_stations(&mut self) {
        let pan = self.config.pan.0.to_le_bytes();
        let mut short_mask = 0_u32;
        for place in 0..SHORT {
            let Some(addr) = self.stations.short.get(place).copied().flatten() else {
                continue;
            };
            // Network and address, low octets first.
            let ([a, b], [c, d]) = (pan, addr.to_le_bytes());
            self.write_entry(place.saturating_mul(4), &[a, b, c, d]);
            short_mask |= 1_u32.wrapping_shl(place as u32);
        }
        let mut extended_mask = 0_u32;
        for (place, entry) in (FIRST_EXTENDED..).zip(self.stations.extended) {
            let Some(octets) = entry else { continue };
            self.write_entry(place.saturating_mul(8), &octets);
            extended_mask |= 1_u32.wrapping_shl((place as u32).saturating_mul(2));
        }
        self.write_mask(xreg::SRCSHORTEN0, ffsm::SRCSHORTPENDEN0, short_mask);
        self.write_mask(xreg::SRCEXTEN0, ffsm::SRCEXTPENDEN0, extended_mask);
    }

    /// Writes octets from `offset` of the table on, a word for each.
    fn write_entry(&mut self, offset: usize, octets: &[u8]) {
        let first = ffsm::SOURCE_TABLE.saturating_add((offset as u32).saturating_mul(4));
        self.write_octets(first, octets);
    }

    fn write_mask(&mut self, enabled: u32, pending: u32, mask: u32) {
        let [a, b, c, _] = mask.to_le_bytes();
        for (octet, offset) in [a, b, c].into_iter().zip((0_u32..).step_by(4)) {
            self.bus.write(enabled.saturating_add(offset), octet.into());
            self.bus.write(pending.saturating_add(offset), octet.into());
        }
    }

    /// Everybody is told that frames are pending while there are stations that the table cannot
    /// hold.
    fn set_others(&mut self, on: bool) -> Result<(), RadioError> {
        let others = self.stations.others;
        self.stations.others = if on {
            others.saturating_add(1)
        } else {
            others.saturating_sub(1)
        };
        let all = if self.stations.others > 0 {
            xreg::PENDING_OR
        } else {
            0
        };
        self.bus
            .write(xreg::FRMCTRL1, xreg::SET_RXENMASK_ON_TX | all);
        if on { Err(RadioError::Full) } else { Ok(()) }
    }
}

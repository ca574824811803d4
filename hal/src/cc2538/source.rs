//! Source matching (SWRU319C §23.12): the stations for which acknowledgments say that frames are
//! pending, in a table of the hardware. Short addresses only; for an extended one everybody is
//! told.

use super::Cc2538;
use super::registers::{ffsm, xreg};
use crate::mmio::Bus;
use crate::radio::{PendingFor, RadioError};

/// Short entries of the table.
const ENTRIES: usize = 24;

/// What the table holds.
#[derive(Debug, Default)]
pub(super) struct Table {
    short: [Option<u16>; ENTRIES],
    /// Stations that the table cannot hold.
    others: u16,
}

impl Table {
    pub(super) fn is_in_use(&self) -> bool {
        self.others > 0 || self.short.iter().any(Option::is_some)
    }
}

impl<B: Bus> Cc2538<B> {
    pub(super) fn set_station(&mut self, to: PendingFor, on: bool) -> Result<(), RadioError> {
        let PendingFor::Short(addr) = to else {
            return self.set_others(on);
        };
        let wanted = if on { None } else { Some(addr.0) };
        let known = self.stations.short.contains(&Some(addr.0));
        if known == on {
            return Ok(());
        }
        let found = self
            .stations
            .short
            .iter()
            .position(|entry| *entry == wanted);
        let Some(index) = found else {
            return self.set_others(on);
        };
        if let Some(entry) = self.stations.short.get_mut(index) {
            *entry = on.then_some(addr.0);
        }
        if on {
            // Network and address, low octets first, four words of an octet each.
            let [a, b] = self.config.pan.0.to_le_bytes();
            let [c, d] = addr.0.to_le_bytes();
            let first = ffsm::SOURCE_TABLE.saturating_add((index as u32).saturating_mul(16));
            for (octet, at) in [a, b, c, d].into_iter().zip((first..).step_by(4)) {
                self.bus.write(at, u32::from(octet));
            }
        }
        self.write_masks();
        Ok(())
    }

    fn write_masks(&mut self) {
        let bits = (0_u32..).zip(&self.stations.short);
        let mask = bits.fold(0_u32, |mask, (at, entry)| {
            mask | u32::from(entry.is_some()).wrapping_shl(at)
        });
        let [a, b, c, _] = mask.to_le_bytes();
        for (octet, offset) in [a, b, c].into_iter().zip((0..).step_by(4)) {
            let offset: u32 = offset;
            let enabled = xreg::SRCSHORTEN0.saturating_add(offset);
            let pending = ffsm::SRCSHORTPENDEN0.saturating_add(offset);
            self.bus.write(enabled, u32::from(octet));
            self.bus.write(pending, u32::from(octet));
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

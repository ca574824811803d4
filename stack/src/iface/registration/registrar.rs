//! What a router knows of the addresses that hosts registered with it (RFC 6775 §6.5, RFC 8505
//! §5): registered neighbors, in memory of the caller's. It judges; the messages are another
//! file's.
//!
//! What keeps honest hosts alive beside invented ones: a station may have only so many addresses,
//! who is registered is displaced by nobody, and what no key vouches for neither changes nor
//! outlasts what a key does.

use core::net::{IpAddr, Ipv6Addr};

use litz_hal::time::{Deadline, Duration, Instant};
use litz_wire::RegistrationStatus;

use super::super::hardware::HardwareAddr;
use super::super::table::{Slot, Table};
use super::owner::{Owner, is_older};
use crate::parts::REGISTRATION;
use crate::storage::Storage;

/// A registered address, as the router sees it.
#[derive(Clone, Copy, Debug)]
pub struct Registered {
    addr: Ipv6Addr,
    station: HardwareAddr,
    owner: Owner,
    number: Option<u8>,
    until: Instant,
    authentic: bool,
}

/// Room for an address that a host registers.
pub type RegisteredSlot = Slot<Registered>;

/// A registered neighbor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegisteredAddr {
    /// Its address.
    pub addr: Ipv6Addr,
    /// The station that it is.
    pub station: HardwareAddr,
    /// Whose registration it is.
    pub owner: Owner,
    /// Until when it is registered.
    pub until: Deadline,
}

/// What a host asks for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ask {
    pub(super) addr: Ipv6Addr,
    pub(super) station: HardwareAddr,
    pub(super) owner: Owner,
    /// Number of the registration; RFC 6775 has none.
    pub(super) number: Option<u8>,
    /// Zero ends the registration.
    pub(super) minutes: u16,
    /// Whether a key vouches for the frame.
    pub(super) authentic: bool,
}

/// The registered neighbors of an interface.
#[derive(Debug, Default)]
pub(crate) struct Registrar<'a> {
    table: Table<'a, Registered>,
    /// Addresses of one station; zero while the interface registers nobody.
    quota: usize,
}

impl<'a> Registrar<'a> {
    pub(super) fn new(quota: usize, storage: Storage<'a, RegisteredSlot>) -> Self {
        Self {
            table: Table::new(storage),
            quota,
        }
    }

    /// Whether hosts register here.
    pub(crate) const fn is_on(&self) -> bool {
        REGISTRATION && self.quota > 0
    }

    /// The station of a registered address.
    pub(crate) fn station(&self, addr: IpAddr, now: Instant) -> Option<HardwareAddr> {
        let of = |known: &&Registered| IpAddr::V6(known.addr) == addr && known.until > now;
        self.table.iter().find(of).map(|known| known.station)
    }

    pub(super) fn iter(&self, now: Instant) -> impl Iterator<Item = RegisteredAddr> {
        let known = self.table.iter().filter(move |known| known.until > now);
        known.map(|known| RegisteredAddr {
            addr: known.addr,
            station: known.station,
            owner: known.owner,
            until: Deadline::at(known.until),
        })
    }

    /// Forget an address. Returns whether it was registered.
    pub(super) fn remove(&mut self, addr: Ipv6Addr) -> bool {
        self.table.retain(|known| known.addr != addr)
    }

    /// Register an address, refresh or end its registration; `None` if the question is not
    /// answered at all.
    pub(super) fn judge(&mut self, now: Instant, ask: &Ask) -> Option<RegistrationStatus> {
        self.table.retain(|known| known.until > now);
        if let Some(known) = self.table.find(|known| known.addr == ask.addr) {
            if known.authentic && !ask.authentic {
                return None;
            }
            if known.owner != ask.owner {
                return Some(RegistrationStatus::Duplicate);
            }
            if let (Some(number), Some(of_known)) = (ask.number, known.number)
                && is_older(number, of_known)
            {
                return Some(RegistrationStatus::Moved);
            }
            if ask.minutes > 0 {
                *known = ask.entry(now);
                return Some(RegistrationStatus::Success);
            }
            self.remove(ask.addr);
        }
        if ask.minutes == 0 {
            return Some(RegistrationStatus::Success);
        }
        let of_station = |known: &&Registered| known.station == ask.station;
        if self.table.iter().filter(of_station).count() >= self.quota {
            return Some(RegistrationStatus::CacheFull);
        }
        if self.table.is_full() && ask.authentic {
            self.table.take(|known| !known.authentic);
        }
        match self.table.push(ask.entry(now)) {
            Some(_) => Some(RegistrationStatus::Success),
            None => Some(RegistrationStatus::CacheFull),
        }
    }
}

impl Ask {
    fn entry(&self, now: Instant) -> Registered {
        let span = Duration::from_secs(u64::from(self.minutes).saturating_mul(60));
        Registered {
            addr: self.addr,
            station: self.station,
            owner: self.owner,
            number: self.number,
            until: now.saturating_add(span),
            authentic: self.authentic,
        }
    }
}

#[cfg(test)]
mod tests;

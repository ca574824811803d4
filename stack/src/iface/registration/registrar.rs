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
use super::confirming::Confirming;
use super::owner::{Owner, is_older};
use crate::parts::{Kept, REGISTRATION};
use crate::storage::Storage;

/// Where a registered host is, seen from a router.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegisteredAt {
    /// It is a neighbor, and this station.
    Station(HardwareAddr),
    /// It is a neighbor of the router with this address, which has asked the border router.
    Router(Ipv6Addr),
}

/// A registered address, as the router sees it.
#[derive(Clone, Copy, Debug)]
pub struct Registered {
    addr: Ipv6Addr,
    at: RegisteredAt,
    owner: Owner,
    number: Option<u8>,
    until: Instant,
    authentic: bool,
}

/// Room for an address that a host registers.
pub type RegisteredSlot = Slot<Registered>;

/// A registered host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegisteredAddr {
    /// Its address.
    pub addr: Ipv6Addr,
    /// Where it is.
    pub at: RegisteredAt,
    /// Whose registration it is.
    pub owner: Owner,
    /// Until when it is registered.
    pub until: Deadline,
}

/// What a host asks for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ask {
    pub(super) addr: Ipv6Addr,
    pub(super) at: RegisteredAt,
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
    table: Table<'a, Registered, { REGISTRATION as usize }>,
    /// Addresses of one station; zero while the interface registers nobody.
    quota: Kept<usize, { REGISTRATION as usize }>,
    /// Registrations that the border router is asked about.
    pub(super) confirming: Confirming<'a>,
}

impl<'a> Registrar<'a> {
    pub(super) fn new(quota: usize, storage: Storage<'a, RegisteredSlot>) -> Self {
        Self {
            table: Table::new(storage),
            quota: Kept::new(quota),
            confirming: Confirming::default(),
        }
    }

    /// Whether hosts register here.
    pub(crate) fn is_on(&self) -> bool {
        self.quota() > 0
    }

    /// Addresses of one station; none while the interface registers nobody.
    fn quota(&self) -> usize {
        self.quota.get().copied().unwrap_or(0)
    }

    /// The station by way of which a registered address is reached: its own, or that of the router
    /// whose neighbor it is, if that is a neighbor of ours.
    pub(crate) fn station(&self, addr: IpAddr, now: Instant) -> Option<HardwareAddr> {
        if !self.is_on() {
            return None;
        }
        match self.at(addr, now)? {
            RegisteredAt::Station(station) => Some(station),
            RegisteredAt::Router(router) => match self.at(IpAddr::V6(router), now)? {
                RegisteredAt::Station(station) => Some(station),
                // Farther routers are found by routes.
                RegisteredAt::Router(_) => None,
            },
        }
    }

    fn at(&self, addr: IpAddr, now: Instant) -> Option<RegisteredAt> {
        let of = |known: &&Registered| IpAddr::V6(known.addr) == addr && known.until > now;
        self.table.iter().find(of).map(|known| known.at)
    }

    pub(super) fn iter(&self, now: Instant) -> impl Iterator<Item = RegisteredAddr> {
        let known = self.table.iter().filter(move |known| known.until > now);
        known.map(|known| RegisteredAddr {
            addr: known.addr,
            at: known.at,
            owner: known.owner,
            until: Deadline::at(known.until),
        })
    }

    /// Forget an address. Returns whether it was registered.
    pub(super) fn remove(&mut self, addr: Ipv6Addr) -> bool {
        self.table.retain(|known| known.addr != addr)
    }

    /// Forget an address that is no longer of this owner here.
    pub(super) fn withdraw(&mut self, addr: Ipv6Addr, owner: Owner) -> bool {
        self.table
            .retain(|known| known.addr != addr || known.owner != owner)
    }

    /// Register an address, refresh or end its registration; `None` if the question is not
    /// answered at all.
    pub(super) fn judge(&mut self, now: Instant, ask: &Ask) -> Option<RegistrationStatus> {
        let status = self.check(now, ask)?;
        if status != RegistrationStatus::Success {
            return Some(status);
        }
        if ask.minutes == 0 {
            self.remove(ask.addr);
            return Some(status);
        }
        if let Some(known) = self.table.find(|known| known.addr == ask.addr) {
            *known = ask.entry(now);
            return Some(status);
        }
        if self.table.is_full() && ask.authentic {
            self.table.take(|known| !known.authentic);
        }
        match self.table.push(ask.entry(now)) {
            Some(_) => Some(status),
            None => Some(RegistrationStatus::CacheFull),
        }
    }

    /// What [`judge`](Self::judge) would say; nothing is registered.
    pub(super) fn check(&mut self, now: Instant, ask: &Ask) -> Option<RegistrationStatus> {
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
            return Some(RegistrationStatus::Success);
        }
        if ask.minutes == 0 {
            return Some(RegistrationStatus::Success);
        }
        // Behind a router there are many; each of them has its share.
        let same = |known: &&Registered| match ask.at {
            RegisteredAt::Station(_) => known.at == ask.at,
            RegisteredAt::Router(_) => known.owner == ask.owner,
        };
        if self.table.iter().filter(same).count() >= self.quota() {
            return Some(RegistrationStatus::CacheFull);
        }
        let displaces = ask.authentic && self.table.iter().any(|known| !known.authentic);
        match self.table.is_full() && !displaces {
            true => Some(RegistrationStatus::CacheFull),
            false => Some(RegistrationStatus::Success),
        }
    }
}

impl Ask {
    fn entry(&self, now: Instant) -> Registered {
        let span = Duration::from_secs(u64::from(self.minutes).saturating_mul(60));
        Registered {
            addr: self.addr,
            at: self.at,
            owner: self.owner,
            number: self.number,
            until: now.saturating_add(span),
            authentic: self.authentic,
        }
    }
}

#[cfg(test)]
mod tests;

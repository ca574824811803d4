//! DNS servers and search domains that routers named (RFC 8106), with their lifetimes.

use core::net::Ipv6Addr;

use litz_hal::time::{Deadline, Instant};
use litz_wire::DnsName;
use litz_wire::rt::Codec;

use super::super::addresses::deadline;
use super::super::table::{Slot, Table};
use crate::parts::{AUTOCONF, Kept};
use crate::storage::{Room, Storage};

/// A DNS server.
#[derive(Clone, Copy, Debug)]
pub struct Server {
    addr: Ipv6Addr,
    until: Instant,
}

/// Room for a DNS server.
pub type ServerSlot = Slot<Server>;

/// Room for a search domain: as long as the longest name that is to be kept, 255 octets at most.
#[derive(Debug, Default)]
pub struct DomainSlot<'a> {
    /// Octets of the name; none if the slot is free.
    len: usize,
    until: Instant,
    name: Storage<'a, u8>,
}

impl<'a> DomainSlot<'a> {
    /// A free slot over the caller's octets.
    pub fn new(name: impl Into<Storage<'a, u8>>) -> Self {
        Self {
            len: 0,
            until: Instant::ZERO,
            name: name.into(),
        }
    }

    fn octets(&self) -> &[u8] {
        self.name.get(..self.len).unwrap_or(&[])
    }

    fn name(&self) -> Option<DnsName<'_>> {
        DnsName::from_octets(self.octets()).ok()
    }
}

/// Memory for what routers say of DNS.
#[derive(Debug, Default)]
pub struct DnsStorage<'a> {
    /// DNS servers.
    pub servers: Storage<'a, ServerSlot>,
    /// Search domains.
    pub domains: Storage<'a, DomainSlot<'a>>,
}

#[cfg(feature = "alloc")]
impl DnsStorage<'_> {
    /// Memory on the heap for 4 servers and 4 domains of 64 octets.
    #[must_use]
    pub fn heap() -> Self {
        use alloc::vec;
        use alloc::vec::Vec;
        let domains = core::iter::repeat_with(|| DomainSlot::new(vec![0; 64])).take(4);
        Self {
            servers: vec![ServerSlot::EMPTY; 4].into(),
            domains: domains.collect::<Vec<_>>().into(),
        }
    }
}

/// What is known of DNS.
#[derive(Debug, Default)]
pub(crate) struct DnsTables<'a> {
    servers: Table<'a, Server, { AUTOCONF as usize }>,
    domains: Room<'a, DomainSlot<'a>, { AUTOCONF as usize }>,
    /// When the next of them runs out, kept up by whatever changes them: every poll asks.
    expires: Kept<Deadline, { AUTOCONF as usize }>,
}

impl<'a> DnsTables<'a> {
    pub(super) fn new(storage: DnsStorage<'a>) -> Self {
        Self {
            servers: Table::new(storage.servers),
            domains: Room::new(storage.domains),
            expires: Kept::default(),
        }
    }

    pub(super) fn servers(&self) -> impl Iterator<Item = (Ipv6Addr, Deadline)> {
        let servers = self.servers.iter();
        servers.map(|server| (server.addr, deadline(server.until)))
    }

    pub(super) fn domains(&self) -> impl Iterator<Item = (DnsName<'_>, Deadline)> {
        self.domains
            .iter()
            .filter(|slot| slot.len > 0)
            .filter_map(|slot| Some((slot.name()?, deadline(slot.until))))
    }

    /// A router names a server until an instant; not any more if that is not later. Where there is
    /// no room, those that are known stay. Returns whether it was taken note of.
    pub(crate) fn set_server(&mut self, addr: Ipv6Addr, until: Instant, now: Instant) -> bool {
        let noted = self.put_server(addr, until, now);
        self.refresh();
        noted
    }

    fn put_server(&mut self, addr: Ipv6Addr, until: Instant, now: Instant) -> bool {
        if until <= now {
            self.servers.retain(|server| server.addr != addr);
            return true;
        }
        match self.servers.find(|server| server.addr == addr) {
            Some(server) => {
                server.until = until;
                true
            }
            None => self.servers.push(Server { addr, until }).is_some(),
        }
    }

    /// A router names domains, one behind the other, with zeros at the end (RFC 8106 §5.2). Names
    /// that are none, and what follows them, are passed over. Returns whether all were taken note
    /// of.
    pub(crate) fn set_domains(&mut self, mut octets: &[u8], until: Instant, now: Instant) -> bool {
        let mut all = true;
        while let Ok(len) = DnsName::measure(octets, &[])
            && let Some((name, rest)) = octets.split_at_checked(len)
            && len > 1
            && DnsName::from_octets(name).is_ok()
        {
            all &= self.set_domain(name, until, now);
            octets = rest;
        }
        self.refresh();
        all
    }

    fn set_domain(&mut self, name: &[u8], until: Instant, now: Instant) -> bool {
        let same = |slot: &DomainSlot<'_>| slot.octets().eq_ignore_ascii_case(name);
        if let Some(slot) = self.domains.iter_mut().find(|slot| same(slot)) {
            slot.until = until;
            if until <= now {
                slot.len = 0;
            }
            return true;
        }
        if until <= now {
            return true;
        }
        let mut free = self.domains.iter_mut().filter(|slot| slot.len == 0);
        let Some(slot) = free.find(|slot| slot.name.len() >= name.len()) else {
            return false;
        };
        crate::storage::put(&mut slot.name, name);
        slot.len = name.len();
        slot.until = until;
        true
    }

    /// When the next of them runs out.
    pub(crate) fn expires_at(&self) -> Deadline {
        self.expires.get().copied().unwrap_or_default()
    }

    fn refresh(&mut self) {
        let servers = self.servers.iter().map(|server| deadline(server.until));
        let used = self.domains.iter().filter(|slot| slot.len > 0);
        let domains = used.map(|slot| deadline(slot.until));
        let next = servers.chain(domains).fold(Deadline::NEVER, Deadline::min);
        self.expires = Kept::new(next);
    }

    /// Forget those that have run out.
    pub(crate) fn expire(&mut self, now: Instant) {
        self.servers.retain(|server| server.until > now);
        for slot in self.domains.iter_mut().filter(|slot| slot.until <= now) {
            slot.len = 0;
        }
        self.refresh();
    }
}

#[cfg(test)]
mod tests;

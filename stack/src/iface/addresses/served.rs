//! Whole prefixes that an interface answers for: as if each of their addresses were its own
//! (`AnyIP`), or in the place of hosts that it forwards to (RFC 1027, RFC 4861 §7.2.8). Addresses
//! of the interface's own are not here.

mod waiting;

use core::net::{IpAddr, Ipv6Addr};

use litz_hal::time::{Deadline, Instant};

pub(crate) use self::waiting::Question;
use self::waiting::Waiting;
use super::super::table::{Slot, Table};
use crate::addr::{IpCidr, is_unicast, solicited_node};
use crate::parts::ROUTER;
use crate::storage::Storage;

/// What an interface does for the addresses of a prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrefixRole {
    /// Packets for any address of the prefix are taken, and answered from that address. Neighbors
    /// are not told: some router has to send the packets here.
    Routed,
    /// As [`Routed`](Self::Routed), and neighbors that ask for an address of the prefix are
    /// answered. IPv6 neighbors ask in a group for each address; these are not reported to
    /// routers, so switches that filter groups do not bring the questions here.
    OnLink,
    /// Neighbors that ask for an address of the prefix to which another interface leads are
    /// answered, and what they send is forwarded, if the interface forwards.
    Proxy,
}

/// A prefix that an interface answers for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServedPrefix {
    /// Its addresses; those that belong to no single host (groups, broadcasts, loopback) are not
    /// meant, nor are link-local addresses of IPv6, unless the prefix is of such.
    pub network: IpCidr,
    /// What is done for them.
    pub role: PrefixRole,
}

/// A prefix, and who waits for an answer about one of its addresses.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    prefix: ServedPrefix,
    waiting: Waiting,
}

/// Room for a prefix that an interface answers for.
pub type ServedSlot = Slot<Row>;

impl ServedPrefix {
    /// Whether the prefix is meant to have an address.
    pub(crate) fn has(&self, addr: IpAddr) -> bool {
        self.network.contains(addr) && is_unicast(addr) && self.may_have(addr)
    }

    fn may_have(&self, addr: IpAddr) -> bool {
        match addr {
            IpAddr::V4(v4) => !matches!(v4.octets(), [0 | 127 | 240..=255, ..]),
            IpAddr::V6(v6) => {
                let one_link = v6.is_unicast_link_local() && self.network.prefix_len() < 10;
                !v6.is_loopback() && !one_link
            }
        }
    }

    /// Whether neighbors ask in this group for an address of the prefix.
    fn asked_in(&self, group: Ipv6Addr) -> bool {
        let IpAddr::V6(network) = self.network.addr() else {
            return false;
        };
        // The group has the last 24 bits of the address, of which the prefix may fix some.
        let fixed = self.network.prefix_len().saturating_sub(104);
        let free = 24_u8.saturating_sub(fixed);
        let differing = solicited_node(network).to_bits() ^ group.to_bits();
        self.role != PrefixRole::Routed && differing.checked_shr(u32::from(free)) == Some(0)
    }
}

/// The prefixes that an interface answers for.
#[derive(Debug)]
pub(crate) struct Served<'a> {
    rows: Table<'a, Row, { ROUTER as usize }>,
}

impl<'a> Served<'a> {
    pub(crate) fn new(slots: Storage<'a, ServedSlot>) -> Self {
        Self {
            rows: Table::new(slots),
        }
    }

    /// Add a prefix, or change the role of one. Returns whether there was room.
    pub(crate) fn set(&mut self, prefix: ServedPrefix) -> bool {
        match self.rows.find(|row| row.prefix.network == prefix.network) {
            Some(row) => row.prefix = prefix,
            None => {
                let waiting = Waiting::NONE;
                return self.rows.push(Row { prefix, waiting }).is_some();
            }
        }
        true
    }

    /// Take a prefix out.
    pub(crate) fn remove(&mut self, network: IpCidr) -> Option<ServedPrefix> {
        let row = self.rows.take(|row| row.prefix.network == network);
        row.map(|row| row.prefix)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = ServedPrefix> {
        self.rows.iter().map(|row| row.prefix)
    }

    /// What is done for an address: what the longest prefix says that has it.
    #[inline]
    pub(crate) fn role(&self, addr: IpAddr) -> Option<PrefixRole> {
        if !ROUTER {
            return None;
        }
        let fitting = self.iter().filter(|prefix| prefix.has(addr));
        let best = fitting.max_by_key(|prefix| prefix.network.prefix_len());
        best.map(|prefix| prefix.role)
    }

    /// Whether packets for an address are taken.
    #[inline]
    pub(crate) fn takes(&self, addr: IpAddr) -> bool {
        matches!(
            self.role(addr),
            Some(PrefixRole::Routed | PrefixRole::OnLink)
        )
    }

    /// Whether neighbors ask in this group for an address of a prefix that is answered for.
    pub(crate) fn solicits(&self, group: Ipv6Addr) -> bool {
        ROUTER && self.iter().any(|prefix| prefix.asked_in(group))
    }

    /// Keep a question about an address until it is time to answer. Returns whether there is room.
    pub(crate) fn keep(&mut self, question: Question) -> bool {
        let target = IpAddr::V6(question.target);
        let fitting = self.rows.iter_mut().filter(|row| row.prefix.has(target));
        let best = fitting.max_by_key(|row| row.prefix.network.prefix_len());
        best.is_some_and(|row| row.waiting.keep(question))
    }

    /// When the next question is to be answered.
    #[inline]
    pub(crate) fn due(&self) -> Deadline {
        let rows = self.rows.iter().map(|row| row.waiting.due());
        rows.fold(Deadline::NEVER, Deadline::min)
    }

    /// Take out a question that is to be answered now.
    pub(crate) fn take_due(&mut self, now: Instant) -> Option<Question> {
        let mut rows = self.rows.iter_mut();
        rows.find_map(|row| row.waiting.take_due(now))
    }
}

#[cfg(test)]
mod tests;

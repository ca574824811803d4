//! Prefixes that the interface answers for (`AnyIP`, proxies), as the program asks for them, and
//! whose questions neighbors get answered.

use core::net::{IpAddr, Ipv6Addr};

use super::Interface;
use super::addresses::{ConfigError, PrefixRole, ServedPrefix};
use crate::addr::{Ip, IpCidr, full, v6};
use crate::socket::SocketSet;

impl Interface<'_> {
    /// Answer for every address of a prefix, or do so in another role than before: see
    /// [`PrefixRole`]. The prefix says nothing of where its hosts are: neither is it on the link,
    /// nor are its addresses the source of what the program does not bind to them.
    ///
    /// # Errors
    /// [`ConfigError::Full`] without room in [`InterfaceStorage::served`].
    ///
    /// [`InterfaceStorage::served`]: super::InterfaceStorage::served
    pub fn serve(&mut self, prefix: ServedPrefix) -> Result<(), ConfigError> {
        self.changed();
        let taken = self.addrs.served.set(ServedPrefix {
            network: prefix.network.network(),
            ..prefix
        });
        taken.then_some(()).ok_or(ConfigError::Full)
    }

    /// Answer for a prefix no more, and end the TCP connections that use its addresses. Returns
    /// whether it was answered for.
    pub fn stop_serving(&mut self, network: IpCidr, sockets: &mut SocketSet<'_>) -> bool {
        self.changed();
        let Some(gone) = self.addrs.served.remove(network.network()) else {
            return false;
        };
        let addrs = &self.addrs;
        sockets
            .tcp
            .abandon_where(|local| gone.has(full(local)) && !addrs.speaks_for(local));
        true
    }

    /// The prefixes that the interface answers for.
    pub fn served(&self) -> impl Iterator<Item = ServedPrefix> {
        self.addrs.served.iter()
    }

    /// Whether neighbors that ask for an address are answered: it is ours, or one that we answer
    /// for.
    pub(super) fn answers_for(&self, addr: Ip, sockets: &SocketSet<'_>) -> bool {
        if self.addrs.owns(addr) {
            return true;
        }
        let everybody = matches!(full(addr), IpAddr::V4(addr) if self.addrs.is_broadcast(addr));
        if everybody || self.addrs.is_tentative(addr) {
            return false;
        }
        match self.addrs.served.role(full(addr)) {
            Some(PrefixRole::OnLink) => true,
            // Whoever is on this link answers for himself (RFC 1027 §2.3).
            Some(PrefixRole::Proxy) if self.forwarding => {
                let elsewhere = |out| self.id.is_some_and(|id| !id.is(out));
                sockets.interfaces.leads(full(addr)).is_some_and(elsewhere)
            }
            _ => false,
        }
    }

    /// The source of an answer about an address: itself, or one of ours if it is another host's.
    pub(super) fn answers_from(&self, target: Ipv6Addr) -> Ip {
        let target = v6(target);
        let own = self.addrs.link_local().map(v6);
        own.filter(|_| !self.addrs.speaks_for(target))
            .unwrap_or(target)
    }
}

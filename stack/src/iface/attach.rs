//! An interface among others that share a socket set: it attaches, shows its addresses and routes
//! in the set's table whenever they or the link change.

use core::net::IpAddr;

use litz_hal::{Device, LinkState};

use super::Interface;
use super::addresses::PrefixRole;
use super::counters::DropReason;
use crate::addr::{Ip, full, full_net};
use crate::parts::{IPV6, ROUTER};
use crate::socket::{AttachError, InterfaceId, PathKind, SocketSet};

impl Interface<'_> {
    /// Share a socket set with other interfaces. From now on the set's sockets send by the one that
    /// leads to their destination; an interface that is not attached sends for none of them, unless
    /// none is. The new one takes part from its next poll.
    ///
    /// # Errors
    /// See [`AttachError`].
    pub fn attach(&mut self, sockets: &mut SocketSet<'_>) -> Result<InterfaceId, AttachError> {
        if self.id.is_some_and(|id| sockets.interfaces.contains(id)) {
            return Err(AttachError::Attached);
        }
        let id = sockets.attach()?;
        self.id = Some(id);
        Ok(id)
    }

    /// Leave the others, and end the TCP connections that use this interface's addresses, unless
    /// another one has them too. Returns whether it was attached.
    pub fn detach(&mut self, sockets: &mut SocketSet<'_>) -> bool {
        let Some(id) = self.id.take() else {
            return false;
        };
        let known = sockets.forget_interface(id);
        if known {
            let SocketSet {
                tcp, interfaces, ..
            } = sockets;
            tcp.abandon_where(|local| {
                self.addrs.speaks_for(local) && !interfaces.speaks_for(full(local))
            });
        }
        known
    }

    /// The name that the interface has in the set it is attached to.
    #[must_use]
    pub const fn id(&self) -> Option<InterfaceId> {
        self.id
    }

    /// Addresses or routes have changed: what was derived from them is not to be used again.
    pub(super) fn changed(&mut self) {
        self.forget_route();
        self.state.note(|state| *state = state.wrapping_add(1));
    }

    /// At the begin of a poll: take part in the set as things stand now.
    #[inline]
    pub(super) fn join<D: Device>(&mut self, device: &D, sockets: &mut SocketSet<'_>) {
        if !ROUTER {
            return;
        }
        let Some(id) = self.id else {
            self.serves = sockets.interfaces.is_open();
            return;
        };
        let state = self.shown_state();
        self.serves = sockets.interfaces.contains(id);
        let up = device.link_state() == LinkState::Up;
        let now = (up, device.capabilities().ip_mtu);
        if self.serves && !sockets.interfaces.shows(id, state, now) {
            self.show(id, now, sockets);
        }
        sockets.gather(id);
    }

    /// Which state of the addresses and routes this is.
    fn shown_state(&self) -> u32 {
        self.state.get().copied().unwrap_or(0)
    }

    fn show(&mut self, id: InterfaceId, now: (bool, usize), sockets: &mut SocketSet<'_>) {
        self.forget_route();
        let addresses = self
            .addrs
            .iter()
            .map(|net| PathKind::Address(full_net(net)));
        let routes = self.addrs.routes();
        let routes = routes.map(|(network, metric)| PathKind::Route(network, metric));
        let served = self.addrs.served.iter();
        let served = served.filter(|prefix| prefix.role != PrefixRole::Proxy);
        let rows = addresses.chain(routes).chain(served.map(PathKind::Served));
        let complete = sockets.interfaces.show(id, self.shown_state(), now, rows);
        if !complete {
            self.counters.drop(DropReason::RouteTableFull);
        }
    }

    /// The zone of an address: this interface if it is of one link alone.
    pub(super) const fn zone_of(&self, addr: Ip) -> u8 {
        match (full(addr), self.id) {
            (IpAddr::V6(addr), Some(id)) if IPV6 && addr.is_unicast_link_local() => id.zone(),
            _ => 0,
        }
    }
}

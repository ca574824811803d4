//! An interface among others that share a socket set: it attaches, shows its addresses and routes
//! in the set's table whenever they or the link change, and finds there whose turn it is to send.

use core::net::IpAddr;

use litz_hal::{Device, LinkState};

use super::Interface;
use super::addresses::PrefixRole;
use super::counters::DropReason;
use crate::parts::ROUTER;
use crate::socket::{AttachError, Egress, InterfaceId, PathKind, SocketSet, TcpCandidate, Way};

/// The smallest segment that is taken from a connection without a way out (RFC 9293 §3.7.1).
const MIN_MSS: usize = 536;

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
                self.addrs.speaks_for(local) && !interfaces.speaks_for(local)
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
    pub(super) const fn changed(&mut self) {
        self.route = None;
        self.state = self.state.wrapping_add(1);
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
        self.serves = sockets.interfaces.contains(id);
        let up = device.link_state() == LinkState::Up;
        let now = (up, device.capabilities().ip_mtu);
        if self.serves && !sockets.interfaces.shows(id, self.state, now) {
            self.show(id, now, sockets);
        }
        sockets.gather(id);
    }

    fn show(&mut self, id: InterfaceId, now: (bool, usize), sockets: &mut SocketSet<'_>) {
        self.route = None;
        let addresses = self.addrs.iter().map(PathKind::Address);
        let routes = self.addrs.routes();
        let routes = routes.map(|(network, metric)| PathKind::Route(network, metric));
        let served = self.addrs.served.iter();
        let served = served.filter(|prefix| prefix.role != PrefixRole::Proxy);
        let rows = addresses.chain(routes).chain(served.map(PathKind::Served));
        let complete = sockets.interfaces.show(id, self.state, now, rows);
        if !complete {
            self.counters.drop(DropReason::RouteTableFull);
        }
    }

    /// Hand what is ready at the head of the sockets' lists to the interface that it goes by, until
    /// what stands there goes by this one. Each turn takes something off a list.
    #[inline(never)]
    pub(super) fn sort_out(&mut self, sockets: &mut SocketSet<'_>) {
        while let Some(candidate) = sockets.tcp.next_ready() {
            let way = tcp_way(&candidate, sockets);
            match sockets.interfaces.egress(self.id, &way) {
                Egress::Mine => break,
                Egress::Nowhere => self.lose_segment(sockets, &candidate),
                Egress::Other(index) => {
                    if let Some(waiting) = sockets.interfaces.waiting_mut(index) {
                        sockets.tcp.hand_over(&mut waiting.tcp);
                    }
                }
            }
        }
        self.sort_out_datagrams(sockets);
        self.sort_out_raw(sockets);
        while let Some(node) = sockets.icmp.next_ready() {
            let Some((slot, meta)) = sockets.icmp.first_packet(node) else {
                break;
            };
            let way = Way {
                dst: meta.remote,
                src: None,
                bound: slot.interface,
                zone: 0,
            };
            match sockets.interfaces.egress(self.id, &way) {
                Egress::Mine => break,
                Egress::Nowhere => {
                    self.counters.drop(DropReason::NoRoute);
                    sockets.icmp.lose_first(node);
                }
                Egress::Other(index) => {
                    if let Some(waiting) = sockets.interfaces.waiting_mut(index) {
                        sockets.icmp.hand_over(&mut waiting.icmp);
                    }
                }
            }
        }
    }

    fn sort_out_datagrams(&mut self, sockets: &mut SocketSet<'_>) {
        while let Some(node) = sockets.udp.next_ready() {
            let Some((slot, meta)) = sockets.udp.first_packet(node) else {
                break;
            };
            let bound = slot.binding().and_then(|binding| binding.addr);
            let way = Way {
                dst: meta.remote.addr,
                src: bound.or(meta.local_addr),
                bound: slot.interface.or(meta.way_out()),
                zone: 0,
            };
            match sockets.interfaces.egress(self.id, &way) {
                Egress::Mine => break,
                Egress::Nowhere => {
                    self.counters.drop(DropReason::NoRoute);
                    sockets.udp.lose_first(node);
                }
                Egress::Other(index) => {
                    if let Some(waiting) = sockets.interfaces.waiting_mut(index) {
                        sockets.udp.hand_over(&mut waiting.udp);
                    }
                }
            }
        }
    }

    /// Drop what a connection has for a place that no interface leads to. It counts as sent, and is
    /// sent again when there may be a way.
    fn lose_segment(&mut self, sockets: &mut SocketSet<'_>, candidate: &TcpCandidate) {
        self.counters.drop(DropReason::NoRoute);
        match *candidate {
            TcpCandidate::Opening { node, .. } => sockets.tcp.unroutable(node),
            TcpCandidate::Sending { node, .. } => {
                sockets.tcp.take_segment(node, MIN_MSS, |_, _, _| ());
            }
        }
    }

    /// The zone of an address: this interface if it is of one link alone.
    pub(super) const fn zone_of(&self, addr: IpAddr) -> u8 {
        match (addr, self.id) {
            (IpAddr::V6(addr), Some(id)) if addr.is_unicast_link_local() => id.zone(),
            _ => 0,
        }
    }
}

/// Where a connection's packets go.
fn tcp_way(candidate: &TcpCandidate, sockets: &SocketSet<'_>) -> Way {
    match *candidate {
        TcpCandidate::Opening { node, remote, from } => Way {
            dst: remote.addr,
            src: from,
            bound: sockets.tcp.bound(node),
            zone: 0,
        },
        TcpCandidate::Sending { node, tuple } => Way {
            dst: tuple.remote.addr,
            src: Some(tuple.local.addr),
            bound: sockets.tcp.bound(node),
            zone: tuple.zone,
        },
    }
}

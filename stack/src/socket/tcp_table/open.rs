//! Active open and release: a connection's life as the application begins and ends it.

use core::net::{IpAddr, Ipv4Addr};

use super::super::error::{ConnectError, StaleHandle};
use super::super::tcp::{CloseReason, Fate, Mss, TcpConfig};
use super::accept::initial_seq;
use super::slots::{Owner, TcpSlot, Tuple};
use super::wakers::Interest;
use super::{TcpHandle, TcpTable};
use crate::addr::{Endpoint, Ip, IpPort, is_spoken, is_unicast, kept, kept_end, v4};
use crate::parts::{CONNECT, TCP_CONFIG};
use crate::storage::Demux;

impl<'a> TcpTable<'a> {
    //= RFC 9293: MUST-43
    /// Ask for a connection, `from` one address if it is given. Its SYN goes out when an interface
    /// with a route is polled next.
    pub(crate) fn connect(
        &mut self,
        remote: Endpoint,
        from: Option<IpAddr>,
        config: TcpConfig,
    ) -> Result<TcpHandle, ConnectError> {
        if !CONNECT {
            return Err(ConnectError::NotBuilt);
        }
        if !TCP_CONFIG && config != TcpConfig::DEFAULT {
            return Err(ConnectError::NotBuilt);
        }
        //= RFC 9293: MUST-46
        if remote.port == 0 || !is_unicast(remote.addr) || !is_spoken(&remote.addr) {
            return Err(ConnectError::BadRemote);
        }
        if from.is_some_and(|from| !is_unicast(from) || from.is_ipv4() != remote.addr.is_ipv4()) {
            return Err(ConnectError::BadLocal);
        }
        let node = self.take_free().ok_or(ConnectError::NoFreeSlot)?;
        let slot = self
            .slots
            .connection_mut(node)
            .ok_or(ConnectError::NoFreeSlot)?;
        slot.owner = Owner::Application;
        slot.set_connecting(true);
        slot.tcb.prepare(&config);
        slot.traffic = config.traffic();
        slot.tuple.remote = kept_end(remote);
        slot.tuple.local = IpPort {
            addr: from.map_or(v4(Ipv4Addr::UNSPECIFIED), kept),
            port: 0,
        };
        let handle = TcpHandle {
            node,
            generation: slot.generation,
        };
        self.ready.push(&mut self.slots, node);
        Ok(handle)
    }

    //= RFC 9293: MUST-44, MUST-45
    /// Begin a connection that was asked for, now that its local address is known, and the zone of
    /// that.
    pub(crate) fn open(&mut self, node: u32, local: Ip, zone: u8, our_mss: Mss) {
        let Some(slot) = self.slots.connection_mut(node) else {
            return;
        };
        if !slot.take_connecting() {
            return;
        }
        let remote = slot.tuple.remote;
        let Some(port) = self.ephemeral_port(local, remote, zone) else {
            return self.fail(node, CloseReason::NoPort);
        };
        let tuple = Tuple {
            local: IpPort { addr: local, port },
            remote,
            zone,
        };
        let iss = initial_seq(&self.secret, &tuple, self.now);
        let hash = tuple.hash(&self.secret);
        if let Some(slot) = self.slots.connection_mut(node) {
            slot.tuple = tuple;
            slot.tcb.open(self.now, iss, our_mss);
        }
        Demux::insert(&mut self.slots, node, hash);
        self.sync(node);
    }

    /// End a connection without the protocol's doing.
    pub(crate) fn fail(&mut self, node: u32, reason: CloseReason) {
        let Some(slot) = self.slots.connection_mut(node) else {
            return;
        };
        slot.set_connecting(false);
        let fate = Fate::of(slot.tcb.state());
        slot.tcb.reset_to_closed();
        self.counters.note(|all| all.ended(fate));
        slot.failure = Some(reason);
        self.sync(node);
    }

    /// Whether a handle still names a connection.
    pub(crate) fn check(&self, handle: TcpHandle) -> Result<(), StaleHandle> {
        self.slot(handle).map(|_| ())
    }

    pub(super) fn slot(&self, handle: TcpHandle) -> Result<&TcpSlot<'a>, StaleHandle> {
        self.slots
            .connection(handle.node)
            .filter(|slot| slot.generation == handle.generation && slot.owner == Owner::Application)
            .ok_or(StaleHandle)
    }

    pub(super) fn slot_mut(&mut self, handle: TcpHandle) -> Result<&mut TcpSlot<'a>, StaleHandle> {
        self.slot(handle)?;
        self.slots.connection_mut(handle.node).ok_or(StaleHandle)
    }

    /// Do to a connection what the application asks, and see what follows from it.
    pub(super) fn with<R>(
        &mut self,
        handle: TcpHandle,
        act: impl FnOnce(&mut TcpSlot<'a>) -> R,
    ) -> Result<R, StaleHandle> {
        let result = act(self.slot_mut(handle)?);
        self.sync(handle.node);
        Ok(result)
    }

    /// Who waits for a connection that is let go of finds that out.
    fn wake_all(&mut self, handle: TcpHandle) -> Result<(), StaleHandle> {
        self.check(handle)?;
        if let Some(slot) = self.slots.connection_mut(handle.node) {
            self.wakers.wake(&mut slot.sleepers, Interest::ALL);
        }
        Ok(())
    }

    /// The application is done with a connection: close it if nothing is unread, else reset it
    /// (RFC 2525 §2.17), and let the slot go when the protocol is done.
    pub(crate) fn release(&mut self, handle: TcpHandle) -> Result<(), StaleHandle> {
        self.wake_all(handle)?;
        let slot = self.slot_mut(handle)?;
        slot.owner = Owner::Orphan;
        if slot.take_connecting() {
            self.free_connection(handle.node);
            return Ok(());
        }
        //= RFC 9293: SHLD-3, MAY-1
        if slot.tcb.recv_queue() > 0 && !slot.tcb.is_time_wait() {
            slot.tcb.abort();
        } else {
            slot.tcb.close_and_forget();
        }
        self.sync(handle.node);
        Ok(())
    }
}

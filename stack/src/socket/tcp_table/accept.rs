//! Listeners: their backlog of half-open connections, the queue of finished ones, and accepting.
//!
//! A listener's backlog bounds both together. A SYN beyond it is dropped, not refused, so that the
//! peer tries again; so is the last step of a handshake for which no connection slot is free.

use litz_hal::time::Instant;
use litz_wire::SeqNumber;

use super::super::error::{ListenError, StaleHandle};
use super::super::tcp::{HalfOpen, HalfOpenVerdict, Mss, Segment, TcpConfig, isn};
use super::input::TcpReply;
use super::slots::{Embryo, Listening, Owner, Tuple, embryo_due};
use super::{TcpHandle, TcpTable};
use crate::addr::{Endpoint, ListenEndpoint};
use crate::storage::{Demux, List, NIL};

/// Names a TCP listener of a [`SocketSet`](crate::SocketSet).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ListenerHandle {
    node: u32,
    generation: u32,
}

impl TcpTable<'_> {
    pub(crate) fn listen(
        &mut self,
        endpoint: ListenEndpoint,
        backlog: usize,
        config: TcpConfig,
    ) -> Result<ListenerHandle, ListenError> {
        if endpoint.port == 0 {
            return Err(ListenError::PortZero);
        }
        if backlog == 0 {
            return Err(ListenError::NoBacklog);
        }
        if self
            .listener_at(endpoint.port, |bound| bound == endpoint)
            .is_some()
        {
            return Err(ListenError::InUse);
        }
        let node = self
            .listeners
            .0
            .iter()
            .position(|slot| slot.listening.is_none());
        let node = node
            .and_then(|node| u32::try_from(node).ok())
            .ok_or(ListenError::NoFreeSlot)?;
        let slot = self
            .listeners
            .0
            .get_mut(node as usize)
            .ok_or(ListenError::NoFreeSlot)?;
        let config = TcpConfig {
            receive_window: self.smallest_rx,
            ..config
        };
        slot.listening = Some(Listening {
            endpoint,
            config,
            backlog,
            pending: 0,
            queue: List::EMPTY,
        });
        let handle = ListenerHandle {
            node,
            generation: slot.generation,
        };
        Demux::insert(&mut self.listeners, node, port_hash(endpoint.port));
        Ok(handle)
    }

    /// The oldest connection that waits to be accepted.
    pub(crate) fn accept(
        &mut self,
        handle: ListenerHandle,
    ) -> Result<Option<(TcpHandle, Endpoint)>, StaleHandle> {
        let Self {
            listeners, slots, ..
        } = self;
        let listening = listeners
            .0
            .get_mut(handle.node as usize)
            .filter(|slot| slot.generation == handle.generation)
            .and_then(|slot| slot.listening.as_mut())
            .ok_or(StaleHandle)?;
        let Some(node) = listening.queue.pop(slots) else {
            return Ok(None);
        };
        listening.pending = listening.pending.saturating_sub(1);
        let slot = slots.connection_mut(node).ok_or(StaleHandle)?;
        slot.owner = Owner::Application;
        let handle = TcpHandle {
            node,
            generation: slot.generation,
        };
        Ok(Some((handle, slot.tuple.remote)))
    }

    /// Stop listening; connections that nobody accepted are reset, half-open ones forgotten.
    pub(crate) fn unlisten(&mut self, handle: ListenerHandle) -> Result<(), StaleHandle> {
        while let Some((connection, _)) = self.accept(handle)? {
            if let Some(slot) = self.slots.connection_mut(connection.node) {
                slot.owner = Owner::Orphan;
                slot.tcb.abort();
            }
            self.sync(connection.node);
        }
        for node in 0..self.slots.half_open.len() {
            let node = u32::try_from(node).unwrap_or(NIL);
            if self
                .slots
                .embryo_mut(node)
                .is_some_and(|embryo| embryo.listener == handle)
            {
                self.free_embryo(node);
            }
        }
        Demux::remove(&mut self.listeners, handle.node);
        let slot = self
            .listeners
            .0
            .get_mut(handle.node as usize)
            .ok_or(StaleHandle)?;
        slot.listening = None;
        slot.generation = slot.generation.wrapping_add(1);
        Ok(())
    }

    /// A SYN for which there is no connection.
    pub(super) fn passive_open(
        &mut self,
        tuple: Tuple,
        hash: u32,
        segment: &Segment<'_>,
        our_mss: Mss,
    ) -> Option<TcpReply> {
        let node = self.listener_for(tuple.local)?;
        let slot = self.listeners.0.get_mut(node as usize)?;
        let handle = ListenerHandle {
            node,
            generation: slot.generation,
        };
        let listening = slot.listening.as_mut()?;
        if listening.pending >= listening.backlog {
            self.counters.listen_overflows = self.counters.listen_overflows.wrapping_add(1);
            return Some(TcpReply::None);
        }
        let Some(free) = self.free_half.pop(&mut self.slots) else {
            self.counters.listen_overflows = self.counters.listen_overflows.wrapping_add(1);
            return Some(TcpReply::None);
        };
        listening.pending = listening.pending.saturating_add(1);
        let iss = initial_seq(&self.secret, &tuple, self.now);
        let half = HalfOpen::from_syn(segment, iss, self.now, &listening.config, our_mss);
        let embryo = Embryo {
            tuple,
            listener: handle,
            half,
            send: false,
        };
        if let Some(slot) = self.slots.half_open.get_mut(free as usize) {
            slot.state = Some(embryo);
        }
        Demux::insert(&mut self.slots, free, hash);
        self.timers.set(&mut self.slots, free, embryo_due(&embryo));
        Some(TcpReply::Segment(half.syn_ack()))
    }

    /// A segment for a half-open connection.
    pub(super) fn half_open_input(
        &mut self,
        node: u32,
        hash: u32,
        segment: &Segment<'_>,
    ) -> TcpReply {
        let now = self.now;
        let Some(embryo) = self.slots.embryo_mut(node) else {
            return TcpReply::None;
        };
        let verdict = embryo.half.on_segment(segment, now);
        let (embryo, due) = (*embryo, embryo_due(embryo));
        self.timers.set(&mut self.slots, node, due);
        match verdict {
            HalfOpenVerdict::Drop => TcpReply::None,
            HalfOpenVerdict::SynAck => TcpReply::Segment(embryo.half.syn_ack()),
            HalfOpenVerdict::Reply(reply) => TcpReply::Segment(reply),
            HalfOpenVerdict::Refused => {
                self.free_embryo(node);
                TcpReply::None
            }
            HalfOpenVerdict::Complete => self.finish_handshake(node, hash, &embryo, segment),
        }
    }

    /// Make a connection of a half-open one and give it the segment that completed it.
    fn finish_handshake(
        &mut self,
        node: u32,
        hash: u32,
        embryo: &Embryo,
        segment: &Segment<'_>,
    ) -> TcpReply {
        let Some(connection) = self.take_free() else {
            self.counters.listen_overflows = self.counters.listen_overflows.wrapping_add(1);
            return TcpReply::None;
        };
        self.forget_embryo(node);
        let Self {
            listeners, slots, ..
        } = self;
        let (Some(listening), Some(slot)) = (
            listeners
                .0
                .get_mut(embryo.listener.node as usize)
                .and_then(|slot| slot.listening.as_mut()),
            slots.connection_mut(connection),
        ) else {
            return TcpReply::None;
        };
        slot.owner = Owner::Listener(embryo.listener);
        self.counters.passive_opens = self.counters.passive_opens.wrapping_add(1);
        slot.tuple = embryo.tuple;
        slot.tcb
            .establish(self.now, &embryo.half, &listening.config);
        listening.queue.push(slots, connection);
        Demux::insert(&mut self.slots, connection, hash);
        self.connection_input(connection, segment)
    }

    /// Retransmit the SYN-ACK of a half-open connection, or give it up.
    pub(super) fn half_open_timer(&mut self, node: u32, now: Instant) {
        let Some(embryo) = self.slots.embryo_mut(node) else {
            self.timers.set(&mut self.slots, node, None);
            return;
        };
        if embryo.half.on_timer(now) {
            embryo.send = true;
            let due = embryo_due(embryo);
            self.timers.set(&mut self.slots, node, due);
            self.ready.push(&mut self.slots, node);
        } else {
            self.counters.handshake_timeouts = self.counters.handshake_timeouts.wrapping_add(1);
            self.free_embryo(node);
        }
    }

    /// Forget a half-open connection that came to nothing.
    pub(super) fn free_embryo(&mut self, node: u32) {
        if let Some(listener) = self.slots.embryo_mut(node).map(|embryo| embryo.listener)
            && let Some(slot) = self.listeners.0.get_mut(listener.node as usize)
            && slot.generation == listener.generation
            && let Some(listening) = slot.listening.as_mut()
        {
            listening.pending = listening.pending.saturating_sub(1);
        }
        self.forget_embryo(node);
    }

    fn forget_embryo(&mut self, node: u32) {
        Demux::remove(&mut self.slots, node);
        self.timers.set(&mut self.slots, node, None);
        if let Some(slot) = self.slots.half_open.get_mut(node as usize) {
            slot.state = None;
        }
        self.free_half.push(&mut self.slots, node);
    }

    /// The listener for a local endpoint: on that address rather than on all.
    pub(super) fn listener_for(&self, local: Endpoint) -> Option<u32> {
        self.listener_at(local.port, |bound| bound.addr == Some(local.addr))
            .or_else(|| self.listener_at(local.port, |bound| bound.addr.is_none()))
    }

    fn listener_at(&self, port: u16, fits: impl Fn(ListenEndpoint) -> bool) -> Option<u32> {
        let mut node = Demux::first(&self.listeners, port_hash(port));
        while let Some(slot) = self.listeners.0.get(node as usize) {
            if let Some(listening) = &slot.listening
                && listening.endpoint.port == port
                && fits(listening.endpoint)
            {
                return Some(node);
            }
            node = Demux::next(&self.listeners, node);
        }
        None
    }
}

/// The initial sequence number of a connection (RFC 6528).
pub(super) fn initial_seq(secret: &[u8; 16], tuple: &Tuple, now: Instant) -> SeqNumber {
    let (octets, len) = tuple.octets();
    isn::initial_sequence_number(secret, octets.get(..len).unwrap_or(&octets), now)
}

/// Ports that are listened on are chosen by the application: spreading needs no secret.
const fn port_hash(port: u16) -> u32 {
    (port as u32).wrapping_mul(0x9e37_79b1)
}

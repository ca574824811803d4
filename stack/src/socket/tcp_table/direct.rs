//! Listeners without a backlog of half-open connections (the part `backlog`): a SYN takes the slot
//! of a connection, which goes through SYN-RECEIVED itself (RFC 9293 §3.10.7.2) and waits there to
//! be accepted. A reset, or a peer that does not answer, frees the slot: that is the return to
//! LISTEN.

use super::super::error::StaleHandle;
use super::super::tcp::{Mss, Segment, SeqNumber, TcpCounters, count};
use super::accept::ListenerHandle;
use super::input::TcpReply;
use super::slots::{Owner, Tuple, bucket_half};
use super::wakers::Interest;
use super::{TcpHandle, TcpTable};
use crate::addr::{Endpoint, full_end};
use crate::parts::{BACKLOG, SCALE, WAKERS};
use crate::storage::Demux;

impl TcpTable<'_> {
    /// Begin the connection that a SYN for a listener asks for, if there is a slot and the listener
    /// has fewer than it may. Else the SYN is dropped, so that the peer tries again.
    pub(super) fn open_at_once(
        &mut self,
        listener: ListenerHandle,
        (tuple, key): (&Tuple, u64),
        segment: &Segment<'_>,
        our_mss: Mss,
        used: Option<SeqNumber>,
    ) -> Option<TcpReply> {
        let iss = self.sequence_for(tuple, used);
        let slot = self.listeners.0.get(listener.node())?;
        let most = slot.listening.as_ref()?.backlog;
        let owner = Owner::Listener(listener);
        // A slot that is taken is used: nobody else would give it back.
        let free = if SCALE {
            let all = self.slots.connections.iter();
            let has = all.filter(|slot| slot.owner == owner).count();
            if has < most { self.take_free() } else { None }
        } else {
            self.slots.free_for(owner, most)
        };
        let Self {
            listeners,
            slots,
            counters,
            ..
        } = self;
        let listening = listeners.0.get(listener.node())?.listening.as_ref()?;
        let Some((node, slot)) = free.and_then(|node| Some((node, slots.connection_mut(node)?)))
        else {
            counters.note(|all| count(&mut all.listen_overflows));
            return Some(TcpReply::None);
        };
        slot.owner = owner;
        slot.tuple = *tuple;
        slot.traffic = listening.config().traffic();
        slot.tcb
            .answer_syn(self.now, iss, segment, listening.config(), our_mss);
        counters.note(|all| all.passively_opened());
        let syn_ack = slot
            .tcb
            .send_syn(self.now, counters.or(&mut TcpCounters::default()));
        Demux::insert(slots, node, bucket_half(key));
        self.sync(node);
        Some(TcpReply::Segment(syn_ack))
    }

    /// A connection of a listener that waits to be accepted.
    pub(super) fn accept_direct(
        &mut self,
        listener: ListenerHandle,
    ) -> Option<(TcpHandle, Endpoint)> {
        let node = self.arrived(listener)?;
        let slot = self.slots.connection_mut(node)?;
        slot.owner = Owner::Application;
        let handle = TcpHandle {
            node,
            generation: slot.generation,
        };
        Some((handle, full_end(slot.tuple.remote)))
    }

    fn arrived(&self, listener: ListenerHandle) -> Option<u32> {
        let owner = Owner::Listener(listener);
        let arrived = |&node: &u32| {
            let slot = self.slots.connection(node);
            slot.is_some_and(|slot| slot.owner == owner && slot.tcb.state().is_synchronized())
        };
        (0..self.slots.node_count()).find(arrived)
    }

    /// Whether connections of a listener wait to be accepted.
    pub(super) fn has_arrivals(&mut self, listener: ListenerHandle) -> bool {
        if BACKLOG {
            let slot = self.listeners.0.get_mut(listener.node());
            let listening = slot.and_then(|slot| slot.of(listener));
            listening.is_some_and(|listening| !listening.queue.is_empty())
        } else {
            self.arrived(listener).is_some()
        }
    }

    /// Reset what a listener has that nobody accepted.
    pub(super) fn abandon_arrivals(&mut self, listener: ListenerHandle) -> Result<(), StaleHandle> {
        while !BACKLOG && let Some(node) = self.slots.owned_by(Owner::Listener(listener)) {
            let slot = self.slots.connection_mut(node).ok_or(StaleHandle)?;
            slot.owner = Owner::Orphan;
            slot.tcb.abort();
            self.sync(node);
        }
        Ok(())
    }

    /// Who waits for a listener is told of a connection that is open now.
    #[inline]
    pub(super) fn tell_listener(&mut self, node: u32) {
        if BACKLOG || !WAKERS {
            return;
        }
        if let Some(slot) = self.slots.connection(node)
            && let Owner::Listener(listener) = slot.owner
            && slot.tcb.state().is_synchronized()
            && let Some(slot) = self.listeners.0.get_mut(listener.node())
            && let Some(listening) = slot.of(listener)
        {
            self.wakers
                .wake(&mut listening.sleepers, Interest::READABLE);
        }
    }
}

//! Which connection may send next, and taking its segment. The interface asks, with a transmit
//! token in hand: what is taken here is sent.

use super::super::interfaces::InterfaceId;
use super::super::tcp::{
    CloseReason, Outgoing, REFUSED, SEND, SackBlocks, State, TcpCounters, Traffic,
};
use super::slots::{TcpSlot, Tuple};
use super::{READY, TcpTable};
use crate::addr::Ip;
use crate::parts::{BACKLOG, Kept, NUD, SCALE, TCP};
use crate::storage::{LISTED, List, in_turn};

/// Segments that a connection sends in a row before it is another's turn. Where there are few
/// connections they take turns.
const MAX_BURST: u32 = if SCALE { 16 } else { 1 };

/// A connection that has something to send.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TcpCandidate {
    pub(crate) node: u32,
    /// It needs a local address first.
    pub(crate) opening: bool,
}

impl TcpTable<'_> {
    /// The connection whose turn it is to send, left at the head of the list. It may turn out to
    /// have nothing after all.
    #[inline]
    pub(crate) fn next_ready(&mut self) -> Option<TcpCandidate> {
        if !LISTED {
            return self.look_for_ready();
        }
        if !BACKLOG {
            // A connection in the list is there.
            let node = self.ready.first()?;
            let slot = self.slots.connection(node);
            let opening = slot.is_some_and(TcpSlot::is_connecting);
            return Some(TcpCandidate { node, opening });
        }
        while let Some(node) = self.ready.first() {
            if let Some(candidate) = self.candidate(node) {
                return Some(candidate);
            }
            self.ready.pop(&mut self.slots);
        }
        None
    }

    /// The first of few connections, in turn, that has something to send.
    #[inline(never)]
    fn look_for_ready(&self) -> Option<TcpCandidate> {
        in_turn(self.slots.node_count(), self.turn.get()).find_map(|node| {
            let slot = self.slots.connection(node)?;
            let opening = slot.is_connecting();
            let wants = opening || slot.tcb.wants_transmit(self.now);
            wants.then_some(TcpCandidate { node, opening })
        })
    }

    #[inline]
    fn candidate(&mut self, node: u32) -> Option<TcpCandidate> {
        if self.slots.is_half_open(node) {
            let embryo = self.slots.embryo_mut(node)?;
            let opening = false;
            let sends = embryo.half.is(SEND | REFUSED);
            return sends.then_some(TcpCandidate { node, opening });
        }
        let slot = self.slots.connection(node)?;
        let opening = slot.is_connecting();
        Some(TcpCandidate { node, opening })
    }

    /// The tuple of what may send, of which one that is opening knows the remote end and, if the
    /// application wants to use one, the local address.
    #[inline]
    pub(crate) fn tuple(&self, node: u32) -> Option<Tuple> {
        match self.slots.half_open.get(node as usize) {
            Some(slot) if BACKLOG => Some(slot.embryo.tuple()),
            _ => self.slots.connection(node).map(|slot| slot.tuple),
        }
    }

    /// Take the next segment of the connection at the head of the list, of at most so many octets
    /// of payload as the path takes, or the link if that is to be tried. When it has no more, or
    /// has had its share, the next one is at the head. `None` if it had nothing.
    #[inline]
    pub(crate) fn take_segment<R>(
        &mut self,
        node: u32,
        limits: (usize, usize),
        emit: impl FnOnce(&Tuple, Traffic, &Outgoing<'_>) -> R,
    ) -> Option<R> {
        if self.slots.is_half_open(node) {
            self.ready.pop(&mut self.slots);
            let (tuple, traffic, segment) = self.take_embryo_segment(node)?;
            return Some(emit(&tuple, traffic, &segment));
        }
        let slot = self.slots.connection_mut(node)?;
        let mut blocks = SackBlocks::default();
        let segment = slot.tcb.next_within(
            self.now,
            limits,
            &mut blocks,
            self.counters.or(&mut TcpCounters::default()),
        );
        let result = match &segment {
            Some(segment) => Some(emit(&slot.tuple, slot.traffic, segment)),
            None => None,
        };
        self.troubled = NUD && result.is_some() && slot.tcb.is_troubled();
        let burst = self.burst().wrapping_add(1);
        self.burst = Kept::of(burst);
        if result.is_none() || burst >= MAX_BURST {
            self.turn.set(node);
            self.next_turn();
        }
        result
    }

    /// Segments that the connection at the head of the list has sent in a row.
    fn burst(&self) -> u32 {
        self.burst.get().copied().unwrap_or(0)
    }

    /// The connection at the head of the list has sent for now: bring its bookkeeping up to date
    /// and put it behind the others if it has more.
    pub(crate) fn end_burst(&mut self) {
        if self.burst() > 0 {
            self.next_turn();
        }
    }

    fn next_turn(&mut self) {
        self.burst = Kept::default();
        let node = match LISTED {
            true => self.ready.pop(&mut self.slots),
            false => Some(self.turn.get()),
        };
        if let Some(node) = node {
            self.sync(node);
        }
    }

    /// What IP is told of the answer to the last segment.
    pub(crate) const fn reply_traffic(&self) -> Traffic {
        self.reply_traffic
    }

    /// The only interface that a connection may use, if the application says so.
    pub(crate) fn bound(&self, node: u32) -> Option<InterfaceId> {
        self.slots.connection(node)?.interface
    }

    /// Move the connection at the head of the list to a list of those that wait for another
    /// interface; one that has sent goes behind the others first.
    pub(crate) fn hand_over(&mut self, to: &mut List<READY>) {
        if self.burst() > 0 {
            self.end_burst();
        } else if let Some(node) = self.ready.pop(&mut self.slots) {
            to.push(&mut self.slots, node);
        }
    }

    /// Take such a list back.
    pub(crate) fn take_back(&mut self, list: List<READY>) {
        self.ready.append(&mut self.slots, list);
    }

    /// No interface can reach the destination of the first ready connection.
    pub(crate) fn unroutable(&mut self, node: u32) {
        self.ready.pop(&mut self.slots);
        if self
            .slots
            .connection(node)
            .is_some_and(|slot| slot.is_connecting())
        {
            self.fail(node, CloseReason::Unreachable);
        }
    }

    /// Whether any connection has something to send.
    pub(crate) fn has_ready(&self) -> bool {
        match LISTED {
            true => !self.ready.is_empty(),
            false => self.look_for_ready().is_some(),
        }
    }

    /// Connections in ESTABLISHED or CLOSE-WAIT.
    pub(crate) fn established(&self) -> u32 {
        let is = |node: &u32| {
            let slot = self.slots.connection(*node);
            let state = slot.map(|slot| slot.tcb.state());
            matches!(state, Some(State::Established | State::CloseWait))
        };
        let count = (0..self.slots.node_count()).filter(is).count();
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// End every connection that uses a local address which an interface no longer has.
    pub(crate) fn abandon(&mut self, local: Ip) {
        self.abandon_where(|addr| addr == local);
    }

    /// End what uses any of some local addresses.
    pub(crate) fn abandon_where(&mut self, gone: impl Fn(Ip) -> bool) {
        if !TCP {
            return;
        }
        for node in 0..self.slots.node_count() {
            let uses = self
                .slots
                .connection(node)
                .is_some_and(|slot| gone(slot.tuple.local.addr) && !slot.tcb.is_closed());
            if uses {
                self.fail(node, CloseReason::Unreachable);
            }
            let begins = self.slots.embryo_mut(node);
            if begins.is_some_and(|embryo| gone(embryo.tuple().local.addr)) {
                self.drop_embryo(node);
            }
        }
    }
}

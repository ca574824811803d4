//! Every TCP connection of a host: the slots of connections, half-open connections and listeners,
//! the demultiplexer that finds one by its 4-tuple, their timers, and the list of those that have
//! something to send. No operation is linear in the number of connections.
//!
//! The protocol itself is in [`super::tcp`]; this knows addresses and ports, and which slot is
//! whose.

mod accept;
mod challenges;
mod direct;
mod egress;
mod input;
mod open;
mod ports;
mod slots;
mod time_wait;
mod view;
mod wakers;

pub use accept::{ListenerHandle, TcpDecision, TcpPending};
pub(crate) use egress::TcpCandidate;
pub(crate) use input::TcpReply;
pub(crate) use slots::Tuple;
pub use slots::{HalfOpenSlot, ListenerSlot, TcpHandle, TcpSlot};
pub use time_wait::TimeWaitSlot;
pub use view::{Readiness, TcpSocket};
pub use wakers::{Interest, NoWakerSlot, WakerSlot};

use core::task::Waker;

use litz_hal::time::{Deadline, Instant};

use self::challenges::Challenges;
use self::slots::{Listeners, Owner, Slots};
use self::time_wait::TimeWaits;
use self::wakers::Wakers;
use super::tcp::{SynCookies, TcpConfig, TcpCounters, Traffic, count, deadline};
use crate::parts::{
    BACKLOG, CONNECT, COOKIES, COUNTERS, Counted, ERRORS, Kept, NUD, SCALE, TCP, TCP_CONFIG,
    TIME_WAIT,
};
use crate::storage::{Demux, LISTED, List, NodeOf, Room, Storage, TimerHeap};

/// List of nodes that have something to send.
const READY: usize = 0;
/// List of free slots, or of a listener's connections that wait to be accepted.
const QUEUE: usize = 1;

/// Whether deadlines are kept beside the connections; else these are asked one by one. Half-open
/// ones do not know theirs.
const HEAP: bool = SCALE || BACKLOG;

/// The TCP connections of one host.
pub(crate) struct TcpTable<'a> {
    slots: Slots<'a>,
    listeners: Listeners<'a>,
    timers: TimerHeap,
    ready: List<READY>,
    free: Kept<List<QUEUE>, { SCALE as usize }>,
    free_half: Kept<List<QUEUE>, { BACKLOG as usize }>,
    time_waits: TimeWaits<'a>,
    wakers: Wakers<'a>,
    challenges: Kept<Challenges, { SCALE as usize }>,
    cookies: SynCookies,
    /// Until when acknowledgments of cookies are looked for.
    cookies_until: Kept<Instant, { COOKIES as usize }>,
    secret: [u8; 16],
    /// Counter of RFC 6056 §3.3.3.
    next_ephemeral: Kept<u16, { CONNECT as usize }>,
    /// The connection that has sent last, where they are looked through in turn.
    turn: NodeOf<{ (TCP && !LISTED) as usize }>,
    /// Segments that the connection at the head of the list has sent in a row.
    burst: Kept<u32, { SCALE as usize }>,
    /// The connection that the last segment was for.
    last: NodeOf<{ SCALE as usize }>,
    /// The connection whose bookkeeping is behind what it has received.
    behind: NodeOf<{ SCALE as usize }>,
    /// When the table was last told the time.
    now: Instant,
    /// Octets of the smallest receive buffer: what a SYN-ACK may promise, as a connection gets its
    /// buffers only when the handshake is done.
    smallest_rx: Kept<u32, { BACKLOG as usize }>,
    /// Whether a segment has acknowledged data since this was last asked.
    progressed: bool,
    /// Whether the connection that sent last has had no answer for long.
    troubled: bool,
    /// Payload that the last segment showed to arrive in one segment; 0 if it showed nothing.
    found: Kept<u16, { ERRORS as usize }>,
    /// What IP is told of the answer to the last segment.
    reply_traffic: Traffic,
    /// What new connections are made with.
    pub(crate) config: Kept<TcpConfig, { TCP_CONFIG as usize }>,
    pub(crate) counters: Counted<TcpCounters>,
}

impl<'a> TcpTable<'a> {
    pub(crate) fn new(
        secret: [u8; 16],
        connections: Storage<'a, TcpSlot<'a>>,
        half_open: Storage<'a, HalfOpenSlot>,
        time_waits: Storage<'a, TimeWaitSlot>,
        listeners: Storage<'a, ListenerSlot>,
        wakers: Storage<'a, WakerSlot>,
    ) -> Self {
        let smallest = connections
            .iter()
            .map(|slot| slot.tcb.recv_capacity())
            .min();
        let mut table = Self {
            smallest_rx: Kept::of(u32::try_from(smallest.unwrap_or(0)).unwrap_or(u32::MAX)),
            slots: Slots {
                half_open: Room::new(half_open),
                connections: Room::new(connections),
            },
            listeners: Listeners(Room::new(listeners)),
            timers: TimerHeap::default(),
            ready: List::EMPTY,
            free: Kept::default(),
            free_half: Kept::default(),
            time_waits: TimeWaits::new(time_waits),
            wakers: Wakers::new(wakers),
            challenges: Kept::default(),
            cookies: SynCookies::new(&secret),
            cookies_until: Kept::default(),
            secret,
            next_ephemeral: Kept::default(),
            turn: NodeOf::NONE,
            burst: Kept::default(),
            last: NodeOf::NONE,
            behind: NodeOf::NONE,
            now: Instant::ZERO,
            progressed: false,
            troubled: false,
            found: Kept::default(),
            reply_traffic: Traffic::default(),
            config: Kept::default(),
            counters: Counted::default(),
        };
        for node in 0..table.slots.node_count() {
            if table.slots.is_half_open(node) {
                table
                    .free_half
                    .note(|free| free.push(&mut table.slots, node));
            } else {
                table.free.note(|free| free.push(&mut table.slots, node));
            }
        }
        table
    }

    /// What nobody else knows.
    pub(crate) const fn secret(&self) -> &[u8; 16] {
        &self.secret
    }

    /// Tell the table the time; every poll begins with that.
    pub(crate) fn set_now(&mut self, now: Instant) {
        self.now = self.now.max(now);
    }

    /// Whether the last segment acknowledged something new: the way to the peer works in both
    /// directions (RFC 4861 §7.3.1).
    pub(crate) fn take_progress(&mut self) -> bool {
        core::mem::take(&mut self.progressed)
    }

    /// Whether the connection that sent last has sent something again so often that IP should look
    /// whether the way is right (RFC 9293 §3.8.3, R1).
    pub(crate) fn take_trouble(&mut self) -> bool {
        TCP && NUD && core::mem::take(&mut self.troubled)
    }

    /// Payload beside a header without options that has turned out to arrive at the sender of the
    /// last segment in one segment, if that was looked for.
    pub(crate) fn take_found(&mut self) -> Option<u16> {
        let found = core::mem::take(&mut self.found);
        found.get().copied().filter(|&found| found > 0)
    }

    /// When the next timer is due.
    pub(crate) fn timers_at(&self) -> Deadline {
        if !TCP {
            return Deadline::NEVER;
        }
        if !HEAP {
            let all = self.slots.connections.iter();
            let ticks = all.fold(i32::MAX, |ticks, slot| {
                ticks.min(slot.tcb.ticks_left(self.now))
            });
            return deadline(ticks, self.now).min(self.time_waits.deadline());
        }
        let due = match self.timers.peek(&self.slots) {
            Some((due, _)) => Deadline::at(due),
            None => Deadline::NEVER,
        };
        due.min(self.time_waits.deadline())
    }

    /// What new connections are made with.
    pub(crate) const fn config(&self) -> &TcpConfig {
        match self.config.get() {
            Some(config) => config,
            None => &TcpConfig::DEFAULT,
        }
    }

    /// Run every timer that is due.
    #[inline]
    pub(crate) fn run_timers(&mut self, now: Instant) {
        self.time_waits.expire(now);
        if !HEAP {
            self.look_for_due(now);
        } else if !self.timers.is_empty() {
            self.run_due(now);
        }
    }

    /// Run the timers of connections one by one.
    #[inline(never)]
    fn look_for_due(&mut self, now: Instant) {
        for node in 0..self.slots.node_count() {
            // Nothing happens to those that have nothing due.
            if let Some(slot) = self.slots.connection_mut(node)
                && slot.owner != Owner::Free
            {
                slot.tcb
                    .on_timer(now, self.counters.or(&mut TcpCounters::default()));
                self.sync(node);
            }
        }
    }

    fn run_due(&mut self, now: Instant) {
        // Each expiry moves its deadline into the future or ends the connection; the bound is only
        // there so that a mistake in a timer cannot hang the host.
        for _ in 0..self.slots.node_count().saturating_mul(4) {
            let Some((due, node)) = self.timers.peek(&self.slots) else {
                return;
            };
            if due > now {
                return;
            }
            if self.slots.is_half_open(node) {
                self.half_open_timer(node, now);
            } else if let Some(slot) = self.slots.connection_mut(node) {
                slot.tcb
                    .on_timer(now, self.counters.or(&mut TcpCounters::default()));
                self.sync(node);
            }
        }
    }

    /// Bring the bookkeeping of a connection up to date with what just happened to it: its
    /// deadline, whether it has something to send, whether it is over.
    fn sync(&mut self, node: u32) {
        let now = self.now;
        let Some(slot) = self.slots.connection_mut(node) else {
            return;
        };
        if slot.is_connecting() {
            self.ready.push(&mut self.slots, node);
            return;
        }
        let due = match HEAP {
            true => slot.tcb.deadline().instant(),
            false => None,
        };
        let wants = match LISTED || TIME_WAIT {
            true => slot.tcb.wants_transmit(now),
            false => slot.tcb.wants_reset(),
        };
        let orphan = slot.owner.is_nobody();
        let (closed, waits) = (slot.tcb.is_closed(), slot.tcb.is_time_wait());
        if COUNTERS && closed {
            let fate = slot.tcb.take_fate();
            self.counters.note(|all| all.ended(fate));
        }
        if !slot.sleepers.is_empty() {
            let events = Interest::of(slot);
            self.wakers.wake(&mut slot.sleepers, events);
        }
        if HEAP {
            self.timers.set(&mut self.slots, node, due);
        }
        self.tell_listener(node);
        if wants {
            self.ready.push(&mut self.slots, node);
        } else if closed {
            Demux::remove(&mut self.slots, node);
            if orphan {
                self.free_connection(node);
            }
        } else if waits && orphan && self.time_waits.is_enabled() {
            self.begin_time_wait(node);
        }
    }

    /// Forget a connection and give its slot back.
    fn free_connection(&mut self, node: u32) {
        Demux::remove(&mut self.slots, node);
        if HEAP {
            self.timers.set(&mut self.slots, node, None);
        }
        let Some(slot) = self.slots.connection_mut(node) else {
            return;
        };
        slot.generation = slot.generation.wrapping_add(1);
        slot.owner = Owner::Free;
        slot.set_connecting(false);
        slot.interface = None;
        slot.failure = None;
        slot.traffic = Traffic::default();
        self.wakers.wake(&mut slot.sleepers, Interest::ALL);
        slot.tcb.reset_to_closed();
        self.free.note(|free| free.push(&mut self.slots, node));
    }

    /// A released connection has nothing left but its quiet time: its slot is free. When every
    /// place for that is taken, the quiet time that would end first is cut short, as every busy
    /// host must at some size.
    fn begin_time_wait(&mut self, node: u32) {
        let Some(slot) = self.slots.connection(node) else {
            return;
        };
        let Some((state, due)) = slot.tcb.remains() else {
            return;
        };
        let key = slot.tuple.key(&self.secret);
        if self.time_waits.insert(key, state, self.now, due) {
            self.counters.note(|all| count(&mut all.time_waits_cut));
        }
        self.free_connection(node);
    }

    /// A task waits for a connection; if what it waits for has come already, it is woken at once.
    pub(crate) fn wait_for(
        &mut self,
        handle: TcpHandle,
        interest: Interest,
        waker: &Waker,
    ) -> Result<(), NoWakerSlot> {
        if self.check(handle).is_err() {
            waker.wake_by_ref();
            return Ok(());
        }
        let Some(slot) = self.slots.connection_mut(handle.node) else {
            return Ok(());
        };
        if Interest::of(slot).meets(interest) {
            waker.wake_by_ref();
            return Ok(());
        }
        self.wakers.add(&mut slot.sleepers, interest, waker)
    }

    /// A task waits for a listener to have something for it.
    pub(crate) fn wait_to_accept(
        &mut self,
        handle: ListenerHandle,
        waker: &Waker,
    ) -> Result<(), NoWakerSlot> {
        let arrived = self.has_arrivals(handle);
        let Self {
            listeners, wakers, ..
        } = self;
        let slot = listeners.0.get_mut(handle.node());
        let listening = slot.and_then(|slot| slot.of(handle));
        match listening {
            Some(listening) if !arrived && listening.first_undecided().is_none() => {
                wakers.add(&mut listening.sleepers, Interest::READABLE, waker)
            }
            _ => {
                waker.wake_by_ref();
                Ok(())
            }
        }
    }

    /// A free connection slot.
    fn take_free(&mut self) -> Option<u32> {
        match self.free.get_mut() {
            Some(free) => free.pop(&mut self.slots),
            None => self.slots.owned_by(Owner::Free),
        }
    }
}

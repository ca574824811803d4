//! Listeners: their backlog of half-open connections, the queue of finished ones, and accepting.
//!
//! A listener's backlog bounds both together. A SYN beyond it is answered with a cookie if the
//! listener may do so and there is room for finished connections, else it is dropped, not refused,
//! so that the peer tries again; so is the last step of a handshake for which there is no
//! connection slot or no place in the queue.

use litz_hal::time::{Duration, Instant};
use litz_wire::SeqNumber;

use super::super::datagram::Binding;
use super::super::error::{AskError, ListenError, StaleHandle};
use super::super::tcp::{
    Fate, GONE, HalfOpen, HalfOpenVerdict, Mss, Outgoing, REFUSED, SEND, Segment, TcpConfig,
    Traffic, UNDECIDED, count, isn,
};
use super::input::TcpReply;
use super::slots::{Embryo, ListenerSlot, Listening, Owner, PackedTuple, Tuple, bucket_half};
use super::wakers::Interest;
use super::{TcpHandle, TcpTable};
use crate::addr::{Endpoint, IpPort, ListenEndpoint, full_end, kept, same};
use crate::parts::{BACKLOG, COOKIES, DECIDE, SCALE, TCP_CONFIG};
use crate::storage::{Demux, NIL};

/// Names a TCP listener of a [`SocketSet`](crate::SocketSet).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ListenerHandle {
    node: u32,
    generation: u32,
}

impl ListenerHandle {
    /// The number of its slot.
    pub(super) const fn node(self) -> usize {
        self.node as usize
    }
}

impl ListenerSlot {
    /// What a handle names.
    pub(super) fn of(&mut self, handle: ListenerHandle) -> Option<&mut Listening> {
        let current = self.generation == handle.generation;
        self.listening.as_mut().filter(|_| current)
    }

    /// How well the listener fits a local endpoint: 0 if it is not for it, more if it is on its
    /// port rather than on all, and on its address rather than on all.
    fn fit(&self, local: &IpPort) -> u32 {
        let Some(listening) = &self.listening else {
            return 0;
        };
        let Binding { addr, key: port } = &listening.local;
        let by_addr = match addr {
            Some(addr) if same(addr, &local.addr) => 2,
            Some(_) => return 0,
            None => 1,
        };
        match *port {
            0 => by_addr,
            port if port == local.port => by_addr | 4,
            _ => 0,
        }
    }
}

/// A SYN that waits for the application's decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TcpPending {
    /// Whom the peer wants to reach.
    pub local: Endpoint,
    /// The peer.
    pub remote: Endpoint,
    node: u32,
    iss: SeqNumber,
}

/// What is to become of a SYN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TcpDecision {
    /// The handshake goes on.
    Accept,
    /// The peer is told that nobody listens.
    Refuse,
    /// Nothing happens, as if the SYN had been lost.
    Ignore,
}

/// How long after the last cookie was sent an acknowledgment may be one of a cookie.
const COOKIES_LAST: Duration = Duration::from_secs(128);

/// How far beyond the numbers of an old connection that of the next one with the same tuple begins.
const BEYOND: u32 = 1 << 16;

impl TcpTable<'_> {
    //= RFC 9293: MUST-41, MUST-42
    /// Listen. Not inlined: the configuration would be copied from one place of the caller's to
    /// another, with as much code as moves what overlaps.
    #[cfg_attr(feature = "inline", inline(never))]
    pub(crate) fn listen(
        &mut self,
        endpoint: ListenEndpoint,
        backlog: usize,
        config: Option<&TcpConfig>,
    ) -> Result<ListenerHandle, ListenError> {
        if backlog == 0 {
            return Err(ListenError::NoBacklog);
        }
        if !TCP_CONFIG && config.is_some_and(|config| *config != TcpConfig::DEFAULT) {
            return Err(ListenError::NotBuilt);
        }
        let local = Binding {
            addr: endpoint.addr.map(kept),
            key: endpoint.port,
        };
        let has =
            |slot: &ListenerSlot| matches!(&slot.listening, Some(other) if other.local == local);
        if self.listeners.0.iter().any(has) {
            return Err(ListenError::InUse);
        }
        // Half-open connections name their listener in two octets.
        let mut all = self.listeners.0.iter_mut().zip(0_u16..);
        let free = all.find(|(slot, _)| slot.listening.is_none());
        let (slot, node) = free.ok_or(ListenError::NoFreeSlot)?;
        let node = u32::from(node);
        let mut config = *config.unwrap_or(self.config.get().unwrap_or(&TcpConfig::DEFAULT));
        config.receive_window = self.smallest_rx.get().copied().unwrap_or(0);
        slot.listening = Some(Listening::new(local, backlog, &config));
        let handle = ListenerHandle {
            node,
            generation: slot.generation,
        };
        if SCALE {
            Demux::insert(&mut self.listeners, node, port_hash(endpoint.port));
        }
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
        if !BACKLOG {
            return Ok(self.accept_direct(handle));
        }
        let Some(node) = listening.queue.pop(slots) else {
            return Ok(None);
        };
        listening.waiting = listening.waiting.saturating_sub(1);
        let slot = slots.connection_mut(node).ok_or(StaleHandle)?;
        slot.owner = Owner::Application;
        let handle = TcpHandle {
            node,
            generation: slot.generation,
        };
        Ok(Some((handle, full_end(slot.tuple.remote))))
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
        self.abandon_arrivals(handle)?;
        while DECIDE && let Some(node) = self.pop_undecided(handle.node) {
            self.free_embryo(node);
        }
        for node in 0..self.slots.half_open.len() {
            let node = u32::try_from(node).unwrap_or(NIL);
            let embryo = self.slots.embryo_mut(node);
            if embryo.is_some_and(|embryo| u32::from(embryo.half.tag) == handle.node) {
                self.counters.note(|all| all.ended(Some(Fate::Failed)));
                self.free_embryo(node);
            }
        }
        Demux::remove(&mut self.listeners, handle.node);
        let slot = self
            .listeners
            .0
            .get_mut(handle.node as usize)
            .ok_or(StaleHandle)?;
        if let Some(listening) = &mut slot.listening {
            self.wakers.wake(&mut listening.sleepers, Interest::ALL);
        }
        slot.listening = None;
        slot.generation = slot.generation.wrapping_add(1);
        Ok(())
    }

    /// Whether the application decides on each SYN of a listener.
    pub(crate) fn set_asking(
        &mut self,
        handle: ListenerHandle,
        asks: bool,
    ) -> Result<(), AskError> {
        let listening = self.listening_mut(handle)?;
        if asks && !DECIDE {
            return Err(AskError::NotBuilt);
        }
        listening.asks = asks;
        Ok(())
    }

    /// The oldest SYN that waits for a decision.
    pub(crate) fn pending(
        &mut self,
        handle: ListenerHandle,
    ) -> Result<Option<TcpPending>, StaleHandle> {
        loop {
            let Some(node) = self.listening_mut(handle)?.first_undecided() else {
                return Ok(None);
            };
            if let Some(embryo) = self.slots.embryo_mut(node)
                && !embryo.half.is(GONE)
            {
                let Tuple { local, remote, .. } = embryo.tuple();
                let iss = embryo.half.iss();
                return Ok(Some(TcpPending {
                    local: full_end(local),
                    remote: full_end(remote),
                    node,
                    iss,
                }));
            }
            self.pop_undecided(handle.node);
            self.free_embryo(node);
        }
    }

    /// Decide on the SYN that [`pending`](Self::pending) has given.
    pub(crate) fn decide(
        &mut self,
        handle: ListenerHandle,
        pending: &TcpPending,
        decision: TcpDecision,
    ) -> Result<(), StaleHandle> {
        if self.pending(handle)? != Some(*pending) {
            return Err(StaleHandle);
        }
        let node = pending.node;
        self.pop_undecided(handle.node);
        if decision == TcpDecision::Ignore {
            self.free_embryo(node);
            return Ok(());
        }
        let now = self.now;
        if let Some(embryo) = self.slots.embryo_mut(node) {
            embryo.half = embryo.half.sent_at(now);
            embryo.half.mark(UNDECIDED, false);
            let accepts = decision == TcpDecision::Accept;
            if accepts {
                self.counters.note(|all| all.passively_opened());
            }
            embryo.half.mark(if accepts { SEND } else { REFUSED }, true);
        }
        self.time_embryo(node);
        self.ready.push(&mut self.slots, node);
        Ok(())
    }

    fn listening_mut(&mut self, handle: ListenerHandle) -> Result<&mut Listening, StaleHandle> {
        let slot = self.listeners.0.get_mut(handle.node as usize);
        slot.filter(|slot| slot.generation == handle.generation)
            .and_then(|slot| slot.listening.as_mut())
            .ok_or(StaleHandle)
    }

    fn pop_undecided(&mut self, listener: u32) -> Option<u32> {
        let Self {
            listeners, slots, ..
        } = self;
        let slot = listeners.0.get_mut(listener as usize)?;
        slot.listening.as_mut()?.undecided.get_mut()?.pop(slots)
    }

    /// A SYN for which there is no connection. `used` is the number after the last that an earlier
    /// connection with this tuple used. `None` if nobody listens.
    pub(super) fn passive_open(
        &mut self,
        tuple: &Tuple,
        key: u64,
        segment: &Segment<'_>,
        our_mss: Mss,
        used: Option<SeqNumber>,
    ) -> Option<TcpReply> {
        let node = self.listener_for(&tuple.local)?;
        let now = self.now;
        let slot = self.listeners.0.get(node as usize)?;
        let listening = slot.listening.as_ref()?;
        if !BACKLOG {
            let generation = slot.generation;
            self.reply_traffic = listening.config().traffic();
            let listener = ListenerHandle { node, generation };
            return self.open_at_once(listener, (tuple, key), segment, our_mss, used);
        }
        let (config, asks) = (*listening.config(), DECIDE && listening.asks);
        self.reply_traffic = config.traffic();
        let taken = listening.half_open.saturating_add(listening.waiting);
        let accepts = listening.waiting < listening.backlog;
        let free = if taken < listening.backlog {
            let free = self.free_half.get_mut();
            free.and_then(|free| free.pop(&mut self.slots))
        } else {
            None
        };
        let Some(free) = free else {
            // A cookie would not be beyond the numbers of an earlier connection.
            let may = config.syn_cookies && accepts && !asks && used.is_none();
            return Some(self.bake(tuple, segment, our_mss, may.then_some(&config)));
        };
        let iss = self.sequence_for(tuple, used);
        let mut half = HalfOpen::from_syn(segment, iss, now, &config, our_mss);
        half.tag = node as u16;
        half.zone = tuple.zone;
        half.mark(UNDECIDED, asks);
        let tuple = PackedTuple::new(tuple);
        if let Some(slot) = self.slots.half_open.get_mut(free as usize) {
            slot.embryo = Embryo { tuple, half };
        }
        Demux::insert(&mut self.slots, free, bucket_half(key));
        self.time_embryo(free);
        let Self {
            listeners,
            slots,
            wakers,
            ..
        } = self;
        let listening = listeners.0.get_mut(node as usize)?.listening.as_mut()?;
        listening.half_open = listening.half_open.saturating_add(1);
        if asks {
            listening.undecided.note(|all| all.push(slots, free));
            wakers.wake(&mut listening.sleepers, Interest::READABLE);
            return Some(TcpReply::None);
        }
        self.counters.note(|all| all.passively_opened());
        Some(TcpReply::Segment(half.syn_ack(now, &config)))
    }

    /// The initial sequence number of a connection, beyond the number after the last that an
    /// earlier one with the same tuple used.
    pub(super) fn sequence_for(&self, tuple: &Tuple, used: Option<SeqNumber>) -> SeqNumber {
        let iss = initial_seq(&self.secret, tuple, self.now);
        match used {
            Some(used) if !iss.after(used) => used.wrapping_add(BEYOND),
            _ => iss,
        }
    }

    /// Answer a SYN that there is no room for with a cookie, if there is a `config` to do so, or
    /// not at all.
    fn bake(
        &mut self,
        tuple: &Tuple,
        segment: &Segment<'_>,
        our_mss: Mss,
        config: Option<&TcpConfig>,
    ) -> TcpReply {
        let now = self.now;
        let (octets, len) = tuple.octets();
        let connection = octets.get(..len).unwrap_or(&octets);
        let cookie = config.filter(|_| COOKIES).and_then(|config| {
            let cookies = &self.cookies;
            cookies.syn_ack(connection, segment, now, config, our_mss)
        });
        let Some(cookie) = cookie else {
            self.counters.note(|all| count(&mut all.listen_overflows));
            return TcpReply::None;
        };
        self.counters.note(|all| count(&mut all.cookies_sent));
        let until = now.saturating_add(COOKIES_LAST);
        self.cookies_until.note(|last| *last = until);
        TcpReply::Segment(cookie)
    }

    /// An acknowledgment for which there is no connection: it may be that of a cookie.
    pub(super) fn cookie_input(
        &mut self,
        tuple: &Tuple,
        key: u64,
        segment: &Segment<'_>,
        our_mss: Mss,
    ) -> Option<TcpReply> {
        if self.now >= *self.cookies_until.get()? {
            return None;
        }
        let node = self.listener_for(&tuple.local)?;
        let listening = self.listeners.0.get(node as usize)?.listening.as_ref()?;
        let (config, accepts) = (*listening.config(), listening.waiting < listening.backlog);
        let (octets, len) = tuple.octets();
        let connection = octets.get(..len).unwrap_or(&octets);
        let now = self.now;
        let half = self
            .cookies
            .check(connection, segment, now, &config, our_mss);
        let Some(half) = half else {
            self.counters.note(|all| count(&mut all.cookies_refused));
            return None;
        };
        let connection = if accepts { self.take_free() } else { None };
        let Some(connection) = connection else {
            self.counters.note(|all| count(&mut all.listen_overflows));
            return Some(TcpReply::None);
        };
        self.counters.note(|all| count(&mut all.cookies_accepted));
        self.counters.note(|all| all.passively_opened());
        self.establish(connection, node, *tuple, &half);
        Demux::insert(&mut self.slots, connection, bucket_half(key));
        Some(self.connection_input(connection, segment))
    }

    /// A segment for a half-open connection.
    pub(super) fn half_open_input(
        &mut self,
        node: u32,
        tuple: &Tuple,
        key: u64,
        segment: &Segment<'_>,
    ) -> TcpReply {
        let now = self.now;
        let Some((embryo, config)) = self.embryo(node) else {
            return TcpReply::None;
        };
        let traffic = config.traffic();
        if DECIDE && embryo.half.is(UNDECIDED | REFUSED) {
            return TcpReply::None;
        }
        let verdict = embryo.half.on_segment(segment, now, config);
        let half = embryo.half;
        let syn_ack = half.syn_ack(now, config);
        self.reply_traffic = traffic;
        match verdict {
            HalfOpenVerdict::Drop => TcpReply::None,
            HalfOpenVerdict::SynAck => {
                self.counters.note(|all| all.retransmitted());
                TcpReply::Segment(syn_ack)
            }
            HalfOpenVerdict::Reply(reply) => self.challenge(reply),
            HalfOpenVerdict::Refused => {
                self.counters.note(|all| all.ended(Some(Fate::Failed)));
                self.free_embryo(node);
                TcpReply::None
            }
            HalfOpenVerdict::Complete => {
                let connection = if self.has_room(half.tag) {
                    self.take_free()
                } else {
                    None
                };
                let Some(connection) = connection else {
                    self.counters.note(|all| count(&mut all.listen_overflows));
                    return TcpReply::None;
                };
                self.free_embryo(node);
                self.establish(connection, u32::from(half.tag), *tuple, &half);
                Demux::insert(&mut self.slots, connection, bucket_half(key));
                self.connection_input(connection, segment)
            }
        }
    }

    /// Whether one more connection of a listener may wait to be accepted.
    fn has_room(&self, listener: u16) -> bool {
        let slot = self.listeners.0.get(usize::from(listener));
        let listening = slot.and_then(|slot| slot.listening.as_ref());
        listening.is_some_and(|listening| listening.waiting < listening.backlog)
    }

    /// Make a connection of a half-open one, to be accepted from its listener.
    fn establish(&mut self, connection: u32, listener: u32, tuple: Tuple, half: &HalfOpen) {
        let Self {
            listeners,
            slots,
            wakers,
            ..
        } = self;
        let Some(listener_slot) = listeners.0.get_mut(listener as usize) else {
            return;
        };
        let generation = listener_slot.generation;
        let (Some(listening), Some(slot)) = (
            listener_slot.listening.as_mut(),
            slots.connection_mut(connection),
        ) else {
            return;
        };
        slot.owner = Owner::Listener(ListenerHandle {
            node: listener,
            generation,
        });
        slot.tuple = tuple;
        slot.traffic = listening.config().traffic();
        slot.tcb.establish(self.now, half, listening.config());
        listening.waiting = listening.waiting.saturating_add(1);
        listening.queue.push(slots, connection);
        wakers.wake(&mut listening.sleepers, Interest::READABLE);
    }

    /// A half-open connection and the configuration of its listener.
    fn embryo(&mut self, node: u32) -> Option<(&mut Embryo, &TcpConfig)> {
        let embryo = self.slots.embryo_mut(node)?;
        let listener = self.listeners.0.get(usize::from(embryo.half.tag))?;
        Some((embryo, listener.listening.as_ref()?.config()))
    }

    /// Set the timer of a half-open connection.
    fn time_embryo(&mut self, node: u32) {
        let now = self.now;
        let due = self
            .embryo(node)
            .map(|(embryo, config)| embryo.half.deadline(now, config));
        let due = due.and_then(litz_hal::time::Deadline::instant);
        self.timers.set(&mut self.slots, node, due);
    }

    /// Retransmit the SYN-ACK of a half-open connection, or give it up.
    pub(super) fn half_open_timer(&mut self, node: u32, now: Instant) {
        let Some((embryo, config)) = self.embryo(node) else {
            self.timers.set(&mut self.slots, node, None);
            return;
        };
        if embryo.half.on_timer(now, config) {
            if !(DECIDE && embryo.half.is(UNDECIDED)) {
                embryo.half.mark(SEND, true);
                self.ready.push(&mut self.slots, node);
            }
            self.time_embryo(node);
        } else {
            self.counters.note(|all| count(&mut all.handshake_timeouts));
            self.drop_embryo(node);
        }
    }

    /// The segment that a half-open connection has to send.
    pub(super) fn take_embryo_segment(
        &mut self,
        node: u32,
    ) -> Option<(Tuple, Traffic, Outgoing<'static>)> {
        let now = self.now;
        let (embryo, config) = self.embryo(node)?;
        let (tuple, traffic) = (embryo.tuple(), config.traffic());
        if DECIDE && embryo.half.is(REFUSED) {
            let reset = embryo.half.reset();
            self.counters.note(|all| count(&mut all.resets_sent));
            self.counters.note(|all| all.answered());
            self.free_embryo(node);
            return Some((tuple, traffic, reset));
        }
        embryo.half.mark(SEND, false);
        let (syn_ack, again) = (
            embryo.half.syn_ack(now, config),
            embryo.half.was_retransmitted(),
        );
        self.counters.note(|all| all.answered());
        if again {
            self.counters.note(|all| all.retransmitted());
        }
        Some((tuple, traffic, syn_ack))
    }

    /// A half-open connection comes to nothing. One that waits for a decision stays in its list,
    /// from whose middle nothing can be taken, and is passed over there.
    pub(super) fn drop_embryo(&mut self, node: u32) {
        let Some(embryo) = self.slots.embryo_mut(node) else {
            return;
        };
        if DECIDE && embryo.half.is(UNDECIDED) {
            // It was never answered, so it is none that has failed.
            embryo.half.mark(GONE, true);
            Demux::remove(&mut self.slots, node);
            self.timers.set(&mut self.slots, node, None);
        } else {
            self.counters.note(|all| all.ended(Some(Fate::Failed)));
            self.free_embryo(node);
        }
    }

    /// Forget a half-open connection.
    pub(super) fn free_embryo(&mut self, node: u32) {
        let Some(embryo) = self.slots.embryo_mut(node) else {
            return;
        };
        let listener = usize::from(embryo.half.tag);
        *embryo = Embryo::NONE;
        if let Some(slot) = self.listeners.0.get_mut(listener)
            && let Some(listening) = slot.listening.as_mut()
        {
            listening.half_open = listening.half_open.saturating_sub(1);
        }
        Demux::remove(&mut self.slots, node);
        self.timers.set(&mut self.slots, node, None);
        self.free_half.note(|free| free.push(&mut self.slots, node));
    }

    /// The listener for a local endpoint: on its port rather than on all, on its address rather
    /// than on all.
    pub(super) fn listener_for(&self, local: &IpPort) -> Option<u32> {
        if local.port == 0 {
            return None;
        }
        if !SCALE {
            let (mut best, mut best_fit) = (None, 0);
            for (slot, node) in self.listeners.0.iter().zip(0..) {
                let fit = slot.fit(local);
                if fit > best_fit {
                    (best, best_fit) = (Some(node), fit);
                }
            }
            return best;
        }
        [local.port, 0].into_iter().find_map(|port| {
            let (mut best, mut best_fit) = (None, 0);
            let mut node = Demux::first(&self.listeners, port_hash(port));
            while let Some(slot) = self.listeners.0.get(node as usize) {
                let fit = slot.fit(local);
                if fit > best_fit {
                    (best, best_fit) = (Some(node), fit);
                }
                node = Demux::next(&self.listeners, node);
            }
            best
        })
    }
}

/// The initial sequence number of a connection (RFC 6528).
pub(super) fn initial_seq(secret: &[u8; 16], tuple: &Tuple, now: Instant) -> SeqNumber {
    let (words, len) = tuple.words();
    if usize::BITS > 32 {
        return isn::of_words(secret, words.get(..len).unwrap_or(&words), now);
    }
    let [ports, a, b, c, d] = words;
    isn::of_blocks(secret, &[[ports, 0], [a, b], [c, d]], now)
}

/// Ports that are listened on are chosen by the application: spreading needs no secret.
const fn port_hash(port: u16) -> u32 {
    (port as u32).wrapping_mul(0x9e37_79b1)
}

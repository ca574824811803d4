//! A received segment finds its connection, its half-open connection, its quiet time, its listener,
//! or a reset.

use litz_wire::rt::Sum;

use super::super::report::{IcmpReport, Quoted};
use super::super::tcp::{
    Mss, Outgoing, Reply, Segment, SeqNumber, State, TcpCounters, TimeWaitVerdict, Traffic,
    Verified, count, reset,
};
use super::TcpTable;
use super::slots::{Tuple, bucket_half};
use crate::addr::{is_v4, kept_end};
use crate::parts::{ERRORS, INLINE, Kept, NUD, SCALE, TCP, TIME_WAIT};
use crate::storage::{NIL, NodeOf};

/// What is to be sent at once in answer to a segment; acknowledgments and data are sent later, when
/// the connection's turn comes.
pub(crate) enum TcpReply {
    /// Nothing.
    None,
    /// A segment without payload.
    Segment(Outgoing<'static>),
    /// Nothing: the segment's checksum was wrong.
    Corrupt,
}

impl TcpTable<'_> {
    /// Handle a segment. If its checksum is still to be verified (in builds with the part `inline`
    /// only), `unverified` is the sum of all that it covers but the payload. `our_mss` is what the
    /// receiving interface can take.
    #[cfg_attr(not(feature = "inline"), inline(never))]
    pub(crate) fn input(
        &mut self,
        tuple: &Tuple,
        segment: &Segment<'_>,
        unverified: Option<Sum>,
        our_mss: Mss,
    ) -> TcpReply {
        self.reply_traffic = Traffic::default();
        let unverified = unverified.filter(|_| INLINE);
        // Segments come in trains: this one is probably of the connection that the last was of.
        if SCALE && self.slots.is_of_connection(self.last.get(), tuple) {
            return self.connected(self.last.get(), tuple, segment, unverified, our_mss);
        }
        self.end_input();
        let key = tuple.key(&self.secret);
        let found = self.slots.find(tuple, bucket_half(key));
        if let Some(node) = found.filter(|&node| !self.slots.is_half_open(node)) {
            self.last.set(node);
            return self.connected(node, tuple, segment, unverified, our_mss);
        }
        if unverified.is_some_and(|rest| !segment.is_sound(rest)) {
            return TcpReply::Corrupt;
        }
        match found {
            Some(node) => self.half_open_input(node, tuple, key, segment),
            None => self.unconnected(tuple, key, segment, our_mss),
        }
    }

    /// A segment for a connection that has a slot.
    #[cfg_attr(feature = "inline", inline)]
    #[cfg_attr(not(feature = "inline"), inline(never))]
    fn connected(
        &mut self,
        node: u32,
        tuple: &Tuple,
        segment: &Segment<'_>,
        unverified: Option<Sum>,
        our_mss: Mss,
    ) -> TcpReply {
        let Some(slot) = self.slots.connection_mut(node) else {
            return TcpReply::None;
        };
        let verified = match unverified {
            Some(rest) => slot.tcb.verify(segment, rest),
            None => Some(Verified::BEFORE),
        };
        let Some(verified) = verified else {
            return TcpReply::Corrupt;
        };
        if TIME_WAIT
            && segment.flags.syn
            && let Some(used) = self.reopens(node, tuple, segment)
        {
            self.free_connection(node);
            let key = tuple.key(&self.secret);
            let reply = self.passive_open(tuple, key, segment, our_mss, Some(used));
            return reply.unwrap_or(TcpReply::None);
        }
        let reply = self.verified_input(node, segment, verified);
        let slot = self.slots.connection(node);
        if SCALE && slot.is_some_and(|slot| slot.tcb.state() == State::Established) {
            self.behind.set(node);
        } else {
            // It may be over: the next segment of the same tuple could begin another.
            self.behind = NodeOf::NONE;
            self.sync(node);
        }
        reply
    }

    /// No more segments for now: bring the bookkeeping of the connection that the last were for up
    /// to date, once for all of them.
    pub(crate) fn end_input(&mut self) {
        if SCALE && TCP && self.behind.get() != NIL {
            let node = core::mem::replace(&mut self.behind, NodeOf::NONE).get();
            self.sync(node);
        }
    }

    /// Give a segment that is verified to its connection.
    pub(super) fn connection_input(&mut self, node: u32, segment: &Segment<'_>) -> TcpReply {
        let reply = self.verified_input(node, segment, Verified::BEFORE);
        self.sync(node);
        reply
    }

    /// The same, and leaves the bookkeeping to be done.
    fn verified_input(&mut self, node: u32, segment: &Segment<'_>, verified: Verified) -> TcpReply {
        let Some(slot) = self.slots.connection_mut(node) else {
            return TcpReply::None;
        };
        self.reply_traffic = slot.traffic;
        let una = slot.tcb.snd_una();
        let reply = slot.tcb.input_verified(
            self.now,
            segment,
            verified,
            self.counters.or(&mut TcpCounters::default()),
        );
        if (NUD || ERRORS) && slot.tcb.snd_una() != una {
            self.progressed = true;
            if ERRORS && let Some(payload) = slot.tcb.take_found_size() {
                self.found = Kept::of(payload);
            }
        }
        match reply {
            Reply::None => TcpReply::None,
            Reply::Segment(segment) => TcpReply::Segment(segment),
            Reply::Challenge(segment) => self.challenge(segment),
        }
    }

    /// Send a challenge if the host has not sent too many.
    pub(super) fn challenge(&mut self, segment: Outgoing<'static>) -> TcpReply {
        // Few connections, each with a limit of its own, never send so many.
        let limit = self.challenges.get_mut();
        if limit.is_none_or(|limit| limit.allow(self.now, &self.secret)) {
            return TcpReply::Segment(segment);
        }
        self.counters
            .note(|all| count(&mut all.challenge_acks_limited));
        TcpReply::None
    }

    /// Whether a SYN may end the TIME-WAIT of a released connection that still has its slot (there
    /// is no other place for it) and begin another under the same tuple (RFC 9293 §3.10.7.4, MAY-2;
    /// RFC 6191): not if there is nobody to begin it. Gives the number after the last that was
    /// used.
    fn reopens(&self, node: u32, tuple: &Tuple, segment: &Segment<'_>) -> Option<SeqNumber> {
        let slot = self.slots.connection(node)?;
        if slot.owner != super::Owner::Orphan || !slot.tcb.accepts_reopen(segment) {
            return None;
        }
        self.listener_for(&tuple.local)?;
        slot.tcb.remains().map(|(rest, _)| rest.snd_nxt())
    }

    fn unconnected(
        &mut self,
        tuple: &Tuple,
        key: u64,
        segment: &Segment<'_>,
        our_mss: Mss,
    ) -> TcpReply {
        if let Some(at) = self.time_waits.find(key) {
            return self.time_wait_input(at, tuple, key, segment, our_mss);
        }
        let flags = segment.flags;
        if !flags.rst {
            let reply = if flags.syn && !flags.ack {
                self.passive_open(tuple, key, segment, our_mss, None)
            } else if flags.ack && !flags.syn {
                self.cookie_input(tuple, key, segment, our_mss)
            } else if !flags.ack && self.listener_for(&tuple.local).is_some() {
                // RFC 9293 §3.10.7.2, fourth: what neither asks nor acknowledges is nothing for
                // somebody who listens.
                self.counters.note(|all| count(&mut all.no_ack));
                Some(TcpReply::None)
            } else {
                None
            };
            if let Some(reply) = reply {
                return reply;
            }
        }
        match reset::reset_for(segment) {
            Some(reset) => {
                self.counters.note(|all| count(&mut all.resets_sent));
                TcpReply::Segment(reset)
            }
            None => TcpReply::None,
        }
    }

    /// The network reports about a segment that this host has sent. Only what is in flight is
    /// believed (RFC 5927 §4.1). Returns whether it is.
    pub(crate) fn icmp_report(&mut self, quoted: &Quoted, zone: u8, report: IcmpReport) -> bool {
        let tuple = Tuple {
            local: kept_end(quoted.local),
            remote: kept_end(quoted.remote),
            zone,
        };
        let found = self.slots.find(&tuple, tuple.hash(&self.secret));
        let Some((node, seq)) = found.zip(quoted.seq) else {
            return false;
        };
        let Some(slot) = self.slots.connection_mut(node) else {
            return false;
        };
        let headers = if is_v4(&tuple.remote.addr) { 40 } else { 60 };
        let mut spare = TcpCounters::default();
        let counters = self.counters.or(&mut spare);
        let believed = slot
            .tcb
            .icmp_report(self.now, SeqNumber(seq), report, headers, counters);
        self.sync(node);
        believed
    }

    /// A segment for a connection in TIME-WAIT.
    fn time_wait_input(
        &mut self,
        at: u32,
        tuple: &Tuple,
        key: u64,
        segment: &Segment<'_>,
        our_mss: Mss,
    ) -> TcpReply {
        let now = self.now;
        let listens = self.listener_for(&tuple.local).is_some();
        let Some(state) = self.time_waits.state_mut(at) else {
            return TcpReply::None;
        };
        if listens && state.accepts_reopen(segment, now) {
            let used = state.snd_nxt();
            let reply = self.passive_open(tuple, key, segment, our_mss, Some(used));
            if self.slots.find(tuple, bucket_half(key)).is_some() {
                self.time_waits.remove(at);
            }
            return reply.unwrap_or(TcpReply::None);
        }
        match state.on_segment(segment, now, self.counters.or(&mut TcpCounters::default())) {
            TimeWaitVerdict::Acknowledge(out) => self.challenge(out),
            TimeWaitVerdict::Again(out) => {
                let due = now.saturating_add(self.config().time_wait);
                self.time_waits.restart(at, due);
                TcpReply::Segment(out)
            }
            TimeWaitVerdict::Drop => TcpReply::None,
        }
    }
}

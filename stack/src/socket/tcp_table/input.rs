//! A received segment finds its connection, its half-open connection, its listener, or a reset.

use litz_hal::time::Instant;

use super::super::tcp::{Mss, Outgoing, Reply, Segment, reset};
use super::TcpTable;
use super::slots::Tuple;

/// What is to be sent at once in answer to a segment; acknowledgments and data are sent later, when
/// the connection's turn comes.
pub(crate) enum TcpReply {
    /// Nothing.
    None,
    /// A segment without payload.
    Segment(Outgoing<'static>),
}

impl TcpTable<'_> {
    /// Handle a segment whose checksum was found right. `our_mss` is what the receiving interface
    /// can take.
    pub(crate) fn input(
        &mut self,
        now: Instant,
        tuple: Tuple,
        segment: &Segment<'_>,
        our_mss: Mss,
    ) -> TcpReply {
        self.set_now(now);
        let hash = tuple.hash(&self.secret);
        match self.slots.find(&tuple, hash) {
            Some(node) if self.slots.is_half_open(node) => {
                self.half_open_input(node, hash, segment)
            }
            Some(node) => {
                if self.reopens(node, &tuple, segment) {
                    self.free_connection(node);
                    if let Some(reply) = self.passive_open(tuple, hash, segment, our_mss) {
                        return reply;
                    }
                }
                self.connection_input(node, segment)
            }
            None => self.unconnected(tuple, hash, segment, our_mss),
        }
    }

    /// Give a segment to its connection.
    pub(super) fn connection_input(&mut self, node: u32, segment: &Segment<'_>) -> TcpReply {
        let Some(slot) = self.slots.connection_mut(node) else {
            return TcpReply::None;
        };
        let una = slot.tcb.snd_una();
        let reply = slot.tcb.input(self.now, segment, &mut self.counters);
        self.progressed |= slot.tcb.snd_una() != una;
        self.sync(node);
        match reply {
            Reply::None => TcpReply::None,
            Reply::Segment(segment) => TcpReply::Segment(segment),
        }
    }

    /// Whether a SYN may end the TIME-WAIT of a released connection and begin another under the
    /// same tuple (RFC 9293 §3.10.7.4, MAY-2; RFC 6191): not if there is nobody to begin it.
    fn reopens(&self, node: u32, tuple: &Tuple, segment: &Segment<'_>) -> bool {
        let replaceable = self.slots.connection(node).is_some_and(|slot| {
            slot.owner == super::Owner::Orphan && slot.tcb.accepts_reopen(segment)
        });
        replaceable && self.listener_for(tuple.local).is_some()
    }

    fn unconnected(
        &mut self,
        tuple: Tuple,
        hash: u32,
        segment: &Segment<'_>,
        our_mss: Mss,
    ) -> TcpReply {
        let flags = segment.flags;
        if flags.syn
            && !flags.ack
            && !flags.rst
            && let Some(reply) = self.passive_open(tuple, hash, segment, our_mss)
        {
            return reply;
        }
        match reset::reset_for(segment) {
            Some(reset) => {
                self.counters.resets_sent = self.counters.resets_sent.wrapping_add(1);
                TcpReply::Segment(reset)
            }
            None => TcpReply::None,
        }
    }
}

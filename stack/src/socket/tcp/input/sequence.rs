//! The first steps of RFC 9293 §3.10.7.4: whether a segment belongs here at all. Timestamps
//! (RFC 7323 §5), RST and SYN (RFC 5961 §3, §4), and the sequence number. RST and SYN are looked at
//! before the window, because what RFC 5961 makes of them depends on the sequence number otherwise
//! than data does; the outcome is that of the RFC's order.

use super::super::counters::{TcpCounters, count};
use super::super::seq::{SeqRange, octets_since};
use super::super::state::{Event, State};
use super::super::{CloseReason, Segment, Tcb};
use super::{Stop, Text};

impl Tcb<'_> {
    /// Protection against wrapped sequence numbers (RFC 7323 §5.3), and remembering the timestamp.
    pub(super) fn check_timestamp(
        &mut self,
        segment: &Segment<'_>,
        counters: &mut TcpCounters,
    ) -> Result<(), Stop> {
        let Some(stamp) = segment.options.timestamp else {
            count(&mut counters.no_timestamp);
            return Err(Stop::Silent);
        };
        if self.stamps.is_old(stamp.tsval, self.clock) {
            count(&mut counters.paws);
            return Err(self.refuse(!segment.payload.is_empty()));
        }
        if segment.seq.at_or_before(self.rcv.acked)
            && segment
                .seq
                .wrapping_add(segment.sequence_len())
                .at_or_after(self.rcv.acked)
        {
            self.stamps.remember(stamp.tsval, self.clock);
        }
        Ok(())
    }

    //= RFC 9293: MUST-66, SHLD-2, MAY-12
    /// Second step: an RST is obeyed only at the very octet that is expected; within the window it
    /// is challenged (RFC 5961 §3.2). In TIME-WAIT none is obeyed (RFC 1337).
    pub(super) fn check_reset(
        &mut self,
        segment: &Segment<'_>,
        counters: &mut TcpCounters,
    ) -> Result<(), Stop> {
        if self.state() != State::TimeWait && segment.seq == self.rcv.nxt {
            count(&mut counters.resets_in);
            let reason = match self.state() {
                State::SynReceived => CloseReason::Refused,
                // Both have finished and all data has arrived; only our FIN's acknowledgment is
                // missing, because the peer no longer knows of us. The RFC reports no reset here.
                State::Closing | State::LastAck if self.tx.is_empty() => CloseReason::Finished,
                _ => CloseReason::Reset,
            };
            self.end(Event::RecvRst, reason);
            return Err(Stop::Silent);
        }
        count(&mut counters.bad_reset);
        let in_window = segment.seq.at_or_after(self.rcv.nxt) && segment.seq.before(self.rcv.adv);
        if in_window && self.state() != State::TimeWait {
            return Err(Stop::Challenge);
        }
        Err(Stop::Silent)
    }

    /// Fourth step: a SYN on an open connection is challenged (RFC 5961 §4.2). While SYNs cross,
    /// the peer's comes again in its SYN-ACK, or because ours was lost.
    pub(super) fn check_syn(
        &mut self,
        segment: &Segment<'_>,
        text: &mut Text<'_>,
        counters: &mut TcpCounters,
    ) -> Result<(), Stop> {
        if self.state() == State::SynReceived && segment.seq.wrapping_add(1_u32) == self.rcv.nxt {
            if segment.flags.ack {
                text.seq = text.seq.wrapping_add(1_u32);
                return Ok(());
            }
            self.snd.nxt = self.snd.una;
            return Err(Stop::Silent);
        }
        count(&mut counters.bad_syn);
        Err(Stop::Challenge)
    }

    /// First step: acceptability, and trimming to the window at both edges.
    #[inline]
    pub(super) fn check_sequence(
        &mut self,
        text: &mut Text<'_>,
        counters: &mut TcpCounters,
    ) -> Result<(), Stop> {
        let window = octets_since(self.rcv.adv, self.rcv.nxt);
        if text.seq == self.rcv.nxt && text.payload.len() as u32 <= window {
            return Ok(());
        }
        if text.seq.before(self.rcv.nxt) {
            self.trim_front(text, counters)?;
        }
        self.trim_back(text, counters)
    }

    /// Cut off what was received before.
    fn trim_front(&mut self, text: &mut Text<'_>, counters: &mut TcpCounters) -> Result<(), Stop> {
        let old = octets_since(self.rcv.nxt, text.seq) as usize;
        let len = text.payload.len();
        match text.payload.split_at_checked(old) {
            Some((_, new)) if old < len || (old == len && text.fin) => {
                self.rcv.sack.duplicate(SeqRange {
                    start: text.seq,
                    end: self.rcv.nxt,
                });
                text.payload = new;
                text.seq = self.rcv.nxt;
                count(&mut counters.trimmed);
                // Our acknowledgment of the old part was lost or is on its way.
                self.marks.ack_now = true;
                Ok(())
            }
            _ => {
                count(&mut counters.duplicate_data);
                self.rcv.sack.duplicate(SeqRange::new(text.seq, len as u32));
                if text.fin && self.state() == State::TimeWait {
                    // Eighth step: the peer's FIN again; the quiet time begins anew.
                    self.enter_time_wait();
                }
                Err(self.refuse(len > 0 || text.fin))
            }
        }
    }

    /// Cut off what is beyond the window.
    fn trim_back(&mut self, text: &mut Text<'_>, counters: &mut TcpCounters) -> Result<(), Stop> {
        let len = text.payload.len();
        let has_text = len > 0 || text.fin;
        let at_edge = text.seq == self.rcv.adv;
        let Some(room) = usize::try_from(text.seq.distance_to(self.rcv.adv)).ok() else {
            count(&mut counters.out_of_window);
            return Err(self.refuse(has_text));
        };
        if len <= room && !(at_edge && len > 0) {
            return Ok(());
        }
        if at_edge && text.seq != self.rcv.nxt {
            count(&mut counters.out_of_window);
            return Err(self.refuse(has_text));
        }
        // A window probe is answered, and what it acknowledges counts (RFC 9293 §3.10.7.4: "special
        // allowance"); so it is with a segment whose end does not fit.
        count(&mut counters.trimmed);
        text.payload = text
            .payload
            .split_at_checked(room)
            .map_or(&[], |(fits, _)| fits);
        text.fin = false;
        self.marks.ack_now = true;
        Ok(())
    }

    /// Drop an unacceptable segment and tell the peer where we are. Segments with text are always
    /// answered, as the peer sends them until they are; others could be answers to our answers.
    fn refuse(&mut self, has_text: bool) -> Stop {
        if has_text {
            self.marks.ack_now = true;
            return Stop::Silent;
        }
        Stop::Challenge
    }
}

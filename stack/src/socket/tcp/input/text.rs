//! The last steps of RFC 9293 §3.10.7.4: the text (seventh) and the FIN (eighth). The urgent
//! pointer (sixth) is in `urgent.rs`.

use super::super::counters::{TcpCounters, count};
use super::super::sack::SackReport;
use super::super::seq::{SeqNumber, SeqRange, later_of, octets_since};
use super::super::state::{Event, State};
use super::super::timer::Timer;
use super::super::{Assembler, CloseReason, Tcb};
use super::{Stop, Text};

/// Segments acknowledged at once after one that came out of order.
const QUICK_AFTER_GAP: u8 = 16;

impl Tcb<'_> {
    #[inline]
    pub(super) fn receive_text(
        &mut self,
        text: &Text<'_>,
        counters: &mut TcpCounters,
    ) -> Result<(), Stop> {
        if !self.state().receives() {
            // The peer has sent its FIN; nothing can follow.
            count(&mut counters.unexpected_data);
            return Ok(());
        }
        if self.forgotten && !text.payload.is_empty() {
            return Err(self.refuse_data(counters));
        }
        let text = &self.up_to_fin(*text);
        if text.seq == self.rcv.nxt {
            self.receive_in_order(text);
        } else {
            self.receive_ahead(text, counters);
        }
        if self.marks.fin_seen && self.rcv.fin == self.rcv.nxt {
            self.receive_fin();
        }
        Ok(())
    }

    /// The application is gone, its data cannot be delivered (RFC 9293 §3.6.1).
    fn refuse_data(&mut self, counters: &mut TcpCounters) -> Stop {
        count(&mut counters.data_after_close);
        count(&mut counters.resets_sent);
        self.end(Event::Abort, CloseReason::DataAfterClose);
        Stop::Reset(self.snd.max)
    }

    /// Nothing counts beyond the place where the peer's FIN was seen.
    #[inline]
    fn up_to_fin<'t>(&self, text: Text<'t>) -> Text<'t> {
        if !self.marks.fin_seen {
            return text;
        }
        let room = octets_since(self.rcv.fin, text.seq) as usize;
        match text.payload.split_at_checked(room) {
            Some((before, _)) => Text {
                payload: before,
                fin: false,
                ..text
            },
            None => Text { fin: false, ..text },
        }
    }

    /// What is expected next.
    #[inline]
    fn receive_in_order(&mut self, text: &Text<'_>) {
        let taken = if text.placed {
            self.rx.commit(text.payload.len())
        } else {
            self.rx.enqueue_slice(text.payload)
        };
        self.rcv.nxt = self.rcv.nxt.wrapping_add(taken);
        if taken < text.payload.len() {
            self.marks.ack_now = true;
        } else if text.fin {
            self.see_fin(self.rcv.nxt);
        }
        if !self.rcv.assembler.is_empty() {
            // A gap is filled, or its beginning (RFC 5681 §4.2: acknowledge at once).
            let next = self.rcv.nxt;
            let known = SackReport::known_part(
                &self.rcv.assembler,
                SeqRange {
                    start: text.seq,
                    end: next,
                },
            );
            if let Some(known) = known {
                self.rcv.sack.duplicate_too(known);
            }
            let reached = self.rcv.assembler.advance(next);
            let joined = self.rx.commit(octets_since(reached, self.rcv.nxt) as usize);
            self.rcv.nxt = self.rcv.nxt.wrapping_add(joined);
            self.marks.ack_now = true;
            self.marks.dup_acks = 0;
        }
        let len = u16::try_from(taken)
            .unwrap_or(u16::MAX)
            .min(self.rcv.mss.octets());
        self.rcv.largest = self.rcv.largest.max(len);
        self.acknowledge_soon();
    }

    fn see_fin(&mut self, at: SeqNumber) {
        self.rcv.fin = at;
        self.marks.fin_seen = true;
    }

    //= RFC 9293: MUST-59, SHLD-18, SHLD-19
    /// At once if more than a full segment is unacknowledged (RFC 9293 §3.8.6.3: at least every
    /// second one) or much of the buffer, and while the connection is young or has just met a gap;
    /// else a little later.
    #[inline]
    fn acknowledge_soon(&mut self) {
        let unacked = octets_since(self.rcv.nxt, self.rcv.acked);
        if unacked > u32::from(self.rcv.largest)
            || unacked >= self.rx_capacity() >> 2
            || self.marks.quick > 0
            || self.settings.ack_delay_ms == 0
        {
            self.marks.ack_now = true;
        } else if !self.marks.ack_now && !self.timers.is_set(Timer::DelayedAck) {
            let wait = u32::from(self.settings.ack_delay_ms).wrapping_mul(1_000);
            self.start(Timer::DelayedAck, wait);
        }
        self.marks.quick = self.marks.quick.saturating_sub(1);
    }

    //= RFC 9293: SHLD-31, MAY-13
    /// What comes after a gap is kept where it will belong, if this build keeps it.
    fn receive_ahead(&mut self, text: &Text<'_>, counters: &mut TcpCounters) {
        if Assembler::KEEPS {
            self.keep_ahead(text, counters);
        }
        // What is missing is probably lost, and the peer's window will be small for a while: it
        // opens again with each acknowledgment.
        self.marks.quick = self.marks.quick.max(QUICK_AFTER_GAP);
        // Each is a duplicate acknowledgment that the sender counts (RFC 5681 §4.2).
        self.marks.dup_acks = self.marks.dup_acks.saturating_add(1);
    }

    #[inline]
    fn keep_ahead(&mut self, text: &Text<'_>, counters: &mut TcpCounters) {
        let offset = octets_since(text.seq, self.rcv.nxt) as usize;
        let written = if text.placed {
            text.payload.len()
        } else {
            self.rx.write_ahead(offset, text.payload)
        };
        if text.fin && written == text.payload.len() {
            self.see_fin(text.seq.wrapping_add(written));
        }
        let range = SeqRange::new(text.seq, written as u32);
        if let Some(known) = SackReport::known_part(&self.rcv.assembler, range) {
            self.rcv.sack.duplicate(known);
        }
        match self.rcv.assembler.insert(range) {
            Some(block) => {
                count(&mut counters.out_of_order);
                if self.rcv.sack_use.is_on() {
                    self.rcv.sack.note(block);
                }
            }
            None if written > 0 => count(&mut counters.assembler_full),
            None => {}
        }
    }

    /// Everything up to the FIN is here.
    fn receive_fin(&mut self) {
        self.rcv.nxt = self.rcv.nxt.wrapping_add(1_u32);
        self.rcv.adv = later_of(self.rcv.adv, self.rcv.nxt);
        self.marks.ack_now = true;
        self.rcv.assembler.clear();
        self.machine.apply(Event::RecvFin);
        if self.state() == State::TimeWait {
            self.enter_time_wait();
        }
    }
}

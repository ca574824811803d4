//! Segments in SYN-SENT (RFC 9293 §3.10.7.3).

use super::super::counters::{TcpCounters, count};
use super::super::options::Offer;
use super::super::state::Event;
use super::super::{CloseReason, Segment, Tcb};
use super::{Stop, Text};

impl Tcb<'_> {
    pub(super) fn input_syn_sent(
        &mut self,
        segment: &Segment<'_>,
        counters: &mut TcpCounters,
    ) -> Result<(), Stop> {
        let flags = segment.flags;
        // First: the acknowledgment.
        let acceptable = segment.ack.after(self.snd.una) && segment.ack.at_or_before(self.snd.max);
        if flags.ack && !acceptable {
            count(&mut counters.bad_handshake);
            if flags.rst {
                return Err(Stop::Silent);
            }
            count(&mut counters.resets_sent);
            return Err(Stop::Reset(segment.ack));
        }
        // Second: RST. Without an acknowledgment anyone could have sent it.
        if flags.rst {
            if flags.ack {
                count(&mut counters.resets_in);
                self.end(Event::RecvRst, CloseReason::Refused);
            } else {
                count(&mut counters.bad_reset);
            }
            return Err(Stop::Silent);
        }
        // Fourth and fifth: a SYN, or it is nothing for us; a FIN alone least of all.
        if !flags.syn {
            count(&mut counters.bad_handshake);
            return Err(Stop::Silent);
        }
        self.learn_syn(segment);
        // RFC 3168 §6.1.1: one flag agrees. Where SYNs cross nobody does.
        if !flags.ack || !flags.ece || flags.cwr {
            self.ecn.refuse();
        }
        //= RFC 9293: MUST-10
        if !flags.ack {
            // Simultaneous open: a SYN-ACK with our old sequence number. What the segment holds
            // beside the SYN comes again.
            self.machine.apply(Event::RecvSyn);
            self.snd.nxt = self.snd.una;
            return Ok(());
        }
        self.syn_acknowledged(segment);
        self.machine.apply(Event::RecvSynAck);
        if self.marks.fin {
            self.machine.apply(Event::Close);
        }
        self.marks.ack_now = true;
        let mut text = Text {
            placed: false,
            seq: segment.seq.wrapping_add(1_u32),
            payload: segment.payload,
            fin: flags.fin,
        };
        if text.payload.is_empty() && !text.fin {
            return Ok(());
        }
        self.check_sequence(&mut text, counters)?;
        self.receive_text(&text, counters)
    }

    /// Take over what the peer's SYN says, as far as we offered it.
    fn learn_syn(&mut self, segment: &Segment<'_>) {
        let offer = Offer {
            mss: self.rcv.mss,
            scale: self.rcv.scale,
            timestamps: self.stamps.is_on(),
            sack: self.rcv.sack_use.is_on(),
        };
        let agreed = offer.accepted(&segment.options);
        self.learn_peer(segment.seq, segment.window, &agreed);
    }
}

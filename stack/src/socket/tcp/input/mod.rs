//! Segments that arrive (RFC 9293 §3.10.7). Each numbered step of the RFC is a function; a step
//! that ends the processing returns [`Stop`] with the answer that is to be sent at once. Ordinary
//! acknowledgments and data are not sent from here, they become due.
//!
//! - the checksum, before any of it: `verify.rs`
//! - CLOSED: `reset.rs`
//! - SYN-SENT, §3.10.7.3: `syn_sent.rs`
//! - other states, §3.10.7.4: first to fourth step in `sequence.rs`, fifth in `ack.rs`, sixth to
//!   eighth in `text.rs`

mod ack;
mod losses;
mod sequence;
mod syn_sent;
mod text;
mod verify;

use super::counters::{TcpCounters, count};
use super::reset::{bare_reset, reset_for};
use super::segment::Segment;
use super::state::State;
use super::{Instant, Reply, SeqNumber, Tcb};
use crate::parts::{CONNECT, SCALE};

pub(crate) use self::verify::Verified;

/// A segment needs no further processing, and this is to be sent at once.
enum Stop {
    /// Nothing.
    Silent,
    /// An RST with this sequence number.
    Reset(SeqNumber),
    /// An acknowledgment that tells the peer where we are (RFC 5961), if there were not too many.
    Challenge,
}

/// The part of a segment's text that is new and in the window.
#[derive(Clone, Copy)]
struct Text<'a> {
    seq: SeqNumber,
    payload: &'a [u8],
    fin: bool,
    /// Whether the payload has been copied to where it belongs in the receive buffer.
    placed: bool,
}

impl Tcb<'_> {
    /// A segment of this connection has arrived, its checksum known to be right. What is to be sent
    /// at once in answer is returned; more may be ready to be sent afterwards
    /// ([`Tcb::wants_transmit`]).
    #[inline]
    pub fn input(
        &mut self,
        now: Instant,
        segment: &Segment<'_>,
        counters: &mut TcpCounters,
    ) -> Reply {
        self.input_verified(now, segment, Verified::BEFORE, counters)
    }

    /// [`Tcb::input`] of a segment that [`Tcb::verify`] has just found sound.
    #[cfg_attr(feature = "inline", inline)]
    #[cfg_attr(not(feature = "inline"), inline(never))]
    pub(crate) fn input_verified(
        &mut self,
        now: Instant,
        segment: &Segment<'_>,
        verified: Verified,
        counters: &mut TcpCounters,
    ) -> Reply {
        self.tell(now);
        let result = match self.state() {
            State::Closed => return self.input_closed(segment, counters),
            State::SynSent if CONNECT => self.input_syn_sent(segment, counters),
            _ => self.input_other(segment, verified, counters),
        };
        self.settle();
        match result {
            Ok(()) | Err(Stop::Silent) => Reply::None,
            Err(Stop::Reset(seq)) => Reply::Segment(bare_reset(seq)),
            Err(Stop::Challenge) => self.challenge(counters),
        }
    }

    /// RFC 9293 §3.10.7.1.
    fn input_closed(&mut self, segment: &Segment<'_>, counters: &mut TcpCounters) -> Reply {
        count(&mut counters.closed);
        match reset_for(segment) {
            Some(reset) => {
                count(&mut counters.resets_sent);
                Reply::Segment(reset)
            }
            None => Reply::None,
        }
    }

    /// RFC 9293 §3.10.7.4.
    #[inline]
    fn input_other(
        &mut self,
        segment: &Segment<'_>,
        verified: Verified,
        counters: &mut TcpCounters,
    ) -> Result<(), Stop> {
        let mut text = Text {
            seq: segment.seq,
            payload: segment.payload,
            fin: segment.flags.fin,
            placed: verified.is_placed(),
        };
        if segment.flags.rst {
            return self.check_reset(segment, counters);
        }
        if self.stamps.is_on() {
            self.check_timestamp(segment, counters)?;
        }
        if segment.flags.syn {
            self.check_syn(segment, &mut text, counters)?;
        }
        self.check_sequence(&mut text, counters)?;
        self.check_ack(segment, &text, counters)?;
        self.check_urgent(segment, counters);
        if text.payload.is_empty() && !text.fin {
            return Ok(());
        }
        if self.ecn.is_on() {
            self.ecn.on_data(segment.congested, segment.flags.cwr);
        }
        self.receive_text(&text, counters)
    }

    #[cold]
    fn challenge(&mut self, counters: &mut TcpCounters) -> Reply {
        if !self.challenge.allow(self.clock) {
            count(&mut counters.challenge_acks_limited);
            return Reply::None;
        }
        count(&mut counters.challenge_acks);
        if !SCALE {
            // Few connections have no limit in common: it goes when it is their turn.
            self.marks.ack_now = true;
            return Reply::None;
        }
        Reply::Challenge(self.bare_ack(self.clock))
    }
}

//! TIME-WAIT without a connection (RFC 9293 §3.6.1): both sides have finished, and all that is left
//! to do is to acknowledge a FIN that comes again and to keep the addresses from being used for
//! another connection too soon. That takes 20 octets. No RST ends it (RFC 1337), and a SYN only if
//! it cannot be an old duplicate (RFC 6191).

use super::counters::{TcpCounters, count};
use super::segment::flags;
use super::stamps::Timestamps;
use super::{Instant, Outgoing, Segment, SeqNumber, TcpOptionSet};

/// What is remembered of a connection in TIME-WAIT.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TimeWait {
    pub(super) snd_nxt: SeqNumber,
    pub(super) rcv_nxt: SeqNumber,
    recent: u32,
    offset: u32,
    /// The window as it was last offered, for the header's field.
    window: u16,
    /// Answers that are left to give.
    patience: u8,
    stamped: bool,
}

/// What a segment does to a connection in TIME-WAIT.
#[derive(Clone, Copy, Debug)]
pub(crate) enum TimeWaitVerdict {
    /// Nothing.
    Drop,
    /// An acknowledgment is to be sent.
    Acknowledge(Outgoing<'static>),
    /// The peer's FIN again: an acknowledgment is to be sent, and the quiet time begins anew.
    Again(Outgoing<'static>),
}

/// Answers that are given in one TIME-WAIT. Peers send a FIN again a dozen times at most.
const PATIENCE: u8 = 50;

impl TimeWait {
    /// Nothing.
    pub(crate) const NONE: Self = Self {
        snd_nxt: SeqNumber(0),
        rcv_nxt: SeqNumber(0),
        recent: 0,
        offset: 0,
        window: 0,
        patience: 0,
        stamped: false,
    };

    /// What is left of a connection with these numbers.
    pub(super) const fn new(
        snd_nxt: SeqNumber,
        rcv_nxt: SeqNumber,
        window: u16,
        stamps: &Timestamps,
    ) -> Self {
        Self {
            snd_nxt,
            rcv_nxt,
            recent: stamps.recent(),
            offset: stamps.offset(),
            window,
            patience: PATIENCE,
            stamped: stamps.is_on(),
        }
    }

    fn stamps(&self, now: Instant) -> Timestamps {
        Timestamps::restored(self.stamped, self.recent, self.offset, now)
    }

    /// The number after the last that the connection used.
    pub(crate) const fn snd_nxt(&self) -> SeqNumber {
        self.snd_nxt
    }

    /// A segment for the connection.
    pub(crate) fn on_segment(
        &mut self,
        segment: &Segment<'_>,
        now: Instant,
        counters: &mut TcpCounters,
    ) -> TimeWaitVerdict {
        let flags = segment.flags;
        if flags.rst {
            count(&mut counters.bad_reset);
            return TimeWaitVerdict::Drop;
        }
        if flags.syn {
            count(&mut counters.bad_syn);
            return self.acknowledge(now, counters);
        }
        if self.stamped {
            let Some(stamp) = segment.options.timestamp else {
                count(&mut counters.no_timestamp);
                return TimeWaitVerdict::Drop;
            };
            if self.stamps(now).is_old(stamp.tsval, now) {
                count(&mut counters.paws);
                return self.acknowledge(now, counters);
            }
        }
        if !flags.ack {
            count(&mut counters.no_ack);
            return TimeWaitVerdict::Drop;
        }
        let end = segment.seq.wrapping_add(segment.sequence_len());
        if flags.fin && end == self.rcv_nxt {
            count(&mut counters.duplicate_data);
            return match self.acknowledge(now, counters) {
                TimeWaitVerdict::Acknowledge(out) => TimeWaitVerdict::Again(out),
                other => other,
            };
        }
        let expected = segment.seq == self.rcv_nxt && segment.sequence_len() == 0;
        if expected && segment.ack.at_or_before(self.snd_nxt) {
            return TimeWaitVerdict::Drop;
        }
        count(&mut counters.out_of_window);
        self.acknowledge(now, counters)
    }

    /// Whether the SYN of another connection may end this.
    pub(crate) fn accepts_reopen(&self, segment: &Segment<'_>, now: Instant) -> bool {
        accepts_reopen(&self.stamps(now), self.rcv_nxt, segment)
    }

    fn acknowledge(&mut self, now: Instant, counters: &mut TcpCounters) -> TimeWaitVerdict {
        let Some(left) = self.patience.checked_sub(1) else {
            count(&mut counters.challenge_acks_limited);
            return TimeWaitVerdict::Drop;
        };
        self.patience = left;
        TimeWaitVerdict::Acknowledge(Outgoing {
            seq: self.snd_nxt,
            ack: self.rcv_nxt,
            flags: flags!(ack),
            window: self.window,
            options: TcpOptionSet {
                timestamp: self.stamps(now).option(now),
                ..TcpOptionSet::default()
            },
            ecn_capable: false,
            payload: [&[], &[]],
        })
    }
}

//= RFC 9293: SHLD-4, MAY-2
/// Whether a SYN is newer than everything of a connection in TIME-WAIT (RFC 9293 §3.10.7.4, MAY-2;
/// RFC 6191 §2): by its timestamp, or by its sequence number.
pub(super) fn accepts_reopen(
    stamps: &Timestamps,
    rcv_nxt: SeqNumber,
    segment: &Segment<'_>,
) -> bool {
    let flags = segment.flags;
    if !flags.syn || flags.ack || flags.rst {
        return false;
    }
    match segment.options.timestamp {
        Some(stamp) if stamps.is_on() => {
            let newer = stamp.tsval.wrapping_sub(stamps.recent()) as i32;
            newer > 0 || (newer == 0 && segment.seq.after(rcv_nxt))
        }
        _ => segment.seq.after(rcv_nxt),
    }
}

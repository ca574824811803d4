//! What one acknowledgment says about what was in flight: how much of it has arrived, when the
//! newest of it was sent, and what that tells about the path. It is gathered run by run while the
//! scoreboard is brought up to date.

use super::rack::is_sent_after;
use super::scoreboard::{INEXACT, RESENT, SentRange};
use super::seq::{SeqNumber, later_of};

/// The news of one acknowledgment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Delivery {
    now_us: u32,
    min_rtt_us: u32,
    /// Up to where a loss or timeout concerns what was sent.
    recover: SeqNumber,
    /// The highest number of which it is known that it has arrived.
    pub(super) highest: SeqNumber,
    /// Octets that have arrived and were not known to have.
    pub(super) octets: u32,
    /// The segment sent last of those that have arrived: when, and the number after it.
    pub(super) newest: Option<(u32, SeqNumber)>,
    /// Round-trip time of the last segment acknowledged in order, if it was sent once.
    rtt_us: Option<u32>,
    /// Round-trip time of something that arrived out of order, if it was sent once.
    pub(super) sacked_rtt_us: Option<u32>,
    /// Something that was sent again has arrived. Then this may be the answer to it, and says
    /// nothing about how long what was sent once was on its way (Karn's algorithm).
    pub(super) ambiguous: bool,
    /// Something that was sent only once, before `recover`, has arrived.
    pub(super) original: bool,
    /// Something that was sent only once has arrived behind what was sent after it.
    pub(super) reordered: bool,
}

impl Delivery {
    #[inline]
    pub(super) const fn new(
        now_us: u32,
        min_rtt_us: u32,
        recover: SeqNumber,
        highest: SeqNumber,
    ) -> Self {
        Self {
            now_us,
            min_rtt_us,
            recover,
            highest,
            octets: 0,
            newest: None,
            rtt_us: None,
            sacked_rtt_us: None,
            ambiguous: false,
            original: false,
            reordered: false,
        }
    }

    /// Round-trip time of the last segment acknowledged in order, if it is known which sending this
    /// answers.
    #[inline]
    pub(super) fn round_trip_us(&self) -> Option<u32> {
        if self.ambiguous { None } else { self.rtt_us }
    }

    /// `octets` of a run, the last before `end`, have arrived; the `whole` of it if its end is
    /// among them. `in_order` if they are acknowledged, rather than reported out of order.
    #[inline]
    pub(super) fn delivered(
        &mut self,
        run: &SentRange,
        end: SeqNumber,
        octets: u32,
        whole: bool,
        in_order: bool,
    ) {
        self.octets = self.octets.wrapping_add(octets);
        let once = run.marks & RESENT == 0;
        self.ambiguous |= !once;
        if once {
            self.original |= end.at_or_before(self.recover);
            self.reordered |= end.before(self.highest);
        }
        self.highest = later_of(self.highest, end);
        // Of a part of a run it is only known when it was not sent earlier than.
        let exact = !run.is_blurred() || (whole && run.marks & INEXACT == 0);
        let sent_us = if exact {
            Some(run.sent_us)
        } else {
            run.earliest_us()
        };
        let Some(sent_us) = sent_us else { return };
        let rtt_us = self.now_us.wrapping_sub(sent_us);
        // RFC 8985 §6.2, step 2: so soon after it was sent again, it was the first that arrived.
        if !once && rtt_us < self.min_rtt_us {
            return;
        }
        if once && exact {
            if in_order {
                self.rtt_us = Some(rtt_us);
            } else {
                self.sacked_rtt_us = Some(rtt_us);
            }
        }
        let newer = self
            .newest
            .is_none_or(|(newest_us, seq)| is_sent_after(sent_us, end, newest_us, seq));
        if newer {
            self.newest = Some((sent_us, end));
        }
    }
}

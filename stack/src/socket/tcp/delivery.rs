//! What one acknowledgment says about what was in flight: how much of it has arrived, when the
//! newest of it was sent, and what that tells about the path. It is gathered by the scoreboard
//! while that is brought up to date.

use super::seq::SeqNumber;

/// The news of one acknowledgment.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(not(feature = "sack"), allow(dead_code, reason = "RACK's and F-RTO's"))]
pub(super) struct Delivery {
    pub(super) now_us: u32,
    pub(super) min_rtt_us: u32,
    /// Up to where a loss or timeout concerns what was sent.
    pub(super) recover: SeqNumber,
    /// The highest number of which it is known that it has arrived: now, and before.
    pub(super) highest: SeqNumber,
    pub(super) highest_before: SeqNumber,
    /// Octets that have arrived and were not known to have.
    pub(super) octets: u32,
    /// The segment sent last of those that have arrived: when, and the number after it.
    pub(super) newest: Option<(u32, SeqNumber)>,
    /// Round-trip time of the last segment acknowledged in order, if it was sent once.
    pub(super) rtt_us: Option<u32>,
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
            highest_before: highest,
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
}

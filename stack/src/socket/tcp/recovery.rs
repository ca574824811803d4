//! How losses are found and repaired without a timeout: duplicate acknowledgments (RFC 5681 §3.2),
//! limited transmit (RFC 3042) and NewReno's partial acknowledgments (RFC 6582). What the window
//! does meanwhile is the congestion control's part.

use super::seq::SeqNumber;

/// What an acknowledgment of new data means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    /// No loss was being repaired.
    Normal,
    /// More is missing: the segment that is now first is to be sent again.
    Partial {
        /// Whether it is the first such acknowledgment of this recovery.
        first: bool,
    },
    /// All that was in flight when the loss was found has arrived.
    Full,
}

/// The phase of loss recovery.
#[derive(Clone, Copy, Debug)]
pub(super) struct Recovery {
    /// Highest sequence number sent when recovery was last begun.
    recover: SeqNumber,
    dup_acks: u8,
    in_progress: bool,
    saw_partial: bool,
}

/// Duplicate acknowledgments that tell of a loss.
const THRESHOLD: u8 = 3;

impl Recovery {
    pub(super) const fn new(iss: SeqNumber) -> Self {
        Self {
            recover: iss,
            dup_acks: 0,
            in_progress: false,
            saw_partial: false,
        }
    }

    #[inline]
    pub(super) const fn in_progress(&self) -> bool {
        self.in_progress
    }

    /// Whether an acknowledgment is of something first sent after recovery, or a timeout, had
    /// begun.
    #[inline]
    pub(super) const fn is_past(&self, una: SeqNumber) -> bool {
        una.after(self.recover)
    }

    /// Segments that may be sent beyond the window, because as many have left the network
    /// (RFC 3042).
    #[inline]
    pub(super) const fn limited_transmit(&self) -> u32 {
        if self.in_progress || self.dup_acks >= THRESHOLD {
            0
        } else {
            self.dup_acks as u32
        }
    }

    /// A duplicate acknowledgment. Returns whether it makes recovery begin: it is the third, and
    /// what it repeats is beyond what an earlier recovery was about (RFC 6582 §3.2, step 2).
    pub(super) fn on_duplicate(&mut self, una: SeqNumber, sent: SeqNumber) -> bool {
        self.dup_acks = self.dup_acks.saturating_add(1);
        if self.in_progress || self.dup_acks != THRESHOLD || !una.after(self.recover) {
            return false;
        }
        self.in_progress = true;
        self.saw_partial = false;
        self.recover = sent;
        true
    }

    /// An acknowledgment of new data.
    #[inline]
    pub(super) fn on_progress(&mut self, una: SeqNumber) -> Progress {
        self.dup_acks = 0;
        if !self.in_progress {
            // Keep `recover` near, or it would seem to be ahead after 2³¹ octets.
            if una.after(self.recover.wrapping_add(1_u32 << 30)) {
                self.recover = una.wrapping_sub(1_u32 << 29);
            }
            return Progress::Normal;
        }
        if una.at_or_after(self.recover) {
            self.in_progress = false;
            // What was sent again arrived only once: duplicates from now on tell of another loss.
            self.recover = una.wrapping_sub(1_u32);
            return Progress::Full;
        }
        let first = !self.saw_partial;
        self.saw_partial = true;
        Progress::Partial { first }
    }

    /// The retransmission timer expired (RFC 6582 §3.2, step 4).
    pub(super) fn on_timeout(&mut self, sent: SeqNumber) {
        self.recover = sent;
        self.dup_acks = 0;
        self.in_progress = false;
    }
}

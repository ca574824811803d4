//! Whether anything was lost at all: recovery that was begun for nothing is taken back, as
//! timestamps (RFC 3522), reports of duplicates (RFC 3708) or what arrives after a timeout (F-RTO,
//! RFC 5682) tell.

use super::recovery::Prior;
use super::seq::SeqNumber;

/// How sure we are that a timeout was one (F-RTO, RFC 5682 §3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Doubt {
    /// It was.
    None,
    /// The first segment was sent again; what is acknowledged next tells more.
    First,
    /// New data was sent instead of repeating more; what is acknowledged next decides.
    Second,
}

/// What may show that a recovery was needless.
#[derive(Clone, Copy, Debug)]
pub(super) struct Doubts {
    /// SND.UNA when it began.
    began: SeqNumber,
    /// What congestion control knew before, as long as it can be given back; else a window of 0.
    prior: Prior,
    /// Octets sent again and not reported as duplicates.
    resent: u32,
    /// Our clock when something was first sent again, for the peer to echo.
    stamp: u32,
    /// Whether `stamp` is one.
    stamped: bool,
    doubt: Doubt,
}

/// No windows to go back to.
const NOTHING: Prior = Prior {
    window: 0,
    threshold: 0,
};

impl Doubts {
    pub(super) const fn new(iss: SeqNumber) -> Self {
        Self {
            began: iss,
            prior: NOTHING,
            resent: 0,
            stamp: 0,
            stamped: false,
            doubt: Doubt::None,
        }
    }

    /// A loss was found.
    pub(super) const fn of_loss(una: SeqNumber, prior: Prior) -> Self {
        Self {
            prior,
            ..Self::new(una)
        }
    }

    /// The retransmission timer expired, `doubtful` if F-RTO may ask whether it had to.
    pub(super) const fn of_timeout(una: SeqNumber, prior: Prior, doubtful: bool) -> Self {
        Self {
            doubt: if doubtful { Doubt::First } else { Doubt::None },
            ..Self::of_loss(una, prior)
        }
    }

    /// It expired again.
    pub(super) const fn timeout_again(&mut self) {
        self.doubt = Doubt::None;
    }

    /// All has arrived.
    pub(super) const fn settle(&mut self) {
        self.doubt = Doubt::None;
    }

    /// It was long ago.
    pub(super) const fn forget(&mut self) {
        self.prior = NOTHING;
    }

    /// `octets` were sent again.
    pub(super) fn on_resent(&mut self, octets: u32, stamp: Option<u32>) {
        self.resent = self.resent.saturating_add(octets);
        if let Some(stamp) = stamp.filter(|_| !self.stamped) {
            self.stamp = stamp;
            self.stamped = true;
        }
    }

    /// Whether something up to `end` was sent again since it began, of which nobody knows whether
    /// it had to be.
    pub(super) fn concerns(&self, end: SeqNumber) -> bool {
        self.prior.window > 0 && self.resent > 0 && end.after(self.began)
    }

    /// The peer reports `octets` before `end` as received twice. Returns whether that is everything
    /// that was sent again.
    pub(super) fn on_reported_twice(&mut self, end: SeqNumber, octets: u32) -> bool {
        if !self.concerns(end) {
            return false;
        }
        self.resent = self.resent.saturating_sub(octets);
        self.resent == 0
    }

    /// An acknowledgment of new data echoes `echo`. Returns whether that was sent before anything
    /// was sent again.
    pub(super) const fn on_echo(&mut self, echo: u32) -> bool {
        if !self.stamped {
            return false;
        }
        if (echo.wrapping_sub(self.stamp) as i32) < 0 {
            return true;
        }
        self.stamped = false;
        false
    }

    /// Whether repeating waits, until it is clear whether anything was lost.
    #[inline]
    pub(super) const fn holds_back(&self) -> bool {
        matches!(self.doubt, Doubt::Second)
    }

    /// An acknowledgment after a timeout (RFC 5682 §3.1). Returns whether nothing was lost.
    pub(super) const fn on_ack(&mut self, original: bool, moved: bool, new_data: bool) -> bool {
        match self.doubt {
            Doubt::None => false,
            _ if original => true,
            Doubt::First if moved && new_data => {
                self.doubt = Doubt::Second;
                false
            }
            _ => {
                self.doubt = Doubt::None;
                false
            }
        }
    }

    /// Nothing was lost: what to go back to.
    pub(super) fn take_back(&mut self) -> Option<Prior> {
        self.doubt = Doubt::None;
        self.stamped = false;
        self.resent = 0;
        let prior = core::mem::replace(&mut self.prior, NOTHING);
        (prior.window > 0).then_some(prior)
    }
}

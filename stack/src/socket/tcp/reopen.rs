//! Whether a SYN may take the place of a connection in TIME-WAIT, and what is left of one.

use super::scale::WindowScale;
use super::state::State;
use super::time_wait::{TimeWait, accepts_reopen};
use super::timer::Timer;
use super::{Instant, Segment, Tcb};

impl Tcb<'_> {
    /// Whether this connection may be forgotten for the new one that `segment` begins: we are in
    /// TIME-WAIT, and its timestamp or its sequence number is beyond the last of the old
    /// connection (RFC 9293 §3.10.7.4, MAY-2; RFC 6191).
    #[must_use]
    pub fn accepts_reopen(&self, segment: &Segment<'_>) -> bool {
        self.state() == State::TimeWait && accepts_reopen(&self.stamps, self.rcv.nxt, segment)
    }

    /// What has to be remembered of a connection in TIME-WAIT, and until when.
    pub(crate) fn remains(&self) -> Option<(TimeWait, Instant)> {
        if self.state() != State::TimeWait {
            return None;
        }
        let scale = self.rcv.scale.unwrap_or(WindowScale::NONE);
        let window = scale.to_field(super::seq::octets_since(self.rcv.adv, self.rcv.nxt));
        let remains = TimeWait::new(self.snd.max, self.rcv.nxt, window, &self.stamps);
        Some((remains, self.timers.at(Timer::Linger, self.clock)))
    }
}

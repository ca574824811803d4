//! Whether a SYN may take the place of a connection in TIME-WAIT (RFC 9293 §3.10.7.4, MAY-2;
//! RFC 6191): if it cannot be an old duplicate.

use super::state::State;
use super::{Segment, Tcb};

impl Tcb<'_> {
    /// Whether this connection may be forgotten for the new one that `segment` begins: we are in
    /// TIME-WAIT, and its timestamp or its sequence number is beyond the last of the old
    /// connection.
    #[must_use]
    pub fn accepts_reopen(&self, segment: &Segment<'_>) -> bool {
        let flags = segment.flags;
        if self.state() != State::TimeWait || !flags.syn || flags.ack || flags.rst {
            return false;
        }
        match segment.options.timestamp {
            Some(stamp) if self.stamps.on => {
                let newer = stamp.tsval.wrapping_sub(self.stamps.recent) as i32;
                newer > 0 || (newer == 0 && segment.seq.after(self.rcv.nxt))
            }
            _ => segment.seq.after(self.rcv.nxt),
        }
    }
}

//! The urgent pointer, as far as it is received (RFC 9293 §3.8.5): where data ends that the peer
//! calls urgent. The data itself stays in the stream, where it is read in its order (RFC 6093).
//! Nothing is sent as urgent: new applications should not (SHLD-13).

use super::counters::{TcpCounters, count};
use super::seq::{SeqNumber, octets_since};
use super::{Segment, Tcb};

/// The end of the urgent data, RCV.UP. In octets, so that it fits between flags.
#[derive(Clone, Copy, Debug)]
pub(super) struct Urgent {
    end: [u8; 4],
    /// Whether there has been any.
    is: bool,
}

impl Urgent {
    pub(super) const NONE: Self = Self {
        end: [0; 4],
        is: false,
    };

    const fn end(&self) -> SeqNumber {
        SeqNumber(u32::from_ne_bytes(self.end))
    }
}

impl Tcb<'_> {
    //= RFC 9293: MUST-30, MUST-31, MUST-62
    /// Sixth step of RFC 9293 §3.10.7.4: the pointer says which octet is the first that is not
    /// urgent. It never moves back, and what lies behind what was read means nothing.
    #[inline]
    pub(super) fn check_urgent(&mut self, segment: &Segment<'_>, counters: &mut TcpCounters) {
        if segment.flags.urg && self.state().receives() {
            self.receive_urgent(segment, counters);
        }
    }

    #[cold]
    fn receive_urgent(&mut self, segment: &Segment<'_>, counters: &mut TcpCounters) {
        let end = segment.seq.wrapping_add(u32::from(segment.urgent));
        let known = if self.urgent().is_some() {
            self.rcv.urgent.end()
        } else {
            self.read_from()
        };
        if end.after(known) {
            count(&mut counters.urgent);
            self.rcv.urgent = Urgent {
                end: end.0.to_ne_bytes(),
                is: true,
            };
        }
    }

    /// The number of the octet that is read next.
    fn read_from(&self) -> SeqNumber {
        let finished = self.marks.fin_seen && self.rcv.fin.before(self.rcv.nxt);
        let end = if finished { self.rcv.fin } else { self.rcv.nxt };
        end.wrapping_sub(self.rx.len() as u32)
    }

    //= RFC 9293: MUST-32, MUST-33
    /// How many octets of the stream, from the next that will be read on, the peer calls urgent;
    /// they may not all have arrived. `None` if none.
    #[must_use]
    pub fn urgent(&self) -> Option<u32> {
        let (end, from) = (self.rcv.urgent.end(), self.read_from());
        // A pointer covers 64 KiB; what seems to be farther ahead was read long ago.
        let left = octets_since(end, from);
        let most = u32::from(u16::MAX).saturating_add(self.rx_capacity());
        let is = self.rcv.urgent.is && end.after(from) && left <= most;
        is.then_some(left)
    }
}

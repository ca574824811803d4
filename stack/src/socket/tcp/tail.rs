//! Tail loss probes (RFC 8985 §7): when the last segments of a flight are lost nothing follows them
//! that would tell. So after two round trips of silence one segment is sent, new or again, and its
//! acknowledgment tells what is missing, long before the retransmission timer would.

use super::output::Plan;
use super::seq::SeqNumber;
use super::timer::Timer;
use super::{Instant, Tcb, clock};

/// The probe of a connection.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct TailProbe {
    /// The next number to be sent after the probe that is on its way.
    end: SeqNumber,
    /// One is on its way.
    sent: bool,
    /// It was data sent before.
    again: bool,
    /// One is to be sent.
    pending: bool,
}

/// How long a peer may delay the acknowledgment of a single segment, in microseconds: what RFC 8985
/// §7.2 adds where only one is in flight.
const PEER_DELAY_US: u32 = 200_000;

impl TailProbe {
    /// Whether one may be scheduled: none is on its way.
    #[inline]
    pub(super) const fn is_idle(&self) -> bool {
        !self.sent && !self.pending
    }

    /// When a probe is due after something was sent or acknowledged (RFC 8985 §7.2), in
    /// microseconds from then.
    #[inline]
    const fn wait_us(smoothed_us: u32, single: bool) -> u32 {
        let wait = smoothed_us.saturating_mul(2).saturating_add(2_000);
        if single {
            wait.saturating_add(PEER_DELAY_US)
        } else {
            wait
        }
    }

    /// Whether one is to be sent.
    #[inline]
    pub(super) const fn is_pending(&self) -> bool {
        self.pending
    }

    /// None is to be sent for now; one that is on its way stays.
    pub(super) const fn hold(&mut self) {
        self.pending = false;
    }

    /// It was sent.
    pub(super) fn on_sent(&mut self, end: SeqNumber, again: bool) {
        *self = Self {
            end,
            sent: true,
            again,
            pending: false,
        };
    }

    /// Recovery has begun, or everything is acknowledged: nothing is asked any more.
    pub(super) fn stop(&mut self) {
        *self = Self::default();
    }

    /// An acknowledgment (RFC 8985 §7.4.2). `twice` if it reports something received twice, `bare`
    /// if it says nothing new. Returns whether the probe repaired a loss of which nobody knew.
    pub(super) fn on_ack(&mut self, ack: SeqNumber, twice: bool, bare: bool) -> bool {
        if !self.sent || ack.before(self.end) {
            return false;
        }
        let needless = !self.again || twice;
        let beyond = ack.after(self.end);
        // Bare: the original and the probe have both arrived.
        self.sent = !(needless || beyond || bare);
        beyond && !needless
    }
}

impl Tcb<'_> {
    /// Two round trips of silence: a probe is to be sent, and the retransmission timer gives it
    /// time (RFC 8985 §7.3).
    pub(super) fn on_tail(&mut self) {
        // A closed window is asked about otherwise.
        if self.flight() == 0 || self.snd.wnd == 0 {
            return;
        }
        self.tail.pending = true;
        self.start_retransmit();
    }

    /// A tail loss probe (RFC 8985 §7.3): new data if the peer's window has room, whatever the
    /// congestion window says, else the last segment again.
    pub(super) fn plan_tail(&self, max: u32) -> Option<Plan> {
        let (flight, queued) = (self.flight(), self.tx.len() as u32);
        let full = max.min(self.send_mss());
        let room = self.snd.wnd.saturating_sub(flight);
        let available = queued.saturating_sub(flight);
        let len = available.min(room).min(full);
        if len > 0 && (len == full || len == available) {
            return Some(Plan::Data {
                len,
                fin: false,
                probe: false,
            });
        }
        let octets = flight.min(full);
        let offset = flight.saturating_sub(octets);
        let (len, fin) = self.again(offset, octets);
        (len > 0 || fin).then_some(Plan::Resend { offset, len, fin })
    }

    /// Something was sent or acknowledged: when a tail loss probe is due (RFC 8985 §7.2).
    #[inline]
    pub(super) fn schedule_tail_probe(&mut self, now: Instant) {
        if !self.rcv.sack_use.is_on() || !self.has_no_gap() {
            return;
        }
        let idle = self.tail.is_idle();
        let Some(smoothed) = self.rtt.smoothed().filter(|_| idle) else {
            self.timers.stop(Timer::Loss);
            return;
        };
        let single = self.flight() <= self.send_mss();
        let due = clock::after_micros(now, TailProbe::wait_us(smoothed, single));
        // It takes the place of a retransmission timer that would be earlier.
        let due = due.min(self.timers.at(Timer::Retransmit, self.clock));
        self.timers.set(Timer::Loss, due);
    }
}

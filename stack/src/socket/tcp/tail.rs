//! Tail loss probes (RFC 8985 §7): when the last segments of a flight are lost nothing follows them
//! that would tell. So after two round trips of silence one segment is sent, new or again, and its
//! acknowledgment tells what is missing, long before the retransmission timer would.

use super::seq::SeqNumber;

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
    pub(super) pending: bool,
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
    pub(super) const fn wait_us(smoothed_us: u32, single: bool) -> u32 {
        let wait = smoothed_us.saturating_mul(2).saturating_add(2_000);
        if single {
            wait.saturating_add(PEER_DELAY_US)
        } else {
            wait
        }
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

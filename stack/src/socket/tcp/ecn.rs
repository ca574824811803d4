//! Explicit congestion notification (RFC 3168 §6): what routers mark instead of dropping, on its
//! way from their mark to the window of the sender. AccECN and L4S are not here.

use super::seq::SeqNumber;

//= RFC 9293: SHLD-8
/// Explicit congestion notification of a connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ecn {
    /// Both sides use it; before the handshake is done, we ask for it.
    on: bool,
    /// A packet with the mark has come: acknowledgments say so until the peer has answered.
    echo: bool,
    /// We have answered: the next new data says so.
    answer: bool,
    /// Echoes before this is acknowledged are of marks that were answered already.
    until: SeqNumber,
}

impl Ecn {
    /// Whether this build has it.
    pub(super) const AVAILABLE: bool = true;

    pub(super) const fn new(on: bool, iss: SeqNumber) -> Self {
        Self {
            on,
            echo: false,
            answer: false,
            until: iss,
        }
    }

    /// Whether both sides use it, or we ask for it.
    #[inline]
    pub(super) const fn is_on(&self) -> bool {
        self.on
    }

    /// It is not used after all.
    pub(super) fn refuse(&mut self) {
        self.on = false;
    }

    /// Whether acknowledgments say that a mark has come.
    #[inline]
    pub(super) const fn echoes(&self) -> bool {
        self.echo
    }

    /// Whether the next new data says that the window was reduced; once.
    #[inline]
    pub(super) fn take_answer(&mut self) -> bool {
        core::mem::take(&mut self.answer)
    }

    /// Data has come (§6.1.3): `marked` if it met congestion, `answered` if the peer has reduced
    /// its window. Both at once is a new mark.
    #[inline]
    pub(super) fn on_data(&mut self, marked: bool, answered: bool) {
        if self.on && (marked || answered) {
            self.echo = marked;
        }
    }

    /// The peer echoes a mark (§6.1.2). Returns whether it is one that was not answered: once in a
    /// round trip.
    pub(super) fn on_echo(&mut self, una: SeqNumber, nxt: SeqNumber) -> bool {
        if !self.on || una.at_or_before(self.until) {
            return false;
        }
        self.until = nxt;
        self.answer = true;
        true
    }
}

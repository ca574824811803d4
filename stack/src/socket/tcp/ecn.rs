//! Explicit congestion notification (RFC 3168 §6): what routers mark instead of dropping, on its
//! way from their mark to the window of the sender. AccECN and L4S are not here.

use super::seq::SeqNumber;

/// Whether a connection uses explicit congestion notification.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EcnUse {
    /// No.
    Off,
    /// If the peer asks for it in its SYN.
    #[default]
    Accept,
    /// Ask for it. A SYN that is sent again does not, in case something on the way takes offense
    /// (RFC 3168 §6.1.1.1).
    Offer,
}

//= RFC 9293: SHLD-8
/// Explicit congestion notification of a connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ecn {
    /// Both sides use it; before the handshake is done, we ask for it.
    pub(super) on: bool,
    /// A packet with the mark has come: acknowledgments say so until the peer has answered.
    pub(super) echo: bool,
    /// We have answered: the next new data says so.
    pub(super) answer: bool,
    /// Echoes before this is acknowledged are of marks that were answered already.
    until: SeqNumber,
}

impl Ecn {
    pub(super) const fn new(on: bool, iss: SeqNumber) -> Self {
        Self {
            on,
            echo: false,
            answer: false,
            until: iss,
        }
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

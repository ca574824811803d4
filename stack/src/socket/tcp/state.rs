//! The state machine (RFC 9293 §3.3.2, figure 5) as a table of state × event. A connection changes
//! its state only here. What is not in the table cannot happen; `tests/states.md` is its rendering.
//!
//! There is no LISTEN: a listener is no connection. The way of a passive open through LISTEN and
//! SYN-RECEIVED is that of a [`HalfOpen`](super::HalfOpen), which becomes a connection when it is
//! done. SYN-RECEIVED is here for simultaneous open, and for builds without the part `backlog`,
//! where a SYN for a listener leads there from CLOSED.

use crate::parts::COUNTERS;

/// The state of a connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum State {
    /// No connection.
    #[default]
    Closed,
    /// A SYN was sent, or is to be.
    SynSent,
    /// The peer's SYN was answered with ours, or SYNs have crossed; ours is not acknowledged.
    SynReceived,
    /// Open in both directions.
    Established,
    /// We are finished: a FIN was sent, or is to be sent after the data that is queued.
    FinWait1,
    /// Our FIN is acknowledged; the peer may send on.
    FinWait2,
    /// The peer is finished; we may send on.
    CloseWait,
    /// FINs have crossed; ours is not acknowledged.
    Closing,
    /// The peer was finished first, then we; our FIN is not acknowledged.
    LastAck,
    /// Both directions are done; late segments are waited for.
    TimeWait,
}

impl State {
    /// Every state, in the order of the table.
    pub const ALL: [Self; 10] = [
        Self::Closed,
        Self::SynSent,
        Self::SynReceived,
        Self::Established,
        Self::FinWait1,
        Self::FinWait2,
        Self::CloseWait,
        Self::Closing,
        Self::LastAck,
        Self::TimeWait,
    ];

    /// Its name as RFC 9293 writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Closed => "CLOSED",
            Self::SynSent => "SYN-SENT",
            Self::SynReceived => "SYN-RECEIVED",
            Self::Established => "ESTABLISHED",
            Self::FinWait1 => "FIN-WAIT-1",
            Self::FinWait2 => "FIN-WAIT-2",
            Self::CloseWait => "CLOSE-WAIT",
            Self::Closing => "CLOSING",
            Self::LastAck => "LAST-ACK",
            Self::TimeWait => "TIME-WAIT",
        }
    }

    /// Whether data may still arrive.
    #[inline]
    #[must_use]
    pub const fn receives(self) -> bool {
        matches!(self, Self::Established | Self::FinWait1 | Self::FinWait2)
    }

    /// Whether the application may queue data for a peer that is there.
    #[inline]
    #[must_use]
    pub const fn sends(self) -> bool {
        matches!(self, Self::Established | Self::CloseWait)
    }

    /// Whether data or a FIN may be in flight.
    #[inline]
    #[must_use]
    pub const fn transmits(self) -> bool {
        matches!(
            self,
            Self::Established | Self::CloseWait | Self::FinWait1 | Self::Closing | Self::LastAck
        )
    }

    /// Whether both sides know each other's sequence numbers (RFC 9293 §3.5.2).
    #[must_use]
    pub const fn is_synchronized(self) -> bool {
        !matches!(self, Self::Closed | Self::SynSent | Self::SynReceived)
    }

    /// The state after an event; `None` if the event cannot happen in this state.
    #[must_use]
    pub const fn after(self, event: Event) -> Option<Self> {
        use Event as E;
        use State as S;
        Some(match (self, event) {
            (S::Closed, E::ActiveOpen) => S::SynSent,
            (S::Closed, E::PassiveOpen) => S::Established,
            (S::Closed | S::SynSent, E::RecvSyn) => S::SynReceived,
            (S::SynSent, E::RecvSynAck) | (S::SynReceived, E::AckOfSyn) => S::Established,
            (S::SynSent, E::Close) | (S::LastAck, E::AckOfFin) => S::Closed,
            (S::Established, E::Close) => S::FinWait1,
            (S::CloseWait, E::Close) => S::LastAck,
            (S::Established, E::RecvFin) => S::CloseWait,
            (S::FinWait1, E::RecvFin) => S::Closing,
            (S::FinWait2, E::RecvFin) | (S::Closing, E::AckOfFin) => S::TimeWait,
            (S::FinWait1, E::AckOfFin) => S::FinWait2,
            (S::TimeWait, E::TimeWaitOver) => S::Closed,
            (S::Closed, _) => return None,
            (_, E::RecvRst | E::Abort | E::GiveUp) => S::Closed,
            _ => return None,
        })
    }
}

impl core::fmt::Display for State {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.pad(self.name())
    }
}

/// What can happen to a connection's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The application connects.
    ActiveOpen,
    /// A half-open connection is done.
    PassiveOpen,
    /// A SYN without acknowledgment of ours (simultaneous open, or a listener without backlog).
    RecvSyn,
    /// A SYN that acknowledges ours.
    RecvSynAck,
    /// Our SYN is acknowledged after SYNs have crossed.
    AckOfSyn,
    /// The application closes. (Between SYN and its acknowledgment the call waits.)
    Close,
    /// The peer's FIN, in order.
    RecvFin,
    /// Our FIN is acknowledged.
    AckOfFin,
    /// A believable RST.
    RecvRst,
    /// The application aborts, or the peer sent what no application waits for.
    Abort,
    /// No answer for too long.
    GiveUp,
    /// The quiet time has passed.
    TimeWaitOver,
}

impl Event {
    /// Every event, in the order of the table.
    pub const ALL: [Self; 12] = [
        Self::ActiveOpen,
        Self::PassiveOpen,
        Self::RecvSyn,
        Self::RecvSynAck,
        Self::AckOfSyn,
        Self::Close,
        Self::RecvFin,
        Self::AckOfFin,
        Self::RecvRst,
        Self::Abort,
        Self::GiveUp,
        Self::TimeWaitOver,
    ];
}

/// How a connection ended, as RFC 4022 counts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It was never open: `tcpAttemptFails`.
    Failed,
    /// It went from ESTABLISHED or CLOSE-WAIT to CLOSED at once: `tcpEstabResets`.
    Reset,
}

impl Fate {
    /// What is to be counted where CLOSED follows upon a state at once.
    pub(crate) const fn of(before: State) -> Option<Self> {
        match before {
            State::SynSent | State::SynReceived => Some(Self::Failed),
            State::Established | State::CloseWait => Some(Self::Reset),
            _ => None,
        }
    }
}

/// A state that changes only by events.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Machine {
    state: State,
    /// The state before CLOSED, until somebody has asked for it.
    ended_in: State,
}

impl Machine {
    /// The state.
    #[inline]
    pub(super) const fn state(self) -> State {
        self.state
    }

    /// Move as the table says; what it does not say changes nothing. Returns whether it moved.
    pub(super) const fn apply(&mut self, event: Event) -> bool {
        match self.state.after(event) {
            Some(next) => {
                if COUNTERS && matches!(next, State::Closed) {
                    self.ended_in = self.state;
                }
                self.state = next;
                true
            }
            None => false,
        }
    }

    /// What is to be counted of the end of a connection; once.
    pub(super) const fn take_fate(&mut self) -> Option<Fate> {
        let fate = Fate::of(self.ended_in);
        self.ended_in = State::Closed;
        fate
    }
}

//! What happened to segments, counted by name, for all connections of a host together. Every
//! segment that is dropped is counted where it is dropped.

use super::state::Fate;
use crate::parts::COUNTERS;

macro_rules! counters {
    ($($(#[doc = $doc:literal])+ $name:ident),+ $(,)?) => {
        /// Counters of TCP; they wrap.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct TcpCounters {
            $($(#[doc = $doc])+ pub $name: u32,)+
        }

        impl TcpCounters {
            /// Nothing has been counted.
            pub(crate) const ZERO: Self = Self { $($name: 0),+ };

            /// Every counter with its name, in the order of the fields.
            pub fn entries(&self) -> impl Iterator<Item = (&'static str, u32)> {
                [$((stringify!($name), self.$name)),+].into_iter()
            }
        }
    };
}

counters! {
    /// Segments received, for whomever, also those with errors. Counted by the owner of the
    /// connections.
    segments_in,
    /// Segments sent, with retransmissions; answers for which no connection is needed are counted
    /// by the owner of the connections.
    segments_out,
    /// Segments with data or a FIN or a SYN sent again.
    retransmissions,
    /// Retransmission timers that expired.
    retransmit_timeouts,
    /// Losses found without a timeout.
    fast_retransmits,
    /// Recoveries that were begun although nothing was lost, and taken back.
    spurious_recoveries,
    /// Windows reduced because the peer saw a mark of congestion (RFC 3168).
    congestion_echoes,
    /// Reports of a peer that it has received something twice (RFC 2883).
    reported_twice,
    /// Tail loss probes sent (RFC 8985 §7).
    tail_probes,
    /// Connections whose data was sent again so often that something may be wrong on the way (R1 of
    /// RFC 9293 §3.8.3).
    troubled,
    /// Reports of the network about segments in flight (RFC 5927 §4.1).
    reports,
    /// Reports about segments that are not in flight; ignored.
    bad_reports,
    /// Full segments vanished, and smaller ones were tried (RFC 4821 §7.7).
    black_holes,
    /// Connections begun by us.
    active_opens,
    /// Connections that a peer has begun and that were answered (SYN-RECEIVED), or established by
    /// the acknowledgment of a cookie. Counted by the owner of listeners.
    passive_opens,
    /// Connections that ended before they were open, half-open ones among them (RFC 4022,
    /// `tcpAttemptFails`). Counted by the owner of the connections.
    attempt_fails,
    /// Connections that ended at once while open, or after the peer had finished (RFC 4022,
    /// `tcpEstabResets`). Counted by the owner of the connections.
    estab_resets,
    /// Connections given up: no answer for too long.
    timeouts,
    /// Connections ended by a peer's RST.
    resets_in,
    /// RSTs sent.
    resets_sent,
    /// Segments outside the receive window that were answered with an acknowledgment.
    out_of_window,
    /// Segments that were trimmed to the window.
    trimmed,
    /// Segments that hold only what was received before.
    duplicate_data,
    /// Segments with data that arrived out of order and were kept.
    out_of_order,
    /// Out-of-order data not kept: more gaps than there is memory for.
    assembler_full,
    /// Acknowledgments that did not acknowledge anything new while something was in flight.
    duplicate_acks,
    /// Acknowledgments of what was never sent or of long ago; dropped (RFC 5961 §5).
    bad_ack,
    /// Segments without ACK; dropped.
    no_ack,
    /// Challenge acknowledgments sent (RFC 5961).
    challenge_acks,
    /// Challenge acknowledgments not sent, because there were too many.
    challenge_acks_limited,
    /// RSTs at another place than the next expected octet, or in TIME-WAIT; not obeyed.
    bad_reset,
    /// SYNs on an open connection; not obeyed (RFC 5961 §4).
    bad_syn,
    /// Segments in SYN-SENT that are no answer to our SYN; dropped.
    bad_handshake,
    /// Segments with an old timestamp (RFC 7323 §5); dropped.
    paws,
    /// Segments without the timestamp that was agreed on; dropped.
    no_timestamp,
    /// Data or FIN in a state that takes none; dropped.
    unexpected_data,
    /// Data for an application that is gone; answered with RST.
    data_after_close,
    /// Segments for a connection that is closed.
    closed,
    /// Probes of a closed window sent.
    window_probes,
    /// Times that the end of urgent data was told or moved (RFC 9293 §3.8.5).
    urgent,
    /// Keep-alive probes sent.
    keep_alive_probes,
    /// SYNs that found a listener's backlog full, and handshakes that ended without room for the
    /// connection; dropped. Counted by the owner of listeners.
    listen_overflows,
    /// SYNs answered with a SYN cookie. Counted by the owner of listeners.
    cookies_sent,
    /// Connections begun by the acknowledgment of a cookie. Counted by the owner of listeners.
    cookies_accepted,
    /// Segments for no connection that came while cookies were out and acknowledge none of them.
    /// Counted by the owner of listeners.
    cookies_refused,
    /// Quiet times (TIME-WAIT) that were cut short for want of room.
    time_waits_cut,
    /// Half-open connections given up. Counted by the owner of listeners.
    handshake_timeouts,
}

/// Add one.
#[inline]
pub(crate) const fn count(counter: &mut u32) {
    if COUNTERS {
        *counter = counter.wrapping_add(1);
    }
}

impl TcpCounters {
    /// A segment was received.
    #[inline]
    pub(crate) const fn received(&mut self) {
        count(&mut self.segments_in);
    }

    /// A segment is sent that no connection has counted.
    pub(crate) const fn answered(&mut self) {
        count(&mut self.segments_out);
    }

    /// A listener has answered a SYN, and keeps it in mind.
    pub(crate) const fn passively_opened(&mut self) {
        count(&mut self.passive_opens);
    }

    /// A SYN-ACK is sent again.
    pub(crate) const fn retransmitted(&mut self) {
        count(&mut self.retransmissions);
    }

    /// A connection is closed.
    pub(crate) const fn ended(&mut self, fate: Option<Fate>) {
        match fate {
            Some(Fate::Failed) => count(&mut self.attempt_fails),
            Some(Fate::Reset) => count(&mut self.estab_resets),
            None => {}
        }
    }
}

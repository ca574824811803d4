//! Figures of one connection, for whoever wants to watch it.

use super::{CongestionControl, Duration, State};

/// A snapshot of a connection's figures. Windows and amounts are in octets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TcpInfo {
    /// The state.
    pub state: State,
    /// Smoothed round-trip time, once measured.
    pub round_trip: Option<Duration>,
    /// The shortest round-trip time measured so far.
    pub min_round_trip: Option<Duration>,
    /// Variation of the round-trip time.
    pub round_trip_variation: Duration,
    /// Retransmission timeout as it is now, with back-off.
    pub retransmit_timeout: Duration,
    /// Congestion window. A build without the feature `pipeline` has none, and no threshold: both
    /// are the largest number there is.
    pub congestion_window: u32,
    /// Slow start threshold.
    pub slow_start_threshold: u32,
    /// Window the peer offers.
    pub send_window: u32,
    /// Window we offer.
    pub receive_window: u32,
    /// What is unacknowledged.
    pub in_flight: u32,
    /// What of that is on its way, as congestion control counts it: neither lost nor arrived out of
    /// order.
    pub pipe: u32,
    /// What of that the peer has, out of order.
    pub sacked: u32,
    /// What of that is lost and not sent again yet.
    pub lost: u32,
    /// Whether a loss or a timeout is being repaired.
    pub recovering: bool,
    /// Which congestion control is in use.
    pub congestion_control: CongestionControl,
    /// Payload of a full segment.
    pub send_mss: u16,
    /// Segments sent again so far.
    pub retransmissions: u32,
    /// Whether timestamps are in use.
    pub timestamps: bool,
    /// Whether selective acknowledgments are in use (RFC 2018).
    pub selective_acks: bool,
    /// Whether explicit congestion notification is in use (RFC 3168).
    pub ecn: bool,
    /// Whether window scaling is in use.
    pub window_scaling: bool,
}

//! What congestion control is chosen by, and what it is told.

use super::seq::SeqNumber;

/// Which congestion control.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CongestionControl {
    /// NewReno (RFC 5681, RFC 6582).
    NewReno,
    /// CUBIC (RFC 9438): a window that depends on time since the last loss rather than on the
    /// round-trip time. In a build without the feature `cubic` it is NewReno.
    #[default]
    Cubic,
}

/// An acknowledgment, as congestion control sees it.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(
    not(feature = "cubic"),
    allow(dead_code, reason = "NewReno needs less")
)]
pub(super) struct Ack {
    /// Octets that have arrived.
    pub(super) octets: u32,
    /// Payload of a full segment.
    pub(super) mss: u32,
    /// In microseconds, on a clock that wraps.
    pub(super) now_us: u32,
    /// Smoothed round-trip time, in microseconds.
    pub(super) smoothed_us: u32,
    /// Round-trip time of what is acknowledged, in microseconds.
    pub(super) rtt_us: Option<u32>,
    /// SND.UNA and SND.NXT.
    pub(super) una: SeqNumber,
    pub(super) nxt: SeqNumber,
    /// Segments by which slow start grows at most for one acknowledgment: the L of RFC 3465.
    pub(super) burst: u32,
}

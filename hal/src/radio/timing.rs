//! Times of the O-QPSK PHY at 2450 MHz (IEEE 802.15.4-2020 §10.1, §11.2, §12): 62,500 symbols of
//! four bits in a second.

use crate::time::{Duration, Instant};

/// One symbol.
pub const SYMBOL: Duration = Duration::from_micros(16);
/// One octet, two symbols.
pub const OCTET: Duration = Duration::from_micros(32);
/// Preamble and start-of-frame delimiter, ten symbols.
pub const SHR: Duration = Duration::from_micros(160);
/// aTurnaroundTime: from the end of a frame to the start of its acknowledgment, twelve symbols;
/// also macSifsPeriod, which follows frames of up to [`MAX_SIFS_FRAME`] octets.
pub const TURNAROUND: Duration = Duration::from_micros(192);
/// macLifsPeriod: the pause after longer frames, forty symbols.
pub const LIFS: Duration = Duration::from_micros(640);
/// aMaxSifsFrameSize: octets, frame check sequence included, of frames that a SIFS follows.
pub const MAX_SIFS_FRAME: usize = 18;
/// Eight symbols: a clear channel assessment.
pub const CCA: Duration = Duration::from_micros(128);
/// aUnitBackoffPeriod, twenty symbols.
pub const BACKOFF: Duration = Duration::from_micros(320);
/// From the end of a frame to the end of its acknowledgment at the latest, 54 symbols
/// (macAckWaitDuration).
pub const ACK_WAIT: Duration = Duration::from_micros(864);
/// aBaseSuperframeDuration, 960 symbols: the unit of scans.
pub const BASE_SUPERFRAME: Duration = Duration::from_micros(15_360);
/// Octets of the frame check sequence.
pub const FCS: usize = 2;

/// Time on air of a frame of `len` octets without frame check sequence, preamble to end.
#[must_use]
pub const fn airtime(len: usize) -> Duration {
    SHR.saturating_add(payload_time(len))
}

/// When a frame of `len` octets ends whose start-of-frame delimiter ended at `timestamp`.
#[must_use]
pub const fn frame_end(timestamp: Instant, len: usize) -> Instant {
    timestamp.saturating_add(payload_time(len))
}

/// The pause that a sender owes after a frame of `len` octets without frame check sequence.
#[must_use]
pub const fn spacing(len: usize) -> Duration {
    if len.saturating_add(FCS) <= MAX_SIFS_FRAME {
        TURNAROUND
    } else {
        LIFS
    }
}

/// PHY header, frame and frame check sequence.
const fn payload_time(len: usize) -> Duration {
    OCTET.saturating_mul(len.saturating_add(1).saturating_add(FCS) as u64)
}

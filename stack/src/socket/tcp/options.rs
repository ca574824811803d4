//! What is agreed on in SYNs: segment size (RFC 6691), window scale and timestamps (RFC 7323), and
//! selective acknowledgment (RFC 2018 §2).

use super::window::{Mss, WindowScale};
use super::{Instant, SeqNumber, TcpConfig, TcpOptionSet, TcpOptionTimestamp};

/// Octets that the timestamp option takes of a segment, with padding.
pub(super) const TIMESTAMP_LEN: u16 = 12;

/// What we offer in a SYN.
#[derive(Clone, Copy, Debug)]
pub(super) struct Offer {
    pub(super) mss: Mss,
    /// Scale of our window; `None` if scaling is not offered.
    pub(super) scale: Option<WindowScale>,
    pub(super) timestamps: bool,
    pub(super) sack: bool,
}

impl Offer {
    /// The offer for a connection that can receive `window` octets.
    pub(super) fn new(config: &TcpConfig, window: u32, mss: Mss) -> Self {
        Self {
            mss: mss.min(Mss::new(config.max_segment)),
            scale: config
                .window_scaling
                .then(|| WindowScale::for_window(window)),
            timestamps: config.timestamps,
            sack: config.sack,
        }
    }

    /// The part of the offer that the peer's SYN takes up.
    pub(super) fn accepted(self, peer: &TcpOptionSet<'_>) -> Agreement {
        let scales = self.scale.zip(peer.window_scale);
        let timestamp = peer.timestamp.filter(|_| self.timestamps);
        Agreement {
            peer_mss: Mss::from_option(peer.mss),
            our_scale: scales.map(|(ours, _)| ours),
            peer_scale: scales.map_or(WindowScale::NONE, |(_, s)| WindowScale::from_option(s)),
            timestamp: timestamp.map(|timestamp| timestamp.tsval),
            sack: self.sack && peer.sack_permitted,
        }
    }

    //= RFC 9293: MUST-4, MUST-14, MUST-65, MUST-68, SHLD-5, MAY-3
    /// The options of our SYN or, after `agreement`, of our SYN-ACK.
    pub(super) fn options(self, stamp: Option<TcpOptionTimestamp>) -> TcpOptionSet<'static> {
        TcpOptionSet {
            mss: Some(self.mss.octets()),
            window_scale: self.scale.map(WindowScale::shift),
            timestamp: stamp,
            sack_permitted: self.sack,
            ..TcpOptionSet::default()
        }
    }
}

/// What both sides have said.
#[derive(Clone, Copy, Debug)]
pub(super) struct Agreement {
    pub(super) peer_mss: Mss,
    /// Scale of our window; `None` if there is no scaling.
    pub(super) our_scale: Option<WindowScale>,
    pub(super) peer_scale: WindowScale,
    /// The peer's timestamp; `None` if there are none.
    pub(super) timestamp: Option<u32>,
    pub(super) sack: bool,
}

/// Timestamps of a connection (RFC 7323 §3).
#[derive(Clone, Copy, Debug)]
pub(super) struct Timestamps {
    /// TS.Recent.
    pub(super) recent: u32,
    /// Added to the clock, so that it does not tell how long the host has been up.
    offset: u32,
    /// When TS.Recent came, in units of 2²⁶ µs.
    recent_at: u16,
    /// Whether they are offered or agreed on.
    pub(super) on: bool,
}

/// After 24 days of silence an old timestamp proves nothing (RFC 7323 §5.5).
const OUTDATED: u16 = ((24_u64 * 24 * 3600 * 1_000_000) >> 26) as u16;

/// The time in units of 67 s, on a clock that wraps after 50 days.
const fn minutes(now: Instant) -> u16 {
    (now.total_micros() >> 26) as u16
}

impl Timestamps {
    pub(super) fn new(on: bool, iss: SeqNumber) -> Self {
        let offset = iss.0.wrapping_mul(0x9e37_79b1).rotate_left(15);
        Self {
            on,
            recent: 0,
            recent_at: 0,
            offset,
        }
    }

    /// Timestamps of a connection of which only these are remembered.
    pub(super) const fn restored(on: bool, recent: u32, offset: u32, now: Instant) -> Self {
        Self {
            recent,
            offset,
            recent_at: minutes(now),
            on,
        }
    }

    /// What is added to the clock.
    pub(super) const fn offset(&self) -> u32 {
        self.offset
    }

    /// Our clock.
    fn value(&self, now: Instant) -> u32 {
        (now.total_millis() as u32).wrapping_add(self.offset)
    }

    /// The option for a segment that is sent now.
    #[inline]
    pub(super) fn option(&self, now: Instant) -> Option<TcpOptionTimestamp> {
        if !self.on {
            return None;
        }
        Some(TcpOptionTimestamp {
            tsval: self.value(now),
            tsecr: self.recent,
        })
    }

    /// Whether a timestamp is from before the last one seen (RFC 7323 §5.3, R1).
    pub(super) fn is_old(&self, tsval: u32, now: Instant) -> bool {
        let age = minutes(now).wrapping_sub(self.recent_at);
        (tsval.wrapping_sub(self.recent) as i32) < 0 && age < OUTDATED
    }

    /// Remember a timestamp (RFC 7323 §4.3).
    pub(super) fn remember(&mut self, tsval: u32, now: Instant) {
        self.recent = tsval;
        self.recent_at = minutes(now);
    }

    /// The round-trip time that an echoed timestamp tells, in microseconds.
    pub(super) fn round_trip(&self, tsecr: u32, now: Instant) -> Option<u32> {
        let millis = self.value(now).wrapping_sub(tsecr);
        // Nothing is older than ten minutes; what claims to be was made up.
        (tsecr != 0 && millis < 600_000).then(|| millis.max(1).saturating_mul(1000))
    }
}

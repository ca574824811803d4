//! What a connection can be told to do differently, with defaults that suit most.

use core::num::NonZeroU8;

use super::congestion::CongestionControl;
use super::ecn::Ecn;
use super::stamps::Timestamps;
use super::timer::FARTHEST_US;
use super::{Duration, Instant, clock};
use crate::parts::{Kept, TCP_CONFIG, TCP_EXTRAS};

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

impl EcnUse {
    /// Whether a peer that asks for it gets it.
    pub(super) fn accepts(self) -> bool {
        Ecn::AVAILABLE && self != Self::Off
    }
}

/// Whether a connection uses timestamps (RFC 7323 §3–5): round-trip times of retransmissions,
/// protection against wrapped sequence numbers, and a sender that knows at once when it has sent
/// something again needlessly (RFC 3522), for twelve octets a segment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TimestampUse {
    /// No.
    Off,
    /// If the peer offers them in its SYN.
    #[default]
    Accept,
    /// Offer them.
    Offer,
}

impl TimestampUse {
    /// Whether a peer that offers them gets them.
    pub(super) fn accepts(self) -> bool {
        Timestamps::AVAILABLE && self != Self::Off
    }

    /// Whether our SYN offers them.
    pub(super) fn offers(self) -> bool {
        Timestamps::AVAILABLE && self == Self::Offer
    }
}

/// Settings of a connection. Plain values; every field may be changed before the connection begins.
/// A build without the feature `tcp-config` has the defaults, whatever they say here.
///
/// A connection keeps them in little space: delays of acknowledgments in milliseconds, long spans
/// in eighths of a second, rounded up, and none longer than 2 h 16 min.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TcpConfig {
    /// Hold small segments back while data is unacknowledged (RFC 896). Default on.
    pub nagle: bool,
    /// Hold a small segment back only while another small one is unacknowledged, rather than any
    /// data (Minshall's variant of Nagle's rule): the end of a large write does not wait for the
    /// acknowledgment of its beginning. Default on.
    pub minshall: bool,
    /// How long an acknowledgment may wait for data to travel with, or for a second segment
    /// (RFC 9293 §3.8.6.3: less than 500 ms). Zero acknowledges at once. Default 40 ms.
    pub ack_delay: Duration,
    /// Offer and accept window scaling (RFC 7323 §2). Default on.
    pub window_scaling: bool,
    /// Timestamps. Default: if the peer offers them. Who receives much over paths that change the
    /// order of packets should offer them, as it is the peer that needs them then.
    pub timestamps: TimestampUse,
    /// Offer and accept selective acknowledgments (RFC 2018): the way to find and repair several
    /// losses in one round trip. Default on.
    pub sack: bool,
    /// Explicit congestion notification (RFC 3168). Default: if the peer asks for it.
    pub ecn: EcnUse,
    /// Octets that a connection will be able to receive at once, for connections that are accepted
    /// before their buffer is known: it decides the window and its scale in the SYN-ACK. More than
    /// the buffer has costs retransmissions, less costs throughput. Default 65,535.
    pub receive_window: u32,
    /// Payload of the largest segment that is sent or asked for, whatever link and peer take: a
    /// clamp for paths that are known to be narrow. Default 65,535, no clamp.
    pub max_segment: u16,
    /// Octets of payload that a device takes at once and cuts into segments; at most that much is
    /// in one [`Outgoing`](super::Outgoing), and only whole segments. Default 0: one segment at a
    /// time.
    pub super_segment: u32,
    /// Spread the window over the round trip rather than send it in bursts: fewer losses where
    /// queues are short, for more timers. Default off.
    pub pacing: bool,
    /// Which congestion control. Default CUBIC.
    pub congestion: CongestionControl,
    /// Segments of the initial window (RFC 6928). Default 10.
    pub initial_window: u8,
    /// Retransmission timeout before anything was measured (RFC 6298 §2.1). Default 1 s.
    pub initial_rto: Duration,
    /// Lower limit of the retransmission timeout. RFC 6298 §2.4 says 1 s; the default is 200 ms, as
    /// on the systems one meets. In whole milliseconds, and at most 65 s.
    pub min_rto: Duration,
    /// Upper limit of it (RFC 6298 §2.5: at least 60 s). Default 60 s.
    pub max_rto: Duration,
    /// How often a SYN is sent again before the attempt fails. Default 8: three minutes, as
    /// RFC 9293 §3.8.3 wants it (MUST-23).
    pub syn_retries: u8,
    /// How often a SYN-ACK is sent again before the half-open connection is forgotten, at most 15.
    /// Default 5.
    pub syn_ack_retries: u8,
    /// How often data is sent again without an answer before the connection fails: R2 of RFC 9293
    /// §3.8.3, which asks for at least 100 s. Default 15, a quarter of an hour.
    pub data_retries: u8,
    /// Give up when data has been unacknowledged for this long (RFC 5482). Default none: only
    /// `data_retries` counts, as always in a build without the feature `tcp-extras`.
    pub user_timeout: Option<Duration>,
    /// Probe a connection that has been silent for this long (RFC 9293 §3.8.4, which says that it
    /// is off by default and then two hours). Default none.
    pub keep_alive: Option<Duration>,
    /// Time between probes that are not answered. Default 75 s.
    pub keep_alive_interval: Duration,
    /// Unanswered probes after which the connection fails. Default 9.
    pub keep_alive_probes: u8,
    /// How long TIME-WAIT lasts: twice the maximum segment lifetime. RFC 9293 takes 2 minutes for
    /// that lifetime "arbitrarily"; no packet lives that long in today's networks. Default 60 s (2
    /// × 30 s), as on Linux and BSD.
    pub time_wait: Duration,
    /// Answer a SYN for which the backlog has no room with a SYN cookie rather than not at all
    /// (RFC 4987 §3.6). The connection that it begins has no window scale, SACK or ECN unless both
    /// sides use timestamps. Default on.
    pub syn_cookies: bool,
    /// How long a peer may leave a released connection half closed (FIN-WAIT-2). Default 60 s.
    pub fin_wait_2: Duration,
    /// DiffServ code point of what is sent (RFC 2474), at most 63. Default 0.
    pub dscp: u8,
    /// Hop limit or time to live of what is sent. Default: the interface's.
    pub hop_limit: Option<NonZeroU8>,
}

impl TcpConfig {
    /// The defaults.
    pub const DEFAULT: Self = Self {
        nagle: true,
        minshall: true,
        ack_delay: Duration::from_millis(40),
        window_scaling: true,
        timestamps: TimestampUse::Accept,
        sack: true,
        ecn: EcnUse::Accept,
        receive_window: 65_535,
        max_segment: u16::MAX,
        super_segment: 0,
        pacing: false,
        congestion: CongestionControl::Cubic,
        initial_window: 10,
        initial_rto: Duration::from_secs(1),
        min_rto: Duration::from_millis(200),
        max_rto: Duration::from_secs(60),
        //= RFC 9293: MUST-23
        syn_retries: 8,
        syn_ack_retries: 5,
        //= RFC 9293: SHLD-11
        data_retries: 15,
        user_timeout: None,
        //= RFC 9293: MUST-25, MUST-28
        keep_alive: None,
        keep_alive_interval: Duration::from_secs(75),
        keep_alive_probes: 9,
        time_wait: Duration::from_secs(60),
        syn_cookies: true,
        fin_wait_2: Duration::from_secs(60),
        dscp: 0,
        hop_limit: None,
    };
}

impl TcpConfig {
    /// The settings, in a build that has others than the defaults.
    #[inline]
    pub(crate) const fn or_default(&self) -> &Self {
        if TCP_CONFIG { self } else { &Self::DEFAULT }
    }

    /// What IP is told of every segment.
    pub(crate) const fn traffic(&self) -> Traffic {
        Traffic {
            dscp: self.dscp & Traffic::MAX_DSCP,
            hop_limit: self.hop_limit,
        }
    }
}

/// What IP is told of the segments of a connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Traffic {
    pub(crate) dscp: u8,
    pub(crate) hop_limit: Option<NonZeroU8>,
}

impl Traffic {
    /// The largest code point.
    pub(crate) const MAX_DSCP: u8 = 63;
}

impl Default for TcpConfig {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// A span in eighths of a second, two octets: up to 2 h 16 min.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Eighths(u16);

impl Eighths {
    /// No time.
    #[cfg_attr(
        not(feature = "tcp-extras"),
        allow(dead_code, reason = "of keep-alive")
    )]
    pub(super) const ZERO: Self = Self(0);

    /// A span, rounded up.
    pub(super) const fn new(span: Duration) -> Self {
        // In two steps, of which the second has words of 32 bits to divide.
        let eights = span.total_micros().saturating_add(7) >> 3;
        let eights = if eights > u32::MAX as u64 {
            u32::MAX
        } else {
            eights as u32
        };
        let eighths = eights.div_ceil(15_625);
        Self(if eighths > u16::MAX as u32 {
            u16::MAX
        } else {
            eighths as u16
        })
    }

    /// In microseconds, at most 71 minutes.
    #[inline]
    pub(super) const fn micros(self) -> u32 {
        (self.0 as u32).saturating_mul(125_000)
    }

    /// The instant so much after another.
    pub(super) const fn after(self, at: Instant) -> Instant {
        clock::after_millis(at, (self.0 as u32).wrapping_mul(125))
    }
}

/// Settings that do not change in a connection's life.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) time_wait: Eighths,
    pub(super) fin_wait_2: Eighths,
    pub(super) syn_retries: u8,
    pub(super) data_retries: u8,
}

impl Limits {
    const DEFAULT: Self = Self::new(&TcpConfig::DEFAULT);

    const fn new(config: &TcpConfig) -> Self {
        Self {
            time_wait: Eighths::new(config.time_wait),
            fin_wait_2: Eighths::new(config.fin_wait_2),
            syn_retries: config.syn_retries,
            data_retries: config.data_retries,
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// What of the settings a connection keeps, in little space.
#[derive(Clone, Copy, Debug)]
pub(super) struct Settings {
    /// 0: none.
    user_timeout_ms: u32,
    pub(super) ack_delay_ms: u16,
    limits: Kept<Limits, { TCP_CONFIG as usize }>,
    initial_window: Kept<u8, { TCP_CONFIG as usize }>,
    pub(super) nagle: bool,
    pub(super) cork: bool,
    /// The user timeout is that of closing, which no acknowledgment puts off.
    lingers: bool,
}

//= RFC 9293: MUST-40
/// The longest delay of an acknowledgment (RFC 9293, MUST-58).
const MAX_ACK_DELAY_US: u32 = 499_000;

impl Settings {
    pub(super) fn new(config: &TcpConfig) -> Self {
        let mut settings = Self {
            user_timeout_ms: 0,
            ack_delay_ms: 0,
            limits: Kept::of(Limits::new(config)),
            initial_window: Kept::of(config.initial_window.max(1)),
            nagle: config.nagle,
            cork: false,
            lingers: false,
        };
        settings.set_ack_delay(config.ack_delay);
        settings.set_user_timeout(config.user_timeout);
        settings
    }

    /// What does not change.
    #[inline]
    pub(super) const fn limits(&self) -> &Limits {
        match self.limits.get() {
            Some(limits) => limits,
            None => &Limits::DEFAULT,
        }
    }

    /// Segments of the initial window.
    #[inline]
    pub(super) const fn initial_window(&self) -> u8 {
        match self.initial_window.get() {
            Some(segments) => *segments,
            None => TcpConfig::DEFAULT.initial_window,
        }
    }

    /// Ours is the answer to a SYN.
    pub(super) fn answers(&mut self, config: &TcpConfig) {
        self.limits
            .note(|limits| limits.syn_retries = config.syn_ack_retries);
    }

    /// How often a SYN-ACK is sent again.
    pub(super) const fn syn_ack_retries(&self) -> u8 {
        match self.limits.get() {
            Some(limits) => limits.syn_retries,
            None => TcpConfig::DEFAULT.syn_ack_retries,
        }
    }

    /// How long something may be unacknowledged, in milliseconds; 0 if there is no limit.
    #[inline]
    pub(super) const fn user_timeout_ms(&self) -> u32 {
        if TCP_EXTRAS { self.user_timeout_ms } else { 0 }
    }

    /// Whether that is a limit of closing, which no acknowledgment puts off.
    #[inline]
    pub(super) const fn lingers(&self) -> bool {
        TCP_EXTRAS && self.lingers
    }

    /// Closing takes no longer than this.
    pub(super) fn linger(&mut self, limit: Duration) {
        self.set_user_timeout(Some(limit));
        self.lingers = true;
    }

    pub(super) fn set_ack_delay(&mut self, delay: Duration) {
        let micros = clock::micros(delay).min(MAX_ACK_DELAY_US);
        self.ack_delay_ms = micros.div_ceil(1_000) as u16;
    }

    pub(super) fn set_user_timeout(&mut self, timeout: Option<Duration>) {
        if !TCP_EXTRAS {
            return;
        }
        let longest_ms = (FARTHEST_US / 1000) as u32;
        let millis = timeout.map(|span| clock::millis(span).clamp(1, longest_ms));
        self.user_timeout_ms = millis.unwrap_or(0);
        self.lingers = false;
    }
}

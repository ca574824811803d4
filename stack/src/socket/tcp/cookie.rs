//! SYN cookies (RFC 4987 §3.6): when a listener has no room for another half-open connection, what
//! it would remember of the SYN goes into the initial sequence number and, if the peer sends
//! timestamps, into ours, and comes back with the acknowledgment.
//!
//! The sequence number is 29 bits of a keyed hash of the connection, the peer's sequence number and
//! a counter of 64 seconds, and 3 bits that name a segment size. A cookie is good for two periods
//! of the counter, so a guess is right once in 2²⁸. Without timestamps the connection has neither
//! window scale nor SACK nor ECN. With them the low six bits of our timestamp say what was agreed
//! on.

use super::half_open::{HalfOpen, receive_window};
use super::options::{Agreement, Offer};
use super::scale::WindowScale;
use super::window::Mss;
use super::{Instant, Outgoing, Segment, SeqNumber, TcpConfig};
use crate::parts::{COOKIES, Kept, TCP};
use crate::sip::{Message, hash24};

/// Segment sizes that a cookie can name; the largest that the peer can take is meant.
const SIZES: [u16; 8] = [64, 536, 1_220, 1_360, 1_400, 1_440, 1_460, 8_960];
/// Bits for the segment size.
const SIZE_BITS: u32 = 3;
/// Microseconds of a period.
const PERIOD_US: i64 = 64_000_000;

/// Bits of our timestamp that say what was agreed on: the peer's window scale (15: none), SACK and
/// ECN.
const OPTION_BITS: u32 = 6;
const SCALE: u32 = 0xf;
const SACK: u32 = 0x10;
const ECN: u32 = 0x20;

/// The period that it is.
fn period(now: Instant) -> u32 {
    now.total_micros().wrapping_div(PERIOD_US) as u32
}

/// The cookies of a host.
#[derive(Clone, Copy, Debug)]
pub struct SynCookies {
    key: Kept<[u8; 16], { COOKIES as usize }>,
}

impl SynCookies {
    /// Cookies with a key that nobody else knows.
    #[must_use]
    pub fn new(secret: &[u8; 16]) -> Self {
        if !(TCP && COOKIES) {
            return Self {
                key: Kept::default(),
            };
        }
        // Another key than that of sequence numbers, which are seen by everybody.
        let halves = [*b"syn cookie key 1", *b"syn cookie key 2"].map(|part| hash24(secret, &part));
        let mut key = [0; 16];
        let (low, high) = key.split_at_mut(8);
        crate::storage::put(low, &halves[0].to_le_bytes());
        crate::storage::put(high, &halves[1].to_le_bytes());
        Self {
            key: Kept::new(key),
        }
    }

    fn key(&self) -> &[u8; 16] {
        self.key.get().unwrap_or(&[0; 16])
    }

    /// The SYN-ACK for a SYN of which nothing is remembered; `None` for a peer whose segments are
    /// too small to be named. `connection` names the connection, as in [`isn`](super::isn).
    #[must_use]
    pub fn syn_ack(
        &self,
        connection: &[u8],
        segment: &Segment<'_>,
        now: Instant,
        config: &TcpConfig,
        our_mss: Mss,
    ) -> Option<Outgoing<'static>> {
        let offer = Offer::new(config, receive_window(config), our_mss);
        let mut agreed = offer.accepted(&segment.options);
        let size = SIZES
            .iter()
            .rposition(|size| *size <= agreed.peer_mss.octets())?;
        let iss = self.number(connection, segment.seq, period(now), size as u32);
        let asks_ecn = config.ecn.accepts() && segment.flags.ece && segment.flags.cwr;
        let stamped = agreed.timestamp.is_some();
        if !stamped {
            agreed = without_options(agreed.peer_mss);
        }
        let ecn = asks_ecn && stamped;
        let half = HalfOpen::new(segment.seq, iss, &agreed, our_mss, ecn);
        let mut out = half.syn_ack(now, config);
        if let Some(stamp) = &mut out.options.timestamp {
            stamp.tsval = with_bits(stamp.tsval, bits(&agreed, ecn));
        }
        Some(out)
    }

    /// The half-open connection that a segment completes, if it acknowledges a cookie of ours.
    #[must_use]
    pub fn check(
        &self,
        connection: &[u8],
        segment: &Segment<'_>,
        now: Instant,
        config: &TcpConfig,
        our_mss: Mss,
    ) -> Option<HalfOpen> {
        let flags = segment.flags;
        if !flags.ack || flags.syn || flags.rst {
            return None;
        }
        let (irs, iss) = (
            segment.seq.wrapping_sub(1_u32),
            segment.ack.wrapping_sub(1_u32),
        );
        let size = iss.0 & ((1 << SIZE_BITS) - 1);
        let current = period(now);
        let ours = [current, current.wrapping_sub(1)]
            .iter()
            .any(|period| self.number(connection, irs, *period, size) == iss);
        if !ours {
            return None;
        }
        let peer_mss = Mss::new(*SIZES.get(size as usize)?);
        let stamp = segment.options.timestamp;
        let stamp = stamp.filter(|_| config.timestamps.accepts());
        let (agreed, ecn) = match stamp {
            Some(stamp) => {
                let agreed = read(stamp.tsecr, stamp.tsval, peer_mss, config);
                (agreed, config.ecn.accepts() && stamp.tsecr & ECN != 0)
            }
            None => (without_options(peer_mss), false),
        };
        Some(HalfOpen::new(irs, iss, &agreed, our_mss, ecn).with_window(segment.window))
    }

    /// The initial sequence number.
    fn number(&self, connection: &[u8], irs: SeqNumber, period: u32, size: u32) -> SeqNumber {
        let [irs, period] = [irs.0, period].map(u32::to_be_bytes);
        let message = Message::of(&[connection, &irs, &period, &size.to_be_bytes()]);
        let hash = hash24(self.key(), message.octets()) as u32;
        SeqNumber(hash.wrapping_shl(SIZE_BITS) | size)
    }
}

/// What is agreed on where there is no room to remember it.
const fn without_options(peer_mss: Mss) -> Agreement {
    Agreement {
        peer_mss,
        our_scale: None,
        peer_scale: WindowScale::NONE,
        timestamp: None,
        sack: false,
    }
}

/// What was agreed on, in the low bits of a timestamp.
fn bits(agreed: &Agreement, ecn: bool) -> u32 {
    let scale = agreed
        .our_scale
        .map_or(SCALE, |_| u32::from(agreed.peer_scale.shift()));
    scale | if agreed.sack { SACK } else { 0 } | if ecn { ECN } else { 0 }
}

/// A timestamp with these low bits that is not later: time does not go back when the connection
/// goes on.
const fn with_bits(stamp: u32, bits: u32) -> u32 {
    let mask = (1 << OPTION_BITS) - 1;
    let marked = (stamp & !mask) | bits;
    if bits > stamp & mask {
        marked.wrapping_sub(1 << OPTION_BITS)
    } else {
        marked
    }
}

/// What the low bits of an echoed timestamp say.
fn read(echo: u32, tsval: u32, peer_mss: Mss, config: &TcpConfig) -> Agreement {
    let offer = Offer::new(config, receive_window(config), peer_mss);
    let shift = echo & SCALE;
    let our_scale = offer.scale.filter(|_| shift != SCALE);
    Agreement {
        peer_mss,
        our_scale,
        peer_scale: our_scale.map_or(WindowScale::NONE, |_| WindowScale::from_option(shift as u8)),
        timestamp: Some(tsval),
        sack: offer.sack && echo & SACK != 0,
    }
}

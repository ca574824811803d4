//! A connection whose handshake a peer has begun and not finished (RFC 9293 §3.10.7.2 and the
//! SYN-RECEIVED part of §3.10.7.4), in 64 octets and without buffers: what a listener keeps of each
//! SYN. A reset of it returns to listening by being forgotten.

use super::options::{Agreement, Offer};
use super::reset::bare_reset;
use super::segment::{Segment, flags};
use super::window::{Mss, WindowScale};
use super::{
    Deadline, Duration, EcnUse, Instant, Outgoing, SeqNumber, TcpConfig, TcpFlags, TcpOptionSet,
    TcpOptionTimestamp, clock,
};

/// A half-open connection.
#[derive(Clone, Copy, Debug)]
pub struct HalfOpen {
    due: Instant,
    sent_at: Instant,
    irs: SeqNumber,
    iss: SeqNumber,
    our_window: u32,
    rto_us: u32,
    timestamp: u32,
    /// Our clock when the peer's timestamp came, for the SYN-ACK.
    stamp: u32,
    window: u16,
    peer_mss: Mss,
    our_mss: Mss,
    /// Both scales, if there is scaling.
    our_scale: Option<WindowScale>,
    peer_scale: WindowScale,
    timestamps: bool,
    sack: bool,
    ecn: bool,
    retries: u8,
    max_retries: u8,
    /// Answers other than the SYN-ACK still allowed.
    patience: u8,
}

/// What a segment does to a half-open connection.
#[derive(Clone, Copy, Debug)]
pub enum HalfOpenVerdict {
    /// Nothing.
    Drop,
    /// The SYN came again: the SYN-ACK is to be sent again.
    SynAck,
    /// This is to be sent: an RST for a wrong acknowledgment, or a challenge.
    Reply(Outgoing<'static>),
    /// The peer has reset it: it is to be forgotten.
    Refused,
    /// The handshake is done: [`Tcb::establish`](super::Tcb::establish), then give the segment to
    /// [`Tcb::input`](super::Tcb::input).
    Complete,
}

/// Answers to wrong segments that one half-open connection gives.
const PATIENCE: u8 = 10;

impl HalfOpen {
    /// The answer to a SYN (without ACK or RST) for a listener. `iss` comes from
    /// [`isn`](super::isn);
    /// `our_mss` is what our link can take.
    #[must_use]
    pub fn from_syn(
        segment: &Segment<'_>,
        iss: SeqNumber,
        now: Instant,
        config: &TcpConfig,
        our_mss: Mss,
    ) -> Self {
        let window = config.receive_window.min(1 << 30);
        let agreed = Offer::new(config, window, our_mss).accepted(&segment.options);
        let rto_us = clock::micros(config.initial_rto).max(1);
        Self {
            due: clock::after_micros(now, rto_us),
            sent_at: now,
            irs: segment.seq,
            iss,
            our_window: window.min(u32::from(u16::MAX)),
            rto_us,
            timestamp: agreed.timestamp.unwrap_or(0),
            stamp: now.total_millis() as u32,
            window: segment.window,
            peer_mss: agreed.peer_mss,
            our_mss,
            our_scale: agreed.our_scale,
            peer_scale: agreed.peer_scale,
            timestamps: agreed.timestamp.is_some(),
            sack: agreed.sack,
            // RFC 3168 §6.1.1: both flags in the SYN ask, one in the SYN-ACK agrees.
            ecn: config.ecn != EcnUse::Off && segment.flags.ece && segment.flags.cwr,
            retries: 0,
            max_retries: config.syn_ack_retries,
            patience: PATIENCE,
        }
    }

    /// The SYN-ACK.
    #[must_use]
    pub fn syn_ack(&self) -> Outgoing<'static> {
        Outgoing {
            seq: self.iss,
            ack: self.irs.wrapping_add(1_u32),
            flags: TcpFlags {
                syn: true,
                ack: true,
                ece: self.ecn,
                ..TcpFlags::default()
            },
            window: WindowScale::NONE.to_field(self.our_window),
            options: self.offer().options(self.stamp_option(self.stamp)),
            ecn_capable: false,
            payload: [&[], &[]],
        }
    }

    /// A segment for this connection.
    pub fn on_segment(&mut self, segment: &Segment<'_>, now: Instant) -> HalfOpenVerdict {
        let flags = segment.flags;
        if flags.syn && !flags.ack && !flags.rst && segment.seq == self.irs {
            return HalfOpenVerdict::SynAck;
        }
        let next = self.irs.wrapping_add(1_u32);
        let offset = segment.seq.since(next);
        let in_window = (0..=self.our_window as i32).contains(&offset);
        if flags.rst {
            return match offset {
                0 => HalfOpenVerdict::Refused,
                _ if in_window => self.challenge(now),
                _ => HalfOpenVerdict::Drop,
            };
        }
        if flags.syn || !in_window {
            return self.challenge(now);
        }
        if !flags.ack || (self.timestamps && segment.options.timestamp.is_none()) {
            return HalfOpenVerdict::Drop;
        }
        if segment.ack != self.iss.wrapping_add(1_u32) {
            return self.answer(bare_reset(segment.ack));
        }
        HalfOpenVerdict::Complete
    }

    /// The timer: `true` if the SYN-ACK is to be sent again, `false` if it is time to give up.
    /// Early calls are as if it were due.
    pub fn on_timer(&mut self, now: Instant) -> bool {
        if self.retries >= self.max_retries {
            return false;
        }
        self.retries = self.retries.saturating_add(1);
        self.rto_us = self.rto_us.saturating_mul(2).min(60_000_000);
        self.due = clock::after_micros(now, self.rto_us);
        true
    }

    /// When [`HalfOpen::on_timer`] is to be called.
    #[must_use]
    pub fn deadline(&self) -> Deadline {
        Deadline::at(self.due)
    }

    /// How long ago the SYN came.
    #[must_use]
    pub fn age(&self, now: Instant) -> Duration {
        now.duration_since(self.sent_at)
    }

    /// Our initial sequence number.
    #[must_use]
    pub fn iss(&self) -> SeqNumber {
        self.iss
    }

    pub(super) fn irs(&self) -> SeqNumber {
        self.irs
    }

    pub(super) fn window(&self) -> u16 {
        self.window
    }

    pub(super) fn our_window(&self) -> u32 {
        self.our_window
    }

    pub(super) fn sent_at(&self) -> Instant {
        self.sent_at
    }

    pub(super) fn was_retransmitted(&self) -> bool {
        self.retries > 0
    }

    pub(super) fn uses_ecn(&self) -> bool {
        self.ecn
    }

    pub(super) fn offer(&self) -> Offer {
        Offer {
            mss: self.our_mss,
            scale: self.our_scale,
            timestamps: self.timestamps,
            sack: self.sack,
        }
    }

    pub(super) fn agreement(&self) -> Agreement {
        Agreement {
            peer_mss: self.peer_mss,
            our_scale: self.our_scale,
            peer_scale: self.peer_scale,
            timestamp: self.timestamps.then_some(self.timestamp),
            sack: self.sack,
        }
    }

    fn stamp_option(&self, clock_ms: u32) -> Option<TcpOptionTimestamp> {
        let mut stamps = super::options::Timestamps::new(self.timestamps, self.iss);
        stamps.recent = self.timestamp;
        stamps.option(Instant::from_millis(i64::from(clock_ms)))
    }

    /// An acknowledgment for a segment that should not have come (RFC 5961).
    fn challenge(&mut self, now: Instant) -> HalfOpenVerdict {
        let timestamp = self.stamp_option(now.total_millis() as u32);
        self.answer(Outgoing {
            seq: self.iss.wrapping_add(1_u32),
            ack: self.irs.wrapping_add(1_u32),
            flags: flags!(ack),
            window: self
                .our_scale
                .unwrap_or(WindowScale::NONE)
                .to_field(self.our_window),
            options: TcpOptionSet {
                timestamp,
                ..TcpOptionSet::default()
            },
            ecn_capable: false,
            payload: [&[], &[]],
        })
    }

    fn answer(&mut self, segment: Outgoing<'static>) -> HalfOpenVerdict {
        match self.patience.checked_sub(1) {
            Some(left) => {
                self.patience = left;
                HalfOpenVerdict::Reply(segment)
            }
            None => HalfOpenVerdict::Drop,
        }
    }
}

//! A half-open connection (SYN-RECEIVED of a passive open, RFC 9293 §3.10.7.2 and its part of
//! §3.10.7.4), in 28 octets and without buffers: what a listener keeps of each SYN. A reset of it
//! returns to listening by being forgotten. What the listener knows is not repeated here, so every
//! call is given the listener's [`TcpConfig`].

use super::options::{Agreement, Offer};
use super::reset::bare_reset;
use super::scale::WindowScale;
use super::segment::{Segment, flags};
use super::stamps::Timestamps;
use super::window::Mss;
use super::{
    Deadline, Instant, Outgoing, SeqNumber, TcpConfig, TcpFlags, TcpOptionSet, TcpOptionTimestamp,
    clock,
};

/// A half-open connection.
#[derive(Clone, Copy, Debug)]
pub struct HalfOpen {
    irs: SeqNumber,
    iss: SeqNumber,
    /// The peer's timestamp.
    timestamp: u32,
    /// When the SYN-ACK was last sent, in microseconds of a clock that wraps.
    sent_us: u32,
    window: u16,
    peer_mss: Mss,
    our_mss: Mss,
    /// A number for the owner's use.
    pub(crate) tag: u16,
    /// Our scale in the low four bits, the peer's in the high ones; [`UNSCALED`] if there is none.
    scales: u8,
    marks: u8,
    /// SYN-ACKs sent again in the low four bits, answers other than the SYN-ACK that are still
    /// allowed in the high ones.
    counts: u8,
    /// The owner's: the zone of its addresses.
    pub(crate) zone: u8,
}

/// Timestamps are agreed on.
const STAMPED: u8 = 1;
/// Selective acknowledgments are agreed on.
const SACK: u8 = 2;
/// Explicit congestion notification is agreed on.
const ECN: u8 = 4;
/// Nobody knows when its SYN-ACK was sent.
const TIMELESS: u8 = 8;

/// Marks of the owner: the SYN-ACK is to be sent, nobody has decided about the SYN, it is to be
/// refused, it came to nothing.
pub(crate) const SEND: u8 = 0x10;
pub(crate) const UNDECIDED: u8 = 0x20;
pub(crate) const REFUSED: u8 = 0x40;
pub(crate) const GONE: u8 = 0x80;

/// No scaling: a shift that is none.
const UNSCALED: u8 = 0xff;

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

/// The longest time between two SYN-ACKs, in microseconds.
const LONGEST_US: u32 = 60_000_000;

impl HalfOpen {
    /// Nothing.
    pub(crate) const NONE: Self = Self {
        irs: SeqNumber(0),
        iss: SeqNumber(0),
        timestamp: 0,
        sent_us: 0,
        window: 0,
        peer_mss: Mss(0),
        our_mss: Mss(0),
        tag: 0,
        scales: 0,
        marks: 0,
        counts: 0,
        zone: 0,
    };

    /// The answer to a SYN (without ACK or RST) for a listener. `iss` comes from
    /// [`isn`](super::isn); `our_mss` is what our link can take.
    #[must_use]
    pub fn from_syn(
        segment: &Segment<'_>,
        iss: SeqNumber,
        now: Instant,
        config: &TcpConfig,
        our_mss: Mss,
    ) -> Self {
        let offer = Offer::new(config, receive_window(config), our_mss);
        let agreed = offer.accepted(&segment.options);
        // RFC 3168 §6.1.1: both flags in the SYN ask, one in the SYN-ACK agrees.
        let ecn = config.ecn.accepts() && segment.flags.ece && segment.flags.cwr;
        Self::new(segment.seq, iss, &agreed, our_mss, ecn)
            .with_window(segment.window)
            .sent_at(now)
    }

    /// A half-open connection of which only what was agreed on is known.
    pub(super) fn new(
        irs: SeqNumber,
        iss: SeqNumber,
        agreed: &Agreement,
        our_mss: Mss,
        ecn: bool,
    ) -> Self {
        let scales = agreed.our_scale.map_or(UNSCALED, |ours| {
            ours.shift() | agreed.peer_scale.shift().wrapping_shl(4)
        });
        let mark = |set: bool, mark: u8| if set { mark } else { 0 };
        Self {
            irs,
            iss,
            timestamp: agreed.timestamp.unwrap_or(0),
            sent_us: 0,
            window: 0,
            peer_mss: agreed.peer_mss,
            our_mss,
            tag: 0,
            scales,
            marks: mark(agreed.timestamp.is_some(), STAMPED)
                | mark(agreed.sack, SACK)
                | mark(ecn, ECN)
                | TIMELESS,
            counts: PATIENCE << 4,
            zone: 0,
        }
    }

    pub(super) const fn with_window(self, window: u16) -> Self {
        Self { window, ..self }
    }

    /// The SYN-ACK is sent now.
    pub(crate) const fn sent_at(self, now: Instant) -> Self {
        Self {
            sent_us: clock::wrapped_micros(now),
            marks: self.marks & !TIMELESS,
            ..self
        }
    }

    /// Set or remove a mark of the owner.
    pub(crate) const fn mark(&mut self, mark: u8, set: bool) {
        self.marks = if set {
            self.marks | mark
        } else {
            self.marks & !mark
        };
    }

    /// The answer to the SYN if nobody wants it.
    pub(crate) fn reset(&self) -> Outgoing<'static> {
        Outgoing {
            ack: self.irs.wrapping_add(1_u32),
            flags: flags!(rst ack),
            ..bare_reset(SeqNumber(0))
        }
    }

    /// Whether it has a mark.
    pub(crate) const fn is(&self, mark: u8) -> bool {
        self.marks & mark != 0
    }

    /// The SYN-ACK.
    #[must_use]
    pub fn syn_ack(&self, now: Instant, config: &TcpConfig) -> Outgoing<'static> {
        Outgoing {
            seq: self.iss,
            ack: self.irs.wrapping_add(1_u32),
            flags: TcpFlags {
                syn: true,
                ack: true,
                ece: self.is(ECN),
                ..TcpFlags::default()
            },
            window: WindowScale::NONE.to_field(syn_window(config)),
            options: self.offer().options(self.stamp_option(now)),
            ecn_capable: false,
            payload: [&[], &[]],
        }
    }

    /// A segment for this connection.
    pub fn on_segment(
        &mut self,
        segment: &Segment<'_>,
        now: Instant,
        config: &TcpConfig,
    ) -> HalfOpenVerdict {
        let flags = segment.flags;
        if flags.syn && !flags.ack && !flags.rst && segment.seq == self.irs {
            return HalfOpenVerdict::SynAck;
        }
        let next = self.irs.wrapping_add(1_u32);
        let offset = segment.seq.since(next);
        let in_window = (0..=syn_window(config) as i32).contains(&offset);
        if flags.rst {
            return match offset {
                //= RFC 9293: MUST-11
                0 => HalfOpenVerdict::Refused,
                _ if in_window => self.challenge(now, config),
                _ => HalfOpenVerdict::Drop,
            };
        }
        if flags.syn || !in_window {
            return self.challenge(now, config);
        }
        if !flags.ack || (self.is(STAMPED) && segment.options.timestamp.is_none()) {
            return HalfOpenVerdict::Drop;
        }
        if segment.ack != self.iss.wrapping_add(1_u32) {
            return self.answer(bare_reset(segment.ack));
        }
        HalfOpenVerdict::Complete
    }

    /// The timer: `true` if the SYN-ACK is to be sent again, `false` if it is time to give up.
    /// Early calls are as if it were due.
    pub fn on_timer(&mut self, now: Instant, config: &TcpConfig) -> bool {
        if self.retries() >= config.syn_ack_retries.min(0xf) {
            return false;
        }
        self.counts = self.counts.wrapping_add(1);
        *self = self.sent_at(now);
        true
    }

    /// When [`HalfOpen::on_timer`] is to be called; to be asked at the latest a minute after the
    /// SYN or the last such call.
    #[must_use]
    pub fn deadline(&self, now: Instant, config: &TcpConfig) -> Deadline {
        let first = u64::from(clock::micros(config.initial_rto).max(1));
        let wait = first.wrapping_shl(u32::from(self.retries()));
        let wait = u32::try_from(wait).unwrap_or(u32::MAX).min(LONGEST_US);
        let passed = clock::wrapped_micros(now).wrapping_sub(self.sent_us);
        Deadline::at(clock::after_micros(now, wait.saturating_sub(passed)))
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

    /// How long ago the SYN-ACK was sent, if it was sent once and that is known.
    pub(super) fn round_trip_us(&self, now: Instant) -> Option<u32> {
        let known = self.retries() == 0 && !self.is(TIMELESS);
        known.then(|| clock::wrapped_micros(now).wrapping_sub(self.sent_us))
    }

    pub(crate) fn was_retransmitted(&self) -> bool {
        self.retries() > 0
    }

    /// SYN-ACKs sent again.
    const fn retries(&self) -> u8 {
        self.counts & 0xf
    }

    pub(super) fn uses_ecn(&self) -> bool {
        self.is(ECN)
    }

    fn our_scale(&self) -> Option<WindowScale> {
        (self.scales != UNSCALED).then(|| WindowScale::from_option(self.scales & 0xf))
    }

    pub(super) fn offer(&self) -> Offer {
        Offer {
            mss: self.our_mss,
            scale: self.our_scale(),
            timestamps: self.is(STAMPED),
            sack: self.is(SACK),
        }
    }

    pub(super) fn agreement(&self) -> Agreement {
        let our_scale = self.our_scale();
        Agreement {
            peer_mss: self.peer_mss,
            our_scale,
            peer_scale: our_scale.map_or(WindowScale::NONE, |_| {
                WindowScale::from_option(self.scales >> 4)
            }),
            timestamp: self.is(STAMPED).then_some(self.timestamp),
            sack: self.is(SACK),
        }
    }

    fn stamp_option(&self, now: Instant) -> Option<TcpOptionTimestamp> {
        let mut stamps = Timestamps::new(self.is(STAMPED), self.iss);
        stamps.remember(self.timestamp, now);
        stamps.option(now)
    }

    /// An acknowledgment for a segment that should not have come (RFC 5961).
    fn challenge(&mut self, now: Instant, config: &TcpConfig) -> HalfOpenVerdict {
        let timestamp = self.stamp_option(now);
        let scale = self.our_scale().unwrap_or(WindowScale::NONE);
        self.answer(Outgoing {
            seq: self.iss.wrapping_add(1_u32),
            ack: self.irs.wrapping_add(1_u32),
            flags: flags!(ack),
            window: scale.to_field(syn_window(config)),
            options: TcpOptionSet {
                timestamp,
                ..TcpOptionSet::default()
            },
            ecn_capable: false,
            payload: [&[], &[]],
        })
    }

    fn answer(&mut self, segment: Outgoing<'static>) -> HalfOpenVerdict {
        match self.counts.checked_sub(1 << 4) {
            Some(left) => {
                self.counts = left;
                HalfOpenVerdict::Reply(segment)
            }
            None => HalfOpenVerdict::Drop,
        }
    }
}

/// What connections of a listener can receive at once.
pub(super) fn receive_window(config: &TcpConfig) -> u32 {
    config.receive_window.min(1 << 30)
}

/// What of it a SYN-ACK can promise, which is not scaled.
pub(super) fn syn_window(config: &TcpConfig) -> u32 {
    receive_window(config).min(u32::from(u16::MAX))
}

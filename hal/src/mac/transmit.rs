//! Sending: unslotted CSMA-CA (IEEE 802.15.4-2020 §6.2.5.1), the wait for the acknowledgment
//! (§6.7.4.3), frames sent again, and the pause after a frame (§6.2.4). One frame is under way at a
//! time; an acknowledgment of ours comes between its tries.

use litz_wire::{Eui64, FrameType, MacAddress};

use super::Mac;
use super::counters::MacCounter;
use super::head::{Head, set_pending, set_seq};
use super::queue::CONTROL;
use super::security::Protection;
use crate::parts::CHILDREN;
use crate::radio::{MAX_FRAME, PendingFor, Radio, RadioError, Transmit, TxMode, TxOutcome, timing};
use crate::time::{Deadline, Duration, Instant};

/// How far the frame under way is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// There is none.
    Idle,
    /// Waiting to assess the channel.
    BackOff {
        until: Instant,
        /// Times that the channel was busy.
        busy: u8,
        /// Back-off exponent.
        exponent: u8,
    },
    /// The radio has it.
    OnAir { busy: u8, exponent: u8 },
    /// It was sent.
    AckWait { until: Instant },
}

/// What the radio is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Nothing,
    Frame,
    Ack,
    Energy,
}

/// The state of sending.
#[derive(Debug)]
pub(super) struct Transmitter {
    phase: Phase,
    order: Order,
    /// The slot of the frame under way; `None` if it is a scan's.
    slot: Option<usize>,
    /// The frame under way, secured.
    frame: [u8; MAX_FRAME],
    len: usize,
    head: Option<Head>,
    /// Transmissions of it.
    tries: u8,
    /// The pause after the last frame.
    not_before: Instant,
    /// Sequence number of the next frame.
    dsn: u8,
    /// Sequence number of the next beacon.
    bsn: u8,
}

/// How a frame ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// Sent, and acknowledged if it asked for it.
    Sent {
        /// The acknowledgment said that frames wait for us.
        frame_pending: bool,
    },
    Lost,
}

impl Transmitter {
    pub(super) const fn new(random: u64) -> Self {
        let [dsn, bsn, ..] = random.to_le_bytes();
        Self {
            phase: Phase::Idle,
            order: Order::Nothing,
            slot: None,
            frame: [0; MAX_FRAME],
            len: 0,
            head: None,
            tries: 0,
            not_before: Instant::ZERO,
            dsn,
            bsn,
        }
    }

    pub(super) fn is_idle(&self) -> bool {
        self.phase == Phase::Idle && self.order == Order::Nothing
    }

    /// The radio was set up anew: nothing is under way in it.
    pub(super) fn interrupted(&mut self) {
        self.order = Order::Nothing;
        if let Phase::OnAir { busy, exponent } = self.phase {
            self.phase = Phase::BackOff {
                until: self.not_before,
                busy,
                exponent,
            };
        }
    }

    pub(super) const fn order_energy(&mut self) {
        self.order = Order::Energy;
    }

    /// Number a frame and secure it, to be sent next. Returns whether it can be.
    #[inline(never)]
    fn secure(&mut self, protection: &mut impl Protection, own: Eui64, plain: &mut [u8]) -> bool {
        let Some(mut head) = Head::parse(plain) else {
            return false;
        };
        if head.frame_type != FrameType::Beacon {
            self.dsn = self.dsn.wrapping_add(1);
            set_seq(plain, &mut head, self.dsn);
        }
        let Ok(len) = protection.seal(own, plain, &mut self.frame) else {
            return false;
        };
        self.len = len;
        self.head = Some(head);
        self.tries = 0;
        true
    }

    pub(super) fn next_bsn(&mut self) -> u8 {
        self.bsn = self.bsn.wrapping_add(1);
        self.bsn
    }
}

impl<R: Radio, P: Protection> Mac<'_, R, P> {
    /// When the transmitter has something to do.
    pub(super) fn transmit_at(&self, now: Instant) -> Deadline {
        match self.transmitter.phase {
            Phase::Idle if self.scanner.is_active() || self.tx.next().is_none() => Deadline::NEVER,
            Phase::Idle => Deadline::at(now),
            // An acknowledgment goes first; its end is an event.
            Phase::BackOff { .. } if self.transmitter.order != Order::Nothing => Deadline::NEVER,
            Phase::BackOff { until, .. } | Phase::AckWait { until } => Deadline::at(until),
            Phase::OnAir { .. } => Deadline::NEVER,
        }
    }

    /// Do what is due of sending.
    pub(super) fn advance(&mut self, now: Instant) {
        if self.transmitter.phase == Phase::Idle && !self.scanner.is_active() {
            self.begin_next(now);
        }
        match self.transmitter.phase {
            Phase::BackOff {
                until,
                busy,
                exponent,
            } if until <= now && self.transmitter.order == Order::Nothing => {
                self.try_channel(now, busy, exponent);
            }
            Phase::AckWait { until } if until <= now => self.try_again(now, MacCounter::NoAck),
            _ => {}
        }
    }

    /// Take the next frame from the queue.
    fn begin_next(&mut self, now: Instant) {
        while let Some(place) = self.tx.next() {
            let pending = CHILDREN && self.tx.pending_with(place);
            let own = self.config.radio.extended_addr;
            let Some(plain) = self.tx.frame_mut(place) else {
                return;
            };
            if pending {
                set_pending(plain, true);
            }
            if self.transmitter.secure(&mut self.protection, own, plain) {
                self.transmitter.slot = Some(place);
                return self.back_off(now, 0, self.config.min_be);
            }
            self.counters.count(MacCounter::NotSecured);
            self.tx.remove(place);
        }
    }

    /// Begin with a frame that is not queued. Returns whether it can be sent.
    pub(super) fn begin(&mut self, now: Instant, plain: &mut [u8]) -> bool {
        let own = self.config.radio.extended_addr;
        let sealed = self.transmitter.secure(&mut self.protection, own, plain);
        if sealed {
            self.transmitter.slot = None;
            self.back_off(now, 0, self.config.min_be);
        }
        sealed
    }

    /// Whether the radio does the back-offs.
    const fn backs_off(&self) -> bool {
        R::SENDS_AGAIN && self.caps.csma
    }

    /// Wait a random number of periods before the channel is assessed.
    fn back_off(&mut self, now: Instant, busy: u8, exponent: u8) {
        let wait = match self.backs_off() {
            true => Duration::ZERO,
            false => {
                // As many random bits as the exponent says, up to 32.
                let random = self.prng.next_u32();
                let surplus = 32_u32.saturating_sub(exponent.into());
                let periods = random.checked_shr(surplus).unwrap_or(0);
                timing::BACKOFF.saturating_mul(periods.into())
            }
        };
        let until = now.saturating_add(wait).max(self.transmitter.not_before);
        self.transmitter.phase = Phase::BackOff {
            until,
            busy,
            exponent,
        };
    }

    fn try_channel(&mut self, now: Instant, busy: u8, exponent: u8) {
        let mode = if self.backs_off() {
            TxMode::Csma {
                min_be: self.config.min_be,
                max_be: self.config.max_be,
                max_backoffs: self.config.max_backoffs,
            }
        } else {
            TxMode::Cca
        };
        let frame = self.transmitter.frame.get(..self.transmitter.len);
        let order = Transmit {
            frame: frame.unwrap_or_default(),
            mode,
            at: None,
            retries: self.config.max_retries,
        };
        match self.radio.transmit(now, order) {
            Ok(()) => {
                self.transmitter.order = Order::Frame;
                self.transmitter.phase = Phase::OnAir { busy, exponent };
            }
            // It acknowledges something by itself.
            Err(RadioError::Busy) => self.back_off(now, busy, self.config.min_be),
            Err(error) => {
                self.refused(error);
                self.finish(now, Ended::Lost);
            }
        }
    }

    /// A transmission ended.
    pub(super) fn transmitted(&mut self, now: Instant, outcome: TxOutcome) {
        let order = core::mem::replace(&mut self.transmitter.order, Order::Nothing);
        if order == Order::Ack {
            self.counters.count(match outcome {
                TxOutcome::Sent(_) => MacCounter::AcksSent,
                _ => MacCounter::AcksLate,
            });
            return;
        }
        let Phase::OnAir { busy, exponent } = self.transmitter.phase else {
            return;
        };
        match outcome {
            TxOutcome::Sent(end) => self.frame_sent(now, end),
            TxOutcome::ChannelBusy => {
                self.counters.count(MacCounter::ChannelBusy);
                let busy = busy.saturating_add(1);
                if busy > self.config.max_backoffs || self.backs_off() {
                    return self.try_again(now, MacCounter::ChannelAccess);
                }
                let exponent = exponent.saturating_add(1).min(self.config.max_be);
                self.back_off(now, busy, exponent);
            }
            TxOutcome::Acked { .. } | TxOutcome::NoAck if !R::SENDS_AGAIN => {}
            TxOutcome::Acked {
                frame_pending,
                retries,
            } => {
                self.transmitter.tries = retries.saturating_add(1);
                self.acknowledged(now, frame_pending);
            }
            TxOutcome::NoAck => {
                self.transmitter.tries = u8::MAX;
                self.try_again(now, MacCounter::NoAck);
            }
            TxOutcome::Failed => {
                self.counters.count(MacCounter::Radio);
                self.try_again(now, MacCounter::ChannelAccess);
            }
        }
    }

    fn frame_sent(&mut self, now: Instant, end: Instant) {
        self.transmitter.tries = self.transmitter.tries.saturating_add(1);
        let pause = timing::spacing(self.transmitter.len);
        self.transmitter.not_before = end.saturating_add(pause);
        if self.transmitter.head.is_some_and(|head| head.wants_ack()) {
            let until = end.saturating_add(timing::ACK_WAIT);
            self.transmitter.phase = Phase::AckWait { until };
        } else {
            self.counters.count(MacCounter::Sent);
            let frame_pending = false;
            self.finish(now, Ended::Sent { frame_pending });
        }
    }

    /// An acknowledgment was received.
    pub(super) fn ack_received(&mut self, now: Instant, ack: &Head, len: usize, end: Instant) {
        let own = &self.config.radio;
        let waits = matches!(self.transmitter.phase, Phase::AckWait { until } if end <= until);
        let fits = self
            .transmitter
            .head
            .is_some_and(|head| head.is_acked_by(ack, len, own));
        if !(waits && fits) {
            return self.counters.count(MacCounter::StrayAck);
        }
        // The pause counts from the acknowledgment.
        let pause = timing::spacing(self.transmitter.len);
        self.transmitter.not_before = end.saturating_add(pause);
        self.acknowledged(now, ack.frame_pending);
    }

    fn acknowledged(&mut self, now: Instant, frame_pending: bool) {
        self.counters.count(MacCounter::Sent);
        self.note_link(now, true);
        self.finish(now, Ended::Sent { frame_pending });
    }

    /// Send the frame under way again, unless that was done often enough.
    fn try_again(&mut self, now: Instant, reason: MacCounter) {
        let tries = match reason {
            // A channel that is never clear is a try as well, or a jammer would hold us forever.
            MacCounter::ChannelAccess => self.transmitter.tries.saturating_add(1),
            _ => self.transmitter.tries,
        };
        self.transmitter.tries = tries;
        if tries > self.config.max_retries {
            self.counters.count(reason);
            self.note_link(now, false);
            return self.finish(now, Ended::Lost);
        }
        self.counters.count(MacCounter::Retries);
        self.back_off(now, 0, self.config.min_be);
    }

    fn note_link(&mut self, now: Instant, delivered: bool) {
        let Some(head) = self.transmitter.head.filter(Head::wants_ack) else {
            return;
        };
        let tries = self.transmitter.tries;
        self.neighbors.sent(head.dst, tries, delivered, now);
    }

    fn finish(&mut self, now: Instant, ended: Ended) {
        self.transmitter.phase = Phase::Idle;
        let head = self.transmitter.head.take();
        match self.transmitter.slot.take() {
            Some(place) => self.tx.remove(place),
            None => self.scan_frame_sent(now),
        }
        if let Some(head) = head {
            self.duty.frame_ended(now, &head, ended, &self.config);
            self.association_ended(now, &head, ended);
        }
    }

    /// Send the acknowledgment of a frame that ended at this time.
    pub(super) fn acknowledge(&mut self, now: Instant, head: &Head, end: Instant, pending: bool) {
        let mut ack = [0; MAX_FRAME];
        let frame = head.write_ack(pending, &mut ack);
        let Some(frame) = frame.and_then(|len| ack.get(..len)) else {
            return;
        };
        let order = Transmit {
            frame,
            mode: TxMode::Direct,
            at: Some(end.saturating_add(timing::TURNAROUND)),
            retries: 0,
        };
        match self.radio.transmit(now, order) {
            Ok(()) => self.transmitter.order = Order::Ack,
            Err(_) => self.counters.count(MacCounter::AcksLate),
        }
    }

    /// Queue a command or beacon. Returns whether there was room.
    pub(super) fn queue_control(&mut self, frame: &[u8]) -> bool {
        let Some((place, slot)) = self.tx.free() else {
            return false;
        };
        let Some(room) = slot.octets.get_mut(..frame.len()) else {
            return false;
        };
        crate::octets::put(room, frame);
        slot.len = frame.len();
        self.tx.push(place, CONTROL, None);
        true
    }

    /// Tell a radio that acknowledges whether frames are pending for a station.
    pub(super) fn tell_radio(&mut self, station: MacAddress) {
        if !CHILDREN {
            return;
        }
        let pending = self.tx.pending_for(station) > 0;
        let station = match station {
            MacAddress::Short(addr) => PendingFor::Short(addr),
            MacAddress::Extended(addr) => PendingFor::Extended(addr),
            MacAddress::Absent => return,
        };
        if self.radio.set_pending(station, pending).is_err() {
            self.counters.count(MacCounter::Radio);
        }
    }
}

//! Sleeping (IEEE 802.15.4-2020 §6.7.3): when the receiver may rest, and how long a station that
//! asked for data waits for it.

use litz_wire::FrameType;

use super::Mac;
use super::config::MacConfig;
use super::head::{DATA_REQUEST, Head};
use super::security::Protection;
use super::transmit::Ended;
use crate::parts::LOW_POWER;
use crate::radio::{Radio, timing};
use crate::time::{Deadline, Duration, Instant};

/// Whether the radio is awake, and until when.
#[derive(Debug)]
pub(super) struct Duty {
    asleep: bool,
    awake_until: Instant,
}

/// macMaxFrameTotalWaitTime: the longest back-offs of a sender, and the longest frame.
pub(super) fn total_wait(config: &MacConfig<'_>) -> Duration {
    let periods = (0..=config.max_backoffs).fold(0_u64, |sum, busy| {
        let exponent = config.min_be.saturating_add(busy).min(config.max_be);
        let span = 1_u64.checked_shl(exponent.into()).unwrap_or(u64::MAX);
        sum.saturating_add(span)
    });
    let frame = timing::airtime(crate::radio::MAX_FRAME);
    timing::BACKOFF
        .saturating_mul(periods)
        .saturating_add(frame)
}

impl Duty {
    pub(super) const fn new(now: Instant) -> Self {
        Self {
            asleep: false,
            awake_until: now,
        }
    }

    /// When the radio may go to sleep, if it waits for something.
    pub(super) fn sleep_at(&self, now: Instant) -> Deadline {
        if !LOW_POWER || self.asleep || self.awake_until <= now {
            Deadline::NEVER
        } else {
            Deadline::at(self.awake_until)
        }
    }

    /// A frame of ours ended: if it asked for data and there is some, wait for it.
    pub(super) fn frame_ended(
        &mut self,
        now: Instant,
        head: &Head,
        ended: Ended,
        config: &MacConfig<'_>,
    ) {
        let asked = LOW_POWER && head.command == Some(DATA_REQUEST);
        if let (
            true,
            Ended::Sent {
                frame_pending: true,
            },
        ) = (asked, ended)
        {
            self.awake_until = now.saturating_add(total_wait(config));
        }
    }

    /// A frame came: no more is to come, unless it says so.
    pub(super) fn frame_received(&mut self, now: Instant, head: &Head, config: &MacConfig<'_>) {
        if LOW_POWER && head.frame_type == FrameType::Data && head.src == config.parent {
            self.awake_until = match head.frame_pending {
                true => now.saturating_add(total_wait(config)),
                false => now,
            };
        }
    }
}

impl<R: Radio, P: Protection> Mac<'_, R, P> {
    /// Wake the radio if something is to be done.
    pub(super) fn wake(&mut self, now: Instant) {
        let needed =
            !self.transmitter.is_idle() || self.tx.next().is_some() || self.scanner.is_active();
        if LOW_POWER && self.duty.asleep && needed && self.radio.wake(now).is_ok() {
            self.duty.asleep = false;
        }
    }

    /// Let the radio sleep, if nothing is to be done and nothing expected.
    pub(super) fn go_to_sleep(&mut self, now: Instant) {
        let rests = LOW_POWER
            && !self.config.rx_on_when_idle
            && self.duty.awake_until <= now
            && self.transmitter.is_idle()
            && self.tx.next().is_none()
            && !self.scanner.is_active();
        if !rests || self.duty.asleep {
            return;
        }
        match self.radio.sleep(now) {
            Ok(()) => self.duty.asleep = true,
            Err(error) => self.refused(error),
        }
    }

    /// Whether the radio sleeps.
    pub const fn is_asleep(&self) -> bool {
        self.duty.asleep
    }
}

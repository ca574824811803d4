//! The fifth step of RFC 9293 §3.10.7.4: the acknowledgment. What it acknowledges leaves the send
//! queue, it opens and moves windows, and it ends states. What it tells of losses is in
//! `losses.rs`.

use super::super::counters::{TcpCounters, count};
use super::super::delivery::Delivery;
use super::super::sack::SackUse;
use super::super::seq::{later_of, octets_since};
use super::super::stamps::Timestamps;
use super::super::state::{Event, State};
use super::super::timer::Timer;
use super::super::{CloseReason, Segment, Tcb};
use super::{Stop, Text};
use crate::parts::{ERRORS, FAST_RETRANSMIT};

impl Tcb<'_> {
    #[cfg_attr(feature = "inline", inline)]
    #[cfg_attr(not(feature = "inline"), inline(never))]
    pub(super) fn check_ack(
        &mut self,
        segment: &Segment<'_>,
        text: &Text<'_>,
        counters: &mut TcpCounters,
    ) -> Result<(), Stop> {
        if !segment.flags.ack {
            count(&mut counters.no_ack);
            return Err(Stop::Silent);
        }
        if self.state() == State::SynReceived {
            self.ack_of_syn(segment, counters)?;
        }
        let ack = segment.ack;
        if ack.after(self.snd.max) {
            // RFC 9293: "if the ACK acks something not yet sent, then send an ACK, drop the
            // segment".
            count(&mut counters.bad_ack);
            return Err(Stop::Challenge);
        }
        self.heard_from_peer(self.clock);
        if ack.after(self.snd.una) {
            self.acknowledged(segment, counters);
            self.update_window(segment);
            return Ok(());
        }
        let behind = octets_since(self.snd.una, ack);
        if behind > self.snd.max_wnd {
            // RFC 5961 §5.2: too old to be from this connection's peer.
            count(&mut counters.bad_ack);
            return Err(Stop::Challenge);
        }
        if behind == 0 {
            // Also when all is acknowledged something may be reported twice.
            let news = segment.options.sack.is_some() || !self.tail.is_idle();
            if FAST_RETRANSMIT && (self.snd.nxt != self.snd.una || news) {
                self.same_acknowledgment(segment, text, counters);
            }
            self.update_window(segment);
        }
        // An older one is ignored, but the data that it comes with is not.
        Ok(())
    }

    /// SYNs have crossed; this must acknowledge ours.
    fn ack_of_syn(
        &mut self,
        segment: &Segment<'_>,
        counters: &mut TcpCounters,
    ) -> Result<(), Stop> {
        if segment.ack != self.snd.una.wrapping_add(1_u32) || self.snd.max == self.snd.una {
            count(&mut counters.bad_ack);
            count(&mut counters.resets_sent);
            return Err(Stop::Reset(segment.ack));
        }
        self.syn_acknowledged(segment);
        self.machine.apply(Event::AckOfSyn);
        if self.marks.fin {
            self.machine.apply(Event::Close);
        }
        Ok(())
    }

    /// Our SYN is acknowledged: measure, and begin to send data.
    pub(super) fn syn_acknowledged(&mut self, segment: &Segment<'_>) {
        let lost_syn = self.snd.retransmissions > 0;
        if lost_syn {
            self.rtt.after_lost_syn();
        } else {
            let rtt_us = self.now_us().wrapping_sub(self.snd.last_us);
            self.rtt.sample(rtt_us);
            self.rack.measured(rtt_us, self.now_us());
        }
        self.snd.una = segment.ack;
        self.snd.nxt = segment.ack;
        self.snd.measure_at = segment.ack;
        self.sent.clear(segment.ack);
        self.retries = 0;
        self.timers.stop(Timer::Retransmit);
        if !self.settings.lingers() {
            self.timers.stop(Timer::User);
        }
        let segments = if lost_syn {
            1
        } else {
            self.settings.initial_window()
        };
        self.begin_congestion_control(segments, lost_syn);
        self.heard_from_peer(self.clock);
    }

    /// SND.UNA < SEG.ACK ≤ SND.MAX.
    #[inline]
    fn acknowledged(&mut self, segment: &Segment<'_>, counters: &mut TcpCounters) {
        let ack = segment.ack;
        let flight = self.flight();
        let acked = octets_since(ack, self.snd.una);
        let data = self.tx.discard(acked as usize) as u32;
        let mut seen = self.delivery();
        self.sent.acknowledge(ack, acked, &mut seen);
        self.snd.una = ack;
        self.snd.nxt = later_of(self.snd.nxt, ack);
        self.measure(segment, &seen);
        if self.rtt.is_backed_off() && self.recovery.is_past(ack) {
            self.rtt.end_back_off();
        }
        self.retries = 0;
        if ERRORS {
            self.learn_size(acked);
        }
        if self.settings.user_timeout_ms() > 0 && !self.settings.lingers() {
            self.timers.stop(Timer::User);
        }
        let restart = self.learn(segment, &mut seen, flight, acked, counters);
        if self.snd.una == self.snd.nxt {
            self.timers.stop(Timer::Retransmit);
            self.timers.stop(Timer::Loss);
        } else if restart && self.timers.is_set(Timer::Retransmit) {
            self.start_retransmit();
            self.schedule_tail_probe(self.clock);
        }
        if data != acked {
            self.fin_acknowledged();
        }
    }

    /// SEG.ACK = SND.UNA, with something in flight or something else to hear.
    fn same_acknowledgment(
        &mut self,
        segment: &Segment<'_>,
        text: &Text<'_>,
        counters: &mut TcpCounters,
    ) {
        // A duplicate (RFC 5681 §2) has nothing else to say: neither data nor another window.
        let bare = text.payload.is_empty()
            && !text.fin
            && self.snd.wnd > 0
            && self.marks.scale.to_octets(segment.window) == self.snd.wnd;
        if bare {
            count(&mut counters.duplicate_acks);
        }
        let mut seen = self.delivery();
        self.learn_from_same(segment, &mut seen, bare, counters);
    }

    fn delivery(&self) -> Delivery {
        Delivery::new(
            self.now_us(),
            self.rack.min_rtt_us(),
            self.recovery.recover(),
            self.rack.highest(),
        )
    }

    //= RFC 9293: MUST-18
    /// The round-trip time, once in each: by what was sent only once if nothing sent again is
    /// acknowledged with it (Karn's algorithm), else by timestamps, which tell even then (RFC 7323
    /// §4.1).
    #[inline]
    fn measure(&mut self, segment: &Segment<'_>, seen: &Delivery) {
        let rtt_us = seen.round_trip_us();
        if let Some(rtt_us) = rtt_us {
            self.rack.measured(rtt_us, self.now_us());
        }
        if !SackUse::AVAILABLE && !Timestamps::AVAILABLE {
            // One segment at a time is measured, so there is never more than one sample.
            if let Some(rtt_us) = rtt_us {
                self.rtt.sample(rtt_us);
            }
            return;
        }
        if !segment.ack.after(self.snd.measure_at) {
            return;
        }
        let sample = rtt_us.or_else(|| {
            let stamp = segment.options.timestamp.filter(|_| self.stamps.is_on())?;
            self.stamps.round_trip(stamp.tsecr, self.clock)
        });
        if let Some(rtt_us) = sample {
            self.rtt.sample(rtt_us);
            self.snd.measure_at = self.snd.nxt;
        } else if segment
            .ack
            .after(self.snd.measure_at.wrapping_add(1_u32 << 30))
        {
            self.snd.measure_at = segment.ack;
        }
    }

    /// Our FIN is acknowledged.
    fn fin_acknowledged(&mut self) {
        if !self.marks.fin || self.marks.fin_acked {
            return;
        }
        self.marks.fin_acked = true;
        self.machine.apply(Event::AckOfFin);
        match self.state() {
            State::FinWait2 if self.forgotten => self.limit_fin_wait_2(),
            State::TimeWait => self.enter_time_wait(),
            State::Closed => self.end(Event::AckOfFin, CloseReason::Finished),
            _ => {}
        }
    }

    //= RFC 9293: MUST-34
    /// The peer's window, from a segment that is not older than the one it was last learned from.
    #[inline]
    fn update_window(&mut self, segment: &Segment<'_>) {
        // SND.WL2 of the RFC is not needed: what acknowledges less than SND.UNA does not come here.
        if segment.seq.before(self.snd.wl1) {
            return;
        }
        let was_closed = self.snd.wnd == 0;
        self.snd.wnd = self.marks.scale.to_octets(segment.window);
        self.snd.max_wnd = self.snd.max_wnd.max(self.snd.wnd);
        self.snd.wl1 = segment.seq;
        if was_closed && self.snd.wnd > 0 {
            self.window_opened();
        }
    }

    /// What was asked for with probes is there.
    fn window_opened(&mut self) {
        self.probes = 0;
        self.marks.probe = false;
        self.timers.stop(Timer::Persist);
        if self.snd.una != self.snd.max && !self.timers.is_set(Timer::Retransmit) {
            // What the peer did not take with its window closed is lost.
            self.snd.nxt = self.snd.una;
            self.sent.clear(self.snd.una);
        }
    }
}

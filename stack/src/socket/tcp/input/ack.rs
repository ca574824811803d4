//! The fifth step of RFC 9293 §3.10.7.4: the acknowledgment. What it acknowledges leaves the send
//! queue, it opens and moves windows, tells of losses, and ends states.

use super::super::counters::{TcpCounters, count};
use super::super::recovery::Progress;
use super::super::reset::bare_reset;
use super::super::seq::{later_of, octets_since};
use super::super::state::{Event, State};
use super::super::timer::Timer;
use super::super::{CloseReason, Segment, Tcb, clock};
use super::{Stop, Text};

impl Tcb<'_> {
    #[inline]
    pub(super) fn check_ack(
        &mut self,
        segment: &Segment<'_>,
        text: &Text<'_>,
        counters: &mut TcpCounters,
    ) -> Result<(), Stop> {
        if !segment.flags.ack {
            count(&mut counters.no_ack);
            return Err(Stop::SILENT);
        }
        if self.state() == State::SynReceived {
            self.ack_of_syn(segment, counters)?;
        }
        let ack = segment.ack;
        if ack.after(self.snd.max) {
            // RFC 9293: "if the ACK acks something not yet sent, then send an ACK, drop the
            // segment".
            count(&mut counters.bad_ack);
            return Err(self.challenge(counters));
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
            return Err(self.challenge(counters));
        }
        if behind == 0 {
            self.maybe_duplicate(segment, text, counters);
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
        if segment.ack != self.snd.iss.wrapping_add(1_u32) || self.snd.max == self.snd.iss {
            count(&mut counters.bad_ack);
            count(&mut counters.resets_sent);
            return Err(Stop::with(bare_reset(segment.ack)));
        }
        self.syn_acknowledged(segment);
        self.machine.apply(Event::AckOfSyn);
        if self.snd.fin {
            self.machine.apply(Event::Close);
        }
        Ok(())
    }

    /// Our SYN is acknowledged: measure, and begin to send data.
    pub(super) fn syn_acknowledged(&mut self, segment: &Segment<'_>) {
        let lost_syn = self.snd.retransmissions > 0;
        if lost_syn {
            self.rtt.after_lost_syn();
        } else if let Some((_, at)) = self.snd.timing {
            self.rtt.sample(clock::micros_between(at, self.clock));
        }
        self.snd.timing = None;
        self.snd.una = segment.ack;
        self.snd.nxt = segment.ack;
        self.retries = 0;
        self.timers.stop(Timer::Retransmit);
        self.timers.stop(Timer::User);
        let segments = if lost_syn {
            1
        } else {
            self.settings.initial_window
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
        self.measure(segment);
        if self.rtt.is_backed_off() && self.recovery.is_past(ack) {
            self.rtt.end_back_off();
        }
        self.snd.una = ack;
        self.snd.nxt = later_of(self.snd.nxt, ack);
        self.snd.resend_first = false;
        self.retries = 0;
        if self.settings.user_timeout_ms.is_some() {
            self.timers.stop(Timer::User);
        }
        let mut restart = true;
        let mss = u32::from(self.snd.mss);
        match self.recovery.on_progress(ack) {
            Progress::Normal => {
                // A window that is not used says nothing about the path (RFC 7661 in spirit).
                if flight.saturating_add(mss) >= self.congestion.window() >> 1 {
                    self.congestion.on_ack(data, mss);
                }
            }
            Progress::Partial { first } => {
                self.congestion.deflate(data, mss);
                self.snd.resend_first = true;
                count(&mut counters.fast_retransmits);
                restart = first;
            }
            Progress::Full => self.congestion.leave_recovery(self.flight(), mss),
        }
        if self.snd.una == self.snd.max {
            self.timers.stop(Timer::Retransmit);
        } else if restart && self.timers.is_set(Timer::Retransmit) {
            let due = clock::after_micros(self.clock, self.rtt.rto());
            self.timers.set(Timer::Retransmit, due);
        }
        if data != acked {
            self.fin_acknowledged();
        }
    }

    /// The round-trip time, by the segment that is timed (never one that was sent again: Karn's
    /// algorithm), else by timestamps, which tell even then (RFC 7323 §4.1).
    #[inline]
    fn measure(&mut self, segment: &Segment<'_>) {
        if let Some((end, at)) = self.snd.timing {
            if segment.ack.at_or_after(end) {
                self.rtt.sample(clock::micros_between(at, self.clock));
                self.snd.timing = None;
            }
        } else if self.stamps.on
            && let Some(stamp) = segment.options.timestamp
            && let Some(micros) = self.stamps.round_trip(stamp.tsecr, self.clock)
        {
            self.rtt.sample(micros);
        }
    }

    /// Our FIN is acknowledged.
    fn fin_acknowledged(&mut self) {
        if !self.snd.fin || self.snd.fin_acked {
            return;
        }
        self.snd.fin_acked = true;
        self.machine.apply(Event::AckOfFin);
        match self.state() {
            State::FinWait2 if self.forgotten => self.limit_fin_wait_2(),
            State::TimeWait => self.enter_time_wait(),
            State::Closed => self.end(Event::AckOfFin, CloseReason::Finished),
            _ => {}
        }
    }

    /// SEG.ACK = SND.UNA: a duplicate (RFC 5681 §2) if something is in flight and nothing else is
    /// in the segment, neither data nor another window.
    #[inline]
    fn maybe_duplicate(
        &mut self,
        segment: &Segment<'_>,
        text: &Text<'_>,
        counters: &mut TcpCounters,
    ) {
        if self.snd.nxt == self.snd.una
            || !text.payload.is_empty()
            || text.fin
            || self.snd.wnd == 0
            || self.snd.scale.to_octets(segment.window) != self.snd.wnd
        {
            return;
        }
        count(&mut counters.duplicate_acks);
        let mss = u32::from(self.snd.mss);
        if self.recovery.on_duplicate(self.snd.una, self.snd.max) {
            count(&mut counters.fast_retransmits);
            self.congestion.enter_recovery(self.flight(), mss);
            self.snd.resend_first = true;
            self.snd.timing = None;
        } else if self.recovery.in_progress() {
            self.congestion.inflate(mss);
        }
    }

    /// The peer's window, from a segment that is not older than the one it was last learned from.
    #[inline]
    fn update_window(&mut self, segment: &Segment<'_>) {
        let newer = segment.seq.after(self.snd.wl1)
            || (segment.seq == self.snd.wl1 && segment.ack.at_or_after(self.snd.wl2));
        if !newer {
            return;
        }
        let was_closed = self.snd.wnd == 0;
        self.snd.wnd = self.snd.scale.to_octets(segment.window);
        self.snd.max_wnd = self.snd.max_wnd.max(self.snd.wnd);
        self.snd.wl1 = segment.seq;
        self.snd.wl2 = segment.ack;
        if was_closed && self.snd.wnd > 0 {
            self.window_opened();
        }
    }

    /// What was asked for with probes is there.
    fn window_opened(&mut self) {
        self.probes = 0;
        self.snd.probe = false;
        self.timers.stop(Timer::Persist);
        if self.snd.una != self.snd.max && !self.timers.is_set(Timer::Retransmit) {
            // What the peer did not take with its window closed is lost.
            self.snd.nxt = self.snd.una;
        }
    }
}

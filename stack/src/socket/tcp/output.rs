//! Output (RFC 9293 §3.8): one decision, "what would be sent now?", in [`Plan`], and one function
//! that carries it out. The decision reads only; it is made when the owner asks whether there is
//! anything to send and again when it has a transmit buffer in its hand.

use super::counters::{TcpCounters, count};
use super::sack::SackBlocks;
use super::scale::WindowScale;
use super::segment::flags;
use super::seq::{SeqNumber, SeqRange, later_of, octets_since};
use super::state::State;
use super::timer::Timer;
use super::{Deadline, Instant, Outgoing, Tcb, TcpFlags, TcpOptionSet, clock};
use crate::parts::{BACKLOG, CONNECT, FAST_RETRANSMIT, PIPELINE, SCALE, TCP_EXTRAS};

/// Whether a connection sends SYNs itself: its own, or in answer to a peer's.
const SYNS: bool = CONNECT || !BACKLOG;

/// What would be sent now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Plan {
    /// An RST: the application has aborted.
    Reset,
    /// Our SYN, with an acknowledgment if SYNs have crossed.
    Syn,
    /// An acknowledgment alone.
    Ack,
    /// A segment that nobody needs, to see whether the peer is there.
    KeepAlive,
    /// Data from SND.NXT on, or a FIN, or both.
    Data { len: u32, fin: bool, probe: bool },
    /// Data sent before, from `offset` after SND.UNA on, or the FIN, or both.
    Resend { offset: u32, len: u32, fin: bool },
}

impl Tcb<'_> {
    /// Whether [`Tcb::next_segment`] would give something.
    #[inline]
    #[must_use]
    pub fn wants_transmit(&self, now: Instant) -> bool {
        self.marks.ack_now
            || (SCALE && self.timers.is_due(Timer::DelayedAck, now))
            || self.timers.is_due(Timer::Pace, now)
            || self.plan(self.send_mss()).is_some()
    }

    /// Whether the peer is yet to be told that the connection was aborted.
    pub(crate) const fn wants_reset(&self) -> bool {
        self.reset_pending
    }

    /// When [`Tcb::on_timer`] has to be called, if nothing happens before. After that call and
    /// after
    /// `next_segment` has given `None`, it lies in the future. A call of the application, which has
    /// no clock, may make it the past: timers wait to be started.
    #[inline]
    #[must_use]
    pub fn deadline(&self) -> Deadline {
        if self.late {
            Deadline::at(self.clock)
        } else {
            self.timers.next(self.clock)
        }
    }

    /// Ticks from `now` on until [`Tcb::on_timer`] has to be called, for [`deadline`].
    ///
    /// [`deadline`]: super::timer::deadline
    #[inline]
    pub(crate) fn ticks_left(&self, now: Instant) -> i32 {
        if self.late {
            0
        } else {
            self.timers.soonest(now)
        }
    }

    /// The next segment to be sent, taken as sent. `limit` is how many octets of payload fit beside
    /// a TCP header without options on the way to the peer, at least 1. More than one segment comes
    /// at once only with [`TcpConfig::super_segment`](super::TcpConfig::super_segment). `blocks` is
    /// room for what an acknowledgment reports.
    #[inline]
    pub fn next_segment<'b>(
        &'b mut self,
        now: Instant,
        limit: usize,
        blocks: &'b mut SackBlocks,
        counters: &mut TcpCounters,
    ) -> Option<Outgoing<'b>> {
        self.next_within(now, (limit, limit), blocks, counters)
    }

    /// The same, where the link takes more (`link`) than the way to the peer is known to (`limit`),
    /// so that now and then a larger segment can be tried.
    #[cfg_attr(feature = "inline", inline)]
    #[cfg_attr(not(feature = "inline"), inline(never))]
    pub(crate) fn next_within<'b>(
        &'b mut self,
        now: Instant,
        (limit, link): (usize, usize),
        blocks: &'b mut SackBlocks,
        counters: &mut TcpCounters,
    ) -> Option<Outgoing<'b>> {
        self.tell(now);
        if SCALE && self.timers.take_due(Timer::DelayedAck, now) {
            self.marks.ack_now = true;
        }
        self.timers.take_due(Timer::Pace, now);
        if PIPELINE && self.snd.una == self.snd.max && !self.tx.is_empty() {
            self.restart_after_idle(now);
        }
        let max_payload = self.payload_limit(limit);
        let plan = match self.trial() {
            Some(len) if len as usize <= link => self.plan_trial(len, max_payload),
            _ => self.plan(max_payload),
        }?;
        count(&mut counters.segments_out);
        Some(match plan {
            Plan::Data { len, fin, probe } => self.send_data(now, len, fin, probe, counters),
            Plan::Ack => self.send_ack(now, blocks),
            other => self.send_rare(now, other, blocks, counters),
        })
    }

    /// What would be sent now, with at most `max` octets of payload.
    #[inline]
    pub(super) fn plan(&self, max: u32) -> Option<Plan> {
        let state = self.state();
        if self.marks.dup_acks > 0 {
            return Some(Plan::Ack);
        }
        if state.transmits() && !self.timers.is_set(Timer::Pace) {
            if FAST_RETRANSMIT
                && self.sent.lost() > 0
                && let Some(plan) = self.plan_resend(max)
            {
                return Some(plan);
            }
            if self.tail.is_pending()
                && let Some(plan) = self.plan_tail(max)
            {
                return Some(plan);
            }
            if let Some(plan) = self.plan_data(max) {
                return Some(plan);
            }
        } else if matches!(state, State::Closed | State::SynSent | State::SynReceived) {
            if state == State::Closed {
                return self.reset_pending.then_some(Plan::Reset);
            }
            if SYNS && self.snd.nxt == self.snd.una {
                return Some(Plan::Syn);
            }
        }
        if self.marks.ack_now || self.wants_window_update() {
            return Some(Plan::Ack);
        }
        self.extras.is_probe_due().then_some(Plan::KeepAlive)
    }

    //= RFC 9293: MUST-38, MUST-60, SHLD-15, SHLD-28
    /// Data or a FIN, if the windows, Nagle's rule (RFC 9293 §3.7.4) and the avoidance of silly
    /// windows (§3.8.6.2.1) let it go.
    #[inline]
    pub(super) fn plan_data(&self, max: u32) -> Option<Plan> {
        let queued = self.tx.len() as u32;
        let flight = self.flight();
        let available = queued.saturating_sub(flight);
        let fin_due = self.marks.fin && !self.marks.fin_acked && flight <= queued;
        if available == 0 && !fin_due {
            return None;
        }
        let mss = self.send_mss();
        let window = self.snd.wnd.saturating_sub(flight);
        let usable = window.min(self.congestion.room(self.pipe()));
        let all = available <= usable.min(max);
        let mut len = available.min(usable).min(max);
        // Without super-segments `max` is one segment at most.
        if TCP_EXTRAS && len > mss && (!all || (self.settings.nagle && !fin_due)) {
            // A super-segment is of whole ones; what is left over goes by the rules below.
            len = len.saturating_sub(len.checked_rem(mss).unwrap_or(0));
        }
        let last = len == available;
        let fin = fin_due && last && usable > len;
        let goes = len >= mss.min(max)
            || fin
            || (len > 0
                && (self.snd.nxt != self.snd.max
                    || (last && !self.holds_small(flight))
                    || len >= self.snd.max_wnd >> 1));
        if goes {
            return Some(Plan::Data {
                len,
                fin,
                probe: false,
            });
        }
        if !self.marks.probe {
            return None;
        }
        if len > 0 {
            // The window is silly, but nothing else moves.
            return Some(Plan::Data {
                len,
                fin: false,
                probe: false,
            });
        }
        // A probe goes against the window: one octet, or the FIN alone.
        Some(Plan::Data {
            len: available.min(1),
            fin: fin_due && available == 0,
            probe: true,
        })
    }

    //= RFC 9293: SHLD-7
    /// Whether a segment that is not full waits for more data, or for an acknowledgment (RFC 9293
    /// §3.7.4).
    #[inline]
    fn holds_small(&self, flight: u32) -> bool {
        let settings = &self.settings;
        if self.marks.fin {
            return false;
        }
        let nagle = settings.nagle && self.holds_behind_small();
        settings.cork || (flight > 0 && nagle)
    }

    //= RFC 9293: SHLD-16, MAY-7
    /// What was lost again, the first of it first, as far as both windows allow.
    fn plan_resend(&self, max: u32) -> Option<Plan> {
        let lost = self.sent.first_lost()?;
        if self.recovery.holds_back() {
            return None;
        }
        let offset = octets_since(lost.start, self.snd.una);
        let (len, fin) = self.again(offset, lost.len().min(max.min(self.send_mss())));
        let octets = len.wrapping_add(u32::from(fin));
        let pipe = self.pipe();
        let allowed = pipe == 0 || pipe.saturating_add(octets) <= self.congestion.window();
        // The peer may have taken its window back, but something has to ask for it.
        let fits = offset == 0 || offset.saturating_add(len) <= self.snd.wnd;
        (octets > 0 && allowed && fits).then_some(Plan::Resend { offset, len, fin })
    }

    /// How much of `octets` sent before, from `offset` on, is data, and whether there is the FIN.
    pub(super) fn again(&self, offset: u32, octets: u32) -> (u32, bool) {
        let data = (self.tx.len() as u32).saturating_sub(offset);
        (octets.min(data), octets > data)
    }

    /// Payload of a full segment: the segment size, but not more than half of what the peer's
    /// window or our queue can hold, or every segment would wait for a delayed acknowledgment.
    #[inline]
    pub(super) fn send_mss(&self) -> u32 {
        let half_window = (self.snd.max_wnd >> 1).max(536);
        let half_queue = (self.tx.capacity() as u32 >> 1).max(1);
        u32::from(self.snd.mss).min(half_window).min(half_queue)
    }

    /// How much payload fits in a segment, or in a super-segment of whole ones.
    #[inline]
    fn payload_limit(&self, limit: usize) -> u32 {
        let options = u32::from(self.stamps.octets());
        let limit = (limit as u32).saturating_sub(options).max(1);
        let mss = self.send_mss();
        self.whole_segments(limit, mss)
    }

    /// After silence the window is what it was at first (RFC 5681 §4.1).
    fn restart_after_idle(&mut self, now: Instant) {
        let idle = clock::wrapped_micros(now).wrapping_sub(self.snd.last_us);
        if idle > self.rtt.rto() {
            let (segments, mss) = (self.settings.initial_window(), u32::from(self.snd.mss));
            self.congestion.on_idle(segments, mss, idle);
            self.snd.last_us = clock::wrapped_micros(now);
            self.pacer.restart(self.snd.last_us);
        }
    }

    /// Send what [`Plan::Data`] says.
    #[inline]
    fn send_data(
        &mut self,
        now: Instant,
        len: u32,
        fin: bool,
        probe: bool,
        counters: &mut TcpCounters,
    ) -> Outgoing<'_> {
        let (seq, offset) = (self.snd.nxt, self.flight());
        let octets = len.wrapping_add(u32::from(fin));
        let end = seq.wrapping_add(octets);
        let again = seq != self.snd.max;
        if again {
            count(&mut counters.retransmissions);
            self.snd.retransmissions = self.snd.retransmissions.saturating_add(1);
        }
        self.snd.max = later_of(self.snd.max, end);
        let now_us = self.now_us();
        let (in_burst, mss) = (self.snd.last_us == now_us, self.send_mss());
        self.snd.last_us = now_us;
        self.marks.probe = false;
        if len < mss {
            self.sizes.sent(end);
        }
        if probe {
            // The octet stays unsent as far as SND.NXT goes: the window did not allow it.
            count(&mut counters.window_probes);
        } else {
            self.snd.nxt = end;
            self.sent.sent(end, now_us, again);
            if !self.recovery.is_open() {
                self.recovery.on_sent(octets);
            }
            self.pace(now, octets);
            if self.tail.is_pending() {
                count(&mut counters.tail_probes);
                self.tail.on_sent(end, false);
            }
            if !self.timers.is_set(Timer::Retransmit) {
                self.start_retransmit();
            }
            // It is the same for all that go at one time, unless there is a single one.
            if !in_burst || offset <= mss {
                self.schedule_tail_probe(now);
            }
        }
        if probe || self.late || self.settings.user_timeout_ms() > 0 {
            self.settle();
        }
        //= RFC 9293: MUST-61, SHLD-27
        let push = offset.wrapping_add(len) >= self.tx.len() as u32;
        // RFC 3168 §6.1.2, §6.1.5: only what is sent for the first time, and no probe, may be
        // marked, and says that a mark was answered.
        let ecn_capable = self.ecn.is_on() && !again && !probe && len > 0;
        let flags = TcpFlags {
            ack: true,
            psh: push && len > 0,
            fin,
            cwr: ecn_capable && self.ecn.take_answer(),
            ..TcpFlags::default()
        };
        let mut out = self.emit(now, seq, flags, offset, len);
        out.ecn_capable = ecn_capable;
        out
    }

    /// Send an acknowledgment alone.
    fn send_ack<'b>(&'b mut self, now: Instant, blocks: &'b mut SackBlocks) -> Outgoing<'b> {
        self.marks.dup_acks = self.marks.dup_acks.saturating_sub(1);
        self.report(now, self.ack_seq(), flags!(ack), blocks)
    }

    /// The sequence number of a segment without data: what the peer may expect next. Not SND.NXT,
    /// which goes back on a timeout, or the peer would take it for an old one; and not what a probe
    /// sent against the window, as the peer has not taken that.
    #[inline]
    fn ack_seq(&self) -> SeqNumber {
        if self.timers.is_set(Timer::Persist) {
            self.snd.nxt
        } else {
            self.snd.max
        }
    }

    /// Send what is not sent often.
    fn send_rare<'b>(
        &'b mut self,
        now: Instant,
        plan: Plan,
        blocks: &'b mut SackBlocks,
        counters: &mut TcpCounters,
    ) -> Outgoing<'b> {
        match plan {
            Plan::Syn if SYNS => self.send_syn(now, counters),
            Plan::Resend { offset, len, fin } if FAST_RETRANSMIT => {
                self.send_again(now, offset, len, fin, counters)
            }
            //= RFC 9293: SHLD-12
            Plan::KeepAlive => {
                self.count_keep_alive(counters);
                let before = self.snd.una.wrapping_sub(1_u32);
                self.report(now, before, flags!(ack), blocks)
            }
            _ => {
                self.reset_pending = false;
                count(&mut counters.resets_sent);
                self.report(now, self.snd.max, flags!(rst ack), blocks)
            }
        }
    }

    /// Send [`Plan::Resend`].
    fn send_again(
        &mut self,
        now: Instant,
        offset: u32,
        len: u32,
        fin: bool,
        counters: &mut TcpCounters,
    ) -> Outgoing<'_> {
        self.snd.retransmissions = self.snd.retransmissions.saturating_add(1);
        count(&mut counters.retransmissions);
        self.snd.last_us = self.now_us();
        let octets = len.wrapping_add(u32::from(fin));
        let seq = self.snd.una.wrapping_add(offset);
        let now_us = self.now_us();
        self.sent.resent(SeqRange::new(seq, octets), now_us);
        self.trial_resent(seq);
        if self.tail.is_pending() {
            count(&mut counters.tail_probes);
            self.tail.on_sent(self.snd.nxt, true);
        } else {
            let stamp = self.stamps.option(now).map(|stamp| stamp.tsval);
            self.recovery.on_resent(octets, stamp);
            self.recovery.on_sent(octets);
        }
        self.pace(now, octets);
        if offset == 0 || !self.timers.is_set(Timer::Retransmit) {
            // The oldest is under way again and has its time.
            self.start_retransmit();
        }
        let flags = TcpFlags {
            ack: true,
            psh: len > 0,
            fin,
            ..TcpFlags::default()
        };
        self.emit(now, seq, flags, offset, len)
    }

    /// Send our SYN, with an acknowledgment if the peer's has come.
    pub(crate) fn send_syn(
        &mut self,
        now: Instant,
        counters: &mut TcpCounters,
    ) -> Outgoing<'static> {
        let iss = self.snd.una;
        let crossed = !CONNECT || self.state() == State::SynReceived;
        if self.snd.max == iss {
            if !crossed {
                count(&mut counters.active_opens);
            }
        } else {
            count(&mut counters.retransmissions);
            self.snd.retransmissions = self.snd.retransmissions.saturating_add(1);
            self.ecn.refuse();
        }
        self.snd.nxt = iss.wrapping_add(1_u32);
        self.snd.max = self.snd.nxt;
        self.snd.last_us = self.now_us();
        self.start_retransmit();
        let options = super::options::Offer {
            mss: self.rcv.mss,
            scale: self.rcv.scale,
            timestamps: self.stamps.is_on(),
            sack: self.rcv.sack_use.is_on(),
        }
        .options(self.stamps.option(now));
        if crossed {
            self.note_ack_sent();
        }
        Outgoing {
            seq: iss,
            ack: if crossed { self.rcv.nxt } else { SeqNumber(0) },
            flags: TcpFlags {
                syn: true,
                ack: crossed,
                ece: self.ecn.is_on(),
                cwr: self.ecn.is_on() && !crossed,
                ..TcpFlags::default()
            },
            ecn_capable: false,
            window: WindowScale::NONE.to_field(self.syn_window()),
            options,
            payload: [&[], &[]],
        }
    }

    //= RFC 9293: MUST-58
    /// Everything received is acknowledged by the segment being made.
    #[inline]
    fn note_ack_sent(&mut self) {
        self.marks.ack_now = false;
        self.marks.dup_acks = 0;
        self.rcv.acked = self.rcv.nxt;
        self.timers.stop(Timer::DelayedAck);
    }

    /// Make a segment without data, which reports what came out of order (RFC 2018 §4).
    fn report<'b>(
        &'b mut self,
        now: Instant,
        seq: SeqNumber,
        flags: TcpFlags,
        blocks: &'b mut SackBlocks,
    ) -> Outgoing<'b> {
        let room = if self.stamps.is_on() { 3 } else { 4 };
        let sack = if self.rcv.sack_use.is_on() {
            self.rcv.sack.fill(&self.rcv.assembler, room, blocks)
        } else {
            None
        };
        let mut out = self.emit(now, seq, flags, 0, 0);
        out.options.sack = sack;
        out
    }

    /// Make a segment that acknowledges, with `len` octets from `offset` of the queue. Data leaves
    /// no room for reports.
    #[inline]
    fn emit(
        &mut self,
        now: Instant,
        seq: SeqNumber,
        flags: TcpFlags,
        offset: u32,
        len: u32,
    ) -> Outgoing<'_> {
        // Duplicates go out one by one.
        let dup_acks = if len == 0 { self.marks.dup_acks } else { 0 };
        self.note_ack_sent();
        self.marks.dup_acks = dup_acks;
        let window = self.advertise();
        Outgoing {
            seq,
            ack: self.rcv.nxt,
            flags: TcpFlags {
                ece: self.ecn.echoes() && !flags.rst,
                ..flags
            },
            ecn_capable: false,
            window,
            options: TcpOptionSet {
                timestamp: self.stamps.option(now),
                ..TcpOptionSet::default()
            },
            payload: self.tx.peek(offset as usize, len as usize),
        }
    }

    /// An acknowledgment to be sent at once, outside of the order.
    pub(super) fn bare_ack(&mut self, now: Instant) -> Outgoing<'static> {
        let window = self.advertise();
        Outgoing {
            seq: self.ack_seq(),
            ack: self.rcv.nxt,
            flags: flags!(ack),
            ecn_capable: false,
            window,
            options: TcpOptionSet {
                timestamp: self.stamps.option(now),
                ..TcpOptionSet::default()
            },
            payload: [&[], &[]],
        }
    }

    //= RFC 9293: SHLD-14
    /// The window field of a segment that is sent now. The right edge of the window never goes back
    /// (RFC 9293, SHLD-14).
    #[inline]
    fn advertise(&mut self) -> u16 {
        let scale = self.rcv.scale.unwrap_or(WindowScale::NONE);
        let field = scale.to_field(octets_since(self.window_edge(), self.rcv.nxt));
        let edge = self.rcv.nxt.wrapping_add(scale.to_octets(field));
        self.rcv.adv = later_of(self.rcv.adv, edge);
        field
    }

    //= RFC 9293: MUST-39, MAY-8
    /// Where the right edge of the window would be. It moves only by steps that are worth it (silly
    /// window avoidance of the receiver, RFC 9293 §3.8.6.2.2): a segment or half of the buffer.
    #[inline]
    fn window_edge(&self) -> SeqNumber {
        let scale = self.rcv.scale.unwrap_or(WindowScale::NONE);
        let free = (self.rx.free() as u32).min(scale.to_octets(u16::MAX));
        let edge = self.rcv.nxt.wrapping_add(free);
        let worth = (self.rx_capacity() >> 1)
            .min(u32::from(self.rcv.mss.octets()))
            .max(scale.to_octets(1));
        if octets_since(edge, self.rcv.adv) >= worth {
            edge
        } else {
            self.rcv.adv
        }
    }

    /// Whether the application has read so much that the peer should hear of it before it asks: the
    /// window would grow by half of the buffer, or it is a quarter or less of it; or there is no
    /// room for a second segment of the size that the peer sends, and it would wait for each
    /// acknowledgment.
    #[inline]
    fn wants_window_update(&self) -> bool {
        if !self.state().receives() {
            return false;
        }
        let gain = octets_since(self.window_edge(), self.rcv.adv);
        if gain == 0 {
            return false;
        }
        let capacity = self.rx_capacity();
        let offered = octets_since(self.rcv.adv, self.rcv.nxt);
        let segment = u32::from(self.rcv.largest);
        gain >= capacity >> 1
            || offered <= capacity >> 2
            || (gain >= segment && offered < segment.saturating_mul(2))
    }
}

//! The transmission control block: everything that one connection remembers (RFC 9293 §3.3.1), and
//! how it begins. A new connection is a new value: only the buffers' memory survives an old one.

use super::buffer::Ring;
use super::challenge::ChallengeLimit;
use super::config::{Eighths, Settings};
use super::congestion::Congestion;
use super::ecn::Ecn;
use super::extras::Extras;
use super::half_open::syn_window;
use super::memory::TcpMemory;
use super::options::{Agreement, Offer};
use super::pace::Pacer;
use super::path::{NetworkError, Path};
use super::rack::Rack;
use super::recovery::Recovery;
use super::rtt::{RtoLimits, RttEstimator};
use super::sack::{SackReport, SackUse};
use super::scale::WindowScale;
use super::scoreboard::Scoreboard;
use super::sizes::Sizes;
use super::stamps::Timestamps;
use super::state::{Event, Fate, Machine, State};
use super::tail::TailProbe;
use super::timer::{FARTHEST_US, Timer, Timers};
use super::urgent::Urgent;
use super::window::Mss;
use super::{
    Assembler, CloseReason, EcnUse, HalfOpen, Instant, Segment, SeqNumber, TcpConfig, clock,
};
use crate::parts::{TCP_CONFIG, TCP_EXTRAS};
use crate::storage::Storage;

/// One connection, or the place for one. In the smallest build what is used most stands first,
/// flags before numbers: a Cortex-M reaches octets up to 31 and words up to 124 with short
/// instructions. With more in it there is no good order, and the compiler's has no gaps.
#[derive(Debug)]
#[cfg_attr(
    not(any(feature = "sack", feature = "cubic", feature = "tcp-extras")),
    repr(C)
)]
pub struct Tcb<'a> {
    pub(super) machine: Machine,
    /// Why the connection ended.
    pub(super) reason: Option<CloseReason>,
    /// What the network reported last.
    pub(super) network_error: Option<NetworkError>,
    /// How often the oldest unacknowledged segment was sent again.
    pub(super) retries: u8,
    /// Window probes since the window closed.
    pub(super) probes: u8,
    /// Probes, of the window or to keep alive, since anything was heard.
    pub(super) unanswered: u8,
    /// An RST is to be sent.
    pub(super) reset_pending: bool,
    /// The application let go of the connection.
    pub(super) forgotten: bool,
    /// A timer is to be started as soon as somebody tells the time.
    pub(super) late: bool,
    pub(super) marks: Marks,
    pub(super) timers: Timers,
    pub(super) snd: SendState,
    pub(super) rcv: ReceiveState<'a>,
    /// Queued and not yet acknowledged; the first octet is at SND.UNA.
    pub(super) tx: Ring<'a>,
    /// Received in order and not yet read; out-of-order data waits behind it.
    pub(super) rx: Ring<'a>,
    pub(super) settings: Settings,
    pub(super) rtt: RttEstimator,
    pub(super) congestion: Congestion,
    /// What is in flight.
    pub(super) sent: Scoreboard<'a>,
    pub(super) stamps: Timestamps,
    pub(super) rack: Rack,
    pub(super) tail: TailProbe,
    pub(super) recovery: Recovery,
    pub(super) ecn: Ecn,
    pub(super) pacer: Pacer,
    pub(super) sizes: Sizes,
    pub(super) extras: Extras,
    pub(super) challenge: ChallengeLimit,
    /// The latest time we were told.
    pub(super) clock: Instant,
}

/// What a connection takes on a small host, without buffers: everything that there is (with a heap
/// in the build, its four pieces of memory are four octets longer each).
#[cfg(all(target_pointer_width = "32", not(feature = "alloc")))]
const _: () = assert!(size_of::<Tcb<'static>>() <= 512);

/// And with NewReno alone.
#[cfg(all(
    target_pointer_width = "32",
    not(any(
        feature = "alloc",
        feature = "sack",
        feature = "cubic",
        feature = "tcp-extras"
    ))
))]
const _: () = assert!(size_of::<Tcb<'static>>() <= 256);

/// What both directions remember beside numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Marks {
    /// The application has closed: a FIN follows the queue.
    pub(super) fin: bool,
    /// The FIN is acknowledged.
    pub(super) fin_acked: bool,
    /// Something is to be sent though the window does not allow it.
    pub(super) probe: bool,
    /// The peer's FIN was seen.
    pub(super) fin_seen: bool,
    /// An acknowledgment is due now.
    pub(super) ack_now: bool,
    /// Duplicate acknowledgments to be sent, one for each segment that came out of order.
    pub(super) dup_acks: u8,
    /// Acknowledgments that are not delayed, while the peer's window opens.
    pub(super) quick: u8,
    /// Scale of the peer's windows.
    pub(super) scale: WindowScale,
}

impl Marks {
    const NONE: Self = Self {
        fin: false,
        fin_acked: false,
        probe: false,
        fin_seen: false,
        ack_now: false,
        dup_acks: 0,
        quick: QUICK_ACKS,
        scale: WindowScale::NONE,
    };
}

/// Send sequence variables.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(
    not(any(feature = "sack", feature = "cubic", feature = "tcp-extras")),
    repr(C)
)]
pub(super) struct SendState {
    /// Payload that a segment takes: what the peer, our own link, the path and our options leave.
    pub(super) mss: u16,
    /// Segments sent again.
    pub(super) retransmissions: u16,
    /// Oldest unacknowledged; before the handshake is done, our initial sequence number.
    pub(super) una: SeqNumber,
    /// Next to be sent; goes back to `una` when the peer closes its window on what is in flight.
    pub(super) nxt: SeqNumber,
    /// Next never sent.
    pub(super) max: SeqNumber,
    /// The peer's window, in octets.
    pub(super) wnd: u32,
    /// The largest window the peer ever offered.
    pub(super) max_wnd: u32,
    /// Sequence number of the segment that the window is from. (Its acknowledgment number is not
    /// needed: an older one is never looked at.)
    pub(super) wl1: SeqNumber,
    /// The round-trip time is measured once a round trip: next when this is acknowledged.
    pub(super) measure_at: SeqNumber,
    /// When something was last sent, in microseconds of a clock that wraps.
    pub(super) last_us: u32,
    pub(super) path: Path,
}

/// Receive sequence variables.
#[derive(Debug)]
#[cfg_attr(
    not(any(feature = "sack", feature = "cubic", feature = "tcp-extras")),
    repr(C)
)]
pub(super) struct ReceiveState<'a> {
    /// Scale of our window; before the handshake is done, the one offered.
    pub(super) scale: Option<WindowScale>,
    /// What we can take in a segment.
    pub(super) mss: Mss,
    /// The largest segment seen.
    pub(super) largest: u16,
    /// Next expected.
    pub(super) nxt: SeqNumber,
    /// Right edge of the window as advertised; never goes back.
    pub(super) adv: SeqNumber,
    /// The last acknowledgment sent.
    pub(super) acked: SeqNumber,
    /// Where the peer's FIN is, once it was seen.
    pub(super) fin: SeqNumber,
    pub(super) assembler: Assembler<'a>,
    pub(super) sack: SackReport,
    pub(super) sack_use: SackUse,
    pub(super) urgent: Urgent,
}

/// Segments acknowledged at once at the beginning.
const QUICK_ACKS: u8 = 8;

impl SendState {
    fn new(iss: SeqNumber) -> Self {
        Self {
            una: iss,
            nxt: iss,
            max: iss,
            wnd: 0,
            max_wnd: 0,
            wl1: SeqNumber(0),
            measure_at: iss,
            last_us: 0,
            retransmissions: 0,
            mss: Mss::DEFAULT.octets(),
            path: Path::new(Mss::DEFAULT.octets()),
        }
    }
}

impl<'a> ReceiveState<'a> {
    /// What is received is numbered when the peer's SYN has come; until then `any` number does.
    fn new(any: SeqNumber, offer: Offer, assembler: Assembler<'a>) -> Self {
        Self {
            nxt: any,
            adv: any,
            acked: any,
            fin: any,
            assembler,
            sack: SackReport::new(),
            sack_use: SackUse::new(offer.sack),
            urgent: Urgent::NONE,
            mss: offer.mss,
            largest: 0,
            scale: offer.scale,
        }
    }
}

impl<'a> Tcb<'a> {
    /// No connection yet. What it will receive goes to `rx` until it is read; what is sent stays in
    /// `tx` until it is acknowledged.
    pub fn new(rx: impl Into<Storage<'a, u8>>, tx: impl Into<Storage<'a, u8>>) -> Self {
        Self::with_memory(TcpMemory::new(rx, tx))
    }

    /// As [`Tcb::new`], with memory for what a connection over a long or lossy path remembers.
    #[must_use]
    pub fn with_memory(memory: TcpMemory<'a>) -> Self {
        let offer = Offer::new(&TcpConfig::DEFAULT, 0, Mss::DEFAULT);
        Self::fresh(memory, SeqNumber(0), &TcpConfig::DEFAULT, offer)
    }

    #[cfg_attr(not(feature = "inline"), inline(never))]
    fn fresh(memory: TcpMemory<'a>, iss: SeqNumber, config: &TcpConfig, offer: Offer) -> Self {
        let config = config.or_default();
        let mss = u32::from(Mss::DEFAULT.octets());
        let mut sent = Scoreboard::new(memory.sent);
        sent.clear(iss);
        Self {
            rx: Ring::new(memory.rx),
            tx: Ring::new(memory.tx),
            machine: Machine::default(),
            marks: Marks::NONE,
            snd: SendState::new(iss),
            rcv: ReceiveState::new(iss, offer, Assembler::new(memory.gaps)),
            stamps: Timestamps::new(config.timestamps.offers(), iss),
            rtt: RttEstimator::new(clock::micros(config.initial_rto), RtoLimits::new(config)),
            congestion: Congestion::new(config.congestion, config.initial_window, mss, iss),
            sent,
            rack: Rack::new(iss),
            tail: TailProbe::default(),
            recovery: Recovery::new(iss),
            ecn: Ecn::new(config.ecn == EcnUse::Offer, iss),
            pacer: Pacer::new(),
            sizes: Sizes::new(iss),
            extras: Extras::new(config),
            timers: Timers::STOPPED,
            challenge: ChallengeLimit::default(),
            settings: Settings::new(config),
            clock: Instant::ZERO,
            reason: None,
            network_error: None,
            retries: 0,
            probes: 0,
            unanswered: 0,
            reset_pending: false,
            forgotten: false,
            late: false,
        }
    }

    /// Become another connection in the same buffers.
    fn renew(&mut self, iss: SeqNumber, config: &TcpConfig, offer: Offer) {
        let memory = TcpMemory {
            rx: self.rx.take_storage(),
            tx: self.tx.take_storage(),
            gaps: self.rcv.assembler.take_storage(),
            sent: self.sent.take_storage(),
        };
        *self = Self::fresh(memory, iss, config, offer);
    }

    /// Forget the connection, whatever its state; only the buffers stay.
    pub fn reset_to_closed(&mut self) {
        let offer = Offer::new(&TcpConfig::DEFAULT, 0, Mss::DEFAULT);
        self.renew(SeqNumber(0), &TcpConfig::DEFAULT, offer);
    }

    /// Begin a connection from this side (RFC 9293 §3.10.1, active OPEN): a SYN is to be sent.
    /// `iss` comes from [`isn`](super::isn); `our_mss` is what our link can take.
    pub fn connect(&mut self, now: Instant, iss: SeqNumber, config: &TcpConfig, our_mss: Mss) {
        self.prepare(config);
        self.open(now, iss, our_mss);
    }

    /// The settings of a connection that is begun with [`Tcb::open`] later.
    pub(crate) fn prepare(&mut self, config: &TcpConfig) {
        let offer = Offer::new(config, self.rx_capacity(), Mss(u16::MAX));
        self.renew(SeqNumber(0), config, offer);
    }

    /// [`Tcb::connect`], with the settings that were made.
    pub(crate) fn open(&mut self, now: Instant, iss: SeqNumber, our_mss: Mss) {
        self.marks = Marks::NONE;
        self.snd = SendState::new(iss);
        self.stamps = Timestamps::new(self.stamps.is_on(), iss);
        self.rack = Rack::new(iss);
        self.recovery = Recovery::new(iss);
        self.ecn = Ecn::new(self.ecn.is_on(), iss);
        self.sizes = Sizes::new(iss);
        self.sent.clear(iss);
        self.rcv.mss = our_mss.min(self.rcv.mss);
        self.machine.apply(Event::ActiveOpen);
        self.tell(now);
        self.start_retransmit();
        self.settle();
    }

    /// Become the connection that a half-open one has grown to. The segment that completed it is
    /// then given to [`Tcb::input`], as it may hold data, a FIN, and always a window.
    pub fn establish(&mut self, now: Instant, half: &HalfOpen, config: &TcpConfig) {
        let offer = half.offer();
        self.renew(half.iss(), config, offer);
        self.machine.apply(Event::PassiveOpen);
        self.tell(now);
        self.learn_peer(half.irs(), half.window(), &half.agreement());
        self.ecn = Ecn::new(half.uses_ecn(), half.iss());
        // The SYN-ACK was sent before there was a buffer; if that is smaller, the peer hears it
        // now.
        self.rcv.adv = self
            .rcv
            .nxt
            .wrapping_add(syn_window(config).min(self.rx_capacity()));
        self.snd.una = self.snd.una.wrapping_add(1_u32);
        self.snd.nxt = self.snd.una;
        self.snd.max = self.snd.una;
        self.sent.clear(self.snd.una);
        if half.was_retransmitted() {
            self.rtt.after_lost_syn();
        } else if let Some(rtt_us) = half.round_trip_us(now) {
            self.rtt.sample(rtt_us);
            self.rack.measured(rtt_us, clock::wrapped_micros(now));
        }
        self.begin_congestion_control(config.initial_window, half.was_retransmitted());
        self.heard_from_peer(now);
    }

    /// Become the connection that a SYN (without ACK or RST) asks for: SYN-RECEIVED, the SYN-ACK is
    /// to be sent. [`HalfOpen`] does the same without a buffer.
    pub(crate) fn answer_syn(
        &mut self,
        now: Instant,
        iss: SeqNumber,
        syn: &Segment<'_>,
        config: &TcpConfig,
        our_mss: Mss,
    ) {
        let offer = Offer::new(config, self.rx_capacity(), our_mss);
        self.renew(iss, config, offer);
        self.settings.answers(config);
        self.machine.apply(Event::RecvSyn);
        self.tell(now);
        self.learn_peer(syn.seq, syn.window, &offer.accepted(&syn.options));
        // RFC 3168 §6.1.1: both flags in the SYN ask, one in the SYN-ACK agrees.
        let ecn = config.ecn.accepts() && syn.flags.ece && syn.flags.cwr;
        self.ecn = Ecn::new(ecn, iss);
    }

    /// What the peer's SYN says.
    pub(super) fn learn_peer(&mut self, irs: SeqNumber, window: u16, agreed: &Agreement) {
        self.rcv.nxt = irs.wrapping_add(1_u32);
        self.rcv.acked = self.rcv.nxt;
        self.rcv.adv = self.rcv.nxt.wrapping_add(self.syn_window());
        self.rcv.scale = agreed.our_scale;
        self.marks.scale = agreed.peer_scale;
        self.snd.wnd = u32::from(window);
        self.snd.max_wnd = self.snd.wnd;
        self.snd.wl1 = irs;
        self.rcv.sack_use.set_on(agreed.sack);
        self.stamps.set_on(agreed.timestamp.is_some());
        if let Some(tsval) = agreed.timestamp {
            self.stamps.remember(tsval, self.clock);
        }
        //= RFC 9293: MUST-16
        let mss = agreed.peer_mss.min(self.rcv.mss).octets();
        self.snd.mss = mss.saturating_sub(self.stamps.octets()).max(1);
        self.snd.path = Path::new(self.snd.mss);
    }

    /// The first window (RFC 6928); one segment if the SYN had to be sent again (RFC 5681 §3.1).
    pub(super) fn begin_congestion_control(&mut self, segments: u8, lost_syn: bool) {
        let segments = if lost_syn { 1 } else { segments.max(1) };
        let (which, mss) = (self.congestion.which(), u32::from(self.snd.mss));
        self.congestion = Congestion::new(which, segments, mss, self.snd.nxt);
    }

    /// Anything acceptable arrived: the peer is alive.
    #[inline]
    pub(super) fn heard_from_peer(&mut self, now: Instant) {
        self.unanswered = 0;
        self.keep_waiting(now);
    }

    /// It is `now`.
    #[inline]
    pub(super) fn tell(&mut self, now: Instant) {
        if now.total_micros().wrapping_sub(self.clock.total_micros()) > FARTHEST_US {
            self.timers.leap(now);
        }
        self.clock = now;
    }

    /// Start a timer, or start it anew; it is due in so many microseconds.
    #[cfg_attr(feature = "inline", inline)]
    #[cfg_attr(not(feature = "inline"), inline(never))]
    pub(super) fn start(&mut self, timer: Timer, micros: u32) {
        self.timers.start(timer, self.clock, micros);
    }

    /// Start the retransmission timer, or start it anew.
    #[cfg_attr(feature = "inline", inline)]
    #[cfg_attr(not(feature = "inline"), inline(never))]
    pub(super) fn start_retransmit(&mut self) {
        self.start(Timer::Retransmit, self.rtt.rto());
    }

    /// The state.
    #[inline]
    #[must_use]
    pub fn state(&self) -> State {
        self.machine.state()
    }

    /// How the connection ended, if that is counted and was not asked for yet.
    pub(crate) const fn take_fate(&mut self) -> Option<Fate> {
        self.machine.take_fate()
    }

    #[inline]
    pub(super) fn rx_capacity(&self) -> u32 {
        u32::try_from(self.rx.capacity())
            .unwrap_or(u32::MAX)
            .min(1 << 30)
    }

    /// The window of a SYN, which is not scaled.
    pub(super) fn syn_window(&self) -> u32 {
        self.rx_capacity().min(u32::from(u16::MAX))
    }

    /// What is in flight or will be again, in octets: from SND.UNA to SND.NXT.
    #[inline]
    pub(super) fn flight(&self) -> u32 {
        super::seq::octets_since(self.snd.nxt, self.snd.una)
    }

    /// What is in flight as far as congestion control goes (RFC 6675 §4, SetPipe): without what has
    /// arrived out of order, and what was lost.
    #[inline]
    pub(super) fn pipe(&self) -> u32 {
        let gone = self.sent.sacked().wrapping_add(self.sent.lost());
        let pipe = self.flight().saturating_sub(gone);
        match self.recovery.dup_acks() {
            0 => pipe,
            duplicates => pipe.saturating_sub(duplicates.wrapping_mul(self.send_mss())),
        }
    }

    /// The time as the scoreboard has it: microseconds on a clock that wraps.
    #[inline]
    pub(super) fn now_us(&self) -> u32 {
        clock::wrapped_micros(self.clock)
    }

    /// The connection is over.
    pub(super) fn end(&mut self, event: Event, reason: CloseReason) {
        self.machine.apply(event);
        if self.reason.is_none() {
            self.reason = Some(reason);
        }
        self.timers.stop_all();
        self.tx.clear();
        self.marks.ack_now = false;
        self.marks.dup_acks = 0;
        self.extras.no_probe();
        self.marks.probe = false;
        self.tail.stop();
        self.snd.una = self.snd.max;
        self.snd.nxt = self.snd.max;
        self.sent.clear(self.snd.max);
        self.late = false;
    }

    //= RFC 9293: MUST-13
    /// Both sides have finished; late segments are waited for.
    pub(super) fn enter_time_wait(&mut self) {
        self.timers.stop_all();
        self.reason = Some(CloseReason::Finished);
        self.linger(self.settings.limits().time_wait);
    }

    /// The connection is over after so long.
    #[inline(never)]
    pub(super) fn linger(&mut self, wait: Eighths) {
        if !TCP_CONFIG {
            // By default it is no more than a minute.
            return self.start(Timer::Linger, wait.micros());
        }
        self.timers.set(Timer::Linger, wait.after(self.clock));
    }

    /// Bring timers up to date with what there is to send: called whenever that changes and the
    /// time is known.
    #[inline]
    pub(super) fn settle(&mut self) {
        if self.late {
            self.settle_late();
        }
        let idle = self.snd.una == self.snd.max && self.tx.is_empty();
        if idle && (!self.marks.fin || self.marks.fin_acked) && self.state() != State::SynSent {
            self.probes = 0;
            self.timers.stop(Timer::Persist);
            if self.settings.user_timeout_ms() > 0 {
                self.timers.stop(Timer::User);
            }
            return;
        }
        self.settle_busy();
    }

    /// The application has changed something: as [`settle`](Self::settle), but nobody has told the
    /// time, so that a timer that has to be started waits for `on_timer`.
    #[inline]
    pub(super) fn settle_without_clock(&mut self) {
        let sends = self.timers.is_set(Timer::Retransmit)
            || self.timers.is_set(Timer::Persist)
            || self.plan_data(self.send_mss()).is_some();
        if self.settings.user_timeout_ms() > 0 || !sends {
            self.late = self.state() != State::Closed;
        }
    }

    /// SND.UNA: the oldest sequence number that is not acknowledged.
    pub(crate) const fn snd_una(&self) -> SeqNumber {
        self.snd.una
    }

    /// Something is unacknowledged or waits to be sent.
    fn settle_busy(&mut self) {
        let timeout = self.settings.user_timeout_ms();
        if timeout > 0 && !self.timers.is_set(Timer::User) && self.state() != State::Closed {
            self.timers
                .set(Timer::User, clock::after_millis(self.clock, timeout));
        }
        if self.timers.is_set(Timer::Retransmit) || !self.state().transmits() {
            return;
        }
        if self.snd.una != self.snd.nxt || self.plan_data(self.send_mss()).is_some() {
            self.timers.stop(Timer::Persist);
        } else if !self.timers.is_set(Timer::Persist) {
            let wait = self.rtt.probe_after(self.probes);
            self.start(Timer::Persist, wait);
        }
    }

    /// Start what the application could not.
    fn settle_late(&mut self) {
        self.late = false;
        let state = self.state();
        if self.forgotten && state == State::FinWait2 && !self.timers.is_set(Timer::Linger) {
            self.limit_fin_wait_2();
        }
        if TCP_EXTRAS
            && !self.timers.is_set(Timer::KeepAlive)
            && state.is_synchronized()
            && state != State::TimeWait
        {
            self.heard_from_peer(self.clock);
        }
    }
}

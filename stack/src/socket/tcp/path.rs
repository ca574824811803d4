//! What the path takes: segments that are too large for it, and errors that it reports.
//!
//! Routers say what they take (RFC 1191, RFC 8201). Anybody can write such a message, so one is
//! believed only if it quotes what is in flight (RFC 5927 §4.1), and if it contradicts what has
//! arrived only when nothing arrives any more (§7.2). Where nobody says anything and full segments
//! vanish, smaller ones are sent (RFC 4821 §7.7); how larger ones are found again is in
//! `search.rs`.

use super::counters::{TcpCounters, count};
use super::search::Search;
use super::state::{Event, State};
use super::timer::Timer;
use super::{CloseReason, Instant, SeqNumber, Tcb};
use crate::socket::IcmpReport;

/// The least payload that a report makes of a segment, whatever it says: the smallest links that
/// carry IPv4 in practice take 296 octets (RFC 1191 §7).
const LEAST: u16 = 296 - 40;
/// Payload of the segments that are tried when larger ones vanish: what any link for IPv6 takes
/// (RFC 8200 §5), and any host for IPv4 (RFC 9293 §3.7.1).
const RUNGS: [u16; 2] = [1_220, 536];
/// Timeouts in a row after which full segments are taken for lost because of their size.
const BLACK_HOLE: u8 = 3;
/// MTUs that occur (RFC 1191 §7), for routers that do not say theirs.
const PLATEAUS: [u32; 10] = [
    65_535, 32_000, 17_914, 8_166, 4_352, 2_002, 1_492, 1_006, 508, 296,
];

/// What is known of the path.
#[derive(Clone, Copy, Debug)]
pub(super) struct Path {
    /// A router has said that it takes no more, against what has arrived; 0 if none has.
    claimed: u16,
    /// A full segment of the present size has arrived.
    proven: bool,
    /// The present size was found by trying, and has not been told to the others on the host: when
    /// a full segment of it has arrived it may be.
    pub(super) untold: bool,
    /// How a larger size is found, up to what the peer and our own link take.
    pub(super) search: Search,
}

impl Path {
    pub(super) const fn new(most: u16) -> Self {
        Self {
            claimed: 0,
            proven: false,
            untold: false,
            search: Search::new(most),
        }
    }
}

impl Tcb<'_> {
    //= RFC 9293: MUST-54, MUST-55
    /// The network reports about a segment of ours that began with `seq`. `headers` are the octets
    /// of IP and TCP headers without options. Returns whether it is believed.
    pub(crate) fn icmp_report(
        &mut self,
        now: Instant,
        seq: SeqNumber,
        report: IcmpReport,
        headers: u16,
        counters: &mut TcpCounters,
    ) -> bool {
        let in_flight = seq.at_or_after(self.snd.una) && seq.before(self.snd.max);
        if !in_flight || self.state() == State::Closed {
            count(&mut counters.bad_reports);
            return false;
        }
        self.tell(now);
        count(&mut counters.reports);
        let IcmpReport::TooBig { mtu } = report else {
            self.report_error(report);
            return true;
        };
        let mtu = if mtu == 0 { self.plateau(headers) } else { mtu };
        let payload = mtu.saturating_sub(u32::from(headers));
        let payload = u16::try_from(payload).unwrap_or(u16::MAX);
        // RFC 8201 §4: nothing below 1280 octets, which leave 1220.
        let least = if headers >= 60 { 1_220 } else { LEAST };
        let believed = self.too_big(payload.max(least).saturating_sub(self.option_octets()));
        self.settle();
        believed
    }

    //= RFC 9293: MUST-47, MUST-56, SHLD-25, SHLD-26
    fn report_error(&mut self, report: IcmpReport) {
        let hard = matches!(
            report,
            IcmpReport::PortUnreachable | IcmpReport::ProtocolUnreachable | IcmpReport::Prohibited
        );
        self.network_error = NetworkError::of(report);
        // RFC 5927 §5.2: an established connection is not ended by what anybody could have written.
        if hard && self.state() == State::SynSent {
            self.end(Event::GiveUp, CloseReason::Unreachable);
        }
    }

    /// A router takes segments of `payload` octets at most. Returns whether that is believed.
    fn too_big(&mut self, payload: u16) -> bool {
        if payload >= self.snd.mss {
            // It is about the larger one that was tried, or nothing new.
            return self.trial_too_big(payload);
        }
        if self.snd.path.proven {
            // RFC 5927 §7.2: larger ones have arrived. It may still be true, of a new path.
            self.snd.path.claimed = payload;
            return false;
        }
        self.shrink(payload);
        // RFC 1191 §6.3: it may have become wider after ten minutes.
        self.search_later();
        true
    }

    /// The next smaller MTU that occurs.
    fn plateau(&self, headers: u16) -> u32 {
        let now = u32::from(self.snd.mss).saturating_add(u32::from(headers));
        let smaller = PLATEAUS.iter().find(|plateau| **plateau < now);
        smaller.copied().unwrap_or(0)
    }

    fn shrink(&mut self, payload: u16) {
        self.snd.mss = payload.max(1);
        self.snd.path.claimed = 0;
        self.snd.path.proven = false;
        self.send_all_again();
    }

    /// What is in flight was too large: it is lost, but not because of congestion.
    pub(super) fn send_all_again(&mut self) {
        self.lose_all(0);
        self.tail.stop();
        self.timers.stop(Timer::Loss);
        self.rtt.end_back_off();
    }

    /// The retransmission timer expired: perhaps because of the size of what was sent. Returns
    /// whether the size was changed.
    pub(super) fn suspect_size(&mut self, counters: &mut TcpCounters) -> bool {
        let full = self.flight() >= self.send_mss();
        let claimed = self.snd.path.claimed;
        if claimed > 0 && claimed < self.snd.mss {
            self.shrink(claimed);
            self.search_later();
            return true;
        }
        if !full || self.retries < BLACK_HOLE {
            return false;
        }
        let options = self.option_octets();
        let rungs = RUNGS.iter().map(|rung| rung.saturating_sub(options));
        let Some(rung) = rungs.filter(|rung| *rung < self.snd.mss).max() else {
            return false;
        };
        count(&mut counters.black_holes);
        let failed = self.snd.mss;
        self.shrink(rung);
        self.snd.path.untold = true;
        self.search_below(failed);
        true
    }

    fn option_octets(&self) -> u16 {
        self.stamps.octets()
    }

    /// `acked` octets have arrived: what a claim or a trial makes of it.
    #[inline]
    pub(super) fn learn_size(&mut self, acked: u32) {
        if acked >= u32::from(self.snd.mss) {
            self.snd.path.proven = true;
            self.snd.path.claimed = 0;
        }
        self.trial_arrived();
    }

    /// The payload beside a header without options that a segment was found to take, once it is
    /// known to arrive: others on this host can begin with it (RFC 4821 §3).
    pub(crate) fn take_found_size(&mut self) -> Option<u16> {
        let path = &mut self.snd.path;
        if !path.untold || !path.proven {
            return None;
        }
        path.untold = false;
        Some(self.snd.mss.saturating_add(self.stamps.octets()))
    }
}

/// What the network has reported about a connection's segments. It ends no open connection
/// (RFC 5927 §5.2), but says why one that timed out may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NetworkError {
    /// No way to the network or the host.
    Unreachable,
    /// TCP is not spoken there, or the port is closed.
    Refused,
    /// Somebody on the way forbids it.
    Prohibited,
    /// Packets went in circles, or their fragments did not arrive.
    TimeExceeded,
    /// A header was not understood.
    ParameterProblem,
}

impl NetworkError {
    const fn of(report: IcmpReport) -> Option<Self> {
        Some(match report {
            IcmpReport::Unreachable => Self::Unreachable,
            IcmpReport::PortUnreachable | IcmpReport::ProtocolUnreachable => Self::Refused,
            IcmpReport::Prohibited => Self::Prohibited,
            IcmpReport::TimeExceeded => Self::TimeExceeded,
            IcmpReport::ParameterProblem { .. } => Self::ParameterProblem,
            IcmpReport::TooBig { .. } => return None,
        })
    }
}

impl core::fmt::Display for NetworkError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Unreachable => "the network or host is unreachable",
            Self::Refused => "the host speaks no TCP on that port",
            Self::Prohibited => "communication is prohibited",
            Self::TimeExceeded => "packets did not arrive in time",
            Self::ParameterProblem => "a header was not understood",
        })
    }
}

impl core::error::Error for NetworkError {}

//! Two connections and a link between them that loses, delays, reorders and duplicates, in virtual
//! time. Everything follows from a seed.

use std::boxed::Box;
use std::collections::BTreeMap;
use std::vec;
use std::vec::Vec;

use super::super::*;
use super::checksum;
use litz_wire::SackBlockRepr;
use litz_wire::rt::Array;

/// A small generator (splitmix64).
pub(super) struct Rng(pub(super) u64);

impl Rng {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(super) fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit.max(1)
    }

    fn chance(&mut self, permille: u64) -> bool {
        self.below(1000) < permille
    }
}

/// What the link does. Times in microseconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    pub(super) delay: u64,
    pub(super) jitter: u64,
    /// Of 1000 segments.
    pub(super) loss: u64,
    pub(super) duplicate: u64,
    /// Payload that fits in a segment without options.
    pub(super) limit: usize,
    /// Octets in a millisecond; 0 for no limit.
    pub(super) rate: u64,
    /// Octets that wait at most for the link; more is lost.
    pub(super) queue: u64,
}

impl Default for Link {
    fn default() -> Self {
        Self {
            delay: 5_000,
            jitter: 0,
            loss: 0,
            duplicate: 0,
            limit: 1460,
            rate: 0,
            queue: 0,
        }
    }
}

/// A segment on its way.
#[derive(Clone)]
pub(super) struct Flying {
    pub(super) seq: SeqNumber,
    pub(super) ack: SeqNumber,
    pub(super) flags: TcpFlags,
    pub(super) window: u16,
    pub(super) options: Owned,
    /// The packet can be marked, and is marked.
    pub(super) ecn_capable: bool,
    pub(super) congested: bool,
    pub(super) payload: Vec<u8>,
}

/// Options that own what they hold.
#[derive(Clone, Debug, Default)]
pub(super) struct Owned {
    set: TcpOptionSet<'static>,
    pub(super) blocks: Vec<SackBlockRepr>,
}

impl core::fmt::Debug for Flying {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(
            f,
            "[{} seq {} ack {} win {} len {}]",
            names(self.flags),
            self.seq,
            self.ack,
            self.window,
            self.payload.len()
        )
    }
}

impl From<TcpOptionSet<'static>> for Owned {
    fn from(set: TcpOptionSet<'static>) -> Self {
        Self {
            set,
            blocks: Vec::new(),
        }
    }
}

impl Owned {
    pub(super) fn set(&self) -> TcpOptionSet<'_> {
        let sack = (!self.blocks.is_empty()).then(|| Array::from_values(&self.blocks[..]));
        TcpOptionSet { sack, ..self.set }
    }
}

impl Flying {
    pub(super) fn of(out: &Outgoing<'_>) -> Self {
        let set = TcpOptionSet {
            mss: out.options.mss,
            window_scale: out.options.window_scale,
            sack_permitted: out.options.sack_permitted,
            timestamp: out.options.timestamp,
            ..TcpOptionSet::default()
        };
        let blocks = out.options.sack.iter().flat_map(|sack| sack.iter());
        let blocks = blocks.collect();
        Self {
            seq: out.seq,
            ack: out.ack,
            flags: out.flags,
            window: out.window,
            options: Owned { set, blocks },
            ecn_capable: out.ecn_capable,
            congested: false,
            payload: out.payload.concat(),
        }
    }

    pub(super) fn segment(&self) -> Segment<'_> {
        Segment {
            seq: self.seq,
            ack: self.ack,
            flags: self.flags,
            window: self.window,
            urgent: 0,
            options: self.options.set(),
            congested: self.congested,
            payload: &self.payload,
        }
    }
}

/// One end.
pub(super) struct End {
    pub(super) tcb: Tcb<'static>,
    pub(super) half: Option<HalfOpen>,
    pub(super) listening: bool,
    pub(super) config: TcpConfig,
    pub(super) iss: SeqNumber,
    pub(super) mss: Mss,
    pub(super) counters: TcpCounters,
    /// When the link towards the other end is free again.
    busy_until: u64,
    resend_syn_ack: bool,
}

impl End {
    pub(super) fn new(iss: u32, rx: usize, tx: usize, config: TcpConfig) -> Self {
        let config = TcpConfig {
            receive_window: rx as u32,
            ..config
        };
        Self {
            tcb: Tcb::with_memory(TcpMemory {
                gaps: ranges(64),
                sent: ranges(128),
                ..TcpMemory::new(memory(rx), memory(tx))
            }),
            half: None,
            listening: false,
            config,
            iss: SeqNumber(iss),
            mss: Mss(1460),
            counters: TcpCounters::default(),
            busy_until: 0,
            resend_syn_ack: false,
        }
    }

    /// What arrives at this end, and what it answers at once.
    fn input(&mut self, now: Instant, flying: &Flying) -> Option<Flying> {
        let segment = flying.segment();
        if let Some(half) = &mut self.half {
            match half.on_segment(&segment, now, &self.config) {
                HalfOpenVerdict::Drop => return None,
                HalfOpenVerdict::SynAck => {
                    return Some(Flying::of(&half.syn_ack(now, &self.config)));
                }
                HalfOpenVerdict::Reply(out) => return Some(Flying::of(&out)),
                HalfOpenVerdict::Refused => {
                    self.half = None;
                    return None;
                }
                HalfOpenVerdict::Complete => {
                    self.tcb.establish(now, half, &self.config);
                    self.half = None;
                    self.listening = false;
                }
            }
        } else if self.listening && segment.flags.syn && !segment.flags.ack {
            let half = HalfOpen::from_syn(&segment, self.iss, now, &self.config, self.mss);
            self.half = Some(half);
            return Some(Flying::of(&half.syn_ack(now, &self.config)));
        }
        match checksum::arrive(&mut self.tcb, now, &segment, &mut self.counters) {
            Reply::None => None,
            Reply::Segment(out) | Reply::Challenge(out) => Some(Flying::of(&out)),
        }
    }

    fn deadline(&self, now: Instant) -> Option<Instant> {
        match &self.half {
            Some(half) => half.deadline(now, &self.config).instant(),
            None => self.tcb.deadline().instant(),
        }
    }

    fn on_timer(&mut self, now: Instant) {
        match &mut self.half {
            Some(half) if half.deadline(now, &self.config).is_due(now) => {
                if half.on_timer(now, &self.config) {
                    self.resend_syn_ack = true;
                } else {
                    self.half = None;
                }
            }
            Some(_) => {}
            None => self.tcb.on_timer(now, &mut self.counters),
        }
    }
}

/// Memory that is never given back: a test ends soon.
pub(super) fn memory(octets: usize) -> &'static mut [u8] {
    Box::leak(vec![0; octets].into_boxed_slice())
}

fn ranges<T: Clone + Default>(count: usize) -> crate::storage::Storage<'static, T> {
    Box::leak(vec![T::default(); count].into_boxed_slice()).into()
}

/// Both ends and the link.
pub(super) struct Pair {
    pub(super) now: u64,
    pub(super) ends: [End; 2],
    pub(super) link: Link,
    pub(super) rng: Rng,
    pub(super) seed: u64,
    /// Of the segment `0` sends as its `n`th, whether it is lost; beside the link's chance.
    pub(super) drop: fn(usize, &Flying, u64) -> bool,
    pub(super) sent: [u64; 2],
    pub(super) trace: bool,
    wire: BTreeMap<(u64, u64), (usize, Flying)>,
    serial: u64,
}

impl Pair {
    pub(super) fn new(seed: u64, link: Link, ends: [End; 2]) -> Self {
        Self {
            now: 1_000_000,
            ends,
            link,
            rng: Rng(seed),
            seed,
            drop: |_, _, _| false,
            sent: [0; 2],
            trace: false,
            wire: BTreeMap::new(),
            serial: 0,
        }
    }

    /// A client at 0 that connects and a server at 1 that listens, with buffers of so many octets.
    pub(super) fn client_server(seed: u64, link: Link, buffers: usize, config: TcpConfig) -> Self {
        let mut rng = Rng(seed ^ 0x5eed);
        let ends = [0, 1].map(|_| End::new(rng.next() as u32, buffers, buffers, config));
        let mut pair = Self::new(seed, link, ends);
        pair.ends[1].listening = true;
        pair.connect(0);
        pair
    }

    pub(super) fn instant(&self) -> Instant {
        Instant::from_micros(self.now as i64)
    }

    pub(super) fn connect(&mut self, end: usize) {
        let now = self.instant();
        let end = &mut self.ends[end];
        end.tcb.connect(now, end.iss, &end.config, end.mss);
    }

    /// Put a segment on the link.
    pub(super) fn send(&mut self, from: usize, flying: Flying) {
        self.sent[from] += 1;
        if self.trace {
            std::println!(
                "{:>10} {} > seq {} ack {} {} win {} len {}",
                self.now,
                from,
                flying.seq.0,
                flying.ack.0,
                names(flying.flags),
                flying.window,
                flying.payload.len()
            );
        }
        let mut at = self.now;
        if self.link.rate > 0 {
            let octets = flying.payload.len() as u64 + 40;
            let start = self.ends[from].busy_until.max(self.now);
            let waiting = (start - self.now) * self.link.rate / 1000;
            if self.link.queue > 0 && waiting > self.link.queue {
                return;
            }
            at = start + octets * 1000 / self.link.rate;
            self.ends[from].busy_until = at;
        }
        if self.rng.chance(self.link.loss) || (self.drop)(from, &flying, self.sent[from]) {
            return;
        }
        let copies = if self.rng.chance(self.link.duplicate) {
            2
        } else {
            1
        };
        for _ in 0..copies {
            let at = at + self.link.delay + self.rng.below(self.link.jitter + 1);
            self.serial += 1;
            self.wire
                .insert((at, self.serial), (1 - from, flying.clone()));
        }
    }

    /// Let both ends send all they want to.
    pub(super) fn drain(&mut self) {
        let now = self.instant();
        let limit = self.link.limit;
        for from in 0..2 {
            let end = &mut self.ends[from];
            end.on_timer(now);
            if core::mem::take(&mut end.resend_syn_ack)
                && let Some(half) = &end.half
            {
                let flying = Flying::of(&half.syn_ack(now, &end.config));
                self.send(from, flying);
            }
            for count in 0.. {
                assert!(count < 100_000, "seed {}: sending without end", self.seed);
                let end = &mut self.ends[from];
                let wants = end.tcb.wants_transmit(now);
                let mut blocks = SackBlocks::default();
                let out = end
                    .tcb
                    .next_segment(now, limit, &mut blocks, &mut end.counters);
                // Less room than a segment may let something go that would otherwise wait.
                assert!(
                    !wants || out.is_some(),
                    "seed {}: wants and does not",
                    self.seed
                );
                let Some(flying) = out.as_ref().map(Flying::of) else {
                    break;
                };
                self.send(from, flying);
            }
            if let Some(due) = self.ends[from].deadline(now) {
                assert!(
                    due.total_micros() > self.now as i64,
                    "seed {}: deadline {due} is not after {now} in {}",
                    self.seed,
                    self.ends[from].tcb.state()
                );
            }
        }
    }

    /// Send what there is to send, go to what happens next and let it happen. `false` if nothing
    /// will ever happen again.
    pub(super) fn step(&mut self) -> bool {
        self.drain();
        let arrival = self.wire.keys().next().map(|(at, _)| *at);
        let due = self
            .ends
            .iter()
            .filter_map(|end| end.deadline(self.instant()))
            .min();
        let due = due.map(|due| due.total_micros() as u64);
        let next = match (arrival, due) {
            (Some(a), Some(b)) => a.min(b),
            (Some(a), None) | (None, Some(a)) => a,
            (None, None) => return false,
        };
        self.now = next;
        let now = self.instant();
        while let Some(entry) = self.wire.first_entry() {
            if entry.key().0 > self.now {
                break;
            }
            let (to, flying) = entry.remove();
            if let Some(reply) = self.ends[to].input(now, &flying) {
                self.send(to, reply);
            }
        }
        for end in &mut self.ends {
            if end.deadline(now).is_some_and(|due| due <= now) {
                end.on_timer(now);
            }
        }
        true
    }

    /// Step until `done`; fails if it never is.
    #[track_caller]
    pub(super) fn run(&mut self, mut done: impl FnMut(&mut Self) -> bool) {
        for _ in 0..20_000_000_u64 {
            if done(self) {
                return;
            }
            assert!(
                self.step(),
                "seed {}: stuck at {}: {self:?}",
                self.seed,
                self.now
            );
        }
        panic!("seed {}: no end: {self:?}", self.seed);
    }
}

impl core::fmt::Debug for Pair {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        for end in &self.ends {
            writeln!(f, "{:#?}\n{:?}", end.tcb.info(), end.counters)?;
        }
        write!(f, "{:?}", self.link)
    }
}

/// The names of the flags that are set.
pub(super) fn names(flags: TcpFlags) -> std::string::String {
    [
        (flags.syn, 'S'),
        (flags.fin, 'F'),
        (flags.rst, 'R'),
        (flags.psh, 'P'),
        (flags.ack, '.'),
        (flags.ece, 'E'),
        (flags.cwr, 'W'),
    ]
    .iter()
    .filter_map(|(set, name)| set.then_some(*name))
    .collect()
}

/// The octet at a position of the stream that tests send.
pub(super) fn octet(stream: u64, position: u64) -> u8 {
    let mut z = (position / 8 + stream * 0x1_0000_0000).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z ^= z >> 29;
    (z >> (8 * (position % 8))) as u8
}

//! Two connections that talk to each other over a wire on which anything happens: loss, reordering,
//! duplication, and segments whose numbers, flags and options are changed.

use litz::socket::tcp::{
    CongestionControl, EcnUse, HalfOpen, HalfOpenVerdict, Mss, Outgoing, Reply, SackBlocks,
    Segment, SeqNumber, Tcb, TcpConfig, TcpCounters, TcpMemory, TimestampUse,
};
use litz_hal::time::{Duration, Instant};
use litz_wire::rt::Array;
use litz_wire::{SackBlockRepr, TcpFlags, TcpOptionSet};

/// A segment on the wire.
#[derive(Clone)]
struct Flying {
    seq: SeqNumber,
    ack: SeqNumber,
    flags: TcpFlags,
    window: u16,
    options: TcpOptionSet<'static>,
    blocks: Vec<SackBlockRepr>,
    congested: bool,
    payload: Vec<u8>,
}

impl Flying {
    fn of(out: &Outgoing<'_>) -> Self {
        Self {
            seq: out.seq,
            ack: out.ack,
            flags: out.flags,
            window: out.window,
            options: TcpOptionSet {
                mss: out.options.mss,
                window_scale: out.options.window_scale,
                sack_permitted: out.options.sack_permitted,
                timestamp: out.options.timestamp,
                ..TcpOptionSet::default()
            },
            blocks: out
                .options
                .sack
                .iter()
                .flat_map(|sack| sack.iter())
                .collect(),
            congested: false,
            payload: out.payload.concat(),
        }
    }

    /// Change something of it.
    fn mangle(&mut self, what: u8, how: u8) {
        let spread = i64::from(how) - 128;
        let by = (spread * spread * spread) as u32;
        match what % 8 {
            0 => self.seq = self.seq.wrapping_add(by),
            1 => self.ack = self.ack.wrapping_add(by),
            2 => self.flags = TcpFlags::from_raw(u16::from(how)),
            3 => self.window = u16::from(how) << (how % 8),
            4 => self.payload.truncate(usize::from(how)),
            5 => self.blocks.push(SackBlockRepr {
                left: self.ack.wrapping_add(by),
                right: self.ack.wrapping_add(by).wrapping_add(u32::from(what) * 64),
            }),
            6 => self.congested = true,
            _ => {
                if let Some(stamp) = &mut self.options.timestamp {
                    stamp.tsval = stamp.tsval.wrapping_add(by);
                    stamp.tsecr = stamp.tsecr.wrapping_sub(by);
                }
            }
        }
        self.blocks.truncate(4);
    }

    fn segment(&self) -> Segment<'_> {
        let sack = (!self.blocks.is_empty()).then(|| Array::from_values(&self.blocks[..]));
        Segment {
            seq: self.seq,
            ack: self.ack,
            flags: self.flags,
            window: self.window,
            urgent: 0,
            options: TcpOptionSet {
                sack,
                ..self.options
            },
            congested: self.congested,
            payload: &self.payload,
        }
    }
}

struct End {
    tcb: Tcb<'static>,
    half: Option<HalfOpen>,
    config: TcpConfig,
    counters: TcpCounters,
    /// What is on its way to this end.
    wire: Vec<Flying>,
    written: u64,
    read: u64,
}

const LINK: Mss = Mss(1460);

/// The octet at a position of a stream.
fn octet(end: usize, position: u64) -> u8 {
    (position.wrapping_mul(0x9e37_79b9) >> 16) as u8 ^ (end as u8)
}

struct Pair {
    ends: [End; 2],
    now: Instant,
    /// Something was changed on the wire: streams need not be what was sent.
    mangled: bool,
}

impl Pair {
    fn new(setup: u8) -> Self {
        let config = TcpConfig {
            timestamps: if setup & 1 != 0 {
                TimestampUse::Offer
            } else {
                TimestampUse::Off
            },
            sack: setup & 2 == 0,
            congestion: if setup & 4 == 0 {
                CongestionControl::Cubic
            } else {
                CongestionControl::NewReno
            },
            ecn: EcnUse::Offer,
            receive_window: 1 << 13,
            ..TcpConfig::DEFAULT
        };
        let ends = [0, 1].map(|_| End {
            tcb: Tcb::with_memory(if setup & 8 == 0 {
                TcpMemory::heap(1 << 13, 1 << 13)
            } else {
                TcpMemory::heap(1 << 16, 1 << 16)
            }),
            half: None,
            config,
            counters: TcpCounters::default(),
            wire: Vec::new(),
            written: 0,
            read: 0,
        });
        let mut pair = Self {
            ends,
            now: Instant::from_secs(1),
            mangled: false,
        };
        let iss = SeqNumber(u32::MAX - u32::from(setup) * 16);
        let now = pair.now;
        let client = &mut pair.ends[0];
        client.tcb.connect(now, iss, &config, LINK);
        pair
    }

    /// The `n`th segment on its way to an end arrives.
    fn deliver(&mut self, to: usize, n: usize) {
        let end = &mut self.ends[to];
        if end.wire.is_empty() {
            return;
        }
        let flying = end.wire.remove(n % end.wire.len());
        let segment = flying.segment();
        let reply = match &mut end.half {
            Some(half) => match half.on_segment(&segment, self.now, &end.config) {
                HalfOpenVerdict::Drop => None,
                HalfOpenVerdict::SynAck => Some(Flying::of(&half.syn_ack(self.now, &end.config))),
                HalfOpenVerdict::Reply(out) => Some(Flying::of(&out)),
                HalfOpenVerdict::Refused => {
                    end.half = None;
                    None
                }
                HalfOpenVerdict::Complete => {
                    // What an earlier connection had said is over, read by now or not.
                    self.mangled |= end.read > 0 || end.written > 0;
                    end.tcb.establish(self.now, half, &end.config);
                    end.half = None;
                    input(end, self.now, &segment)
                }
            },
            None if to == 1 && end.tcb.is_closed() && flying.flags.syn && !flying.flags.ack => {
                let iss = SeqNumber(7);
                let half = HalfOpen::from_syn(&segment, iss, self.now, &end.config, LINK);
                end.half = Some(half);
                Some(Flying::of(&half.syn_ack(self.now, &end.config)))
            }
            None => input(end, self.now, &segment),
        };
        self.ends[1 - to].wire.extend(reply);
    }

    /// Let both ends send what they want to.
    fn drain(&mut self) {
        for from in 0..2 {
            let end = &mut self.ends[from];
            end.tcb.on_timer(self.now, &mut end.counters);
            let mut sent = Vec::new();
            while let Some(out) = end.tcb.next_segment(
                self.now,
                1460,
                &mut SackBlocks::default(),
                &mut end.counters,
            ) {
                sent.push(Flying::of(&out));
                assert!(sent.len() < 1000, "sending without end");
            }
            assert!(!end.tcb.wants_transmit(self.now), "it wants and does not");
            if let Some(due) = end.tcb.deadline().instant() {
                assert!(due > self.now, "a deadline that has passed");
            }
            let info = end.tcb.info();
            assert!(info.pipe <= info.in_flight, "{info:?}");
            assert!(
                info.in_flight as usize <= end.tcb.send_queue() + 1,
                "{info:?}"
            );
            let wire = &mut self.ends[1 - from].wire;
            wire.extend(sent);
            // What the wire cannot hold is lost.
            wire.truncate(200);
        }
    }

    fn write(&mut self, from: usize, len: usize) {
        let end = &mut self.ends[from];
        let data: Vec<u8> = (0..len as u64)
            .map(|n| octet(from, end.written + n))
            .collect();
        end.written += end.tcb.send_slice(&data).unwrap_or(0) as u64;
    }

    fn read(&mut self, at: usize) {
        let end = &mut self.ends[at];
        let mut buffer = [0; 4096];
        let len = end.tcb.recv_slice(&mut buffer).unwrap_or(0);
        if !self.mangled {
            for (n, got) in buffer[..len].iter().enumerate() {
                assert_eq!(*got, octet(1 - at, end.read + n as u64), "a wrong octet");
            }
        }
        end.read += len as u64;
    }
}

fn input(end: &mut End, now: Instant, segment: &Segment<'_>) -> Option<Flying> {
    match end.tcb.input(now, segment, &mut end.counters) {
        Reply::None => None,
        Reply::Segment(out) | Reply::Challenge(out) => Some(Flying::of(&out)),
    }
}

/// Plays `data` as a sequence of events between two connections. Each is two octets: what happens,
/// and how.
pub fn tcp_pair(data: &[u8]) {
    let Some((&setup, events)) = data.split_first() else {
        return;
    };
    let mut pair = Pair::new(setup);
    pair.drain();
    for event in events.chunks_exact(2) {
        let (what, how) = (event[0], event[1]);
        let at = usize::from(what & 1);
        let n = usize::from(how);
        match what >> 1 & 15 {
            0..=4 => pair.deliver(at, 0),
            5 => pair.deliver(at, n),
            6 => {
                pair.ends[at].wire.pop();
            }
            7 => {
                let first = pair.ends[at].wire.first().cloned();
                pair.ends[at].wire.extend(first);
            }
            8 => {
                if let Some(first) = pair.ends[at].wire.first_mut() {
                    first.mangle(what >> 5, how);
                    // Marks and windows change no data.
                    pair.mangled = true;
                }
            }
            9 => {
                pair.now = pair
                    .now
                    .saturating_add(Duration::from_micros(n as u64 * n as u64))
            }
            10 => {
                let due = pair.ends[at].tcb.deadline().instant();
                pair.now = due.map_or(pair.now, |due| due.max(pair.now));
            }
            11 | 12 => pair.write(at, n * 37),
            13 | 14 => pair.read(at),
            _ if how < 8 => pair.ends[at].tcb.close(),
            _ if how == 255 => pair.ends[at].tcb.abort(),
            _ => pair.now = pair.now.saturating_add(Duration::from_millis(n as u64)),
        }
        pair.drain();
    }
}

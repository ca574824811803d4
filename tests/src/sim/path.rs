//! One way of the simulated network: its rate, delay and queue, and everything bad that can happen
//! to a packet on it.

use litz_hal::time::{Duration, Instant};

use litz_hal::prng::{Chance, Prng};

/// How packets are lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// Each by itself, with a chance.
    Random(Chance),
    /// In bursts (Gilbert): a burst begins and ends with a chance for each packet, and within it
    /// all are lost.
    Burst {
        /// Chance that a burst begins.
        begin: Chance,
        /// Chance that it ends.
        end: Chance,
    },
}

/// How a way treats packets. By default: neither limit nor misfortune.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PathConfig {
    /// Where the course of events begins.
    pub seed: u64,
    /// Bits per second; `None` for any number.
    pub rate: Option<u64>,
    /// Time from one end to the other.
    pub delay: Duration,
    /// The most that is added to the delay of a packet, without changing their order.
    pub jitter: Duration,
    /// Octets that may wait for the line; more is dropped.
    pub queue: usize,
    /// Octets waiting from which on packets that can carry the mark are marked as having met
    /// congestion (RFC 3168), if any.
    pub mark: Option<usize>,
    /// Octets of a frame before the IP header that is marked.
    pub link_header: usize,
    /// How packets are lost.
    pub loss: Loss,
    /// How often a packet is held back, so that others overtake it.
    pub reorder: Chance,
    /// The most that it is held back.
    pub hold: Duration,
    /// How often a packet arrives twice.
    pub duplicate: Chance,
    /// How often a bit of a packet is turned.
    pub corrupt: Chance,
    /// Octets of the largest packet; larger ones are dropped.
    pub mtu: usize,
}

impl Default for PathConfig {
    fn default() -> Self {
        Self {
            seed: 0,
            rate: None,
            delay: Duration::ZERO,
            jitter: Duration::ZERO,
            queue: usize::MAX,
            mark: None,
            link_header: 0,
            loss: Loss::Random(Chance::NEVER),
            reorder: Chance::NEVER,
            hold: Duration::ZERO,
            duplicate: Chance::NEVER,
            corrupt: Chance::NEVER,
            mtu: 65_535,
        }
    }
}

/// What became of packets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Packets sent.
    pub sent: u64,
    /// Packets lost by chance.
    pub lost: u64,
    /// Packets dropped because the queue was full or they were too large.
    pub dropped: u64,
    /// Packets marked.
    pub marked: u64,
    /// The most octets that waited.
    pub most_waiting: usize,
}

/// A way.
pub struct Path {
    config: PathConfig,
    prng: Prng,
    in_burst: bool,
    /// When the line is free, in nanoseconds.
    free_at: i64,
    last_arrival: Instant,
    /// What became of packets.
    pub stats: Stats,
}

impl Path {
    /// A way, before its first packet.
    #[must_use]
    pub fn new(config: PathConfig) -> Self {
        Self {
            config,
            prng: Prng::new(config.seed),
            in_burst: false,
            free_at: 0,
            last_arrival: Instant::ZERO,
            stats: Stats::default(),
        }
    }

    /// A packet sets out: when it arrives, and as what. Everything is drawn for every packet, so
    /// that one misfortune changes no other.
    pub fn send(&mut self, now: Instant, mut packet: Vec<u8>) -> Vec<(Instant, Vec<u8>)> {
        let config = self.config;
        self.stats.sent += 1;
        let lost = self.loses();
        let corrupt = self.prng.happens(config.corrupt);
        let (at, bit) = (self.prng.index(packet.len()), self.prng.below(8));
        let jitter = self.up_to(config.jitter);
        let held = self.prng.happens(config.reorder);
        let hold = self.up_to(config.hold);
        let twice = self.prng.happens(config.duplicate);
        if lost {
            self.stats.lost += 1;
            return Vec::new();
        }
        let Some(sent) = self.transmit(now, &mut packet) else {
            self.stats.dropped += 1;
            return Vec::new();
        };
        if corrupt {
            packet[at] ^= 1 << bit;
        }
        let due = sent.saturating_add(config.delay).saturating_add(jitter);
        let arrival = if held {
            due.saturating_add(hold)
        } else {
            self.last_arrival = self.last_arrival.max(due);
            self.last_arrival
        };
        let mut arrivals = vec![(arrival, packet)];
        if twice {
            arrivals.extend_from_within(..);
        }
        arrivals
    }

    fn loses(&mut self) -> bool {
        match self.config.loss {
            Loss::Random(chance) => self.prng.happens(chance),
            Loss::Burst { begin, end } => {
                let turn = if self.in_burst { end } else { begin };
                self.in_burst ^= self.prng.happens(turn);
                self.in_burst
            }
        }
    }

    /// Put a packet on the line; when its last bit has left, or `None` if there is no room.
    fn transmit(&mut self, now: Instant, packet: &mut [u8]) -> Option<Instant> {
        if packet.len() > self.config.mtu {
            return None;
        }
        let Some(rate) = self.config.rate else {
            return Some(now);
        };
        let nanos = now.total_micros() * 1000;
        let begin = self.free_at.max(nanos);
        let waiting = ((begin - nanos) as u128 * u128::from(rate) / 8_000_000_000) as usize;
        self.stats.most_waiting = self.stats.most_waiting.max(waiting);
        if waiting + packet.len() > self.config.queue {
            return None;
        }
        let congested = self.config.mark.is_some_and(|from| waiting >= from);
        if let Some(header) = packet.get_mut(self.config.link_header..)
            && congested
            && mark(header)
        {
            self.stats.marked += 1;
        }
        self.free_at = begin + (packet.len() as u64 * 8_000_000_000 / rate) as i64;
        Some(Instant::from_micros((self.free_at + 999) / 1000))
    }

    fn up_to(&mut self, most: Duration) -> Duration {
        Duration::from_micros(self.prng.below(most.total_micros() + 1))
    }
}

/// Mark an IPv4 packet as having met congestion, if its sender understands that (RFC 3168 §5).
fn mark(packet: &mut [u8]) -> bool {
    if packet.len() < 20 || packet[0] >> 4 != 4 || packet[1] & 3 == 0 {
        return false;
    }
    // RFC 1624, equation 3, for the 16-bit word of version, length and traffic class.
    let old = u16::from_be_bytes([packet[0], packet[1]]);
    packet[1] |= 3;
    let new = u16::from_be_bytes([packet[0], packet[1]]);
    let checksum = u16::from_be_bytes([packet[10], packet[11]]);
    let mut sum = u32::from(!checksum) + u32::from(!old) + u32::from(new);
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    let [high, low] = (!(sum as u16)).to_be_bytes();
    packet[10] = high;
    packet[11] = low;
    true
}

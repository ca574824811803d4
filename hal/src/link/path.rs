//! One direction of a link: frames under way in order of arrival, and what happens to them.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::vec::Vec;

use super::{LinkConfig, WhenFull};
use crate::device::{ChecksumStatus, Medium, RxMeta, TxError, TxMeta};
use crate::prng::Prng;
use crate::time::{Deadline, Duration, Instant};

/// What became of the frames of one direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct LinkStats {
    /// Frames sent.
    pub sent: u64,
    /// Octets in them.
    pub sent_octets: u64,
    /// Frames received.
    pub received: u64,
    /// Octets in them.
    pub received_octets: u64,
    /// Frames lost on the way, or sent without a plug in the socket.
    pub lost: u64,
    /// Frames dropped because the link was full.
    pub overflowed: u64,
    /// Frames damaged.
    pub corrupted: u64,
    /// Frames that went twice.
    pub duplicated: u64,
    /// Frames held back.
    pub reordered: u64,
}

/// One direction of a link.
#[derive(Debug)]
pub(super) struct Path {
    config: LinkConfig,
    prng: Prng,
    under_way: BinaryHeap<Reverse<Frame>>,
    spare: Vec<Vec<u8>>,
    /// Numbers the frames, so that those of one instant keep their order.
    next_number: u64,
    /// When the line has taken all that was sent.
    line_free: Instant,
    /// Work of the line that did not fill a microsecond, in millionths of a bit.
    line_rest: u64,
    /// The latest arrival of a frame that was not held back.
    last_arrival: Instant,
    stats: LinkStats,
}

/// A frame under way.
#[derive(Debug)]
struct Frame {
    arrival: Instant,
    number: u64,
    meta: RxMeta,
    octets: Vec<u8>,
}

/// Octets of an Ethernet header with one 802.1Q tag.
const ETHERNET_HEADER: usize = 18;
/// Octets of an IEEE 802.15.4 frame without frame check sequence.
const IEEE802154_FRAME: usize = 125;

impl Path {
    pub(super) fn new(config: LinkConfig, salt: u64) -> Self {
        let earliest = Instant::from_micros(i64::MIN);
        Self {
            config,
            // The directions differ although their seeds may not.
            prng: Prng::new(Prng::new(config.seed).next_u64() ^ salt),
            under_way: BinaryHeap::new(),
            spare: Vec::new(),
            next_number: 0,
            line_free: earliest,
            line_rest: 0,
            last_arrival: earliest,
            stats: LinkStats::default(),
        }
    }

    pub(super) const fn stats(&self) -> LinkStats {
        self.stats
    }

    pub(super) const fn config(&self) -> LinkConfig {
        self.config
    }

    pub(super) const fn set_config(&mut self, config: LinkConfig) {
        self.config = config;
    }

    pub(super) fn next_arrival(&self) -> Deadline {
        let first = self.under_way.peek();
        first.map(|Reverse(frame)| frame.arrival).into()
    }

    /// Metadata of the frame that comes next, if it has arrived.
    pub(super) fn arrived(&self, now: Instant) -> Option<RxMeta> {
        let Reverse(frame) = self.under_way.peek()?;
        (frame.arrival <= now).then_some(frame.meta)
    }

    /// The frame that comes next, if it has arrived.
    pub(super) fn take(&mut self, now: Instant) -> Option<Vec<u8>> {
        self.arrived(now)?;
        let Reverse(frame) = self.under_way.pop()?;
        count(&mut self.stats.received);
        add(&mut self.stats.received_octets, frame.octets.len());
        Some(frame.octets)
    }

    pub(super) fn has_room(&self) -> bool {
        self.config.when_full == WhenFull::Drop || !self.is_full()
    }

    /// A buffer of exactly `len` octets.
    pub(super) fn buffer(&mut self, len: usize) -> Result<Vec<u8>, TxError> {
        if len > self.max_frame() {
            return Err(TxError::TooLong);
        }
        let mut buffer = self.spare.pop().unwrap_or_default();
        buffer.resize(len, 0);
        Ok(buffer)
    }

    /// Keep a buffer for the next frame.
    pub(super) fn recycle(&mut self, octets: Vec<u8>) {
        if self.spare.len() < self.config.queue {
            self.spare.push(octets);
        }
    }

    /// Send a frame on its way.
    pub(super) fn send(&mut self, now: Instant, up: bool, meta: TxMeta, mut octets: Vec<u8>) {
        count(&mut self.stats.sent);
        add(&mut self.stats.sent_octets, octets.len());
        // Everything is drawn for every frame: one more misfortune does not change the others.
        let lost = self.prng.happens(self.config.loss);
        let corrupt = self.prng.happens(self.config.corrupt);
        let duplicate = self.prng.happens(self.config.duplicate);
        let (at, bit) = (self.prng.index(octets.len()), self.prng.below(8));
        let jitter = self.up_to(self.config.jitter);
        let held = self.prng.happens(self.config.reorder);
        let hold = self.up_to(self.config.hold);

        if lost || !up {
            count(&mut self.stats.lost);
            return self.recycle(octets);
        }
        if self.is_full() {
            count(&mut self.stats.overflowed);
            return self.recycle(octets);
        }
        let meta = RxMeta::carried(meta, self.config.capabilities.checksum);
        if corrupt {
            count(&mut self.stats.corrupted);
            if meta.checksum != ChecksumStatus::Unknown {
                return self.recycle(octets);
            }
            if let Some(octet) = octets.get_mut(at) {
                *octet ^= 1_u8.unbounded_shl(bit as u32);
            }
        }
        let arrival = self.arrival(now, octets.len(), jitter, held.then_some(hold));
        if duplicate && self.under_way.len().saturating_add(1) < self.config.queue {
            count(&mut self.stats.duplicated);
            let mut twin = self.spare.pop().unwrap_or_default();
            twin.clear();
            twin.extend_from_slice(&octets);
            self.push(arrival, meta, octets);
            self.push(arrival, meta, twin);
        } else {
            self.push(arrival, meta, octets);
        }
    }

    fn push(&mut self, arrival: Instant, mut meta: RxMeta, octets: Vec<u8>) {
        let number = self.next_number;
        self.next_number = number.wrapping_add(1);
        meta.timestamp = Some(arrival);
        self.under_way.push(Reverse(Frame {
            arrival,
            number,
            meta,
            octets,
        }));
    }

    /// When a frame sent now arrives.
    fn arrival(
        &mut self,
        now: Instant,
        len: usize,
        jitter: Duration,
        hold: Option<Duration>,
    ) -> Instant {
        let start = self.line_free.max(now);
        let sent = start.saturating_add(self.line_time(len));
        self.line_free = sent;
        let due = sent
            .saturating_add(self.config.delay)
            .saturating_add(jitter);
        if let Some(hold) = hold {
            count(&mut self.stats.reordered);
            return due.saturating_add(hold);
        }
        self.last_arrival = self.last_arrival.max(due);
        self.last_arrival
    }

    /// How long the line is busy with a frame.
    fn line_time(&mut self, len: usize) -> Duration {
        let Some(bandwidth) = self.config.bandwidth else {
            return Duration::ZERO;
        };
        let bits = (len as u64).saturating_mul(8_000_000);
        let bits = bits.saturating_add(self.line_rest);
        // A line of no bandwidth never delivers.
        let micros = bits.checked_div(bandwidth).unwrap_or(u64::MAX);
        self.line_rest = bits.checked_rem(bandwidth).unwrap_or(0);
        Duration::from_micros(micros)
    }

    /// A span from nothing to all of `most`.
    fn up_to(&mut self, most: Duration) -> Duration {
        let bound = most.total_micros().saturating_add(1);
        Duration::from_micros(self.prng.below(bound))
    }

    fn is_full(&self) -> bool {
        self.under_way.len() >= self.config.queue
    }

    /// The longest frame this direction carries.
    fn max_frame(&self) -> usize {
        let capabilities = self.config.capabilities;
        let packet = capabilities.ip_mtu.max(capabilities.max_gso_size);
        match capabilities.medium {
            Medium::Ethernet => packet.saturating_add(ETHERNET_HEADER),
            Medium::Ip => packet,
            // Addresses of two stations.
            Medium::Lowpan => packet.saturating_add(18),
            Medium::Ieee802154 => IEEE802154_FRAME,
        }
    }
}

fn count(counter: &mut u64) {
    *counter = counter.saturating_add(1);
}

fn add(counter: &mut u64, octets: usize) {
    *counter = counter.saturating_add(octets as u64);
}

impl Ord for Frame {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.arrival, self.number).cmp(&(other.arrival, other.number))
    }
}

impl PartialOrd for Frame {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Frame {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Frame {}

//! What is known of the stations around: how good the links to them are (ETX, RSSI, LQI), and which
//! frame of each came last, so that one that is sent again is not delivered again.

use litz_wire::MacAddress;

use crate::parts::COUNTERS;
use crate::time::Instant;

/// How good the link to a station is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LinkStats {
    /// Expected transmissions per delivered frame, in units of 1/128; 0 if none was sent.
    pub etx: u16,
    /// Received signal strength, smoothed, in dBm; `None` if nothing was received.
    pub rssi: Option<i8>,
    /// Link quality, smoothed, 0 to 255.
    pub lqi: Option<u8>,
    /// Frames that were delivered.
    pub delivered: u32,
    /// Frames that were given up.
    pub lost: u32,
    /// Frames that came.
    pub received: u32,
}

/// Memory for one station. Its address is absent while it is free; free slots are zeros, so that a
/// static of them takes no flash.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NeighborSlot(Neighbor);

impl NeighborSlot {
    /// Without a station.
    pub const EMPTY: Self = Self(Neighbor::new(MacAddress::Absent));
}

impl Default for NeighborSlot {
    fn default() -> Self {
        Self::EMPTY
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Neighbor {
    addr: MacAddress,
    used: Ticks,
    /// The sequence number of the last frame without security, and when it came.
    seen: Option<(u8, Ticks)>,
    stats: LinkStats,
}

/// A time in units of 1.024 ms, of which there is a difference only: 32 bits of it last for seven
/// weeks, and whoever was not heard for longer is mistaken for one heard lately.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Ticks(u32);

impl Ticks {
    const fn at(now: Instant) -> Self {
        Self((now.total_micros() >> 10) as u32)
    }

    /// Units since an earlier time.
    const fn since(self, earlier: Self) -> u32 {
        self.0.wrapping_sub(earlier.0)
    }
}

impl Neighbor {
    const fn new(addr: MacAddress) -> Self {
        Self {
            addr,
            used: Ticks(0),
            seen: None,
            stats: LinkStats {
                etx: 0,
                rssi: None,
                lqi: None,
                delivered: 0,
                lost: 0,
                received: 0,
            },
        }
    }
}

/// The stations.
#[derive(Debug)]
pub(super) struct Neighbors<'a>(pub(super) &'a mut [NeighborSlot]);

/// One more transmission, in units of the ETX.
const ONE: u32 = 128;
/// A frame that was given up counts as this many transmissions.
const LOST: u32 = 16;
/// A sequence number is a duplicate's for a second; a sender has given up by then.
const DUPLICATE: u32 = 977;

/// Seven parts of the old to one of the new.
fn smooth(old: i32, new: i32) -> i32 {
    let step = new.saturating_sub(old);
    let eighth = step.saturating_add(step.signum().saturating_mul(4)) / 8;
    old.saturating_add(eighth)
}

impl Neighbors<'_> {
    pub(super) fn iter(&self) -> impl Iterator<Item = (MacAddress, LinkStats)> {
        let slots = self.0.iter().map(|slot| (slot.0.addr, slot.0.stats));
        slots.filter(|(addr, _)| *addr != MacAddress::Absent)
    }

    /// The entry of a station, in place of the one that was not used for longest if it is new.
    fn entry(&mut self, addr: MacAddress, now: Instant) -> Option<&mut Neighbor> {
        let now = Ticks::at(now);
        let (mut place, mut longest) = (0, 0);
        for (at, slot) in self.0.iter().enumerate() {
            if slot.0.addr == addr {
                place = at;
                break;
            }
            // One that is free was used before all others.
            let unused = match slot.0.addr {
                MacAddress::Absent => u32::MAX,
                _ => now.since(slot.0.used),
            };
            if unused > longest {
                (place, longest) = (at, unused);
            }
        }
        let neighbor = &mut self.0.get_mut(place)?.0;
        if neighbor.addr != addr {
            *neighbor = Neighbor::new(addr);
        }
        neighbor.used = now;
        Some(neighbor)
    }

    /// The entry of a station for its statistics, if they are kept.
    fn counted(&mut self, addr: MacAddress, now: Instant) -> Option<&mut Neighbor> {
        COUNTERS.then(|| self.entry(addr, now)).flatten()
    }

    /// Whether a frame without security came before; it is remembered.
    pub(super) fn is_duplicate(&mut self, addr: MacAddress, seq: u8, now: Instant) -> bool {
        let Some(neighbor) = self.entry(addr, now) else {
            return false;
        };
        let now = neighbor.used;
        let seen = neighbor.seen.replace((seq, now));
        seen.is_some_and(|(old, when)| old == seq && now.since(when) < DUPLICATE)
    }

    pub(super) fn heard(&mut self, addr: MacAddress, rssi: i8, lqi: u8, now: Instant) {
        let Some(neighbor) = self.counted(addr, now) else {
            return;
        };
        let stats = &mut neighbor.stats;
        stats.received = stats.received.wrapping_add(1);
        let old = stats.rssi.map_or(i32::from(rssi), i32::from);
        stats.rssi = i8::try_from(smooth(old, rssi.into())).ok();
        let old = stats.lqi.map_or(i32::from(lqi), i32::from);
        stats.lqi = u8::try_from(smooth(old, lqi.into())).ok();
    }

    /// A frame that asked for an acknowledgment was delivered with so many transmissions, or lost.
    pub(super) fn sent(&mut self, addr: MacAddress, tries: u8, delivered: bool, now: Instant) {
        let Some(neighbor) = self.counted(addr, now) else {
            return;
        };
        let stats = &mut neighbor.stats;
        let tries = if delivered { u32::from(tries) } else { LOST };
        let sample = tries.saturating_mul(ONE);
        let old = match stats.etx {
            0 => sample,
            etx => u32::from(etx),
        };
        let etx = old.saturating_mul(7).saturating_add(sample) / 8;
        stats.etx = u16::try_from(etx).unwrap_or(u16::MAX);
        let count = if delivered {
            &mut stats.delivered
        } else {
            &mut stats.lost
        };
        *count = count.wrapping_add(1);
    }
}

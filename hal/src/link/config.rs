//! How a link treats the frames of one direction.

use crate::Capabilities;
use crate::device::Medium;
use crate::prng::Chance;
use crate::time::Duration;

/// How the frames of one direction are treated. By default: Ethernet of 1500 octets, neither delay
/// nor misfortune.
///
/// A frame passes in this order: it may be lost; the line takes it as `bandwidth` allows; it may be
/// damaged; it arrives `delay` later, with `jitter`, or is held back; it may arrive twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkConfig {
    /// What the end that sends this way claims to be and to be able to do. With offloads, the other
    /// end is told by metadata which checksums were never computed and which frames are several.
    pub capabilities: Capabilities,
    /// The start of the course of events.
    pub seed: u64,
    /// How often a frame is lost.
    pub loss: Chance,
    /// How often a frame arrives with one bit changed. A frame whose checksum is the device's work
    /// is lost instead, as a device drops what fails its test.
    pub corrupt: Chance,
    /// How often a frame arrives a second time, right after the first.
    pub duplicate: Chance,
    /// Time from one end to the other.
    pub delay: Duration,
    /// The most that is added to the delay; how much is drawn for each frame. It changes no order.
    pub jitter: Duration,
    /// How often a frame is held back, so that later ones overtake it.
    pub reorder: Chance,
    /// The most that a frame is held back; how much is drawn for each one.
    pub hold: Duration,
    /// Bits per second that the line takes; `None` for any number.
    pub bandwidth: Option<u64>,
    /// Frames that may be under way or waiting to be received.
    pub queue: usize,
    /// What happens beyond that.
    pub when_full: WhenFull,
}

/// What a link does with frames beyond what it can hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum WhenFull {
    /// It has no room to offer, as a network card whose ring is full. Only frames sent in answer to
    /// a received one are dropped: were receiving to wait for room, two full ends would wait for
    /// each other forever.
    #[default]
    Wait,
    /// It drops them, as a router does.
    Drop,
}

impl LinkConfig {
    /// A link of some medium and MTU that does its frames no harm.
    #[must_use]
    pub const fn new(medium: Medium, ip_mtu: usize) -> Self {
        Self {
            capabilities: Capabilities::new(medium, ip_mtu),
            seed: 0,
            loss: Chance::NEVER,
            corrupt: Chance::NEVER,
            duplicate: Chance::NEVER,
            delay: Duration::ZERO,
            jitter: Duration::ZERO,
            reorder: Chance::NEVER,
            hold: Duration::ZERO,
            bandwidth: None,
            queue: 1024,
            when_full: WhenFull::Wait,
        }
    }
}

impl Default for LinkConfig {
    fn default() -> Self {
        Self::new(Medium::Ethernet, 1500)
    }
}

//! What a MAC is told when it is made: its parameters, named as in IEEE 802.15.4-2020 §8.4.3, and
//! its memory.

use crate::radio::{Channel, RadioConfig};
use crate::time::Duration;
use litz_wire::{MacAddress, PanId};

use super::neighbors::NeighborSlot;
use super::queue::{RxSlot, TxSlot};
use super::scan::ScanSlot;

/// Parameters of a MAC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MacConfig<'a> {
    /// Channel, addresses, power.
    pub radio: RadioConfig,
    /// macMinBe: the first back-off exponent.
    pub min_be: u8,
    /// macMaxBe: the largest back-off exponent.
    pub max_be: u8,
    /// macMaxCsmaBackoffs: times that a busy channel is tried again.
    pub max_backoffs: u8,
    /// macMaxFrameRetries: times that a frame is sent again, for want of an acknowledgment or of a
    /// clear channel.
    pub max_retries: u8,
    /// macRxOnWhenIdle: whether the radio receives when there is nothing else to do. Otherwise it
    /// sleeps, and [`super::Mac::poll_parent`] asks for what has come meanwhile.
    pub rx_on_when_idle: bool,
    /// macTransactionPersistenceTime: how long frames are kept for stations that sleep.
    pub persistence: Duration,
    /// Our coordinator, which is asked for data.
    pub parent: MacAddress,
    /// If we are a coordinator, what the beacons contain beside the declared; `None` if requests
    /// for beacons are not answered, as in a build without the part `children`.
    pub beacon: Option<&'a [u8]>,
    /// Whether beacons say that stations may join.
    pub association_permit: bool,
}

impl MacConfig<'_> {
    /// The defaults of the standard around a radio's configuration; a station that always receives
    /// and sends no beacons.
    #[must_use]
    pub const fn new(radio: RadioConfig) -> Self {
        Self {
            radio,
            min_be: 3,
            max_be: 5,
            max_backoffs: 4,
            max_retries: 3,
            rx_on_when_idle: true,
            // 500 base superframes.
            persistence: Duration::from_micros(7_680_000),
            parent: MacAddress::Absent,
            beacon: None,
            association_permit: false,
        }
    }

    /// The network.
    #[must_use]
    pub const fn pan(&self) -> PanId {
        self.radio.pan
    }

    /// The channel.
    #[must_use]
    pub const fn channel(&self) -> Channel {
        self.radio.channel
    }
}

/// Memory of a MAC: every slot of a queue holds a frame.
#[derive(Debug)]
pub struct MacStorage<'a> {
    /// Frames to be sent, those for stations that sleep among them.
    pub tx: &'a mut [TxSlot],
    /// Frames received.
    pub rx: &'a mut [RxSlot],
    /// Stations whose links are remembered; the one not heard for longest makes room.
    pub neighbors: &'a mut [NeighborSlot],
    /// Stations that sleep, for which frames are kept until they ask.
    pub children: &'a mut [Option<MacAddress>],
    /// What a scan finds.
    pub scan: &'a mut [ScanSlot],
}

//! The address filter (IEEE 802.15.4-2020 §6.7.2) and the stations for which frames are pending.
//! Frames are read through their declared view.

use litz_wire::{FrameType, FrameVersion, MacAddress, PanId, ShortAddress};

use crate::mac::Head;
use crate::radio::{PendingFor, RadioConfig, RadioError};

/// Stations that are remembered.
const STATIONS: usize = 16;

/// Stations with frames pending.
#[derive(Debug, Default)]
pub(super) struct Pending {
    stations: [Option<PendingFor>; STATIONS],
    /// More stations have frames pending than are remembered: everybody is told so.
    overflow: bool,
}

impl Pending {
    pub(super) fn set(&mut self, station: PendingFor, pending: bool) -> Result<(), RadioError> {
        let known = self
            .stations
            .iter_mut()
            .find(|place| **place == Some(station));
        match (known, pending) {
            (Some(place), false) => *place = None,
            (Some(_), true) => {}
            (None, false) => {}
            (None, true) => {
                let Some(free) = self.stations.iter_mut().find(|place| place.is_none()) else {
                    self.overflow = true;
                    return Err(RadioError::Full);
                };
                *free = Some(station);
            }
        }
        if self.stations.iter().all(Option::is_none) {
            self.overflow = false;
        }
        Ok(())
    }

    fn has(&self, station: Option<PendingFor>) -> bool {
        let known = station.is_some() && self.stations.contains(&station);
        known || self.overflow
    }
}

/// What becomes of a frame that is for us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    /// An acknowledgment is due, with this frame pending bit.
    pub(super) acknowledge: Option<bool>,
}

/// Whether a frame is for us, and to be acknowledged; `None` if it is not for us, or malformed.
pub(super) fn judge(config: &RadioConfig, stations: &Pending, frame: &[u8]) -> Option<Verdict> {
    if config.promiscuous {
        return Some(Verdict { acknowledge: None });
    }
    let head = Head::parse(frame)?;
    let kind = head.frame_type;
    if !is_for_us(config, &head) {
        return None;
    }
    let asks = head.ack_request && kind != FrameType::Ack && kind != FrameType::Beacon;
    // A frame to all is never acknowledged (§6.7.2); one of version 2 needs an enhanced
    // acknowledgment, which is the MAC's to build.
    let immediate = head.version != FrameVersion::V2015;
    let acknowledge = asks && immediate && config.auto_ack && !is_broadcast(&head);
    let station = match head.src {
        MacAddress::Short(addr) => Some(PendingFor::Short(addr)),
        MacAddress::Extended(addr) => Some(PendingFor::Extended(addr)),
        MacAddress::Absent => None,
    };
    let acknowledge = acknowledge.then(|| stations.has(station));
    Some(Verdict { acknowledge })
}

fn is_broadcast(head: &Head) -> bool {
    head.dst == MacAddress::Short(ShortAddress::BROADCAST)
}

/// The third level of filtering (§6.7.2).
fn is_for_us(config: &RadioConfig, head: &Head) -> bool {
    let kind = head.frame_type;
    // Acknowledgments have no addresses; whose they are their sequence number tells.
    if kind == FrameType::Ack && head.version != FrameVersion::V2015 {
        return true;
    }
    let ours = |pan: PanId| pan == config.pan || pan == PanId::BROADCAST;
    let joined = config.pan != PanId::BROADCAST;
    if kind == FrameType::Beacon {
        let from = head.src_pan;
        return !joined || from.is_none_or(ours);
    }
    match head.dst {
        MacAddress::Absent => {
            let from = head.src_pan;
            config.pan_coordinator && from.is_none_or(|pan| pan == config.pan)
        }
        _ if !head.dst_pan.is_none_or(ours) => false,
        MacAddress::Short(addr) => {
            addr == ShortAddress::BROADCAST
                || (addr == config.short_addr && addr != ShortAddress::UNASSIGNED)
        }
        MacAddress::Extended(addr) => addr == config.extended_addr,
    }
}

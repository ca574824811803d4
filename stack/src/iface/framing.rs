//! How packets are framed on each link: the header before them, the stations in it, and which of
//! them a group or an address stands for.

use core::net::IpAddr;

use litz_hal::{Medium, TxError, TxMeta, TxToken};
use litz_wire::{EtherType, EthernetAddress, EthernetRepr, ShortAddress};

use super::Link;
use super::hardware::HardwareAddr;
use crate::lowpan::link::STATIONS;
use crate::lowpan::{LinkAddrs, station_of};

/// Octets of an Ethernet header.
const ETHERNET_HEADER: usize = 14;

/// The stations of a frame: from and to.
pub(super) type Stations = (HardwareAddr, HardwareAddr);

impl Link {
    /// Our address, if the link has such.
    #[inline]
    pub(super) const fn own(self) -> Option<HardwareAddr> {
        match self {
            Self::Ethernet(addr) => Some(HardwareAddr::Ethernet(addr)),
            Self::Ieee802154(addr) => Some(addr),
            Self::Ip => None,
        }
    }

    /// Whether a device of this medium is one of the link.
    pub(super) const fn fits(self, medium: Medium) -> bool {
        match self {
            Self::Ethernet(_) => matches!(medium, Medium::Ethernet),
            Self::Ip => matches!(medium, Medium::Ip),
            Self::Ieee802154(_) => matches!(medium, Medium::Lowpan),
        }
    }

    /// Whether our address is one that a link of this kind has.
    pub(super) fn is_sound(self) -> bool {
        match self {
            Self::Ip => true,
            Self::Ethernet(addr) => addr.is_unicast(),
            Self::Ieee802154(addr) => addr.is_unicast() && addr.ethernet().is_none(),
        }
    }

    /// The address that a group maps to (RFC 1112 §6.4, RFC 2464 §7; RFC 4944 §9: everybody).
    #[inline]
    pub(super) fn group(self, dst: IpAddr) -> Option<HardwareAddr> {
        match self {
            Self::Ethernet(_) => EthernetAddress::for_group(dst).map(HardwareAddr::Ethernet),
            Self::Ieee802154(_) if dst.is_multicast() => {
                Some(HardwareAddr::Short(ShortAddress::BROADCAST))
            }
            Self::Ieee802154(_) | Self::Ip => None,
        }
    }

    /// The station whose address an interface identifier is made of. On links of 802.15.4 nobody
    /// is asked for it (RFC 6775 §5.6): questions to everybody wake everybody.
    #[inline]
    pub(super) const fn derived(self, hop: IpAddr) -> Option<HardwareAddr> {
        let (Self::Ieee802154(_), IpAddr::V6(hop)) = (self, hop) else {
            return None;
        };
        Some(station_of(hop))
    }

    /// Whether others are asked if they have an address of ours. On 802.15.4 addresses follow from
    /// those of the link, or are registered (RFC 6775 §5.2).
    pub(super) const fn detects(self) -> bool {
        matches!(self, Self::Ethernet(_))
    }
}

/// Write a frame with a packet of `len` octets, which `fill` writes.
#[inline]
pub(super) fn write_frame<T: TxToken>(
    tx: T,
    stations: Option<Stations>,
    is_ipv4: bool,
    len: usize,
    fill: impl FnOnce(&mut [u8]),
) -> Result<(), TxError> {
    match stations {
        Some((HardwareAddr::Ethernet(src_addr), HardwareAddr::Ethernet(dst_addr))) => {
            let ethertype = if is_ipv4 {
                EtherType::Ipv4
            } else {
                EtherType::Ipv6
            };
            let frame = EthernetRepr {
                dst_addr,
                src_addr,
                ethertype,
                payload_len: len,
            };
            let len = len.saturating_add(ETHERNET_HEADER);
            tx.consume(len, TxMeta::default(), |buffer| {
                if let Ok(packet) = frame.emit(buffer) {
                    fill(packet);
                }
            })
        }
        Some((src, dst)) => {
            let len = len.saturating_add(STATIONS);
            tx.consume(len, TxMeta::default(), |buffer| {
                let link = LinkAddrs { src, dst };
                if let (true, Some(packet)) = (link.emit(buffer), buffer.get_mut(STATIONS..)) {
                    fill(packet);
                }
            })
        }
        None => tx.consume(len, TxMeta::default(), fill),
    }
}

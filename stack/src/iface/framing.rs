//! How packets are framed on each link: the header before them, the stations in it, and which of
//! them a group or an address stands for.

use core::net::IpAddr;

use litz_hal::{Medium, TxError, TxMeta, TxToken};
use litz_wire::{EtherType, EthernetAddress, EthernetRepr, ShortAddress};

use super::Link;
use super::hardware::HardwareAddr;
use crate::addr::{Ip, full};
use crate::lowpan::link::STATIONS;
use crate::lowpan::{LinkAddrs, station_of};
use crate::parts::{ETHERNET, IEEE802154, POINT};

/// Octets of an Ethernet header.
const ETHERNET_HEADER: usize = 14;

/// The stations of a frame: from and to.
pub(super) type Stations = (HardwareAddr, HardwareAddr);

impl Link {
    /// Our address, if the link has such.
    #[inline]
    pub(super) const fn own(self) -> Option<HardwareAddr> {
        match self {
            Self::Ethernet(addr) if ETHERNET => Some(HardwareAddr::Ethernet(addr)),
            Self::Ieee802154(addr) if IEEE802154 => Some(addr),
            _ => None,
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

    /// Whether this build has the medium.
    pub(super) const fn is_built(self) -> bool {
        match self {
            Self::Ip => POINT,
            Self::Ethernet(_) => ETHERNET,
            Self::Ieee802154(_) => IEEE802154,
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
    pub(super) fn group(self, dst: Ip) -> Option<HardwareAddr> {
        match self {
            Self::Ethernet(_) if ETHERNET => {
                EthernetAddress::for_group(full(dst)).map(HardwareAddr::Ethernet)
            }
            Self::Ieee802154(_) if IEEE802154 && dst.is_multicast() => {
                Some(HardwareAddr::Short(ShortAddress::BROADCAST))
            }
            _ => None,
        }
    }

    /// The station whose address an interface identifier is made of. On links of 802.15.4 nobody
    /// is asked for it (RFC 6775 §5.6): questions to everybody wake everybody.
    #[inline]
    pub(super) const fn derived(self, hop: Ip) -> Option<HardwareAddr> {
        match (self, full(hop)) {
            (Self::Ieee802154(_), IpAddr::V6(hop)) if IEEE802154 => Some(station_of(hop)),
            _ => None,
        }
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
    let header = match stations {
        Some((HardwareAddr::Ethernet(_), HardwareAddr::Ethernet(_))) if ETHERNET => ETHERNET_HEADER,
        None if ETHERNET || POINT => 0,
        _ if IEEE802154 => STATIONS,
        _ => 0,
    };
    let whole = len.saturating_add(header);
    tx.consume(whole, TxMeta::default(), |buffer| {
        if let Some((header, packet)) = buffer.split_at_mut_checked(header)
            && write_stations(header, stations, is_ipv4)
        {
            fill(packet);
        }
    })
}

/// Write what stands before a packet. Returns whether that could be.
#[inline]
fn write_stations(header: &mut [u8], stations: Option<Stations>, is_ipv4: bool) -> bool {
    match stations {
        Some((HardwareAddr::Ethernet(src_addr), HardwareAddr::Ethernet(dst_addr))) if ETHERNET => {
            let ethertype = if is_ipv4 {
                EtherType::Ipv4
            } else {
                EtherType::Ipv6
            };
            let repr = EthernetRepr {
                dst_addr,
                src_addr,
                ethertype,
                payload_len: 0,
            };
            repr.emit(header).is_ok()
        }
        Some((src, dst)) if IEEE802154 => LinkAddrs { src, dst }.emit(header),
        _ => true,
    }
}

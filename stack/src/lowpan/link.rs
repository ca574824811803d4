//! The header between an interface and [`Lowpan`](super::Lowpan): who sends a packet to whom. It is
//! never on the air; frames of 802.15.4 have a header of their own.

use litz_wire::{Eui64, ShortAddress, codes, header};

use super::LinkAddrs;
use crate::iface::HardwareAddr;

/// Which address of a station it is.
#[codes(u8)]
pub(crate) enum AddrKind {
    Short = 2,
    Extended = 3,
}

/// The stations of a packet; short addresses stand in the last two octets.
#[header(be, size = 18)]
pub(crate) struct Stations<'a> {
    pub(crate) dst_kind: As<u8, AddrKind>,
    pub(crate) dst: u64,
    pub(crate) src_kind: As<u8, AddrKind>,
    pub(crate) src: u64,
    #[payload]
    pub(crate) payload: &'a [u8],
}

/// Octets of the header.
pub(crate) const STATIONS: usize = 18;

impl LinkAddrs {
    /// Write the header; whether there was room for it, and both are addresses of 802.15.4.
    pub(crate) fn emit(&self, room: &mut [u8]) -> bool {
        let (Some((dst_kind, dst)), Some((src_kind, src))) = (number(self.dst), number(self.src))
        else {
            return false;
        };
        let repr = StationsRepr {
            dst_kind,
            dst,
            src_kind,
            src,
            payload_len: 0,
        };
        room.get_mut(..STATIONS)
            .is_some_and(|room| repr.emit(room).is_ok())
    }

    /// The stations and the packet behind the header.
    pub(crate) fn parse(octets: &[u8]) -> Option<(Self, &[u8])> {
        let header = StationsPacket::new_checked(octets).ok()?;
        let addrs = Self {
            src: address(header.src_kind(), header.src())?,
            dst: address(header.dst_kind(), header.dst())?,
        };
        Some((addrs, header.payload()))
    }
}

fn number(addr: HardwareAddr) -> Option<(AddrKind, u64)> {
    match addr {
        HardwareAddr::Short(addr) => Some((AddrKind::Short, addr.0.into())),
        HardwareAddr::Eui64(addr) => Some((AddrKind::Extended, u64::from_be_bytes(addr.0))),
        HardwareAddr::Ethernet(_) => None,
    }
}

#[cfg_attr(not(feature = "inline"), inline(never))]
fn address(kind: AddrKind, number: u64) -> Option<HardwareAddr> {
    match kind {
        AddrKind::Short => Some(ShortAddress(number as u16).into()),
        AddrKind::Extended => Some(Eui64(number.to_be_bytes()).into()),
        _ => None,
    }
}

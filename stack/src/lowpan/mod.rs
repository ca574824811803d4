//! 6LoWPAN: IPv6 over IEEE 802.15.4 (RFC 4944, RFC 6282). Compression and decompression of headers
//! as functions of packets, addresses of the link and contexts; fragments both ways; and
//! [`Lowpan`], which makes a device of 802.15.4 frames one that carries IPv6 packets.
//!
//! Memory is the caller's: for each packet under way, in either direction, its length and 18 octets
//! of addresses, with 40 octets to keep account of one that is sent and 96 of one that is put
//! together (on 32 bit). `docs/low-power.md` adds up what a node needs.
//!
//! Headers are as declared in `litz-wire`; here is what their forms mean. Mesh headers are read
//! (part `mesh`) and not written: routing is done over IP. Extension headers are read compressed,
//! and compressed by builds that send some: with `multicast`, `raw` or `router`.

mod address;
mod compress;
mod context;
mod decompress;
mod device;
mod extension;
mod fragment;
mod learn;
pub(crate) mod link;
mod modes;
mod reassembly;
#[cfg(all(target_pointer_width = "32", not(feature = "alloc")))]
mod sizes;
mod start;

pub use compress::{Compressed, compress, compress_base};
pub use context::{Context, Contexts};
pub use decompress::{Decompressed, ElidedChecksum, decompress};
pub use device::{Lowpan, LowpanConfig, LowpanRxToken, LowpanStorage, LowpanTxToken};
pub use fragment::DatagramSlot;
pub use reassembly::{LowpanCounter, LowpanCounters, ReassemblySlot};

use core::fmt;
use core::net::Ipv6Addr;

use litz_wire::{Eui64, ShortAddress};

use crate::iface::HardwareAddr;

/// The addresses of the frame that carries a packet; what IPHC elides follows from them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LinkAddrs {
    /// Who sends it.
    pub src: HardwareAddr,
    /// Who is to receive it.
    pub dst: HardwareAddr,
}

/// The station that an address belongs to: the one whose link address its interface identifier is
/// made of (RFC 4944 §6, RFC 6775 §5.6), or everybody if it is a group's (RFC 4944 §9).
#[must_use]
pub const fn station_of(addr: Ipv6Addr) -> HardwareAddr {
    if addr.is_multicast() {
        return HardwareAddr::Short(ShortAddress::BROADCAST);
    }
    let iid = (addr.to_bits() as u64).to_be_bytes();
    match ShortAddress::from_interface_id(iid) {
        Some(addr) => HardwareAddr::Short(addr),
        None => HardwareAddr::Eui64(Eui64::from_interface_id(iid)),
    }
}

/// Why a packet was not compressed or decompressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LowpanError {
    /// A header did not parse, or its fields contradict each other.
    Malformed,
    /// It does not begin with a header of 6LoWPAN that is known here.
    Dispatch,
    /// It names a context that is not there.
    Context,
    /// More headers follow each other than are followed here.
    TooDeep,
    /// The result does not fit the room there is.
    NoRoom,
    /// The checksum of UDP is elided where that is not allowed.
    ElidedChecksum,
}

impl fmt::Display for LowpanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "malformed header",
            Self::Dispatch => "unknown dispatch",
            Self::Context => "unknown context",
            Self::TooDeep => "too many headers",
            Self::NoRoom => "no room for the result",
            Self::ElidedChecksum => "the checksum is elided and must not be",
        })
    }
}

impl core::error::Error for LowpanError {}

impl From<litz_wire::Error> for LowpanError {
    fn from(_: litz_wire::Error) -> Self {
        Self::Malformed
    }
}

#[cfg(test)]
mod tests;

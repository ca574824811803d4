//! The network that the nodes belong to. A network of your own wants a key of your own, and better
//! one for each device, given to it when it is put into service.

use core::net::Ipv6Addr;

use litz::wire::{Eui64, PanId};
use litz_hal::radio::{AesKey, Channel};

/// The network of IEEE 802.15.4.
pub const PAN: PanId = PanId(0xABCD);
/// Its channel, if it exists.
pub const CHANNEL: Option<Channel> = Channel::new(15);
/// The key of the network, known by index 1: everybody who has read this has it.
pub const KEY: AesKey = AesKey(*b"not a secret key");
/// The border router.
pub const ROUTER: Eui64 = Eui64([0x02, 0, 0, 0, 0, 0, 0, 1]);
/// The prefix of the network, 64 bits of it.
pub const PREFIX: Ipv6Addr = Ipv6Addr::new(0xFD00, 0, 0, 0, 0, 0, 0, 0);

/// The address of a station in this network.
#[must_use]
pub const fn address(station: Eui64) -> Ipv6Addr {
    let interface = u64::from_be_bytes(station.interface_id());
    Ipv6Addr::from_bits(PREFIX.to_bits() | interface as u128)
}

//! What low-power networks cost on 32 bit, where memory is the caller's (`docs/low-power.md`):
//! bounds that may be lowered, never quietly raised.

use super::{DatagramSlot, Lowpan, ReassemblySlot};
use crate::iface::{
    AddrSlot, Interface, NeighborSlot, RegisteredSlot, RegistrationSlot, RouterSlot,
};
use crate::socket::{SocketSet, UdpSlot};

const _: () = assert!(size_of::<Lowpan<'static, ()>>() <= 1512);
const _: () = assert!(size_of::<DatagramSlot<'static>>() <= 40);
const _: () = assert!(size_of::<ReassemblySlot<'static>>() <= 96);
const _: () = assert!(size_of::<RegisteredSlot>() <= 80);
const _: () = assert!(size_of::<RegistrationSlot>() <= 80);
const _: () = assert!(size_of::<Interface<'static>>() <= 1536);
const _: () = assert!(size_of::<AddrSlot>() <= 80);
const _: () = assert!(size_of::<NeighborSlot>() <= 56);
const _: () = assert!(size_of::<RouterSlot>() <= 40);
const _: () = assert!(size_of::<SocketSet<'static>>() <= 896);
const _: () = assert!(size_of::<UdpSlot<'static>>() <= 256);

//! What a MAC costs on 32 bit (`docs/low-power.md`): bounds that may be lowered, never quietly
//! raised.

use super::security::{Key, PeerSlot};
use super::{Mac, NeighborSlot, RxSlot, ScanSlot, TxSlot};

const _: () = assert!(size_of::<Mac<'static, (), ()>>() <= 560);
const _: () = assert!(size_of::<TxSlot>() <= 152);
const _: () = assert!(size_of::<RxSlot>() <= 152);
const _: () = assert!(size_of::<NeighborSlot>() <= 64);
const _: () = assert!(size_of::<PeerSlot>() <= 20);
const _: () = assert!(size_of::<ScanSlot>() <= 18);
const _: () = assert!(size_of::<Option<Key>>() <= 35);

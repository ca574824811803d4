//! The payload of a beacon (IEEE 802.15.4-2020 §7.3.1): superframe, guaranteed time slots,
//! addresses for which data is pending.

use crate::{Eui64, ShortAddress, header};

/// Beacon payload (IEEE 802.15.4-2020 §7.3.1).
#[header(
    le,
    size = 4..,
    rfc = "IEEE 802.15.4-2020 §7.3.1",
    line = "order {beacon_order}/{superframe_order} coordinator {pan_coordinator} \
        association {association_permit}"
)]
pub struct Beacon<'a> {
    pub beacon_order: u4,
    pub superframe_order: u4,
    pub final_cap_slot: u4,
    pub battery_life_extension: bool,
    _reserved: u1,
    pub pan_coordinator: bool,
    pub association_permit: bool,
    #[count(gts)]
    gts_count: u3,
    _gts_reserved: u4,
    pub gts_permit: bool,
    #[when(gts_count > 0)]
    pub gts_directions: Option<u8>,
    pub gts: Array<'a, GtsDescriptor>,
    #[count(short_pending)]
    short_count: u3,
    _pending_reserved1: u1,
    #[count(extended_pending)]
    extended_count: u3,
    _pending_reserved2: u1,
    pub short_pending: Array<'a, PendingShort>,
    pub extended_pending: Array<'a, PendingExtended>,
    #[payload]
    pub payload: &'a [u8],
}

/// A guaranteed time slot (IEEE 802.15.4-2020 §7.3.1.5).
#[header(le, size = 3)]
pub struct GtsDescriptor {
    pub short_addr: As<u16, ShortAddress>,
    pub starting_slot: u4,
    pub slots: u4,
}

/// A station for which data is pending, by its short address.
#[header(le, size = 2)]
pub struct PendingShort {
    pub addr: As<u16, ShortAddress>,
}

/// A station for which data is pending, by its extended address.
#[header(le, size = 8)]
pub struct PendingExtended {
    pub addr: As<[u8; 8], Eui64>,
}

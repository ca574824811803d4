//! MAC commands of IEEE 802.15.4 (§7.5): association, data requests, beacons asked for.

use crate::{PanId, ShortAddress, codes, header, message};

/// What all MAC commands start with (IEEE 802.15.4-2020 §7.5.1).
#[header(le, size = 1, rfc = "IEEE 802.15.4-2020 §7.5.1", next(message: MacCommand))]
pub struct MacCommandHeader<'a> {
    pub command: u8,
    #[payload]
    pub body: &'a [u8],
}

/// How an association went (IEEE 802.15.4-2020 §7.5.3).
#[codes(u8)]
pub enum AssociationStatus {
    Successful = 0,
    PanAtCapacity = 1,
    AccessDenied = 2,
    FastAssociationSuccessful = 0x80,
}

/// Why a station leaves (IEEE 802.15.4-2020 §7.5.4).
#[codes(u8)]
pub enum DisassociationReason {
    CoordinatorWishes = 1,
    DeviceWishes = 2,
}

/// MAC command (IEEE 802.15.4-2020 §7.5).
#[message(le, header = MacCommandHeader, tag = command)]
pub enum MacCommand<'a> {
    /// Association request (§7.5.2).
    #[tag(1)]
    AssociationRequest {
        _reserved1: u1,
        full_function: bool,
        mains_powered: bool,
        rx_on_when_idle: bool,
        fast_association: bool,
        _reserved2: u1,
        security: bool,
        allocate_address: bool,
    },
    /// Association response (§7.5.3).
    #[tag(2)]
    AssociationResponse {
        short_addr: As<u16, ShortAddress>,
        status: As<u8, AssociationStatus>,
    },
    /// Disassociation notification (§7.5.4).
    #[tag(3)]
    DisassociationNotification {
        reason: As<u8, DisassociationReason>,
    },
    /// Data request of a station that sleeps (§7.5.5).
    #[tag(4)]
    DataRequest,
    /// Two networks have one identifier (§7.5.6).
    #[tag(5)]
    PanIdConflictNotification,
    /// A station has lost its coordinator (§7.5.7).
    #[tag(6)]
    OrphanNotification,
    /// Beacons are asked for (§7.5.8).
    #[tag(7)]
    BeaconRequest,
    /// The coordinator has changed the network (§7.5.10).
    #[tag(8)]
    CoordinatorRealignment {
        pan: As<u16, PanId>,
        coordinator: As<u16, ShortAddress>,
        channel: u8,
        short_addr: As<u16, ShortAddress>,
        #[when(remaining >= 1)]
        page: Option<u8>,
    },
    /// A guaranteed time slot is asked for or returned (§7.5.11).
    #[tag(9)]
    GtsRequest {
        slots: u4,
        receive_only: bool,
        allocate: bool,
        _reserved: u2,
    },
    /// Any other command.
    #[unknown]
    Unknown { command: u8, body: &'a [u8] },
}

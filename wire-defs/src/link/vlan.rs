//! VLAN tags (IEEE 802.1Q-2018 §9): one, or several in a row as IEEE 802.1ad stacks them.

use super::ethernet::EtherType;
use crate::header;

/// What follows the EtherType of a tag: tag control information, then the next EtherType.
///
/// The tag itself, 0x8100 or 0x88a8, is the EtherType of the header before.
#[header(
    be,
    size = 4,
    rfc = "IEEE 802.1Q §9.6",
    next(ethertype => payload: crate::payload::ether),
    line = "{vlan_id} priority {priority} {ethertype}"
)]
pub struct Vlan<'a> {
    /// Priority code point, 0 to 7.
    pub priority: u3,
    /// The frame may be dropped first.
    pub drop_eligible: bool,
    /// Number of the VLAN; 0 if the tag says the priority only, 4095 is reserved.
    pub vlan_id: u12,
    /// Protocol of the payload, another tag, or its length as in [`Ieee8023`](crate::Ieee8023).
    pub ethertype: As<u16, EtherType>,
    /// What the frame carries, padding included.
    #[payload]
    pub payload: &'a [u8],
}

//! Tags in frames: which VLAN a received frame is of, and how tags are written before what follows.

use litz_wire::rt;
use litz_wire::{EtherType, EthernetFrame, EthernetRepr, VlanPacket, VlanRepr};

use super::Vlan;

/// Octets of the two addresses of an Ethernet frame, behind which tags stand.
const ADDRESSES_LEN: usize = 12;
/// Octets of a tag.
const TAG_LEN: usize = 4;
/// Bits of a number in tag control information.
pub(super) const NUMBER: u16 = 0x0fff;

/// What a received frame is.
#[derive(Debug)]
pub(super) enum Found<'f> {
    /// Its tags end in the middle.
    Malformed,
    /// Of a VLAN that is not known.
    Unknown,
    /// Of this VLAN.
    Frame {
        vlan: Vlan,
        /// Control information of the innermost tag that was taken off.
        tci: Option<u16>,
        /// The frame without its tags, in two parts: addresses, and EtherType with what follows.
        addresses: &'f [u8],
        rest: &'f [u8],
    },
}

/// A tag that has been taken off.
#[derive(Clone, Copy)]
struct Tag<'f> {
    service: bool,
    tci: u16,
    /// What follows it, EtherType first.
    rest: &'f [u8],
    /// The same, read.
    ethertype: EtherType,
    payload: &'f [u8],
}

impl Tag<'_> {
    const fn number(&self) -> u16 {
        self.tci & NUMBER
    }
}

/// Find out what a frame is. The device has taken a tag of 802.1Q off if it says `taken`.
pub(super) fn find(frame: &[u8], taken: Option<u16>, known: impl Fn(Vlan) -> bool) -> Found<'_> {
    let parts = frame.split_at_checked(ADDRESSES_LEN);
    let (Some((addresses, rest)), Ok([outer, inner])) = (parts, tags(frame, taken)) else {
        return Found::Malformed;
    };
    choose(outer, inner, known).map_or(Found::Unknown, |(vlan, last)| Found::Frame {
        vlan,
        tci: last.map(|tag| tag.tci),
        addresses,
        rest: last.map_or(rest, |tag| tag.rest),
    })
}

/// The first two tags of a frame.
fn tags(frame: &[u8], taken: Option<u16>) -> rt::Result<[Option<Tag<'_>>; 2]> {
    let ethernet = EthernetFrame::new_checked(frame)?;
    let (ethertype, payload) = (ethernet.ethertype(), ethernet.payload());
    let outer = match taken {
        Some(tci) => Some(Tag {
            service: false,
            tci,
            rest: frame.get(ADDRESSES_LEN..).unwrap_or_default(),
            ethertype,
            payload,
        }),
        None => tag(ethertype, payload)?,
    };
    let inner = match outer {
        Some(outer) => tag(outer.ethertype, outer.payload)?,
        None => None,
    };
    Ok([outer, inner])
}

/// The tag that such a payload begins with.
fn tag(ethertype: EtherType, payload: &[u8]) -> rt::Result<Option<Tag<'_>>> {
    let service = match ethertype {
        EtherType::Vlan => false,
        EtherType::ServiceVlan => true,
        _ => return Ok(None),
    };
    let packet = VlanPacket::new_checked(payload)?;
    Ok(Some(Tag {
        service,
        tci: Control::of(&packet).tci(),
        // Behind the control information stands an EtherType, as behind addresses.
        rest: payload.get(TAG_LEN / 2..).unwrap_or_default(),
        ethertype: packet.ethertype(),
        payload: packet.payload(),
    }))
}

/// The VLAN of a frame with these tags, and the last of them that is taken off.
fn choose<'f>(
    outer: Option<Tag<'f>>,
    inner: Option<Tag<'f>>,
    known: impl Fn(Vlan) -> bool,
) -> Option<(Vlan, Option<Tag<'f>>)> {
    let Some(outer) = outer else {
        return known(Vlan::Untagged).then_some((Vlan::Untagged, None));
    };
    let inner = inner.filter(|inner| !inner.service);
    let of = |vlan: Vlan, tag: &Tag<'f>| known(vlan).then_some((vlan, Some(*tag)));
    match (outer.service, outer.number(), inner) {
        // A priority alone, perhaps before the tag that says the VLAN.
        (_, 0, None) => of(Vlan::Untagged, &outer),
        (_, 0, Some(inner)) if inner.number() == 0 => of(Vlan::Untagged, &inner),
        (_, 0, Some(inner)) => of(Vlan::Customer(inner.number()), &inner),
        (false, number, _) => of(Vlan::Customer(number), &outer),
        (true, number, Some(inner)) if inner.number() == 0 => of(Vlan::Service(number), &inner),
        (true, service, inner) => {
            let both = inner.and_then(|inner| {
                let customer = inner.number();
                of(Vlan::Both { service, customer }, &inner)
            });
            both.or_else(|| of(Vlan::Service(service), &outer))
        }
    }
}

/// What a tag says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Control {
    pub(super) priority: u8,
    pub(super) drop_eligible: bool,
    pub(super) number: u16,
}

impl Control {
    fn of(packet: &VlanPacket<'_>) -> Self {
        Self {
            priority: packet.priority(),
            drop_eligible: packet.drop_eligible(),
            number: packet.vlan_id(),
        }
    }

    /// Tag control information, as devices are told it.
    pub(super) const fn tci(self) -> u16 {
        let priority = (self.priority & 7) as u16;
        priority << 13 | (self.drop_eligible as u16) << 12 | (self.number & NUMBER)
    }

    /// What tag control information says.
    pub(super) const fn from_tci(tci: u16) -> Self {
        Self {
            priority: (tci >> 13) as u8,
            drop_eligible: tci & 0x1000 != 0,
            number: tci & NUMBER,
        }
    }
}

/// The tags of a frame that is sent, outer first, with the EtherTypes that stand for them.
pub(super) type Tags = [Option<(EtherType, Control)>; 3];

/// Octets of these tags.
pub(super) fn len(tags: &Tags) -> usize {
    tags.iter().flatten().count().saturating_mul(TAG_LEN)
}

/// Put tags into a frame that stands behind room for them.
pub(super) fn write(tags: &Tags, buffer: &mut [u8]) -> Option<()> {
    let untagged = EthernetFrame::new_checked(buffer.get(len(tags)..)?).ok()?;
    let (dst_addr, src_addr) = (untagged.dst_addr(), untagged.src_addr());
    let innermost = untagged.ethertype();
    let mut following = tags.iter().flatten().map(|(ethertype, _)| *ethertype);
    let ethertype = following.next()?;
    let header = EthernetRepr {
        dst_addr,
        src_addr,
        ethertype,
        payload_len: buffer.len().saturating_sub(ADDRESSES_LEN.saturating_add(2)),
    };
    let mut rest = header.emit(buffer).ok()?;
    for (_, control) in tags.iter().flatten() {
        let tag = VlanRepr {
            priority: control.priority & 7,
            drop_eligible: control.drop_eligible,
            vlan_id: control.number & NUMBER,
            ethertype: following.next().unwrap_or(innermost),
            payload_len: rest.len().saturating_sub(TAG_LEN),
        };
        rest = tag.emit(rest).ok()?;
    }
    Some(())
}

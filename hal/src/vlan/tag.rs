//! Tags in frames: which VLAN a received frame is of, and how tags are written before what follows.

use litz_wire::{EtherType, EthernetFrame, EthernetRepr, VlanPacket, VlanRepr};

use super::Vlan;

/// Octets of the two addresses of an Ethernet frame, behind which tags stand.
pub(super) const ADDRESSES_LEN: usize = 12;
/// Octets of a tag.
pub(super) const TAG_LEN: usize = 4;
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

/// A tag with what follows it, EtherType first.
struct Tag<'f> {
    service: bool,
    tci: u16,
    rest: &'f [u8],
}

impl Tag<'_> {
    const fn number(&self) -> u16 {
        self.tci & NUMBER
    }
}

/// Find out what a frame is. The device has taken a tag of 802.1Q off if it says `taken`.
pub(super) fn find(frame: &[u8], taken: Option<u16>, known: impl Fn(Vlan) -> bool) -> Found<'_> {
    let Some((addresses, rest)) = frame.split_at_checked(ADDRESSES_LEN) else {
        return Found::Malformed;
    };
    let outer = match taken {
        Some(tci) => Ok(Some(Tag {
            service: false,
            tci,
            rest,
        })),
        None => first_tag(frame),
    };
    let (outer, inner) = match outer {
        Err(()) => return Found::Malformed,
        Ok(None) => (None, None),
        Ok(Some(outer)) => match next_tag(outer.rest) {
            Err(()) => return Found::Malformed,
            Ok(inner) => (Some(outer), inner),
        },
    };
    choose(outer, inner, known).map_or(Found::Unknown, |(vlan, tci, left)| Found::Frame {
        vlan,
        tci,
        addresses,
        rest: left.unwrap_or(rest),
    })
}

/// The VLAN of a frame with these tags, the control information of the tag that counts, and what is
/// left behind the tags that were taken off.
fn choose<'f>(
    outer: Option<Tag<'f>>,
    inner: Option<Tag<'f>>,
    known: impl Fn(Vlan) -> bool,
) -> Option<(Vlan, Option<u16>, Option<&'f [u8]>)> {
    let Some(outer) = outer else {
        return known(Vlan::Untagged).then_some((Vlan::Untagged, None, None));
    };
    let inner = inner.filter(|inner| !inner.service);
    let of =
        |vlan: Vlan, tag: &Tag<'f>| known(vlan).then_some((vlan, Some(tag.tci), Some(tag.rest)));
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

/// The tag that a frame begins with.
fn first_tag(frame: &[u8]) -> Result<Option<Tag<'_>>, ()> {
    let frame = EthernetFrame::new_checked(frame).map_err(|_| ())?;
    tag(frame.ethertype(), frame.payload())
}

/// The tag that EtherType and payload begin with.
fn next_tag(rest: &[u8]) -> Result<Option<Tag<'_>>, ()> {
    let (ethertype, payload) = rest.split_first_chunk().ok_or(())?;
    tag(EtherType(u16::from_be_bytes(*ethertype)), payload)
}

fn tag(ethertype: EtherType, payload: &[u8]) -> Result<Option<Tag<'_>>, ()> {
    let service = match ethertype {
        EtherType::Vlan => false,
        EtherType::ServiceVlan => true,
        _ => return Ok(None),
    };
    let packet = VlanPacket::new_checked(payload).map_err(|_| ())?;
    // What follows the control information begins with an EtherType, as behind addresses.
    let rest = payload.get(TAG_LEN / 2..).ok_or(())?;
    Ok(Some(Tag {
        service,
        tci: Control::of(&packet).tci(),
        rest,
    }))
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

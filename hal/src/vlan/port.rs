//! One VLAN as a device.

use litz_wire::EtherType;

use super::tag::{Control, Tags, len, write};
use super::{TagWriter, Vlan, VlanSlot, Vlans};
use crate::device::{Capabilities, ChecksumPlace, Device, DeviceError, Gso, LinkState};
use crate::device::{RxMeta, RxToken, TxError, TxMeta, TxToken};
use crate::time::Instant;

/// One VLAN of a device.
#[derive(Debug)]
pub struct VlanPort<'t, D, S, const N: usize, const K: usize> {
    vlans: &'t mut Vlans<D, S, N, K>,
    at: usize,
    vlan: Vlan,
}

impl<'t, D, S, const N: usize, const K: usize> VlanPort<'t, D, S, N, K> {
    pub(super) const fn new(vlans: &'t mut Vlans<D, S, N, K>, at: usize, vlan: Vlan) -> Self {
        Self { vlans, at, vlan }
    }
}

/// A frame of a VLAN, without its tags; left alone, it stays.
#[derive(Debug)]
pub struct VlanRxToken<'a, const N: usize, const K: usize> {
    slot: &'a mut VlanSlot<N, K>,
}

/// Room for a frame of a VLAN.
#[derive(Debug)]
pub struct VlanTxToken<T> {
    inner: T,
    /// The tags of the VLAN, outer first.
    tags: [Option<(EtherType, Control)>; 2],
    /// Whether the device puts the first of them into the frame.
    by_device: bool,
}

/// The tags of a VLAN's frames.
fn tags(vlan: Vlan, priority: u8) -> [Option<(EtherType, Control)>; 2] {
    let control = |number| Control {
        priority,
        drop_eligible: false,
        number,
    };
    let service = |number| Some((EtherType::ServiceVlan, control(number)));
    let customer = |number| Some((EtherType::Vlan, control(number)));
    match vlan {
        Vlan::Untagged => [None, None],
        Vlan::Customer(number) => [customer(number), None],
        Vlan::Service(number) => [service(number), None],
        Vlan::Both {
            service: outer,
            customer: inner,
        } => [service(outer), customer(inner)],
    }
}

/// Whether the device can be told of the outer tag.
const fn by_device(vlan: Vlan, writer: TagWriter) -> bool {
    matches!((vlan, writer), (Vlan::Customer(_), TagWriter::Device))
}

impl<D, S, const N: usize, const K: usize> Device for VlanPort<'_, D, S, N, K>
where
    D: Device,
    S: AsRef<[VlanSlot<N, K>]> + AsMut<[VlanSlot<N, K>]>,
{
    type RxToken<'a>
        = VlanRxToken<'a, N, K>
    where
        Self: 'a;
    type TxToken<'a>
        = VlanTxToken<D::TxToken<'a>>
    where
        Self: 'a;

    fn receive(&mut self, now: Instant) -> Option<(Self::RxToken<'_>, Self::TxToken<'_>)> {
        if !self.vlans.search(self.at, now) {
            return None;
        }
        let slot = self.vlans.slots.as_mut().get_mut(self.at)?;
        let priority = slot.priority;
        let inner = self.vlans.inner.transmit(now)?;
        let tx = VlanTxToken {
            inner,
            tags: tags(self.vlan, priority),
            by_device: by_device(self.vlan, self.vlans.writer),
        };
        Some((VlanRxToken { slot }, tx))
    }

    fn transmit(&mut self, now: Instant) -> Option<Self::TxToken<'_>> {
        let priority = self.vlans.slots.as_ref().get(self.at)?.priority;
        Some(VlanTxToken {
            inner: self.vlans.inner.transmit(now)?,
            tags: tags(self.vlan, priority),
            by_device: by_device(self.vlan, self.vlans.writer),
        })
    }

    fn capabilities(&self) -> Capabilities {
        let mut caps = self.vlans.inner.capabilities();
        if !by_device(self.vlan, self.vlans.writer) {
            let [outer, inner] = tags(self.vlan, 0);
            caps.ip_mtu = caps.ip_mtu.saturating_sub(len(&[outer, inner, None]));
        }
        caps
    }

    fn link_state(&self) -> LinkState {
        self.vlans.inner.link_state()
    }

    fn take_error(&mut self) -> Option<DeviceError> {
        self.vlans.inner.take_error()
    }
}

impl<const N: usize, const K: usize> RxToken for VlanRxToken<'_, N, K> {
    fn meta(&self) -> RxMeta {
        self.slot.first().map_or(RxMeta::NONE, |frame| frame.meta)
    }

    fn consume<R, F: FnOnce(&[u8]) -> R>(self, f: F) -> R {
        let frame = self.slot.first();
        let octets = frame.and_then(|frame| frame.octets.get(..frame.len));
        let result = f(octets.unwrap_or_default());
        self.slot.drop_first();
        result
    }
}

impl<T: TxToken> TxToken for VlanTxToken<T> {
    /// A tag that comes with the frame stands behind those of the VLAN.
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(
        self,
        frame_len: usize,
        meta: TxMeta,
        f: F,
    ) -> Result<R, TxError> {
        let [outer, inner] = self.tags;
        let told = meta.vlan.map(Control::from_tci);
        let told = told.map(|control| (EtherType::Vlan, control));
        let (vlan, written): (_, Tags) = match outer {
            None => (meta.vlan, [None; 3]),
            Some((_, control)) if self.by_device => (Some(control.tci()), [told, None, None]),
            Some(_) => (None, [outer, inner, told]),
        };
        let room = len(&written);
        let meta = TxMeta {
            vlan,
            checksum: meta.checksum.map(|place| ChecksumPlace {
                start: behind(place.start, room),
                ..place
            }),
            gso: meta.gso.map(|gso| Gso {
                header_len: behind(gso.header_len, room),
                ..gso
            }),
            ..meta
        };
        let total = frame_len.saturating_add(room);
        self.inner.consume(total, meta, |buffer| {
            let result = f(buffer.get_mut(room..).unwrap_or_default());
            if room > 0 {
                // A frame that is too short for its addresses has no place for tags.
                let _ = write(&written, buffer);
            }
            result
        })
    }
}

/// A place in a frame behind so many octets of tags.
fn behind(place: u16, room: usize) -> u16 {
    u16::try_from(room).map_or(u16::MAX, |room| place.saturating_add(room))
}

//! VLANs over one Ethernet device (IEEE 802.1Q-2018 §6.9, §9): each is a device of its own, for an
//! interface of its own. Tags are put into what is sent and taken off what is received; what is
//! received for another VLAN waits for it in memory of the caller's. Bridging is not here.
//!
//! Each VLAN has the frames that wait for it in its own slot, so one that nobody polls takes no
//! room from the others. Whoever polls one VLAN may receive frames for another: after all have been
//! polled, and before the program sleeps, [`Vlans::is_waiting`] says whether to go round once more.
//!
//! ```
//! use litz_hal::loopback::{Loopback, Slot};
//! use litz_hal::time::Instant;
//! use litz_hal::vlan::{TagWriter, Vlan, VlanSlot, Vlans};
//! use litz_hal::{Device, Medium, RxToken, TxMeta, TxToken};
//!
//! let cable = Loopback::new(Medium::Ethernet, [const { Slot::<1518>::EMPTY }; 4]);
//! let slots = [const { VlanSlot::<1518, 2>::EMPTY }; 2];
//! let mut vlans = Vlans::new(cable, slots, TagWriter::Stack);
//! vlans.add(Vlan::Customer(10))?;
//! vlans.add(Vlan::Untagged)?;
//!
//! let mut ten = vlans.port(Vlan::Customer(10)).expect("it was added");
//! let room = ten.transmit(Instant::ZERO).expect("the cable is empty");
//! let sent = room.consume(60, TxMeta::default(), |frame| frame.fill(1));
//! assert!(sent.is_ok());
//! let (frame, _answer) = ten.receive(Instant::ZERO).expect("the cable is a loop");
//! assert_eq!(frame.consume(<[u8]>::len), 60, "the tag is gone again");
//! let mut others = vlans.port(Vlan::Untagged).expect("it was added");
//! assert!(others.receive(Instant::ZERO).is_none());
//! # Ok::<(), litz_hal::vlan::VlanError>(())
//! ```

mod port;
mod tag;

use core::fmt;

pub use self::port::{VlanPort, VlanRxToken, VlanTxToken};
use self::tag::{Found, find};
use crate::device::{Device, DeviceError, Medium, RxMeta, RxToken};
use crate::time::Instant;

/// Frames taken from the device in a row in search of one for the VLAN that is polled, so that a
/// flood of frames for others does not keep it from returning.
const MAX_SEARCH: usize = 64;

/// One of the networks that share an Ethernet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Vlan {
    /// Frames without a tag, and those whose tag says a priority only (number 0).
    Untagged,
    /// Frames with a tag of IEEE 802.1Q, of this number.
    Customer(u16),
    /// Frames with a service tag (IEEE 802.1ad) of this number; a customer tag behind it, unless
    /// another VLAN is for both, stays in the frame.
    Service(u16),
    /// Frames with a service tag and a customer tag behind it.
    Both {
        /// Number in the service tag.
        service: u16,
        /// Number in the customer tag.
        customer: u16,
    },
}

impl Vlan {
    /// Whether the numbers are such of VLANs: 1 to 4094 (IEEE 802.1Q-2018 table 9-2).
    fn is_sound(self) -> bool {
        let sound = |number: u16| (1..=4094).contains(&number);
        match self {
            Self::Untagged => true,
            Self::Customer(number) | Self::Service(number) => sound(number),
            Self::Both { service, customer } => sound(service) && sound(customer),
        }
    }
}

/// Who puts tags into frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TagWriter {
    /// The device: it is told the tag of 802.1Q with the frame ([`TxMeta::vlan`]), which does not
    /// count towards its MTU. Service tags it cannot be told.
    ///
    /// [`TxMeta::vlan`]: crate::TxMeta::vlan
    Device,
    /// This adaptor. Each tag takes four octets of the MTU.
    Stack,
}

/// Why a VLAN was not added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum VlanError {
    /// A number is not one of 1 to 4094.
    Number,
    /// Every slot is taken.
    Full,
    /// It was added before.
    Known,
    /// The device is not an Ethernet.
    Medium,
}

impl fmt::Display for VlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Number => "the number of a VLAN is not one of 1 to 4094",
            Self::Full => "no room for another VLAN",
            Self::Known => "the VLAN is there already",
            Self::Medium => "the device is not an Ethernet",
        })
    }
}

impl core::error::Error for VlanError {}

/// What became of frames beside those that were handed on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VlanCounters {
    /// They were of a VLAN that was not added.
    pub unknown: u64,
    /// Too many waited for their VLAN.
    pub full: u64,
    /// They were longer than a slot's frames are.
    pub too_long: u64,
    /// Their tags could not be read.
    pub malformed: u64,
}

/// A frame that waits, without its tags.
#[derive(Clone, Copy, Debug)]
struct Frame<const N: usize> {
    len: usize,
    meta: RxMeta,
    octets: [u8; N],
}

/// Memory of one VLAN: `K` frames of at most `N` octets that wait for it.
#[derive(Clone, Debug)]
pub struct VlanSlot<const N: usize, const K: usize> {
    vlan: Option<Vlan>,
    priority: u8,
    head: usize,
    waiting: usize,
    frames: [Frame<N>; K],
}

impl<const N: usize, const K: usize> VlanSlot<N, K> {
    /// A free slot.
    pub const EMPTY: Self = Self {
        vlan: None,
        priority: 0,
        head: 0,
        waiting: 0,
        frames: [Frame {
            len: 0,
            meta: RxMeta::NONE,
            octets: [0; N],
        }; K],
    };

    fn first(&self) -> Option<&Frame<N>> {
        self.frames.get(self.head).filter(|_| self.waiting > 0)
    }

    fn drop_first(&mut self) {
        self.head = self.head.wrapping_add(1).checked_rem(K).unwrap_or(0);
        self.waiting = self.waiting.saturating_sub(1);
    }

    /// Keep a frame that is the addresses and the rest of another. Returns whether there was room.
    fn keep(&mut self, addresses: &[u8], rest: &[u8], meta: RxMeta) -> bool {
        let at = self.head.wrapping_add(self.waiting).checked_rem(K);
        let free = at.filter(|_| self.waiting < K);
        let Some(frame) = free.and_then(|at| self.frames.get_mut(at)) else {
            return false;
        };
        let len = addresses.len().saturating_add(rest.len());
        let whole = frame.octets.get_mut(..len);
        let parts = whole.and_then(|whole| whole.split_at_mut_checked(addresses.len()));
        let Some((front, back)) = parts else {
            return false;
        };
        front.copy_from_slice(addresses);
        back.copy_from_slice(rest);
        frame.len = len;
        frame.meta = meta;
        self.waiting = self.waiting.saturating_add(1);
        true
    }
}

impl<const N: usize, const K: usize> Default for VlanSlot<N, K> {
    fn default() -> Self {
        Self::EMPTY
    }
}

/// An Ethernet device, divided into VLANs. `S` holds their slots: an array, a slice or a `Vec`.
#[derive(Debug)]
pub struct Vlans<D, S, const N: usize, const K: usize> {
    inner: D,
    slots: S,
    writer: TagWriter,
    counters: VlanCounters,
}

impl<D, S, const N: usize, const K: usize> Vlans<D, S, N, K>
where
    D: Device,
    S: AsRef<[VlanSlot<N, K>]> + AsMut<[VlanSlot<N, K>]>,
{
    /// Divide a device. There is no VLAN yet: what is received is of an unknown one.
    pub const fn new(inner: D, slots: S, writer: TagWriter) -> Self {
        Self {
            inner,
            slots,
            writer,
            counters: VlanCounters {
                unknown: 0,
                full: 0,
                too_long: 0,
                malformed: 0,
            },
        }
    }

    /// Take part in a VLAN.
    ///
    /// # Errors
    /// See [`VlanError`].
    pub fn add(&mut self, vlan: Vlan) -> Result<(), VlanError> {
        if !vlan.is_sound() {
            return Err(VlanError::Number);
        }
        if self.inner.capabilities().medium != Medium::Ethernet {
            return Err(VlanError::Medium);
        }
        if self.at(vlan).is_some() {
            return Err(VlanError::Known);
        }
        let mut slots = self.slots.as_mut().iter_mut();
        let free = slots.find(|slot| slot.vlan.is_none());
        let slot = free.ok_or(VlanError::Full)?;
        (slot.vlan, slot.priority) = (Some(vlan), 0);
        (slot.head, slot.waiting) = (0, 0);
        Ok(())
    }

    /// Leave a VLAN; what waits for it is dropped. Returns whether it was there.
    pub fn remove(&mut self, vlan: Vlan) -> bool {
        let slot = self.slot_mut(vlan);
        slot.map(|slot| slot.vlan = None).is_some()
    }

    /// Send the frames of a VLAN with this priority, 0 to 7 (IEEE 802.1Q-2018 §6.9.3); larger ones
    /// count as 7. Returns whether the VLAN is there.
    pub fn set_priority(&mut self, vlan: Vlan, priority: u8) -> bool {
        let slot = self.slot_mut(vlan);
        slot.map(|slot| slot.priority = priority.min(7)).is_some()
    }

    /// One of the VLANs, as a device; `None` if it was not added.
    pub fn port(&mut self, vlan: Vlan) -> Option<VlanPort<'_, D, S, N, K>> {
        let at = self.at(vlan)?;
        Some(VlanPort::new(self, at, vlan))
    }

    /// Whether frames wait for any of the VLANs.
    pub fn is_waiting(&self) -> bool {
        let mut slots = self.slots.as_ref().iter();
        slots.any(|slot| slot.vlan.is_some() && slot.waiting > 0)
    }

    /// What became of frames that were not handed on.
    #[must_use]
    pub const fn counters(&self) -> &VlanCounters {
        &self.counters
    }

    /// The device inside.
    pub const fn inner(&self) -> &D {
        &self.inner
    }

    /// The device inside, to be changed.
    pub const fn inner_mut(&mut self) -> &mut D {
        &mut self.inner
    }

    /// The last thing that went wrong in the device.
    pub fn take_error(&mut self) -> Option<DeviceError> {
        self.inner.take_error()
    }

    fn at(&self, vlan: Vlan) -> Option<usize> {
        let mut slots = self.slots.as_ref().iter();
        slots.position(|slot| slot.vlan == Some(vlan))
    }

    fn slot_mut(&mut self, vlan: Vlan) -> Option<&mut VlanSlot<N, K>> {
        let mut slots = self.slots.as_mut().iter_mut();
        slots.find(|slot| slot.vlan == Some(vlan))
    }

    /// Receive until a frame waits for this slot. Returns whether one does.
    fn search(&mut self, at: usize, now: Instant) -> bool {
        let waits = |slots: &S| slots.as_ref().get(at).is_some_and(|slot| slot.waiting > 0);
        for _ in 0..MAX_SEARCH {
            if waits(&self.slots) {
                return true;
            }
            let Some((rx, _tx)) = self.inner.receive(now) else {
                return false;
            };
            let meta = rx.meta();
            let (slots, counters) = (self.slots.as_mut(), &mut self.counters);
            rx.consume(|frame| sort(slots, counters, frame, meta));
        }
        waits(&self.slots)
    }
}

/// Put a received frame where its VLAN finds it.
fn sort<const N: usize, const K: usize>(
    slots: &mut [VlanSlot<N, K>],
    counters: &mut VlanCounters,
    frame: &[u8],
    meta: RxMeta,
) {
    let known = |vlan| slots.iter().any(|slot| slot.vlan == Some(vlan));
    let count = match find(frame, meta.vlan, known) {
        Found::Malformed => &mut counters.malformed,
        Found::Unknown => &mut counters.unknown,
        Found::Frame {
            vlan,
            tci,
            addresses,
            rest,
        } => {
            // The number has had its effect; the priority may interest whoever reads frames.
            let meta = RxMeta {
                vlan: tci.map(|tci| tci & !tag::NUMBER),
                ..meta
            };
            let slot = slots.iter_mut().find(|slot| slot.vlan == Some(vlan));
            if addresses.len().saturating_add(rest.len()) > N {
                &mut counters.too_long
            } else if slot.is_some_and(|slot| slot.keep(addresses, rest, meta)) {
                return;
            } else {
                &mut counters.full
            }
        }
    };
    *count = count.saturating_add(1);
}

#[cfg(test)]
mod tests;

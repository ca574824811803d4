//! In the place of `interface_id.rs` in a build of one interface alone: there is no such name, and
//! an `Option` of one takes no room.

use core::convert::Infallible;

/// Names an interface among those that share a set; in this build there are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct InterfaceId(Infallible);

impl InterfaceId {
    /// None is named.
    pub(super) const fn new(_: u8, _: u16) -> Option<Self> {
        None
    }

    /// The number of its slot.
    pub(super) const fn index(self) -> u8 {
        match self.0 {}
    }

    /// How often its slot was used.
    pub(super) const fn generation(self) -> u16 {
        match self.0 {}
    }
}

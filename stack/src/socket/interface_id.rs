//! The name of an interface among those that share a set. In a build of one interface alone there
//! is none, and the file beside this one takes its place.

/// Names an interface among those that share a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct InterfaceId {
    index: u8,
    generation: u16,
}

impl InterfaceId {
    /// The name of the interface in a slot that was used so often.
    pub(super) const fn new(index: u8, generation: u16) -> Option<Self> {
        Some(Self { index, generation })
    }

    /// The number of its slot.
    pub(super) const fn index(self) -> u8 {
        self.index
    }

    /// How often its slot was used.
    pub(super) const fn generation(self) -> u16 {
        self.generation
    }
}

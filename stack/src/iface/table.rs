//! A small table over the caller's slots, oldest entry first: what is in use stands in front, so
//! that what is looked through for a packet is no longer than it has to be.

use crate::storage::Storage;

/// Room for one entry of a table.
#[derive(Clone, Copy, Debug)]
pub struct Slot<T>(Option<T>);

impl<T> Slot<T> {
    /// A free slot.
    pub const EMPTY: Self = Self(None);
}

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Self::EMPTY
    }
}

/// The entries of a table.
#[derive(Debug)]
pub(crate) struct Table<'a, T> {
    slots: Storage<'a, Slot<T>>,
    /// Slots in use, all of them in front.
    len: usize,
}

impl<T: Copy> Default for Table<'_, T> {
    fn default() -> Self {
        Self::new(Storage::default())
    }
}

impl<'a, T: Copy> Table<'a, T> {
    pub(crate) fn new(mut slots: Storage<'a, Slot<T>>) -> Self {
        for slot in slots.iter_mut() {
            slot.0 = None;
        }
        Self { slots, len: 0 }
    }

    #[inline]
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        let used = self.slots.get(..self.len).unwrap_or(&[]);
        used.iter().filter_map(|slot| slot.0.as_ref())
    }

    #[inline]
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        let used = self.slots.get_mut(..self.len).unwrap_or_default();
        used.iter_mut().filter_map(|slot| slot.0.as_mut())
    }

    /// The first entry that is what is looked for.
    pub(crate) fn find(&mut self, wanted: impl Fn(&T) -> bool) -> Option<&mut T> {
        self.iter_mut().find(|entry| wanted(entry))
    }

    /// Add an entry; `None` if there is no room.
    pub(crate) fn push(&mut self, entry: T) -> Option<&mut T> {
        let slot = self.slots.get_mut(self.len)?;
        self.len = self.len.saturating_add(1);
        Some(slot.0.insert(entry))
    }

    /// Whether every slot is in use.
    pub(crate) fn is_full(&self) -> bool {
        self.len >= self.slots.len()
    }

    /// Take out the first entry that is what is looked for; the others keep their order.
    pub(crate) fn take(&mut self, wanted: impl Fn(&T) -> bool) -> Option<T> {
        let at = self.iter().position(wanted)?;
        let tail = self.slots.get_mut(at..self.len)?;
        let entry = tail.first()?.0;
        crate::storage::move_down(tail, 1);
        if let Some(last) = tail.last_mut() {
            last.0 = None;
        }
        self.len = self.len.saturating_sub(1);
        entry
    }

    /// Take out every entry that is not to be kept. Returns whether there was one.
    pub(crate) fn retain(&mut self, keep: impl Fn(&T) -> bool) -> bool {
        let mut any = false;
        while self.take(|entry| !keep(entry)).is_some() {
            any = true;
        }
        any
    }
}

#[cfg(test)]
mod tests;

//! A small table over the caller's slots, oldest entry first: what is in use stands in front, so
//! that what is looked through for a packet is no longer than it has to be.

use crate::parts::Kept;
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

/// The entries of a table, and no memory at all in builds whose part it is not of (`HAS` is 0).
#[derive(Debug)]
pub(crate) struct Table<'a, T, const HAS: usize = 1>(Kept<Rows<'a, T>, HAS>);

#[derive(Debug)]
struct Rows<'a, T> {
    slots: Storage<'a, Slot<T>>,
    /// Slots in use, all of them in front.
    len: usize,
}

impl<T> Default for Rows<'_, T> {
    fn default() -> Self {
        Self {
            slots: Storage::default(),
            len: 0,
        }
    }
}

impl<T: Copy, const HAS: usize> Default for Table<'_, T, HAS> {
    fn default() -> Self {
        Self::new(Storage::default())
    }
}

impl<'a, T: Copy, const HAS: usize> Table<'a, T, HAS> {
    pub(crate) fn new(mut slots: Storage<'a, Slot<T>>) -> Self {
        for slot in slots.iter_mut() {
            slot.0 = None;
        }
        Self(Kept::new(Rows { slots, len: 0 }))
    }

    #[inline]
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        let used = self.0.get().and_then(|rows| rows.slots.get(..rows.len));
        used.unwrap_or_default()
            .iter()
            .filter_map(|slot| slot.0.as_ref())
    }

    #[inline]
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        let rows = self.0.get_mut();
        let used = rows.and_then(|rows| rows.slots.get_mut(..rows.len));
        used.unwrap_or_default()
            .iter_mut()
            .filter_map(|slot| slot.0.as_mut())
    }

    /// The first entry that is what is looked for.
    pub(crate) fn find(&mut self, wanted: impl Fn(&T) -> bool) -> Option<&mut T> {
        self.iter_mut().find(|entry| wanted(entry))
    }

    /// Add an entry; `None` if there is no room.
    pub(crate) fn push(&mut self, entry: T) -> Option<&mut T> {
        let rows = self.0.get_mut()?;
        let slot = rows.slots.get_mut(rows.len)?;
        rows.len = rows.len.saturating_add(1);
        Some(slot.0.insert(entry))
    }

    /// Whether every slot is in use.
    pub(crate) fn is_full(&self) -> bool {
        let rows = self.0.get();
        rows.is_none_or(|rows| rows.len >= rows.slots.len())
    }

    /// Take out the first entry that is what is looked for; the others keep their order.
    pub(crate) fn take(&mut self, wanted: impl Fn(&T) -> bool) -> Option<T> {
        let at = self.iter().position(wanted)?;
        let rows = self.0.get_mut()?;
        let tail = rows.slots.get_mut(at..rows.len)?;
        let entry = tail.first()?.0;
        crate::storage::move_down(tail, 1);
        if let Some(last) = tail.last_mut() {
            last.0 = None;
        }
        rows.len = rows.len.saturating_sub(1);
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

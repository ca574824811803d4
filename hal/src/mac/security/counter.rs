//! Our frame counter (IEEE 802.15.4-2020 §9.2.2, §9.4.2): no value is used twice, not even if the
//! power fails, because values are reserved in memory that lasts before they are used.

use core::fmt;

use super::SecurityError;

/// The store did not keep or find the counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StoreError(
    /// What the store says of it.
    pub u32,
);

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the store of the frame counter failed, code {}", self.0)
    }
}

impl core::error::Error for StoreError {}

/// Memory that outlasts a loss of power, for one number. It belongs to the keys: new keys may begin
/// with a store at zero, old ones never.
pub trait CounterStore {
    /// The number last written, 0 if there was none.
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be read; nothing is sent then.
    fn load(&mut self) -> Result<u32, StoreError>;

    /// Write a number. When this returns without error, [`CounterStore::load`] gives it whatever
    /// happens.
    ///
    /// # Errors
    /// [`StoreError`].
    fn save(&mut self, number: u32) -> Result<(), StoreError>;
}

/// No memory: for keys that live no longer than the program.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoStore;

impl CounterStore for NoStore {
    fn load(&mut self) -> Result<u32, StoreError> {
        Ok(0)
    }

    fn save(&mut self, _: u32) -> Result<(), StoreError> {
        Ok(())
    }
}

/// Counters that are reserved at once: a flash page is written every so many frames, and so many
/// are lost with each start.
const RESERVE: u32 = 1024;

/// The counter of what we send.
#[derive(Debug)]
pub(super) struct Outgoing<S> {
    store: S,
    next: u32,
    /// The first that is not reserved.
    reserved: u32,
}

impl<S: CounterStore> Outgoing<S> {
    pub(super) fn new(mut store: S) -> Result<Self, SecurityError> {
        let next = store.load().map_err(|_| SecurityError::Store)?;
        Ok(Self {
            store,
            next,
            reserved: next,
        })
    }

    /// A counter that was never given before.
    pub(super) fn next(&mut self) -> Result<u32, SecurityError> {
        if self.next == u32::MAX {
            return Err(SecurityError::CounterExhausted);
        }
        if self.next >= self.reserved {
            let reserved = self.next.saturating_add(RESERVE);
            self.store
                .save(reserved)
                .map_err(|_| SecurityError::Store)?;
            self.reserved = reserved;
        }
        let counter = self.next;
        self.next = counter.saturating_add(1);
        Ok(counter)
    }
}

//! The keys (IEEE 802.15.4-2020 §9.2.3): found by what the frame says, or, in mode 0, by the other
//! station.

use litz_wire::{Eui64, KeyId};

use super::SecurityError;
use crate::radio::AesKey;

/// A key and when it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// How frames name it.
    pub id: KeyId,
    /// The only station that it is shared with; `None` if it is everybody's.
    pub peer: Option<Eui64>,
    /// The key.
    pub key: AesKey,
}

/// The keys of a station.
#[derive(Debug)]
pub struct KeyTable<'a>(&'a mut [Option<Key>]);

impl<'a> KeyTable<'a> {
    pub(super) const fn new(keys: &'a mut [Option<Key>]) -> Self {
        Self(keys)
    }

    /// The keys with their places.
    pub fn iter(&self) -> impl Iterator<Item = (u8, &Key)> {
        let places = self.0.iter().zip(0..=u8::MAX);
        places.filter_map(|(key, place)| Some((place, key.as_ref()?)))
    }

    /// The key that a frame to or from a station names: its own before everybody's.
    pub(super) fn find(&self, id: KeyId, peer: Option<Eui64>) -> Option<(u8, &AesKey)> {
        let mut found = None;
        for (place, key) in self.0.iter().enumerate() {
            let Some(key) = key.as_ref().filter(|key| key.id == id) else {
                continue;
            };
            let is_peers = key.peer.is_some() && key.peer == peer;
            if is_peers || (key.peer.is_none() && found.is_none()) {
                found = Some((place as u8, &key.key));
            }
            if is_peers {
                break;
            }
        }
        found
    }

    pub(super) fn replace(&mut self, place: u8, key: Option<Key>) -> Result<(), SecurityError> {
        let slot = self.0.get_mut(usize::from(place));
        *slot.ok_or(SecurityError::UnknownKey)? = key;
        Ok(())
    }
}

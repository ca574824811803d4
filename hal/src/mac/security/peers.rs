//! Senders whose counters are remembered (IEEE 802.15.4-2020 §9.2.5, §9.2.8): the check against
//! replay. A sender gets a slot only with a frame that was genuine, and keeps it.

use litz_wire::{Eui64, ShortAddress};

use super::SecurityError;

/// Memory for one sender under one key. It is free while neither key nor short address is known;
/// free slots are zeros, so that a static of them takes no flash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeerSlot(Peer);

impl PeerSlot {
    /// Without a sender.
    pub const EMPTY: Self = Self(Peer {
        extended: Eui64([0; 8]),
        short: None,
        key: None,
        next: 0,
    });
}

impl Default for PeerSlot {
    fn default() -> Self {
        Self::EMPTY
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Peer {
    extended: Eui64,
    short: Option<ShortAddress>,
    /// The place of its key; `None` until a frame has come.
    key: Option<u8>,
    /// The lowest counter that is believed.
    next: u32,
}

impl Peer {
    const fn is_used(&self) -> bool {
        self.short.is_some() || self.key.is_some()
    }
}

/// The senders that are known.
#[derive(Debug)]
pub struct Peers<'a>(&'a mut [PeerSlot]);

impl<'a> Peers<'a> {
    pub(super) const fn new(slots: &'a mut [PeerSlot]) -> Self {
        Self(slots)
    }

    /// Sender, place of the key, and the lowest counter that is believed, to be saved.
    pub fn counters(&self) -> impl Iterator<Item = (Eui64, u8, u32)> {
        let peers = self.0.iter().map(|slot| slot.0);
        peers.filter_map(|peer| Some((peer.extended, peer.key?, peer.next)))
    }

    /// Make a station known by its short address; frames that carry only that can then be opened.
    ///
    /// # Errors
    /// [`SecurityError::PeersFull`].
    pub fn know(&mut self, short: ShortAddress, extended: Eui64) -> Result<(), SecurityError> {
        // An address belongs to one station.
        for peer in self.peers().filter(|peer| peer.short == Some(short)) {
            peer.short = None;
        }
        if let Some(peer) = self.peers().find(|peer| peer.extended == extended) {
            peer.short = Some(short);
            return Ok(());
        }
        self.insert(Peer {
            extended,
            short: Some(short),
            key: None,
            next: 0,
        })
    }

    /// Believe no counter below `next` of a sender under the key at a place, as saved before.
    ///
    /// # Errors
    /// [`SecurityError::PeersFull`].
    pub fn restore(&mut self, extended: Eui64, key: u8, next: u32) -> Result<(), SecurityError> {
        if let Some(peer) = self.slot(extended, key) {
            peer.key = Some(key);
            peer.next = peer.next.max(next);
            return Ok(());
        }
        self.insert(Peer {
            extended,
            short: None,
            key: Some(key),
            next,
        })
    }

    pub(super) fn extended(&self, short: ShortAddress) -> Option<Eui64> {
        let mut peers = self.0.iter().map(|slot| slot.0);
        peers
            .find(|peer| peer.short == Some(short))
            .map(|peer| peer.extended)
    }

    /// Whether a counter is new.
    pub(super) fn check(
        &mut self,
        sender: Eui64,
        key: u8,
        counter: u32,
    ) -> Result<(), SecurityError> {
        match self.slot(sender, key) {
            Some(peer) if counter < peer.next => Err(SecurityError::Replay),
            _ => Ok(()),
        }
    }

    /// Remember the counter of a genuine frame.
    pub(super) fn accept(
        &mut self,
        sender: Eui64,
        key: u8,
        counter: u32,
    ) -> Result<(), SecurityError> {
        self.restore(sender, key, counter.saturating_add(1))
    }

    pub(super) fn forget_key(&mut self, place: u8) {
        for peer in self.peers().filter(|peer| peer.key == Some(place)) {
            (peer.key, peer.next) = (None, 0);
        }
    }

    fn peers(&mut self) -> impl Iterator<Item = &mut Peer> {
        let peers = self.0.iter_mut().map(|slot| &mut slot.0);
        peers.filter(|peer| peer.is_used())
    }

    /// The slot of a sender and key, or one of the sender alone.
    fn slot(&mut self, sender: Eui64, key: u8) -> Option<&mut Peer> {
        let mut found = None;
        for peer in self.peers().filter(|peer| peer.extended == sender) {
            if peer.key == Some(key) {
                return Some(peer);
            }
            if peer.key.is_none() && found.is_none() {
                found = Some(peer);
            }
        }
        found
    }

    fn insert(&mut self, peer: Peer) -> Result<(), SecurityError> {
        let mut free = self.0.iter_mut().filter(|slot| !slot.0.is_used());
        free.next().ok_or(SecurityError::PeersFull)?.0 = peer;
        Ok(())
    }
}

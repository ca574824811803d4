//! Security of frames (IEEE 802.15.4-2020 §9): which octets are encrypted and authenticated, with
//! which nonce and which key, and whether a frame was seen before. Information elements of the
//! header stay readable, those of the payload are encrypted with it. Frames whose counter is
//! suppressed are refused.

mod counter;
mod keys;
mod peers;

pub use counter::{CounterStore, NoStore, StoreError};
pub use keys::{Key, KeyTable};
pub use peers::{PeerSlot, Peers};

use core::fmt;

use litz_wire::rt::Codec;
use litz_wire::{
    BeaconPacket, Eui64, FrameType, FrameVersion, Ieee802154Frame, Ieee802154Repr, KeyId,
    MacAddress, PayloadIes, SecurityHeaderRepr, SecurityLevel,
};

use self::counter::Outgoing;
use super::head::view;
use crate::radio::{Ccm, CryptoError, MAX_FRAME, Nonce};

/// Why a frame was not secured, or not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SecurityError {
    /// It is not a frame, or becomes too long.
    Malformed,
    /// It uses what is not done here: suppressed counters.
    Unsupported,
    /// It is protected less than the policy wants.
    Level,
    /// Nobody knows the extended address of its sender.
    UnknownDevice,
    /// There is no such key.
    UnknownKey,
    /// Its counter is not above the last one of this sender and key: it was seen before, or the
    /// counter was set back.
    Replay,
    /// Its integrity code is wrong.
    Mic,
    /// Its sender is genuine and new, and there is no room to remember its counter.
    PeersFull,
    /// Our counter is used up: the key has to be replaced.
    CounterExhausted,
    /// The counter could not be reserved in memory that lasts.
    Store,
    /// The engine failed.
    Engine,
}

impl fmt::Display for SecurityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "not a frame",
            Self::Unsupported => "a kind of security that is not supported",
            Self::Level => "less protected than wanted",
            Self::UnknownDevice => "an unknown sender",
            Self::UnknownKey => "an unknown key",
            Self::Replay => "a counter that was used before",
            Self::Mic => "a wrong integrity code",
            Self::PeersFull => "no room to remember the sender",
            Self::CounterExhausted => "the counter is used up",
            Self::Store => "the counter could not be reserved",
            Self::Engine => "the engine failed",
        })
    }
}

impl core::error::Error for SecurityError {}

impl From<CryptoError> for SecurityError {
    fn from(error: CryptoError) -> Self {
        match error {
            CryptoError::Mic => Self::Mic,
            CryptoError::Length => Self::Malformed,
            CryptoError::Engine => Self::Engine,
        }
    }
}

/// What a MAC asks of the protection of its frames.
pub trait Protection {
    /// Octets that [`Protection::seal`] adds at most.
    fn overhead(&self) -> usize;

    /// Secure a plain frame of the station with this address into `out`; how long it became.
    ///
    /// # Errors
    /// [`SecurityError`]; the frame must not be sent.
    fn seal(
        &mut self,
        own: Eui64,
        plain: &[u8],
        out: &mut [u8; MAX_FRAME],
    ) -> Result<usize, SecurityError>;

    /// Verify a received frame, and write it to `out` without its security; how long it became. A
    /// frame that came without security is copied, if that is allowed.
    ///
    /// # Errors
    /// [`SecurityError`]; the frame must not be believed.
    fn open(&mut self, frame: &[u8], out: &mut [u8; MAX_FRAME]) -> Result<usize, SecurityError>;
}

/// No protection: secured frames are not understood.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unsecured;

impl Protection for Unsecured {
    fn overhead(&self) -> usize {
        0
    }

    fn seal(
        &mut self,
        _: Eui64,
        plain: &[u8],
        out: &mut [u8; MAX_FRAME],
    ) -> Result<usize, SecurityError> {
        copy(plain, out)
    }

    fn open(&mut self, frame: &[u8], out: &mut [u8; MAX_FRAME]) -> Result<usize, SecurityError> {
        let packet = view(frame).map_err(|_| SecurityError::Malformed)?;
        match packet.security() {
            Some(_) => Err(SecurityError::UnknownKey),
            None => copy(frame, out),
        }
    }
}

/// How frames are to be protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// What our frames get.
    pub level: SecurityLevel,
    /// Which of the keys.
    pub key_id: KeyId,
    /// What frames need to be believed: at least as long an integrity code, and encryption if this
    /// has it. Level 4 authenticates nothing; whoever asks for no more than that believes anybody.
    pub required: SecurityLevel,
    /// The extended address of the coordinator, who is the sender of frames without source address.
    pub coordinator: Option<Eui64>,
}

impl Default for Policy {
    /// Encryption and an integrity code of four octets, with key 1 of the default source.
    fn default() -> Self {
        Self {
            level: SecurityLevel::EncMic32,
            key_id: KeyId::Index { index: 1 },
            required: SecurityLevel::EncMic32,
            coordinator: None,
        }
    }
}

/// Protection by CCM*.
#[derive(Debug)]
pub struct Secured<'a, C, S> {
    policy: Policy,
    ccm: C,
    keys: KeyTable<'a>,
    peers: Peers<'a>,
    outgoing: Outgoing<S>,
}

impl<'a, C: Ccm, S: CounterStore> Secured<'a, C, S> {
    /// Protection with these keys, and memory for the counters of as many pairs of sender and key
    /// as `peers` has slots. Senders beyond are not believed; none is ever forgotten for another,
    /// or its frames could be replayed.
    ///
    /// # Errors
    /// [`SecurityError::Store`] if the store cannot say which counters were used.
    pub fn new(
        policy: Policy,
        ccm: C,
        keys: &'a mut [Option<Key>],
        peers: &'a mut [PeerSlot],
        store: S,
    ) -> Result<Self, SecurityError> {
        Ok(Self {
            policy,
            ccm,
            keys: KeyTable::new(keys),
            peers: Peers::new(peers),
            outgoing: Outgoing::new(store)?,
        })
    }

    /// The keys.
    pub const fn keys(&self) -> &KeyTable<'a> {
        &self.keys
    }

    /// The senders whose counters are known, to be saved.
    pub const fn peers(&self) -> &Peers<'a> {
        &self.peers
    }

    /// The senders, to make one known by its short address or to restore a counter.
    pub const fn peers_mut(&mut self) -> &mut Peers<'a> {
        &mut self.peers
    }

    /// Replace the key at a place of the table; counters of senders under the old one are
    /// forgotten. A key that was replaced must not come back, or frames under it can be replayed.
    ///
    /// # Errors
    /// [`SecurityError::UnknownKey`] if there is no such place.
    pub fn replace_key(&mut self, place: u8, key: Option<Key>) -> Result<(), SecurityError> {
        self.keys.replace(place, key)?;
        self.peers.forget_key(place);
        Ok(())
    }

    fn sender(&self, frame: &Ieee802154Frame<'_>) -> Result<Eui64, SecurityError> {
        let known = match frame.src_addr() {
            MacAddress::Extended(addr) => Some(addr),
            MacAddress::Short(addr) => self.peers.extended(addr),
            MacAddress::Absent => self.policy.coordinator,
        };
        known.ok_or(SecurityError::UnknownDevice)
    }
}

impl<C: Ccm, S: CounterStore> Protection for Secured<'_, C, S> {
    fn overhead(&self) -> usize {
        if self.policy.level == SecurityLevel::None {
            return 0;
        }
        let key_id = match self.policy.key_id {
            KeyId::Implicit => 0,
            KeyId::Index { .. } => 1,
            KeyId::Source4 { .. } => 5,
            KeyId::Source8 { .. } => 9,
        };
        let header = 5_usize.saturating_add(key_id);
        header.saturating_add(self.policy.level.mic_len())
    }

    fn seal(
        &mut self,
        own: Eui64,
        plain: &[u8],
        out: &mut [u8; MAX_FRAME],
    ) -> Result<usize, SecurityError> {
        let frame = view(plain).map_err(|_| SecurityError::Malformed)?;
        if self.policy.level == SecurityLevel::None || !is_protected(&frame) {
            return copy(plain, out);
        }
        let peer = match frame.dst_addr() {
            MacAddress::Extended(addr) => Some(addr),
            MacAddress::Short(addr) => self.peers.extended(addr),
            MacAddress::Absent => self.policy.coordinator,
        };
        let (_, key) = self
            .keys
            .find(self.policy.key_id, peer)
            .ok_or(SecurityError::UnknownKey)?;
        let security = SecurityHeaderRepr {
            level: self.policy.level,
            asn_in_nonce: false,
            frame_counter: Some(self.outgoing.next()?),
            key_id: self.policy.key_id,
        };
        seal(&mut self.ccm, key, own, &frame, security, out)
    }

    fn open(&mut self, octets: &[u8], out: &mut [u8; MAX_FRAME]) -> Result<usize, SecurityError> {
        let frame = view(octets).map_err(|_| SecurityError::Malformed)?;
        let Some(security) = frame.security() else {
            let needs = self.policy.required != SecurityLevel::None && is_protected(&frame);
            return if needs {
                Err(SecurityError::Level)
            } else {
                copy(octets, out)
            };
        };
        if !suffices(security.level, self.policy.required) {
            return Err(SecurityError::Level);
        }
        let counter = counter_of(&security)?;
        let sender = self.sender(&frame)?;
        let (place, key) = self
            .keys
            .find(security.key_id, Some(sender))
            .ok_or(SecurityError::UnknownKey)?;
        self.peers.check(sender, place, counter)?;
        let len = open(&mut self.ccm, key, sender, &frame, out)?;
        self.peers.accept(sender, place, counter)?;
        Ok(len)
    }
}

/// Whether frames like this are protected at all: beacons and requests for them are for strangers,
/// and acknowledgments leave no time.
fn is_protected(frame: &Ieee802154Frame<'_>) -> bool {
    const BEACON_REQUEST: u8 = 7;
    match frame.frame_type() {
        FrameType::Beacon | FrameType::Ack => false,
        FrameType::Command => frame.payload().first() != Some(&BEACON_REQUEST),
        _ => true,
    }
}

/// Whether a level is as good as the one required (§9.2.9).
const fn suffices(level: SecurityLevel, required: SecurityLevel) -> bool {
    level.mic_len() >= required.mic_len()
        && (level.is_encrypted() || !required.is_encrypted())
        && (level.0 != 0 || required.0 == 0)
}

fn counter_of(security: &SecurityHeaderRepr) -> Result<u32, SecurityError> {
    match security.frame_counter {
        _ if security.asn_in_nonce => Err(SecurityError::Unsupported),
        None => Err(SecurityError::Unsupported),
        // The last value marks a counter that is used up; nobody may send it.
        Some(u32::MAX) => Err(SecurityError::Replay),
        Some(counter) => Ok(counter),
    }
}

/// The nonce (§9.3.3.1): who sent it, with which counter, at which level.
#[must_use]
pub fn nonce(sender: Eui64, counter: u32, level: SecurityLevel) -> Nonce {
    let [a, b, c, d, e, f, g, h] = sender.octets();
    let [i, j, k, l] = counter.to_be_bytes();
    [a, b, c, d, e, f, g, h, i, j, k, l, level.0]
}

/// Octets at the start of the payload that stay readable (§9.3.3.3, Table 9-1).
fn open_len(frame: &Ieee802154Frame<'_>, payload: &[u8]) -> Result<usize, SecurityError> {
    Ok(match frame.frame_type() {
        FrameType::Command if frame.version() < FrameVersion::V2015 => 1.min(payload.len()),
        FrameType::Beacon if frame.version() < FrameVersion::V2015 => {
            let beacon = BeaconPacket::new_checked(payload);
            let beacon = beacon.map_err(|_| SecurityError::Malformed)?;
            payload.len().saturating_sub(beacon.payload().len())
        }
        _ => 0,
    })
}

/// Secure a frame with a given security header (§9.2.2); how long it became. It is written as
/// version 1 if it was version 0, which knows no such security.
///
/// # Errors
/// [`SecurityError`].
pub fn seal<C: Ccm>(
    ccm: &mut C,
    key: &crate::radio::AesKey,
    own: Eui64,
    frame: &Ieee802154Frame<'_>,
    security: SecurityHeaderRepr,
    out: &mut [u8; MAX_FRAME],
) -> Result<usize, SecurityError> {
    let plain = Ieee802154Repr::parse(frame).map_err(|_| SecurityError::Malformed)?;
    if plain.security.is_some() {
        return Err(SecurityError::Unsupported);
    }
    let counter = counter_of(&security)?;
    let level = security.level;
    let payload = frame.payload();
    // Encrypted, the elements of the payload are part of it (§9.3.3.3).
    let (shown, hidden) = match level.is_encrypted() {
        true => (None, plain.payload_ies.map_or(&[][..], |ies| ies.octets())),
        false => (plain.payload_ies, &[][..]),
    };
    let secured = Ieee802154Repr {
        version: plain.version.max(FrameVersion::V2006),
        security: Some(security),
        payload_ies: shown,
        payload_len: hidden.len().saturating_add(payload.len()),
        ..plain
    };
    let (header, total) = (secured.header_len(), secured.buffer_len());
    let room = out.get_mut(..total).ok_or(SecurityError::Malformed)?;
    let body = secured.emit(room).map_err(|_| SecurityError::Malformed)?;
    if let Some((shown, rest)) = body.split_at_mut_checked(hidden.len()) {
        crate::octets::put(shown, hidden);
        crate::octets::put(rest, payload);
    }
    let room = out.get_mut(..total).ok_or(SecurityError::Malformed)?;
    let clear = if level.is_encrypted() {
        open_len(frame, payload)?
    } else {
        payload.len()
    };
    let (auth, rest) = room
        .split_at_mut_checked(header.saturating_add(clear))
        .ok_or(SecurityError::Malformed)?;
    let message = rest.len().saturating_sub(level.mic_len());
    let (message, mic) = rest
        .split_at_mut_checked(message)
        .ok_or(SecurityError::Malformed)?;
    let nonce = nonce(own, counter, level);
    ccm.seal(key, &nonce, auth, message, mic)?;
    Ok(total)
}

/// Verify and decrypt a frame from a known sender with a known key (§9.2.4), and write it without
/// its security to `out`; how long it became. Whether it was seen before is not asked here.
///
/// # Errors
/// [`SecurityError`].
pub fn open<C: Ccm>(
    ccm: &mut C,
    key: &crate::radio::AesKey,
    sender: Eui64,
    frame: &Ieee802154Frame<'_>,
    out: &mut [u8; MAX_FRAME],
) -> Result<usize, SecurityError> {
    let repr = Ieee802154Repr::parse(frame).map_err(|_| SecurityError::Malformed)?;
    let security = repr.security.ok_or(SecurityError::Unsupported)?;
    let level = security.level;
    let nonce = nonce(sender, counter_of(&security)?, level);
    let octets = frame.bytes();
    let payload = frame.payload();
    let header = octets
        .len()
        .checked_sub(payload.len().saturating_add(level.mic_len()))
        .ok_or(SecurityError::Malformed)?;
    let clear = if level.is_encrypted() {
        open_len(frame, payload)?
    } else {
        payload.len()
    };
    let mut work = [0; MAX_FRAME];
    let work = work
        .get_mut(..header.saturating_add(payload.len()))
        .ok_or(SecurityError::Malformed)?;
    crate::octets::put(work, octets);
    let (auth, message) = work
        .split_at_mut_checked(header.saturating_add(clear))
        .ok_or(SecurityError::Malformed)?;
    ccm.open(key, &nonce, auth, message, frame.mic())?;
    let text = work.get(header..).unwrap_or_default();
    let hidden =
        level.is_encrypted() && repr.header_ies.is_some_and(|ies| ies.payload_ies_follow());
    let (payload_ies, text) = match hidden {
        true => split_ies(text)?,
        false => (repr.payload_ies, text),
    };
    let plain = Ieee802154Repr {
        security: None,
        payload_ies,
        payload_len: text.len(),
        ..repr
    };
    let total = plain.buffer_len();
    let room = out.get_mut(..total).ok_or(SecurityError::Malformed)?;
    let body = plain.emit(room).map_err(|_| SecurityError::Malformed)?;
    crate::octets::put(body, text);
    Ok(total)
}

/// The information elements at the start of a payload that was encrypted, and the rest of it.
fn split_ies(text: &[u8]) -> Result<(Option<PayloadIes<'_>>, &[u8]), SecurityError> {
    let len = PayloadIes::measure(text, text).map_err(|_| SecurityError::Malformed)?;
    let (ies, rest) = text.split_at_checked(len).ok_or(SecurityError::Malformed)?;
    Ok((PayloadIes::from_octets(ies), rest))
}

fn copy(from: &[u8], to: &mut [u8; MAX_FRAME]) -> Result<usize, SecurityError> {
    let room = to.get_mut(..from.len()).ok_or(SecurityError::Malformed)?;
    crate::octets::put(room, from);
    Ok(from.len())
}

#[cfg(test)]
mod tests;

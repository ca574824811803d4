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

use litz_wire::{
    BeaconPacket, Eui64, FrameControlPacketMut, FrameType, FrameVersion, Ieee802154Frame, KeyId,
    MacAddress, SecurityHeaderPacket, SecurityHeaderRepr, SecurityLevel,
};

use self::counter::Outgoing;
use super::head::{BEACON_REQUEST, Head, split_elements};
use crate::parts::SCAN;
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
        let head = Head::parse(frame).ok_or(SecurityError::Malformed)?;
        match head.secured {
            true => Err(SecurityError::UnknownKey),
            false => copy(frame, out),
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

    /// The extended address of a station, if it is known.
    fn station(&self, addr: MacAddress) -> Option<Eui64> {
        match addr {
            MacAddress::Extended(addr) => Some(addr),
            MacAddress::Short(addr) => self.peers.extended(addr),
            MacAddress::Absent => self.policy.coordinator,
        }
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
        let head = Head::parse(plain).ok_or(SecurityError::Malformed)?;
        if self.policy.level == SecurityLevel::None || !is_protected(&head, plain) {
            return copy(plain, out);
        }
        let peer = self.station(head.dst);
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
        seal_frame(&mut self.ccm, key, own, (&head, plain), &security, out)
    }

    fn open(&mut self, octets: &[u8], out: &mut [u8; MAX_FRAME]) -> Result<usize, SecurityError> {
        let head = Head::parse(octets).ok_or(SecurityError::Malformed)?;
        if !head.secured {
            let needs = self.policy.required != SecurityLevel::None && is_protected(&head, octets);
            return if needs {
                Err(SecurityError::Level)
            } else {
                copy(octets, out)
            };
        }
        let frame = Secret::parse(head, octets)?;
        if !suffices(frame.level, self.policy.required) {
            return Err(SecurityError::Level);
        }
        let sender = self.station(head.src);
        let sender = sender.ok_or(SecurityError::UnknownDevice)?;
        let (place, key) = self
            .keys
            .find(frame.key_id, Some(sender))
            .ok_or(SecurityError::UnknownKey)?;
        self.peers.check(sender, place, frame.counter)?;
        let len = frame.open(&mut self.ccm, key, sender, out)?;
        self.peers.accept(sender, place, frame.counter)?;
        Ok(len)
    }
}

/// Whether frames like this are protected at all: beacons and requests for them are for strangers,
/// and acknowledgments leave no time.
fn is_protected(head: &Head, octets: &[u8]) -> bool {
    match head.frame_type {
        FrameType::Beacon | FrameType::Ack => false,
        FrameType::Command => {
            let payload = head.payload(octets).unwrap_or_default();
            payload.first() != Some(&BEACON_REQUEST)
        }
        _ => true,
    }
}

/// Whether a level is as good as the one required (§9.2.9).
const fn suffices(level: SecurityLevel, required: SecurityLevel) -> bool {
    level.mic_len() >= required.mic_len()
        && (level.is_encrypted() || !required.is_encrypted())
        && (level.0 != 0 || required.0 == 0)
}

fn counter_of(counter: Option<u32>, asn_in_nonce: bool) -> Result<u32, SecurityError> {
    match counter {
        _ if asn_in_nonce => Err(SecurityError::Unsupported),
        None => Err(SecurityError::Unsupported),
        // The last value marks a counter that is used up; nobody may send it.
        Some(u32::MAX) => Err(SecurityError::Replay),
        Some(counter) => Ok(counter),
    }
}

/// The nonce (§9.3.3.1): who sent it, with which counter, at which level.
#[must_use]
pub fn nonce(sender: Eui64, counter: u32, level: SecurityLevel) -> Nonce {
    let mut nonce = [level.0; 13];
    if let Some((address, rest)) = nonce.split_first_chunk_mut() {
        *address = sender.octets();
        if let Some(number) = rest.first_chunk_mut() {
            *number = counter.to_be_bytes();
        }
    }
    nonce
}

/// How many octets stay readable of what stands behind the security header (§9.3.3.3, Table 9-1):
/// the information elements of the header, and the first octets of some payloads.
fn readable(head: &Head, level: SecurityLevel, body: &[u8]) -> Option<usize> {
    if !level.is_encrypted() {
        return Some(body.len());
    }
    let (_, payload) = split_elements(head.has_elements, body)?;
    let elements = body.len().saturating_sub(payload.len());
    Some(match head.frame_type {
        FrameType::Command if head.version < FrameVersion::V2015 => 1.min(payload.len()),
        // Nobody listens to beacons without scans.
        FrameType::Beacon if !SCAN => return None,
        FrameType::Beacon if head.version < FrameVersion::V2015 => {
            let beacon = BeaconPacket::new_checked(payload).ok()?;
            payload.len().saturating_sub(beacon.payload().len())
        }
        _ => elements,
    })
}

/// Say in a frame whether a security header follows the addresses, which version 0 does not know.
fn set_secured(frame: &mut [u8], version: FrameVersion, secured: bool) {
    if let Ok(mut control) = FrameControlPacketMut::new_checked(frame) {
        control.set_security_enabled(secured);
        let _ = control.set_version(version);
    }
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
    let octets = frame.bytes();
    let head = Head::parse(octets).ok_or(SecurityError::Malformed)?;
    seal_frame(ccm, key, own, (&head, octets), &security, out)
}

/// The security header comes to stand behind the addresses, the integrity code behind the payload.
fn seal_frame<C: Ccm>(
    ccm: &mut C,
    key: &crate::radio::AesKey,
    own: Eui64,
    (head, plain): (&Head, &[u8]),
    security: &SecurityHeaderRepr,
    out: &mut [u8; MAX_FRAME],
) -> Result<usize, SecurityError> {
    if head.secured {
        return Err(SecurityError::Unsupported);
    }
    let counter = counter_of(security.frame_counter, security.asn_in_nonce)?;
    let level = security.level;
    let body = head.body(plain);
    let readable = readable(head, level, body).ok_or(SecurityError::Malformed)?;
    let added = security.buffer_len();
    let text = plain.len().saturating_add(added);
    let total = text.saturating_add(level.mic_len());
    let room = out.get_mut(..total).ok_or(SecurityError::Malformed)?;
    let (text, mic) = room
        .split_at_mut_checked(text)
        .ok_or(SecurityError::Malformed)?;
    crate::octets::put(text, plain);
    set_secured(text, head.version.max(FrameVersion::V2006), true);
    let behind = text.get_mut(head.len()..).unwrap_or_default();
    let (header, rest) = behind
        .split_at_mut_checked(added)
        .ok_or(SecurityError::Malformed)?;
    security
        .emit(header)
        .map_err(|_| SecurityError::Malformed)?;
    crate::octets::put(rest, body);
    let open = head.len().saturating_add(added).saturating_add(readable);
    let (auth, message) = text
        .split_at_mut_checked(open)
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
    let octets = frame.bytes();
    let head = Head::parse(octets).ok_or(SecurityError::Malformed)?;
    if !head.secured {
        return Err(SecurityError::Unsupported);
    }
    Secret::parse(head, octets)?.open(ccm, key, sender, out)
}

/// A secured frame, taken apart.
struct Secret<'f> {
    head: Head,
    level: SecurityLevel,
    counter: u32,
    key_id: KeyId,
    octets: &'f [u8],
    /// What stands behind the security header, without the integrity code.
    body: &'f [u8],
    mic: &'f [u8],
}

impl<'f> Secret<'f> {
    fn parse(head: Head, octets: &'f [u8]) -> Result<Self, SecurityError> {
        let body = head.body(octets);
        let security = SecurityHeaderPacket::new_checked(body);
        let security = security.map_err(|_| SecurityError::Malformed)?;
        let level = security.level();
        let body = body.get(security.header_len()..).unwrap_or_default();
        let len = body.len().checked_sub(level.mic_len());
        let parts = len.and_then(|len| body.split_at_checked(len));
        let (body, mic) = parts.ok_or(SecurityError::Malformed)?;
        Ok(Self {
            head,
            level,
            counter: counter_of(security.frame_counter(), security.asn_in_nonce())?,
            key_id: security.key_id(),
            octets,
            body,
            mic,
        })
    }

    /// Verifies it and writes it without its security.
    fn open<C: Ccm>(
        &self,
        ccm: &mut C,
        key: &crate::radio::AesKey,
        sender: Eui64,
        out: &mut [u8; MAX_FRAME],
    ) -> Result<usize, SecurityError> {
        let (head, body) = (&self.head, self.body);
        let readable = readable(head, self.level, body).ok_or(SecurityError::Malformed)?;
        let secret = body.len().saturating_sub(readable);
        let before = self.octets.len().saturating_sub(self.mic.len());
        let auth = self.octets.get(..before.saturating_sub(secret));
        let total = head.len().saturating_add(body.len());
        let room = out.get_mut(..total).ok_or(SecurityError::Malformed)?;
        crate::octets::put(room, self.octets);
        set_secured(room, head.version, false);
        let behind = room.get_mut(head.len()..).unwrap_or_default();
        crate::octets::put(behind, body);
        let message = behind.get_mut(readable..).unwrap_or_default();
        let nonce = nonce(sender, self.counter, self.level);
        ccm.open(key, &nonce, auth.unwrap_or_default(), message, self.mic)?;
        Ok(total)
    }
}

fn copy(from: &[u8], to: &mut [u8; MAX_FRAME]) -> Result<usize, SecurityError> {
    match from.len() {
        len if len > to.len() => Err(SecurityError::Malformed),
        len => {
            crate::octets::put(to, from);
            Ok(len)
        }
    }
}

#[cfg(test)]
mod tests;

//! The test vectors of IEEE 802.15.4 Annex C, every level and key mode both ways, and what must not
//! be believed.

use std::vec::Vec;

use litz_wire::{
    Eui64, FrameType, FrameVersion, HeaderIes, Ieee802154Frame, Ieee802154Repr, KeyId, MacAddress,
    PanId, PayloadIes, SecurityHeaderRepr, SecurityLevel, ShortAddress,
};

use super::{
    CounterStore, Key, NoStore, PeerSlot, Policy, Protection, Secured, SecurityError, StoreError,
    Unsecured, open, seal,
};
use crate::mac::SoftAes;
use crate::mac::ccm::CcmStar;
use crate::radio::{AesKey, MAX_FRAME};

const KEY: AesKey = AesKey([
    0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0xca, 0xcb, 0xcc, 0xcd, 0xce, 0xcf,
]);
const ONE: Eui64 = Eui64([0xac, 0xde, 0x48, 0, 0, 0, 0, 1]);
const TWO: Eui64 = Eui64([0xac, 0xde, 0x48, 0, 0, 0, 0, 2]);

fn octets(text: &str) -> Vec<u8> {
    let digits: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    let pairs = digits.chunks(2).map(|pair| pair.iter().collect::<String>());
    use std::string::String;
    pairs
        .map(|pair| u8::from_str_radix(&pair, 16).expect("hexadecimal"))
        .collect()
}

fn engine() -> CcmStar<SoftAes> {
    CcmStar(SoftAes::default())
}

/// A secured frame of a vector against its plain frame, both ways.
fn vector(plain: &str, secured: &str, sender: Eui64) {
    let (plain, secured) = (octets(plain), octets(secured));
    let packet = Ieee802154Frame::new_checked(&secured).expect("a frame");
    let mut out = [0xa5; MAX_FRAME];
    let len = open(&mut engine(), &KEY, sender, &packet, &mut out).expect("a genuine frame");
    assert_eq!(out[..len], plain);
    let security = packet.security().expect("a secured frame");
    let packet = Ieee802154Frame::new_checked(&plain).expect("a frame");
    let mut out = [0xa5; MAX_FRAME];
    let len = seal(&mut engine(), &KEY, sender, &packet, security, &mut out).expect("room");
    assert_eq!(out[..len], secured);
}

#[test]
fn the_beacon_of_annex_c() {
    vector(
        "00d0 84 2143 010000000048deac 55cf 0000 51525354",
        "08d0 84 2143 010000000048deac 02 05000000 55cf 0000 51525354 223bc1ec841ab553",
        ONE,
    );
}

#[test]
fn the_data_frame_of_annex_c() {
    vector(
        "61dc 84 2143 020000000048deac 010000000048deac 61626364",
        "69dc 84 2143 020000000048deac 010000000048deac 04 05000000 d43e022b",
        ONE,
    );
}

#[test]
fn the_command_of_annex_c() {
    vector(
        "23dc 84 2143 020000000048deac ffff 010000000048deac 01 ce",
        "2bdc 84 2143 020000000048deac ffff 010000000048deac 06 05000000 01 d8 4fde529061f9c6f1",
        ONE,
    );
}

const INDEX: KeyId = KeyId::Index { index: 1 };

fn key(id: KeyId, peer: Option<Eui64>) -> Option<Key> {
    Some(Key { id, peer, key: KEY })
}

/// A data frame from one station to the other.
fn data(src_addr: MacAddress, payload: &[u8]) -> Vec<u8> {
    let repr = Ieee802154Repr {
        frame_type: FrameType::Data,
        version: FrameVersion::V2006,
        seq: Some(7),
        ack_request: true,
        pan_id_compression: true,
        dst_pan: Some(PanId(0xabcd)),
        dst_addr: MacAddress::Extended(TWO),
        src_addr,
        payload_len: payload.len(),
        ..Ieee802154Repr::default()
    };
    let mut frame = std::vec![0xa5; repr.buffer_len()];
    let body = repr.emit(&mut frame).expect("room");
    body.copy_from_slice(payload);
    frame
}

/// Run `f` with a station that protects like this.
fn station<S: CounterStore, R>(
    policy: Policy,
    store: S,
    f: impl FnOnce(&mut Secured<'_, CcmStar<SoftAes>, S>) -> R,
) -> R {
    let mut keys = [key(policy.key_id, None), None];
    let mut peers = [PeerSlot::EMPTY; 2];
    let secured = Secured::new(policy, engine(), &mut keys, &mut peers, store);
    f(&mut secured.expect("a store that loads"))
}

#[test]
fn every_level_and_key_mode_opens_what_it_sealed() {
    let modes = [
        KeyId::Implicit,
        INDEX,
        KeyId::Source4 {
            source: [1, 2, 3, 4],
            index: 9,
        },
        KeyId::Source8 {
            source: [8; 8],
            index: 255,
        },
    ];
    for (level, key_id) in (1..=7).flat_map(|level| modes.map(|mode| (level, mode))) {
        let level = SecurityLevel(level);
        let policy = Policy {
            level,
            key_id,
            required: level,
            coordinator: None,
        };
        let plain = data(MacAddress::Extended(ONE), b"some payload");
        let mut sealed = [0xa5; MAX_FRAME];
        let len = station(policy, NoStore, |sender| {
            let len = sender.seal(ONE, &plain, &mut sealed).expect("a key");
            assert_eq!(len, plain.len() + sender.overhead());
            len
        });
        let seen = sealed[..len]
            .windows(12)
            .any(|part| part == b"some payload");
        assert_eq!(seen, !level.is_encrypted());
        station(policy, NoStore, |receiver| {
            let mut opened = [0xa5; MAX_FRAME];
            let len = receiver.open(&sealed[..len], &mut opened).expect("genuine");
            assert_eq!(opened[..len], plain);
        });
    }
}

#[test]
fn a_frame_is_believed_once_and_older_counters_never() {
    let policy = Policy::default();
    let plain = data(MacAddress::Extended(ONE), b"x");
    let mut sealed = Vec::new();
    station(policy, NoStore, |sender| {
        for _ in 0..4 {
            let mut out = [0; MAX_FRAME];
            let len = sender.seal(ONE, &plain, &mut out).expect("a key");
            sealed.push(out[..len].to_vec());
        }
    });
    station(policy, NoStore, |receiver| {
        let mut out = [0; MAX_FRAME];
        let mut open = |frame: &[u8]| receiver.open(frame, &mut out).map(|_| ());
        assert_eq!(open(&sealed[1]), Ok(()));
        assert_eq!(open(&sealed[1]), Err(SecurityError::Replay));
        assert_eq!(open(&sealed[0]), Err(SecurityError::Replay));
        assert_eq!(open(&sealed[3]), Ok(()));
        assert_eq!(open(&sealed[2]), Err(SecurityError::Replay));
        // A forgery with a counter far ahead moves nothing.
        let mut forged = sealed[3].clone();
        forged[23] = 0xee;
        assert_eq!(open(&forged), Err(SecurityError::Mic));
        let peers: Vec<_> = receiver.peers().counters().collect();
        assert_eq!(peers, [(ONE, 0, 4)]);
    });
}

#[test]
fn a_restored_counter_keeps_replays_out_after_a_restart() {
    let mut sealed = [0; MAX_FRAME];
    let plain = data(MacAddress::Extended(ONE), b"x");
    let len = station(Policy::default(), NoStore, |sender| {
        sender.seal(ONE, &plain, &mut sealed).expect("a key")
    });
    station(Policy::default(), NoStore, |receiver| {
        receiver.peers_mut().restore(ONE, 0, 1).expect("room");
        let opened = receiver.open(&sealed[..len], &mut [0; MAX_FRAME]);
        assert_eq!(opened, Err(SecurityError::Replay));
    });
}

#[test]
fn no_sender_is_forgotten_for_another() {
    let plain = data(MacAddress::Extended(ONE), b"x");
    station(Policy::default(), NoStore, |receiver| {
        for number in 0..3 {
            let from = Eui64([2, 0, 0, 0, 0, 0, 0, number]);
            let plain = data(MacAddress::Extended(from), b"x");
            let mut out = [0; MAX_FRAME];
            let len = station(Policy::default(), NoStore, |sender| {
                sender.seal(from, &plain, &mut out).expect("a key")
            });
            let opened = receiver.open(&out[..len], &mut [0; MAX_FRAME]).map(|_| ());
            let room = number < 2;
            assert_eq!(
                opened,
                if room {
                    Ok(())
                } else {
                    Err(SecurityError::PeersFull)
                }
            );
        }
        // What is not authentic takes no room either.
        let opened = receiver.open(&plain, &mut [0; MAX_FRAME]);
        assert_eq!(opened, Err(SecurityError::Level));
    });
}

#[test]
fn a_short_source_needs_a_known_sender() {
    let short = ShortAddress(0x1234);
    let plain = data(MacAddress::Short(short), b"x");
    let mut sealed = [0; MAX_FRAME];
    let len = station(Policy::default(), NoStore, |sender| {
        sender.seal(ONE, &plain, &mut sealed).expect("a key")
    });
    station(Policy::default(), NoStore, |receiver| {
        let mut out = [0; MAX_FRAME];
        let unknown = receiver.open(&sealed[..len], &mut out);
        assert_eq!(unknown, Err(SecurityError::UnknownDevice));
        receiver.peers_mut().know(short, TWO).expect("room");
        assert_eq!(
            receiver.open(&sealed[..len], &mut out),
            Err(SecurityError::Mic)
        );
        receiver.peers_mut().know(short, ONE).expect("room");
        assert_eq!(receiver.open(&sealed[..len], &mut out), Ok(plain.len()));
    });
}

#[test]
fn less_protection_than_required_is_not_believed() {
    let plain = data(MacAddress::Extended(ONE), b"x");
    for (sent, required) in (0..=7).flat_map(|sent| (0..=7).map(move |required| (sent, required))) {
        let (level, required) = (SecurityLevel(sent), SecurityLevel(required));
        let policy = Policy {
            level,
            required,
            ..Policy::default()
        };
        let mut sealed = [0; MAX_FRAME];
        let len = station(policy, NoStore, |sender| {
            sender.seal(ONE, &plain, &mut sealed).expect("a key")
        });
        let opened = station(policy, NoStore, |receiver| {
            receiver.open(&sealed[..len], &mut [0; MAX_FRAME])
        });
        let suffices = level.mic_len() >= required.mic_len()
            && (level.is_encrypted() || !required.is_encrypted());
        assert_eq!(opened.is_ok(), suffices, "{sent} for {required:?}");
    }
}

/// A store that lasts, and may fail.
struct Flash<'f>(&'f mut u32, bool);

impl CounterStore for Flash<'_> {
    fn load(&mut self) -> Result<u32, StoreError> {
        Ok(*self.0)
    }

    fn save(&mut self, number: u32) -> Result<(), StoreError> {
        if self.1 {
            return Err(StoreError(1));
        }
        *self.0 = number;
        Ok(())
    }
}

/// The counters of so many frames of a station that starts with this flash.
fn counters(flash: Flash<'_>, frames: usize) -> Vec<Result<u32, SecurityError>> {
    let plain = data(MacAddress::Extended(ONE), b"x");
    station(Policy::default(), flash, |sender| {
        let frame = |_| {
            let mut out = [0; MAX_FRAME];
            let len = sender.seal(ONE, &plain, &mut out)?;
            let packet = Ieee802154Frame::new_checked(&out[..len]).expect("a frame");
            Ok(packet
                .security()
                .and_then(|s| s.frame_counter)
                .expect("a counter"))
        };
        (0..frames).map(frame).collect()
    })
}

#[test]
fn no_counter_is_used_twice_whenever_the_power_fails() {
    let (mut flash, mut last) = (0, None);
    for frames in [0, 1, 3, 1023, 1024, 1025, 2, 5000] {
        for counter in counters(Flash(&mut flash, false), frames) {
            let counter = counter.expect("a counter");
            assert!(Some(counter) > last, "{counter} after {last:?}");
            last = Some(counter);
        }
    }
}

#[test]
fn without_a_store_that_works_and_counters_left_nothing_is_sent() {
    let mut flash = 0;
    assert_eq!(
        counters(Flash(&mut flash, true), 1),
        [Err(SecurityError::Store)]
    );
    let mut flash = u32::MAX - 1;
    let exhausted = Err(SecurityError::CounterExhausted);
    assert_eq!(
        counters(Flash(&mut flash, false), 2),
        [Ok(u32::MAX - 1), exhausted]
    );
    assert_eq!(counters(Flash(&mut flash, false), 1), [exhausted]);
}

#[test]
fn without_keys_secured_frames_are_not_understood() {
    let secured = octets("69dc 84 2143 020000000048deac 010000000048deac 04 05000000 d43e022b");
    let opened = Unsecured.open(&secured, &mut [0; MAX_FRAME]);
    assert_eq!(opened, Err(SecurityError::UnknownKey));
}

#[test]
fn a_key_of_one_station_is_used_before_that_of_everybody() {
    let own = Some(Key {
        id: KeyId::Implicit,
        peer: Some(ONE),
        key: KEY,
    });
    let other = Some(Key {
        id: KeyId::Implicit,
        peer: None,
        key: AesKey([1; 16]),
    });
    let mut keys = [other, own];
    let mut peers = [PeerSlot::EMPTY; 1];
    let policy = Policy {
        key_id: KeyId::Implicit,
        ..Policy::default()
    };
    let receiver = Secured::new(policy, engine(), &mut keys, &mut peers, NoStore);
    let plain = data(MacAddress::Extended(ONE), b"x");
    let mut sealed = [0; MAX_FRAME];
    let len = station(policy, NoStore, |sender| {
        sender.seal(ONE, &plain, &mut sealed).expect("a key")
    });
    let opened = receiver
        .expect("a store")
        .open(&sealed[..len], &mut [0; MAX_FRAME]);
    assert_eq!(opened, Ok(plain.len()));
}

#[test]
fn suppressed_counters_and_used_up_ones_are_refused() {
    let security = SecurityHeaderRepr {
        level: SecurityLevel::EncMic32,
        asn_in_nonce: false,
        frame_counter: Some(u32::MAX),
        key_id: INDEX,
    };
    for (security, error) in [
        (security, SecurityError::Replay),
        (
            SecurityHeaderRepr {
                frame_counter: None,
                ..security
            },
            SecurityError::Unsupported,
        ),
        (
            SecurityHeaderRepr {
                asn_in_nonce: true,
                ..security
            },
            SecurityError::Unsupported,
        ),
    ] {
        let repr = Ieee802154Repr {
            frame_type: FrameType::Data,
            version: FrameVersion::V2015,
            seq: Some(1),
            src_addr: MacAddress::Extended(ONE),
            dst_addr: MacAddress::Extended(TWO),
            dst_pan: Some(PanId(1)),
            security: Some(security),
            payload_len: 1,
            ..Ieee802154Repr::default()
        };
        let mut frame = std::vec![0; repr.buffer_len()];
        repr.emit(&mut frame).expect("room");
        let opened = station(Policy::default(), NoStore, |receiver| {
            receiver.open(&frame, &mut [0; MAX_FRAME])
        });
        assert_eq!(opened, Err(error));
    }
}

/// A frame of version 2 with elements of header and payload.
fn with_elements(out: &mut [u8; MAX_FRAME]) -> usize {
    // A time correction, and that elements of the payload follow; one of a vendor, and the end.
    let header_ies = HeaderIes::from_octets(&[0x02, 0x0f, 0x34, 0x12, 0x00, 0x3f]).expect("a list");
    let payload_ies = [0x04, 0x90, b'i', b'e', b'e', b's', 0x00, 0xf8];
    let repr = Ieee802154Repr {
        frame_type: FrameType::Data,
        version: FrameVersion::V2015,
        ack_request: true,
        seq: Some(7),
        dst_pan: Some(PanId(0x4321)),
        dst_addr: MacAddress::Short(ShortAddress(2)),
        src_addr: MacAddress::Extended(ONE),
        pan_id_compression: true,
        header_ies: Some(header_ies),
        payload_ies: PayloadIes::from_octets(&payload_ies),
        payload_len: 5,
        ..Ieee802154Repr::default()
    };
    let len = repr.buffer_len();
    let body = repr.emit(&mut out[..len]).expect("room");
    body.copy_from_slice(b"hello");
    len
}

#[test]
fn information_elements_are_protected_at_every_level() {
    let mut plain = [0; MAX_FRAME];
    let len = with_elements(&mut plain);
    let plain = &plain[..len];
    let frame = Ieee802154Frame::new_checked(plain).expect("a frame");
    assert!(frame.header_ies().is_some() && frame.payload_ies().is_some());
    for level in 1..=7 {
        let security = SecurityHeaderRepr {
            level: SecurityLevel(level),
            asn_in_nonce: false,
            frame_counter: Some(5),
            key_id: INDEX,
        };
        let mut secured = [0; MAX_FRAME];
        let len = seal(&mut engine(), &KEY, ONE, &frame, security, &mut secured).expect("room");
        let secured = &mut secured[..len];
        let packet = Ieee802154Frame::new_checked(secured).expect("a frame");
        assert_eq!(packet.header_ies(), frame.header_ies());
        let encrypted = SecurityLevel(level).is_encrypted();
        assert_eq!(packet.payload_ies().is_none(), encrypted);
        let readable = secured.windows(4).any(|octets| octets == b"iees");
        assert_eq!(readable, !encrypted, "level {level}");
        let mut out = [0xa5; MAX_FRAME];
        let packet = Ieee802154Frame::new_checked(secured).expect("a frame");
        let len = open(&mut engine(), &KEY, ONE, &packet, &mut out).expect("genuine");
        assert_eq!(&out[..len], plain, "level {level}");
        // Level 4 has no integrity code; of all others no octet can be changed but the one that
        // names the level, which the policy looks at.
        const CONTROL: usize = 15;
        for at in (0..secured.len()).filter(|at| level != 4 && *at != CONTROL) {
            secured[at] ^= 1;
            if let Ok(packet) = Ieee802154Frame::new_checked(secured) {
                let opened = open(&mut engine(), &KEY, ONE, &packet, &mut out);
                assert!(opened.is_err(), "level {level}, octet {at}");
            }
            secured[at] ^= 1;
        }
    }
}

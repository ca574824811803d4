//! What the language can say and no protocol here says: constants and reserved octets that are
//! arrays, integers of five octets, shifts and differences in conditions, lengths in bits beside
//! each other, an option list with a length of its own. `wire-macros` keeps their expansions.

#![allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic,
    clippy::unwrap_used,
    missing_docs,
    reason = "a test that panics fails"
)]

use core::net::Ipv4Addr;
use litz_wire::rt::laws::{self, Lawful};
use litz_wire::{ErrorKind, header, options};

const MAGIC: [u8; 3] = [1, 2, 3];

/// Constants and reserved octets of every kind.
#[header(be, size = 22)]
pub struct Constants {
    #[eq(MAGIC)]
    magic: [u8; 3],
    _reserved: [u8; 3],
    #[skip(Ipv4Addr::LOCALHOST)]
    pub filler: Ipv4Addr,
    #[eq(true)]
    set: bool,
    #[skip(true)]
    pub skipped: bool,
    pub rest: u6,
    pub wide: u40,
    #[checksum(rfc1071, header)]
    checksum: u16,
    pub last: u32,
}

#[test]
fn constants_and_reserved_octets_are_written_and_looked_at() {
    let repr = ConstantsRepr {
        rest: 0x15,
        wide: 0x12_3456_789a,
        last: 7,
    };
    let mut buf = [0xa5; 22];
    repr.emit(&mut buf).unwrap();
    let expected = [
        1, 2, 3, 0, 0, 0, 127, 0, 0, 1, 0xd5, 0x12, 0x34, 0x56, 0x78, 0x9a, 0, 0, 0, 0, 0, 7,
    ];
    assert_eq!(buf, expected);
    let packet = ConstantsPacket::new_checked(&buf).unwrap();
    assert_eq!(ConstantsRepr::of(&packet), repr);
    assert_eq!(
        (packet.filler(), packet.skipped()),
        (Ipv4Addr::LOCALHOST, true)
    );
    assert!(!packet.verify_checksum());
    ConstantsPacketMut::new_checked(&mut buf)
        .unwrap()
        .fill_checksum();
    let summed = buf;
    let packet = ConstantsPacket::new_checked(&summed).unwrap();
    assert!(packet.verify_checksum());
    for (at, field) in [(1, "magic"), (10, "set")] {
        let mut wrong = summed;
        wrong[at] ^= 0x80;
        let error = ConstantsPacket::new_checked(&wrong).err().unwrap();
        assert_eq!((error.kind, error.at.field), (ErrorKind::Malformed, field));
    }
    let wide = ConstantsRepr {
        wide: 1 << 40,
        ..repr
    };
    assert_eq!(wide.emit(&mut buf).unwrap_err().kind, ErrorKind::OutOfRange);
}

/// A number that follows from another field when it is written.
#[header(be, size = 2)]
pub struct Derived {
    #[from(a)]
    copy: u4,
    _pad: u4,
    pub a: u8,
}

#[test]
fn a_number_that_follows_from_a_field_has_to_fit() {
    let mut buf = [0xa5; 2];
    DerivedRepr { a: 0x0e }.emit(&mut buf).unwrap();
    assert_eq!(buf, [0xe0, 0x0e]);
    let error = DerivedRepr { a: 0x1f }.emit(&mut buf).unwrap_err();
    assert_eq!(
        (error.kind, error.at.field),
        (ErrorKind::OutOfRange, "copy")
    );
}

/// Arithmetic in conditions.
#[header(be, size = 2..)]
pub struct Conditions<'a> {
    pub a: u8,
    pub b: u8,
    #[when(a << 1 == b)]
    pub twice: Option<u8>,
    #[when(a >> 2 == b)]
    pub quarter: Option<u8>,
    #[when(b - a == 3)]
    pub three_more: Option<u8>,
    #[when((a == 9) + 1 == 2)]
    pub nine: Option<u8>,
    #[payload]
    pub payload: &'a [u8],
}

#[test]
fn conditions_calculate() {
    let there = |octets: [u8; 2]| {
        let bytes = [octets.as_slice(), &[1, 2, 3, 4]].concat();
        let packet = ConditionsPacket::new_checked(&bytes).unwrap();
        [
            packet.twice().is_some(),
            packet.quarter().is_some(),
            packet.three_more().is_some(),
            packet.nine().is_some(),
        ]
    };
    assert_eq!(there([4, 8]), [true, false, false, false]);
    assert_eq!(there([8, 2]), [false, true, false, false]);
    assert_eq!(there([4, 7]), [false, false, true, false]);
    assert_eq!(there([9, 1]), [false, false, false, true]);
    assert_eq!(there([7, 4]), [false; 4]);
}

/// Two lengths in bits; the second field may be longer than that.
#[header(be, size = 4..)]
pub struct Prefixes<'a> {
    #[len(header = self * 4)]
    words: u8,
    #[len(one = ceil(self / 8))]
    pub one_bits: u8,
    #[len(two = ceil(self / 4), relaxed)]
    pub two_bits: u16,
    pub one: &'a [u8],
    pub two: &'a [u8],
}

#[test]
fn a_relaxed_length_in_bits_is_the_least_of_its_own_field() {
    let view = |octets: &[u8]| PrefixesPacket::new_checked(octets).map(|p| p.two().len());
    assert_eq!(view(&[2, 9, 0, 7, 1, 2, 3, 4]), Ok(2));
    assert_eq!(view(&[2, 9, 0, 5, 1, 2, 3, 4]), Ok(2));
    assert_eq!(view(&[2, 9, 0, 1, 1, 2, 3, 4]), Ok(2));
    let error = view(&[2, 9, 0, 9, 1, 2, 3, 4]).unwrap_err();
    assert_eq!((error.kind, error.at.field), (ErrorKind::Malformed, "two"));
    let repr = PrefixesRepr {
        one_bits: 9,
        two_bits: 9,
        one: &[1, 2],
        two: &[3, 4],
    };
    let error = repr.emit(&mut [0; 8]).unwrap_err();
    assert_eq!(
        (error.kind, error.at.field),
        (ErrorKind::OutOfRange, "two_bits")
    );
    let repr = PrefixesRepr {
        two_bits: 8,
        ..repr
    };
    assert!(repr.emit(&mut [0; 8]).is_ok());
}

/// Options whose names are keywords.
#[options(kind: u8, len: u8 = item, set = WordSet)]
pub enum Word<'a> {
    /// A raw identifier.
    #[kind(1, once)]
    Type { value: u8 },
    /// One that cannot be raw.
    #[kind(2, once)]
    Crate { value: u8 },
    #[unknown]
    Unknown { kind: u8, data: &'a [u8] },
}

/// A list with a length of its own, and a packet that counts in words.
#[header(be, size = 2..)]
pub struct Listed<'a> {
    #[len(packet = self * 2)]
    words: u8,
    #[len(list)]
    octets: u8,
    pub list: Options<'a, Word<'a>>,
    #[payload]
    pub payload: &'a [u8],
}

#[test]
fn a_list_is_as_long_as_its_field_says() {
    let octets = [4, 3, 1, 3, 7, 0xaa, 0xbb, 0xcc];
    let packet = ListedPacket::new_checked(&octets).unwrap();
    assert_eq!(packet.payload(), [0xaa, 0xbb, 0xcc]);
    let set = WordSet::from_options(&packet.list()).unwrap();
    assert_eq!((set.r#type, set.crate_), (Some(7), None));
    let mut again = [0xa5; 8];
    let rest = ListedRepr::of(&packet).emit(&mut again).unwrap();
    assert_eq!(rest, [0xa5; 3]);
    assert_eq!(again[..5], octets[..5]);
    let mut refilled = WordSet {
        crate_: Some(1),
        duplicates: 9,
        ..WordSet::default()
    };
    refilled.refill(&packet.list()).unwrap();
    assert_eq!(refilled, set);
}

/// A payload whose length is said in words of four octets.
#[header(be, size = 4)]
pub struct Words<'a> {
    #[len(payload = self * 4)]
    words: u8,
    _reserved: u24,
    #[payload]
    pub payload: &'a [u8],
}

#[test]
fn a_payload_of_words_has_whole_words() {
    let mut buf = [0xa5; 12];
    WordsRepr { payload_len: 8 }.emit(&mut buf).unwrap();
    assert_eq!(buf[..4], [2, 0, 0, 0]);
    let packet = WordsPacket::new_checked(&buf[..]).unwrap();
    assert_eq!(packet.payload(), [0xa5; 8]);
    assert_eq!(WordsRepr::of(&packet), WordsRepr { payload_len: 8 });
    for payload_len in [6, 256 * 4] {
        let error = WordsRepr { payload_len }.emit(&mut buf).unwrap_err();
        assert_eq!(
            (error.kind, error.at.field),
            (ErrorKind::OutOfRange, "words")
        );
    }
    let error = WordsPacket::new_checked(&buf[..11]).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Truncated);
}

/// The laws over octets that count up and down from a seed.
fn lawful<X: Lawful>(least: usize) {
    let mut accepted = 0;
    let mut state = 1_u64;
    for _ in 0..4_000 {
        let mut bytes = [0; 40];
        for byte in &mut bytes {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            *byte = (state >> 60) as u8;
        }
        X::shape(&mut bytes);
        let len = 40 - (state >> 33) as usize % 30;
        let (mut scratch, mut second) = ([0; 64], [0; 64]);
        let bytes = &bytes[..len];
        match laws::header::<X>(bytes, &[7; 16], &mut scratch, &mut second) {
            Ok(taken) => accepted += usize::from(taken),
            Err(broken) => panic!("{}: {broken:?}, {bytes:02x?}", X::NAME),
        }
    }
    assert!(accepted >= least, "{}: {accepted} accepted only", X::NAME);
}

#[test]
fn the_laws_hold() {
    lawful::<Constants>(1_000);
    lawful::<Conditions>(1_000);
    lawful::<Prefixes>(50);
    lawful::<Listed>(50);
    lawful::<Words>(50);
}

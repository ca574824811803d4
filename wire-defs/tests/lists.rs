//! Lists of options whose items are aligned, and sets whose kinds have rules of their own.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that panics fails"
)]

use litz_wire::rt::{OptionItem, Site, Tail};
use litz_wire::{ErrorKind, Options, options};

/// The options of RFC 8200, appendix A.
#[options(kind: u8, len: u8 = body, pad = Pad1, padn = PadN, unit = 8, offset = 2)]
pub enum Aligned<'a> {
    /// One octet of padding.
    #[kind(0, bare)]
    Pad1,
    /// More of it.
    #[kind(1)]
    PadN { zeros: &'a [u8] },
    /// Option X: eight octets and four, at 8n + 2.
    #[kind(0x1e, align = 8n + 2)]
    X { four: u32, eight: u64 },
    /// Option Y: an octet, two and four, at 4n + 3.
    #[kind(0x1f, align = 4n + 3)]
    Y { one: u8, two: u16, four: u32 },
    /// Any other.
    #[unknown]
    Unknown { kind: u8, data: &'a [u8] },
}

const AT: &Site = &Site {
    header: "",
    field: "",
};

fn written(items: &[Aligned<'_>]) -> Vec<u8> {
    let list = Options::items(items);
    let mut octets = vec![0xa5; list.encoded_len()];
    assert_eq!(list.put(&mut octets, AT), Ok(&mut [][..]));
    let seen: Vec<_> = Options::<Aligned<'_>>::raw(&octets)
        .iter()
        .map(Result::unwrap)
        .filter(|item| !matches!(item, Aligned::PadN { .. }))
        .collect();
    assert_eq!(seen, items);
    octets
}

const X: Aligned<'_> = Aligned::X {
    four: 0x0102_0304,
    eight: 0x1112_1314_1516_1718,
};
const Y: Aligned<'_> = Aligned::Y {
    one: 1,
    two: 0x0203,
    four: 0x0405_0607,
};

/// "Hop-by-Hop Options header … containing option X" of RFC 8200, appendix A.
#[test]
fn one_item_at_its_place() {
    let octets = written(&[X]);
    assert_eq!(
        octets,
        [
            0x1e, 12, 1, 2, 3, 4, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18
        ]
    );
}

/// The header with option Y, which is padded before and behind.
#[test]
fn an_item_that_needs_padding_before_and_behind() {
    let octets = written(&[Y]);
    assert_eq!(octets, [0, 0x1f, 7, 1, 2, 3, 4, 5, 6, 7, 1, 2, 0, 0]);
    assert_eq!((octets.len() + 2) % 8, 0);
}

/// The header with X before Y, and with Y before X.
#[test]
fn items_behind_each_other() {
    let octets = written(&[X, Y]);
    assert_eq!(octets.len() + 2, 32);
    assert_eq!(octets[14..18], [1, 1, 0, 0x1f]);
    let octets = written(&[Y, X]);
    assert_eq!(octets.len() + 2, 32);
    assert_eq!(octets[..3], [0, 0x1f, 7]);
    assert_eq!(octets[10..16], [1, 4, 0, 0, 0, 0]);
    assert_eq!(octets[16..18], [0x1e, 12]);
}

/// Kinds with rules.
#[options(kind: u8, len: u8 = body, set = RuledSet)]
pub enum Ruled<'a> {
    /// The end.
    #[kind(255, bare, end, required)]
    End,
    /// Written second, and the last one counts.
    #[kind(1, last)]
    Speed { value: u8 },
    /// Has to be there, and is written first.
    #[kind(2, required, first)]
    Type { value: u8 },
    /// The first one counts.
    #[kind(3, once)]
    Name { name: &'a [u8] },
    /// Any other.
    #[unknown]
    Unknown { kind: u8, data: &'a [u8] },
}

fn set(octets: &[u8]) -> litz_wire::Result<RuledSet<'_>> {
    RuledSet::from_options(&Options::raw(octets))
}

#[test]
fn the_first_or_the_last_of_a_kind_counts() {
    let found = set(&[1, 1, 7, 2, 1, 9, 3, 1, b'a', 1, 1, 8, 3, 1, b'b', 255]).unwrap();
    assert_eq!((found.speed, found.r#type), (Some(8), Some(9)));
    assert_eq!((found.name, found.duplicates), (Some(&b"a"[..]), 2));
}

#[test]
fn what_is_required_has_to_be_there() {
    let error = set(&[1, 1, 7, 255]).unwrap_err();
    assert_eq!((error.kind, error.at.field), (ErrorKind::Malformed, "Type"));
}

#[test]
fn a_set_writes_what_comes_first_first_and_the_end() {
    let set = RuledSet {
        speed: Some(7),
        r#type: Some(9),
        ..RuledSet::default()
    };
    let mut buf = [0; 16];
    let list = set.encode(&mut buf).unwrap();
    assert_eq!(list.encoded_len(), 7);
    assert_eq!(buf[..7], [2, 1, 9, 1, 1, 7, 255]);
    assert!(Ruled::End.is_end());
}

//! Records of a header that is made by hand: its first octet says how long it is.

#![allow(clippy::arithmetic_side_effects)]

use super::*;
use crate::rt::{BitOrder, Error, ErrorKind, Field, octets};
use std::format;
use std::vec::Vec;

const AT: &Site = &Site {
    header: "Sized",
    field: "",
};

/// So many octets follow as the first says; `0xff` is malformed when it is parsed.
struct Sized;

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Octets<'a>(&'a [u8]);

impl Header for Sized {
    const NAME: &'static str = "Sized";
    const MIN_LEN: usize = 1;
    const MAX_LEN: usize = 256;
    const ORDER: BitOrder = BitOrder::Msb0;
    const DIAGRAM: &'static str = "";
    const FIELDS: &'static [Field] = &[];
    type Packet<'a> = &'a [u8];
    type Repr<'a> = Octets<'a>;

    fn view<'a>(bytes: &'a [u8]) -> Result<&'a [u8]> {
        let len = bytes.first().map_or(1, |len| usize::from(*len) + 1);
        match bytes.split_at_checked(len) {
            Some((packet, _)) => Ok(packet),
            None => Err(Error::new(ErrorKind::Truncated, AT)),
        }
    }

    fn view_in<'a>(_: &'a [u8], bytes: &'a [u8]) -> Result<&'a [u8]> {
        Self::view(bytes)
    }

    fn view_truncated<'a>(bytes: &'a [u8]) -> Result<&'a [u8]> {
        Self::view(bytes)
    }

    fn parse<'a>(packet: &Self::Packet<'a>) -> Result<Octets<'a>> {
        match *packet {
            [_, 0xff, ..] => Err(Error::new(ErrorKind::Malformed, AT)),
            [_, rest @ ..] => Ok(Octets(rest)),
            [] => Err(Error::new(ErrorKind::Truncated, AT)),
        }
    }

    fn emit<'b>(repr: &Octets<'_>, buf: &'b mut [u8]) -> Result<&'b mut [u8]> {
        octets::put(repr.0, octets::put(&[repr.0.len() as u8], buf, AT)?, AT)
    }

    fn lengths(repr: &Octets<'_>) -> (usize, usize) {
        (repr.0.len() + 1, repr.0.len() + 1)
    }

    fn octets<'a>(packet: &Self::Packet<'a>) -> (&'a [u8], usize) {
        (packet, packet.len())
    }
}

const WIRE: [u8; 6] = [2, 7, 8, 0, 1, 9];
const VALUES: [Octets<'static>; 3] = [Octets(&[7, 8]), Octets(&[]), Octets(&[9])];

#[test]
fn octets_and_values_are_equal() {
    let (wire, values) = (
        Records::<Sized>::view(&[], &WIRE),
        Records::<Sized>::from_values(&VALUES),
    );
    assert_eq!(wire, values);
    assert_eq!((wire.len(), values.len()), (3, 3));
    assert!(!wire.is_empty() && !values.is_empty());
    assert_eq!((wire.wire_len(), values.wire_len()), (6, 6));
    assert_eq!(wire.iter().collect::<Vec<_>>(), VALUES);
    assert_eq!(
        wire.packets().collect::<Vec<_>>(),
        [&WIRE[..3], &WIRE[3..4], &WIRE[4..]]
    );
    assert_eq!(values.packets().count(), 0);
    assert_ne!(wire, Records::from_values(&VALUES[..2]));
    assert_ne!(Records::from_values(&VALUES[..2]), wire);
    assert_ne!(
        wire,
        Records::from_values(&[VALUES[0], VALUES[2], VALUES[1]])
    );
    assert_eq!(
        format!("{wire} {values:?}"),
        format!("{VALUES:?} {VALUES:?}")
    );
    for records in [wire, values] {
        let mut buf = [0xa5; 7];
        assert_eq!(records.put(&mut buf, AT), Ok(&mut [0xa5][..]));
        assert_eq!(buf[..6], WIRE);
        assert!(records.put(&mut [0; 5], AT).is_err());
    }
}

#[test]
fn no_records_are_records_too() {
    let empty = Records::<Sized>::EMPTY;
    assert_eq!((empty.len(), empty.wire_len()), (0, 0));
    assert!(empty.is_empty() && Records::<Sized>::from_values(&[]).is_empty());
    assert_eq!(<Records<'_, Sized> as Tail<'_>>::view(&WIRE).len(), 3);
}

#[test]
fn a_count_of_records_is_measured() {
    assert_eq!(Records::<Sized>::measure(&[], &WIRE, 0), Ok(0));
    assert_eq!(Records::<Sized>::measure(&[], &WIRE, 2), Ok(4));
    assert_eq!(Records::<Sized>::measure(&[], &WIRE, 3), Ok(6));
    let error = Records::<Sized>::measure(&[], &WIRE, 4).err();
    assert_eq!(error.map(|error| error.kind), Some(ErrorKind::Truncated));
}

#[test]
fn a_walk_ends_at_what_is_malformed() {
    let cut = Records::<Sized>::view(&[], &[1, 7, 5, 8]);
    assert_eq!((cut.packets().count(), cut.iter().count()), (1, 1));
    let bad = Records::<Sized>::view(&[], &[1, 7, 1, 0xff, 1, 7]);
    assert_eq!((bad.packets().count(), bad.iter().count()), (3, 1));
}

#[test]
fn a_header_inside_of_another_is_found() {
    assert_eq!(embedded_len::<Sized>(&WIRE), Ok(3));
    assert!(embedded_len::<Sized>(&[4, 0]).is_err());
    assert_eq!(embedded::<Sized>(&WIRE), Some(Octets(&[7, 8])));
    assert_eq!(embedded::<Sized>(&[4, 0]), None);
    assert_eq!(embedded::<Sized>(&[1, 0xff]), None);
}

//! Records of a header that is made by hand.

use super::*;
use crate::rt::ErrorKind;
use crate::rt::sized::{Octets, Sized};
use std::format;
use std::vec::Vec;

const AT: &Site = &Site {
    header: "Sized",
    field: "",
};

const WIRE: [u8; 6] = [2, 7, 8, 0, 1, 9];
const VALUES: [Octets<'static>; 3] = [Octets(&[7, 8]), Octets(&[]), Octets(&[9])];

#[test]
fn octets_and_values_are_equal() {
    let (wire, values) = (
        Records::<Sized>::view(&[], &WIRE),
        Records::<Sized>::from_values(&VALUES),
    );
    assert_eq!(wire, values);
    assert_eq!((Clone::clone(&wire), Clone::clone(&values)), (values, wire));
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
    assert!(<Records<'_, Sized> as Tail<'_>>::check(&WIRE));
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
fn a_count_of_records_is_read_as_it_comes() {
    let mut two = Counted::<Sized>::new(&[], &WIRE, 2);
    assert_eq!(two.rest(), WIRE);
    assert_eq!(two.next(), Some(Ok(&WIRE[..3])));
    assert_eq!(two.rest(), &WIRE[3..]);
    assert_eq!(two.next(), Some(Ok(&WIRE[3..4])));
    assert_eq!((two.next(), two.rest()), (None, &WIRE[4..]));
    let mut four = Counted::<Sized>::new(&[], &[0, 5, 1], 4);
    assert_eq!(four.next(), Some(Ok(&[0][..])));
    let error = four.next().and_then(|record| record.err());
    assert_eq!(error.map(|error| error.kind), Some(ErrorKind::Truncated));
    assert_eq!(four.next(), None);
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

//! What parsing ignores in records, and values from random octets.

use super::probe::{BOUNDED, NOTHING, OPEN_HEADER, Probe};
use crate::rt::laws::{canon_records, number, octets};

#[test]
fn every_record_becomes_canonical_up_to_the_first_that_is_none() {
    let record = [5, 0x12, 0x77, 0x55, 7];
    let canonical = [5, 0x12, 0, 0, 7];
    let mut all = [record, record, [3, 1, 2, 3, 4]].concat();
    canon_records::<Probe<BOUNDED, 0>>(&mut all);
    assert_eq!(all, [canonical, canonical, [3, 1, 2, 3, 4]].concat());
    let mut one = record;
    canon_records::<Probe<BOUNDED, 0>>(&mut one);
    assert_eq!(one, canonical);
    let mut last = [9, 0x12, 0x77, 0x55, 7, 8];
    canon_records::<Probe<OPEN_HEADER, 0>>(&mut last);
    assert_eq!(last, [9, 0x12, 0, 0, 7, 8]);
    canon_records::<Probe<BOUNDED, 0>>(&mut []);
    // A record of no octets ends the walk, or it would never end.
    let mut endless = record;
    canon_records::<Probe<NOTHING, 0>>(&mut endless);
    assert_eq!(endless, record);
}

#[test]
fn values_from_random_octets_use_them() {
    let source: [u8; 16] = core::array::from_fn(|at| at as u8 + 1);
    assert_eq!(number(&source).to_ne_bytes(), [1, 2, 3, 4, 5, 6, 7, 8]);
    assert_eq!(octets::<3>(&source), [1, 2, 3]);
    let long = octets::<18>(&source);
    assert_eq!((&long[..16], &long[16..]), (&source[..], &[1, 2][..]));
}

//! Kinds and lengths of one and two octets, at the limits of both.

use super::*;
use std::vec;

const AT: &Site = &Site {
    header: "Test",
    field: "wide",
};

#[test]
fn numbers_are_in_network_order() {
    assert_eq!(option_number::<1>(&[7, 8]), Some((7, &[8][..])));
    assert_eq!(option_number::<2>(&[1, 2, 3]), Some((0x0102, &[3][..])));
    assert_eq!(option_number::<2>(&[1]), None);
}

#[test]
fn a_body_is_as_long_as_its_length_says() {
    // The length counts the body alone.
    let body = option_body_wide::<2, 2>(&[0, 2, 5, 6, 7], 4, 1);
    assert_eq!(body, Some((&[5, 6][..], &[7][..])));
    assert_eq!(option_body_wide::<2, 2>(&[0, 4, 5, 6, 7], 4, 1), None);
    // It counts the whole item, in units.
    let body = option_body_wide::<1, 2>(&[0, 2, 1, 2, 3, 4, 5, 9], 0, 4);
    assert_eq!(body, Some((&[1, 2, 3, 4, 5][..], &[9][..])));
    assert_eq!(option_body_wide::<1, 2>(&[0, 0, 1, 2], 0, 4), None);
}

#[test]
fn an_item_starts_with_its_kind_and_length() {
    let mut buf = [0xa5; 9];
    let (body, after) = option_start_wide::<2, 2>(&mut buf, 0x0102, 3, 4, 1, AT).expect("room");
    assert_eq!((body.len(), after.len()), (3, 2));
    assert_eq!(buf[..5], [1, 2, 0, 3, 0xa5]);
    // In units of four octets, of the whole item: three octets before the body, two of slack.
    let mut buf = [0xa5; 9];
    let (body, after) = option_start_wide::<1, 2>(&mut buf, 9, 3, 0, 4, AT).expect("room");
    assert_eq!((body.len(), after.len()), (5, 1));
    assert_eq!(buf[..4], [9, 0, 2, 0xa5]);
}

#[test]
fn what_does_not_fit_is_refused() {
    let mut buf = vec![0; 70_000];
    let range = Error::new(ErrorKind::OutOfRange, AT);
    let short = Error::new(ErrorKind::BufferTooSmall, AT);
    let error = |result: Result<(&mut [u8], &mut [u8])>| result.err();
    assert_eq!(
        error(option_start_wide::<2, 1>(&mut buf, 1, 255, 3, 1, AT)),
        None
    );
    assert_eq!(
        error(option_start_wide::<2, 1>(&mut buf, 1, 256, 3, 1, AT)),
        Some(range)
    );
    assert_eq!(
        error(option_start_wide::<1, 2>(&mut buf, 255, 65_535, 3, 1, AT)),
        None
    );
    assert_eq!(
        error(option_start_wide::<1, 2>(&mut buf, 255, 65_536, 3, 1, AT)),
        Some(range)
    );
    assert_eq!(
        error(option_start_wide::<1, 2>(&mut buf, 256, 1, 3, 1, AT)),
        Some(range)
    );
    assert_eq!(
        error(option_start_wide::<2, 2>(&mut buf[..6], 1, 2, 4, 1, AT)),
        None
    );
    assert_eq!(
        error(option_start_wide::<2, 2>(&mut buf[..5], 1, 2, 4, 1, AT)),
        Some(short)
    );
}

//! Packets inside of packets, whole and cut short.

use super::*;
use crate::rt::sized::Sized;
use std::format;

const AT: &Site = &Site {
    header: "Test",
    field: "nested",
};

#[test]
fn a_quote_may_be_cut_short_and_a_packet_not() {
    let whole = Nested::<Sized>::new(&[2, 7, 8, 9]);
    assert_eq!(whole.packet(), Ok(&[2, 7, 8][..]));
    assert_eq!(whole.bytes(), [2, 7, 8, 9]);
    assert!(Nested::<Sized>::new(&[2, 7]).packet().is_err());
    assert_eq!(
        Nested::<Sized, Truncated>::new(&[2, 7]).packet(),
        Ok(&[2, 7][..])
    );
    assert!(Nested::<Sized, Truncated>::new(&[]).packet().is_err());
}

#[test]
fn octets_are_kept_and_compared() {
    let nested = <Nested<'_, Sized> as Tail<'_>>::view(&[1, 7]);
    assert_eq!(nested, Nested::new(&[1, 7]));
    assert_ne!(nested, Nested::new(&[1, 8]));
    assert_eq!(<Nested<'_, Sized> as Tail<'_>>::EMPTY.wire_len(), 0);
    assert!(<Nested<'_, Sized> as Tail<'_>>::check(&[]));
    assert_eq!(nested.wire_len(), 2);
    let mut buf = [0xa5; 3];
    assert_eq!(nested.put(&mut buf, AT), Ok(&mut [0xa5][..]));
    assert_eq!(buf, [1, 7, 0xa5]);
    assert_eq!(
        format!("{nested} {nested:?}"),
        "Sized(2 octets) Sized(2 octets)"
    );
}

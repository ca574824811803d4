//! Octets as a tail: viewed, measured and written, to a buffer with room and to one without.

use super::*;
use crate::rt::{Error, ErrorKind};

const AT: &Site = &Site {
    header: "Test",
    field: "tail",
};

#[test]
fn octets_are_a_tail() {
    assert!(<&[u8] as Tail<'_>>::check(&[1]));
    assert_eq!(<&[u8] as Tail<'_>>::EMPTY.wire_len(), 0);
    let tail = <&[u8] as Tail<'_>>::view(&[1, 2]);
    assert_eq!((tail, tail.wire_len()), (&[1, 2][..], 2));
    let mut buf = [0xa5; 3];
    assert_eq!(tail.put(&mut buf, AT), Ok(&mut [0xa5][..]));
    assert_eq!(buf, [1, 2, 0xa5]);
    let mut exact = [0; 2];
    assert_eq!(tail.fill(&mut exact, AT), Ok(()));
    assert_eq!(exact, [1, 2]);
    assert_eq!(
        tail.fill(&mut [0], AT),
        Err(Error::new(ErrorKind::BufferTooSmall, AT))
    );
}

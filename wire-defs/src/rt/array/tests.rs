//! Views of octets and lists of values are the same arrays.

use super::*;
use crate::rt::ErrorKind;
use std::format;
use std::vec::Vec;

const AT: &Site = &Site {
    header: "Test",
    field: "array",
};

#[test]
fn octets_and_values_are_equal() {
    let wire = Array::<u16>::from_bytes(&[0, 1, 0, 2, 0, 3]);
    let values = Array::<u16>::from_values(&[1, 2, 3]);
    assert_eq!(wire, values);
    assert_eq!((wire.len(), values.len()), (3, 3));
    assert_eq!((wire.wire_len(), values.wire_len()), (6, 6));
    assert!(!wire.is_empty() && !values.is_empty());
    assert_eq!(wire.iter().collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(values.into_iter().collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!((wire.get(2), values.get(2)), (Some(3), Some(3)));
    assert_eq!((wire.get(3), values.get(3)), (None, None));
    assert_eq!(wire.get(usize::MAX), None);
    assert_ne!(wire, Array::from_values(&[1, 2]));
    assert_eq!(format!("{wire} {values:?}"), "[1, 2, 3] [1, 2, 3]");
    assert_eq!(Clone::clone(&wire), wire);
    let again = wire.iter();
    assert_eq!(again.clone().count(), again.count());
}

#[test]
fn no_items_are_an_array_too() {
    let empty = Array::<u32>::default();
    assert!(empty.is_empty());
    assert_eq!(empty, Array::EMPTY);
    assert_eq!((empty.len(), empty.get(0)), (0, None));
}

#[test]
fn what_is_no_whole_item_is_left_out_or_refused() {
    let wire = Array::<u16>::from_bytes(&[0, 1, 9]);
    assert_eq!((wire.len(), wire.wire_len()), (1, 2));
    assert!(<Array<'_, u16> as Tail<'_>>::check(&[0, 1]));
    assert!(!<Array<'_, u16> as Tail<'_>>::check(&[0, 1, 9]));
    let view = <Array<'_, u16> as Tail<'_>>::view(&[0, 4, 0, 5]);
    assert_eq!(view, Array::from_values(&[4, 5]));
}

#[test]
fn both_write_the_same_octets() {
    let octets = [192, 0, 2, 1, 192, 0, 2, 2];
    let values = [Ipv4Addr::new(192, 0, 2, 1), Ipv4Addr::new(192, 0, 2, 2)];
    for array in [
        Array::<Ipv4Addr>::from_bytes(&octets),
        Array::from_values(&values),
    ] {
        let mut buf = [0xa5; 9];
        assert_eq!(array.put(&mut buf, AT), Ok(&mut [0xa5][..]));
        assert_eq!(buf[..8], octets);
        let error = array.put(&mut [0; 7], AT).err().map(|error| error.kind);
        assert_eq!(error, Some(ErrorKind::BufferTooSmall));
    }
    let addr = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1);
    let mut buf = [0; 21];
    let rest = <Ipv6Addr as Element>::write(&addr, &mut buf).expect("room");
    let rest = <u8 as Element>::write(&7, rest).expect("room");
    <u32 as Element>::write(&0x0102_0304, rest).expect("room");
    assert_eq!(buf[..16], addr.octets());
    assert_eq!(buf[16..], [7, 1, 2, 3, 4]);
    assert_eq!(<Ipv6Addr as Element>::read(&buf), Some(addr));
    assert_eq!(<u8 as Element>::read(&buf[16..]), Some(7));
    assert_eq!(<u32 as Element>::read(&buf[17..]), Some(0x0102_0304));
    assert_eq!(<u32 as Element>::read(&buf[18..]), None);
}

#[test]
fn a_list_is_an_option_whatever_it_is_made_of() {
    let one = [Ipv4Addr::new(192, 0, 2, 1)];
    let two = [one[0], Ipv4Addr::new(192, 0, 2, 2)];
    let octets = [192, 0, 2, 1, 192, 0, 2, 2];
    for (array, len) in [
        (Array::<Ipv4Addr>::from_bytes(&octets[..4]), 4),
        (Array::from_values(&one), 4),
        (Array::<Ipv4Addr>::from_bytes(&octets), 8),
        (Array::from_values(&two), 8),
    ] {
        let refused = |list: &Array<'_, Ipv4Addr>| {
            assert_eq!(*list, array);
            Err(Error::new(ErrorKind::Malformed, AT))
        };
        let mut buf = [0xa5; 12];
        assert!(array.put_option(&mut buf, 6, 2, 1, AT, refused).is_err());
        assert_eq!(buf, [0xa5; 12]);
        let rest = array.put_option(&mut buf, 6, 2, 1, AT, |_| Ok(()));
        assert_eq!(rest.map(|rest| rest.len()), Ok(10 - len));
        assert_eq!(buf[..2], [6, len as u8]);
        assert_eq!(buf[2..len + 2], octets[..len]);
        assert_eq!(buf[len + 2], 0xa5);
        let error = array.put_option(&mut buf[..len + 1], 6, 2, 1, AT, |_| Ok(()));
        assert_eq!(error.err().map(|e| e.kind), Some(ErrorKind::BufferTooSmall));
        // The length counts whole units, and the last one is filled up.
        let rest = array.put_option(&mut buf, 6, 0, 4, AT, |_| Ok(()));
        assert_eq!(rest.map(|rest| rest.len()), Ok(8 - len));
        assert_eq!(buf[..2], [6, len as u8 / 4 + 1]);
        assert_eq!(buf[len + 2..len + 4], [0, 0]);
    }
    let many = [one[0]; 64];
    let many = Array::<Ipv4Addr>::from_values(&many);
    let mut buf = [0; 300];
    let error = many.put_option(&mut buf, 6, 2, 1, AT, |_| Ok(()));
    assert_eq!(error.err().map(|e| e.kind), Some(ErrorKind::OutOfRange));
    let plain: &[u8] = &octets[..3];
    let mut buf = [0xa5; 8];
    assert_eq!(
        plain
            .put_option(&mut buf, 9, 0, 4, AT, |_| Ok(()))
            .map(|rest| rest.len()),
        Ok(0)
    );
    assert_eq!(buf, [9, 2, 192, 0, 2, 0, 0, 0]);
}

/// An item that takes four octets on the wire and none in memory.
#[derive(Debug, PartialEq)]
struct Marker;

impl Element for Marker {
    type Value = ();
    const SIZE: usize = 4;

    fn read(_: &[u8]) -> Option<()> {
        Some(())
    }

    fn write<'b>((): &(), buf: &'b mut [u8]) -> Result<&'b mut [u8]> {
        octets::put(b"mark", buf, AT)
    }
}

#[test]
fn the_length_of_more_items_than_memory_has_octets_does_not_wrap() {
    assert_eq!(Array::<Marker>::from_values(&[(); 2]).wire_len(), 8);
    let most = Array::<Marker>::from_values(&[(); usize::MAX]);
    assert_eq!((most.len(), most.wire_len()), (usize::MAX, usize::MAX));
}

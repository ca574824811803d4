//! Lists of a family that is made by hand: walked, padded, aligned, written.

use super::*;
use std::format;
use std::vec;
use std::vec::Vec;

const AT: &Site = &Site {
    header: "Test",
    field: "options",
};

/// Padding is 0, the end 255; all others have a length of their body.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Item<'a, const UNIT: usize, const ALIGNED: bool> {
    End,
    Other(u8, &'a [u8]),
}

impl<'a, const UNIT: usize, const ALIGNED: bool> OptionItem<'a> for Item<'a, UNIT, ALIGNED> {
    const NAME: &'static str = "Item";
    const UNIT: usize = UNIT;
    const PAD: u8 = 0;
    const ALIGNED: Option<Alignment> = match ALIGNED {
        true => Some(Alignment { offset: 2, padn: 1 }),
        false => None,
    };

    fn align(&self) -> (usize, usize) {
        match self {
            Self::Other(8, _) => (4, 2),
            _ => (1, 0),
        }
    }

    fn take(region: &'a [u8]) -> Result<(Taken<Self>, &'a [u8])> {
        match region {
            [] | [255, ..] => Ok((Taken::End, region)),
            [0, rest @ ..] => Ok((Taken::Pad, rest)),
            [kind, rest @ ..] => match option_body(rest, 2, 1) {
                Some((body, after)) => Ok((Taken::Item(Self::Other(*kind, body)), after)),
                None => Err(Error::new(ErrorKind::Malformed, AT)),
            },
        }
    }

    fn is_end(&self) -> bool {
        matches!(self, Self::End)
    }

    fn wire_len(&self) -> usize {
        match self {
            Self::End => 1,
            Self::Other(_, body) => option_len(body.len(), 2, 1),
        }
    }

    fn emit<'b>(&self, buf: &'b mut [u8]) -> Result<&'b mut [u8]> {
        match self {
            Self::End => octets::put(&[255], buf, AT),
            Self::Other(kind, data) => {
                let (body, after) = option_start(buf, *kind, data.len(), 2, 1, AT)?;
                octets::put(data, body, AT)?;
                Ok(after)
            }
        }
    }
}

type Plain<'a> = Item<'a, 4, false>;
type Even<'a> = Item<'a, 8, true>;

#[test]
fn bodies_and_starts_agree() {
    assert_eq!(option_body(&[3, 7, 8], 0, 1), Some((&[7][..], &[8][..])));
    assert_eq!(option_body(&[1, 7, 8], 2, 1), Some((&[7][..], &[8][..])));
    assert_eq!(option_body(&[1, 7, 8], 0, 1), None);
    assert_eq!(option_body(&[5, 7, 8], 0, 1), None);
    assert_eq!(option_body(&[], 0, 1), None);
    assert_eq!(
        option_body(&[1, 7, 8, 9], 0, 3),
        Some((&[7][..], &[8, 9][..]))
    );
    assert_eq!(
        (
            option_len(3, 2, 1),
            option_len(3, 2, 4),
            option_len(6, 2, 8)
        ),
        (5, 8, 8)
    );
    assert_eq!(
        (pad_to(0, 4), pad_to(1, 4), pad_to(4, 4), pad_to(3, 0)),
        (0, 4, 4, 3)
    );
    let mut buf = [0xa5; 6];
    let (body, after) = option_start(&mut buf, 9, 3, 2, 1, AT).expect("room");
    assert_eq!((body.len(), after.len()), (3, 1));
    assert_eq!(buf[..3], [9, 3, 0xa5]);
    let (body, after) = option_start(&mut buf, 9, 1, 0, 4, AT).expect("room");
    assert_eq!((body.len(), after.len()), (2, 2));
    assert_eq!(buf[..3], [9, 1, 0xa5]);
    let error = |result: Result<(&mut [u8], &mut [u8])>| result.err().map(|error| error.kind);
    let mut long = [0; 300];
    assert_eq!(error(option_start(&mut long, 9, 253, 0, 1, AT)), None);
    assert_eq!(
        error(option_start(&mut long, 9, 254, 0, 1, AT)),
        Some(ErrorKind::OutOfRange)
    );
    // The most that an octet counts, where kind and length are left out of it.
    assert_eq!(error(option_start(&mut long, 9, 255, 2, 1, AT)), None);
    assert_eq!(
        error(option_start(&mut long, 9, 256, 2, 1, AT)),
        Some(ErrorKind::OutOfRange)
    );
    assert_eq!(error(option_start(&mut buf, 9, 4, 0, 1, AT)), None);
    assert_eq!(
        error(option_start(&mut buf, 9, 5, 0, 1, AT)),
        Some(ErrorKind::BufferTooSmall)
    );
    let mut rest = [7, 7];
    zeros(&mut rest);
    assert_eq!(rest, [0, 0]);
}

#[test]
fn a_walk_ends_at_the_end_or_after_an_error() {
    let list = Options::<Plain<'_>>::raw(&[0, 5, 1, 9, 0, 6, 0, 255, 7, 0]);
    let items = [Item::Other(5, &[9]), Item::Other(6, &[])];
    assert!(list.iter().eq(items.map(Ok)));
    let bad = Options::<Plain<'_>>::raw(&[5, 1, 9, 6, 3, 0]);
    let mut walk = bad.into_iter();
    assert_eq!(walk.next(), Some(Ok(Item::Other(5, &[9]))));
    assert_eq!(walk.next().map(|item| item.is_err()), Some(true));
    assert_eq!((walk.next(), walk.next()), (None, None));
    assert_eq!(list, Options::items(&items));
    assert_ne!(list, bad);
    assert_ne!(list, Options::EMPTY);
    assert_eq!(Options::<Plain<'_>>::default(), Options::EMPTY);
    let ended = [items[0], Item::End, items[1]];
    assert!(Options::items(&ended).iter().eq([Ok(items[0])]));
    assert_eq!(Options::items(&ended).iter().clone().count(), 1);
    assert_eq!(format!("{}", Options::items(&items)), format!("{items:?}"));
    assert_eq!(format!("{bad:?}").matches("Malformed").count(), 1);
}

#[test]
fn a_list_is_octets_or_items() {
    let items: [Plain<'_>; 1] = [Item::Other(5, &[9])];
    let (wire, values) = (
        Options::<Plain<'_>>::raw(&[5, 1, 9]),
        Options::items(&items),
    );
    assert_eq!(
        (wire.as_bytes(), values.as_bytes()),
        (Some(&[5, 1, 9][..]), None)
    );
    assert_eq!((wire.as_items(), values.as_items()), (&[][..], &items[..]));
    for list in [wire, values] {
        assert_eq!((list.encoded_len(), list.wire_len()), (4, 4));
        let mut buf = [0xa5; 5];
        assert_eq!(list.put(&mut buf, AT), Ok(&mut [0xa5][..]));
        assert_eq!(buf[..4], [5, 1, 9, 0]);
        assert_eq!(
            list.put(&mut [0; 3], AT).err().map(|error| error.at),
            Some(AT)
        );
    }
    assert_eq!(Options::<Plain<'_>>::EMPTY.fill(&mut [], AT), Ok(()));
    assert!(<Options<'_, Plain<'_>> as Tail<'_>>::check(&[9]));
    assert_eq!(
        <Options<'_, Plain<'_>> as Tail<'_>>::view(&[5, 1, 9]),
        values
    );
}

#[test]
fn items_are_written_up_to_an_end() {
    let items: [Plain<'_>; 3] = [Item::Other(5, &[9]), Item::End, Item::Other(6, &[])];
    let mut buf = [0xa5; 8];
    assert_eq!(items_put(&items, &mut buf), Ok(&mut [0xa5; 4][..]));
    assert_eq!(buf, [5, 1, 9, 255, 0xa5, 0xa5, 0xa5, 0xa5]);
    assert_eq!(Options::items(&items).fill(&mut buf, AT), Ok(()));
    assert_eq!(buf, [5, 1, 9, 255, 0, 0, 0, 0]);
}

#[test]
fn a_list_is_written_to_a_buffer_that_is_longer() {
    let items: [Even<'_>; 2] = [Item::Other(5, &[9]), Item::Other(8, &[1, 2])];
    for list in [
        Options::items(&items),
        Options::raw(&[5, 1, 9, 0, 8, 2, 1, 2]),
    ] {
        let mut buf = [0xa5; 16];
        let rest = list.put(&mut buf, AT).map(|rest| rest.len());
        assert_eq!(rest, Ok(2), "{list:?}");
        let (expected, after) = ([5, 1, 9, 0, 8, 2, 1, 2, 1, 4, 0, 0, 0, 0], [0xa5; 2]);
        assert_eq!(buf, [&expected[..], &after].concat()[..], "{list:?}");
    }
    // There is room for the first item, and none for the gap before the second.
    let error = Options::items(&items).put(&mut [0; 3], AT).err();
    assert_eq!(
        error.map(|error| error.kind),
        Some(ErrorKind::BufferTooSmall)
    );
}

#[test]
fn padding_aligns_items_and_the_list() {
    // Two octets stand before the list; the item starts at 4n + 2 of the header.
    let items: [Even<'_>; 3] = [
        Item::Other(5, &[9]),
        Item::Other(8, &[1, 2]),
        Item::Other(8, &[]),
    ];
    let list = Options::items(&items);
    let mut buf = vec![0xa5; list.encoded_len()];
    assert_eq!(list.put(&mut buf, AT), Ok(&mut [][..]));
    let expected = [5, 1, 9, 0, 8, 2, 1, 2, 8, 0, 1, 2, 0, 0];
    assert_eq!(buf, expected);
    assert_eq!(padded_len::<Even<'_>>(6), 6);
    assert_eq!(padded_len::<Even<'_>>(7), 14);
    assert_eq!(padded_len::<Plain<'_>>(5), 8);
    let read: Vec<_> = Options::<Even<'_>>::raw(&expected).iter().collect();
    assert_eq!(read.len(), 4, "the padding of several octets is an item");
}

#[test]
fn what_writes_items_gets_them_padded() {
    fn write(buf: &mut [u8]) -> Result<&mut [u8]> {
        octets::put(&[5, 0, 6, 0, 7], buf, AT)
    }
    let mut buf = [0xa5; 9];
    let (list, rest) = split_padded::<Plain<'_>>(&mut buf, AT, write).expect("room");
    assert_eq!(
        (&*list, &*rest),
        (&[5, 0, 6, 0, 7, 0, 0, 0][..], &[0xa5][..])
    );
    // Items fit, their padding does not.
    let error = split_padded::<Plain<'_>>(&mut [0; 7], AT, write).err();
    assert_eq!(
        error.map(|error| error.kind),
        Some(ErrorKind::BufferTooSmall)
    );
    let mut buf = [0xa5; 8];
    assert_eq!(fill_padded::<Plain<'_>>(&mut buf, write), Ok(()));
    assert_eq!(buf, [5, 0, 6, 0, 7, 0, 0, 0]);
    let mut exact = [0xa5; 5];
    assert_eq!(fill_padded::<Even<'_>>(&mut exact, write), Ok(()));
    assert_eq!(exact, [5, 0, 6, 0, 7]);
    assert!(fill_padded::<Plain<'_>>(&mut [0; 4], write).is_err());
}

#[test]
fn octets_that_are_not_there_are_no_option() {
    let mut buf = [0xa5; 5];
    assert_eq!(
        put_some(&None, &mut buf, 9, 2, 1, AT),
        Ok(&mut [0xa5; 5][..])
    );
    let rest = put_some(&Some(&[7, 8]), &mut buf, 9, 2, 1, AT);
    assert_eq!(rest, Ok(&mut [0xa5][..]));
    assert_eq!(buf, [9, 2, 7, 8, 0xa5]);
}

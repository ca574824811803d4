//! Each law of lists of options, and of sets of them, is broken by one fault.

use super::probe::AT;
use super::{broken, scratch};
use crate::rt::laws::{self, Broken, Set};
use crate::rt::{Error, ErrorKind, OptionItem, Options, Result, Taken, option_body, put};

/// An item has a kind, a length of what follows, and octets; 0 is padding, `0xff` the end. A kind
/// of 9 is malformed. Nothing is wrong with fault 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Item<'a, const FAULT: u8> {
    kind: u8,
    body: &'a [u8],
}

const STANDS_STILL: u8 = 1;
const LEAVES_SOME: u8 = 2;
const NOT_EMITTED: u8 = 3;
const OTHER_KIND: u8 = 4;

impl<'a, const FAULT: u8> OptionItem<'a> for Item<'a, FAULT> {
    const NAME: &'static str = "Item";
    const UNIT: usize = 1;
    const PAD: u8 = 0;

    fn take(region: &'a [u8]) -> Result<(Taken<Self>, &'a [u8])> {
        match region {
            [] | [0xff, ..] => Ok((Taken::End, region)),
            [0, rest @ ..] => Ok((Taken::Pad, rest)),
            [kind, rest @ ..] => match option_body(rest, 2, 1) {
                Some((body, after)) if *kind != 9 => {
                    let after = if FAULT == STANDS_STILL { region } else { after };
                    Ok((Taken::Item(Self { kind: *kind, body }), after))
                }
                _ => Err(Error::new(ErrorKind::Malformed, AT)),
            },
        }
    }

    fn is_end(&self) -> bool {
        self.kind == 0xff
    }

    fn wire_len(&self) -> usize {
        self.body.len() + 2 + usize::from(FAULT == LEAVES_SOME)
    }

    fn emit<'b>(&self, buf: &'b mut [u8]) -> Result<&'b mut [u8]> {
        if FAULT == NOT_EMITTED {
            return Err(Error::new(ErrorKind::OutOfRange, AT));
        }
        let kind = self.kind ^ u8::from(FAULT == OTHER_KIND && self.kind == 6);
        let len = self.body.len() as u8;
        put(self.body, put(&[kind, len], buf, AT)?, AT)
    }
}

/// Two items and padding, and what follows the end.
const LIST: [u8; 9] = [4, 1, 0xaa, 0, 6, 0, 0, 0xff, 5];

fn items<const FAULT: u8>(list: &[u8]) -> core::result::Result<bool, Broken> {
    laws::options::<Item<'_, FAULT>>(list, &mut scratch())
}

#[test]
fn an_honest_list_is_accepted_as_far_as_it_goes() {
    assert_eq!(items::<0>(&LIST), Ok(true));
    assert_eq!(items::<0>(&[4, 1, 0xaa, 9]), Ok(true));
    for none in [&[][..], &[0, 0], &[9, 0], &[0xff, 4, 1, 1]] {
        assert_eq!(items::<0>(none), Ok(false), "{none:?}");
    }
    // As many items as octets are not met, as each item has two; one less may be.
    assert_eq!(items::<0>(&[4, 0]), Ok(true));
    // What has no room is not looked at.
    let narrow = laws::options::<Item<'_, NOT_EMITTED>>(&LIST, &mut [0; 2]);
    assert_eq!(narrow, Ok(true));
}

#[test]
fn each_law_of_items_is_broken_by_a_fault() {
    assert_eq!(
        items::<STANDS_STILL>(&[4, 0, 0]),
        broken("L4: every item takes an octet", 4)
    );
    assert_eq!(
        items::<LEAVES_SOME>(&LIST),
        broken("L1: an item fills its length", 1)
    );
    assert_eq!(
        items::<NOT_EMITTED>(&LIST),
        broken("L1: a parsed item can be emitted", 3)
    );
    assert_eq!(
        items::<OTHER_KIND>(&LIST),
        broken("L1: parse(emit(item)) == item", 2)
    );
}

/// A set of one option of kind 4 and how often it came; items of other kinds are left out, and a
/// kind of 7 is refused.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct One<'a, const FAULT: u8> {
    four: Option<&'a [u8]>,
    count: usize,
}

const NO_REFILL: u8 = 1;
const FILLED_UP: u8 = 2;
const LEAVES_ROOM: u8 = 3;
const NOT_WRITTEN: u8 = 4;
const OTHER_VALUE: u8 = 5;
const NOT_FOLDED: u8 = 6;

impl<'a, const FAULT: u8> Set<'a> for One<'a, FAULT> {
    type Item = Item<'a, 0>;

    fn fold(options: &Options<'a, Item<'a, 0>>) -> Result<Self> {
        let mut set = Self {
            four: None,
            count: 0,
        };
        for item in *options {
            let item = item?;
            match item.kind {
                4 => {
                    set.four = set.four.or(Some(item.body));
                    set.count += 1;
                }
                7 => return Err(Error::new(ErrorKind::Malformed, AT)),
                _ => {}
            }
        }
        Ok(set)
    }

    fn refold(&mut self, options: &Options<'a, Item<'a, 0>>) -> Result<()> {
        let new = Self::fold(options)?;
        let before = if FAULT == FILLED_UP { self.count } else { 0 };
        *self = Self {
            count: new.count + before,
            ..new
        };
        match FAULT {
            NO_REFILL => Err(Error::new(ErrorKind::Malformed, AT)),
            _ => Ok(()),
        }
    }

    fn write<'b>(&self, buf: &'b mut [u8]) -> Result<&'b mut [u8]> {
        let Some(four) = self.four else {
            return Ok(buf);
        };
        match FAULT {
            NOT_WRITTEN => return Err(Error::new(ErrorKind::OutOfRange, AT)),
            NOT_FOLDED => return put(four, put(&[7, four.len() as u8], buf, AT)?, AT),
            OTHER_VALUE => return put(four, put(&[5, four.len() as u8], buf, AT)?, AT),
            _ => {}
        }
        put(four, put(&[4, four.len() as u8], buf, AT)?, AT)
    }

    fn wire_len(&self) -> usize {
        let room = usize::from(FAULT == LEAVES_ROOM);
        self.four.map_or(0, |four| four.len() + 2 + room)
    }

    fn first_only(self) -> Self {
        Self {
            count: self.count.min(1),
            ..self
        }
    }
}

/// The option twice.
const TWICE: [u8; 8] = [4, 1, 0xaa, 6, 0, 4, 1, 0xbb];

fn set<const FAULT: u8>(list: &[u8]) -> core::result::Result<bool, Broken> {
    laws::set::<One<'_, FAULT>>(list, &mut scratch())
}

#[test]
fn an_honest_set_is_accepted_where_it_says_anything() {
    assert_eq!(set::<0>(&TWICE), Ok(true));
    assert_eq!(set::<0>(&[4, 0]), Ok(true));
    assert_eq!(set::<0>(&[6, 0]), Ok(false));
    assert_eq!(set::<0>(&[]), Ok(false));
    assert_eq!(set::<0>(&[4, 0, 7, 0]), Ok(false));
    // What has no room is not looked at.
    let narrow = laws::set::<One<'_, NOT_WRITTEN>>(&TWICE, &mut [0; 2]);
    assert_eq!(narrow, Ok(false));
}

#[test]
fn each_law_of_sets_is_broken_by_a_fault() {
    let refilled = broken("a set that is refilled is a new one", 0);
    assert_eq!(set::<NO_REFILL>(&TWICE), refilled);
    assert_eq!(set::<FILLED_UP>(&TWICE), refilled);
    let fills = broken("L1: a set fills its length", 3);
    assert_eq!(set::<NOT_WRITTEN>(&TWICE), fills);
    assert_eq!(
        set::<LEAVES_ROOM>(&TWICE),
        broken("L1: a set fills its length", 4)
    );
    assert_eq!(
        set::<OTHER_VALUE>(&TWICE),
        broken("L1: fold(emit(set)) == set", 3)
    );
    assert_eq!(
        set::<NOT_FOLDED>(&TWICE),
        broken("L1: an emitted set can be folded", 3)
    );
}

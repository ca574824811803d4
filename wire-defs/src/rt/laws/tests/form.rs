//! Each law of enums of encodings is broken by one fault.

use super::probe::AT;
use super::{broken, scratch};
use crate::rt::laws::{self, Broken};
use crate::rt::{Error, ErrorKind, Form, Result, Site, put};

/// Two bits of tag: nothing, an octet, two octets whose first bit is reserved; the tag 3 is
/// reserved. Nothing is wrong with fault 0.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Width<const FAULT: u8> {
    tag: u8,
    value: u16,
}

const RESERVED_IS_READ: u8 = 1;
const NOT_READ: u8 = 2;
const OTHER_TAG: u8 = 3;
const OTHER_LEN: u8 = 4;
const NOT_PUT: u8 = 5;
const LEAVES_SOME: u8 = 6;
const OTHER_VALUE: u8 = 7;
const KEEPS_RESERVED: u8 = 8;
const SHORT_IS_READ: u8 = 9;
/// The form of two octets has 40, of which the first two count.
const LONG: u8 = 10;

impl<const FAULT: u8> Width<FAULT> {
    const LONGEST: usize = if FAULT == LONG { 40 } else { 2 };
}

impl<const FAULT: u8> Form for Width<FAULT> {
    const NAME: &'static str = "Width";
    const TAG_BITS: u32 = 2;

    fn first() -> Self {
        Self { tag: 0, value: 0 }
    }

    fn size(tag: u8) -> Option<usize> {
        match tag {
            0 | 1 => Some(tag.into()),
            2 => Some(Self::LONGEST),
            _ => None,
        }
    }

    fn read(tag: u8, octets: &[u8]) -> Option<Self> {
        let value = match (tag, octets) {
            _ if FAULT == NOT_READ => return None,
            (3, _) if FAULT == RESERVED_IS_READ => 0,
            (2, [low]) if FAULT == SHORT_IS_READ => u16::from(*low),
            (0, []) => 0,
            (1, [low]) => u16::from(*low),
            (2, [high, low, ..]) if octets.len() == Self::LONGEST => {
                u16::from_be_bytes([*high & 0x7f, *low])
            }
            _ => return None,
        };
        Some(Self { tag, value })
    }

    fn tag(&self) -> u8 {
        self.tag ^ u8::from(FAULT == OTHER_TAG)
    }

    fn wire_len(&self) -> usize {
        Self::size(self.tag).unwrap_or(0) + usize::from(FAULT == OTHER_LEN)
    }

    fn put<'b>(&self, buf: &'b mut [u8], _: &'static Site) -> Result<&'b mut [u8]> {
        let [high, low] = (self.value ^ u16::from(FAULT == OTHER_VALUE)).to_be_bytes();
        match (FAULT, self.tag) {
            (NOT_PUT, _) => Err(Error::new(ErrorKind::BufferTooSmall, AT)),
            (_, 0) => Ok(buf),
            (LEAVES_SOME, _) => put(&[high], buf, AT),
            (_, 1) => put(&[low], buf, AT),
            _ => put(&[0; 40][2..Self::LONGEST], put(&[high, low], buf, AT)?, AT),
        }
    }

    fn canon(tag: u8, octets: &mut [u8]) {
        if let (2, [high, ..], true) = (tag, octets, FAULT != KEEPS_RESERVED) {
            *high &= 0x7f;
        }
    }
}

/// The laws for a tag with bits beside it that are not its own, and octets.
fn form<const FAULT: u8>(source: &[u8]) -> core::result::Result<bool, Broken> {
    laws::form::<Width<FAULT>>(source, &mut scratch())
}

/// The form of two octets, with its reserved bit.
const TWO: [u8; 5] = [0xfe, 0x92, 0x34, 0x56, 0x78];

#[test]
fn honest_forms_are_accepted() {
    for accepted in [&TWO[..], &TWO[..3], &[0xfd, 7], &[0xfc, 1, 2], &[0x04]] {
        assert_eq!(form::<0>(accepted), Ok(true), "{accepted:02x?}");
    }
    for refused in [&[][..], &[0xff, 1, 2], &TWO[..2], &[0xfd]] {
        assert_eq!(form::<0>(refused), Ok(false), "{refused:02x?}");
    }
    // What has no room is not looked at.
    let narrow = laws::form::<Width<NOT_PUT>>(&TWO, &mut [0; 1]);
    assert_eq!(narrow, Ok(false));
    // Reserved bits of forms of more than 32 octets are not looked at.
    let long = [&[2, 0x80, 1][..], &[0; 38]].concat();
    assert_eq!(form::<LONG>(&long), Ok(true));
}

#[test]
fn each_law_of_forms_is_broken_by_a_fault() {
    assert_eq!(
        form::<RESERVED_IS_READ>(&[0xff, 1]),
        broken("a reserved tag has no form", 0)
    );
    assert_eq!(
        form::<NOT_READ>(&TWO),
        broken("a tag with a size has a form", 2)
    );
    assert_eq!(
        form::<OTHER_TAG>(&TWO),
        broken("L1: the tag of a form is the tag it was read with", 2)
    );
    assert_eq!(
        form::<OTHER_LEN>(&TWO),
        broken("L8: the length of a form is its tag's", 2)
    );
    let fills = broken("L1: a form fills its length", 2);
    assert_eq!(form::<NOT_PUT>(&TWO), fills);
    assert_eq!(form::<LEAVES_SOME>(&TWO), fills);
    assert_eq!(
        form::<OTHER_VALUE>(&TWO),
        broken("L1: read(put(form)) == form", 2)
    );
    assert_eq!(
        form::<KEEPS_RESERVED>(&TWO),
        broken("L2: put(read(b)) is canonical b", 2)
    );
    assert_eq!(
        form::<SHORT_IS_READ>(&TWO),
        broken("a form that is cut short is none", 2)
    );
}

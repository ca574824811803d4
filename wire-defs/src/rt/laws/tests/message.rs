//! Each law of messages is broken by one fault.

use super::probe::{AT, BOUNDED, Probe, View};
use super::{broken, scratch};
use crate::rt::laws::{self, Broken, Message};
use crate::rt::{Error, ErrorKind, Header, Result, put};

/// A header whose octets are the message; a reserved octet of `0xff` is refused. Nothing is wrong
/// with fault 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Whole<'a, const FAULT: u8>(&'a [u8]);

const LEAVES_SOME: u8 = 1;
const NOT_WRITTEN: u8 = 2;
const CUT: u8 = 3;
const OTHER_VALUE: u8 = 4;
const NOT_READ_AGAIN: u8 = 5;

impl<'a, const FAULT: u8> Message<'a> for Whole<'a, FAULT> {
    type Header = Probe<BOUNDED, 0>;

    fn read(packet: &View<'a>) -> Result<Self> {
        match packet.octets {
            [_, _, 0xff, ..] => Err(Error::new(ErrorKind::Unsupported, AT)),
            octets => Ok(Self(octets)),
        }
    }

    fn write<'b>(&self, buf: &'b mut [u8]) -> Result<&'b mut [u8]> {
        let mut octets = [0; 16];
        let (octets, _) = octets.split_at_mut(self.0.len());
        octets.copy_from_slice(self.0);
        match FAULT {
            NOT_WRITTEN => return Err(Error::new(ErrorKind::OutOfRange, AT)),
            // It says that it is longer than it is.
            CUT => octets[0] += 1,
            OTHER_VALUE => octets[4] ^= 1,
            NOT_READ_AGAIN => octets[2] = 0xff,
            _ => {}
        }
        put(octets, buf, AT)
    }

    fn wire_len(&self) -> usize {
        self.0.len() + 3 * usize::from(FAULT == LEAVES_SOME)
    }
}

const BYTES: [u8; 6] = [5, 0x12, 0, 0, 7, 0xee];

fn message<const FAULT: u8>(bytes: &[u8]) -> core::result::Result<bool, Broken> {
    laws::message::<Whole<'_, FAULT>>(bytes, &mut scratch())
}

#[test]
fn an_honest_message_is_accepted() {
    assert!(Probe::<BOUNDED, 0>::view(&BYTES).is_ok());
    assert_eq!(message::<0>(&BYTES), Ok(true));
    for refused in [&[][..], &BYTES[..4], &[5, 0x12, 0xff, 0, 7]] {
        assert_eq!(message::<0>(refused), Ok(false), "{refused:02x?}");
    }
    // What has no room is not looked at.
    let narrow = laws::message::<Whole<'_, NOT_WRITTEN>>(&BYTES, &mut [0; 4]);
    assert_eq!(narrow, Ok(false));
}

#[test]
fn each_law_of_messages_is_broken_by_a_fault() {
    assert_eq!(
        message::<LEAVES_SOME>(&BYTES),
        broken("L1: a message fills its length", 3)
    );
    assert_eq!(
        message::<NOT_WRITTEN>(&BYTES),
        broken("L1: a parsed message can be emitted", 5)
    );
    assert_eq!(
        message::<CUT>(&BYTES),
        broken("L1: an emitted message is accepted", 5)
    );
    let same = broken("L1: parse(emit(m)) == m", 5);
    assert_eq!(message::<OTHER_VALUE>(&BYTES), same);
    assert_eq!(message::<NOT_READ_AGAIN>(&BYTES), same);
}

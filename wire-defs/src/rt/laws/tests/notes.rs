//! Items whose every hook is noted when it is called and answers as a seed says, one of them
//! otherwise.

use super::probe::AT;
use crate::rt::laws::{Lawful, Message, Set};
use crate::rt::{BitOrder, Error, ErrorKind, Field, FieldRole, Form, Header};
use crate::rt::{OptionItem, Options, Result, Site, Taken};
use core::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::thread_local;

thread_local! {
    static SEED: Cell<u64> = const { Cell::new(0) };
    static OTHERWISE: Cell<&'static str> = const { Cell::new("") };
    static CALLED: RefCell<BTreeSet<&'static str>> = const { RefCell::new(BTreeSet::new()) };
}

/// What `touch` gives where hooks answer as the seed says and `hook` otherwise, and which hooks it
/// called.
pub(super) fn noted(
    seed: u64,
    hook: &'static str,
    touch: impl Fn() -> u64,
) -> (u64, BTreeSet<&'static str>) {
    SEED.set(seed);
    OTHERWISE.set(hook);
    CALLED.take();
    let number = touch();
    (number, CALLED.take())
}

/// The answer of a hook: 0 of all for the seed 0, and otherwise in the lowest bit alone.
fn answer(hook: &'static str) -> u64 {
    CALLED.with_borrow_mut(|called| called.insert(hook));
    let seed = SEED.get();
    let mixed = hook.bytes().fold(seed, |mixed, octet| {
        let mixed = (mixed ^ u64::from(octet)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed ^ mixed >> 29
    });
    let mixed = if seed == 0 { 0 } else { mixed };
    mixed ^ u64::from(OTHERWISE.get() == hook)
}

fn yes(hook: &'static str) -> bool {
    answer(hook) & 1 == 1
}

/// A length.
fn len(hook: &'static str) -> usize {
    (answer(hook) & 0xff) as usize
}

/// Writes the last octet, if there is room, and says whether that is well.
fn written<'b>(hook: &'static str, well: &'static str, buf: &'b mut [u8]) -> Result<&'b mut [u8]> {
    if let Some(octet) = buf.last_mut() {
        *octet = answer(hook) as u8;
    }
    match yes(well) {
        true => Ok(buf),
        false => Err(Error::new(ErrorKind::OutOfRange, AT)),
    }
}

/// A header, a family, a set, a message and an enum of forms in one. Octets are not looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Noted;

const GET: [&str; 3] = ["get 0", "get 1", "get 2"];
const SET: [&str; 3] = ["set 0", "set 1", "set 2"];

impl Header for Noted {
    const NAME: &'static str = "Noted";
    const MIN_LEN: usize = 0;
    const MAX_LEN: usize = 255;
    const ORDER: BitOrder = BitOrder::Msb0;
    const DIAGRAM: &'static str = "";
    const FIELDS: &'static [Field] = &[Field::open("", FieldRole::Value); 3];
    type Packet<'a> = ();
    /// Whether it was parsed.
    type Repr<'a> = bool;

    fn view(_: &[u8]) -> Result<()> {
        Ok(())
    }

    fn view_in(_: &[u8], _: &[u8]) -> Result<()> {
        Ok(())
    }

    fn view_truncated(_: &[u8]) -> Result<()> {
        match yes("view_truncated") {
            true => Ok(()),
            false => Err(Error::new(ErrorKind::Truncated, AT)),
        }
    }

    fn parse<'a>(_: &Self::Packet<'a>) -> Result<Self::Repr<'a>> {
        Ok(true)
    }

    fn emit<'b>(parsed: &bool, buf: &'b mut [u8]) -> Result<&'b mut [u8]> {
        match parsed {
            true => written("emitted", "emit", buf),
            false => written("emitted default", "emit default", buf),
        }
    }

    fn lengths(_: &bool) -> (usize, usize) {
        (len("length of header"), len("length of all"))
    }

    fn octets<'a>(_: &Self::Packet<'a>) -> (&'a [u8], usize) {
        let octets: &[u8] = match yes("octets") {
            true => &[0x5a],
            false => &[],
        };
        (octets, len("header in octets"))
    }
}

impl Lawful for Noted {
    const OPEN: bool = false;

    fn open_header((): &()) -> bool {
        false
    }

    fn get((): &(), field: usize) -> u64 {
        GET.get(field).map_or(0, |hook| answer(hook))
    }

    fn set(_: &mut [u8], field: usize, _: &[u8; 16]) -> Option<bool> {
        SET.get(field).map(|hook| yes(hook))
    }

    fn overflow(_: &mut bool, _: usize) -> bool {
        yes("overflow")
    }

    fn shape(bytes: &mut [u8]) {
        bytes[0] = answer("shape") as u8;
    }

    fn canon(header: &mut [u8]) {
        header[1] = answer("canon") as u8;
    }

    fn change(_: &mut [u8]) -> Option<bool> {
        Some(yes("change"))
    }
}

impl OptionItem<'_> for Noted {
    const NAME: &'static str = "Noted";
    const UNIT: usize = 1;
    const PAD: u8 = 0;

    fn take(region: &[u8]) -> Result<(Taken<Self>, &[u8])> {
        match region {
            [0, rest @ ..] => Ok((Taken::Item(Self), rest)),
            _ => Err(Error::new(ErrorKind::Malformed, AT)),
        }
    }

    fn is_end(&self) -> bool {
        yes("is_end")
    }

    fn wire_len(&self) -> usize {
        len("length of item")
    }

    fn emit<'b>(&self, buf: &'b mut [u8]) -> Result<&'b mut [u8]> {
        written("emitted item", "emit item", buf)
    }
}

impl Set<'_> for Noted {
    type Item = Self;

    fn fold(options: &Options<'_, Self>) -> Result<Self> {
        match options.as_bytes() {
            Some([]) | None => Err(Error::new(ErrorKind::Malformed, AT)),
            Some(_) => Ok(Self),
        }
    }

    fn refold(&mut self, _: &Options<'_, Self>) -> Result<()> {
        match yes("refold") {
            true => Ok(()),
            false => Err(Error::new(ErrorKind::Malformed, AT)),
        }
    }

    fn write<'b>(&self, buf: &'b mut [u8]) -> Result<&'b mut [u8]> {
        written("written set", "write set", buf)
    }

    fn wire_len(&self) -> usize {
        len("length of set")
    }

    fn first_only(self) -> Self {
        answer("first_only");
        self
    }
}

impl Message<'_> for Noted {
    type Header = Self;

    fn read((): &()) -> Result<Self> {
        match yes("no message") {
            false => Ok(Self),
            true => Err(Error::new(ErrorKind::Malformed, AT)),
        }
    }

    fn write<'b>(&self, buf: &'b mut [u8]) -> Result<&'b mut [u8]> {
        written("written message", "write message", buf)
    }

    fn wire_len(&self) -> usize {
        len("length of message")
    }
}

impl Form for Noted {
    const NAME: &'static str = "Noted";
    const TAG_BITS: u32 = 8;

    fn first() -> Self {
        Self
    }

    fn size(_: u8) -> Option<usize> {
        Some(len("size of form"))
    }

    fn read(_: u8, _: &[u8]) -> Option<Self> {
        answer("read form");
        None
    }

    fn tag(&self) -> u8 {
        answer("tag") as u8
    }

    fn wire_len(&self) -> usize {
        len("length of form")
    }

    fn put<'b>(&self, buf: &'b mut [u8], _: &'static Site) -> Result<&'b mut [u8]> {
        written("put form", "well put", buf)
    }

    fn canon(_: u8, octets: &mut [u8]) {
        octets[1] = answer("canon of form") as u8;
    }
}

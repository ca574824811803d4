//! A header that is made by hand in several shapes, with one fault for each law of headers.
//!
//! Four octets: a length, the nibbles `kind` and `code`, a reserved octet, a sum of all octets that
//! is not looked at when parsing. Nothing is wrong with fault 0.

use crate::rt::laws::{self, Lawful};
use crate::rt::{BitOrder, Error, ErrorKind, Field, FieldRole, Header, Result, Site, put};

pub(super) const AT: &Site = &Site {
    header: "Probe",
    field: "",
};

/// A header of the shape and with the fault.
pub(super) struct Probe<const SHAPE: u8, const FAULT: u8>;

/// The first octet says how long the packet is.
pub(super) const BOUNDED: u8 = 0;
/// The first octet says how long the header is; the payload takes the rest.
pub(super) const OPEN: u8 = 1;
/// The header takes everything.
pub(super) const OPEN_HEADER: u8 = 2;
/// As [`BOUNDED`], the lowest bit first.
pub(super) const LITTLE: u8 = 3;
/// Whatever comes, the header has no octets.
pub(super) const NOTHING: u8 = 4;

macro_rules! faults {
    ($($name:ident)*) => { faults!(@ 1_u8; $($name)*); };
    (@ $number:expr; $name:ident $($names:ident)*) => {
        pub(super) const $name: u8 = $number;
        faults!(@ $number + 1; $($names)*);
    };
    (@ $number:expr;) => {};
}

faults! {
    // What a view says of its lengths, and which octets it takes.
    SHORT_HEADER LONG_HEADER LONG_PACKET CUT_IS_MALFORMED CUT_IS_TAKEN LAST_IS_SPARE
    WANTS_MORE
    // What becomes of the Repr.
    NO_REPR REPR_HEADER_LEN REPR_LEN NOT_EMITTED SHORT_EMIT LOSSY UNWRITTEN UNCANONICAL
    // What fields do.
    UNVERIFIED NO_CHECKSUM DEAF_SETTER BIT_BEFORE BIT_BEHIND LAST_BIT KIND_OVERFLOWS
    CODE_OVERFLOWS
    // What becomes of the octets that were emitted.
    NOT_AGAIN LONGER_AGAIN NO_REPR_AGAIN OTHER_AGAIN
}

/// Octets that were taken; `again` if a message around them was given.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct View<'a> {
    pub(super) octets: &'a [u8],
    again: bool,
}

#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Repr<'a> {
    first: u8,
    pub(super) kind: u8,
    code: u8,
    rest: &'a [u8],
    len: usize,
}

impl Default for Repr<'_> {
    fn default() -> Self {
        Self {
            first: 4,
            kind: 0,
            code: 0,
            rest: &[],
            len: 4,
        }
    }
}

impl<const SHAPE: u8, const FAULT: u8> Probe<SHAPE, FAULT> {
    fn header_len(octets: &[u8]) -> usize {
        match (SHAPE, octets) {
            (OPEN, [first, ..]) => usize::from(*first),
            (OPEN_HEADER, _) => octets.len(),
            _ => 4,
        }
    }

    /// Kind and code, which stand in one octet.
    fn nibbles(octet: u8) -> (u8, u8) {
        match SHAPE {
            LITTLE => (octet & 0x0f, octet >> 4),
            _ => (octet >> 4, octet & 0x0f),
        }
    }

    fn octet(kind: u8, code: u8) -> u8 {
        match SHAPE {
            LITTLE => kind | code << 4,
            _ => kind << 4 | code,
        }
    }

    /// Fills the sum.
    fn sum(bytes: &mut [u8]) {
        let sum = bytes.iter().fold(0, |sum, octet| sum ^ octet);
        if let Some(last) = bytes.get_mut(3) {
            *last ^= sum;
        }
    }
}

fn fail<T>(kind: ErrorKind) -> Result<T> {
    Err(Error::new(kind, AT))
}

impl<const SHAPE: u8, const FAULT: u8> Header for Probe<SHAPE, FAULT> {
    const NAME: &'static str = "Probe";
    const MIN_LEN: usize = 4;
    const MAX_LEN: usize = 255;
    const ORDER: BitOrder = match SHAPE {
        LITTLE => BitOrder::Lsb0,
        _ => BitOrder::Msb0,
    };
    const DIAGRAM: &'static str = "";
    const FIELDS: &'static [Field] = &[
        Field::fixed("length", FieldRole::Length, 0, 8),
        Field::fixed("kind", FieldRole::Value, 8, 4),
        Field::fixed("code", FieldRole::Value, 12, 4),
        Field::fixed("reserved", FieldRole::Reserved, 16, 8),
        Field::fixed("sum", FieldRole::Checksum, 24, 8),
        Field::open("payload", FieldRole::Payload),
    ];
    type Packet<'a> = View<'a>;
    type Repr<'a> = Repr<'a>;

    fn view(bytes: &[u8]) -> Result<View<'_>> {
        let again = false;
        let [first, ..] = *bytes else {
            return fail(ErrorKind::Truncated);
        };
        if SHAPE == NOTHING {
            return Ok(View { octets: &[], again });
        }
        let stated = usize::from(first);
        let len = match SHAPE {
            BOUNDED | LITTLE => stated,
            OPEN => bytes.len().max(stated),
            _ => bytes.len().max(4),
        };
        let least = if SHAPE == OPEN_HEADER { 4 } else { stated };
        if least < 4 {
            return fail(ErrorKind::Malformed);
        }
        match FAULT {
            CUT_IS_MALFORMED if bytes.len() == 2 => return fail(ErrorKind::Malformed),
            CUT_IS_TAKEN if bytes.len() == 2 => {
                return Ok(View {
                    octets: bytes,
                    again,
                });
            }
            LAST_IS_SPARE if bytes.len() == least - 1 => {
                return Ok(View {
                    octets: bytes,
                    again,
                });
            }
            WANTS_MORE if bytes.len() == len => return fail(ErrorKind::Truncated),
            _ => {}
        }
        match bytes.split_at_checked(len) {
            Some((octets, _)) => Ok(View { octets, again }),
            None => fail(ErrorKind::Truncated),
        }
    }

    fn view_in<'a>(_: &'a [u8], bytes: &'a [u8]) -> Result<View<'a>> {
        if FAULT == NOT_AGAIN {
            return fail(ErrorKind::Malformed);
        }
        let View { octets, .. } = Self::view(bytes)?;
        Ok(View {
            octets,
            again: true,
        })
    }

    fn view_truncated(bytes: &[u8]) -> Result<View<'_>> {
        Self::view(bytes)
    }

    fn parse<'a>(packet: &Self::Packet<'a>) -> Result<Repr<'a>> {
        let [first, nibbles, _, _, rest @ ..] = packet.octets else {
            return fail(ErrorKind::Malformed);
        };
        if FAULT == NO_REPR || FAULT == NO_REPR_AGAIN && packet.again {
            return fail(ErrorKind::Malformed);
        }
        let (kind, code) = Self::nibbles(*nibbles);
        let other = FAULT == LOSSY || FAULT == OTHER_AGAIN && packet.again;
        let rest = rest.split_at_checked(Self::header_len(packet.octets) - 4);
        Ok(Repr {
            first: *first,
            kind: kind ^ u8::from(other),
            code,
            rest: rest.map_or(&[], |(rest, _)| rest),
            len: packet.octets.len(),
        })
    }

    fn emit<'b>(repr: &Repr<'_>, buf: &'b mut [u8]) -> Result<&'b mut [u8]> {
        let kind_fits = repr.kind < 16 || FAULT == KIND_OVERFLOWS;
        let code_fits = repr.code < 16 || FAULT == CODE_OVERFLOWS;
        if FAULT == NOT_EMITTED || !kind_fits || !code_fits {
            return fail(ErrorKind::OutOfRange);
        }
        let reserved = match buf {
            [_, _, reserved, ..] if FAULT == UNWRITTEN => *reserved,
            _ => 0,
        };
        let nibbles = Self::octet(repr.kind, repr.code);
        if FAULT == SHORT_EMIT {
            return put(&[repr.first, nibbles, 0], buf, AT);
        }
        put(
            repr.rest,
            put(&[repr.first, nibbles, reserved, 0], buf, AT)?,
            AT,
        )
    }

    fn lengths(repr: &Repr<'_>) -> (usize, usize) {
        (
            4 + repr.rest.len() + usize::from(FAULT == REPR_HEADER_LEN),
            repr.len + usize::from(FAULT == REPR_LEN),
        )
    }

    fn octets<'a>(packet: &Self::Packet<'a>) -> (&'a [u8], usize) {
        let octets = packet.octets;
        match FAULT {
            SHORT_HEADER => (octets, 3),
            LONG_HEADER => (octets, octets.len() + 1),
            LONG_PACKET => (&[0; 64], 4),
            LONGER_AGAIN if packet.again => (octets, 5),
            _ => (octets, Self::header_len(octets)),
        }
    }
}

impl<const SHAPE: u8, const FAULT: u8> Lawful for Probe<SHAPE, FAULT> {
    const OPEN: bool = SHAPE == OPEN;

    fn open_header(_: &View<'_>) -> bool {
        SHAPE == OPEN_HEADER
    }

    fn get(packet: &View<'_>, field: usize) -> u64 {
        packet.octets.get(field).copied().unwrap_or(0).into()
    }

    fn set(bytes: &mut [u8], field: usize, source: &[u8; 16]) -> Option<bool> {
        let [first, nibbles, reserved, ..] = bytes else {
            return None;
        };
        let (kind, code) = Self::nibbles(*nibbles);
        let new = laws::number(source) as u8 & 0x0f;
        *nibbles = match field {
            1 => Self::octet(new, code),
            2 => Self::octet(kind, new),
            // A field without a fixed place is not asked for.
            5 => return Some(false),
            _ => return None,
        };
        match (FAULT, SHAPE, field) {
            (BIT_BEFORE, LITTLE, 1) => *first ^= 0x80,
            (BIT_BEFORE, _, 1) => *first ^= 0x01,
            (BIT_BEHIND, LITTLE, 1) => *nibbles ^= 0x10,
            (BIT_BEHIND, _, 1) => *nibbles ^= 0x08,
            (LAST_BIT, LITTLE, 2) => *reserved ^= 0x80,
            (LAST_BIT, _, 2) => *reserved ^= 0x01,
            _ => {}
        }
        Self::sum(bytes);
        Some(FAULT != DEAF_SETTER || field != 2)
    }

    fn overflow(repr: &mut Repr<'_>, field: usize) -> bool {
        match field {
            1 => repr.kind = 16,
            2 => repr.code = 16,
            _ => return false,
        }
        true
    }

    fn shape(bytes: &mut [u8]) {
        if let Some(first) = bytes.first_mut() {
            *first = 4;
        }
    }

    fn canon(header: &mut [u8]) {
        if let [_, _, reserved, sum, ..] = header {
            *reserved = u8::from(FAULT == UNCANONICAL);
            *sum = 0;
        }
    }

    fn change(bytes: &mut [u8]) -> Option<bool> {
        if let [_, _, _, _, payload, ..] = bytes {
            *payload = payload.wrapping_add(1);
        }
        Self::sum(bytes);
        match FAULT {
            NO_CHECKSUM => None,
            _ => Some(FAULT != UNVERIFIED),
        }
    }
}

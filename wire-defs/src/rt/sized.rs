//! A header that is made by hand, for tests of the runtime: its first octet says how long it is.

#![allow(clippy::arithmetic_side_effects)]

use super::{BitOrder, Error, ErrorKind, Field, Header, Result, Site, octets};

const AT: &Site = &Site {
    header: "Sized",
    field: "",
};

/// So many octets follow as the first says; `0xff` is malformed when it is parsed.
pub(super) struct Sized;

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Octets<'a>(pub(super) &'a [u8]);

impl Header for Sized {
    const NAME: &'static str = "Sized";
    const MIN_LEN: usize = 1;
    const MAX_LEN: usize = 256;
    const ORDER: BitOrder = BitOrder::Msb0;
    const DIAGRAM: &'static str = "";
    const FIELDS: &'static [Field] = &[];
    type Packet<'a> = &'a [u8];
    type Repr<'a> = Octets<'a>;

    fn view(bytes: &[u8]) -> Result<&[u8]> {
        let len = bytes.first().map_or(1, |len| usize::from(*len) + 1);
        match bytes.split_at_checked(len) {
            Some((packet, _)) => Ok(packet),
            None => Err(Error::new(ErrorKind::Truncated, AT)),
        }
    }

    fn view_in<'a>(_: &'a [u8], bytes: &'a [u8]) -> Result<&'a [u8]> {
        Self::view(bytes)
    }

    fn view_truncated(bytes: &[u8]) -> Result<&[u8]> {
        match bytes {
            [] => Err(Error::new(ErrorKind::Truncated, AT)),
            _ => Ok(Self::view(bytes).unwrap_or(bytes)),
        }
    }

    fn parse<'a>(packet: &Self::Packet<'a>) -> Result<Octets<'a>> {
        match *packet {
            [_, 0xff, ..] => Err(Error::new(ErrorKind::Malformed, AT)),
            [_, rest @ ..] => Ok(Octets(rest)),
            [] => Err(Error::new(ErrorKind::Truncated, AT)),
        }
    }

    fn emit<'b>(repr: &Octets<'_>, buf: &'b mut [u8]) -> Result<&'b mut [u8]> {
        octets::put(repr.0, octets::put(&[repr.0.len() as u8], buf, AT)?, AT)
    }

    fn lengths(repr: &Octets<'_>) -> (usize, usize) {
        (repr.0.len() + 1, repr.0.len() + 1)
    }

    fn octets<'a>(packet: &Self::Packet<'a>) -> (&'a [u8], usize) {
        (packet, packet.len())
    }
}

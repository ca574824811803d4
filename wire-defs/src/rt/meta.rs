//! What a declaration says about itself: names, sizes and fields as constants.

use super::Result;

/// A declared header: the schema type that carries its constants and names its types.
pub trait Header {
    /// Name of the declared item.
    const NAME: &'static str;
    /// Octets of the smallest header.
    const MIN_LEN: usize;
    /// Octets of the largest header, `usize::MAX` if there is no limit.
    const MAX_LEN: usize;
    /// How bits and octets of numbers are ordered.
    const ORDER: BitOrder;
    /// The layout as RFCs draw it, 32 bits a row.
    const DIAGRAM: &'static str;
    /// The fields in the order of the wire.
    const FIELDS: &'static [Field];
    /// The zero-copy view.
    type Packet<'a>: Copy;
    /// The representation.
    type Repr<'a>: Copy + PartialEq + Default + core::fmt::Debug;
    /// Checks and views octets.
    fn view<'a>(bytes: &'a [u8]) -> Result<Self::Packet<'a>>;
    /// Checks and views octets that are part of the message `whole`, as names refer back to it.
    fn view_in<'a>(whole: &'a [u8], bytes: &'a [u8]) -> Result<Self::Packet<'a>>;
    /// The same, and what follows the packet; nothing follows a packet of no octets, which would be
    /// walked forever.
    #[inline]
    fn view_first<'a>(whole: &'a [u8], bytes: &'a [u8]) -> Result<(Self::Packet<'a>, &'a [u8])> {
        let packet = Self::view_in(whole, bytes)?;
        let after = match bytes.split_at_checked(Self::octets(&packet).0.len()) {
            Some((record, after)) if !record.is_empty() => after,
            _ => &[],
        };
        Ok((packet, after))
    }
    /// Checks and views octets whose payload may end early.
    fn view_truncated<'a>(bytes: &'a [u8]) -> Result<Self::Packet<'a>>;
    /// What the header of a packet says.
    fn parse<'a>(packet: &Self::Packet<'a>) -> Result<Self::Repr<'a>>;
    /// Writes the header and returns the rest of the buffer.
    fn emit<'b>(repr: &Self::Repr<'_>, buf: &'b mut [u8]) -> Result<&'b mut [u8]>;
    /// Octets of the header, and of header and payload.
    fn lengths(repr: &Self::Repr<'_>) -> (usize, usize);
    /// The octets of a packet, and how many of them are its header.
    fn octets<'a>(packet: &Self::Packet<'a>) -> (&'a [u8], usize);
}

/// How the bits of a header are ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BitOrder {
    /// The highest bit and octet come first, as in the diagrams of RFCs.
    Msb0,
    /// The lowest bit and octet come first, as in IEEE 802.15.4.
    Lsb0,
}

/// One field of a declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Name as declared.
    pub name: &'static str,
    /// What the field is for.
    pub role: FieldRole,
    /// First bit and number of bits, if the place is fixed.
    pub bits: Option<(u32, u32)>,
}

impl Field {
    /// A field at a fixed place.
    #[must_use]
    pub const fn fixed(name: &'static str, role: FieldRole, first: u32, bits: u32) -> Self {
        Self {
            name,
            role,
            bits: Some((first, bits)),
        }
    }

    /// A field whose place depends on others.
    #[must_use]
    pub const fn open(name: &'static str, role: FieldRole) -> Self {
        Self {
            name,
            role,
            bits: None,
        }
    }
}

/// What a field is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldRole {
    /// A value of the Repr.
    Value,
    /// Ignored, and written as zero.
    Reserved,
    /// A constant that is checked.
    Constant,
    /// A constant that is written, but not checked.
    Skipped,
    /// The length of something else.
    Length,
    /// The number of items of something else.
    Count,
    /// Follows from the values: presence bits and tags of forms.
    Control,
    /// A checksum.
    Checksum,
    /// The payload.
    Payload,
    /// What follows the payload.
    Trailer,
}

/// A declared open enum.
pub trait Codes {
    /// Name of the declared item.
    const NAME: &'static str;
    /// Numbers and names in the order of the declaration.
    const CODES: &'static [(u64, &'static str)];
}

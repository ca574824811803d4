//! The checked layout of an item: what emission works from. Every value here is consistent.

use crate::parse::expr::Expr;
use crate::parse::ty::{Ty, TyKind};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use syn::ext::IdentExt;
use syn::{Attribute, Visibility};

/// The fields of a header, of an option or of a message body, with their places.
pub(crate) struct Layout {
    pub(crate) members: Vec<Member>,
    /// Length in octets of the fixed run at the start.
    pub(crate) fixed_len: usize,
    /// The fixed run cut where a field ends at the end of an octet.
    pub(crate) groups: Vec<Group>,
    pub(crate) regions: Regions,
}

/// A field with its place and role.
pub(crate) struct Member {
    pub(crate) name: Ident,
    pub(crate) vis: Visibility,
    pub(crate) docs: Vec<Attribute>,
    pub(crate) ty: Ty,
    pub(crate) role: Role,
    pub(crate) place: Place,
    /// Factor between the raw value and the public one.
    pub(crate) scale: u64,
    /// The octet that the field must start at.
    pub(crate) at: Option<(u64, Span)>,
    pub(crate) check: Option<Expr>,
}

/// What a field is for.
pub(crate) enum Role {
    Value,
    Reserved,
    Eq(Expr),
    Skip(Expr),
    Len(Vec<Target>),
    Checksum(ChecksumSpec),
    Payload,
    /// A field of the shared header, of this name.
    Hdr(Ident),
}

/// Where a field stands.
#[derive(Clone, Copy)]
pub(crate) enum Place {
    /// In the fixed run, at this bit.
    Fixed { bit: u32, bits: u32 },
    /// After the fixed run, in order.
    Var(Extent),
    /// In the shared header of a message.
    Header,
}

/// Where a field of variable length ends.
#[derive(Clone, Copy)]
pub(crate) enum Extent {
    /// After as many octets as this member says.
    Len(usize, Affine),
    /// At the end of the header region.
    RestOfHeader,
    /// At the end of everything.
    Rest,
}

/// `value * mul + add` octets.
#[derive(Clone, Copy)]
pub(crate) struct Affine {
    pub(crate) mul: u64,
    pub(crate) add: i64,
}

/// A region or field whose length a field states.
pub(crate) struct Target {
    pub(crate) name: Ident,
    pub(crate) region: Region,
    pub(crate) affine: Affine,
}

/// What a length measures.
#[derive(Clone)]
pub(crate) enum Region {
    Header,
    Packet,
    Payload,
    Field(Ident),
}

/// Which members state the lengths of the regions.
#[derive(Default)]
pub(crate) struct Regions {
    pub(crate) header: Option<(usize, Affine)>,
    pub(crate) packet: Option<(usize, Affine)>,
    pub(crate) payload: Option<(usize, Affine)>,
}

/// An internet checksum.
pub(crate) struct ChecksumSpec {
    /// Over the packet; otherwise over the header.
    pub(crate) packet: bool,
    /// Protocol number of the pseudo header.
    pub(crate) pseudo: Option<u8>,
    pub(crate) zero_is_none: bool,
}

/// Octets of the fixed run that are read and written together.
pub(crate) struct Group {
    pub(crate) byte: usize,
    pub(crate) bytes: usize,
    /// Indices of members.
    pub(crate) members: Vec<usize>,
}

impl Member {
    /// The name as text, without the mark of a raw identifier.
    pub(crate) fn text(&self) -> String {
        self.name.unraw().to_string()
    }

    /// Whether the value is in the Repr.
    pub(crate) fn in_repr(&self) -> bool {
        matches!(self.role, Role::Value | Role::Hdr(_))
    }

    /// Whether the member is the payload of a header.
    pub(crate) fn is_payload(&self) -> bool {
        matches!(self.role, Role::Payload)
    }

    /// Whether the member follows the fixed run and is not a payload.
    pub(crate) fn is_var(&self) -> bool {
        matches!(self.place, Place::Var(_)) && !self.is_payload()
    }

    /// Whether the member stands in the fixed run.
    pub(crate) fn is_fixed(&self) -> bool {
        matches!(self.place, Place::Fixed { .. })
    }

    /// Bit offset and width in the fixed run; zero for other members.
    pub(crate) fn position(&self) -> (u32, u32) {
        match self.place {
            Place::Fixed { bit, bits } => (bit, bits),
            _ => (0, self.ty.bits().unwrap_or(0)),
        }
    }

    /// The integer type of the public value of an integer field.
    pub(crate) fn public_int(&self) -> Option<TokenStream> {
        match self.ty.kind {
            TyKind::Int(bits) => {
                let max = max_of(bits).saturating_mul(self.scale);
                Some(storage(64 - max.leading_zeros()))
            }
            _ => None,
        }
    }
}

impl Layout {
    /// The members that follow the fixed run, without the payload.
    pub(crate) fn vars(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(|m| m.is_var())
    }

    /// The payload.
    pub(crate) fn payload(&self) -> Option<&Member> {
        self.members.iter().find(|m| m.is_payload())
    }

    /// The members of the fixed run.
    pub(crate) fn fixed(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(|m| m.is_fixed())
    }

    /// The members that a Repr has.
    pub(crate) fn values(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(|m| m.in_repr())
    }

    /// The checksum field.
    pub(crate) fn checksum(&self) -> Option<(&Member, &ChecksumSpec)> {
        self.members.iter().find_map(|m| match &m.role {
            Role::Checksum(spec) => Some((m, spec)),
            _ => None,
        })
    }

    /// Whether the values borrow octets.
    pub(crate) fn borrows(&self) -> bool {
        self.values().any(|m| m.ty.borrows())
    }
}

/// The smallest integer type of at least `bits` bits.
pub(crate) fn storage(bits: u32) -> TokenStream {
    let name = format_ident!("u{}", storage_bits(bits));
    quote!(#name)
}

/// Width of the smallest integer type of at least `bits` bits.
pub(crate) fn storage_bits(bits: u32) -> u32 {
    bits.next_power_of_two().clamp(8, 64)
}

/// The largest value of `bits` bits.
pub(crate) fn max_of(bits: u32) -> u64 {
    match bits {
        0 => 0,
        1..=63 => (1 << bits) - 1,
        _ => u64::MAX,
    }
}

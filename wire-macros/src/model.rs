//! The checked layout of an item: what emission works from. Every value here is consistent.

use crate::parse::expr::Expr;
use crate::parse::ty::{Tail, Ty, TyKind};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use syn::ext::IdentExt;
use syn::{Attribute, Visibility};

/// The fields of a header, of an option or of a message body, with their places.
pub(crate) struct Layout {
    pub(crate) members: Vec<Member>,
    /// Runs of fields of fixed width: the one at the start, perhaps empty, then those that follow
    /// a field of variable length.
    pub(crate) runs: Vec<Run>,
    pub(crate) regions: Regions,
    /// Integers have their lowest octet first, and bits are counted from the lowest.
    pub(crate) little: bool,
}

/// Fields of fixed width, one after the other.
#[derive(Default)]
pub(crate) struct Run {
    /// Length in octets.
    pub(crate) len: usize,
    /// The run cut where a field ends at the end of an octet.
    pub(crate) groups: Vec<Group>,
}

/// What follows the first run, in order; the payload and what follows it are not among it.
#[derive(Clone, Copy)]
pub(crate) enum Piece<'m> {
    /// A run, by index.
    Run(usize),
    /// A field of variable length.
    Var(&'m Member),
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
    /// The condition under which an optional field is there.
    pub(crate) when: Option<Expr>,
    /// The field that chooses the form.
    pub(crate) tag: Option<Ident>,
    /// The field whose significant bits this value counts.
    pub(crate) measure: Option<Measure>,
    /// The layout depends on the value: there is no setter.
    pub(crate) steers: bool,
}

/// `len(field = ceil(self / unit))`: a value that also says how long a field is.
pub(crate) struct Measure {
    pub(crate) name: Ident,
    pub(crate) unit: u64,
    /// The field may be longer than that.
    pub(crate) relaxed: bool,
}

/// What a field is for.
pub(crate) enum Role {
    Value,
    Reserved,
    Eq(Expr),
    Skip(Expr),
    Len(Vec<Target>),
    /// Number of the items of another field.
    Count(Target),
    /// Follows from the values by this expression.
    From(Expr),
    /// Says which form a field has.
    TagOf(Ident),
    Checksum(ChecksumSpec),
    Payload,
    /// So many octets after the payload.
    Trailer(Expr),
    /// A field of the shared header, of this name.
    Hdr(Ident),
}

/// Where a field stands.
#[derive(Clone, Copy)]
pub(crate) enum Place {
    /// In a run, at this bit of it.
    Fixed { run: usize, bit: u32, bits: u32 },
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
    /// After as many items as this member says.
    Count(usize, Affine),
    /// After the octets of as many bits as this member says.
    Bits(usize, u64),
    /// The field finds its end itself: optional fields, forms, codecs.
    Own,
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

    /// Whether the member follows the payload.
    pub(crate) fn is_trailer(&self) -> bool {
        matches!(self.role, Role::Trailer(_))
    }

    /// Whether the member has a variable length and stands before the payload.
    pub(crate) fn is_var(&self) -> bool {
        matches!(self.place, Place::Var(_)) && !self.is_payload() && !self.is_trailer()
    }

    /// Whether the member stands in a run.
    pub(crate) fn is_fixed(&self) -> bool {
        matches!(self.place, Place::Fixed { .. })
    }

    /// Whether the member stands in this run.
    pub(crate) fn is_in(&self, index: usize) -> bool {
        matches!(self.place, Place::Fixed { run, .. } if run == index)
    }

    /// The run that the member stands in.
    pub(crate) fn run(&self) -> usize {
        match self.place {
            Place::Fixed { run, .. } => run,
            _ => 0,
        }
    }

    /// Bit offset and width in the run; an offset of zero for other members.
    pub(crate) fn position(&self) -> (u32, u32) {
        match self.place {
            Place::Fixed { bit, bits, .. } => (bit, bits),
            _ => (0, self.ty.bits().unwrap_or(0)),
        }
    }

    /// The member as if it stood alone in a run of its own, with this type.
    pub(crate) fn alone(&self, ty: &Ty) -> Member {
        let bits = ty.bits().unwrap_or(0);
        Member {
            name: self.name.clone(),
            vis: self.vis.clone(),
            docs: Vec::new(),
            ty: ty.clone(),
            role: Role::Value,
            place: Place::Fixed {
                run: 0,
                bit: 0,
                bits,
            },
            scale: 1,
            at: None,
            check: None,
            when: None,
            tag: None,
            measure: None,
            steers: false,
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
    /// Length in octets of the run at the start.
    pub(crate) fn fixed_len(&self) -> usize {
        self.run_len(0)
    }

    /// Length in octets of all runs: no header is shorter.
    pub(crate) fn min_len(&self) -> usize {
        self.runs.iter().map(|run| run.len).sum()
    }

    /// Length in octets of a run.
    pub(crate) fn run_len(&self, run: usize) -> usize {
        self.runs.get(run).map_or(0, |run| run.len)
    }

    /// A layout of one member alone.
    pub(crate) fn of_one(member: Member, little: bool) -> Self {
        let len = member.ty.bits().unwrap_or(0) as usize / 8;
        let group = Group {
            byte: 0,
            bytes: len,
            members: vec![0],
        };
        Self {
            members: vec![member],
            runs: vec![Run {
                len,
                groups: vec![group],
            }],
            regions: Regions::default(),
            little,
        }
    }

    /// The fields of variable length before the payload.
    pub(crate) fn vars(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(|m| m.is_var())
    }

    /// What follows the first run, in order.
    pub(crate) fn pieces(&self) -> Vec<Piece<'_>> {
        let mut pieces = Vec::new();
        let mut last = 0;
        for member in &self.members {
            match member.place {
                Place::Fixed { run, .. } if run > last => {
                    last = run;
                    pieces.push(Piece::Run(run));
                }
                _ if member.is_var() => pieces.push(Piece::Var(member)),
                _ => {}
            }
        }
        pieces
    }

    /// The payload.
    pub(crate) fn payload(&self) -> Option<&Member> {
        self.members.iter().find(|m| m.is_payload())
    }

    /// What follows the payload, and its length.
    pub(crate) fn trailer(&self) -> Option<(&Member, &Expr)> {
        self.members.iter().find_map(|m| match &m.role {
            Role::Trailer(len) => Some((m, len)),
            _ => None,
        })
    }

    /// The field after which the trailer is cut from the end: the last one that its length depends
    /// on, so that what follows ends where the trailer begins. None if that is after all fields.
    pub(crate) fn cut_after(&self) -> Option<&Member> {
        let (_, len) = self.trailer()?;
        if self.regions.header.is_some() {
            return None;
        }
        self.vars().filter(|var| len.mentions(&var.name)).last()
    }

    /// The members of fixed width.
    pub(crate) fn fixed(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(|m| m.is_fixed())
    }

    /// The members of a run.
    pub(crate) fn in_run(&self, run: usize) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(move |m| m.is_in(run))
    }

    /// The members that a Repr has.
    pub(crate) fn values(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(|m| m.in_repr())
    }

    /// A member by name.
    pub(crate) fn named(&self, name: &Ident) -> Option<&Member> {
        self.members.iter().find(|m| m.name == *name)
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

    /// Whether fields refer to octets elsewhere in the message.
    pub(crate) fn needs_whole(&self) -> bool {
        self.vars().any(|m| {
            let ty = match &m.ty.kind {
                TyKind::Optional(inner) => inner,
                _ => &m.ty,
            };
            matches!(ty.kind, TyKind::Tail(Tail::Records(..) | Tail::Codec(..)))
        })
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

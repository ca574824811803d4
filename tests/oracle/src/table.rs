//! Which field of tshark's is which field of ours, and how the two write the same value.
//!
//! A protocol is added with a [`Map`] for each layer that our printers name. A layer without one,
//! and a field without a [`Row`], is a failure: nothing is left out in silence.

mod app;
mod dhcpv6;
mod icmpv6;
mod igmp;
mod ip;
mod ipv6_ext;
mod link;
mod lowpan;
mod rpl;
mod transport;
mod wpan;

use litz_wire::rt::Field;

/// One layer of ours and the protocol of tshark's that says the same.
#[derive(Clone, Copy, Debug)]
pub struct Map {
    /// Name of the layer as our printers have it.
    pub layer: &'static str,
    /// The layer above it in our walk, where the name alone is not enough; `""` for any.
    pub under: &'static str,
    /// tshark's protocol; `a|b` is either of the two.
    pub proto: &'static str,
    /// tshark shows this layer in the protocol of the layer before it.
    pub within: bool,
    /// The layout, if every field has a fixed place: tshark's places are compared with it.
    pub fields: &'static [Field],
    /// Which field is which.
    pub rows: &'static [Row],
    /// Why our walk may end here although tshark goes on with a protocol that has a map.
    pub last: Option<&'static str>,
    /// The protocol in which tshark shows the same again, decompressed, behind this one; `a|b` is
    /// either.
    pub again: &'static str,
    /// Why tshark may show no protocol of what our walk finds in this one.
    pub hidden: Option<&'static str>,
    /// Only what stands before, or behind, the last field of such a name is of this layer; `""`
    /// for all.
    pub before: &'static str,
    /// See `before`.
    pub behind: &'static str,
}

impl Map {
    /// A map of a layer with a protocol of its own.
    pub const fn new(layer: &'static str, proto: &'static str, rows: &'static [Row]) -> Self {
        Self {
            layer,
            under: "",
            proto,
            within: false,
            fields: &[],
            rows,
            last: None,
            again: "",
            hidden: None,
            before: "",
            behind: "",
        }
    }

    /// A map of a message, which tshark shows in the protocol of the header before it.
    pub const fn message(
        layer: &'static str,
        under: &'static str,
        proto: &'static str,
        rows: &'static [Row],
    ) -> Self {
        Self {
            layer,
            under,
            proto,
            within: true,
            fields: &[],
            rows,
            last: None,
            again: "",
            hidden: None,
            before: "",
            behind: "",
        }
    }

    /// Whether tshark's protocol is that of the map.
    pub fn is(&self, proto: &str) -> bool {
        self.proto.split('|').any(|name| name == proto)
    }

    /// The same with a layout.
    pub const fn at(self, fields: &'static [Field]) -> Self {
        Self { fields, ..self }
    }

    /// The same, and our walk may end here.
    pub const fn last(self, reason: &'static str) -> Self {
        Self {
            last: Some(reason),
            ..self
        }
    }

    /// The same, and tshark may show nothing of what is in it.
    pub const fn hidden(self, reason: &'static str) -> Self {
        Self {
            hidden: Some(reason),
            ..self
        }
    }

    /// The same, and the fields of this layer stand before the last one of this name.
    pub const fn before(self, field: &'static str) -> Self {
        Self {
            before: field,
            ..self
        }
    }

    /// The same, and the fields of this layer stand behind the last one of this name.
    pub const fn behind(self, field: &'static str) -> Self {
        Self {
            behind: field,
            ..self
        }
    }

    /// The same, and tshark shows the decompressed header as a protocol of its own.
    pub const fn again(self, proto: &'static str) -> Self {
        Self {
            again: proto,
            ..self
        }
    }
}

/// One field.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Our name; `options/Mss/mss` is a field of an option, `options/A|B/c` of two, `options/*`
    /// the kinds of a list.
    pub ours: &'static str,
    /// tshark's name; `a|b` is whichever of the two is there, or both in a list;
    /// `?a` is compared only where tshark shows it.
    pub theirs: &'static str,
    /// How the values are written.
    pub how: How,
}

/// How two values are compared.
#[derive(Clone, Copy, Debug)]
pub enum How {
    /// Numbers; ours may have a unit behind it.
    Number,
    /// Our number is a multiple of theirs.
    Times(u64),
    /// Their number is a multiple of ours.
    Units(u64),
    /// Numbers; theirs is the last field of the name.
    Last,
    /// Our number and this make theirs.
    Plus(u64),
    /// `true` and `false`, theirs as 1 and 0.
    Bool,
    /// The same text, upper and lower case alike.
    Text,
    /// Ours is the number that their octets are.
    Value,
    /// The whole part of ours is the number that so many of their octets are.
    Whole(usize),
    /// Ours is a power of two, `2^8 s`; theirs is the exponent.
    Exponent,
    /// Octets: ours as `Hex`, which cuts them short, as a list of numbers or as an
    /// address.
    Octets,
    /// A name of a `#[codes]` enum, theirs as the number.
    Codes(&'static [(u64, &'static str)]),
    /// Our set flags joined by `|`; the fields of theirs that are the single flags.
    Flags(&'static [(&'static str, &'static str)]),
    /// The kinds of a list: our variants and their numbers, `kind` of an unknown one; then the
    /// kinds that tshark knows, if it is silent about others. What follows an end mark, which is
    /// named `End`, is not looked at.
    Kinds(&'static [(&'static str, u64)], &'static [u64]),
    /// An address that is whole, or only the octets that are carried, or a name where none are:
    /// theirs is the whole address, in these octets.
    Carried,
    /// A form: what the variant that is there holds.
    Form(&'static [Case]),
    /// A list, of the layer or of its options: our items against all of tshark's fields of that
    /// name.
    List,
    /// Not compared, for this reason.
    Not(&'static str),
}

/// What a variant of a form holds.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// The variant; `a|b` is any of these, `""` is one of a single value, which is printed alone.
    pub variant: &'static str,
    /// The field of the variant; `""` for that single value.
    pub field: &'static str,
    /// tshark's name; `""` if there is nothing to compare, `!a|b` if tshark must show none.
    pub theirs: &'static str,
    /// How the values are written.
    pub how: How,
}

const fn case(variant: &'static str, field: &'static str, theirs: &'static str, how: How) -> Case {
    Case {
        variant,
        field,
        theirs,
        how,
    }
}

const fn row(ours: &'static str, theirs: &'static str, how: How) -> Row {
    Row { ours, theirs, how }
}

/// The map of a layer below another.
pub fn map(layer: &str, under: &str) -> Option<&'static Map> {
    let all = || ALL.iter().flat_map(|maps| maps.iter());
    let mut found = all().filter(|map| map.layer == layer);
    found.find(|map| map.under.is_empty() || map.under == under)
}

/// Whether some layer of ours has this protocol of tshark's.
pub fn is_mapped(proto: &str) -> bool {
    ALL.iter()
        .flat_map(|maps| maps.iter())
        .any(|map| map.proto == proto)
}

/// Every map.
const ALL: [&[Map]; 11] = [
    link::MAPS,
    wpan::MAPS,
    lowpan::MAPS,
    ip::MAPS,
    igmp::MAPS,
    ipv6_ext::MAPS,
    icmpv6::MAPS,
    rpl::MAPS,
    transport::MAPS,
    app::MAPS,
    dhcpv6::MAPS,
];

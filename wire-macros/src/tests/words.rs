//! The words for each mistake that no misuse of `tests/tests/ui` makes: one declaration each, and
//! what is said of it.

use super::declared::compiled;
use proc_macro2::TokenStream;
use quote::quote;

/// Fails unless each declaration under the attribute is refused in these words.
fn refused(name: &str, cases: impl IntoIterator<Item = (TokenStream, TokenStream, &'static str)>) {
    for (args, item, words) in cases {
        let shown = format!("#[{name}({args})] {item}");
        let said = compiled(name, args, item).err().unwrap_or_default();
        let said: Vec<String> = said.into_iter().map(|(message, ..)| message).collect();
        assert_eq!(said, [words], "{shown}");
    }
}

/// The same for the fields of a header of unlimited size.
fn fields(cases: impl IntoIterator<Item = (TokenStream, &'static str)>) {
    let header = |fields: TokenStream| quote!(pub struct Sample<'a> { #fields });
    let cases = cases.into_iter();
    refused(
        "header",
        cases.map(|(fields, words)| (quote!(be), header(fields), words)),
    );
}

/// The same for the type of a field.
fn types(cases: impl IntoIterator<Item = (TokenStream, &'static str)>) {
    let cases = cases.into_iter();
    fields(cases.map(|(ty, words)| (quote!(pub one: #ty, #[payload] pub rest: &'a [u8]), words)));
}

#[test]
fn codes_are_names_of_numbers() {
    let cases = [
        (
            quote!(u8),
            quote!(
                struct Sample {
                    one: u8,
                }
            ),
            "`#[codes]` declares an enum: names of values",
        ),
        (
            quote!(u8),
            quote!(
                enum Sample {
                    One(u8) = 1,
                }
            ),
            "a code is a number: no fields",
        ),
        (
            quote!(u8),
            quote!(
                enum Sample {
                    One = 1 + 1,
                }
            ),
            "a code is written as a literal",
        ),
        (
            quote!(u8),
            quote!(
                enum Sample {
                    One = true,
                }
            ),
            "a code is written as a literal",
        ),
        (
            quote!(u65),
            quote!(
                enum Sample {
                    One = 1,
                }
            ),
            "1 to 64 bits",
        ),
        (
            quote!(i8),
            quote!(
                enum Sample {
                    One = 1,
                }
            ),
            "expected a width such as `u8`",
        ),
        (
            quote!(),
            quote!(
                enum Sample {
                    One = 1,
                }
            ),
            "give the width, such as `u8`",
        ),
    ];
    refused("codes", cases);
}

#[test]
fn groups_of_bits_are_values_of_bits() {
    let cases = [
        (
            quote!(
                enum Sample {
                    One,
                }
            ),
            "`#[bits]` declares a struct of sub-fields",
        ),
        (
            quote!(
                struct Sample {
                    #[eq(1)]
                    one: u4,
                    two: u4,
                }
            ),
            "a field of a bit group is a value or reserved (`_name`)",
        ),
        (
            quote!(
                struct Sample {
                    one: [u8; 1],
                }
            ),
            "a bit group has `bool`, `uN` and `As<uN, T>` fields",
        ),
        (
            quote!(
                struct Sample<'a> {
                    one: u8,
                    two: &'a [u8],
                }
            ),
            "a group of bits has fields of fixed width only",
        ),
        (
            quote!(
                struct Sample {
                    #[len(packet)]
                    one: u4,
                    two: u4,
                }
            ),
            "only a header has this region; name a field",
        ),
    ];
    // What is no value is said to be none, too.
    for (item, words) in cases {
        let said = compiled("bits", quote!(u8), item).err().unwrap_or_default();
        assert_eq!(said.first().map(|said| said.0.as_str()), Some(words));
    }
}

/// Fails unless forms of these variants beside one of the tag 0 are refused, first in these words.
fn forms(cases: impl IntoIterator<Item = (TokenStream, TokenStream, &'static str)>) {
    for (args, variants, words) in cases {
        let item = quote!(enum Sample { #[tag(0)] One, #variants });
        let said = compiled("forms", args, item).err().unwrap_or_default();
        assert_eq!(said.first().map(|said| said.0.as_str()), Some(words));
    }
}

#[test]
fn forms_have_a_tag() {
    let two = quote!(
        #[tag(1)]
        Two(u8)
    );
    let unknown = "unknown argument of `forms`: it takes `tag: uN`, `le`, `reserved(…)` and \
        `crate = path`";
    forms([
        (
            quote!(),
            two.clone(),
            "say how wide the tag is: `#[forms(tag: u2)]`",
        ),
        (quote!(tag: u9), two.clone(), "a tag is `u1` to `u8`"),
        (
            quote!(tag: u1),
            quote!(Two),
            "say which tag this is: `#[tag(N)]`",
        ),
        (
            quote!(tag: u1),
            quote!(
                #[tag(2)]
                Two
            ),
            "2 does not fit u1",
        ),
        (
            quote!(tag: u1, reserved(1)),
            two.clone(),
            "the tag 1 is reserved",
        ),
        (
            quote!(tag: u2, reserved(3..=2)),
            two.clone(),
            "this range is empty",
        ),
        (quote!(tag: u1, width = 1), two, unknown),
    ]);
    let item = quote!(
        struct Sample {
            one: u8,
        }
    );
    let words = "`#[forms]` declares an enum: a variant per encoding";
    refused("forms", [(quote!(tag: u1), item, words)]);
}

#[test]
fn forms_have_fields_of_fixed_width() {
    forms([
        (
            quote!(tag: u1),
            quote!(
                #[tag(1)]
                #[check(one != 0)]
                Two { one: u8 }
            ),
            "a form takes every value of its fields",
        ),
        (
            quote!(tag: u1),
            quote!(
                #[tag(1)]
                #[kind(1)]
                Two
            ),
            "unknown attribute: a variant has `tag` and `check`",
        ),
        (
            quote!(tag: u1),
            quote!(
                #[tag(1)]
                Two {
                    #[eq(1)]
                    one: u8
                }
            ),
            "a field of a form is a value or reserved (`_name`)",
        ),
    ]);
}

/// A family with these arguments and variants, and one for what is unknown.
fn family(variants: TokenStream) -> TokenStream {
    quote!(pub enum Sample<'a> { #variants #[unknown] Unknown { kind: u8, data: &'a [u8] } })
}

#[test]
fn a_family_says_how_wide_kinds_and_lengths_are() {
    let one = || {
        family(quote!(
            #[kind(1)]
            One,
        ))
    };
    let unknown = "unknown argument of `options`: it takes `kind: u8`, \
        `len: u8 = item | body | item / N`, `pad = Variant`, `padn = Variant`, `unit = N`, \
        `offset = N`, `set = Name`, `on_error = reject | stop` and `crate = path`";
    let cases = [
        (
            quote!(len: u8 = item),
            one(),
            "say how wide the kind is: `kind: u8`",
        ),
        (
            quote!(kind: u8),
            one(),
            "say what the length counts: `len: u8 = item` or `body`",
        ),
        (
            quote!(kind: u8, len: u8 = item),
            quote!(
                struct Sample {
                    one: u8,
                }
            ),
            "`#[options]` declares an enum: a variant per kind",
        ),
        (
            quote!(kind: u8, len: u8 = item, pad = Two),
            one(),
            "there is no kind `Two`",
        ),
        (
            quote!(kind: u8, len: u8 = item, padn = Two),
            one(),
            "there is no kind `Two` with a length",
        ),
        (
            quote!(kind: u8, len: u8 = item, on_error = stay),
            one(),
            "`reject` or `stop`",
        ),
        (quote!(kind: u8, len: u8 = item, width = 1), one(), unknown),
    ];
    refused("options", cases);
}

#[test]
fn kinds_and_lengths_have_an_octet_or_two() {
    let one = || {
        family(quote!(
            #[kind(1)]
            One,
        ))
    };
    let wrong = [
        (
            quote!(kind: u32, len: u8 = item),
            "one octet or two: `u8`, `u16`",
        ),
        (
            quote!(kind: u8, len: u8 = item / 1),
            "a unit of 2 to 255 octets",
        ),
        (
            quote!(kind: u8, len: u8 = item / 256),
            "a unit of 2 to 255 octets",
        ),
        (
            quote!(kind: u8, len: u8 = all),
            "`item`, `body` or `item / N`",
        ),
    ];
    for (args, words) in wrong {
        let said = compiled("options", args, one()).err().unwrap_or_default();
        assert_eq!(said.first().map(|said| said.0.as_str()), Some(words));
    }
}

#[test]
fn kinds_have_a_number_and_words() {
    let words = "a kind takes its number, then `bare`, `end`, `once`, `last`, `required`, \
        `first`, `all`, `align = Xn + Y`, `size = N`";
    let args = || quote!(kind: u8, len: u8 = item);
    let aligned = family(
        quote!(#[kind(0, bare)] Pad, #[kind(1)] PadN { zeros: &'a [u8] },
        #[kind(2, align = 4n)] One,),
    );
    let cases = [
        (
            args(),
            family(quote!(One,)),
            "say which kind this is: `#[kind(N)]`",
        ),
        (
            args(),
            family(quote!(
                #[kind(1, end)]
                One,
            )),
            "an end mark is a single octet: `bare, end`",
        ),
        (
            args(),
            family(quote!(
                #[kind(1, twice)]
                One,
            )),
            words,
        ),
        (
            args(),
            family(quote!(
                #[kind(1)]
                #[tag(1)]
                One,
            )),
            "unknown attribute: a variant has `kind` and `check`",
        ),
        (
            quote!(kind: u8, len: u8 = item, pad = Pad, padn = PadN, set = All),
            aligned,
            "a set does not align its items: write them as a list",
        ),
    ];
    refused("options", cases);
    let said = compiled(
        "options",
        args(),
        family(quote!(
            #[kind(one)]
            One,
        )),
    );
    assert_eq!(said.err().map(|said| said.len()), Some(1));
}

#[test]
fn messages_have_a_header_and_a_tag() {
    let unknown = quote!(#[unknown] Unknown { kind: u8, data: &'a [u8] },);
    let of = |variants: TokenStream| quote!(pub enum Sample<'a> { #variants #unknown });
    let shared = || quote!(be, header = Shared, tag = kind);
    let cases = [
        (
            shared(),
            quote!(
                struct Sample {
                    one: u8,
                }
            ),
            "`#[message]` declares an enum: a variant per body",
        ),
        (
            shared(),
            of(quote!(#[unknown] Other { kind: u8, data: &'a [u8] },)),
            "one variant takes what is unknown",
        ),
        (
            shared(),
            quote!(
                pub enum Sample {
                    #[unknown]
                    Unknown { kind: u8 },
                }
            ),
            "an unknown message is fields of the header and its octets",
        ),
        (
            shared(),
            of(quote!(One { one: u8 },)),
            "say which tag this is: `#[tag(N)]`",
        ),
        (
            shared(),
            of(quote!(
                #[tag(1)]
                One(),
            )),
            "name the union that is inside",
        ),
        (
            shared(),
            of(quote!(
                #[tag(1 | 2)]
                One { one: u8 },
            )),
            "a body of its own has one tag, so that it can be emitted",
        ),
        (
            shared(),
            of(quote!(
                #[tag(1)]
                #[check(two != 0)]
                One { one: u8 },
            )),
            "there is no field `two`",
        ),
    ];
    refused("message", cases);
}

#[test]
fn messages_name_what_they_share() {
    let item = || {
        quote!(
            pub enum Sample<'a> {
                #[unknown]
                Unknown { kind: u8, data: &'a [u8] },
            }
        )
    };
    let arguments = "unknown argument of `message`: it takes `be` or `le`, `header = Name`, \
        `tag = field`, `prefix` and `crate = path`";
    let cases = [
        (
            quote!(be, tag = kind),
            item(),
            "name the header that the bodies share: `header = Name`",
        ),
        (
            quote!(be, header = Shared),
            item(),
            "name the field of the header that tells: `tag = field`",
        ),
        (
            quote!(be, header = Shared, tag = kind, width = 1),
            item(),
            arguments,
        ),
    ];
    refused("message", cases);
}

#[test]
fn prefixes_are_bits_before_a_header() {
    let cases = [
        (
            quote!(be, prefix, tag = kind),
            quote!(
                enum Sample {
                    #[tag(0b1)]
                    One(One),
                }
            ),
            "the first bits tell: there is no tag field",
        ),
        (
            quote!(be, prefix),
            quote!(
                struct Sample {
                    one: u8,
                }
            ),
            "`#[message]` declares an enum: a variant per header",
        ),
        (
            quote!(be, prefix),
            quote!(
                enum Sample {
                    One(One),
                }
            ),
            "say which bits come first: `#[tag(0b011)]`",
        ),
        (
            quote!(be, prefix),
            quote!(
                enum Sample {
                    #[tag(0b1)]
                    One([u8; 2]),
                }
            ),
            "expected the name of a header",
        ),
    ];
    refused("message", cases);
}

#[test]
fn payloads_have_named_codes() {
    let unknown = quote!(#[unknown] Unknown(&'a [u8]));
    let of = |variants: TokenStream| quote!(pub enum Sample<'a> { #variants #unknown });
    let cases = [
        (
            quote!(EtherType),
            quote!(
                pub enum Sample {
                    #[tag(EtherType::Ipv4)]
                    Ipv4(Ipv4),
                }
            ),
            "payloads borrow: declare `<'a>` on the enum",
        ),
        (
            quote!(EtherType),
            quote!(
                pub struct Sample<'a> {
                    one: &'a [u8],
                }
            ),
            "`#[payloads]` declares an enum: a variant per protocol",
        ),
        (
            quote!(EtherType),
            of(quote!(Ipv4(Ipv4<'a>),)),
            "say which tag this is: `#[tag(EtherType::Ipv4)]`",
        ),
        (
            quote!(EtherType),
            of(quote!(#[tag(0x800)] Ipv4(Ipv4<'a>),)),
            "a tag is a named code",
        ),
    ];
    refused("payloads", cases);
}

#[test]
fn a_header_says_its_order_and_has_fields() {
    let one = || {
        quote!(
            pub struct Sample {
                pub one: u8,
            }
        )
    };
    let cases = [
        (
            quote!(size = 1),
            one(),
            "say the byte order: `#[header(be)]` or `#[header(le)]`",
        ),
        (quote!(be, le), one(), "the byte order is given twice"),
        (
            quote!(be),
            quote!(
                pub struct Sample {}
            ),
            "a header has fields",
        ),
        (
            quote!(be),
            quote!(
                #[derive(Debug)]
                pub struct Sample {
                    pub one: u8,
                }
            ),
            "the types that are generated derive what makes sense for them",
        ),
        (
            quote!(be),
            quote!(
                pub struct Sample {
                    pub payload_len: u8,
                }
            ),
            "`payload_len` is a field of every Repr; use another name",
        ),
        (
            quote!(be),
            quote!(
                #[check(self != 0)]
                pub struct Sample {
                    pub one: u8,
                }
            ),
            "`self` stands in `len` only: name the field",
        ),
    ];
    refused("header", cases);
}

#[test]
fn fields_have_attributes_that_fit_their_type() {
    fields([
        (
            quote!(#[len(payload)] pub one: u40, #[payload] pub rest: &'a [u8]),
            "a length field is an integer of at most 32 bits",
        ),
        (
            quote!(#[len()] one: u8),
            "say what is measured: `len(header = self * 4)`, `len(field)`",
        ),
        (
            quote!(#[payload] pub rest: [u8; 2]),
            "a payload is `&'a [u8]`",
        ),
        (
            quote!(#[count(list)] one: u40, pub list: Array<'a, u16>),
            "a count is an integer of at most 32 bits",
        ),
        (
            quote!(pub two: u8, #[from(two)] one: [u8; 1]),
            "what follows from other fields is a `bool` or a number",
        ),
        (
            quote!(#[tag_of(two)] one: u16, #[form(one)] pub two: Form),
            "a tag is an integer of at most 8 bits",
        ),
        (
            quote!(pub one: u8, #[payload] pub rest: &'a [u8], #[trailer(one)] pub two: u8),
            "a trailer is `&'a [u8]`",
        ),
        (quote!(#[scale(1)] pub one: u8), "a scale is at least 2"),
        (
            quote!(#[scale(2)] pub one: u64),
            "the scaled value does not fit 64 bits",
        ),
        (
            quote!(pub two: u8, #[eq(two)] one: u8),
            "expected a constant",
        ),
        (
            quote!(#[checksum(crc, header)] one: u16),
            "the checksum known here is `rfc1071`",
        ),
        (
            quote!(#[checksum(rfc1071, header, pseudo = 6)] one: u16),
            "a pseudo header goes with a checksum over the packet",
        ),
        (
            quote!(#[checksum(rfc1071, packet, pseudo)] one: u16),
            "name the protocol number that the pseudo header holds: `pseudo = 17`",
        ),
        (
            quote!(#[checksum(rfc1071, packet, zero)] one: u16),
            "expected `pseudo = N` or `zero_is_none`",
        ),
        (
            quote!(#[payload(one)] pub rest: &'a [u8]),
            "`#[payload]` takes no arguments",
        ),
        (quote!(#[eq(1)] #[eq(1)] one: u8), "`eq` is given twice"),
    ]);
}

#[test]
fn fields_stand_where_they_can_be_found() {
    fields([
        (
            quote!(pub one: u8, #[payload] pub rest: &'a [u8], #[trailer(one)] pub two: &'a [u8],
                #[trailer(one)] pub three: &'a [u8]),
            "there is a trailer already",
        ),
        (
            quote!(pub one: u8, #[at(1)] #[payload] pub rest: &'a [u8]),
            "only a field of fixed width has a fixed place",
        ),
        (
            quote!(pub one: u36, pub two: u36),
            "more than 64 bits without a field that ends at the end of an octet",
        ),
        (
            quote!(#[len(packet)] one: u8, #[len(payload)] two: u8, #[payload] pub rest: &'a [u8]),
            "`packet` and `payload` both bound the payload",
        ),
        (
            quote!(#[len(payload)] one: u8),
            "there is no `#[payload]` to measure",
        ),
        (
            quote!(#[len(two)] one: u8, pub two: u8),
            "the length of `two` is fixed by its type",
        ),
        (
            quote!(#[len(header)] one: u8, pub two: &'a [u8], pub three: &'a [u8]),
            "where does `two` end and this field begin? One needs `len`",
        ),
        (
            quote!(#[form(two)] pub one: Form),
            "there is no field `two`",
        ),
        (
            quote!(pub one: u8, #[check(one.is_some(1))] pub two: u8),
            "methods take no arguments here",
        ),
        (
            quote!(pub one: u8, #[check((one two) == 1)] pub two: u8),
            "expected `)`",
        ),
        (
            quote!(#[check(one == 'a')] pub one: u8),
            "expected an integer or a bool",
        ),
    ]);
    let attribute = quote!(#[other::eq(1)] pub one: u8);
    let words = "unknown field attribute: the language has `eq`, `skip`, `len`, `count`, `when`, \
        `from`, `form`, `tag_of`, `scale`, `at`, `checksum`, `payload`, `trailer`, `check` and \
        `hdr`";
    fields([(attribute, words)]);
}

#[test]
fn types_have_a_width_or_a_length() {
    let unknown = "the width of this type is not known: use `u1`…`u64`, `bool`, `[u8; N]`, \
        `Ipv4Addr`, `Ipv6Addr`, `&'a [u8]`, `Options<'a, T>`, `Array<'a, T>`, `Records<'a, H>`, \
        `Nested<'a, H, truncated>`, `Codec<T>`, or `As<uN, T>` for a type of your own";
    types([
        (quote!((u8, u8)), unknown),
        (quote!(&'a [u16]), "references in a header are `&'a [u8]`"),
        (quote!(&[u8]), "write the lifetime: `&'a [u8]`"),
        (quote!([u16; 2]), "arrays in a header are `[u8; N]`"),
        (
            quote!([u8; N]),
            "the length of an array in a header is a literal",
        ),
        (
            quote!([u8; 'a']),
            "the length of an array in a header is a literal",
        ),
        (
            quote!([u8; 0]),
            "an array of no octets has no place in a header",
        ),
        (
            quote!(As<bool, T>),
            "`As` takes `uN` or `[u8; N]` first, then the type",
        ),
        (quote!(As<u8>), "write `As<uN, T>` or `As<[u8; N], T>`"),
        (quote!(Options<T>), "write `Options<'a, T<'a>>`"),
        (quote!(Array<u8>), "write `Array<'a, T>`"),
        (quote!(Nested<H>), "write `Nested<'a, Header<'a>>`"),
        (
            quote!(Nested<'a, H, cut>),
            "the only word here is `truncated`",
        ),
        (quote!(Nested<'a, [u8; 2]>), "expected the name of a header"),
        (quote!(Records<H>), "write `Records<'a, Header<'a>>`"),
        (quote!(Codec<'a>), "write `Codec<T>`"),
        (
            quote!(Option<&'a [u8]>),
            "an optional field has a fixed width, or is a header or a `Codec<T>`",
        ),
        (
            quote!(Option<Option<u8>>),
            "an optional field has a fixed width, or is a header or a `Codec<T>`",
        ),
        (quote!(Option<bool>), "an optional field is whole octets"),
        (quote!(Option<(u8, u8)>), unknown),
    ]);
}

#[test]
fn another_path_of_the_runtime_is_taken_by_every_attribute() {
    let unknown = quote!(#[unknown] Unknown { kind: u8, data: &'a [u8] });
    let all = [
        (
            "codes",
            quote!(u8, crate = other),
            quote!(
                enum Sample {
                    One = 1,
                }
            ),
        ),
        (
            "options",
            quote!(kind: u8, len: u8 = item, crate = other),
            family(quote!(
                #[kind(1)]
                One,
            )),
        ),
        (
            "message",
            quote!(be, header = Shared, tag = kind, crate = other),
            quote!(pub enum Sample<'a> { #unknown }),
        ),
        (
            "payloads",
            quote!(EtherType, crate = other),
            quote!(
                pub enum Sample<'a> {
                    #[unknown]
                    Unknown(&'a [u8]),
                }
            ),
        ),
    ];
    for (name, args, item) in all {
        let output = compiled(name, args, item).expect("taken").to_string();
        assert!(
            output.contains("other :: rt") && !output.contains("litz_wire"),
            "{name}"
        );
    }
}

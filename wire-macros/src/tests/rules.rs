//! Rules of the language that no misuse of `tests/tests/ui` breaks, one declaration each: what is
//! said of it, in order, or that it is taken.

use super::declared::compiled;
use proc_macro2::TokenStream;
use quote::quote;

/// What is said of an item, without places.
fn said(name: &str, args: TokenStream, item: TokenStream) -> Vec<String> {
    let said = compiled(name, args, item).err().unwrap_or_default();
    said.into_iter().map(|(message, ..)| message).collect()
}

/// The fields of a header of unlimited size.
fn header(args: TokenStream, fields: TokenStream) -> Vec<String> {
    said("header", args, quote!(pub struct Sample<'a> { #fields }))
}

const TAKEN: [&str; 0] = [];

#[test]
fn an_item_has_one_lifetime() {
    let item = quote!(
        pub struct Sample<'a, 'b> {
            pub one: u8,
            #[payload]
            pub rest: &'a [u8],
        }
    );
    let message = "a declaration has no parameters but one lifetime: its layout is one layout";
    assert_eq!(said("header", quote!(be), item), [message]);
}

#[test]
fn the_parts_of_a_form_need_names() {
    let item = quote!(
        pub enum Sample {
            #[tag(0)]
            One(u8, u8),
            #[tag(1)]
            Two,
        }
    );
    let message = "several fields of a form need names";
    assert_eq!(said("forms", quote!(tag: u1), item), [message]);
}

#[test]
fn a_limit_may_be_as_small_as_the_fixed_part() {
    let fields = quote!(pub one: u16, #[payload] pub rest: &'a [u8]);
    assert_eq!(header(quote!(be, max = 2), fields.clone()), TAKEN);
    assert_eq!(
        header(quote!(be, max = 1), fields),
        ["this is less than the fixed part"]
    );
}

#[test]
fn a_length_field_may_state_no_more_than_the_fixed_part() {
    let fields = quote! {
        #[len(header = self + 1)]
        len: u1,
        pub more: u15,
        #[payload]
        pub rest: &'a [u8],
    };
    assert_eq!(header(quote!(be), fields), TAKEN);
}

#[test]
fn sizes_go_from_the_smallest_to_the_largest() {
    let fields = quote! {
        #[len(header = self * 4)]
        len: u4,
        more: u4,
        pub options: &'a [u8],
        #[payload]
        pub rest: &'a [u8],
    };
    assert_eq!(header(quote!(be, size = 1..=1), fields.clone()), TAKEN);
    assert_eq!(
        header(quote!(be, size = 1..=0), fields.clone()),
        ["the largest size is less than the smallest"]
    );
    assert_eq!(header(quote!(be, size = 1..=60), fields.clone()), TAKEN);
    assert_eq!(
        header(quote!(be, size = 1..=61), fields),
        ["the length field of `Sample` can state 60 octets at most"]
    );
}

#[test]
fn what_follows_is_a_message_or_the_payload() {
    let fields = quote!(pub kind: u8, #[payload] pub rest: &'a [u8]);
    assert_eq!(
        header(quote!(be, next(message: Other)), fields.clone()),
        TAKEN
    );
    assert_eq!(header(quote!(be, next(rest: Other)), fields.clone()), TAKEN);
    let message = "write `next(field => payload: Enum)`, `next(payload: Prefix)` or \
        `next(message: Enum)`";
    assert_eq!(
        header(quote!(be, next(kind: Other)), fields.clone()),
        [message]
    );
    let condition = quote!(be, next(kind => rest: Other, if other == 0));
    assert_eq!(header(condition, fields), ["there is no field `other`"]);
}

#[test]
fn a_line_names_fields_that_can_be_shown_in_it() {
    let fields = quote!(pub kind: u8, _pad: u8, pub key: [u8; 4], #[payload] pub rest: &'a [u8]);
    let line = |line: &str| header(quote!(be, line = #line), fields.clone());
    assert_eq!(line("kind {kind}"), TAKEN);
    assert_eq!(line("{other}"), ["there is no field `other`"]);
    assert_eq!(line("{_pad}"), ["there is no field `_pad`"]);
    let octets = |name| format!("`{name}` is octets: too long for a line");
    assert_eq!(line("{key}"), [octets("key")]);
    assert_eq!(line("{rest}"), [octets("rest")]);
}

#[test]
fn a_place_is_stated_where_it_is_fixed() {
    let fields = quote! {
        len: u8,
        pub more: u8,
        #[at(2)]
        pub last: u16,
        #[payload]
        pub rest: &'a [u8],
    };
    assert_eq!(header(quote!(be), fields), TAKEN);
    let fields = quote! {
        #[len(name)]
        len: u8,
        pub name: &'a [u8],
        #[at(1)]
        pub last: u16,
        #[payload]
        pub rest: &'a [u8],
    };
    assert_eq!(
        header(quote!(be), fields),
        ["this field follows one of variable length"]
    );
}

#[test]
fn a_field_takes_what_is_left_only_at_the_end() {
    let body = |fields: TokenStream| {
        let item = quote! {
            pub enum Sample<'a> {
                #[kind(1)]
                One { #fields },
                #[unknown]
                Unknown { kind: u8, data: &'a [u8] },
            }
        };
        said("options", quote!(kind: u8, len: u8 = item), item)
    };
    assert_eq!(body(quote!(a: u8, rest: &'a [u8])), TAKEN);
    assert_eq!(
        body(quote!(rest: &'a [u8], a: u8)),
        [
            "only the last field may take the rest; this needs `len`",
            "`rest` takes what is left: no field of fixed width can follow it"
        ]
    );
    // A trailer and what stands in the shared header are not the last field.
    let fields = quote! {
        pub kind: u8,
        pub list: Options<'a, Other<'a>>,
    };
    assert_eq!(header(quote!(be), fields), TAKEN);
    let item = quote! {
        pub enum Sample<'a> {
            #[tag(1)]
            One { rest: &'a [u8], #[hdr(code)] code: u8 },
            #[unknown]
            Unknown { kind: u8, data: &'a [u8] },
        }
    };
    let args = quote!(be, header = Other, tag = kind);
    assert_eq!(said("message", args, item), TAKEN);
}

#[test]
fn the_length_of_a_field_is_stated_once() {
    let fields = quote! {
        #[len(name)]
        len: u8,
        #[len(header = self)]
        all: u8,
        pub name: Codec<Name<'a>>,
        #[payload]
        pub rest: &'a [u8],
    };
    assert_eq!(
        header(quote!(be), fields),
        ["the length of `name` follows from its type"]
    );
}

#[test]
fn lengths_are_multiples_and_sums() {
    let affine = |expr: TokenStream| {
        let fields = quote! {
            #[len(header = #expr)]
            len: u8,
            pub options: &'a [u8],
            #[payload]
            pub rest: &'a [u8],
        };
        header(quote!(be), fields)
    };
    for expr in [
        quote!(self * 4),
        quote!(4 * self),
        quote!(self * (1 << 2)),
        quote!(8 + self * 2 - 2),
    ] {
        assert_eq!(affine(expr.clone()), TAKEN, "{expr}");
    }
    for expr in [
        quote!(self << 2),
        quote!(1 << self),
        quote!(self * self),
        quote!(self / 2),
    ] {
        // That the options have no end then is said too.
        let said = affine(expr.clone());
        let first = said.first().map(String::as_str);
        let message = "a length is `self` times a constant plus a constant, so that it can be \
            computed back when a packet is emitted";
        assert_eq!(first, Some(message), "{expr}");
    }
}

#[test]
fn what_steers_a_layout_names_fields_that_are_there() {
    let fields = quote!(#[from(other.is_some())] flag: bool, pub more: u7, pub last: u8);
    assert_eq!(header(quote!(be), fields), ["there is no field `other`"]);
    let fields = quote! {
        pub more: u8,
        #[payload]
        pub rest: &'a [u8],
        #[trailer(other)]
        pub check: &'a [u8],
    };
    assert_eq!(header(quote!(be), fields), ["there is no field `other`"]);
    let fields = quote!(pub more: u8, #[form(key)] pub key: Key);
    let message = "mark `key` with `#[tag_of(key)]`: it is the tag";
    assert_eq!(header(quote!(be), fields), [message]);
}

#[test]
fn lengths_in_bits_name_a_field_of_variable_length() {
    let bits = |args: TokenStream, ty: TokenStream| {
        let fields = quote!(#[len(#args)] pub bits: #ty, pub prefix: &'a [u8]);
        header(quote!(be), fields)
    };
    assert_eq!(bits(quote!(prefix = ceil(self / 8)), quote!(u8)), TAKEN);
    assert_eq!(bits(quote!(prefix = ceil(self / 1)), quote!(u32)), TAKEN);
    let message = "write `ceil(self / 8)`";
    for expr in [
        quote!(ceil(self / 0)),
        quote!(ceil(self * 8)),
        quote!(ceil(8 / self)),
        quote!(ceil(self)),
    ] {
        let said = bits(quote!(prefix = #expr), quote!(u8));
        assert_eq!(said, [message], "{expr}");
    }
    assert_eq!(
        bits(quote!(prefix = ceil(self / 8)), quote!(u64)),
        ["a length field is an integer of at most 32 bits"]
    );
    assert_eq!(
        bits(quote!(other = ceil(self / 8)), quote!(u8)),
        [
            "there is no field `other`",
            "where does this field end? A length field says so with `len`, \
            or it is the `#[payload]`",
            "there is no field `other` of variable length",
        ]
    );
    let relaxed = |word: TokenStream| {
        let fields = quote! {
            #[len(header = self * 8)]
            len: u8,
            #[len(prefix = ceil(self / 8), #word)]
            pub bits: u8,
            pub prefix: &'a [u8],
        };
        header(quote!(be), fields)
    };
    assert_eq!(relaxed(quote!(relaxed)), TAKEN);
    let message = "a length in bits takes `relaxed` only";
    assert_eq!(relaxed(quote!(other)), [message]);
    assert_eq!(relaxed(quote!(relaxed = self)), [message]);
}

#[test]
fn a_constant_needs_a_width() {
    let fields = quote!(pub kind: u8, #[eq(3)] #[len(1)] rest: &'a [u8]);
    assert!(!header(quote!(be), fields).is_empty());
    let fields = quote! {
        #[len(rest)]
        len: u8,
        #[eq(3)]
        rest: &'a [u8],
    };
    assert!(header(quote!(be), fields).contains(&"a constant needs a field of fixed width".into()));
}

/// The messages of a union of a header with the fields `kind` and `code`.
fn message(variants: TokenStream) -> Vec<String> {
    let item = quote!(pub enum Sample<'a> { #variants });
    said("message", quote!(be, header = Other, tag = kind), item)
}

#[test]
fn a_tag_is_bound_once() {
    let unknown = quote!(#[unknown] Unknown { kind: u8, data: &'a [u8] });
    let one = |tags: TokenStream, field: TokenStream| {
        message(quote!(#[tag(#tags)] One { #[hdr(#field)] value: u8 }, #unknown))
    };
    assert_eq!(one(quote!(1), quote!(code)), TAKEN);
    assert_eq!(one(quote!(1, code = 2), quote!(other)), TAKEN);
    let bound = |field| format!("the tag says what `{field}` is: nothing is left to bind");
    assert_eq!(one(quote!(1), quote!(kind)), [bound("kind")]);
    assert_eq!(one(quote!(1, code = 2), quote!(code)), [bound("code")]);
    assert_eq!(
        message(quote!(#[unknown] Unknown { code: u8, data: &'a [u8] })),
        ["an unknown message keeps its tag: add `kind`"]
    );
}

#[test]
fn tags_are_ranges_that_do_not_overlap() {
    let unknown = quote!(#[unknown] Unknown { kind: u8, data: &'a [u8] });
    let inner = |tags: TokenStream| message(quote!(#[tag(#tags)] Inner(Other<'a>), #unknown));
    for tags in [
        quote!(1 | 3 | 5..=7),
        quote!(4..=4),
        quote!(3 | 4..=5),
        quote!(5..=6 | 3..=4 | 7),
        quote!(1, code = 2, more = 3,),
    ] {
        assert_eq!(inner(tags.clone()), TAKEN, "{tags}");
    }
    assert_eq!(inner(quote!(5..=4)), ["this range is empty"]);
    for tags in [
        quote!(1 | 1),
        quote!(3..=5 | 5),
        quote!(5 | 3..=5),
        quote!(3..=5 | 1..=3),
    ] {
        let said = inner(tags.clone());
        assert_eq!(said, ["this tag is named twice"], "{tags}");
    }
}

#[test]
fn a_row_names_one_header() {
    let item = quote! {
        pub enum Sample<'a> {
            #[tag(Kind::One)]
            One(Other<'a>, u8),
            #[unknown]
            Unknown(&'a [u8]),
        }
    };
    assert_eq!(
        said("payloads", quote!(Kind), item),
        ["name the header: `Ipv4(Ipv4<'a>)`"]
    );
    let prefixes = |one: TokenStream| {
        let item = quote! {
            pub enum Sample<'a> {
                #one,
                #[unknown]
                Unknown(&'a [u8]),
            }
        };
        said("message", quote!(be, prefix), item)
    };
    assert_eq!(
        prefixes(quote!(#[tag(0b01)] One(Other<'a>, u8))),
        ["name the header: `Iphc(Iphc<'a>)`"]
    );
    assert_eq!(
        prefixes(quote!(#[tag(0b01)] One(Other<'a>), #[tag(0b001)] Two(Other<'a>))),
        TAKEN
    );
    assert_eq!(
        prefixes(quote!(#[tag(0b01)] One(Other<'a>), #[tag(0b01)] Two(Other<'a>))),
        ["`One` takes this prefix already"]
    );
}

/// The messages of a family of options.
fn family(args: TokenStream, kinds: TokenStream) -> Vec<String> {
    let unknown = quote!(#[unknown] Unknown { kind: u8, data: &'a [u8] });
    let item = quote!(pub enum Sample<'a> { #kinds #unknown });
    said("options", args, item)
}

#[test]
fn a_kind_fits_the_octets_of_kinds() {
    let args = quote!(kind: u8, len: u8 = item);
    assert_eq!(
        family(
            args.clone(),
            quote!(
                #[kind(255)]
                One,
            )
        ),
        TAKEN
    );
    assert_eq!(
        family(
            args,
            quote!(
                #[kind(256)]
                One,
            )
        ),
        ["256 does not fit u8"]
    );
    let wide = |width: TokenStream| {
        let item = quote! {
            pub enum Sample<'a> {
                #[kind(256)]
                One,
                #[unknown]
                Unknown { kind: #width, data: &'a [u8] },
            }
        };
        said("options", quote!(kind: u16, len: u16 = body), item)
    };
    assert_eq!(wide(quote!(u16)), TAKEN);
    assert_eq!(
        wide(quote!(u8)),
        [
            "an unknown option is its kind and its octets",
            "write `Unknown { kind: u16, data: &'a [u8] }`",
            "other kinds arrive too: add `#[unknown] Unknown { kind: u8, data: &'a [u8] }`",
        ]
    );
}

#[test]
fn a_list_is_padded_to_a_unit_of_some_octets() {
    let unit = |unit: TokenStream| {
        family(
            quote!(kind: u8, len: u8 = item, unit = #unit),
            quote!(
                #[kind(1)]
                One,
            ),
        )
    };
    for good in [quote!(1), quote!(2), quote!(255)] {
        assert_eq!(unit(good.clone()), TAKEN, "{good}");
    }
    for bad in [quote!(0), quote!(256)] {
        assert_eq!(unit(bad.clone()), ["a unit of 1 to 255 octets"], "{bad}");
    }
}

#[test]
fn alignments_are_written_as_in_the_rfc() {
    let align = |align: TokenStream| {
        family(
            quote!(kind: u8, len: u8 = body, pad = Pad, padn = PadN),
            quote! {
                #[kind(0, bare)]
                Pad,
                #[kind(1)]
                PadN { zeros: &'a [u8] },
                #[kind(2, align = #align)]
                One,
            },
        )
    };
    for good in [quote!(4n), quote!(8n + 2), quote!(2n + 1), quote!(1n)] {
        assert_eq!(align(good.clone()), TAKEN, "{good}");
    }
    let message = "write the alignment as RFC 8200 does: `8n + 2`";
    for bad in [quote!(4), quote!(0n), quote!(4m + 2)] {
        assert_eq!(align(bad.clone()), [message], "{bad}");
    }
    let message = "the rest is less than the multiple";
    for bad in [quote!(2n + 2), quote!(2n + 3)] {
        assert_eq!(align(bad.clone()), [message], "{bad}");
    }
}

#[test]
fn a_size_is_that_of_the_fields() {
    let size = |size: TokenStream, fields: TokenStream| {
        family(
            quote!(kind: u8, len: u8 = item),
            quote!(#[kind(1, size = #size)] One { #fields },),
        )
    };
    let (closed, open) = (quote!(a: u16), quote!(a: u16, rest: &'a [u8]));
    assert_eq!(size(quote!(4), closed.clone()), TAKEN);
    assert_eq!(size(quote!(4), open.clone()), TAKEN);
    assert_eq!(size(quote!(5), open.clone()), TAKEN);
    let message = "kind, length and fields of `One` make 4 octets";
    for (octets, fields) in [
        (quote!(3), closed.clone()),
        (quote!(5), closed),
        (quote!(3), open),
    ] {
        assert_eq!(size(octets, fields), [message]);
    }
}

#[test]
fn the_rest_of_a_body_may_stand_before_a_field_of_the_shared_header() {
    let variants = quote!(
        pub enum Sample<'a> {
            #[tag(1)]
            One {
                data: &'a [u8],
                #[hdr(code)]
                code: u8,
            },
            #[unknown]
            Unknown { kind: u8, data: &'a [u8] },
        }
    );
    let args = quote!(be, header = Shared, tag = kind);
    assert_eq!(said("message", args, variants), TAKEN);
}

#[test]
fn a_field_that_a_trailer_depends_on_has_no_setter() {
    let setters = |trailer: TokenStream| {
        let item = quote!(
            pub struct Sample<'a> {
                pub level: u8,
                pub other: u8,
                #[payload]
                pub payload: &'a [u8],
                #[trailer(#trailer)]
                pub mic: &'a [u8],
            }
        );
        let output = compiled("header", quote!(be), item)
            .expect("taken")
            .to_string();
        ["set_level", "set_other"].map(|setter| output.contains(setter))
    };
    assert_eq!(setters(quote!(level)), [false, true]);
    assert_eq!(setters(quote!(other)), [true, false]);
}

#[test]
fn types_are_written_as_they_are_declared() {
    let ty = |ty: TokenStream| header(quote!(be), quote!(pub one: #ty));
    assert_eq!(ty(quote!(Option<u8, u8>)), ["write `Option<T>`"]);
    assert_eq!(ty(quote!([u8; 65_535])), TAKEN);
    assert_eq!(
        ty(quote!([u8; 65_536])),
        ["an array in a header has at most 65535 octets"]
    );
}

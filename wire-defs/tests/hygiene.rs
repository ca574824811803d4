//! Expansions stand on their own: without a prelude, among names that shadow the usual ones, and
//! with the runtime under another path.

/// No prelude: every name of an expansion is absolute.
mod bare {
    #![no_implicit_prelude]
    #![allow(dead_code, unreachable_pub)]

    use ::litz_wire::{bits, codes, header, message, options, payloads};

    #[codes(u4)]
    pub enum Kind {
        One = 1,
        Two = 2,
    }

    #[bits(u4)]
    pub struct Flags {
        pub first: bool,
        _reserved: u1,
        pub mode: As<u2, Mode>,
    }

    #[codes(u2)]
    pub enum Mode {
        Slow = 0,
        Fast = 3,
    }

    #[header(
        be,
        size = 16..=72,
        max = 1500,
        rfc = "0 §0",
        next(kind => data: Payload, if offset == 0),
        line = "{kind} {flags}"
    )]
    #[check(number != 0 && number + 1 < 70000)]
    pub struct Bare<'a> {
        pub kind: As<u4, Kind>,
        pub flags: As<u4, Flags>,
        #[len(header = (self + 3) * 4)]
        words: u4,
        _pad: u1,
        #[scale(4)]
        pub offset: u11,
        pub odd: u24,
        #[skip(7)]
        pub version: u16,
        #[eq(0x1234)]
        magic: u16,
        #[len(packet)]
        total: u16,
        #[checksum(rfc1071, packet, pseudo = 99, zero_is_none)]
        sum: u16,
        pub number: u16,
        pub items: Options<'a, Item<'a>>,
        #[payload]
        pub data: &'a [u8],
    }

    #[options(kind: u8, len: u8 = body, pad = End, unit = 4, set = ItemSet, on_error = reject)]
    pub enum Item<'a> {
        #[kind(0, bare, end)]
        End,
        #[kind(1, bare, once)]
        Mark,
        #[kind(2, once, size = 4)]
        Number { number: u16 },
        #[kind(3, once)]
        #[check(values.len() >= 1)]
        Many { first: u16, values: Array<'a, Pair> },
        #[unknown]
        Unknown { kind: u8, data: &'a [u8] },
    }

    #[header(be, size = 4)]
    pub struct Pair {
        pub left: u16,
        pub right: [u8; 2],
    }

    #[header(be, next(message: Body))]
    pub struct Shared<'a> {
        pub tag: u8,
        pub code: u8,
        #[payload]
        pub body: &'a [u8],
    }

    #[message(be, header = Shared, tag = tag)]
    pub enum Body<'a> {
        #[tag(1, code = 0)]
        Plain {
            number: u32,
            #[payload]
            data: &'a [u8],
        },
        #[tag(2 | 4..=6)]
        Inner(Inner<'a>),
        #[unknown]
        Unknown { tag: u8, code: u8, body: &'a [u8] },
    }

    #[message(be, header = Shared, tag = tag)]
    pub enum Inner<'a> {
        #[tag(2)]
        Quote {
            #[hdr(code)]
            mode: As<u8, Reason>,
            quoted: Nested<'a, Bare<'a>, truncated>,
        },
    }

    #[codes(u8)]
    pub enum Reason {
        Because = 1,
    }

    #[payloads(Kind)]
    pub enum Payload<'a> {
        #[tag(Kind::One)]
        Pair(Pair),
        #[unknown]
        Unknown(&'a [u8]),
    }
}

/// Types of the user that are called as those of the prelude.
mod shadowed {
    #![allow(dead_code, unreachable_pub)]

    use litz_wire::header;

    pub struct Result;
    pub struct Option;
    pub struct Some;
    pub struct Ok;
    pub struct Err;
    pub struct Header;
    pub struct Error;
    pub trait Copy {}

    #[header(be)]
    pub struct Named<'a> {
        #[len(head)]
        len: u8,
        pub rest: u8,
        pub packet: u16,
        pub head: &'a [u8],
        #[payload]
        pub body: &'a [u8],
    }
}

/// The runtime under another path.
mod renamed {
    #![allow(dead_code, unreachable_pub)]

    pub mod wire {
        pub use litz_wire::rt;
    }

    #[litz_wire::header(be, crate = crate::renamed::wire)]
    pub struct Elsewhere {
        pub number: u16,
    }
}

#[test]
fn a_declaration_without_a_prelude_works() {
    use bare::{BarePacket, BarePacketMut, BareRepr, Flags, Item, Kind, Mode};
    use litz_wire::{Options, PseudoV4};

    let items = [Item::Mark, Item::Number { number: 5 }];
    let repr = BareRepr {
        kind: Kind::Two,
        flags: Flags {
            first: true,
            mode: Mode::Fast,
        },
        offset: 8188,
        odd: 0xab_cdef,
        number: 9,
        items: Options::items(&items),
        payload_len: 3,
    };
    let mut buf = [0xff; 40];
    let rest = repr.emit(&mut buf).expect("fits").len();
    // The fixed part is 16 octets, the items 5 and their padding 3.
    assert_eq!(rest, 40 - 24);
    assert_eq!(buf[..8], [0x2b, 0x37, 0xff, 0xab, 0xcd, 0xef, 0, 7]);
    let pseudo = PseudoV4 {
        src_addr: [0; 4].into(),
        dst_addr: [0; 4].into(),
    };
    BarePacketMut::new_checked(&mut buf)
        .expect("is whole")
        .fill_checksum(&pseudo);
    let packet = BarePacket::new_checked(&buf).expect("is whole");
    assert!(packet.verify_checksum(&pseudo));
    assert_eq!(packet.to_string(), "Bare Two first|mode=Fast");
    assert_eq!(BareRepr::parse(&packet), Ok(repr));
    let zero = BareRepr { number: 0, ..repr };
    assert!(zero.emit(&mut buf).is_err());
    let most = BareRepr {
        number: 65_535,
        payload_len: 1477,
        ..repr
    };
    assert!(most.emit(&mut buf).is_err(), "longer than `max`");
}

#[test]
fn names_of_the_user_do_not_matter() {
    use shadowed::{NamedPacket, NamedRepr};

    let packet = NamedPacket::new_checked(&[2, 9, 0, 1, 7, 8, 5]).expect("is whole");
    assert_eq!(
        (packet.head(), packet.body(), packet.packet()),
        (&[7, 8][..], &[5][..], 1)
    );
    assert_eq!(
        NamedRepr::parse(&packet).map(|repr| repr.header_len()),
        Ok(6)
    );
    assert_eq!(renamed::ElsewhereRepr { number: 5 }.header_len(), 2);
}

//! Arbitrary values obey their declarations: each can be emitted, and is read back.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that panics fails"
)]

use arbitrary::{Arbitrary, Unstructured};
use litz_wire::rt::laws::Message;
use litz_wire::rt::{Form, Header, OptionItem, Options, Site};
use litz_wire::*;

const AT: &Site = &Site {
    header: "",
    field: "",
};

/// Octets from a fixed sequence.
fn source(seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let small = next() % 2 == 0;
    (0..192)
        .map(|_| {
            if small {
                (next() % 24) as u8
            } else {
                next() as u8
            }
        })
        .collect()
}

const ROUNDS: u64 = 2_000;

fn header<H: Header>() -> u64
where
    for<'a> H::Repr<'a>: Arbitrary<'a>,
{
    let mut made = 0;
    for seed in 0..ROUNDS {
        let octets = source(seed);
        let Ok(repr) = <H::Repr<'_>>::arbitrary(&mut Unstructured::new(&octets)) else {
            continue;
        };
        made += 1;
        let mut buf = vec![0; H::lengths(&repr).1];
        H::emit(&repr, &mut buf).unwrap_or_else(|error| panic!("{}: {error}: {repr:?}", H::NAME));
    }
    made
}

fn option<'a, T: OptionItem<'a> + Arbitrary<'a>>(octets: &'a [u8], buf: &'a mut [u8]) -> bool {
    let Ok(item) = T::arbitrary(&mut Unstructured::new(octets)) else {
        return false;
    };
    let (one, _) = buf.split_at_mut(item.wire_len());
    item.emit(one).unwrap();
    assert_eq!(Options::<T>::raw(one).iter().next(), Some(Ok(item)));
    true
}

fn message<'a, M: Message<'a> + Arbitrary<'a>>(octets: &'a [u8]) -> bool {
    let Ok(message) = M::arbitrary(&mut Unstructured::new(octets)) else {
        return false;
    };
    let mut buf = vec![0; message.wire_len()];
    message.write(&mut buf).unwrap();
    true
}

fn form<F: Form + for<'a> Arbitrary<'a>>() {
    for seed in 0..ROUNDS {
        if let Ok(form) = F::arbitrary(&mut Unstructured::new(&source(seed))) {
            form.put(&mut [0; 32], AT).unwrap();
            assert!(F::size(form.tag()).is_some());
        }
    }
}

macro_rules! tests {
    ($($kind:ident $name:ident;)*) => {
        /// How many values were made of each header.
        fn headers() -> Vec<(&'static str, u64)> {
            let mut made = Vec::new();
            $(tests!(@$kind $name made);)*
            made
        }
    };
    (@header $name:ident $made:ident) => {
        $made.push((stringify!($name), header::<$name>()));
    };
    (@options $name:ident $made:ident) => {
        let mut made = 0;
        for seed in 0..ROUNDS {
            let (octets, mut buf) = (source(seed), vec![0; 70_000]);
            made += u64::from(option::<$name>(&octets, &mut buf));
        }
        $made.push((stringify!($name), made));
    };
    (@message $name:ident $made:ident) => {
        for seed in 0..ROUNDS {
            message::<$name>(&source(seed));
        }
    };
    (@forms $name:ident $made:ident) => { form::<$name>(); };
    (@codes $name:ident $made:ident) => {
        $name::arbitrary(&mut Unstructured::new(&source(1))).unwrap();
    };
    (@bits $name:ident $made:ident) => {
        $name::arbitrary(&mut Unstructured::new(&source(1))).unwrap();
    };
    (@$other:ident $name:ident $made:ident) => {};
}

for_each_item!(tests);

#[test]
fn arbitrary_values_can_be_emitted() {
    let made = headers();
    let none: Vec<_> = made.iter().filter(|(_, count)| *count == 0).collect();
    println!("{made:?}");
    assert!(
        none.len() * 5 < made.len(),
        "too few are ever made: {none:?}"
    );
}

/// What is made of these octets.
fn made<'a, T: Arbitrary<'a>>(octets: &'a [u8]) -> arbitrary::Result<T> {
    T::arbitrary(&mut Unstructured::new(octets))
}

/// How many octets there are to be, and a segment without options.
fn segment(len: u8) -> [u8; 22] {
    let mut octets = [0; 22];
    octets[..5].copy_from_slice(&[len, 0x12, 0x34, 0, 53]);
    octets[13] = 0x50;
    octets
}

/// The first octet chooses: how many follow, or which tag.
#[test]
fn a_value_is_what_its_octets_say() {
    let tcp = segment(20);
    let value: TcpRepr = made(&tcp).unwrap();
    assert_eq!((value.src_port, value.dst_port), (0x1234, 53));
    assert_eq!(value.options.iter().count(), 0);
    assert_eq!(made(&[4, 2, 4, 5, 0xb4]), Ok(TcpOption::Mss { mss: 1460 }));
    assert_eq!(made(&[2, 1]), Ok(HopLimitForm::SixtyFour));
    assert_eq!(made(&[4, 9]), Ok(HopLimitForm::Inline(9)));
    let echo = [9, 8, 0, 0, 0, 1, 2, 3, 4, 5];
    let expected = Icmpv4::EchoRequest {
        ident: 0x102,
        seq_no: 0x304,
        data: &[5],
    };
    assert_eq!(made(&echo), Ok(expected));
}

#[test]
fn what_cannot_be_parsed_is_no_value() {
    use arbitrary::Error::{IncorrectFormat, NotEnoughData};
    let tcp = segment(19);
    assert_eq!(made::<TcpRepr>(&tcp).err(), Some(IncorrectFormat));
    let mss = [3, 2, 4, 5, 0xb4];
    assert_eq!(made::<TcpOption>(&mss).err(), Some(IncorrectFormat));
    assert_eq!(made::<TcpOption>(&[0, 2]).err(), Some(IncorrectFormat));
    let echo = [3, 8, 0, 0, 0, 1, 2, 3, 4, 5];
    assert_eq!(made::<Icmpv4>(&echo).err(), Some(IncorrectFormat));
    // A tag that is reserved, and an address without its octets.
    assert_eq!(made::<MacAddress>(&[1]).err(), Some(IncorrectFormat));
    assert_eq!(made::<MacAddress>(&[2, 7]).err(), Some(NotEnoughData));
}

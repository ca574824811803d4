//! Types and the bits that they stand for.

use super::*;
use std::format;

fn round<Raw: Copy + PartialEq + core::fmt::Debug, T: WireInt<Raw>>(raw: Raw, bits: u32) -> T {
    let value = T::from_raw(raw);
    assert_eq!((value.into_raw(), T::BITS), (raw, bits));
    value
}

#[test]
fn bits_become_values_and_bits_again() {
    assert_eq!(
        round::<_, Ipv4Addr>([192, 0, 2, 1], 32),
        Ipv4Addr::new(192, 0, 2, 1)
    );
    let addr = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1);
    assert_eq!(round::<_, Ipv6Addr>(addr.octets(), 128), addr);
    assert_eq!(round::<_, [u8; 3]>([1, 2, 3], 24), [1, 2, 3]);
    assert_eq!(round::<u16, Secs16>(7, 16), Secs16(7));
    assert_eq!(round::<u32, Secs32>(8, 32), Secs32(8));
    assert_eq!(round::<u32, Millis32>(9, 32), Millis32(9));
}

#[test]
fn units_are_printed() {
    assert_eq!(
        format!("{} {} {}", Secs16(7), Secs32(8), Millis32(9)),
        "7 s 8 s 9 ms"
    );
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Wide(u16);

impl Declared<u16> for Wide {
    const BITS: u32 = 9;

    fn from_raw(raw: u16) -> Self {
        Self(raw)
    }

    fn into_raw(self) -> u16 {
        self.0
    }
}

#[test]
fn what_is_declared_converts_too() {
    assert_eq!(round::<u16, Wide>(0x1ff, 9), Wide(0x1ff));
}

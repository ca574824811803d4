//! Calls of everything that is generated, folded to a number, without `core::fmt`.

use super::super::{Array, Element, Form, Header, Nested, OptionItem, Options, Quote};
use super::super::{Records, Site, Tail};
use super::{Lawful, Message, Set};

/// A value that can be folded to a number.
pub trait Touch {
    /// Some number that depends on the value.
    fn touch(&self) -> u64;
}

macro_rules! number {
    ($($ty:ty),*) => {$(
        impl Touch for $ty {
            #[inline]
            fn touch(&self) -> u64 {
                *self as u64
            }
        }
    )*};
}

number!(u8, u16, u32, u64, usize, bool);

impl Touch for [u8] {
    fn touch(&self) -> u64 {
        self.iter()
            .fold(7, |sum, octet| sum.rotate_left(5) ^ u64::from(*octet))
    }
}

impl Touch for &[u8] {
    fn touch(&self) -> u64 {
        (**self).touch()
    }
}

impl<const N: usize> Touch for [u8; N] {
    fn touch(&self) -> u64 {
        self.as_slice().touch()
    }
}

impl<'a, T: OptionItem<'a>> Touch for Options<'a, T> {
    fn touch(&self) -> u64 {
        options(*self)
    }
}

impl<T: Element> Touch for Array<'_, T> {
    fn touch(&self) -> u64 {
        let (last, mut sum) = (self.get(self.len().wrapping_sub(1)).is_some(), 0_u64);
        for _ in self.iter() {
            sum = sum.wrapping_add(1);
        }
        sum ^ u64::from(last)
    }
}

impl<H: Header, Q: Quote> Touch for Nested<'_, H, Q> {
    fn touch(&self) -> u64 {
        u64::from(self.packet().is_ok()) ^ self.bytes().touch()
    }
}

impl<H: Header> Touch for Records<'_, H> {
    fn touch(&self) -> u64 {
        let mut sum = self.len() as u64;
        for _ in self.iter() {
            sum = sum.wrapping_add(1);
        }
        sum ^ self.wire_len() as u64
    }
}

/// Walks a list and writes each item.
pub fn options<'a, T: OptionItem<'a>>(list: Options<'a, T>) -> u64 {
    let mut scratch = [0; 64];
    let mut sum = list.encoded_len() as u64;
    for item in list {
        let Ok(item) = item else { break };
        sum = sum.rotate_left(3) ^ u64::from(item.emit(&mut scratch).is_ok());
        sum ^= item.wire_len() as u64 ^ u64::from(item.is_end());
    }
    sum ^ scratch.touch()
}

/// Everything that a header generates.
pub fn header<X: Lawful>(bytes: &mut [u8], scratch: &mut [u8]) -> u64 {
    let Some(source) = bytes.first_chunk::<16>().copied() else {
        return 0;
    };
    let mut sum = 0_u64;
    if let Ok(packet) = X::view(bytes) {
        for field in 0..X::FIELDS.len() {
            sum = sum.rotate_left(1) ^ X::get(&packet, field);
        }
        let (octets, header) = X::octets(&packet);
        sum ^= octets.touch() ^ header as u64;
        if let Ok(mut repr) = X::parse(&packet) {
            let (header, all) = X::lengths(&repr);
            sum ^= (header ^ all) as u64;
            sum ^= u64::from(X::emit(&repr, scratch).is_ok()) ^ scratch.touch();
            sum ^= u64::from(X::overflow(&mut repr, source.len()));
        }
    }
    sum ^= u64::from(X::view_truncated(bytes).is_ok());
    sum ^= u64::from(X::emit(&X::Repr::default(), scratch).is_ok());
    for field in 0..X::FIELDS.len() {
        sum ^= u64::from(X::set(bytes, field, &source) == Some(true));
    }
    sum ^= u64::from(X::change(bytes) == Some(true));
    X::canon(bytes);
    X::shape(bytes);
    sum ^ bytes.touch()
}

/// Everything that an enum of encodings generates.
pub fn form<T: Form>(bytes: &mut [u8], scratch: &mut [u8]) -> u64 {
    const AT: &Site = &Site {
        header: "",
        field: "",
    };
    let Some((&tag, octets)) = bytes.split_first() else {
        return 0;
    };
    let value = T::read(tag, octets).unwrap_or_else(T::first);
    let written = value.put(scratch, AT).is_ok();
    T::canon(tag, scratch);
    let lens = T::size(tag).unwrap_or(0) ^ value.wire_len();
    u64::from(written) ^ lens as u64 ^ u64::from(value.tag()) ^ scratch.touch()
}

/// Everything that a family of options generates.
pub fn family<'a, T: OptionItem<'a>>(bytes: &'a [u8], scratch: &mut [u8]) -> u64 {
    let list = Options::<T>::raw(bytes);
    const AT: &Site = &Site {
        header: "",
        field: "",
    };
    options(list) ^ u64::from(list.put(scratch, AT).is_ok()) ^ u64::from(list == Options::EMPTY)
}

/// Everything that a set generates.
pub fn set<'a, S: Set<'a>>(bytes: &'a [u8], scratch: &mut [u8]) -> u64 {
    let Ok(set) = S::fold(&Options::raw(bytes)) else {
        return 1;
    };
    let mut set = set.first_only();
    let again = set.refold(&Options::raw(bytes)).is_ok();
    let written = again && set.write(scratch).is_ok();
    set.wire_len() as u64 ^ u64::from(written) ^ scratch.touch()
}

/// Everything that a message generates.
pub fn message<'a, M: Message<'a>>(bytes: &'a [u8], scratch: &mut [u8]) -> u64 {
    let Ok(packet) = M::Header::view(bytes) else {
        return 1;
    };
    let Ok(message) = M::read(&packet) else {
        return 2;
    };
    let written = message.write(scratch).is_ok();
    message.wire_len() as u64 ^ u64::from(written) ^ scratch.touch()
}

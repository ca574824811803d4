//! Text made of pieces, one behind the other, for the log and the page. What `core::fmt` can do
//! beside takes 3 KB of an image.

use core::net::Ipv6Addr;

use litz::wire::{EthernetAddress, Eui64};

/// Where text goes, octet by octet or in larger pieces.
pub type Sink<'a> = &'a mut dyn FnMut(&[u8]);

/// A piece of text.
pub trait Piece {
    /// Writes it.
    fn put(&self, sink: Sink<'_>);
}

/// Writes pieces one behind the other.
pub fn put(pieces: &[&dyn Piece], sink: Sink<'_>) {
    for piece in pieces {
        piece.put(sink);
    }
}

/// Octets of the longest line.
const LINE: usize = 128;

/// Hands a line over in one piece, with its end; one that is too long ends early.
pub fn line(pieces: &[&dyn Piece], write: impl FnOnce(&[u8])) {
    let mut octets = [0; LINE];
    let mut length = 0;
    let mut add = |piece: &[u8]| {
        for octet in piece {
            if let Some(place) = octets.get_mut(length) {
                *place = *octet;
                length += 1;
            }
        }
    };
    put(pieces, &mut add);
    add(b"\n");
    write(octets.get(..length).unwrap_or_default());
}

impl Piece for &str {
    fn put(&self, sink: Sink<'_>) {
        sink(self.as_bytes());
    }
}

impl Piece for u32 {
    fn put(&self, sink: Sink<'_>) {
        let mut digits = [b'0'; 10];
        let (mut rest, mut first) = (*self, 0);
        for (at, digit) in digits.iter_mut().enumerate().rev() {
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                first = at;
                break;
            }
        }
        sink(digits.get(first..).unwrap_or_default());
    }
}

impl Piece for u16 {
    fn put(&self, sink: Sink<'_>) {
        u32::from(*self).put(sink);
    }
}

impl Piece for u8 {
    fn put(&self, sink: Sink<'_>) {
        u32::from(*self).put(sink);
    }
}

impl Piece for i32 {
    fn put(&self, sink: Sink<'_>) {
        if *self < 0 {
            sink(b"-");
        }
        self.unsigned_abs().put(sink);
    }
}

impl Piece for i8 {
    fn put(&self, sink: Sink<'_>) {
        i32::from(*self).put(sink);
    }
}

/// An address of IPv6 is written as eight groups: what RFC 5952 makes shorter takes more code than
/// a log is worth.
impl Piece for Ipv6Addr {
    fn put(&self, sink: Sink<'_>) {
        let octets = self.octets();
        for (at, [high, low]) in octets.as_chunks().0.iter().enumerate() {
            if at > 0 {
                sink(b":");
            }
            let digits = [hex(high >> 4), hex(*high), hex(low >> 4), hex(*low)];
            let zeros = (u16::from_be_bytes([*high, *low]) | 1).leading_zeros() / 4;
            sink(digits.get(zeros as usize..).unwrap_or_default());
        }
    }
}

impl Piece for Eui64 {
    fn put(&self, sink: Sink<'_>) {
        octets(&self.0, sink);
    }
}

impl Piece for EthernetAddress {
    fn put(&self, sink: Sink<'_>) {
        octets(&self.0, sink);
    }
}

/// Octets in hexadecimal with colons between them.
fn octets(octets: &[u8], sink: Sink<'_>) {
    for (at, octet) in octets.iter().enumerate() {
        if at > 0 {
            sink(b":");
        }
        sink(&[hex(octet >> 4), hex(*octet)]);
    }
}

/// The digit of the low half of an octet.
const fn hex(octet: u8) -> u8 {
    match octet & 15 {
        digit @ 0..=9 => b'0' + digit,
        digit => b'a' + digit - 10,
    }
}

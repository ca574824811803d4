//! A value that may be missing.

use super::*;
use crate::rt::octets;

#[derive(Clone, Copy, Debug, PartialEq)]
struct One(u8, usize);

impl<'a> Codec<'a> for One {
    const EMPTY: Self = Self(0, 0);

    fn measure(_: &'a [u8], _: &'a [u8]) -> Result<usize> {
        Ok(1)
    }

    fn get(exact: &'a [u8], whole: &'a [u8]) -> Self {
        Self(exact.first().copied().unwrap_or(0), whole.len())
    }

    fn encoded_len(&self) -> usize {
        1
    }

    fn put<'b>(&self, buf: &'b mut [u8], at: &'static Site) -> Result<&'b mut [u8]> {
        octets::put(&[self.0], buf, at)
    }
}

#[test]
fn no_octets_are_no_value() {
    assert_eq!(optional_codec::<One>(&[1, 2], &[]), None);
    assert_eq!(optional_codec::<One>(&[1, 2], &[7]), Some(One(7, 2)));
    assert!(!One(7, 2).is_open());
}

//! Arbitrary values that obey their declarations: made from octets that can be parsed.

use super::super::laws::Message;
use super::super::{Form, Header, OptionItem, Options};
use arbitrary::{Error, Result, Unstructured};

/// Octets that one value may be made of.
const MOST: usize = 160;

/// Some of the octets that are left.
fn octets<'a>(u: &mut Unstructured<'a>) -> Result<&'a [u8]> {
    let most = u.len().min(MOST);
    let len = u.int_in_range(0..=most)?.min(u.len());
    u.bytes(len)
}

/// A representation that can be emitted.
///
/// # Errors
/// `IncorrectFormat` if the octets cannot be parsed.
pub fn arbitrary_repr<'a, H: Header>(u: &mut Unstructured<'a>) -> Result<H::Repr<'a>> {
    let packet = H::view(octets(u)?).map_err(|_| Error::IncorrectFormat)?;
    H::parse(&packet).map_err(|_| Error::IncorrectFormat)
}

/// One of the forms.
///
/// # Errors
/// `IncorrectFormat` if the tag is reserved, `NotEnoughData`.
pub fn arbitrary_form<F: Form>(u: &mut Unstructured<'_>) -> Result<F> {
    let most = 0xff_u8
        .checked_shr(8_u32.wrapping_sub(F::TAG_BITS))
        .unwrap_or(0);
    let tag = u.int_in_range(0..=most)?;
    let len = F::size(tag).ok_or(Error::IncorrectFormat)?;
    F::read(tag, u.bytes(len)?).ok_or(Error::IncorrectFormat)
}

/// One of the options.
///
/// # Errors
/// `IncorrectFormat` if the octets cannot be parsed.
pub fn arbitrary_option<'a, T: OptionItem<'a>>(u: &mut Unstructured<'a>) -> Result<T> {
    match Options::raw(octets(u)?).iter().next() {
        Some(Ok(item)) => Ok(item),
        _ => Err(Error::IncorrectFormat),
    }
}

/// One of the messages.
///
/// # Errors
/// `IncorrectFormat` if the octets cannot be parsed.
pub fn arbitrary_message<'a, M: Message<'a>>(u: &mut Unstructured<'a>) -> Result<M> {
    let packet = M::Header::view(octets(u)?).map_err(|_| Error::IncorrectFormat)?;
    M::read(&packet).map_err(|_| Error::IncorrectFormat)
}

//! Where an error is: the name of a header and of its field.

use super::Site;

/// The place of an error.
pub type Place = &'static Site;

#[inline(always)]
pub(super) const fn note(at: &'static Site) -> Place {
    at
}

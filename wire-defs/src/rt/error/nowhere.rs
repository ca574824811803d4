//! Where an error is, in a build whose errors do not say so: the names take flash, and an error is
//! an octet without them.

use core::ops::Deref;

use super::Site;

/// The place of an error, which is not remembered: a [`Site`] without names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place;

impl Deref for Place {
    type Target = Site;

    fn deref(&self) -> &Site {
        &Site {
            header: "",
            field: "",
        }
    }
}

#[inline(always)]
pub(super) const fn note(_: &'static Site) -> Place {
    Place
}

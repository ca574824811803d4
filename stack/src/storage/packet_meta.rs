//! What is kept of a packet beside its octets.

/// What is said of a packet, and how that is kept.
pub trait Meta: Copy {
    /// What is kept.
    type Kept: Copy + core::fmt::Debug;

    /// What is kept of it.
    fn kept(self) -> Self::Kept;

    /// What it was.
    fn full(kept: &Self::Kept) -> Self;
}

/// Metadata that are kept as they are.
macro_rules! kept_whole {
    ($($meta:ty),*) => {$(
        impl $crate::storage::Meta for $meta {
            type Kept = Self;

            #[inline]
            fn kept(self) -> Self {
                self
            }

            #[inline]
            fn full(kept: &Self) -> Self {
                *kept
            }
        }
    )*};
}
pub(crate) use kept_whole;

kept_whole!(());

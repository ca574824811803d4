//! What generated code needs of `defmt` and `arbitrary`, and the macros that drop it, and the hooks
//! of the laws, where the feature is off.

#[cfg(feature = "arbitrary")]
mod values;

#[cfg(feature = "arbitrary")]
pub use values::{arbitrary_form, arbitrary_message, arbitrary_option, arbitrary_repr};

/// Keeps items if the feature `defmt` is on.
#[cfg(feature = "defmt")]
#[doc(hidden)]
#[macro_export]
macro_rules! __format_with_defmt {
    ($($items:tt)*) => { $($items)* };
}

/// Keeps items if the feature `defmt` is on.
#[cfg(not(feature = "defmt"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __format_with_defmt {
    ($($items:tt)*) => {};
}

/// Keeps items if the feature `arbitrary` is on.
#[cfg(feature = "arbitrary")]
#[doc(hidden)]
#[macro_export]
macro_rules! __with_arbitrary {
    ($($items:tt)*) => { $($items)* };
}

/// Keeps items if the feature `arbitrary` is on.
#[cfg(not(feature = "arbitrary"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __with_arbitrary {
    ($($items:tt)*) => {};
}

/// Keeps items if the feature `laws` is on.
#[cfg(feature = "laws")]
#[doc(hidden)]
#[macro_export]
macro_rules! __with_laws {
    ($($items:tt)*) => { $($items)* };
}

/// Keeps items if the feature `laws` is on.
#[cfg(not(feature = "laws"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __with_laws {
    ($($items:tt)*) => {};
}

/// Writes a value to the log in its form for debugging.
#[cfg(feature = "defmt")]
pub fn format_debug(value: &impl core::fmt::Debug, f: defmt::Formatter<'_>) {
    defmt::write!(f, "{}", defmt::Debug2Format(value));
}

//! The small runtime that generated code calls. Nothing here knows a protocol.

pub mod arithmetic;
mod array;
mod codec;
mod error;
mod extras;
mod follow;
mod form;
mod int;
#[doc(hidden)]
pub mod laws;
mod meta;
mod nested;
mod no_options;
mod octets;
mod options;
mod options_wide;
pub mod print;
mod pseudo;
mod records;
#[cfg(test)]
mod sized;
mod sum;
mod tail;

#[doc(hidden)]
pub use crate::{
    __fail as fail, __format_with_defmt as format_with_defmt, __with_arbitrary as with_arbitrary,
    __with_laws as with_laws,
};
#[cfg(feature = "arbitrary")]
#[doc(hidden)]
pub use arbitrary;
pub use arithmetic::Number;
pub use array::{Array, ArrayIter, Element};
pub use codec::{Codec, optional_codec};
#[cfg(feature = "defmt")]
#[doc(hidden)]
pub use defmt;
pub use error::{Error, ErrorKind, Place, Result, Site};
#[cfg(feature = "defmt")]
#[doc(hidden)]
pub use extras::format_debug;
#[cfg(feature = "arbitrary")]
#[doc(hidden)]
pub use extras::{arbitrary_form, arbitrary_message, arbitrary_option, arbitrary_repr};
pub use follow::Follow;
pub use form::{Form, form};
#[doc(hidden)]
pub use int::Declared;
pub use int::{Millis32, Secs16, Secs32, WireInt};
pub use meta::{BitOrder, Codes, Field, FieldRole, Header};
pub use nested::{Nested, Quote, Truncated, Whole};
pub use no_options::NoOptions;
pub use octets::{
    NONE, emit_header, inverse, put, region, reversed, set, slot, split_end, sub, unscale,
};
pub use options::{Alignment, OptionItem, OptionSet, Options, OptionsIter, Taken};
pub use options::{fill_padded, split_padded};
pub use options::{option_body, option_len, option_start, pad_to, padded_len, zeros};
pub use options::{put_option, put_some};
pub use options_wide::{option_body_wide, option_number, option_start_wide};
pub use pseudo::{ChecksumMode, Pseudo, PseudoHeader, PseudoSum, PseudoV4, PseudoV6};
pub use records::{Counted, Packets, Records, RecordsIter, embedded, embedded_len};
pub use sum::Sum;
pub use tail::Tail;

//! The generated parsers beside implementations that are not ours: what a packet says is read by
//! both, and every value is compared.
//!
//! [`tshark`] runs Wireshark's dissectors over a capture, [`walk`] runs our printers over the same
//! frames, [`table`] says which field of theirs is which of ours, [`compare`] holds them against
//! each other. [`generate`] makes packets by hand, octet by octet, without any code of litz-wire.
//!
//! Other parsers are compared on millions of [`buffers`]: [`facts`](mod@facts) is what a parser
//! says of one, and [`ours`] how litz-wire says it.

pub mod buffers;
pub mod captures;
pub mod compare;
pub mod debug;
pub mod elements;
pub mod facts;
pub mod generate;
pub mod ours;
pub mod records;
pub mod table;
pub mod tshark;
pub mod walk;

//! The generated parsers beside implementations that are not ours: what a packet says is read by
//! both, and every value is compared.
//!
//! [`tshark`] runs Wireshark's dissectors over a capture, [`walk`] runs our printers over the same
//! frames, [`table`] says which field of theirs is which of ours, [`compare`] holds them against
//! each other. [`generate`] makes packets by hand, octet by octet, without any code of litz-wire.

pub mod captures;
pub mod compare;
pub mod debug;
pub mod generate;
pub mod table;
pub mod tshark;
pub mod walk;

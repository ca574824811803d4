//! Every protocol of litz, declared in its header language.
#![no_std]
#![forbid(unsafe_code)]

extern crate self as litz_wire;
#[cfg(test)]
extern crate std;

pub mod rt;

pub mod link {
    //! Link layers.
    pub mod address;
}

pub mod transport {
    //! Transport layers.
    pub mod seq;
}

pub use link::address::{AddressParseError, EthernetAddress};
pub use rt::{ChecksumMode, Pseudo, PseudoHeader, PseudoSum, PseudoV4, PseudoV6};
pub use rt::{Error, ErrorKind, Result, Sum};
pub use transport::seq::{SeqNumber, SeqOffset};

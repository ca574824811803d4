//! Every protocol of litz, declared in its header language.
#![no_std]
#![forbid(unsafe_code)]

extern crate self as litz_wire;
#[cfg(test)]
extern crate std;

pub mod payload;
pub mod print;
pub mod rt;

pub mod items;
pub mod link {
    //! Link layers.
    pub mod address;
    pub mod arp;
    pub mod ethernet;
}

pub mod net {
    //! Internet layers.
    pub mod icmpv4;
    pub mod icmpv6;
    pub mod ipv4;
    pub mod ipv6;
    pub mod ndisc;
    pub mod protocol;
}

pub mod transport {
    //! Transport layers.
    pub mod seq;
    pub mod tcp;
    pub mod udp;
}

pub use litz_wire_macros::{bits, codes, header, message, options, payloads};

pub use link::{address::*, arp::*, ethernet::*};
pub use net::{icmpv4::*, icmpv6::*, ipv4::*, ipv6::*, ndisc::*, protocol::*};
pub use payload::{EthPayload, IpPayload};
pub use rt::{Array, ChecksumMode, Nested, Options};
pub use rt::{Error, ErrorKind, Header, Result, Sum};
pub use rt::{Pseudo, PseudoHeader, PseudoSum, PseudoV4, PseudoV6};
pub use transport::{seq::*, tcp::*, udp::*};

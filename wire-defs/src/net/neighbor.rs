//! What neighbors say to each other (RFC 4861 §4.3, §4.4): the two messages of neighbor discovery
//! that every host speaks, with the options that it uses in them. [`Ndisc`](super::ndisc::Ndisc)
//! has all five messages with all options, and is many times the code of this in a small image.

use super::icmpv6::{Icmpv6Header, Icmpv6HeaderRepr};
use crate::{message, options};
use core::net::Ipv6Addr;

/// Solicitations and advertisements of neighbors.
#[message(be, header = Icmpv6Header, tag = msg_type)]
pub enum Neighbor<'a> {
    /// Asks for the link-layer address of a neighbor (§4.3).
    #[tag(135, code = 0)]
    Solicit {
        _reserved: u32,
        /// The address that is asked for.
        target_addr: Ipv6Addr,
        /// Options.
        options: Options<'a, NeighborOption<'a>>,
    },
    /// The link-layer address of the sender (§4.4).
    #[tag(136, code = 0)]
    Advert {
        /// The sender is a router.
        router: bool,
        /// This answers a solicitation.
        solicited: bool,
        /// Entries that say otherwise are overridden.
        override_: bool,
        _reserved: u29,
        /// The address that was asked for, or that has moved.
        target_addr: Ipv6Addr,
        /// Options.
        options: Options<'a, NeighborOption<'a>>,
    },
}

/// The options of neighbors (RFC 4861 §4.6.1, RFC 3971 §5.3.2).
#[options(kind: u8, len: u8 = item / 8, set = NeighborOptionSet)]
pub enum NeighborOption<'a> {
    /// Link-layer address of the sender.
    #[kind(1, once)]
    SourceLinkLayer {
        /// The address, with zeros up to a multiple of eight octets of the option.
        addr: &'a [u8],
    },
    /// Link-layer address of the target.
    #[kind(2, once)]
    TargetLinkLayer {
        /// The address, with zeros up to a multiple of eight octets of the option.
        addr: &'a [u8],
    },
    /// A number that tells whose answer an answer is.
    #[kind(14, once)]
    Nonce {
        /// The number, at least 6 octets.
        nonce: &'a [u8],
    },
    /// Another option.
    #[unknown]
    Unknown {
        /// Its kind.
        kind: u8,
        /// Its octets.
        data: &'a [u8],
    },
}

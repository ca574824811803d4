//! Neighbor discovery for IPv6 (RFC 4861): messages and options, without their meaning.

use super::icmpv6::{Icmpv6Header, Icmpv6HeaderRepr};
use super::ipv6::Ipv6;
use crate::rt::{Millis32, Secs16, Secs32};
use crate::{message, options};
use core::net::Ipv6Addr;

/// Neighbor discovery messages (RFC 4861 §4).
#[message(be, header = Icmpv6Header, tag = msg_type)]
pub enum Ndisc<'a> {
    /// Asks routers to advertise (§4.1).
    #[tag(133, code = 0)]
    RouterSolicit {
        _reserved: u32,
        /// Options.
        options: Options<'a, NdiscOption<'a>>,
    },
    /// What a router offers (§4.2).
    #[tag(134, code = 0)]
    RouterAdvert {
        /// Hop limit for outgoing packets; zero if not said.
        hop_limit: u8,
        /// Addresses come from DHCPv6.
        managed: bool,
        /// Other configuration comes from DHCPv6.
        other: bool,
        _flags: u6,
        /// How long the router may be a default router; zero if it is none.
        router_lifetime: As<u16, Secs16>,
        /// How long a neighbor counts as reachable; zero if not said.
        reachable_time: As<u32, Millis32>,
        /// Time between solicitations; zero if not said.
        retrans_time: As<u32, Millis32>,
        /// Options.
        options: Options<'a, NdiscOption<'a>>,
    },
    /// Asks for the link-layer address of a neighbor (§4.3).
    #[tag(135, code = 0)]
    NeighborSolicit {
        _reserved: u32,
        /// The address that is asked for.
        target_addr: Ipv6Addr,
        /// Options.
        options: Options<'a, NdiscOption<'a>>,
    },
    /// The link-layer address of the sender (§4.4).
    #[tag(136, code = 0)]
    NeighborAdvert {
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
        options: Options<'a, NdiscOption<'a>>,
    },
    /// Another first hop is better (§4.5).
    #[tag(137, code = 0)]
    Redirect {
        _reserved: u32,
        /// The better first hop.
        target_addr: Ipv6Addr,
        /// The destination that it is for.
        dest_addr: Ipv6Addr,
        /// Options.
        options: Options<'a, NdiscOption<'a>>,
    },
}

/// Neighbor discovery options (RFC 4861 §4.6, RFC 8106 §5.1).
#[options(kind: u8, len: u8 = item / 8, set = NdiscOptionSet)]
pub enum NdiscOption<'a> {
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
    /// A prefix of the link.
    #[kind(3, size = 32)]
    Prefix {
        /// Leading bits that count.
        prefix_len: u8,
        /// Addresses of the prefix are on the link.
        on_link: bool,
        /// The prefix is for address configuration.
        autonomous: bool,
        /// The prefix holds a whole address of the router (RFC 6275 §7.2).
        router_addr: bool,
        _reserved1: u5,
        /// How long the prefix is on the link.
        valid_lifetime: As<u32, Secs32>,
        /// How long addresses of it are preferred.
        preferred_lifetime: As<u32, Secs32>,
        _reserved2: u32,
        /// The prefix.
        prefix: Ipv6Addr,
    },
    /// The packet that is redirected.
    #[kind(4, once)]
    Redirected {
        _reserved: [u8; 6],
        /// The packet, as far as it is quoted.
        packet: Nested<'a, Ipv6<'a>, truncated>,
    },
    /// MTU of the link.
    #[kind(5, size = 8, once)]
    Mtu {
        _reserved: u16,
        /// Octets of an IP packet.
        mtu: u32,
    },
    /// Recursive DNS servers (RFC 8106 §5.1).
    #[kind(25)]
    Rdnss {
        _reserved: u16,
        /// How long they may be used.
        lifetime: As<u32, Secs32>,
        /// Their addresses.
        servers: Array<'a, Ipv6Addr>,
    },
    /// An option without a declaration.
    #[unknown]
    Unknown {
        /// Its kind.
        kind: u8,
        /// Its octets.
        data: &'a [u8],
    },
}

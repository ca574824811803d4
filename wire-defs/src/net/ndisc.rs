//! Neighbor discovery for IPv6 (RFC 4861): messages and options, without their meaning.

use super::icmpv6::{Icmpv6Header, Icmpv6HeaderRepr};
use super::ipv6::Ipv6;
use crate::rt::{Millis32, Secs16, Secs32};
use crate::{codes, message, options};
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
        /// The router is a home agent (RFC 6275 §7.1).
        home_agent: bool,
        /// Preference of the router as a default router (RFC 4191 §2.2).
        preference: As<u2, RoutePreference>,
        /// The router forwards neighbor discovery (RFC 4389 §4.1.3.3).
        proxy: bool,
        _flags: u2,
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

/// How much a router or a route is preferred (RFC 4191 §2.1): two bits in two's complement.
#[codes(u2)]
pub enum RoutePreference {
    /// As routers that say nothing.
    Medium = 0,
    /// Before others.
    High = 1,
    /// Must not be sent; counts as medium.
    Reserved = 2,
    /// After others.
    Low = 3,
}

/// Neighbor discovery options (RFC 4861 §4.6; IANA, "IPv6 Neighbor Discovery Option Formats").
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
    #[kind(3, size = 32, all)]
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
    /// A number that tells whose answer an answer is (RFC 3971 §5.3.2).
    #[kind(14, once)]
    Nonce {
        /// The number, at least 6 octets.
        nonce: &'a [u8],
    },
    /// A route that the router offers (RFC 4191 §2.3).
    #[kind(24, all)]
    #[check(prefix.len() * 8 >= prefix_len && prefix_len <= 128)]
    RouteInfo {
        /// Leading bits that count.
        prefix_len: u8,
        _reserved1: u3,
        /// How much the route is preferred.
        preference: As<u2, RoutePreference>,
        _reserved2: u3,
        /// How long the route is valid.
        lifetime: As<u32, Secs32>,
        /// The prefix, or its first 8 octets, or nothing of it.
        prefix: &'a [u8],
    },
    /// Recursive DNS servers (RFC 8106 §5.1).
    #[kind(25, all)]
    Rdnss {
        _reserved: u16,
        /// How long they may be used.
        lifetime: As<u32, Secs32>,
        /// Their addresses.
        servers: Array<'a, Ipv6Addr>,
    },
    /// Domains to search for names (RFC 8106 §5.2).
    #[kind(31, all)]
    Dnssl {
        _reserved: u16,
        /// How long they may be used.
        lifetime: As<u32, Secs32>,
        /// The names as labels, with zeros up to a multiple of eight octets of the option.
        domains: &'a [u8],
    },
    /// Registration of an address, short (RFC 6775 §4.1) or extended (RFC 8505 §4.1).
    #[kind(33, once)]
    AddressRegistration {
        /// Zero, or why the registration failed.
        status: As<u8, RegistrationStatus>,
        /// Passed to the routing protocol as it is.
        opaque: u8,
        _reserved: u4,
        /// What `opaque` is for.
        info: u2,
        /// The router is asked to inject the address.
        inject: bool,
        /// `transaction_id` counts: the option is extended.
        with_id: bool,
        /// Number of the registration.
        transaction_id: u8,
        /// How long the registration lasts, in minutes.
        lifetime_minutes: u16,
        /// The EUI-64 of the owner, or a longer identifier of it.
        owner: &'a [u8],
    },
    /// A context for header compression (RFC 6775 §4.2).
    #[kind(34)]
    #[check(prefix.len() * 8 >= prefix_len && prefix_len <= 128)]
    LowpanContext {
        /// Leading bits that count.
        prefix_len: u8,
        _reserved1: u3,
        /// The context may be used for compression, not only for decompression.
        compress: bool,
        /// Identifier of the context.
        context_id: u4,
        _reserved2: u16,
        /// How long the context is valid, in minutes.
        lifetime_minutes: u16,
        /// The prefix, or its first 8 octets.
        prefix: &'a [u8],
    },
    /// The border router whose information this is (RFC 6775 §4.3).
    #[kind(35, size = 24, once)]
    BorderRouter {
        /// Low half of the version of the information.
        version_low: u16,
        /// High half of it.
        version_high: u16,
        /// How long the information is valid, in minutes; zero stands for 10,000.
        lifetime_minutes: u16,
        /// The border router.
        addr: Ipv6Addr,
    },
    /// What a node of a low-power network knows (RFC 7400 §3.4, RFC 8505 §4.3).
    #[kind(36, size = 8, once)]
    Capabilities {
        _reserved1: u10,
        /// The border router answers extended messages of duplicate address detection.
        duplicate_detection: bool,
        /// It is a router.
        router: bool,
        /// It is a border router.
        border_router: bool,
        /// It registers addresses for a routing protocol.
        registrar: bool,
        /// It knows the extended registration of addresses.
        registration: bool,
        /// It knows generic header compression.
        header_compression: bool,
        _reserved2: u32,
    },
    /// Where a captive portal says what it wants (RFC 8910 §2.3).
    #[kind(37, once)]
    CaptivePortal {
        /// A URI, with zeros up to a multiple of eight octets of the option.
        uri: &'a [u8],
    },
    /// The prefix of addresses that are translated to IPv4 (RFC 8781 §4).
    #[kind(38, size = 16)]
    Nat64Prefix {
        /// How long the prefix is valid, in seconds.
        #[scale(8)]
        lifetime: u13,
        /// Length of the prefix: 0 to 5 stand for 96, 64, 56, 48, 40 and 32 bits.
        prefix_len_code: u3,
        /// The first 12 octets of the prefix.
        prefix: [u8; 12],
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

/// Why a registration of an address failed (RFC 6775 §4.1, RFC 8505 §4.1).
#[codes(u8)]
pub enum RegistrationStatus {
    /// It did not fail.
    Success = 0,
    /// Somebody else has the address.
    Duplicate = 1,
    /// The router has no room.
    CacheFull = 2,
    /// The address has moved; a newer registration exists.
    Moved = 3,
    /// The router has withdrawn the registration.
    Removed = 4,
    /// The owner has to show that it is the owner.
    ValidationRequested = 5,
    /// The source of the message is duplicate.
    DuplicateSource = 6,
    /// The source of the message is not valid.
    InvalidSource = 7,
    /// The address is not on the link.
    NotOnLink = 8,
    /// The registrar has no room.
    RegistrarFull = 9,
    /// The owner has not shown that it is the owner.
    ValidationFailed = 10,
}

//! The two extension headers of IPv6 that hold options (RFC 8200 §4.3, §4.6), and the options.

use super::protocol::IpProtocol;
use crate::{codes, header, options};
use core::net::Ipv6Addr;

/// Hop-by-hop options: every router on the way may look at them.
#[header(
    be,
    size = 2..=2048,
    rfc = "8200 §4.3",
    next(next_header => payload: crate::payload::ip),
    line = "{next_header} {options}"
)]
pub struct Ipv6HopByHop<'a> {
    /// Protocol of the payload, or the next extension header.
    pub next_header: As<u8, IpProtocol>,
    /// Length of the header in units of eight octets, without the first.
    #[len(header = (self + 1) * 8)]
    hdr_ext_len: u8,
    /// The options, with the padding that fills the last unit of eight octets.
    pub options: Options<'a, Ipv6Option<'a>>,
    /// What follows the header.
    #[payload]
    pub payload: &'a [u8],
}

/// Options for the destination, or for the stops of a routing header that follows.
#[header(
    be,
    size = 2..=2048,
    rfc = "8200 §4.6",
    next(next_header => payload: crate::payload::ip),
    line = "{next_header} {options}"
)]
pub struct Ipv6DstOpts<'a> {
    /// Protocol of the payload, or the next extension header.
    pub next_header: As<u8, IpProtocol>,
    /// Length of the header in units of eight octets, without the first.
    #[len(header = (self + 1) * 8)]
    hdr_ext_len: u8,
    /// The options, with the padding that fills the last unit of eight octets.
    pub options: Options<'a, Ipv6Option<'a>>,
    /// What follows the header.
    #[payload]
    pub payload: &'a [u8],
}

/// Options of IPv6 (RFC 8200 §4.2; IANA, "Destination Options and Hop-by-Hop Options").
///
/// Padding is an option as the others, so that a list keeps its layout; [`Ipv6Option::padding`]
/// gives what fills a header.
#[options(kind: u8, len: u8 = body)]
pub enum Ipv6Option<'a> {
    /// One octet of padding.
    #[kind(0, bare)]
    Pad1,
    /// Two octets of padding or more.
    #[kind(1)]
    PadN {
        /// The octets after kind and length; they ought to be zero.
        zeros: &'a [u8],
    },
    /// Limit of the tunnels in each other (RFC 2473 §4.1.1).
    #[kind(4, size = 3)]
    TunnelLimit {
        /// Tunnels that may still be entered.
        limit: u8,
    },
    /// Routers look at the packet (RFC 2711).
    #[kind(5, size = 4)]
    RouterAlert {
        /// Why.
        value: As<u16, Ipv6RouterAlert>,
    },
    /// RPL information (RFC 6553, with the kind of RFC 9008 §4.1).
    #[kind(0x23)]
    Rpl {
        /// The packet goes down the tree.
        down: bool,
        /// A rank did not fit the direction.
        rank_error: bool,
        /// A router on the way down could not forward.
        forwarding_error: bool,
        _flags: u5,
        /// Instance of RPL.
        instance_id: u8,
        /// Rank of the router that sent the packet.
        sender_rank: u16,
        /// Options in type-length-value form; none are known.
        sub_tlvs: &'a [u8],
    },
    /// RPL information with its first kind (RFC 6553 §3): who does not know it discards the packet.
    #[kind(0x63)]
    RplDiscard {
        /// The packet goes down the tree.
        down: bool,
        /// A rank did not fit the direction.
        rank_error: bool,
        /// A router on the way down could not forward.
        forwarding_error: bool,
        _flags: u5,
        /// Instance of RPL.
        instance_id: u8,
        /// Rank of the router that sent the packet.
        sender_rank: u16,
        /// Options in type-length-value form; none are known.
        sub_tlvs: &'a [u8],
    },
    /// Length of a packet above 65,535 octets (RFC 2675 §2).
    #[kind(0xc2, size = 6)]
    Jumbo {
        /// Octets after the IPv6 header.
        len: u32,
    },
    /// Home address of a mobile node (RFC 6275 §6.3).
    #[kind(0xc9, size = 18)]
    HomeAddress {
        /// The address.
        addr: Ipv6Addr,
    },
    /// An option without a declaration.
    #[unknown]
    Unknown {
        /// Its kind, whose highest bits are an [`Ipv6OptionAction`].
        kind: u8,
        /// Its octets.
        data: &'a [u8],
    },
}

/// What a node does with a packet whose option it does not know (RFC 8200 §4.2).
#[codes(u2)]
pub enum Ipv6OptionAction {
    /// It skips the option.
    Skip = 0,
    /// It discards the packet.
    Discard = 1,
    /// It discards the packet and reports the problem, even to a multicast destination.
    Report = 2,
    /// It discards the packet and reports the problem unless the destination is multicast.
    ReportUnicast = 3,
}

/// What a router alert announces (RFC 2711 §2.1; IANA, "IPv6 Router Alert Option Values").
#[codes(u16)]
pub enum Ipv6RouterAlert {
    /// Multicast listener discovery.
    Mld = 0,
    /// RSVP.
    Rsvp = 1,
    /// Active networks.
    ActiveNetworks = 2,
}

impl Ipv6OptionAction {
    /// The action that the two highest bits of a kind ask for.
    #[inline]
    #[must_use]
    pub const fn of(kind: u8) -> Self {
        Self(kind >> 6)
    }
}

impl Ipv6Option<'_> {
    /// What to do if the option is not known here: `None` for options with a declaration.
    #[inline]
    #[must_use]
    pub const fn unrecognized(&self) -> Option<Ipv6OptionAction> {
        match self {
            Self::Unknown { kind, .. } => Some(Ipv6OptionAction::of(*kind)),
            _ => None,
        }
    }
}

impl Ipv6Option<'static> {
    /// The padding that brings a header of `len` octets, with its first two and the options so
    /// far, to a multiple of eight; `None` if it is one.
    #[must_use]
    pub fn padding(len: usize) -> Option<Self> {
        let missing = len.wrapping_neg() & 7;
        let zeros = &[0; 5];
        match missing.checked_sub(2) {
            Some(body) => Some(Self::PadN {
                zeros: zeros.split_at_checked(body)?.0,
            }),
            None => (missing == 1).then_some(Self::Pad1),
        }
    }
}

//! RPL, the routing protocol of low-power networks (RFC 6550): its messages without security, the
//! consistency check, and the options of all messages. Routing is not here.

use super::icmpv6::{Icmpv6Header, Icmpv6HeaderRepr};
use super::ndisc::RoutePreference;
use crate::rt::Secs32;
use crate::{codes, message, options};
use core::net::Ipv6Addr;

/// Messages of RPL (RFC 6550 §6).
#[message(be, header = Icmpv6Header, tag = code)]
pub enum Rpl<'a> {
    /// Asks for information about DODAGs (§6.2).
    #[tag(0x00, msg_type = 155)]
    Dis {
        _flags: u8,
        _reserved: u8,
        /// Options.
        options: Options<'a, RplOption<'a>>,
    },
    /// Information about a DODAG (§6.3).
    #[tag(0x01, msg_type = 155)]
    Dio {
        /// Instance of RPL.
        instance_id: u8,
        /// Version of the DODAG.
        version: u8,
        /// Rank of the sender.
        rank: u16,
        /// The DODAG can satisfy the goal.
        grounded: bool,
        _zero: u1,
        /// How downward routes are kept.
        mop: As<u3, RplMode>,
        /// How much the root is preferred, 0 to 7.
        preference: u3,
        /// Number that makes nodes send their downward routes again.
        dtsn: u8,
        _flags: u8,
        _reserved: u8,
        /// The DODAG: an address of its root.
        dodag_id: Ipv6Addr,
        /// Options.
        options: Options<'a, RplOption<'a>>,
    },
    /// Downward routes of the sender (§6.4).
    #[tag(0x02, msg_type = 155)]
    Dao {
        /// Instance of RPL.
        instance_id: u8,
        /// The sender wants an answer.
        expect_ack: bool,
        #[from(dodag_id.is_some())]
        with_dodag_id: bool,
        _flags: u6,
        _reserved: u8,
        /// Number of the message.
        sequence: u8,
        /// The DODAG, in local instances.
        #[when(with_dodag_id)]
        dodag_id: Option<Ipv6Addr>,
        /// Options.
        options: Options<'a, RplOption<'a>>,
    },
    /// Answer to downward routes (§6.5).
    #[tag(0x03, msg_type = 155)]
    DaoAck {
        /// Instance of RPL.
        instance_id: u8,
        #[from(dodag_id.is_some())]
        with_dodag_id: bool,
        _reserved: u7,
        /// Number of the message that is answered.
        sequence: u8,
        /// Zero if the routes are accepted, 1 to 127 if another parent would be better, above if
        /// they are refused.
        status: u8,
        /// The DODAG, in local instances.
        #[when(with_dodag_id)]
        dodag_id: Option<Ipv6Addr>,
        /// Options.
        options: Options<'a, RplOption<'a>>,
    },
    /// Compares counters with a node (§6.6); only secured messages do so.
    #[tag(0x8a, msg_type = 155)]
    ConsistencyCheck {
        /// The counter counts time (§6.1).
        counter_is_time: bool,
        _security_reserved: u7,
        /// Which algorithms protect the message.
        algorithm: u8,
        /// Which key protects the message.
        key_mode: As<u2, RplKeyMode>,
        _key_reserved: u3,
        /// How far the message is protected.
        level: u3,
        _security_flags: u8,
        /// Counter of the security section.
        counter: u32,
        /// Who gave the key of the group.
        #[when(key_fields(key_mode, level).0)]
        key_source: Option<[u8; 8]>,
        /// Which of the keys of the group.
        #[when(key_fields(key_mode, level).1)]
        key_index: Option<u8>,
        /// Instance of RPL.
        instance_id: u8,
        /// This is an answer.
        response: bool,
        _flags: u7,
        /// Number that the answer repeats.
        nonce: u16,
        /// The DODAG.
        dodag_id: Ipv6Addr,
        /// Counter that the sender remembers of the receiver.
        destination_counter: u32,
        /// Options.
        options: Options<'a, RplOption<'a>>,
    },
    /// A message without a declaration, other secured ones among it.
    #[unknown]
    Unknown {
        /// Its ICMPv6 type.
        msg_type: u8,
        /// Its code.
        code: u8,
        /// Its octets.
        body: &'a [u8],
    },
}

/// Which key protects a secured message (RFC 6550 §6.1).
#[codes(u2)]
pub enum RplKeyMode {
    /// A key of the group, by its index.
    Group = 0,
    /// A key of both ends, known from the addresses.
    Pair = 1,
    /// A key of the group, by its source and index.
    GroupFrom = 2,
    /// The sender signs; if the message is encrypted, a key of the group does that.
    Signature = 3,
}

/// Whether source and index of a key of the group are there (RFC 6550 §6.1, Figures 8 and 10).
/// Levels 0 and 2 of signed messages are not encrypted, so they name no key of the group.
#[must_use]
pub const fn key_fields(mode: RplKeyMode, level: u8) -> (bool, bool) {
    match mode {
        RplKeyMode::Group => (false, true),
        RplKeyMode::Pair => (false, false),
        RplKeyMode::Signature if level & 1 == 0 => (false, false),
        _ => (true, true),
    }
}

/// Mode of operation of a DODAG (RFC 6550 §6.3.1).
#[codes(u3)]
pub enum RplMode {
    /// There are no downward routes.
    NoDownward = 0,
    /// The root knows the downward routes.
    NonStoring = 1,
    /// Every router knows its downward routes.
    Storing = 2,
    /// The same, with multicast.
    StoringMulticast = 3,
    /// The root is asked for routes (RFC 6997).
    PointToPoint = 4,
}

/// Options of RPL messages (RFC 6550 §6.7).
#[options(kind: u8, len: u8 = body)]
pub enum RplOption<'a> {
    /// One octet of padding.
    #[kind(0, bare)]
    Pad1,
    /// Two octets of padding or more.
    #[kind(1)]
    PadN {
        /// The octets after type and length.
        zeros: &'a [u8],
    },
    /// Metrics of the DODAG (RFC 6551).
    #[kind(2)]
    DagMetricContainer {
        /// The metrics.
        data: &'a [u8],
    },
    /// A route that the root offers (§6.7.5).
    #[kind(3)]
    #[check(prefix.len() * 8 >= prefix_len && prefix_len <= 128)]
    RouteInformation {
        /// Leading bits that count.
        prefix_len: u8,
        _reserved1: u3,
        /// How much the route is preferred.
        preference: As<u2, RoutePreference>,
        _reserved2: u3,
        /// How long the route is valid.
        lifetime: As<u32, Secs32>,
        /// The prefix, as far as it is needed.
        prefix: &'a [u8],
    },
    /// Configuration of the DODAG (§6.7.6).
    #[kind(4, size = 16)]
    DodagConfiguration {
        _flags: u4,
        /// Nodes have to authenticate.
        authenticated: bool,
        /// Bits of path control, minus one.
        path_control_size: u3,
        /// Doublings of the trickle timer.
        dio_interval_doublings: u8,
        /// Shortest interval, as a power of two of milliseconds.
        dio_interval_min: u8,
        /// Redundancy of the trickle timer.
        dio_redundancy: u8,
        /// How much the rank may rise in a version.
        max_rank_increase: u16,
        /// How much the rank rises for each hop at least.
        min_hop_rank_increase: u16,
        /// Objective function.
        ocp: u16,
        _reserved: u8,
        /// Lifetime of routes, in lifetime units.
        default_lifetime: u8,
        /// Lifetime unit, in seconds.
        lifetime_unit: u16,
    },
    /// A target of downward routes (§6.7.7).
    #[kind(5)]
    #[check(prefix.len() * 8 >= prefix_len && prefix_len <= 128)]
    Target {
        _flags: u8,
        /// Leading bits that count.
        prefix_len: u8,
        /// The prefix, as far as it is needed.
        prefix: &'a [u8],
    },
    /// The path to the targets before (§6.7.8).
    #[kind(6)]
    TransitInformation {
        /// The targets are outside of the network.
        external: bool,
        _flags: u7,
        /// Preferences of the parents.
        path_control: u8,
        /// Number of the path.
        path_sequence: u8,
        /// Lifetime of the path, in lifetime units.
        path_lifetime: u8,
        /// The parent, in non-storing mode.
        #[when(remaining >= 16)]
        parent: Option<Ipv6Addr>,
    },
    /// Which DODAGs shall answer (§6.7.9).
    #[kind(7, size = 21)]
    SolicitedInformation {
        /// Instance of RPL.
        instance_id: u8,
        /// The version counts.
        match_version: bool,
        /// The instance counts.
        match_instance: bool,
        /// The DODAG counts.
        match_dodag: bool,
        _flags: u5,
        /// The DODAG.
        dodag_id: Ipv6Addr,
        /// Version of the DODAG.
        version: u8,
    },
    /// A prefix for addresses (§6.7.10).
    #[kind(8, size = 32)]
    PrefixInformation {
        /// Leading bits that count.
        prefix_len: u8,
        /// Addresses of the prefix are on the link.
        on_link: bool,
        /// The prefix is for address configuration.
        autonomous: bool,
        /// The prefix holds a whole address of the router.
        router_addr: bool,
        _reserved1: u5,
        /// How long the prefix is valid.
        valid_lifetime: As<u32, Secs32>,
        /// How long addresses of it are preferred.
        preferred_lifetime: As<u32, Secs32>,
        _reserved2: u32,
        /// The prefix.
        prefix: Ipv6Addr,
    },
    /// What the targets before are (§6.7.11).
    #[kind(9, size = 6)]
    TargetDescriptor {
        /// The description.
        descriptor: u32,
    },
    /// An option without a declaration.
    #[unknown]
    Unknown {
        /// Its type.
        kind: u8,
        /// Its octets.
        data: &'a [u8],
    },
}

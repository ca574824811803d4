//! Which parts this build has. Every part is compiled and checked in every build; where one begins
//! there stands one of these constants, and what is behind a false one never reaches the image.
//! That keeps `#[cfg]` out of the code and the combinations of features out of the tests: a build
//! with fewer of them is the same program with fewer ways through it.

use litz_hal::time::Deadline;

/// Declares a constant that says whether a feature is on.
macro_rules! parts {
    ($($(#[$doc:meta])* $name:ident = $feature:literal;)*) => {$(
        $(#[$doc])*
        #[cfg(feature = $feature)]
        pub(crate) const $name: bool = true;
        $(#[$doc])*
        #[cfg(not(feature = $feature))]
        pub(crate) const $name: bool = false;
    )*};
}

/// When a part has something to do; never, if this build does not have it.
pub(crate) const fn part(has: bool, deadline: Deadline) -> Deadline {
    if has { deadline } else { Deadline::NEVER }
}

parts! {
    /// IPv4, with ARP.
    IPV4 = "ipv4";
    /// IPv6, with neighbor discovery.
    IPV6 = "ipv6";
    /// TCP.
    TCP = "tcp";
    /// UDP.
    UDP = "udp";
    /// ICMP echo sockets.
    PING = "ping";
    /// Raw and frame sockets.
    RAW = "raw";
    /// Fragments, sent and received.
    FRAGMENTS = "fragments";
    /// Groups that sockets join: IGMP and MLD.
    MULTICAST = "multicast";
    /// Addresses that are asked for, made from what routers say, or limited in time; what routers
    /// tell of routes.
    AUTOCONF = "autoconf";
    /// Several interfaces on one socket set, forwarding between them, router advertisements sent,
    /// prefixes that are answered for.
    ROUTER = "router";
    /// ICMP errors: those received are told to sockets, and set the path MTU; those due are sent.
    ERRORS = "errors";
    /// Neighbor discovery of low-power networks: addresses that are registered with routers.
    REGISTRATION = "registration";
}

//! Addresses with a port or with a prefix length, and what IP addresses are for: the types of
//! `litz-wire`, where they are documented. Plain addresses are those of `core::net`.

// How they are kept: in a build of one IP version without saying which.
#[cfg_attr(all(feature = "ipv4", not(feature = "ipv6")), path = "addr/only_v4.rs")]
#[cfg_attr(all(feature = "ipv6", not(feature = "ipv4")), path = "addr/only_v6.rs")]
mod kept;

pub use litz_wire::net::address::{is_solicited_node, is_unicast, solicited_node};
pub use litz_wire::{AddrError, IpCidr, Ipv4Cidr, Ipv6Cidr};
pub use litz_wire::{Endpoint, EndpointParseError, ListenEndpoint};

pub(crate) use kept::{
    Ip, IpPort, Net, asks_for, common_prefix, covers, full, full_end, full_net, is_at, is_host,
    is_internal, is_spoken, is_v4, kept, kept_end, kept_net, same, v4, v6,
};

// That of builds of IPv6 alone, which is tested here.
#[cfg(test)]
#[allow(dead_code, reason = "this build keeps addresses as they are")]
#[path = "addr/only_v6.rs"]
mod words;

#[cfg(all(test, feature = "ipv6"))]
mod tests;

//! Addresses with a port or with a prefix length, and what IP addresses are for: the types of
//! `litz-wire`, where they are documented. Plain addresses are those of `core::net`.

pub use litz_wire::net::address::{is_solicited_node, is_unicast, solicited_node};
pub use litz_wire::{AddrError, IpCidr, Ipv4Cidr, Ipv6Cidr};
pub use litz_wire::{Endpoint, EndpointParseError, ListenEndpoint};

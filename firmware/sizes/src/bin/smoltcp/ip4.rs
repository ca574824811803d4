//! The IPv4 address of the server, where the profile has IPv4.

use smoltcp::wire::{IpCidr, Ipv4Address, Ipv4Cidr};

pub(crate) const ADDRS: &[IpCidr] = &[IpCidr::Ipv4(Ipv4Cidr::new(
    Ipv4Address::new(192, 0, 2, 1),
    24,
))];

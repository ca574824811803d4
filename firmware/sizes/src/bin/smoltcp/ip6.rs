//! The IPv6 address of the server, where the profile has IPv6.

use smoltcp::wire::{IpCidr, Ipv6Address, Ipv6Cidr};

pub(crate) const ADDRS: &[IpCidr] = &[IpCidr::Ipv6(Ipv6Cidr::new(
    Ipv6Address::new(0x2001, 0xDB8, 1, 0, 0, 0, 0, 1),
    64,
))];

//! What IP addresses are for, beside what `core::net` says of them (RFC 1122, RFC 4291).

use core::net::{IpAddr, Ipv6Addr};

/// Whether an address may stand as the source of a packet or belong to an interface: not
/// unspecified, not multicast, not the limited broadcast (RFC 1122 §3.2.1.3, RFC 4291 §2.7).
#[inline]
#[must_use]
pub const fn is_unicast(addr: IpAddr) -> bool {
    match addr {
        IpAddr::V4(v4) => !(v4.is_unspecified() || v4.is_multicast() || v4.is_broadcast()),
        IpAddr::V6(v6) => !(v6.is_unspecified() || v6.is_multicast()),
    }
}

/// The group `ff02::1:ff00:0/104` with the last 24 bits of an address: where its neighbors ask for
/// it (RFC 4291 §2.7.1).
#[inline]
#[must_use]
pub const fn solicited_node(addr: Ipv6Addr) -> Ipv6Addr {
    let [.., x, y, z] = addr.octets();
    Ipv6Addr::new(
        0xff02,
        0,
        0,
        0,
        0,
        1,
        u16::from_be_bytes([0xff, x]),
        u16::from_be_bytes([y, z]),
    )
}

/// Whether an address is one that [`solicited_node`] gives.
#[inline]
#[must_use]
pub const fn is_solicited_node(addr: Ipv6Addr) -> bool {
    addr.to_bits() == solicited_node(addr).to_bits()
}

#[cfg(test)]
mod tests;

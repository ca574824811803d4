//! Which of a host's IPv6 addresses a packet is sent from (RFC 6724 §5): all rules, as a function
//! of the candidates, the destination and the policy table alone. [`order`] has the order of
//! destinations (§6).

mod order;

use core::net::Ipv6Addr;

pub use self::order::{Destination, order};
pub(crate) use self::order::{mapped, order_by};
use crate::addr::Ipv6Cidr;

/// An address that a packet could be sent from, with what the rules ask about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The address.
    pub addr: Ipv6Addr,
    /// Leading bits that it shares with its network.
    pub prefix_len: u8,
    /// Its preferred lifetime is over (rule 3).
    pub deprecated: bool,
    /// What it is in Mobile IPv6 (rule 4).
    pub mobility: Mobility,
    /// It belongs to the interface that the packet will leave by (rule 5).
    pub outgoing: bool,
    /// The next hop advertised its prefix (rule 5.5).
    pub advertised: bool,
    /// It is a temporary address (rule 7, RFC 8981).
    pub temporary: bool,
}

impl Candidate {
    /// A preferred address of the outgoing interface, and nothing special.
    #[must_use]
    pub const fn new(addr: Ipv6Addr, prefix_len: u8) -> Self {
        Self {
            addr,
            prefix_len,
            deprecated: false,
            mobility: Mobility::Neither,
            outgoing: true,
            advertised: false,
            temporary: false,
        }
    }
}

/// What an address is in Mobile IPv6 (RFC 6275), from the least to the most wanted (rule 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mobility {
    /// A care-of address.
    CareOf,
    /// The host does not move.
    Neither,
    /// A home address.
    Home,
    /// A home address while the host is at home.
    HomeAndCareOf,
}

/// A row of the policy table (RFC 6724 §2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Addresses that the row is for, unless a row with a longer prefix is for them too.
    pub prefix: Ipv6Cidr,
    /// Destinations of a higher precedence are tried first (§6, rule 6).
    pub precedence: u8,
    /// A source is wanted that has the label of the destination (rule 6).
    pub label: u8,
}

/// The policy table of a host that was told nothing else (RFC 6724 §2.1).
pub const DEFAULT_POLICY: [Policy; 9] = [
    row(Ipv6Addr::LOCALHOST, 128, 50, 0),
    row(Ipv6Addr::UNSPECIFIED, 0, 40, 1),
    row(Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, 0, 0), 96, 35, 4),
    row(Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16, 30, 2),
    row(Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 32, 5, 5),
    row(Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7, 3, 13),
    row(Ipv6Addr::UNSPECIFIED, 96, 1, 3),
    row(Ipv6Addr::new(0xfec0, 0, 0, 0, 0, 0, 0, 0), 10, 1, 11),
    row(Ipv6Addr::new(0x3ffe, 0, 0, 0, 0, 0, 0, 0), 16, 1, 12),
];

const fn row(addr: Ipv6Addr, prefix_len: u8, precedence: u8, label: u8) -> Policy {
    let prefix = match Ipv6Cidr::new(addr, prefix_len) {
        Ok(prefix) => prefix,
        Err(_) => Ipv6Cidr::host(addr),
    };
    Policy {
        prefix,
        precedence,
        label,
    }
}

/// The candidate that packets to `dst` are best sent from; the first of those that are equal.
#[must_use]
pub fn select(
    dst: Ipv6Addr,
    candidates: impl IntoIterator<Item = Candidate>,
    policy: &[Policy],
) -> Option<Ipv6Addr> {
    let dst_label = label(dst, policy);
    let mut best = None;
    for candidate in candidates {
        let rank = rank(&candidate, dst, dst_label, policy);
        if best.as_ref().is_none_or(|(of_best, _)| rank > *of_best) {
            best = Some((rank, candidate.addr));
        }
    }
    best.map(|(_, addr)| addr)
}

/// What the rules say of a candidate, an octet for each rule before that of the next; more is
/// better. Rules that say yes or no share two octets.
fn rank(candidate: &Candidate, dst: Ipv6Addr, dst_label: Option<u8>, policy: &[Policy]) -> u32 {
    let before_scope = u8::from(candidate.addr == dst); // rule 1: the same address
    let scope = by_scope(scope(candidate.addr), scope(dst)); // rule 2: the appropriate scope
    let between = u8::from(!candidate.deprecated) << 6 // rule 3
        | (candidate.mobility as u8) << 4 // rule 4: home addresses
        | u8::from(candidate.outgoing) << 3 // rule 5
        | u8::from(candidate.advertised) << 2 // rule 5.5
        | u8::from(label(candidate.addr, policy) == dst_label) << 1 // rule 6: the matching label
        | u8::from(candidate.temporary); // rule 7
    let common = common_prefix(candidate, dst) as u8; // rule 8: the longest matching prefix
    u32::from_be_bytes([before_scope, scope, between, common])
}

/// Rule 2: of scopes wide enough the narrowest is best; of those too narrow, the widest.
pub(crate) const fn by_scope(own: u8, dst: u8) -> u8 {
    if own >= dst {
        u8::MAX.saturating_sub(own)
    } else {
        own
    }
}

/// Bits that both addresses begin with, at most those of the source's prefix (RFC 6724 §2.2).
fn common_prefix(candidate: &Candidate, dst: Ipv6Addr) -> u32 {
    let common = (candidate.addr.to_bits() ^ dst.to_bits()).leading_zeros();
    common.min(u32::from(candidate.prefix_len))
}

/// The label that the longest matching row gives.
fn label(addr: Ipv6Addr, policy: &[Policy]) -> Option<u8> {
    row_of(addr, policy).map(|row| row.label)
}

/// The longest matching row.
fn row_of(addr: Ipv6Addr, policy: &[Policy]) -> Option<&Policy> {
    policy
        .iter()
        .filter(|row| row.prefix.contains(addr))
        .max_by_key(|row| row.prefix.prefix_len())
}

/// What is on the link and no further.
const LINK_LOCAL: u8 = 0x2;
const SITE_LOCAL: u8 = 0x5;
const GLOBAL: u8 = 0xe;

/// Scope of an address (RFC 4291 §2.7, RFC 6724 §3.1).
pub(crate) const fn scope(addr: Ipv6Addr) -> u8 {
    if let Some(v4) = addr.to_ipv4_mapped() {
        // RFC 6724 §3.2.
        return if v4.is_link_local() || v4.is_loopback() {
            LINK_LOCAL
        } else {
            GLOBAL
        };
    }
    if addr.is_loopback() {
        LINK_LOCAL
    } else {
        scope_on_link(addr)
    }
}

/// [`scope`] of an address that is seen on links: neither a host's own nor one of IPv4.
pub(crate) const fn scope_on_link(addr: Ipv6Addr) -> u8 {
    match addr.octets() {
        [0xff, second, ..] => second & 0x0f,
        [0xfe, 0x80..=0xbf, ..] => LINK_LOCAL,
        [0xfe, 0xc0..=0xff, ..] => SITE_LOCAL,
        _ => GLOBAL,
    }
}

#[cfg(test)]
mod tests;

//! In which order the addresses of a host are tried (RFC 6724 §6): all rules, as a function of the
//! destinations, the sources that would be used for them, and the policy table alone.

use core::cmp::Ordering;
use core::net::{IpAddr, Ipv6Addr};

use super::{Candidate, Mobility, Policy, common_prefix, label, row_of, scope};

/// An address that a host could be reached at, with what the rules ask about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Destination {
    /// The address.
    pub addr: IpAddr,
    /// What packets to it would be sent from; `None` if there is no source, or no way (rule 1). An
    /// IPv4 address stands there as the IPv6 address that maps it (RFC 4291 §2.5.5.2).
    pub source: Option<Candidate>,
    /// The way to it is a tunnel (rule 7).
    pub encapsulated: bool,
}

/// Order destinations, the best first; those that are equal keep their order (rule 10).
pub fn order(destinations: &mut [Destination], policy: &[Policy]) {
    order_by(destinations, |&destination| destination, policy);
}

/// [`order`] for what describes a destination.
///
/// Rule 9 compares only within a version of IP, so the relation is not transitive and no library
/// sorts by it: each is moved forward past those that it is better than.
pub(crate) fn order_by<T>(
    items: &mut [T],
    describe: impl Fn(&T) -> Destination,
    policy: &[Policy],
) {
    for end in 1..items.len() {
        for at in (1..=end).rev() {
            let before = at.saturating_sub(1);
            let (Some(one), Some(other)) = (items.get(at), items.get(before)) else {
                break;
            };
            if compare(&describe(one), &describe(other), policy) != Ordering::Greater {
                break;
            }
            items.swap(at, before);
        }
    }
}

/// What the rules before the ninth say of a destination, each before the next; more is better.
type Rank = (bool, bool, bool, Mobility, bool, u8, bool, u8);

fn compare(one: &Destination, other: &Destination, policy: &[Policy]) -> Ordering {
    let by_rank = rank(one, policy).cmp(&rank(other, policy));
    by_rank.then_with(|| match (one.source, other.source) {
        // Rule 9: the longest matching prefix, within one version.
        (Some(of_one), Some(of_other)) if one.addr.is_ipv4() == other.addr.is_ipv4() => {
            let of_one = common_prefix(&of_one, mapped(one.addr));
            of_one.cmp(&common_prefix(&of_other, mapped(other.addr)))
        }
        _ => Ordering::Equal,
    })
}

fn rank(destination: &Destination, policy: &[Policy]) -> Rank {
    let addr = mapped(destination.addr);
    let source = destination.source;
    let row = row_of(addr, policy);
    (
        source.is_some(),                                               // rule 1
        source.is_some_and(|source| scope(source.addr) == scope(addr)), // rule 2
        source.is_some_and(|source| !source.deprecated),                // rule 3
        source.map_or(Mobility::CareOf, |source| source.mobility),      // rule 4
        source.is_some_and(|source| label(source.addr, policy) == row.map(|row| row.label)), // 5
        row.map_or(0, |row| row.precedence),                            // rule 6
        !destination.encapsulated,                                      // rule 7
        u8::MAX.saturating_sub(scope(addr)),                            // rule 8
    )
}

/// An address as the policy table knows it.
pub(crate) const fn mapped(addr: IpAddr) -> Ipv6Addr {
    match addr {
        IpAddr::V4(v4) => v4.to_ipv6_mapped(),
        IpAddr::V6(v6) => v6,
    }
}

#[cfg(test)]
mod tests;

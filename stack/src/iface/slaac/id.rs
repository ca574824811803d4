//! Interface identifiers: of a secret (RFC 7217), of the hardware address, or at random (RFC 8981).

use core::net::Ipv6Addr;

use super::super::random::Random;
use super::super::{Interface, Link};
use super::InterfaceIds;
use crate::addr::Ipv6Cidr;

impl Interface<'_> {
    /// The address of a prefix that is the same whenever the host is in this network. `attempt`
    /// counts those that were somebody else's. `None` if the prefix is not of 64 bits.
    pub(super) fn stable_addr(&self, prefix: Ipv6Cidr, attempt: u8) -> Option<Ipv6Cidr> {
        let config = self.slaac.config()?;
        let hardware_id = self.hardware_addr().map(|own| own.interface_id());
        // RFC 6775 §5.2: a neighbor finds the station of a link-local address in it.
        let in_addr =
            matches!(self.link, Link::Ieee802154(_)) && prefix.addr().is_unicast_link_local();
        let id = match (config.ids, hardware_id) {
            (InterfaceIds::HardwareAddr, Some(id)) => id,
            (_, Some(id)) if in_addr => id,
            _ => {
                let key = config.stable_secret.map_or(self.random, Random::new);
                stable_id(&key, prefix.addr(), hardware_id.unwrap_or([0; 8]), attempt)
            }
        };
        with_id(prefix, id)
    }

    /// An address of a prefix that has never been before (RFC 8981 §3.3.1).
    pub(super) fn temporary_addr(&mut self, prefix: Ipv6Cidr) -> Option<Ipv6Cidr> {
        let id = core::iter::repeat_with(|| self.random.next().to_be_bytes())
            .take(8)
            .find(|&id| !is_reserved(id))?;
        with_id(prefix, id)
    }
}

/// An address with an interface identifier, if the prefix leaves 64 bits for it.
fn with_id(prefix: Ipv6Cidr, id: [u8; 8]) -> Option<Ipv6Cidr> {
    (prefix.prefix_len() == 64)
        .then(|| prefix.with_interface_id(id))
        .flatten()
}

/// RFC 7217 §5: a function of the prefix, the interface and the number of the attempt that nobody
/// can compute without the secret.
fn stable_id(key: &Random, prefix: Ipv6Addr, interface: [u8; 8], attempt: u8) -> [u8; 8] {
    let mut number = u64::from(attempt);
    loop {
        let mut input = [0; 24];
        let (network, rest) = input.split_at_mut(8);
        let (name, count) = rest.split_at_mut(8);
        crate::storage::put(network, &prefix.octets());
        crate::storage::put(name, &interface);
        crate::storage::put(count, &number.to_be_bytes());
        let id = key.keyed(b"7217", &input).to_be_bytes();
        // One in 2^24 is reserved; a second one in a row is a wonder, a tenth is none.
        if !is_reserved(id) || number > 0x0001_0000 {
            return id;
        }
        number = number.wrapping_add(0x100);
    }
}

/// Identifiers that are no host's (RFC 5453, IANA "Reserved IPv6 Interface Identifiers"): the
/// anycast address of routers, those of proxy mobile IPv6, and other anycast addresses.
fn is_reserved(id: [u8; 8]) -> bool {
    let id = u64::from_be_bytes(id);
    id == 0
        || (0x0200_5eff_fe00_0000..=0x0200_5eff_feff_ffff).contains(&id)
        || (0xfdff_ffff_ffff_ff80..=0xfdff_ffff_ffff_ffff).contains(&id)
}

#[cfg(test)]
mod tests;

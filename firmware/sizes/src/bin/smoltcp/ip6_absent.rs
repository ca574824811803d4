//! In the place of `ip6.rs` where a profile has no IPv6: no address.

use smoltcp::wire::IpCidr;

pub(crate) const ADDRS: &[IpCidr] = &[];

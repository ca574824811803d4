//! In the place of `ip4.rs` where a profile has no IPv4: no address.

use smoltcp::wire::IpCidr;

pub(crate) const ADDRS: &[IpCidr] = &[];

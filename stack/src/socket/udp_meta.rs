//! What is kept of a datagram's metadata: all of it, as it is. The file beside this one takes its
//! place in builds of IPv4 alone.

use super::udp::UdpMeta;
use crate::addr::{Ip, IpPort, kept, kept_end};
use crate::storage::kept_whole;

/// Metadata of a datagram as it is kept.
pub(crate) type KeptMeta = UdpMeta;

kept_whole!(UdpMeta);

/// The other side.
#[inline]
pub(crate) const fn remote(meta: &KeptMeta) -> IpPort {
    kept_end(meta.remote)
}

/// Our side.
#[inline]
pub(crate) fn local_addr(meta: &KeptMeta) -> Option<Ip> {
    meta.local_addr.map(kept)
}

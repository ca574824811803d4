//! What is kept of a datagram's metadata in a build of IPv4 alone: addresses without their version,
//! in half the memory.

use litz_hal::time::Deadline;
use litz_wire::Ecn;

use super::interfaces::InterfaceId;
use super::udp::{UdpMeta, UdpReceived};
use crate::addr::{Ip, IpPort, full, full_end, kept, kept_end};
use crate::storage::Meta;

/// Metadata of a datagram as it is kept: a [`UdpMeta`], field by field.
#[derive(Clone, Copy, Debug)]
pub struct KeptMeta {
    remote: IpPort,
    local_addr: Option<Ip>,
    pub(crate) hop_limit: Option<u8>,
    pub(crate) dscp: Option<u8>,
    pub(crate) ecn: Ecn,
    interface: Option<InterfaceId>,
    received: KeptReceived,
}

/// A [`UdpReceived`], field by field, if there is one.
#[derive(Clone, Copy, Debug)]
struct KeptReceived {
    /// None if there is none.
    hop_limit: Option<u8>,
    dscp: u8,
    ecn: Ecn,
    interface: Option<InterfaceId>,
    /// Never, if the device did not say.
    timestamp: Deadline,
}

impl Meta for UdpMeta {
    type Kept = KeptMeta;

    fn kept(self) -> KeptMeta {
        KeptMeta {
            remote: kept_end(self.remote),
            local_addr: self.local_addr.map(kept),
            hop_limit: self.hop_limit,
            dscp: self.dscp,
            ecn: self.ecn,
            interface: self.interface,
            received: KeptReceived {
                hop_limit: self.received.map(|seen| seen.hop_limit),
                dscp: self.received.map_or(0, |seen| seen.dscp),
                ecn: self.received.map_or(Ecn::NotEct, |seen| seen.ecn),
                interface: self.received.and_then(|seen| seen.interface),
                timestamp: self.received.and_then(|seen| seen.timestamp).into(),
            },
        }
    }

    fn full(kept: &KeptMeta) -> Self {
        let seen = kept.received;
        Self {
            remote: full_end(kept.remote),
            local_addr: kept.local_addr.map(full),
            hop_limit: kept.hop_limit,
            dscp: kept.dscp,
            ecn: kept.ecn,
            interface: kept.interface,
            received: seen.hop_limit.map(|hop_limit| UdpReceived {
                hop_limit,
                dscp: seen.dscp,
                ecn: seen.ecn,
                interface: seen.interface,
                timestamp: seen.timestamp.instant(),
            }),
        }
    }
}

/// The other side.
#[inline]
pub(crate) const fn remote(meta: &KeptMeta) -> IpPort {
    meta.remote
}

/// Our side.
#[inline]
pub(crate) const fn local_addr(meta: &KeptMeta) -> Option<Ip> {
    meta.local_addr
}

//! What an interface counts: frames in and out, and every drop by its reason.

use core::fmt;

use super::mib::count;
use crate::parts::COUNTERS;

macro_rules! reasons {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal,)+) => {
        /// Why a received packet was not delivered, or one to be sent was not sent.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum DropReason {
            $($(#[doc = $doc])+ $name,)+
        }

        impl DropReason {
            /// Every reason.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];
        }

        impl fmt::Display for DropReason {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $(Self::$name => $text),+ })
            }
        }
    };
}

reasons! {
    /// A header did not parse: too short, or a constant or a length was wrong.
    Malformed = "malformed header",
    /// The device is of another medium than the interface; it was not touched.
    Medium = "device of another medium",
    /// The frame is for another hardware address.
    NotForUs = "frame for another station",
    /// The frame is of a VLAN, and the interface is not (`litz_hal::vlan` makes devices of VLANs).
    Vlan = "frame of a VLAN",
    /// The EtherType is none that the interface speaks.
    EtherType = "unknown EtherType",
    /// The destination IP address is not ours.
    NotOurAddress = "IP destination not ours",
    /// The destination is a multicast group that nobody here has joined.
    GroupNotJoined = "multicast group not joined",
    /// The source IP address cannot be one (RFC 1122 §3.2.1.3, RFC 4291 §2.7).
    BadSource = "impossible IP source",
    /// The IPv4 header checksum is wrong.
    IpChecksum = "wrong IP checksum",
    /// There is no memory to put together a packet of which this is a fragment.
    Fragment = "no room for fragments",
    /// A fragment that no sender makes: of impossible length or place.
    FragmentMalformed = "impossible IP fragment",
    /// Fragments of a packet overlap; the whole packet is given up (RFC 5722).
    FragmentOverlap = "overlapping IP fragments",
    /// A packet of which not all fragments had come made way for another.
    ReassemblyFull = "incomplete IP packet displaced",
    /// A packet's fragments did not all come in time.
    ReassemblyTimeout = "IP reassembly timed out",
    /// A message is too large for one packet, and another one's fragments are still to be sent.
    FragmentsBusy = "fragments of another message waiting",
    /// A packet has more headers, options or padding than is reasonable (RFC 8504 §5.3).
    HeaderLimit = "too many IP headers or options",
    /// An option whose kind says that who does not know it drops the packet.
    IpOption = "unknown IP option",
    /// A source route.
    RoutingHeader = "IP source route",
    /// Nothing follows the IPv6 headers.
    NoNextHeader = "IPv6 without payload",
    /// The IP protocol, or an IPv6 extension header, is none that the stack handles.
    Protocol = "unhandled IP protocol",
    /// The checksum of the UDP, TCP or ICMP message is wrong.
    TransportChecksum = "wrong transport checksum",
    /// No UDP socket is bound to the destination port.
    PortClosed = "UDP port closed",
    /// The socket's receive queue was full.
    SocketFull = "socket queue full",
    /// The ICMP message is of no use here.
    IcmpIgnored = "ICMP message ignored",
    /// An ARP or neighbor discovery message that its rules forbid to believe.
    NeighborInvalid = "invalid neighbor message",
    /// A reply was due, and the rate limit forbade it.
    RateLimited = "reply over the rate limit",
    /// The socket set has no room for all addresses and routes of the interface; counted whenever
    /// they are shown to it.
    RouteTableFull = "no room in the route table",
    /// A packet for somebody else that must not cross a router: of one link alone, of a group.
    NotForwarded = "not to be forwarded",
    /// A packet for somebody else has passed as many routers as it may.
    HopLimit = "hop limit exceeded",
    /// The queue of the interface that a packet goes out by was full.
    ForwardFull = "no room to forward",
    /// There is no route to the destination.
    NoRoute = "no route",
    /// No address of ours can be the source.
    NoSourceAddress = "no source address",
    /// The next hop did not answer.
    Unresolved = "neighbor unresolved",
    /// No room to keep a packet while its next hop is resolved.
    PendingFull = "no room to wait for a neighbor",
    /// The destination is everybody, and the socket may not send there.
    BroadcastForbidden = "broadcast without permission",
    /// The packet is larger than the interface carries.
    TooLong = "longer than the MTU",
    /// The device refused the frame.
    Device = "refused by the device",
}

/// Reasons that are counted.
const REASONS: usize = if COUNTERS { DropReason::ALL.len() } else { 0 };

/// Counters of one interface; they wrap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InterfaceCounters {
    /// Frames taken from the device.
    pub rx_frames: u32,
    /// Frames given to the device.
    pub tx_frames: u32,
    drops: [u32; REASONS],
}

impl Default for InterfaceCounters {
    fn default() -> Self {
        Self {
            rx_frames: 0,
            tx_frames: 0,
            drops: [0; REASONS],
        }
    }
}

impl InterfaceCounters {
    /// Packets dropped for a reason.
    #[must_use]
    pub fn dropped(&self, reason: DropReason) -> u32 {
        self.drops.get(reason as usize).copied().unwrap_or(0)
    }

    /// Packets dropped for whatever reason.
    #[must_use]
    pub fn dropped_total(&self) -> u32 {
        self.drops
            .iter()
            .fold(0, |sum, &count| sum.wrapping_add(count))
    }

    /// Reasons for which packets were dropped, and how many.
    pub fn drops(&self) -> impl Iterator<Item = (DropReason, u32)> {
        let counts = self.drops;
        DropReason::ALL
            .iter()
            .copied()
            .zip(counts)
            .filter(|&(_, count)| count > 0)
    }

    pub(crate) fn drop(&mut self, reason: DropReason) {
        if let Some(drops) = self.drops.get_mut(reason as usize) {
            count(drops);
        }
    }

    pub(crate) const fn received(&mut self) {
        count(&mut self.rx_frames);
    }

    pub(crate) const fn sent(&mut self) {
        count(&mut self.tx_frames);
    }
}

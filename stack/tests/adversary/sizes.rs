//! What the stack's values take in memory: bounds that may be lowered, never quietly raised.

use litz::iface::{AddrSlot, GroupSlot, NeighborSlot, PendingSlot, RouteSlot};
use litz::socket::{HalfOpenSlot, IcmpSlot, ListenerSlot, MembershipSlot, TimeWaitSlot};
use litz::{Interface, PollResult, SocketSet, TcpSlot, UdpSlot};

#[test]
fn sizes_stay_within_their_bounds() {
    let sizes = [
        ("Interface", size_of::<Interface<'_>>(), 1792),
        ("SocketSet", size_of::<SocketSet<'_>>(), 1024),
        ("TcpSlot", size_of::<TcpSlot<'_>>(), 720),
        ("HalfOpenSlot", size_of::<HalfOpenSlot>(), 104),
        ("TimeWaitSlot", size_of::<TimeWaitSlot>(), 48),
        ("ListenerSlot", size_of::<ListenerSlot>(), 240),
        ("UdpSlot", size_of::<UdpSlot<'_>>(), 304),
        ("IcmpSlot", size_of::<IcmpSlot<'_>>(), 304),
        ("AddrSlot", size_of::<AddrSlot>(), 80),
        ("RouteSlot", size_of::<RouteSlot>(), 40),
        ("NeighborSlot", size_of::<NeighborSlot>(), 56),
        ("PendingSlot", size_of::<PendingSlot<'_>>(), 64),
        ("GroupSlot", size_of::<GroupSlot<'_>>(), 192),
        ("MembershipSlot", size_of::<MembershipSlot<'_>>(), 128),
        ("PollResult", size_of::<PollResult>(), 24),
    ];
    for (name, size, bound) in sizes {
        println!("{name:<14}{size:>5} octets (at most {bound})");
    }
    for (name, size, bound) in sizes {
        assert!(size <= bound, "{name} has {size} octets, more than {bound}");
    }
}

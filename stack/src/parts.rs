//! Which parts this build has. Every part is compiled and checked in every build; where one begins
//! there stands one of these constants, and what is behind a false one never reaches the image.
//! That keeps `#[cfg]` out of the code and the combinations of features out of the tests: a build
//! with fewer of them is the same program with fewer ways through it.

use litz_hal::time::Deadline;

/// A value that takes room only in a build that has what it is for: `HAS` is 1 there, else 0.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kept<T, const HAS: usize>([T; HAS]);

/// A value of builds that count.
pub(crate) type Counted<T> = Kept<T, { COUNTERS as usize }>;

impl<T, const HAS: usize> Kept<T, HAS> {
    /// The value, where this build has it; as a constant.
    pub(crate) const fn of(value: T) -> Self
    where
        T: Copy,
    {
        Self([value; HAS])
    }

    /// The value, where this build has it.
    pub(crate) fn new(value: T) -> Self
    where
        T: Default,
    {
        let mut value = Some(value);
        Self(core::array::from_fn(|_| value.take().unwrap_or_default()))
    }

    /// The value.
    pub(crate) const fn get(&self) -> Option<&T> {
        self.0.as_slice().first()
    }

    /// The value.
    pub(crate) const fn get_mut(&mut self) -> Option<&mut T> {
        self.0.as_mut_slice().first_mut()
    }

    /// The value, or what stands for it and is forgotten.
    #[inline]
    pub(crate) const fn or<'a>(&'a mut self, spare: &'a mut T) -> &'a mut T {
        match self.get_mut() {
            Some(value) => value,
            None => spare,
        }
    }

    /// Does something to the value.
    #[inline]
    pub(crate) fn note(&mut self, f: impl FnOnce(&mut T)) {
        if let Some(value) = self.get_mut() {
            f(value);
        }
    }
}

impl<T: Default, const HAS: usize> Default for Kept<T, HAS> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

/// When a part has something to do; never, if this build does not have it.
pub(crate) const fn part(has: bool, deadline: Deadline) -> Deadline {
    if has { deadline } else { Deadline::NEVER }
}

litz_hal::parts! {
    /// IPv4, with ARP.
    IPV4 = "ipv4";
    /// IPv6, with neighbor discovery.
    IPV6 = "ipv6";
    /// TCP.
    TCP = "tcp";
    /// UDP.
    UDP = "udp";
    /// ICMP echo sockets.
    PING = "ping";
    /// Raw and frame sockets.
    RAW = "raw";
    /// Fragments, sent and received; without, routers may not make any of what is sent either.
    FRAGMENTS = "fragments";
    /// Groups that sockets join: IGMP and MLD.
    MULTICAST = "multicast";
    /// Addresses that are asked for, made from what routers say, or limited in time; what routers
    /// tell of routes.
    AUTOCONF = "autoconf";
    /// Several interfaces on one socket set, forwarding between them, router advertisements sent,
    /// prefixes that are answered for.
    ROUTER = "router";
    /// ICMP errors: those received are told to sockets, and set the path MTU; those due are sent.
    ERRORS = "errors";
    /// Extension headers of IPv6 (RFC 8200 §4); without, what has one is dropped as a packet of a
    /// protocol that nobody speaks.
    EXTENSIONS = "extension-headers";
    /// Neighbors that fall silent are asked whether they are there (RFC 4861 §7.3); without, all of
    /// them are asked for once a minute while they are sent to.
    NUD = "nud";
    /// Neighbor discovery of low-power networks: addresses that are registered with routers.
    REGISTRATION = "registration";
    /// Links of Ethernet.
    ETHERNET = "ethernet";
    /// Links of IEEE 802.15.4, by 6LoWPAN.
    IEEE802154 = "ieee802154";
    /// Links that carry IP without a header of their own.
    POINT = "ip";
    /// What is counted: frames, packets of each protocol, reasons of drops.
    COUNTERS = "counters";
    /// Packets that wait until the station of their next hop is known.
    QUEUE = "queue";
    /// Packets of IPv6 in several frames of 802.15.4 (RFC 4944 §5.3).
    LOWPAN_FRAGMENTS = "lowpan-fragments";
    /// Headers of a mesh below IP.
    MESH = "mesh";
    /// Contexts of the compression of 6LoWPAN (RFC 6282 §3.1.2), set or learned; without, packets
    /// are compressed without, and those that need one are dropped.
    CONTEXTS = "contexts";
    /// UDP: ports that several sockets share, sockets that are connected to a peer; what is for a
    /// group or everybody reaches every socket that it concerns, not only the one that fits best.
    SHARED = "shared";
    /// TCP: connections that the application begins, not only those that it accepts.
    CONNECT = "connect";
    /// TCP: settings of sets, listeners and connections other than the defaults.
    TCP_CONFIG = "tcp-config";
    /// TCP: several segments are on their way at once.
    PIPELINE = "pipeline";
    /// TCP: losses are found by duplicate acknowledgments, or what tells more; without, by timeouts
    /// alone.
    FAST_RETRANSMIT = "fast-retransmit";
    /// TCP: timestamps, congestion marks, keep-alive, pacing, limits of time.
    TCP_EXTRAS = "tcp-extras";
    /// TCP: handshakes of listeners have a table of their own, and take a connection's slot when
    /// they are done; without, a SYN takes the slot.
    BACKLOG = "backlog";
    /// TCP: SYNs that find a listener's backlog full are answered with a cookie.
    COOKIES = "cookies";
    /// TCP: quiet times (TIME-WAIT) that need no connection's slot, and that a SYN may end.
    TIME_WAIT = "time-wait";
    /// TCP: the application decides on a SYN before it is answered.
    DECIDE = "decide";
    /// Tasks that wait for a socket.
    WAKERS = "wakers";
    /// Tables of hashes and a heap of timers, so that no work is linear in the number of sockets;
    /// without, the few that there are are looked through.
    SCALE = "scale";
    /// Each sender of many packets has the code that writes them compiled into it, what TCP sends
    /// and receives is copied and summed in one pass, and the way to the last destination is
    /// remembered: faster and larger than one copy of the code for all, and a pass for each.
    INLINE = "inline";
}

//! What an interface counts of each protocol, under the names of the management information base:
//! IP and ICMP (RFC 4293), UDP (RFC 4113); and a table of all of it, with TCP's (RFC 4022) and the
//! reasons of drops. Counters wrap.

use core::fmt;

use litz_wire::IpProtocol;

use super::Interface;
use super::counters::{DropReason, InterfaceCounters};
use super::ingress::Verdict;
use super::output::IpOutput;
use crate::addr::{Ip, is_v4};
use crate::parts::COUNTERS;
use crate::socket::SocketSet;
use crate::socket::tcp::TcpCounters;

macro_rules! mib {
    ($(#[doc = $of:literal])+ $table:ident {
        $($(#[doc = $doc:literal])+ $field:ident = $name:literal,)+
    }) => {
        $(#[doc = $of])+
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct $table {
            $($(#[doc = $doc])+ pub $field: u32,)+
        }

        impl $table {
            const ZERO: Self = Self { $($field: 0),+ };

            /// Every counter with its name in the RFC.
            pub fn entries(&self) -> impl Iterator<Item = (&'static str, u32)> {
                [$(($name, self.$field)),+].into_iter()
            }
        }
    };
}

mib! {
    /// Counters of one version of IP (RFC 4293, `ipIfStatsTable`).
    IpCounters {
        /// Packets received, also those with errors; fragments count one by one.
        in_receives = "InReceives",
        /// Packets dropped for an error in their headers.
        in_hdr_errors = "InHdrErrors",
        /// Packets for other hosts to which no route leads.
        in_no_routes = "InNoRoutes",
        /// Packets dropped for an address that is not to be taken.
        in_addr_errors = "InAddrErrors",
        /// Packets dropped because nobody takes their protocol.
        in_unknown_protos = "InUnknownProtos",
        /// Packets for other hosts to which a route leads.
        in_forw_datagrams = "InForwDatagrams",
        /// Fragments received that have to be put together.
        reasm_reqds = "ReasmReqds",
        /// Packets put together.
        reasm_oks = "ReasmOKs",
        /// Fragments refused, and packets given up that did not come together.
        reasm_fails = "ReasmFails",
        /// Packets dropped although nothing was wrong with them.
        in_discards = "InDiscards",
        /// Packets handed to a protocol above, or to a raw socket.
        in_delivers = "InDelivers",
        /// Packets received for groups.
        in_mcast_pkts = "InMcastPkts",
        /// Packets received for everybody.
        in_bcast_pkts = "InBcastPkts",
        /// Packets that protocols above and raw sockets have sent.
        out_requests = "OutRequests",
        /// Packets of them to which no route leads.
        out_no_routes = "OutNoRoutes",
        /// Packets of other hosts that left by this interface.
        out_forw_datagrams = "OutForwDatagrams",
        /// Packets that left in fragments.
        out_frag_oks = "OutFragOKs",
        /// Packets that could not be fragmented.
        out_frag_fails = "OutFragFails",
        /// Fragments made.
        out_frag_creates = "OutFragCreates",
        /// Packets to groups.
        out_mcast_pkts = "OutMcastPkts",
    }
}

mib! {
    /// Counters of ICMP for one version of IP (RFC 4293, `icmpStatsTable`).
    IcmpCounters {
        /// Messages received, also those with errors.
        in_msgs = "InMsgs",
        /// Messages received that are malformed or have a wrong checksum.
        in_errors = "InErrors",
        /// Messages sent.
        out_msgs = "OutMsgs",
    }
}

mib! {
    /// Counters of UDP (RFC 4113, `udp`), of both versions of IP.
    UdpCounters {
        /// Datagrams handed to sockets.
        in_datagrams = "InDatagrams",
        /// Datagrams for ports that nobody listens on.
        no_ports = "NoPorts",
        /// Datagrams that were not handed over for another reason.
        in_errors = "InErrors",
        /// Datagrams sent.
        out_datagrams = "OutDatagrams",
    }
}

/// How far up a received packet has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Layer {
    /// It is still a frame.
    #[default]
    Link,
    /// It is a packet; of IPv4 if that is true.
    Ip(bool),
    /// It is a message of ICMP, over IPv4 if that is true.
    Icmp(bool),
    /// It is a datagram of UDP.
    Udp,
    /// It is a segment of TCP.
    Tcp,
    /// It is with another protocol above IP.
    Other,
}

/// The counters of one interface, by protocol.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProtocolCounters {
    /// IPv4.
    pub ipv4: IpCounters,
    /// IPv6.
    pub ipv6: IpCounters,
    /// ICMP for IPv4.
    pub icmpv4: IcmpCounters,
    /// ICMP for IPv6.
    pub icmpv6: IcmpCounters,
    /// UDP.
    pub udp: UdpCounters,
    /// Segments of TCP that are malformed or have a wrong checksum (RFC 4022, `tcpInErrs`).
    pub tcp_in_errs: u32,
}

/// Count one more.
pub(super) const fn count(counter: &mut u32) {
    if COUNTERS {
        *counter = counter.wrapping_add(1);
    }
}

impl ProtocolCounters {
    const ZERO: Self = Self {
        ipv4: IpCounters::ZERO,
        ipv6: IpCounters::ZERO,
        icmpv4: IcmpCounters::ZERO,
        icmpv6: IcmpCounters::ZERO,
        udp: UdpCounters::ZERO,
        tcp_in_errs: 0,
    };

    pub(super) const fn ip(&mut self, v4: bool) -> &mut IpCounters {
        if v4 { &mut self.ipv4 } else { &mut self.ipv6 }
    }

    const fn icmp(&mut self, v4: bool) -> &mut IcmpCounters {
        if v4 {
            &mut self.icmpv4
        } else {
            &mut self.icmpv6
        }
    }

    /// A packet has been received.
    pub(super) const fn received(&mut self, v4: bool) {
        count(&mut self.ip(v4).in_receives);
    }

    /// A packet is handed to its protocol. Returns how far up it is then.
    pub(super) fn delivered(
        &mut self,
        v4: bool,
        protocol: IpProtocol,
        to_group: bool,
        to_all: bool,
    ) -> Layer {
        let ip = self.ip(v4);
        count(&mut ip.in_delivers);
        if to_group {
            count(&mut ip.in_mcast_pkts);
        }
        if to_all {
            count(&mut ip.in_bcast_pkts);
        }
        match protocol {
            IpProtocol::Icmp | IpProtocol::Icmpv6 => {
                count(&mut self.icmp(v4).in_msgs);
                Layer::Icmp(v4)
            }
            IpProtocol::Udp => Layer::Udp,
            IpProtocol::Tcp => Layer::Tcp,
            _ => Layer::Other,
        }
    }

    /// What became of what was received.
    pub(super) fn ended(&mut self, layer: Layer, verdict: &Verdict) {
        match (layer, verdict) {
            (Layer::Ip(v4), Err(reason)) => count(match reason {
                DropReason::Malformed
                | DropReason::IpChecksum
                | DropReason::IpOption
                | DropReason::RoutingHeader => &mut self.ip(v4).in_hdr_errors,
                DropReason::NotOurAddress
                | DropReason::GroupNotJoined
                | DropReason::BadSource
                | DropReason::NotForUs => &mut self.ip(v4).in_addr_errors,
                DropReason::Protocol => &mut self.ip(v4).in_unknown_protos,
                DropReason::NoRoute => &mut self.ip(v4).in_no_routes,
                DropReason::Fragment
                | DropReason::FragmentMalformed
                | DropReason::FragmentOverlap => &mut self.ip(v4).reasm_fails,
                _ => &mut self.ip(v4).in_discards,
            }),
            (Layer::Icmp(v4), Err(DropReason::Malformed | DropReason::TransportChecksum)) => {
                count(&mut self.icmp(v4).in_errors)
            }
            (Layer::Tcp, Err(DropReason::Malformed | DropReason::TransportChecksum)) => {
                count(&mut self.tcp_in_errs);
            }
            (Layer::Udp, Ok(())) => count(&mut self.udp.in_datagrams),
            (Layer::Udp, Err(DropReason::PortClosed | DropReason::RateLimited)) => {
                count(&mut self.udp.no_ports);
            }
            (Layer::Udp, Err(_)) => count(&mut self.udp.in_errors),
            _ => {}
        }
    }

    /// A protocol above sends a packet.
    pub(super) fn requested(&mut self, output: &IpOutput) {
        let v4 = is_v4(&output.dst);
        self.requested_to(output.dst);
        match output.protocol {
            IpProtocol::Icmp | IpProtocol::Icmpv6 => count(&mut self.icmp(v4).out_msgs),
            IpProtocol::Udp => count(&mut self.udp.out_datagrams),
            _ => {}
        }
    }

    /// A packet is sent that was written whole.
    pub(super) fn requested_to(&mut self, dst: Ip) {
        let ip = self.ip(is_v4(&dst));
        count(&mut ip.out_requests);
        if dst.is_multicast() {
            count(&mut ip.out_mcast_pkts);
        }
    }
}

impl Interface<'_> {
    /// What was counted of each protocol.
    #[must_use]
    pub const fn protocols(&self) -> &ProtocolCounters {
        match self.protocols.get() {
            Some(protocols) => protocols,
            None => &ProtocolCounters::ZERO,
        }
    }

    /// All counters of this interface, with those of TCP of the whole set, as a table to print.
    #[must_use]
    pub fn statistics(&self, sockets: &SocketSet<'_>) -> Statistics {
        Statistics {
            frames: self.counters,
            protocols: *self.protocols(),
            tcp: *sockets.tcp_counters(),
            established: sockets.tcp_established(),
        }
    }
}

/// Counters as a table in the manner of `netstat -s`: its `Display` has one section per protocol,
/// and the reasons of drops that there were.
#[derive(Clone, Copy, Debug)]
pub struct Statistics {
    /// Frames, and drops by their reasons.
    pub frames: InterfaceCounters,
    /// IP, ICMP and UDP.
    pub protocols: ProtocolCounters,
    /// TCP.
    pub tcp: TcpCounters,
    /// TCP connections that are established, those of which the peer has sent its last among them.
    pub established: u32,
}

impl Statistics {
    /// Counters of TCP by the names of RFC 4022 that have them.
    pub fn tcp_entries(&self) -> impl Iterator<Item = (&'static str, u32)> {
        // What was sent before is none of the others.
        let out = self.tcp.segments_out;
        let out = out.wrapping_sub(self.tcp.retransmissions);
        [
            ("ActiveOpens", self.tcp.active_opens),
            ("PassiveOpens", self.tcp.passive_opens),
            ("AttemptFails", self.tcp.attempt_fails),
            ("EstabResets", self.tcp.estab_resets),
            ("CurrEstab", self.established),
            ("InSegs", self.tcp.segments_in),
            ("OutSegs", out),
            ("RetransSegs", self.tcp.retransmissions),
            ("InErrs", self.protocols.tcp_in_errs),
            ("OutRsts", self.tcp.resets_sent),
        ]
        .into_iter()
    }
}

impl fmt::Display for Statistics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let p = &self.protocols;
        writeln!(f, "Frames:")?;
        let frames = [
            ("received", self.frames.rx_frames),
            ("sent", self.frames.tx_frames),
        ];
        section(f, frames.into_iter())?;
        writeln!(f, "Ip:")?;
        section(f, p.ipv4.entries())?;
        writeln!(f, "Ip6:")?;
        section(f, p.ipv6.entries())?;
        writeln!(f, "Icmp:")?;
        section(f, p.icmpv4.entries())?;
        writeln!(f, "Icmp6:")?;
        section(f, p.icmpv6.entries())?;
        writeln!(f, "Udp:")?;
        section(f, p.udp.entries())?;
        writeln!(f, "Tcp:")?;
        section(f, self.tcp_entries())?;
        writeln!(f, "Dropped:")?;
        for (reason, count) in self.frames.drops() {
            writeln!(f, "{count:>12} {reason}")?;
        }
        Ok(())
    }
}

fn section(
    f: &mut fmt::Formatter<'_>,
    entries: impl Iterator<Item = (&'static str, u32)>,
) -> fmt::Result {
    for (name, count) in entries {
        writeln!(f, "{count:>12} {name}")?;
    }
    Ok(())
}

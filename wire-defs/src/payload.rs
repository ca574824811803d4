//! What follows the headers: which declaration goes with an EtherType, an IP protocol and a port.
//!
//! The modules here are what printers follow where a table alone does not tell.

use crate::{
    Ah, ArpEthIpv4, Coap, Dhcpv4, Dhcpv6, Dns, Esp, EtherType, Icmpv4Header, Icmpv6Header,
    IgmpHeader, IpProtocol, Ipv4, Ipv6, Ipv6DstOpts, Ipv6Fragment, Ipv6HopByHop, Ipv6Routing, Ntp,
    Tcp, Udp, UdpLite, Vlan, ZepV2, codes, payloads,
};

/// What follows an Ethernet header.
#[payloads(EtherType)]
pub enum EthPayload<'a> {
    /// IPv4.
    #[tag(EtherType::Ipv4)]
    Ipv4(Ipv4<'a>),
    /// ARP for IPv4 on Ethernet.
    #[tag(EtherType::Arp)]
    Arp(ArpEthIpv4),
    /// IPv6.
    #[tag(EtherType::Ipv6)]
    Ipv6(Ipv6<'a>),
    /// A VLAN tag.
    #[tag(EtherType::Vlan)]
    Vlan(Vlan<'a>),
    /// A service VLAN tag.
    #[tag(EtherType::ServiceVlan)]
    ServiceVlan(Vlan<'a>),
    /// Anything else.
    #[unknown]
    Unknown(&'a [u8]),
}

/// What follows an IP header, or an extension header of IPv6.
#[payloads(IpProtocol)]
pub enum IpPayload<'a> {
    /// ICMP for IPv4.
    #[tag(IpProtocol::Icmp)]
    Icmpv4(Icmpv4Header<'a>),
    /// TCP.
    #[tag(IpProtocol::Tcp)]
    Tcp(Tcp<'a>),
    /// UDP.
    #[tag(IpProtocol::Udp)]
    Udp(Udp<'a>),
    /// ICMP for IPv6.
    #[tag(IpProtocol::Icmpv6)]
    Icmpv6(Icmpv6Header<'a>),
    /// Options for every hop.
    #[tag(IpProtocol::HopByHop)]
    HopByHop(Ipv6HopByHop<'a>),
    /// Options for the destination.
    #[tag(IpProtocol::Ipv6Opts)]
    DstOpts(Ipv6DstOpts<'a>),
    /// A routing header of any type.
    #[tag(IpProtocol::Ipv6Route)]
    Routing(Ipv6Routing<'a>),
    /// A fragment.
    #[tag(IpProtocol::Ipv6Frag)]
    Fragment(Ipv6Fragment<'a>),
    /// An authentication header.
    #[tag(IpProtocol::Ah)]
    Ah(Ah<'a>),
    /// An encrypted payload.
    #[tag(IpProtocol::Esp)]
    Esp(Esp<'a>),
    /// IGMP.
    #[tag(IpProtocol::Igmp)]
    Igmp(IgmpHeader<'a>),
    /// UDP-Lite.
    #[tag(IpProtocol::UdpLite)]
    UdpLite(UdpLite<'a>),
    /// An IPv4 packet in a tunnel.
    #[tag(IpProtocol::Ipv4)]
    Ipv4(Ipv4<'a>),
    /// An IPv6 packet in a tunnel.
    #[tag(IpProtocol::Ipv6)]
    Ipv6(Ipv6<'a>),
    /// Anything else.
    #[unknown]
    Unknown(&'a [u8]),
}

/// Well-known ports of protocols over UDP (IANA, "Service Name and Port Number Registry").
#[codes(u16)]
pub enum UdpPort {
    /// Domain names (RFC 1035 §4.2.1).
    Dns = 53,
    /// DHCP server (RFC 2131 §4.1).
    DhcpServer = 67,
    /// DHCP client (RFC 2131 §4.1).
    DhcpClient = 68,
    /// Network time (RFC 5905 §7.2).
    Ntp = 123,
    /// DHCPv6 client (RFC 8415 §7.2).
    Dhcpv6Client = 546,
    /// DHCPv6 server and relay agent (RFC 8415 §7.2).
    Dhcpv6Server = 547,
    /// Domain names by multicast (RFC 6762 §3).
    Mdns = 5353,
    /// CoAP (RFC 7252 §6.1).
    Coap = 5683,
    /// Frames of IEEE 802.15.4 from a sniffer.
    Zep = 17754,
}

/// What a UDP datagram to a well-known port carries.
#[payloads(UdpPort)]
pub enum UdpPayload<'a> {
    /// A question to a name server.
    #[tag(UdpPort::Dns)]
    Dns(Dns<'a>),
    /// Names by multicast.
    #[tag(UdpPort::Mdns)]
    Mdns(Dns<'a>),
    /// DHCP to a server.
    #[tag(UdpPort::DhcpServer)]
    DhcpServer(Dhcpv4<'a>),
    /// DHCP to a client.
    #[tag(UdpPort::DhcpClient)]
    DhcpClient(Dhcpv4<'a>),
    /// DHCPv6 to a client.
    #[tag(UdpPort::Dhcpv6Client)]
    Dhcpv6Client(Dhcpv6<'a>),
    /// DHCPv6 to a server; relay agents have a format of their own,
    /// [`Dhcpv6Relay`](crate::Dhcpv6Relay).
    #[tag(UdpPort::Dhcpv6Server)]
    Dhcpv6Server(Dhcpv6<'a>),
    /// NTP.
    #[tag(UdpPort::Ntp)]
    Ntp(Ntp<'a>),
    /// CoAP.
    #[tag(UdpPort::Coap)]
    Coap(Coap<'a>),
    /// A frame from a sniffer, in the later version;
    /// [`ZepV1`] and [`ZepAck`] come to this port too.
    #[tag(UdpPort::Zep)]
    Zep(ZepV2<'a>),
    /// Anything else.
    #[unknown]
    Unknown(&'a [u8]),
}

/// Defines a module for `next(… => payload: module)`.
macro_rules! following {
    ($(#[doc = $doc:literal])* $name:ident, $key:ty, $follow:expr) => {
        $(#[doc = $doc])*
        pub(crate) mod $name {
            use crate::rt::print::Then;
            use core::fmt;

            /// Gives the layer that follows.
            pub(crate) fn walk(key: $key, payload: &[u8], then: &mut Then<'_>) -> fmt::Result {
                $follow(key, payload, then)
            }
        }
    };
}

following!(
    /// After an EtherType, which may be a length; ARP may be of other addresses than ours.
    ether,
    crate::EtherType,
    super::after_ethertype
);
following!(
    /// After the length of an IEEE 802.3 frame.
    llc,
    u16,
    |_, payload, then| super::follow::<super::Llc>(payload, then)
);
following!(
    /// After an IP protocol number: routing headers by their type.
    ip,
    crate::IpProtocol,
    super::after_protocol
);
following!(
    /// After the destination port of UDP, where the source is not at hand.
    udp,
    u16,
    |port, payload, then| super::after_ports((port, port), payload, then)
);
following!(
    /// After the next header of a compressed header of 6LoWPAN; without one it is compressed too.
    nhc,
    Option<crate::IpProtocol>,
    |next_header, payload, then| match next_header {
        Some(protocol) => super::after_protocol(protocol, payload, then),
        None => <super::NhcText as super::Follow>::walk(payload, then),
    }
);
following!(
    /// After the ports of a compressed header of UDP.
    nhc_udp,
    crate::PortsForm,
    |ports: crate::PortsForm, payload, then| super::after_ports(ports.resolve(), payload, then)
);
following!(
    /// After the type of a frame of IEEE 802.15.4.
    mac,
    crate::FrameType,
    |frame_type, payload, then| match frame_type {
        crate::FrameType::Data => <super::LowpanText as super::Follow>::walk(payload, then),
        other => crate::MacPayload::walk(other, payload, then),
    }
);
following!(
    /// After the header of a sniffer: a frame whose last two octets are not data.
    zep,
    u8,
    |_, payload, then| crate::print::IEEE802154_FCS(payload, then)
);

use crate::lowpan::text::{LowpanText, NhcText};
use crate::rt::print::{Layer, Next, Then, Visit, follow};
use crate::rt::{Codes, Follow};
use crate::{Arp, ErrorKind, Header, Ipv6RoutingPacket, Ipv6RoutingRpl, Ipv6RoutingSegments};
use crate::{Dhcpv6Option, Dhcpv6RelayPacket, DnsPacket, DnsText, ZepAck, ZepV1};
use crate::{Ipv6RoutingSource, Ipv6RoutingType2, Llc, RoutingType};
use core::fmt;

fn after_ethertype(tag: EtherType, payload: &[u8], then: &mut Then<'_>) -> fmt::Result {
    if tag.is_length() {
        let stated = payload.split_at_checked(usize::from(tag.0));
        return follow::<Llc>(stated.map_or(payload, |(payload, _)| payload), then);
    }
    match tag {
        EtherType::Arp if is_malformed::<ArpEthIpv4>(payload) => follow::<Arp>(payload, then),
        _ => EthPayload::walk(tag, payload, then),
    }
}

fn after_protocol(protocol: IpProtocol, payload: &[u8], then: &mut Then<'_>) -> fmt::Result {
    match protocol {
        IpProtocol::Udp => {
            if let Ok(packet) = Udp::view_truncated(payload) {
                let ports = (packet.src_port(), packet.dst_port());
                let payload = packet.payload();
                return then(Next::Layer(&Datagram(packet, ports, payload)));
            }
        }
        IpProtocol::UdpLite => {
            if let Ok(packet) = UdpLite::view_truncated(payload) {
                let ports = (packet.src_port(), packet.dst_port());
                let payload = packet.payload();
                return then(Next::Layer(&Datagram(packet, ports, payload)));
            }
        }
        _ => {}
    }
    let routing = match protocol {
        IpProtocol::Ipv6Route => Ipv6RoutingPacket::new_checked(payload).ok(),
        _ => None,
    };
    match routing.map(|routing| routing.routing_type()) {
        Some(RoutingType::Source) => follow::<Ipv6RoutingSource>(payload, then),
        Some(RoutingType::Type2) => follow::<Ipv6RoutingType2>(payload, then),
        Some(RoutingType::RplSource) => follow::<Ipv6RoutingRpl>(payload, then),
        Some(RoutingType::Segments) => follow::<Ipv6RoutingSegments>(payload, then),
        _ => IpPayload::walk(protocol, payload, then),
    }
}

/// A datagram as a layer: what follows is told by its ports, source and destination, and stands in
/// the last field.
struct Datagram<'a, P>(P, (u16, u16), &'a [u8]);

impl<P: Layer> Layer for Datagram<'_, P> {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn fields(&self, visit: &mut Visit<'_>) -> fmt::Result {
        self.0.fields(visit)
    }

    fn line(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.line(f)
    }

    fn next(&self, then: &mut Then<'_>) -> fmt::Result {
        after_ports(self.1, self.2, then)
    }
}

/// After the ports of UDP: the destination counts if it is well known, else the source.
fn after_ports((src, dst): (u16, u16), payload: &[u8], then: &mut Then<'_>) -> fmt::Result {
    let known = |port: u16| {
        let mut ports = UdpPort::CODES.iter();
        ports.any(|(number, _)| *number == u64::from(port))
    };
    let port = UdpPort(if known(dst) { dst } else { src });
    match (port, payload) {
        (_, []) => then(Next::Nothing),
        (UdpPort::Dns | UdpPort::Mdns, _) => match DnsPacket::new_checked(payload) {
            Ok(packet) => then(Next::Layer(&DnsText::new(packet, payload))),
            Err(error) => then(Next::Bad(error)),
        },
        (UdpPort::Dhcpv6Client | UdpPort::Dhcpv6Server, _) => after_dhcpv6(payload, then),
        (UdpPort::Zep, [_, _, 1, ..]) => follow::<ZepV1>(payload, then),
        (UdpPort::Zep, [_, _, 2, 2, ..]) => follow::<ZepAck>(payload, then),
        _ => UdpPayload::walk(port, payload, then),
    }
}

/// A message of DHCPv6, in either format.
fn after_dhcpv6(message: &[u8], then: &mut Then<'_>) -> fmt::Result {
    match Dhcpv6RelayPacket::new_checked(message) {
        Ok(packet) => then(Next::Layer(&Relayed(packet))),
        Err(_) => follow::<Dhcpv6>(message, then),
    }
}

/// A relayed message as a layer: the message in it follows.
struct Relayed<'a>(Dhcpv6RelayPacket<'a>);

impl Layer for Relayed<'_> {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn fields(&self, visit: &mut Visit<'_>) -> fmt::Result {
        self.0.fields(visit)
    }

    fn line(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let relay = &self.0;
        let way = if relay.reply() { "reply" } else { "forward" };
        write!(f, "{} {way} hops {}", relay.name(), relay.hop_count())?;
        write!(f, " link {} peer {}", relay.link_addr(), relay.peer_addr())
    }

    fn next(&self, then: &mut Then<'_>) -> fmt::Result {
        let mut options = self.0.options().iter().map_while(Result::ok);
        let message = options.find_map(|option| match option {
            Dhcpv6Option::RelayMessage { message } => Some(message),
            _ => None,
        });
        match message {
            Some(message) => after_dhcpv6(message, then),
            None => then(Next::Nothing),
        }
    }
}

/// Whether octets violate a constant of a header, so that another declaration may fit.
fn is_malformed<H: Header>(bytes: &[u8]) -> bool {
    H::view(bytes).is_err_and(|error| error.kind == ErrorKind::Malformed)
}

//! Options of DHCP (RFC 2132, RFC 3046, RFC 3397, RFC 3442, RFC 8925).

use crate::rt::Secs32;
use crate::{codes, header, options};
use core::net::Ipv4Addr;

/// Options of DHCP.
///
/// Text is not checked: it may hold any octets, a zero at the end among them. An option that was
/// split because it is long (RFC 3396) is put together by
/// [`DhcpOptionList::long`](crate::DhcpOptionList::long).
#[options(kind: u8, len: u8 = body, pad = Pad, set = DhcpOptionSet)]
pub enum DhcpOption<'a> {
    /// Alignment.
    #[kind(0, bare)]
    Pad,
    /// End of the options; a set writes it after the others.
    #[kind(255, bare, end, required)]
    End,
    /// What the message is for (RFC 2132 §9.6).
    #[kind(53, once, required, first)]
    MessageType {
        /// The type.
        value: As<u8, DhcpMessageType>,
    },
    /// Which client this is (RFC 2132 §9.14).
    #[kind(61, once)]
    ClientId {
        /// A hardware type and an address, or anything else that is unique.
        id: &'a [u8],
    },
    /// Which server this is or is meant (RFC 2132 §9.7).
    #[kind(54, once)]
    ServerId {
        /// Its address.
        addr: Ipv4Addr,
    },
    /// Address that the client would like (RFC 2132 §9.1).
    #[kind(50, once)]
    RequestedIp {
        /// The address.
        addr: Ipv4Addr,
    },
    /// How long the client may use its address (RFC 2132 §9.2).
    #[kind(51, once)]
    LeaseTime {
        /// The time.
        time: As<u32, Secs32>,
    },
    /// When the client asks its server for more time (RFC 2132 §9.11).
    #[kind(58, once)]
    RenewTime {
        /// Time since the lease.
        time: As<u32, Secs32>,
    },
    /// When the client asks any server for more time (RFC 2132 §9.12).
    #[kind(59, once)]
    RebindTime {
        /// Time since the lease.
        time: As<u32, Secs32>,
    },
    /// Mask of the client's network (RFC 2132 §3.3).
    #[kind(1, once)]
    SubnetMask {
        /// The mask.
        mask: Ipv4Addr,
    },
    /// Routers, the best first (RFC 2132 §3.5).
    #[kind(3, once)]
    #[check(addrs.len() >= 1)]
    Router {
        /// Their addresses.
        addrs: Array<'a, Ipv4Addr>,
    },
    /// Servers of domain names, the best first (RFC 2132 §3.8).
    #[kind(6, once)]
    #[check(addrs.len() >= 1)]
    DnsServers {
        /// Their addresses.
        addrs: Array<'a, Ipv4Addr>,
    },
    /// Name of the client (RFC 2132 §3.14).
    #[kind(12, once)]
    HostName {
        /// The name.
        name: &'a [u8],
    },
    /// Domain of the client (RFC 2132 §3.17).
    #[kind(15, once)]
    DomainName {
        /// The name.
        name: &'a [u8],
    },
    /// MTU of the link (RFC 2132 §5.1).
    #[kind(26, once)]
    InterfaceMtu {
        /// Octets of an IP packet, at least 68.
        mtu: u16,
    },
    /// Broadcast address of the client's network (RFC 2132 §5.3).
    #[kind(28, once)]
    BroadcastAddr {
        /// The address.
        addr: Ipv4Addr,
    },
    /// Routes to hosts (RFC 2132 §5.8).
    #[kind(33, once)]
    #[check(routes.len() >= 1)]
    StaticRoutes {
        /// The routes.
        routes: Array<'a, DhcpStaticRoute>,
    },
    /// Servers of the time, the best first (RFC 2132 §8.3).
    #[kind(42, once)]
    #[check(addrs.len() >= 1)]
    NtpServers {
        /// Their addresses.
        addrs: Array<'a, Ipv4Addr>,
    },
    /// Options stand in `file`, `sname` or both (RFC 2132 §9.3).
    #[kind(52, once)]
    Overload {
        /// Where.
        fields: As<u8, DhcpOverload>,
    },
    /// Options that the client would like, the most wanted first (RFC 2132 §9.8).
    #[kind(55, once)]
    ParameterRequestList {
        /// Their kinds.
        kinds: &'a [u8],
    },
    /// Why a request was refused (RFC 2132 §9.9).
    #[kind(56, once)]
    Message {
        /// A text.
        text: &'a [u8],
    },
    /// Largest message that the client takes (RFC 2132 §9.10).
    #[kind(57, once)]
    MaxMessageSize {
        /// Octets, at least 576.
        size: u16,
    },
    /// What kind of client this is (RFC 2132 §9.13).
    #[kind(60, once)]
    VendorClass {
        /// The kind, as its vendor says it.
        id: &'a [u8],
    },
    /// Name of a TFTP server (RFC 2132 §9.4).
    #[kind(66, once)]
    TftpServerName {
        /// The name.
        name: &'a [u8],
    },
    /// Name of a boot file (RFC 2132 §9.5).
    #[kind(67, once)]
    BootfileName {
        /// The name.
        name: &'a [u8],
    },
    /// What a relay agent knows of the client (RFC 3046).
    #[kind(82, once)]
    RelayAgent {
        /// Options of their own.
        options: Options<'a, RelayOption<'a>>,
    },
    /// The client can do without IPv4 (RFC 8925).
    #[kind(108, once)]
    Ipv6Only {
        /// How long IPv4 stays off.
        time: As<u32, Secs32>,
    },
    /// Domains to search for names (RFC 3397).
    #[kind(119, once)]
    DomainSearch {
        /// The names as labels, compressed.
        names: &'a [u8],
    },
    /// Routes to networks, which count instead of the other routes (RFC 3442).
    #[kind(121, once)]
    ClasslessRoutes {
        /// The routes: a prefix length, the octets of the prefix that count, a router.
        routes: &'a [u8],
    },
    /// An option without a declaration.
    #[unknown]
    Unknown {
        /// Its kind.
        kind: u8,
        /// Its octets.
        data: &'a [u8],
    },
}

/// What a DHCP message is for (RFC 2132 §9.6).
#[codes(u8)]
pub enum DhcpMessageType {
    /// Which servers are there?
    Discover = 1,
    /// An address that a server offers.
    Offer = 2,
    /// The client wants an address, or more time for it.
    Request = 3,
    /// The client does not want an address that somebody else uses.
    Decline = 4,
    /// The client has the address.
    Ack = 5,
    /// The client cannot have the address.
    Nak = 6,
    /// The client gives its address back.
    Release = 7,
    /// The client has an address and wants options.
    Inform = 8,
}

/// Fields of a message that hold options (RFC 2132 §9.3).
#[codes(u8)]
pub enum DhcpOverload {
    /// `file`.
    File = 1,
    /// `sname`.
    Sname = 2,
    /// `file`, and then `sname`.
    Both = 3,
}

/// A route to a host.
#[header(be, size = 8, rfc = "2132 §5.8")]
pub struct DhcpStaticRoute {
    /// The host.
    pub destination: Ipv4Addr,
    /// The router to it.
    pub router: Ipv4Addr,
}

/// What a relay agent knows of a client (RFC 3046 §2.0; IANA, "DHCP Relay Agent Sub-Option Codes").
#[options(kind: u8, len: u8 = body)]
pub enum RelayOption<'a> {
    /// The circuit that the request came from.
    #[kind(1)]
    CircuitId {
        /// As the agent names it.
        id: &'a [u8],
    },
    /// The other end of the circuit.
    #[kind(2)]
    RemoteId {
        /// As the agent names it.
        id: &'a [u8],
    },
    /// Link of the client (RFC 3527).
    #[kind(5)]
    LinkSelection {
        /// An address of its network.
        addr: Ipv4Addr,
    },
    /// Who pays (RFC 3993).
    #[kind(6)]
    SubscriberId {
        /// A text.
        id: &'a [u8],
    },
    /// A sub-option without a declaration.
    #[unknown]
    Unknown {
        /// Its kind.
        kind: u8,
        /// Its octets.
        data: &'a [u8],
    },
}

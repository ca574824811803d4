//! Options of DHCPv6 (RFC 8415 §21 and later). Options within options are families of their own, so
//! that their depth has a limit.

use super::Dhcpv6MessageType;
use crate::rt::Secs32;
use crate::{codes, header, options};
use core::net::Ipv6Addr;

/// Option of a DHCPv6 message.
#[options(kind: u16, len: u16 = body)]
pub enum Dhcpv6Option<'a> {
    /// Who the client is (RFC 8415 §21.2).
    #[kind(1)]
    ClientId {
        /// A DHCP unique identifier (RFC 8415 §11).
        duid: &'a [u8],
    },
    /// Who the server is (RFC 8415 §21.3).
    #[kind(2)]
    ServerId {
        /// A DHCP unique identifier (RFC 8415 §11).
        duid: &'a [u8],
    },
    /// Addresses of an interface (RFC 8415 §21.4).
    #[kind(3)]
    IaNa {
        iaid: u32,
        /// When the client asks its server for more time.
        t1: As<u32, Secs32>,
        /// When the client asks any server for more time.
        t2: As<u32, Secs32>,
        options: Options<'a, Dhcpv6IaOption<'a>>,
    },
    /// Temporary addresses of an interface (RFC 8415 §21.5).
    #[kind(4)]
    IaTa {
        iaid: u32,
        options: Options<'a, Dhcpv6IaOption<'a>>,
    },
    /// Kinds of options that the client would like (RFC 8415 §21.7).
    #[kind(6)]
    OptionRequest { kinds: Array<'a, u16> },
    /// How much a server would like to be chosen (RFC 8415 §21.8).
    #[kind(7)]
    Preference { value: u8 },
    /// Since when the client has been trying (RFC 8415 §21.9).
    #[kind(8)]
    ElapsedTime {
        /// Hundredths of a second.
        time: u16,
    },
    /// A message of a client or server, or of another relay agent (RFC 8415 §21.10).
    #[kind(9)]
    RelayMessage { message: &'a [u8] },
    /// Authentication (RFC 8415 §21.11).
    #[kind(11)]
    Auth {
        protocol: u8,
        algorithm: u8,
        rdm: u8,
        replay_detection: u64,
        information: &'a [u8],
    },
    /// The client may write to the server's own address (RFC 8415 §21.12).
    #[kind(12)]
    ServerUnicast { addr: Ipv6Addr },
    /// How it went (RFC 8415 §21.13).
    #[kind(13)]
    Status {
        code: As<u16, Dhcpv6Status>,
        /// A text in UTF-8.
        text: &'a [u8],
    },
    /// Two messages instead of four (RFC 8415 §21.14).
    #[kind(14)]
    RapidCommit,
    /// What kind of user this is (RFC 8415 §21.15).
    #[kind(15)]
    UserClass {
        /// Each behind its length in two octets.
        data: &'a [u8],
    },
    /// Who made the client (RFC 8415 §21.16).
    #[kind(16)]
    VendorClass {
        /// Number of the enterprise (IANA).
        enterprise: u32,
        /// Each behind its length in two octets.
        data: &'a [u8],
    },
    /// Options of a vendor (RFC 8415 §21.17).
    #[kind(17)]
    VendorOptions {
        /// Number of the enterprise (IANA).
        enterprise: u32,
        data: &'a [u8],
    },
    /// Interface of a relay agent (RFC 8415 §21.18).
    #[kind(18)]
    InterfaceId { id: &'a [u8] },
    /// What the client is to send (RFC 8415 §21.19).
    #[kind(19)]
    ReconfigureMessage { msg_type: As<u8, Dhcpv6MessageType> },
    /// The client takes reconfigurations (RFC 8415 §21.20).
    #[kind(20)]
    ReconfigureAccept,
    /// Servers of domain names, the best first (RFC 3646 §3).
    #[kind(23)]
    DnsServers { addrs: Array<'a, Ipv6Addr> },
    /// Domains to search for names (RFC 3646 §4).
    #[kind(24)]
    DomainSearch {
        /// The names as labels, one after the other.
        names: &'a [u8],
    },
    /// Prefixes for a router (RFC 8415 §21.21).
    #[kind(25)]
    IaPd {
        iaid: u32,
        /// When the client asks its server for more time.
        t1: As<u32, Secs32>,
        /// When the client asks any server for more time.
        t2: As<u32, Secs32>,
        options: Options<'a, Dhcpv6IaOption<'a>>,
    },
    /// Servers of the time (RFC 4075 §4).
    #[kind(31)]
    SntpServers { addrs: Array<'a, Ipv6Addr> },
    /// When to ask again for what is not leased (RFC 8415 §21.23).
    #[kind(32)]
    InformationRefreshTime { time: As<u32, Secs32> },
    /// Name of the client (RFC 4704 §4).
    #[kind(39)]
    ClientFqdn {
        _reserved: u5,
        /// The server is to leave the name system alone.
        no_update: bool,
        /// The server has overruled the client.
        overridden: bool,
        /// The server is to enter the address of the name.
        server_updates: bool,
        /// The name as labels, its root left out if it is not complete.
        name: &'a [u8],
    },
    /// A server of the time (RFC 5908 §4).
    #[kind(56)]
    NtpServer {
        options: Options<'a, Dhcpv6NtpOption<'a>>,
    },
    /// Address of the client on its link, told by a relay agent (RFC 6939 §4).
    #[kind(79)]
    ClientLinkLayerAddr {
        /// Hardware type, as in ARP; 1 is Ethernet.
        link_type: u16,
        addr: &'a [u8],
    },
    /// Longest wait between solicitations (RFC 8415 §21.24).
    #[kind(82)]
    SolMaxRt { time: As<u32, Secs32> },
    /// Longest wait between requests of information (RFC 8415 §21.25).
    #[kind(83)]
    InfMaxRt { time: As<u32, Secs32> },
    /// An option without a declaration.
    #[unknown]
    Unknown { kind: u16, data: &'a [u8] },
}

/// Option of addresses and prefixes of an interface.
#[options(kind: u16, len: u16 = body)]
pub enum Dhcpv6IaOption<'a> {
    /// An address (RFC 8415 §21.6).
    #[kind(5)]
    IaAddr {
        addr: Ipv6Addr,
        preferred: As<u32, Secs32>,
        valid: As<u32, Secs32>,
        options: Options<'a, Dhcpv6StatusOption<'a>>,
    },
    /// How it went (RFC 8415 §21.13).
    #[kind(13)]
    Status {
        code: As<u16, Dhcpv6Status>,
        /// A text in UTF-8.
        text: &'a [u8],
    },
    /// A prefix (RFC 8415 §21.22).
    #[kind(26)]
    #[check(prefix_len <= 128)]
    IaPrefix {
        preferred: As<u32, Secs32>,
        valid: As<u32, Secs32>,
        prefix_len: u8,
        prefix: Ipv6Addr,
        options: Options<'a, Dhcpv6StatusOption<'a>>,
    },
    /// An option without a declaration.
    #[unknown]
    Unknown { kind: u16, data: &'a [u8] },
}

/// Option of one address or prefix.
#[options(kind: u16, len: u16 = body)]
pub enum Dhcpv6StatusOption<'a> {
    /// How it went (RFC 8415 §21.13).
    #[kind(13)]
    Status {
        code: As<u16, Dhcpv6Status>,
        /// A text in UTF-8.
        text: &'a [u8],
    },
    /// An option without a declaration.
    #[unknown]
    Unknown { kind: u16, data: &'a [u8] },
}

/// Where a server of the time is (RFC 5908 §4).
#[options(kind: u16, len: u16 = body)]
pub enum Dhcpv6NtpOption<'a> {
    /// Its address.
    #[kind(1)]
    Server { addr: Ipv6Addr },
    /// The group that it sends to.
    #[kind(2)]
    Multicast { group: Ipv6Addr },
    /// Its name as labels.
    #[kind(3)]
    Name { name: &'a [u8] },
    /// An option without a declaration.
    #[unknown]
    Unknown { kind: u16, data: &'a [u8] },
}

/// How a request went (RFC 8415 §21.13).
#[codes(u16)]
pub enum Dhcpv6Status {
    Success = 0,
    UnspecFail = 1,
    NoAddrsAvail = 2,
    NoBinding = 3,
    NotOnLink = 4,
    UseMulticast = 5,
    NoPrefixAvail = 6,
}

/// Unique identifier made of an address of a link (RFC 8415 §11.4).
#[header(be, size = 4, rfc = "8415 §11.4")]
pub struct DuidLinkLayer<'a> {
    #[eq(3)]
    duid_type: u16,
    /// Hardware type, as in ARP; 1 is Ethernet.
    pub link_type: u16,
    /// The address.
    #[payload]
    pub addr: &'a [u8],
}

/// Unique identifier made of an address of a link and the time (RFC 8415 §11.2).
#[header(be, size = 8, rfc = "8415 §11.2")]
pub struct DuidLinkLayerTime<'a> {
    #[eq(1)]
    duid_type: u16,
    /// Hardware type, as in ARP; 1 is Ethernet.
    pub link_type: u16,
    /// Seconds since 2000, without those beyond 32 bits.
    pub time: u32,
    /// The address.
    #[payload]
    pub addr: &'a [u8],
}

//! Addresses with a port or with a prefix length, and the address arithmetic that both IP versions
//! need (RFC 4291, RFC 4632). Plain addresses are those of `core::net`.

use core::fmt;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use core::str::FromStr;

use litz_wire::EthernetAddress;

/// A transport endpoint: an IP address and a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Endpoint {
    /// The IP address.
    pub addr: IpAddr,
    /// The port, in host order.
    pub port: u16,
}

impl Endpoint {
    /// An endpoint of an address and a port.
    pub fn new(addr: impl Into<IpAddr>, port: u16) -> Self {
        Self {
            addr: addr.into(),
            port,
        }
    }
}

impl From<SocketAddr> for Endpoint {
    fn from(addr: SocketAddr) -> Self {
        Self {
            addr: addr.ip(),
            port: addr.port(),
        }
    }
}

impl From<Endpoint> for SocketAddr {
    fn from(endpoint: Endpoint) -> Self {
        Self::new(endpoint.addr, endpoint.port)
    }
}

impl<A: Into<IpAddr>> From<(A, u16)> for Endpoint {
    fn from((addr, port): (A, u16)) -> Self {
        Self {
            addr: addr.into(),
            port,
        }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        SocketAddr::from(*self).fmt(f)
    }
}

/// Where a socket listens: one address or all of them, and a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListenEndpoint {
    /// The address, or `None` for every address of every interface.
    pub addr: Option<IpAddr>,
    /// The port, in host order; 0 is not a port that can be listened on.
    pub port: u16,
}

impl From<u16> for ListenEndpoint {
    fn from(port: u16) -> Self {
        Self { addr: None, port }
    }
}

impl From<Endpoint> for ListenEndpoint {
    fn from(endpoint: Endpoint) -> Self {
        Self {
            addr: (!endpoint.addr.is_unspecified()).then_some(endpoint.addr),
            port: endpoint.port,
        }
    }
}

/// Why an address or a prefix was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddrError {
    /// The text is not `address/length`.
    Syntax,
    /// The prefix is longer than the address.
    PrefixLength,
    /// Multicast, broadcast and unspecified addresses cannot be an interface's own.
    NotUnicast,
}

impl fmt::Display for AddrError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Syntax => "expected an address and a prefix length, as in 192.0.2.1/24",
            Self::PrefixLength => "the prefix is longer than the address",
            Self::NotUnicast => "not a unicast address",
        })
    }
}

impl core::error::Error for AddrError {}

/// An address with the length of its network prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct IpCidr {
    addr: IpAddr,
    prefix_len: u8,
}

impl IpCidr {
    /// An address and its prefix length.
    ///
    /// # Errors
    /// [`AddrError::PrefixLength`] above 32 (IPv4) or 128 (IPv6).
    pub fn new(addr: impl Into<IpAddr>, prefix_len: u8) -> Result<Self, AddrError> {
        let addr = addr.into();
        let max = if addr.is_ipv4() { 32 } else { 128 };
        if prefix_len > max {
            return Err(AddrError::PrefixLength);
        }
        Ok(Self { addr, prefix_len })
    }

    /// The link-local address with the modified EUI-64 interface identifier of an Ethernet address
    /// (RFC 4291 appendix A), with its prefix `fe80::/64`.
    #[must_use]
    pub fn link_local(mac: EthernetAddress) -> Self {
        let [a, b, c, d, e, f] = mac.0;
        let id = [
            0xfe,
            0x80,
            0,
            0,
            0,
            0,
            0,
            0,
            a ^ 0x02,
            b,
            c,
            0xff,
            0xfe,
            d,
            e,
            f,
        ];
        Self {
            addr: IpAddr::V6(Ipv6Addr::from(id)),
            prefix_len: 64,
        }
    }

    /// The address.
    #[must_use]
    pub const fn addr(&self) -> IpAddr {
        self.addr
    }

    /// The prefix length, in bits.
    #[must_use]
    pub const fn prefix_len(&self) -> u8 {
        self.prefix_len
    }

    /// Whether an address lies in this network.
    #[must_use]
    pub fn contains(&self, addr: IpAddr) -> bool {
        match (self.addr, addr) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                let shift = 32u32.saturating_sub(u32::from(self.prefix_len));
                let differ = own.to_bits() ^ other.to_bits();
                differ.checked_shr(shift).unwrap_or(0) == 0
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                let shift = 128u32.saturating_sub(u32::from(self.prefix_len));
                let differ = own.to_bits() ^ other.to_bits();
                differ.checked_shr(shift).unwrap_or(0) == 0
            }
            _ => false,
        }
    }

    /// The directed broadcast address of an IPv4 network (RFC 922 §7); networks of 31 and 32 bits
    /// have none (RFC 3021).
    #[must_use]
    pub fn broadcast(&self) -> Option<Ipv4Addr> {
        match self.addr {
            IpAddr::V4(own) if self.prefix_len < 31 => {
                let hosts = u32::MAX
                    .checked_shr(u32::from(self.prefix_len))
                    .unwrap_or(0);
                Some(Ipv4Addr::from_bits(own.to_bits() | hosts))
            }
            _ => None,
        }
    }
}

impl FromStr for IpCidr {
    type Err = AddrError;

    fn from_str(text: &str) -> Result<Self, AddrError> {
        let (addr, len) = text.split_once('/').ok_or(AddrError::Syntax)?;
        let addr: IpAddr = addr.parse().map_err(|_| AddrError::Syntax)?;
        let len: u8 = len.parse().map_err(|_| AddrError::Syntax)?;
        Self::new(addr, len)
    }
}

impl fmt::Display for IpCidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.addr, self.prefix_len)
    }
}

/// Whether an address may stand as the source of a packet or belong to an interface: not
/// unspecified, not multicast, not the limited broadcast (RFC 1122 §3.2.1.3, RFC 4291 §2.7).
#[must_use]
pub fn is_unicast(addr: IpAddr) -> bool {
    match addr {
        IpAddr::V4(v4) => !(v4.is_unspecified() || v4.is_multicast() || v4.is_broadcast()),
        IpAddr::V6(v6) => !(v6.is_unspecified() || v6.is_multicast()),
    }
}

/// The solicited-node multicast address of an IPv6 address (RFC 4291 §2.7.1).
#[must_use]
pub const fn solicited_node(addr: Ipv6Addr) -> Ipv6Addr {
    let [.., x, y, z] = addr.octets();
    Ipv6Addr::new(
        0xff02,
        0,
        0,
        0,
        0,
        1,
        u16::from_be_bytes([0xff, x]),
        u16::from_be_bytes([y, z]),
    )
}

/// The Ethernet address that a multicast or broadcast IP address maps to (RFC 1112 §6.4,
/// RFC 2464 §7), or `None` for unicast.
#[must_use]
pub fn multicast_hardware_addr(addr: IpAddr) -> Option<EthernetAddress> {
    match addr {
        IpAddr::V4(v4) if v4.is_broadcast() => Some(EthernetAddress::BROADCAST),
        IpAddr::V4(v4) if v4.is_multicast() => {
            let [_, b, c, d] = v4.octets();
            Some(EthernetAddress([0x01, 0x00, 0x5e, b & 0x7f, c, d]))
        }
        IpAddr::V6(v6) if v6.is_multicast() => {
            let [.., a, b, c, d] = v6.octets();
            Some(EthernetAddress([0x33, 0x33, a, b, c, d]))
        }
        _ => None,
    }
}

#[cfg(test)]
#[path = "addr_tests.rs"]
mod tests;

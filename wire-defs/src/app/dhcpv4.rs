//! DHCP for IPv4 (RFC 2131, RFC 2132): the message. Who says what when is not here.

mod list;
mod options;

pub use list::{DhcpOptionList, DhcpRawOption};
pub use options::{DhcpMessageType, DhcpOption, DhcpOptionSet, RelayOption};
pub use options::{DhcpOverload, DhcpStaticRoute, DhcpStaticRoutePacket, DhcpStaticRouteRepr};

use crate::link::address::EthernetAddress;
use crate::rt::{Secs16, WireInt};
use crate::{codes, header};
use core::fmt;
use core::net::Ipv4Addr;

/// DHCP message.
///
/// [`Dhcpv4Packet::option_list`] reads the options together with those in other fields.
#[header(
    be,
    size = 240,
    rfc = "2131 §2",
    line = "{op} xid {xid} {chaddr} secs {secs} your {yiaddr} client {ciaddr} relay {giaddr} \
        {options}"
)]
#[check(hlen <= 16)]
pub struct Dhcpv4<'a> {
    /// Request or reply.
    pub op: As<u8, DhcpOp>,
    /// Hardware type, as in ARP; 1 is Ethernet.
    pub htype: u8,
    /// Octets of the hardware address.
    pub hlen: u8,
    /// Relay agents on the way.
    pub hops: u8,
    /// Number of the transaction.
    pub xid: u32,
    /// How long the client has been trying.
    pub secs: As<u16, Secs16>,
    /// The client cannot receive unicast packets yet.
    pub broadcast: bool,
    _flags: u15,
    /// Address that the client has and uses.
    pub ciaddr: Ipv4Addr,
    /// Address that the client gets.
    pub yiaddr: Ipv4Addr,
    /// Server of the next step of booting.
    pub siaddr: Ipv4Addr,
    /// Relay agent.
    pub giaddr: Ipv4Addr,
    /// Hardware address of the client.
    #[at(28)]
    pub chaddr: As<[u8; 16], DhcpHardwareAddr>,
    /// Name of the server, closed with a zero; or options, if they overflow.
    #[at(44)]
    pub sname: [u8; 64],
    /// Name of a boot file, closed with a zero; or options, if they overflow.
    #[at(108)]
    pub file: [u8; 128],
    /// Tells DHCP from what came before.
    #[eq(0x6382_5363)]
    magic: u32,
    /// The options of the last field.
    pub options: Options<'a, DhcpOption<'a>>,
}

/// Direction of a DHCP message (RFC 2131 §2).
#[codes(u8)]
pub enum DhcpOp {
    /// From a client.
    Request = 1,
    /// From a server.
    Reply = 2,
}

/// Hardware address of a client, with zeros after its end (RFC 2131 §2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct DhcpHardwareAddr(pub [u8; 16]);

impl DhcpHardwareAddr {
    /// The address if it is one of Ethernet: six octets, then zeros.
    #[must_use]
    pub fn ethernet(&self) -> Option<EthernetAddress> {
        let (address, rest) = self.0.split_first_chunk::<6>()?;
        rest.iter()
            .all(|octet| *octet == 0)
            .then_some(EthernetAddress(*address))
    }
}

impl From<EthernetAddress> for DhcpHardwareAddr {
    fn from(address: EthernetAddress) -> Self {
        let mut octets = [0; 16];
        for (to, from) in octets.iter_mut().zip(address.0) {
            *to = from;
        }
        Self(octets)
    }
}

impl fmt::Display for DhcpHardwareAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.ethernet() {
            Some(address) => address.fmt(f),
            None => self.0.iter().try_for_each(|octet| write!(f, "{octet:02x}")),
        }
    }
}

#[diagnostic::do_not_recommend]
impl WireInt<[u8; 16]> for DhcpHardwareAddr {
    const BITS: u32 = 128;

    #[inline(always)]
    fn from_raw(raw: [u8; 16]) -> Self {
        Self(raw)
    }

    #[inline(always)]
    fn into_raw(self) -> [u8; 16] {
        self.0
    }
}

impl<'a> Dhcpv4Packet<'a> {
    /// The options of the message, and those that overflow into `file` and `sname` after them
    /// (RFC 2131 §4.1).
    #[must_use]
    pub fn option_list(&self) -> DhcpOptionList<'a> {
        let fields = self.header_bytes().split_at_checked(44);
        let (sname, rest) = fields
            .and_then(|(_, fields)| fields.split_at_checked(64))
            .unwrap_or_default();
        let (file, _) = rest.split_at_checked(128).unwrap_or_default();
        let options = self.options().as_bytes().unwrap_or_default();
        DhcpOptionList::new(options, file, sname)
    }
}

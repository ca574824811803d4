//! The data of DNS records, each type declared; OPT records (RFC 6891) among them.

use super::{DnsName, DnsRecordPacket, DnsType};
use crate::rt::{Header, Result};
use crate::{header, options};
use core::net::{Ipv4Addr, Ipv6Addr};

/// A records: an IPv4 address (RFC 1035 §3.4.1).
#[header(be, size = 4, rfc = "1035 §3.4.1", line = "{addr}")]
pub struct DnsA {
    pub addr: Ipv4Addr,
}

/// AAAA records: an IPv6 address (RFC 3596 §2.2).
#[header(be, size = 16, rfc = "3596 §2.2", line = "{addr}")]
pub struct DnsAaaa {
    pub addr: Ipv6Addr,
}

/// NS, CNAME and PTR records: a name (RFC 1035 §3.3).
#[header(be, rfc = "1035 §3.3", line = "{name}")]
pub struct DnsTarget<'a> {
    pub name: Codec<DnsName<'a>>,
}

/// SOA records: the start of a zone (RFC 1035 §3.3.13).
#[header(be, rfc = "1035 §3.3.13")]
pub struct DnsSoa<'a> {
    /// The first name server.
    pub mname: Codec<DnsName<'a>>,
    /// The mailbox of who is responsible.
    pub rname: Codec<DnsName<'a>>,
    pub serial: u32,
    /// Seconds.
    pub refresh: u32,
    /// Seconds.
    pub retry: u32,
    /// Seconds.
    pub expire: u32,
    /// Seconds that the absence of a name may be remembered (RFC 2308 §4).
    pub minimum: u32,
}

/// MX records: a mail exchange (RFC 1035 §3.3.9).
#[header(be, size = 2.., rfc = "1035 §3.3.9", line = "{preference} {exchange}")]
pub struct DnsMx<'a> {
    pub preference: u16,
    pub exchange: Codec<DnsName<'a>>,
}

/// SRV records: where a service is (RFC 2782).
#[header(be, size = 6.., rfc = "2782", line = "{priority} {weight} {target}:{port}")]
pub struct DnsSrv<'a> {
    pub priority: u16,
    pub weight: u16,
    pub port: u16,
    pub target: Codec<DnsName<'a>>,
}

/// TXT records: strings (RFC 1035 §3.3.14).
#[header(be, rfc = "1035 §3.3.14")]
pub struct DnsTxt<'a> {
    pub strings: Records<'a, DnsString<'a>>,
}

/// A string of at most 255 octets (RFC 1035 §3.3).
#[header(be, size = 1.., rfc = "1035 §3.3")]
pub struct DnsString<'a> {
    #[len(text)]
    length: u8,
    pub text: &'a [u8],
}

/// NSEC records: the next name and which types there are (RFC 4034 §4.1), as mDNS uses them too
/// (RFC 6762 §6.1).
#[header(be, rfc = "4034 §4.1")]
pub struct DnsNsec<'a> {
    pub next_name: Codec<DnsName<'a>>,
    pub bitmaps: Records<'a, DnsTypeBitmap<'a>>,
}

/// Which of 256 types there are (RFC 4034 §4.1.2).
#[header(be, size = 2.., rfc = "4034 §4.1.2")]
pub struct DnsTypeBitmap<'a> {
    pub window: u8,
    #[len(bitmap)]
    length: u8,
    /// Bit 0, the highest of the first octet, stands for the first type of the window.
    pub bitmap: &'a [u8],
}

/// OPT records (RFC 6891 §6.1.2): options one after the other.
#[header(be, rfc = "6891 §6.1.2")]
pub struct DnsOpt<'a> {
    pub options: Options<'a, EdnsOption<'a>>,
}

/// Options of EDNS (RFC 6891 §6.1.2).
#[options(kind: u16, len: u16 = body)]
pub enum EdnsOption<'a> {
    /// Identifier of the name server (RFC 5001).
    #[kind(3)]
    Nsid { id: &'a [u8] },
    /// Subnet of the client (RFC 7871).
    #[kind(8)]
    ClientSubnet {
        family: u16,
        source_prefix_len: u8,
        scope_prefix_len: u8,
        address: &'a [u8],
    },
    /// Cookies of client and server (RFC 7873).
    #[kind(10)]
    Cookie { client: [u8; 8], server: &'a [u8] },
    /// Zeros that make all messages of one length (RFC 7830).
    #[kind(12)]
    Padding { zeros: &'a [u8] },
    /// Why an answer is what it is (RFC 8914).
    #[kind(15)]
    ExtendedError { code: u16, text: &'a [u8] },
    /// Any other option.
    #[unknown]
    Unknown { kind: u16, data: &'a [u8] },
}

/// The data of a record as its type says.
#[derive(Clone, Copy, Debug)]
pub enum DnsData<'a> {
    /// An IPv4 address.
    A(Ipv4Addr),
    /// An IPv6 address.
    Aaaa(Ipv6Addr),
    /// A name server.
    Ns(DnsName<'a>),
    /// The name that this one stands for.
    Cname(DnsName<'a>),
    /// A name that is pointed to.
    Ptr(DnsName<'a>),
    /// The start of a zone.
    Soa(DnsSoaPacket<'a>),
    /// A mail exchange.
    Mx(DnsMxPacket<'a>),
    /// Strings.
    Txt(DnsTxtPacket<'a>),
    /// Where a service is.
    Srv(DnsSrvPacket<'a>),
    /// Options of EDNS.
    Opt(DnsOptPacket<'a>),
    /// Which types there are.
    Nsec(DnsNsecPacket<'a>),
    /// Data of a type without a declaration.
    Unknown(DnsType, &'a [u8]),
}

impl<'a> DnsRecordPacket<'a> {
    /// The data of the record; `message` is the message that the record came in.
    ///
    /// # Errors
    /// What the declaration of the type finds.
    #[inline]
    pub fn data(&self, message: &'a [u8]) -> Result<DnsData<'a>> {
        let rdata = self.rdata();
        // What most answers have; the others are apart, so that a walk over records stays short.
        match self.rtype() {
            DnsType::A => Ok(DnsData::A(DnsA::view(rdata)?.addr())),
            DnsType::Aaaa => Ok(DnsData::Aaaa(DnsAaaa::view(rdata)?.addr())),
            DnsType::Cname => {
                DnsTarget::view_in(message, rdata).map(|packet| DnsData::Cname(packet.name()))
            }
            other => DnsData::other(other, rdata, message),
        }
    }
}

impl<'a> DnsData<'a> {
    /// The data of a type that few records have.
    fn other(rtype: DnsType, rdata: &'a [u8], message: &'a [u8]) -> Result<Self> {
        let target = || DnsTarget::view_in(message, rdata).map(|packet| packet.name());
        Ok(match rtype {
            DnsType::Ns => Self::Ns(target()?),
            DnsType::Ptr => Self::Ptr(target()?),
            DnsType::Soa => Self::Soa(DnsSoa::view_in(message, rdata)?),
            DnsType::Mx => Self::Mx(DnsMx::view_in(message, rdata)?),
            DnsType::Txt => Self::Txt(DnsTxt::view(rdata)?),
            DnsType::Srv => Self::Srv(DnsSrv::view_in(message, rdata)?),
            DnsType::Opt => Self::Opt(DnsOpt::view(rdata)?),
            DnsType::Nsec => Self::Nsec(DnsNsec::view_in(message, rdata)?),
            other => Self::Unknown(other, rdata),
        })
    }
}

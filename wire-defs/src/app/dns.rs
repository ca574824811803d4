//! DNS messages (RFC 1035 §4.1): header, questions, records. Names stand in `name`, the data of
//! records in `rdata`; messages are written by `builder`.

mod builder;
mod label;
mod name;
mod rdata;
mod text;

pub use builder::DnsBuilder;
pub use label::Labels;
pub use name::DnsName;
pub use rdata::*;
pub(crate) use text::DnsText;

use crate::rt::Counted;
use crate::{codes, header};

/// Kinds of queries (RFC 1035 §4.1.1, RFC 1996, RFC 2136).
#[codes(u4)]
pub enum DnsOpcode {
    Query = 0,
    InverseQuery = 1,
    Status = 2,
    Notify = 4,
    Update = 5,
}

/// How a query went (RFC 1035 §4.1.1, RFC 2136).
#[codes(u4)]
pub enum DnsRcode {
    NoError = 0,
    FormErr = 1,
    ServFail = 2,
    NxDomain = 3,
    NotImp = 4,
    Refused = 5,
    YxDomain = 6,
    YxRrSet = 7,
    NxRrSet = 8,
    NotAuth = 9,
    NotZone = 10,
}

/// Types of records (RFC 1035 §3.2.2 and later).
#[codes(u16)]
pub enum DnsType {
    A = 1,
    Ns = 2,
    Cname = 5,
    Soa = 6,
    Ptr = 12,
    Hinfo = 13,
    Mx = 15,
    Txt = 16,
    Aaaa = 28,
    Srv = 33,
    Opt = 41,
    Ds = 43,
    Rrsig = 46,
    Nsec = 47,
    Dnskey = 48,
    Svcb = 64,
    Https = 65,
    Any = 255,
}

/// Classes of records (RFC 1035 §3.2.4).
#[codes(u15)]
pub enum DnsClass {
    /// The Internet.
    In = 1,
    Chaos = 3,
    None = 254,
    Any = 255,
}

/// DNS message (RFC 1035 §4.1).
#[header(
    be,
    size = 12..,
    rfc = "1035 §4.1.1",
    line = "{id} {opcode} {rcode} {questions} {answers}"
)]
pub struct Dns<'a> {
    pub id: u16,
    /// Whether this is a response.
    pub response: bool,
    pub opcode: As<u4, DnsOpcode>,
    pub authoritative: bool,
    pub truncated: bool,
    pub recursion_desired: bool,
    pub recursion_available: bool,
    _z: u1,
    pub authentic_data: bool,
    pub checking_disabled: bool,
    pub rcode: As<u4, DnsRcode>,
    #[count(questions)]
    qdcount: u16,
    #[count(answers)]
    ancount: u16,
    #[count(authorities)]
    nscount: u16,
    #[count(additionals)]
    arcount: u16,
    pub questions: Records<'a, DnsQuestion<'a>>,
    pub answers: Records<'a, DnsRecord<'a>>,
    pub authorities: Records<'a, DnsRecord<'a>>,
    pub additionals: Records<'a, DnsRecord<'a>>,
}

/// The start of a DNS message (RFC 1035 §4.1.1), for readers that take the records as they come and
/// walk them once: [`DnsHeaderPacket::questions`].
#[header(
    be,
    size = 12,
    rfc = "1035 §4.1.1",
    line = "{id} {opcode} {rcode} {qdcount} {ancount}"
)]
pub struct DnsHeader<'a> {
    pub id: u16,
    /// Whether this is a response.
    pub response: bool,
    pub opcode: As<u4, DnsOpcode>,
    pub authoritative: bool,
    pub truncated: bool,
    pub recursion_desired: bool,
    pub recursion_available: bool,
    _z: u1,
    pub authentic_data: bool,
    pub checking_disabled: bool,
    pub rcode: As<u4, DnsRcode>,
    /// Questions.
    pub qdcount: u16,
    /// Answers, which follow the questions.
    pub ancount: u16,
    /// Authorities, which follow the answers.
    pub nscount: u16,
    /// Additional records, which follow the authorities.
    pub arcount: u16,
    #[payload]
    pub records: &'a [u8],
}

impl<'a> DnsHeaderPacket<'a> {
    /// The questions as they come; what follows them is their [`rest`](Counted::rest).
    #[inline]
    #[must_use]
    pub fn questions(&self) -> Counted<'a, DnsQuestion> {
        Counted::new(self.bytes(), self.records(), self.qdcount().into())
    }

    /// `count` records as they come in `rest`, which is what follows the questions, or the records
    /// of the section before.
    #[inline]
    #[must_use]
    pub fn section(&self, rest: &'a [u8], count: u16) -> Counted<'a, DnsRecord> {
        Counted::new(self.bytes(), rest, count.into())
    }
}

/// Question of a DNS message (RFC 1035 §4.1.2).
#[header(be, rfc = "1035 §4.1.2", line = "{name} {qtype}")]
pub struct DnsQuestion<'a> {
    pub name: Codec<DnsName<'a>>,
    pub qtype: As<u16, DnsType>,
    /// In mDNS: the answer may go to the asker alone (RFC 6762 §5.4).
    pub unicast_response: bool,
    pub qclass: As<u15, DnsClass>,
}

/// Resource record of a DNS message (RFC 1035 §4.1.3).
#[header(be, rfc = "1035 §4.1.3", line = "{name} {rtype} {ttl}")]
pub struct DnsRecord<'a> {
    pub name: Codec<DnsName<'a>>,
    pub rtype: As<u16, DnsType>,
    /// In mDNS: other records of this name and type are out of date (RFC 6762 §10.2).
    pub cache_flush: bool,
    /// The class; in an OPT record the size of UDP messages (RFC 6891 §6.1.2).
    pub rclass: As<u15, DnsClass>,
    /// Seconds that the record may be kept; in an OPT record flags (RFC 6891 §6.1.3).
    pub ttl: u32,
    #[len(rdata)]
    rdlength: u16,
    pub rdata: &'a [u8],
}

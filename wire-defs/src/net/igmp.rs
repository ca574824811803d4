//! IGMP (RFC 1112, RFC 2236, RFC 3376): the messages. Who answers when is not here.

use super::float_code::{IgmpMaxResp, QueryInterval};
use super::mld::GroupRecordType;
use crate::{header, message};
use core::net::Ipv4Addr;

/// Common header of IGMP.
#[header(be, size = 4, rfc = "2236 §2", next(message: Igmp), line = "type {msg_type}")]
pub struct IgmpHeader<'a> {
    /// Type of the message.
    pub msg_type: u8,
    /// How long an answer may be delayed; zero in all but queries.
    pub max_resp: u8,
    /// Checksum over the message.
    #[checksum(rfc1071, packet)]
    checksum: u16,
    /// The rest of the message.
    #[payload]
    pub body: &'a [u8],
}

/// Messages of IGMP.
#[message(be, header = IgmpHeader, tag = msg_type)]
pub enum Igmp<'a> {
    /// Asks who listens (RFC 3376 §4.1).
    #[tag(0x11)]
    Query {
        /// How long an answer may be delayed; zero if the sender speaks version 1.
        #[hdr(max_resp)]
        max_resp: As<u8, IgmpMaxResp>,
        /// The group that is asked about; unspecified if about all.
        group: Ipv4Addr,
        /// What version 3 adds.
        #[when(remaining >= 4)]
        v3: Option<IgmpQueryV3<'a>>,
    },
    /// The sender of version 1 listens to a group (RFC 1112 appendix I).
    #[tag(0x12)]
    ReportV1 {
        /// The group.
        group: Ipv4Addr,
    },
    /// The sender of version 2 listens to a group (RFC 2236 §2).
    #[tag(0x16)]
    ReportV2 {
        /// The group.
        group: Ipv4Addr,
    },
    /// The sender listens to a group no longer (RFC 2236 §2).
    #[tag(0x17)]
    Leave {
        /// The group.
        group: Ipv4Addr,
    },
    /// What the sender listens to (RFC 3376 §4.2).
    #[tag(0x22)]
    ReportV3 {
        /// Extensions follow the records (RFC 9279 §3).
        extended: bool,
        _reserved: u15,
        /// Number of records.
        #[count(records)]
        num_records: u16,
        /// The records.
        records: Records<'a, IgmpRecord<'a>>,
    },
    /// A message without a declaration.
    #[unknown]
    Unknown {
        /// Its type.
        msg_type: u8,
        /// Its second octet.
        max_resp: u8,
        /// Its octets.
        body: &'a [u8],
    },
}

/// What version 3 adds to a query.
#[header(be, size = 4, rfc = "3376 §4.1")]
pub struct IgmpQueryV3<'a> {
    /// Extensions follow the sources (RFC 9279 §3).
    pub extended: bool,
    _reserved: u3,
    /// Routers do not set their timers by this query.
    pub suppress: bool,
    /// How often queries are sent again.
    pub robustness: u3,
    /// Interval between queries.
    pub interval: As<u8, QueryInterval>,
    /// Number of sources.
    #[len(sources = self * 4)]
    num_sources: u16,
    /// The sources that are asked about.
    pub sources: Array<'a, Ipv4Addr>,
}

/// What a host listens to in one group.
#[header(be, size = 8, rfc = "3376 §4.2")]
pub struct IgmpRecord<'a> {
    /// What the sources mean.
    pub record_type: As<u8, GroupRecordType>,
    /// Units of four octets of auxiliary data.
    #[len(aux = self * 4)]
    aux_len: u8,
    /// Number of sources.
    #[len(sources = self * 4)]
    num_sources: u16,
    /// The group.
    pub group: Ipv4Addr,
    /// The sources.
    pub sources: Array<'a, Ipv4Addr>,
    /// Data that nobody has defined.
    pub aux: &'a [u8],
}

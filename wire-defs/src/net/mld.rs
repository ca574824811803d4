//! Multicast listener discovery (RFC 2710, RFC 3810): the messages. Who answers when is not here.

use super::float_code::{MldMaxResp, QueryInterval};
use super::icmpv6::{Icmpv6Header, Icmpv6HeaderRepr};
use crate::{codes, header, message};
use core::net::Ipv6Addr;

/// Messages of multicast listener discovery.
#[message(be, header = Icmpv6Header, tag = msg_type)]
pub enum Mld<'a> {
    /// Asks who listens (RFC 2710 §3, RFC 3810 §5.1).
    #[tag(130, code = 0)]
    Query {
        /// How long an answer may be delayed.
        max_resp: As<u16, MldMaxResp>,
        _reserved: u16,
        /// The group that is asked about; unspecified if about all.
        group: Ipv6Addr,
        /// What version 2 adds.
        #[when(remaining >= 4)]
        v2: Option<MldQueryV2<'a>>,
    },
    /// The sender listens to a group (RFC 2710 §3).
    #[tag(131, code = 0)]
    Report {
        _max_resp: u16,
        _reserved: u16,
        /// The group.
        group: Ipv6Addr,
    },
    /// The sender listens to a group no longer (RFC 2710 §3).
    #[tag(132, code = 0)]
    Done {
        _max_resp: u16,
        _reserved: u16,
        /// The group.
        group: Ipv6Addr,
    },
    /// What the sender listens to (RFC 3810 §5.2).
    #[tag(143, code = 0)]
    ReportV2 {
        /// The records, looked at when asked.
        report: Nested<'a, MldReportV2<'a>>,
    },
}

/// What a node listens to in all groups.
#[header(be, size = 4, rfc = "3810 §5.2")]
pub struct MldReportV2<'a> {
    /// Extensions follow the records (RFC 9279 §3).
    pub extended: bool,
    _reserved: u15,
    /// Number of records.
    #[count(records)]
    num_records: u16,
    /// The records.
    pub records: Records<'a, MldRecord<'a>>,
}

/// What version 2 adds to a query.
#[header(be, size = 4, rfc = "3810 §5.1")]
pub struct MldQueryV2<'a> {
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
    #[len(sources = self * 16)]
    num_sources: u16,
    /// The sources that are asked about.
    pub sources: Array<'a, Ipv6Addr>,
}

/// What a node listens to in one group.
#[header(be, size = 20, rfc = "3810 §5.2")]
pub struct MldRecord<'a> {
    /// What the sources mean.
    pub record_type: As<u8, GroupRecordType>,
    /// Units of four octets of auxiliary data.
    #[len(aux = self * 4)]
    aux_len: u8,
    /// Number of sources.
    #[len(sources = self * 16)]
    num_sources: u16,
    /// The group.
    pub group: Ipv6Addr,
    /// The sources.
    pub sources: Array<'a, Ipv6Addr>,
    /// Data that nobody has defined.
    pub aux: &'a [u8],
}

/// What the sources of a record mean (RFC 3376 §4.2.12, RFC 3810 §5.2.12).
#[codes(u8)]
pub enum GroupRecordType {
    /// The sender listens to these sources only.
    ModeIsInclude = 1,
    /// The sender listens to all but these sources.
    ModeIsExclude = 2,
    /// From now on the sender listens to these sources only.
    ChangeToInclude = 3,
    /// From now on the sender listens to all but these sources.
    ChangeToExclude = 4,
    /// These sources are new.
    AllowNewSources = 5,
    /// These sources are no longer wanted.
    BlockOldSources = 6,
}

//! IGMP of all versions, as tshark names its fields. Records of reports are not printed by us.

use super::How::{Number, Text, Value};
use super::{Map, Row, row};
use litz_wire::IgmpHeader;
use litz_wire::rt::Header as _;

const IGMP: &str = "IgmpHeader";

pub(super) const MAPS: &[Map] = &[
    Map::new(IGMP, "igmp|dvmrp", HEADER).at(IgmpHeader::FIELDS),
    Map::message("Query", IGMP, "igmp", QUERY),
    Map::message("ReportV1", IGMP, "igmp", GROUP),
    Map::message("ReportV2", IGMP, "igmp", GROUP),
    Map::message("Leave", IGMP, "igmp", GROUP),
    Map::message("ReportV3", IGMP, "igmp", REPORT_V3),
    Map::message("Unknown", IGMP, "igmp", UNKNOWN).last("a message without a declaration"),
];

const HEADER: &[Row] = &[
    // Messages of DVMRP are a protocol of their own to tshark.
    row("msg_type", "?igmp.type", Number),
    // In versions that do not use it, it is reserved to tshark.
    row("max_resp", "?igmp.max_resp", Value),
    row("checksum", "?igmp.checksum", Number),
];

const GROUP: &[Row] = &[row("group", "igmp.maddr", Text)];

const QUERY: &[Row] = &[
    row("max_resp", "?igmp.max_resp", Number),
    row("group", "igmp.maddr", Text),
];

const REPORT_V3: &[Row] = &[row("num_records", "igmp.num_grp_recs", Number)];

const UNKNOWN: &[Row] = &[
    row("msg_type", "?igmp.type", Number),
    row("max_resp", "?igmp.max_resp", Number),
];

//! IGMP of all versions, as tshark names its fields.

use super::How::{Bool, Codes, List, Not, Number, Text, Value};
use super::{Map, Row, row};
use litz_wire::rt::{Codes as _, Header as _};
use litz_wire::{GroupRecordType, IgmpHeader};

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
    row("v3/IgmpQueryV3Repr/suppress", "igmp.s", Bool),
    row("v3/IgmpQueryV3Repr/robustness", "igmp.qrv", Number),
    row("v3/IgmpQueryV3Repr/interval", "igmp.qqic", Value),
    row("v3/IgmpQueryV3Repr/sources", "igmp.saddr", List),
];

const REPORT_V3: &[Row] = &[
    row("extended", "", Not("tshark 4.0 does not know RFC 9279")),
    row("num_records", "igmp.num_grp_recs", Number),
    row(
        "records/IgmpRecordRepr/record_type",
        "igmp.record_type",
        Codes(GroupRecordType::CODES),
    ),
    row("records/IgmpRecordRepr/group", "igmp.maddr", Text),
    row("records/IgmpRecordRepr/sources", "igmp.saddr", List),
];

const UNKNOWN: &[Row] = &[
    row("msg_type", "?igmp.type", Number),
    row("max_resp", "?igmp.max_resp", Number),
];

//! ICMPv6 and neighbor discovery with its options.

use super::How::{Bool, Codes, Kinds, List, Not, Number, Octets, Text, Value};
use super::{Map, Row, row};
use litz_wire::rt::{Codes as _, Header as _};
use litz_wire::{
    GroupRecordType, Icmpv6DstUnreachable, Icmpv6Header, Icmpv6ParamProblem, Icmpv6TimeExceeded,
    RoutePreference,
};

const ICMPV6: &str = "Icmpv6Header";

/// The packet in the option Redirected is not followed by our printers.
const QUOTED: &str = "tshark follows the packet in an option";

pub(super) const MAPS: &[Map] = &[
    Map::new(ICMPV6, "icmpv6", HEADER).at(Icmpv6Header::FIELDS),
    Map::message("EchoRequest", ICMPV6, "icmpv6", ECHO),
    Map::message("EchoReply", ICMPV6, "icmpv6", ECHO),
    Map::message("DstUnreachable", ICMPV6, "icmpv6", DST_UNREACHABLE),
    Map::message("PktTooBig", ICMPV6, "icmpv6", PKT_TOO_BIG),
    Map::message("TimeExceeded", ICMPV6, "icmpv6", TIME_EXCEEDED),
    Map::message("ParamProblem", ICMPV6, "icmpv6", PARAM_PROBLEM),
    Map::message("RouterSolicit", ICMPV6, "icmpv6", ROUTER_SOLICIT).last(QUOTED),
    Map::message("RouterAdvert", ICMPV6, "icmpv6", ROUTER_ADVERT).last(QUOTED),
    Map::message("NeighborSolicit", ICMPV6, "icmpv6", NEIGHBOR_SOLICIT).last(QUOTED),
    Map::message("NeighborAdvert", ICMPV6, "icmpv6", NEIGHBOR_ADVERT).last(QUOTED),
    Map::message("Redirect", ICMPV6, "icmpv6", REDIRECT).last(QUOTED),
    Map::message("Query", ICMPV6, "icmpv6", MLD_QUERY),
    Map::message("Report", ICMPV6, "icmpv6", MLD_GROUP),
    Map::message("Done", ICMPV6, "icmpv6", MLD_GROUP),
    Map::message("ReportV2", ICMPV6, "icmpv6", &[]),
    Map::message("MldReportV2", "ReportV2", "icmpv6", MLD_REPORT_V2),
    Map::message("Unknown", ICMPV6, "icmpv6", UNKNOWN).last("a message without a declaration"),
];

const HEADER: &[Row] = &[
    row("msg_type", "icmpv6.type", Number),
    row("code", "icmpv6.code", Number),
    row("checksum", "icmpv6.checksum", Number),
];

const ECHO: &[Row] = &[
    row("ident", "icmpv6.echo.identifier", Number),
    row("seq_no", "icmpv6.echo.sequence_number", Number),
];

const DST_UNREACHABLE: &[Row] = &[row(
    "reason",
    "icmpv6.code",
    Codes(Icmpv6DstUnreachable::CODES),
)];

const PKT_TOO_BIG: &[Row] = &[row("mtu", "icmpv6.mtu", Number)];

const TIME_EXCEEDED: &[Row] = &[row(
    "reason",
    "icmpv6.code",
    Codes(Icmpv6TimeExceeded::CODES),
)];

const PARAM_PROBLEM: &[Row] = &[
    row("reason", "icmpv6.code", Codes(Icmpv6ParamProblem::CODES)),
    row("pointer", "icmpv6.pointer", Number),
];

const UNKNOWN: &[Row] = &[
    row("msg_type", "icmpv6.type", Number),
    row("code", "icmpv6.code", Number),
];

/// The options, and what a message has beside them.
macro_rules! with_options {
    ($($row:expr),* $(,)?) => {
        &[
            $($row,)*
            row("options/*", "icmpv6.opt.type", Kinds(&[
                ("SourceLinkLayer", 1),
                ("TargetLinkLayer", 2),
                ("Prefix", 3),
                ("Redirected", 4),
                ("Mtu", 5),
                ("Nonce", 14),
                ("RouteInfo", 24),
                ("Rdnss", 25),
                ("Dnssl", 31),
                ("AddressRegistration", 33),
                ("LowpanContext", 34),
                ("BorderRouter", 35),
                ("Capabilities", 36),
                ("CaptivePortal", 37),
                ("Nat64Prefix", 38),
            ], &[])),
            row("options/SourceLinkLayer/addr", "icmpv6.opt.src_linkaddr", Octets),
            row("options/TargetLinkLayer/addr", "icmpv6.opt.target_linkaddr", Octets),
            row("options/Prefix|RouteInfo/prefix_len", "icmpv6.opt.prefix.length", Number),
            row("options/Prefix/on_link", "icmpv6.opt.prefix.flag.l", Bool),
            row("options/Prefix/autonomous", "icmpv6.opt.prefix.flag.a", Bool),
            row("options/Prefix/router_addr", "icmpv6.opt.prefix.flag.r", Bool),
            row("options/Prefix/valid_lifetime", "icmpv6.opt.prefix.valid_lifetime", Number),
            row(
                "options/Prefix/preferred_lifetime",
                "icmpv6.opt.prefix.preferred_lifetime",
                Number,
            ),
            row("options/Prefix/prefix", "icmpv6.opt.prefix", Text),
            row(
                "options/RouteInfo/preference",
                "icmpv6.opt.route_info.flag.route_preference",
                Codes(RoutePreference::CODES),
            ),
            row("options/RouteInfo/lifetime", "icmpv6.opt.route_lifetime", Number),
            row("options/Nonce/nonce", "icmpv6.opt.nonce", Octets),
            row("options/Dnssl/lifetime", "icmpv6.opt.dnssl.lifetime", Number),
            row("options/Mtu/mtu", "icmpv6.opt.mtu", Number),
            row("options/Rdnss/lifetime", "icmpv6.opt.rdnss.lifetime", Number),
            row("options/Rdnss/servers", "icmpv6.opt.rdnss", List),
        ]
    };
}

const ROUTER_SOLICIT: &[Row] = with_options!();

const ROUTER_ADVERT: &[Row] = with_options![
    row("hop_limit", "icmpv6.nd.ra.cur_hop_limit", Number),
    row("managed", "icmpv6.nd.ra.flag.m", Bool),
    row("other", "icmpv6.nd.ra.flag.o", Bool),
    row("home_agent", "icmpv6.nd.ra.flag.h", Bool),
    row(
        "preference",
        "icmpv6.nd.ra.flag.prf",
        Codes(RoutePreference::CODES)
    ),
    row("proxy", "icmpv6.nd.ra.flag.p", Bool),
    row("router_lifetime", "icmpv6.nd.ra.router_lifetime", Number),
    row("reachable_time", "icmpv6.nd.ra.reachable_time", Number),
    row("retrans_time", "icmpv6.nd.ra.retrans_timer", Number),
];

const NEIGHBOR_SOLICIT: &[Row] =
    with_options![row("target_addr", "icmpv6.nd.ns.target_address", Text)];

const NEIGHBOR_ADVERT: &[Row] = with_options![
    row("router", "icmpv6.nd.na.flag.r", Bool),
    row("solicited", "icmpv6.nd.na.flag.s", Bool),
    row("override_", "icmpv6.nd.na.flag.o", Bool),
    row("target_addr", "icmpv6.nd.na.target_address", Text),
];

const REDIRECT: &[Row] = with_options![
    row("target_addr", "icmpv6.nd.rd.target_address", Text),
    row("dest_addr", "icmpv6.rd.na.destination_address", Text),
];

const MLD_QUERY: &[Row] = &[
    row(
        "max_resp",
        "icmpv6.mld.maximum_response_code|icmpv6.mld.maximum_response_delay",
        Number,
    ),
    row("group", "icmpv6.mld.multicast_address", Text),
    row("v2/MldQueryV2Repr/suppress", "icmpv6.mld.flag.s", Bool),
    row(
        "v2/MldQueryV2Repr/robustness",
        "icmpv6.mld.flag.qrv",
        Number,
    ),
    row("v2/MldQueryV2Repr/interval", "icmpv6.mld.qqi", Value),
    row(
        "v2/MldQueryV2Repr/sources",
        "icmpv6.mld.source_address",
        List,
    ),
];

const MLD_GROUP: &[Row] = &[row("group", "icmpv6.mld.multicast_address", Text)];

const MLD_REPORT_V2: &[Row] = &[
    row("extended", "", Not("tshark 4.0 does not know RFC 9279")),
    row("num_records", "icmpv6.mldr.nb_mcast_records", Number),
    row(
        "records/MldRecordRepr/record_type",
        "icmpv6.mldr.mar.record_type",
        Codes(GroupRecordType::CODES),
    ),
    row(
        "records/MldRecordRepr/group",
        "icmpv6.mldr.mar.multicast_address",
        Text,
    ),
    row(
        "records/MldRecordRepr/sources",
        "icmpv6.mldr.mar.source_address",
        List,
    ),
];

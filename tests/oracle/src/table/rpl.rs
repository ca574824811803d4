//! Messages of RPL with their options, as tshark names their fields.

use super::How::{Bool, Codes, Kinds, Number, Octets, Text};
use super::{Map, Row, row};
use litz_wire::rt::Codes as _;
use litz_wire::{RoutePreference, RplKeyMode, RplMode};

const ICMPV6: &str = "Icmpv6Header";

pub(super) const MAPS: &[Map] = &[
    Map::message("Dis", ICMPV6, "icmpv6", DIS),
    Map::message("Dio", ICMPV6, "icmpv6", DIO),
    Map::message("Dao", ICMPV6, "icmpv6", DAO),
    Map::message("DaoAck", ICMPV6, "icmpv6", DAO_ACK),
    Map::message("ConsistencyCheck", ICMPV6, "icmpv6", CONSISTENCY),
];

/// The options, and what a message has beside them.
macro_rules! with_options {
    ($($row:expr),* $(,)?) => {
        &[
            $($row,)*
            row("options/*", "icmpv6.rpl.opt.type", Kinds(KINDS, &[])),
            row(
                "options/RouteInformation/prefix_len",
                "icmpv6.rpl.opt.route.prefix_length",
                Number,
            ),
            row(
                "options/RouteInformation/preference",
                "icmpv6.rpl.opt.route.pref",
                Codes(RoutePreference::CODES),
            ),
            row("options/RouteInformation/lifetime", "icmpv6.rpl.opt.route.lifetime", Number),
            row("options/RouteInformation/prefix", "icmpv6.rpl.opt.route.prefix", Octets),
            row("options/DodagConfiguration/authenticated", "icmpv6.rpl.opt.config.auth", Bool),
            row(
                "options/DodagConfiguration/path_control_size",
                "icmpv6.rpl.opt.config.pcs",
                Number,
            ),
            row(
                "options/DodagConfiguration/dio_interval_doublings",
                "icmpv6.rpl.opt.config.interval_double",
                Number,
            ),
            row(
                "options/DodagConfiguration/dio_interval_min",
                "icmpv6.rpl.opt.config.interval_min",
                Number,
            ),
            row(
                "options/DodagConfiguration/dio_redundancy",
                "icmpv6.rpl.opt.config.redundancy",
                Number,
            ),
            row(
                "options/DodagConfiguration/max_rank_increase",
                "icmpv6.rpl.opt.config.max_rank_inc",
                Number,
            ),
            row(
                "options/DodagConfiguration/min_hop_rank_increase",
                "icmpv6.rpl.opt.config.min_hop_rank_inc",
                Number,
            ),
            row("options/DodagConfiguration/ocp", "icmpv6.rpl.opt.config.ocp", Number),
            row(
                "options/DodagConfiguration/default_lifetime",
                "icmpv6.rpl.opt.config.def_lifetime",
                Number,
            ),
            row(
                "options/DodagConfiguration/lifetime_unit",
                "icmpv6.rpl.opt.config.lifetime_unit",
                Number,
            ),
            row("options/Target/prefix_len", "icmpv6.rpl.opt.target.prefix_length", Number),
            row("options/TransitInformation/external", "icmpv6.rpl.opt.transit.flag.e", Bool),
            row(
                "options/TransitInformation/path_control",
                "icmpv6.rpl.opt.transit.pathctl",
                Number,
            ),
            row(
                "options/TransitInformation/path_sequence",
                "icmpv6.rpl.opt.transit.pathseq",
                Number,
            ),
            row(
                "options/TransitInformation/path_lifetime",
                "icmpv6.rpl.opt.transit.pathlifetime",
                Number,
            ),
            row("options/TransitInformation/parent", "icmpv6.rpl.opt.transit.parent", Text),
            row(
                "options/SolicitedInformation/instance_id",
                "icmpv6.rpl.opt.solicited.instance",
                Number,
            ),
            row(
                "options/SolicitedInformation/match_version",
                "icmpv6.rpl.opt.solicited.flag.v",
                Bool,
            ),
            row(
                "options/SolicitedInformation/match_instance",
                "icmpv6.rpl.opt.solicited.flag.i",
                Bool,
            ),
            row(
                "options/SolicitedInformation/match_dodag",
                "icmpv6.rpl.opt.solicited.flag.d",
                Bool,
            ),
            row("options/SolicitedInformation/dodag_id", "icmpv6.rpl.opt.solicited.dodagid", Text),
            row("options/SolicitedInformation/version", "icmpv6.rpl.opt.solicited.version", Number),
            row("options/PrefixInformation/prefix_len", "icmpv6.rpl.opt.prefix.length", Number),
            row("options/PrefixInformation/on_link", "icmpv6.rpl.opt.prefix.flag.l", Bool),
            // Two flags of the prefix have names of the configuration.
            row("options/PrefixInformation/autonomous", "icmpv6.rpl.opt.config.flag.a", Bool),
            row("options/PrefixInformation/router_addr", "icmpv6.rpl.opt.config.flag.r", Bool),
            row(
                "options/PrefixInformation/valid_lifetime",
                "icmpv6.rpl.opt.prefix.valid_lifetime",
                Number,
            ),
            row(
                "options/PrefixInformation/preferred_lifetime",
                "icmpv6.rpl.opt.prefix.preferred_lifetime",
                Number,
            ),
            row("options/PrefixInformation/prefix", "icmpv6.rpl.opt.prefix", Text),
            row(
                "options/TargetDescriptor/descriptor",
                "icmpv6.rpl.opt.targetdesc.descriptor",
                Number,
            ),
        ]
    };
}

const DIS: &[Row] = with_options!();

const DIO: &[Row] = with_options!(
    row("instance_id", "icmpv6.rpl.dio.instance", Number),
    row("version", "icmpv6.rpl.dio.version", Number),
    row("rank", "icmpv6.rpl.dio.rank", Number),
    row("grounded", "icmpv6.rpl.dio.flag.g", Bool),
    row("mop", "icmpv6.rpl.dio.flag.mop", Codes(RplMode::CODES)),
    row("preference", "icmpv6.rpl.dio.flag.preference", Number),
    row("dtsn", "icmpv6.rpl.dio.dtsn", Number),
    row("dodag_id", "icmpv6.rpl.dio.dagid", Text),
);

const DAO: &[Row] = with_options!(
    row("instance_id", "icmpv6.rpl.dao.instance", Number),
    row("expect_ack", "icmpv6.rpl.dao.flag.k", Bool),
    row("with_dodag_id", "icmpv6.rpl.dao.flag.d", Bool),
    row("sequence", "icmpv6.rpl.dao.sequence", Number),
    row("dodag_id", "icmpv6.rpl.dao.dodagid", Text),
);

const DAO_ACK: &[Row] = with_options!(
    row("instance_id", "icmpv6.rpl.daoack.instance", Number),
    row("with_dodag_id", "icmpv6.rpl.daoack.flag.d", Bool),
    row("sequence", "icmpv6.rpl.daoack.sequence", Number),
    row("status", "icmpv6.rpl.daoack.status", Number),
    row("dodag_id", "icmpv6.rpl.daoack.dodagid", Text),
);

/// Variants by their numbers (RFC 6550 §20.4).
const KINDS: &[(&str, u64)] = &[
    ("Pad1", 0),
    ("PadN", 1),
    ("DagMetricContainer", 2),
    ("RouteInformation", 3),
    ("DodagConfiguration", 4),
    ("Target", 5),
    ("TransitInformation", 6),
    ("SolicitedInformation", 7),
    ("PrefixInformation", 8),
    ("TargetDescriptor", 9),
];

const CONSISTENCY: &[Row] = with_options![
    row("counter_is_time", "icmpv6.rpl.secure.flag.t", Bool),
    row("algorithm", "icmpv6.rpl.secure.algorithm", Number),
    row(
        "key_mode",
        "icmpv6.rpl.secure.kim",
        Codes(RplKeyMode::CODES)
    ),
    row("level", "icmpv6.rpl.secure.lvl", Number),
    row("counter", "icmpv6.rpl.secure.counter", Number),
    row("key_source", "icmpv6.rpl.secure.key.source", Octets),
    row("key_index", "icmpv6.rpl.secure.key.index", Number),
    row("instance_id", "icmpv6.rpl.cc.instance", Number),
    row("response", "icmpv6.rpl.cc.flag.r", Bool),
    row("nonce", "icmpv6.rpl.cc.nonce", Number),
    row("dodag_id", "icmpv6.rpl.cc.dodagid", Text),
    row(
        "destination_counter",
        "icmpv6.rpl.cc.destination_counter",
        Number
    ),
];

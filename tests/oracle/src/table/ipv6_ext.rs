//! Extension headers of IPv6 with their options, AH and ESP, as tshark names their fields.

use super::How::{Bool, Codes, Kinds, List, Not, Number, Octets, Text, Times, Value};
use super::{Map, Row, row};
use litz_wire::rt::{Codes as _, Header as _};
use litz_wire::{
    Ah, Esp, IpProtocol, Ipv6DstOpts, Ipv6Fragment, Ipv6HopByHop, Ipv6RouterAlert, Ipv6RoutingRpl,
    Ipv6RoutingSegments, Ipv6RoutingSource, Ipv6RoutingType2, RoutingType,
};

pub(super) const MAPS: &[Map] = &[
    Map::new("Ipv6HopByHop", "ipv6.hopopts", HOP_BY_HOP).at(Ipv6HopByHop::FIELDS),
    Map::new("Ipv6DstOpts", "ipv6.dstopts", DST_OPTS).at(Ipv6DstOpts::FIELDS),
    Map::new("Ipv6Fragment", "ipv6.fraghdr", FRAGMENT).at(Ipv6Fragment::FIELDS),
    Map::new("Ipv6RoutingSource", "ipv6.routing", ROUTING).at(Ipv6RoutingSource::FIELDS),
    Map::new("Ipv6RoutingType2", "ipv6.routing", ROUTING).at(Ipv6RoutingType2::FIELDS),
    Map::new("Ipv6RoutingRpl", "ipv6.routing", ROUTING).at(Ipv6RoutingRpl::FIELDS),
    Map::new("Ipv6RoutingSegments", "ipv6.routing", ROUTING).at(Ipv6RoutingSegments::FIELDS),
    Map::new("Ah", "ah", AH).at(Ah::FIELDS),
    Map::new("Esp", "esp", ESP).at(Esp::FIELDS),
];

/// Next header, length and options under the name of a header.
macro_rules! options {
    ($name:literal) => {
        &[
            row(
                "next_header",
                concat!($name, ".nxt"),
                Codes(IpProtocol::CODES),
            ),
            row("hdr_ext_len", concat!($name, ".len"), Number),
            row(
                "options/*",
                "ipv6.opt.type",
                Kinds(
                    &[
                        ("Pad1", 0),
                        ("PadN", 1),
                        ("TunnelLimit", 4),
                        ("RouterAlert", 5),
                        ("Rpl", 0x23),
                        ("RplDiscard", 0x63),
                        ("Jumbo", 0xc2),
                        ("HomeAddress", 0xc9),
                    ],
                    &[],
                ),
            ),
            row(
                "options/RouterAlert/value",
                "ipv6.opt.router_alert",
                Codes(Ipv6RouterAlert::CODES),
            ),
            row("options/Jumbo/length", "ipv6.opt.jumbo", Number),
            row(
                "options/HomeAddress/addr",
                "ipv6.opt.mipv6.home_address",
                Text,
            ),
        ]
    };
}

const HOP_BY_HOP: &[Row] = options!("ipv6.hopopts");

const DST_OPTS: &[Row] = options!("ipv6.dstopts");

const FRAGMENT: &[Row] = &[
    row("next_header", "ipv6.fraghdr.nxt", Codes(IpProtocol::CODES)),
    row("frag_offset", "ipv6.fraghdr.offset", Times(8)),
    row("more_frags", "ipv6.fraghdr.more", Bool),
    row("ident", "ipv6.fraghdr.ident", Number),
];

/// All types together; a layer shows those that it has.
const ROUTING: &[Row] = &[
    row("next_header", "ipv6.routing.nxt", Codes(IpProtocol::CODES)),
    row("hdr_ext_len", "ipv6.routing.len", Number),
    row(
        "routing_type",
        "ipv6.routing.type",
        Codes(RoutingType::CODES),
    ),
    row("segments_left", "ipv6.routing.segleft", Number),
    row("addresses", "ipv6.routing.src.addr", List),
    row("home_addr", "ipv6.routing.mipv6.home_address", Text),
    row("last_entry", "ipv6.routing.srh.last_entry", Number),
    row("tag", "ipv6.routing.srh.tag", Value),
    row("segments", "ipv6.routing.srh.addr", List),
    row("tlvs", "", Not("tshark 4.0 does not take them apart")),
    row("cmpr_i", "ipv6.routing.rpl.cmprI", Number),
    row("cmpr_e", "ipv6.routing.rpl.cmprE", Number),
    row("pad", "ipv6.routing.rpl.pad", Number),
];

const AH: &[Row] = &[
    row("next_header", "ah.next_header", Codes(IpProtocol::CODES)),
    row("payload_len", "ah.length", Number),
    row("spi", "ah.spi", Number),
    row("seq", "ah.sequence", Number),
    row("icv", "ah.icv", Octets),
];

const ESP: &[Row] = &[
    row("spi", "esp.spi", Number),
    row("seq", "esp.sequence", Number),
];

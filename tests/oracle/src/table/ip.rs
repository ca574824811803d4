//! IPv4 with its options, ICMPv4, and IPv6.

use super::How::{Bool, Codes, Kinds, List, Not, Number, Text, Times, Units};
use super::{Map, Row, row};
use litz_wire::rt::{Codes as _, Header as _};
use litz_wire::{
    Ecn, Icmpv4DstUnreachable, Icmpv4Header, Icmpv4RedirectCode, Icmpv4TimeExceeded, IpProtocol,
    Ipv4, Ipv6,
};

/// tshark's protocol of ICMPv4 is shown once for header and body.
const ICMPV4: &str = "Icmpv4Header";

pub(super) const MAPS: &[Map] = &[
    Map::new("Ipv4", "ip", IPV4).at(Ipv4::FIELDS),
    Map::new("Ipv6", "ipv6", IPV6).at(Ipv6::FIELDS),
    Map::new(ICMPV4, "icmp", HEADER).at(Icmpv4Header::FIELDS),
    Map::message("EchoRequest", ICMPV4, "icmp", ECHO),
    Map::message("EchoReply", ICMPV4, "icmp", ECHO),
    Map::message("DstUnreachable", ICMPV4, "icmp", DST_UNREACHABLE),
    Map::message("Redirect", ICMPV4, "icmp", REDIRECT),
    Map::message("TimeExceeded", ICMPV4, "icmp", TIME_EXCEEDED),
    Map::message("ParamProblem", ICMPV4, "icmp", PARAM_PROBLEM),
    Map::message("Timestamp", ICMPV4, "icmp", TIMESTAMP),
    Map::message("TimestampReply", ICMPV4, "icmp", TIMESTAMP),
    Map::message("Unknown", ICMPV4, "icmp", UNKNOWN).last("a message without a declaration"),
];

const IPV4: &[Row] = &[
    row("version", "ip.version", Number),
    row("ihl", "ip.hdr_len", Units(4)),
    row("dscp", "ip.dsfield.dscp", Number),
    row("ecn", "ip.dsfield.ecn", Codes(Ecn::CODES)),
    row("total_len", "ip.len", Number),
    row("ident", "ip.id", Number),
    row("dont_frag", "ip.flags.df", Bool),
    row("more_frags", "ip.flags.mf", Bool),
    // tshark 4.0 shows units of eight octets.
    row("frag_offset", "ip.frag_offset", Times(8)),
    row("hop_limit", "ip.ttl", Number),
    row("next_header", "ip.proto", Codes(IpProtocol::CODES)),
    row("checksum", "ip.checksum", Number),
    row("src_addr", "ip.src", Text),
    row("dst_addr", "ip.dst", Text),
    row(
        "options/*",
        "ip.opt.type",
        Kinds(
            &[
                ("End", 0),
                ("Nop", 1),
                ("RecordRoute", 7),
                ("Timestamp", 68),
                ("LooseSourceRoute", 131),
                ("StreamId", 136),
                ("StrictSourceRoute", 137),
                ("RouterAlert", 148),
            ],
            SHOWN,
        ),
    ),
    row("options/RouterAlert/value", "ip.opt.ra", Number),
    row(
        "options/RecordRoute/pointer",
        "ip.opt.ptr",
        Not("source routes have pointers too"),
    ),
    row("options/RecordRoute/route", "ip.rec_rt|ip.empty_rt", List),
];

/// The options that tshark 4.0 knows.
const SHOWN: &[u64] = &[0, 1, 7, 25, 68, 82, 130, 131, 133, 134, 136, 137, 148];

const IPV6: &[Row] = &[
    row("version", "ipv6.version", Number),
    row("dscp", "ipv6.tclass.dscp", Number),
    row("ecn", "ipv6.tclass.ecn", Codes(Ecn::CODES)),
    row("flow_label", "ipv6.flow", Number),
    row("payload_len", "ipv6.plen", Number),
    row("next_header", "ipv6.nxt", Codes(IpProtocol::CODES)),
    row("hop_limit", "ipv6.hlim", Number),
    row("src_addr", "ipv6.src", Text),
    row("dst_addr", "ipv6.dst", Text),
];

const HEADER: &[Row] = &[
    row("msg_type", "icmp.type", Number),
    row("code", "icmp.code", Number),
    row("checksum", "icmp.checksum", Number),
];

const ECHO: &[Row] = &[
    row("ident", "icmp.ident", Number),
    row("seq_no", "icmp.seq", Number),
];

const DST_UNREACHABLE: &[Row] = &[
    row("reason", "icmp.code", Codes(Icmpv4DstUnreachable::CODES)),
    // Shown only where fragmentation was required.
    row("next_hop_mtu", "?icmp.mtu", Number),
];

const REDIRECT: &[Row] = &[
    row("code", "icmp.code", Codes(Icmpv4RedirectCode::CODES)),
    row("gateway", "icmp.redir_gw", Text),
];

const TIME_EXCEEDED: &[Row] = &[row("reason", "icmp.code", Codes(Icmpv4TimeExceeded::CODES))];

const PARAM_PROBLEM: &[Row] = &[
    row("code", "icmp.code", Number),
    row("pointer", "icmp.pointer", Number),
];

const TIMESTAMP: &[Row] = &[
    row("ident", "icmp.ident", Number),
    row("seq_no", "icmp.seq", Number),
    row("originate", "icmp.originate_timestamp", Number),
    row("receive", "icmp.receive_timestamp", Number),
    row("transmit", "icmp.transmit_timestamp", Number),
];

const UNKNOWN: &[Row] = &[
    row("msg_type", "icmp.type", Number),
    row("code", "icmp.code", Number),
];

//! 6LoWPAN: mesh and fragment headers, LOWPAN_IPHC and LOWPAN_NHC, as tshark names their fields. It
//! shows them all in one protocol, and the decompressed headers behind it.

use super::How::{Bool, Carried, Codes, Form, Not, Number, Octets, Plus};
use super::{Case, How, Map, Row, case, row};
use litz_wire::rt::Codes as _;
use litz_wire::{Ecn, IpProtocol, NhcExtId};

const MAC: &str = "Ieee802154";

/// A fragment by itself is not put together by our printers.
const REASSEMBLED: &str = "tshark follows the whole datagram in its last fragment";

/// What a first fragment holds is compared as far as it is compressed.
const FIRST_ONLY: &str = "tshark follows the datagram in its last fragment only";

/// The first header of 6LoWPAN begins the protocol, the others stand in it.
macro_rules! lowpan {
    ($layer:literal, $rows:expr) => {
        (
            Map::new($layer, "6lowpan", $rows),
            Map::message($layer, "", "6lowpan", $rows),
        )
    };
}

pub(super) const MAPS: &[Map] = &[
    Map {
        under: MAC,
        ..lowpan!("LowpanMesh", MESH).0
    },
    lowpan!("LowpanMesh", MESH).1,
    Map {
        under: MAC,
        ..lowpan!("LowpanBroadcast", BROADCAST).0
    },
    lowpan!("LowpanBroadcast", BROADCAST).1,
    Map {
        under: MAC,
        ..lowpan!("FragFirst", FIRST).0
    }
    .hidden(FIRST_ONLY),
    lowpan!("FragFirst", FIRST).1.hidden(FIRST_ONLY),
    Map {
        under: MAC,
        ..lowpan!("FragNext", NEXT).0
    }
    .last(REASSEMBLED),
    lowpan!("FragNext", NEXT).1.last(REASSEMBLED),
    Map {
        under: MAC,
        ..lowpan!("LowpanIpv6", IPV6).0
    },
    lowpan!("LowpanIpv6", IPV6).1,
    Map {
        under: MAC,
        ..lowpan!("Iphc", IPHC).0
    }
    .again("ipv6")
    .before("6lowpan.nhc.ext.nh"),
    Map {
        under: "NhcIpv6",
        ..lowpan!("Iphc", IPHC).1
    }
    .again("ipv6")
    .behind("6lowpan.nhc.ext.nh"),
    lowpan!("Iphc", IPHC)
        .1
        .again("ipv6")
        .before("6lowpan.nhc.ext.nh"),
    Map::message("NhcIpv6", "", "6lowpan", NHC_IPV6),
    Map::message("NhcUdp", "", "6lowpan", UDP).again("udp"),
    Map::message("NhcExt", "", "6lowpan", EXT).again("ipv6.hopopts|ipv6.dstopts"),
];

const MESH: &[Row] = &[
    row("dispatch", "", DISPATCH),
    row("v", "6lowpan.mesh.v", Number),
    row("f", "6lowpan.mesh.f", Number),
    row("hops_left", "6lowpan.mesh.hops", Number),
    row("deep_hops_left", "6lowpan.mesh.hops8", Number),
    row(
        "originator",
        "6lowpan.mesh.orig16|6lowpan.mesh.orig64",
        Octets,
    ),
    row(
        "final_destination",
        "6lowpan.mesh.dest16|6lowpan.mesh.dest64",
        Octets,
    ),
];

const BROADCAST: &[Row] = &[
    row("dispatch", "", DISPATCH),
    row("sequence", "6lowpan.bcast.seqnum", Number),
];

const DISPATCH: How = Not("tshark shows the patterns of all headers under one name");

const FIRST: &[Row] = &[
    row("dispatch", "", DISPATCH),
    row("datagram_size", "6lowpan.frag.size", Number),
    row("datagram_tag", "6lowpan.frag.tag", Number),
];

const NEXT: &[Row] = &[
    row("dispatch", "", DISPATCH),
    row("datagram_size", "6lowpan.frag.size", Number),
    row("datagram_tag", "6lowpan.frag.tag", Number),
    row("datagram_offset", "6lowpan.frag.offset", Number),
];

const IPV6: &[Row] = &[row("dispatch", "", DISPATCH)];

const IPHC: &[Row] = &[
    row("dispatch", "", DISPATCH),
    row("tf", "6lowpan.iphc.tf", Number),
    row("nh", "6lowpan.iphc.nh", Bool),
    row("hlim", "6lowpan.iphc.hlim", Number),
    row("cid", "6lowpan.iphc.cid", Bool),
    row("sac_sam", "", Not("the variant of the source says it")),
    row(
        "m_dac_dam",
        "",
        Not("the variant of the destination says it"),
    ),
    row("contexts/ContextIdsRepr/src", "6lowpan.iphc.sci", Number),
    row("contexts/ContextIdsRepr/dst", "6lowpan.iphc.dci", Number),
    row("traffic", "", Form(TRAFFIC)),
    row("next_header", "6lowpan.next", Codes(IpProtocol::CODES)),
    row("hop_limit", "", Form(HOP_LIMIT)),
    row("src", "6lowpan.src", Carried),
    row("dst", "6lowpan.dst", Carried),
];

const TRAFFIC: &[Case] = &[
    case(
        "Full|NoDscp|NoFlow",
        "ecn",
        "6lowpan.ecn",
        Codes(Ecn::CODES),
    ),
    case("Full|NoFlow", "dscp", "6lowpan.dscp", Number),
    case("Full|NoDscp", "flow_label", "6lowpan.flow", Number),
    case("NoDscp|Elided", "", "!6lowpan.dscp", Number),
    case("NoFlow|Elided", "", "!6lowpan.flow", Number),
];

const HOP_LIMIT: &[Case] = &[
    case("", "", "6lowpan.hops", Number),
    case("One|SixtyFour|TwoFiftyFive", "", "!6lowpan.hops", Number),
];

const UDP: &[Row] = &[
    row("id", "", DISPATCH),
    row("c", "6lowpan.nhc.udp.checksum", Bool),
    row("p", "6lowpan.nhc.udp.ports", Number),
    row("ports", "", Form(PORTS)),
    row("checksum", "6lowpan.udp.checksum", Number),
];

/// What is compared of the packet within stands in its LOWPAN_IPHC.
const NHC_IPV6: &[Row] = &[row("dispatch", "", DISPATCH)];

const EXT: &[Row] = &[
    row("dispatch", "", DISPATCH),
    row("id", "6lowpan.nhc.ext.eid", Codes(NhcExtId::CODES)),
    row("nh", "6lowpan.nhc.ext.nh", Bool),
    row(
        "next_header",
        "6lowpan.nhc.ext.next",
        Codes(IpProtocol::CODES),
    ),
    row("length", "6lowpan.nhc.ext.length", Number),
    row("data", "", Not("tshark shows it decompressed")),
];

const PORTS: &[Case] = &[
    case("Inline|Dst8", "src", "6lowpan.udp.src", Number),
    case("Inline|Src8", "dst", "6lowpan.udp.dst", Number),
    case("Src8", "src", "6lowpan.udp.src", Plus(0xf000)),
    case("Dst8", "dst", "6lowpan.udp.dst", Plus(0xf000)),
    case("Both4", "src", "6lowpan.udp.src", Plus(0xf0b0)),
    case("Both4", "dst", "6lowpan.udp.dst", Plus(0xf0b0)),
];

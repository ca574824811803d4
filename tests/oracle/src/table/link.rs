//! Ethernet, tags, LLC and ARP, as tshark names their fields.

use super::How::{Bool, Codes, Not, Number, Octets, Text, Whole};
use super::{Map, Row, row};
use litz_wire::rt::{Codes as _, Header as _};
use litz_wire::{ArpEthIpv4, ArpOperation, EtherType, Ethernet, Ieee8023, Llc, Sap, Vlan};

pub(super) const MAPS: &[Map] = &[
    Map::new("Ethernet", "eth", ETHERNET).at(Ethernet::FIELDS),
    Map::new("Ieee8023", "eth", IEEE8023).at(Ieee8023::FIELDS),
    Map::new("Llc", "llc", LLC).at(Llc::FIELDS),
    Map::message("Snap", "Llc", "llc", SNAP),
    Map::new("Vlan", "vlan|ieee8021ad", VLAN).at(Vlan::FIELDS),
    Map::new("Arp", "arp", ARP_ANY),
    Map::new("ArpEthIpv4", "arp", ARP).at(ArpEthIpv4::FIELDS),
];

const ETHERNET: &[Row] = &[
    row("dst_addr", "eth.dst", Text),
    row("src_addr", "eth.src", Text),
    // Up to 1500 it is the length of an IEEE 802.3 frame, which tshark calls so.
    row("ethertype", "eth.type|eth.len", Codes(EtherType::CODES)),
];

const ARP: &[Row] = &[
    row("htype", "arp.hw.type", Number),
    row("ptype", "arp.proto.type", Codes(EtherType::CODES)),
    row("hlen", "arp.hw.size", Number),
    row("plen", "arp.proto.size", Number),
    row("oper", "arp.opcode", Codes(ArpOperation::CODES)),
    row("sha", "arp.src.hw_mac", Text),
    row("spa", "arp.src.proto_ipv4", Text),
    row("tha", "arp.dst.hw_mac", Text),
    row("tpa", "arp.dst.proto_ipv4", Text),
];

/// Of a length of zero tshark shows nothing.
const ARP_ANY: &[Row] = &[
    row("htype", "arp.hw.type", Number),
    row("ptype", "arp.proto.type", Codes(EtherType::CODES)),
    row("hlen", "arp.hw.size", Number),
    row("plen", "arp.proto.size", Number),
    row("oper", "arp.opcode", Codes(ArpOperation::CODES)),
    row("sha", "?arp.src.hw|arp.src.hw_mac", Octets),
    row("spa", "?arp.src.proto|arp.src.proto_ipv4", Octets),
    row("tha", "?arp.dst.hw|arp.dst.hw_mac", Octets),
    row("tpa", "?arp.dst.proto|arp.dst.proto_ipv4", Octets),
];

const IEEE8023: &[Row] = &[
    row("dst_addr", "eth.dst", Text),
    row("src_addr", "eth.src", Text),
    // A length of zero is a type to tshark.
    row("length", "eth.len|eth.type", Number),
];

const LLC: &[Row] = &[
    row("dsap", "llc.dsap", Codes(Sap::CODES)),
    row("ssap", "llc.ssap", Codes(Sap::CODES)),
    row("control", "llc.control", Whole(1)),
    row("receive", "", Not("the second octet of a numbered frame")),
];

const SNAP: &[Row] = &[
    row("oui", "llc.oui", Number),
    // Organizations have their own numbers, under names of their own.
    row(
        "ethertype",
        "llc.type|llc.cisco_pid|llc.pid",
        Codes(EtherType::CODES),
    ),
];

const VLAN: &[Row] = &[
    row("priority", "vlan.priority|ieee8021ad.priority", Number),
    row("drop_eligible", "vlan.dei|ieee8021ad.dei", Bool),
    row("vlan_id", "vlan.id|ieee8021ad.id", Number),
    row(
        "ethertype",
        "vlan.etype|ieee8021ah.etype|vlan.len",
        Codes(EtherType::CODES),
    ),
];

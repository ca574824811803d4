//! Ethernet and ARP, as tshark names their fields.

use super::How::{Codes, Number, Text};
use super::{Map, Row, row};
use litz_wire::rt::{Codes as _, Header as _};
use litz_wire::{ArpEthIpv4, ArpOperation, EtherType, Ethernet};

pub(super) const MAPS: &[Map] = &[
    Map::new("Ethernet", "eth", ETHERNET).at(Ethernet::FIELDS),
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

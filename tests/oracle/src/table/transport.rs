//! UDP, and TCP with its options.

use super::How::{Flags, Kinds, List, Number, Units};
use super::{Map, Row, row};
use litz_wire::rt::Header as _;
use litz_wire::{Tcp, Udp};

pub(super) const MAPS: &[Map] = &[
    Map::new("Udp", "udp", UDP)
        .at(Udp::FIELDS)
        .last("our printers look at the port of the receiver only"),
    Map::new("Tcp", "tcp", TCP).at(Tcp::FIELDS),
];

const UDP: &[Row] = &[
    row("src_port", "udp.srcport", Number),
    row("dst_port", "udp.dstport", Number),
    row("length", "udp.length", Number),
    row("checksum", "udp.checksum", Number),
];

const TCP: &[Row] = &[
    row("src_port", "tcp.srcport", Number),
    row("dst_port", "tcp.dstport", Number),
    row("seq", "tcp.seq_raw", Number),
    row("ack_number", "tcp.ack_raw", Number),
    row("data_offset", "tcp.hdr_len", Units(4)),
    row(
        "flags",
        "tcp.flags",
        Flags(&[
            ("ns", "tcp.flags.ae"),
            ("cwr", "tcp.flags.cwr"),
            ("ece", "tcp.flags.ece"),
            ("urg", "tcp.flags.urg"),
            ("ack", "tcp.flags.ack"),
            ("psh", "tcp.flags.push"),
            ("rst", "tcp.flags.reset"),
            ("syn", "tcp.flags.syn"),
            ("fin", "tcp.flags.fin"),
        ]),
    ),
    row("window", "tcp.window_size_value", Number),
    row("checksum", "tcp.checksum", Number),
    row("urgent", "tcp.urgent_pointer", Number),
    row(
        "options/*",
        "tcp.option_kind",
        Kinds(
            &[
                ("End", 0),
                ("Nop", 1),
                ("Mss", 2),
                ("WindowScale", 3),
                ("SackPermitted", 4),
                ("Sack", 5),
                ("Timestamp", 8),
                ("Md5", 19),
                ("UserTimeout", 28),
                ("Authentication", 29),
                ("Multipath", 30),
                ("FastOpen", 34),
            ],
            &[],
        ),
    ),
    row("options/Mss/mss", "tcp.options.mss_val", Number),
    row(
        "options/WindowScale/shift",
        "tcp.options.wscale.shift",
        Number,
    ),
    row(
        "options/Sack/blocks",
        "tcp.options.sack_le|tcp.options.sack_re",
        List,
    ),
    row(
        "options/Timestamp/tsval",
        "tcp.options.timestamp.tsval",
        Number,
    ),
    row(
        "options/Timestamp/tsecr",
        "tcp.options.timestamp.tsecr",
        Number,
    ),
];

//! The comparison finds what differs: a value, a place, a layer too many, a field without a row.

use super::Report;
use crate::tshark::{Field, Packet, Proto};
use crate::walk::{End, Layer};

fn field(name: &str, pos: usize, size: usize, show: &str) -> Field {
    Field {
        name: name.into(),
        pos,
        size,
        show: show.into(),
        value: String::new(),
    }
}

fn packet(protos: &[(&str, Vec<Field>)]) -> Packet {
    let protos = protos.iter().map(|(name, fields)| Proto {
        name: (*name).into(),
        pos: 14,
        fields: fields.clone(),
    });
    Packet {
        number: 1,
        protos: protos.collect(),
        fault: None,
    }
}

fn udp() -> Vec<Field> {
    vec![
        field("udp.srcport", 14, 2, "53"),
        field("udp.dstport", 16, 2, "1024"),
        field("udp.length", 18, 2, "8"),
        field("udp.checksum", 20, 2, "0xbeef"),
    ]
}

fn layer(fields: &[(&'static str, &str)]) -> Layer {
    let fields = fields
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()));
    Layer {
        name: "Udp",
        fields: fields.collect(),
    }
}

fn differences(layers: &[Layer], end: &End, packet: &Packet) -> Vec<String> {
    let mut report = Report::default();
    report.compare("here", layers, end, packet);
    report.differences
}

#[test]
fn equal_packets_do_not_differ_and_are_counted() {
    let layer = layer(&[("src_port", "53"), ("length", "8"), ("checksum", "48879")]);
    let mut report = Report::default();
    report.compare("here", &[layer], &End::Data, &packet(&[("udp", udp())]));
    assert!(report.differences.is_empty(), "{:?}", report.differences);
    assert_eq!(
        (report.packets, report.layers, report.values, report.places),
        (1, 1, 3, 3)
    );
}

#[test]
fn a_value_that_differs_is_found() {
    let layer = layer(&[("src_port", "54")]);
    let found = differences(&[layer], &End::Data, &packet(&[("udp", udp())]));
    assert_eq!(
        found,
        ["here: Udp.src_port: 54, tshark shows udp.srcport = 53"]
    );
}

#[test]
fn a_place_that_differs_is_found() {
    let layer = layer(&[("src_port", "53")]);
    let moved = vec![field("udp.srcport", 16, 2, "53")];
    let found = differences(&[layer], &End::Data, &packet(&[("udp", moved)]));
    assert_eq!(found, ["here: Udp.src_port: bits 0..16, (2, 2)"]);
}

#[test]
fn a_field_without_a_row_and_one_that_tshark_does_not_show_are_found() {
    let layer = layer(&[("color", "7"), ("length", "8")]);
    let found = differences(&[layer], &End::Data, &packet(&[("udp", vec![])]));
    let expected = [
        "here: Udp.color has no row",
        "here: Udp.length: 8, tshark shows no udp.length",
    ];
    assert_eq!(found, expected);
}

#[test]
fn layers_that_one_of_the_two_does_not_see_are_found() {
    let tcp = Layer {
        name: "Tcp",
        fields: vec![],
    };
    let both = packet(&[("tcp", vec![]), ("udp", udp())]);
    let found = differences(&[tcp], &End::Data, &both);
    assert_eq!(found, ["here: Tcp is our last, tshark goes on with udp"]);
    let found = differences(&[layer(&[])], &End::Data, &packet(&[("tcp", vec![])]));
    assert_eq!(found, ["here: Udp: tshark sees tcp"]);
    let refused = End::Refused("Tcp: malformed".into());
    let both = packet(&[("udp", udp()), ("tcp", vec![])]);
    assert_eq!(
        differences(&[layer(&[])], &refused, &both),
        ["here: refused: Tcp: malformed"]
    );
}

fn compared(name: &'static str, row: (&'static str, &str), proto: &str, theirs: Field) -> usize {
    let layer = |name, fields| Layer { name, fields };
    let layers = [
        layer("Ieee802154", Vec::new()),
        layer(name, vec![(row.0, row.1.to_owned())]),
    ];
    let packet = packet(&[("wpan", Vec::new()), (proto, vec![theirs])]);
    differences(&layers, &End::Data, &packet).len()
}

#[test]
fn a_form_is_compared_by_what_its_variant_holds() {
    let hops = |ours: &str, show| {
        let theirs = field("6lowpan.hops", 20, 1, show);
        compared("Iphc", ("hop_limit", ours), "6lowpan", theirs)
    };
    assert_eq!(hops("17", "17"), 0);
    assert_eq!(hops("17", "18"), 1);
    assert_eq!(hops("SixtyFour", "64"), 1, "nothing is carried");
    assert_eq!(hops("Nothing", "64"), 1, "a variant without a case");
    let traffic = |ours: &str, name, show| {
        let theirs = field(name, 20, 1, show);
        compared("Iphc", ("traffic", ours), "6lowpan", theirs)
    };
    let elided = "Elided";
    assert_eq!(traffic(elided, "6lowpan.ecn", "0"), 0);
    assert_eq!(traffic(elided, "6lowpan.dscp", "0"), 1);
}

#[test]
fn a_carried_address_is_compared_by_its_octets() {
    let src = |ours: &str, show, value: &str| {
        let theirs = Field {
            value: value.into(),
            ..field("6lowpan.src", 20, 2, show)
        };
        compared("Iphc", ("src", ours), "6lowpan", theirs)
    };
    assert_eq!(src("0001", "fe80::ff:fe00:1", "0001"), 0);
    assert_eq!(src("0002", "fe80::ff:fe00:1", "0001"), 1);
    assert_eq!(src("LinkLocalElided", "fe80::1", ""), 0);
    assert_eq!(src("LinkLocalElided", "fe80::1", "0001"), 1);
    assert_eq!(src("2001:db8::1", "2001:db8::1", "20010d"), 0);
    assert_eq!(src("2001:db8::2", "2001:db8::1", "20010d"), 1);
}

#[test]
fn a_field_that_is_not_there_must_not_be_shown() {
    let pan = |ours: &str, name| {
        let layers = [Layer {
            name: "Ieee802154",
            fields: vec![("dst_pan", ours.to_owned())],
        }];
        let packet = packet(&[("wpan", vec![field(name, 17, 2, "0x1234")])]);
        differences(&layers, &End::Data, &packet).len()
    };
    assert_eq!(pan("0x1234", "wpan.dst_pan"), 0);
    assert_eq!(pan("-", "wpan.src_pan"), 0);
    assert_eq!(pan("-", "wpan.dst_pan"), 1);
    assert_eq!(pan("0x1234", "wpan.src_pan"), 1);
}

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

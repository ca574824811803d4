//! The comparison finds a record too many, another lifetime and other data.

use super::compare;
use crate::compare::Report;
use crate::tshark::{Field, Packet, Proto};

/// An answer without a question: an address of the root, for 60 seconds.
const MESSAGE: [u8; 27] = [
    0, 1, 0x80, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1,
];

fn differences(fields: &[(&str, &str)]) -> (usize, usize) {
    let fields = fields.iter().map(|(name, show)| Field {
        name: (*name).into(),
        pos: 0,
        size: 0,
        show: (*show).into(),
        value: String::new(),
    });
    let proto = |name: &str, fields| Proto {
        name: name.into(),
        pos: 0,
        fields,
    };
    let packet = Packet {
        number: 1,
        protos: vec![proto("udp", Vec::new()), proto("dns", fields.collect())],
        fault: None,
    };
    let mut report = Report::default();
    compare(&mut report, "here", &MESSAGE, &packet);
    (report.differences.len(), report.values)
}

const RECORD: [(&str, &str); 6] = [
    ("dns.resp.name", "<Root>"),
    ("dns.resp.type", "1"),
    ("dns.resp.class", "0x0001"),
    ("dns.resp.ttl", "60"),
    ("dns.resp.len", "4"),
    ("dns.a", "192.0.2.1"),
];

#[test]
fn equal_records_do_not_differ_and_are_counted() {
    assert_eq!(differences(&RECORD), (0, 6));
}

#[test]
fn every_value_that_differs_and_every_record_that_lacks_is_found() {
    for at in 1..RECORD.len() {
        let mut other = RECORD;
        other[at].1 = "7";
        assert_eq!(differences(&other).0, 1, "{}", other[at].0);
    }
    assert_eq!(differences(&[]).0, 1);
    assert_eq!(differences(&[RECORD, RECORD].concat()).0, 1);
}

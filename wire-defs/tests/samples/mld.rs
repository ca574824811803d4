//! Multicast listener discovery of both versions.

use crate::kit;
use litz_wire::{
    Array, GroupRecordType, Icmpv6, Mld, MldMaxResp, MldQueryV2, MldRecord, MldRecordRepr,
    MldReportV2, MldReportV2Packet, MldReportV2Repr, Nested, QueryInterval, Records,
};
use std::net::Ipv6Addr;

const GROUP: Ipv6Addr = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 0xdb8);
const SOURCE: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1);

/// Made with scapy: a query about a group and two sources.
const QUERY: &str = "
    82000000 2710 0000 ff020000000000000000000000000db8
    0a7d0002 20010db8000000000000000000000001 20010db8000000000000000000000002";

/// Made with scapy: a report with one record.
const REPORT: &str = "
    8f000000 0000 0001
    04000001 ff020000000000000000000000000db8 20010db8000000000000000000000001";

#[test]
fn queries_of_both_versions() {
    let bytes = kit::octets(QUERY);
    let message: Icmpv6 = kit::message(&bytes, 24);
    let Icmpv6::Mld(Mld::Query {
        max_resp,
        group,
        v2: Some(v2),
    }) = message
    else {
        panic!("{message:?}");
    };
    assert_eq!(
        (max_resp, max_resp.millis(), group),
        (MldMaxResp(10_000), 10_000, GROUP)
    );
    kit::header::<MldQueryV2>(&bytes[24..], 36);
    assert_eq!(
        (v2.suppress, v2.robustness, v2.interval),
        (true, 2, QueryInterval(125))
    );
    assert_eq!((v2.sources.len(), v2.sources.get(0)), (2, Some(SOURCE)));
    let v1: Mld = kit::message(&bytes[..24], 24);
    assert!(matches!(v1, Mld::Query { v2: None, .. }));
}

#[test]
fn reports_and_done_of_version_1() {
    for (kind, expected) in [
        (131, Mld::Report { group: GROUP }),
        (132, Mld::Done { group: GROUP }),
    ] {
        let mut bytes = kit::octets(QUERY)[..24].to_vec();
        bytes[0] = kind;
        bytes[4..6].fill(0);
        let message: Mld = kit::message(Box::leak(bytes.into_boxed_slice()), 24);
        assert_eq!(message, expected);
    }
}

#[test]
fn a_report_of_version_2_has_records() {
    let bytes = kit::octets(REPORT);
    let message: Icmpv6 = kit::message(&bytes, 4);
    let Icmpv6::Mld(Mld::ReportV2 { report }) = message else {
        panic!("{message:?}");
    };
    kit::header::<MldReportV2>(report.bytes(), 40);
    kit::header::<MldRecord>(&bytes[8..], 36);
    let sources = [SOURCE];
    let record = MldRecordRepr {
        record_type: GroupRecordType::ChangeToExclude,
        group: GROUP,
        sources: Array::from_values(&sources),
        aux: &[],
    };
    assert!(report.packet().unwrap().records().iter().eq([record]));
    // The same from values.
    let values = [record];
    let repr = MldReportV2Repr {
        extended: false,
        records: Records::from_values(&values),
    };
    let mut scratch = vec![0xa5; repr.buffer_len()];
    repr.emit(&mut scratch).unwrap();
    let again = Mld::ReportV2 {
        report: Nested::new(&scratch),
    };
    assert_eq!(Icmpv6::Mld(again), message);
    // More records than there are octets for.
    scratch[3] = 2;
    assert!(MldReportV2Packet::new_checked(&scratch).is_err());
}

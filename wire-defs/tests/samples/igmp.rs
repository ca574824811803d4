//! IGMP of all three versions.

use crate::kit;
use litz_wire::{
    Array, GroupRecordType, Igmp, IgmpHeader, IgmpHeaderPacket, IgmpMaxResp, IgmpQueryV3,
    IgmpRecord, IgmpRecordRepr, QueryInterval,
};
use std::net::Ipv4Addr;

const GROUP: Ipv4Addr = Ipv4Addr::new(239, 1, 2, 3);

#[test]
fn queries_of_all_versions() {
    // Made with scapy: version 2, a group.
    let bytes = kit::octets("1164 0da0 e00000fb");
    kit::header::<IgmpHeader>(&bytes, 4);
    assert!(
        IgmpHeaderPacket::new_checked(&bytes)
            .unwrap()
            .verify_checksum()
    );
    let query: Igmp = kit::message(&bytes, 8);
    let Igmp::Query {
        max_resp,
        group,
        v3: None,
    } = query
    else {
        panic!("{query:?}");
    };
    assert_eq!(
        (max_resp.tenths(), group),
        (100, Ipv4Addr::new(224, 0, 0, 251))
    );

    let v1: Igmp = kit::message(&[0x11, 0, 0xee, 0xff, 0, 0, 0, 0], 8);
    assert!(matches!(
        v1,
        Igmp::Query {
            max_resp: IgmpMaxResp(0),
            v3: None,
            ..
        }
    ));

    // Made with scapy: version 3, a group and a source.
    let bytes = kit::octets("1164 0000 ef010203 0a7d0001 c0000201");
    let query: Igmp = kit::message(&bytes, 8);
    let Igmp::Query {
        group,
        v3: Some(v3),
        ..
    } = query
    else {
        panic!("{query:?}");
    };
    assert_eq!(group, GROUP);
    kit::header::<IgmpQueryV3>(&bytes[8..], 8);
    assert_eq!(
        (v3.suppress, v3.robustness, v3.interval),
        (true, 2, QueryInterval(125))
    );
    assert!(v3.sources.iter().eq([Ipv4Addr::new(192, 0, 2, 1)]));
    // Sources that are not there.
    let short = IgmpHeaderPacket::new_checked(&bytes[..12]).unwrap();
    assert!(Igmp::parse(&short).is_err());
}

#[test]
fn reports_and_leaves() {
    let v1: Igmp = kit::message(&[0x12, 0, 0, 0, 239, 1, 2, 3], 8);
    assert_eq!(v1, Igmp::ReportV1 { group: GROUP });
    let v2: Igmp = kit::message(&[0x16, 0, 0, 0, 239, 1, 2, 3], 8);
    assert_eq!(v2, Igmp::ReportV2 { group: GROUP });
    let leave: Igmp = kit::message(&[0x17, 0, 0, 0, 239, 1, 2, 3], 8);
    assert_eq!(leave, Igmp::Leave { group: GROUP });
    let other: Igmp = kit::message(&[0x13, 5, 0, 0, 1, 2], 4);
    assert!(matches!(
        other,
        Igmp::Unknown {
            msg_type: 0x13,
            max_resp: 5,
            body: [1, 2]
        }
    ));
}

#[test]
fn a_report_of_version_3_has_records_one_after_the_other() {
    // Made with scapy, a second record with a source and four octets of auxiliary data added.
    let bytes =
        kit::octets("2200 0000 0000 0002 04000000 ef010203 01010001 ef010204 c0000201 aabbccdd");
    let report: Igmp = kit::message(&bytes, 32);
    let Igmp::ReportV3 {
        extended: false,
        records,
    } = report
    else {
        panic!("{report:?}");
    };
    kit::header::<IgmpRecord>(&bytes[8..], 8);
    kit::header::<IgmpRecord>(&bytes[16..], 16);
    let records: Vec<_> = records.iter().collect();
    let sources = [Ipv4Addr::new(192, 0, 2, 1)];
    let first = IgmpRecordRepr {
        record_type: GroupRecordType::ChangeToExclude,
        group: GROUP,
        ..IgmpRecordRepr::default()
    };
    let second = IgmpRecordRepr {
        record_type: GroupRecordType::ModeIsInclude,
        group: Ipv4Addr::new(239, 1, 2, 4),
        sources: Array::from_values(&sources),
        aux: &[0xaa, 0xbb, 0xcc, 0xdd],
    };
    assert_eq!(records, [first, second]);
    // More records than there are octets for.
    let mut many = bytes.clone();
    many[6] = 0xff;
    assert!(Igmp::parse(&IgmpHeaderPacket::new_checked(&many).unwrap()).is_err());
}

//! IGMP of all three versions.

use crate::kit;
use litz_wire::{
    GroupRecordType, Igmp, IgmpHeader, IgmpHeaderPacket, IgmpMaxResp, IgmpQueryV3,
    IgmpQueryV3Packet, IgmpRecord, IgmpRecordPacket, QueryInterval,
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
        v3: [],
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
            v3: [],
            ..
        }
    ));

    // Made with scapy: version 3, a group and a source.
    let bytes = kit::octets("1164 0000 ef010203 0a7d0001 c0000201");
    let query: Igmp = kit::message(&bytes, 8);
    let Igmp::Query { group, v3, .. } = query else {
        panic!("{query:?}");
    };
    assert_eq!(group, GROUP);
    kit::header::<IgmpQueryV3>(v3, 8);
    let v3 = IgmpQueryV3Packet::new_checked(v3).unwrap();
    assert_eq!(
        (v3.suppress(), v3.robustness(), v3.interval()),
        (true, 2, QueryInterval(125))
    );
    assert!(v3.sources().iter().eq([Ipv4Addr::new(192, 0, 2, 1)]));
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
    let report: Igmp = kit::message(&bytes, 8);
    let Igmp::ReportV3 {
        num_records: 2,
        records,
    } = report
    else {
        panic!("{report:?}");
    };
    kit::header::<IgmpRecord>(records, 8);
    let first = IgmpRecordPacket::new_checked(records).unwrap();
    assert_eq!(
        (first.record_type(), first.group()),
        (GroupRecordType::ChangeToExclude, GROUP)
    );
    let rest = &records[first.bytes().len()..];
    kit::header::<IgmpRecord>(rest, 16);
    let second = IgmpRecordPacket::new_checked(rest).unwrap();
    assert_eq!(second.record_type(), GroupRecordType::ModeIsInclude);
    assert_eq!(
        (second.sources().len(), second.aux()),
        (1, &[0xaa, 0xbb, 0xcc, 0xdd][..])
    );
}

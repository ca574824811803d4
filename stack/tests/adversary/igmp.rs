//! IGMP (RFC 1112, RFC 2236, RFC 3376), the host's side: what is reported when, and to whom.

use std::net::{IpAddr, Ipv4Addr};

use litz::iface::{DropReason, GroupSlot, SourceSlot};
use litz::socket::{FilterMode, JoinError};
use litz::time::{Deadline, Duration};
use litz::wire::{GroupRecordType, Igmp, IgmpMaxResp};
use litz::{InterfaceStorage, SocketCapacity};

use super::frames::{PEER_V4, V4};
use super::host::{CAPACITY, Host, MTU};
use super::membership::{
    ALL_SYSTEMS, Said, all_said, group, igmp_frame, query_v2, query_v3, record, records, said,
    socket, source, to_group, v4, within,
};

const SECOND: Duration = Duration::from_secs(1);
const IS_IN: GroupRecordType = GroupRecordType::ModeIsInclude;
const IS_EX: GroupRecordType = GroupRecordType::ModeIsExclude;
const TO_IN: GroupRecordType = GroupRecordType::ChangeToInclude;
const TO_EX: GroupRecordType = GroupRecordType::ChangeToExclude;
const ALLOW: GroupRecordType = GroupRecordType::AllowNewSources;
const BLOCK: GroupRecordType = GroupRecordType::BlockOldSources;

/// A host with room for memberships, and one socket.
fn host() -> (Host, litz::UdpHandle) {
    let mut host = Host::with(SocketCapacity {
        udp: 8,
        memberships: 32,
        ..CAPACITY
    });
    let socket = socket(&mut host);
    (host, socket)
}

/// A host whose socket has joined a group and has told all there is to tell.
fn member() -> (Host, litz::UdpHandle) {
    let (mut host, socket) = host();
    host.sockets.udp(socket).unwrap().join(group(1)).unwrap();
    within(&mut host, Duration::from_secs(5));
    (host, socket)
}

fn filter(host: &mut Host, socket: litz::UdpHandle, mode: FilterMode, sources: &[u8]) {
    let sources: Vec<_> = sources.iter().map(|&last| source(last)).collect();
    host.sockets
        .udp(socket)
        .unwrap()
        .set_filter(group(1), mode, &sources)
        .unwrap();
}

#[test]
fn rfc3376_5_1_a_join_is_reported_at_once_and_robustness_times() {
    let (mut host, socket) = host();
    host.sockets.udp(socket).unwrap().join(group(1)).unwrap();
    assert_eq!(host.poll_at(), Deadline::at(host.now));
    let frames = host.sent();
    assert_eq!(frames.len(), 1);
    let (dst, report) = said(&frames[0]).unwrap();
    assert_eq!(dst, IpAddr::V4(Ipv4Addr::new(224, 0, 0, 22)));
    let expected = Said::Records(vec![record(TO_EX, group(1), &[])]);
    assert_eq!(report, expected);
    // [Robustness Variable] - 1 more, within [Unsolicited Report Interval].
    assert_eq!(within(&mut host, SECOND), [expected]);
    assert_eq!(within(&mut host, Duration::from_secs(3600)), []);
    assert_eq!(host.poll_at(), Deadline::NEVER);
    assert_eq!(host.iface.groups().filter(IpAddr::is_ipv4).count(), 1);
}

#[test]
fn rfc3376_5_1_a_leave_is_reported_robustness_times_and_frees_the_slot() {
    let (mut host, socket) = member();
    host.sockets.udp(socket).unwrap().leave(group(1)).unwrap();
    let expected = Said::Records(vec![record(TO_IN, group(1), &[])]);
    assert_eq!(
        within(&mut host, Duration::from_secs(5)),
        [expected.clone(), expected]
    );
    assert_eq!(host.poll_at(), Deadline::NEVER);
    assert!(host.iface.groups().all(|group| group.is_ipv6()));
    let again = host.sockets.udp(socket).unwrap().leave(group(1));
    assert_eq!(again, Err(JoinError::NotJoined));
}

#[test]
fn rfc3376_5_1_changes_of_sources_are_reported_as_differences() {
    let (mut host, socket) = host();
    filter(&mut host, socket, FilterMode::Include, &[1, 2]);
    let (one, two, three) = (source(1), source(2), source(3));
    let first = records(within(&mut host, Duration::from_secs(5)));
    assert_eq!(first, vec![record(ALLOW, group(1), &[one, two]); 2]);
    filter(&mut host, socket, FilterMode::Include, &[2, 3]);
    let second = records(within(&mut host, Duration::from_secs(5)));
    let difference = [
        record(ALLOW, group(1), &[three]),
        record(BLOCK, group(1), &[one]),
    ];
    assert_eq!(second, [difference.clone(), difference].concat());
    // From INCLUDE (A) to EXCLUDE (B): TO_EX (B).
    filter(&mut host, socket, FilterMode::Exclude, &[1]);
    let third = records(within(&mut host, Duration::from_secs(5)));
    assert_eq!(third, vec![record(TO_EX, group(1), &[one]); 2]);
    // EXCLUDE (A) to EXCLUDE (B): ALLOW (A-B), BLOCK (B-A).
    filter(&mut host, socket, FilterMode::Exclude, &[2]);
    let fourth = records(within(&mut host, Duration::from_secs(5)));
    let difference = [
        record(ALLOW, group(1), &[one]),
        record(BLOCK, group(1), &[two]),
    ];
    assert_eq!(fourth, [difference.clone(), difference].concat());
    // EXCLUDE (A) to INCLUDE (B): TO_IN (B).
    filter(&mut host, socket, FilterMode::Include, &[3]);
    let fifth = records(within(&mut host, Duration::from_secs(5)));
    assert_eq!(fifth, vec![record(TO_IN, group(1), &[three]); 2]);
}

#[test]
fn rfc3376_5_1_a_change_during_retransmission_is_merged() {
    let (mut host, socket) = host();
    filter(&mut host, socket, FilterMode::Include, &[1]);
    assert_eq!(
        records(all_said(&host.sent())),
        [record(ALLOW, group(1), &[source(1)])]
    );
    // Before the second report another source is allowed: both are named at once.
    filter(&mut host, socket, FilterMode::Include, &[1, 2]);
    assert_eq!(
        records(all_said(&host.sent())),
        [record(ALLOW, group(1), &[source(1), source(2)])]
    );
    // The first has been named twice; the second once.
    assert_eq!(
        records(within(&mut host, Duration::from_secs(5))),
        [record(ALLOW, group(1), &[source(2)])]
    );
    // A change of mode takes over what sources were still to be named.
    filter(&mut host, socket, FilterMode::Include, &[1, 2, 3]);
    host.sent();
    filter(&mut host, socket, FilterMode::Exclude, &[]);
    assert_eq!(
        records(within(&mut host, Duration::from_secs(5))),
        vec![record(TO_EX, group(1), &[]); 2]
    );
}

#[test]
fn rfc3376_3_2_the_interface_merges_what_sockets_want() {
    let (mut host, first) = host();
    let second = host.sockets.udp_bind(5001).unwrap();
    let third = host.sockets.udp_bind(5002).unwrap();
    filter(&mut host, first, FilterMode::Exclude, &[1, 2, 3]);
    filter(&mut host, second, FilterMode::Exclude, &[2, 3, 4]);
    filter(&mut host, third, FilterMode::Include, &[4, 5, 3]);
    let said = records(within(&mut host, Duration::from_secs(5)));
    // The intersection of the excluded less the union of the included: {2, 3} less {3, 4, 5}.
    assert_eq!(said, vec![record(TO_EX, group(1), &[source(2)]); 2]);
    // With the excluding sockets gone, the union of the included.
    host.sockets.udp_release(first).unwrap();
    host.sockets.udp_release(second).unwrap();
    let said = records(within(&mut host, Duration::from_secs(5)));
    let all = [source(3), source(4), source(5)];
    assert_eq!(said, vec![record(TO_IN, group(1), &all); 2]);
    // The last reference ends the membership.
    host.sockets.udp_release(third).unwrap();
    let said = records(within(&mut host, Duration::from_secs(5)));
    assert_eq!(said, vec![record(BLOCK, group(1), &all); 2]);
}

#[test]
fn a_second_socket_in_a_group_changes_nothing_for_the_routers() {
    let (mut host, first) = member();
    let second = host.sockets.udp_bind(5001).unwrap();
    host.sockets.udp(second).unwrap().join(group(1)).unwrap();
    assert_eq!(within(&mut host, Duration::from_secs(5)), []);
    host.sockets.udp(first).unwrap().leave(group(1)).unwrap();
    assert_eq!(within(&mut host, Duration::from_secs(5)), []);
    host.sockets.udp_release(second).unwrap();
    let said = records(within(&mut host, Duration::from_secs(5)));
    assert_eq!(said, vec![record(TO_IN, group(1), &[]); 2]);
}

#[test]
fn rfc3376_6_all_systems_are_never_reported() {
    let (mut host, socket) = host();
    host.sockets.udp(socket).unwrap().join(ALL_SYSTEMS).unwrap();
    host.sockets.udp(socket).unwrap().join(group(1)).unwrap();
    let mut said = records(within(&mut host, Duration::from_secs(5)));
    host.answers(query_v3(None, &[], 10));
    said.extend(records(within(&mut host, Duration::from_secs(5))));
    host.silent(query_v3(Some(ALL_SYSTEMS), &[], 10));
    said.extend(records(within(&mut host, Duration::from_secs(5))));
    assert_eq!(said.len(), 3);
    assert!(said.iter().all(|(_, of, _)| *of == group(1)), "{said:?}");
    host.answers(query_v2(None, 10));
    assert_eq!(within(&mut host, SECOND), [Said::V2(group(1))]);
}

#[test]
fn rfc3376_5_2_a_general_query_is_answered_with_the_current_state() {
    let (mut host, socket) = member();
    let sockets = &mut host.sockets;
    sockets
        .udp(socket)
        .unwrap()
        .join_source(group(2), source(9))
        .unwrap();
    within(&mut host, Duration::from_secs(5));
    host.silent(query_v3(None, &[], 50));
    // The answer comes within the time that the query gives, not at once and not twice.
    let start = host.now;
    let answer = host.poll_at().instant().unwrap();
    assert!(answer > start && answer.duration_since(start) <= Duration::from_secs(5));
    let said = records(within(&mut host, Duration::from_secs(60)));
    let current = [
        record(IS_EX, group(1), &[]),
        record(IS_IN, group(2), &[source(9)]),
    ];
    assert_eq!(said, current);
}

#[test]
fn rfc3376_5_2_a_group_query_is_answered_for_its_group_alone() {
    let (mut host, socket) = member();
    host.sockets.udp(socket).unwrap().join(group(2)).unwrap();
    within(&mut host, Duration::from_secs(5));
    host.silent(query_v3(Some(group(2)), &[], 10));
    let said = records(within(&mut host, SECOND));
    assert_eq!(said, [record(IS_EX, group(2), &[])]);
    // Nobody listens there: not even the query comes through.
    host.dropped(
        query_v3(Some(group(3)), &[], 10),
        DropReason::GroupNotJoined,
    );
    assert_eq!(within(&mut host, SECOND), []);
}

#[test]
fn rfc3376_5_2_a_query_about_sources_is_answered_with_those_that_are_wanted() {
    let (mut host, socket) = host();
    filter(&mut host, socket, FilterMode::Include, &[1, 2, 3]);
    within(&mut host, Duration::from_secs(5));
    // Rule 5: two questions about sources are answered together.
    host.silent(query_v3(Some(group(1)), &[source(1), source(7)], 10));
    host.silent(query_v3(Some(group(1)), &[source(3)], 10));
    let said = records(within(&mut host, SECOND));
    assert_eq!(said, [record(IS_IN, group(1), &[source(1), source(3)])]);
    // None of them is wanted: silence.
    host.silent(query_v3(Some(group(1)), &[source(7)], 10));
    assert_eq!(within(&mut host, SECOND), []);
    // While excluding, those that are asked about and not excluded.
    filter(&mut host, socket, FilterMode::Exclude, &[1]);
    within(&mut host, Duration::from_secs(5));
    host.silent(query_v3(Some(group(1)), &[source(1), source(7)], 10));
    let said = records(within(&mut host, SECOND));
    assert_eq!(said, [record(IS_IN, group(1), &[source(7)])]);
    // Rule 4: a question about the group as well is answered about the group.
    host.silent(query_v3(Some(group(1)), &[source(7)], 10));
    host.silent(query_v3(Some(group(1)), &[], 10));
    let said = records(within(&mut host, SECOND));
    assert_eq!(said, [record(IS_EX, group(1), &[source(1)])]);
}

#[test]
fn a_query_about_more_sources_than_there_is_room_is_answered_about_the_group() {
    let (mut host, _) = member();
    let many: Vec<_> = (0..100).map(source).collect();
    host.silent(query_v3(Some(group(1)), &many, 10));
    let said = records(within(&mut host, SECOND));
    assert_eq!(said, [record(IS_EX, group(1), &[])]);
}

#[test]
fn smoltcp_1047_a_max_resp_code_of_zero_is_answered_at_once() {
    // Was: modulo by zero.
    let (mut host, _) = member();
    let frames = host.answers(query_v3(None, &[], 0));
    assert_eq!(records(all_said(&frames)), [record(IS_EX, group(1), &[])]);
    let frames = host.answers(query_v3(Some(group(1)), &[], 0));
    assert_eq!(records(all_said(&frames)), [record(IS_EX, group(1), &[])]);
}

#[test]
fn every_max_resp_code_is_kept() {
    let (mut host, _) = member();
    for code in 0..=u8::MAX {
        let limit = Duration::from_millis(u64::from(IgmpMaxResp(code).tenths()) * 100);
        let mut frames = host.answers(query_v3(None, &[], code));
        frames.extend(host.pass(limit).0);
        assert_eq!(all_said(&frames).len(), 1, "code {code}");
    }
}

#[test]
fn rfc3376_7_2_1_with_an_igmpv2_querier_version_2_is_spoken() {
    let (mut host, socket) = member();
    host.silent(query_v2(None, 100));
    assert_eq!(
        within(&mut host, Duration::from_secs(10)),
        [Said::V2(group(1))]
    );
    // A join is reported to the group itself; RFC 2236 §3: at once and once more within 10 s.
    host.sockets.udp(socket).unwrap().join(group(2)).unwrap();
    let frames = host.sent();
    assert_eq!(said(&frames[0]), Some((group(2), Said::V2(group(2)))));
    assert_eq!(
        within(&mut host, Duration::from_secs(10)),
        [Said::V2(group(2))]
    );
    // A leave goes to all routers.
    host.sockets.udp(socket).unwrap().leave(group(2)).unwrap();
    let frames = host.sent();
    let all_routers = IpAddr::V4(Ipv4Addr::new(224, 0, 0, 2));
    assert_eq!(said(&frames[0]), Some((all_routers, Said::Leave(group(2)))));
    assert_eq!(within(&mut host, Duration::from_secs(10)), []);
    // After 2 * 125 s + 10 s of silence it is version 3 again.
    within(&mut host, Duration::from_secs(2 * 125 + 10));
    host.silent(query_v3(None, &[], 10));
    assert_eq!(
        within(&mut host, SECOND),
        [Said::Records(vec![record(IS_EX, group(1), &[])])]
    );
}

#[test]
fn rfc3376_7_2_1_a_version_3_query_does_not_end_the_time_of_version_2() {
    let (mut host, _) = member();
    host.silent(query_v2(None, 10));
    within(&mut host, SECOND);
    host.silent(query_v3(None, &[], 10));
    assert_eq!(within(&mut host, SECOND), [Said::V2(group(1))]);
}

#[test]
fn rfc3376_7_2_1_with_an_igmpv1_querier_groups_are_not_left() {
    let (mut host, socket) = member();
    host.silent(query_v2(None, 0));
    // A code of zero stands for ten seconds.
    assert_eq!(
        within(&mut host, Duration::from_secs(10)),
        [Said::V1(group(1))]
    );
    host.sockets.udp(socket).unwrap().leave(group(1)).unwrap();
    assert_eq!(within(&mut host, Duration::from_secs(20)), []);
    assert!(host.iface.groups().all(|group| group.is_ipv6()));
}

#[test]
fn rfc2236_3_another_members_report_spares_ours_and_our_leave() {
    let (mut host, socket) = member();
    host.silent(query_v2(None, 100));
    let report = igmp_frame(
        to_group(group(1)),
        &Igmp::ReportV2 {
            group: v4(group(1)),
        },
    );
    host.silent(report);
    assert_eq!(within(&mut host, Duration::from_secs(10)), []);
    host.sockets.udp(socket).unwrap().leave(group(1)).unwrap();
    assert_eq!(within(&mut host, Duration::from_secs(10)), []);
}

#[test]
fn rfc3376_7_2_2_version_3_does_not_care_for_others_reports() {
    let (mut host, _) = member();
    host.silent(query_v3(None, &[], 50));
    host.silent(igmp_frame(
        to_group(group(1)),
        &Igmp::ReportV2 {
            group: v4(group(1)),
        },
    ));
    assert_eq!(within(&mut host, Duration::from_secs(5)).len(), 1);
}

#[test]
fn a_report_is_as_long_as_the_link_allows_and_no_longer() {
    // A hundred groups of one source each, on a link of the least MTU.
    let groups = |count: usize| {
        let slot = || GroupSlot::new(vec![SourceSlot::EMPTY; 40]);
        std::iter::repeat_with(slot).take(count).collect::<Vec<_>>()
    };
    let mut host = Host::with_storage_and(
        InterfaceStorage {
            groups: groups(120).into(),
            ..InterfaceStorage::heap(MTU)
        },
        SocketCapacity {
            memberships: 120,
            sources: 40,
            ..CAPACITY
        },
    );
    let socket = socket(&mut host);
    host.wire.caps.ip_mtu = 576;
    for last in 0..100 {
        let mut udp = host.sockets.udp(socket).unwrap();
        udp.join_source(group(last), source(last)).unwrap();
    }
    let frames = host.sent();
    assert!(frames.iter().all(|frame| frame.len() <= 14 + 576));
    assert!(frames.len() <= 3, "{}", frames.len());
    let said = records(all_said(&frames));
    assert_eq!(said.len(), 100);
    // Forty sources of a group on a link with room for ten of them: all are named, in parts.
    within(&mut host, Duration::from_secs(5));
    host.wire.caps.ip_mtu = 24 + 8 + 8 + 40;
    let many: Vec<_> = (100..140).map(source).collect();
    let mut udp = host.sockets.udp(socket).unwrap();
    udp.set_filter(group(200), FilterMode::Include, &many)
        .unwrap();
    let parts = records(all_said(&host.sent()));
    assert_eq!(parts.len(), 4, "{parts:?}");
    let mut named: Vec<_> = parts.iter().flat_map(|(_, _, s)| s.clone()).collect();
    named.sort_unstable();
    assert_eq!(named, many);
    // RFC 3376 §4.2.16: an excluding list must not be cut in parts; what does not fit is left out.
    within(&mut host, Duration::from_secs(5));
    let mut udp = host.sockets.udp(socket).unwrap();
    udp.set_filter(group(200), FilterMode::Exclude, &many)
        .unwrap();
    let parts = records(all_said(&host.sent()));
    assert_eq!(parts.len(), 1, "{parts:?}");
    assert_eq!(parts[0].2.len(), 10);
}

#[test]
fn queries_that_cannot_be_are_ignored() {
    let (mut host, _) = member();
    // RFC 3376 §7.1: of no version's length.
    let unicast = Igmp::Query {
        max_resp: IgmpMaxResp(0),
        group: PEER_V4,
        v3: None,
    };
    let mut cut = vec![0x11, 10, 0, 0, 0, 0, 0, 0, 0, 0];
    let sum = litz::wire::rt::Sum::of(&cut).finish();
    litz::wire::IgmpHeader::store_checksum(&mut cut, sum);
    let path = to_group(ALL_SYSTEMS);
    host.dropped(
        path.ip(litz::wire::IpProtocol::Igmp, &cut),
        DropReason::IcmpIgnored,
    );
    let mut wrong = query_v3(None, &[], 10);
    *wrong.last_mut().unwrap() ^= 1;
    host.dropped(wrong, DropReason::TransportChecksum);
    host.dropped(
        path.ip(litz::wire::IpProtocol::Igmp, &[0x11, 0, 0]),
        DropReason::Malformed,
    );
    // Version 1 asks about all groups, whatever stands there.
    host.silent(igmp_frame(V4.hop_limit(1), &unicast));
    assert_eq!(within(&mut host, Duration::from_secs(10)).len(), 1);
}

#[test]
fn rfc4541_2_1_1_a_query_of_a_switch_without_an_address_is_answered() {
    let (mut host, _) = member();
    let query = Igmp::Query {
        max_resp: IgmpMaxResp(10),
        group: Ipv4Addr::UNSPECIFIED,
        v3: None,
    };
    let path = to_group(ALL_SYSTEMS).from(Ipv4Addr::UNSPECIFIED);
    host.silent(igmp_frame(path, &query));
    assert_eq!(within(&mut host, SECOND), [Said::V2(group(1))]);
}

#[test]
fn a_group_without_a_slot_is_not_joined_and_counted() {
    let slot = || GroupSlot::new(vec![SourceSlot::EMPTY; 1]);
    // One goes to the group in which neighbors ask for the addresses of the host.
    let slots: Vec<_> = std::iter::repeat_with(slot).take(2).collect();
    let mut host = Host::with_storage(InterfaceStorage {
        groups: slots.into(),
        ..InterfaceStorage::heap(MTU)
    });
    let socket = socket(&mut host);
    for last in 1..=2 {
        host.sockets.udp(socket).unwrap().join(group(last)).unwrap();
    }
    let said = records(within(&mut host, Duration::from_secs(5)));
    assert_eq!(said, vec![record(TO_EX, group(1), &[]); 2]);
    assert_eq!(host.iface.groups_refused(), 1);
    // Its slot is found again as soon as the first group is left, though that has to be told.
    host.sockets.udp(socket).unwrap().leave(group(1)).unwrap();
    let said = records(within(&mut host, Duration::from_secs(5)));
    assert!(said.contains(&record(TO_EX, group(2), &[])), "{said:?}");
    // Sources that have no room are not lost: the whole group is taken.
    let mut udp = host.sockets.udp(socket).unwrap();
    let two = [source(1), source(2)];
    udp.set_filter(group(2), FilterMode::Include, &two).unwrap();
    assert_eq!(within(&mut host, Duration::from_secs(5)), []);
    udp = host.sockets.udp(socket).unwrap();
    udp.leave_source(group(2), source(1)).unwrap();
    let said = records(within(&mut host, Duration::from_secs(5)));
    assert_eq!(said, vec![record(TO_IN, group(2), &[source(2)]); 2]);
}

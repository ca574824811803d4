//! Multicast listener discovery (RFC 2710, RFC 3810), the host's side.

use std::net::{IpAddr, Ipv6Addr};

use litz::addr::solicited_node;
use litz::iface::DropReason;
use litz::time::Duration;
use litz::wire::{GroupRecordType, Mld, MldMaxResp};
use litz::{IpCidr, SocketCapacity};

use super::frames::{PEER_V6, link_local};
use super::host::{CAPACITY, Host, OWN, OWN_V6};
use super::membership::{
    ALL_NODES, Said, all_said, group6, mld_frame, mld_query_v1, mld_query_v2, record, records,
    said, socket, to_group, within,
};

const SECOND: Duration = Duration::from_secs(1);
const IS_EX: GroupRecordType = GroupRecordType::ModeIsExclude;
const IS_IN: GroupRecordType = GroupRecordType::ModeIsInclude;
const TO_EX: GroupRecordType = GroupRecordType::ChangeToExclude;
const TO_IN: GroupRecordType = GroupRecordType::ChangeToInclude;

/// Groups in which neighbors ask for the addresses of every test host.
fn solicited() -> Vec<IpAddr> {
    let mut groups = [solicited_node(OWN_V6), solicited_node(link_local(OWN))];
    groups.sort_unstable();
    let mut groups: Vec<_> = groups.into_iter().map(IpAddr::V6).collect();
    groups.dedup();
    groups
}

fn host() -> (Host, litz::UdpHandle) {
    let mut host = Host::with(SocketCapacity {
        memberships: 8,
        ..CAPACITY
    });
    let socket = socket(&mut host);
    (host, socket)
}

#[test]
fn rfc3810_6_1_a_join_and_a_leave_are_reported_twice() {
    let (mut host, socket) = host();
    host.sockets.udp(socket).unwrap().join(group6(1)).unwrap();
    let frames = host.sent();
    let (dst, report) = said(&frames[0]).unwrap();
    assert_eq!(dst, IpAddr::V6("ff02::16".parse().unwrap()));
    assert_eq!(report, Said::Records(vec![record(TO_EX, group6(1), &[])]));
    assert_eq!(within(&mut host, SECOND), [report]);
    host.sockets.udp(socket).unwrap().leave(group6(1)).unwrap();
    let said = records(within(&mut host, Duration::from_secs(3)));
    assert_eq!(said, vec![record(TO_IN, group6(1), &[]); 2]);
}

#[test]
fn rfc4291_2_8_solicited_node_groups_are_joined_and_left_with_their_addresses() {
    let (mut host, _) = host();
    let mut groups: Vec<_> = host.iface.groups().collect();
    groups.sort_unstable();
    assert_eq!(groups, solicited());
    let addr: Ipv6Addr = "2001:db8:1::99:9999".parse().unwrap();
    let group = IpAddr::V6(solicited_node(addr));
    host.iface.add_addr(IpCidr::new(addr, 64).unwrap()).unwrap();
    let said = records(within(&mut host, Duration::from_secs(3)));
    assert_eq!(said, vec![record(TO_EX, group, &[]); 2]);
    host.iface.remove_addr(addr.into(), &mut host.sockets);
    let said = records(within(&mut host, Duration::from_secs(3)));
    assert_eq!(said, vec![record(TO_IN, group, &[]); 2]);
}

#[test]
fn rfc3810_6_all_nodes_and_groups_within_the_node_are_never_reported() {
    let (mut host, socket) = host();
    for group in ["ff02::1", "ff01::1", "ff01::5", "ff00::7"] {
        let mut udp = host.sockets.udp(socket).unwrap();
        udp.join(group.parse().unwrap()).unwrap();
    }
    assert_eq!(within(&mut host, Duration::from_secs(5)), []);
    host.silent(mld_query_v2(None, &[], 1000));
    let said = records(within(&mut host, SECOND));
    let groups: Vec<_> = said.iter().map(|(_, group, _)| *group).collect();
    assert_eq!(groups.len(), solicited().len());
    host.silent(mld_query_v2(Some(ALL_NODES), &[], 1000));
    assert_eq!(within(&mut host, SECOND), []);
}

#[test]
fn rfc3810_6_2_queries_are_answered_in_their_time() {
    let (mut host, socket) = host();
    let source: IpAddr = PEER_V6.into();
    let mut udp = host.sockets.udp(socket).unwrap();
    udp.join_source(group6(1), source).unwrap();
    within(&mut host, Duration::from_secs(5));
    host.silent(mld_query_v2(None, &[], 3000));
    let mut said = records(within(&mut host, Duration::from_secs(3)));
    said.sort_by_key(|(_, group, _)| *group);
    let mut expected: Vec<_> = solicited()
        .into_iter()
        .map(|group| record(IS_EX, group, &[]))
        .collect();
    expected.push(record(IS_IN, group6(1), &[source]));
    assert_eq!(said, expected);
    host.silent(mld_query_v2(Some(group6(1)), &[source], 1000));
    let said = records(within(&mut host, SECOND));
    assert_eq!(said, [record(IS_IN, group6(1), &[source])]);
}

#[test]
fn smoltcp_1047_a_max_resp_code_of_zero_is_answered_at_once() {
    // Was: modulo by zero.
    let (mut host, socket) = host();
    host.sockets.udp(socket).unwrap().join(group6(1)).unwrap();
    within(&mut host, Duration::from_secs(5));
    let frames = host.answers(mld_query_v2(Some(group6(1)), &[], 0));
    let said = records(all_said(&frames));
    assert_eq!(said, [record(IS_EX, group6(1), &[])]);
    let frames = host.answers(mld_query_v1(None, 0));
    assert_eq!(all_said(&frames).len(), 1 + solicited().len());
}

#[test]
fn rfc3810_8_2_1_with_an_mldv1_querier_version_1_is_spoken() {
    let (mut host, socket) = host();
    host.sockets.udp(socket).unwrap().join(group6(1)).unwrap();
    within(&mut host, Duration::from_secs(5));
    host.silent(mld_query_v1(None, 10_000));
    let mut said = within(&mut host, Duration::from_secs(10));
    said.sort_by_key(|said| match said {
        Said::V2(group) => *group,
        other => panic!("{other:?}"),
    });
    let mut groups = solicited();
    groups.push(group6(1));
    let expected: Vec<_> = groups.into_iter().map(Said::V2).collect();
    assert_eq!(said, expected);
    host.sockets.udp(socket).unwrap().leave(group6(1)).unwrap();
    let frames = host.sent();
    let all_routers: IpAddr = "ff02::2".parse().unwrap();
    assert_eq!(
        super::membership::said(&frames[0]),
        Some((all_routers, Said::Leave(group6(1))))
    );
    within(&mut host, Duration::from_secs(2 * 125 + 10));
    host.silent(mld_query_v2(None, &[], 1000));
    let said = records(within(&mut host, SECOND));
    assert_eq!(said.len(), solicited().len());
}

#[test]
fn rfc3810_6_2_queries_from_afar_or_without_a_router_alert_are_ignored() {
    let (mut host, _) = host();
    let query = || Mld::Query {
        max_resp: MldMaxResp(1000),
        group: Ipv6Addr::UNSPECIFIED,
        v2: None,
    };
    let path = to_group(ALL_NODES);
    for (path, alert) in [
        (path.from(PEER_V6), true),
        (path.hop_limit(2), true),
        (path.hop_limit(255), true),
        (path, false),
    ] {
        host.dropped(mld_frame(path, query(), alert), DropReason::IcmpIgnored);
    }
    let bare = litz::wire::Icmpv6::Mld(query());
    host.dropped(path.icmpv6(&bare), DropReason::IcmpIgnored);
    assert_eq!(within(&mut host, Duration::from_secs(10)), []);
    host.silent(mld_frame(path, query(), true));
    assert!(!within(&mut host, Duration::from_secs(10)).is_empty());
}

//! Multicast data: which groups come in, and which sockets get it.

use std::net::IpAddr;

use litz::iface::DropReason;
use litz::socket::{FilterMode, JoinError};
use litz::{SocketCapacity, UdpHandle};

use super::frames::{PEER_V4, PEER_V6, V4, V6};
use super::host::{CAPACITY, Host};
use super::membership::{group, group6, source, to_group};

fn host() -> Host {
    Host::with(SocketCapacity {
        udp: 4,
        memberships: 4,
        sources: 2,
        ..CAPACITY
    })
}

/// A datagram to port 5000 of a group.
fn data(from: impl Into<IpAddr>, to: IpAddr) -> Vec<u8> {
    to_group(to).from(from).udp(9, 5000, b"data")
}

fn got(host: &mut Host, socket: UdpHandle) -> usize {
    let mut udp = host.sockets.udp(socket).unwrap();
    std::iter::from_fn(|| udp.recv().map(|_| ())).count()
}

#[test]
fn rfc1112_7_2_groups_that_nobody_has_joined_are_not_received() {
    let mut host = host();
    let socket = host.sockets.udp_bind(5000).unwrap();
    for (from, to) in [
        (IpAddr::V4(PEER_V4), group(1)),
        (IpAddr::V6(PEER_V6), group6(1)),
    ] {
        host.dropped(data(from, to), DropReason::GroupNotJoined);
        host.sockets.udp(socket).unwrap().join(to).unwrap();
        host.poll();
        host.wire.tx.clear();
        host.silent(data(from, to));
        assert_eq!(got(&mut host, socket), 1);
        host.sockets.udp(socket).unwrap().leave(to).unwrap();
        host.poll();
        host.wire.tx.clear();
        host.dropped(data(from, to), DropReason::GroupNotJoined);
    }
}

#[test]
fn smoltcp_925_a_group_reaches_each_socket_that_is_in_it_and_no_other() {
    let mut host = host();
    let member = host.sockets.udp_bind(5000).unwrap();
    let elsewhere = host.sockets.udp_bind(5001).unwrap();
    host.sockets.udp(elsewhere).unwrap().join(group(1)).unwrap();
    host.sockets.udp(member).unwrap().join(group(2)).unwrap();
    host.poll();
    host.wire.tx.clear();
    // The interface is in both groups; the socket of the port only in one.
    host.dropped(data(PEER_V4, group(1)), DropReason::PortClosed);
    host.silent(data(PEER_V4, group(2)));
    assert_eq!((got(&mut host, member), got(&mut host, elsewhere)), (1, 0));
}

#[test]
fn rfc3376_3_2_each_socket_gets_only_from_sources_that_it_wants() {
    let mut host = host();
    let socket = host.sockets.udp_bind(5000).unwrap();
    let other = host.sockets.udp_bind(5001).unwrap();
    host.sockets.udp(other).unwrap().join(group(1)).unwrap();
    let mut udp = host.sockets.udp(socket).unwrap();
    udp.join_source(group(1), source(1)).unwrap();
    host.poll();
    host.wire.tx.clear();
    let count = |host: &mut Host| {
        host.poll();
        host.wire.tx.clear();
        for last in 1..=3 {
            host.answers(data(source(last), group(1)));
        }
        got(host, socket)
    };
    assert_eq!(count(&mut host), 1);
    let mut udp = host.sockets.udp(socket).unwrap();
    udp.join_source(group(1), source(2)).unwrap();
    assert_eq!(count(&mut host), 2);
    let mut udp = host.sockets.udp(socket).unwrap();
    udp.leave_source(group(1), source(1)).unwrap();
    udp.leave_source(group(1), source(2)).unwrap();
    assert_eq!(count(&mut host), 0);
    let mut udp = host.sockets.udp(socket).unwrap();
    udp.join(group(1)).unwrap();
    udp.block_source(group(1), source(3)).unwrap();
    assert_eq!(count(&mut host), 2);
    let mut udp = host.sockets.udp(socket).unwrap();
    udp.unblock_source(group(1), source(3)).unwrap();
    assert_eq!(count(&mut host), 3);
}

#[test]
fn memberships_that_cannot_be_are_refused() {
    let mut host = host();
    let socket = host.sockets.udp_bind(5000).unwrap();
    let mut udp = host.sockets.udp(socket).unwrap();
    assert_eq!(udp.join(PEER_V4.into()), Err(JoinError::NotMulticast));
    assert_eq!(
        udp.join_source(group(1), PEER_V6.into()),
        Err(JoinError::BadSource)
    );
    assert_eq!(
        udp.join_source(group(1), group(2)),
        Err(JoinError::BadSource)
    );
    let three = [source(1), source(2), source(3)];
    assert_eq!(
        udp.set_filter(group(1), FilterMode::Include, &three),
        Err(JoinError::TooManySources)
    );
    assert_eq!(udp.leave(group(1)), Err(JoinError::NotJoined));
    assert_eq!(
        udp.block_source(group(1), source(1)),
        Err(JoinError::NotJoined)
    );
    for last in 1..=4 {
        udp.join(group(last)).unwrap();
    }
    assert_eq!(udp.join(group(5)), Err(JoinError::NoFreeSlot));
    assert_eq!(udp.join(group(4)), Ok(()), "a member already");
    assert_eq!(
        udp.join_source(group(4), source(1)),
        Err(JoinError::NotJoined),
        "all of the group is wanted"
    );
    // What a socket had is free again when it is gone.
    host.sockets.udp_release(socket).unwrap();
    let socket = host.sockets.udp_bind(5000).unwrap();
    let mut udp = host.sockets.udp(socket).unwrap();
    assert_eq!(udp.join(group(5)), Ok(()));
}

#[test]
fn groups_of_a_released_socket_do_not_pass_to_the_next() {
    let mut host = host();
    let old = host.sockets.udp_bind(5000).unwrap();
    host.sockets.udp(old).unwrap().join(group(1)).unwrap();
    host.poll();
    host.sockets.udp_release(old).unwrap();
    let new = host.sockets.udp_bind(5000).unwrap();
    host.poll();
    host.wire.tx.clear();
    host.dropped(data(PEER_V4, group(1)), DropReason::GroupNotJoined);
    assert_eq!(got(&mut host, new), 0);
    let unicast = [V4.udp(9, 5000, b"one"), V6.udp(9, 5000, b"one")];
    for frame in unicast {
        host.silent(frame);
    }
    assert_eq!(got(&mut host, new), 2);
}

#[test]
fn a_link_without_frames_has_groups_too() {
    let mut host = Host::on_ip();
    let socket = host.sockets.udp_bind(5000).unwrap();
    host.sockets.udp(socket).unwrap().join(group(1)).unwrap();
    let sent = host.sent();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0][9], 2, "IGMP");
    let datagram = to_group(group(1)).udp_datagram(9, 5000, b"data");
    let packet = to_group(group(1)).packet(litz::wire::IpProtocol::Udp, &datagram);
    host.answers(packet);
    assert_eq!(got(&mut host, socket), 1);
}

#[test]
fn rfc1112_6_1_what_a_host_sends_to_a_group_reaches_its_own_members() {
    for to in [group(1), group6(1)] {
        let mut host = host();
        let [sender, member, stranger] = [4000, 5000, 5000].map(|port| {
            let bound = host.sockets.udp_bind_shared(port);
            bound.unwrap()
        });
        host.sockets.udp(member).unwrap().join(to).unwrap();
        host.sockets.udp(sender).unwrap().join(to).unwrap();
        host.poll();
        host.wire.tx.clear();
        let mut udp = host.sockets.udp(sender).unwrap();
        udp.send((to, 5000), b"to the group").unwrap();
        assert_eq!(host.sent().len(), 1, "and to the link, once");
        let mut udp = host.sockets.udp(member).unwrap();
        let (meta, data) = udp.recv().unwrap();
        assert_eq!(data, b"to the group");
        assert_eq!((meta.local_addr, meta.remote.port), (Some(to), 4000));
        assert!(host.iface.has_addr(meta.remote.addr));
        assert_eq!(meta.received.map(|received| received.hop_limit), Some(1));
        assert_eq!((got(&mut host, stranger), got(&mut host, sender)), (0, 0));
        // A member hears itself, unless it does not want to.
        for (loops, heard) in [(true, 1), (false, 0)] {
            let mut udp = host.sockets.udp(member).unwrap();
            udp.set_multicast_loop(loops);
            udp.send((to, 5000), b"echo").unwrap();
            assert_eq!(host.sent().len(), 1);
            assert_eq!(got(&mut host, member), heard);
        }
    }
}

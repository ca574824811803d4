//! What a host tells multicast routers, read back; and what those ask it. The tests are in `igmp`,
//! `mld` and `multicast`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use litz::UdpHandle;
use litz::time::Duration;
use litz::wire::rt::{Array, Options, Sum};
use litz::wire::{
    EthernetAddress, EthernetFrame, GroupRecordType, Icmpv6, Icmpv6HeaderPacket, Igmp, IgmpHeader,
    IgmpHeaderPacket, IgmpMaxResp, IgmpQueryV3Repr, IpProtocol, Ipv4Option, Ipv4Packet,
    Ipv6HopByHopPacket, Ipv6HopByHopRepr, Ipv6Option, Ipv6Packet, Ipv6RouterAlert, Mld, MldMaxResp,
    MldQueryV2Repr, QueryInterval,
};

use super::frames::{PEER, PEER_V4, Path, V4, V6, link_local};
use super::host::Host;

/// A record of a report: kind, group, sources in order.
pub(crate) type Record = (GroupRecordType, IpAddr, Vec<IpAddr>);

/// What a host has said about groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    Records(Vec<Record>),
    V1(IpAddr),
    V2(IpAddr),
    Leave(IpAddr),
}

pub(crate) fn group(last: u8) -> IpAddr {
    Ipv4Addr::new(239, 1, 1, last).into()
}

pub(crate) fn group6(last: u16) -> IpAddr {
    Ipv6Addr::new(0xff05, 0, 0, 0, 0, 0, 1, last).into()
}

pub(crate) fn source(last: u8) -> IpAddr {
    Ipv4Addr::new(198, 51, 100, last).into()
}

/// A record.
pub(crate) fn record(kind: GroupRecordType, group: IpAddr, sources: &[IpAddr]) -> Record {
    (kind, group, sources.to_vec())
}

/// Read a frame, if it is IGMP or MLD: where it goes, and what it says. Everything that every
/// report has to have is looked at.
#[track_caller]
pub(crate) fn said(frame: &[u8]) -> Option<(IpAddr, Said)> {
    let frame = EthernetFrame::new_checked(frame).unwrap();
    let to = frame.dst_addr();
    if let Ok(packet) = Ipv4Packet::new_checked(frame.payload()) {
        if packet.next_header() != IpProtocol::Igmp {
            return None;
        }
        assert!(packet.verify_checksum(), "IP checksum");
        assert_eq!(packet.hop_limit(), 1, "RFC 3376 §4");
        assert_eq!(packet.dscp(), 48, "RFC 3376 §4: 0xc0");
        let options: Vec<_> = packet.options().iter().collect();
        assert_eq!(options, [Ok(Ipv4Option::RouterAlert { value: 0 })]);
        let dst = IpAddr::V4(packet.dst_addr());
        assert_eq!(Some(to), EthernetAddress::for_group(dst));
        return Some((dst, igmp(packet.payload())));
    }
    let packet = Ipv6Packet::new_checked(frame.payload()).ok()?;
    if packet.next_header() != IpProtocol::HopByHop {
        return None;
    }
    assert_eq!(packet.hop_limit(), 1, "RFC 3810 §5");
    let src = packet.src_addr();
    assert!(
        src.is_unicast_link_local() || src.is_unspecified(),
        "RFC 3810 §5.2.13"
    );
    let options = Ipv6HopByHopPacket::new_checked(packet.payload()).unwrap();
    let alert = Ipv6Option::RouterAlert {
        value: Ipv6RouterAlert::Mld,
    };
    assert_eq!(options.options().iter().next(), Some(Ok(alert)));
    let dst = IpAddr::V6(packet.dst_addr());
    assert_eq!(Some(to), EthernetAddress::for_group(dst));
    let icmp = Icmpv6HeaderPacket::new_checked(options.payload()).unwrap();
    let path = V6.from(packet.src_addr()).to(dst);
    assert!(icmp.verify_checksum(&path.pseudo()), "ICMPv6 checksum");
    match Icmpv6::parse(&icmp).unwrap() {
        Icmpv6::Mld(message) => Some((dst, mld(&message))),
        other => panic!("{other:?} behind options"),
    }
}

#[track_caller]
fn igmp(octets: &[u8]) -> Said {
    let packet = IgmpHeaderPacket::new_checked(octets).unwrap();
    assert!(packet.verify_checksum(), "IGMP checksum");
    match Igmp::parse(&packet).unwrap() {
        Igmp::ReportV1 { group } => Said::V1(group.into()),
        Igmp::ReportV2 { group } => Said::V2(group.into()),
        Igmp::Leave { group } => Said::Leave(group.into()),
        Igmp::ReportV3 { records, .. } => Said::Records(
            records
                .iter()
                .map(|record| {
                    let mut sources: Vec<_> = record.sources.iter().map(IpAddr::V4).collect();
                    sources.sort_unstable();
                    (record.record_type, record.group.into(), sources)
                })
                .collect(),
        ),
        other => panic!("a host does not send {other:?}"),
    }
}

#[track_caller]
fn mld(message: &Mld<'_>) -> Said {
    match message {
        Mld::Report { group } => Said::V2((*group).into()),
        Mld::Done { group } => Said::Leave((*group).into()),
        Mld::ReportV2 { report } => {
            let report = report.packet().unwrap();
            Said::Records(
                report
                    .records()
                    .iter()
                    .map(|record| {
                        let mut sources: Vec<_> = record.sources.iter().map(IpAddr::V6).collect();
                        sources.sort_unstable();
                        (record.record_type, record.group.into(), sources)
                    })
                    .collect(),
            )
        }
        Mld::Query { .. } => panic!("a host does not ask"),
    }
}

/// What the frames say of groups.
#[track_caller]
pub(crate) fn all_said(frames: &[Vec<u8>]) -> Vec<Said> {
    frames
        .iter()
        .filter_map(|frame| said(frame))
        .map(|(_, said)| said)
        .collect()
}

/// What the host says within some time.
#[track_caller]
pub(crate) fn within(host: &mut Host, time: Duration) -> Vec<Said> {
    all_said(&host.pass(time).0)
}

/// Records only, of reports of the latest version.
#[track_caller]
pub(crate) fn records(said: Vec<Said>) -> Vec<Record> {
    said.into_iter()
        .flat_map(|said| match said {
            Said::Records(records) => records,
            other => panic!("not a report of the latest version: {other:?}"),
        })
        .collect()
}

/// A UDP socket on port 5000.
pub(crate) fn socket(host: &mut Host) -> UdpHandle {
    host.sockets.udp_bind(5000).unwrap()
}

pub(crate) fn v4(addr: IpAddr) -> Ipv4Addr {
    match addr {
        IpAddr::V4(v4) => v4,
        IpAddr::V6(_) => panic!("of IPv4"),
    }
}

fn v6(addr: IpAddr) -> Ipv6Addr {
    match addr {
        IpAddr::V6(v6) => v6,
        IpAddr::V4(_) => panic!("of IPv6"),
    }
}

/// A message of IGMP, from a router to a group.
pub(crate) fn igmp_frame(path: Path, message: &Igmp<'_>) -> Vec<u8> {
    let mut octets = vec![0; message.buffer_len()];
    message.emit(&mut octets).unwrap();
    let sum = Sum::of(&octets).finish();
    IgmpHeader::store_checksum(&mut octets, sum);
    path.ip(IpProtocol::Igmp, &octets)
}

/// From the peer, as a router, to a group.
pub(crate) fn to_group(dst: IpAddr) -> Path {
    let path = if dst.is_ipv4() {
        V4.from(PEER_V4)
    } else {
        V6.from(link_local(PEER))
    };
    path.to(dst)
        .to_station(EthernetAddress::for_group(dst).unwrap())
        .hop_limit(1)
}

pub(crate) const ALL_SYSTEMS: IpAddr = IpAddr::V4(Ipv4Addr::new(224, 0, 0, 1));
pub(crate) const ALL_NODES: IpAddr = IpAddr::V6(Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 1));

/// A query of IGMPv3, about all groups or one, or sources in it; the code is the largest delay.
pub(crate) fn query_v3(about: Option<IpAddr>, sources: &[IpAddr], code: u8) -> Vec<u8> {
    let sources: Vec<_> = sources.iter().map(|&source| v4(source)).collect();
    let group = about.map_or(Ipv4Addr::UNSPECIFIED, v4);
    let query = Igmp::Query {
        max_resp: IgmpMaxResp(code),
        group,
        v3: Some(IgmpQueryV3Repr {
            extended: false,
            suppress: false,
            robustness: 2,
            interval: QueryInterval(125),
            sources: Array::from_values(&sources),
        }),
    };
    igmp_frame(to_group(about.unwrap_or(ALL_SYSTEMS)), &query)
}

/// A query of IGMPv2, or of IGMPv1 if the code is 0.
pub(crate) fn query_v2(about: Option<IpAddr>, code: u8) -> Vec<u8> {
    let query = Igmp::Query {
        max_resp: IgmpMaxResp(code),
        group: about.map_or(Ipv4Addr::UNSPECIFIED, v4),
        v3: None,
    };
    igmp_frame(to_group(about.unwrap_or(ALL_SYSTEMS)), &query)
}

/// A message of MLD behind a router alert, if one is wanted.
pub(crate) fn mld_frame(path: Path, message: Mld<'_>, alert: bool) -> Vec<u8> {
    let message = Icmpv6::Mld(message);
    let mut octets = vec![0; message.buffer_len()];
    message.emit(&mut octets).unwrap();
    // The checksum is written on the way into a frame; its packet is taken out of that again.
    let frame = path.icmpv6_octets(octets);
    let icmp = &frame[54..];
    let alerts = [
        Ipv6Option::RouterAlert {
            value: Ipv6RouterAlert::Mld,
        },
        Ipv6Option::PadN { zeros: &[] },
    ];
    let padding = [Ipv6Option::PadN { zeros: &[0; 4] }];
    let options = Ipv6HopByHopRepr {
        next_header: IpProtocol::Icmpv6,
        options: Options::items(if alert { &alerts } else { &padding }),
        payload_len: icmp.len(),
    };
    let mut payload = vec![0; options.buffer_len()];
    options.emit(&mut payload).unwrap().copy_from_slice(icmp);
    path.ip(IpProtocol::HopByHop, &payload)
}

/// A query of MLDv2, about all groups or one, or sources in it; the code is the largest delay.
pub(crate) fn mld_query_v2(about: Option<IpAddr>, sources: &[IpAddr], code: u16) -> Vec<u8> {
    let sources: Vec<_> = sources.iter().map(|&source| v6(source)).collect();
    let query = Mld::Query {
        max_resp: MldMaxResp(code),
        group: about.map_or(Ipv6Addr::UNSPECIFIED, v6),
        v2: Some(MldQueryV2Repr {
            extended: false,
            suppress: false,
            robustness: 2,
            interval: QueryInterval(125),
            sources: Array::from_values(&sources),
        }),
    };
    mld_frame(to_group(about.unwrap_or(ALL_NODES)), query, true)
}

/// A query of MLDv1.
pub(crate) fn mld_query_v1(about: Option<IpAddr>, code: u16) -> Vec<u8> {
    let query = Mld::Query {
        max_resp: MldMaxResp(code),
        group: about.map_or(Ipv6Addr::UNSPECIFIED, v6),
        v2: None,
    };
    mld_frame(to_group(about.unwrap_or(ALL_NODES)), query, true)
}

//! DHCP for IPv4: messages, every option, overload and long options.

use crate::kit;
use litz_wire::rt::Secs32;
use litz_wire::{
    Array, DhcpHardwareAddr, DhcpMessageType, DhcpOp, DhcpOption, DhcpOptionSet, DhcpOverload,
    DhcpRawOption, DhcpStaticRouteRepr, Dhcpv4, Dhcpv4Packet, Dhcpv4Repr, ErrorKind,
    EthernetAddress, Options, RelayOption,
};
use std::net::Ipv4Addr;

const MAC: EthernetAddress = EthernetAddress([0, 0x0b, 0x82, 1, 0xfc, 0x42]);
const ROUTER: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 1);

/// Made with scapy: the fields of a discovery up to the hardware address, and its options.
const START: &str = "01010600 00003d1d 0000 8000 00000000 00000000 00000000 00000000 000b8201fc42";
const DISCOVER: &str = "350101 3d0701000b8201fc42 320400000000 370401 03062a ff";

/// Made with scapy: the options of an acknowledgment.
const ACK: &str = "
    350105 0104ffffff00 0304c0000201 0608c0000235c0000236 330400000e10 3a0400000708 3b0400000c4e
    3604c0000201 0f0b6578616d706c652e636f6d ff";

fn message(options: &[u8]) -> Vec<u8> {
    let mut bytes = kit::octets(START);
    bytes.resize(236, 0);
    bytes.extend([0x63, 0x82, 0x53, 0x63]);
    bytes.extend(options);
    bytes
}

#[test]
fn a_discovery() {
    let bytes = message(&kit::octets(DISCOVER));
    kit::open_header::<Dhcpv4>(&bytes, bytes.len());
    let dhcp = Dhcpv4Packet::new_checked(&bytes).unwrap();
    assert_eq!(
        (dhcp.op(), dhcp.xid(), dhcp.broadcast()),
        (DhcpOp::Request, 0x3d1d, true)
    );
    assert_eq!((dhcp.htype(), dhcp.hlen()), (1, 6));
    assert_eq!(dhcp.chaddr().ethernet(), Some(MAC));
    assert_eq!(DhcpHardwareAddr::from(MAC), dhcp.chaddr());
    let items: Vec<_> = dhcp.option_list().iter().map(Result::unwrap).collect();
    assert_eq!(
        items,
        [
            DhcpOption::MessageType {
                value: DhcpMessageType::Discover
            },
            DhcpOption::ClientId {
                id: &[1, 0, 0x0b, 0x82, 1, 0xfc, 0x42]
            },
            DhcpOption::RequestedIp {
                addr: Ipv4Addr::UNSPECIFIED
            },
            DhcpOption::ParameterRequestList {
                kinds: &[1, 3, 6, 42]
            },
        ]
    );
}

#[test]
fn a_message_is_written() {
    let set = DhcpOptionSet {
        message_type: Some(DhcpMessageType::Discover),
        client_id: Some(&[1, 0, 0x0b, 0x82, 1, 0xfc, 0x42]),
        requested_ip: Some(Ipv4Addr::UNSPECIFIED),
        parameter_request_list: Some(&[1, 3, 6, 42]),
        ..DhcpOptionSet::default()
    };
    let mut scratch = [0xa5; 64];
    let repr = Dhcpv4Repr {
        op: DhcpOp::Request,
        htype: 1,
        hlen: 6,
        xid: 0x3d1d,
        broadcast: true,
        chaddr: MAC.into(),
        options: set.encode(&mut scratch).unwrap(),
        ..Dhcpv4Repr::default()
    };
    let mut buf = vec![0xa5; repr.buffer_len()];
    assert!(repr.emit(&mut buf).unwrap().is_empty());
    assert_eq!(buf, message(&kit::octets(DISCOVER)));
    assert!(set.encode(&mut [0; 24]).is_err(), "no room for the end");
    // The same from options one by one.
    let items = [
        DhcpOption::MessageType {
            value: DhcpMessageType::Discover,
        },
        DhcpOption::End,
    ];
    let short = Dhcpv4Repr {
        options: Options::items(&items),
        ..repr
    };
    let mut buf = vec![0xa5; short.buffer_len()];
    short.emit(&mut buf).unwrap();
    assert_eq!(buf[240..], [53, 1, 1, 255]);
}

#[test]
fn an_acknowledgment_folds_into_a_set() {
    let bytes = kit::octets(ACK);
    let set = DhcpOptionSet::from_options(&Options::raw(&bytes)).unwrap();
    let (router, servers) = (
        [ROUTER],
        [[192, 0, 2, 53], [192, 0, 2, 54]].map(Ipv4Addr::from),
    );
    assert_eq!(set.message_type, Some(DhcpMessageType::Ack));
    assert_eq!(set.subnet_mask, Some(Ipv4Addr::new(255, 255, 255, 0)));
    assert_eq!(set.router, Some(Array::from_values(&router)));
    assert_eq!(set.dns_servers, Some(Array::from_values(&servers)));
    assert_eq!(set.lease_time, Some(Secs32(3600)));
    assert_eq!(
        (set.renew_time, set.rebind_time),
        (Some(Secs32(1800)), Some(Secs32(3150)))
    );
    assert_eq!(
        (set.server_id, set.domain_name),
        (Some(ROUTER), Some(&b"example.com"[..]))
    );
    assert_eq!(set.duplicates, 0);
    // Without its type a message is none of DHCP.
    let error = DhcpOptionSet::from_options(&Options::raw(&bytes[3..])).unwrap_err();
    assert_eq!(error.at.field, "MessageType");
}

#[test]
fn the_other_options() {
    let bytes = kit::octets(
        "0c0161 1a0205dc 1c04c00002ff 2108c0000209c0000201 2a04c0000235 340103 38026e6f 39020240
         3c026162 420163 430164 5208010461626364 0200 6c0400000708 7703016100 790518c00002c0 00
         4d0155 ff",
    );
    // The sub-options of option 82: a circuit, and an empty remote end.
    let items: Vec<DhcpOption> = Options::raw(&bytes).iter().map(Result::unwrap).collect();
    let routes = [DhcpStaticRouteRepr {
        destination: Ipv4Addr::new(192, 0, 2, 9),
        router: ROUTER,
    }];
    let time = [Ipv4Addr::new(192, 0, 2, 53)];
    assert_eq!(items[0], DhcpOption::HostName { name: b"a" });
    assert_eq!(items[1], DhcpOption::InterfaceMtu { mtu: 1500 });
    assert_eq!(
        items[2],
        DhcpOption::BroadcastAddr {
            addr: Ipv4Addr::new(192, 0, 2, 255)
        }
    );
    assert_eq!(
        items[3],
        DhcpOption::StaticRoutes {
            routes: Array::from_values(&routes)
        }
    );
    assert_eq!(
        items[4],
        DhcpOption::NtpServers {
            addrs: Array::from_values(&time)
        }
    );
    assert_eq!(
        items[5],
        DhcpOption::Overload {
            fields: DhcpOverload::Both
        }
    );
    assert_eq!(items[6], DhcpOption::Message { text: b"no" });
    assert_eq!(items[7], DhcpOption::MaxMessageSize { size: 576 });
    assert_eq!(items[8], DhcpOption::VendorClass { id: b"ab" });
    assert_eq!(items[9], DhcpOption::TftpServerName { name: b"c" });
    assert_eq!(items[10], DhcpOption::BootfileName { name: b"d" });
    let DhcpOption::RelayAgent { options } = items[11] else {
        panic!("{:?}", items[11]);
    };
    let agent: Vec<RelayOption> = kit::options(options.as_bytes().unwrap());
    assert_eq!(
        agent,
        [
            RelayOption::CircuitId { id: b"abcd" },
            RelayOption::RemoteId { id: b"" }
        ]
    );
    assert_eq!(items[12], DhcpOption::Ipv6Only { time: Secs32(1800) });
    assert_eq!(items[13], DhcpOption::DomainSearch { names: b"\x01a\0" });
    assert_eq!(
        items[14],
        DhcpOption::ClasslessRoutes {
            routes: &[24, 192, 0, 2, 192]
        }
    );
    assert_eq!(
        items[15],
        DhcpOption::Unknown {
            kind: 77,
            data: b"U"
        }
    );
    assert_eq!(items.len(), 16, "padding and end are not options");
}

#[test]
fn options_overflow_into_other_fields() {
    let mut bytes = message(&[52, 1, 3, 53, 1, 2, 255]);
    bytes[108..114].copy_from_slice(&[3, 4, 192, 0, 2, 1]);
    bytes[114] = 255;
    bytes[44..48].copy_from_slice(&[12, 1, b'h', 255]);
    let list = Dhcpv4Packet::new_checked(&bytes).unwrap().option_list();
    let items: Vec<_> = list.iter().map(Result::unwrap).collect();
    assert!(matches!(items[2], DhcpOption::Router { addrs } if addrs.get(0) == Some(ROUTER)));
    assert_eq!(items[3], DhcpOption::HostName { name: b"h" });
    // Without the option the fields are names, whatever they look like.
    bytes[240..243].fill(0);
    let list = Dhcpv4Packet::new_checked(&bytes).unwrap().option_list();
    assert_eq!(list.iter().count(), 1);
    // One field alone.
    bytes[240..243].copy_from_slice(&[52, 1, 2]);
    let list = Dhcpv4Packet::new_checked(&bytes).unwrap().option_list();
    let last = list.iter().last().unwrap();
    assert_eq!(
        (list.iter().count(), last),
        (3, Ok(DhcpOption::HostName { name: b"h" }))
    );
}

#[test]
fn long_options_are_put_together() {
    // RFC 3396 §7, over the borders of fields.
    let mut bytes = message(&[52, 1, 1, 121, 2, 24, 192, 12, 1, b'x', 121, 1, 0, 255]);
    bytes[108..113].copy_from_slice(&[121, 2, 2, 9, 255]);
    let list = Dhcpv4Packet::new_checked(&bytes).unwrap().option_list();
    let mut buf = [0; 8];
    assert_eq!(list.long(121, &mut buf), Some(&[24, 192, 0, 2, 9][..]));
    assert_eq!(list.long(12, &mut buf), Some(&b"x"[..]));
    assert_eq!(list.long(99, &mut buf), None);
    assert_eq!(list.long(121, &mut [0; 4]), None, "no room");
}

#[test]
fn what_is_no_dhcp_is_refused() {
    let mut bytes = message(&[255]);
    bytes[2] = 17;
    assert_eq!(
        Dhcpv4Packet::new_checked(&bytes).unwrap_err().kind,
        ErrorKind::Malformed
    );
    bytes[2] = 6;
    bytes[236] = 0;
    assert_eq!(
        Dhcpv4Packet::new_checked(&bytes).unwrap_err().at.field,
        "magic"
    );
    for bad in ["3304000e", "0300", "0303c00002", "350201", "1a01ff", "34"] {
        let bytes = kit::octets(bad);
        assert!(
            Options::<DhcpOption>::raw(&bytes)
                .iter()
                .next()
                .unwrap()
                .is_err(),
            "{bad}"
        );
    }
    kit::zero_lengths::<DhcpOption>(0..=255);
    kit::zero_lengths::<DhcpRawOption>(0..=255);
    kit::zero_lengths::<RelayOption>(0..=255);
}

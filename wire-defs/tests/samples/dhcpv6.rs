//! DHCPv6: messages, relayed messages and every declared option.

use crate::kit;
use litz_wire::rt::Secs32;
use litz_wire::*;
use std::net::Ipv6Addr;

const ADDR: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 5);
const ADDR_HEX: &str = "20010db8000000000000000000000005";

#[test]
fn a_solicitation() {
    // Made with scapy.
    let bytes = kit::octets(
        "01 10bea5 0001 000a 0003 0001 000102030405 0006 0004 0017 0018 0008 0002 0000
         0003 000c 00000001 00000e10 00001518 000e 0000",
    );
    let repr = kit::composed::<Dhcpv6>(&bytes, 4);
    assert_eq!(repr.msg_type, Dhcpv6MessageType::Solicit);
    assert_eq!(repr.transaction_id, 0x10bea5);
    let items: Vec<Dhcpv6Option> = kit::options(repr.options.as_bytes().unwrap());
    let [
        Dhcpv6Option::ClientId { duid },
        Dhcpv6Option::OptionRequest { kinds },
        Dhcpv6Option::ElapsedTime { time: 0 },
        Dhcpv6Option::IaNa {
            iaid: 1,
            t1: Secs32(3600),
            t2: Secs32(5400),
            options,
        },
        Dhcpv6Option::RapidCommit,
    ] = items[..]
    else {
        panic!("{items:?}");
    };
    assert_eq!(kinds.iter().collect::<Vec<u16>>(), [23, 24]);
    assert_eq!(options.iter().count(), 0);
    let duid = DuidLinkLayerPacket::new_checked(duid).unwrap();
    assert_eq!(
        (duid.link_type(), duid.addr()),
        (1, &[0, 1, 2, 3, 4, 5][..])
    );
}

#[test]
fn a_reply_with_addresses_and_prefixes() {
    // The prefix has no options of its own.
    let bytes = kit::octets(&format!(
        "0003 0032 00000001 00000e10 00001518
           0005 0022 {ADDR_HEX} 00001c20 00002328 000d 0006 0000 676f6f64
         0019 0029 00000002 00000e10 00001518
           001a 0019 00001c20 00002328 38 20010db8000100000000000000000000"
    ));
    let items: Vec<Dhcpv6Option> = kit::options(&bytes);
    let [
        Dhcpv6Option::IaNa { options: na, .. },
        Dhcpv6Option::IaPd { options: pd, .. },
    ] = items[..]
    else {
        panic!("{items:?}");
    };
    let na: Vec<Dhcpv6IaOption> = kit::options(na.as_bytes().unwrap());
    let [
        Dhcpv6IaOption::IaAddr {
            addr,
            preferred,
            valid,
            options,
        },
    ] = na[..]
    else {
        panic!("{na:?}");
    };
    assert_eq!((addr, preferred, valid), (ADDR, Secs32(7200), Secs32(9000)));
    let status: Vec<Dhcpv6StatusOption> = kit::options(options.as_bytes().unwrap());
    assert_eq!(
        status,
        [Dhcpv6StatusOption::Status {
            code: Dhcpv6Status::Success,
            text: b"good"
        }]
    );
    let pd: Vec<Dhcpv6IaOption> = kit::options(pd.as_bytes().unwrap());
    assert!(matches!(
        pd[..],
        [Dhcpv6IaOption::IaPrefix { prefix_len: 56, .. }]
    ));
}

/// Every option that the other samples have not.
fn others() -> Vec<u8> {
    kit::octets(&format!(
        "0002 000e 0001 0001 28000000 000102030405
         0004 0004 00000007
         0007 0001 ff
         000b 000d 02 01 00 0000000000000001 abcd
         000c 0010 {ADDR_HEX}
         000d 0004 0002 6e6f
         000f 0003 0001 61
         0010 0007 00000009 0001 62
         0011 0009 00000009 0001 0001 63
         0012 0004 65746830
         0013 0001 05
         0014 0000
         0017 0020 {ADDR_HEX} {ADDR_HEX}
         0018 000d 076578616d706c65 036f7267 00
         001f 0010 {ADDR_HEX}
         0020 0004 00015180
         0027 0006 01 04 68 6f 73 74
         0038 0028 0001 0010 {ADDR_HEX} 0002 0010 {ADDR_HEX}
         004f 0008 0001 000102030405
         0052 0004 00000e10
         0053 0004 00000e10
         0070 0001 78"
    ))
}

#[test]
fn every_other_option() {
    let bytes = others();
    let items: Vec<Dhcpv6Option> = kit::options(&bytes);
    assert_eq!(items.len(), 22);
    assert_eq!(items[2], Dhcpv6Option::Preference { value: 255 });
    assert_eq!(
        items[3],
        Dhcpv6Option::Auth {
            protocol: 2,
            algorithm: 1,
            rdm: 0,
            replay_detection: 1,
            information: &[0xab, 0xcd],
        }
    );
    assert_eq!(items[4], Dhcpv6Option::ServerUnicast { addr: ADDR });
    assert_eq!(
        items[5],
        Dhcpv6Option::Status {
            code: Dhcpv6Status::NoAddrsAvail,
            text: b"no"
        }
    );
    assert_eq!(
        items[10],
        Dhcpv6Option::ReconfigureMessage {
            msg_type: Dhcpv6MessageType::Renew
        }
    );
    let Dhcpv6Option::DnsServers { addrs } = items[12] else {
        panic!("{:?}", items[12]);
    };
    assert_eq!(addrs.iter().collect::<Vec<_>>(), [ADDR, ADDR]);
    assert_eq!(
        items[16],
        Dhcpv6Option::ClientFqdn {
            no_update: false,
            overridden: false,
            server_updates: true,
            name: b"\x04host",
        }
    );
}

#[test]
fn options_within_options() {
    let bytes = others();
    let items: Vec<Dhcpv6Option> = kit::options(&bytes);
    let Dhcpv6Option::NtpServer { options } = items[17] else {
        panic!("{:?}", items[17]);
    };
    let servers: Vec<Dhcpv6NtpOption> = kit::options(options.as_bytes().unwrap());
    assert_eq!(
        servers,
        [
            Dhcpv6NtpOption::Server { addr: ADDR },
            Dhcpv6NtpOption::Multicast { group: ADDR },
        ]
    );
    assert_eq!(
        items[21],
        Dhcpv6Option::Unknown {
            kind: 112,
            data: b"x"
        }
    );
    let Dhcpv6Option::ServerId { duid } = items[0] else {
        panic!("{:?}", items[0]);
    };
    let duid = DuidLinkLayerTimePacket::new_checked(duid).unwrap();
    assert_eq!((duid.time(), duid.addr().len()), (0x2800_0000, 6));
}

#[test]
fn a_relayed_message() {
    let bytes = kit::octets(&format!(
        "0c 01 {ADDR_HEX} fe800000000000000000000000000001 0012 0002 6c30 0009 0004 01 000001"
    ));
    let repr = kit::composed::<Dhcpv6Relay>(&bytes, 34);
    assert_eq!(
        (repr.reply, repr.hop_count, repr.link_addr),
        (false, 1, ADDR)
    );
    let items: Vec<Dhcpv6Option> = kit::options(repr.options.as_bytes().unwrap());
    let [
        Dhcpv6Option::InterfaceId { id: b"l0" },
        Dhcpv6Option::RelayMessage { message },
    ] = items[..]
    else {
        panic!("{items:?}");
    };
    let inner = Dhcpv6Packet::new_checked(message).unwrap();
    assert_eq!(inner.msg_type(), Dhcpv6MessageType::Solicit);
    // Each format refuses the other.
    let error = Dhcpv6Packet::new_checked(&bytes).unwrap_err();
    assert_eq!(
        (error.kind, error.at.header),
        (ErrorKind::Malformed, "Dhcpv6")
    );
    let mut other = bytes;
    other[0] = 1;
    assert!(Dhcpv6RelayPacket::new_checked(&other).is_err());
}

#[test]
fn a_prefix_longer_than_an_address_is_refused() {
    let bytes = kit::octets(&format!("001a 0019 00001c20 00002328 81 {ADDR_HEX}"));
    let first = Options::<Dhcpv6IaOption>::raw(&bytes).iter().next();
    assert!(first.is_some_and(|item| item.is_err()));
}

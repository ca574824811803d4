//! Neighbor discovery: router advertisements with every option, redirects, registrations.

use crate::kit;
use litz_wire::rt::{Millis32, Secs16, Secs32};
use litz_wire::{
    Array, DuplicateConfirmation, DuplicateRequest, Eui64, Icmpv6, Icmpv6HeaderPacket, Ndisc,
    NdiscOption, NdiscOptionSet, Options, PseudoV6, RegistrationStatus, RoutePreference,
};
use std::net::Ipv6Addr;

/// Made with scapy.
const ADVERT: &str = "
    8600 38c3 40 78 0708 00007530 000003e8
    0101 020000000001
    0501 0000 00000578
    0304 40c0 00015180 00003840 00000000 20010db8000000000000000000000000
    1803 30 08 00000258 20010db8000100000000000000000000
    1903 0000 00000258 20010db8000000000000000000000053
    1f03 0000 00000258 076578616d706c6503636f6d00000000
    2503 68747470733a2f2f612e6578616d706c650000000000
    2602 0258 0064ff9b0000000000000000";

/// Made with scapy: a redirect that quotes an empty packet.
const REDIRECT: &str = "
    8900 0000 00000000 fe800000000000000000000000000001 20010db8000000000000000000000009
    0406 000000000000
    60000000 0000 3b40 20010db8000000000000000000000001 20010db8000000000000000000000009";

fn ip(text: &str) -> Ipv6Addr {
    text.parse().unwrap()
}

#[test]
fn a_router_advertises() {
    let bytes = kit::octets(ADVERT);
    let pseudo = PseudoV6 {
        src_addr: ip("fe80::1"),
        dst_addr: ip("ff02::1"),
    };
    assert!(
        Icmpv6HeaderPacket::new_checked(&bytes)
            .unwrap()
            .verify_checksum(&pseudo)
    );
    let Icmpv6::Ndisc(Ndisc::RouterAdvert {
        hop_limit: 64,
        managed: false,
        other: true,
        home_agent: true,
        preference: RoutePreference::Low,
        proxy: false,
        router_lifetime: Secs16(1800),
        reachable_time: Millis32(30_000),
        retrans_time: Millis32(1000),
        options,
    }) = kit::message(&bytes, 16)
    else {
        panic!("no router advertisement");
    };
    let items: Vec<NdiscOption> = kit::options(options.as_bytes().unwrap());
    let servers = [ip("2001:db8::53")];
    let expected = [
        NdiscOption::SourceLinkLayer {
            addr: &[2, 0, 0, 0, 0, 1],
        },
        NdiscOption::Mtu { mtu: 1400 },
        NdiscOption::Prefix {
            prefix_len: 64,
            on_link: true,
            autonomous: true,
            router_addr: false,
            valid_lifetime: Secs32(86_400),
            preferred_lifetime: Secs32(14_400),
            prefix: ip("2001:db8::"),
        },
        NdiscOption::RouteInfo {
            prefix_len: 48,
            preference: RoutePreference::High,
            lifetime: Secs32(600),
            prefix: &ip("2001:db8:1::").octets(),
        },
        NdiscOption::Rdnss {
            lifetime: Secs32(600),
            servers: Array::from_values(&servers),
        },
        NdiscOption::Dnssl {
            lifetime: Secs32(600),
            domains: b"\x07example\x03com\0\0\0\0",
        },
        NdiscOption::CaptivePortal {
            uri: b"https://a.example\0\0\0\0\0",
        },
        NdiscOption::Nat64Prefix {
            lifetime: 600,
            prefix_len_code: 0,
            prefix: [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0],
        },
    ];
    assert_eq!(items, expected);
}

#[test]
fn a_redirect_quotes_the_packet() {
    let bytes = kit::octets(REDIRECT);
    let Icmpv6::Ndisc(Ndisc::Redirect {
        target_addr,
        dest_addr,
        options,
    }) = kit::message(&bytes, 40)
    else {
        panic!("no redirect");
    };
    assert_eq!((target_addr, dest_addr), (ip("fe80::1"), ip("2001:db8::9")));
    let items: Vec<NdiscOption> = kit::options(options.as_bytes().unwrap());
    let [NdiscOption::Redirected { packet }] = items[..] else {
        panic!("{items:?}");
    };
    assert_eq!(packet.packet().unwrap().dst_addr(), dest_addr);
}

#[test]
fn solicitations_and_advertisements_of_neighbors() {
    let solicit = kit::octets("8500 0000 00000000 0101 020000000001");
    let message: Ndisc = kit::message(&solicit, 8);
    assert!(matches!(message, Ndisc::RouterSolicit { options } if options.iter().count() == 1));
    // Made with scapy.
    let advert =
        kit::octets("8800 0000 60000000 fe800000000000000000000000000002 0201 020000000002");
    let message: Ndisc = kit::message(&advert, 24);
    let Ndisc::NeighborAdvert {
        router: false,
        solicited: true,
        override_: true,
        target_addr,
        options,
    } = message
    else {
        panic!("{message:?}");
    };
    assert_eq!(target_addr, ip("fe80::2"));
    let items: Vec<NdiscOption> = kit::options(options.as_bytes().unwrap());
    assert_eq!(
        items,
        [NdiscOption::TargetLinkLayer {
            addr: &[2, 0, 0, 0, 0, 2]
        }]
    );
}

#[test]
fn options_of_low_power_networks() {
    // By hand: RFC 6775 §4.1 (short), RFC 8505 §4.1 (extended), RFC 6775 §4.2 and §4.3, a nonce as
    // in a capture of duplicate address detection.
    let bytes = kit::octets(
        "2102 00 000000 003c 0200000000000001
         2102 01 ab 03 07 0010 0200000000000001
         2202 40 12 0000 0064 20010db800000000
         2303 0001 0002 0000 20010db8000000000000000000000001
         0e01 6069604c0aaa",
    );
    let items: Vec<NdiscOption> = kit::options(&bytes);
    let owner = &[2, 0, 0, 0, 0, 0, 0, 1];
    let short = NdiscOption::AddressRegistration {
        status: RegistrationStatus::Success,
        opaque: 0,
        info: 0,
        inject: false,
        with_id: false,
        transaction_id: 0,
        lifetime_minutes: 60,
        owner,
    };
    let extended = NdiscOption::AddressRegistration {
        status: RegistrationStatus::Duplicate,
        opaque: 0xab,
        info: 0,
        inject: true,
        with_id: true,
        transaction_id: 7,
        lifetime_minutes: 16,
        owner,
    };
    let context = NdiscOption::LowpanContext {
        prefix_len: 64,
        compress: true,
        context_id: 2,
        lifetime_minutes: 100,
        prefix: &[0x20, 1, 0xd, 0xb8, 0, 0, 0, 0],
    };
    let border = NdiscOption::BorderRouter {
        version_low: 1,
        version_high: 2,
        lifetime_minutes: 0,
        addr: ip("2001:db8::1"),
    };
    let nonce = NdiscOption::Nonce {
        nonce: &[0x60, 0x69, 0x60, 0x4c, 0x0a, 0xaa],
    };
    assert_eq!(items, [short, extended, context, border, nonce]);
    let set = NdiscOptionSet::from_options(&Options::raw(&bytes)).unwrap();
    assert_eq!(set.nonce, Some(&[0x60, 0x69, 0x60, 0x4c, 0x0a, 0xaa][..]));
    assert_eq!(set.duplicates, 1, "the second registration");
}

#[test]
fn prefixes_that_are_longer_than_their_octets_are_malformed() {
    for bad in [
        "1801 01 00 00000258",
        "1802 41 00 00000258 20010db800000000",
        "2202 41 12 0000 0064 20010db800000000",
        "1803 81 00 00000258 20010db8000100000000000000000000",
    ] {
        let bytes = kit::octets(bad);
        assert!(
            Options::<NdiscOption>::raw(&bytes)
                .iter()
                .next()
                .unwrap()
                .is_err(),
            "{bad}"
        );
    }
    let default: Vec<NdiscOption> = kit::options(&[24, 1, 0, 0, 0, 0, 2, 88]);
    assert!(matches!(
        default[0],
        NdiscOption::RouteInfo {
            prefix_len: 0,
            prefix: [],
            ..
        }
    ));
    kit::zero_lengths::<NdiscOption>(0..=255);
}

#[test]
fn routers_ask_the_border_router_about_duplicates() {
    // By hand: RFC 6775 §4.4 without a number, RFC 8505 §4.4 with one and 64 or 256 bits.
    let addr = ip("2001:db8::9");
    let plain =
        kit::octets("9d00 0000 00 00 000a 0200000000000001 20010db8000000000000000000000009");
    let Icmpv6::DuplicateRequest(asked) = kit::message(&plain, 32) else {
        panic!("no request");
    };
    let owner = Eui64([2, 0, 0, 0, 0, 0, 0, 1]);
    let wanted = DuplicateRequest::Plain {
        lifetime_minutes: 10,
        owner,
        addr,
    };
    assert_eq!(asked, wanted);
    let told =
        kit::octets("9e01 0000 01 07 000a 0200000000000001 20010db8000000000000000000000009");
    let Icmpv6::DuplicateConfirmation(said) = kit::message(&told, 32) else {
        panic!("no confirmation");
    };
    let wanted = DuplicateConfirmation::Of64 {
        status: RegistrationStatus::Duplicate,
        transaction_id: 7,
        lifetime_minutes: 10,
        owner: owner.0,
        addr,
    };
    assert_eq!(said, wanted);
    let long = kit::octets(
        "9d04 0000 00 f0 0001
         000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f
         20010db8000000000000000000000009",
    );
    let Icmpv6::DuplicateRequest(asked) = kit::message(&long, 56) else {
        panic!("no request");
    };
    let wanted = DuplicateRequest::Of256 {
        transaction_id: 240,
        lifetime_minutes: 1,
        owner: std::array::from_fn(|at| at as u8),
        addr,
    };
    assert_eq!(asked, wanted);
    // Codes beyond those, and a message that ends within the address.
    let mut beyond = plain.clone();
    beyond[1] = 5;
    for wrong in [&beyond[..], &plain[..plain.len() - 1]] {
        let header = Icmpv6HeaderPacket::new_checked(wrong).unwrap();
        assert!(Icmpv6::parse(&header).is_err(), "{wrong:02x?}");
    }
}

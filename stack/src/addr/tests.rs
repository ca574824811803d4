//! Tests of addresses as builds keep them: the same answers from both ways.

macro_rules! keeps_addresses {
    ($module:ident) => {
        mod $module {
            use core::net::Ipv6Addr;

            use crate::addr::$module::*;

            fn ip(addr: &str) -> Ip {
                v6(addr.parse().unwrap())
            }

            fn net(cidr: &str) -> Net {
                kept_net(cidr.parse().unwrap()).unwrap()
            }

            #[test]
            fn an_address_of_ipv6_comes_back_as_it_was() {
                for addr in [
                    "::",
                    "::1",
                    "fe80::1",
                    "2001:db8:1:2:3:4:5:6",
                    "ff02::1:ff12:3456",
                ] {
                    let addr: Ipv6Addr = addr.parse().unwrap();
                    assert_eq!(full(v6(addr)), addr);
                    assert_eq!(kept(addr.into()), v6(addr));
                }
                let cidr = "2001:db8::7/61".parse().unwrap();
                assert_eq!(kept_net(cidr).map(full_net), Some(cidr));
            }

            #[test]
            fn prefixes_are_compared_bit_by_bit() {
                let base = "2001:db8:8000::";
                let common = |other: &str| common_prefix(&ip(base), &ip(other));
                assert_eq!(common("2001:db8::"), 32);
                assert_eq!(common("a001:db8:8000::"), 0);
                assert_eq!(common("2001:db8:8000::1"), 127);
                assert_eq!(common(base), 128);
                assert!(covers(&net("2001:db8:8000::1/127"), &ip("2001:db8:8000::")));
                assert!(!covers(
                    &net("2001:db8:8000::1/128"),
                    &ip("2001:db8:8000::")
                ));
                assert!(covers(&net("2001:db8:8000::/33"), &ip("2001:db8:ffff::")));
                assert!(!covers(&net("2001:db8:8000::/33"), &ip("2001:db8:7fff::")));
                assert!(covers(&net("::/0"), &ip("ffff::")));
            }

            #[test]
            fn addresses_are_told_apart_by_what_they_are_for() {
                for (addr, host, internal) in [
                    ("::", false, false),
                    ("::1", true, true),
                    ("::2", true, false),
                    ("ff02::1", false, false),
                    ("fe80::1", true, false),
                    ("::ffff:192.0.2.1", true, true),
                    ("::fffe:192.0.2.1", true, false),
                    ("1::ffff:192.0.2.1", true, false),
                    ("0:1::1", true, false),
                ] {
                    assert_eq!(is_host(&ip(addr)), host, "{addr}");
                    assert_eq!(is_internal(&ip(addr)), internal, "{addr}");
                }
            }

            #[test]
            fn rfc4291_the_group_of_an_address_has_its_last_24_bits() {
                let own = ip("2001:db8::4433:2211");
                assert!(asks_for(&ip("ff02::1:ff33:2211"), &own));
                for other in [
                    "ff02::1:ff33:2212",
                    "ff02::1:ff34:2211",
                    "ff02::1:fe33:2211",
                    "ff02::2:ff33:2211",
                    "ff01::1:ff33:2211",
                ] {
                    assert!(!asks_for(&ip(other), &own), "{other}");
                }
            }
        }
    };
}

keeps_addresses!(kept);
keeps_addresses!(words);

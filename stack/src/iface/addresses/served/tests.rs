//! Tests of prefixes that are answered for.

use std::vec;

use super::*;

fn served(prefixes: &[(&str, PrefixRole)]) -> Served<'static> {
    let mut served = Served::new(vec![ServedSlot::EMPTY; 4].into());
    for (network, role) in prefixes {
        let network = network.parse().unwrap();
        assert!(served.set(ServedPrefix {
            network,
            role: *role
        }));
    }
    served
}

fn addr(text: &str) -> IpAddr {
    text.parse().unwrap()
}

#[test]
fn the_longest_prefix_decides() {
    let served = served(&[
        ("10.0.0.0/8", PrefixRole::Routed),
        ("10.1.0.0/16", PrefixRole::OnLink),
        ("10.1.2.0/24", PrefixRole::Proxy),
    ]);
    assert_eq!(served.role(addr("10.9.9.9")), Some(PrefixRole::Routed));
    assert_eq!(served.role(addr("10.1.9.9")), Some(PrefixRole::OnLink));
    assert_eq!(served.role(addr("10.1.2.9")), Some(PrefixRole::Proxy));
    assert_eq!(served.role(addr("11.1.2.9")), None);
    assert!(served.takes(addr("10.1.9.9")) && !served.takes(addr("10.1.2.9")));
}

#[test]
fn everything_means_every_host_and_nothing_else() {
    let served = served(&[
        ("0.0.0.0/0", PrefixRole::Routed),
        ("::/0", PrefixRole::Routed),
    ]);
    for host in ["1.1.1.1", "192.168.255.255", "2001:db8::1", "fd00::1"] {
        assert!(served.takes(addr(host)), "{host}");
    }
    for nobody in [
        "0.0.0.0",
        "127.0.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "ff02::1",
        "fe80::1",
    ] {
        assert!(!served.takes(addr(nobody)), "{nobody}");
    }
}

#[test]
fn neighbors_ask_in_the_groups_of_the_addresses() {
    let long = served(&[("2001:db8::ab:cd00/120", PrefixRole::OnLink)]);
    assert!(long.solicits("ff02::1:ffab:cd17".parse().unwrap()));
    assert!(!long.solicits("ff02::1:ffab:ce17".parse().unwrap()));
    let short = served(&[("2001:db8::/64", PrefixRole::Proxy)]);
    assert!(short.solicits("ff02::1:ff12:3456".parse().unwrap()));
    assert!(!short.solicits("ff02::2".parse().unwrap()));
    let quiet = served(&[("2001:db8::/64", PrefixRole::Routed)]);
    assert!(!quiet.solicits("ff02::1:ff12:3456".parse().unwrap()));
}

#[test]
fn a_prefix_is_changed_removed_and_refused_when_there_is_no_room() {
    let mut few = Served::new(vec![ServedSlot::EMPTY; 1].into());
    let prefix = |role| ServedPrefix {
        network: "10.0.0.0/8".parse().unwrap(),
        role,
    };
    assert!(few.set(prefix(PrefixRole::Routed)) && few.set(prefix(PrefixRole::OnLink)));
    assert_eq!(few.role(addr("10.0.0.1")), Some(PrefixRole::OnLink));
    let other = ServedPrefix {
        network: "11.0.0.0/8".parse().unwrap(),
        role: PrefixRole::Routed,
    };
    assert!(!few.set(other));
    assert!(few.remove(prefix(PrefixRole::Routed).network).is_some());
    assert_eq!(few.role(addr("10.0.0.1")), None);
}

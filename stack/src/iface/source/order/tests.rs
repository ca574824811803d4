//! The examples of RFC 6724 §10.2, and what they leave out.

use super::super::DEFAULT_POLICY;
use super::*;

use std::vec::Vec;

/// A destination and the source that §10.2 chooses for it.
fn destination(addr: &str, source: &str) -> Destination {
    let source: Option<IpAddr> = source.parse().ok();
    Destination {
        addr: addr.parse().unwrap(),
        source: source.map(|source| Candidate::new(mapped(source), 64)),
        encapsulated: false,
    }
}

fn ordered(mut destinations: Vec<Destination>) -> Vec<IpAddr> {
    order(&mut destinations, &DEFAULT_POLICY);
    destinations.iter().map(|one| one.addr).collect()
}

/// Each pair of destinations with their sources; the first is better, in whichever order they come.
#[test]
fn rfc6724_10_2_examples() {
    let pairs = [
        // Prefer matching scope.
        (
            ("2001:db8:1::1", "2001:db8:1::2"),
            ("198.51.100.121", "169.254.13.78"),
        ),
        (
            ("198.51.100.121", "198.51.100.117"),
            ("2001:db8:1::1", "fe80::1"),
        ),
        // Prefer higher precedence.
        (("2001:db8:1::1", "2001:db8:1::2"), ("10.1.2.3", "10.1.2.4")),
        // Prefer smaller scope.
        (("fe80::1", "fe80::2"), ("2001:db8:1::1", "2001:db8:1::2")),
        // Prefer matching label.
        (
            ("2002:c633:6401::1", "2002:c633:6401::2"),
            ("2001:db8:1::1", "fe80::2"),
        ),
        (
            ("2001:db8:1::1", "2001:db8:1::2"),
            ("2002:c633:6401::1", "2002:c633:6401::2"),
        ),
    ];
    for (better, worse) in pairs {
        let better = destination(better.0, better.1);
        let worse = destination(worse.0, worse.1);
        let wanted = [better.addr, worse.addr];
        assert_eq!(ordered([better, worse].to_vec()), wanted);
        assert_eq!(ordered([worse, better].to_vec()), wanted);
    }
}

#[test]
fn rfc6724_6_rules_one_by_one() {
    let good = destination("2001:db8:1::1", "2001:db8:1::2");
    let other = Destination {
        addr: "2001:db8:1::9".parse().unwrap(),
        ..good
    };
    let source = good.source.unwrap();
    let worse = [
        // Rule 1: no source; 3: deprecated; 4: a care-of address; 7: a tunnel.
        Destination {
            source: None,
            ..other
        },
        Destination {
            source: Some(Candidate {
                deprecated: true,
                ..source
            }),
            ..other
        },
        Destination {
            source: Some(Candidate {
                mobility: Mobility::CareOf,
                ..source
            }),
            ..other
        },
        Destination {
            encapsulated: true,
            ..other
        },
    ];
    for worse in worse {
        assert_eq!(ordered([worse, good].to_vec())[0], good.addr, "{worse:?}");
    }
    // Rule 9: the longest matching prefix; rule 10: else as they were.
    let far = destination("2001:db8:2::1", "2001:db8:1::2");
    assert_eq!(ordered([far, good].to_vec())[0], good.addr);
    assert_eq!(ordered([other, good].to_vec())[0], other.addr);
}

#[test]
fn an_order_that_is_not_transitive_ends() {
    // Within a version the longer prefix counts, between versions nothing does.
    let policy = [Policy {
        precedence: 1,
        label: 1,
        ..DEFAULT_POLICY[1]
    }];
    let mut all = [
        destination("2001:db8:2::1", "2001:db8:1::2"),
        destination("198.51.100.1", "198.51.100.2"),
        destination("2001:db8:1::1", "2001:db8:1::2"),
        destination("203.0.113.1", "198.51.100.2"),
    ];
    for _ in 0..all.len() {
        all.rotate_left(1);
        let mut sorted = all;
        order(&mut sorted, &policy);
        for one in all {
            assert!(sorted.contains(&one));
        }
    }
}

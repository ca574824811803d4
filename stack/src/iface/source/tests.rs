//! Each rule of RFC 6724 §5, and the examples of its §10.1.

use super::*;
use alloc::vec::Vec;

fn ip(text: &str) -> Ipv6Addr {
    text.parse().unwrap()
}

fn candidate(addr: &str) -> Candidate {
    Candidate::new(ip(addr), 64)
}

/// Both candidates, in either order: the first has to win.
#[track_caller]
fn prefers(dst: &str, better: Candidate, worse: Candidate) {
    for order in [[better, worse], [worse, better]] {
        assert_eq!(
            select(ip(dst), order, &DEFAULT_POLICY),
            Some(better.addr),
            "{dst}"
        );
    }
}

fn among(dst: &str, addrs: &[&str]) -> Ipv6Addr {
    let candidates: Vec<_> = addrs.iter().map(|addr| candidate(addr)).collect();
    let reversed = candidates.iter().rev().copied();
    let chosen = select(ip(dst), candidates.iter().copied(), &DEFAULT_POLICY).unwrap();
    assert_eq!(
        select(ip(dst), reversed, &DEFAULT_POLICY),
        Some(chosen),
        "whatever the order"
    );
    chosen
}

#[test]
fn rfc6724_5_rule_1_the_destination_itself() {
    let deprecated = Candidate {
        deprecated: true,
        ..candidate("2001:db8::1")
    };
    prefers("2001:db8::1", deprecated, candidate("2001:db8::2"));
}

#[test]
fn rfc6724_5_rule_2_the_appropriate_scope() {
    prefers(
        "2001:db8:9::1",
        candidate("2001:db8::1"),
        candidate("fe80::1"),
    );
    prefers("fe80::9", candidate("fe80::1"), candidate("2001:db8::1"));
    prefers("ff02::1", candidate("fe80::1"), candidate("2001:db8::1"));
    prefers("ff05::1", candidate("fec0::1"), candidate("fe80::1"));
    prefers("ff05::1", candidate("fec0::1"), candidate("2001:db8::1"));
    prefers("2001:db8:9::1", candidate("fec0::1"), candidate("fe80::1"));
}

#[test]
fn rfc6724_5_rule_3_not_the_deprecated() {
    let deprecated = Candidate {
        deprecated: true,
        ..candidate("2001:db8:9::1")
    };
    prefers("2001:db8:9::9", candidate("2001:db8::1"), deprecated);
    prefers("2001:db8:9::9", deprecated, candidate("fe80::1"));
}

#[test]
fn rfc6724_5_rule_4_home_addresses() {
    let of = |addr, mobility| Candidate {
        mobility,
        ..candidate(addr)
    };
    let (far, near) = ("2001:db8::1", "2001:db8:9::1");
    prefers(
        "2001:db8:9::9",
        of(far, Mobility::Home),
        of(near, Mobility::CareOf),
    );
    prefers(
        "2001:db8:9::9",
        of(far, Mobility::HomeAndCareOf),
        of(near, Mobility::Home),
    );
    prefers(
        "2001:db8:9::9",
        of(far, Mobility::HomeAndCareOf),
        of(near, Mobility::CareOf),
    );
}

#[test]
fn rfc6724_5_rule_5_the_outgoing_interface() {
    let elsewhere = Candidate {
        outgoing: false,
        ..candidate("2001:db8:9::1")
    };
    prefers("2001:db8:9::9", candidate("2001:db8::1"), elsewhere);
}

#[test]
fn rfc6724_5_rule_5_5_a_prefix_of_the_next_hop() {
    let advertised = Candidate {
        advertised: true,
        ..candidate("2001:db8::1")
    };
    prefers("2001:db8:9::9", advertised, candidate("2001:db8:9::1"));
}

#[test]
fn rfc6724_5_rule_6_the_matching_label() {
    prefers(
        "2002:c633:6401::9",
        candidate("2002:c000:201::1"),
        candidate("2001:db8::1"),
    );
    prefers(
        "2001:db8:9::9",
        candidate("2001:db8::1"),
        candidate("2002:c000:201::1"),
    );
    prefers(
        "fd00:1::9",
        candidate("fd00:2::1"),
        candidate("2001:db8::1"),
    );
    prefers(
        "2001:db8:9::9",
        candidate("2001:db8::1"),
        candidate("fd00:2::1"),
    );
}

#[test]
fn rfc6724_5_rule_7_temporary_addresses() {
    let temporary = Candidate {
        temporary: true,
        ..candidate("2001:db8::1:1")
    };
    prefers("2001:db8::2:2", temporary, candidate("2001:db8::2:1"));
}

#[test]
fn rfc6724_5_rule_8_the_longest_matching_prefix() {
    prefers(
        "2001:db8:9::9",
        candidate("2001:db8:9::1"),
        candidate("2001:db8:1::1"),
    );
    // §2.2: no more bits count than the source's own prefix has, so the first one stays.
    let both = [
        candidate("2001:db8::1:0:0:1"),
        candidate("2001:db8::8000:0:0:1"),
    ];
    let chosen = select(ip("2001:db8::8000:0:0:9"), both, &DEFAULT_POLICY);
    assert_eq!(chosen, Some(ip("2001:db8::1:0:0:1")));
}

#[test]
fn rfc6724_10_1_examples() {
    // Destination, candidates, choice: in the order of the RFC.
    for (dst, addrs, chosen) in [
        (
            "2001:db8:1::1",
            &["2001:db8:3::1", "fe80::1"][..],
            "2001:db8:3::1",
        ),
        ("ff05::1", &["2001:db8:3::1", "fe80::1"], "2001:db8:3::1"),
        (
            "2001:db8:1::1",
            &["2001:db8:1::1", "2001:db8:2::1"],
            "2001:db8:1::1",
        ),
        ("fe80::1", &["fe80::2", "2001:db8:1::1"], "fe80::2"),
        (
            "2001:db8:1::1",
            &["2001:db8:1::2", "2001:db8:3::2"],
            "2001:db8:1::2",
        ),
        (
            "2002:c633:6401::1",
            &["2002:c633:6401::d5e3:7953:13eb:22e8", "2001:db8:1::2"],
            "2002:c633:6401::d5e3:7953:13eb:22e8",
        ),
        (
            "2001:db8:1::d5e3:0:0:1",
            &["2001:db8:1::2", "2001:db8:3::2"],
            "2001:db8:1::2",
        ),
    ] {
        assert_eq!(among(dst, addrs), ip(chosen), "{dst}");
    }
    let mobile = |addr, mobility| Candidate {
        mobility,
        ..candidate(addr)
    };
    prefers(
        "2001:db8:1::1",
        mobile("2001:db8:3::2", Mobility::Home),
        mobile("2001:db8:1::2", Mobility::CareOf),
    );
    let public = candidate("2001:db8:1::2");
    let temporary = Candidate {
        temporary: true,
        ..candidate("2001:db8:1::d5e3:7953:13eb:22e8")
    };
    prefers("2001:db8:1::d5e3:0:0:1", temporary, public);
}

#[test]
fn rfc6724_2_1_the_table_is_of_the_programmer() {
    // §10.6: another label makes hosts of one network prefer it among themselves.
    let rows = [
        Policy {
            prefix: "2001:db8:8000::/33".parse().unwrap(),
            precedence: 43,
            label: 42,
        },
        Policy {
            prefix: "::/0".parse().unwrap(),
            precedence: 40,
            label: 1,
        },
    ];
    let candidates = [candidate("2001:db8:8fff::1"), candidate("2001:db8:70ff::1")];
    let far = ip("2001:db8:8001::9");
    assert_eq!(select(far, candidates, &rows), Some(ip("2001:db8:8fff::1")));
    let far = ip("2001:db8:7fff::9");
    assert_eq!(select(far, candidates, &rows), Some(ip("2001:db8:70ff::1")));
    assert_eq!(select(far, [], &rows), None);
    assert!(select(far, candidates, &[]).is_some());
}

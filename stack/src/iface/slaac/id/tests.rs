//! Tests of interface identifiers.

use super::*;

#[test]
fn rfc7217_5_identifiers_follow_from_secret_prefix_interface_and_attempt() {
    let prefix = |n: u16| Ipv6Addr::new(0x2001, 0xdb8, 0, n, 0, 0, 0, 0);
    let id = |secret: u8, net: u16, interface: u8, attempt: u8| {
        stable_id(
            &Random::new([secret; 16]),
            prefix(net),
            [interface; 8],
            attempt,
        )
    };
    let first = id(1, 1, 1, 0);
    assert_eq!(
        first,
        id(1, 1, 1, 0),
        "the same whenever the host comes back"
    );
    for other in [
        id(2, 1, 1, 0),
        id(1, 2, 1, 0),
        id(1, 1, 2, 0),
        id(1, 1, 1, 1),
    ] {
        assert_ne!(first, other);
    }
}

#[test]
fn rfc5453_reserved_identifiers_are_no_hosts() {
    for id in [
        0,
        0x0200_5eff_fe00_5213,
        0x0200_5eff_fe00_0000,
        0xfdff_ffff_ffff_ff80,
        0xfdff_ffff_ffff_ffff,
    ] {
        assert!(is_reserved(u64::to_be_bytes(id)), "{id:x}");
    }
    for id in [
        1,
        0x0200_5eff_fdff_ffff,
        0xfdff_ffff_ffff_ff7f,
        0xfe00_0000_0000_0000,
    ] {
        assert!(!is_reserved(u64::to_be_bytes(id)), "{id:x}");
    }
}

#[test]
fn prefixes_that_leave_no_64_bits_give_no_address() {
    for (prefix, fits) in [
        ("2001:db8::/64", true),
        ("2001:db8::/63", false),
        ("2001:db8::/65", false),
    ] {
        assert_eq!(
            with_id(prefix.parse().unwrap(), [1; 8]).is_some(),
            fits,
            "{prefix}"
        );
    }
}

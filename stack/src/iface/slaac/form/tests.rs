//! Tests of lifetimes and the two-hour rule (RFC 4862 §5.5.3): what an advertisement may shorten.

use super::*;

const NOW: Instant = Instant::from_secs(1_000_000);

fn later(seconds: u64) -> Instant {
    NOW.saturating_add(Duration::from_secs(seconds))
}

fn told(preferred: u64, valid: u64) -> Lifetimes {
    Lifetimes {
        preferred: later(preferred),
        valid: later(valid),
    }
}

#[test]
fn rfc4862_5_5_3_e_two_hours_are_left_to_who_had_more() {
    // Told, left, then left.
    for (valid, left, then) in [
        (86_400, 100, 86_400),
        (7_201, 100_000, 7_201),
        (7_200, 100_000, 7_200),
        (600, 100_000, 7_200),
        (0, 100_000, 7_200),
        (600, 7_200, 7_200),
        (0, 3_600, 3_600),
        (3_601, 3_600, 3_601),
        (600, 599, 600),
    ] {
        let renewed = told(0, valid).renewed(later(left), NOW);
        assert_eq!(renewed.valid, later(then), "told {valid}, left {left}");
        assert_eq!(renewed.preferred, NOW);
    }
    let endless = Lifetimes {
        preferred: FOREVER,
        valid: FOREVER,
    };
    assert_eq!(endless.renewed(later(10), NOW), endless);
    assert_eq!(told(60, 600).renewed(FOREVER, NOW), told(60, 7_200));
}

#[test]
fn rfc8981_3_4_temporary_addresses_end_after_two_days_whatever_is_told() {
    let endless = Lifetimes {
        preferred: FOREVER,
        valid: FOREVER,
    };
    let desync = Duration::from_secs(3600);
    assert_eq!(endless.temporary(NOW, desync), told(23 * 3600, 48 * 3600));
    assert_eq!(told(60, 600).temporary(NOW, desync), told(60, 600));
}

#[test]
fn rfc8981_3_8_hosts_change_their_addresses_out_of_step() {
    let random = Random::new([3; 16]);
    let addr = |n: u16| Ipv6Cidr::host(core::net::Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, n));
    let first = desync(&random, addr(1));
    assert_eq!(first, desync(&random, addr(1)));
    assert_ne!(first, desync(&random, addr(2)));
    assert!((0..100).all(|n| desync(&random, addr(n)) < MAX_DESYNC));
}

//! Tests of what routers say of DNS.

use super::*;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;
use litz_hal::time::Duration;

const NOW: Instant = Instant::from_secs(100);

fn later(seconds: u64) -> Instant {
    NOW.saturating_add(Duration::from_secs(seconds))
}

fn names(tables: &DnsTables<'_>) -> Vec<String> {
    tables.domains().map(|(name, _)| name.to_string()).collect()
}

/// Names one behind the other, with zeros at the end.
fn list(names: &[&str]) -> Vec<u8> {
    let mut octets = Vec::new();
    for name in names {
        let mut buffer = [0; 255];
        octets.extend(DnsName::from_text(name, &mut buffer).unwrap().octets());
    }
    octets.resize(octets.len().next_multiple_of(8), 0);
    octets
}

#[test]
fn rfc8106_servers_come_are_renewed_and_go() {
    let mut tables = DnsTables::new(DnsStorage::heap());
    let server = |n: u16| Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, n);
    for n in 0..10 {
        let taken = tables.set_server(server(n), later(u64::from(n) + 10), NOW);
        assert_eq!(taken, n < 4, "who is known is not displaced");
    }
    assert_eq!(tables.expires_at(), Deadline::at(later(10)));
    assert!(tables.set_server(server(0), later(50), NOW));
    assert!(tables.set_server(server(2), NOW, NOW), "a lifetime of zero");
    tables.expire(later(11));
    let known: Vec<_> = tables.servers().map(|(addr, _)| addr).collect();
    assert_eq!(known, [server(0), server(3)]);
}

#[test]
fn rfc8106_5_2_domains_are_read_one_by_one() {
    let mut tables = DnsTables::new(DnsStorage::heap());
    assert!(tables.set_domains(&list(&["example.org", "litz.example"]), later(10), NOW));
    assert!(tables.set_domains(&list(&["EXAMPLE.org", "third.example"]), later(20), NOW));
    assert_eq!(
        names(&tables),
        ["example.org", "litz.example", "third.example"]
    );
    assert_eq!(tables.expires_at(), Deadline::at(later(10)));
    tables.expire(later(10));
    assert_eq!(names(&tables), ["example.org", "third.example"]);
    assert!(tables.set_domains(&list(&["example.org"]), NOW, NOW));
    assert_eq!(names(&tables), ["third.example"]);
}

#[test]
fn domains_that_are_none_or_too_long_are_passed_over() {
    let mut tables = DnsTables::new(DnsStorage::heap());
    for octets in [
        &[][..],
        &[0; 8],
        &[5, b'a', b'b'],
        &[0xc0, 0, 0, 0],
        &[0x40, 0, 0, 0],
        &[1, b'a', 0xc0, 0],
        &[63; 300],
    ] {
        tables.set_domains(octets, later(10), NOW);
        assert_eq!(names(&tables).len(), 0, "{octets:?}");
    }
    let long = ["x".repeat(60), "y".repeat(60)].join(".");
    assert!(!tables.set_domains(&list(&[&long]), later(10), NOW));
    let five = [
        "a.example",
        "b.example",
        "c.example",
        "d.example",
        "e.example",
    ];
    assert!(!tables.set_domains(&list(&five), later(10), NOW));
    assert_eq!(names(&tables), five[..4]);
    let mut none = DnsTables::new(DnsStorage::default());
    assert!(!none.set_domains(&list(&five), later(10), NOW));
    let short = DnsStorage {
        servers: vec![].into(),
        domains: vec![DomainSlot::new(vec![])].into(),
    };
    assert!(!DnsTables::new(short).set_domains(&list(&five), later(10), NOW));
}

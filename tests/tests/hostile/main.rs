//! Hosts on a network in virtual time, one of which means no good: a conversation goes on through
//! every attack, new clients are served within a second, and the server holds no more than it has
//! room for. And a long coming and going of connections, after which nothing is left.

mod attacker;
mod hosts;
mod raw;

use attacker::{Attack, Attacker};
use hosts::{Client, Server, Visitor};
use litz_hal::time::Duration;
use litz_tests::sim::{Net, PathConfig, Stack};

/// How long an attack lasts.
const ATTACK: Duration = Duration::from_secs(4);
/// Octets that the conversation says, and hears again.
const OCTETS: u64 = 2_000_000;

fn way() -> PathConfig {
    PathConfig {
        rate: Some(20_000_000),
        delay: Duration::from_millis(5),
        queue: 1_000_000,
        ..PathConfig::default()
    }
}

/// The attacker's way: as wide as he likes.
fn wide() -> PathConfig {
    PathConfig {
        delay: Duration::from_millis(5),
        queue: 10_000_000,
        ..PathConfig::default()
    }
}

/// One attack, from beginning to end.
fn survives(attack: Attack) {
    let mut net = Net::new(&format!("litz-hostile-{attack:?}"));
    let begin = net.now;
    let (number, port) = net.add(wide(), wide());
    let server = Server::new(number, port);
    let load = server.load.clone();
    let (number, port) = net.add(way(), way());
    let client = Client::new(number, port, 0, OCTETS, begin);
    let victim = client.progress.clone();
    let (number, port) = net.add(wide(), wide());
    let from = begin.saturating_add(Duration::from_millis(200));
    let until = from.saturating_add(ATTACK);
    let attacker = Attacker::new(number, port, attack, victim.clone(), (from, until));
    let strikes = attacker.sent.clone();
    let mut hosts: Vec<Box<dyn Stack>> =
        vec![Box::new(server), Box::new(client), Box::new(attacker)];
    // Who takes places with connections of their own may fill them: newcomers are looked at after.
    let holds = attack == Attack::TakeNothing;
    let mut newcomers = Vec::new();
    for n in 0..8_u64 {
        let wait = Duration::from_millis(500 * n + if holds { 30_000 } else { 0 });
        let (number, port) = net.add(way(), way());
        let begins = from.saturating_add(wait);
        let newcomer = Client::new(number, port, 0, 100, begins);
        newcomers.push((begins, newcomer.progress.clone()));
        hosts.push(Box::new(newcomer));
    }
    while net.since(begin) < Duration::from_secs(60) {
        if !net.step(&mut hosts) {
            break;
        }
    }
    let took = victim.finished.get();
    let took = took.unwrap_or_else(|| {
        panic!(
            "{attack:?}: the conversation stopped at {}",
            victim.heard.get()
        )
    });
    for (begins, newcomer) in &newcomers {
        let served = newcomer.finished.get();
        let served = served.unwrap_or_else(|| panic!("{attack:?}: a newcomer was not served"));
        let wait = served.duration_since(*begins);
        assert!(
            wait < Duration::from_secs(1),
            "{attack:?}: served after {wait}"
        );
    }
    assert!(
        strikes.get() >= 3_000,
        "{attack:?}: {} packets",
        strikes.get()
    );
    assert!(load.most.get() <= 64);
    println!(
        "{attack:?}: {} packets, conversation over after {}, at most {} connections",
        strikes.get(),
        took.duration_since(begin),
        load.most.get(),
    );
}

#[test]
fn forged_segments() {
    survives(Attack::Forge);
}

#[test]
fn forged_reports_of_routers() {
    survives(Attack::Report);
}

#[test]
fn land() {
    survives(Attack::Land);
}

#[test]
fn ten_thousand_syns_a_second_with_eight_places() {
    survives(Attack::Flood);
}

#[test]
fn acknowledgments_of_what_was_not_received() {
    survives(Attack::Optimistic);
}

#[test]
fn acknowledgments_octet_by_octet() {
    survives(Attack::Divide);
}

#[test]
fn data_octet_by_octet() {
    survives(Attack::Tiny);
}

#[test]
fn peers_that_take_nothing() {
    survives(Attack::TakeNothing);
}

/// Half an hour of virtual time in which visitors come and go, thousands of them, with ends of all
/// kinds: at the end the server holds nobody, and has room for as many as ever.
#[test]
fn half_an_hour_of_coming_and_going() {
    let mut net = Net::new("litz-churn");
    let begin = net.now;
    let (number, port) = net.add(wide(), wide());
    let server = Server::new(number, port);
    let load = server.load.clone();
    let mut hosts: Vec<Box<dyn Stack>> = vec![Box::new(server)];
    let until = begin.saturating_add(Duration::from_secs(30 * 60));
    let mut visits = Vec::new();
    for _ in 0..4 {
        let (number, port) = net.add(way(), way());
        let visitor = Visitor::new(number, port, begin, until);
        visits.push(visitor.visits.clone());
        hosts.push(Box::new(visitor));
    }
    // When everybody has gone and every quiet time is over, sixty come at once.
    let late = until.saturating_add(Duration::from_secs(120));
    let crowd: Vec<_> = (0..60)
        .map(|_| {
            let (number, port) = net.add(way(), way());
            let client = Client::new(number, port, 0, 1_000, late);
            let progress = client.progress.clone();
            hosts.push(Box::new(client));
            progress
        })
        .collect();
    while net.now < late && net.step(&mut hosts) {}
    assert_eq!(load.now.get(), 0, "somebody is still held");
    let all: u64 = visits.iter().map(|visits| visits.get()).sum();
    assert!(all > 30_000, "{all} visits");
    assert_eq!(load.accepted.get(), all);
    while net.since(late) < Duration::from_secs(60) && net.step(&mut hosts) {}
    assert!(crowd.iter().all(|client| client.finished.get().is_some()));
    assert_eq!(load.accepted.get(), all + 60);
    println!(
        "{all} visits, at most {} connections at once",
        load.most.get()
    );
}

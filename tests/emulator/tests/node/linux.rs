//! Linux as a host beyond the border router: its programs reach the emulated boards through a TUN
//! device in a network namespace, in real time.

use std::io::{Read, Write};
use std::net::{Ipv6Addr, Shutdown, TcpStream, UdpSocket};
use std::process::Command;
use std::time::{Duration, Instant};

use litz_hal::linux::Tun;
use litz_tests::namespace::{Namespace, inside};
use litz_tests::prerequisite;
use litz_tests::process::run;

use crate::client;
use crate::log::tell;
use crate::machine::Kind;
use crate::router::address;
use crate::world::World;

const LIMIT: Duration = Duration::from_secs(240);
const SOON: Duration = Duration::from_secs(60);
const NAME: &str = "linux::linux_reaches_the_boards_through_tun";

#[test]
fn linux_reaches_the_boards_through_tun() {
    if inside() {
        boards();
        return;
    }
    if !prerequisite::network(&["ping", "curl"]) {
        return;
    }
    let namespace = Namespace::new();
    namespace.ip(&["tuntap", "add", "dev", "tun0", "mode", "tun"]);
    namespace.ip(&["link", "set", "tun0", "mtu", "1280", "up"]);
    namespace.ip(&["addr", "add", "fd00::1/64", "dev", "tun0", "nodad"]);
    namespace.rerun(NAME, LIMIT);
}

/// Boards and router, as long as the programs of Linux run.
fn boards() {
    let kinds = [Kind::Nrf52840, Kind::Cc2538];
    let programs: Option<Vec<_>> = kinds.into_iter().map(Kind::node).collect();
    let Some(programs) = programs else {
        return;
    };
    let mut world = World::new(5, 0, &programs);
    client::wait_until_ready(&mut world);
    let tun = Tun::attach("tun0").expect("the device of the namespace");
    world.router.bridge(tun);
    let targets: Vec<(&str, Ipv6Addr)> = world
        .nodes
        .iter()
        .map(|node| (node.name, address(node.address)))
        .collect();
    let programs = std::thread::spawn(move || {
        for (name, target) in targets {
            pings(target);
            datagrams(target);
            stream(target);
            page(name, target);
        }
    });
    let (start, begin) = (Instant::now(), world.seconds());
    while !programs.is_finished() {
        let ahead = world.seconds() - begin - start.elapsed().as_secs_f64();
        if ahead > 0.0 {
            // A board that nobody asks anything waits for the clock on the wall.
            std::thread::sleep(Duration::from_micros(300));
        }
        let micros = if ahead > 0.0 { 1 } else { 500 };
        world.until(micros, |_| false);
        world.router.poll();
    }
    programs.join().expect("every program succeeded");
    world.report();
}

fn pings(target: Ipv6Addr) {
    for size in ["32", "1200"] {
        let mut ping = Command::new("ping");
        ping.args(["-6", "-c", "3", "-i", "1", "-W", "10", "-s", size]);
        let said = run(ping.arg(target.to_string()), SOON).success().text();
        assert!(said.contains(" 0% packet loss"), "{size} octets:\n{said}");
    }
}

fn datagrams(target: Ipv6Addr) {
    let socket = UdpSocket::bind("[::]:0").expect("a socket");
    socket.set_read_timeout(Some(SOON)).expect("a time limit");
    socket.connect((target, 7)).expect("a route");
    for size in (0..=1200).step_by(300) {
        let sent: Vec<u8> = (0..size).map(|at| (at * 7) as u8).collect();
        socket.send(&sent).expect("it is sent");
        let mut received = [0; 2000];
        let len = socket.recv(&mut received).expect("an answer");
        assert_eq!(received[..len], sent, "{size} octets");
    }
}

fn stream(target: Ipv6Addr) {
    let mut reader = TcpStream::connect((target, 7)).expect("a connection");
    reader.set_read_timeout(Some(SOON)).expect("a time limit");
    let mut writer = reader.try_clone().expect("a second handle");
    let sent: Vec<u8> = (0..20 * 1024).map(|at| (at * 31 / 8) as u8).collect();
    let copy = sent.clone();
    let sender = std::thread::spawn(move || {
        writer.write_all(&copy).expect("the board reads");
        writer.shutdown(Shutdown::Write).expect("a half-close");
    });
    let mut received = Vec::new();
    reader.read_to_end(&mut received).expect("an orderly end");
    sender.join().expect("the sender");
    assert!(received == sent, "{} octets", received.len());
}

fn page(name: &str, target: Ipv6Addr) {
    let mut curl = Command::new("curl");
    curl.args(["-sSg", "-m", "30", &format!("http://[{target}]/")]);
    let page = run(&mut curl, SOON).success().text();
    assert!(page.contains(&format!("litz on {name}\n")), "{page}");
    tell!("curl: {page:?}");
}

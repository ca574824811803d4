//! The examples `border_router` and `lowpan_node` beside Linux: its programs reach nodes over the
//! air of a hub, through a TAP device in a network namespace.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream, UdpSocket};
use std::time::Duration;

use litz_tests::namespace::{Namespace, TAP, inside};
use litz_tests::noise::Noise;
use litz_tests::prerequisite;
use litz_tests::process::{Running, run};
use litz_tests::workspace::example;

const SOON: Duration = Duration::from_secs(20);
const LIMIT: Duration = Duration::from_secs(120);
/// The first node; Linux is `fd01::1`.
const NODE: &str = "fd00::2";

/// The border router and two nodes; what they wrote is shown if the test panics.
struct Network {
    _running: Vec<Running>,
    namespace: Namespace,
}

fn network() -> Network {
    let namespace = Namespace::new();
    namespace.ip(&["addr", "add", "fd01::1/64", "dev", TAP, "nodad"]);
    namespace.ip(&["route", "add", "fd00::/64", "via", "fd01::2"]);
    let zep = ["--zep", "[::1]:17754"];
    let wire = ["--tap", TAP, "--ipv6", "fd01::2/64", "--prefix", "fd00::"];
    let mut router = namespace.command(example("border_router"));
    let mut running = vec![Running::start(router.args(zep).args(wire))];
    running[0].wait_for_line("ready", SOON);
    // An interface identifier of 2 is that of an EUI-64 whose number is 2 and universal bit is set.
    for number in ["2", "3"] {
        let mut node = namespace.command(example("lowpan_node"));
        let mut node = Running::start(node.args(zep).args(["--number", number]));
        node.wait_for_line("ready", SOON);
        running.push(node);
    }
    Network {
        _running: running,
        namespace,
    }
}

/// Runs `client` inside the namespace of a network; `test` is the name of the calling test.
fn with_network(test: &str, client: fn()) {
    if inside() {
        client();
    } else if prerequisite::network(&[]) {
        network().namespace.rerun(test, LIMIT);
    }
}

#[test]
fn linux_pings_nodes_behind_the_border_router() {
    if !prerequisite::network(&["ping"]) {
        return;
    }
    let network = network();
    for node in [NODE, "fd00::3"] {
        for size in ["32", "1200"] {
            let mut ping = network.namespace.command("ping");
            ping.args(["-6", "-c", "20", "-i", "0.2", "-s", size, node]);
            let said = run(&mut ping, LIMIT).success().text();
            assert!(said.contains(" 0% packet loss"), "{size} octets:\n{said}");
        }
    }
}

#[test]
fn datagrams_are_echoed_over_the_air() {
    with_network("border::datagrams_are_echoed_over_the_air", || {
        let socket = UdpSocket::bind("[::]:0").expect("a socket");
        socket.set_read_timeout(Some(SOON)).expect("a time limit");
        socket.connect((NODE, 7)).expect("a route");
        let mut noise = Noise::new(7);
        for _ in 0..100 {
            let mut sent = [0; 1000];
            noise.fill(&mut sent);
            socket.send(&sent).expect("it is sent");
            let mut received = [0; 2000];
            let len = socket.recv(&mut received).expect("an answer");
            assert_eq!(received[..len], sent);
        }
    });
}

#[test]
fn a_connection_over_the_air_echoes_100_kb() {
    with_network("border::a_connection_over_the_air_echoes_100_kb", || {
        let mut reader = TcpStream::connect((NODE, 7)).expect("a connection");
        reader.set_read_timeout(Some(SOON)).expect("a time limit");
        let mut writer = reader.try_clone().expect("a second handle");
        let mut sent = vec![0; 100_000];
        Noise::new(9).fill(&mut sent);
        let copy = sent.clone();
        let sender = std::thread::spawn(move || {
            writer.write_all(&copy).expect("the node reads");
            writer.shutdown(Shutdown::Write).expect("a half-close");
        });
        let mut received = Vec::new();
        reader.read_to_end(&mut received).expect("an orderly end");
        sender.join().expect("the sender");
        assert!(received == sent, "{} octets", received.len());
    });
}

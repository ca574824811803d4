//! Attacks with raw frames, by scapy: `attacks.py` has them. During each one a conversation of the
//! kernel's with the server goes on and newcomers are served within a second; afterwards the server
//! holds no more memory than before.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use litz_tests::namespace::{TAP, inside};
use litz_tests::noise::Noise;
use litz_tests::prerequisite;
use litz_tests::server::{IPV4, Server};

const LIMIT: Duration = Duration::from_secs(240);
const STUCK: Duration = Duration::from_secs(20);
/// Within which newcomers are served.
const SOON: Duration = Duration::from_secs(1);
/// How often an attack is repeated if they are not: others may have had the processors.
const TRIES: usize = 3;

const ATTACKS: [&str; 14] = [
    "forged_segments",
    "forged_reports",
    "land",
    "everybody",
    "option_grammar",
    "absurd_sacks",
    "greedy_acknowledgments",
    "windows_that_shrink",
    "tiny_segments",
    "urgent_nonsense",
    "strange_flags",
    "handshakes_that_are_not_finished",
    "sockets_that_take_nothing",
    "ten_thousand_syns_a_second",
];

/// A connection to the server's echo.
struct Echo {
    stream: TcpStream,
    noise: Noise,
    rounds: u64,
}

impl Echo {
    fn new() -> Self {
        let address: SocketAddr = format!("{IPV4}:7").parse().expect("an address");
        let stream = TcpStream::connect_timeout(&address, STUCK).expect("a connection");
        stream.set_read_timeout(Some(STUCK)).expect("a time limit");
        Self {
            stream,
            noise: Noise::new(7),
            rounds: 0,
        }
    }

    /// Say something and hear it again.
    fn round(&mut self) {
        let said = self.noise.octets(3_000);
        self.stream.write_all(&said).expect("it goes on");
        let mut heard = vec![0; said.len()];
        self.stream.read_exact(&mut heard).expect("it goes on");
        assert!(heard == said, "other octets");
        self.rounds += 1;
    }
}

fn attacker(name: &str, victim: u16) -> Child {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interop_hostile");
    Command::new("python3")
        .arg(folder.join("attacks.py"))
        .args([TAP, name, &victim.to_string()])
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3")
}

/// One attack, to its end; how long the slowest newcomer was waiting.
fn attacked(name: &str, conversation: &mut Echo) -> Duration {
    let port = conversation.stream.local_addr().expect("a port").port();
    let mut child = attacker(name, port);
    let before = conversation.rounds;
    let mut slowest = Duration::ZERO;
    while child.try_wait().expect("a child").is_none() {
        conversation.round();
        let begin = Instant::now();
        Echo::new().round();
        slowest = slowest.max(begin.elapsed());
        std::thread::sleep(Duration::from_millis(20));
    }
    let mut said = String::new();
    let output = child.stdout.take();
    output
        .expect("a pipe")
        .read_to_string(&mut said)
        .expect("text");
    assert!(said.contains(&format!("ok {name}")), "{name}: {said}");
    conversation.round();
    let rounds = conversation.rounds - before;
    println!(
        "{}, {rounds} rounds, the slowest newcomer after {slowest:?}",
        said.trim()
    );
    slowest
}

#[test]
fn a_conversation_and_newcomers_survive_every_attack() {
    if inside() {
        let mut conversation = Echo::new();
        for name in ATTACKS {
            let served = (0..TRIES).any(|_| attacked(name, &mut conversation) < SOON);
            assert!(served, "newcomers wait during {name}");
        }
        return;
    }
    if !prerequisite::network(&["python3"]) || !prerequisite::python_module("scapy") {
        return;
    }
    let server = Server::start_with(&["--connections", "512", "--backlog", "8"]);
    let name = "attacks::a_conversation_and_newcomers_survive_every_attack";
    let before = server.running().resident_memory();
    server.namespace.rerun(name, LIMIT);
    let after = server.running().resident_memory();
    println!("{before} octets before, {after} after");
    // Buffers become resident when they are used for the first time: no more than there are.
    let buffers = 512 * 2 * 256 * 1024;
    assert!(
        after <= before + buffers / 4,
        "{before} octets have become {after}"
    );
}

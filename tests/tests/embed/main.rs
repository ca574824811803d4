//! What the README's chapter "Embed it" shows is compiled and run here, and the same in both
//! places. With `LITZ_BLESS=1` in the environment it is written into the README instead.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    reason = "a test in real time"
)]

mod driver;
mod host;
mod task;

use std::collections::VecDeque;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant as Clock};

use driver::{Controller, Driver};
use host::Board;
use litz::time::{Deadline, Instant};
use litz::wire::EthernetAddress;
use litz::{Interface, InterfaceStorage, IpCidr, Link, SocketCapacity, SocketSet};
use litz_tests::workspace::root;
use task::Interrupt;

/// The host that is shown; the one that asks has the next address.
const SERVER: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));

/// Frames that are on their way.
type Queue = Arc<Mutex<VecDeque<Vec<u8>>>>;

/// One end of a cable; what it sends interrupts the other.
struct End {
    from: Queue,
    to: Queue,
    interrupt: Option<&'static Interrupt>,
}

/// Both ends of a cable, the second of which interrupts the first.
fn cable(interrupt: Option<&'static Interrupt>) -> (Driver<End>, Driver<End>) {
    let (there, back) = (Queue::default(), Queue::default());
    let end = |from: &Queue, to: &Queue, interrupt| Driver {
        controller: End {
            from: from.clone(),
            to: to.clone(),
            interrupt,
        },
        received: [0; 1514],
    };
    (end(&there, &back, None), end(&back, &there, interrupt))
}

impl Controller for End {
    fn fetch(&mut self, frame: &mut [u8; 1514]) -> Option<usize> {
        let next = self.from.lock().expect("a queue").pop_front()?;
        frame.get_mut(..next.len())?.copy_from_slice(&next);
        Some(next.len())
    }

    fn has_room(&mut self) -> bool {
        self.to.lock().expect("a queue").len() < 32
    }

    fn send(&mut self, frame: &[u8]) {
        self.to.lock().expect("a queue").push_back(frame.to_vec());
        if let Some(interrupt) = self.interrupt {
            interrupt.signal(());
        }
    }
}

/// A board whose clock is the one on the wall, and which wakes every millisecond.
struct Wall(Clock);

impl Board for Wall {
    fn now(&mut self) -> Instant {
        Instant::from_micros(i64::try_from(self.0.elapsed().as_micros()).expect("a short test"))
    }

    fn sleep(&mut self, _: Deadline) {
        std::thread::sleep(Duration::from_millis(1));
    }

    fn secret(&mut self) -> [u8; 16] {
        [7; 16]
    }
}

/// Pings the host at the other end and has datagrams echoed.
fn ask(mut device: Driver<End>) {
    let mut board = Wall(Clock::now());
    let link = Link::Ethernet(EthernetAddress([2, 0, 0, 0, 0, 2]));
    let storage = InterfaceStorage::heap(1500);
    let mut interface = Interface::new(link, [9; 16], storage).expect("an interface");
    let own = IpCidr::new([192, 0, 2, 2], 24).expect("an address");
    interface.add_addr(own).expect("room");
    let mut sockets = SocketSet::heap([9; 16], &SocketCapacity::default());
    let ping = sockets.icmp_bind(1).expect("a socket");
    let udp = sockets.udp_bind(0).expect("a socket");
    let mut socket = sockets.icmp(ping).expect("our socket");
    socket.send_echo(SERVER, 1, b"there?").expect("room");
    for length in [0, 1, 500, 1472] {
        let datagram = vec![length as u8; length];
        let mut socket = sockets.udp(udp).expect("our socket");
        socket.send((SERVER, 7), &datagram).expect("room");
        let begin = Clock::now();
        loop {
            while interface.poll(board.now(), &mut device, &mut sockets).more {}
            let mut socket = sockets.udp(udp).expect("our socket");
            if let Some((_, echo)) = socket.recv() {
                assert_eq!(echo, datagram);
                break;
            }
            assert!(begin.elapsed() < Duration::from_secs(20), "{length} octets");
            board.sleep(Deadline::NEVER);
        }
    }
    let mut socket = sockets.icmp(ping).expect("our socket");
    assert!(socket.recv().is_some(), "the ping was answered before");
}

#[test]
fn the_host_and_the_driver_that_are_shown_answer() {
    let (server, client) = cable(None);
    std::thread::spawn(move || host::serve(server, &mut Wall(Clock::now())));
    ask(client);
}

#[test]
fn the_task_of_embassy_that_is_shown_answers() {
    static INTERRUPT: Interrupt = Interrupt::new();
    let (mut server, client) = cable(Some(&INTERRUPT));
    std::thread::spawn(move || {
        let link = Link::Ethernet(EthernetAddress([2, 0, 0, 0, 0, 1]));
        let storage = InterfaceStorage::heap(1500);
        let mut interface = Interface::new(link, [7; 16], storage).expect("an interface");
        let own = IpCidr::new([192, 0, 2, 1], 24).expect("an address");
        interface.add_addr(own).expect("room");
        let mut sockets = SocketSet::heap([7; 16], &SocketCapacity::default());
        let echo = sockets.udp_bind(7).expect("a socket");
        let serve = |sockets: &mut SocketSet<'_>| {
            let mut socket = sockets.udp(echo).expect("our socket");
            while let Some((meta, datagram)) = socket.recv() {
                let copy = datagram.to_vec();
                socket.send(meta, &copy).expect("room");
            }
        };
        let run = task::drive(&mut server, &mut interface, &mut sockets, &INTERRUPT, serve);
        embassy_futures::block_on(run)
    });
    ask(client);
}

/// The lines between the marks of a source.
fn shown(path: &str) -> String {
    let source = std::fs::read_to_string(root().join(path)).expect("the source");
    let lines = source
        .lines()
        .skip_while(|line| !line.contains("// README: "));
    let lines = lines
        .skip(1)
        .take_while(|line| !line.contains("// README: end"));
    let lines = lines.map(|line| line.replace("pub(crate) ", ""));
    lines.fold(String::new(), |all, line| all + &line + "\n")
}

#[test]
fn the_readme_shows_what_is_compiled() {
    let path = root().join("README.md");
    let mut readme = std::fs::read_to_string(&path).expect("README.md");
    for (name, source) in [
        ("host", "tests/tests/embed/host.rs"),
        ("driver", "tests/tests/embed/driver.rs"),
        ("node", "firmware/common/src/node.rs"),
        ("task", "tests/tests/embed/task.rs"),
    ] {
        let mark = format!("<!-- {name}: {source} -->\n```rust\n");
        let begin = readme.find(&mark).expect(name) + mark.len();
        let rest = readme.get(begin..).expect("what follows");
        let end = begin + rest.find("```").expect("the end of the block");
        let wanted = shown(source);
        assert!(!wanted.is_empty(), "{source} shows nothing");
        if readme.get(begin..end) == Some(wanted.as_str()) {
            continue;
        }
        assert!(
            std::env::var("LITZ_BLESS").is_ok_and(|value| value == "1"),
            "{name} is stale in README.md (LITZ_BLESS=1 mends it); it should say:\n{wanted}"
        );
        readme.replace_range(begin..end, &wanted);
    }
    std::fs::write(&path, readme).expect("README.md can be written");
}

//! A network of any number of hosts in virtual time. Hosts are of any stack: each has a [`Port`]
//! with a queue of IP packets in each direction, and a [`Stack`] that is polled. Each packet passes
//! the sender's way up and the receiver's way down; what can happen on a way is in [`path`].
//!
//! Everything follows from seeds. The packets of the last moments are kept and written to a pcap
//! file when a test fails.

pub mod litz_host;
pub mod path;
pub mod port;
pub mod transfer;

use core::net::{IpAddr, Ipv4Addr};
use std::collections::BTreeMap;

use litz_hal::time::{Deadline, Duration, Instant};

pub use self::path::{Loss, Path, PathConfig};
pub use self::port::Port;
use self::port::Record;

/// A host's software.
pub trait Stack {
    /// Handle what has arrived, and send what is to be sent. Returns whether anything happened.
    fn poll(&mut self, now: Instant);

    /// When it wants to be polled next, if nothing arrives before.
    fn poll_at(&mut self, now: Instant) -> Deadline;

    /// Let the application act. Returns whether it did something.
    fn act(&mut self, now: Instant) -> bool;
}

/// The address of a host; they are numbered from 0.
#[must_use]
pub fn address(host: usize) -> Ipv4Addr {
    Ipv4Addr::new(10, 0, 0, 1 + host as u8)
}

/// [`address`], as any address.
#[must_use]
pub fn ip(host: usize) -> IpAddr {
    address(host).into()
}

struct Site {
    port: Port,
    up: Path,
    down: Path,
}

/// The network.
pub struct Net {
    /// The time.
    pub now: Instant,
    sites: Vec<Site>,
    /// Packets under way: when they reach the end of a way, a serial number, the way, the packet.
    under_way: BTreeMap<(Instant, u64), (Way, Vec<u8>)>,
    serial: u64,
    record: Record,
    /// Polls since time has passed.
    polls: usize,
}

#[derive(Clone, Copy)]
enum Way {
    Up(usize),
    Down(usize),
}

/// Polls at one instant after which the hosts are taken to be stuck.
const STUCK: usize = 20_000;

impl Net {
    /// A network without hosts. `name` is that of the file to write if the test fails.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self {
            now: Instant::from_secs(1),
            sites: Vec::new(),
            under_way: BTreeMap::new(),
            serial: 0,
            record: Record::new(name),
            polls: 0,
        }
    }

    /// Add a host with its ways to and from the others. Returns its number and its port.
    pub fn add(&mut self, up: PathConfig, down: PathConfig) -> (usize, Port) {
        let port = Port::new();
        self.sites.push(Site {
            port: port.clone(),
            up: Path::new(up),
            down: Path::new(down),
        });
        (self.sites.len() - 1, port)
    }

    /// What became of the packets on the ways of a host: up and down.
    #[must_use]
    pub fn stats(&self, host: usize) -> [path::Stats; 2] {
        [self.sites[host].up.stats, self.sites[host].down.stats]
    }

    /// Let every host act and be polled, then let time pass to the next event. Returns `false` if
    /// there is none.
    ///
    /// # Panics
    /// If a host wants to be polled in the past, or without end at one instant.
    pub fn step(&mut self, hosts: &mut [Box<dyn Stack>]) -> bool {
        let mut next = Deadline::NEVER;
        for (host, stack) in hosts.iter_mut().enumerate() {
            stack.poll(self.now);
            if stack.act(self.now) {
                stack.poll(self.now);
            }
            let due = stack.poll_at(self.now);
            if let Some(due) = due.instant() {
                assert!(due >= self.now, "host {host} waits for the past");
            }
            next = next.min(due);
            while let Some(packet) = self.sites[host].port.take_sent() {
                self.record.note(self.now, &packet);
                self.send(Way::Up(host), packet);
            }
        }
        if let Some(((at, _), _)) = self.under_way.first_key_value() {
            next = next.min(Deadline::at(*at));
        }
        let Some(next) = next.instant() else {
            return false;
        };
        self.polls = if next > self.now { 0 } else { self.polls + 1 };
        assert!(self.polls < STUCK, "work without end at {}", self.now);
        self.now = next;
        self.arrive();
        true
    }

    fn arrive(&mut self) {
        while let Some(entry) = self.under_way.first_entry() {
            if entry.key().0 > self.now {
                return;
            }
            let (way, packet) = entry.remove();
            match way {
                Way::Up(_) => {
                    if let Some(to) = destination(&packet).filter(|to| *to < self.sites.len()) {
                        self.send(Way::Down(to), packet);
                    }
                }
                Way::Down(host) => self.sites[host].port.put_received(packet),
            }
        }
    }

    fn send(&mut self, way: Way, packet: Vec<u8>) {
        let now = self.now;
        let path = match way {
            Way::Up(host) => &mut self.sites[host].up,
            Way::Down(host) => &mut self.sites[host].down,
        };
        for (at, packet) in path.send(now, packet) {
            self.serial += 1;
            self.under_way.insert((at, self.serial), (way, packet));
        }
    }

    /// The packets that hosts have sent of late, as a pcap file.
    ///
    /// # Panics
    /// If they do not fit the format, which all do.
    #[must_use]
    pub fn capture(&self) -> Vec<u8> {
        self.record.pcap().expect("packets of this size")
    }

    /// How long it has been since `begin`.
    #[must_use]
    pub fn since(&self, begin: Instant) -> Duration {
        self.now.duration_since(begin)
    }
}

/// The host that an IPv4 packet is for.
fn destination(packet: &[u8]) -> Option<usize> {
    let [_, _, _, last] = *packet.get(16..20)? else {
        return None;
    };
    usize::from(last).checked_sub(1)
}

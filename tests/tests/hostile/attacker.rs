//! Somebody who means no good. What he forges is in the name of others; some attacks he makes as a
//! peer that breaks the rules.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::rc::Rc;

use litz_hal::time::{Deadline, Duration, Instant};
use litz_tests::noise::Noise;
use litz_tests::sim::{Port, Stack, address};

use super::hosts::{PORT, Progress};
use super::raw::{ACK, FIN, RST, SYN, Segment};

/// What he does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Attack {
    /// RSTs, SYNs, data, FINs in the name of either side, at numbers that he guesses.
    Forge,
    /// Errors of routers about segments that he guesses.
    Report,
    /// SYNs from the server to itself.
    Land,
    /// SYNs from everywhere, 10,000 a second.
    Flood,
    /// A peer that acknowledges what it has not received.
    Optimistic,
    /// A peer that acknowledges octet by octet.
    Divide,
    /// A peer that sends octet by octet.
    Tiny,
    /// Peers that open their window, close it, and never take anything (sockstress).
    TakeNothing,
}

/// A connection of his own.
#[derive(Clone, Copy, Debug)]
struct Own {
    seq: u32,
    ack: u32,
}

pub(crate) struct Attacker {
    port: Port,
    me: Ipv4Addr,
    attack: Attack,
    victim: Progress,
    noise: Noise,
    next: Instant,
    until: Instant,
    own: BTreeMap<u16, Own>,
    /// Packets sent.
    pub(crate) sent: Rc<std::cell::Cell<u64>>,
}

const SERVER: usize = 0;
const CLIENT: usize = 1;

impl Attacker {
    pub(crate) fn new(
        number: usize,
        port: Port,
        attack: Attack,
        victim: Progress,
        (from, until): (Instant, Instant),
    ) -> Self {
        Self {
            port,
            me: address(number),
            attack,
            victim,
            noise: Noise::new(7),
            next: from,
            until,
            own: BTreeMap::new(),
            sent: Rc::default(),
        }
    }

    fn put(&self, packet: Vec<u8>) {
        self.sent.set(self.sent.get() + 1);
        self.port.put_sent(packet);
    }

    /// A segment of the attacked connection, at numbers that he guesses; from one side or the
    /// other.
    fn guess(&mut self, flags: u8, len: usize) -> Segment {
        let client = (address(CLIENT), self.victim.port.get());
        let server = (address(SERVER), PORT);
        let (from, to) = if self.noise.one_in(2) {
            (client, server)
        } else {
            (server, client)
        };
        Segment {
            from,
            to,
            seq: self.noise.next_u64() as u32,
            ack: self.noise.next_u64() as u32,
            flags,
            window: self.noise.next_u64() as u16,
            payload: vec![0xbb; len],
        }
    }

    fn own(&self, port: u16, flags: u8, payload: &[u8], window: u16) -> Segment {
        let own = self
            .own
            .get(&port)
            .copied()
            .unwrap_or(Own { seq: 100, ack: 0 });
        Segment {
            from: (self.me, port),
            to: (address(SERVER), PORT),
            seq: own.seq,
            ack: own.ack,
            flags,
            window,
            payload: payload.to_vec(),
        }
    }

    fn strike(&mut self) {
        match self.attack {
            Attack::Forge => {
                for (flags, len) in [
                    (RST, 0),
                    (SYN, 0),
                    (SYN | ACK, 0),
                    (ACK, 100),
                    (FIN | ACK, 0),
                    (ACK, 0),
                ] {
                    let segment = self.guess(flags, len);
                    self.put(segment.packet());
                }
            }
            Attack::Report => {
                for (code, mtu) in [(0, 0), (1, 0), (2, 0), (3, 0), (4, 68), (4, 0), (13, 0)] {
                    let about = self.guess(ACK, 0);
                    self.put(about.report(code, mtu));
                }
            }
            Attack::Land => {
                let own = (address(SERVER), PORT);
                let land = Segment {
                    from: own,
                    to: own,
                    ..self.guess(SYN, 0)
                };
                self.put(land.packet());
            }
            Attack::Flood => {
                for _ in 0..10 {
                    let number = self.noise.next_u64() as u32;
                    let [a, b, c, _] = number.to_be_bytes();
                    let from = Ipv4Addr::new(11 + a % 100, b, c, 200);
                    let syn = Segment {
                        from: (from, 1_024 + (number >> 3) as u16 % 60_000),
                        to: (address(SERVER), PORT),
                        ..self.guess(SYN, 0)
                    };
                    self.put(syn.packet());
                }
            }
            Attack::TakeNothing => {
                let port = 1_024 + self.noise.below(50_000) as u16;
                self.own.remove(&port);
                self.put(self.own(port, SYN, &[], 1_000).packet());
            }
            Attack::Tiny => {
                self.begin(5_000);
                if self.own.contains_key(&5_000) {
                    self.put(self.own(5_000, ACK, &[1], 60_000).packet());
                    self.own
                        .entry(5_000)
                        .and_modify(|own| own.seq = own.seq.wrapping_add(1));
                }
            }
            Attack::Optimistic | Attack::Divide => {
                self.begin(5_000);
                if self.own.contains_key(&5_000) {
                    self.put(self.own(5_000, ACK, &[2; 1_000], 60_000).packet());
                    self.own
                        .entry(5_000)
                        .and_modify(|own| own.seq = own.seq.wrapping_add(1_000));
                }
            }
        }
    }

    /// Ask for a connection that there is not.
    fn begin(&mut self, port: u16) {
        if !self.own.contains_key(&port) {
            self.put(self.own(port, SYN, &[], 60_000).packet());
        }
    }

    /// A segment of one of his own connections.
    fn hear(&mut self, segment: &Segment) {
        let port = segment.to.1;
        if segment.flags & RST != 0 {
            self.own.remove(&port);
            return;
        }
        if segment.flags & SYN != 0 {
            let own = Own {
                seq: segment.ack,
                ack: segment.seq.wrapping_add(1),
            };
            self.own.insert(port, own);
            let (payload, window): (&[u8], _) = match self.attack {
                Attack::TakeNothing => (b"give me this", 0),
                _ => (&[], 60_000),
            };
            self.put(self.own(port, ACK, payload, window).packet());
            let len = payload.len() as u32;
            self.own
                .entry(port)
                .and_modify(|own| own.seq = own.seq.wrapping_add(len));
            return;
        }
        // The server takes of him what it takes.
        let Some(own) = self.own.get(&port).copied() else {
            return;
        };
        let behind = own.seq.wrapping_sub(segment.ack);
        if behind > 60_000 && behind < 1 << 31 {
            self.own.entry(port).and_modify(|own| own.seq = segment.ack);
        }
        let len = segment.payload.len() as u32;
        match self.attack {
            Attack::Optimistic if len > 0 => {
                for beyond in [10_000, 3_000, 0] {
                    let end = segment.seq.wrapping_add(len);
                    let ack = Segment {
                        ack: end.wrapping_add(beyond),
                        ..self.own(port, ACK, &[], 60_000)
                    };
                    self.put(ack.packet());
                }
                self.own
                    .entry(port)
                    .and_modify(|own| own.ack = segment.seq.wrapping_add(len));
            }
            Attack::Divide if len > 0 => {
                for octets in 1..=len.min(300) {
                    let ack = segment.seq.wrapping_add(octets);
                    let ack = Segment {
                        ack,
                        ..self.own(port, ACK, &[], 60_000)
                    };
                    self.put(ack.packet());
                }
                self.own
                    .entry(port)
                    .and_modify(|own| own.ack = segment.seq.wrapping_add(len));
            }
            Attack::Tiny if len > 0 => {
                self.own
                    .entry(port)
                    .and_modify(|own| own.ack = segment.seq.wrapping_add(len));
            }
            Attack::TakeNothing => {
                let same = Segment {
                    ack: own.ack,
                    ..self.own(port, ACK, &[], 0)
                };
                self.put(same.packet());
            }
            _ => {}
        }
    }
}

impl Stack for Attacker {
    fn poll(&mut self, now: Instant) {
        while let Some(packet) = self.port.take_received() {
            if now < self.until
                && let Some(segment) = Segment::read(&packet)
            {
                self.hear(&segment);
            }
        }
        while self.next <= now && now < self.until {
            self.next = self.next.saturating_add(Duration::from_millis(1));
            self.strike();
        }
    }

    fn poll_at(&mut self, now: Instant) -> Deadline {
        if now < self.until {
            Deadline::at(self.next)
        } else {
            Deadline::NEVER
        }
    }

    fn act(&mut self, _: Instant) -> bool {
        false
    }
}

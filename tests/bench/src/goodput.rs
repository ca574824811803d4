//! Goodput of litz and of smoltcp over the same simulated links, in virtual time: transfers from
//! each stack to itself and to the other, at several round-trip times and losses.

use litz::socket::tcp::{CongestionControl, TcpConfig};
use litz_hal::prng::Chance;
use litz_hal::time::Duration;
use litz_tests::sim::litz_host::{LitzConfig, LitzHost};
use litz_tests::sim::transfer::Stream;
use litz_tests::sim::{Loss, Net, PathConfig, Port, Stack};
use smoltcp::socket::tcp::CongestionControl as Theirs;

use crate::smoltcp_host::SmoltcpHost;

/// Which stack, and how it controls congestion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// litz.
    Litz(CongestionControl),
    /// smoltcp.
    Smoltcp(Theirs),
}

/// litz as it comes.
pub const LITZ: Who = Who::Litz(CongestionControl::Cubic);
/// litz with NewReno.
pub const LITZ_RENO: Who = Who::Litz(CongestionControl::NewReno);
/// smoltcp with its better congestion control.
pub const SMOLTCP: Who = Who::Smoltcp(Theirs::Cubic);
/// smoltcp with Reno.
pub const SMOLTCP_RENO: Who = Who::Smoltcp(Theirs::Reno);

/// A transfer: from whom to whom over what.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    /// Who sends.
    pub from: Who,
    /// Who receives.
    pub to: Who,
    /// Octets.
    pub octets: u64,
    /// Octets of every buffer.
    pub buffers: usize,
    /// Octets of the largest IP packet.
    pub mtu: usize,
    /// Round-trip time of the link.
    pub rtt: Duration,
    /// Loss on the way of the data, in each million.
    pub loss: u32,
    /// Bits per second.
    pub rate: u64,
    /// Octets that wait before the link.
    pub queue: usize,
    /// Begins the course of events.
    pub seed: u64,
}

impl Run {
    /// 10 MB over a gigabit link with deep queues, 10 ms long, with buffers of 1 MiB.
    #[must_use]
    pub const fn new(from: Who, to: Who) -> Self {
        Self {
            from,
            to,
            octets: 10_000_000,
            buffers: 1 << 20,
            mtu: 1500,
            rtt: Duration::from_millis(10),
            loss: 0,
            rate: 1_000_000_000,
            queue: 1_500_000,
            seed: 1,
        }
    }

    fn host(&self, who: Who, number: usize, port: Port, streams: [Stream; 2]) -> Box<dyn Stack> {
        let to = (number == 0).then_some(1);
        match who {
            Who::Litz(congestion) => {
                let config = LitzConfig {
                    buffers: self.buffers,
                    mtu: self.mtu,
                    tcp: TcpConfig {
                        congestion,
                        ..TcpConfig::DEFAULT
                    },
                    secret: u128::from(self.seed) + number as u128,
                    ..LitzConfig::default()
                };
                let host = LitzHost::new(number, port, &config);
                let [sends, receives] = streams;
                Box::new(match to {
                    Some(to) => host.connecting(to, sends, receives),
                    None => host.serving(vec![Some((sends, receives))]),
                })
            }
            Who::Smoltcp(control) => {
                let sizes = (self.buffers, self.mtu);
                Box::new(SmoltcpHost::new(number, port, sizes, control, to, streams))
            }
        }
    }

    /// Do it; goodput in bits per second, or `None` if it was not done within a day.
    #[must_use]
    pub fn goodput(&self) -> Option<u64> {
        let mut net = Net::new("litz-goodput");
        let half = Duration::from_micros(self.rtt.total_micros() / 2);
        let way = PathConfig {
            delay: half,
            ..PathConfig::default()
        };
        let bottleneck = PathConfig {
            seed: self.seed,
            rate: Some(self.rate),
            queue: self.queue,
            loss: Loss::Random(Chance::per_million(self.loss)),
            ..way
        };
        let free = PathConfig::default();
        let (_, port_0) = net.add(bottleneck, free);
        let (_, port_1) = net.add(way, free);
        let there = Stream::new(0, self.octets);
        let back = Stream::new(1, 0);
        let mut hosts = [
            self.host(self.from, 0, port_0, [there.clone(), back.clone()]),
            self.host(self.to, 1, port_1, [back, there.clone()]),
        ];
        let begin = net.now;
        let end = begin.saturating_add(Duration::from_secs(24 * 3600));
        while there.finished().is_none() && net.now < end && net.step(&mut hosts) {}
        let took = there.finished()?.duration_since(begin).total_micros();
        Some(self.octets * 8_000_000 / took.max(1))
    }
}

/// Who sends to whom in the table.
const PAIRS: [(&str, Who, Who); 6] = [
    ("litz CUBIC", LITZ, LITZ),
    ("litz NewReno", LITZ_RENO, LITZ_RENO),
    ("smoltcp CUBIC", SMOLTCP, SMOLTCP),
    ("smoltcp Reno", SMOLTCP_RENO, SMOLTCP_RENO),
    ("litz to smoltcp", LITZ, SMOLTCP),
    ("smoltcp to litz", SMOLTCP, LITZ),
];

/// Print the table, in Mbit/s.
pub fn table() {
    print!("| RTT | loss |");
    for (name, _, _) in PAIRS {
        print!(" {name} |");
    }
    println!("\n|--:|--:|{}", "--:|".repeat(PAIRS.len()));
    for millis in [10, 100] {
        for loss in [0, 1_000, 10_000, 50_000] {
            print!("| {millis} ms | {} % |", f64::from(loss) / 10_000.0);
            for (_, from, to) in PAIRS {
                let run = Run {
                    rtt: Duration::from_millis(millis),
                    loss,
                    ..Run::new(from, to)
                };
                match mean(&run) {
                    Some(bits) => print!(" {:.2} |", bits as f64 / 1e6),
                    None => print!(" stalls |"),
                }
            }
            println!();
        }
    }
}

/// The mean over three seeds, as one course of losses is no measure.
fn mean(run: &Run) -> Option<u64> {
    let runs = [1, 2, 3].map(|seed| Run { seed, ..*run }.goodput());
    let [Some(a), Some(b), Some(c)] = runs else {
        return None;
    };
    Some((a + b + c) / 3)
}

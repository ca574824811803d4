//! Boards and the border router on one air, with one clock, and what was said on it.

use std::collections::BTreeMap;

use litz::wire::Eui64;
use litz_emulator::air::{Air, MICROSECOND, Transmission};
use litz_emulator::{Outcome, rtt};

use crate::log::{self, tell};
use crate::machine::{Machine, Program};
use crate::router::Router;

/// Nobody runs ahead of the others by more.
const STEP: u64 = 8 * MICROSECOND;

/// A board with its program.
pub(crate) struct Node {
    pub(crate) machine: Box<dyn Machine>,
    pub(crate) address: Eui64,
    /// Where the program's log is.
    rings: Option<u32>,
    pub(crate) name: &'static str,
    log: String,
}

/// Everything.
pub(crate) struct World {
    pub(crate) air: Air,
    pub(crate) nodes: Vec<Node>,
    pub(crate) router: Router,
    /// Ticks that everybody has reached.
    at: u64,
    pub(crate) heard: Heard,
}

/// What was heard on the air.
#[derive(Default)]
pub(crate) struct Heard {
    frames: u64,
    octets: u64,
    acks: u64,
    /// Shortest and longest time from a frame to its acknowledgment, in ticks, by sender of it.
    turnaround: BTreeMap<usize, (u64, u64)>,
    last: Option<Transmission>,
    /// Whether every frame is told of.
    pub(crate) verbose: bool,
}

impl Heard {
    fn take(&mut self, frame: Transmission) {
        let is_ack = frame.octets.first().is_some_and(|low| low & 7 == 2);
        self.frames += 1;
        self.octets += frame.octets.len() as u64;
        if self.verbose {
            let what = if is_ack {
                "an acknowledgment"
            } else {
                "a frame"
            };
            tell!(
                "{:12.3} us: station {} sends {what} of {} octets",
                frame.start as f64 / MICROSECOND as f64,
                frame.from,
                frame.octets.len()
            );
        }
        let before = self.last.as_ref();
        let acked = before.filter(|before| before.end < frame.start);
        if let (true, Some(acked)) = (is_ack, acked) {
            let gap = frame.start - acked.end;
            self.acks += 1;
            let range = self.turnaround.entry(frame.from).or_insert((gap, gap));
            *range = (range.0.min(gap), range.1.max(gap));
        }
        self.last = Some(frame);
    }
}

impl World {
    /// Boards with these programs, and the router, on an air that loses `percent` of the frames.
    pub(crate) fn new(seed: u64, percent: u32, programs: &[Program]) -> Self {
        log::begin();
        let air = Air::new(seed, percent * 10_000);
        let router = Router::new(&air);
        let nodes = (1..).zip(programs).map(|(number, program)| Node {
            // Boards are not switched on at the same moment.
            machine: program.start(&air, number, u64::from(number) * 777 * MICROSECOND),
            address: program.kind.address(number),
            rings: program.image.symbol("_SEGGER_RTT"),
            name: program.kind.name(),
            log: String::new(),
        });
        let nodes = nodes.collect();
        let mut world = Self {
            air,
            nodes,
            router,
            at: 0,
            heard: Heard::default(),
        };
        world.router.look();
        world
    }

    /// Lets virtual time pass until `done`, or for so many microseconds; whether it was done.
    pub(crate) fn until(&mut self, micros: u64, mut done: impl FnMut(&mut Self) -> bool) -> bool {
        let end = self.at + micros * MICROSECOND;
        while self.at < end {
            if done(self) {
                return true;
            }
            self.step(end);
        }
        false
    }

    /// Everybody goes a step, or to where something happens.
    fn step(&mut self, end: u64) {
        let idle = self.nodes.iter().map(|node| {
            let until = node.machine.sleeps_until();
            until.unwrap_or(0)
        });
        let next = idle.chain([self.router.next()]).min().unwrap_or(0);
        self.at = next.clamp(self.at + STEP, end.max(self.at + STEP));
        for node in &mut self.nodes {
            node.run(self.at);
        }
        self.router.run(self.at);
        self.listen();
    }

    fn listen(&mut self) {
        const MEMORY: u64 = 20_000 * MICROSECOND;
        let since = self.heard.last.as_ref().map_or(0, |last| last.start + 1);
        for frame in self.air.sent_since(since) {
            if frame.end < self.at {
                self.heard.take(frame);
            }
        }
        self.air.forget(self.at.saturating_sub(MEMORY));
    }

    /// The time, in seconds.
    pub(crate) fn seconds(&self) -> f64 {
        self.at as f64 / (MICROSECOND * 1_000_000) as f64
    }

    /// Says what was heard and what it cost.
    pub(crate) fn report(&self) {
        let heard = &self.heard;
        tell!(
            "{:.3} s: {} frames, {} octets, {} acknowledgments",
            self.seconds(),
            heard.frames,
            heard.octets,
            heard.acks
        );
        for (station, (least, most)) in &heard.turnaround {
            tell!(
                "station {station}: acknowledges after {least} to {most} cycles of 64 MHz \
                 ({:.3} to {:.3} us)",
                *least as f64 / MICROSECOND as f64,
                *most as f64 / MICROSECOND as f64
            );
        }
        for node in &self.nodes {
            tell!(
                "{} {}: {} instructions, at most {} octets of stack",
                node.name,
                node.address,
                node.machine.instructions(),
                node.machine.stack()
            );
        }
    }

    /// Every acknowledgment left in time: 192 µs, of which one may be missing, as the timers of
    /// some boards count microseconds.
    pub(crate) fn assert_turnaround(&self) {
        assert!(
            self.heard.turnaround.len() > self.nodes.len(),
            "somebody never acknowledged"
        );
        for (station, (least, most)) in &self.heard.turnaround {
            let range = 191 * MICROSECOND..=192 * MICROSECOND;
            assert!(
                range.contains(least) && range.contains(most),
                "station {station}: {least} to {most} cycles"
            );
        }
    }
}

impl Node {
    fn run(&mut self, until: u64) {
        let outcome = self.machine.run(until);
        self.read_log();
        assert_eq!(outcome, Outcome::Time, "{}: {}", self.name, self.log);
    }

    fn read_log(&mut self) {
        let Some(rings) = self.rings else {
            return;
        };
        let new = rtt::take(self.machine.memory(), rings);
        if let Some(new) = new.filter(|new| !new.is_empty()) {
            let text = String::from_utf8_lossy(&new);
            for line in text.lines() {
                tell!("  [{} {}] {line}", self.name, self.address);
            }
            self.log.push_str(&text);
            assert!(!self.log.contains("panic"), "the program has panicked");
        }
    }

    /// What it has said.
    pub(crate) fn log(&self) -> &str {
        &self.log
    }

    /// How often it has said this.
    pub(crate) fn has_said(&self, text: &str) -> usize {
        self.log.matches(text).count()
    }
}

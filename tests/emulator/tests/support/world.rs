//! Radios of one kind on one air: drivers on the host, chips as models, one clock. Which kind, the
//! module `board` of each test program says.

use litz_emulator::HostChip;
use litz_emulator::air::{Air, MICROSECOND, Transmission};
use litz_hal::radio::{
    CcaMode, Channel, MAX_FRAME, Radio, RadioConfig, RadioEvent, RxInfo, Transmit, TxMode,
    TxOutcome,
};
use litz_hal::time::Instant;
use litz_wire::{Eui64, PanId, ShortAddress};

use super::board::{self, Chip, Driver};

/// The network of all tests.
pub(crate) const PAN: PanId = PanId(0xABCD);

pub(crate) struct Node {
    pub(crate) radio: Driver,
    pub(crate) chip: HostChip<Chip>,
    pub(crate) events: Vec<RadioEvent>,
    pub(crate) frames: Vec<(RxInfo, Vec<u8>)>,
    /// Whether frames are fetched as they come.
    pub(crate) fetches: bool,
}

pub(crate) struct World {
    pub(crate) air: Air,
    pub(crate) nodes: Vec<Node>,
    micros: u64,
}

/// Node `number` of the network.
pub(crate) fn config(number: u16) -> RadioConfig {
    RadioConfig {
        channel: Channel::new(15).expect("a channel"),
        tx_power: 0,
        pan: PAN,
        short_addr: ShortAddress(number),
        extended_addr: extended(number),
        pan_coordinator: false,
        promiscuous: false,
        auto_ack: true,
        cca: CcaMode::default(),
    }
}

pub(crate) fn extended(number: u16) -> Eui64 {
    let [high, low] = number.to_be_bytes();
    Eui64([2, 0, 0, 0, 0, 0, high, low])
}

impl World {
    /// `count` nodes, numbered from 1, which receive.
    pub(crate) fn new(count: u16) -> Self {
        let air = Air::new(1, 0);
        let nodes = (1..=count).map(|number| {
            let (chip, radio) = board::make(&air, number);
            Node {
                radio,
                chip,
                events: Vec::new(),
                frames: Vec::new(),
                fetches: true,
            }
        });
        let mut world = Self {
            air: air.clone(),
            nodes: nodes.collect(),
            micros: 0,
        };
        for node in &mut world.nodes {
            node.radio.wake(node.chip.now()).expect("it wakes");
        }
        world.run(1_000);
        world
    }

    /// Lets `micros` microseconds pass.
    pub(crate) fn run(&mut self, micros: u64) {
        let mut at = self.micros.max(self.nodes[0].chip.ticks() / MICROSECOND);
        let end = at + micros;
        while at < end {
            at = end.min(at + 8);
            for node in &mut self.nodes {
                node.run(at * MICROSECOND);
            }
        }
        self.micros = end;
    }

    /// Node `from` (an index) sends.
    pub(crate) fn send(&mut self, from: usize, frame: &[u8], mode: TxMode) -> TxOutcome {
        self.order(from, frame, mode);
        self.run(6_000);
        self.outcome(from)
    }

    pub(crate) fn order(&mut self, from: usize, frame: &[u8], mode: TxMode) {
        let node = &mut self.nodes[from];
        let transmit = Transmit {
            frame,
            mode,
            at: None,
            retries: 0,
        };
        let now = node.chip.now();
        node.radio
            .transmit(now, transmit)
            .expect("it takes the order");
    }

    /// How the last transmission of a node ended.
    #[track_caller]
    pub(crate) fn outcome(&self, node: usize) -> TxOutcome {
        let events = self.nodes[node].events.iter().rev();
        let mut outcomes = events.filter_map(|event| match event {
            RadioEvent::Transmitted(outcome) => Some(*outcome),
            _ => None,
        });
        outcomes.next().expect("the transmission has ended")
    }

    /// Everything that was sent.
    pub(crate) fn sent(&self) -> Vec<Transmission> {
        self.air.sent_since(0)
    }
}

/// No test may leave an order that its chip ignored or forbids, or an address that it does not
/// have.
impl Drop for World {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        for node in &self.nodes {
            let complaints = node.chip.with(|chip| board::complaints(chip));
            assert_eq!(complaints, Vec::<String>::new(), "wrong orders");
            assert_eq!(node.chip.misses(), Vec::<u32>::new(), "no registers");
        }
    }
}

impl Node {
    fn run(&mut self, until: u64) {
        let mut rounds = 0;
        while !self.chip.pass(until) {
            self.radio.on_interrupt(self.chip.now());
            rounds += 1;
            assert!(rounds < 100, "the interrupt stays high");
        }
        self.poll();
    }

    /// Asks for events, as the MAC does.
    pub(crate) fn poll(&mut self) {
        while let Some(event) = self.radio.poll(self.chip.now()) {
            self.events.push(event);
            if event == RadioEvent::Received && self.fetches {
                self.fetch();
            }
        }
    }

    pub(crate) fn fetch(&mut self) {
        let mut octets = [0; MAX_FRAME];
        let info = self.radio.receive(self.chip.now(), &mut octets);
        let info = info.expect("the frame that was announced");
        self.frames.push((info, octets[..info.len].to_vec()));
    }

    pub(crate) fn now(&self) -> Instant {
        self.chip.now()
    }
}

/// A data frame of a version, from node to node by short addresses.
pub(crate) fn data(version: u8, seq: u8, from: u16, to: u16, asks: bool) -> Vec<u8> {
    let control =
        0x0001 | u16::from(asks) << 5 | 1 << 6 | 2 << 10 | u16::from(version) << 12 | 2 << 14;
    let mut frame = control.to_le_bytes().to_vec();
    frame.push(seq);
    frame.extend(PAN.0.to_le_bytes());
    frame.extend(to.to_le_bytes());
    frame.extend(from.to_le_bytes());
    frame.extend(b"what a sensor says");
    frame
}

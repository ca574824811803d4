//! One connection whose peer is the test: it puts segments in and looks at every segment that
//! comes out.

use std::vec::Vec;

use super::super::*;
use super::checksum;
use super::pair::{End, Flying, memory};
use litz_wire::SackBlockRepr;

/// Our initial sequence number and the peer's; both streams begin one after.
pub(super) const ISS: u32 = 1_000;
pub(super) const IRS: u32 = 50_000;

/// A connection under test.
pub(super) struct Rig {
    pub(super) end: End,
    pub(super) now: i64,
}

/// A segment from the peer, with numbers relative to the beginning of the streams.
#[derive(Clone, Debug)]
pub(super) struct Peer {
    flying: Flying,
}

/// A segment at `seq` of the peer's stream that acknowledges up to `ack` of ours.
pub(super) fn peer(seq: i64, ack: i64) -> Peer {
    Peer {
        flying: Flying {
            seq: SeqNumber((i64::from(IRS) + 1 + seq) as u32),
            ack: SeqNumber((i64::from(ISS) + 1 + ack) as u32),
            flags: TcpFlags {
                ack: true,
                ..TcpFlags::default()
            },
            window: 60_000,
            options: Default::default(),
            ecn_capable: false,
            congested: false,
            payload: Vec::new(),
        },
    }
}

impl Peer {
    pub(super) fn data(mut self, payload: &[u8]) -> Self {
        self.flying.payload = payload.to_vec();
        self
    }
    pub(super) fn window(mut self, window: u16) -> Self {
        self.flying.window = window;
        self
    }
    pub(super) fn fin(mut self) -> Self {
        self.flying.flags.fin = true;
        self
    }
    pub(super) fn rst(mut self) -> Self {
        self.flying.flags.rst = true;
        self
    }
    pub(super) fn syn(mut self) -> Self {
        self.flying.flags.syn = true;
        self
    }
    pub(super) fn no_ack(mut self) -> Self {
        self.flying.flags.ack = false;
        self.flying.ack = SeqNumber(0);
        self
    }
    pub(super) fn options(mut self, set: TcpOptionSet<'static>) -> Self {
        self.flying.options = set.into();
        self
    }
    /// Selective acknowledgments of ranges of our stream.
    pub(super) fn sack(mut self, ranges: &[(i64, i64)]) -> Self {
        let at = |position: i64| SeqNumber((i64::from(ISS) + 1 + position) as u32);
        let blocks = ranges.iter().map(|(left, right)| SackBlockRepr {
            left: at(*left),
            right: at(*right),
        });
        self.flying.options.blocks = blocks.collect();
        self
    }
    /// The peer echoes a mark of congestion.
    pub(super) fn ece(mut self) -> Self {
        self.flying.flags.ece = true;
        self
    }
    /// The peer has reduced its window.
    pub(super) fn cwr(mut self) -> Self {
        self.flying.flags.cwr = true;
        self
    }
    /// The packet has met congestion.
    pub(super) fn marked(mut self) -> Self {
        self.flying.congested = true;
        self
    }
    pub(super) fn flying(self) -> Flying {
        self.flying
    }
}

impl Rig {
    /// Closed, with buffers of so many octets.
    pub(super) fn closed(buffers: usize, config: TcpConfig) -> Self {
        Self {
            end: End::new(ISS, buffers, buffers, config),
            now: 10_000_000,
        }
    }

    /// A SYN was sent.
    pub(super) fn syn_sent(buffers: usize, config: TcpConfig) -> Self {
        Self::closed(buffers, config).connect()
    }

    /// The SYN is sent.
    fn connect(self) -> Self {
        let mut rig = self;
        let now = rig.instant();
        rig.end
            .tcb
            .connect(now, rig.end.iss, &rig.end.config, rig.end.mss);
        let syn = rig.sent();
        assert_eq!(syn.len(), 1);
        assert!(syn[0].flags.syn && !syn[0].flags.ack);
        rig
    }

    /// Open, after our SYN and a round trip of 10 ms; segments of 1000 octets at most.
    pub(super) fn open(buffers: usize, config: TcpConfig) -> Self {
        let options = TcpOptionSet {
            mss: Some(1000),
            ..TcpOptionSet::default()
        };
        Self::open_with(buffers, config, options)
    }

    /// As [`open`](Self::open), with these options in the peer's SYN.
    pub(super) fn open_with(
        buffers: usize,
        config: TcpConfig,
        options: TcpOptionSet<'static>,
    ) -> Self {
        Self::syn_sent(buffers, config).shake_hands(options)
    }

    /// Open with a peer that understands selective acknowledgments, and no memory but the buffers.
    pub(super) fn open_small(buffers: usize, config: TcpConfig) -> Self {
        let mut rig = Self::closed(buffers, config);
        rig.end.tcb = Tcb::new(memory(buffers), memory(buffers));
        let options = TcpOptionSet {
            mss: Some(1000),
            sack_permitted: true,
            ..TcpOptionSet::default()
        };
        rig.connect().shake_hands(options)
    }

    /// A SYN-ACK with these options arrives.
    fn shake_hands(self, options: TcpOptionSet<'static>) -> Self {
        let mut rig = self;
        rig.after(10);
        let sent = rig.input(peer(-1, 0).syn().options(options));
        assert_eq!(sent.len(), 1, "{sent:?}");
        assert_eq!(rig.state(), State::Established);
        // The rules about delays are looked at without the haste of a young connection.
        rig.end.tcb.marks.quick = 0;
        rig
    }

    /// Open with a peer that understands selective acknowledgments.
    pub(super) fn open_sack(buffers: usize, config: TcpConfig) -> Self {
        let options = TcpOptionSet {
            mss: Some(1000),
            sack_permitted: true,
            ..TcpOptionSet::default()
        };
        Self::open_with(buffers, config, options)
    }

    /// Open with defaults.
    pub(super) fn default() -> Self {
        Self::open(8_192, TcpConfig::DEFAULT)
    }

    pub(super) fn instant(&self) -> Instant {
        Instant::from_micros(self.now)
    }

    pub(super) fn state(&self) -> State {
        self.end.tcb.state()
    }

    /// A segment arrives; everything that is sent then, answers first.
    pub(super) fn input(&mut self, peer: Peer) -> Vec<Flying> {
        let now = self.instant();
        let end = &mut self.end;
        let segment = peer.flying.segment();
        let reply = checksum::arrive(&mut end.tcb, now, &segment, &mut end.counters);
        let mut sent = Vec::new();
        if let Reply::Segment(out) | Reply::Challenge(out) = reply {
            sent.push(Flying::of(&out));
        }
        sent.extend(self.sent());
        sent
    }

    /// Everything that is sent now.
    pub(super) fn sent(&mut self) -> Vec<Flying> {
        let now = self.instant();
        let mut sent = Vec::new();
        self.end.tcb.on_timer(now, &mut self.end.counters);
        while let Some(out) = self.end.tcb.next_segment(
            now,
            1460,
            &mut SackBlocks::default(),
            &mut self.end.counters,
        ) {
            sent.push(Flying::of(&out));
            assert!(sent.len() < 10_000, "sends without end");
        }
        assert!(!self.end.tcb.wants_transmit(now));
        if let Some(due) = self.end.tcb.deadline().instant() {
            assert!(
                due.total_micros() > self.now,
                "deadline {due} is not in the future"
            );
        }
        sent
    }

    /// So many milliseconds pass; everything that is sent meanwhile.
    pub(super) fn after(&mut self, millis: i64) -> Vec<Flying> {
        let until = self.now + millis * 1000;
        let mut sent = self.sent();
        while let Some(due) = self.end.tcb.deadline().instant() {
            if due.total_micros() > until {
                break;
            }
            self.now = due.total_micros();
            self.end.tcb.on_timer(due, &mut self.end.counters);
            sent.extend(self.sent());
        }
        self.now = until;
        sent
    }

    /// The application queues octets; what is sent at once.
    pub(super) fn write(&mut self, data: &[u8]) -> Vec<Flying> {
        assert_eq!(self.end.tcb.send_slice(data), Ok(data.len()));
        self.sent()
    }

    /// What the application can read.
    pub(super) fn read(&mut self) -> Vec<u8> {
        let mut data = std::vec![0; 100_000];
        let len = self.end.tcb.recv_slice(&mut data).unwrap_or(0);
        data.truncate(len);
        data
    }

    pub(super) fn close(&mut self) -> Vec<Flying> {
        self.end.tcb.close();
        self.sent()
    }
}

/// Position of a segment in our stream.
pub(super) fn at(flying: &Flying) -> i64 {
    i64::from(flying.seq.since(SeqNumber(ISS + 1)))
}

/// What a segment acknowledges of the peer's stream.
pub(super) fn acks(flying: &Flying) -> i64 {
    i64::from(flying.ack.since(SeqNumber(IRS + 1)))
}

/// The only one of some segments.
#[track_caller]
pub(super) fn only(sent: Vec<Flying>) -> Flying {
    assert_eq!(sent.len(), 1, "{sent:?}");
    sent.into_iter().next().unwrap()
}

/// The blocks that a segment reports, as ranges of the peer's stream.
pub(super) fn blocks(flying: &Flying) -> Vec<(i64, i64)> {
    let position = |seq: SeqNumber| i64::from(seq.since(SeqNumber(IRS + 1)));
    let blocks = flying.options.blocks.iter();
    blocks
        .map(|block| (position(block.left), position(block.right)))
        .collect()
}

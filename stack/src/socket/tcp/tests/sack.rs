//! What is reported of data that arrived out of order or twice: RFC 2018 §4 and RFC 2883 §4, with
//! the examples of both.

use super::super::*;
use super::rig::{Rig, acks, blocks, only, peer};

fn open() -> Rig {
    Rig::open_sack(20_000, TcpConfig::DEFAULT)
}

/// RFC 2018 §2: only if both sides have said so.
#[test]
fn sack_is_agreed_on() {
    let rig = Rig::syn_sent(8_192, TcpConfig::DEFAULT);
    assert!(rig.end.tcb.rcv.sack_use.is_on(), "offered");
    let mut rig = Rig::open(8_192, TcpConfig::DEFAULT);
    assert!(blocks(&only(rig.input(peer(10, 0).data(b"x")))).is_empty());
    let off = TcpConfig {
        sack: false,
        ..TcpConfig::DEFAULT
    };
    let mut rig = Rig::open_sack(8_192, off);
    assert!(blocks(&only(rig.input(peer(10, 0).data(b"x")))).is_empty());
}

/// RFC 2018 §5, case 2: the first segment is lost, seven arrive. (There are 500 octets in each.)
#[test]
fn one_block_grows() {
    let mut rig = open();
    for n in 1..8 {
        let ack = only(rig.input(peer(n * 500, 0).data(&[1; 500])));
        assert_eq!(acks(&ack), 0);
        assert_eq!(blocks(&ack), [(500, n * 500 + 500)]);
    }
}

/// RFC 2018 §5, case 3: every second segment is lost; then the missing ones arrive.
#[test]
fn newest_block_comes_first() {
    let mut rig = open();
    rig.input(peer(0, 0).data(&[1; 500]));
    let mut reported = std::vec::Vec::new();
    for n in [2, 4, 6, 8] {
        reported = blocks(&only(rig.input(peer(n * 500, 0).data(&[1; 500]))));
    }
    assert_eq!(
        reported,
        [(4000, 4500), (3000, 3500), (2000, 2500), (1000, 1500)]
    );
    // The fourth arrives: it joins two, and that block is the newest.
    let reported = blocks(&only(rig.input(peer(1500, 0).data(&[1; 500]))));
    assert_eq!(reported, [(1000, 2500), (4000, 4500), (3000, 3500)]);
    // The second: all of that is acknowledged.
    let ack = only(rig.input(peer(500, 0).data(&[1; 500])));
    assert_eq!(acks(&ack), 2500);
    assert_eq!(blocks(&ack), [(4000, 4500), (3000, 3500)]);
}

/// RFC 2018 §3: with timestamps three blocks fit.
#[test]
fn three_blocks_beside_timestamps() {
    let config = TcpConfig {
        timestamps: TimestampUse::Offer,
        ..TcpConfig::DEFAULT
    };
    let stamp = |tsval| TcpOptionSet {
        mss: Some(1000),
        sack_permitted: true,
        timestamp: Some(TcpOptionTimestamp { tsval, tsecr: 0 }),
        ..TcpOptionSet::default()
    };
    let mut rig = Rig::open_with(20_000, config, stamp(1));
    let mut reported = std::vec::Vec::new();
    for n in [2, 4, 6, 8] {
        let segment = peer(n * 500, 0).data(&[1; 500]).options(stamp(2));
        reported = blocks(&only(rig.input(segment)));
    }
    assert_eq!(reported, [(4000, 4500), (3000, 3500), (2000, 2500)]);
}

/// RFC 2883 §4.1.1: a whole segment twice, in order.
#[test]
fn duplicate_is_reported_once() {
    let mut rig = open();
    rig.input(peer(0, 0).data(&[1; 500]));
    rig.input(peer(500, 0).data(&[1; 500]));
    let ack = only(rig.input(peer(0, 0).data(&[1; 500])));
    assert_eq!((acks(&ack), blocks(&ack)), (1000, std::vec![(0, 500)]));
    let ack = only(rig.input(peer(1500, 0).data(&[1; 500])));
    assert_eq!(blocks(&ack), [(1500, 2000)], "once");
}

/// RFC 2883 §4.1.3: a duplicate of data that waits; the block it is part of follows.
#[test]
fn duplicate_of_waiting_data() {
    let mut rig = open();
    rig.input(peer(1000, 0).data(&[1; 500]));
    rig.input(peer(1500, 0).data(&[1; 500]));
    let ack = only(rig.input(peer(1000, 0).data(&[1; 500])));
    assert_eq!(blocks(&ack), [(1000, 1500), (1000, 2000)]);
}

/// RFC 2883 §4.2: part of a segment was there.
#[test]
fn partly_duplicate_segments() {
    let mut rig = open();
    rig.input(peer(0, 0).data(&[1; 500]));
    // Its first half was there already.
    let ack = only(rig.input(peer(250, 0).data(&[1; 500])));
    assert_eq!((acks(&ack), blocks(&ack)), (750, std::vec![(250, 500)]));
    // The segment in order reaches into what waits.
    rig.input(peer(1000, 0).data(&[1; 500]));
    let ack = only(rig.input(peer(750, 0).data(&[1; 500])));
    assert_eq!((acks(&ack), blocks(&ack)), (1500, std::vec![(1000, 1250)]));
}

/// #1138: blocks across the wrap of sequence numbers.
#[test]
fn blocks_across_the_wrap() {
    let mut assembler = Assembler::new(&mut []);
    let mut report = super::super::sack::SackReport::new();
    let near = |at: u32| SeqNumber(0xffff_ff00_u32.wrapping_add(at));
    for at in [100, 300, 200] {
        let block = assembler.insert(SeqRange::new(near(at), 100)).unwrap();
        report.note(block);
    }
    let mut room = SackBlocks::default();
    let option = report.fill(&assembler, 4, &mut room).unwrap();
    let reported: std::vec::Vec<_> = option.iter().map(|b| (b.left, b.right)).collect();
    assert_eq!(reported, [(near(100), near(400))]);
    assert_eq!(assembler.advance(near(100)), near(400));
}

//! Segments at random around the edges of the windows, application calls at random, time in jumps:
//! nothing panics, nothing is sent without end, no deadline lies in the past, sequence variables
//! stay in their order, and memory is what it was.

use std::vec::Vec;

use super::super::*;
use super::checksum;
use super::pair::{Flying, Rng};
use super::rig::{Rig, peer};

/// A segment that is plausible, or not.
fn segment(rng: &mut Rng, tcb: &Tcb<'_>) -> Flying {
    let near = |rng: &mut Rng, base: SeqNumber| {
        let spread = [1, 3, 2_000, 20_000, 1 << 31, 1 << 32][rng.below(6) as usize];
        base.wrapping_add(rng.below(spread) as u32)
            .wrapping_sub((rng.below(spread) / 2) as u32)
    };
    let bases = [tcb.rcv.nxt, tcb.rcv.adv, tcb.snd.wl1, tcb.rcv.acked];
    let acks = [tcb.snd.una, tcb.snd.nxt, tcb.snd.max];
    let (seq, ack) = (bases[rng.below(4) as usize], acks[rng.below(3) as usize]);
    let mut flying = peer(0, 0).flying();
    flying.seq = if rng.below(2) == 0 {
        seq
    } else {
        near(rng, seq)
    };
    flying.ack = if rng.below(2) == 0 {
        ack
    } else {
        near(rng, ack)
    };
    flying.flags = match rng.below(12) {
        0 => TcpFlags::from_raw(rng.next() as u16 & 0x1ff),
        1 => TcpFlags {
            syn: true,
            ack: rng.below(2) == 0,
            ..TcpFlags::default()
        },
        2 if rng.below(8) == 0 => TcpFlags {
            rst: true,
            ack: true,
            ..TcpFlags::default()
        },
        3 => TcpFlags {
            fin: true,
            ack: true,
            ..TcpFlags::default()
        },
        _ => TcpFlags {
            ack: true,
            ..TcpFlags::default()
        },
    };
    flying.window = [0, 1, 100, 5_000, 65_535][rng.below(5) as usize];
    let len = [0, 0, 1, 10, 1_000, 3_000, 9_000][rng.below(7) as usize];
    flying.payload = std::vec![rng.next() as u8; len];
    if rng.below(2) == 0 {
        let timestamp = TcpOptionTimestamp {
            tsval: tcb
                .stamps
                .recent()
                .wrapping_add(rng.below(5) as u32)
                .wrapping_sub(1),
            tsecr: rng.next() as u32,
        };
        let mss = (rng.below(4) == 0).then(|| rng.below(3000) as u16);
        let window_scale = (rng.below(4) == 0).then(|| rng.next() as u8);
        let timestamp = Some(timestamp);
        let options = TcpOptionSet {
            timestamp,
            mss,
            window_scale,
            ..Default::default()
        };
        flying.options = options.into();
    }
    flying
}

fn application(rng: &mut Rng, tcb: &mut Tcb<'_>) {
    match rng.below(40) {
        0 if rng.below(10) == 0 => tcb.close(),
        1 if rng.below(30) == 0 => tcb.abort(),
        2 if rng.below(30) == 0 => tcb.close_and_forget(),
        3 => tcb.set_nagle(rng.below(2) == 0),
        4 => tcb.set_keep_alive((rng.below(2) == 0).then_some(Duration::from_secs(3))),
        5 => tcb.set_timeout((rng.below(2) == 0).then_some(Duration::from_secs(30))),
        6..=15 => {
            let _ = tcb.send_slice(&std::vec![1; rng.below(5_000) as usize]);
        }
        16..=25 => {
            let _ = tcb.recv_slice(&mut std::vec![0; rng.below(9_000) as usize]);
        }
        _ => {}
    }
}

#[track_caller]
fn invariants(seed: u64, tcb: &Tcb<'_>) {
    let snd = &tcb.snd;
    assert!(snd.una.at_or_before(snd.nxt), "seed {seed}: {snd:?}");
    assert!(snd.nxt.at_or_before(snd.max), "seed {seed}: {snd:?}");
    assert!(
        tcb.rcv.nxt.at_or_before(tcb.rcv.adv),
        "seed {seed}: {:?}",
        tcb.rcv
    );
    assert!(tcb.congestion.window() >= 1, "seed {seed}");
    assert!(
        tcb.info().in_flight <= tcb.tx.len() as u32 + 1,
        "seed {seed}: {tcb:?}"
    );
    for range in tcb.rcv.assembler.ranges() {
        assert!(range.start.after(tcb.rcv.nxt), "seed {seed}: {:?}", tcb.rcv);
        let end = range.end.since(tcb.rcv.nxt) as usize;
        assert!(end <= tcb.rx.free(), "seed {seed}: {:?}", tcb.rcv);
    }
}

fn run(seed: u64) {
    let mut rng = Rng(seed);
    let config = TcpConfig {
        timestamps: if rng.below(2) == 0 {
            TimestampUse::Offer
        } else {
            TimestampUse::Off
        },
        ..TcpConfig::DEFAULT
    };
    let buffers = [1, 100, 1_000, 8_192, 100_000][rng.below(5) as usize];
    let mut rig = match rng.below(4) {
        0 => Rig::syn_sent(buffers, config),
        _ => Rig::open(buffers, config),
    };
    for _ in 0..300 {
        application(&mut rng, &mut rig.end.tcb);
        let now = rig.instant();
        for _ in 0..rng.below(4) {
            let flying = segment(&mut rng, &rig.end.tcb);
            let end = &mut rig.end;
            checksum::arrive(&mut end.tcb, now, &flying.segment(), &mut end.counters);
            invariants(seed, &rig.end.tcb);
        }
        if rng.below(3) > 0 {
            // This also looks at the deadline.
            let _: Vec<Flying> = rig.sent();
        }
        if rng.below(4) == 0 {
            rig.after(rng.below(2_000) as i64);
        } else {
            rig.now += rng.below(5_000) as i64;
            let now = rig.instant();
            rig.end.tcb.on_timer(now, &mut rig.end.counters);
        }
        invariants(seed, &rig.end.tcb);
        if rig.end.tcb.is_closed() {
            rig.end.tcb.connect(
                now,
                SeqNumber(rng.next() as u32),
                &rig.end.config,
                Mss(1460),
            );
        }
    }
    assert_eq!(rig.end.tcb.send_capacity(), buffers);
    assert_eq!(rig.end.tcb.recv_capacity(), buffers);
}

#[test]
fn random_segments() {
    let seeds = std::env::var("LITZ_SEEDS")
        .ok()
        .and_then(|seeds| seeds.parse().ok());
    for seed in 0..seeds.unwrap_or(3_000) {
        run(seed);
    }
}

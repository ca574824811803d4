//! A million random and mutated frames into an interface: it does not panic, it does not grow, and
//! afterwards it works as before.
//!
//! The mutated frames come from a conversation that goes on during the storm, so they hit live
//! connections, live neighbors and the handshakes of new connections.

use std::collections::VecDeque;

use litz::TcpHandle;
use litz_hal::time::{Duration, Instant};
use litz_tests::host::{Host, ipv4, ipv6};
use litz_tests::mutate::Mutator;
use litz_tests::noise::Noise;

const FRAMES: usize = 1_000_000;
/// Frames between two turns of the conversation.
const BURST: usize = 50;
/// Bursts between two times of calm.
const LULL: usize = 50;
/// Connections that the conversation holds open.
const OPEN: usize = 8;
const VICTIM: u8 = 1;
const PEER: u8 = 2;

/// Lets the two hosts talk for `time`; what the victim would receive is shown to `seen`.
fn talk(
    victim: &mut Host,
    peer: &mut Host,
    now: &mut Instant,
    time: Duration,
    mut seen: impl FnMut(&[u8]),
) {
    let end = now.saturating_add(time);
    loop {
        victim.poll(*now);
        peer.poll(*now);
        let mut quiet = true;
        for frame in peer.device.tx.drain(..) {
            seen(&frame);
            victim.device.rx.push_back(frame);
            quiet = false;
        }
        for frame in victim.device.tx.drain(..) {
            peer.device.rx.push_back(frame);
            quiet = false;
        }
        if !quiet {
            continue;
        }
        let next = victim.poll_at(*now).min(peer.poll_at(*now));
        match next.instant() {
            // A deadline that is due was just polled for: time must pass or work must come of it.
            Some(at) if at < end => *now = at.max(now.saturating_add(Duration::from_micros(1))),
            _ => {
                *now = end;
                return;
            }
        }
    }
}

/// One exchange of the peer with the victim over every protocol; `open` are its connections.
fn exchange(
    victim: &mut Host,
    peer: &mut Host,
    open: &mut VecDeque<TcpHandle>,
    now: &mut Instant,
    mutator: &mut Mutator,
    seed: u64,
) {
    let mut noise = Noise::new(seed);
    let data = noise.octets(200);
    let to = [ipv4(VICTIM), ipv6(VICTIM)][(seed % 2) as usize];
    peer.ping(to, seed as u16, &data);
    let Some(connection) = peer.connect(to) else {
        // The storm has cut off too many of its connections: another host takes its place.
        *peer = Host::new(PEER, (seed % 251) as u8);
        open.clear();
        return;
    };
    let tick = Duration::from_millis(5);
    talk(victim, peer, now, tick, |frame| mutator.learn(frame));
    if let Ok(mut socket) = peer.sockets.tcp(connection) {
        let _ = socket.send_slice(&noise.octets(3000));
    }
    talk(victim, peer, now, tick, |frame| mutator.learn(frame));
    if let Ok(mut socket) = peer.sockets.tcp(connection) {
        let _ = socket.recv_slice(&mut [0; 4096]);
    }
    // Connections stay open and idle for a while, then they end.
    open.push_back(connection);
    if open.len() > OPEN
        && let Some(oldest) = open.pop_front()
    {
        let _ = peer.sockets.tcp_release(oldest);
    }
    talk(victim, peer, now, tick, |frame| mutator.learn(frame));
}

/// Octets of memory that this process holds.
fn resident_memory() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: usize = statm
        .split(' ')
        .nth(1)
        .and_then(|n| n.parse().ok())
        .unwrap_or(0);
    pages * 4096
}

/// Pings and echoes a megabyte over both IP versions.
fn works(victim: &mut Host, now: &mut Instant) {
    for to in [ipv4(VICTIM), ipv6(VICTIM)] {
        let mut peer = Host::new(PEER + 1, 9);
        peer.ping(to, 1, b"are you there?");
        talk(victim, &mut peer, now, Duration::from_secs(5), |_| {});
        assert_eq!(peer.pongs, 1, "no answer from {to}");

        let sent = Noise::new(1).octets(1_000_000);
        let mut got = Vec::new();
        let connection = peer.connect(to).expect("a fresh host");
        let (mut queued, limit) = (0, now.saturating_add(Duration::from_secs(60)));
        while got.len() < sent.len() {
            talk(victim, &mut peer, now, Duration::from_millis(1), |_| {});
            let mut socket = peer.sockets.tcp(connection).expect("held");
            queued += socket.send_slice(&sent[queued..]).unwrap_or(0);
            let mut buffer = [0; 65536];
            let length = socket.recv_slice(&mut buffer).unwrap_or(0);
            got.extend_from_slice(&buffer[..length]);
            assert!(*now < limit, "{to}: stuck after {} octets", got.len());
        }
        assert!(got == sent, "{to}: the echo differs");
    }
}

#[test]
fn a_million_wrong_frames_do_no_harm() {
    let seed = std::env::var("LITZ_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok())
        .unwrap_or(1);
    println!("seed {seed} (LITZ_SEED)");
    let mut victim = Host::new(VICTIM, 1);
    let mut peer = Host::new(PEER, 2);
    let mut now = Instant::from_secs(1);
    let mut mutator = Mutator::new(seed);
    let mut open = VecDeque::new();
    let mut settled = 0;
    for turn in 0..FRAMES / BURST {
        exchange(
            &mut victim,
            &mut peer,
            &mut open,
            &mut now,
            &mut mutator,
            turn as u64,
        );
        for _ in 0..BURST {
            victim.device.rx.push_back(mutator.frame());
        }
        while let waiting @ 1.. = victim.device.rx.len() {
            victim.poll(now);
            // Answers to wrong frames reach nobody.
            victim.device.tx.clear();
            assert!(
                victim.device.rx.len() < waiting,
                "the interface does not receive any more"
            );
        }
        assert!(victim.clients() <= 64);
        if turn % LULL == 0 {
            // Half-open connections and dead neighbors give up, so that the conversation goes on.
            talk(
                &mut victim,
                &mut peer,
                &mut now,
                Duration::from_secs(300),
                |_| {},
            );
        }
        if turn == FRAMES / BURST / 4 {
            settled = resident_memory();
        }
    }
    let grown = resident_memory().saturating_sub(settled);
    assert!(
        grown < 4 << 20,
        "{grown} octets more than after a quarter of the storm"
    );
    // What the storm left half open gives up.
    talk(
        &mut victim,
        &mut peer,
        &mut now,
        Duration::from_secs(600),
        |_| {},
    );
    works(&mut victim, &mut now);
    let segments = victim.sockets.tcp_counters().segments_in;
    println!("{segments} TCP segments were taken for those of a connection");
    assert!(
        segments > 50_000,
        "only {segments}: the conversation did not go on during the storm"
    );
    let counters = victim.iface.counters();
    println!(
        "{} frames in, {} out",
        counters.rx_frames, counters.tx_frames
    );
    for (reason, count) in counters.drops() {
        println!("{count:>8} {reason}");
    }
    assert!(counters.rx_frames as usize > FRAMES);
}

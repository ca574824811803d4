//! Streams over bad links: what arrives is what was sent, and both sides close cleanly.

use super::super::*;
use super::pair::{Link, Pair, octet};

/// One direction of a transfer, as its application sees it.
struct Flow {
    from: usize,
    total: u64,
    sent: u64,
    received: u64,
    closed: bool,
    finished: bool,
}

impl Flow {
    fn new(from: usize, total: u64) -> Self {
        Self {
            from,
            total,
            sent: 0,
            received: 0,
            closed: false,
            finished: false,
        }
    }

    fn run(&mut self, pair: &mut Pair) {
        let stream = self.from as u64;
        let seed = pair.seed;
        let tcb = &mut pair.ends[self.from].tcb;
        while self.sent < self.total && tcb.can_send() {
            let (sent, total) = (self.sent, self.total);
            self.sent += tcb
                .send_with(|room| {
                    let len = room.len().min((total - sent) as usize);
                    for (at, slot) in room[..len].iter_mut().enumerate() {
                        *slot = octet(stream, sent + at as u64);
                    }
                    (len, len as u64)
                })
                .unwrap();
        }
        if self.sent == self.total && !self.closed && tcb.state().sends() {
            tcb.close();
            self.closed = true;
        }
        let tcb = &mut pair.ends[1 - self.from].tcb;
        if tcb.is_closed() && tcb.close_reason().is_none() {
            return;
        }
        while tcb.can_recv() {
            let received = self.received;
            self.received += tcb
                .recv_with(|data| {
                    for (at, got) in data.iter().enumerate() {
                        let position = received + at as u64;
                        assert_eq!(*got, octet(stream, position), "seed {seed} at {position}");
                    }
                    (data.len(), data.len() as u64)
                })
                .unwrap();
        }
        if tcb.recv_slice(&mut [0]) == Err(RecvError::Finished) {
            self.finished = true;
        }
    }
}

/// Send `there` octets and `back` octets, close, and wait until all is over. Returns the time in
/// microseconds until both streams were complete.
fn transfer(pair: &mut Pair, there: u64, back: u64) -> u64 {
    let mut flows = [Flow::new(0, there), Flow::new(1, back)];
    let began = pair.now;
    let mut ended = 0;
    pair.run(|pair| {
        for flow in &mut flows {
            flow.run(pair);
        }
        if ended == 0 && flows.iter().all(|flow| flow.finished) {
            ended = pair.now;
        }
        pair.ends
            .iter()
            .all(|end| end.tcb.is_closed() && end.tcb.close_reason().is_some())
    });
    let seed = pair.seed;
    for flow in &flows {
        assert!(flow.finished, "seed {seed}: {pair:?}");
        assert_eq!(flow.received, flow.total, "seed {seed}: {pair:?}");
    }
    for end in &pair.ends {
        assert_eq!(
            end.tcb.close_reason(),
            Some(CloseReason::Finished),
            "seed {seed}: {pair:?}"
        );
    }
    ended - began
}

fn one_way(seed: u64, link: Link, octets: u64) -> (u64, Pair) {
    let mut pair = Pair::client_server(seed, link, 65_536, TcpConfig::DEFAULT);
    let micros = transfer(&mut pair, octets, 0);
    (micros, pair)
}

#[test]
fn clean_link() {
    let (micros, pair) = one_way(1, Link::default(), 4_000_000);
    assert_eq!(pair.ends[0].counters.retransmissions, 0, "{pair:?}");
    // 64 KiB in 10 ms.
    std::println!(
        "clean: {micros} us, {} and {} segments",
        pair.sent[0],
        pair.sent[1]
    );
    assert!(micros < 800_000, "{micros} {pair:?}");
}

#[test]
fn lossy_links() {
    for (loss, octets) in [(10, 4_000_000), (50, 2_000_000), (200, 300_000)] {
        for seed in 0..6 {
            let link = Link {
                loss,
                jitter: 2_000,
                duplicate: 10,
                ..Link::default()
            };
            let (micros, pair) = one_way(seed, link, octets);
            let goodput = octets * 8000 / micros;
            std::println!(
                "loss {loss} seed {seed}: {goodput} kbit/s {:?}",
                pair.ends[0].counters
            );
        }
    }
}

/// Random loss alone: what NewReno can do is MSS / RTT × √(3/2p) (Mathis et al.), here 14 Mbit/s.
#[cfg(feature = "fast-retransmit")]
#[test]
fn one_percent_loss_does_not_collapse() {
    let mut worst = u64::MAX;
    for seed in 0..8 {
        let link = Link {
            loss: 10,
            ..Link::default()
        };
        let mut pair = Pair::client_server(seed, link, 262_144, TcpConfig::DEFAULT);
        let micros = transfer(&mut pair, 4_000_000, 0);
        worst = worst.min(4_000_000 * 8000 / micros);
    }
    std::println!("1 % loss, 10 ms: at least {worst} kbit/s");
    assert!(worst > 4_000, "{worst} kbit/s");
}

#[test]
fn both_directions_at_once() {
    for timestamps in [TimestampUse::Off, TimestampUse::Offer] {
        for seed in 0..8 {
            let link = Link {
                loss: 20,
                jitter: 3_000,
                duplicate: 20,
                ..Link::default()
            };
            let config = TcpConfig {
                timestamps,
                ..TcpConfig::DEFAULT
            };
            let mut pair = Pair::client_server(seed, link, 20_000, config);
            transfer(&mut pair, 500_000, 400_000);
        }
    }
}

/// #41: many times the buffer, with sizes that are no multiples of each other.
#[test]
fn nine_megabytes_through_odd_rings() {
    let mut pair = Pair::client_server(3, Link::default(), 7_919, TcpConfig::DEFAULT);
    transfer(&mut pair, 9_000_000, 0);
}

/// Initial sequence numbers around the wrap, and streams that cross it (#538, #1138).
#[test]
fn sequence_numbers_wrap() {
    for iss in [u32::MAX, u32::MAX - 1, u32::MAX - 20_000, 0, 1] {
        let link = Link {
            loss: 30,
            jitter: 4_000,
            duplicate: 20,
            ..Link::default()
        };
        let mut pair = Pair::client_server(u64::from(iss), link, 16_384, TcpConfig::DEFAULT);
        pair.ends[1].iss = SeqNumber(iss);
        pair.ends[0].iss = SeqNumber(iss);
        pair.connect(0);
        transfer(&mut pair, 100_000, 100_000);
    }
}

/// A segment of half of the buffer or more must not wait for delayed acknowledgments.
#[test]
fn segments_as_large_as_the_buffer_do_not_stall() {
    for buffers in [65_536, 100_000, 131_072] {
        let link = Link {
            delay: 50,
            limit: 64_960,
            ..Link::default()
        };
        let mut pair = Pair::client_server(1, link, buffers, TcpConfig::DEFAULT);
        for end in &mut pair.ends {
            end.mss = Mss(64_960);
        }
        pair.connect(0);
        let micros = transfer(&mut pair, 10_000_000, 0);
        assert!(micros < 100_000, "{buffers}: {micros} us {pair:?}");
    }
}

/// Payload for a device that cuts super-segments.
#[cfg(feature = "tcp-extras")]
#[test]
fn super_segments() {
    let link = Link {
        limit: 30_000,
        ..Link::default()
    };
    let config = TcpConfig {
        super_segment: 30_000,
        ..TcpConfig::DEFAULT
    };
    let mut pair = Pair::client_server(1, link, 65_536, config);
    transfer(&mut pair, 2_000_000, 0);
    assert!(pair.sent[0] < 500, "{pair:?}");
}

#[test]
fn tiny_buffers() {
    for buffers in [1, 2, 3, 10, 100, 1000] {
        let mut pair = Pair::client_server(9, Link::default(), buffers, TcpConfig::DEFAULT);
        transfer(&mut pair, 40 * buffers as u64, 10 * buffers as u64);
    }
}

/// A bottleneck with a short queue: what is lost is lost by us.
#[cfg(feature = "fast-retransmit")]
#[test]
fn bottleneck_is_filled() {
    let link = Link {
        rate: 1_250,
        queue: 12_500 * 2,
        ..Link::default()
    };
    let mut pair = Pair::client_server(1, link, 262_144, TcpConfig::DEFAULT);
    let micros = transfer(&mut pair, 10_000_000, 0);
    let kbit = 10_000_000 * 8000 / micros;
    std::println!(
        "10 Mbit/s bottleneck: {kbit} kbit/s {:?}",
        pair.ends[0].counters
    );
    assert!(kbit > 8_000, "{kbit} {pair:?}");
}

/// Links, buffers and settings at random; more of them with `LITZ_SEEDS` in the environment.
#[test]
fn any_link_and_any_settings() {
    let seeds = std::env::var("LITZ_SEEDS")
        .ok()
        .and_then(|seeds| seeds.parse().ok());
    for seed in 0..seeds.unwrap_or(150) {
        let mut rng = super::pair::Rng(seed);
        let mut one_of = |from: &[u64]| from[rng.below(from.len() as u64) as usize];
        let link = Link {
            delay: one_of(&[10, 1_000, 10_000, 200_000]),
            jitter: one_of(&[0, 0, 500, 20_000]),
            loss: one_of(&[0, 0, 5, 20, 80]),
            duplicate: one_of(&[0, 0, 10, 300]),
            limit: one_of(&[1, 100, 536, 1460, 9_000]) as usize,
            rate: one_of(&[0, 0, 10_000]),
            queue: one_of(&[0, 20_000]),
        };
        let config = TcpConfig {
            timestamps: if one_of(&[0, 1]) == 1 {
                TimestampUse::Offer
            } else {
                TimestampUse::Off
            },
            window_scaling: one_of(&[0, 1]) == 1,
            nagle: one_of(&[0, 1]) == 1,
            super_segment: one_of(&[0, 0, 20_000]) as u32,
            ack_delay: Duration::from_millis(one_of(&[0, 40, 400])),
            initial_window: one_of(&[1, 10]) as u8,
            // Longer than a timeout can become, or the last of it finds nobody.
            time_wait: Duration::from_secs(600),
            data_retries: 30,
            syn_retries: 20,
            syn_ack_retries: 20,
            keep_alive: Some(Duration::from_secs(5)).filter(|_| one_of(&[0, 1]) == 1),
            ..TcpConfig::DEFAULT
        };
        let buffers = one_of(&[7, 700, 3_000, 20_000, 300_000]) as usize;
        let small = buffers < 100 || link.limit < 100;
        let octets = if small {
            300
        } else {
            one_of(&[0, 1, 5_000, 60_000])
        };
        let back = one_of(&[0, 1, octets]);
        let mut pair = Pair::client_server(seed, link, buffers, config);
        for end in &mut pair.ends {
            end.mss = Mss(link.limit.max(48) as u16);
        }
        pair.connect(0);
        transfer(&mut pair, octets, back);
    }
}

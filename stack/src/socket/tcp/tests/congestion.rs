//! Congestion control by itself: CUBIC (RFC 9438) against its equation, HyStart++ (RFC 9406).

use super::super::congestion::{Ack, Congestion, Cubic, cube_root};
use super::super::*;

const MSS: u32 = 1_000;

fn ack(octets: u32, now_us: u32, rtt_us: u32) -> Ack {
    Ack {
        octets,
        mss: MSS,
        now_us,
        smoothed_us: rtt_us,
        rtt_us: Some(rtt_us),
        una: SeqNumber(0),
        nxt: SeqNumber(0),
        burst: 8,
    }
}

#[test]
fn cube_roots() {
    for root in (0..2_642_245_u64).step_by(997).chain([2_642_245]) {
        let cube = root * root * root;
        assert_eq!(u64::from(cube_root(cube)), root);
        if root > 1 {
            assert_eq!(u64::from(cube_root(cube - 1)), root - 1);
        }
    }
    assert_eq!(cube_root(u64::MAX), 2_642_245);
}

/// RFC 9438 §4.2, equations 1 and 2: after a loss at 100 segments the window is 70, is 100 again
/// after K = ∛(30 / 0.4) = 4.217 s, and grows as the curve says.
#[test]
fn cubic_follows_its_curve() {
    let mut congestion = Congestion::new(CongestionControl::Cubic, 100, MSS, SeqNumber(0));
    congestion.set_window(100 * MSS, MSS);
    congestion.on_loss(100 * MSS, MSS);
    congestion.settle(MSS);
    assert_eq!(
        congestion.window(),
        70 * MSS * 1024 / 1024 + 19,
        "0.7 in 1/1024"
    );
    // A long round trip keeps Reno's window below.
    let rtt_us = 400_000;
    let mut now_us = 77_u32;
    let began = now_us;
    while now_us - began < 8_000_000 {
        let window = congestion.window();
        for _ in 0..window / MSS {
            congestion.on_ack(&ack(MSS, now_us, rtt_us));
        }
        now_us += rtt_us;
        let t = f64::from(now_us - began) / 1e6;
        let curve = 0.4 * (t - 4.217_f64).powi(3) + 100.0;
        let is = f64::from(congestion.window()) / f64::from(MSS);
        assert!(
            (is - curve).abs() < 2.0 + curve * 0.03,
            "{t} s: {is}, not {curve}"
        );
    }
}

/// RFC 9438 §4.3: at short round trips it is not slower than Reno.
#[test]
fn cubic_keeps_up_with_reno() {
    let rtt_us = 2_000;
    let mut windows = [CongestionControl::Cubic, CongestionControl::NewReno].map(|which| {
        let mut congestion = Congestion::new(which, 10, MSS, SeqNumber(0));
        congestion.set_window(20 * MSS, MSS);
        congestion.on_loss(20 * MSS, MSS);
        congestion.settle(MSS);
        for round in 0..100 {
            for _ in 0..congestion.window() / MSS {
                congestion.on_ack(&ack(MSS, round * rtt_us, rtt_us));
            }
        }
        congestion.window() / MSS
    });
    windows[0] += 1;
    assert!(windows[0] * 10 > windows[1] * 7, "{windows:?}");
}

/// RFC 9438 §4.7: losses at shrinking windows make room for others.
#[test]
fn cubic_converges_fast() {
    let mut congestion = Congestion::new(CongestionControl::Cubic, 10, MSS, SeqNumber(0));
    for window in [100, 80] {
        congestion.set_window(window * MSS, MSS);
        congestion.on_loss(window * MSS, MSS);
    }
    congestion.settle(MSS);
    // W_max = 80 · 0.85 = 68, and K = ∛((68 − 56) / 0.4) = 3.1 s: it is flat there.
    congestion.on_ack(&ack(MSS, 0, 10_000));
    for _ in 0..200 {
        congestion.on_ack(&ack(MSS, 3_107_000, 1));
    }
    let window = congestion.window() / MSS;
    assert!((64..=70).contains(&window), "{window}");
}

/// RFC 9438 §4.2: silence does not let the window jump.
#[test]
fn cubic_does_not_count_idle_time() {
    let grown = |idle_us: u32| {
        let mut congestion = Congestion::new(CongestionControl::Cubic, 10, MSS, SeqNumber(0));
        congestion.set_window(10 * MSS, MSS);
        congestion.on_loss(10 * MSS, MSS);
        congestion.settle(MSS);
        congestion.on_ack(&ack(MSS, 0, 10_000));
        congestion.on_idle(10, MSS, idle_us);
        congestion.on_ack(&ack(MSS, 10_000 + idle_us, 10_000));
        congestion.window()
    };
    assert_eq!(grown(0), grown(60_000_000));
}

/// RFC 9406 §4.2: longer round trips end slow start, after five careful rounds.
#[test]
fn hystart_ends_slow_start_before_loss() {
    let mut congestion = Congestion::new(CongestionControl::Cubic, 10, MSS, SeqNumber(0));
    let (mut una, mut now_us) = (0_u32, 0);
    let mut rounds = 0;
    let mut rtt_us = 20_000;
    while congestion.is_slow_start() {
        rounds += 1;
        assert!(rounds < 20, "it never ends");
        let window = congestion.window();
        if rounds > 5 {
            rtt_us += 6_000;
        }
        let nxt = SeqNumber(una + 2 * window);
        for _ in 0..window / MSS {
            una += MSS;
            let una = SeqNumber(una);
            congestion.on_ack(&Ack {
                una,
                nxt,
                ..ack(MSS, now_us, rtt_us)
            });
        }
        una = nxt.0;
        now_us += rtt_us;
    }
    assert!((8..=13).contains(&rounds), "{rounds} rounds");
    assert!(congestion.threshold() < 1 << 30);
}

/// Constant round trips do not end it.
#[test]
fn hystart_does_not_stop_without_reason() {
    let mut congestion = Congestion::new(CongestionControl::Cubic, 10, MSS, SeqNumber(0));
    let mut una = 0_u32;
    for round in 0..12 {
        let nxt = SeqNumber(una + congestion.window());
        while una < nxt.0 {
            una += MSS;
            let una = SeqNumber(una);
            let rtt_us = 20_000 + (una.0 * 7 % 3_000);
            congestion.on_ack(&Ack {
                una,
                nxt,
                ..ack(MSS, round, rtt_us)
            });
        }
    }
    assert!(congestion.is_slow_start());
    assert!(congestion.window() > 1_000 * MSS);
}

#[test]
fn sizes_of_algorithms() {
    std::println!(
        "Cubic: {}, all: {}",
        size_of::<Cubic>(),
        size_of::<Congestion>()
    );
    assert!(size_of::<Congestion>() <= 88);
}

//! Half-open connections: RFC 9293 §3.10.7.2 and SYN-RECEIVED in §3.10.7.4.

use super::super::*;
use super::pair::Flying;
use super::rig::{IRS, ISS, acks, at, peer};

const CONFIG: TcpConfig = TcpConfig::DEFAULT;

fn half_open(config: TcpConfig) -> HalfOpen {
    let options = TcpOptionSet {
        mss: Some(1000),
        window_scale: Some(3),
        ..Default::default()
    };
    let syn = peer(-1, 0)
        .no_ack()
        .syn()
        .options(options)
        .window(1234)
        .flying();
    HalfOpen::from_syn(
        &syn.segment(),
        SeqNumber(ISS),
        Instant::ZERO,
        &config,
        Mss(1460),
    )
}

fn reply(verdict: HalfOpenVerdict) -> Flying {
    match verdict {
        HalfOpenVerdict::Reply(out) => Flying::of(&out),
        other => panic!("{other:?}"),
    }
}

#[test]
fn is_at_most_64_octets() {
    std::println!("HalfOpen: {} octets", size_of::<HalfOpen>());
    assert!(size_of::<HalfOpen>() <= 64);
}

#[test]
fn syn_ack_answers_the_syn() {
    let config = TcpConfig {
        receive_window: 1 << 20,
        ..TcpConfig::DEFAULT
    };
    let syn_ack = Flying::of(&half_open(config).syn_ack(Instant::ZERO, &config));
    assert!(syn_ack.flags.syn && syn_ack.flags.ack);
    assert_eq!((at(&syn_ack), acks(&syn_ack)), (-1, 0));
    assert_eq!(syn_ack.options.set().mss, Some(1460));
    assert_eq!(syn_ack.options.set().window_scale, Some(5));
    assert_eq!(syn_ack.window, u16::MAX);
}

/// What was not offered is not answered.
#[test]
fn options_are_answered_only_if_offered() {
    let syn = peer(-1, 0).no_ack().syn().flying();
    let config = TcpConfig {
        timestamps: TimestampUse::Offer,
        ..TcpConfig::DEFAULT
    };
    let half = HalfOpen::from_syn(
        &syn.segment(),
        SeqNumber(ISS),
        Instant::ZERO,
        &config,
        Mss(1460),
    );
    let options = half.syn_ack(Instant::ZERO, &config).options;
    assert_eq!((options.window_scale, options.timestamp), (None, None));
    assert_eq!(options.mss, Some(1460));
}

#[test]
fn ack_completes() {
    let mut half = half_open(TcpConfig::DEFAULT);
    let ack = peer(0, 0).data(b"hi").fin().flying();
    let verdict = half.on_segment(&ack.segment(), Instant::from_millis(10), &CONFIG);
    assert!(matches!(verdict, HalfOpenVerdict::Complete));
}

/// f95b0bf6: an acknowledgment one too low, and others, get `<SEQ=SEG.ACK><CTL=RST>`.
#[test]
fn wrong_ack_is_reset() {
    let mut half = half_open(TcpConfig::DEFAULT);
    for ack in [-1, 1, 100_000] {
        let segment = peer(0, ack).flying();
        let rst = reply(half.on_segment(&segment.segment(), Instant::ZERO, &CONFIG));
        assert!(rst.flags.rst && !rst.flags.ack);
        assert_eq!(at(&rst), ack);
    }
}

#[test]
fn syn_again_gets_the_syn_ack_again() {
    let mut half = half_open(TcpConfig::DEFAULT);
    let syn = peer(-1, 0).no_ack().syn().flying();
    for _ in 0..30 {
        let verdict = half.on_segment(&syn.segment(), Instant::ZERO, &CONFIG);
        assert!(matches!(verdict, HalfOpenVerdict::SynAck));
    }
}

/// RFC 5961 §3.2 and §4.2, and a limit on the answers.
#[test]
fn blind_rst_and_syn_are_challenged() {
    let mut half = half_open(TcpConfig::DEFAULT);
    for segment in [
        peer(5, 0).rst(),
        peer(5, 0).syn(),
        peer(70_000, 0).data(b"x"),
    ] {
        let ack = reply(half.on_segment(&segment.flying().segment(), Instant::ZERO, &CONFIG));
        assert_eq!((at(&ack), acks(&ack)), (0, 0));
        assert!(ack.flags.ack && !ack.flags.rst && !ack.flags.syn);
    }
    let far = peer(-1_000_000, 0).rst().flying();
    assert!(matches!(
        half.on_segment(&far.segment(), Instant::ZERO, &CONFIG),
        HalfOpenVerdict::Drop
    ));
    let storm = peer(7, 0).rst().flying();
    let answered = (0..100)
        .filter(|_| {
            !matches!(
                half.on_segment(&storm.segment(), Instant::ZERO, &CONFIG),
                HalfOpenVerdict::Drop
            )
        })
        .count();
    assert!(answered <= 10, "{answered}");
    let exact = peer(0, 0).rst().flying();
    assert!(matches!(
        half.on_segment(&exact.segment(), Instant::ZERO, &CONFIG),
        HalfOpenVerdict::Refused
    ));
}

#[test]
fn segment_without_ack_is_dropped() {
    let mut half = half_open(TcpConfig::DEFAULT);
    let segment = peer(0, 0).no_ack().data(b"x").flying();
    assert!(matches!(
        half.on_segment(&segment.segment(), Instant::ZERO, &CONFIG),
        HalfOpenVerdict::Drop
    ));
}

#[test]
fn is_given_up_after_its_retries() {
    let mut half = half_open(TcpConfig::DEFAULT);
    let mut now = Instant::ZERO;
    let mut gaps = std::vec::Vec::new();
    loop {
        let due = half.deadline(now, &CONFIG).instant().unwrap();
        gaps.push(due.duration_since(now).total_millis());
        now = due;
        if !half.on_timer(now, &CONFIG) {
            break;
        }
    }
    assert_eq!(gaps, [1000, 2000, 4000, 8000, 16_000, 32_000]);
}

/// The connection takes over what the SYN said, and the round trip of the SYN-ACK.
#[test]
fn establish() {
    let config = TcpConfig::DEFAULT;
    let half = half_open(config);
    let mut tcb = Tcb::new(super::pair::memory(8192), super::pair::memory(8192));
    let now = Instant::from_millis(20);
    tcb.establish(now, &half, &config);
    assert_eq!(tcb.state(), State::Established);
    let mut counters = TcpCounters::default();
    let ack = peer(0, 0).data(b"GET /").window(500).flying();
    tcb.input(now, &ack.segment(), &mut counters);
    let info = tcb.info();
    assert_eq!(info.round_trip, Some(Duration::from_millis(20)));
    assert_eq!(info.send_window, 500 << 3);
    assert_eq!(info.send_mss, 1000);
    let mut data = [0; 10];
    assert_eq!(tcb.recv_slice(&mut data), Ok(5));
    let out = tcb
        .next_segment(now, 1460, &mut SackBlocks::default(), &mut counters)
        .map(|out| Flying::of(&out))
        .unwrap();
    assert_eq!(out.ack, SeqNumber(IRS + 6));
}

/// #1144, #489: whatever the SYN holds, the answer is made without a fault.
#[test]
fn any_syn() {
    let mut rng = super::pair::Rng(5);
    for _ in 0..10_000 {
        let mut syn = peer(-1, 0)
            .no_ack()
            .syn()
            .window(rng.next() as u16)
            .flying();
        syn.seq = SeqNumber(rng.next() as u32);
        syn.flags = TcpFlags::from_raw(rng.next() as u16 & 0x1ff);
        let options = TcpOptionSet {
            mss: Some(rng.next() as u16),
            window_scale: Some(rng.next() as u8),
            timestamp: Some(TcpOptionTimestamp {
                tsval: rng.next() as u32,
                tsecr: rng.next() as u32,
            }),
            ..Default::default()
        };
        syn.options = options.into();
        let now = Instant::from_micros(rng.next() as i64);
        let iss = SeqNumber(rng.next() as u32);
        let config = TcpConfig {
            timestamps: TimestampUse::Offer,
            ..TcpConfig::DEFAULT
        };
        let mut half = HalfOpen::from_syn(&syn.segment(), iss, now, &config, Mss(0));
        let _ = half.syn_ack(Instant::ZERO, &config);
        syn.flags = TcpFlags::from_raw(rng.next() as u16 & 0x1ff);
        half.on_segment(&syn.segment(), now, &CONFIG);
    }
}

/// The SYN-ACK promised more than the buffer that the connection got holds.
#[test]
fn buffer_smaller_than_promised() {
    let config = TcpConfig {
        receive_window: 60_000,
        ..TcpConfig::DEFAULT
    };
    let half = half_open(config);
    let mut tcb = Tcb::new(super::pair::memory(1_000), super::pair::memory(1_000));
    let mut counters = TcpCounters::default();
    tcb.establish(Instant::ZERO, &half, &config);
    let data = peer(0, 0).data(&[3; 1_400]).flying();
    tcb.input(Instant::ZERO, &data.segment(), &mut counters);
    let mut blocks = SackBlocks::default();
    let out = tcb.next_segment(Instant::ZERO, 1460, &mut blocks, &mut counters);
    let out = out.map(|out| Flying::of(&out)).unwrap();
    assert_eq!((acks(&out), out.window), (1_000, 0));
}

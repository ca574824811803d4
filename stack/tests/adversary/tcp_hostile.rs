//! Attacks on a connection that is in use, by somebody who knows its addresses and ports but not
//! its numbers, and by its own peer. The transfer goes on, and nothing grows.

use std::net::Ipv4Addr;

use litz::socket::tcp::{CloseReason, State, TcpConfig};
use litz::time::Duration;
use litz::wire::rt::Array;
use litz::wire::{Icmpv4, Icmpv4DstUnreachable, Nested, SackBlockRepr, SeqNumber, TcpOption};
use litz::{ListenerHandle, SocketCapacity, TcpHandle};

use super::frames::{
    ACK, FIN_ACK, PEER, PEER_V4, RST, RST_ACK, SYN, SYN_ACK, Seg, Sent, V4, ip, packets, tcp,
};
use super::host::{CAPACITY, Host};
use super::tcp_open::{accepted, enter};

const PORT: u16 = 1000;

/// A conversation: the peer says so many octets, the host says the same back.
struct Transfer {
    host: Host,
    listener: ListenerHandle,
    handle: TcpHandle,
    /// What the peer sends next, and what it expects next.
    seq: u32,
    ack: u32,
    /// How many octets went each way.
    said: usize,
    heard: usize,
}

fn octet(at: usize) -> u8 {
    (at % 251) as u8
}

impl Transfer {
    fn begin() -> Self {
        Self::with(CAPACITY, TcpConfig::DEFAULT)
    }

    fn with(capacity: SocketCapacity, config: TcpConfig) -> Self {
        let mut host = Host::with(capacity);
        host.meet(PEER_V4, PEER);
        let listener = host.sockets.tcp_listen_with(80, 8, config).unwrap();
        let ack = enter(&mut host, PORT);
        let handle = accepted(&mut host, listener);
        Self {
            host,
            listener,
            handle,
            seq: 1001,
            ack,
            said: 0,
            heard: 0,
        }
    }

    /// A segment as the peer would send it now.
    fn segment(&self) -> Seg<'static> {
        Seg {
            seq: self.seq,
            ..Seg::ack(PORT, self.ack)
        }
    }

    /// What of some frames is the conversation.
    fn hear(&mut self, frames: Vec<Vec<u8>>) {
        for frame in packets(frames) {
            let (_, _, protocol, _) = ip(&frame);
            if protocol != litz::wire::IpProtocol::Tcp {
                continue;
            }
            let sent = tcp(&frame);
            if sent.dst_port != PORT {
                continue;
            }
            assert!(!sent.flags.rst, "{sent:?}");
            if sent.seq != self.ack {
                continue;
            }
            for value in &sent.payload {
                assert_eq!(*value, octet(self.heard));
                self.heard += 1;
            }
            self.ack = self.ack.wrapping_add(sent.payload.len() as u32);
        }
    }

    /// The peer says a hundred octets and hears them back.
    #[track_caller]
    fn exchange(&mut self) {
        let payload: Vec<u8> = (self.said..self.said + 100).map(octet).collect();
        let frame = V4.tcp(&Seg {
            payload: &payload,
            ..self.segment()
        });
        self.seq = self.seq.wrapping_add(100);
        self.said += 100;
        let frames = self.host.answers(frame);
        self.hear(frames);
        let mut buffer = [0; 1000];
        let mut socket = self.host.sockets.tcp(self.handle).unwrap();
        assert_eq!(socket.state(), State::Established);
        let len = socket.recv_slice(&mut buffer).unwrap();
        assert_eq!(&buffer[..len], payload, "all of it, and nothing else");
        assert_eq!(socket.send_slice(&buffer[..len]), Ok(len));
        let frames = self.host.sent();
        self.hear(frames);
        let ack = V4.tcp(&self.segment());
        let frames = self.host.answers(ack);
        self.hear(frames);
        assert_eq!(self.heard, self.said);
        self.host.now = self.host.now.saturating_add(Duration::from_millis(10));
    }

    /// Frames of an attack: what is sent in answer, counted by kind: all, and resets.
    fn attack(&mut self, frames: impl IntoIterator<Item = Vec<u8>>) -> (usize, usize) {
        let mut answers = (0, 0);
        for frame in frames {
            for sent in packets(self.host.answers(frame)) {
                answers.0 += 1;
                answers.1 += usize::from(tcp(&sent).flags.rst);
            }
        }
        answers
    }
}

/// Numbers that nobody could guess better.
fn numbers() -> impl Iterator<Item = u32> {
    let mut state = 0x9e37_79b9_u32;
    std::iter::repeat_with(move || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state
    })
}

/// RFC 5961 §3: a reset is obeyed at one number only, wherever in the window others land.
#[test]
fn blind_resets() {
    let mut transfer = Transfer::begin();
    for round in 0..20 {
        transfer.exchange();
        let segment = transfer.segment();
        let near = (1..100).map(|at| segment.seq.wrapping_add(at * 30));
        let far = numbers().skip(round * 100).take(100);
        let frames: Vec<_> = near
            .chain(far)
            .filter(|seq| *seq != segment.seq)
            .flat_map(|seq| {
                let segment = Seg { seq, ..segment };
                [RST, RST_ACK].map(|flags| V4.tcp(&segment.flags(flags)))
            })
            .collect();
        let (answers, resets) = transfer.attack(frames);
        assert!(answers <= 10 && resets == 0, "{answers} {resets}");
    }
    transfer.exchange();
}

/// RFC 9293 §3.10.7.2: segments without SYN, ACK and RST (a "Christmas tree" among them) say
/// nothing to a listener, and to a closed port that it is one.
#[test]
fn segments_without_sense() {
    let mut host = Host::new();
    host.sockets.tcp_listen(80, 4).unwrap();
    for (fin, psh, urg) in [
        (false, false, false),
        (true, false, false),
        (true, true, true),
    ] {
        let mut segment = Seg::syn(PORT).payload(b"x");
        segment.flags = litz::wire::TcpFlags {
            fin,
            psh,
            urg,
            ..ACK
        };
        segment.flags.ack = false;
        host.silent(V4.tcp(&segment));
        segment.dst_port = 81;
        assert!(tcp(&host.answer(V4.tcp(&segment))).flags.rst);
    }
}

/// RFC 5961 §4: a SYN opens nothing anew, and closes nothing.
#[test]
fn blind_syns() {
    let mut transfer = Transfer::begin();
    for round in 0..20 {
        transfer.exchange();
        let segment = transfer.segment();
        let here = [segment.seq, segment.seq.wrapping_sub(1)].into_iter();
        let frames: Vec<_> = here
            .chain(numbers().skip(round).take(50))
            .flat_map(|seq| {
                let segment = Seg { seq, ..segment };
                [SYN, SYN_ACK].map(|flags| V4.tcp(&segment.flags(flags)))
            })
            .collect();
        let (answers, resets) = transfer.attack(frames);
        assert!(answers <= 10 && resets == 0, "{answers} {resets}");
    }
    transfer.exchange();
}

/// RFC 5961 §5: data needs an acknowledgment that could be, and FINs are no better.
#[test]
fn blind_data_and_fins() {
    let mut transfer = Transfer::begin();
    transfer.exchange();
    let segment = transfer.segment();
    let frames: Vec<_> = numbers()
        .take(500)
        .filter(|ack| {
            let behind = segment.ack.wrapping_sub(*ack);
            behind > 20_000
        })
        .flat_map(|ack| {
            let forged = Seg { ack, ..segment };
            [
                V4.tcp(&forged.payload(b"forged")),
                V4.tcp(&forged.flags(FIN_ACK)),
            ]
        })
        .collect();
    let (answers, resets) = transfer.attack(frames);
    assert!(answers <= 10 && resets == 0, "{answers} {resets}");
    transfer.exchange();
}

/// Acknowledgments of what was never sent move nothing (Savage et al., "optimistic ACKing").
#[test]
fn optimistic_acknowledgments() {
    let mut transfer = Transfer::begin();
    transfer.exchange();
    let window = |transfer: &mut Transfer| {
        let socket = transfer.host.sockets.tcp(transfer.handle).unwrap();
        socket.info().unwrap().congestion_window
    };
    let before = window(&mut transfer);
    let segment = transfer.segment();
    let frames: Vec<_> = (1..500)
        .map(|ahead| {
            let ack = segment.ack.wrapping_add(ahead * 1460);
            V4.tcp(&Seg { ack, ..segment })
        })
        .collect();
    let (answers, _) = transfer.attack(frames);
    assert!(answers <= 10, "{answers}");
    assert_eq!(window(&mut transfer), before);
    transfer.exchange();
}

/// One segment acknowledged octet by octet opens the window no more than at once (RFC 3465).
#[test]
fn divided_acknowledgments() {
    let grown = |parts: u32| {
        let mut transfer = Transfer::with(
            SocketCapacity {
                tcp_tx: 65_536,
                ..CAPACITY
            },
            TcpConfig::DEFAULT,
        );
        let data = vec![0; 4_000];
        let mut socket = transfer.host.sockets.tcp(transfer.handle).unwrap();
        assert_eq!(socket.send_slice(&data), Ok(4_000));
        transfer.host.sent();
        let segment = transfer.segment();
        for part in 1..=parts {
            let ack = segment.ack.wrapping_add(4_000 * part / parts);
            transfer.host.answers(V4.tcp(&Seg { ack, ..segment }));
        }
        let socket = transfer.host.sockets.tcp(transfer.handle).unwrap();
        socket.info().unwrap().congestion_window
    };
    assert!(grown(4_000) <= grown(1), "{} {}", grown(4_000), grown(1));
}

/// The window goes to zero and back in the midst of data.
#[test]
fn windows_that_close_and_open() {
    let mut transfer = Transfer::begin();
    for window in [0, 1, 0, 10, 0, 65_535, 0, 8192] {
        let segment = transfer.segment();
        let frame = V4.tcp(&Seg { window, ..segment });
        transfer.attack([frame]);
        transfer.exchange();
    }
}

/// Selective acknowledgments of the impossible: reversed, empty, beyond what was sent, of long ago.
#[test]
fn absurd_selective_acknowledgments() {
    let mut transfer = Transfer::begin();
    transfer.exchange();
    let segment = transfer.segment();
    let block = |left: i64, right: i64| SackBlockRepr {
        left: SeqNumber(segment.ack.wrapping_add(left as u32)),
        right: SeqNumber(segment.ack.wrapping_add(right as u32)),
    };
    for blocks in [
        [block(100, 0), block(0, 0)],
        [block(0, 1 << 31), block(-(1 << 30), 1 << 30)],
        [block(1, 1_000_000), block(5_000, 6_000)],
        [block(-50, -10), block(-1_000_000, -900_000)],
    ] {
        let options = [TcpOption::Sack {
            blocks: Array::from_values(&blocks),
        }];
        let frame = V4.tcp(&Seg {
            options: &options,
            ..segment
        });
        transfer.attack([frame]);
    }
    transfer.exchange();
}

/// Segments of one octet with a gap after each: only so many are kept, and what is in order comes
/// through.
#[test]
fn gaps_without_end() {
    let mut transfer = Transfer::begin();
    for _ in 0..5 {
        transfer.exchange();
        let segment = transfer.segment();
        let frames: Vec<_> = (0..1_000)
            .map(|gap| {
                // What is kept is what the peer will say there.
                let at = 101 + gap * 2;
                let value = [octet(transfer.said + at as usize)];
                V4.tcp(&Seg {
                    seq: segment.seq.wrapping_add(at),
                    payload: &value,
                    ..segment
                })
            })
            .collect();
        transfer.attack(frames);
        // The rest of the gaps is filled in order.
        let payload: Vec<u8> = (transfer.said..transfer.said + 2_200).map(octet).collect();
        for (part, at) in payload.chunks(100).zip((0..).step_by(100)) {
            let frame = V4.tcp(&Seg {
                seq: segment.seq.wrapping_add(at),
                payload: part,
                ..segment
            });
            transfer.host.answers(frame);
        }
        let mut buffer = [0; 3_000];
        let mut socket = transfer.host.sockets.tcp(transfer.handle).unwrap();
        assert_eq!(socket.recv_slice(&mut buffer), Ok(2_200));
        assert_eq!(&buffer[..2_200], payload);
        transfer.seq = transfer.seq.wrapping_add(2_200);
        // The conversation counts both ways alike.
        assert_eq!(socket.send_slice(&payload), Ok(2_200));
        transfer.said += 2_200;
        let frames = transfer.host.sent();
        transfer.hear(frames);
        let ack = V4.tcp(&transfer.segment());
        let frames = transfer.host.answers(ack);
        transfer.hear(frames);
    }
    transfer.exchange();
}

/// RFC 5927: reports from somebody who does not know what is in flight.
#[test]
fn forged_reports() {
    let mut transfer = Transfer::begin();
    transfer.exchange();
    let segment = transfer.segment();
    for seq in numbers().take(200) {
        if segment.ack.wrapping_sub(seq) < 5_000 || seq.wrapping_sub(segment.ack) < 5_000 {
            continue;
        }
        let quoted = Seg {
            src_port: 80,
            dst_port: PORT,
            seq,
            ..segment
        };
        let path = V4.from(super::host::OWN_V4).to(PEER_V4);
        let quote = path.packet(litz::wire::IpProtocol::Tcp, &path.tcp_segment(&quoted));
        for reason in [
            Icmpv4DstUnreachable::PortUnreachable,
            Icmpv4DstUnreachable::FragRequired,
        ] {
            let message = Icmpv4::DstUnreachable {
                reason,
                next_hop_mtu: 300,
                invoking: Nested::new(&quote),
            };
            assert!(transfer.host.answers(V4.icmpv4(&message)).is_empty());
        }
    }
    let socket = transfer.host.sockets.tcp(transfer.handle).unwrap();
    assert_eq!(socket.network_error(), None);
    assert_eq!(socket.info().unwrap().send_mss, 536);
    assert!(transfer.host.sockets.tcp_counters().bad_reports > 100);
    transfer.exchange();
}

/// Ten thousand SYNs in a second from everywhere, eight places in the backlog: a client that comes
/// is served at once, and the conversation goes on.
#[test]
fn new_clients_are_served_during_a_syn_flood() {
    let capacity = SocketCapacity {
        tcp: 64,
        half_open: 8,
        ..CAPACITY
    };
    let mut transfer = Transfer::with(capacity, TcpConfig::DEFAULT);
    let mut sources = numbers();
    let (mut served, mut answered) = (0, 0_usize);
    for millis in 0..3_000_u32 {
        for _ in 0..10 {
            let number = sources.next().unwrap();
            let [a, b, c, d] = number.to_be_bytes();
            let source = Ipv4Addr::new(11 + a % 100, b, c, d.max(1));
            let syn = Seg {
                seq: number,
                ..Seg::syn(1024 + (number >> 8) as u16 % 60_000)
            };
            transfer.host.wire.rx.push_back(V4.from(source).tcp(&syn));
        }
        while transfer.host.poll().more {}
        answered += transfer.host.wire.tx.drain(..).count();
        if millis % 50 == 0 {
            transfer.exchange();
        }
        if millis % 100 == 7 {
            let port = 20_000 + (millis / 100) as u16;
            let answer: Vec<Sent> = packets(transfer.host.answers(V4.tcp(&Seg::syn(port))))
                .iter()
                .map(|frame| tcp(frame))
                .filter(|sent| sent.dst_port == port)
                .collect();
            assert_eq!(answer.len(), 1, "after {millis} ms");
            let hello = Seg::ack(port, answer[0].seq.wrapping_add(1)).payload(b"hello");
            transfer.host.answers(V4.tcp(&hello));
            let handle = accepted(&mut transfer.host, transfer.listener);
            let mut buffer = [0; 8];
            let mut socket = transfer.host.sockets.tcp(handle).unwrap();
            assert_eq!(socket.recv_slice(&mut buffer), Ok(5));
            socket.abort();
            transfer.host.sockets.tcp_release(handle).unwrap();
            transfer.host.sent();
            served += 1;
        }
        transfer.host.now = transfer.host.now.saturating_add(Duration::from_millis(1));
    }
    assert_eq!(served, 30);
    assert!(answered > 25_000, "{answered}");
    let counters = transfer.host.sockets.tcp_counters();
    assert!(counters.cookies_accepted >= 29, "{counters:?}");
}

/// Peers that take nothing ("sockstress"): connections that were let go of end all the same, and
/// their slots are free.
#[test]
fn peers_that_take_nothing_do_not_hold_slots() {
    let mut host = Host::new();
    host.meet(PEER_V4, PEER);
    let listener = host.sockets.tcp_listen(80, 8).unwrap();
    for port in 1000..1004 {
        let ack = enter(&mut host, port);
        let closed = Seg {
            window: 0,
            ..Seg::ack(port, ack)
        };
        host.silent(V4.tcp(&closed));
        let handle = accepted(&mut host, listener);
        let mut socket = host.sockets.tcp(handle).unwrap();
        assert_eq!(socket.send_slice(b"unwanted"), Ok(8));
        host.sockets.tcp_release(handle).unwrap();
    }
    let mut resets = 0;
    for _ in 0..2_000 {
        let Some(at) = host.poll_at().instant() else {
            break;
        };
        host.now = at;
        let mut frames = host.sent();
        while let Some(frame) = frames.pop() {
            if super::frames::arp(&frame).is_some() {
                frames.extend(host.answers(super::frames::arp_reply(PEER_V4, PEER)));
                continue;
            }
            let sent = tcp(&frame);
            resets += usize::from(sent.flags.rst);
            if !sent.flags.rst {
                // The peer answers every probe, and takes nothing.
                let closed = Seg {
                    window: 0,
                    ..Seg::ack(sent.dst_port, sent.seq)
                };
                frames.extend(host.answers(V4.tcp(&closed)));
            }
        }
    }
    assert_eq!(resets, 4, "the peers are told");
    for port in 2000..2004 {
        enter(&mut host, port);
        accepted(&mut host, listener);
    }
}

/// A connection that the application holds ends with the time that it gives.
#[test]
fn a_user_timeout_ends_what_takes_nothing() {
    let config = TcpConfig {
        user_timeout: Some(Duration::from_secs(30)),
        ..TcpConfig::DEFAULT
    };
    let mut transfer = Transfer::with(CAPACITY, config);
    let closed = Seg {
        window: 0,
        ..transfer.segment()
    };
    transfer.host.answers(V4.tcp(&closed));
    let mut socket = transfer.host.sockets.tcp(transfer.handle).unwrap();
    assert_eq!(socket.send_slice(b"unwanted"), Ok(8));
    transfer.host.sent();
    for _ in 0..10 {
        transfer.host.pass(Duration::from_secs(4));
        transfer.host.answers(V4.tcp(&closed.flags(ACK)));
    }
    let socket = transfer.host.sockets.tcp(transfer.handle).unwrap();
    assert_eq!(socket.close_reason(), Some(CloseReason::TimedOut));
}

/// RFC 5961 §7: half-open connections, too, answer no more together than the host's limit lets
/// them.
#[test]
fn challenges_of_half_open_connections_are_limited_together() {
    let capacity = SocketCapacity {
        half_open: 250,
        ..CAPACITY
    };
    let mut host = Host::with(capacity);
    host.meet(PEER_V4, PEER);
    host.sockets.tcp_listen(80, 250).unwrap();
    for port in 2_000..2_250 {
        host.answer(V4.tcp(&Seg::syn(port)));
    }
    let mut answers = 0;
    for round in 0..8 {
        for port in 2_000..2_250 {
            let other = Seg {
                seq: 5_000 + round,
                ..Seg::syn(port)
            };
            answers += host.answers(V4.tcp(&other)).len();
        }
    }
    assert!((500..=1_012).contains(&answers), "{answers}");
    let counters = host.sockets.tcp_counters();
    assert_eq!(answers as u32 + counters.challenge_acks_limited, 2_000);
}

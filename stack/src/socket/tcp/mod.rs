//! TCP (RFC 9293): the engine of one connection, without addresses, devices, or memory of its own.
//!
//! A [`Tcb`] is fed segments and time and asked what to send; a [`HalfOpen`] is what a listener
//! keeps of a SYN until the handshake is done. Neither knows its 4-tuple: that is their owner's
//! business, as are checksums, ports and finding the connection that a segment is for.
//!
//! # Driving a connection
//! - A segment arrives: [`Tcb::input`]. Its [`Reply`] goes out at once.
//! - [`Tcb::deadline`] has come: [`Tcb::on_timer`].
//! - After either, and after calls of the application: while [`Tcb::wants_transmit`], ask
//!   [`Tcb::next_segment`] with a transmit buffer in hand; what it gives counts as sent.
//! - A SYN for a listener: [`HalfOpen::from_syn`]; its segments go to [`HalfOpen::on_segment`]
//!   until that says [`HalfOpenVerdict::Complete`]; then [`Tcb::establish`], and the segment to
//!   [`Tcb::input`].
//! - A segment for nobody: [`reset::reset_for`].
//!
//! ```
//! use litz::socket::tcp::{Mss, SackBlocks, SeqNumber, State, Tcb, TcpConfig, TcpCounters};
//! use litz::time::Instant;
//!
//! let (mut rx, mut tx) = ([0; 4096], [0; 4096]);
//! let mut tcb = Tcb::new(&mut rx, &mut tx);
//! let (now, mut counters) = (Instant::ZERO, TcpCounters::default());
//! tcb.connect(now, SeqNumber(1), &TcpConfig::DEFAULT, Mss(1460));
//! assert_eq!(tcb.state(), State::SynSent);
//! let mut blocks = SackBlocks::default();
//! let syn = tcb.next_segment(now, 1460, &mut blocks, &mut counters).unwrap();
//! assert!(syn.flags.syn && syn.options.mss == Some(1460));
//! ```
//!
//! # Smaller builds
//! Without the feature `sack` there is no selective acknowledgment and nothing that builds on it:
//! losses are found by duplicate acknowledgments and timeouts (NewReno). Without `fast-retransmit`,
//! which `sack` needs, they are found by timeouts alone, and what was sent after a loss is sent
//! again. Without `pipeline`, which that needs in turn, one segment is on its way at a time.
//! Without `out-of-order` what comes after a gap is not kept. Without `window-scale` windows are of
//! 65,535 octets at most. Without `cubic` growth is NewReno's, too. Without `tcp-config` every
//! setting is its default. Without `tcp-extras` there are no timestamps, no explicit congestion
//! notification, no keep-alive, no pacing, no Minshall's rule, no super-segments, no search for
//! larger segments, and nobody is told of urgent data. Each lends itself to be left out; with all
//! of them a connection takes 512 octets on a 32-bit machine, without any 192, buffers apart.
//!
//! # Conformance
//! The tests in `tests/` beside this file are named after the rules. Requirement by requirement of
//! RFC 9293: [`conformance`].
//!
//! | what | where | done |
//! |---|---|---|
//! | states and transitions | RFC 9293 §3.3.2 | as a table, `state.rs`; LISTEN is the owner's |
//! | active open, simultaneous open | §3.5, §3.10.1 | yes |
//! | passive open, SYN-RECEIVED | §3.10.7.2, §3.10.7.4 | [`HalfOpen`] or [`Tcb`]; drops data |
//! | segment arrival, each step | §3.10.7 | yes; RST and SYN judged before the window |
//! | trimming at both edges, out-of-order data | §3.10.7.4 | yes, as memory allows |
//! | data with an old acknowledgment | §3.10.7.4 | taken |
//! | closing, crossed and half | §3.6, §3.10.4 | yes; in SYN-SENT with data queued it waits |
//! | data for a closed application | §3.6.1 | RST, after [`Tcb::close_and_forget`] |
//! | abort | §3.10.5 | yes |
//! | TIME-WAIT, reuse by a SYN | §3.6.1, RFC 6191 | 60 s; by [`Tcb::accepts_reopen`] |
//! | resets for no connection | §3.5.2, §3.10.7.1 | yes |
//! | maximum segment size | §3.7.1, RFC 6691 | yes; ≥ 48; 536, over IPv6 1220, if the peer is
//! silent |
//! | Nagle's rule | §3.7.4 | yes, in Minshall's variant; RFC 896 on request, or off; cork |
//! | retransmission give-up (R2) | §3.8.3 | yes, for SYN and data; at R1 the neighbor is asked |
//! | keep-alive | §3.8.4 | yes, off by default |
//! | urgent data | §3.8.5 | received: it stays in the stream, and its end is told; not sent
//! (SHLD-13) |
//! | zero-window probes | §3.8.6.1 | yes |
//! | silly windows, both sides | §3.8.6.2 | yes |
//! | delayed acknowledgments | §3.8.6.3 | yes, 40 ms, every second segment; each one after a gap |
//! | user timeout | §3.9.1, RFC 5482 | locally; the option is not sent |
//! | slow start, avoidance, fast retransmit, idle restart | RFC 5681 | yes, NewReno on request |
//! | initial window of ten segments | RFC 6928 | yes |
//! | appropriate byte counting | RFC 3465 | yes, L = 8 |
//! | limited transmit | RFC 3042 | yes |
//! | NewReno recovery | RFC 6582 | with peers that have no SACK |
//! | retransmission timer | RFC 6298 | yes, in µs; minimum 200 ms, where the RFC says 1 s |
//! | window scale | RFC 7323 §2 | yes |
//! | timestamps, PAWS | RFC 7323 §3–5 | yes; accepted, and offered if told to |
//! | blind resets, SYNs and data | RFC 5961 | yes; few challenges per connection and per host |
//! | assassination of TIME-WAIT | RFC 1337 | prevented: no RST is obeyed there |
//! | initial sequence numbers | RFC 6528 | [`isn`] |
//! | port randomization | RFC 6056 | helpers for algorithms 3 and 4 in [`isn`] |
//! | selective acknowledgment, sent | RFC 2018, RFC 2883 | yes, on segments without data |
//! | selective acknowledgment, acted on | RFC 6675 | yes, as many runs as there is memory for |
//! | losses by time, tail loss probes | RFC 8985 | with SACK; minimum RTT of five minutes |
//! | proportional rate reduction | RFC 6937 | yes, with the slow start reduction bound |
//! | CUBIC | RFC 9438 | yes, the default, in integers |
//! | HyStart++ | RFC 9406 | yes, in the first slow start |
//! | recovery taken back | RFC 3522, RFC 3708, RFC 5682 | by timestamps, D-SACK, F-RTO with SACK |
//! | pacing | RFC 9406 §4.3, RFC 6928 §4 | on request; off by default |
//! | explicit congestion notification | RFC 3168 | accepted by default, offered on request |
//! | errors from ICMP, path MTU | RFC 5927, RFC 1191, RFC 8201 | yes |
//! | black holes, larger sizes | RFC 4821 | smaller after three timeouts; sizes between are
//! searched |
//! | SYN cookies | RFC 4987 | yes, [`SynCookies`] |
//! | fast open | RFC 7413 | no |

pub mod conformance;
pub mod isn;
pub mod reset;

mod app;
#[cfg_attr(not(feature = "out-of-order"), path = "absent/gaps.rs")]
#[cfg_attr(
    all(not(feature = "sack"), feature = "out-of-order"),
    path = "absent/assembler.rs"
)]
mod assembler;
#[cfg_attr(not(feature = "inline"), path = "absent/buffer.rs")]
mod buffer;
mod challenge;
mod clock;
mod config;
#[cfg_attr(not(feature = "pipeline"), path = "absent/congestion.rs")]
mod congestion;
mod control;
mod cookie;
mod counters;
mod delivery;
#[cfg_attr(not(feature = "sack"), path = "absent/doubts.rs")]
#[cfg(feature = "fast-retransmit")]
mod doubts;
#[cfg_attr(not(feature = "tcp-extras"), path = "absent/ecn.rs")]
mod ecn;
mod error;
#[cfg_attr(not(feature = "tcp-extras"), path = "absent/extras.rs")]
mod extras;
mod half_open;
mod info;
mod input;
#[cfg_attr(not(feature = "tcp-extras"), path = "absent/keep_alive.rs")]
mod keep_alive;
mod memory;
mod on_timer;
mod options;
mod output;
#[cfg_attr(not(feature = "tcp-extras"), path = "absent/pace.rs")]
mod pace;
mod path;
#[cfg_attr(not(feature = "sack"), path = "absent/rack.rs")]
mod rack;
#[cfg_attr(not(feature = "sack"), path = "absent/rate.rs")]
#[cfg(feature = "fast-retransmit")]
mod rate;
#[cfg_attr(not(feature = "fast-retransmit"), path = "absent/recovery.rs")]
mod recovery;
mod reopen;
mod rtt;
#[cfg_attr(not(feature = "sack"), path = "absent/sack.rs")]
mod sack;
#[cfg_attr(not(feature = "window-scale"), path = "absent/scale.rs")]
mod scale;
#[cfg_attr(not(feature = "fast-retransmit"), path = "absent/flight.rs")]
#[cfg_attr(
    all(not(feature = "sack"), feature = "fast-retransmit"),
    path = "absent/scoreboard.rs"
)]
mod scoreboard;
#[cfg_attr(not(feature = "tcp-extras"), path = "absent/search.rs")]
mod search;
mod segment;
mod seq;
#[cfg_attr(not(feature = "tcp-extras"), path = "absent/sizes.rs")]
mod sizes;
#[cfg_attr(not(feature = "tcp-extras"), path = "absent/stamps.rs")]
mod stamps;
mod state;
#[cfg_attr(not(feature = "sack"), path = "absent/tail.rs")]
mod tail;
mod tcb;
mod time_wait;
mod timer;
#[cfg(not(feature = "sack"))]
#[path = "absent/unreported.rs"]
mod unreported;
#[cfg_attr(not(feature = "tcp-extras"), path = "absent/urgent.rs")]
mod urgent;
mod window;

pub use assembler::Assembler;
pub use buffer::Ring;
pub(crate) use config::Traffic;
pub use config::{EcnUse, TcpConfig, TimestampUse};
pub use control::CongestionControl;
pub use cookie::SynCookies;
pub use counters::TcpCounters;
pub(crate) use counters::count;

pub use error::{CloseReason, RecvError, SendError};
pub(crate) use half_open::{GONE, REFUSED, SEND, UNDECIDED};
pub use half_open::{HalfOpen, HalfOpenVerdict};
pub use info::TcpInfo;
pub(crate) use input::Verified;
pub use memory::TcpMemory;
pub use path::NetworkError;
pub use sack::SackBlocks;
pub use scale::WindowScale;
pub use scoreboard::SentRange;
pub use segment::{Outgoing, Reply, Segment};
pub(crate) use segment::{READS_ALL, known};
pub use seq::{SeqNumber, SeqRange};
pub(crate) use state::Fate;
pub use state::{Event, State};
pub use tcb::Tcb;
pub(crate) use time_wait::{TimeWait, TimeWaitVerdict};
pub use timer::Timer;
pub(crate) use timer::deadline;
pub use window::Mss;

use litz_hal::time::{Deadline, Duration, Instant};
use litz_wire::{TcpFlags, TcpOptionSet, TcpOptionTimestamp};

#[cfg(test)]
mod tests;

//! Air for several processes: frames of 802.15.4 in UDP datagrams of the ZigBee Encapsulation
//! Protocol, version 2, port 17754, as Wireshark reads them. Every [`ZepRadio`] talks to a
//! [`ZepHub`], which passes each frame on to all others.
//!
//! A process is no radio: it cannot answer within 192 µs. So this radio does back-offs,
//! acknowledgments and retries itself, with a time-out of its own ([`ACK_TIMEOUT`]); there is no
//! carrier to sense, and frames do not collide.

mod crc;
mod hub;

pub use hub::ZepHub;

use std::collections::{HashSet, VecDeque};
use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::vec::Vec;

use litz_wire::{FrameType, MacAddress, NtpTimestamp, ZepEnd, ZepV2Packet, ZepV2Repr};

use crate::mac::head::{DATA_REQUEST, Head};
use crate::prng::{Chance, Prng};
use crate::radio::{
    MAX_FRAME, PendingFor, Radio, RadioCapabilities, RadioConfig, RadioError, RadioEvent, RxInfo,
    Transmit, TxOutcome, timing,
};
use crate::time::{Deadline, Duration, Instant};

/// The UDP port of ZEP.
pub const PORT: u16 = 17_754;

/// How long the acknowledgment of another process may take the first time; twice as long each time
/// that a frame is sent again. On a busy machine a process may not run for a tenth of a second, and
/// a frame that is lost for that is none that an air would lose.
pub const ACK_TIMEOUT: Duration = Duration::from_millis(40);

/// Strength in dBm with which every frame is heard, and that of a channel without any.
const SIGNAL: i8 = -50;
const NOISE: i8 = -100;
/// Frames that are kept until they are fetched.
const KEPT: usize = 32;
/// Octets of the longest datagram that is looked at.
const DATAGRAM: usize = 32 + 127;

/// A frame that is sent until it is acknowledged.
#[derive(Debug)]
struct Sending {
    frame: Vec<u8>,
    head: Head,
    until: Instant,
    retries: u8,
    left: u8,
}

/// A radio whose air is UDP.
#[derive(Debug)]
pub struct ZepRadio {
    socket: UdpSocket,
    sequence: u32,
    config: Option<RadioConfig>,
    awake: bool,
    sending: Option<Sending>,
    events: VecDeque<RadioEvent>,
    frames: VecDeque<(Vec<u8>, RxInfo)>,
    pending: HashSet<PendingFor>,
    /// Frames that the layer above can take.
    room: usize,
    /// When it was last polled.
    now: Instant,
    /// Until when energy is looked for, and the strongest found.
    energy: Option<(Instant, i8)>,
    loss: Chance,
    prng: Prng,
}

impl ZepRadio {
    /// A radio at the hub with this address. Each frame, acknowledgments too, is lost on reception
    /// with the chance `loss`, as the seed decides.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn open(hub: SocketAddr, loss: Chance, seed: u64) -> io::Result<Self> {
        let any: SocketAddr = match hub {
            SocketAddr::V4(_) => (std::net::Ipv4Addr::UNSPECIFIED, 0).into(),
            SocketAddr::V6(_) => (std::net::Ipv6Addr::UNSPECIFIED, 0).into(),
        };
        let socket = UdpSocket::bind(any)?;
        socket.connect(hub)?;
        socket.set_nonblocking(true)?;
        // The hub learns of us by any datagram; one that is no frame disturbs nobody.
        socket.send(&[])?;
        Ok(Self {
            socket,
            sequence: 0,
            config: None,
            awake: false,
            sending: None,
            events: VecDeque::new(),
            frames: VecDeque::new(),
            pending: HashSet::new(),
            room: KEPT,
            now: Instant::ZERO,
            energy: None,
            loss,
            prng: Prng::new(seed),
        })
    }

    /// The socket, to wait for.
    #[must_use]
    pub const fn socket(&self) -> &UdpSocket {
        &self.socket
    }

    /// Put a frame on the air.
    fn put(&mut self, frame: &[u8]) {
        let Some(config) = self.config else {
            return;
        };
        self.sequence = self.sequence.wrapping_add(1);
        let repr = ZepV2Repr {
            channel: config.channel.number(),
            device: config.short_addr.0,
            fcs_kept: ZepEnd::Crc,
            lqi: 255,
            timestamp: NtpTimestamp::default(),
            sequence: self.sequence,
            payload_len: frame.len().saturating_add(timing::FCS),
        };
        let mut datagram = [0; DATAGRAM];
        let Some(room) = datagram.get_mut(..repr.buffer_len()) else {
            return;
        };
        let Ok(body) = repr.emit(room) else {
            return;
        };
        let octets = frame.iter().copied().chain(crc::fcs(frame));
        body.iter_mut()
            .zip(octets)
            .for_each(|(to, from)| *to = from);
        // Air gives no receipt either: what the kernel refuses is lost.
        let _ = self.socket.send(room);
    }

    /// The frame in a datagram, if it is one on our channel and intact.
    fn take<'d>(&mut self, datagram: &'d [u8]) -> Option<(&'d [u8], u8)> {
        let packet = ZepV2Packet::new_checked(datagram).ok()?;
        let config = self.config?;
        if packet.channel() != config.channel.number() || !self.awake {
            return None;
        }
        if let Some((_, strongest)) = &mut self.energy {
            *strongest = SIGNAL;
        }
        let (frame, fcs) = packet.payload().split_last_chunk::<2>()?;
        let intact = packet.fcs_kept() != ZepEnd::Crc || *fcs == crc::fcs(frame);
        let fits = (3..=MAX_FRAME).contains(&frame.len());
        (intact && fits && !self.prng.happens(self.loss)).then_some((frame, packet.lqi()))
    }

    fn heard(&mut self, now: Instant, frame: &[u8], lqi: u8) {
        let (Some(config), Some(head)) = (self.config, Head::parse(frame)) else {
            return;
        };
        let mut acked = None;
        if !config.promiscuous {
            if head.frame_type == FrameType::Ack {
                return self.acknowledged(&head, frame.len(), &config);
            }
            if !head.is_for(&config) {
                return;
            }
            let asked = config.auto_ack && head.wants_ack();
            if asked && self.frames.len() >= self.room.min(KEPT) {
                // It comes again.
                return;
            }
            if asked {
                let asks = head.command == Some(DATA_REQUEST);
                let pending = asks && station(head.src).is_some_and(|s| self.pending.contains(&s));
                acked = Some(pending);
                let mut ack = [0; MAX_FRAME];
                let len = head.write_ack(pending, &mut ack).unwrap_or(0);
                self.put(ack.get(..len).unwrap_or_default());
            }
        }
        if self.frames.len() >= KEPT {
            return;
        }
        let span = timing::OCTET.saturating_mul(frame.len() as u64);
        let info = RxInfo {
            len: frame.len(),
            rssi: SIGNAL,
            lqi,
            timestamp: now.saturating_sub(span),
            acked,
        };
        self.frames.push_back((frame.to_vec(), info));
        self.events.push_back(RadioEvent::Received);
    }

    fn acknowledged(&mut self, ack: &Head, len: usize, config: &RadioConfig) {
        let fits = |sending: &mut Sending| sending.head.is_acked_by(ack, len, config);
        if let Some(sending) = self.sending.take_if(fits) {
            self.done(TxOutcome::Acked {
                frame_pending: ack.frame_pending,
                retries: sending.retries.saturating_sub(sending.left),
            });
        }
    }

    fn done(&mut self, outcome: TxOutcome) {
        self.events.push_back(RadioEvent::Transmitted(outcome));
    }

    /// Send again what was not acknowledged in time.
    fn run_timer(&mut self, now: Instant) {
        let Some(mut sending) = self.sending.take_if(|sending| sending.until <= now) else {
            return;
        };
        let Some(left) = sending.left.checked_sub(1) else {
            return self.done(TxOutcome::NoAck);
        };
        sending.left = left;
        let again = sending.retries.saturating_sub(left);
        sending.until = now.saturating_add(ACK_TIMEOUT.doubled(again.into()));
        self.put(&sending.frame);
        self.sending = Some(sending);
    }
}

/// A station as the table of pending frames names it.
const fn station(addr: MacAddress) -> Option<PendingFor> {
    match addr {
        MacAddress::Short(addr) => Some(PendingFor::Short(addr)),
        MacAddress::Extended(addr) => Some(PendingFor::Extended(addr)),
        MacAddress::Absent => None,
    }
}

impl Radio for ZepRadio {
    fn capabilities(&self) -> RadioCapabilities {
        RadioCapabilities {
            filter: true,
            auto_ack: true,
            csma: true,
            retries: true,
            ..RadioCapabilities::default()
        }
    }

    fn configure(&mut self, _: Instant, config: &RadioConfig) -> Result<(), RadioError> {
        self.config = Some(*config);
        self.sending = None;
        self.energy = None;
        Ok(())
    }

    fn wake(&mut self, _: Instant) -> Result<(), RadioError> {
        self.awake = true;
        Ok(())
    }

    fn sleep(&mut self, _: Instant) -> Result<(), RadioError> {
        if self.sending.is_some() {
            return Err(RadioError::Busy);
        }
        self.awake = false;
        self.frames.clear();
        Ok(())
    }

    fn transmit(&mut self, now: Instant, order: Transmit<'_>) -> Result<(), RadioError> {
        if !self.awake {
            return Err(RadioError::Asleep);
        }
        if self.sending.is_some() {
            return Err(RadioError::Busy);
        }
        let head = Head::parse(order.frame).filter(|_| order.frame.len() <= MAX_FRAME);
        let head = head.ok_or(RadioError::TooLong)?;
        self.put(order.frame);
        if head.wants_ack() {
            self.sending = Some(Sending {
                frame: order.frame.to_vec(),
                head,
                until: now.saturating_add(ACK_TIMEOUT),
                retries: order.retries,
                left: order.retries,
            });
        } else {
            self.done(TxOutcome::Sent(now));
        }
        Ok(())
    }

    fn start_cca(&mut self, _: Instant) -> Result<(), RadioError> {
        self.events.push_back(RadioEvent::Cca { clear: true });
        Ok(())
    }

    fn detect_energy(&mut self, _: Instant, until: Instant) -> Result<(), RadioError> {
        if !self.awake {
            return Err(RadioError::Asleep);
        }
        self.energy = Some((until, NOISE));
        Ok(())
    }

    fn poll(&mut self, now: Instant) -> Option<RadioEvent> {
        self.now = now;
        let mut datagram = [0; DATAGRAM];
        while self.events.len() < KEPT {
            // An error other than "nothing there" is one of an earlier datagram of ours.
            let Ok(len) = self.socket.recv(&mut datagram) else {
                break;
            };
            let octets = datagram.get(..len).unwrap_or_default();
            if let Some((frame, lqi)) = self.take(octets) {
                self.heard(now, frame, lqi);
            }
        }
        if let Some((_, strongest)) = self.energy.take_if(|(until, _)| *until <= now) {
            self.events.push_back(RadioEvent::Energy(strongest));
        }
        self.run_timer(now);
        self.events.pop_front()
    }

    fn poll_at(&self) -> Deadline {
        if !self.events.is_empty() {
            // The socket no longer tells of them.
            return Deadline::at(self.now);
        }
        let energy: Deadline = self.energy.map(|(until, _)| until).into();
        let sending = self.sending.as_ref().map(|sending| sending.until);
        energy.min(sending.into())
    }

    fn receive(&mut self, _: Instant, frame: &mut [u8; MAX_FRAME]) -> Option<RxInfo> {
        let (octets, info) = self.frames.pop_front()?;
        frame.get_mut(..octets.len())?.copy_from_slice(&octets);
        Some(info)
    }

    fn set_room(&mut self, frames: usize) {
        self.room = frames;
    }

    fn set_pending(&mut self, station: PendingFor, pending: bool) -> Result<(), RadioError> {
        if pending {
            self.pending.insert(station);
        } else {
            self.pending.remove(&station);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;

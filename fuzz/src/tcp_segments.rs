//! A peer that knows TCP and means no good: sequences of well-formed segments with believable
//! numbers, SACK ranges and checksums, to a host with an echo service.

use litz_hal::time::{Duration, Instant};
use litz_tests::host::{Host, ipv4, mac};
use litz_tests::mutate::repair;
use litz_wire::{EthernetFrame, Ipv4Packet, TcpPacket};

/// What the host has said last, and what we have.
struct Peer {
    host: Host,
    now: Instant,
    /// Where our stream is, and what we have seen of the host's.
    next: u32,
    seen: u32,
}

/// Headers of a segment from us to the host's echo service: Ethernet, IPv4, TCP.
fn headers(flags: u8, seq: u32, ack: u32, window: u16, options: usize) -> Vec<u8> {
    let mut frame = Vec::new();
    frame.extend(mac(1).0);
    frame.extend(mac(2).0);
    frame.extend([0x08, 0x00, 0x45, 0, 0, 0, 0, 0, 0x40, 0, 64, 6, 0, 0]);
    frame.extend([192, 0, 2, 2, 192, 0, 2, 1]);
    frame.extend([0x9c, 0x40, 0, 7]);
    frame.extend(seq.to_be_bytes());
    frame.extend(ack.to_be_bytes());
    frame.extend([((20 + options) as u8) << 2, flags]);
    frame.extend(window.to_be_bytes());
    frame.extend([0; 4]);
    frame
}

impl Peer {
    fn new() -> Self {
        Self {
            host: Host::new(1, 1),
            now: Instant::from_secs(1),
            next: 0xffff_f000,
            seen: 0,
        }
    }

    /// Send a segment whose numbers are so far from where they should be.
    fn send(&mut self, flags: u8, near: [i32; 2], window: u16, options: &[u8], len: usize) {
        let mut options = options.to_vec();
        options.resize(options.len().next_multiple_of(4).min(40), 1);
        let seq = self.next.wrapping_add_signed(near[0]);
        let ack = self.seen.wrapping_add_signed(near[1]);
        let mut frame = headers(flags, seq, ack, window, options.len());
        frame.extend(&options);
        frame.extend(std::iter::repeat_n(0x5a, len));
        let total = (frame.len() - 14) as u16;
        frame[16..18].copy_from_slice(&total.to_be_bytes());
        repair(&mut frame);
        if near[0] == 0 {
            self.next = seq.wrapping_add(len as u32 + u32::from(flags & 2 != 0));
        }
        self.host.device.rx.push_back(frame);
        self.settle();
    }

    /// Poll until the host has nothing to do now, and listen to what it says.
    fn settle(&mut self) {
        for _ in 0..1000 {
            self.host.poll(self.now);
            while let Some(frame) = self.host.device.tx.pop_front() {
                self.hear(&frame);
            }
            if self.host.device.rx.is_empty() && !self.host.poll_at(self.now).is_due(self.now) {
                return;
            }
        }
        panic!("work without end");
    }

    fn hear(&mut self, frame: &[u8]) {
        let Ok(ethernet) = EthernetFrame::new_checked(frame) else {
            return;
        };
        let Ok(ip) = Ipv4Packet::new_checked(ethernet.payload()) else {
            return;
        };
        let Ok(tcp) = TcpPacket::new_checked(ip.payload()) else {
            return;
        };
        let flags = tcp.flags();
        let len = tcp.payload().len() as u32 + u32::from(flags.syn) + u32::from(flags.fin);
        self.seen = tcp.seq().0.wrapping_add(len);
    }
}

/// Option 5 with so many blocks somewhere behind what we acknowledge.
fn sack(seen: u32, count: u8, how: u8) -> Vec<u8> {
    let count = 1 + count % 4;
    let mut option = vec![1, 1, 5, 2 + 8 * count];
    for n in 0..count {
        let left = seen
            .wrapping_sub(u32::from(how) * 100)
            .wrapping_add(u32::from(n) * 2_000);
        option.extend(left.to_be_bytes());
        option.extend(left.wrapping_add(1 + u32::from(how) * 7).to_be_bytes());
    }
    option
}

/// Plays `data` as segments, four octets each: flags, how far the numbers are off, options, and
/// length or time.
pub fn tcp_segments(data: &[u8]) {
    let mut peer = Peer::new();
    let _ = ipv4(2);
    peer.send(2, [0, 0], 60_000, &[2, 4, 5, 180, 4, 2, 1, 3, 3, 2], 0);
    peer.send(0x10, [0, 0], 60_000, &[], 0);
    for event in data.chunks_exact(4) {
        let [kind, off, option, size] = [event[0], event[1], event[2], event[3]];
        let flags = match kind % 8 {
            0..=3 => 0x10,
            4 => 0x18,
            5 => 0x11,
            6 => kind,
            _ => 0x10 | (kind >> 3 & 0xc0),
        };
        let near = |nibble: u8| {
            [
                0,
                0,
                0,
                0,
                1,
                -1,
                1460,
                -1460,
                3000,
                -3000,
                60_000,
                -60_000,
                0,
                0,
                0,
                i32::MIN,
            ][usize::from(nibble & 15)]
        };
        let near = [near(off), near(off >> 4)];
        let options = match option % 6 {
            0 | 1 => Vec::new(),
            2 | 3 => sack(peer.seen.wrapping_add_signed(near[1]), option >> 3, size),
            4 => vec![1, 1, 8, 10, 0, 0, 0, size, 0, 0, 0, off],
            _ => vec![option, size % 44, off, kind],
        };
        let pause = u64::from(kind >> 3) * u64::from(size);
        peer.now = peer.now.saturating_add(Duration::from_millis(pause));
        let len = if off & 0x80 == 0 {
            usize::from(size) * 5
        } else {
            0
        };
        let window = if option & 0x40 == 0 {
            60_000
        } else {
            u16::from(size)
        };
        peer.send(flags, near, window, &options, len);
    }
    peer.now = peer.now.saturating_add(Duration::from_secs(7200));
    peer.settle();
}

//! Frames gone wrong: random ones, and real ones with octets changed, cut, repeated or moved.
//!
//! A change that leaves the checksums wrong only shows that checksums are verified, so half of the
//! changed frames have theirs put right; the arithmetic for that is this file's own, not litz's.

use crate::noise::Noise;

/// Octets of an Ethernet header.
const ETHERNET: usize = 14;
/// The longest frame that is made.
const LONGEST: usize = 1600;

/// Makes wrong frames from right ones.
#[derive(Debug)]
pub struct Mutator {
    noise: Noise,
    /// Real frames, the newest last.
    templates: Vec<Vec<u8>>,
    /// Which template the next one replaces.
    oldest: usize,
}

impl Mutator {
    /// How many real frames are remembered.
    const MEMORY: usize = 256;

    /// A mutator whose frames follow from `seed` and the templates.
    pub fn new(seed: u64) -> Self {
        Self {
            noise: Noise::new(seed),
            templates: Vec::new(),
            oldest: 0,
        }
    }

    /// Remembers a real frame, and forgets the oldest of many.
    pub fn learn(&mut self, frame: &[u8]) {
        if self.templates.len() < Self::MEMORY {
            self.templates.push(frame.to_vec());
        } else {
            self.templates[self.oldest] = frame.to_vec();
            self.oldest = (self.oldest + 1) % Self::MEMORY;
        }
    }

    /// The next frame.
    pub fn frame(&mut self) -> Vec<u8> {
        if self.templates.is_empty() || self.noise.one_in(10) {
            let length = self.noise.below(LONGEST);
            return self.noise.octets(length);
        }
        let chosen = self.noise.below(self.templates.len());
        let mut frame = self.templates[chosen].clone();
        if self.noise.one_in(10) {
            // A right Ethernet header, and anything behind it.
            let length = self.noise.below(LONGEST);
            frame.truncate(ETHERNET);
            frame.extend(self.noise.octets(length));
            return frame;
        }
        for _ in 0..=self.noise.below(4) {
            self.change(&mut frame);
        }
        if self.noise.one_in(2) {
            repair(&mut frame);
        }
        frame
    }

    /// One change of some kind.
    fn change(&mut self, frame: &mut Vec<u8>) {
        let length = frame.len();
        match self.noise.below(8) {
            0 => frame.truncate(self.noise.below(length + 1)),
            1 => {
                let more = self.noise.below(LONGEST - length.min(LONGEST - 1));
                frame.extend(self.noise.octets(more));
            }
            2 => self.splice(frame),
            // Most changes hit the headers: that is where decisions are made.
            3 => self.set(frame, length),
            4 => self.flip(frame, length),
            5 => self.flip(frame, length.min(80)),
            6 => self.interesting(frame, length.min(80)),
            _ => self.set(frame, length.min(80)),
        }
    }

    fn set(&mut self, frame: &mut [u8], limit: usize) {
        let at = self.noise.below(limit);
        if let Some(octet) = frame.get_mut(at) {
            *octet = self.noise.next_u64() as u8;
        }
    }

    fn flip(&mut self, frame: &mut [u8], limit: usize) {
        let at = self.noise.below(limit);
        if let Some(octet) = frame.get_mut(at) {
            *octet ^= 1 << self.noise.below(8);
        }
    }

    /// Values at which arithmetic goes wrong.
    fn interesting(&mut self, frame: &mut [u8], limit: usize) {
        const VALUES: [u8; 8] = [0, 1, 4, 5, 0x7f, 0x80, 0xfe, 0xff];
        let at = self.noise.below(limit);
        let width = [1, 2, 4][self.noise.below(3)];
        let value = VALUES[self.noise.below(VALUES.len())];
        for octet in frame.iter_mut().skip(at).take(width) {
            *octet = value;
        }
    }

    /// Copies a piece of another real frame over this one.
    fn splice(&mut self, frame: &mut [u8]) {
        let chosen = self.noise.below(self.templates.len());
        let other = &self.templates[chosen];
        let (from, to) = (self.noise.below(other.len()), self.noise.below(frame.len()));
        let piece = self.noise.below(64);
        for (octet, &new) in frame
            .iter_mut()
            .skip(to)
            .zip(other.iter().skip(from))
            .take(piece)
        {
            *octet = new;
        }
    }
}

/// Puts the checksums of a frame right, as far as its lengths make sense.
pub fn repair(frame: &mut [u8]) {
    let Some((ethernet, packet)) = frame.split_at_mut_checked(ETHERNET) else {
        return;
    };
    match ethernet[12..] {
        [0x08, 0x00] => repair_ipv4(packet),
        [0x86, 0xdd] => repair_ipv6(packet),
        _ => {}
    }
}

fn repair_ipv4(packet: &mut [u8]) {
    if packet.len() < 20 {
        return;
    }
    let header = usize::from(packet[0] & 0xf) * 4;
    let total = usize::from(u16::from_be_bytes([packet[2], packet[3]])).min(packet.len());
    if header < 20 || total < header {
        return;
    }
    packet[10..12].fill(0);
    let sum = !fold(sum(&packet[..header]));
    packet[10..12].copy_from_slice(&sum.to_be_bytes());
    let protocol = packet[9];
    let pseudo = match protocol {
        1 => 0,
        _ => sum_of_pseudo(&packet[12..20], protocol, total - header),
    };
    repair_transport(&mut packet[header..total], protocol, pseudo);
}

fn repair_ipv6(packet: &mut [u8]) {
    if packet.len() < 40 {
        return;
    }
    let length = usize::from(u16::from_be_bytes([packet[4], packet[5]])).min(packet.len() - 40);
    let protocol = packet[6];
    let pseudo = sum_of_pseudo(&packet[8..40], protocol, length);
    repair_transport(&mut packet[40..40 + length], protocol, pseudo);
}

fn repair_transport(message: &mut [u8], protocol: u8, pseudo: u64) {
    let at = match protocol {
        1 | 58 => 2,
        6 => 16,
        17 => 6,
        _ => return,
    };
    if message.len() < at + 2 {
        return;
    }
    message[at..at + 2].fill(0);
    let sum = !fold(pseudo + sum(message));
    message[at..at + 2].copy_from_slice(&sum.to_be_bytes());
}

fn sum_of_pseudo(addresses: &[u8], protocol: u8, length: usize) -> u64 {
    sum(addresses) + u64::from(protocol) + length as u64
}

/// RFC 1071, one octet pair after the other.
fn sum(octets: &[u8]) -> u64 {
    octets
        .chunks(2)
        .map(|pair| (u64::from(pair[0]) << 8) + pair.get(1).map_or(0, |&b| b.into()))
        .sum()
}

fn fold(mut sum: u64) -> u16 {
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    sum as u16
}

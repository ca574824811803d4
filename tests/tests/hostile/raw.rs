//! IPv4 packets as an attacker writes them, octet by octet, by no code of the stack under test.

use std::net::Ipv4Addr;

pub(crate) const FIN: u8 = 1;
pub(crate) const SYN: u8 = 2;
pub(crate) const RST: u8 = 4;
pub(crate) const ACK: u8 = 16;

/// A TCP segment with its addresses.
#[derive(Clone, Debug)]
pub(crate) struct Segment {
    pub(crate) from: (Ipv4Addr, u16),
    pub(crate) to: (Ipv4Addr, u16),
    pub(crate) seq: u32,
    pub(crate) ack: u32,
    pub(crate) flags: u8,
    pub(crate) window: u16,
    pub(crate) payload: Vec<u8>,
}

fn sum(octets: &[u8], mut sum: u32) -> u32 {
    for pair in octets.chunks(2) {
        let low = pair.get(1).copied().unwrap_or(0);
        sum += u32::from(u16::from_be_bytes([pair[0], low]));
    }
    sum
}

fn finish(mut sum: u32) -> [u8; 2] {
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    (!(sum as u16)).to_be_bytes()
}

fn ipv4(from: Ipv4Addr, to: Ipv4Addr, protocol: u8, payload: &[u8]) -> Vec<u8> {
    let len = (20 + payload.len()) as u16;
    let mut packet = vec![0x45, 0];
    packet.extend(len.to_be_bytes());
    packet.extend([0, 7, 0x40, 0, 64, protocol, 0, 0]);
    packet.extend(from.octets());
    packet.extend(to.octets());
    let check = finish(sum(&packet, 0));
    packet[10..12].copy_from_slice(&check);
    packet.extend(payload);
    packet
}

impl Segment {
    pub(crate) fn packet(&self) -> Vec<u8> {
        let ((from, source), (to, target)) = (self.from, self.to);
        let mut tcp = Vec::with_capacity(20 + self.payload.len());
        tcp.extend(source.to_be_bytes());
        tcp.extend(target.to_be_bytes());
        tcp.extend(self.seq.to_be_bytes());
        tcp.extend(self.ack.to_be_bytes());
        tcp.extend([0x50, self.flags]);
        tcp.extend(self.window.to_be_bytes());
        tcp.extend([0; 4]);
        tcp.extend(&self.payload);
        let pseudo = sum(&from.octets(), 6 + tcp.len() as u32);
        let check = finish(sum(&tcp, sum(&to.octets(), pseudo)));
        tcp[16..18].copy_from_slice(&check);
        ipv4(from, to, 6, &tcp)
    }

    /// What a router would write about this segment: an ICMP error of type 3.
    pub(crate) fn report(&self, code: u8, mtu: u16) -> Vec<u8> {
        let mut icmp = vec![3, code, 0, 0, 0, 0];
        icmp.extend(mtu.to_be_bytes());
        icmp.extend(&self.packet()[..28]);
        let check = finish(sum(&icmp, 0));
        icmp[2..4].copy_from_slice(&check);
        ipv4(self.to.0, self.from.0, 1, &icmp)
    }

    /// A segment that was received; options are not kept.
    pub(crate) fn read(packet: &[u8]) -> Option<Self> {
        let word = |at: usize| Some(u16::from_be_bytes(packet.get(at..at + 2)?.try_into().ok()?));
        let long = |at: usize| Some(u32::from_be_bytes(packet.get(at..at + 4)?.try_into().ok()?));
        let address = |at: usize| Some(Ipv4Addr::from(long(at)?));
        if packet.first() != Some(&0x45) || packet.get(9) != Some(&6) {
            return None;
        }
        let header = usize::from(packet.get(32)? >> 4) * 4;
        Some(Self {
            from: (address(12)?, word(20)?),
            to: (address(16)?, word(22)?),
            seq: long(24)?,
            ack: long(28)?,
            flags: *packet.get(33)?,
            window: word(34)?,
            payload: packet.get(20 + header..)?.to_vec(),
        })
    }
}

//! Losses that two stacks meet alike, whatever else happens in real time: they fall at places of
//! the stream and not on packets. A place is drawn for every so many octets with a chance; the
//! first segment that covers it is lost, and rarely the next ones that cover it, too.

use std::collections::BTreeMap;

use litz_hal::prng::{Chance, Prng};
use litz_wire::{EtherType, EthernetFrame, IpProtocol, Ipv4Packet, SeqNumber, TcpPacket};

/// Places of a stream where segments are lost.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    /// How many segments are still to be lost at a place.
    at: BTreeMap<u64, u32>,
    /// Sequence number of the first octet.
    first: Option<SeqNumber>,
    /// Segments lost.
    pub lost: u64,
}

impl Marks {
    /// Places in a stream of so many octets: one in `segment` octets with this chance. A segment
    /// that repeats what was lost is lost with the same chance again.
    #[must_use]
    pub fn new(seed: u64, octets: u64, segment: u64, chance: Chance) -> Self {
        let mut prng = Prng::new(seed);
        let mut marks = Self::default();
        for cell in 0..octets / segment {
            if !prng.happens(chance) {
                continue;
            }
            let mut times = 1;
            while prng.happens(chance) && chance < Chance::ALWAYS {
                times += 1;
            }
            marks.at.insert(cell * segment + prng.below(segment), times);
        }
        marks
    }

    /// How many places there are still.
    #[must_use]
    pub fn left(&self) -> usize {
        self.at.len()
    }

    /// Whether an Ethernet frame is to be lost.
    pub fn takes(&mut self, frame: &[u8]) -> bool {
        let taken = self.looks_at(frame).unwrap_or(false);
        self.lost += u64::from(taken);
        taken
    }

    fn looks_at(&mut self, frame: &[u8]) -> Option<bool> {
        let frame = EthernetFrame::new_checked(frame).ok()?;
        if frame.ethertype() != EtherType::Ipv4 {
            return None;
        }
        let packet = Ipv4Packet::new_checked(frame.payload()).ok()?;
        if packet.next_header() != IpProtocol::Tcp {
            return None;
        }
        let segment = TcpPacket::new_checked(packet.payload()).ok()?;
        if segment.flags().syn {
            self.first = Some(segment.seq().wrapping_add(1_u32));
        }
        let from = u64::from(segment.seq().0.wrapping_sub(self.first?.0));
        let to = from + segment.payload().len() as u64;
        let (&place, times) = self.at.range_mut(from..to).next()?;
        *times -= 1;
        if *times == 0 {
            self.at.remove(&place);
        }
        Some(true)
    }
}

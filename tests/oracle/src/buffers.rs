//! Octets for parsers: right packets of one protocol, most of them changed a little, cut or
//! followed by more, some random from end to end. Every buffer follows from a seed.

use litz_tests::noise::Noise;

/// Makes a right packet.
pub type Make = fn(&mut Noise) -> Vec<u8>;

/// Right packets that are changed to make others.
const TEMPLATES: usize = 2048;
/// Octets of the longest buffer.
const LONGEST: usize = 512;

/// An endless row of buffers.
#[derive(Debug)]
pub struct Buffers {
    noise: Noise,
    templates: Vec<Vec<u8>>,
    buffer: Vec<u8>,
}

impl Buffers {
    /// Buffers that follow from `seed` and the packets that `make` makes.
    pub fn new(seed: u64, make: Make) -> Self {
        let mut noise = Noise::new(seed);
        let templates = (0..TEMPLATES).map(|_| make(&mut noise)).collect();
        Self {
            noise,
            templates,
            buffer: Vec::with_capacity(LONGEST),
        }
    }

    /// One more buffer.
    pub fn another(&mut self) -> &[u8] {
        self.buffer.clear();
        if self.noise.one_in(10) {
            let length = self.noise.below(96);
            self.buffer.resize(length, 0);
            self.noise.fill(&mut self.buffer);
            return &self.buffer;
        }
        let chosen = self.noise.below(self.templates.len());
        self.buffer
            .extend(self.templates[chosen].iter().take(LONGEST));
        for _ in 0..self.noise.below(5) {
            self.change();
        }
        &self.buffer
    }

    /// One change of some kind; most hit the start, where lengths and kinds are.
    fn change(&mut self) {
        let length = self.buffer.len();
        let start = length.min(if self.noise.one_in(2) { 8 } else { 64 });
        match self.noise.below(6) {
            0 => self.buffer.truncate(self.noise.below(length + 1)),
            1 => {
                let more = self.noise.below(24);
                self.buffer
                    .extend((0..more).map(|_| self.noise.next_u64() as u8));
            }
            2 => {
                let bit = 1 << self.noise.below(8);
                self.octet(start, |octet| octet ^ bit);
            }
            3 => {
                const VALUES: [u8; 8] = [0, 1, 2, 3, 4, 8, 0x7f, 0xff];
                let value = VALUES[self.noise.below(VALUES.len())];
                self.octet(start, |_| value);
            }
            4 => {
                let by = if self.noise.one_in(2) { 1 } else { 0xff };
                self.octet(start, |octet| octet.wrapping_add(by));
            }
            _ => {
                let value = self.noise.next_u64() as u8;
                self.octet(length, |_| value);
            }
        }
    }

    fn octet(&mut self, limit: usize, change: impl FnOnce(u8) -> u8) {
        let at = self.noise.below(limit);
        if let Some(octet) = self.buffer.get_mut(at) {
            *octet = change(*octet);
        }
    }
}

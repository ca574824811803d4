//! What a parser says of a buffer, in a form in which two parsers can be compared, and the
//! comparison over many buffers.

use std::collections::BTreeMap;

use crate::buffers::{Buffers, Make};

/// Values by name, in the order in which they were read; a name may come more than once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The values.
    pub values: Vec<(&'static str, u128)>,
    /// Octets, by name.
    pub octets: Vec<(&'static str, Vec<u8>)>,
}

/// Facts from expressions: `facts!(src_port: packet.src_port(); payload: packet.payload())`.
#[macro_export]
macro_rules! facts {
    ($($name:ident: $value:expr),* $(,)? $(; $($text:ident: $octets:expr),* $(,)?)?) => {
        $crate::facts::Facts {
            values: vec![$((stringify!($name), $crate::facts::Fact::fact($value))),*],
            octets: vec![$($((stringify!($text), <[u8]>::to_vec($octets))),*)?],
        }
    };
}

/// A value that can be compared.
pub trait Fact {
    /// The value as a number.
    fn fact(self) -> u128;
}

macro_rules! numbers {
    ($($ty:ty),*) => {$(
        impl Fact for $ty {
            fn fact(self) -> u128 {
                self as u128
            }
        }
    )*};
}

numbers!(u8, u16, u32, u64, usize, bool);

impl<const N: usize> Fact for [u8; N] {
    fn fact(self) -> u128 {
        self.iter()
            .fold(0, |sum, octet| (sum << 8) | u128::from(*octet))
    }
}

impl Fact for core::net::Ipv4Addr {
    fn fact(self) -> u128 {
        self.octets().fact()
    }
}

impl Fact for core::net::Ipv6Addr {
    fn fact(self) -> u128 {
        self.octets().fact()
    }
}

impl Facts {
    /// Adds a value.
    pub fn push(&mut self, name: &'static str, value: impl Fact) {
        self.values.push((name, value.fact()));
    }

    /// Where these facts contradict `ours`. A name that both know must have the same values; what
    /// only one of the two knows matters if they are lists.
    fn contradict(&self, ours: &Self, lists: bool) -> Option<String> {
        let known =
            |name: &str, of: &Self| lists || of.values.iter().any(|(other, _)| *other == name);
        let mine = self.values.iter().filter(|(name, _)| known(name, ours));
        let yours = ours.values.iter().filter(|(name, _)| known(name, self));
        if !mine.eq(yours) {
            return Some(format!(
                "theirs {:x?}\nours   {:x?}",
                self.values, ours.values
            ));
        }
        self.octets.iter().find_map(|(name, octets)| {
            let (_, ours) = ours.octets.iter().find(|(other, _)| other == name)?;
            (ours != octets).then(|| format!("{name}: theirs {octets:x?}\nours {ours:x?}"))
        })
    }
}

/// What one parser says of a buffer; `None` if it refuses it.
pub type Read = fn(&[u8]) -> Option<Facts>;

/// A known deviation: why the other parser is right or wrong to differ, and in which buffers.
pub type Deviation = (&'static str, fn(&[u8]) -> bool);

/// One protocol read by two parsers.
#[derive(Debug)]
pub struct Pair {
    /// Name of the protocol.
    pub name: &'static str,
    /// Makes right packets of it.
    pub make: Make,
    /// Our reading.
    pub ours: Read,
    /// The other's.
    pub theirs: Read,
    /// The facts are lists: a name that only one of the two knows is a difference.
    pub lists: bool,
    /// Buffers that both need not agree on.
    pub known: &'static [Deviation],
}

/// Buffers for each seed.
pub const ROUND: usize = 250_000;
/// Seeds of every protocol; together a million buffers.
pub const SEEDS: [u64; 4] = [1, 2, 3, 4];

impl Pair {
    /// A protocol that both read alike.
    pub fn new(name: &'static str, make: Make, ours: Read, theirs: Read) -> Self {
        Self {
            name,
            make,
            ours,
            theirs,
            lists: false,
            known: &[],
        }
    }

    /// The same with known deviations.
    #[must_use]
    pub fn known(self, known: &'static [Deviation]) -> Self {
        Self { known, ..self }
    }

    /// The same for lists: a name that only one of the two knows is a difference.
    #[must_use]
    pub fn lists(self) -> Self {
        Self {
            lists: true,
            ..self
        }
    }

    /// Compares the two on a million buffers and prints how often they agreed.
    ///
    /// # Panics
    /// On a difference that no known deviation explains.
    pub fn run(&self) {
        let (mut accepted, mut refused) = (0, 0);
        let mut known = BTreeMap::new();
        for seed in SEEDS {
            let mut buffers = Buffers::new(seed, self.make);
            for round in 0..ROUND {
                let bytes = buffers.another();
                let (ours, theirs) = ((self.ours)(bytes), (self.theirs)(bytes));
                let difference = match (&ours, &theirs) {
                    (Some(ours), Some(theirs)) => theirs.contradict(ours, self.lists),
                    (None, None) => None,
                    (ours, _) if ours.is_some() => Some("we accept, they refuse".to_owned()),
                    _ => Some("we refuse, they accept".to_owned()),
                };
                let Some(words) = difference else {
                    accepted += u32::from(ours.is_some());
                    refused += u32::from(ours.is_none());
                    continue;
                };
                match self.known.iter().find(|(_, is_so)| is_so(bytes)) {
                    Some((reason, _)) => *known.entry(*reason).or_insert(0_u32) += 1,
                    None => panic!(
                        "{}: seed {seed}, buffer {round}: {words}\n{bytes:02x?}",
                        self.name
                    ),
                }
            }
        }
        println!(
            "{}: seeds {SEEDS:?}, {accepted} accepted, {refused} refused",
            self.name
        );
        for (reason, count) in &known {
            println!("{count:10} {reason}");
        }
        assert!(
            accepted > 100_000,
            "{}: {accepted} accepted only",
            self.name
        );
        // A list is read as far as it goes, and so is never refused.
        let least = if self.lists { 0 } else { 10_000 };
        assert!(refused >= least, "{}: {refused} refused only", self.name);
    }
}

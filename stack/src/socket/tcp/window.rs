//! Segment sizes (RFC 9293 §3.7.1).

/// A maximum segment size: octets of payload beside a header without options (RFC 6691).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mss(pub u16);

impl Mss {
    /// What a peer that does not say can take (RFC 9293 §3.7.1). Over IPv6 it is more, which the
    /// owner says for it: the engine knows no addresses.
    pub const DEFAULT: Self = Self(536);
    /// The least that is believed. Less than the options of a header would leave no room for data,
    /// and a tiny one would make the sender burn its time on headers.
    pub const MIN: Self = Self(48);

    /// A size, not less than [`Mss::MIN`].
    #[must_use]
    pub const fn new(octets: u16) -> Self {
        if octets < Self::MIN.0 {
            Self::MIN
        } else {
            Self(octets)
        }
    }

    /// What the peer's option says, or the default.
    #[must_use]
    pub const fn from_option(octets: Option<u16>) -> Self {
        match octets {
            Some(octets) => Self::new(octets),
            None => Self::DEFAULT,
        }
    }

    /// In octets.
    #[inline]
    #[must_use]
    pub const fn octets(self) -> u16 {
        self.0
    }
}

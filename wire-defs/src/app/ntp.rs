//! NTP and SNTP packets (RFC 5905 §7.3) and their forms of time (§6). Clocks are not here.

use crate::rt::WireInt;
use crate::{codes, header};
use core::fmt;

/// NTP packet.
#[header(
    be,
    size = 48,
    rfc = "5905 §7.3",
    line = "v{version} {mode} leap {leap} stratum {stratum} poll {poll} precision {precision} \
        delay {root_delay} dispersion {root_dispersion} receive {receive} transmit {transmit}"
)]
pub struct Ntp<'a> {
    /// Whether the last minute of the month has another length.
    pub leap: As<u2, NtpLeap>,
    /// Version of the protocol; 4.
    pub version: u3,
    /// Who sends the packet to whom.
    pub mode: As<u3, NtpMode>,
    /// Distance from a reference clock; 0 in a refusal, 16 if not synchronized.
    pub stratum: u8,
    /// Interval between packets.
    pub poll: As<u8, NtpLog2>,
    /// Precision of the clock.
    pub precision: As<u8, NtpLog2>,
    /// Round trip to the reference clock.
    pub root_delay: As<u32, NtpShort>,
    /// Error of the way to the reference clock.
    pub root_dispersion: As<u32, NtpShort>,
    /// Four letters of a reference clock or of a refusal (strata 0 and 1), else an address.
    pub reference_id: [u8; 4],
    /// When the clock was set last.
    pub reference: As<u64, NtpTimestamp>,
    /// When the request left the client, by the client's clock.
    pub origin: As<u64, NtpTimestamp>,
    /// When the request arrived at the server.
    pub receive: As<u64, NtpTimestamp>,
    /// When the packet left its sender.
    #[at(40)]
    pub transmit: As<u64, NtpTimestamp>,
    /// Extension fields and a message authentication code (RFC 7822).
    #[payload]
    pub extensions: &'a [u8],
}

/// Warning of a leap second (RFC 5905 §7.3).
#[codes(u2)]
pub enum NtpLeap {
    /// No warning.
    None = 0,
    /// The last minute has 61 seconds.
    Second61 = 1,
    /// The last minute has 59 seconds.
    Second59 = 2,
    /// The clock is not synchronized.
    Unsynchronized = 3,
}

/// Who sends a packet to whom (RFC 5905 §7.3).
#[codes(u3)]
pub enum NtpMode {
    /// A peer that asks.
    SymmetricActive = 1,
    /// A peer that answers.
    SymmetricPassive = 2,
    /// A client.
    Client = 3,
    /// A server.
    Server = 4,
    /// A server to everybody.
    Broadcast = 5,
    /// A control message.
    Control = 6,
    /// For private use.
    Private = 7,
}

/// A time as a signed power of two of seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NtpLog2(pub i8);

/// A duration: 16 bits of seconds and 16 bits of fraction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NtpShort(pub u32);

/// A time of an era: 32 bits of seconds since its start and 32 bits of fraction; zero is unknown.
///
/// Era 0 started on 1 January 1900, era 1 starts on 7 February 2036. Which era it is, a timestamp
/// does not say, so timestamps have no order, only distance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct NtpTimestamp(pub u64);

impl NtpShort {
    /// Whole microseconds, rounded down.
    #[must_use]
    pub const fn micros(self) -> u64 {
        (self.0 as u64).wrapping_mul(1_000_000) >> 16
    }
}

impl NtpTimestamp {
    /// Seconds from the start of era 0 to the Unix epoch (RFC 5905 figure 4).
    pub const UNIX_EPOCH: u64 = 2_208_988_800;

    /// The timestamp of so many microseconds since the Unix epoch, of whatever era that is.
    #[must_use]
    pub const fn from_unix_micros(micros: u64) -> Self {
        let (secs, rest) = (micros / 1_000_000, micros % 1_000_000);
        // Rounded up, so that dividing by the same gives the same number of microseconds.
        let fraction = (rest << 32).div_ceil(1_000_000);
        Self((secs.wrapping_add(Self::UNIX_EPOCH) << 32) | fraction)
    }

    /// Seconds since the start of the era.
    #[must_use]
    pub const fn secs(self) -> u32 {
        (self.0 >> 32) as u32
    }

    /// Microseconds of the second, rounded down.
    #[must_use]
    pub const fn subsec_micros(self) -> u32 {
        (((self.0 & 0xffff_ffff).wrapping_mul(1_000_000)) >> 32) as u32
    }

    /// Microseconds since the Unix epoch, if the time lies between 1968 and 2104: seconds with the
    /// highest bit are of era 0, others of era 1 (RFC 4330 §3). `None` if it is unknown.
    #[must_use]
    pub const fn unix_micros(self) -> Option<u64> {
        if self.0 == 0 {
            return None;
        }
        let era = if self.0 >> 63 == 0 { 1 << 32 } else { 0 };
        let secs = (self.secs() as u64).wrapping_add(era);
        match secs.checked_sub(Self::UNIX_EPOCH) {
            Some(secs) => Some(
                secs.wrapping_mul(1_000_000)
                    .wrapping_add(self.subsec_micros() as u64),
            ),
            None => None,
        }
    }

    /// How much later this time is than another one, in units of 2⁻³² seconds, if they are less
    /// than 68 years apart (RFC 5905 §6).
    #[must_use]
    pub const fn since(self, other: Self) -> i64 {
        self.0.wrapping_sub(other.0).cast_signed()
    }
}

macro_rules! wire {
    ($name:ident, $raw:ty, $from:expr, $into:expr) => {
        #[diagnostic::do_not_recommend]
        impl WireInt<$raw> for $name {
            const BITS: u32 = <$raw>::BITS;

            #[inline(always)]
            fn from_raw(raw: $raw) -> Self {
                Self($from(raw))
            }

            #[inline(always)]
            fn into_raw(self) -> $raw {
                $into(self.0)
            }
        }
    };
}

wire!(NtpLog2, u8, u8::cast_signed, i8::cast_unsigned);
wire!(NtpShort, u32, u32::from, u32::from);
wire!(NtpTimestamp, u64, u64::from, u64::from);

impl fmt::Display for NtpLog2 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "2^{} s", self.0)
    }
}

impl fmt::Display for NtpShort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let micros = self.micros();
        let (secs, rest) = (micros / 1_000_000, micros % 1_000_000);
        write!(f, "{secs}.{rest:06} s")
    }
}

impl fmt::Display for NtpTimestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:06}", self.secs(), self.subsec_micros())
    }
}

#[cfg(test)]
mod tests;

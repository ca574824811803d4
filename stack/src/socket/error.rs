//! What socket calls refuse, and why.

use core::fmt;

/// The handle's socket is gone: it was released, and perhaps another has its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StaleHandle;

/// Why a port or an identifier was not bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BindError {
    /// Every slot of this kind is taken.
    NoFreeSlot,
    /// Another socket is bound to the same address and port.
    InUse,
    /// This build has no such sockets (features `shared`, `ping`, `raw`, and `ipv4` and `ipv6`, of
    /// which an address may need the other one).
    NotBuilt,
}

/// Why listening was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListenError {
    /// Every listener slot is taken.
    NoFreeSlot,
    /// Another listener has the same address and port.
    InUse,
    /// A listener needs room for at least one connection.
    NoBacklog,
    /// This build is without the address's version of IP (features `ipv4`, `ipv6`), or knows no
    /// settings but the defaults (feature `tcp-config`).
    NotBuilt,
}

/// Why a listener asks nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskError {
    /// The listener was released.
    Stale,
    /// This build accepts without asking (feature `decide`).
    NotBuilt,
}

impl From<StaleHandle> for AskError {
    fn from(_: StaleHandle) -> Self {
        Self::Stale
    }
}

/// Why a connection was not begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectError {
    /// Every connection slot is taken.
    NoFreeSlot,
    /// The remote address is unspecified, multicast or broadcast, or of a version of IP that this
    /// build is without; or the remote port is 0.
    BadRemote,
    /// The local address is no unicast address, or not of the remote one's version.
    BadLocal,
    /// This build begins no connections (feature `connect`), or not with other settings than the
    /// defaults (feature `tcp-config`).
    NotBuilt,
}

/// Why a datagram was not accepted for sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendError {
    /// The transmit buffer has no room now; try again after a poll.
    Full,
    /// The datagram is longer than the transmit buffer or than IP can carry.
    TooLong,
    /// The remote address is unspecified or the remote port is 0.
    BadRemote,
    /// The socket may not send to everybody; it has to be allowed.
    Broadcast,
    /// The socket has no peer.
    NotConnected,
    /// This build has no sockets with one (feature `shared`).
    NotBuilt,
    /// The octets are no IP packet, or not as long as it says.
    Malformed,
}

/// Why no datagram was handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecvError {
    /// None has come.
    Empty,
    /// The buffer is too short for the datagram, which stays in the queue.
    TooShort {
        /// Octets that it has.
        len: usize,
    },
}

impl fmt::Display for RecvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("no datagram has come"),
            Self::TooShort { len } => write!(f, "the datagram has {len} octets"),
        }
    }
}

impl core::error::Error for RecvError {}

macro_rules! texts {
    ($($error:ident { $($variant:pat => $text:literal),+ $(,)? })+) => {$(
        impl fmt::Display for $error {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $($variant => $text),+ })
            }
        }
        impl core::error::Error for $error {}
    )+};
}

texts! {
    StaleHandle { Self => "the socket was released" }
    BindError {
        Self::NoFreeSlot => "every socket slot is taken",
        Self::InUse => "address and port are in use",
        Self::NotBuilt => "this build has no such sockets",
    }
    ListenError {
        Self::NoFreeSlot => "every listener slot is taken",
        Self::InUse => "address and port are in use",
        Self::NoBacklog => "the backlog has no room for a connection",
        Self::NotBuilt => "this build is without the version of IP, or without settings",
    }
    AskError {
        Self::Stale => "the listener was released",
        Self::NotBuilt => "this build asks nobody",
    }
    ConnectError {
        Self::NoFreeSlot => "every connection slot is taken",
        Self::BadRemote => "the remote endpoint cannot be connected to",
        Self::BadLocal => "the local address cannot be connected from",
        Self::NotBuilt => "this build begins no such connections",
    }
    SendError {
        Self::Full => "the transmit buffer is full",
        Self::TooLong => "the datagram is too long",
        Self::BadRemote => "the remote endpoint cannot be sent to",
        Self::Broadcast => "the socket may not send to everybody",
        Self::NotConnected => "the socket has no peer",
        Self::NotBuilt => "this build connects no sockets of UDP",
        Self::Malformed => "this is no IP packet",
    }
}

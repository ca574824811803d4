//! Why a connection ended and why a call of the application is refused.

use core::fmt;

/// Why a connection is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CloseReason {
    /// Both sides finished.
    Finished,
    /// The application closed or aborted before both sides were finished.
    Aborted,
    /// The peer refused the connection: an RST answered our SYN.
    Refused,
    /// The peer reset the connection.
    Reset,
    /// The peer did not answer for too long.
    TimedOut,
    /// The peer did not answer keep-alive probes.
    KeepAlive,
    /// What was queued was not acknowledged in the time that closing was given; the peer was told
    /// with an RST.
    Lingered,
    /// The peer sent data after the application had let go of the connection.
    DataAfterClose,
    /// There is no way to the peer.
    Unreachable,
    /// No local port was free.
    NoPort,
}

/// Why data was not queued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendError {
    /// There is no connection.
    NotConnected,
    /// The application has closed its side.
    Finished,
    /// The connection ended before all was sent.
    Ended(CloseReason),
}

/// Why there is nothing to read, now or later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecvError {
    /// There is no connection.
    NotConnected,
    /// The peer has finished and all was read.
    Finished,
    /// The connection ended otherwise and all was read.
    Ended(CloseReason),
}

impl fmt::Display for CloseReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Finished => "both sides finished",
            Self::Aborted => "aborted",
            Self::Refused => "refused by the peer",
            Self::Reset => "reset by the peer",
            Self::TimedOut => "the peer did not answer",
            Self::KeepAlive => "the peer did not answer keep-alive probes",
            Self::Lingered => "closing took too long",
            Self::DataAfterClose => "the peer sent data after the close",
            Self::Unreachable => "the peer cannot be reached",
            Self::NoPort => "no local port was free",
        })
    }
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotConnected => f.write_str("not connected"),
            Self::Finished => f.write_str("this side was closed"),
            Self::Ended(reason) => reason.fmt(f),
        }
    }
}

impl fmt::Display for RecvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotConnected => f.write_str("not connected"),
            Self::Finished => f.write_str("the peer has finished"),
            Self::Ended(reason) => reason.fmt(f),
        }
    }
}

impl core::error::Error for CloseReason {}
impl core::error::Error for SendError {}
impl core::error::Error for RecvError {}

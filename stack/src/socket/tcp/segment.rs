//! Segments as the engine sees them: without ports and addresses, which are its owner's business.

use super::sack::SackUse;
use super::scale::WindowScale;
use super::stamps::Timestamps;
use super::{SeqNumber, TcpFlags, TcpOptionSet};
use crate::parts::{INLINE, TCP_EXTRAS};
use litz_wire::TcpPlainOptionSet;

/// Whether this build understands more options than those that every TCP does.
pub(crate) const READS_ALL: bool = SackUse::AVAILABLE || Timestamps::AVAILABLE;

/// The flags that this build knows.
#[inline]
pub(crate) fn known(flags: TcpFlags) -> TcpFlags {
    if TCP_EXTRAS {
        return flags;
    }
    TcpFlags {
        ack: flags.ack,
        psh: flags.psh,
        rst: flags.rst,
        syn: flags.syn,
        fin: flags.fin,
        ..TcpFlags::default()
    }
}

/// A received segment. Its checksum is verified, or goes with it to where that is done.
#[derive(Clone, Copy, Debug)]
pub struct Segment<'a> {
    /// Sequence number.
    pub seq: SeqNumber,
    /// Acknowledgment number; means something if the ACK flag is set.
    pub ack: SeqNumber,
    /// Flags.
    pub flags: TcpFlags,
    /// Window field, not scaled.
    pub window: u16,
    /// Urgent pointer; means something if the URG flag is set.
    pub urgent: u16,
    /// Options.
    pub options: TcpOptionSet<'a>,
    /// Whether its packet is marked as having met congestion (RFC 3168 §5).
    pub congested: bool,
    /// Payload.
    pub payload: &'a [u8],
}

impl Segment<'_> {
    /// SEG.LEN: how much of the sequence space it takes.
    #[inline]
    pub(super) fn sequence_len(&self) -> u32 {
        (self.payload.len() as u32)
            .wrapping_add(u32::from(self.flags.syn))
            .wrapping_add(u32::from(self.flags.fin))
    }
}

/// A segment to be sent. The payload lies in two pieces, so that whoever emits it copies and sums
/// it in one pass.
#[derive(Clone, Copy, Debug)]
pub struct Outgoing<'b> {
    /// Sequence number.
    pub seq: SeqNumber,
    /// Acknowledgment number; zero without the ACK flag.
    pub ack: SeqNumber,
    /// Flags.
    pub flags: TcpFlags,
    /// Window field, already scaled.
    pub window: u16,
    /// Options.
    pub options: TcpOptionSet<'b>,
    /// Whether its packet may be marked instead of dropped: ECT(0) of RFC 3168 §5.
    pub ecn_capable: bool,
    /// Payload, the second piece after the first; in a build without the part `inline` that is
    /// empty.
    pub payload: [&'b [u8]; 2],
}

impl Outgoing<'_> {
    /// The options, of which a build without what they are for has none: nothing is encoded then.
    #[inline]
    pub(crate) fn options(&self) -> TcpOptionSet<'_> {
        if READS_ALL {
            return self.options;
        }
        TcpOptionSet {
            mss: self.options.mss,
            window_scale: self.window_scale(),
            ..TcpOptionSet::default()
        }
    }

    #[inline]
    fn window_scale(&self) -> Option<u8> {
        self.options.window_scale.filter(|_| WindowScale::AVAILABLE)
    }

    /// Octets of the options.
    #[inline]
    pub(crate) fn options_len(&self) -> usize {
        if READS_ALL {
            return self.options.encoded_len();
        }
        let plain = TcpPlainOptionSet {
            mss: self.options.mss,
            window_scale: self.window_scale(),
            ..TcpPlainOptionSet::default()
        };
        plain.encoded_len()
    }

    /// Octets of payload.
    #[inline]
    #[must_use]
    pub fn payload_len(&self) -> usize {
        let [first, second] = self.payload;
        let second = if INLINE { second.len() } else { 0 };
        first.len().wrapping_add(second)
    }
}

/// What is to be sent at once in answer to a segment. Ordinary acknowledgments are not here: they
/// wait for [`Tcb::next_segment`](super::Tcb::next_segment).
#[derive(Clone, Copy, Debug)]
pub enum Reply {
    /// Nothing.
    None,
    /// A segment without payload: an RST.
    Segment(Outgoing<'static>),
    /// A challenge acknowledgment (RFC 5961), which the owner may drop if there are too many.
    Challenge(Outgoing<'static>),
}

/// A set of flags, by name.
macro_rules! flags {
    ($($flag:ident)*) => {
        $crate::socket::tcp::TcpFlags { $($flag: true,)* ..Default::default() }
    };
}
pub(super) use flags;

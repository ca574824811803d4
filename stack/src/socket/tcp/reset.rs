//! The answer to a segment for which there is no connection (RFC 9293 §3.10.7.1).

use super::segment::flags;
use super::{Outgoing, Segment, SeqNumber, TcpOptionSet};

/// The RST that answers `segment`; `None` for an RST, which is never answered (MUST-3).
#[must_use]
pub fn reset_for(segment: &Segment<'_>) -> Option<Outgoing<'static>> {
    if segment.flags.rst {
        return None;
    }
    Some(if segment.flags.ack {
        bare_reset(segment.ack)
    } else {
        Outgoing {
            ack: segment.seq.wrapping_add(segment.sequence_len()),
            flags: flags!(rst ack),
            ..bare_reset(SeqNumber(0))
        }
    })
}

/// `<SEQ=seq><CTL=RST>`.
pub(super) fn bare_reset(seq: SeqNumber) -> Outgoing<'static> {
    Outgoing {
        seq,
        ack: SeqNumber(0),
        flags: flags!(rst),
        window: 0,
        options: TcpOptionSet::default(),
        ecn_capable: false,
        payload: [&[], &[]],
    }
}

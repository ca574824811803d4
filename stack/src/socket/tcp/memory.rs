//! The memory of a connection: its buffers, and room for what it remembers of the ranges of its
//! streams. All of it is the caller's, and its lengths are what a connection can do.

use super::{SentRange, SeqRange};
use crate::storage::Storage;

/// Memory of one connection.
#[derive(Debug, Default)]
pub struct TcpMemory<'a> {
    /// Octets received and not yet read.
    pub rx: Storage<'a, u8>,
    /// Octets queued and not yet acknowledged.
    pub tx: Storage<'a, u8>,
    /// Ranges that have arrived out of order. Without any, a connection makes do with four of its
    /// own; each lost segment of a window begins another, and what arrives behind one too many has
    /// to be sent again.
    pub gaps: Storage<'a, SeqRange>,
    /// What is in flight. Without any, a connection makes do with four runs of its own; each loss
    /// and each time of sending begins another, and with too few of them something may be sent
    /// again needlessly.
    pub sent: Storage<'a, SentRange>,
}

impl<'a> TcpMemory<'a> {
    /// Buffers alone.
    pub fn new(rx: impl Into<Storage<'a, u8>>, tx: impl Into<Storage<'a, u8>>) -> Self {
        Self {
            rx: rx.into(),
            tx: tx.into(),
            ..Self::default()
        }
    }
}

/// Memory on the heap.
#[cfg(feature = "alloc")]
impl TcpMemory<'_> {
    /// Buffers of so many octets, and room for as many ranges as fits them.
    #[must_use]
    pub fn heap(rx: usize, tx: usize) -> Self {
        use alloc::vec;

        Self {
            rx: vec![0; rx].into(),
            tx: vec![0; tx].into(),
            gaps: vec![SeqRange::default(); ranges_for(rx)].into(),
            sent: vec![SentRange::default(); ranges_for(tx).saturating_mul(2)].into(),
        }
    }
}

/// A range for every third full segment of a buffer, within reason.
#[cfg(feature = "alloc")]
const fn ranges_for(octets: usize) -> usize {
    let ranges = octets >> 12;
    if ranges > 512 { 512 } else { ranges }
}

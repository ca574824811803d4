//! What a frame's payload begins with (RFC 4944 §5.1, RFC 6282 §2), read no further than it takes
//! to decide what becomes of it. `litz_wire::Lowpan` declares the same frames with every field.

use litz_wire::{LowpanBroadcast, LowpanMesh, header, message};

/// Payload of a frame behind the headers of a mesh: a fragment, or a whole packet.
#[message(be, prefix)]
pub(super) enum Start<'a> {
    #[tag(0b11000)]
    First(Fragment<'a>),
    #[tag(0b11100)]
    Next(Fragment<'a>),
    #[unknown]
    Whole(&'a [u8]),
}

/// Headers of a mesh, which come first (RFC 4944 §5.1).
#[message(be, prefix)]
pub(super) enum MeshStart<'a> {
    #[tag(0b10)]
    Mesh(LowpanMesh<'a>),
    #[tag(0b01010000)]
    Broadcast(LowpanBroadcast<'a>),
    #[unknown]
    Unknown(&'a [u8]),
}

/// Header of a fragment (RFC 4944 §5.3): one that is not the first has an offset.
#[header(be, size = 4..)]
pub(super) struct Fragment<'a> {
    #[eq(0b11)]
    dispatch: u2,
    #[from(offset.is_some())]
    next: bool,
    #[eq(0)]
    rest: u2,
    /// Octets of the datagram before it was compressed.
    pub(super) size: u11,
    pub(super) tag: u16,
    /// Units of eight octets of the datagram before this fragment.
    #[when(next)]
    pub(super) offset: Option<u8>,
    #[payload]
    pub(super) payload: &'a [u8],
}

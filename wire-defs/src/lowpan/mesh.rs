//! Mesh addressing and mesh broadcast under 6LoWPAN (RFC 4944 §5.2, §11.1).

use super::text::LowpanText;
use crate::{Eui64, ShortAddress, forms, header};

/// Mesh addressing header (RFC 4944 §5.2).
#[header(
    be,
    size = 1..,
    rfc = "4944 §5.2",
    line = "{originator} > {final_destination} hops {hops_left}",
    next(payload: LowpanText)
)]
pub struct LowpanMesh<'a> {
    #[eq(0b10)]
    dispatch: u2,
    #[tag_of(originator)]
    v: u1,
    #[tag_of(final_destination)]
    f: u1,
    /// Hops that are left; 15 says that the next octet counts them (RFC 4944 §5.2).
    pub hops_left: u4,
    #[when(hops_left == 15)]
    pub deep_hops_left: Option<u8>,
    #[form(v)]
    pub originator: MeshAddress,
    #[form(f)]
    pub final_destination: MeshAddress,
    #[payload]
    pub payload: &'a [u8],
}

/// Address of the first or the last station of a mesh path.
#[forms(tag: u1)]
pub enum MeshAddress {
    /// An address that is unique in the world.
    #[tag(0)]
    Extended(As<[u8; 8], Eui64>),
    /// An address within the network.
    #[tag(1)]
    Short(As<u16, ShortAddress>),
}

/// Mesh broadcast header (RFC 4944 §11.1).
#[header(be, size = 2, rfc = "4944 §11.1", line = "seq {sequence}", next(payload: LowpanText))]
pub struct LowpanBroadcast<'a> {
    #[eq(0x50)]
    dispatch: u8,
    pub sequence: u8,
    #[payload]
    pub payload: &'a [u8],
}

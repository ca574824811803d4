//! What the address modes of LOWPAN_IPHC stand for (RFC 6282 §3.1.1), and which is the shortest for
//! an address. A mode is chosen by trying whether it stands for the address, so the two cannot
//! disagree.

use super::LowpanError;
use super::context::{Context, Contexts};
use super::modes::part;
use crate::parts::INLINE;

/// The bits M, AC and AM of a base header; M is zero for a source.
pub(super) type Mode = u8;

/// The mode of a source that stands for the unspecified address; destinations have none with it.
pub(super) const UNSPECIFIED: Mode = 0b0100;
/// The address is link-local, and all of it elided.
const LOCAL: Mode = 0b0011;
/// The prefix is a context's, in the modes of stations.
const CONTEXT: Mode = 0b0100;
/// Modes of groups.
const GROUP: Mode = 0b1000;
/// The group is based on the prefix of a context.
const GROUP_OF_PREFIX: Mode = 0b1100;

/// Modes of a source, the shortest first; what none of them stands for is carried whole.
pub(super) const SOURCE: &[Mode] = &[LOCAL, 0b010, 0b001, UNSPECIFIED, 0b111, 0b110, 0b101, 0];
/// Modes of a station that is the destination.
pub(super) const STATION: &[Mode] = &[LOCAL, 0b010, 0b001, 0b111, 0b110, 0b101, 0];
/// Modes of a group.
pub(super) const GROUPS: &[Mode] = &[0b1011, 0b1010, 0b1001, GROUP_OF_PREFIX, GROUP];

/// Which octets of an address each mode elides, as where they begin and end, the first octet of
/// all besides; none where the end is zero, and no mode where it lies behind the address.
const ELIDED: [(u8, u8); 16] = [
    (0, 0),
    (1, 8),
    (1, 14),
    (1, 16),
    (1, 16),
    (1, 8),
    (1, 14),
    (1, 16),
    (0, 0),
    (2, 11),
    (2, 13),
    (1, 15),
    (3, 12),
    (0, 17),
    (0, 17),
    (0, 17),
];

/// Where the octets that a mode elides begin and end.
pub(super) fn elided(mode: Mode) -> (usize, usize) {
    part(&ELIDED, mode)
}

/// Fill in the octets of an address that a mode elides; `iid` is that of the station of the link.
///
/// # Errors
/// [`LowpanError::Malformed`] if there is no such mode, [`LowpanError::Context`].
#[cfg_attr(feature = "inline", inline(always))]
pub(super) fn complete(
    mode: Mode,
    addr: &mut [u8; 16],
    context: Option<&Context>,
    iid: [u8; 8],
) -> Result<(), LowpanError> {
    if INLINE && mode == LOCAL {
        let [a, b, c, d, e, f, g, h] = iid;
        *addr = [0xfe, 0x80, 0, 0, 0, 0, 0, 0, a, b, c, d, e, f, g, h];
        return Ok(());
    }
    let (from, to) = elided(mode);
    if to == 0 {
        return Ok(());
    }
    let context = match mode {
        UNSPECIFIED => None,
        _ if mode & CONTEXT != 0 => Some(context.ok_or(LowpanError::Context)?),
        _ => None,
    };
    let (high, low) = match context {
        _ if mode == UNSPECIFIED => (0, 0),
        Some(context) if mode & GROUP != 0 => prefix_group(context)?,
        _ if mode & GROUP != 0 => (0xff02 << 48, 0),
        _ if mode & 0b11 == 0b10 => (0xfe80 << 48, SHORT),
        _ => (0xfe80 << 48, u64::from_be_bytes(iid)),
    };
    let whole = (u128::from(high) << 64 | u128::from(low)).to_be_bytes();
    addr[0] = whole[0];
    let elided = addr.get_mut(from..to).ok_or(LowpanError::Malformed)?;
    crate::storage::put(elided, whole.get(from..to).unwrap_or_default());
    if let Some(context) = context
        && mode & GROUP == 0
    {
        context.cover(addr);
    }
    Ok(())
}

/// An interface identifier made of 16 bits (§3.2.2), without them.
const SHORT: u64 = 0x0000_00ff_fe00_0000;

/// A group based on a prefix (RFC 3306 §4, RFC 3956 §3; RFC 6282 §3.1.1, figure 4), without what is
/// carried of it.
fn prefix_group(context: &Context) -> Result<(u64, u64), LowpanError> {
    // The prefix has 64 bits of room.
    if context.prefix_len > 64 {
        return Err(LowpanError::Context);
    }
    let mut prefix = [0; 16];
    context.cover(&mut prefix);
    let prefix = (u128::from_be_bytes(prefix) >> 64) as u64;
    let high = 0xff << 56 | u64::from(context.prefix_len) << 32 | prefix >> 32;
    Ok((high, prefix << 32))
}

/// The first mode of `modes` that stands for an address, and the context that it needs; the last
/// does in any case.
#[cfg_attr(feature = "inline", inline(always))]
pub(super) fn choose(
    addr: &[u8; 16],
    iid: [u8; 8],
    contexts: &Contexts,
    modes: &[Mode],
) -> (Mode, u8) {
    let stands = |mode, context| {
        let mut whole = *addr;
        complete(mode, &mut whole, context, iid).is_ok() && whole == *addr
    };
    for &mode in modes {
        if stands(mode, None) {
            return (mode, 0);
        }
        if mode & CONTEXT != 0 {
            let mut usable = contexts.usable();
            if let Some((number, _)) = usable.find(|(_, context)| stands(mode, Some(context))) {
                return (mode, number);
            }
        }
    }
    (0, 0)
}

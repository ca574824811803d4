//! The frame filter and source matching, on octets as the hardware sees
//! them.

/// What the filter is told.
pub(super) struct Rules<'a> {
    pub(super) enabled: bool,
    pub(super) coordinator: bool,
    pub(super) max_version: u32,
    /// Types that pass, one bit each, as `FRMFILT1` has them from bit 3 on.
    pub(super) types: u32,
    pub(super) pan: [u8; 2],
    pub(super) short: [u8; 2],
    pub(super) extended: &'a [u8],
}

/// Whether a frame passes.
pub(super) fn passes(rules: &Rules<'_>, frame: &[u8]) -> bool {
    if !rules.enabled {
        return true;
    }
    let [low, high, _, rest @ ..] = frame else {
        return false;
    };
    let kind = u32::from(low & 7);
    let (dst_mode, version, src_mode) = (high >> 2 & 3, u32::from(high >> 4 & 3), high >> 6);
    if kind > 3 || rules.types.wrapping_shr(kind.wrapping_add(3)) & 1 == 0 {
        return false;
    }
    if version > rules.max_version || dst_mode == 1 || src_mode == 1 {
        return false;
    }
    let ours = |pan: &[u8]| *pan == rules.pan || *pan == [0xFF, 0xFF];
    match (kind, dst_mode) {
        (2, _) => frame.len() == 3,
        (0, _) => rest
            .get(..2)
            .is_some_and(|pan| rules.pan == [0xFF, 0xFF] || ours(pan)),
        (_, 0) => rules.coordinator && rest.get(..2).is_some_and(|pan| *pan == rules.pan),
        (_, 2) => {
            let addr = rest.get(2..4);
            rest.get(..2).is_some_and(ours)
                && addr.is_some_and(|addr| *addr == rules.short || *addr == [0xFF, 0xFF])
        }
        (_, _) => {
            let addr = rest.get(2..10);
            rest.get(..2).is_some_and(ours) && addr.is_some_and(|addr| *addr == *rules.extended)
        }
    }
}

/// Whether a frame that passed is acknowledged: it asks, and is not for all.
pub(super) fn asks(frame: &[u8]) -> bool {
    let [low, high, _, rest @ ..] = frame else {
        return false;
    };
    let broadcast = high >> 2 & 3 == 2 && rest.get(2..4) == Some([0xFF, 0xFF].as_slice());
    low >> 5 & 1 == 1 && matches!(low & 7, 1 | 3) && !broadcast
}

/// Network and short address of the source, where it has them.
pub(super) fn source(frame: &[u8]) -> Option<[u8; 4]> {
    let [low, high, _, rest @ ..] = frame else {
        return None;
    };
    if high >> 6 != 2 {
        return None;
    }
    let dst: usize = match high >> 2 & 3 {
        0 => 0,
        2 => 4,
        _ => 10,
    };
    // With compression the network is that of the destination.
    let compressed = low >> 6 & 1 == 1 && dst > 0;
    let (pan, addr) = if compressed {
        (0, dst)
    } else {
        (dst, dst.wrapping_add(2))
    };
    let pan = rest.get(pan..pan.wrapping_add(2))?;
    let addr = rest.get(addr..addr.wrapping_add(2))?;
    pan.iter()
        .chain(addr)
        .copied()
        .collect::<Vec<_>>()
        .try_into()
        .ok()
}

/// The extended address of the source, where it has one.
pub(super) fn extended_source(frame: &[u8]) -> Option<[u8; 8]> {
    let [low, high, _, rest @ ..] = frame else {
        return None;
    };
    if high >> 6 != 3 {
        return None;
    }
    let at = after_destination(*low, *high);
    rest.get(at..at.wrapping_add(8))?.try_into().ok()
}

/// Whether it is a command that asks for data: without security its payload, of one octet, is last.
pub(super) fn is_data_request(frame: &[u8]) -> bool {
    let [low, ..] = frame else {
        return false;
    };
    low & 7 == 3 && low >> 3 & 1 == 0 && frame.last() == Some(&4)
}

/// Where the address of the source begins, behind the sequence number.
const fn after_destination(low: u8, high: u8) -> usize {
    let dst: usize = match high >> 2 & 3 {
        0 => 0,
        2 => 4,
        _ => 10,
    };
    // With compression the network is that of the destination.
    let compressed = low >> 6 & 1 == 1 && dst > 0;
    if compressed { dst } else { dst.wrapping_add(2) }
}

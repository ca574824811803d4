//! Our parsers and those of etherparse and smoltcp on a million right, changed and random buffers
//! per protocol: both accept or both refuse, and both read the same values.

mod etherparse;
mod smoltcp;

/// An octet, or zero behind the end.
fn octet(bytes: &[u8], at: usize) -> u8 {
    bytes.get(at).copied().unwrap_or(0)
}

/// Whether a port of TCP is zero.
fn has_port_zero(bytes: &[u8]) -> bool {
    bytes.get(..2) == Some(&[0, 0]) || bytes.get(2..4) == Some(&[0, 0])
}

/// Whether `is_so` holds for kind and length of some option before the end or the first fault.
fn some_option(mut list: &[u8], is_so: impl Fn(u8, u8) -> bool) -> bool {
    loop {
        match *list {
            [1, ..] => list = &list[1..],
            [] | [0, ..] => return false,
            [kind, len, ..] if is_so(kind, len) => return true,
            [_, len, ..] if len >= 2 && usize::from(len) <= list.len() => {
                list = &list[len.into()..];
            }
            _ => return false,
        }
    }
}

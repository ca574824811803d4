//! The labels of a domain name, followed through back-references (RFC 1035 §4.1.4).

use core::fmt::{self, Write};

/// The labels of a name from left to right, without the root. Back-references have to point to ever
/// earlier octets, so a walk ends; a name that does not end well ends early.
#[derive(Clone)]
pub struct Labels<'a> {
    /// What is left before the next back-reference, cut where no name reaches.
    rest: &'a [u8],
    whole: &'a [u8],
    /// Back-references have to point before this octet; it is where the last one pointed.
    before: usize,
    /// Octets of labels and back-references before this run.
    walked: usize,
    /// Octets of this run at its start.
    run: usize,
    complete: bool,
}

impl<'a> Labels<'a> {
    /// Octets of the longest name (RFC 1035 §2.3.4).
    pub const MAX: usize = 255;

    pub(super) const fn new(rest: &'a [u8], whole: &'a [u8]) -> Self {
        let rest = cut(rest);
        Self {
            rest,
            whole,
            before: usize::MAX,
            walked: 0,
            run: rest.len(),
            complete: false,
        }
    }

    /// Whether the root has been reached.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        self.complete
    }

    /// Where the next label stands, if the walk began at `start` of its message; nothing at the
    /// end.
    pub(super) fn position(&self, start: usize) -> Option<usize> {
        let start = if self.before == usize::MAX {
            start
        } else {
            self.before
        };
        (!self.rest.is_empty()).then(|| start.wrapping_add(self.used()))
    }

    /// Octets of this run that were walked.
    const fn used(&self) -> usize {
        self.run.wrapping_sub(self.rest.len())
    }

    /// Follows the back-reference to `offset`, which stands after `used` octets of this run.
    #[inline]
    fn jump(&mut self, offset: usize, used: usize) -> Option<()> {
        if offset >= self.before {
            return None;
        }
        self.before = offset;
        // Each jump costs an octet too, so that names of jumps alone end soon.
        self.walked = self.walked.wrapping_add(used).wrapping_add(1);
        if self.walked > Self::MAX {
            return None;
        }
        self.rest = cut(self.whole.split_at_checked(offset)?.1);
        self.run = self.rest.len();
        Some(())
    }
}

/// The start of `rest` that a name can reach into: its labels, and the root or a back-reference.
const fn cut(rest: &[u8]) -> &[u8] {
    match rest.split_at_checked(Labels::MAX.saturating_add(2)) {
        Some((rest, _)) => rest,
        None => rest,
    }
}

impl<'a> Iterator for Labels<'a> {
    type Item = &'a [u8];

    #[inline]
    fn next(&mut self) -> Option<&'a [u8]> {
        loop {
            let used = self.used();
            let (&len, rest) = core::mem::take(&mut self.rest).split_first()?;
            match len {
                0 => {
                    self.complete = self.walked.wrapping_add(used) <= Self::MAX;
                    return None;
                }
                1..=63 => {
                    let (label, rest) = rest.split_at_checked(usize::from(len))?;
                    self.rest = rest;
                    return Some(label);
                }
                0xc0.. => {
                    let low = *rest.first()?;
                    self.jump(usize::from(u16::from_be_bytes([len & 0x3f, low])), used)?;
                }
                _ => return None,
            }
        }
    }
}

impl fmt::Display for Labels<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut labels = self.clone();
        let mut any = false;
        for label in labels.by_ref() {
            if core::mem::replace(&mut any, true) {
                f.write_char('.')?;
            }
            escaped(label, f)?;
        }
        match (labels.complete, any) {
            (true, true) => Ok(()),
            (true, false) => f.write_char('.'),
            (false, _) => f.write_str(".<bad>"),
        }
    }
}

/// Writes a label as zone files do (RFC 1035 §5.1).
fn escaped(label: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for &octet in label {
        match octet {
            b'.' | b'\\' => write!(f, "\\{}", char::from(octet))?,
            b'!'..=b'~' => f.write_char(char::from(octet))?,
            _ => write!(f, "\\{octet:03}")?,
        }
    }
    Ok(())
}

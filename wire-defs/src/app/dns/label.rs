//! The labels of a domain name, followed through back-references (RFC 1035 §4.1.4).

use core::fmt::{self, Write};

/// The labels of a name from left to right, without the root. Back-references have to point to ever
/// earlier octets, so a walk ends; a name that does not end well ends early.
#[derive(Clone)]
pub struct Labels<'a> {
    /// What is left before the next back-reference, and what follows that.
    rest: &'a [u8],
    whole: &'a [u8],
    /// Octets of the name as it stands.
    octets: usize,
    /// Back-references have to point before this octet; it is where the last one pointed.
    before: usize,
    /// Octets of the labels so far. Each back-reference costs one too, so that names of these alone
    /// end soon.
    walked: usize,
    complete: bool,
}

impl<'a> Labels<'a> {
    /// Octets of the longest name (RFC 1035 §2.3.4).
    pub const MAX: usize = 255;

    pub(super) const fn new(octets: &'a [u8], whole: &'a [u8]) -> Self {
        Self {
            rest: octets,
            whole,
            octets: octets.len(),
            before: usize::MAX,
            walked: 0,
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
        // After a back-reference what is left goes on to the end of the message.
        let end = if self.before == usize::MAX {
            start.wrapping_add(self.octets)
        } else {
            self.whole.len()
        };
        (!self.rest.is_empty()).then(|| end.wrapping_sub(self.rest.len()))
    }

    /// Follows the back-reference to `offset`.
    #[inline]
    fn jump(&mut self, offset: usize) -> Option<()> {
        if offset >= self.before {
            return None;
        }
        self.walk(1)?;
        self.before = offset;
        self.rest = self.whole.split_at_checked(offset)?.1;
        Some(())
    }

    /// Counts octets of the name.
    #[inline]
    fn walk(&mut self, octets: usize) -> Option<()> {
        self.walked = self.walked.wrapping_add(octets);
        (self.walked <= Self::MAX).then_some(())
    }
}

impl<'a> Iterator for Labels<'a> {
    type Item = &'a [u8];

    #[inline]
    fn next(&mut self) -> Option<&'a [u8]> {
        loop {
            let all = core::mem::take(&mut self.rest);
            let (&len, rest) = all.split_first()?;
            match len {
                0 => {
                    self.complete = true;
                    return None;
                }
                1..=63 => {
                    let len = usize::from(len);
                    let (label, rest) = rest.split_at_checked(len)?;
                    self.walk(len.wrapping_add(1))?;
                    self.rest = rest;
                    return Some(label);
                }
                0xc0.. => {
                    let offset = u16::from_be_bytes(*all.first_chunk()?) & 0x3fff;
                    self.jump(offset.into())?;
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

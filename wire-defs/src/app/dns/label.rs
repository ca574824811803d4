//! The labels of a domain name, followed through back-references (RFC 1035 §4.1.4).

use core::fmt::{self, Write};

/// The labels of a name from left to right, without the root. Back-references have to point to ever
/// earlier octets, so a walk ends; a name that does not end well ends early.
#[derive(Clone)]
pub struct Labels<'a> {
    rest: &'a [u8],
    whole: &'a [u8],
    /// Back-references have to point before this octet.
    before: usize,
    /// Octets that the name may still have.
    left: usize,
    complete: bool,
}

impl<'a> Labels<'a> {
    /// Octets of the longest name (RFC 1035 §2.3.4).
    pub const MAX: usize = 255;

    pub(super) const fn new(rest: &'a [u8], whole: &'a [u8]) -> Self {
        Self {
            rest,
            whole,
            before: usize::MAX,
            left: Self::MAX,
            complete: false,
        }
    }

    /// Whether the root has been reached.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        self.complete
    }

    /// The octets that are left before the next back-reference.
    pub(super) const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Follows the back-reference to `offset`.
    fn jump(&mut self, offset: usize) -> Option<()> {
        if offset >= self.before {
            return None;
        }
        self.before = offset;
        self.rest = self.whole.split_at_checked(offset)?.1;
        Some(())
    }
}

impl<'a> Iterator for Labels<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        loop {
            let (&len, rest) = core::mem::take(&mut self.rest).split_first()?;
            match len {
                0 => {
                    self.complete = true;
                    return None;
                }
                1..=63 => {
                    let (label, rest) = rest.split_at_checked(usize::from(len))?;
                    self.left = self.left.checked_sub(label.len().saturating_add(1))?;
                    self.rest = rest;
                    return Some(label);
                }
                0xc0.. => {
                    let low = *rest.first()?;
                    // Each jump costs an octet too, so that names of jumps alone end soon.
                    self.left = self.left.checked_sub(1)?;
                    self.jump(usize::from(u16::from_be_bytes([len & 0x3f, low])))?;
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

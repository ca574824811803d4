//! The labels of a domain name, followed through back-references (RFC 1035 §4.1.4).

use core::fmt::{self, Write};

/// The labels of a name from left to right, without the root. What a back-reference points to is a
/// name that stands wholly before what was followed last, so a walk ends; a name that does not end
/// well ends early.
#[derive(Clone)]
pub struct Labels<'a> {
    /// What is left of the run of labels at hand, which ends at the root or a back-reference. One
    /// octet stands behind each label, so a run is cut to one more than a name may have.
    rest: &'a [u8],
    /// The message, up to where the last back-reference pointed.
    whole: &'a [u8],
    /// Octets of the run when it began.
    octets: usize,
    /// Whether the run is not the one that the walk began in.
    jumped: bool,
    /// Octets that a name may have beyond the end of the run. Each back-reference costs one too, so
    /// that names of these alone end soon.
    spare: usize,
    complete: bool,
}

impl<'a> Labels<'a> {
    /// Octets of the longest name (RFC 1035 §2.3.4).
    pub const MAX: usize = 255;

    /// The labels of a name that stands in `octets`; it has been measured.
    pub(super) const fn new(octets: &'a [u8], whole: &'a [u8]) -> Self {
        Self {
            rest: octets,
            whole,
            octets: octets.len(),
            jumped: false,
            spare: REACH.wrapping_sub(octets.len()),
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
        let start = if self.jumped { self.whole.len() } else { start };
        let passed = self.octets.wrapping_sub(self.rest.len());
        (!self.rest.is_empty()).then(|| start.wrapping_add(passed))
    }

    /// Follows the back-reference to `offset`, with `left` octets of the run still there.
    #[inline]
    fn jump(&mut self, offset: usize, left: usize) -> Option<()> {
        let room = self.spare.wrapping_add(left).wrapping_sub(1);
        let (before, run) = self.whole.split_at_checked(offset)?;
        self.whole = before;
        self.rest = run.split_at_checked(room).map_or(run, |(near, _)| near);
        self.octets = self.rest.len();
        self.jumped = true;
        self.spare = room.wrapping_sub(self.octets);
        Some(())
    }
}

/// Octets of the labels of the longest name with the one behind them.
const REACH: usize = Labels::MAX.wrapping_add(1);

/// The smallest back-reference: two bits before the offset (RFC 1035 §4.1.4).
const REFERENCE: usize = 0xc000;

impl<'a> Iterator for Labels<'a> {
    type Item = &'a [u8];

    #[inline]
    fn next(&mut self) -> Option<&'a [u8]> {
        loop {
            let all = core::mem::take(&mut self.rest);
            let (&len, rest) = all.split_first()?;
            let len = usize::from(len);
            if len.wrapping_sub(1) < 63 {
                let (label, rest) = rest.split_at_checked(len)?;
                if rest.is_empty() {
                    return None;
                }
                self.rest = rest;
                return Some(label);
            }
            if len < 0xc0 {
                self.complete = len == 0;
                return None;
            }
            let reference = (len << 8).wrapping_add(usize::from(*rest.first()?));
            self.jump(reference.wrapping_sub(REFERENCE), all.len())?;
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

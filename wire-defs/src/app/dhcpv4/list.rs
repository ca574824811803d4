//! All options of a DHCP message: those that overflow into other fields (RFC 2131 §4.1), and long
//! ones that were split (RFC 3396).

use super::{DhcpOption, DhcpOverload};
use crate::options;
use crate::rt::{OptionItem, Options, Result};

/// An option of DHCP that is not looked into.
#[options(kind: u8, len: u8 = body, pad = Pad)]
pub enum DhcpRawOption<'a> {
    /// Alignment.
    #[kind(0, bare)]
    Pad,
    /// End of the options.
    #[kind(255, bare, end)]
    End,
    /// Any other option.
    #[unknown]
    Other {
        /// Its kind.
        kind: u8,
        /// Its octets.
        data: &'a [u8],
    },
}

/// The options of a message, in the order in which they count: the options field, `file`, `sname`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DhcpOptionList<'a> {
    fields: [&'a [u8]; 3],
}

impl<'a> DhcpOptionList<'a> {
    /// The options of these fields, as far as the first says that the others hold options.
    #[must_use]
    pub fn new(options: &'a [u8], file: &'a [u8], sname: &'a [u8]) -> Self {
        let overload = Options::<DhcpOption<'_>>::raw(options)
            .iter()
            .map_while(Result::ok)
            .find_map(|option| match option {
                DhcpOption::Overload { fields } => Some(fields),
                _ => None,
            });
        let (file, sname): (&[u8], &[u8]) = match overload {
            Some(DhcpOverload::File) => (file, &[]),
            Some(DhcpOverload::Sname) => (&[], sname),
            Some(DhcpOverload::Both) => (file, sname),
            _ => (&[], &[]),
        };
        Self {
            fields: [options, file, sname],
        }
    }

    /// The options one by one. A field that ends in nonsense gives an error, and the next goes on.
    pub fn iter(&self) -> impl Iterator<Item = Result<DhcpOption<'a>>> + use<'a> {
        self.walk()
    }

    /// The octets of the options of one kind, put together in `buf` (RFC 3396 §7): `None` if there
    /// are none, or more than `buf` holds.
    pub fn long<'b>(&self, kind: u8, buf: &'b mut [u8]) -> Option<&'b [u8]> {
        let (mut used, mut found) = (0_usize, false);
        for option in self.walk::<DhcpRawOption<'_>>().flatten() {
            let DhcpRawOption::Other { kind: other, data } = option else {
                continue;
            };
            if other != kind {
                continue;
            }
            let (_, rest) = buf.split_at_mut_checked(used)?;
            let (part, _) = rest.split_at_mut_checked(data.len())?;
            for (to, from) in part.iter_mut().zip(data) {
                *to = *from;
            }
            used = used.saturating_add(data.len());
            found = true;
        }
        let (data, _) = buf.split_at_checked(used)?;
        found.then_some(data)
    }

    fn walk<T: OptionItem<'a>>(&self) -> impl Iterator<Item = Result<T>> + use<'a, T> {
        self.fields
            .into_iter()
            .flat_map(|field| Options::raw(field).iter())
    }
}

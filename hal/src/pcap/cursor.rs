//! Reading integers of either byte order from a capture file, without ever reading beyond its end.

/// A place in some octets, and the byte order in which their integers are read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'a> {
    rest: &'a [u8],
    pub(super) order: Order,
}

/// Byte order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Big,
    Little,
}

impl<'a> Cursor<'a> {
    pub(super) const fn new(octets: &'a [u8], order: Order) -> Self {
        Self {
            rest: octets,
            order,
        }
    }

    pub(super) const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The next `len` octets; if there are fewer, none are taken.
    pub(super) fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(len)?;
        self.rest = rest;
        Some(taken)
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        let (taken, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some(match self.order {
            Order::Big => u16::from_be_bytes(*taken),
            Order::Little => u16::from_le_bytes(*taken),
        })
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        let (taken, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some(match self.order {
            Order::Big => u32::from_be_bytes(*taken),
            Order::Little => u32::from_le_bytes(*taken),
        })
    }

    /// A length or an offset.
    pub(super) fn len(&mut self) -> Option<usize> {
        usize::try_from(self.u32()?).ok()
    }
}

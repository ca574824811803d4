//! Reads pcapng (draft-ietf-opsawg-pcapng): sections of either byte order, interface descriptions
//! with their resolution and offset of time, enhanced and simple packets. Other blocks are passed
//! over; a reader remembers as many interfaces of a section as [`INTERFACES`] says.

use super::LinkType;
use super::cursor::{Cursor, Order};
use super::reader::{PcapErrorKind, PcapRecord};
use crate::time::Instant;

/// Block types (draft-ietf-opsawg-pcapng §4); that of a section reads the same in both orders.
const SECTION: u32 = 0x0a0d_0d0a;
const INTERFACE: u32 = 1;
const SIMPLE_PACKET: u32 = 3;
const ENHANCED_PACKET: u32 = 6;

/// Tells the byte order of a section.
const BYTE_ORDER_MAGIC: u32 = 0x1a2b_3c4d;
/// Octets of a block around its body: type, length, and the length again.
const FRAMING: usize = 12;

/// Options of an interface description.
const OPTION_END: u16 = 0;
const OPTION_TSRESOL: u16 = 9;
const OPTION_TSOFFSET: u16 = 14;

/// How many interfaces of a section are remembered.
const INTERFACES: usize = 32;

const NANOS_PER_SECOND: u128 = 1_000_000_000;

/// The rest of a file, and the section that it is in.
#[derive(Clone, Debug)]
pub(super) struct NgReader<'a> {
    cursor: Cursor<'a>,
    interfaces: [Interface; INTERFACES],
    count: usize,
}

/// What a section says of an interface.
#[derive(Clone, Copy, Debug)]
struct Interface {
    link_type: LinkType,
    snap_len: u32,
    /// Units of time, as the option has them (§4.2).
    resolution: u8,
    /// Seconds to add.
    offset: i64,
}

const NO_INTERFACE: Interface = Interface {
    link_type: LinkType(0),
    snap_len: 0,
    resolution: 6,
    offset: 0,
};

type Result<T> = core::result::Result<T, PcapErrorKind>;

impl<'a> NgReader<'a> {
    /// Whether a file begins with a section header.
    pub(super) fn is_ng(file: &[u8]) -> bool {
        Cursor::new(file, Order::Big).u32() == Some(SECTION)
    }

    pub(super) const fn new(file: &'a [u8]) -> Self {
        Self {
            cursor: Cursor::new(file, Order::Big),
            interfaces: [NO_INTERFACE; INTERFACES],
            count: 0,
        }
    }

    pub(super) const fn rest(&self) -> &'a [u8] {
        self.cursor.rest()
    }

    /// The next packet; `None` at the end of the file.
    pub(super) fn next(&mut self) -> Result<Option<PcapRecord<'a>>> {
        while !self.cursor.rest().is_empty() {
            let mut cursor = self.cursor;
            let (kind, body) = block(&mut cursor)?;
            let record = match kind {
                SECTION => {
                    self.count = 0;
                    None
                }
                INTERFACE => {
                    self.describe(body)?;
                    None
                }
                SIMPLE_PACKET => Some(self.simple(body)?),
                ENHANCED_PACKET => Some(self.enhanced(body)?),
                _ => None,
            };
            self.cursor = cursor;
            if record.is_some() {
                return Ok(record);
            }
        }
        Ok(None)
    }

    /// Interface Description Block (§4.2).
    fn describe(&mut self, mut body: Cursor<'_>) -> Result<()> {
        let slot = self.interfaces.get_mut(self.count);
        let slot = slot.ok_or(PcapErrorKind::TooManyInterfaces)?;
        let mut fixed = || {
            let link_type = LinkType(body.u16()?);
            body.u16()?;
            Some((link_type, body.u32()?))
        };
        let (link_type, snap_len) = fixed().ok_or(PcapErrorKind::Length)?;
        *slot = Interface {
            link_type,
            snap_len,
            ..NO_INTERFACE
        };
        while let Some((code, value)) = option(&mut body) {
            match (code, value) {
                (OPTION_TSRESOL, [resolution, ..]) => slot.resolution = *resolution,
                (OPTION_TSOFFSET, _) => {
                    let Some(octets) = value.first_chunk() else {
                        return Err(PcapErrorKind::Length);
                    };
                    slot.offset = match body.order {
                        Order::Big => i64::from_be_bytes(*octets),
                        Order::Little => i64::from_le_bytes(*octets),
                    };
                }
                _ => {}
            }
        }
        self.count = self.count.saturating_add(1);
        Ok(())
    }

    fn interface(&self, number: usize) -> Result<Interface> {
        let described = self.interfaces.get(..self.count).unwrap_or_default();
        described
            .get(number)
            .copied()
            .ok_or(PcapErrorKind::Interface)
    }

    /// Simple Packet Block (§4.4): interface 0, no time, and as much as the interface keeps.
    fn simple(&self, mut body: Cursor<'a>) -> Result<PcapRecord<'a>> {
        let interface = self.interface(0)?;
        let original_len = body.len().ok_or(PcapErrorKind::Length)?;
        let kept = match interface.snap_len {
            0 => original_len,
            most => original_len.min(usize::try_from(most).unwrap_or(usize::MAX)),
        };
        Ok(PcapRecord {
            time: Instant::ZERO,
            sub_nanos: 0,
            link_type: interface.link_type,
            original_len,
            octets: body.take(kept).ok_or(PcapErrorKind::Length)?,
        })
    }

    /// Enhanced Packet Block (§4.3).
    fn enhanced(&self, mut body: Cursor<'a>) -> Result<PcapRecord<'a>> {
        let mut fixed = || {
            let number = body.len()?;
            let (high, low) = (body.u32()?, body.u32()?);
            let kept = body.len()?;
            let original_len = body.len()?;
            Some((number, high, low, original_len, body.take(kept)?))
        };
        let (number, high, low, original_len, octets) = fixed().ok_or(PcapErrorKind::Length)?;
        let interface = self.interface(number)?;
        let (time, sub_nanos) = interface.time(u64::from(high) << 32 | u64::from(low));
        Ok(PcapRecord {
            time,
            sub_nanos,
            link_type: interface.link_type,
            original_len,
            octets,
        })
    }
}

impl Interface {
    /// The instant of a timestamp, and the nanoseconds beyond its microsecond.
    fn time(&self, units: u64) -> (Instant, u16) {
        let nanos = u128::from(units).saturating_mul(NANOS_PER_SECOND);
        let nanos = nanos.checked_div(per_second(self.resolution)).unwrap_or(0);
        let micros = i64::try_from(nanos / 1_000).unwrap_or(i64::MAX);
        let offset = self.offset.saturating_mul(1_000_000);
        let time = Instant::from_micros(micros.saturating_add(offset));
        (time, (nanos % 1_000) as u16)
    }
}

/// Units of time per second, from an option's octet: a power of ten, or of two (§4.2).
const fn per_second(resolution: u8) -> u128 {
    let exponent = (resolution & 0x7f) as u32;
    if resolution & 0x80 == 0 {
        10_u128.saturating_pow(exponent)
    } else {
        2_u128.saturating_pow(exponent)
    }
}

/// The next block: its type and its body. A section header changes the cursor's byte order.
fn block<'a>(cursor: &mut Cursor<'a>) -> Result<(u32, Cursor<'a>)> {
    let mut header = || {
        let kind = cursor.u32()?;
        if kind == SECTION {
            let mut ahead = *cursor;
            ahead.take(4)?;
            ahead.order = Order::Big;
            let magic = ahead.u32()?;
            cursor.order = match magic {
                BYTE_ORDER_MAGIC => Order::Big,
                _ if magic.swap_bytes() == BYTE_ORDER_MAGIC => Order::Little,
                _ => return Some(Err(PcapErrorKind::NotACapture)),
            };
        }
        Some(Ok((kind, cursor.len()?)))
    };
    let (kind, len) = header().ok_or(PcapErrorKind::Truncated)??;
    let inside = len.checked_sub(FRAMING).ok_or(PcapErrorKind::Length)?;
    if len % 4 != 0 {
        return Err(PcapErrorKind::Length);
    }
    let body = cursor.take(inside).ok_or(PcapErrorKind::Truncated)?;
    let again = cursor.len().ok_or(PcapErrorKind::Truncated)?;
    if again != len {
        return Err(PcapErrorKind::Length);
    }
    let mut body = Cursor::new(body, cursor.order);
    if kind == SECTION {
        let mut version = || {
            body.take(4)?;
            body.u16()
        };
        match version() {
            Some(1) => {}
            Some(_) => return Err(PcapErrorKind::Version),
            None => return Err(PcapErrorKind::Length),
        }
    }
    Ok((kind, body))
}

/// The next option of a block: its code and its value. None at the end and at what is cut short.
fn option<'a>(body: &mut Cursor<'a>) -> Option<(u16, &'a [u8])> {
    let code = body.u16()?;
    let len = usize::from(body.u16()?);
    if code == OPTION_END {
        return None;
    }
    let value = body.take(len)?;
    // The padding of the last option may be missing.
    let padding = len.next_multiple_of(4).saturating_sub(len);
    body.take(padding);
    Some((code, value))
}

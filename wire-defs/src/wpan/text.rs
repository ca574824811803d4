//! Frames of IEEE 802.15.4 on one line, without the fields that are not there.

use super::frame::{Ieee802154, Ieee802154Frame, MacAddress};
use crate::rt::Header;
use crate::rt::print::{Layer, Next, Then, Visit};
use core::fmt;

/// Gives a frame without its check sequence to a printer.
pub(crate) fn walk(bytes: &[u8], then: &mut Then<'_>) -> fmt::Result {
    match Ieee802154::view_truncated(bytes) {
        Ok(packet) => then(Next::Layer(&FrameText(packet))),
        Err(error) => then(Next::Bad(error)),
    }
}

struct FrameText<'a>(Ieee802154Frame<'a>);

struct AddressText(MacAddress);

impl fmt::Display for AddressText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            MacAddress::Absent => f.write_str("-"),
            MacAddress::Short(addr) => addr.fmt(f),
            MacAddress::Extended(addr) => addr.fmt(f),
        }
    }
}

impl Layer for FrameText<'_> {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn fields(&self, visit: &mut Visit<'_>) -> fmt::Result {
        self.0.fields(visit)
    }

    fn line(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let frame = &self.0;
        write!(f, "Ieee802154 {}", frame.frame_type())?;
        if let Some(seq) = frame.seq() {
            write!(f, " seq {seq}")?;
        }
        match (frame.src_pan(), frame.dst_pan()) {
            (Some(src), Some(dst)) if src != dst => write!(f, " pan {src} > {dst}")?,
            (Some(pan), _) | (None, Some(pan)) => write!(f, " pan {pan}")?,
            (None, None) => {}
        }
        match (frame.src_addr(), frame.dst_addr()) {
            (MacAddress::Absent, MacAddress::Absent) => {}
            (src, dst) => write!(f, " {} > {}", AddressText(src), AddressText(dst))?,
        }
        if frame.ack_request() {
            f.write_str(" ack-request")?;
        }
        if frame.frame_pending() {
            f.write_str(" pending")?;
        }
        if let Some(security) = frame.security() {
            write!(f, " {}", security.level)?;
            if let Some(counter) = security.frame_counter {
                write!(f, " counter {counter}")?;
            }
        }
        Ok(())
    }

    fn next(&self, then: &mut Then<'_>) -> fmt::Result {
        self.0.next(then)
    }
}

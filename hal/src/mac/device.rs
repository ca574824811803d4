//! The MAC as a [`Device`]: frames of 802.15.4 without security and frame check sequence.

use litz_wire::MacAddress;

use super::Mac;
use super::head::Head;

use super::queue::{RxQueue, RxSlot, TxQueue};
use super::security::Protection;
use crate::device::{Capabilities, Device, DeviceError, Medium};
use crate::device::{RxMeta, RxToken, TxError, TxMeta, TxToken};
use crate::parts::CHILDREN;
use crate::radio::{MAX_FRAME, PendingFor, Radio};
use crate::time::{Duration, Instant};

/// IPv6 wants a link to carry this much (RFC 8200 §5); 6LoWPAN makes it so.
const IP_MTU: usize = 1280;

/// A received frame.
#[derive(Debug)]
pub struct MacRxToken<'t, 'a>(&'t mut RxQueue<'a>);

/// Room for a frame to be sent.
#[derive(Debug)]
pub struct MacTxToken<'t, 'a, R> {
    queue: &'t mut TxQueue<'a>,
    children: &'t [Option<MacAddress>],
    radio: &'t mut R,
    now: Instant,
    persistence: Duration,
    max_frame: usize,
}

impl<'a, R: Radio, P: Protection> Mac<'a, R, P> {
    fn max_frame(&self) -> usize {
        MAX_FRAME.saturating_sub(self.protection.overhead())
    }
}

impl<'a, R: Radio, P: Protection> Device for Mac<'a, R, P> {
    type RxToken<'t>
        = MacRxToken<'t, 'a>
    where
        Self: 't;
    type TxToken<'t>
        = MacTxToken<'t, 'a, R>
    where
        Self: 't;

    fn receive(&mut self, now: Instant) -> Option<(Self::RxToken<'_>, Self::TxToken<'_>)> {
        self.poll(now);
        if self.rx.is_empty() || self.tx.room() == 0 {
            return None;
        }
        let max_frame = self.max_frame();
        let tx = MacTxToken {
            queue: &mut self.tx,
            children: self.children,
            radio: &mut self.radio,
            now,
            persistence: self.config.persistence,
            max_frame,
        };
        Some((MacRxToken(&mut self.rx), tx))
    }

    fn receive_only(&mut self, now: Instant) -> Option<Self::RxToken<'_>> {
        self.poll(now);
        (!self.rx.is_empty()).then_some(MacRxToken(&mut self.rx))
    }

    fn transmit(&mut self, now: Instant) -> Option<Self::TxToken<'_>> {
        self.poll(now);
        let max_frame = self.max_frame();
        (self.tx.room() > 0).then_some(MacTxToken {
            queue: &mut self.tx,
            children: self.children,
            radio: &mut self.radio,
            now,
            persistence: self.config.persistence,
            max_frame,
        })
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            max_frame: self.max_frame(),
            ..Capabilities::new(Medium::Ieee802154, IP_MTU)
        }
    }

    fn take_error(&mut self) -> Option<DeviceError> {
        self.error.take()
    }
}

impl RxToken for MacRxToken<'_, '_> {
    fn meta(&self) -> RxMeta {
        self.0.front().map_or_else(RxMeta::default, RxSlot::meta)
    }

    fn consume<T, F: FnOnce(&[u8]) -> T>(self, f: F) -> T {
        let slot = self.0.front();
        let frame = slot.and_then(|slot| slot.octets.get(..slot.len));
        let result = f(frame.unwrap_or_default());
        self.0.pop();
        result
    }
}

impl<R: Radio> TxToken for MacTxToken<'_, '_, R> {
    fn consume<T, F: FnOnce(&mut [u8]) -> T>(
        self,
        len: usize,
        meta: TxMeta,
        f: F,
    ) -> Result<T, TxError> {
        if len > self.max_frame {
            return Err(TxError::TooLong);
        }
        let (place, slot) = self.queue.free().ok_or(TxError::Full)?;
        let frame = slot.octets.get_mut(..len).ok_or(TxError::TooLong)?;
        let result = f(frame);
        let head = Head::parse(frame).ok_or(TxError::Device)?;
        slot.len = len;
        let sleeps = CHILDREN && self.children.contains(&Some(head.dst));
        let kept = sleeps.then(|| self.now.saturating_add(self.persistence));
        self.queue.push(place, meta.priority, kept);
        if sleeps {
            // Of radios that acknowledge; if one has no more room, it says "pending" to all.
            let _ = match head.dst {
                MacAddress::Short(addr) => self.radio.set_pending(PendingFor::Short(addr), true),
                MacAddress::Extended(addr) => {
                    self.radio.set_pending(PendingFor::Extended(addr), true)
                }
                MacAddress::Absent => Ok(()),
            };
        }
        Ok(result)
    }
}

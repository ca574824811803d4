//! One end of a link, as a device. Frames are kept in buffers that are used again; once a link has
//! been busy it allocates no more.

use std::vec::Vec;

use super::{Shared, Side};
use crate::device::{Capabilities, Device, LinkState, RxMeta, RxToken, TxError, TxMeta, TxToken};
use crate::time::{Deadline, Instant};

/// One end of a [`Link`](super::Link).
#[derive(Debug)]
pub struct LinkEnd {
    shared: Shared,
    side: Side,
}

/// A frame that has arrived; left alone, it stays.
#[derive(Debug)]
pub struct LinkRxToken<'a> {
    end: &'a LinkEnd,
    now: Instant,
    meta: RxMeta,
}

/// Room for a frame.
#[derive(Debug)]
pub struct LinkTxToken<'a> {
    end: &'a LinkEnd,
    now: Instant,
}

impl LinkEnd {
    pub(super) const fn new(shared: Shared, side: Side) -> Self {
        Self { shared, side }
    }

    /// Which end it is.
    #[must_use]
    pub const fn side(&self) -> Side {
        self.side
    }

    /// When the next frame arrives at this end.
    #[must_use]
    pub fn next_arrival(&self) -> Deadline {
        self.shared.lock().from(self.side.other()).next_arrival()
    }
}

impl Device for LinkEnd {
    type RxToken<'a> = LinkRxToken<'a>;
    type TxToken<'a> = LinkTxToken<'a>;

    fn receive(&mut self, now: Instant) -> Option<(LinkRxToken<'_>, LinkTxToken<'_>)> {
        let meta = self.shared.lock().from(self.side.other()).arrived(now)?;
        let end = &*self;
        Some((LinkRxToken { end, now, meta }, LinkTxToken { end, now }))
    }

    fn transmit(&mut self, now: Instant) -> Option<LinkTxToken<'_>> {
        let room = self.shared.lock().from(self.side).has_room();
        room.then_some(LinkTxToken { end: self, now })
    }

    fn capabilities(&self) -> Capabilities {
        self.shared.lock().from(self.side).config().capabilities
    }

    fn link_state(&self) -> LinkState {
        if self.shared.lock().up {
            LinkState::Up
        } else {
            LinkState::Down
        }
    }
}

impl RxToken for LinkRxToken<'_> {
    fn meta(&self) -> RxMeta {
        self.meta
    }

    fn consume<R, F: FnOnce(&[u8]) -> R>(self, f: F) -> R {
        let from = self.end.side.other();
        let frame = self.end.shared.lock().from(from).take(self.now);
        // Between `receive` and here the end is borrowed, so the frame is still there.
        let frame = frame.unwrap_or_default();
        let result = f(&frame);
        self.end.shared.lock().from(from).recycle(frame);
        result
    }
}

impl TxToken for LinkTxToken<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(
        self,
        len: usize,
        meta: TxMeta,
        f: F,
    ) -> Result<R, TxError> {
        let side = self.end.side;
        let mut frame: Vec<u8> = self.end.shared.lock().from(side).buffer(len)?;
        let result = f(&mut frame);
        let mut paths = self.end.shared.lock();
        let up = paths.up;
        paths.from(side).send(self.now, up, meta, frame);
        Ok(result)
    }
}

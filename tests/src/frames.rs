//! A device whose frames the test puts in and takes out by hand.

use std::collections::VecDeque;

use litz_hal::time::Instant;
use litz_hal::{Capabilities, Device, RxMeta, RxToken, TxError, TxMeta, TxToken};

/// Two queues of frames.
#[derive(Debug)]
pub struct FrameQueue {
    /// Frames that the interface will receive.
    pub rx: VecDeque<Vec<u8>>,
    /// Frames that the interface has sent.
    pub tx: VecDeque<Vec<u8>>,
    caps: Capabilities,
}

impl FrameQueue {
    /// Frames that may wait to be taken out; more find no transmit token.
    const ROOM: usize = 1024;

    /// Empty queues of a device with these capabilities.
    pub fn new(caps: Capabilities) -> Self {
        Self {
            rx: VecDeque::new(),
            tx: VecDeque::new(),
            caps,
        }
    }
}

/// A frame that was received.
#[derive(Debug)]
pub struct Received(Vec<u8>);

/// Room for a frame to be sent.
#[derive(Debug)]
pub struct Room<'a>(&'a mut VecDeque<Vec<u8>>);

impl Device for FrameQueue {
    type RxToken<'a> = Received;
    type TxToken<'a> = Room<'a>;

    fn receive(&mut self, _now: Instant) -> Option<(Received, Room<'_>)> {
        let frame = self.rx.pop_front()?;
        Some((Received(frame), Room(&mut self.tx)))
    }

    fn transmit(&mut self, _now: Instant) -> Option<Room<'_>> {
        (self.tx.len() < Self::ROOM).then_some(Room(&mut self.tx))
    }

    fn capabilities(&self) -> Capabilities {
        self.caps
    }
}

impl RxToken for Received {
    fn meta(&self) -> RxMeta {
        RxMeta::default()
    }

    fn consume<R, F: FnOnce(&[u8]) -> R>(self, f: F) -> R {
        f(&self.0)
    }
}

impl TxToken for Room<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(
        self,
        len: usize,
        _meta: TxMeta,
        f: F,
    ) -> Result<R, TxError> {
        // Whoever leaves an octet unwritten sends this, and a checksum fails somewhere.
        let mut frame = vec![0xa5; len];
        let result = f(&mut frame);
        self.0.push_back(frame);
        Ok(result)
    }
}

//! A driver of an Ethernet controller, as the README shows it.

use litz::phy::{Capabilities, Device, Medium, RxToken, TxError, TxMeta, TxToken};
use litz::time::Instant;

// README: driver
/// What your controller does, by its registers or its descriptors.
pub(crate) trait Controller {
    /// Copies the next received frame; its length, if there is one.
    fn fetch(&mut self, frame: &mut [u8; 1514]) -> Option<usize>;
    fn has_room(&mut self) -> bool;
    fn send(&mut self, frame: &[u8]);
}

pub(crate) struct Driver<C> {
    pub(crate) controller: C,
    pub(crate) received: [u8; 1514],
}

pub(crate) struct Received<'a>(&'a [u8]);
pub(crate) struct ToSend<'a, C>(&'a mut C);

impl<C: Controller> Device for Driver<C> {
    type RxToken<'a>
        = Received<'a>
    where
        C: 'a;
    type TxToken<'a>
        = ToSend<'a, C>
    where
        C: 'a;

    /// A frame, and room for its answer.
    fn receive(&mut self, _: Instant) -> Option<(Received<'_>, ToSend<'_, C>)> {
        if !self.controller.has_room() {
            return None;
        }
        let length = self.controller.fetch(&mut self.received)?;
        let frame = self.received.get(..length)?;
        Some((Received(frame), ToSend(&mut self.controller)))
    }

    fn transmit(&mut self, _: Instant) -> Option<ToSend<'_, C>> {
        self.controller
            .has_room()
            .then_some(ToSend(&mut self.controller))
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::new(Medium::Ethernet, 1500)
    }
}

impl RxToken for Received<'_> {
    fn consume<R, F: FnOnce(&[u8]) -> R>(self, f: F) -> R {
        f(self.0)
    }
}

impl<C: Controller> TxToken for ToSend<'_, C> {
    fn consume<R, F>(self, len: usize, _: TxMeta, f: F) -> Result<R, TxError>
    where
        F: FnOnce(&mut [u8]) -> R,
    {
        let mut frame = [0; 1514];
        let frame = frame.get_mut(..len).ok_or(TxError::TooLong)?;
        let result = f(frame);
        self.0.send(frame);
        Ok(result)
    }
}
// README: end

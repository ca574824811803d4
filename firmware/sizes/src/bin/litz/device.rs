//! The mailbox as a device of litz.

use litz::time::Instant;
use litz_hal::{Capabilities, Device, Medium, RxToken, TxError, TxMeta, TxToken};
use sizes::{FRAME, Mailbox, ROOM};
use static_cell::ConstStaticCell;

static FRAMES: ConstStaticCell<[[u8; ROOM]; 2]> = ConstStaticCell::new([[0; ROOM]; 2]);

pub(crate) struct Nic {
    mailbox: Mailbox,
    rx: &'static mut [u8; ROOM],
    tx: &'static mut [u8; ROOM],
    medium: Medium,
    mtu: usize,
}

pub(crate) struct Received<'a>(&'a [u8]);
pub(crate) struct ToSend<'a>(&'a mut Mailbox, &'a mut [u8; ROOM]);

impl Nic {
    pub(crate) fn new(medium: Medium, mtu: usize) -> Option<Self> {
        let [rx, tx] = FRAMES.try_take()?;
        Some(Self {
            mailbox: Mailbox::new(),
            rx,
            tx,
            medium,
            mtu,
        })
    }
}

impl Device for Nic {
    type RxToken<'a> = Received<'a>;
    type TxToken<'a> = ToSend<'a>;

    fn receive(&mut self, _: Instant) -> Option<(Received<'_>, ToSend<'_>)> {
        let length = self.mailbox.fetch(self.rx)?;
        let frame = self.rx.get(..length)?;
        Some((Received(frame), ToSend(&mut self.mailbox, self.tx)))
    }

    fn transmit(&mut self, _: Instant) -> Option<ToSend<'_>> {
        Some(ToSend(&mut self.mailbox, self.tx))
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::new(self.medium, self.mtu)
    }
}

impl RxToken for Received<'_> {
    fn consume<R, F: FnOnce(&[u8]) -> R>(self, f: F) -> R {
        f(self.0)
    }
}

impl TxToken for ToSend<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(
        self,
        len: usize,
        _: TxMeta,
        f: F,
    ) -> Result<R, TxError> {
        let frame = self.1.get_mut(..len).filter(|_| len <= FRAME);
        let result = f(frame.ok_or(TxError::TooLong)?);
        self.0.send(self.1, len);
        Ok(result)
    }
}

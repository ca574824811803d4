//! One end of a cable to QEMU: a socket whose datagrams are frames.

use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::time::Duration;

use litz_hal::time::Instant;
use litz_hal::{Capabilities, Device, Medium, RxToken, TxError, TxMeta, TxToken};

pub(crate) struct Cable {
    socket: UnixDatagram,
    far: PathBuf,
    /// A frame that was waited for.
    waiting: Option<Vec<u8>>,
    pub(crate) sent: usize,
    pub(crate) received: usize,
}

impl Cable {
    /// An end at `near`; the other is at `far`, once QEMU has made it.
    pub(crate) fn new(near: &Path, far: &Path) -> Self {
        Self {
            socket: UnixDatagram::bind(near).expect("a scratch folder"),
            far: far.to_owned(),
            waiting: None,
            sent: 0,
            received: 0,
        }
    }

    /// Waits for a frame.
    pub(crate) fn wait(&mut self, limit: Duration) {
        if self.waiting.is_none() {
            self.waiting = self.fetch(limit);
        }
    }

    fn fetch(&self, limit: Duration) -> Option<Vec<u8>> {
        let limit = limit.max(Duration::from_micros(1));
        let set = self.socket.set_read_timeout(Some(limit));
        set.expect("a time of waiting");
        let mut frame = vec![0; 2048];
        let length = self.socket.recv(&mut frame).ok()?;
        frame.truncate(length);
        Some(frame)
    }
}

pub(crate) struct Received(Vec<u8>);

pub(crate) struct ToSend<'a> {
    socket: &'a UnixDatagram,
    far: &'a Path,
    sent: &'a mut usize,
}

impl Device for Cable {
    type RxToken<'a> = Received;
    type TxToken<'a> = ToSend<'a>;

    fn receive(&mut self, now: Instant) -> Option<(Received, ToSend<'_>)> {
        let frame = self.waiting.take();
        let frame = frame.or_else(|| self.fetch(Duration::ZERO))?;
        self.received += 1;
        Some((Received(frame), self.transmit(now)?))
    }

    fn transmit(&mut self, _: Instant) -> Option<ToSend<'_>> {
        Some(ToSend {
            socket: &self.socket,
            far: &self.far,
            sent: &mut self.sent,
        })
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::new(Medium::Ethernet, 1500)
    }
}

impl RxToken for Received {
    fn consume<R, F: FnOnce(&[u8]) -> R>(self, f: F) -> R {
        f(&self.0)
    }
}

impl TxToken for ToSend<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(
        self,
        len: usize,
        _: TxMeta,
        f: F,
    ) -> Result<R, TxError> {
        let mut frame = vec![0; len];
        let result = f(&mut frame);
        *self.sent += 1;
        // Before the board has its end, frames are lost, as without a cable.
        let _ = self.socket.send_to(&frame, self.far);
        Ok(result)
    }
}

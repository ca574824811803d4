//! A device that writes every frame that passes through it to a capture file, in the order in which
//! frames are consumed. It changes nothing, and a capture that fails does not stop the traffic.

use core::cell::RefCell;

use super::{LinkType, PcapWriter, Resolution, Sink};
use crate::device::{Capabilities, Device, DeviceError, LinkState};
use crate::device::{RxMeta, RxToken, TxError, TxMeta, TxToken};
use crate::time::Instant;

/// A device whose frames are captured.
#[derive(Debug)]
pub struct PcapDevice<D, S: Sink> {
    inner: D,
    capture: RefCell<Capture<S>>,
}

/// The file, and why nothing more is written to it.
#[derive(Debug)]
struct Capture<S: Sink> {
    writer: PcapWriter<S>,
    error: Option<S::Error>,
    broken: bool,
}

/// A received frame that will be captured when it is consumed.
#[derive(Debug)]
pub struct PcapRxToken<'a, T, S: Sink> {
    inner: T,
    now: Instant,
    capture: &'a RefCell<Capture<S>>,
}

/// Room for a frame that will be captured when it is sent.
#[derive(Debug)]
pub struct PcapTxToken<'a, T, S: Sink> {
    inner: T,
    now: Instant,
    capture: &'a RefCell<Capture<S>>,
}

impl<D: Device, S: Sink> PcapDevice<D, S> {
    /// Capture what passes through a device, in a new file whose link type is the device's.
    ///
    /// # Errors
    /// If the sink does not take the file header.
    pub fn new(inner: D, sink: S) -> Result<Self, S::Error> {
        let link_type = LinkType::from(inner.capabilities().medium);
        let writer = PcapWriter::new(sink, link_type, Resolution::Micros)?;
        Ok(Self::with_writer(inner, writer))
    }

    /// Capture what passes through a device with a writer that was made before.
    pub const fn with_writer(inner: D, writer: PcapWriter<S>) -> Self {
        let capture = Capture {
            writer,
            error: None,
            broken: false,
        };
        Self {
            inner,
            capture: RefCell::new(capture),
        }
    }

    /// The device.
    pub const fn inner(&self) -> &D {
        &self.inner
    }

    /// The device, to be changed.
    pub const fn inner_mut(&mut self) -> &mut D {
        &mut self.inner
    }

    /// The device and the writer. The writer is not flushed.
    pub fn into_parts(self) -> (D, PcapWriter<S>) {
        (self.inner, self.capture.into_inner().writer)
    }

    /// Pass on what the sink kept back.
    ///
    /// # Errors
    /// If the sink cannot.
    pub fn flush(&mut self) -> Result<(), S::Error> {
        self.capture.get_mut().writer.flush()
    }

    /// Why the capture ended, if it did and this was not asked before.
    pub fn take_capture_error(&mut self) -> Option<S::Error> {
        self.capture.get_mut().error.take()
    }
}

impl<S: Sink> Capture<S> {
    fn write(cell: &RefCell<Self>, now: Instant, frame: &[u8]) {
        // It is never borrowed longer than this, so this never fails.
        let Ok(mut capture) = cell.try_borrow_mut() else {
            return;
        };
        if capture.broken {
            return;
        }
        if let Err(error) = capture.writer.write(now, frame) {
            // A frame may have been written in part: whatever followed would not be understood.
            capture.broken = true;
            capture.error = Some(error);
        }
    }
}

impl<D: Device, S: Sink> Device for PcapDevice<D, S> {
    type RxToken<'a>
        = PcapRxToken<'a, D::RxToken<'a>, S>
    where
        Self: 'a;
    type TxToken<'a>
        = PcapTxToken<'a, D::TxToken<'a>, S>
    where
        Self: 'a;

    fn receive(&mut self, now: Instant) -> Option<(Self::RxToken<'_>, Self::TxToken<'_>)> {
        let capture = &self.capture;
        let (rx, tx) = self.inner.receive(now)?;
        let rx = PcapRxToken {
            inner: rx,
            now,
            capture,
        };
        let tx = PcapTxToken {
            inner: tx,
            now,
            capture,
        };
        Some((rx, tx))
    }

    fn receive_only(&mut self, now: Instant) -> Option<Self::RxToken<'_>> {
        let capture = &self.capture;
        let inner = self.inner.receive_only(now)?;
        Some(PcapRxToken {
            inner,
            now,
            capture,
        })
    }

    fn transmit(&mut self, now: Instant) -> Option<Self::TxToken<'_>> {
        let capture = &self.capture;
        let inner = self.inner.transmit(now)?;
        Some(PcapTxToken {
            inner,
            now,
            capture,
        })
    }

    fn capabilities(&self) -> Capabilities {
        self.inner.capabilities()
    }

    fn link_state(&self) -> LinkState {
        self.inner.link_state()
    }

    fn take_error(&mut self) -> Option<DeviceError> {
        self.inner.take_error()
    }
}

impl<T: RxToken, S: Sink> RxToken for PcapRxToken<'_, T, S> {
    fn meta(&self) -> RxMeta {
        self.inner.meta()
    }

    fn consume<R, F: FnOnce(&[u8]) -> R>(self, f: F) -> R {
        let when = self.inner.meta().timestamp.unwrap_or(self.now);
        self.inner.consume(|frame| {
            Capture::write(self.capture, when, frame);
            f(frame)
        })
    }
}

impl<T: TxToken, S: Sink> TxToken for PcapTxToken<'_, T, S> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(
        self,
        len: usize,
        meta: TxMeta,
        f: F,
    ) -> Result<R, TxError> {
        self.inner.consume(len, meta, |frame| {
            let result = f(frame);
            Capture::write(self.capture, self.now, frame);
            result
        })
    }
}

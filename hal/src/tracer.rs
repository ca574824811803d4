//! A device that shows the frames of another, received and sent, to a sink of the caller's: on one
//! line or as a tree, as the declared headers print themselves. It changes nothing, and it writes
//! nowhere itself.
//!
//! ```
//! # extern crate std;
//! use litz_hal::tracer::{Traced, Tracer};
//! # fn watch<D: litz_hal::Device>(device: D) -> impl litz_hal::Device {
//!
//! Tracer::new(device, |frame: &Traced<'_>| std::println!("{frame}"))
//! # }
//! ```

use core::cell::RefCell;
use core::fmt;

use crate::device::{Capabilities, Device, DeviceError, LinkState, Medium};
use crate::device::{RxMeta, RxToken, TxError, TxMeta, TxToken};
use crate::time::Instant;
use litz_wire::print::{self, Line, Next, Start, Tree};

/// A device that shows the frames of another to a sink.
#[derive(Debug)]
pub struct Tracer<D, S> {
    inner: D,
    /// The tokens of one `receive` share it; none keeps it while the caller's code runs.
    sink: RefCell<S>,
}

/// Takes the frames that pass a [`Tracer`]. Closures over [`Traced`] are sinks.
pub trait TraceSink {
    /// A frame passes.
    fn frame(&mut self, frame: &Traced<'_>);
}

impl<F: FnMut(&Traced<'_>)> TraceSink for F {
    fn frame(&mut self, frame: &Traced<'_>) {
        self(frame);
    }
}

/// Which way a frame passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// It was received.
    Received,
    /// It is handed to the device, which may still fail to send it.
    Sent,
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Received => "<-",
            Self::Sent => "->",
        })
    }
}

/// A frame on its way. It prints as one line, and with `{:#}` as a tree below such a line's head.
#[derive(Clone, Copy, Debug)]
pub struct Traced<'a> {
    /// When it passes.
    pub now: Instant,
    /// Which way.
    pub direction: Direction,
    /// What it begins with.
    pub medium: Medium,
    /// All of it. Checksums that are the device's work are not filled in.
    pub octets: &'a [u8],
}

impl<'a> Traced<'a> {
    /// Its headers on one line.
    #[must_use]
    pub const fn line(&self) -> Line<'a> {
        Line::new(start(self.medium), self.octets)
    }

    /// Its headers and their fields, a line each.
    #[must_use]
    pub const fn tree(&self) -> Tree<'a> {
        Tree::new(start(self.medium), self.octets)
    }
}

impl fmt::Display for Traced<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ", self.now, self.direction)?;
        if f.alternate() {
            write!(f, "{} octets\n{}", self.octets.len(), self.tree())
        } else {
            self.line().fmt(f)
        }
    }
}

/// Where the printers begin. Frames of IEEE 802.15.4 are shown as octets.
const fn start(medium: Medium) -> Start {
    match medium {
        Medium::Ethernet => print::ETHERNET,
        Medium::Ip => print::IP,
        Medium::Ieee802154 | Medium::Lowpan => |octets, then| then(Next::Data(octets)),
    }
}

impl<D: Device, S: TraceSink> Tracer<D, S> {
    /// Show every frame of `inner` to `sink`.
    pub const fn new(inner: D, sink: S) -> Self {
        let sink = RefCell::new(sink);
        Self { inner, sink }
    }

    /// The device inside.
    pub const fn inner(&self) -> &D {
        &self.inner
    }

    /// The device inside, to be changed.
    pub const fn inner_mut(&mut self) -> &mut D {
        &mut self.inner
    }

    /// The sink.
    pub fn sink_mut(&mut self) -> &mut S {
        self.sink.get_mut()
    }

    /// The device inside and the sink.
    pub fn into_parts(self) -> (D, S) {
        (self.inner, self.sink.into_inner())
    }
}

impl<D: Device, S: TraceSink> Device for Tracer<D, S> {
    type RxToken<'a>
        = TracerRxToken<'a, D::RxToken<'a>, S>
    where
        Self: 'a;
    type TxToken<'a>
        = TracerTxToken<'a, D::TxToken<'a>, S>
    where
        Self: 'a;

    fn receive(&mut self, now: Instant) -> Option<(Self::RxToken<'_>, Self::TxToken<'_>)> {
        let medium = self.inner.capabilities().medium;
        let (frame, answer) = self.inner.receive(now)?;
        let view = View {
            sink: &self.sink,
            now,
            medium,
        };
        Some((
            TracerRxToken { inner: frame, view },
            TracerTxToken {
                inner: answer,
                view,
            },
        ))
    }

    fn receive_only(&mut self, now: Instant) -> Option<Self::RxToken<'_>> {
        let medium = self.inner.capabilities().medium;
        let inner = self.inner.receive_only(now)?;
        let view = View {
            sink: &self.sink,
            now,
            medium,
        };
        Some(TracerRxToken { inner, view })
    }

    fn transmit(&mut self, now: Instant) -> Option<Self::TxToken<'_>> {
        let medium = self.inner.capabilities().medium;
        let inner = self.inner.transmit(now)?;
        let view = View {
            sink: &self.sink,
            now,
            medium,
        };
        Some(TracerTxToken { inner, view })
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

/// What a token needs to show its frame.
#[derive(Debug)]
struct View<'a, S> {
    sink: &'a RefCell<S>,
    now: Instant,
    medium: Medium,
}

impl<S> Clone for View<'_, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for View<'_, S> {}

impl<S: TraceSink> View<'_, S> {
    fn show(&self, direction: Direction, octets: &[u8]) {
        let (now, medium) = (self.now, self.medium);
        // No sink is called from within a sink, so it is never taken.
        if let Ok(mut sink) = self.sink.try_borrow_mut() {
            sink.frame(&Traced {
                now,
                direction,
                medium,
                octets,
            });
        }
    }
}

/// A received frame that will be shown.
#[derive(Debug)]
pub struct TracerRxToken<'a, T, S> {
    inner: T,
    view: View<'a, S>,
}

impl<T: RxToken, S: TraceSink> RxToken for TracerRxToken<'_, T, S> {
    fn meta(&self) -> RxMeta {
        self.inner.meta()
    }

    fn consume<R, F: FnOnce(&[u8]) -> R>(self, f: F) -> R {
        let view = self.view;
        self.inner.consume(|octets| {
            view.show(Direction::Received, octets);
            f(octets)
        })
    }
}

/// Room for a frame that will be shown.
#[derive(Debug)]
pub struct TracerTxToken<'a, T, S> {
    inner: T,
    view: View<'a, S>,
}

impl<T: TxToken, S: TraceSink> TxToken for TracerTxToken<'_, T, S> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(
        self,
        len: usize,
        meta: TxMeta,
        f: F,
    ) -> Result<R, TxError> {
        let view = self.view;
        self.inner.consume(len, meta, |octets| {
            let result = f(octets);
            view.show(Direction::Sent, octets);
            result
        })
    }
}

#[cfg(test)]
mod tests;

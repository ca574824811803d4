//! A device that treats the frames of another badly: it drops, damages, doubles and limits them, as
//! a seed decides, in both directions. It needs no heap, and it neither delays nor reorders frames;
//! the link in `link` does.
//!
//! ```
//! use litz_hal::fault::{FaultConfig, FaultInjector, Faults};
//! use litz_hal::prng::Chance;
//! # fn bring_misfortune<D: litz_hal::Device>(device: D) -> FaultInjector<D> {
//!
//! let faults = Faults { drop: Chance::percent(5), ..Faults::default() };
//! FaultInjector::new(device, FaultConfig::both(42, faults))
//! # }
//! ```

mod config;
mod half;

pub use config::{FaultConfig, FaultCounters, Faults, RateLimit};

use crate::device::{Capabilities, ChecksumStatus, ChecksumWork, Device, DeviceError, LinkState};
use crate::device::{RxMeta, RxToken, TxError, TxMeta, TxToken};
use crate::time::Instant;
use half::{Fate, Half, copy_octets};

/// Frames that are dropped in a row before `receive` says that there is none, lest a flood of
/// frames holds the caller up.
const MOST_DROPS: usize = 64;

/// What the seed of sent frames differs by from that of received ones.
const OTHER_WAY: u64 = 0x5851_f42d_4c95_7f2d;

/// A device that treats the frames of another badly.
///
/// It has room for two frames of `BUFFER` octets. Where longer ones cannot be dropped, damaged or
/// doubled without room, they are spared, and that is counted. The second of two sent frames leaves
/// with the next call, the second of two received ones follows the first.
#[derive(Debug)]
pub struct FaultInjector<D, const BUFFER: usize = 1536> {
    inner: D,
    receive: Half<RxMeta, BUFFER>,
    transmit: Half<TxMeta, BUFFER>,
}

impl<D: Device> FaultInjector<D> {
    /// An injector for frames of up to 1536 octets.
    pub const fn new(inner: D, config: FaultConfig) -> Self {
        Self::with_buffer(inner, config)
    }
}

impl<D: Device, const BUFFER: usize> FaultInjector<D, BUFFER> {
    /// An injector for frames of up to `BUFFER` octets.
    pub const fn with_buffer(inner: D, config: FaultConfig) -> Self {
        Self {
            inner,
            receive: Half::new(config.receive, config.seed),
            transmit: Half::new(config.transmit, config.seed ^ OTHER_WAY),
        }
    }

    /// Treat frames from now on differently. The seed is not used again.
    pub const fn set_config(&mut self, config: FaultConfig) {
        self.receive.set_faults(config.receive);
        self.transmit.set_faults(config.transmit);
    }

    /// What was done to received frames.
    #[must_use]
    pub const fn received(&self) -> FaultCounters {
        self.receive.counters
    }

    /// What was done to sent frames.
    #[must_use]
    pub const fn transmitted(&self) -> FaultCounters {
        self.transmit.counters
    }

    /// The device inside.
    pub const fn inner(&self) -> &D {
        &self.inner
    }

    /// The device inside, to be changed. Frames that pass this way are left alone.
    pub const fn inner_mut(&mut self) -> &mut D {
        &mut self.inner
    }

    /// The device inside, without the injector.
    pub fn into_inner(self) -> D {
        self.inner
    }

    /// Send the second of a doubled frame, if there is room now.
    fn send_held(&mut self, now: Instant) {
        let Some((len, meta)) = self.transmit.held else {
            return;
        };
        let Some(token) = self.inner.transmit(now) else {
            return;
        };
        self.transmit.held = None;
        let frame = self.transmit.frame.get(..len).unwrap_or_default();
        let sent = token.consume(len, meta, |room| copy_octets(room, frame));
        if sent.is_ok() {
            self.transmit.count_second();
        }
    }
}

impl<D: Device, const BUFFER: usize> Device for FaultInjector<D, BUFFER> {
    type RxToken<'a>
        = FaultRxToken<'a, D::RxToken<'a>, BUFFER>
    where
        Self: 'a;
    type TxToken<'a>
        = FaultTxToken<'a, D::TxToken<'a>, BUFFER>
    where
        Self: 'a;

    fn receive(&mut self, now: Instant) -> Option<(Self::RxToken<'_>, Self::TxToken<'_>)> {
        self.send_held(now);
        let capabilities = self.inner.capabilities();
        let fills = is_software(&capabilities, |work| work.fill_tx);
        let checked = is_software(&capabilities, |work| work.verify_rx);
        if self.receive.held.is_some() {
            let sender = self.inner.transmit(now)?;
            let frame = FaultRxToken::new(None, &mut self.receive, Fate::Pass, now);
            let answer = FaultTxToken::new(sender, &mut self.transmit, fills, now);
            return Some((frame, answer));
        }
        for _ in 0..MOST_DROPS {
            let fate = self.receive.fate(now, checked);
            // The fate stands before there is a frame, so a dropped one borrows nothing.
            if matches!(fate, Fate::Drop | Fate::Limit) {
                let (frame, _sender) = self.inner.receive(now)?;
                frame.consume(|_| ());
                self.receive.settle(now, fate);
                continue;
            }
            let (frame, sender) = self.inner.receive(now)?;
            let frame = FaultRxToken::new(Some(frame), &mut self.receive, fate, now);
            let answer = FaultTxToken::new(sender, &mut self.transmit, fills, now);
            return Some((frame, answer));
        }
        None
    }

    fn receive_only(&mut self, now: Instant) -> Option<Self::RxToken<'_>> {
        self.send_held(now);
        let checked = is_software(&self.inner.capabilities(), |work| work.verify_rx);
        if self.receive.held.is_some() {
            return Some(FaultRxToken::new(None, &mut self.receive, Fate::Pass, now));
        }
        for _ in 0..MOST_DROPS {
            let fate = self.receive.fate(now, checked);
            // As in `receive`.
            if matches!(fate, Fate::Drop | Fate::Limit) {
                self.inner.receive_only(now)?.consume(|_| ());
                self.receive.settle(now, fate);
                continue;
            }
            let frame = self.inner.receive_only(now)?;
            return Some(FaultRxToken::new(Some(frame), &mut self.receive, fate, now));
        }
        None
    }

    fn transmit(&mut self, now: Instant) -> Option<Self::TxToken<'_>> {
        self.send_held(now);
        let fills = is_software(&self.inner.capabilities(), |work| work.fill_tx);
        let sender = self.inner.transmit(now)?;
        Some(FaultTxToken::new(sender, &mut self.transmit, fills, now))
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

/// Whether this half of the work on every checksum is software's.
fn is_software(capabilities: &Capabilities, half: fn(&ChecksumWork) -> bool) -> bool {
    let checksum = &capabilities.checksum;
    let all = [&checksum.ipv4, &checksum.icmp, &checksum.udp, &checksum.tcp];
    all.into_iter().all(half)
}

/// A received frame, which may be damaged, or pass again.
#[derive(Debug)]
pub struct FaultRxToken<'a, T, const BUFFER: usize> {
    /// The frame of the device inside; without one, the frame that is held.
    inner: Option<T>,
    half: &'a mut Half<RxMeta, BUFFER>,
    fate: Fate,
    now: Instant,
}

impl<'a, T: RxToken, const BUFFER: usize> FaultRxToken<'a, T, BUFFER> {
    const fn new(
        inner: Option<T>,
        half: &'a mut Half<RxMeta, BUFFER>,
        fate: Fate,
        now: Instant,
    ) -> Self {
        Self {
            inner,
            half,
            fate,
            now,
        }
    }
}

impl<T: RxToken, const BUFFER: usize> RxToken for FaultRxToken<'_, T, BUFFER> {
    fn meta(&self) -> RxMeta {
        let Some(inner) = &self.inner else {
            return self.half.held.map(|(_, meta)| meta).unwrap_or_default();
        };
        let mut meta = inner.meta();
        if self.fate == Fate::Corrupt {
            meta.checksum = ChecksumStatus::Unknown;
        }
        meta
    }

    fn consume<R, F: FnOnce(&[u8]) -> R>(self, f: F) -> R {
        let meta = self.meta();
        let Self {
            inner,
            half,
            fate,
            now,
        } = self;
        let Some(inner) = inner else {
            let len = half.held.take().map_or(0, |(len, _)| len);
            half.count_second();
            return f(half.frame.get(..len).unwrap_or_default());
        };
        half.settle(now, fate);
        match fate {
            Fate::Corrupt => inner.consume(|octets| f(half.damaged_copy(octets).unwrap_or(octets))),
            Fate::Duplicate => inner.consume(|octets| {
                half.hold(octets, meta);
                f(octets)
            }),
            Fate::Pass | Fate::Drop | Fate::Limit => inner.consume(f),
        }
    }
}

/// Room for a frame, which may be dropped, damaged, or sent twice.
#[derive(Debug)]
pub struct FaultTxToken<'a, T, const BUFFER: usize> {
    inner: T,
    half: &'a mut Half<TxMeta, BUFFER>,
    /// Whether software fills in every checksum.
    fills: bool,
    now: Instant,
}

impl<'a, T: TxToken, const BUFFER: usize> FaultTxToken<'a, T, BUFFER> {
    const fn new(inner: T, half: &'a mut Half<TxMeta, BUFFER>, fills: bool, now: Instant) -> Self {
        Self {
            inner,
            half,
            fills,
            now,
        }
    }
}

impl<T: TxToken, const BUFFER: usize> TxToken for FaultTxToken<'_, T, BUFFER> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(
        self,
        len: usize,
        meta: TxMeta,
        f: F,
    ) -> Result<R, TxError> {
        let Self {
            inner,
            half,
            fills,
            now,
        } = self;
        let fate = half.fate(now, fills && meta.checksum.is_none());
        match fate {
            Fate::Drop | Fate::Limit => {
                let Some(frame) = half.frame.get_mut(..len) else {
                    half.spare();
                    half.settle(now, Fate::Pass);
                    return inner.consume(len, meta, f);
                };
                // Whoever waited in the buffer to be sent again is lost.
                half.held = None;
                let result = f(frame);
                half.settle(now, fate);
                Ok(result)
            }
            Fate::Pass => sent(half, now, fate, inner.consume(len, meta, f)),
            Fate::Corrupt => {
                let result = inner.consume(len, meta, |frame| {
                    let result = f(frame);
                    half.damage(frame);
                    result
                });
                sent(half, now, fate, result)
            }
            Fate::Duplicate => {
                let result = inner.consume(len, meta, |frame| {
                    let result = f(frame);
                    half.hold(frame, meta);
                    result
                });
                sent(half, now, fate, result)
            }
        }
    }
}

/// A frame that the device inside refused has not met its fate.
fn sent<R, const BUFFER: usize>(
    half: &mut Half<TxMeta, BUFFER>,
    now: Instant,
    fate: Fate,
    result: Result<R, TxError>,
) -> Result<R, TxError> {
    if result.is_ok() {
        half.settle(now, fate);
    }
    result
}

#[cfg(test)]
mod tests;

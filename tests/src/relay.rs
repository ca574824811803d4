//! A relay in real time: frames between two TAP devices, or between one and litz, delayed, limited
//! and lost as a [`PathConfig`] says, or lost at [`Marks`]. Linux has `netem` for that; not every
//! kernel does.

use std::collections::BTreeMap;
use std::os::fd::AsFd;
use std::sync::{Arc, Mutex};

use litz_hal::linux::{Tap, monotonic_now, wait_until};
use litz_hal::time::{Deadline, Instant};
use litz_hal::{Capabilities, Device, RxToken, TxError, TxMeta, TxToken};

use crate::marks::Marks;
use crate::sim::{Path, PathConfig};

/// Frames on one way, in order of arrival.
pub struct Way {
    path: Path,
    marks: Marks,
    frames: BTreeMap<(Instant, u64), Vec<u8>>,
    serial: u64,
    /// What set out, if somebody wants to look at it.
    record: Option<Record>,
}

/// Frames with the time, shared by those that write and read it.
pub type Record = Arc<Mutex<Vec<(Instant, Vec<u8>)>>>;

impl Way {
    /// A way without frames.
    #[must_use]
    pub fn new(config: PathConfig) -> Self {
        Self {
            path: Path::new(config),
            marks: Marks::default(),
            frames: BTreeMap::new(),
            serial: 0,
            record: None,
        }
    }

    /// The same, which loses segments at places of their stream.
    #[must_use]
    pub fn losing(self, marks: Marks) -> Self {
        Self { marks, ..self }
    }

    /// The same, which keeps what sets out.
    #[must_use]
    pub fn recorded(self, record: Record) -> Self {
        let record = Some(record);
        Self { record, ..self }
    }

    fn put(&mut self, now: Instant, frame: Vec<u8>) {
        if let Some(record) = &self.record {
            let mut record = record.lock().expect("no writer panicked");
            record.push((now, frame.clone()));
        }
        if self.marks.takes(&frame) {
            return;
        }
        for (at, frame) in self.path.send(now, frame) {
            self.serial += 1;
            self.frames.insert((at, self.serial), frame);
        }
    }

    fn take(&mut self, now: Instant) -> Option<Vec<u8>> {
        let entry = self.frames.first_entry()?;
        (entry.key().0 <= now).then(|| entry.remove())
    }

    fn next(&self) -> Deadline {
        self.frames.first_key_value().map(|((at, _), _)| *at).into()
    }

    /// Read all that a device has.
    fn fill(&mut self, now: Instant, from: &mut Tap) {
        while let Some((rx, _)) = from.receive(now) {
            let frame = rx.consume(<[u8]>::to_vec);
            self.put(now, frame);
        }
    }

    /// Write all that has arrived.
    fn drain(&mut self, now: Instant, to: &mut Tap) {
        while let Some(frame) = self.take(now) {
            if let Some(tx) = to.transmit(now) {
                // What the kernel has no room for is lost, as on any link.
                let _ = tx.consume(frame.len(), TxMeta::default(), |room| {
                    room.copy_from_slice(&frame);
                });
            }
        }
    }
}

/// Carry frames between two devices until `done`, which is asked every few milliseconds.
///
/// # Panics
/// If the kernel does not wait.
pub fn carry(taps: [Tap; 2], ways: [Way; 2], mut done: impl FnMut() -> bool) {
    let [mut a, mut b] = taps;
    let [mut there, mut back] = ways;
    while !done() {
        let now = monotonic_now();
        there.fill(now, &mut a);
        back.fill(now, &mut b);
        there.drain(now, &mut b);
        back.drain(now, &mut a);
        let soon = Deadline::at(now.saturating_add(litz_hal::time::Duration::from_millis(5)));
        let due = there.next().min(back.next()).min(soon);
        wait_until(&[a.as_fd(), b.as_fd()], due).expect("ppoll");
    }
}

/// A TAP device behind a relay, as litz's device.
pub struct RelayedTap {
    tap: Tap,
    /// From the kernel.
    inward: Way,
    /// To the kernel.
    outward: Way,
}

/// A frame that has arrived.
pub struct RelayedRx(Vec<u8>);

/// Room for a frame.
pub struct RelayedTx<'a> {
    way: &'a mut Way,
    now: Instant,
}

impl RelayedTap {
    /// A device on the far side of two ways: from the kernel, and to it.
    #[must_use]
    pub fn new(tap: Tap, inward: Way, outward: Way) -> Self {
        Self {
            tap,
            inward,
            outward,
        }
    }

    /// Read what the kernel sent, and write what has come through to it.
    pub fn pump(&mut self, now: Instant) {
        self.inward.fill(now, &mut self.tap);
        self.outward.drain(now, &mut self.tap);
    }

    /// Wait until the kernel has sent something, a frame has come through, or `due`.
    ///
    /// # Panics
    /// If the kernel does not wait.
    pub fn wait(&self, due: Deadline) {
        let due = due.min(self.inward.next()).min(self.outward.next());
        wait_until(&[self.tap.as_fd()], due).expect("ppoll");
    }
}

impl RxToken for RelayedRx {
    fn consume<R, F: FnOnce(&[u8]) -> R>(self, f: F) -> R {
        f(&self.0)
    }
}

impl TxToken for RelayedTx<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(
        self,
        len: usize,
        _: TxMeta,
        f: F,
    ) -> Result<R, TxError> {
        let mut frame = vec![0; len];
        let result = f(&mut frame);
        self.way.put(self.now, frame);
        Ok(result)
    }
}

impl Device for RelayedTap {
    type RxToken<'a> = RelayedRx;
    type TxToken<'a> = RelayedTx<'a>;

    fn receive(&mut self, now: Instant) -> Option<(RelayedRx, RelayedTx<'_>)> {
        let frame = self.inward.take(now)?;
        let way = &mut self.outward;
        Some((RelayedRx(frame), RelayedTx { way, now }))
    }

    fn transmit(&mut self, now: Instant) -> Option<RelayedTx<'_>> {
        let way = &mut self.outward;
        Some(RelayedTx { way, now })
    }

    fn capabilities(&self) -> Capabilities {
        self.tap.capabilities()
    }
}

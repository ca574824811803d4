//! Devices around a device hand over what it has received though nothing can be sent, as a radio
//! whose queue is full does.

use litz_hal::fault::{FaultConfig, FaultInjector, Faults};
use litz_hal::pcap::{PcapDevice, PcapReader, SliceSink};
use litz_hal::prng::Chance;
use litz_hal::time::Instant;
use litz_hal::tracer::{Traced, Tracer};
use litz_hal::{Capabilities, Device, Medium, RxToken, TxError, TxMeta, TxToken};

/// A device whose frames to be sent wait: it takes none. It has received some.
struct Full(Vec<Vec<u8>>);

struct Frame(Vec<u8>);

struct Room;

impl RxToken for Frame {
    fn consume<R, F: FnOnce(&[u8]) -> R>(self, f: F) -> R {
        f(&self.0)
    }
}

impl TxToken for Room {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(
        self,
        _: usize,
        _: TxMeta,
        _: F,
    ) -> Result<R, TxError> {
        Err(TxError::Full)
    }
}

impl Device for Full {
    type RxToken<'a> = Frame;
    type TxToken<'a> = Room;

    fn receive(&mut self, _: Instant) -> Option<(Frame, Room)> {
        None
    }

    fn receive_only(&mut self, _: Instant) -> Option<Frame> {
        self.0.pop().map(Frame)
    }

    fn transmit(&mut self, _: Instant) -> Option<Room> {
        None
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::new(Medium::Ethernet, 1500)
    }
}

const FRAME: [u8; 60] = [7; 60];

fn full(frames: usize) -> Full {
    Full(vec![FRAME.to_vec(); frames])
}

/// The frames that a device hands over while it takes none.
fn handed_over(device: &mut impl Device) -> Vec<Vec<u8>> {
    let now = Instant::ZERO;
    assert!(device.receive(now).is_none() && device.transmit(now).is_none());
    let mut frames = Vec::new();
    while let Some(frame) = device.receive_only(now) {
        frames.push(frame.consume(<[u8]>::to_vec));
    }
    frames
}

#[test]
fn a_tracer_shows_them() {
    let mut shown = 0;
    let mut device = Tracer::new(full(3), |_: &Traced<'_>| shown += 1);
    assert_eq!(handed_over(&mut device), [FRAME; 3]);
    drop(device);
    assert_eq!(shown, 3);
}

#[test]
fn a_capture_has_them() {
    let mut memory = [0; 400];
    let mut device = PcapDevice::new(full(3), SliceSink::new(&mut memory)).expect("room");
    assert_eq!(handed_over(&mut device), [FRAME; 3]);
    let (_, writer) = device.into_parts();
    let reader = PcapReader::new(writer.sink().written()).expect("a capture");
    let frames: Vec<&[u8]> = reader
        .map(|record| record.expect("a record").octets)
        .collect();
    assert_eq!(frames, [&FRAME[..]; 3]);
}

#[test]
fn faults_are_done_to_them() {
    let faults = |drop, duplicate| Faults {
        drop,
        corrupt: Chance::NEVER,
        duplicate,
        rate: None,
    };
    let through = |faults| {
        let mut device = FaultInjector::<_, 1536>::new(full(200), FaultConfig::both(7, faults));
        let frames = handed_over(&mut device);
        assert!(frames.iter().all(|frame| *frame == FRAME));
        (frames.len(), device.received())
    };
    assert_eq!(through(faults(Chance::NEVER, Chance::NEVER)).0, 200);
    let (left, counters) = through(faults(Chance::percent(50), Chance::NEVER));
    assert_eq!(left as u64 + counters.dropped, 200);
    assert!(
        (60..140).contains(&left),
        "{left} of 200, every second is lost"
    );
    let (more, counters) = through(faults(Chance::NEVER, Chance::percent(50)));
    assert_eq!(more as u64, 200 + counters.duplicated);
    assert!(
        (260..340).contains(&more),
        "{more} of 200, every second is doubled"
    );
}

//! Packets that wait for room to be handed up: a device that takes no frame, so that what is to be
//! sent stays, and frames that come meanwhile.

use std::collections::VecDeque;
use std::vec::Vec;

use litz_hal::time::Instant;
use litz_hal::{Capabilities, Device, Medium, RxToken, TxError, TxMeta, TxToken};

use super::fragments::{config, frames, message, send, short};
use crate::lowpan::{Lowpan, LowpanCounter, LowpanStorage};

/// Frames that came, and whether it takes others.
struct Air {
    came: VecDeque<Vec<u8>>,
    takes: bool,
}

struct Received(Vec<u8>);
struct Room;

impl RxToken for Received {
    fn consume<R, F: FnOnce(&[u8]) -> R>(self, f: F) -> R {
        f(&self.0)
    }
}

impl TxToken for Room {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(
        self,
        len: usize,
        _: TxMeta,
        f: F,
    ) -> Result<R, TxError> {
        Ok(f(&mut std::vec![0; len]))
    }
}

impl Device for Air {
    type RxToken<'a> = Received;
    type TxToken<'a> = Room;

    fn receive(&mut self, now: Instant) -> Option<(Received, Room)> {
        let room = self.transmit(now)?;
        Some((self.receive_only(now)?, room))
    }

    fn receive_only(&mut self, _: Instant) -> Option<Received> {
        self.came.pop_front().map(Received)
    }

    fn transmit(&mut self, _: Instant) -> Option<Room> {
        self.takes.then_some(Room)
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            max_frame: 125,
            ..Capabilities::new(Medium::Ieee802154, 1280)
        }
    }
}

fn receive(layer: &mut Lowpan<'_, Air>) -> Option<Vec<u8>> {
    let (packet, _) = layer.receive(Instant::ZERO)?;
    Some(packet.consume(<[u8]>::to_vec))
}

#[test]
fn packets_wait_in_order_while_nothing_can_be_sent_and_frames_beyond_stay_with_the_device() {
    let air = Air {
        came: VecDeque::new(),
        takes: false,
    };
    // Lengths: those of more than a frame are in fragments.
    let lengths = [60, 400, 61, 500, 62, 600];
    let messages = lengths.map(|len| message(short(1), short(2), len));
    let mut layer = Lowpan::new(air, config(2), LowpanStorage::heap(1, 3), 7);
    send(&mut layer, Instant::ZERO, &message(short(2), short(1), 300));
    let mut came: VecDeque<_> = messages.iter().flat_map(|m| frames(m)).collect();
    // Datagrams are told apart by tags, and each helper counts from the same.
    let mut tag = 0_u8;
    for frame in &mut came {
        let start = frame.len() - frame_payload(frame).len();
        match frame[start] >> 3 {
            0b11000 => tag += 1,
            0b11100 => {}
            _ => continue,
        }
        frame[start + 3] = tag;
    }
    layer.device_mut().came = came;
    for _ in 0..3 {
        assert_eq!(receive(&mut layer), None, "no room for an answer");
    }
    let left: usize = messages[3..].iter().map(|m| frames(m).len()).sum();
    // A first fragment took the last slot; the next frame could be a packet of its own.
    assert_eq!(layer.device().came.len(), left - 1, "three packets wait");
    layer.device_mut().takes = true;
    for message in &messages {
        assert_eq!(receive(&mut layer).as_ref(), Some(message));
    }
    assert_eq!(receive(&mut layer), None);
    let lost = [LowpanCounter::Refused, LowpanCounter::Displaced];
    assert!(lost.iter().all(|&what| layer.counters().get(what) == 0));
}

fn frame_payload(frame: &[u8]) -> &[u8] {
    let frame = litz_wire::Ieee802154Frame::new_checked(frame).expect("a frame");
    frame.payload()
}

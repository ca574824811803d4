//! Round trips of the protocol, as its author would write them.

extern crate std;

use super::*;
use litz_wire::print::{Line, Tree};
use litz_wire::rt::laws;
use litz_wire::rt::print::follow;
use litz_wire::{Array, ErrorKind, Header};
use std::string::ToString;

fn frame(buf: &mut [u8; 128]) -> &[u8] {
    let mut list = [0; 32];
    let options = MastOptionSet {
        position: Some(MastOptionPosition { latitude: 51, longitude: 7 }),
        name: Some(b"kite"),
        ..MastOptionSet::default()
    };
    let repr = MastRepr {
        class: Class::Weather,
        signed: true,
        mast: 0x0a_0b0c,
        sequence: 9,
        reading: 1,
        options: options.encode(&mut list).unwrap(),
        payload_len: 6,
        ..MastRepr::default()
    };
    let len = repr.buffer_len();
    assert_eq!(len, 12 + 16 + 6 + 8);
    let rest = repr.emit(buf).unwrap();
    rest[..6].copy_from_slice(&[0x87, 0x40, 0, 12, 0, 15]);
    rest[6..14].copy_from_slice(b"8 octets");
    MastPacketMut::new_checked(&mut buf[..len]).unwrap().fill_checksum();
    &buf[..len]
}

#[test]
fn a_frame_is_what_it_says() {
    let mut buf = [0; 128];
    let frame = frame(&mut buf);
    let packet = MastPacket::new_checked(frame).unwrap();
    assert!(packet.verify_checksum());
    assert_eq!((packet.class(), packet.mast()), (Class::Weather, 0x0a_0b0c));
    assert_eq!(packet.signature(), b"8 octets");
    let set = MastOptionSet::from_options(&packet.options()).unwrap();
    assert_eq!(set.name, Some(&b"kite"[..]));
    let reading = Reading::parse(&packet).unwrap();
    let Reading::Wind { direction, gust, speeds } = reading else {
        panic!("{reading:?}")
    };
    assert_eq!((direction, gust), (270, true));
    assert_eq!(speeds, Array::from_values(&[12, 15]));
}

#[test]
fn it_is_printed() {
    let mut buf = [0; 128];
    let frame = frame(&mut buf);
    let line = Line::new(|bytes, then| follow::<Mast>(bytes, then), frame).to_string();
    assert!(line.starts_with("Mast Weather mast 658188 seq 9 | Wind direction=270"), "{line}");
    let tree = Tree::new(|bytes, then| follow::<Mast>(bytes, then), frame).to_string();
    assert!(tree.contains("battery_low: false"), "{tree}");
}

#[test]
fn every_prefix_is_truncated() {
    let mut buf = [0; 128];
    let frame = frame(&mut buf);
    for len in 0..frame.len() {
        let error = MastPacket::new_checked(&frame[..len]).unwrap_err();
        assert_eq!((error.kind, error.at.header), (ErrorKind::Truncated, "Mast"), "{len}");
    }
}

#[test]
fn the_laws_hold() {
    let mut state = 1_u64;
    let mut accepted = 0;
    for _ in 0..50_000 {
        let mut bytes = [0; 96];
        for byte in &mut bytes {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            *byte = (state >> 33) as u8 & if state >> 60 == 0 { 0xff } else { 0x27 };
        }
        <Mast as laws::Lawful>::shape(&mut bytes);
        let (mut first, mut second) = ([0; 256], [0; 256]);
        let held = laws::header::<Mast>(&bytes, &[7; 16], &mut first, &mut second);
        accepted += u32::from(held.unwrap());
        laws::message::<Reading<'_>>(&bytes, &mut first).unwrap();
    }
    assert!(accepted > 1_000, "{accepted}");
    assert_eq!(Mast::FIELDS.len(), 14);
}

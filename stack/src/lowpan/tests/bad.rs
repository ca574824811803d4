//! Frames that stand for no packet, each with its reason.

use std::vec::Vec;

use litz_wire::ShortAddress;

use super::packets::{contexts, udp};
use crate::lowpan::{Contexts, Decompressed, LinkAddrs, LowpanError, decompress};

const LINK: LinkAddrs = LinkAddrs {
    src: crate::iface::HardwareAddr::Short(ShortAddress(1)),
    dst: crate::iface::HardwareAddr::Short(ShortAddress(2)),
};

fn read(frame: &[u8], total: Option<usize>) -> Result<Decompressed, LowpanError> {
    decompress(frame, &LINK, &contexts(), total, &mut [0; 512])
}

#[test]
fn reserved_combinations_of_the_base_header_are_refused() {
    // M and DAC with DAM 00 of unicast, and 01 to 11 of multicast (RFC 6282 §3.1.1).
    for bits in [0b0100, 0b1101, 0b1110, 0b1111] {
        let mut frame = std::vec![0x7a, 0x30 | bits, 59];
        frame.extend([0; 40]);
        assert!(read(&frame, None).is_err(), "{bits:04b}");
    }
}

#[test]
fn contexts_that_are_not_there_are_refused() {
    // Both addresses of a context, elided; then with the numbers 1 and 0, and 0 and 1.
    let frames: [&[u8]; 3] = [
        &[0x7a, 0x77, 59],
        &[0x7a, 0xf7, 0x10, 59],
        &[0x7a, 0xf7, 1, 59],
    ];
    for (frame, missing) in frames.into_iter().zip([false, true, true]) {
        let result = read(frame, None).map(|done| done.total);
        assert_eq!(
            result,
            if missing {
                Err(LowpanError::Context)
            } else {
                Ok(40)
            }
        );
        let none = decompress(frame, &LINK, &Contexts::new(), None, &mut [0; 512]);
        assert_eq!(none, Err(LowpanError::Context));
    }
}

#[test]
fn lengths_beyond_the_frame_or_the_datagram_are_refused() {
    // A hop-by-hop header of 200 octets in a frame of few.
    let mut frame = std::vec![0x7e, 0x33, 0xe0, 58, 200];
    frame.extend([0; 20]);
    assert_eq!(read(&frame, None), Err(LowpanError::Malformed));
    // Headers that are longer than the datagram is said to be (smoltcp #997: less than 40).
    let plain: Vec<u8> = [0x7a, 0x33, 59].to_vec();
    for total in 0..40 {
        assert_eq!(read(&plain, Some(total)), Err(LowpanError::Malformed));
    }
    assert_eq!(read(&plain, Some(40)).map(|done| done.written), Ok(40));
    // More headers than anybody sends.
    let mut frame = std::vec![0x7e, 0x33];
    for _ in 0..12 {
        frame.extend([0xe1, 6, 0, 0, 0, 0, 0, 0]);
    }
    assert_eq!(read(&frame, None), Err(LowpanError::TooDeep));
}

#[test]
fn headers_without_options_have_to_be_whole() {
    // A routing header of seven octets behind its length: nobody may pad it.
    let mut frame = std::vec![0x7e, 0x33, 0xe2, 59, 7];
    frame.extend([0; 7]);
    assert_eq!(read(&frame, None), Err(LowpanError::Malformed));
    // Options of the same length are padded.
    let mut frame = std::vec![0x7e, 0x33, 0xe6, 59, 7];
    frame.extend([1, 5, 0, 0, 0, 0, 0]);
    let mut out = [0xa5; 64];
    let done = decompress(&frame, &LINK, &contexts(), None, &mut out).expect("a packet");
    assert_eq!(done.total, 56);
    assert_eq!(
        out[40..56],
        [59, 1, 1, 5, 0, 0, 0, 0, 0, 1, 5, 0, 0, 0, 0, 0]
    );
}

#[test]
fn a_checksum_that_is_left_out_is_computed_when_the_packet_is_whole() {
    let addr = |station: u16| {
        super::packets::derived(super::packets::LINK_LOCAL, ShortAddress(station).into())
    };
    let packet = udp(addr(1), addr(2), (0xf0b1, 0xf0b2), b"some data", 64);
    let mut frame = std::vec![0x7e, 0x33, 0xf7, 0x12];
    frame.extend(b"some data");
    let mut out = [0; 128];
    let done = decompress(&frame, &LINK, &Contexts::new(), None, &mut out).expect("a packet");
    out[done.written..done.total].copy_from_slice(b"some data");
    let elided = done.elided.expect("it is said");
    elided.fill(&mut out[..done.total]).expect("a datagram");
    assert_eq!(out[..done.total], packet);
}

#[test]
fn a_checksum_of_zero_stays_zero() {
    // What IPv6 forbids is left to the receiver to refuse (RFC 8200 §8.1).
    let frame = [0x7e, 0x33, 0xf3, 0x12, 0, 0];
    let mut out = [0xa5; 64];
    let done = decompress(&frame, &LINK, &Contexts::new(), None, &mut out).expect("a packet");
    assert_eq!((done.total, done.elided), (48, None));
    assert_eq!(out[40..48], [0xf0, 0xb1, 0xf0, 0xb2, 0, 8, 0, 0]);
}

#[test]
fn an_inner_packet_elides_what_the_outer_has() {
    // RFC 6282 §4.2: LOWPAN_NHC of IPv6, then an IPHC whose addresses follow from the outer ones.
    let frame = [0x7e, 0x33, 0xee, 0x7a, 0x33, 59];
    let mut out = [0; 128];
    let done = decompress(&frame, &LINK, &Contexts::new(), None, &mut out).expect("a packet");
    assert_eq!((done.written, done.total), (80, 80));
    assert_eq!(out[6], 41);
    assert_eq!(out[5], 40);
    assert_eq!(out[8..40], out[48..80]);
    // Headers in headers end.
    let mut deep = std::vec![0x7e, 0x33];
    for _ in 0..50 {
        deep.extend([0xee, 0x7e, 0x33]);
    }
    assert_eq!(read(&deep, None), Err(LowpanError::TooDeep));
}

#[test]
fn what_is_not_6lowpan_is_said_to_be_so() {
    for frame in [&[0x00, 1, 2][..], &[0x3f; 40], &[0x43, 1], &[0xff; 20]] {
        assert!(matches!(
            read(frame, None),
            Err(LowpanError::Dispatch | LowpanError::Malformed)
        ));
    }
    assert!(read(&[], None).is_err());
}

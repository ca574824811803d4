//! Copies and arithmetic of lengths at their limits.

#![allow(clippy::arithmetic_side_effects)]

use super::*;
use crate::rt::sized::Sized;
use std::vec;
use std::vec::Vec;

const AT: &Site = &Site {
    header: "Test",
    field: "octets",
};

#[test]
fn fields_of_a_run_are_read_and_written_where_they_stand() {
    let mut run = [0, 1, 2, 3, 4, 5];
    assert_eq!(sub::<0, 2, 6>(&run), &[0, 1]);
    assert_eq!(sub::<3, 3, 6>(&run), &[3, 4, 5]);
    set::<2, 2, 6>(&mut run, [7, 8]);
    assert_eq!(run, [0, 1, 7, 8, 4, 5]);
    assert_eq!(slot::<4, 2>(&mut run), Some(&mut [4, 5]));
    assert_eq!(slot::<5, 2>(&mut run), None);
    assert_eq!(slot::<7, 0>(&mut run), None);
}

#[test]
fn octets_are_reversed() {
    assert_eq!(reversed([1, 2, 3]), [3, 2, 1]);
    assert_eq!(reversed([0; 0]), [0; 0]);
}

#[test]
fn an_end_is_cut_off_where_there_is_one() {
    let octets = [1, 2, 3];
    assert_eq!(split_end(&octets, Some(0)), Some((&[1, 2, 3][..], &[][..])));
    assert_eq!(split_end(&octets, Some(2)), Some((&[1][..], &[2, 3][..])));
    assert_eq!(split_end(&octets, Some(3)), Some((&[][..], &[1, 2, 3][..])));
    assert_eq!(split_end(&octets, Some(4)), None);
    assert_eq!(split_end(&octets, Some(u64::MAX)), None);
    assert_eq!(split_end(&octets, None), None);
}

#[test]
fn octets_of_any_length_are_copied_whole() {
    for len in 0..70_u8 {
        let from: Vec<u8> = (1..=len).collect();
        let mut to = vec![0xa5; usize::from(len) + 3];
        let rest = put(&from, &mut to, AT).expect("room");
        assert_eq!(rest, [0xa5; 3], "{len}");
        assert_eq!(to[..usize::from(len)], from, "{len}");
    }
    let error = Err(Error::new(ErrorKind::BufferTooSmall, AT));
    assert_eq!(put(&[1, 2, 3], &mut [0; 2], AT), error);
    assert_eq!(put(&[], &mut [0; 1], AT), Ok(&mut [0][..]));
}

#[test]
fn lengths_are_stated_and_found_again() {
    assert_eq!(region(5, 4, 0), Some(20));
    assert_eq!(region(1, 4, 8), Some(12));
    assert_eq!(region(1, 4, -5), None);
    assert_eq!(region(2, 4, -5), Some(3));
    assert_eq!(region(usize::MAX, 2, 0), None);
    assert_eq!(region(usize::MAX, 1, 1), None);
    assert_eq!(inverse(20, 4, 0, 15), Some(5));
    assert_eq!(inverse(60, 4, 0, 15), Some(15));
    assert_eq!(inverse(64, 4, 0, 15), None);
    assert_eq!(inverse(21, 4, 0, 15), None);
    assert_eq!(inverse(12, 4, 8, 255), Some(1));
    assert_eq!(inverse(7, 4, 8, 255), None);
    assert_eq!(inverse(3, 4, -5, 255), Some(2));
    assert_eq!(inverse(3, 4, i64::MIN, 255), None);
    assert_eq!(unscale(24, 8, 3), Some(3));
    assert_eq!(unscale(24, 8, 2), None);
    assert_eq!(unscale(25, 8, 9), None);
    assert_eq!(unscale(25, 0, 9), None);
}

#[test]
fn a_header_is_cut_off_and_written() {
    let mut buf = [0xa5; 5];
    let written = emit_header::<Sized, 2>(&mut buf, 4, |head, rest| {
        *head = [3, 7];
        rest.fill(8);
        Ok(())
    });
    assert_eq!(written, Ok((&mut [3, 7, 8, 8][..], &mut [0xa5][..])));
    let fill = |len, room: usize| {
        let mut buf = [0; 8];
        emit_header::<Sized, 2>(&mut buf[..room], len, |_, _| Ok(()))
            .map(|(header, _)| header.len())
    };
    assert_eq!((fill(4, 4), fill(2, 4)), (Ok(4), Ok(2)));
    for error in [fill(5, 4), fill(1, 4)] {
        let error = error.map_err(|error| (error.kind, error.at.header));
        assert_eq!(error, Err((ErrorKind::BufferTooSmall, "Sized")));
    }
    let refused = Error::new(ErrorKind::OutOfRange, AT);
    assert_eq!(
        emit_header::<Sized, 2>(&mut buf, 4, |_, _| Err(refused)),
        Err(refused)
    );
}

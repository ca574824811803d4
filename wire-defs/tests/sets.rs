//! Sets of options: what they read from octets is what they read from items, and a header with a
//! set is the header with the list that the set writes.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that panics fails"
)]

use litz_wire::rt::{OptionItem, laws};
use litz_wire::{
    DhcpOption, DhcpOptionSet, NdiscOption, NdiscOptionSet, Options, Result, TcpFlags, TcpOption,
    TcpOptionSet, TcpOptionTimestamp, TcpRepr,
};

/// Lists that are tried; Miri, which is slow, gets less.
#[cfg(miri)]
const LISTS: u32 = 80;
#[cfg(not(miri))]
const LISTS: u32 = 20_000;

/// Lists of `kinds`, mostly well formed, from a fixed seed: kind, length in units of `unit` octets
/// that counts `counted` octets of kind and length too, body.
fn lists(kinds: &[u8], unit: usize, counted: usize, mut each: impl FnMut(&[u8])) {
    let mut state = 1_u64;
    let mut random = move |below: usize| {
        state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
        (state >> 33) as usize % below
    };
    for _ in 0..LISTS {
        let mut list = Vec::new();
        for _ in 0..random(6) {
            let body = match unit {
                8 => [6, 6, 14, 30, 38][random(5)],
                _ => [0, 1, 1, 2, 4, 4, 8, 8, 16, 3][random(10)],
            };
            list.push(kinds[random(kinds.len())]);
            list.push(((body + counted) / unit) as u8);
            list.extend((0..body).map(|_| random(256) as u8));
        }
        if random(8) == 0 && !list.is_empty() {
            let at = random(list.len());
            list[at] ^= 1 << random(8);
        }
        each(&list);
    }
}

/// The set of octets, and of their items as far as these are well formed: `stop` says that a set
/// ends there, otherwise it is an error.
fn alike<'a, T: OptionItem<'a>, S: PartialEq + std::fmt::Debug>(
    octets: &'a [u8],
    items: &'a mut Vec<T>,
    stop: bool,
    fold: impl Fn(&Options<'a, T>) -> Result<S>,
) -> bool {
    let list = Options::<T>::raw(octets);
    let all: Result<Vec<T>> = list.iter().collect();
    items.extend(list.iter().map_while(Result::ok));
    let from_octets = fold(&list);
    match all {
        Err(error) if !stop => assert_eq!(from_octets, Err(error), "{octets:02x?}"),
        _ => assert_eq!(from_octets, fold(&Options::items(items)), "{octets:02x?}"),
    }
    from_octets.is_ok()
}

#[test]
fn octets_and_items_are_read_alike() {
    let mut read = [0; 3];
    lists(&[0, 1, 2, 3, 4, 5, 8, 8, 99], 1, 2, |octets| {
        let fold = |options: &_| TcpOptionSet::from_options(options);
        read[0] += u32::from(alike::<TcpOption<'_>, _>(
            octets,
            &mut Vec::new(),
            true,
            fold,
        ));
    });
    lists(&[53, 53, 12, 15, 55, 60, 61, 51, 255], 1, 0, |octets| {
        let fold = |options: &_| DhcpOptionSet::from_options(options);
        read[1] += u32::from(alike::<DhcpOption<'_>, _>(
            octets,
            &mut Vec::new(),
            false,
            fold,
        ));
    });
    lists(&[1, 2, 3, 5, 24, 25, 200], 8, 2, |octets| {
        let fold = |options: &_| NdiscOptionSet::from_options(options);
        read[2] += u32::from(alike::<NdiscOption<'_>, _>(
            octets,
            &mut Vec::new(),
            false,
            fold,
        ));
    });
    assert!(read.iter().all(|read| *read > LISTS / 40), "{read:?}");
}

#[test]
fn what_a_set_writes_it_reads_again() {
    let mut held = [0; 3];
    let outcome = |outcome: std::result::Result<bool, laws::Broken>, octets: &[u8]| match outcome {
        Ok(held) => u32::from(held),
        Err(broken) => panic!("{broken:?}, octets {octets:02x?}"),
    };
    lists(&[0, 1, 2, 3, 4, 5, 8, 8, 99], 1, 2, |octets| {
        held[0] += outcome(laws::set::<TcpOptionSet<'_>>(octets, &mut [0; 400]), octets);
    });
    lists(&[53, 53, 12, 15, 55, 60, 61, 51, 255], 1, 0, |octets| {
        held[1] += outcome(
            laws::set::<DhcpOptionSet<'_>>(octets, &mut [0; 400]),
            octets,
        );
    });
    lists(&[1, 2, 3, 5, 24, 25, 200], 8, 2, |octets| {
        held[2] += outcome(
            laws::set::<NdiscOptionSet<'_>>(octets, &mut [0; 400]),
            octets,
        );
    });
    assert!(held.iter().all(|held| *held > LISTS / 80), "{held:?}");
}

#[test]
fn a_header_with_a_set_is_the_header_with_its_list() {
    let header = TcpRepr {
        src_port: 7,
        dst_port: 9,
        flags: TcpFlags::default(),
        payload_len: 3,
        ..TcpRepr::default()
    };
    let stamp = Some(TcpOptionTimestamp { tsval: 1, tsecr: 2 });
    let sets = [
        TcpOptionSet::default(),
        TcpOptionSet {
            mss: Some(1460),
            ..TcpOptionSet::default()
        },
        TcpOptionSet {
            mss: Some(1460),
            window_scale: Some(7),
            timestamp: stamp,
            ..TcpOptionSet::default()
        },
    ];
    for set in sets {
        let (mut scratch, mut one, mut other) = ([0; 40], [0xa5; 70], [0x5a; 70]);
        let list = set.encode(&mut scratch).unwrap();
        let rest = TcpRepr {
            options: list,
            ..header
        }
        .emit(&mut one)
        .unwrap()
        .len();
        let (written, after) = header.emit_with(&set, &mut other).unwrap();
        let len = written.len();
        assert_eq!((len, after.len()), (20 + set.encoded_len(), rest));
        assert_eq!(one[..len], other[..len]);
        assert!(header.emit_with(&set, &mut [0; 60][..len]).is_ok());
        assert!(header.emit_with(&set, &mut [0; 60][..len - 1]).is_err());
    }
}

//! What is touched is called, and the number depends on each answer: the proof that nothing
//! panics relies on both.

use super::notes::{Noted, noted};
use crate::rt::laws::touch::{self, Touch};
use crate::rt::sized::{Octets, Sized};
use crate::rt::{Array, Nested, Options, Records, Truncated, Whole};
use std::collections::BTreeSet;

/// Seeds of answers: enough that each bit is met with each other one.
const SEEDS: u64 = 64;

/// The number depends on each of the hooks `told`; it and `silent` ones are called, and no other.
fn depends(told: &[&'static str], silent: &[&'static str], touch: impl Fn() -> u64) {
    let all: BTreeSet<_> = told.iter().chain(silent).copied().collect();
    for seed in 0..SEEDS {
        let (number, called) = noted(seed, "", &touch);
        assert_eq!(called, all, "seed {seed}");
        for hook in told {
            let (other, _) = noted(seed, hook, &touch);
            assert_ne!(number, other, "seed {seed}: {hook}");
        }
    }
}

#[test]
fn a_header_is_touched_all_over() {
    let touch = || touch::header::<Noted>(&mut [7; 20], &mut [0; 8]);
    let told = [
        "get 0",
        "get 1",
        "get 2",
        "octets",
        "header in octets",
        "length of header",
        "length of all",
        "emit",
        "emitted",
        "overflow",
        "view_truncated",
        "emit default",
        "set 0",
        "set 1",
        "set 2",
        "change",
        "canon",
        "shape",
    ];
    depends(&told, &["emitted default"], touch);
    // Without any answer what is left are octets: none, the scratch, and those of the header.
    let (number, _) = noted(0, "", touch);
    let mut bytes = [7; 20];
    bytes[..2].fill(0);
    assert_eq!(number, [0; 0].touch() ^ [0; 8].touch() ^ bytes.touch());
    // Fewer octets than a setter wants are not looked at.
    let short = || touch::header::<Noted>(&mut [7; 15], &mut [0; 8]);
    assert_eq!(noted(1, "", short), (0, BTreeSet::new()));
}

#[test]
fn a_family_is_touched_all_over() {
    let told = ["is_end", "length of item", "emit item", "emitted item"];
    depends(&told, &[], || touch::family::<Noted>(&[0], &mut [0; 8]));
    depends(&told, &[], || touch::options(Options::<Noted>::raw(&[0])));
    // What is left of early items meets the answers of late ones.
    depends(&told, &[], || {
        touch::options(Options::<Noted>::raw(&[0; 24]))
    });
    // All items up to the first that is malformed, and the length of the list.
    let number = |list| noted(5, "", || touch::options(Options::<Noted>::raw(list))).0;
    let lists: [&[u8]; 6] = [&[], &[0], &[0, 0], &[0, 1], &[0, 1, 0], &[0, 1, 1]];
    let numbers: BTreeSet<_> = lists.map(number).into();
    assert_eq!(numbers.len(), 5, "{numbers:?}");
    assert_eq!(number(lists[4]), number(lists[5]));
    // A list is equal to none where it is empty, and written where there is room.
    for seed in 0..SEEDS {
        let of = |list: &'static [u8], room: usize| {
            let walked = noted(seed, "", || touch::options(Options::<Noted>::raw(list))).0;
            let all = || touch::family::<Noted>(list, &mut [0; 4][..room]);
            noted(seed, "", all).0 ^ walked
        };
        let cases = [of(&[0], 4), of(&[0], 0), of(&[], 0)];
        assert_eq!(cases, [1, 0, 1 ^ 1], "seed {seed}");
    }
}

#[test]
fn a_set_is_touched_all_over() {
    let touch = || touch::set::<Noted>(&[0], &mut [0; 8]);
    for seed in 0..SEEDS {
        let (number, called) = noted(seed, "", touch);
        assert!(called.is_superset(&["first_only", "refold", "length of set"].into()));
        assert_ne!(number, noted(seed, "length of set", touch).0);
        // What could not be filled again is not written.
        let refolded = called.contains("write set");
        assert_eq!(refolded, called.contains("written set"));
        let (other, otherwise) = noted(seed, "refold", touch);
        assert_ne!(refolded, otherwise.contains("write set"));
        if refolded {
            assert_ne!(number, other, "seed {seed}");
            for hook in ["write set", "written set"] {
                assert_ne!(number, noted(seed, hook, touch).0, "seed {seed}: {hook}");
            }
        }
    }
    // Of the seed 0 no set can be filled again.
    assert!(!noted(0, "", touch).1.contains("write set"));
    let (number, called) = noted(9, "", || touch::set::<Noted>(&[], &mut [0; 8]));
    assert_eq!((number, called), (1, BTreeSet::new()));
}

#[test]
fn a_message_is_touched_all_over() {
    let touch = || touch::message::<Noted>(&[], &mut [0; 8]);
    let mut read = 0;
    for seed in 0..SEEDS {
        let (number, called) = noted(seed, "", touch);
        let hooks = ["length of message", "write message", "written message"];
        if !called.contains("write message") {
            assert_eq!((number, called), (2, ["no message"].into()));
            continue;
        }
        read += 1;
        assert!(called.is_superset(&hooks.into()));
        for hook in hooks {
            assert_ne!(number, noted(seed, hook, touch).0, "seed {seed}: {hook}");
        }
    }
    assert!((SEEDS / 4..SEEDS).contains(&read));
    let refused = touch::message::<super::message::Whole<'_, 0>>(&[0], &mut [0; 8]);
    assert_eq!(refused, 1);
}

#[test]
fn a_form_is_touched_all_over() {
    let told = [
        "size of form",
        "tag",
        "length of form",
        "put form",
        "well put",
        "canon of form",
    ];
    let touch = || touch::form::<Noted>(&mut [1, 2], &mut [0; 8]);
    depends(&told, &["read form"], touch);
    let none = || touch::form::<Noted>(&mut [], &mut [0; 8]);
    assert_eq!(noted(1, "", none), (0, BTreeSet::new()));
}

#[test]
fn octets_are_told_apart() {
    let runs: [&[u8]; 7] = [&[], &[0], &[1], &[3], &[0, 1], &[1, 0], &[0x21, 0]];
    let numbers: BTreeSet<_> = runs.map(|run| run.touch()).into();
    assert_eq!(numbers.len(), runs.len());
    let slice: &[u8] = &[1, 0];
    assert_eq!(<&[u8] as Touch>::touch(&slice), [1_u8, 0].touch());
    assert_eq!((true.touch(), 7_u8.touch(), 7_usize.touch()), (1, 7, 7));
}

#[test]
fn lists_in_fields_are_walked() {
    let arrays = [&[][..], &[1, 2], &[1, 2, 3, 4]].map(|list| {
        let list = Array::<u16>::from_bytes(list);
        list.touch()
    });
    // The number of items, and whether the last can be had.
    assert_eq!(arrays, [0, 0, 3]);
    let records = [&[][..], &[0], &[2, 7, 8], &[0, 0, 0]].map(|list| {
        let list = Records::<Sized>::view(&[], list);
        list.touch()
    });
    assert_eq!(records, [0, 3, 1, 5]);
    let values = [Octets(&[7, 8])];
    assert_eq!(Records::<Sized>::from_values(&values).touch(), 2 ^ 3);
    let options = || Options::<Noted>::raw(&[0]).touch();
    depends(
        &["is_end", "length of item", "emit item", "emitted item"],
        &[],
        options,
    );
}

#[test]
fn packets_in_fields_are_looked_at() {
    let cut = [2, 7];
    let whole = Nested::<Sized, Whole>::new(&cut).touch();
    let quoted = Nested::<Sized, Truncated>::new(&cut).touch();
    assert_eq!(whole, cut.touch());
    assert_eq!(quoted, cut.touch() ^ 1);
    assert_eq!(
        Nested::<Sized, Whole>::new(&[1, 7]).touch(),
        [1, 7].touch() ^ 1
    );
}

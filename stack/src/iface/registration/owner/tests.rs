//! Tests of identifiers and of the order of numbers.

use std::vec::Vec;

use super::*;

#[test]
fn rfc8505_4_2_identifiers_have_one_of_four_lengths() {
    for len in 0..=40 {
        let octets: Vec<u8> = (0..len).collect();
        let owner = Owner::new(&octets);
        assert_eq!(owner.is_some(), [8, 16, 24, 32].contains(&len), "{len}");
        if let Some(owner) = owner {
            assert_eq!(owner.as_slice(), octets);
            assert_eq!(owner.eui64().is_some(), len == 8);
        }
    }
}

#[test]
fn rfc6550_7_2_numbers_go_through_the_linear_part_once() {
    let mut number = FIRST;
    let mut seen = Vec::new();
    for _ in 0..400 {
        let after = next(number);
        assert!(!is_older(after, number), "{after} after {number}");
        assert!(is_older(number, after), "{number} before {after}");
        assert!(!is_older(number, number));
        seen.push(number);
        number = after;
    }
    assert_eq!(seen[16..].iter().max(), Some(&127));
}

#[test]
fn rfc6550_7_2_examples() {
    // The examples of the section: 240 and 5 are 21 apart, 250 and 5 are 11 apart.
    assert!(is_older(5, 240));
    assert!(!is_older(240, 5));
    assert!(is_older(250, 5));
    assert!(!is_older(5, 250));
    // Around the end of the circle, and too far apart to be compared.
    assert!(is_older(126, 1));
    assert!(!is_older(1, 126));
    assert!(!is_older(10, 40) && !is_older(40, 10));
    assert!(!is_older(130, 250) && !is_older(250, 130));
}

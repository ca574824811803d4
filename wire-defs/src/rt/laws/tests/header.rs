//! Each law of headers is broken by one fault, at the place that it names.

use super::probe::*;
use super::{broken, scratch};
use crate::rt::laws::{self, Broken};

/// A packet of six octets with a reserved octet and a sum that parsing ignores, and what follows.
const BYTES: [u8; 9] = [6, 0x9a, 0x77, 0x55, 1, 2, 0xee, 0xee, 0xee];

/// What the laws say of octets, with fields set to bits from `source`.
fn with<const SHAPE: u8, const FAULT: u8>(bytes: &[u8], source: u8) -> Result<bool, Broken> {
    let (mut first, mut second) = (scratch(), scratch());
    laws::header::<Probe<SHAPE, FAULT>>(bytes, &[source; 16], &mut first, &mut second)
}

/// The same of [`BYTES`].
fn of<const SHAPE: u8, const FAULT: u8>() -> Result<bool, Broken> {
    with::<SHAPE, FAULT>(&BYTES, 0x35)
}

#[test]
fn an_honest_header_is_accepted_and_malformed_octets_are_not() {
    for source in [0, 0x05, 0x0a, 0x0f, 0xff] {
        assert_eq!(with::<BOUNDED, 0>(&BYTES, source), Ok(true));
        assert_eq!(with::<OPEN, 0>(&BYTES, source), Ok(true));
        assert_eq!(with::<OPEN_HEADER, 0>(&BYTES, source), Ok(true));
        assert_eq!(with::<LITTLE, 0>(&BYTES, source), Ok(true));
    }
    assert_eq!(of::<BOUNDED, NO_CHECKSUM>(), Ok(true));
    let exact = &BYTES[..6];
    assert_eq!(with::<BOUNDED, 0>(exact, 0x35), Ok(true));
    assert_eq!(with::<OPEN, 0>(exact, 0x35), Ok(true));
    for refused in [&[][..], &[3, 0, 0, 0], &BYTES[..5]] {
        assert_eq!(with::<BOUNDED, 0>(refused, 0x35), Ok(false));
        assert_eq!(with::<OPEN, 0>(refused, 0x35), Ok(false));
    }
    assert_eq!(with::<OPEN_HEADER, 0>(&BYTES[..3], 0x35), Ok(false));
}

#[test]
fn a_header_is_as_long_as_its_least_and_no_longer_than_its_packet() {
    assert_eq!(
        of::<BOUNDED, SHORT_HEADER>(),
        broken("L4: header length", 3)
    );
    assert_eq!(of::<BOUNDED, LONG_HEADER>(), broken("L4: header length", 7));
    assert_eq!(
        of::<BOUNDED, LONG_PACKET>(),
        broken("L4: packet length", 64)
    );
}

#[test]
fn what_is_cut_short_is_truncated() {
    let cut = |at| broken("L3: a prefix is truncated", at);
    assert_eq!(of::<BOUNDED, CUT_IS_MALFORMED>(), cut(2));
    assert_eq!(of::<BOUNDED, CUT_IS_TAKEN>(), cut(2));
    // Up to the last octet of the packet, of the header before an open payload, and of the least
    // header where it takes everything.
    assert_eq!(of::<BOUNDED, LAST_IS_SPARE>(), cut(5));
    assert_eq!(of::<OPEN, LAST_IS_SPARE>(), cut(5));
    assert_eq!(of::<OPEN_HEADER, LAST_IS_SPARE>(), cut(3));
}

#[test]
fn what_follows_a_packet_does_not_matter() {
    let alone = broken("L3: the result depends on the packet only", 6);
    assert_eq!(of::<BOUNDED, WANTS_MORE>(), alone);
}

#[test]
fn what_was_checked_has_a_repr_of_its_lengths() {
    let no_repr = broken("a checked packet has a Repr", 0);
    assert_eq!(of::<BOUNDED, NO_REPR>(), no_repr);
    let lengths = broken("L8: lengths of the Repr", 4);
    assert_eq!(of::<BOUNDED, REPR_HEADER_LEN>(), lengths);
    assert_eq!(of::<BOUNDED, REPR_LEN>(), lengths);
}

#[test]
fn what_was_parsed_is_emitted_in_canonical_octets() {
    let refused = broken("L1: a parsed Repr can be emitted", 0);
    assert_eq!(of::<BOUNDED, NOT_EMITTED>(), refused);
    let written = scratch().len() - 3;
    assert_eq!(
        of::<BOUNDED, SHORT_EMIT>(),
        broken("L1: octets written", written)
    );
    let canonical = |at| broken("L2: emit(parse(b)) is canonical b", at);
    assert_eq!(of::<BOUNDED, LOSSY>(), canonical(1));
    assert_eq!(of::<BOUNDED, UNCANONICAL>(), canonical(2));
    // An octet that is left as it was is another one, whatever canonical octets have there.
    assert_eq!(with::<BOUNDED, UNWRITTEN>(&BYTES, 0), canonical(2));
    assert_eq!(with::<BOUNDED, UNWRITTEN>(&BYTES, 0x35), canonical(2));
}

#[test]
fn buffers_that_are_too_small_are_no_proof() {
    let law = "scratch is too small";
    let of = |first: usize, second: usize| {
        let (first, second) = (&mut scratch()[..first], &mut scratch()[..second]);
        laws::header::<Probe<BOUNDED, 0>>(&BYTES, &[0x35; 16], first, second)
    };
    assert_eq!(of(5, 6), broken(law, 6));
    assert_eq!(of(6, 5), broken(law, 6));
    assert_eq!(of(6, 6), Ok(true));
}

#[test]
fn a_filled_checksum_verifies() {
    let unverified = broken("a filled checksum verifies", 0);
    assert_eq!(of::<BOUNDED, UNVERIFIED>(), unverified);
}

#[test]
fn a_setter_changes_its_field_and_no_bit_beside_it() {
    let deaf = broken("L6: a field reads back as it was set", 2);
    assert_eq!(of::<BOUNDED, DEAF_SETTER>(), deaf);
    let beside = |field| broken("L6: a setter changes its own bits", field);
    assert_eq!(of::<BOUNDED, BIT_BEFORE>(), beside(1));
    assert_eq!(of::<BOUNDED, BIT_BEHIND>(), beside(1));
    assert_eq!(of::<BOUNDED, LAST_BIT>(), beside(2));
    assert_eq!(of::<LITTLE, BIT_BEFORE>(), beside(1));
    assert_eq!(of::<LITTLE, BIT_BEHIND>(), beside(1));
    assert_eq!(of::<LITTLE, LAST_BIT>(), beside(2));
}

#[test]
fn each_field_is_asked_alone_for_a_value_that_does_not_fit() {
    let fits = |field| broken("L7: a value that does not fit is refused", field);
    assert_eq!(of::<BOUNDED, KIND_OVERFLOWS>(), fits(1));
    // The field before it has its own value again, or that would be refused.
    assert_eq!(of::<BOUNDED, CODE_OVERFLOWS>(), fits(2));
}

#[test]
fn what_was_emitted_says_the_same() {
    let accepted = broken("L1: emitted octets are accepted", 0);
    assert_eq!(of::<BOUNDED, NOT_AGAIN>(), accepted);
    let longer = broken("L8: header length", 0);
    assert_eq!(of::<BOUNDED, LONGER_AGAIN>(), longer);
    let no_repr = broken("L1: emitted octets have a Repr", 0);
    assert_eq!(of::<BOUNDED, NO_REPR_AGAIN>(), no_repr);
    assert_eq!(
        of::<BOUNDED, OTHER_AGAIN>(),
        broken("L1: parse(emit(r)) == r", 0)
    );
}

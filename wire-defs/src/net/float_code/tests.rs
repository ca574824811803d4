//! Codes and the times that they stand for.

use super::*;

#[test]
fn codes_below_the_float_are_the_number() {
    assert_eq!(IgmpMaxResp(0).tenths(), 0);
    assert_eq!(IgmpMaxResp(127).tenths(), 127);
    assert_eq!(MldMaxResp(0x7fff).millis(), 0x7fff);
}

#[test]
fn floats_follow_the_formula_of_the_rfc() {
    // RFC 3376 §4.1.1: (mant | 0x10) << (exp + 3).
    assert_eq!(IgmpMaxResp(0x80).tenths(), 128);
    assert_eq!(QueryInterval(0xff).secs(), 31_744);
    assert_eq!(IgmpMaxResp(0b1010_0011).tenths(), 0x13 << 5);
    // RFC 3810 §5.1.3: (mant | 0x1000) << (exp + 3).
    assert_eq!(MldMaxResp(0x8000).millis(), 32_768);
    assert_eq!(MldMaxResp(0xffff).millis(), 0x1fff << 10);
}

#[test]
fn every_code_comes_back_and_values_between_are_rounded_down() {
    for code in 0..=u8::MAX {
        assert_eq!(IgmpMaxResp::from_tenths(IgmpMaxResp(code).tenths()).0, code);
    }
    for code in 0..=u16::MAX {
        assert_eq!(MldMaxResp::from_millis(MldMaxResp(code).millis()).0, code);
    }
    for value in (0..40_000).chain([u32::MAX]) {
        let interval = QueryInterval::from_secs(value);
        assert!(interval.secs() <= value);
        let next = interval
            .0
            .checked_add(1)
            .map(|code| QueryInterval(code).secs());
        assert!(next.is_none_or(|next| next > value), "{value}");
    }
}

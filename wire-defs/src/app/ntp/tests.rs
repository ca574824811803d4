//! The forms of time that NTP has, and known dates in them.

use super::*;
use std::string::ToString;

#[test]
fn known_dates() {
    // RFC 5905 figure 4: the Unix epoch is second 2,208,988,800 of era 0.
    let epoch = NtpTimestamp(2_208_988_800 << 32);
    assert_eq!(epoch.unix_micros(), Some(0));
    assert_eq!(NtpTimestamp::from_unix_micros(0), epoch);
    // 7 February 2036, 06:28:16: era 1 starts.
    let wrap = NtpTimestamp::from_unix_micros(2_085_978_496_500_000);
    assert_eq!(wrap, NtpTimestamp(0x8000_0000));
    assert_eq!(wrap.unix_micros(), Some(2_085_978_496_500_000));
    assert_eq!(NtpTimestamp(0).unix_micros(), None);
    assert_eq!(wrap.to_string(), "0.500000");
}

#[test]
fn microseconds_come_back_and_distances_cross_eras() {
    for micros in [1, 999_999, 1_700_000_000_123_456, 4_000_000_000_000_001] {
        assert_eq!(
            NtpTimestamp::from_unix_micros(micros).unix_micros(),
            Some(micros)
        );
    }
    let before = NtpTimestamp(u64::MAX);
    assert_eq!(NtpTimestamp(1).since(before), 2);
    assert_eq!(before.since(NtpTimestamp(1)), -2);
}

#[test]
fn short_forms() {
    assert_eq!(NtpShort(0x0001_8000).micros(), 1_500_000);
    assert_eq!(NtpShort(0x0001_8000).to_string(), "1.500000 s");
    assert_eq!(NtpLog2(-20).to_string(), "2^-20 s");
}

//! NTP packets as a server sends them.

use crate::kit;
use litz_wire::{Ntp, NtpLeap, NtpLog2, NtpMode, NtpPacket, NtpShort, NtpTimestamp};

/// From a capture: the answer of a server of stratum 4.
const ANSWER: &str = "
    240406e8 00000c81 00001244 69edcf1c e09ab29cb8c778eb
    e09ab59607050baa e09ab5960c625ccb e09ab5960c64646b";

#[test]
fn the_answer_of_a_server() {
    let bytes = kit::octets(ANSWER);
    kit::header::<Ntp>(&bytes, 48);
    let ntp = NtpPacket::new_checked(&bytes).unwrap();
    assert_eq!(
        (ntp.leap(), ntp.version(), ntp.mode()),
        (NtpLeap::None, 4, NtpMode::Server)
    );
    assert_eq!(
        (ntp.stratum(), ntp.poll(), ntp.precision()),
        (4, NtpLog2(6), NtpLog2(-24))
    );
    assert_eq!(
        (ntp.root_delay(), ntp.root_dispersion()),
        (NtpShort(0xc81), NtpShort(0x1244))
    );
    assert_eq!(ntp.reference_id(), [0x69, 0xed, 0xcf, 0x1c]);
    // The capture was made at 1559246614.074475 s; the server answered 26 ms earlier.
    assert_eq!(ntp.transmit().unix_micros(), Some(1_559_246_614_048_406));
    assert_eq!(ntp.receive().unix_micros(), Some(1_559_246_614_048_375));
    assert_eq!(ntp.transmit().since(ntp.receive()), 0x0002_07a0);
    assert_eq!(ntp.origin(), NtpTimestamp(0xe09a_b596_0705_0baa));
    assert!(ntp.extensions().is_empty());
}

#[test]
fn what_follows_is_kept_apart() {
    let mut bytes = kit::octets(ANSWER);
    bytes.extend([0, 0, 0, 1, 0xaa]);
    let ntp = NtpPacket::new_checked(&bytes).unwrap();
    assert_eq!(ntp.extensions(), [0, 0, 0, 1, 0xaa]);
}

//! UDP-Lite and what its checksum covers.

use crate::kit;
use litz_wire::{ErrorKind, PseudoV4, UdpLite, UdpLitePacket, udp_lite_checksum};
use std::net::Ipv4Addr;

const PSEUDO: PseudoV4 = PseudoV4 {
    src_addr: Ipv4Addr::new(192, 0, 2, 1),
    dst_addr: Ipv4Addr::new(192, 0, 2, 2),
};

/// By hand after RFC 3828 §3.1: ports 1000 and 2000, the header alone is covered. The sum of the
/// pseudo header (c000 0201 c000 0202 0088 000d) and of 03e8 07d0 0008 is 9059 when the carry is
/// added.
const SAMPLE: &str = "03e8 07d0 0008 6fa6 68656c6c6f";

#[test]
fn damage_outside_of_the_coverage_is_not_seen() {
    let mut bytes = kit::octets(SAMPLE);
    kit::header::<UdpLite>(&bytes, 8);
    let packet = UdpLitePacket::new_checked(&bytes).unwrap();
    assert_eq!(
        (packet.src_port(), packet.dst_port(), packet.coverage()),
        (1000, 2000, 8)
    );
    let mut zero = bytes.clone();
    zero[6..8].fill(0);
    let computed = udp_lite_checksum(&zero, &PSEUDO).unwrap();
    assert_eq!(computed, packet.checksum());
    assert!(packet.verify_checksum(&PSEUDO));
    bytes[12] ^= 1;
    assert!(
        UdpLitePacket::new_checked(&bytes)
            .unwrap()
            .verify_checksum(&PSEUDO)
    );
    bytes[0] ^= 1;
    assert!(
        !UdpLitePacket::new_checked(&bytes)
            .unwrap()
            .verify_checksum(&PSEUDO)
    );
}

#[test]
fn a_coverage_of_zero_is_everything() {
    let mut bytes = kit::octets("03e8 07d0 0000 0000 68656c6c6f");
    let sum = udp_lite_checksum(&bytes, &PSEUDO).unwrap();
    bytes[6..8].copy_from_slice(&sum.to_be_bytes());
    assert!(
        UdpLitePacket::new_checked(&bytes)
            .unwrap()
            .verify_checksum(&PSEUDO)
    );
    bytes[12] ^= 1;
    assert!(
        !UdpLitePacket::new_checked(&bytes)
            .unwrap()
            .verify_checksum(&PSEUDO)
    );
}

#[test]
fn coverages_that_make_no_sense() {
    let mut bytes = kit::octets(SAMPLE);
    bytes[5] = 7;
    assert_eq!(
        UdpLitePacket::new_checked(&bytes).unwrap_err().kind,
        ErrorKind::Malformed
    );
    bytes[5] = 14;
    assert!(
        !UdpLitePacket::new_checked(&bytes)
            .unwrap()
            .verify_checksum(&PSEUDO)
    );
    assert_eq!(udp_lite_checksum(&bytes, &PSEUDO), None);
    assert_eq!(udp_lite_checksum(&[], &PSEUDO), None);
}

//! Pseudo headers against their octets as the RFCs draw them.

use super::*;

#[test]
fn sums_are_those_of_the_octets() {
    let v4 = PseudoV4 {
        src_addr: Ipv4Addr::new(192, 0, 2, 1),
        dst_addr: Ipv4Addr::new(198, 51, 100, 7),
    };
    let octets = [192, 0, 2, 1, 198, 51, 100, 7, 0, 17, 0x12, 0x34];
    assert_eq!(v4.sum(17, 0x1234), Sum::of(&octets));
    assert_eq!(Pseudo::V4(v4).sum(17, 0x1234), Sum::of(&octets));
    assert_eq!(v4.addresses().sum(17, 0x1234), Sum::of(&octets));

    let v6 = PseudoV6 {
        src_addr: Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1),
        dst_addr: Ipv6Addr::new(0xfe80, 0, 0, 0, 1, 2, 3, 4),
    };
    let octets = [v6.src_addr.octets(), v6.dst_addr.octets()];
    let end = [0, 1, 0x12, 0x34, 0, 0, 0, 58];
    let sum = Sum::of(octets.as_flattened()).add(Sum::of(&end));
    assert_eq!(v6.sum(58, 0x1_1234), sum);
    assert_eq!(Pseudo::V6(v6).sum(58, 0x1_1234), sum);
}

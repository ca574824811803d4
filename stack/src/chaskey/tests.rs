//! Tests of the hash, by vectors of its reference implementation: messages of the octets 0, 1, 2
//! and so on.

use super::*;

#[test]
fn tags_are_those_of_the_reference() {
    let key = [
        0x33, 0x34, 0x3d, 0x83, 0x9f, 0x38, 0x9f, 0x00, 0x4f, 0xe6, 0x98, 0x23, 0x39, 0xcf, 0x7a,
        0x41,
    ];
    let octets: [[[u8; 8]; 2]; 3] = core::array::from_fn(|block| {
        core::array::from_fn(|word| core::array::from_fn(|n| (16 * block + 8 * word + n) as u8))
    });
    let blocks = octets.map(|block| block.map(u64::from_le_bytes));
    let tags: [[u32; 2]; 3] = [
        [0x5dd0_e2a9, 0xfb5e_ac8c],
        [0x7796_2784, 0x07c6_47fa],
        [0xf36e_748b, 0x8f34_677f],
    ];
    for (last, [low, high]) in tags.into_iter().enumerate() {
        let expected = u64::from(low) | u64::from(high) << 32;
        assert_eq!(tag(&key, &blocks[..=last]), expected, "block {last}");
    }
}

//! Positions on the circle, across its seam too.

use super::SeqNumber;

#[test]
fn positions_are_relative_and_wrap() {
    for base in [0, 1, 0x7fff_ffff, 0x8000_0000, u32::MAX] {
        let seq = SeqNumber(base);
        let next = seq.wrapping_add(1);
        assert!(seq.before(next) && next.after(seq));
        assert!(seq.at_or_before(seq) && seq.at_or_after(seq));
        assert_eq!(next.since(seq), 1);
        assert_eq!(next.distance_to(seq), -1);
        assert_eq!(seq.wrapping_add(40usize).wrapping_sub(40u32), seq);
    }
    assert_eq!(SeqNumber(5).since(SeqNumber(0x8000_0005)), i32::MIN);
}

//! Tests of short queues.

use super::take_oldest;

#[test]
fn the_oldest_leaves_first_and_the_others_keep_their_order() {
    let mut queue = [Some(1), Some(2), Some(3), None];
    assert_eq!(take_oldest(&mut queue), Some(1));
    assert_eq!(queue, [Some(2), Some(3), None, None]);
    assert_eq!(take_oldest(&mut queue), Some(2));
    assert_eq!(take_oldest(&mut queue), Some(3));
    assert_eq!(take_oldest(&mut queue), None);
    assert_eq!(take_oldest::<u8>(&mut []), None);
}

//! What overflows, and what is computed with it, has no value.

use super::*;

#[test]
fn operations_have_a_value_or_none() {
    let max = Some(u64::MAX);
    assert_eq!((add(Some(2), Some(3)), add(max, Some(1))), (Some(5), None));
    assert_eq!(
        (sub(Some(3), Some(2)), sub(Some(2), Some(3))),
        (Some(1), None)
    );
    assert_eq!((mul(Some(2), Some(3)), mul(max, Some(2))), (Some(6), None));
    assert_eq!(
        (div(Some(7), Some(2)), div(Some(7), Some(0))),
        (Some(3), None)
    );
    assert_eq!((shl(Some(3), Some(2)), shl(max, Some(1))), (Some(12), None));
    assert_eq!(
        (shl(Some(1), Some(63)), shl(Some(1), Some(64))),
        (Some(1 << 63), None)
    );
    assert_eq!(
        (shr(Some(13), Some(2)), shr(Some(1), Some(64))),
        (Some(3), None)
    );
    assert_eq!(shr(max, Some(63)), Some(1));
    for operation in [add, sub, mul, div, shl, shr] {
        assert_eq!(operation(None, Some(1)), None);
        assert_eq!(operation(Some(1), None), None);
    }
}

#[test]
fn fields_are_numbers() {
    assert_eq!(
        (7_u8.number(), 7_u16.number(), 7_u32.number()),
        (Some(7), Some(7), Some(7))
    );
    assert_eq!(
        (7_u64.number(), 7_usize.number(), true.number()),
        (Some(7), Some(7), Some(1))
    );
    assert_eq!(false.number(), Some(0));
}

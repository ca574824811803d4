//! A set of nothing takes no octets and writes none.

use super::*;

#[test]
fn nothing_is_written() {
    let set: &dyn OptionSet<u8> = &NoOptions;
    let mut buf = [0xa5; 3];
    assert_eq!(set.list_len(), 0);
    assert_eq!(set.fill(&mut buf), Ok(()));
    assert_eq!(set.put(&mut buf), Ok(&mut [0xa5; 3][..]));
}

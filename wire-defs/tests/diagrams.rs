//! The diagrams of the documentation, as RFCs draw them.

use litz_wire::{Ethernet, Header, header};

/// Fields that cross octets, and more octets than a diagram has rows for.
#[header(be, packet = OddView)]
pub struct Odd<'a> {
    pub kind: u4,
    pub crossing: u24,
    _r: u4,
    pub blob: [u8; 40],
    pub last: u16,
    #[payload]
    pub rest: &'a [u8],
}

const BITS: &str = concat!(
    " 0                   1                   2                   3\n",
    " 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1\n",
);

#[test]
fn a_field_over_two_rows_is_one_box() {
    assert_eq!(
        Ethernet::DIAGRAM.strip_prefix(BITS).expect("the bits"),
        "\
+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
|                           dst_addr                            |
+                               +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
|                               |                               |
+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+                               +
|                           src_addr                            |
+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
|           ethertype           |
+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
|                           payload …                           |
+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
"
    );
}

#[test]
fn a_long_run_of_octets_takes_one_row() {
    assert_eq!(
        Odd::DIAGRAM.strip_prefix(BITS).expect("the bits"),
        "\
+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
| kind  |                   crossing                    |  _r   |
+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
|                       blob (40 octets)                        |
+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
|             last              |
+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
|                            rest …                             |
+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
"
    );
}

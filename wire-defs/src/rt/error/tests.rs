//! What errors say: the words of every kind, and the place with and without a field.

use super::*;
use std::format;

#[test]
fn an_error_names_its_place() {
    const HEADER: &Site = &Site {
        header: "Udp",
        field: "",
    };
    const FIELD: &Site = &Site {
        header: "Udp",
        field: "length",
    };
    let kinds = [
        (ErrorKind::Truncated, "truncated"),
        (ErrorKind::Malformed, "malformed"),
        (ErrorKind::Checksum, "bad checksum"),
        (ErrorKind::Unsupported, "unsupported"),
        (ErrorKind::BufferTooSmall, "buffer too small"),
        (ErrorKind::OutOfRange, "value out of range"),
    ];
    for (kind, words) in kinds {
        assert_eq!(
            format!("{}", Error::new(kind, HEADER)),
            format!("Udp: {words}")
        );
        assert_eq!(
            format!("{}", Error::new(kind, FIELD)),
            format!("Udp.length: {words}")
        );
    }
}

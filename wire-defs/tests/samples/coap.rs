//! The start of CoAP messages.

use crate::kit;
use litz_wire::{Coap, CoapCode, CoapPacket, CoapType, ErrorKind};

/// Made with scapy: a confirmable GET with a token of two octets and a path.
const GET: &str = "42 01 1234 aabb b474656d70";

#[test]
fn a_request_with_a_token() {
    let bytes = kit::octets(GET);
    kit::header::<Coap>(&bytes, 6);
    let coap = CoapPacket::new_checked(&bytes).unwrap();
    assert_eq!(
        (coap.message_type(), coap.code()),
        (CoapType::Confirmable, CoapCode::Get)
    );
    assert_eq!(
        (coap.message_id(), coap.token()),
        (0x1234, &[0xaa, 0xbb][..])
    );
    assert_eq!(coap.rest(), b"\xb4temp");
}

#[test]
fn empty_messages_and_errors_of_format() {
    let reset = [0x70, 0, 0x12, 0x34];
    kit::header::<Coap>(&reset, 4);
    assert_eq!(
        CoapPacket::new_checked(&reset).unwrap().code(),
        CoapCode::Empty
    );
    // RFC 7252 §3: token lengths of 9 to 15 are errors, and so is another version.
    let mut long = [0; 20];
    long[0] = 0x49;
    assert_eq!(
        CoapPacket::new_checked(&long).unwrap_err().kind,
        ErrorKind::Malformed
    );
    long[0] = 0x80;
    assert_eq!(
        CoapPacket::new_checked(&long).unwrap_err().at.field,
        "version"
    );
    assert_eq!(
        (CoapCode::NotFound.class(), CoapCode::NotFound.detail()),
        (4, 4)
    );
}

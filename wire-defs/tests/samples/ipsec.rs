//! IPsec: authentication header and encrypted payload.

use crate::kit;
use litz_wire::{Ah, AhPacket, ErrorKind, Esp, EspPacket, IpProtocol, Spi};

/// From a capture of OSPFv3: AH with 96 bits of integrity check value, then octets of OSPF.
const AH: &str = "59040000 00000100 00000013 21d3a95c5ffd4d184622b9f8 0301";

#[test]
fn authentication_header() {
    let bytes = kit::octets(AH);
    kit::header::<Ah>(&bytes, 24);
    let ah = AhPacket::new_checked(&bytes).unwrap();
    assert_eq!(
        (ah.next_header(), ah.spi(), ah.seq()),
        (IpProtocol::Ospf, Spi(256), 19)
    );
    assert_eq!((ah.icv().len(), ah.payload()), (12, &[3, 1][..]));
    // A length of less than the fixed part.
    let mut bad = bytes.clone();
    bad[1] = 0;
    let error = AhPacket::new_checked(&bad).unwrap_err();
    assert_eq!(
        (error.kind, error.at.field),
        (ErrorKind::Malformed, "payload_len")
    );
}

#[test]
fn encapsulating_security_payload() {
    let bytes = kit::octets("0000000a 00000001 736563726574");
    kit::header::<Esp>(&bytes, 8);
    let esp = EspPacket::new_checked(&bytes).unwrap();
    assert_eq!(
        (esp.spi(), esp.seq(), esp.data()),
        (Spi(10), 1, &b"secret"[..])
    );
    assert_eq!(esp.spi().to_string(), "0x0000000a");
}

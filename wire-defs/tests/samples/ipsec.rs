//! IPsec: authentication header and encrypted payload.

use crate::kit;
use litz_wire::{Ah, AhPacket, ErrorKind, Esp, EspPacket, EspTrailer, IpProtocol, Spi};

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

/// As ESP without encryption (RFC 2410) has it: data, three octets of padding, trailer, 12 octets
/// of integrity check value.
#[test]
fn end_of_an_encapsulated_payload() {
    let bytes = kit::octets("0000000a 00000001 aabbccddee 010203 0311 a0a1a2a3a4a5a6a7a8a9aaab");
    let esp = EspPacket::new_checked(&bytes).unwrap();
    let (plain, icv) = esp.split_icv(12).unwrap();
    assert_eq!((plain.len(), icv[0]), (10, 0xa0));
    kit::header::<EspTrailer>(&plain[8..], 2);
    let (data, padding, trailer) = EspTrailer::find(plain).unwrap();
    assert_eq!(
        (data, trailer.next_header()),
        (&plain[..5], IpProtocol::Udp)
    );
    assert!(EspTrailer::is_monotonic(padding) && padding.len() == 3);
    assert!(!EspTrailer::is_monotonic(&[1, 2, 4]));

    assert!(esp.split_icv(23).is_none());
    let short = EspTrailer::find(&plain[9..]).unwrap_err();
    assert_eq!(short.kind, ErrorKind::Truncated);
    // More padding than there are octets.
    let long = EspTrailer::find(&[1, 2, 3, 17]).unwrap_err();
    assert_eq!(
        (long.kind, long.at.field),
        (ErrorKind::Malformed, "pad_len")
    );
    assert_eq!(
        EspTrailer::find(&[1, 2, 2, 17]).map(|found| found.0),
        Ok(&[][..])
    );
}

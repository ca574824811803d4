//! Tests of walks that only look; what is answered is tested frame by frame.
#![allow(clippy::arithmetic_side_effects)]

use super::*;

const PADN: [u8; 8] = [0, 0, 1, 4, 0, 0, 0, 0];

fn chain(headers: &[IpProtocol], last: IpProtocol) -> std::vec::Vec<u8> {
    let mut octets = std::vec::Vec::new();
    for at in 0..headers.len() {
        let mut header = PADN;
        header[0] = headers.get(at + 1).unwrap_or(&last).0;
        octets.extend_from_slice(&header);
    }
    octets.extend_from_slice(b"payload!");
    octets
}

#[test]
fn what_is_there_is_looked_through() {
    let headers = [IpProtocol::HopByHop, IpProtocol::Ipv6Opts];
    let octets = chain(&headers, IpProtocol::Udp);
    let (protocol, payload) = skip(headers[0], &octets).unwrap();
    assert_eq!((protocol, payload), (IpProtocol::Udp, &b"payload!"[..]));
    for len in 0..16 {
        assert!(skip(headers[0], &octets[..len]).is_none(), "{len}");
    }
    assert!(skip(IpProtocol::Udp, b"").is_some());
    let endless = chain(&[IpProtocol::Ipv6Opts; 40], IpProtocol::Udp);
    assert!(skip(IpProtocol::Ipv6Opts, &endless).is_none());
}

#[test]
fn later_fragments_hold_nothing_to_look_at() {
    let fragment = |offset: u16| {
        let [high, low] = offset.to_be_bytes();
        [17, 0, high, low, 0, 0, 0, 1, 9, 9]
    };
    let later = fragment(8);
    assert!(skip(IpProtocol::Ipv6Frag, &later).is_none());
    assert_eq!(fragment_offset(IpProtocol::Ipv6Frag, &later), Some(8));
    let first = fragment(1);
    assert_eq!(skip(IpProtocol::Ipv6Frag, &first).unwrap().1, [9, 9]);
    assert_eq!(fragment_offset(IpProtocol::Ipv6Frag, &first), Some(0));
    assert_eq!(fragment_offset(IpProtocol::Udp, &first), None);
    assert_eq!(fragment_offset(IpProtocol::Ipv6Frag, &first[..7]), None);
}

//! Text forms and conversions.

use super::*;
use core::net::{Ipv4Addr, Ipv6Addr};
use std::string::ToString;

#[test]
fn text_is_read_and_written() {
    let v4 = Endpoint::new(Ipv4Addr::new(192, 0, 2, 1), 80);
    let v6 = Endpoint::from((Ipv6Addr::LOCALHOST, 65_535));
    for (text, endpoint) in [("192.0.2.1:80", v4), ("[::1]:65535", v6)] {
        assert_eq!(text.parse(), Ok(endpoint));
        assert_eq!(endpoint.to_string(), text);
        assert_eq!(Endpoint::from(SocketAddr::from(endpoint)), endpoint);
    }
    for bad in [
        "",
        "192.0.2.1",
        "192.0.2.1:",
        "192.0.2.1:65536",
        "::1:80",
        "[fe80::1%2]:80",
    ] {
        assert_eq!(bad.parse::<Endpoint>(), Err(EndpointParseError), "{bad}");
    }
}

#[test]
fn listening_on_every_address() {
    let any = ListenEndpoint::from(80);
    assert_eq!(any.to_string(), "*:80");
    assert_eq!("*:80".parse(), Ok(any));
    assert_eq!("0.0.0.0:80".parse(), Ok(any));
    assert_eq!("[::]:80".parse(), Ok(any));
    let one: ListenEndpoint = "192.0.2.1:80".parse().unwrap();
    assert_eq!(one.to_string(), "192.0.2.1:80");
    for bad in ["*", "*:", "*:+80", "*:65536", "80"] {
        assert_eq!(
            bad.parse::<ListenEndpoint>(),
            Err(EndpointParseError),
            "{bad}"
        );
    }
}

#[test]
fn unspecified_endpoints() {
    assert!("192.0.2.1:80".parse::<Endpoint>().unwrap().is_specified());
    assert!(!"192.0.2.1:0".parse::<Endpoint>().unwrap().is_specified());
    assert!(!"0.0.0.0:80".parse::<Endpoint>().unwrap().is_specified());
}

//! An echo of 32 octets by UDP over 6LoWPAN, through the whole of both stacks: a frame is received,
//! decompressed and verified, the application reads it and answers, the answer is compressed and
//! sent. Both have two ends with extended and link-local addresses, one in front of the other.

pub mod litz;
pub mod smoltcp;

/// Octets of the datagram.
pub const DATAGRAM: usize = 32;
/// Ports that are written in full.
pub const PORTS: [u16; 2] = [1000, 7];
/// Octets of a frame without frame check sequence.
pub const FRAME: usize = 125;
/// Echoes before counting may begin: neighbors are asked for.
pub const WARM: usize = 3;

/// The EUI-64 of an end.
pub const fn eui64(last: u8) -> [u8; 8] {
    [0x02, 0, 0, 0, 0, 0, 0, last]
}

/// The interface identifier of an end's link-local address.
pub const fn link_local(last: u8) -> core::net::Ipv6Addr {
    core::net::Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, last as u16)
}

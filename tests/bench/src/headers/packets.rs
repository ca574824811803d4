//! The packets that all three read, with right checksums; the same values are written.

/// Octets that any of them takes.
pub const ROOM: usize = 128;

/// IPv4 with a SYN: segment size, selective acknowledgment, timestamps, window scale; no data.
pub const TCP: [u8; 60] = [
    0x45, 0, 0, 60, 0x1c, 0x46, 0x40, 0, 64, 6, 0x99, 0x76, 192, 0, 2, 254, 192, 0, 2,
    1, // IPv4
    0xc0, 0, 0, 7, 0xa0, 0xb0, 0xc0, 0xd0, 0, 0, 0, 0, 0xa0, 0x02, 0xfa, 0xf0, 0x84, 0x42, 0,
    0, // TCP
    2, 4, 5, 0xb4, 4, 2, 8, 10, 0, 0x11, 0x22, 0x33, 0, 0, 0, 0, 1, 3, 3, 7,
];

/// IPv6 with a datagram of eight octets.
pub const UDP: [u8; 56] = [
    0x60, 0, 0, 0, 0, 16, 17, 64, 0x20, 1, 0x0d, 0xb8, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0x20, 1,
    0x0d, 0xb8, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, // IPv6
    0xd4, 0x31, 0, 7, 0, 16, 0xc0, 0x0a, 1, 2, 3, 4, 5, 6, 7, 8,
];

/// IPv6 with an echo request of eight octets.
pub const ECHO: [u8; 56] = [
    0x60, 0, 0, 0, 0, 16, 58, 64, 0x20, 1, 0x0d, 0xb8, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0x20, 1,
    0x0d, 0xb8, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, // IPv6
    128, 0, 0x01, 0xef, 0x12, 0x34, 0, 7, 1, 2, 3, 4, 5, 6, 7, 8,
];

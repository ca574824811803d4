//! The header before each packet of a virtio network device (VIRTIO 1.2 §5.1.6), which TAP devices
//! of Linux can have too: what is left to the device, or has been done by it. Little-endian, as all
//! devices but legacy ones have it.

use crate::{codes, header};

/// Header of devices that receive each packet in one buffer, and of TAP devices.
#[header(
    le,
    size = 10,
    rfc = "VIRTIO 1.2 §5.1.6",
    line = "{gso_type} size {gso_size} header {hdr_len} checksum {needs_checksum} \
        from {csum_start} at {csum_offset}"
)]
pub struct VirtioNet<'a> {
    /// The checksum is partial: octets from `csum_start` are to be summed.
    pub needs_checksum: bool,
    /// The checksum has been verified.
    pub checksum_valid: bool,
    /// `csum_start` and `csum_offset` count coalesced segments and duplicate acknowledgments.
    pub rsc_info: bool,
    _reserved: u5,
    /// What the packet is to be cut into.
    pub gso_type: As<u7, VirtioGso>,
    /// The segments carry congestion notification.
    pub ecn: bool,
    /// Octets of all headers: a hint.
    pub hdr_len: u16,
    /// Octets of payload in each segment.
    pub gso_size: u16,
    /// Where summing starts.
    pub csum_start: u16,
    /// Where the sum belongs, counted from `csum_start`.
    pub csum_offset: u16,
    #[payload]
    pub payload: &'a [u8],
}

/// Header of devices that may spread a packet over buffers, and of all that are not legacy.
#[header(
    le,
    size = 12,
    rfc = "VIRTIO 1.2 §5.1.6",
    line = "{gso_type} size {gso_size} header {hdr_len} checksum {needs_checksum} \
        from {csum_start} at {csum_offset} buffers {num_buffers}"
)]
pub struct VirtioNetMrg<'a> {
    /// The checksum is partial: octets from `csum_start` are to be summed.
    pub needs_checksum: bool,
    /// The checksum has been verified.
    pub checksum_valid: bool,
    /// `csum_start` and `csum_offset` count coalesced segments and duplicate acknowledgments.
    pub rsc_info: bool,
    _reserved: u5,
    /// What the packet is to be cut into.
    pub gso_type: As<u7, VirtioGso>,
    /// The segments carry congestion notification.
    pub ecn: bool,
    /// Octets of all headers: a hint.
    pub hdr_len: u16,
    /// Octets of payload in each segment.
    pub gso_size: u16,
    /// Where summing starts.
    pub csum_start: u16,
    /// Where the sum belongs, counted from `csum_start`.
    pub csum_offset: u16,
    /// Buffers that the packet is spread over.
    pub num_buffers: u16,
    #[payload]
    pub payload: &'a [u8],
}

/// What a long packet is to be cut into.
#[codes(u7)]
pub enum VirtioGso {
    None = 0,
    Tcpv4 = 1,
    Udp = 3,
    Tcpv6 = 4,
    UdpL4 = 5,
}

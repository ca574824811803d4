//! Pseudo headers: the addresses that transport checksums cover (RFC 9293 §3.1, RFC 8200 §8.1).

use super::Sum;
use core::net::{Ipv4Addr, Ipv6Addr};

/// What a transport checksum covers beside the packet itself.
pub trait PseudoHeader {
    /// The sum of the pseudo header for a packet of `len` octets of protocol `proto`.
    fn sum(&self, proto: u8, len: u32) -> Sum;
}

/// Pseudo header of IPv4 (RFC 9293 §3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PseudoV4 {
    /// Source address of the packet.
    pub src_addr: Ipv4Addr,
    /// Destination address of the packet.
    pub dst_addr: Ipv4Addr,
}

/// Pseudo header of IPv6 (RFC 8200 §8.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PseudoV6 {
    /// Source address of the packet.
    pub src_addr: Ipv6Addr,
    /// Final destination address of the packet.
    pub dst_addr: Ipv6Addr,
}

/// Pseudo header of either version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pseudo {
    /// Of IPv4.
    V4(PseudoV4),
    /// Of IPv6.
    V6(PseudoV6),
}

/// The addresses of a flow, summed once and for all its packets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PseudoSum(Sum);

impl PseudoV4 {
    /// The sum of the addresses alone.
    #[inline]
    #[must_use]
    pub fn addresses(&self) -> PseudoSum {
        let src = Sum::of_array(&self.src_addr.octets());
        PseudoSum(src.add(Sum::of_array(&self.dst_addr.octets())))
    }
}

impl PseudoV6 {
    /// The sum of the addresses alone.
    #[inline]
    #[must_use]
    pub fn addresses(&self) -> PseudoSum {
        let src = Sum::of_array(&self.src_addr.octets());
        PseudoSum(src.add(Sum::of_array(&self.dst_addr.octets())))
    }
}

impl Pseudo {
    /// The sum of the addresses alone.
    #[inline]
    #[must_use]
    pub fn addresses(&self) -> PseudoSum {
        match self {
            Self::V4(pseudo) => pseudo.addresses(),
            Self::V6(pseudo) => pseudo.addresses(),
        }
    }
}

impl PseudoHeader for PseudoSum {
    #[inline]
    fn sum(&self, proto: u8, len: u32) -> Sum {
        self.0.add_u16(u16::from(proto)).add_u32(len)
    }
}

impl PseudoHeader for PseudoV4 {
    #[inline]
    fn sum(&self, proto: u8, len: u32) -> Sum {
        self.addresses().sum(proto, len)
    }
}

impl PseudoHeader for PseudoV6 {
    #[inline]
    fn sum(&self, proto: u8, len: u32) -> Sum {
        self.addresses().sum(proto, len)
    }
}

impl PseudoHeader for Pseudo {
    #[inline]
    fn sum(&self, proto: u8, len: u32) -> Sum {
        self.addresses().sum(proto, len)
    }
}

/// Who verifies and fills a checksum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ChecksumMode {
    /// Software verifies the checksum and writes all of it.
    #[default]
    Full,
    /// The device has verified it, or will write all of it: software does nothing.
    Offloaded,
    /// The field holds the sum of the pseudo header only; the device adds the rest.
    Partial,
}

#[cfg(test)]
mod tests;

//! Raw sockets: IP packets, header and all, as they came and as they are to go (compare RFC 1122
//! §3.4, RFC 3542). A socket takes packets of a version and a protocol, or of all; the stack
//! handles them beside that as ever. Fragments come put together; nothing of a sent packet is
//! touched, and what is longer than the link's MTU is dropped.

use crate::storage::kept_whole;
use core::net::IpAddr;

use litz_hal::time::Instant;
use litz_wire::{IpProtocol, Ipv4Packet, Ipv6Packet};

use super::datagram::{DatagramHandle, DatagramSlot, DatagramTable};
use super::error::{RecvError, SendError};
use super::interfaces::InterfaceId;

/// What goes with a packet of a raw socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RawMeta {
    /// Where it goes.
    pub dst: IpAddr,
    /// The interface that a received packet came by, if it is one among others.
    pub interface: Option<InterfaceId>,
    /// When the device received it, if that says so.
    pub timestamp: Option<Instant>,
}

kept_whole!(RawMeta);

/// Which packets a raw socket takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RawFilter {
    /// 4 or 6; both if `None`. There are no others.
    pub version: Option<u8>,
    /// The protocol of the payload, behind extension headers; every one if `None`.
    pub protocol: Option<IpProtocol>,
}

impl RawFilter {
    /// The key under which sockets with this filter are bound.
    pub(crate) const fn key(self) -> u16 {
        let version = match self.version {
            None => 0,
            Some(version) => (version & 7) as u16,
        };
        let protocol = match self.protocol {
            None => 0x100,
            Some(protocol) => protocol.0 as u16,
        };
        // Key 0 would mean any free one.
        0x8000 | (version << 9) | protocol
    }

    /// The filters that let a packet through.
    pub(crate) const fn through(version: u8, protocol: IpProtocol) -> [Self; 4] {
        let (version, protocol) = (Some(version), Some(protocol));
        [
            Self { version, protocol },
            Self {
                version,
                protocol: None,
            },
            Self {
                version: None,
                protocol,
            },
            Self {
                version: None,
                protocol: None,
            },
        ]
    }
}

/// Memory of one raw socket.
pub type RawSlot<'a> = DatagramSlot<'a, RawMeta>;

/// Names a raw socket of a [`SocketSet`](super::SocketSet).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RawHandle(pub(crate) DatagramHandle);

/// One raw socket, borrowed from its set.
pub struct RawSocket<'s, 'a> {
    pub(crate) table: &'s mut DatagramTable<'a, RawMeta>,
    pub(crate) handle: DatagramHandle,
}

impl RawSocket<'_, '_> {
    /// Send and receive by one interface alone, or with `None` by any.
    pub fn bind_interface(&mut self, interface: Option<InterfaceId>) {
        if let Ok(slot) = self.table.get_mut(self.handle) {
            slot.interface = interface;
        }
    }

    /// Queue a packet, which begins with its IP header and ends where that says. Its octets are not
    /// changed, nor looked at beyond that header.
    ///
    /// # Errors
    /// [`SendError::Malformed`] for what is no IP packet, [`SendError::BadRemote`] for one to an
    /// unspecified address, [`SendError::Full`] now, [`SendError::TooLong`] ever.
    pub fn send(&mut self, packet: &[u8]) -> Result<(), SendError> {
        let (dst, len) = destination(packet).ok_or(SendError::Malformed)?;
        if len != packet.len() {
            return Err(SendError::Malformed);
        }
        if dst.is_unspecified() {
            return Err(SendError::BadRemote);
        }
        let meta = RawMeta {
            dst,
            interface: None,
            timestamp: None,
        };
        self.table.queue(self.handle, meta, packet)
    }

    /// The oldest packet, taken off the queue. It stays readable until the socket is used again.
    pub fn recv(&mut self) -> Option<(RawMeta, &[u8])> {
        self.table.get_mut(self.handle).ok()?.rx.pop()
    }

    /// Copy the oldest packet into a buffer and take it off the queue. Returns its length.
    ///
    /// # Errors
    /// [`RecvError::Empty`]; or [`RecvError::TooShort`], and the packet stays.
    pub fn recv_slice(&mut self, buffer: &mut [u8]) -> Result<(RawMeta, usize), RecvError> {
        self.table.copy_first(self.handle, buffer)
    }

    /// Packets that came while the receive queue was full, and were dropped.
    #[must_use]
    pub fn rx_dropped(&self) -> u32 {
        let slot = self.table.get(self.handle);
        slot.map_or(0, |slot| slot.rx_dropped)
    }
}

/// Where an IP packet goes, and how long it says it is.
fn destination(packet: &[u8]) -> Option<(IpAddr, usize)> {
    match packet.first()? >> 4 {
        4 => {
            let packet = Ipv4Packet::new_checked(packet).ok()?;
            Some((packet.dst_addr().into(), packet.bytes().len()))
        }
        6 => {
            let packet = Ipv6Packet::new_checked(packet).ok()?;
            Some((packet.dst_addr().into(), packet.bytes().len()))
        }
        _ => None,
    }
}

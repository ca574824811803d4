//! Frame sockets: frames of the link, header and all, as the device gave them and as it is to take
//! them. A socket takes frames of an EtherType, or all, also those that the stack drops; the stack
//! handles them beside that as ever. On links of raw IP a frame is an IP packet.

use crate::storage::kept_whole;
use litz_hal::time::Instant;
use litz_wire::EtherType;

use super::datagram::{DatagramHandle, DatagramSlot, DatagramTable};
use super::error::{RecvError, SendError};
use super::interfaces::InterfaceId;

/// What goes with a frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FrameMeta {
    /// The interface that a received frame came by, if it is one among others.
    pub interface: Option<InterfaceId>,
    /// When the device received it, if that says so.
    pub timestamp: Option<Instant>,
    /// The 802.1Q tag control information that the device took off it, or is to put into it.
    pub vlan: Option<u16>,
}

kept_whole!(FrameMeta);

/// Key of sockets that take every frame; no EtherType is that small (IEEE 802.3 §3.2.6).
pub(crate) const EVERY_FRAME: u16 = 1;

/// The key of sockets for an EtherType; key 0 would mean any free one.
pub(crate) const fn key(ethertype: Option<EtherType>) -> u16 {
    match ethertype {
        Some(EtherType(0)) | None => EVERY_FRAME,
        Some(ethertype) => ethertype.0,
    }
}

/// Memory of one frame socket.
pub type FrameSlot<'a> = DatagramSlot<'a, FrameMeta>;

/// Names a frame socket of a [`SocketSet`](super::SocketSet).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FrameHandle(pub(crate) DatagramHandle);

/// One frame socket, borrowed from its set.
pub struct FrameSocket<'s, 'a> {
    pub(crate) table: &'s mut DatagramTable<'a, FrameMeta>,
    pub(crate) handle: DatagramHandle,
}

impl FrameSocket<'_, '_> {
    /// Send and receive by one interface alone. With `None` frames of all are received, and those
    /// to be sent leave by the one that is polled next.
    pub fn bind_interface(&mut self, interface: Option<InterfaceId>) {
        if let Ok(slot) = self.table.get_mut(self.handle) {
            slot.interface = interface;
        }
    }

    /// Queue a frame, which begins with the header of the link. Its octets are not changed.
    ///
    /// # Errors
    /// [`SendError::Full`] now, [`SendError::TooLong`] ever.
    pub fn send(&mut self, frame: &[u8]) -> Result<(), SendError> {
        self.send_tagged(frame, None)
    }

    /// Queue a frame that the device is to put a tag into.
    ///
    /// # Errors
    /// As [`FrameSocket::send`].
    pub fn send_tagged(&mut self, frame: &[u8], vlan: Option<u16>) -> Result<(), SendError> {
        let meta = FrameMeta {
            vlan,
            ..FrameMeta::default()
        };
        self.table.queue(self.handle, meta, frame)
    }

    /// The oldest frame, taken off the queue. It stays readable until the socket is used again.
    pub fn recv(&mut self) -> Option<(FrameMeta, &[u8])> {
        self.table.get_mut(self.handle).ok()?.rx.pop()
    }

    /// Copy the oldest frame into a buffer and take it off the queue. Returns its length.
    ///
    /// # Errors
    /// [`RecvError::Empty`]; or [`RecvError::TooShort`], and the frame stays.
    pub fn recv_slice(&mut self, buffer: &mut [u8]) -> Result<(FrameMeta, usize), RecvError> {
        self.table.copy_first(self.handle, buffer)
    }

    /// Frames that came while the receive queue was full, and were dropped.
    #[must_use]
    pub fn rx_dropped(&self) -> u32 {
        let slot = self.table.get(self.handle);
        slot.map_or(0, |slot| slot.rx_dropped)
    }
}

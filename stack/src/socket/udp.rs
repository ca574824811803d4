//! UDP sockets (RFC 768): whole datagrams in and out of two queues. Does not fragment, and does
//! not yet report ICMP errors.

use core::net::IpAddr;

use super::datagram::{DatagramHandle, DatagramSlot, DatagramTable};
use super::error::SendError;
use super::interfaces::InterfaceId;
use crate::addr::{Endpoint, ListenEndpoint};

/// What comes and goes with a datagram beside its octets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UdpMeta {
    /// The other side: the source of a received datagram, the destination of one to be sent.
    pub remote: Endpoint,
    /// Our side: the destination of a received datagram; of one to be sent, the source, or `None`
    /// to let the interface choose.
    pub local_addr: Option<IpAddr>,
}

impl UdpMeta {
    /// Metadata of a datagram to `remote`, from whatever address suits.
    pub fn to(remote: impl Into<Endpoint>) -> Self {
        Self {
            remote: remote.into(),
            local_addr: None,
        }
    }
}

/// Memory of one UDP socket.
pub type UdpSlot<'a> = DatagramSlot<'a, UdpMeta>;

/// Names a UDP socket of a [`SocketSet`](super::SocketSet).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UdpHandle(pub(crate) DatagramHandle);

/// One UDP socket, borrowed from its set.
pub struct UdpSocket<'s, 'a> {
    pub(crate) table: &'s mut DatagramTable<'a, UdpMeta>,
    pub(crate) handle: DatagramHandle,
}

/// The largest UDP payload: 65,535 octets less the UDP and the smaller IP header.
const MAX_PAYLOAD: usize = 65_507;

impl<'a> UdpSocket<'_, 'a> {
    fn slot(&self) -> Option<&UdpSlot<'a>> {
        self.table.get(self.handle).ok()
    }

    fn slot_mut(&mut self) -> Option<&mut UdpSlot<'a>> {
        self.table.get_mut(self.handle).ok()
    }

    /// What the socket is bound to.
    #[must_use]
    pub fn local(&self) -> ListenEndpoint {
        let binding = self.slot().and_then(|slot| slot.binding());
        ListenEndpoint {
            addr: binding.and_then(|binding| binding.addr),
            port: binding.map_or(0, |binding| binding.key),
        }
    }

    /// Whether a datagram waits to be read.
    #[must_use]
    pub fn can_recv(&self) -> bool {
        self.slot().is_some_and(|slot| !slot.rx.is_empty())
    }

    /// Whether a datagram of `len` octets would be taken now.
    #[must_use]
    pub fn can_send(&self, len: usize) -> bool {
        self.slot().is_some_and(|slot| slot.tx.has_room(len))
    }

    /// Datagrams that came while the receive queue was full, and were dropped.
    #[must_use]
    pub fn rx_dropped(&self) -> u32 {
        self.slot().map_or(0, |slot| slot.rx_dropped)
    }

    /// Send and receive by one interface alone, or with `None` by any.
    pub fn bind_interface(&mut self, interface: Option<InterfaceId>) {
        if let Ok(slot) = self.table.get_mut(self.handle) {
            slot.interface = interface;
        }
    }

    /// Hop limit of datagrams sent from now on; 0 is taken as 1. The default is 64.
    pub fn set_hop_limit(&mut self, hop_limit: u8) {
        if let Some(slot) = self.slot_mut() {
            slot.hop_limit = hop_limit.max(1);
        }
    }

    /// The oldest datagram, taken off the queue. It stays readable until the socket is used again.
    pub fn recv(&mut self) -> Option<(UdpMeta, &[u8])> {
        self.slot_mut()?.rx.pop()
    }

    /// The oldest datagram, left in the queue.
    #[must_use]
    pub fn peek(&self) -> Option<(UdpMeta, &[u8])> {
        self.slot()?.rx.peek()
    }

    /// Queue a datagram.
    ///
    /// # Errors
    /// [`SendError::Full`] now, [`SendError::TooLong`] ever, [`SendError::BadRemote`] for port 0 or
    /// an unspecified address.
    pub fn send(&mut self, meta: impl Into<UdpMeta>, payload: &[u8]) -> Result<(), SendError> {
        self.send_with(meta, payload.len(), |buffer| {
            crate::storage::put(buffer, payload);
            payload.len()
        })
    }

    /// Queue a datagram of at most `len` octets, written in place by `fill`, which returns how many
    /// it wrote.
    ///
    /// # Errors
    /// As [`UdpSocket::send`]; `fill` is not called then.
    pub fn send_with(
        &mut self,
        meta: impl Into<UdpMeta>,
        len: usize,
        fill: impl FnOnce(&mut [u8]) -> usize,
    ) -> Result<(), SendError> {
        let meta = meta.into();
        if meta.remote.port == 0 || meta.remote.addr.is_unspecified() {
            return Err(SendError::BadRemote);
        }
        let slot = self.slot_mut().ok_or(SendError::Full)?;
        if len > MAX_PAYLOAD || len > slot.tx.max_len() {
            return Err(SendError::TooLong);
        }
        slot.tx.push_with(len, meta, fill).ok_or(SendError::Full)?;
        self.table.mark_ready(self.handle);
        Ok(())
    }
}

impl<E: Into<Endpoint>> From<E> for UdpMeta {
    fn from(remote: E) -> Self {
        Self::to(remote)
    }
}

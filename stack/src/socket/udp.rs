//! UDP sockets (RFC 768, RFC 1122 §4.1): whole datagrams in and out of two queues, with what IP
//! says of them. Multicast memberships are in `udp_groups`.

use crate::storage::Meta;
use core::net::{IpAddr, Ipv4Addr};

use litz_hal::time::Instant;
use litz_wire::Ecn;

use super::datagram::{DatagramHandle, DatagramSlot, DatagramTable, ZeroChecksum};
use super::error::{RecvError, SendError};
use super::interfaces::InterfaceId;
use super::membership::Memberships;
use super::report::NetworkError;
use crate::addr::{Endpoint, ListenEndpoint, full, full_end, is_unicast, kept, kept_end, same, v4};
use crate::parts::SHARED;

/// What comes and goes with a datagram beside its octets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UdpMeta {
    /// The other side: the source of a received datagram, the destination of one to be sent.
    pub remote: Endpoint,
    /// Our side: the destination of a received datagram; of one to be sent, the source, or `None`
    /// to let the interface choose.
    pub local_addr: Option<IpAddr>,
    /// Hop limit to send with, if not the socket's; 0 is taken as 1. `None` in a received datagram.
    pub hop_limit: Option<u8>,
    /// Code point of differentiated services to send with, if not the socket's.
    pub dscp: Option<u8>,
    /// Congestion mark to send with (RFC 3168 §5).
    pub ecn: Ecn,
    /// The interface to send by, if not whichever leads there.
    pub interface: Option<InterfaceId>,
    /// What was seen of a received datagram; of no effect on one to be sent. So an answer may be
    /// sent with what came with the question.
    pub received: Option<UdpReceived>,
}

/// What is seen of a received datagram beside its addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UdpReceived {
    /// Its hop limit, or TTL.
    pub hop_limit: u8,
    /// Its code point of differentiated services (RFC 2474).
    pub dscp: u8,
    /// Its congestion mark (RFC 3168).
    pub ecn: Ecn,
    /// The interface that it came by, if it is one among others.
    pub interface: Option<InterfaceId>,
    /// When the device received it, if that says so.
    pub timestamp: Option<Instant>,
}

impl UdpMeta {
    /// Metadata of a datagram to `remote`, from whatever address suits.
    pub fn to(remote: impl Into<Endpoint>) -> Self {
        Self {
            remote: remote.into(),
            local_addr: None,
            hop_limit: None,
            dscp: None,
            ecn: Ecn::NotEct,
            interface: None,
            received: None,
        }
    }

    /// The interface to send by: that which is said, else for an answer to a neighbor that has no
    /// other address the one that the question came by.
    pub(crate) fn way_out(&self) -> Option<InterfaceId> {
        let near = matches!(self.remote.addr, IpAddr::V6(v6) if v6.is_unicast_link_local());
        let came_by = self.received.and_then(|received| received.interface);
        self.interface.or(came_by.filter(|_| near))
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
    pub(crate) memberships: &'s mut Memberships<'a>,
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
            addr: binding.and_then(|binding| binding.addr).map(full),
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

    /// Hop limit of datagrams to groups from now on; 0 is taken as 1. The default is 1, so that
    /// they do not leave the link (RFC 1112 §6.1).
    pub fn set_multicast_hop_limit(&mut self, hop_limit: u8) {
        self.set(|slot| slot.policy.multicast_hop_limit = hop_limit.max(1));
    }

    /// Whether sockets of this host that are members of a group get what this one sends to it, as
    /// hosts elsewhere do; they do at first (RFC 1112 §6.1).
    pub fn set_multicast_loop(&mut self, loops: bool) {
        self.set(|slot| slot.policy.loops = loops);
    }

    /// Code point of differentiated services from now on, 0 to 63 (RFC 2474).
    pub fn set_dscp(&mut self, dscp: u8) {
        self.set(|slot| slot.policy.dscp = dscp & 0x3f);
    }

    /// Allow or forbid to send to everybody; forbidden at first.
    pub fn set_broadcast(&mut self, allowed: bool) {
        self.set(|slot| slot.policy.broadcast = allowed);
    }

    /// Where datagrams without a checksum are taken, over IPv4 at first; and whether the socket's
    /// own have none where that is so.
    pub fn set_zero_checksum(&mut self, taken: ZeroChecksum, sent: bool) {
        self.set(|slot| {
            slot.policy.zero_checksum = taken;
            slot.policy.no_checksum = sent;
        });
    }

    fn set(&mut self, change: impl FnOnce(&mut UdpSlot<'a>)) {
        if let Some(slot) = self.slot_mut() {
            change(slot);
        }
    }

    /// Hear nobody but a peer from now on; [`UdpSocket::send_connected`] sends to it. What came
    /// before stays in the queue.
    ///
    /// # Errors
    /// [`SendError::BadRemote`] for port 0 or what is no address of one host;
    /// [`SendError::NotBuilt`] in a build without the feature `shared`.
    pub fn connect(&mut self, remote: impl Into<Endpoint>) -> Result<(), SendError> {
        if !SHARED {
            return Err(SendError::NotBuilt);
        }
        let remote = remote.into();
        if remote.port == 0 || !is_unicast(remote.addr) {
            return Err(SendError::BadRemote);
        }
        let connected = self.table.connect(self.handle, Some(kept_end(remote)));
        connected.map_err(|_| SendError::NotConnected)
    }

    /// Hear everybody again.
    pub fn disconnect(&mut self) {
        // The handle was looked at when the socket was borrowed.
        let _ = self.table.connect(self.handle, None);
    }

    /// The only peer that is heard, if there is one.
    #[must_use]
    pub fn peer(&self) -> Option<Endpoint> {
        self.slot().and_then(|slot| slot.peer()).map(full_end)
    }

    /// Queue a datagram to the peer.
    ///
    /// # Errors
    /// [`SendError::NotConnected`], and as [`UdpSocket::send`].
    pub fn send_connected(&mut self, payload: &[u8]) -> Result<(), SendError> {
        let peer = self.peer().ok_or(SendError::NotConnected)?;
        self.send(peer, payload)
    }

    /// What the network reported last about a datagram of this socket and was not yet asked for
    /// (RFC 1122 §4.1.3.3).
    pub fn take_error(&mut self) -> Option<NetworkError> {
        self.slot_mut()?.error.get_mut()?.take()
    }

    /// Copy the oldest datagram into a buffer and take it off the queue. Returns its length.
    ///
    /// # Errors
    /// [`RecvError::Empty`]; or [`RecvError::TooShort`], and the datagram stays.
    pub fn recv_slice(&mut self, buffer: &mut [u8]) -> Result<(UdpMeta, usize), RecvError> {
        self.table.copy_first(self.handle, buffer)
    }

    /// The oldest datagram, taken off the queue. It stays readable until the socket is used again.
    pub fn recv(&mut self) -> Option<(UdpMeta, &[u8])> {
        self.slot_mut()?.rx.pop()
    }

    /// The oldest datagram, left in the queue.
    #[must_use]
    pub fn peek(&self) -> Option<(UdpMeta, &[u8])> {
        let (meta, octets) = self.slot()?.rx.peek()?;
        Some((UdpMeta::full(meta), octets))
    }

    /// Queue a datagram.
    ///
    /// # Errors
    /// [`SendError::Full`] now, [`SendError::TooLong`] ever, [`SendError::BadRemote`] for port 0 or
    /// an unspecified address, [`SendError::Broadcast`] to everybody without permission. (The
    /// broadcast addresses of networks are known to the interface alone, which drops and counts.)
    pub fn send(&mut self, meta: impl Into<UdpMeta>, payload: &[u8]) -> Result<(), SendError> {
        let meta = meta.into();
        let slot = self.room_for(&meta, payload.len())?;
        slot.tx.push(meta, payload).ok_or(SendError::Full)?;
        self.table.mark_ready(self.handle);
        Ok(())
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
        let slot = self.room_for(&meta, len)?;
        slot.tx.push_with(len, meta, fill).ok_or(SendError::Full)?;
        self.table.mark_ready(self.handle);
        Ok(())
    }

    /// The slot, if a datagram like this may ever be sent from it.
    fn room_for(&mut self, meta: &UdpMeta, len: usize) -> Result<&mut UdpSlot<'a>, SendError> {
        let addr = kept(meta.remote.addr);
        if meta.remote.port == 0 || addr.is_unspecified() {
            return Err(SendError::BadRemote);
        }
        let slot = self.slot_mut().ok_or(SendError::Full)?;
        let everybody = v4(Ipv4Addr::BROADCAST);
        if same(&addr, &everybody) && !slot.policy.broadcast {
            return Err(SendError::Broadcast);
        }
        if len > MAX_PAYLOAD || len > slot.tx.max_len() {
            return Err(SendError::TooLong);
        }
        Ok(slot)
    }
}

impl<E: Into<Endpoint>> From<E> for UdpMeta {
    fn from(remote: E) -> Self {
        Self::to(remote)
    }
}

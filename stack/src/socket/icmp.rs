//! ICMP echo sockets (RFC 792, RFC 4443 §4): what `ping` needs. A socket owns an identifier, sends
//! echo requests under it and receives the replies, for IPv4 and IPv6 alike.

use crate::storage::kept_whole;
use core::net::IpAddr;

use super::datagram::{DatagramHandle, DatagramSlot, DatagramTable};
use super::error::SendError;
use super::interfaces::InterfaceId;
use super::report::NetworkError;

/// What comes and goes with an echo message beside its data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EchoMeta {
    /// The other side.
    pub remote: IpAddr,
    /// The sequence number.
    pub seq_no: u16,
    /// Hop limit (TTL): as received; of a request, what the socket sends with, 0 for what the
    /// interface says.
    pub hop_limit: u8,
}

kept_whole!(EchoMeta);

/// Memory of one ICMP echo socket.
pub type IcmpSlot<'a> = DatagramSlot<'a, EchoMeta>;

/// Names an ICMP echo socket of a [`SocketSet`](super::SocketSet).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct IcmpHandle(pub(crate) DatagramHandle);

/// One ICMP echo socket, borrowed from its set.
pub struct IcmpSocket<'s, 'a> {
    pub(crate) table: &'s mut DatagramTable<'a, EchoMeta>,
    pub(crate) handle: DatagramHandle,
}

impl IcmpSocket<'_, '_> {
    /// The identifier that the socket owns.
    #[must_use]
    pub fn ident(&self) -> u16 {
        let slot = self.table.get(self.handle).ok();
        slot.and_then(|slot| slot.binding())
            .map_or(0, |binding| binding.key)
    }

    /// Send and receive by one interface alone, or with `None` by any.
    pub fn bind_interface(&mut self, interface: Option<InterfaceId>) {
        if let Ok(slot) = self.table.get_mut(self.handle) {
            slot.interface = interface;
        }
    }

    /// Hop limit of requests sent from now on; 0 is taken as 1. The default is 64.
    pub fn set_hop_limit(&mut self, hop_limit: u8) {
        if let Ok(slot) = self.table.get_mut(self.handle) {
            slot.hop_limit = hop_limit.max(1);
        }
    }

    /// Queue an echo request.
    ///
    /// # Errors
    /// [`SendError::Full`] now, [`SendError::TooLong`] ever, [`SendError::BadRemote`] for an
    /// unspecified address.
    pub fn send_echo(&mut self, remote: IpAddr, seq_no: u16, data: &[u8]) -> Result<(), SendError> {
        if remote.is_unspecified() {
            return Err(SendError::BadRemote);
        }
        let slot = self
            .table
            .get_mut(self.handle)
            .map_err(|_| SendError::Full)?;
        if data.len() > slot.tx.max_len() {
            return Err(SendError::TooLong);
        }
        let meta = EchoMeta {
            remote,
            seq_no,
            hop_limit: slot.hop_limit,
        };
        slot.tx.push(meta, data).ok_or(SendError::Full)?;
        self.table.mark_ready(self.handle);
        Ok(())
    }

    /// What the network reported last about a request of this socket and was not yet asked for. The
    /// port in it is 0.
    pub fn take_error(&mut self) -> Option<NetworkError> {
        self.table
            .get_mut(self.handle)
            .ok()?
            .error
            .get_mut()?
            .take()
    }

    /// The oldest reply and its data, taken off the queue.
    pub fn recv(&mut self) -> Option<(EchoMeta, &[u8])> {
        self.table.get_mut(self.handle).ok()?.rx.pop()
    }
}

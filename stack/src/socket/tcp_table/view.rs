//! The application's view of one TCP connection.

use super::super::interfaces::InterfaceId;
use super::super::tcp::{CloseReason, RecvError, SendError, State, TcpInfo};
use super::slots::TcpSlot;
use super::{TcpHandle, TcpTable};
use crate::addr::Endpoint;
use litz_hal::time::Duration;

/// One TCP connection, borrowed from its set. Nothing here blocks and nothing here sends: what is
/// queued goes out when the interface is polled next.
pub struct TcpSocket<'s, 'a> {
    pub(crate) table: &'s mut TcpTable<'a>,
    pub(crate) handle: TcpHandle,
}

impl<'a> TcpSocket<'_, 'a> {
    fn slot(&self) -> Option<&TcpSlot<'a>> {
        self.table.slot(self.handle).ok()
    }

    fn ask<R: Default>(&self, about: impl FnOnce(&TcpSlot<'a>) -> R) -> R {
        self.slot().map(about).unwrap_or_default()
    }

    /// The state of the connection (RFC 9293 §3.3.2).
    #[must_use]
    pub fn state(&self) -> State {
        match self.slot() {
            Some(slot) if slot.connecting.is_some() => State::SynSent,
            Some(slot) => slot.tcb.state(),
            None => State::Closed,
        }
    }

    /// Our side of the connection; `None` before a connection that was asked for has one.
    #[must_use]
    pub fn local(&self) -> Option<Endpoint> {
        self.slot()
            .map(|slot| slot.tuple.local)
            .filter(|local| local.port != 0)
    }

    /// The other side of the connection.
    #[must_use]
    pub fn remote(&self) -> Option<Endpoint> {
        self.slot().map(|slot| slot.tuple.remote)
    }

    /// Why the connection ended, once it has.
    #[must_use]
    pub fn close_reason(&self) -> Option<CloseReason> {
        self.slot()
            .and_then(|slot| slot.failure.or(slot.tcb.close_reason()))
    }

    /// Whether the connection is over and will not come back.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.slot()
            .is_none_or(|slot| slot.connecting.is_none() && slot.tcb.is_closed())
    }

    /// Whether octets may still be queued, now or later: the connection is or will be open and
    /// [`TcpSocket::close`] was not called.
    #[must_use]
    pub fn may_send(&self) -> bool {
        self.ask(|slot| slot.connecting.is_some() || slot.tcb.may_send())
    }

    /// Whether octets may still be received: the peer has not finished or some are unread.
    #[must_use]
    pub fn may_recv(&self) -> bool {
        self.ask(|slot| slot.connecting.is_some() || slot.tcb.may_recv())
    }

    /// Whether at least one octet would be taken now.
    #[must_use]
    pub fn can_send(&self) -> bool {
        self.ask(|slot| slot.tcb.can_send())
    }

    /// Whether at least one octet waits to be read.
    #[must_use]
    pub fn can_recv(&self) -> bool {
        self.ask(|slot| slot.tcb.can_recv())
    }

    /// Octets queued and not yet acknowledged.
    #[must_use]
    pub fn send_queue(&self) -> usize {
        self.ask(|slot| slot.tcb.send_queue())
    }

    /// Octets received and not yet read.
    #[must_use]
    pub fn recv_queue(&self) -> usize {
        self.ask(|slot| slot.tcb.recv_queue())
    }

    /// Figures of the connection: round-trip time, windows, retransmissions.
    #[must_use]
    pub fn info(&self) -> Option<TcpInfo> {
        self.slot().map(|slot| slot.tcb.info())
    }

    /// Queue as many of the octets as fit; returns how many.
    ///
    /// # Errors
    /// [`SendError`] if the connection cannot send: not yet open, or finished.
    pub fn send_slice(&mut self, data: &[u8]) -> Result<usize, SendError> {
        self.table
            .with(self.handle, |slot| slot.tcb.send_slice(data))
            .unwrap_or(Err(SendError::NotConnected))
    }

    /// Write into the free part of the transmit buffer in place: `fill` gets its first contiguous
    /// piece and returns how many octets it wrote, and a result.
    ///
    /// # Errors
    /// As [`TcpSocket::send_slice`].
    pub fn send_with<R>(
        &mut self,
        fill: impl FnOnce(&mut [u8]) -> (usize, R),
    ) -> Result<R, SendError> {
        self.table
            .with(self.handle, |slot| slot.tcb.send_with(fill))
            .unwrap_or(Err(SendError::NotConnected))
    }

    /// Read octets into a buffer; returns how many, 0 if there are none now.
    ///
    /// # Errors
    /// [`RecvError`]: the peer has finished and everything was read, or the connection failed.
    pub fn recv_slice(&mut self, buffer: &mut [u8]) -> Result<usize, RecvError> {
        self.table
            .with(self.handle, |slot| slot.tcb.recv_slice(buffer))
            .unwrap_or(Err(RecvError::NotConnected))
    }

    /// Read in place: `take` gets the first contiguous piece of what was received and returns how
    /// many octets of it are done with, and a result.
    ///
    /// # Errors
    /// As [`TcpSocket::recv_slice`].
    pub fn recv_with<R>(
        &mut self,
        take: impl FnOnce(&mut [u8]) -> (usize, R),
    ) -> Result<R, RecvError> {
        self.table
            .with(self.handle, |slot| slot.tcb.recv_with(take))
            .unwrap_or(Err(RecvError::NotConnected))
    }

    /// Finish sending: a FIN follows what is queued. Receiving goes on.
    pub fn close(&mut self) {
        let _ = self.table.with(self.handle, |slot| {
            if slot.connecting.take().is_some() {
                slot.tcb.reset_to_closed();
            } else {
                slot.tcb.close();
            }
        });
    }

    /// Reset the connection; what is queued is lost.
    pub fn abort(&mut self) {
        let _ = self.table.with(self.handle, |slot| {
            slot.connecting = None;
            slot.tcb.abort();
        });
    }

    /// Use one interface alone, or with `None` whichever leads to the other side.
    pub fn bind_interface(&mut self, interface: Option<InterfaceId>) {
        let _ = self
            .table
            .with(self.handle, |slot| slot.interface = interface);
    }

    /// Whether small segments wait for an acknowledgment (RFC 896); they do by default.
    pub fn set_nagle(&mut self, enabled: bool) {
        let _ = self
            .table
            .with(self.handle, |slot| slot.tcb.set_nagle(enabled));
    }

    /// Hold segments that are not full back until there is more to fill them, this is switched off,
    /// or the connection closed; but not for longer than a window probe would wait.
    pub fn set_cork(&mut self, enabled: bool) {
        let _ = self
            .table
            .with(self.handle, |slot| slot.tcb.set_cork(enabled));
    }

    /// How long acknowledgments may wait for data to travel with; zero: not at all.
    pub fn set_ack_delay(&mut self, delay: Duration) {
        let _ = self
            .table
            .with(self.handle, |slot| slot.tcb.set_ack_delay(delay));
    }

    /// Probe an idle connection at this interval (RFC 9293 §3.8.4); off by default.
    pub fn set_keep_alive(&mut self, interval: Option<Duration>) {
        let _ = self
            .table
            .with(self.handle, |slot| slot.tcb.set_keep_alive(interval));
    }

    /// Give the connection up when data has been unacknowledged for this long (RFC 5482).
    pub fn set_timeout(&mut self, timeout: Option<Duration>) {
        let _ = self
            .table
            .with(self.handle, |slot| slot.tcb.set_timeout(timeout));
    }
}

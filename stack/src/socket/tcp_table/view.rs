//! The application's view of one TCP connection.

use core::num::NonZeroU8;
use core::task::Waker;

use super::super::interfaces::InterfaceId;
use super::super::tcp::{CloseReason, NetworkError, RecvError, SendError, State, TcpInfo, Traffic};
use super::slots::TcpSlot;
use super::wakers::{Interest, NoWakerSlot};
use super::{TcpHandle, TcpTable};
use crate::addr::{Endpoint, full_end};
use litz_hal::time::Duration;

/// One TCP connection, borrowed from its set. Nothing here blocks and nothing here sends: what is
/// queued goes out when the interface is polled next.
pub struct TcpSocket<'s, 'a> {
    pub(crate) table: &'s mut TcpTable<'a>,
    pub(crate) handle: TcpHandle,
}

/// What a connection is ready for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Readiness {
    /// Octets wait to be read.
    pub readable: bool,
    /// Octets would be taken.
    pub writable: bool,
    /// Nothing will ever be read again.
    pub read_closed: bool,
    /// Nothing will ever be taken again.
    pub write_closed: bool,
    /// The connection is over.
    pub closed: bool,
    /// Data was sent again so often that something may be wrong on the way.
    pub troubled: bool,
    /// The peer calls some of what was not read yet urgent.
    pub urgent: bool,
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
            Some(slot) if slot.is_connecting() => State::SynSent,
            Some(slot) => slot.tcb.state(),
            None => State::Closed,
        }
    }

    /// Our side of the connection; `None` before a connection that was asked for has one.
    #[must_use]
    pub fn local(&self) -> Option<Endpoint> {
        self.slot()
            .map(|slot| full_end(slot.tuple.local))
            .filter(|local| local.port != 0)
    }

    /// The other side of the connection.
    #[must_use]
    pub fn remote(&self) -> Option<Endpoint> {
        self.slot().map(|slot| full_end(slot.tuple.remote))
    }

    /// Why the connection ended, once it has.
    #[must_use]
    pub fn close_reason(&self) -> Option<CloseReason> {
        self.slot()
            .and_then(|slot| slot.failure.or(slot.tcb.close_reason()))
    }

    /// What the network reported last about this connection's segments, and thereby perhaps why it
    /// was given up (RFC 1122 §4.2.3.9).
    #[must_use]
    pub fn network_error(&self) -> Option<NetworkError> {
        self.slot().and_then(|slot| slot.tcb.network_error())
    }

    /// Whether data was sent again so often that something may be wrong on the way (R1 of RFC 9293
    /// §3.8.3). It ends with the next acknowledgment.
    #[must_use]
    pub fn is_troubled(&self) -> bool {
        self.ask(|slot| slot.tcb.is_troubled())
    }

    /// Whether the connection is over and will not come back.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.slot()
            .is_none_or(|slot| !slot.is_connecting() && slot.tcb.is_closed())
    }

    /// Whether octets may still be queued, now or later: the connection is or will be open and
    /// [`TcpSocket::close`] was not called.
    #[must_use]
    pub fn may_send(&self) -> bool {
        self.ask(|slot| slot.is_connecting() || slot.tcb.may_send())
    }

    /// Whether octets may still be received: the peer has not finished or some are unread.
    #[must_use]
    pub fn may_recv(&self) -> bool {
        self.ask(|slot| slot.is_connecting() || slot.tcb.may_recv())
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

    /// How many octets, from the next that will be read on, the peer calls urgent (RFC 9293
    /// §3.8.5); they stay in the stream, and may not all have arrived. `None` if none.
    #[must_use]
    pub fn urgent(&self) -> Option<u32> {
        self.slot().and_then(|slot| slot.tcb.urgent())
    }

    /// Wake a task once, when one of these events has come; at once if it has. A task that waits
    /// for the connection already waits for both. To be called again for the next time.
    ///
    /// # Errors
    /// [`NoWakerSlot`]: the set has memory for no more tasks that wait
    /// ([`SocketStorage::wakers`](crate::SocketStorage::wakers)).
    pub fn register_waker(&mut self, interest: Interest, waker: &Waker) -> Result<(), NoWakerSlot> {
        self.table.wait_for(self.handle, interest, waker)
    }

    /// [`TcpSocket::register_waker`] for octets to be read, or the end of them.
    ///
    /// # Errors
    /// [`NoWakerSlot`].
    pub fn register_recv_waker(&mut self, waker: &Waker) -> Result<(), NoWakerSlot> {
        self.register_waker(Interest::READABLE, waker)
    }

    /// [`TcpSocket::register_waker`] for room to queue octets, or the end of that.
    ///
    /// # Errors
    /// [`NoWakerSlot`].
    pub fn register_send_waker(&mut self, waker: &Waker) -> Result<(), NoWakerSlot> {
        self.register_waker(Interest::WRITABLE, waker)
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

    /// As [`TcpSocket::send_with`], but `fill` gets the whole free part of the buffer, in the two
    /// pieces that it lies in, and fills the first before the second.
    ///
    /// # Errors
    /// As [`TcpSocket::send_slice`].
    pub fn send_vectored<R>(
        &mut self,
        fill: impl FnOnce([&mut [u8]; 2]) -> (usize, R),
    ) -> Result<R, SendError> {
        self.table
            .with(self.handle, |slot| slot.tcb.send_vectored(fill))
            .unwrap_or(Err(SendError::NotConnected))
    }

    /// As [`TcpSocket::recv_with`], but `take` gets all that was received, in two pieces.
    ///
    /// # Errors
    /// As [`TcpSocket::recv_slice`].
    pub fn recv_vectored<R>(
        &mut self,
        take: impl FnOnce([&[u8]; 2]) -> (usize, R),
    ) -> Result<R, RecvError> {
        self.table
            .with(self.handle, |slot| slot.tcb.recv_vectored(take))
            .unwrap_or(Err(RecvError::NotConnected))
    }

    /// Copy what was received and not read, without reading it; returns how many octets.
    ///
    /// # Errors
    /// As [`TcpSocket::recv_slice`].
    pub fn peek_slice(&self, buffer: &mut [u8]) -> Result<usize, RecvError> {
        match self.slot() {
            Some(slot) => slot.tcb.peek_slice(buffer),
            None => Err(RecvError::NotConnected),
        }
    }

    /// What was received and not read, in the two pieces that it lies in.
    #[must_use]
    pub fn peek(&self) -> [&[u8]; 2] {
        self.slot().map_or([&[], &[]], |slot| slot.tcb.peek())
    }

    /// What the connection is ready for, all at once.
    #[must_use]
    pub fn readiness(&self) -> Readiness {
        Readiness {
            readable: self.can_recv(),
            writable: self.can_send(),
            read_closed: !self.may_recv(),
            write_closed: !self.may_send(),
            closed: self.is_closed(),
            troubled: self.is_troubled(),
            urgent: self.urgent().is_some(),
        }
    }

    /// Finish sending: a FIN follows what is queued. Receiving goes on.
    pub fn close(&mut self) {
        let _ = self.table.with(self.handle, |slot| {
            if slot.take_connecting() {
                slot.tcb.reset_to_closed();
            } else {
                slot.tcb.close();
            }
        });
    }

    /// As [`close`](Self::close), but if what is queued is not acknowledged within `limit`, the
    /// connection is reset, and its reason is [`CloseReason::Lingered`]. That holds after the
    /// socket is released, too. Zero resets at once; in a build without the feature `tcp-extras`
    /// that is the only limit.
    pub fn close_within(&mut self, limit: Duration) {
        let _ = self.table.with(self.handle, |slot| {
            if slot.take_connecting() {
                slot.tcb.reset_to_closed();
            } else {
                slot.tcb.close_within(limit);
            }
        });
    }

    /// Reset the connection; what is queued is lost.
    pub fn abort(&mut self) {
        let _ = self.table.with(self.handle, |slot| {
            slot.set_connecting(false);
            slot.tcb.abort();
        });
    }

    /// Use one interface alone, or with `None` whichever leads to the other side.
    pub fn bind_interface(&mut self, interface: Option<InterfaceId>) {
        let _ = self
            .table
            .with(self.handle, |slot| slot.interface = interface);
    }

    //= RFC 9293: MUST-48, SHLD-21, SHLD-22
    /// DiffServ code point of what is sent from now on (RFC 2474); larger ones than 63 are cut to
    /// six bits.
    pub fn set_dscp(&mut self, dscp: u8) {
        let dscp = dscp & Traffic::MAX_DSCP;
        let _ = self
            .table
            .with(self.handle, |slot| slot.traffic.dscp = dscp);
    }

    //= RFC 9293: MUST-49
    /// Hop limit, or time to live, of what is sent from now on; `None`: the interface's.
    pub fn set_hop_limit(&mut self, hop_limit: Option<NonZeroU8>) {
        let _ = self
            .table
            .with(self.handle, |slot| slot.traffic.hop_limit = hop_limit);
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

    /// Give the connection up when data has been unacknowledged for this long (RFC 5482); not in a
    /// build without the feature `tcp-extras`.
    pub fn set_timeout(&mut self, timeout: Option<Duration>) {
        let _ = self
            .table
            .with(self.handle, |slot| slot.tcb.set_timeout(timeout));
    }
}

//! The application's side of a connection: queue, read, close, and ask. Nothing here sends; what
//! there is to send is asked for by [`Tcb::next_segment`].

use super::on_timer::R1;
use super::state::{Event, State};
use super::timer::Timer;
use super::{CloseReason, Duration, NetworkError, RecvError, SendError, Tcb, TcpInfo};

impl Tcb<'_> {
    /// Queue as many octets as fit; returns how many.
    ///
    /// # Errors
    /// [`SendError`] if nothing can be sent now or ever.
    pub fn send_slice(&mut self, data: &[u8]) -> Result<usize, SendError> {
        self.check_send()?;
        let queued = self.tx.enqueue_slice(data);
        self.settle_without_clock();
        Ok(queued)
    }

    /// Queue in place: `fill` gets the first contiguous piece of the free part of the buffer and
    /// returns how many octets it wrote, and a result.
    ///
    /// # Errors
    /// As [`Tcb::send_slice`]; `fill` is not called then.
    pub fn send_with<R>(
        &mut self,
        fill: impl FnOnce(&mut [u8]) -> (usize, R),
    ) -> Result<R, SendError> {
        self.check_send()?;
        let result = self.tx.enqueue_with(fill);
        self.settle_without_clock();
        Ok(result)
    }

    /// Queue in place: `fill` gets the whole free part of the buffer, in two pieces.
    ///
    /// # Errors
    /// As [`Tcb::send_slice`]; `fill` is not called then.
    pub fn send_vectored<R>(
        &mut self,
        fill: impl FnOnce([&mut [u8]; 2]) -> (usize, R),
    ) -> Result<R, SendError> {
        self.check_send()?;
        let result = self.tx.enqueue_vectored(fill);
        self.settle_without_clock();
        Ok(result)
    }

    /// Read as many octets as there are and fit; returns how many, 0 if there are none now.
    ///
    /// # Errors
    /// [`RecvError`] if nothing is left to read and nothing more will come.
    pub fn recv_slice(&mut self, buffer: &mut [u8]) -> Result<usize, RecvError> {
        self.check_recv()?;
        Ok(self.rx.dequeue_slice(buffer))
    }

    /// Read in place: `take` gets the first contiguous piece of what was received and returns how
    /// many octets of it are done with, and a result.
    ///
    /// # Errors
    /// As [`Tcb::recv_slice`]; `take` is not called then.
    pub fn recv_with<R>(
        &mut self,
        take: impl FnOnce(&mut [u8]) -> (usize, R),
    ) -> Result<R, RecvError> {
        self.check_recv()?;
        Ok(self.rx.dequeue_with(take))
    }

    /// Read in place: `take` gets all that was received, in two pieces.
    ///
    /// # Errors
    /// As [`Tcb::recv_slice`]; `take` is not called then.
    pub fn recv_vectored<R>(
        &mut self,
        take: impl FnOnce([&[u8]; 2]) -> (usize, R),
    ) -> Result<R, RecvError> {
        self.check_recv()?;
        Ok(self.rx.dequeue_vectored(take))
    }

    /// Copy what was received without removing it; returns how many octets.
    ///
    /// # Errors
    /// As [`Tcb::recv_slice`].
    pub fn peek_slice(&self, buffer: &mut [u8]) -> Result<usize, RecvError> {
        self.check_recv()?;
        Ok(self.rx.copy_out(buffer))
    }

    /// What was received and not read, in two pieces.
    #[must_use]
    pub fn peek(&self) -> [&[u8]; 2] {
        self.rx.peek(0, self.rx.len())
    }

    /// Finish sending (RFC 9293 §3.10.4): a FIN follows what is queued. Receiving goes on. A
    /// connection that was begun and has nothing to send is given up; if it has (the RFC would lose
    /// it), it is finished once it is open.
    pub fn close(&mut self) {
        match self.state() {
            State::Closed => return,
            State::SynSent if self.tx.is_empty() => self.end(Event::Close, CloseReason::Aborted),
            // The FIN waits for the handshake.
            State::SynSent | State::SynReceived => self.marks.fin = true,
            State::Established | State::CloseWait => {
                self.marks.fin = true;
                self.machine.apply(Event::Close);
            }
            _ => return,
        }
        self.settle_without_clock();
    }

    /// [`close`](Self::close), and nobody will read either: data that arrives from now on is
    /// answered with an RST (RFC 9293 §3.6.1), and the peer gets only so long to finish too.
    pub fn close_and_forget(&mut self) {
        self.forgotten = true;
        self.close();
        if self.state() == State::FinWait2 {
            self.late = true;
        }
    }

    /// [`close`](Self::close), but if what is queued, and the FIN, are not acknowledged within
    /// `limit`, the connection is reset, and [`CloseReason::Lingered`] says so. It takes the place
    /// of the user timeout. Zero resets at once. A build without the feature `tcp-extras` knows no
    /// other limit.
    pub fn close_within(&mut self, limit: Duration) {
        if limit.is_zero() {
            return self.abort();
        }
        self.close();
        if self.state() != State::Closed {
            self.settings.linger(limit);
            self.timers.stop(Timer::User);
            self.settle_without_clock();
        }
    }

    /// End the connection at once (RFC 9293 §3.10.5): an RST tells the peer, what is queued is
    /// lost.
    pub fn abort(&mut self) {
        match self.state() {
            State::Closed => {}
            State::SynSent | State::TimeWait => self.end(Event::Abort, CloseReason::Aborted),
            _ => {
                self.end(Event::Abort, CloseReason::Aborted);
                self.reset_pending = true;
            }
        }
    }

    /// Whether octets may still be queued, now or later.
    #[must_use]
    pub fn may_send(&self) -> bool {
        self.check_send().is_ok()
    }

    /// Whether octets are or may still become readable.
    #[must_use]
    pub fn may_recv(&self) -> bool {
        self.check_recv().is_ok()
    }

    /// Whether at least one octet would be queued now.
    #[must_use]
    pub fn can_send(&self) -> bool {
        self.tx.free() > 0 && self.may_send()
    }

    /// Whether at least one octet can be read now.
    #[must_use]
    pub fn can_recv(&self) -> bool {
        !self.rx.is_empty()
    }

    /// Whether at least one octet would be queued now, for a peer that is there.
    pub(crate) fn can_send_now(&self) -> bool {
        self.state().sends() && self.can_send()
    }

    /// Octets queued and not yet acknowledged.
    #[must_use]
    pub fn send_queue(&self) -> usize {
        self.tx.len()
    }

    /// Octets received and not yet read.
    #[must_use]
    pub fn recv_queue(&self) -> usize {
        self.rx.len()
    }

    /// Octets that the send queue holds at most.
    #[must_use]
    pub fn send_capacity(&self) -> usize {
        self.tx.capacity()
    }

    /// Octets that the receive queue holds at most.
    #[must_use]
    pub fn recv_capacity(&self) -> usize {
        self.rx.capacity()
    }

    /// Whether the connection is over, or never was.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.state() == State::Closed
    }

    /// Whether only late segments are waited for.
    #[must_use]
    pub fn is_time_wait(&self) -> bool {
        self.state() == State::TimeWait
    }

    //= RFC 9293: MUST-12
    /// Why the connection ended, once it has.
    #[must_use]
    pub fn close_reason(&self) -> Option<CloseReason> {
        self.reason
    }

    /// What the network reported last about this connection's segments (RFC 1122 §4.2.3.9).
    #[must_use]
    pub fn network_error(&self) -> Option<NetworkError> {
        self.network_error
    }

    /// Whether data was sent again so often that something may be wrong on the way: R1 of RFC 9293
    /// §3.8.3. It ends with the next acknowledgment.
    #[must_use]
    pub fn is_troubled(&self) -> bool {
        self.retries >= R1
    }

    //= RFC 9293: MUST-17
    /// Hold small segments back while data is unacknowledged (RFC 896), or not.
    pub fn set_nagle(&mut self, enabled: bool) {
        self.settings.nagle = enabled;
        self.settle_without_clock();
    }

    /// Hold segments that are not full back until there is more to fill them, or this is switched
    /// off, or the connection closed; but not for longer than a window probe would wait.
    pub fn set_cork(&mut self, enabled: bool) {
        self.settings.cork = enabled;
        self.settle_without_clock();
    }

    //= RFC 9293: MUST-21
    /// Give up when something has been unacknowledged for so long (RFC 5482), or not; not in a
    /// build without the feature `tcp-extras`.
    pub fn set_timeout(&mut self, timeout: Option<Duration>) {
        self.settings.set_user_timeout(timeout);
        self.timers.stop(Timer::User);
        self.settle_without_clock();
    }

    /// How long acknowledgments may wait; zero: not at all (quick acknowledgments).
    pub fn set_ack_delay(&mut self, delay: Duration) {
        self.settings.set_ack_delay(delay);
    }

    /// Figures of the connection.
    #[must_use]
    pub fn info(&self) -> TcpInfo {
        TcpInfo {
            state: self.state(),
            round_trip: self
                .rtt
                .smoothed()
                .map(|us| Duration::from_micros(u64::from(us))),
            round_trip_variation: Duration::from_micros(u64::from(self.rtt.variation())),
            retransmit_timeout: Duration::from_micros(u64::from(self.rtt.rto())),
            congestion_window: self.congestion.window(),
            slow_start_threshold: self.congestion.threshold(),
            send_window: self.snd.wnd,
            receive_window: super::seq::octets_since(self.rcv.adv, self.rcv.nxt),
            in_flight: self.flight(),
            pipe: self.pipe(),
            send_mss: self.snd.mss,
            min_round_trip: Some(self.rack.min_rtt_us())
                .filter(|us| *us != u32::MAX)
                .map(|us| Duration::from_micros(u64::from(us))),
            congestion_control: self.congestion.which(),
            recovering: !self.recovery.is_open(),
            lost: self.sent.lost(),
            sacked: self.sent.sacked(),
            selective_acks: self.rcv.sack_use.is_on(),
            ecn: self.ecn.is_on(),
            retransmissions: u32::from(self.snd.retransmissions),
            timestamps: self.stamps.is_on(),
            window_scaling: self.rcv.scale.is_some(),
        }
    }

    fn check_send(&self) -> Result<(), SendError> {
        match self.state() {
            State::Closed => Err(match self.reason {
                None => SendError::NotConnected,
                Some(CloseReason::Finished) => SendError::Finished,
                Some(reason) => SendError::Ended(reason),
            }),
            State::SynSent | State::SynReceived | State::Established | State::CloseWait => {
                if self.marks.fin {
                    Err(SendError::Finished)
                } else {
                    Ok(())
                }
            }
            _ => Err(SendError::Finished),
        }
    }

    fn check_recv(&self) -> Result<(), RecvError> {
        if !self.rx.is_empty() {
            return Ok(());
        }
        match self.state() {
            State::Closed => Err(match self.reason {
                None => RecvError::NotConnected,
                Some(CloseReason::Finished) => RecvError::Finished,
                // What the peer had to say was heard to its end.
                Some(_) if self.peer_has_finished() => RecvError::Finished,
                Some(reason) => RecvError::Ended(reason),
            }),
            State::CloseWait | State::Closing | State::LastAck | State::TimeWait => {
                Err(RecvError::Finished)
            }
            _ => Ok(()),
        }
    }

    /// Whether the peer's FIN was received in order.
    fn peer_has_finished(&self) -> bool {
        self.marks.fin_seen && self.rcv.fin.before(self.rcv.nxt)
    }
}

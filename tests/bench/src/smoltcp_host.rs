//! smoltcp as a host of the simulated network: one connection that sends one stream and receives
//! another, as published and with its own congestion control.

use litz_hal::time::{Deadline, Instant};
use litz_tests::sim::transfer::Stream;
use litz_tests::sim::{Port, Stack, address};
use smoltcp::iface::{Config, Interface, SocketHandle, SocketSet};
use smoltcp::phy::{Device, DeviceCapabilities, Medium, RxToken, TxToken};
use smoltcp::socket::tcp::{self, CongestionControl, RecvError};
use smoltcp::wire::{HardwareAddress, IpAddress, IpCidr};

struct PortDevice {
    port: Port,
    mtu: usize,
}

struct Rx(Vec<u8>);
struct Tx(Port);

impl RxToken for Rx {
    fn consume<R, F: FnOnce(&[u8]) -> R>(self, f: F) -> R {
        f(&self.0)
    }
}

impl TxToken for Tx {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, len: usize, f: F) -> R {
        let mut packet = vec![0; len];
        let result = f(&mut packet);
        self.0.put_sent(packet);
        result
    }
}

impl Device for PortDevice {
    type RxToken<'a> = Rx;
    type TxToken<'a> = Tx;

    fn receive(&mut self, _: smoltcp::time::Instant) -> Option<(Rx, Tx)> {
        let packet = self.port.take_received()?;
        Some((Rx(packet), Tx(self.port.clone())))
    }

    fn transmit(&mut self, _: smoltcp::time::Instant) -> Option<Tx> {
        Some(Tx(self.port.clone()))
    }

    fn capabilities(&self) -> DeviceCapabilities {
        let mut caps = DeviceCapabilities::default();
        caps.max_transmission_unit = self.mtu;
        caps.medium = Medium::Ip;
        caps
    }
}

/// A host.
pub struct SmoltcpHost {
    device: PortDevice,
    iface: Interface,
    sockets: SocketSet<'static>,
    handle: SocketHandle,
    sends: Stream,
    receives: Stream,
    closed: bool,
    ended: bool,
}

/// The port that servers listen on.
const PORT: u16 = 9;

fn instant(now: Instant) -> smoltcp::time::Instant {
    smoltcp::time::Instant::from_micros(now.total_micros())
}

impl SmoltcpHost {
    /// Host `number`, with a connection to host `to`, or from whoever connects.
    ///
    /// # Panics
    /// If smoltcp refuses.
    #[must_use]
    pub fn new(
        number: usize,
        port: Port,
        (buffers, mtu): (usize, usize),
        control: CongestionControl,
        to: Option<usize>,
        [sends, receives]: [Stream; 2],
    ) -> Self {
        let mut device = PortDevice { port, mtu };
        let start = smoltcp::time::Instant::from_secs(1);
        let mut config = Config::new(HardwareAddress::Ip);
        config.random_seed = number as u64 + 1;
        let mut iface = Interface::new(config, &mut device, start);
        iface.update_ip_addrs(|addrs| {
            addrs
                .push(IpCidr::new(IpAddress::Ipv4(address(number)), 24))
                .expect("room");
        });
        let buffer = || tcp::SocketBuffer::new(vec![0; buffers]);
        let mut socket = tcp::Socket::new(buffer(), buffer());
        socket.set_congestion_control(control);
        match to {
            Some(to) => socket
                .connect(iface.context(), (address(to), PORT), 40_000)
                .expect("connect"),
            None => socket.listen(PORT).expect("listen"),
        }
        let mut sockets = SocketSet::new(Vec::new());
        let handle = sockets.add(socket);
        Self {
            device,
            iface,
            sockets,
            handle,
            sends,
            receives,
            closed: false,
            ended: false,
        }
    }
}

impl Stack for SmoltcpHost {
    fn poll(&mut self, now: Instant) {
        self.iface
            .poll(instant(now), &mut self.device, &mut self.sockets);
    }

    fn poll_at(&mut self, now: Instant) -> Deadline {
        match self.iface.poll_at(instant(now), &self.sockets) {
            // It may name a time that has passed and mean now.
            Some(at) => Deadline::at(Instant::from_micros(at.total_micros()).max(now)),
            None => Deadline::NEVER,
        }
    }

    fn act(&mut self, now: Instant) -> bool {
        let socket = self.sockets.get_mut::<tcp::Socket>(self.handle);
        let mut acted = false;
        while socket.can_send() && !self.sends.is_sent() {
            let taken = socket
                .send_slice(self.sends.next(usize::MAX))
                .expect("open");
            self.sends.sent(taken);
            acted |= taken > 0;
        }
        if self.sends.is_sent() && !self.closed && socket.may_send() {
            self.closed = true;
            socket.close();
            acted = true;
        }
        while !self.ended {
            let taken = socket.recv(|data| {
                self.receives.received(data);
                (data.len(), data.len())
            });
            match taken {
                Ok(0) => break,
                Ok(_) => acted = true,
                Err(RecvError::Finished) => {
                    self.receives.finish(now);
                    self.ended = true;
                    acted = true;
                }
                Err(RecvError::InvalidState) => break,
            }
        }
        acted
    }
}

//! A host for tests: an interface on a [`FrameQueue`], its sockets, and small applications.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use litz::socket::TcpSocket;
use litz::{
    Endpoint, IcmpHandle, Interface, InterfaceStorage, IpCidr, Link, ListenerHandle,
    SocketCapacity, SocketSet, TcpHandle, UdpHandle,
};
use litz_hal::time::{Deadline, Duration, Instant};
use litz_hal::{Capabilities, Medium};
use litz_wire::EthernetAddress;

use crate::frames::FrameQueue;

/// Octets of each TCP buffer.
const BUFFER: usize = 65_536;

/// The network that test hosts are on: hosts are numbered from 1.
const NET4: [u8; 3] = [192, 0, 2];

/// A host with echo services over TCP and UDP on port 7.
pub struct Host {
    /// Its interface.
    pub iface: Interface<'static>,
    /// Its sockets.
    pub sockets: SocketSet<'static>,
    /// Its device.
    pub device: FrameQueue,
    listener: ListenerHandle,
    udp: UdpHandle,
    icmp: IcmpHandle,
    accepted: Vec<TcpHandle>,
    /// Echo replies that arrived.
    pub pongs: usize,
}

/// The IPv4 address of host `number`.
pub fn ipv4(number: u8) -> IpAddr {
    let [a, b, c] = NET4;
    Ipv4Addr::new(a, b, c, number).into()
}

/// The IPv6 address of host `number`.
pub fn ipv6(number: u8) -> IpAddr {
    Ipv6Addr::new(0x2001, 0xdb8, 1, 0, 0, 0, 0, number.into()).into()
}

/// The MAC address of host `number`.
pub const fn mac(number: u8) -> EthernetAddress {
    EthernetAddress([0x02, 0, 0, 0, 0, number])
}

impl Host {
    /// Host `number`, whose random choices follow from `seed`.
    pub fn new(number: u8, seed: u8) -> Self {
        let storage = InterfaceStorage::heap(1500);
        let mut iface =
            Interface::new(Link::Ethernet(mac(number)), [seed; 16], storage).expect("unicast");
        for cidr in [
            IpCidr::new(ipv4(number), 24).expect("a prefix"),
            IpCidr::new(ipv6(number), 64).expect("a prefix"),
            IpCidr::link_local(mac(number)),
        ] {
            iface.add_addr(cidr).expect("room for an address");
        }
        let capacity = SocketCapacity {
            tcp: 64,
            tcp_rx: BUFFER,
            tcp_tx: BUFFER,
            half_open: 16,
            ..SocketCapacity::default()
        };
        let mut sockets = SocketSet::heap([seed; 16], &capacity);
        let listener = sockets.tcp_listen(7, 16).expect("a listener");
        let udp = sockets.udp_bind(7).expect("a UDP socket");
        let icmp = sockets.icmp_bind(0x1234).expect("an ICMP socket");
        Self {
            iface,
            sockets,
            device: FrameQueue::new(Capabilities::new(Medium::Ethernet, 1500)),
            listener,
            udp,
            icmp,
            accepted: Vec::new(),
            pongs: 0,
        }
    }

    /// Polls the interface and runs the services.
    pub fn poll(&mut self, now: Instant) {
        self.iface.poll(now, &mut self.device, &mut self.sockets);
        self.serve();
    }

    /// When to poll next.
    pub fn poll_at(&self, now: Instant) -> Deadline {
        self.iface.poll_at(now, &self.sockets)
    }

    /// Sends an echo request.
    pub fn ping(&mut self, remote: IpAddr, seq_no: u16, data: &[u8]) {
        let mut icmp = self.sockets.icmp(self.icmp).expect("held");
        icmp.send_echo(remote, seq_no, data)
            .expect("room for a request");
    }

    /// Opens a connection to the echo service of `remote`; `None` if every connection is in use.
    pub fn connect(&mut self, remote: IpAddr) -> Option<TcpHandle> {
        self.sockets.tcp_connect(Endpoint::new(remote, 7)).ok()
    }

    /// Connections that the echo service has at this moment.
    pub fn clients(&self) -> usize {
        self.accepted.len()
    }

    fn serve(&mut self) {
        while let Ok(Some((handle, _))) = self.sockets.tcp_accept(self.listener) {
            // Clients that vanish without a word are given up.
            if let Ok(mut socket) = self.sockets.tcp(handle) {
                socket.set_keep_alive(Some(Duration::from_secs(30)));
            }
            self.accepted.push(handle);
        }
        let sockets = &mut self.sockets;
        self.accepted.retain(|&handle| {
            let open = sockets
                .tcp(handle)
                .is_ok_and(|mut socket| echo(&mut socket));
            if !open {
                let _ = sockets.tcp_release(handle);
            }
            open
        });
        if let Ok(mut udp) = self.sockets.udp(self.udp) {
            while let Some((meta, datagram)) = udp.recv() {
                let datagram = datagram.to_vec();
                let _ = udp.send(meta, &datagram);
            }
        }
        if let Ok(mut icmp) = self.sockets.icmp(self.icmp) {
            while icmp.recv().is_some() {
                self.pongs += 1;
            }
        }
    }
}

/// Returns what arrived, as far as there is room; `false` when the connection is done with.
fn echo(socket: &mut TcpSocket<'_, '_>) -> bool {
    loop {
        // An octet is only read when it can be returned; the queue holds what is unacknowledged.
        let room = BUFFER - socket.send_queue();
        let mut buffer = [0; 4096];
        let part = room.min(buffer.len());
        if part == 0 || !socket.can_send() {
            return socket.may_send();
        }
        match socket.recv_slice(&mut buffer[..part]) {
            Ok(0) => return true,
            Ok(length) => {
                let sent = socket.send_slice(&buffer[..length]);
                assert_eq!(sent.ok(), Some(length), "there was room");
            }
            Err(_) => return false,
        }
    }
}

//! An echo server on smoltcp, of the same make.
#![no_std]
#![no_main]

use litz_hal::mmio::Mmio;
use sizes::{FRAME, MAC, TCP, UDP};
use smoltcp::iface::{Config, Interface, SocketSet, SocketStorage};
use smoltcp::phy::{Device, DeviceCapabilities, Medium, RxToken, TxToken};
#[cfg(feature = "tcp")]
use smoltcp::socket::tcp;
use smoltcp::socket::udp;
use smoltcp::time::Instant;
use smoltcp::wire::{EthernetAddress, HardwareAddress, IpAddress, IpCidr};
use static_cell::{ConstStaticCell, StaticCell};

struct Mailbox {
    registers: Mmio,
    rx: &'static mut [u8; FRAME + 2],
    tx: &'static mut [u8; FRAME + 2],
}

struct Received<'a>(&'a mut [u8]);
struct ToSend<'a>(&'a mut Mmio, &'a mut [u8; FRAME + 2]);

impl Device for Mailbox {
    type RxToken<'a> = Received<'a>;
    type TxToken<'a> = ToSend<'a>;

    fn receive(&mut self, _: Instant) -> Option<(Received<'_>, ToSend<'_>)> {
        let length = sizes::fetch(&mut self.registers, self.rx)?;
        let frame = self.rx.get_mut(..length)?;
        Some((Received(frame), ToSend(&mut self.registers, self.tx)))
    }

    fn transmit(&mut self, _: Instant) -> Option<ToSend<'_>> {
        Some(ToSend(&mut self.registers, self.tx))
    }

    fn capabilities(&self) -> DeviceCapabilities {
        let mut capabilities = DeviceCapabilities::default();
        capabilities.medium = Medium::Ethernet;
        capabilities.max_transmission_unit = FRAME;
        capabilities
    }
}

impl RxToken for Received<'_> {
    fn consume<R, F: FnOnce(&[u8]) -> R>(self, f: F) -> R {
        f(self.0)
    }
}

impl TxToken for ToSend<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, len: usize, f: F) -> R {
        let len = len.min(FRAME);
        let result = f(self.1.get_mut(..len).unwrap_or_default());
        sizes::send(self.0, self.1, len);
        result
    }
}

static FRAMES: ConstStaticCell<[[u8; FRAME + 2]; 2]> = ConstStaticCell::new([[0; FRAME + 2]; 2]);
static UDP_OCTETS: ConstStaticCell<[[u8; UDP]; 2]> = ConstStaticCell::new([[0; UDP]; 2]);
static UDP_META: StaticCell<[[udp::PacketMetadata; 2]; 2]> = StaticCell::new();
#[cfg(feature = "tcp")]
static TCP_OCTETS: ConstStaticCell<[[u8; TCP]; 2]> = ConstStaticCell::new([[0; TCP]; 2]);
static STORAGE: StaticCell<[SocketStorage<'static>; 2]> = StaticCell::new();
static INTERFACE: StaticCell<Interface> = StaticCell::new();

#[cortex_m_rt::entry]
fn main() -> ! {
    let [rx, tx] = FRAMES.take();
    // SAFETY: there is no other use of the registers.
    let registers = unsafe { Mmio::steal() };
    let mut clock = unsafe { Mmio::steal() };
    let mut device = Mailbox { registers, rx, tx };
    let config = Config::new(HardwareAddress::Ethernet(EthernetAddress(MAC)));
    let interface = INTERFACE.init(Interface::new(config, &mut device, Instant::ZERO));
    interface.update_ip_addrs(|addrs| {
        #[cfg(feature = "ip4")]
        let _ = addrs.push(IpCidr::new(IpAddress::v4(192, 0, 2, 1), 24));
        #[cfg(feature = "ip6")]
        let _ = addrs.push(IpCidr::new(
            IpAddress::v6(0x2001, 0xDB8, 1, 0, 0, 0, 0, 1),
            64,
        ));
    });
    let [rx, tx] = UDP_OCTETS.take();
    let [rx_meta, tx_meta] = UDP_META.init([[udp::PacketMetadata::EMPTY; 2]; 2]);
    let mut sockets = SocketSet::new(STORAGE.init([SocketStorage::EMPTY; 2]).as_mut_slice());
    let mut socket = udp::Socket::new(
        udp::PacketBuffer::new(rx_meta.as_mut_slice(), rx.as_mut_slice()),
        udp::PacketBuffer::new(tx_meta.as_mut_slice(), tx.as_mut_slice()),
    );
    let _ = socket.bind(7);
    let udp = sockets.add(socket);
    #[cfg(feature = "tcp")]
    let tcp = {
        let [rx, tx] = TCP_OCTETS.take();
        let buffer = |octets: &'static mut [u8; TCP]| tcp::SocketBuffer::new(octets.as_mut_slice());
        sockets.add(tcp::Socket::new(buffer(rx), buffer(tx)))
    };
    loop {
        let now = Instant::from_micros(sizes::micros(&mut clock));
        interface.poll(now, &mut device, &mut sockets);
        let mut copy = [0; 256];
        let socket = sockets.get_mut::<udp::Socket>(udp);
        if let Ok((datagram, meta)) = socket.recv()
            && let Some(copy) = copy.get_mut(..datagram.len())
        {
            copy.copy_from_slice(datagram);
            let _ = socket.send_slice(copy, meta);
        }
        #[cfg(feature = "tcp")]
        {
            let socket = sockets.get_mut::<tcp::Socket>(tcp);
            if !socket.is_open() {
                let _ = socket.listen(7);
            }
            if socket.can_recv() && socket.can_send() {
                let length = socket.recv_slice(&mut copy).unwrap_or(0);
                let _ = socket.send_slice(copy.get(..length).unwrap_or_default());
            }
            if socket.may_send() && !socket.may_recv() {
                socket.close();
            }
        }
    }
}

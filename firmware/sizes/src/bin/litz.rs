//! An echo server on litz.
#![no_std]
#![no_main]

use litz::iface::{AddrSlot, NeighborSlot};
use litz::socket::{HalfOpenSlot, ListenerSlot};
use litz::time::Instant;
use litz::wire::EthernetAddress;
use litz::{
    Interface, InterfaceStorage, IpCidr, Link, PacketBuffer, PacketMeta, SocketSet, SocketStorage,
    TcpSlot, UdpSlot,
};
use litz_hal::mmio::Mmio;
use litz_hal::{Capabilities, Device, Medium, RxToken, TxError, TxMeta, TxToken};
use sizes::{FRAME, MAC, TCP, UDP};
use static_cell::{ConstStaticCell, StaticCell};

struct Mailbox {
    registers: Mmio,
    rx: &'static mut [u8; FRAME + 2],
    tx: &'static mut [u8; FRAME + 2],
}

struct Received<'a>(&'a [u8]);
struct ToSend<'a>(&'a mut Mmio, &'a mut [u8; FRAME + 2]);

impl Device for Mailbox {
    type RxToken<'a> = Received<'a>;
    type TxToken<'a> = ToSend<'a>;

    fn receive(&mut self, _: Instant) -> Option<(Received<'_>, ToSend<'_>)> {
        let length = sizes::fetch(&mut self.registers, self.rx)?;
        let frame = self.rx.get(..length)?;
        Some((Received(frame), ToSend(&mut self.registers, self.tx)))
    }

    fn transmit(&mut self, _: Instant) -> Option<ToSend<'_>> {
        Some(ToSend(&mut self.registers, self.tx))
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::new(Medium::Ethernet, 1500)
    }
}

impl RxToken for Received<'_> {
    fn consume<R, F: FnOnce(&[u8]) -> R>(self, f: F) -> R {
        f(self.0)
    }
}

impl TxToken for ToSend<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(
        self,
        len: usize,
        _: TxMeta,
        f: F,
    ) -> Result<R, TxError> {
        let frame = self.1.get_mut(..len).filter(|_| len <= FRAME);
        let result = f(frame.ok_or(TxError::TooLong)?);
        sizes::send(self.0, self.1, len);
        Ok(result)
    }
}

static FRAMES: ConstStaticCell<[[u8; FRAME + 2]; 2]> = ConstStaticCell::new([[0; FRAME + 2]; 2]);
static UDP_OCTETS: ConstStaticCell<[[u8; UDP]; 2]> = ConstStaticCell::new([[0; UDP]; 2]);
static UDP_META: StaticCell<[[PacketMeta<litz::UdpMeta>; 2]; 2]> = StaticCell::new();
static UDP_SLOT: StaticCell<[UdpSlot<'static>; 1]> = StaticCell::new();
static ADDRS: StaticCell<[AddrSlot; 2]> = StaticCell::new();
static NEIGHBORS: StaticCell<[NeighborSlot; 8]> = StaticCell::new();
#[cfg(feature = "tcp")]
static TCP_OCTETS: ConstStaticCell<[[u8; TCP]; 2]> = ConstStaticCell::new([[0; TCP]; 2]);
#[cfg(feature = "tcp")]
static TCP_SLOT: StaticCell<[TcpSlot<'static>; 1]> = StaticCell::new();
#[cfg(feature = "tcp")]
static HALF_OPEN: StaticCell<[HalfOpenSlot; 1]> = StaticCell::new();
#[cfg(feature = "tcp")]
static LISTENER: StaticCell<[ListenerSlot; 1]> = StaticCell::new();
static INTERFACE: StaticCell<Interface<'static>> = StaticCell::new();
static SOCKETS: StaticCell<SocketSet<'static>> = StaticCell::new();

#[cortex_m_rt::entry]
fn main() -> ! {
    let [rx, tx] = FRAMES.take();
    // SAFETY: there is no other use of the registers.
    let registers = unsafe { Mmio::steal() };
    let clock = unsafe { Mmio::steal() };
    run(Mailbox { registers, rx, tx }, clock);
    loop {}
}

#[cfg(feature = "tcp")]
fn tcp(storage: &mut SocketStorage<'static>) {
    let [rx, tx] = TCP_OCTETS.take();
    storage.tcp = TCP_SLOT
        .init([TcpSlot::new(rx.as_mut_slice(), tx.as_mut_slice())])
        .as_mut_slice()
        .into();
    storage.half_open = HALF_OPEN.init([HalfOpenSlot::EMPTY]).as_mut_slice().into();
    storage.listeners = LISTENER.init([ListenerSlot::EMPTY]).as_mut_slice().into();
}

fn run(mut device: Mailbox, mut clock: Mmio) -> Option<()> {
    let [rx, tx] = UDP_OCTETS.take();
    let [rx_meta, tx_meta] = UDP_META.init([[PacketMeta::EMPTY; 2]; 2]);
    let udp = UdpSlot::new(
        PacketBuffer::new(rx_meta.as_mut_slice(), rx.as_mut_slice()),
        PacketBuffer::new(tx_meta.as_mut_slice(), tx.as_mut_slice()),
    );
    let mut storage = SocketStorage {
        udp: UDP_SLOT.init([udp]).as_mut_slice().into(),
        ..SocketStorage::default()
    };
    #[cfg(feature = "tcp")]
    tcp(&mut storage);
    let sockets = SOCKETS.init(SocketSet::new([1; 16], storage));
    let memory = InterfaceStorage {
        addrs: ADDRS.init([AddrSlot::EMPTY; 2]).as_mut_slice().into(),
        neighbors: NEIGHBORS
            .init([NeighborSlot::EMPTY; 8])
            .as_mut_slice()
            .into(),
        ..InterfaceStorage::default()
    };
    let interface = Interface::new(Link::Ethernet(EthernetAddress(MAC)), [2; 16], memory).ok()?;
    let interface = INTERFACE.init(interface);
    #[cfg(feature = "ip4")]
    interface
        .add_addr(IpCidr::new([192, 0, 2, 1], 24).ok()?)
        .ok()?;
    #[cfg(feature = "ip6")]
    interface
        .add_addr(IpCidr::new([0x2001, 0xDB8, 1, 0, 0, 0, 0, 1], 64).ok()?)
        .ok()?;
    let udp = sockets.udp_bind(7).ok()?;
    #[cfg(feature = "tcp")]
    let listener = sockets.tcp_listen(7, 1).ok()?;
    #[cfg(feature = "tcp")]
    let mut connection = None;
    loop {
        let now = Instant::from_micros(sizes::micros(&mut clock));
        interface.poll(now, &mut device, sockets);
        let mut socket = sockets.udp(udp).ok()?;
        let mut copy = [0; 256];
        if let Some((meta, datagram)) = socket.recv()
            && let Some(copy) = copy.get_mut(..datagram.len())
        {
            copy.copy_from_slice(datagram);
            let _ = socket.send(meta, copy);
        }
        #[cfg(feature = "tcp")]
        {
            connection =
                connection.or(sockets.tcp_accept(listener).ok()?.map(|(handle, _)| handle));
            if let Some(handle) = connection {
                let mut socket = sockets.tcp(handle).ok()?;
                if socket.can_recv() && socket.can_send() {
                    let length = socket.recv_slice(&mut copy).unwrap_or(0);
                    let _ = socket.send_slice(copy.get(..length)?);
                }
                if !socket.may_recv() {
                    let _ = sockets.tcp_release(handle);
                    connection = None;
                }
            }
        }
    }
}

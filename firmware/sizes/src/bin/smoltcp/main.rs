//! The same echo server on smoltcp.
#![no_std]
#![no_main]

mod device;
#[cfg_attr(feature = "wpan", path = "link_wpan.rs")]
#[cfg_attr(not(feature = "wpan"), path = "link_eth.rs")]
mod link;
#[cfg_attr(not(feature = "tcp"), path = "tcp_absent.rs")]
mod tcp;

use sizes::{DATAGRAMS, ECHO, Mailbox, UDP};
use smoltcp::iface::{Interface, SocketHandle, SocketSet, SocketStorage};
use smoltcp::socket::udp;
use smoltcp::time::Instant;
use static_cell::{ConstStaticCell, StaticCell};

static OCTETS: ConstStaticCell<[[u8; UDP]; 2]> = ConstStaticCell::new([[0; UDP]; 2]);
static META: StaticCell<[[udp::PacketMetadata; DATAGRAMS]; 2]> = StaticCell::new();
static STORAGE: StaticCell<[SocketStorage<'static>; 2]> = StaticCell::new();
static INTERFACE: StaticCell<Interface> = StaticCell::new();

#[cortex_m_rt::entry]
fn main() -> ! {
    let mut device = link::device();
    let interface = Interface::new(link::config(), &mut device, Instant::ZERO);
    let interface = INTERFACE.init(interface);
    link::configure(interface);
    let [rx, tx] = OCTETS.take();
    let [rx_meta, tx_meta] = META.init([[udp::PacketMetadata::EMPTY; DATAGRAMS]; 2]);
    let mut sockets = SocketSet::new(STORAGE.init([SocketStorage::EMPTY; 2]).as_mut_slice());
    let mut socket = udp::Socket::new(
        udp::PacketBuffer::new(rx_meta.as_mut_slice(), rx.as_mut_slice()),
        udp::PacketBuffer::new(tx_meta.as_mut_slice(), tx.as_mut_slice()),
    );
    let _ = socket.bind(7);
    let udp = sockets.add(socket);
    let server = tcp::Server::new(&mut sockets);
    let mut clock = Mailbox::new();
    loop {
        let now = Instant::from_micros(clock.micros());
        interface.poll(now, &mut device, &mut sockets);
        echo(&mut sockets, udp);
        server.serve(&mut sockets);
    }
}

fn echo(sockets: &mut SocketSet<'static>, udp: SocketHandle) {
    let mut copy = [0; ECHO];
    let socket = sockets.get_mut::<udp::Socket>(udp);
    if let Ok((datagram, meta)) = socket.recv()
        && let Some(copy) = copy.get_mut(..datagram.len())
    {
        copy.copy_from_slice(datagram);
        let _ = socket.send_slice(copy, meta.endpoint);
    }
}

//! An echo server on litz: UDP and, if the profile has it, TCP on port 7.
#![no_std]
#![no_main]

mod device;
#[cfg_attr(feature = "wpan", path = "link_wpan.rs")]
#[cfg_attr(not(feature = "wpan"), path = "link_eth.rs")]
mod link;
#[cfg_attr(not(feature = "tcp"), path = "tcp_absent.rs")]
mod tcp;

use litz::iface::{AddrSlot, NeighborSlot};
use litz::time::Instant;
use litz::{
    Interface, InterfaceStorage, PacketBuffer, PacketMeta, SocketSet, SocketStorage, UdpHandle,
    UdpMeta, UdpSlot,
};
use sizes::{DATAGRAMS, ECHO, Mailbox, UDP};
use static_cell::{ConstStaticCell, StaticCell};

static OCTETS: ConstStaticCell<[[u8; UDP]; 2]> = ConstStaticCell::new([[0; UDP]; 2]);
static META: StaticCell<[[PacketMeta<UdpMeta>; DATAGRAMS]; 2]> = StaticCell::new();
static SLOT: StaticCell<[UdpSlot<'static>; 1]> = StaticCell::new();
static ADDRS: StaticCell<[AddrSlot; 2]> = StaticCell::new();
static NEIGHBORS: StaticCell<[NeighborSlot; 8]> = StaticCell::new();
static INTERFACE: StaticCell<Interface<'static>> = StaticCell::new();
static SOCKETS: StaticCell<SocketSet<'static>> = StaticCell::new();

#[cortex_m_rt::entry]
fn main() -> ! {
    run();
    loop {
        cortex_m::asm::wfi();
    }
}

fn run() -> Option<()> {
    let [rx, tx] = OCTETS.try_take()?;
    let [rx_meta, tx_meta] = META.try_init([[PacketMeta::EMPTY; DATAGRAMS]; 2])?;
    let udp = UdpSlot::new(
        PacketBuffer::new(rx_meta.as_mut_slice(), rx.as_mut_slice()),
        PacketBuffer::new(tx_meta.as_mut_slice(), tx.as_mut_slice()),
    );
    let storage = SocketStorage {
        udp: SLOT.try_init([udp])?.as_mut_slice().into(),
        ..SocketStorage::default()
    };
    let sockets = SOCKETS.try_init(SocketSet::new([1; 16], tcp::with(storage)?))?;
    let memory = InterfaceStorage {
        addrs: ADDRS.try_init([AddrSlot::EMPTY; 2])?.as_mut_slice().into(),
        neighbors: NEIGHBORS
            .try_init([NeighborSlot::EMPTY; 8])?
            .as_mut_slice()
            .into(),
        ..InterfaceStorage::default()
    };
    let interface = INTERFACE.try_init(Interface::new(link::LINK, [2; 16], memory).ok()?)?;
    link::configure(interface)?;
    let mut device = link::device()?;
    let mut clock = Mailbox::new();
    let udp = sockets.udp_bind(7).ok()?;
    let mut server = tcp::Server::new(sockets)?;
    loop {
        let now = Instant::from_micros(clock.micros());
        interface.poll(now, &mut device, sockets);
        echo(sockets, udp);
        server.serve(sockets);
    }
}

fn echo(sockets: &mut SocketSet<'static>, udp: UdpHandle) {
    let Ok(mut socket) = sockets.udp(udp) else {
        return;
    };
    let mut copy = [0; ECHO];
    if let Some((meta, datagram)) = socket.recv()
        && let Some(copy) = copy.get_mut(..datagram.len())
    {
        litz_hal::octets::put(copy, datagram);
        let _ = socket.send(meta, copy);
    }
}

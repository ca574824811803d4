//! A whole host without a heap, as the README shows it.

use litz::iface::{AddrSlot, NeighborSlot};
use litz::phy::Device;
use litz::time::{Deadline, Instant};
use litz::wire::EthernetAddress;
use litz::{
    Interface, InterfaceStorage, IpCidr, Link, PacketBuffer, PacketMeta, SocketSet, SocketStorage,
    UdpSlot,
};

// README: host
/// What a board gives: time since its start, sleep until then or an interrupt, random octets.
pub(crate) trait Board {
    fn now(&mut self) -> Instant;
    fn sleep(&mut self, until: Deadline);
    fn secret(&mut self) -> [u8; 16];
}

/// Answers pings and echoes datagrams on port 7.
pub(crate) fn serve(mut device: impl Device, board: &mut impl Board) -> Option<()> {
    let (mut addrs, mut neighbors) = ([AddrSlot::EMPTY; 2], [NeighborSlot::EMPTY; 4]);
    let storage = InterfaceStorage {
        addrs: addrs.as_mut_slice().into(),
        neighbors: neighbors.as_mut_slice().into(),
        ..InterfaceStorage::default()
    };
    let link = Link::Ethernet(EthernetAddress([2, 0, 0, 0, 0, 1]));
    let mut interface = Interface::new(link, board.secret(), storage).ok()?;
    interface
        .add_addr(IpCidr::new([192, 0, 2, 1], 24).ok()?)
        .ok()?;
    let (mut meta, mut octets) = ([[PacketMeta::EMPTY; 4]; 2], [[0; 2048]; 2]);
    let ([rx_meta, tx_meta], [rx, tx]) = (&mut meta, &mut octets);
    let mut udp = [UdpSlot::new(
        PacketBuffer::new(rx_meta.as_mut_slice(), rx.as_mut_slice()),
        PacketBuffer::new(tx_meta.as_mut_slice(), tx.as_mut_slice()),
    )];
    let udp = udp.as_mut_slice().into();
    let storage = SocketStorage {
        udp,
        ..SocketStorage::default()
    };
    let mut sockets = SocketSet::new(board.secret(), storage);
    let echo = sockets.udp_bind(7).ok()?;
    loop {
        while interface.poll(board.now(), &mut device, &mut sockets).more {}
        let mut socket = sockets.udp(echo).ok()?;
        let mut copy = [0; 1472];
        while let Some((meta, datagram)) = socket.recv() {
            let copy = copy.get_mut(..datagram.len())?;
            copy.copy_from_slice(datagram);
            // A full queue loses datagrams, as UDP may.
            let _ = socket.send(meta, copy);
        }
        let until = interface.poll_at(board.now(), &sockets);
        board.sleep(until);
    }
}
// README: end

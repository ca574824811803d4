//! One connection at a time, echoed.

use sizes::{ECHO, TCP};
use smoltcp::iface::{SocketHandle, SocketSet};
use smoltcp::socket::tcp::{Socket, SocketBuffer};
use static_cell::ConstStaticCell;

static OCTETS: ConstStaticCell<[[u8; TCP]; 2]> = ConstStaticCell::new([[0; TCP]; 2]);

pub(crate) struct Server(SocketHandle);

impl Server {
    pub(crate) fn new(sockets: &mut SocketSet<'static>) -> Self {
        let [rx, tx] = OCTETS.take();
        let buffer = |octets: &'static mut [u8; TCP]| SocketBuffer::new(octets.as_mut_slice());
        Self(sockets.add(Socket::new(buffer(rx), buffer(tx))))
    }

    pub(crate) fn serve(&self, sockets: &mut SocketSet<'static>) {
        let socket = sockets.get_mut::<Socket>(self.0);
        if !socket.is_open() {
            let _ = socket.listen(7);
        }
        let mut copy = [0; ECHO];
        if socket.can_recv() && socket.can_send() {
            let length = socket.recv_slice(&mut copy).unwrap_or(0);
            let _ = socket.send_slice(copy.get(..length).unwrap_or_default());
        }
        if socket.may_send() && !socket.may_recv() {
            socket.close();
        }
    }
}

//! One connection at a time, echoed.

use litz::socket::ListenerSlot;
use litz::{ListenerHandle, SocketSet, SocketStorage, TcpHandle, TcpSlot};
use sizes::{ECHO, TCP};
use static_cell::{ConstStaticCell, StaticCell};

static OCTETS: ConstStaticCell<[[u8; TCP]; 2]> = ConstStaticCell::new([[0; TCP]; 2]);
static SLOT: StaticCell<[TcpSlot<'static>; 1]> = StaticCell::new();
static LISTENER: StaticCell<[ListenerSlot; 1]> = StaticCell::new();

/// The memory of the sockets, with that of TCP.
pub(crate) fn with(storage: SocketStorage<'static>) -> Option<SocketStorage<'static>> {
    let [rx, tx] = OCTETS.try_take()?;
    let slot = TcpSlot::new(rx.as_mut_slice(), tx.as_mut_slice());
    Some(SocketStorage {
        tcp: SLOT.try_init([slot])?.as_mut_slice().into(),
        listeners: LISTENER
            .try_init([ListenerSlot::EMPTY])?
            .as_mut_slice()
            .into(),
        ..storage
    })
}

pub(crate) struct Server {
    listener: ListenerHandle,
    connection: Option<TcpHandle>,
}

impl Server {
    pub(crate) fn new(sockets: &mut SocketSet<'static>) -> Option<Self> {
        Some(Self {
            listener: sockets.tcp_listen(7, 1).ok()?,
            connection: None,
        })
    }

    pub(crate) fn serve(&mut self, sockets: &mut SocketSet<'static>) {
        if self.connection.is_none()
            && let Ok(accepted) = sockets.tcp_accept(self.listener)
        {
            self.connection = accepted.map(|(handle, _)| handle);
        }
        let Some(handle) = self.connection else {
            return;
        };
        let Ok(mut socket) = sockets.tcp(handle) else {
            return;
        };
        let mut copy = [0; ECHO];
        if socket.can_recv() && socket.can_send() {
            let length = socket.recv_slice(&mut copy).unwrap_or(0);
            let _ = socket.send_slice(copy.get(..length).unwrap_or_default());
        }
        if !socket.may_recv() {
            let _ = sockets.tcp_release(handle);
            self.connection = None;
        }
    }
}

//! The services that a host offers to others: echo (RFC 862), discard (RFC 863) and chargen
//! (RFC 864) over TCP, a page over HTTP, and echo over UDP.

use litz::socket::TcpSocket;
use litz::{ListenerHandle, SocketSet, TcpHandle, UdpHandle};

use super::http::{self, Answer, Body};

/// What is served on a TCP port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Service {
    Echo,
    Discard,
    Chargen,
    Http,
}

/// One accepted connection.
struct Connection {
    handle: TcpHandle,
    work: Work,
}

/// What a connection is doing; `pending` holds octets that did not fit into the transmit buffer.
enum Work {
    Echo {
        pending: Vec<u8>,
    },
    Discard,
    Chargen {
        sent: u64,
    },
    Request {
        received: Vec<u8>,
    },
    Answer {
        pending: Vec<u8>,
        body: u64,
        sent: u64,
        stays: bool,
    },
}

/// Everything that is served, and to whom.
pub(crate) struct Services {
    listeners: Vec<(ListenerHandle, Service)>,
    connections: Vec<Connection>,
    udp_echo: Option<UdpHandle>,
    /// Where octets pass through.
    scratch: Vec<u8>,
}

impl Services {
    /// Begins to listen. `backlog` connections may wait on each port.
    pub(crate) fn listen(
        sockets: &mut SocketSet<'_>,
        ports: &[(u16, Service)],
        backlog: usize,
    ) -> Result<Self, String> {
        let listen = |&(port, service): &(u16, Service)| {
            let listener = sockets.tcp_listen(port, backlog);
            listener
                .map(|listener| (listener, service))
                .map_err(|e| format!("port {port}: {e}"))
        };
        let listeners = ports.iter().map(listen).collect::<Result<Vec<_>, _>>()?;
        Ok(Self {
            listeners,
            connections: Vec::new(),
            udp_echo: None,
            scratch: vec![0; 65536],
        })
    }

    /// Begins to echo datagrams as well.
    pub(crate) fn echo_datagrams(&mut self, sockets: &mut SocketSet<'_>) -> Result<(), String> {
        self.udp_echo = Some(
            sockets
                .udp_bind(7)
                .map_err(|e| format!("UDP port 7: {e}"))?,
        );
        Ok(())
    }

    /// Does what can be done now for every client. Call it after each poll.
    pub(crate) fn serve(&mut self, sockets: &mut SocketSet<'_>) {
        for (listener, service) in &self.listeners {
            while let Ok(Some((handle, _))) = sockets.tcp_accept(*listener) {
                self.connections.push(Connection {
                    handle,
                    work: Work::new(*service),
                });
            }
        }
        let scratch = &mut self.scratch;
        self.connections.retain_mut(|connection| {
            let handle = connection.handle;
            let open = match sockets.tcp(handle) {
                Ok(mut socket) => connection.work.advance(&mut socket, scratch),
                Err(_) => false,
            };
            if !open {
                // What is queued is still sent; the slot is free when the protocol has ended.
                let _ = sockets.tcp_release(handle);
            }
            open
        });
        if let Some(socket) = self.udp_echo {
            echo_datagrams(sockets, socket, scratch);
        }
    }
}

fn echo_datagrams(sockets: &mut SocketSet<'_>, handle: UdpHandle, scratch: &mut Vec<u8>) {
    let Ok(mut socket) = sockets.udp(handle) else {
        return;
    };
    loop {
        let room = socket
            .peek()
            .is_some_and(|(_, datagram)| socket.can_send(datagram.len()));
        let Some((meta, datagram)) = (if room { socket.recv() } else { None }) else {
            return;
        };
        scratch.clear();
        scratch.extend_from_slice(datagram);
        // From the address that the client asked, which need not be the first of the interface.
        let _ = socket.send(meta, scratch);
        scratch.resize(65536, 0);
    }
}

impl Work {
    fn new(service: Service) -> Self {
        match service {
            Service::Echo => Self::Echo {
                pending: Vec::new(),
            },
            Service::Discard => Self::Discard,
            Service::Chargen => Self::Chargen { sent: 0 },
            Service::Http => Self::Request {
                received: Vec::new(),
            },
        }
    }

    /// Goes on as far as the socket lets it; `false` when the work is done.
    fn advance(&mut self, socket: &mut TcpSocket<'_, '_>, scratch: &mut [u8]) -> bool {
        match self {
            Self::Echo { pending } => echo(socket, pending, scratch),
            Self::Discard => discard(socket),
            Self::Chargen { sent } => {
                let open = discard(socket);
                while let Ok(1..) = socket.send_with(|room| chargen(sent, room)) {}
                open && socket.may_send()
            }
            Self::Request { received } => {
                let open = receive(socket, received, scratch);
                let Some(Answer { head, body, stays }) = http::answer(received) else {
                    return open;
                };
                let (text, body) = match body {
                    Body::Text(text) => (text, 0),
                    Body::Octets(count) => ("", count),
                };
                *self = Self::Answer {
                    pending: [head, text.to_owned()].concat().into(),
                    body,
                    sent: 0,
                    stays,
                };
                self.advance(socket, scratch)
            }
            Self::Answer {
                pending,
                body,
                sent,
                stays,
            } => {
                // What a client says after its last request is of no interest.
                if !*stays {
                    discard(socket);
                }
                if !send_pending(socket, pending) {
                    return false;
                }
                let more = !pending.is_empty() || send_octets(socket, *body, sent);
                if !more && *stays && socket.may_send() {
                    let received = Vec::new();
                    *self = Self::Request { received };
                    return self.advance(socket, scratch);
                }
                more
            }
        }
    }
}

/// Sends what is pending as far as there is room; `false` if the connection cannot send any more.
fn send_pending(socket: &mut TcpSocket<'_, '_>, pending: &mut Vec<u8>) -> bool {
    if pending.is_empty() {
        return true;
    }
    match socket.send_slice(pending) {
        Ok(sent) => pending.drain(..sent.min(pending.len())).count() == sent,
        Err(_) => false,
    }
}

/// Sends octets until `count` are sent or there is no room; `false` when all are queued.
fn send_octets(socket: &mut TcpSocket<'_, '_>, count: u64, sent: &mut u64) -> bool {
    while *sent < count {
        let queued = socket.send_with(|room| {
            let left = usize::try_from(count.saturating_sub(*sent)).unwrap_or(usize::MAX);
            let length = left.min(room.len());
            http::fill(*sent, room.get_mut(..length).unwrap_or_default());
            (length, length)
        });
        match queued {
            Ok(0) => return true,
            Ok(length) => *sent = sent.saturating_add(length as u64),
            Err(_) => return false,
        }
    }
    false
}

/// Returns what arrives; `false` when the client has finished and has everything back.
fn echo(socket: &mut TcpSocket<'_, '_>, pending: &mut Vec<u8>, scratch: &mut [u8]) -> bool {
    loop {
        if !send_pending(socket, pending) {
            return false;
        }
        if !pending.is_empty() {
            return true;
        }
        match socket.recv_slice(scratch) {
            Ok(0) => return true,
            Ok(length) => pending.extend(scratch.iter().take(length)),
            Err(_) => return false,
        }
    }
}

/// Reads and forgets; `false` when the client has finished.
fn discard(socket: &mut TcpSocket<'_, '_>) -> bool {
    loop {
        match socket.recv_with(|octets| (octets.len(), octets.len())) {
            Ok(0) => return true,
            Ok(_) => {}
            Err(_) => return false,
        }
    }
}

/// Appends what arrives, up to the longest head; `false` when the client has finished.
fn receive(socket: &mut TcpSocket<'_, '_>, received: &mut Vec<u8>, scratch: &mut [u8]) -> bool {
    let room = http::MAX_HEAD
        .saturating_sub(received.len())
        .min(scratch.len());
    match socket.recv_slice(scratch.get_mut(..room).unwrap_or_default()) {
        Ok(length) => {
            received.extend(scratch.iter().take(length));
            true
        }
        Err(_) => false,
    }
}

/// RFC 864: lines of 72 of the 95 printable characters, each line starting one character later.
fn chargen(sent: &mut u64, room: &mut [u8]) -> (usize, usize) {
    for octet in room.iter_mut() {
        let (line, column) = (*sent / 74, *sent % 74);
        *octet = match column {
            72 => b'\r',
            73 => b'\n',
            _ => b' '.saturating_add((line.wrapping_add(column) % 95) as u8),
        };
        *sent = sent.wrapping_add(1);
    }
    (room.len(), room.len())
}

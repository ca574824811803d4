//! What every image serves: UDP echo and TCP echo (port 7, RFC 862), and a page over HTTP (port
//! 80). A connection is copied through a few octets of stack; nothing is allocated.

use litz::socket::TcpSocket;
use litz::{ListenerHandle, SocketSet, TcpHandle, UdpHandle};

use crate::text::{self, Piece};

/// Octets that are copied at a time.
const CHUNK: usize = 256;
/// Octets of a page with its header.
const PAGE: usize = 256;
/// Octets that end a request.
const END_OF_REQUEST: [u8; 4] = *b"\r\n\r\n";

/// A connection and what it is for.
#[derive(Clone, Copy)]
struct Connection {
    handle: TcpHandle,
    work: Work,
}

#[derive(Clone, Copy)]
enum Work {
    Echo,
    /// How many octets of [`END_OF_REQUEST`] were seen last.
    Request(usize),
    /// Octets of the page that were queued.
    Answer(usize),
}

/// The services, for up to `N` connections at a time.
pub struct Services<const N: usize> {
    udp: UdpHandle,
    echo: ListenerHandle,
    http: ListenerHandle,
    connections: [Option<Connection>; N],
    served: u32,
}

/// What the page shows.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reading {
    /// Which board it is.
    pub board: &'static str,
    /// Seconds since its reset.
    pub uptime: u32,
    /// Temperature of the chip, in quarters of a degree Celsius, if the board measures it.
    pub quarter_degrees: Option<i32>,
}

impl<const N: usize> Services<N> {
    /// Begins to serve; `None` if the sockets have no room.
    pub fn start(sockets: &mut SocketSet<'_>) -> Option<Self> {
        Some(Self {
            udp: sockets.udp_bind(7).ok()?,
            echo: sockets.tcp_listen(7, N).ok()?,
            http: sockets.tcp_listen(80, N).ok()?,
            connections: [None; N],
            served: 0,
        })
    }

    /// Pages delivered.
    pub const fn served(&self) -> u32 {
        self.served
    }

    /// Does what can be done for every client; to be called after each poll. `scratch` holds the
    /// largest datagram.
    pub fn serve(&mut self, sockets: &mut SocketSet<'_>, reading: &Reading, scratch: &mut [u8]) {
        self.echo_datagrams(sockets, scratch);
        for place in &mut self.connections {
            if place.is_none() {
                *place = accept(sockets, self.echo, Work::Echo)
                    .or_else(|| accept(sockets, self.http, Work::Request(0)));
            }
            let Some(connection) = place else { continue };
            let handle = connection.handle;
            let open = match sockets.tcp(handle) {
                Ok(mut socket) => connection.work.advance(&mut socket, reading),
                Err(_) => false,
            };
            if !open {
                self.served += u32::from(!matches!(connection.work, Work::Echo));
                // What is queued is still sent.
                let _ = sockets.tcp_release(handle);
                *place = None;
            }
        }
    }

    fn echo_datagrams(&mut self, sockets: &mut SocketSet<'_>, scratch: &mut [u8]) {
        let Ok(mut socket) = sockets.udp(self.udp) else {
            return;
        };
        while let Some((meta, datagram)) = socket.recv() {
            if let Some(copy) = scratch.get_mut(..datagram.len()) {
                put(copy, datagram);
                // If the network is slower than its client, some are lost.
                let _ = socket.send(meta, copy);
            }
        }
    }
}

fn accept(sockets: &mut SocketSet<'_>, from: ListenerHandle, work: Work) -> Option<Connection> {
    let (handle, _) = sockets.tcp_accept(from).ok().flatten()?;
    Some(Connection { handle, work })
}

impl Work {
    /// Goes on as far as the socket lets it; `false` when the work is done.
    fn advance(&mut self, socket: &mut TcpSocket<'_, '_>, reading: &Reading) -> bool {
        match self {
            Self::Echo => echo(socket),
            Self::Request(seen) => {
                let open = request(socket, seen);
                if *seen < END_OF_REQUEST.len() {
                    return open;
                }
                *self = Self::Answer(0);
                self.advance(socket, reading)
            }
            Self::Answer(queued) => {
                let page = Page::new(reading);
                let rest = page.octets().get(*queued..).unwrap_or_default();
                match socket.send_slice(rest) {
                    Ok(sent) => {
                        *queued = queued.saturating_add(sent);
                        *queued < page.octets().len()
                    }
                    Err(_) => false,
                }
            }
        }
    }
}

/// Copies as many octets as both have; without a check of lengths, which could panic.
fn put(to: &mut [u8], from: &[u8]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to = *from;
    }
}

/// Returns what arrives; `false` when the client has finished and has everything back.
fn echo(socket: &mut TcpSocket<'_, '_>) -> bool {
    let mut chunk = [0; CHUNK];
    loop {
        let arrived = match peek(socket, &mut chunk) {
            Some([]) => return true,
            Some(arrived) => arrived,
            None => return false,
        };
        match socket.send_slice(arrived) {
            Ok(0) => return true,
            Ok(sent) => skip(socket, sent),
            Err(_) => return false,
        }
    }
}

/// Reads until the end of a request; `false` if there will be none.
fn request(socket: &mut TcpSocket<'_, '_>, seen: &mut usize) -> bool {
    let mut chunk = [0; CHUNK];
    loop {
        let arrived = match peek(socket, &mut chunk) {
            Some([]) => return true,
            Some(arrived) => arrived,
            None => return false,
        };
        let mut read = 0;
        for octet in arrived {
            read += 1;
            *seen = match END_OF_REQUEST.get(*seen) {
                Some(expected) if expected == octet => *seen + 1,
                _ => usize::from(*octet == b'\r'),
            };
            if *seen == END_OF_REQUEST.len() {
                break;
            }
        }
        skip(socket, read);
        if *seen == END_OF_REQUEST.len() {
            return true;
        }
    }
}

/// What has arrived, as far as there is room for it; it stays in the socket. `None` once nothing
/// more will come.
fn peek<'c>(socket: &TcpSocket<'_, '_>, chunk: &'c mut [u8; CHUNK]) -> Option<&'c [u8]> {
    let length = socket.peek_slice(chunk).ok()?;
    chunk.get(..length)
}

/// Takes out what was looked at.
fn skip(socket: &mut TcpSocket<'_, '_>, octets: usize) {
    let _ = socket.recv_with(|_| (octets, ()));
}

/// The page and its header, written anew each time: it is the same as long as the reading is.
struct Page {
    octets: [u8; PAGE],
    length: usize,
}

impl Page {
    fn new(reading: &Reading) -> Self {
        let mut page = Self {
            octets: [0; PAGE],
            length: 0,
        };
        page.write(reading);
        page
    }

    fn write(&mut self, reading: &Reading) {
        self.put(&[
            &"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nlitz on ",
            &reading.board,
            &"\nup since ",
            &reading.uptime,
            &" s\n",
        ]);
        if let Some(quarters) = reading.quarter_degrees {
            let fraction = match quarters.rem_euclid(4) {
                0 => ".00 C\n",
                1 => ".25 C\n",
                2 => ".50 C\n",
                _ => ".75 C\n",
            };
            self.put(&[&quarters.div_euclid(4), &fraction]);
        }
    }

    /// Adds to the page. It fits; were it longer, it would end early.
    fn put(&mut self, pieces: &[&dyn Piece]) {
        text::put(pieces, &mut |octets| {
            let end = self.length + octets.len();
            if let Some(room) = self.octets.get_mut(self.length..end) {
                put(room, octets);
                self.length = end;
            }
        });
    }

    fn octets(&self) -> &[u8] {
        self.octets.get(..self.length).unwrap_or_default()
    }
}

//! What joins the radios of several processes to one air: every datagram goes to all others.

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::vec::Vec;

use super::DATAGRAM;

/// Stations of a hub at most; the one that joined first makes room.
const STATIONS: usize = 64;

/// The hub of an air.
#[derive(Debug)]
pub struct ZepHub {
    socket: UdpSocket,
    stations: Vec<SocketAddr>,
}

impl ZepHub {
    /// A hub at an address, usually of the loopback network and at [`super::PORT`].
    ///
    /// # Errors
    /// What the operating system says.
    pub fn open(addr: SocketAddr) -> io::Result<Self> {
        let socket = UdpSocket::bind(addr)?;
        socket.set_nonblocking(true)?;
        Ok(Self {
            socket,
            stations: Vec::new(),
        })
    }

    /// Where it is.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn addr(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// The socket, to wait for.
    #[must_use]
    pub const fn socket(&self) -> &UdpSocket {
        &self.socket
    }

    /// Pass on what has come. Returns how many datagrams that were.
    pub fn forward(&mut self) -> usize {
        const BURST: usize = 64;
        let mut datagram = [0; DATAGRAM];
        for count in 0..BURST {
            let Ok((len, from)) = self.socket.recv_from(&mut datagram) else {
                return count;
            };
            if !self.stations.contains(&from) {
                if self.stations.len() >= STATIONS {
                    self.stations.remove(0);
                }
                self.stations.push(from);
            }
            let octets = datagram.get(..len).unwrap_or_default();
            if octets.is_empty() {
                continue;
            }
            for &station in self.stations.iter().filter(|&&station| station != from) {
                // A station that is gone is none of the others' business.
                let _ = self.socket.send_to(octets, station);
            }
        }
        BURST
    }
}

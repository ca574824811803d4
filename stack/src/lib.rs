//! litz: a TCP/IP stack for bare metal and user space. No heap, no clock and no I/O inside; never a
//! panic from the network.
//!
//! An [`Interface`] does the work of one link, over any [`phy::Device`]; a [`SocketSet`] holds the
//! sockets of the host. Time is an argument, memory is the caller's. Three calls are the whole of
//! it:
//!
//! 1. [`Interface::poll`] receives, answers, runs timers and sends;
//! 2. the application uses its sockets: [`SocketSet::tcp`], [`SocketSet::udp`], …;
//! 3. [`Interface::poll_at`] says how long it may wait for the device before the next poll.
//!
//! The packet formats are those of [`wire`], where every header is a declaration.
//!
//! # Example
//! Two hosts on a link inside the process, in virtual time: one listens, the other says something.
//! With the feature `alloc` memory may come from the heap, as here; without it, from slices.
//!
//! ```
//! # #[cfg(feature = "std")]
//! # {
//! use litz::phy::link::{Link as Wire, LinkConfig, LinkEnd};
//! use litz::time::{Duration, Instant};
//! use litz::wire::EthernetAddress;
//! use litz::{Interface, InterfaceStorage, IpCidr, Link, SocketCapacity, SocketSet};
//!
//! struct Host(Interface<'static>, SocketSet<'static>, LinkEnd);
//!
//! impl Host {
//!     fn new(number: u8, device: LinkEnd) -> Self {
//!         let link = Link::Ethernet(EthernetAddress([0x02, 0, 0, 0, 0, number]));
//!         let secret = [number; 16]; // of a real host: random, and told to nobody
//!         let mut iface = Interface::new(link, secret, InterfaceStorage::heap(1500)).unwrap();
//!         iface.add_addr(IpCidr::new([192, 0, 2, number], 24).unwrap()).unwrap();
//!         Self(iface, SocketSet::heap(secret, &SocketCapacity::default()), device)
//!     }
//!
//!     fn poll(&mut self, now: Instant) {
//!         while self.0.poll(now, &mut self.2, &mut self.1).more {}
//!     }
//! }
//!
//! let delay = Duration::from_millis(2);
//! let (wire, one, two) = Wire::new(LinkConfig { delay, ..LinkConfig::default() });
//! let (mut server, mut client) = (Host::new(1, one), Host::new(2, two));
//! let listener = server.1.tcp_listen(7, 8).unwrap();
//! let stream = client.1.tcp_connect(([192, 0, 2, 1], 7)).unwrap();
//!
//! let (mut now, mut accepted, mut said) = (Instant::ZERO, None, false);
//! loop {
//!     server.poll(now);
//!     client.poll(now);
//!
//!     let mut socket = client.1.tcp(stream).unwrap();
//!     if socket.can_send() && !said {
//!         socket.send_slice(b"hello").unwrap();
//!         said = true;
//!     }
//!     accepted = accepted.or(server.1.tcp_accept(listener).unwrap());
//!     if let Some((handle, from)) = accepted {
//!         let mut buffer = [0; 16];
//!         if server.1.tcp(handle).unwrap().recv_slice(&mut buffer) == Ok(5) {
//!             assert_eq!(&buffer[..5], b"hello");
//!             println!("{from} said hello after {now}");
//!             break;
//!         }
//!     }
//!
//!     let next = wire.next_event().min(server.0.poll_at(now, &server.1));
//!     let next = next.min(client.0.poll_at(now, &client.1));
//!     now = next.instant().expect("something is under way");
//! }
//! # }
//! ```
#![no_std]
#![forbid(unsafe_code)]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;

pub mod addr;
mod chaskey;
pub mod iface;
pub mod lowpan;
mod parts;
mod sip;
pub mod socket;
mod storage;

pub use litz_hal as phy;
pub use litz_hal::time;
pub use litz_wire as wire;

pub use addr::{Endpoint, IpCidr, Ipv4Cidr, Ipv6Cidr, ListenEndpoint};
pub use iface::{Budget, Interface, InterfaceStorage, Link, PollResult};
#[cfg(feature = "alloc")]
pub use socket::SocketCapacity;
pub use socket::{
    FrameHandle, IcmpHandle, InterfaceId, ListenerHandle, RawHandle, SocketSet, SocketStorage,
    StaleHandle, TcpHandle, TcpSlot, UdpHandle, UdpMeta, UdpSlot,
};
pub use storage::{Meta, PacketBuffer, PacketMeta, Storage};

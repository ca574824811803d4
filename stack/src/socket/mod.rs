//! Sockets: the host's side of the stack, of no particular interface. [`SocketSet`] holds them all
//! and hands out views on one at a time; everything else here is what those views are made of.

mod datagram;
mod error;
mod icmp;
mod interfaces;
mod report;
mod reported;
mod set;
pub mod tcp;
mod tcp_table;
mod udp;

pub use error::{BindError, ConnectError, ListenError, SendError, StaleHandle};
pub use icmp::{EchoMeta, IcmpHandle, IcmpSlot, IcmpSocket};
pub use interfaces::{AttachError, InterfaceId, InterfaceSlot, PathSlot};
pub use report::{IcmpReport, Quoted};
#[cfg(feature = "alloc")]
pub use set::SocketCapacity;
pub use set::{SocketSet, SocketStorage};
pub use tcp_table::{HalfOpenSlot, ListenerHandle, ListenerSlot, TcpHandle, TcpSlot, TcpSocket};
pub use udp::{UdpHandle, UdpMeta, UdpSlot, UdpSocket};

pub(crate) use interfaces::{Egress, Interfaces, PathKind, Way};
pub(crate) use tcp_table::{TcpCandidate, TcpReply, Tuple};

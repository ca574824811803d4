//! Sockets: the host's side of the stack, of no particular interface. [`SocketSet`] holds them all
//! and hands out views on one at a time; everything else here is what those views are made of.

mod datagram;
mod demux;
mod error;
mod frame;
mod icmp;
#[cfg_attr(not(feature = "router"), path = "interface_id_none.rs")]
mod interface_id;
mod interfaces;
mod membership;
mod raw;
mod report;
mod reported;
mod set;
pub mod tcp;
mod tcp_table;
mod udp;
mod udp_groups;
#[cfg_attr(all(feature = "ipv4", not(feature = "ipv6")), path = "udp_meta_v4.rs")]
pub(crate) mod udp_meta;

pub use datagram::ZeroChecksum;
pub use error::{
    AskError, BindError, ConnectError, ListenError, RecvError, SendError, StaleHandle,
};
pub use frame::{FrameHandle, FrameMeta, FrameSlot, FrameSocket};
pub use icmp::{EchoMeta, IcmpHandle, IcmpSlot, IcmpSocket};
pub use interfaces::{AttachError, InterfaceId, InterfaceSlot, PathSlot};
pub use membership::{FilterMode, JoinError, MembershipSlot};
pub use raw::{RawFilter, RawHandle, RawMeta, RawSlot, RawSocket};
pub use report::{IcmpReport, NetworkError, Quoted};
#[cfg(feature = "alloc")]
pub use set::SocketCapacity;
pub use set::{SocketSet, SocketStorage};
pub use tcp_table::{
    HalfOpenSlot, Interest, ListenerHandle, ListenerSlot, NoWakerSlot, Readiness, TcpDecision,
    TcpHandle, TcpPending, TcpSlot, TcpSocket, TimeWaitSlot, WakerSlot,
};
pub use udp::{UdpHandle, UdpMeta, UdpReceived, UdpSlot, UdpSocket};

pub(crate) use crate::storage::List;
pub(crate) use datagram::{DatagramSlot, DatagramTable};
pub(crate) use demux::Arrival;
pub(crate) use frame::{EVERY_FRAME, key as frame_key};
pub(crate) use interfaces::{Egress, Interfaces, PathKind, Waiting, Way};
pub(crate) use membership::{Concerning, is_permanent};
pub(crate) use tcp_table::{TcpCandidate, TcpReply, Tuple};

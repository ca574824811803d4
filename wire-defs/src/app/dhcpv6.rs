//! DHCP for IPv6 (RFC 8415): messages of clients and servers, and of relay agents. Who says what
//! when is not here.

mod options;

pub use options::*;

use crate::{codes, header};
use core::net::Ipv6Addr;

/// Types of messages (RFC 8415 §7.3).
#[codes(u8)]
pub enum Dhcpv6MessageType {
    Solicit = 1,
    Advertise = 2,
    Request = 3,
    Confirm = 4,
    Renew = 5,
    Rebind = 6,
    Reply = 7,
    Release = 8,
    Decline = 9,
    Reconfigure = 10,
    InformationRequest = 11,
    RelayForward = 12,
    RelayReply = 13,
}

impl Dhcpv6MessageType {
    /// Whether the message is one of relay agents, whose format is another.
    #[inline]
    #[must_use]
    pub const fn is_relay(self) -> bool {
        matches!(self, Self::RelayForward | Self::RelayReply)
    }
}

/// Message between client and server (RFC 8415 §8).
#[header(
    be,
    size = 4..,
    rfc = "8415 §8",
    line = "{msg_type} xid {transaction_id} {options}"
)]
#[check(is_of_client_or_server(msg_type))]
pub struct Dhcpv6<'a> {
    pub msg_type: As<u8, Dhcpv6MessageType>,
    pub transaction_id: u24,
    pub options: Options<'a, Dhcpv6Option<'a>>,
}

/// Message between relay agents and servers (RFC 8415 §9).
#[header(
    be,
    size = 34..,
    rfc = "8415 §9",
    line = "reply {reply} hops {hop_count} link {link_addr} peer {peer_addr} {options}"
)]
pub struct Dhcpv6Relay<'a> {
    /// The type is 12 or 13: forward or reply.
    #[eq(6)]
    relay: u7,
    /// The message is on its way from a server.
    pub reply: bool,
    /// Relay agents before this one.
    pub hop_count: u8,
    /// An address of the link of the client.
    pub link_addr: Ipv6Addr,
    /// Whom the relayed message came from, or is for.
    pub peer_addr: Ipv6Addr,
    /// [`Dhcpv6Option::RelayMessage`] among them.
    pub options: Options<'a, Dhcpv6Option<'a>>,
}

/// Whether a message has the format of clients and servers.
const fn is_of_client_or_server(msg_type: Dhcpv6MessageType) -> bool {
    !msg_type.is_relay()
}

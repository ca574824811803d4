//! Every protocol of litz, declared in its header language; usable alone, for protocols of your
//! own too. It parses and writes; what packets mean is the business of a stack.
//!
//! # Reading
//!
//! A view is checked once and then cannot fail:
//!
//! ```
//! use litz_wire::{EthPayload, EthernetFrame, IpPayload};
//!
//! fn ports(frame: &[u8]) -> litz_wire::Result<Option<(u16, u16)>> {
//!     let frame = EthernetFrame::new_checked(frame)?;
//!     let EthPayload::Ipv4(ip) = EthPayload::select(frame.ethertype(), frame.payload())? else {
//!         return Ok(None);
//!     };
//!     Ok(match IpPayload::select(ip.next_header(), ip.payload())? {
//!         IpPayload::Udp(udp) => Some((udp.src_port(), udp.dst_port())),
//!         IpPayload::Tcp(tcp) => Some((tcp.src_port(), tcp.dst_port())),
//!         _ => None,
//!     })
//! }
//! # assert!(ports(&[0; 4]).is_err());
//! ```
//!
//! # Writing
//!
//! A Repr holds what the layout does not derive. Emitting writes every octet of the header, with a
//! checksum of zero, and returns the rest of the buffer, so that layers follow one another:
//!
//! ```
//! use litz_wire::{Ipv4PacketMut, Ipv4Repr, IpProtocol, PseudoV4, UdpPacketMut, UdpRepr};
//! use std::net::Ipv4Addr;
//!
//! # fn main() -> litz_wire::Result<()> {
//! let (src_addr, dst_addr) = (Ipv4Addr::new(192, 0, 2, 1), Ipv4Addr::new(192, 0, 2, 2));
//! let udp = UdpRepr { src_port: 68, dst_port: 67, payload_len: 5 };
//! let ip = Ipv4Repr {
//!     hop_limit: 64,
//!     next_header: IpProtocol::Udp,
//!     src_addr,
//!     dst_addr,
//!     payload_len: udp.buffer_len(),
//!     ..Ipv4Repr::default()
//! };
//! let mut buf = [0; 33];
//! let segment = ip.emit(&mut buf)?;
//! udp.emit(segment)?.copy_from_slice(b"hello");
//! let pseudo = PseudoV4 { src_addr, dst_addr };
//! UdpPacketMut::new_checked(segment)?.fill_checksum(&pseudo);
//! Ipv4PacketMut::new_checked(&mut buf)?.fill_checksum();
//! # assert!(litz_wire::Ipv4Packet::new_checked(&buf)?.verify_checksum());
//! # Ok(())
//! # }
//! ```
//!
//! # Declare a protocol in 20 lines
//!
//! A crate that depends on this one alone declares its own protocols. A header is a struct whose
//! fields stand on the wire in this order: the width is the type, the role an attribute. This is a
//! tunnel whose header says how long it is:
//!
//! ```
//! use litz_wire::{codes, header};
//!
//! /// What a tunnel carries.
//! #[codes(u4)]
//! pub enum Carried {
//!     /// IPv4.
//!     Ipv4 = 4,
//!     /// IPv6.
//!     Ipv6 = 6,
//! }
//!
//! /// Header of a tunnel.
//! #[header(be, size = 4..=60, line = "{carried} key {key}")]
//! pub struct Tunnel<'a> {
//!     pub carried: As<u4, Carried>,
//!     /// Units of four octets that the header has.
//!     #[len(header = self * 4)]
//!     words: u4,
//!     _reserved: u4,
//!     pub key: u20,
//!     /// Whatever the ends agree on.
//!     pub extra: &'a [u8],
//!     #[payload]
//!     pub payload: &'a [u8],
//! }
//!
//! let repr = TunnelRepr { carried: Carried::Ipv6, key: 7, extra: &[1, 2, 3, 4], payload_len: 1 };
//! let mut buf = [0; 9];
//! assert_eq!(repr.emit(&mut buf), Ok(&mut [0][..]));
//! assert_eq!(buf, [0x62, 0, 0, 7, 1, 2, 3, 4, 0]);
//! let packet = TunnelPacket::new_checked(&buf).unwrap();
//! assert_eq!(packet.to_string(), "Tunnel Ipv6 key 7");
//! assert!(TunnelRepr { key: 1 << 20, ..repr }.emit(&mut buf).is_err());
//! ```
//!
//! From these lines come `TunnelPacket`, `TunnelPacketMut` and `TunnelRepr`, the diagram in their
//! documentation, `Debug`, `Display` and the printers, [`Header::FIELDS`] for tools, with the
//! features `defmt` and `arbitrary` those traits too, and with `laws` what `rt::laws` needs to hold
//! a declaration to its laws, as the tests of this crate do with its own. What a declaration cannot
//! mean does not compile, and the message stands on the word that is wrong.
//!
//! More of the language, each with an example here: bits beside other fields
//! ([`TcpFlags`]), options ([`TcpOption`]), bodies behind a shared header ([`Icmpv4`]), records
//! that are counted ([`Dns`]), fields that may be missing and forms that a tag chooses
//! ([`Ieee802154`], [`Iphc`]), headers that their first bits tell apart ([`Lowpan`]), values with
//! an encoding of their own ([`DnsName`]). The reference is the front page of `litz-wire-macros`.
//!
//! # Printing
//!
//! [`print::Line`] and [`print::Tree`] follow a packet through all layers that are declared here.
//!
//! # What is proven
//!
//! Round trips, prefixes, setters, ranges: the laws in `tests/laws.rs` run over every item of
//! [`for_each_item!`]. That generated code holds no panic is shown by the linker.
#![no_std]
#![forbid(unsafe_code)]

extern crate self as litz_wire;
#[cfg(test)]
extern crate std;

pub mod payload;
pub mod print;
pub mod rt;

pub mod items;
pub mod link {
    //! Link layers.
    pub mod address;
    pub mod arp;
    pub mod ethernet;
    pub mod eui64;
    pub mod ieee8023;
    pub mod linux_sll;
    pub mod llc;
    pub mod short_address;
    mod text;
    pub mod virtio_net;
    pub mod vlan;
}

pub mod net {
    //! Internet layers.
    pub mod address;
    pub mod cidr;
    pub mod duplicate_address;
    pub mod endpoint;
    pub mod float_code;
    pub mod icmpv4;
    pub mod icmpv6;
    pub mod igmp;
    pub mod ipsec;
    pub mod ipv4;
    pub mod ipv6;
    pub mod ipv6_fragment;
    pub mod ipv6_options;
    pub mod ipv6_routing;
    pub mod mld;
    pub mod ndisc;
    pub mod neighbor;
    pub mod protocol;
    pub mod rpl;
}

pub mod transport {
    //! Transport layers.
    pub mod seq;
    pub mod tcp;
    pub mod udp;
    pub mod udp_lite;
}

pub mod app {
    //! Protocols over UDP.
    pub mod coap;
    pub mod dhcpv4;
    pub mod dhcpv6;
    pub mod dns;
    pub mod ntp;
    pub mod zep;
}

pub mod file {
    //! Files of captured packets.
    pub mod pcap;
    pub mod pcapng;
}

pub mod wpan {
    //! The link layer of IEEE 802.15.4.
    pub mod beacon;
    pub mod command;
    pub mod frame;
    pub mod information;
    pub mod security;
    pub(crate) mod text;
}

pub mod lowpan {
    //! IPv6 over IEEE 802.15.4 (RFC 4944, RFC 6282).
    pub mod dispatch;
    pub mod fragment;
    pub mod iphc;
    pub mod mesh;
    pub mod nhc;
    pub(crate) mod text;
}

pub use litz_wire_macros::{bits, codes, forms, header, message, options, payloads};

pub use app::{coap::*, dhcpv4::*, dhcpv6::*, dns::*, ntp::*, zep::*};
pub use file::{pcap::*, pcapng::*};
pub use link::{address::*, arp::*, ethernet::*, eui64::*, ieee8023::*, llc::*};
pub use link::{linux_sll::*, short_address::*, virtio_net::*, vlan::*};
pub use lowpan::{dispatch::*, fragment::*, iphc::*, mesh::*, nhc::*};
pub use net::{cidr::*, duplicate_address::*, endpoint::*};
pub use net::{float_code::*, icmpv4::*, icmpv6::*, igmp::*, ipsec::*, ipv4::*, ipv6::*};
pub use net::{ipv6_fragment::*, ipv6_options::*, ipv6_routing::*, mld::*, ndisc::*, neighbor::*};
pub use net::{protocol::*, rpl::*};
pub use payload::{EthPayload, IpPayload, UdpPayload, UdpPort};
pub use rt::{Array, ChecksumMode, Nested, Options, Records};
pub use rt::{Error, ErrorKind, Header, Result, Sum};
pub use rt::{Pseudo, PseudoHeader, PseudoSum, PseudoV4, PseudoV6};
pub use transport::{seq::*, tcp::*, udp::*, udp_lite::*};
pub use wpan::{beacon::*, command::*, frame::*, information::*, security::*};

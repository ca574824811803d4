//! A received frame on its way up to the IP layer.

use litz_hal::time::Instant;
use litz_hal::{Capabilities, ChecksumStatus, RxMeta, TxToken};
use litz_wire::{EtherType, EthernetAddress, EthernetFrame, VlanPacket};

use super::counters::DropReason;
use super::hardware::HardwareAddr;
use super::mib::Layer;
use super::{Interface, Link};
use crate::lowpan::LinkAddrs;
use crate::parts::{ETHERNET, IEEE802154, POINT};
use crate::socket::SocketSet;

/// What goes with a received frame while it is handled.
pub(crate) struct Context<'c, T> {
    pub(crate) now: Instant,
    pub(crate) caps: &'c Capabilities,
    pub(crate) meta: &'c RxMeta,
    /// The device's promise to take one frame in answer.
    pub(crate) tx: Option<T>,
    /// Whether the packet came in fragments, so that no device has seen its checksum.
    pub(crate) reassembled: bool,
    /// Whether the frame is for a group of stations, or for everybody.
    pub(crate) to_group: bool,
    /// The station that the frame is from, and where an answer goes.
    pub(crate) peer: Option<HardwareAddr>,
    /// How far up it has come.
    pub(crate) layer: Layer,
    /// Octets of the largest packet that the path of the answer takes, if that is known.
    pub(crate) path_mtu: usize,
}

impl<T> Context<'_, T> {
    pub(super) const fn verifies_ip(&self) -> bool {
        self.caps.checksum.ipv4.verify_rx
    }

    pub(super) const fn verifies_icmp(&self) -> bool {
        self.reassembled || (self.unverified() && self.caps.checksum.icmp.verify_rx)
    }

    pub(super) const fn verifies_udp(&self) -> bool {
        self.reassembled || (self.unverified() && self.caps.checksum.udp.verify_rx)
    }

    pub(super) const fn verifies_tcp(&self) -> bool {
        self.reassembled || (self.unverified() && self.caps.checksum.tcp.verify_rx)
    }

    /// Whether the device has said nothing about the transport checksum.
    const fn unverified(&self) -> bool {
        matches!(self.meta.checksum, ChecksumStatus::Unknown)
    }
}

/// Bits of the number in tag control information.
const VLAN_NUMBER: u16 = 0x0fff;

/// What stands behind a tag that says a priority only (IEEE 802.1Q-2018 §6.13).
fn priority_tagged(tag: &[u8]) -> Result<(EtherType, &[u8]), DropReason> {
    let tag = VlanPacket::new_checked(tag).map_err(|_| DropReason::Malformed)?;
    if tag.vlan_id() != 0 {
        return Err(DropReason::Vlan);
    }
    Ok((tag.ethertype(), tag.payload()))
}

/// What became of a packet, if it was not delivered.
pub(crate) type Verdict = Result<(), DropReason>;

impl Interface<'_> {
    /// Handle a frame as the device gave it.
    pub(super) fn frame<T: TxToken>(
        &mut self,
        context: &mut Context<'_, T>,
        frame: &[u8],
        sockets: &mut SocketSet<'_>,
    ) -> Verdict {
        self.copy_frame(context.meta, frame, sockets);
        match self.link {
            Link::Ethernet(own) if ETHERNET => self.ethernet(context, frame, own, sockets),
            Link::Ieee802154(own) if IEEE802154 => self.lowpan(context, frame, own, sockets),
            Link::Ip if POINT => match frame.first().map(|octet| octet >> 4) {
                Some(4) => self.ipv4(context, frame, sockets),
                Some(6) => self.ipv6(context, frame, sockets),
                _ => Err(DropReason::Malformed),
            },
            _ => Err(DropReason::Medium),
        }
    }

    /// What 6LoWPAN has made of a frame, or of several.
    fn lowpan<T: TxToken>(
        &mut self,
        context: &mut Context<'_, T>,
        frame: &[u8],
        own: HardwareAddr,
        sockets: &mut SocketSet<'_>,
    ) -> Verdict {
        let (link, packet) = LinkAddrs::parse(frame).ok_or(DropReason::Malformed)?;
        if link.src == own {
            return Err(DropReason::BadSource);
        }
        context.to_group = !link.dst.is_unicast();
        context.peer = link.src.is_unicast().then_some(link.src);
        self.ipv6(context, packet, sockets)
    }

    fn ethernet<T: TxToken>(
        &mut self,
        context: &mut Context<'_, T>,
        frame: &[u8],
        own: EthernetAddress,
        sockets: &mut SocketSet<'_>,
    ) -> Verdict {
        let frame = EthernetFrame::new_checked(frame).map_err(|_| DropReason::Malformed)?;
        let dst = frame.dst_addr();
        if dst != own && !dst.is_multicast() {
            return Err(DropReason::NotForUs);
        }
        context.to_group = dst.is_multicast();
        let src = frame.src_addr();
        context.peer = src.is_unicast().then_some(src.into());
        let of_vlan = |tci| tci & VLAN_NUMBER != 0;
        if context.meta.vlan.is_some_and(of_vlan) {
            return Err(DropReason::Vlan);
        }
        let (ethertype, payload) = match frame.ethertype() {
            EtherType::Vlan | EtherType::ServiceVlan => priority_tagged(frame.payload())?,
            ethertype => (ethertype, frame.payload()),
        };
        match ethertype {
            EtherType::Ipv4 => self.ipv4(context, payload, sockets),
            EtherType::Ipv6 => self.ipv6(context, payload, sockets),
            EtherType::Arp => self.arp(context, payload, own, sockets),
            _ => Err(DropReason::EtherType),
        }
    }
}

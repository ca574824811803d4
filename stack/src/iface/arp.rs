//! ARP for IPv4 over Ethernet (RFC 826): answering for our addresses, believing answers to our
//! questions, and noticing that somebody else claims an address of ours (RFC 5227).

use core::net::{IpAddr, Ipv4Addr};

use litz_hal::time::Instant;
use litz_hal::{TxMeta, TxToken};
use litz_wire::{
    ArpEthIpv4Packet, ArpEthIpv4Repr, ArpOperation, EtherType, EthernetAddress, EthernetRepr,
};

use super::Interface;
use super::counters::DropReason;
use super::hardware::HardwareAddr;
use super::ingress::{Context, Verdict};
use super::neighbor::Evidence;
use crate::addr::{Ip, full, is_unicast, v4};
use crate::parts::{AUTOCONF, IPV4, IPV6, QUEUE};
use crate::socket::SocketSet;

/// Octets of an ARP packet for IPv4 over Ethernet.
const ARP_LEN: usize = 28;

impl Interface<'_> {
    pub(super) fn arp<T: TxToken>(
        &mut self,
        context: &mut Context<'_, T>,
        packet: &[u8],
        own: EthernetAddress,
        sockets: &SocketSet<'_>,
    ) -> Verdict {
        if !IPV4 {
            return Err(DropReason::EtherType);
        }
        let packet = ArpEthIpv4Packet::new_checked(packet).map_err(|_| DropReason::Malformed)?;
        let arp = ArpEthIpv4Repr::parse(&packet).map_err(|_| DropReason::Malformed)?;
        // A sender address of zero is a probe (RFC 5227 §2.1.1): answered, but nothing to learn.
        let probe = arp.spa.is_unspecified();
        let bad_sender = !is_unicast(IpAddr::V4(arp.spa)) || self.addrs.is_broadcast(arp.spa);
        if !arp.sha.is_unicast() || (bad_sender && !probe) || arp.sha == own {
            return Err(DropReason::NeighborInvalid);
        }
        let claimed = v4(if probe { arp.tpa } else { arp.spa });
        let ours = !probe && self.addrs.owns(claimed);
        if ours || self.addrs.is_tentative(claimed) {
            self.addrs.claimed(claimed, context.now);
            return Err(DropReason::NeighborInvalid);
        }
        let for_us = self.answers_for(v4(arp.tpa), sockets) && arp.spa != arp.tpa;
        match arp.oper {
            ArpOperation::Request => {
                if !probe {
                    let evidence = if for_us { Evidence::Asked } else { told(false) };
                    self.heard(v4(arp.spa), Some(arp.sha.into()), evidence, context.now);
                }
                if for_us {
                    let reply = ArpEthIpv4Repr {
                        oper: ArpOperation::Reply,
                        sha: own,
                        spa: arp.tpa,
                        tha: arp.sha,
                        tpa: arp.spa,
                    };
                    self.reply_arp(context, own, &reply)?;
                }
                Ok(())
            }
            ArpOperation::Reply => {
                let solicited = for_us && arp.tha == own;
                if !self.neighbors.contains(v4(arp.spa)) {
                    return Err(DropReason::NeighborInvalid);
                }
                self.heard(
                    v4(arp.spa),
                    Some(arp.sha.into()),
                    told(solicited),
                    context.now,
                );
                Ok(())
            }
            _ => Err(DropReason::NeighborInvalid),
        }
    }

    /// Take note of a neighbor, and of packets that need wait no longer.
    pub(super) fn heard(
        &mut self,
        addr: Ip,
        told: Option<HardwareAddr>,
        evidence: Evidence,
        now: Instant,
    ) {
        self.forget_route();
        let learned = self.neighbors.learn(addr, told, evidence, now);
        if QUEUE && learned.resolved && !self.pending.is_empty() {
            self.pending.check = true;
        }
        if let IpAddr::V6(addr) = full(addr)
            && IPV6
            && AUTOCONF
        {
            if self.addrs.learned.answers(addr) {
                self.changed();
            }
            if learned.left_routers {
                self.changed();
                self.addrs.learned.no_router(addr);
                self.addrs.refresh();
            }
        }
    }

    fn reply_arp<T: TxToken>(
        &mut self,
        context: &mut Context<'_, T>,
        own: EthernetAddress,
        reply: &ArpEthIpv4Repr,
    ) -> Verdict {
        let tx = context.tx.take().ok_or(DropReason::Device)?;
        // RFC 3927 §2.5: whoever has the same link-local address has to hear it.
        let dst = if reply.spa.is_link_local() {
            EthernetAddress::BROADCAST
        } else {
            reply.tha
        };
        self.send_arp(tx, own, dst, reply)
    }

    /// Ask who has an address: everybody, or the station that had it.
    pub(super) fn request_arp<T: TxToken>(
        &mut self,
        tx: T,
        own: EthernetAddress,
        target: Ipv4Addr,
        station: Option<HardwareAddr>,
    ) -> Verdict {
        let Some(IpAddr::V4(source)) = self.addrs.source_for(v4(target)).map(full) else {
            return Err(DropReason::NoSourceAddress);
        };
        let request = ArpEthIpv4Repr {
            oper: ArpOperation::Request,
            sha: own,
            spa: source,
            tha: EthernetAddress([0; 6]),
            tpa: target,
        };
        let station = station
            .and_then(HardwareAddr::ethernet)
            .filter(|_| !source.is_link_local())
            .unwrap_or(EthernetAddress::BROADCAST);
        self.send_arp(tx, own, station, &request)
    }

    pub(super) fn send_arp<T: TxToken>(
        &mut self,
        tx: T,
        own: EthernetAddress,
        dst: EthernetAddress,
        arp: &ArpEthIpv4Repr,
    ) -> Verdict {
        let frame = EthernetRepr {
            dst_addr: dst,
            src_addr: own,
            ethertype: EtherType::Arp,
            payload_len: ARP_LEN,
        };
        let len = frame.buffer_len();
        let emitted = tx.consume(len, TxMeta::default(), |buffer| {
            frame
                .emit(buffer)
                .and_then(|payload| arp.emit(payload).map(|_| ()))
        });
        self.counters.sent();
        match emitted {
            Ok(Ok(())) => Ok(()),
            _ => Err(DropReason::Device),
        }
    }
}

/// What an ARP packet is worth as an advertisement: it overrides, and says nothing of routers.
const fn told(solicited: bool) -> Evidence {
    Evidence::Advert {
        solicited,
        overrides: true,
        router: None,
    }
}

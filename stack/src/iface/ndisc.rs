//! IPv6 neighbor discovery (RFC 4861 §7.2): answering solicitations for our addresses, and
//! believing advertisements that answer ours. What routers say has a file of its own.

use core::net::Ipv6Addr;

use litz_hal::TxToken;
use litz_wire::rt::{OptionItem, Options, PseudoSum};
use litz_wire::{
    Ecn, Icmpv6HeaderPacket, IpProtocol, Ndisc, NdiscOption, NdiscOptionSet, Neighbor,
    NeighborOption, NeighborOptionSet,
};

use super::Interface;
use super::counters::DropReason;
use super::hardware::HardwareAddr;
use super::icmp::store_checksum;
use super::ingress::{Context, Verdict};
use super::ip::IpInput;
use super::neighbor::Evidence;
use super::output::IpOutput;
use super::path_mtu::UNKNOWN;
use super::router_advert::Advert;
use crate::addr::{Ip, asks_for, is_host, solicited_node, v6};
use crate::parts::{AUTOCONF, REGISTRATION, ROUTER};
use crate::socket::SocketSet;
use litz_hal::Capabilities;

/// Hop limit that proves that a message has not passed a router (RFC 4861 §7.1).
const HOP_LIMIT: u8 = 255;
/// Types of the messages of neighbors.
const SOLICIT: u8 = 135;
const ADVERT: u8 = 136;

impl Interface<'_> {
    /// A message of neighbor discovery. Those of neighbors are read by a declaration of their own:
    /// what routers say is no part of every build.
    pub(super) fn ndisc<T: TxToken>(
        &mut self,
        context: &mut Context<'_, T>,
        input: &IpInput<'_>,
        packet: &Icmpv6HeaderPacket<'_>,
        sockets: &SocketSet<'_>,
    ) -> Verdict {
        if input.hop_limit != HOP_LIMIT {
            return Err(DropReason::NeighborInvalid);
        }
        if !matches!(packet.msg_type(), SOLICIT | ADVERT) {
            return self.of_router(context, input, packet);
        }
        let own = self.hardware_addr().ok_or(DropReason::IcmpIgnored)?;
        match Neighbor::parse(packet).map_err(|_| DropReason::Malformed)? {
            Neighbor::Solicit {
                target_addr,
                options,
            } => {
                let answered = self.answers_for(v6(target_addr), sockets);
                self.solicited(context, input, own, (target_addr, answered), &options)
            }
            Neighbor::Advert {
                router,
                solicited,
                override_,
                target_addr,
                options,
            } => {
                let flags = (router, solicited, override_);
                self.advertised(context, input, own, flags, target_addr, &options)
            }
        }
    }

    /// A message of a router, or for routers.
    fn of_router<T: TxToken>(
        &mut self,
        context: &mut Context<'_, T>,
        input: &IpInput<'_>,
        packet: &Icmpv6HeaderPacket<'_>,
    ) -> Verdict {
        if !(AUTOCONF || ROUTER) {
            return Err(DropReason::IcmpIgnored);
        }
        match Ndisc::parse(packet).map_err(|_| DropReason::Malformed)? {
            Ndisc::RouterAdvert {
                hop_limit,
                managed,
                other,
                preference,
                router_lifetime,
                reachable_time,
                retrans_time,
                options,
                ..
            } if AUTOCONF => {
                let advert = Advert {
                    hop_limit,
                    managed,
                    other,
                    preference,
                    router_lifetime,
                    reachable_time,
                    retrans_time,
                };
                self.router_advertised(context, input, &advert, &options)
            }
            Ndisc::Redirect {
                target_addr,
                dest_addr,
                options,
            } if AUTOCONF => self.redirected(context, input, target_addr, dest_addr, &options),
            Ndisc::RouterSolicit { options } if ROUTER => {
                self.router_sought(context, input, &options)
            }
            _ => Err(DropReason::IcmpIgnored),
        }
    }

    /// RFC 4861 §7.1.1 and §7.2.3, §7.2.4.
    fn solicited<T: TxToken>(
        &mut self,
        context: &mut Context<'_, T>,
        input: &IpInput<'_>,
        own: HardwareAddr,
        (target, answered): (Ipv6Addr, bool),
        options: &Options<'_, NeighborOption<'_>>,
    ) -> Verdict {
        let set =
            NeighborOptionSet::from_options(options).map_err(|_| DropReason::NeighborInvalid)?;
        let source = HardwareAddr::from_option(set.source_link_layer, own);
        let from_nowhere = input.src.is_unspecified();
        let to_group = asks_for(&input.dst, &v6(target));
        if target.is_multicast() || (from_nowhere && (source.is_some() || !to_group)) {
            return Err(DropReason::NeighborInvalid);
        }
        if REGISTRATION && self.registrar.is_on() {
            let set = all_options(options)?;
            if let Some(verdict) = self.registration_asked(context, input, target, &set) {
                return verdict;
            }
        }
        if !answered {
            if from_nowhere && self.addrs.is_tentative(v6(target)) {
                self.contested(target, set.nonce);
            }
            return Err(DropReason::IcmpIgnored);
        }
        if let Some(source) = source {
            self.heard(input.src, Some(source), Evidence::Asked, context.now);
        }
        if self.defer_as_proxy(target, input.src, context.peer, context.now) {
            return Ok(());
        }
        // Duplicate address detection asks from nowhere; it is answered to everybody.
        let dst = if from_nowhere { ALL_NODES } else { input.src };
        if from_nowhere {
            context.peer = None;
        }
        let octets = own.option();
        let octets = octets.as_slice();
        let router = self.is_router();
        // Whoever has the address alone takes precedence (RFC 4861 §7.2.7, §7.2.8).
        let override_ = self.addrs.owns(v6(target));
        let len = NEIGHBOR_HEAD
            .saturating_add(NeighborOption::TargetLinkLayer { addr: octets }.wire_len());
        let output = ndisc_output(self.answers_from(target), dst, len);
        let fill = context.caps.checksum.icmp.fill_tx;
        self.reply(context, &output, &mut |buffer, pseudo| {
            let message = Neighbor::Advert {
                router,
                solicited: !from_nowhere,
                override_,
                target_addr: target,
                options: Options::EMPTY,
            };
            let option = NeighborOption::TargetLinkLayer { addr: octets };
            // Its one option is written behind it: there is no list to walk.
            if let Some((head, rest)) = buffer.split_at_mut_checked(NEIGHBOR_HEAD)
                && message.emit(head).is_ok()
                && option.emit(rest).is_ok()
                && fill
            {
                store_checksum(buffer, pseudo);
            }
        })
    }

    /// RFC 4861 §7.1.2 and §7.2.5.
    fn advertised<T: TxToken>(
        &mut self,
        context: &mut Context<'_, T>,
        input: &IpInput<'_>,
        own: HardwareAddr,
        (router, solicited, overrides): (bool, bool, bool),
        target: Ipv6Addr,
        options: &Options<'_, NeighborOption<'_>>,
    ) -> Verdict {
        let set =
            NeighborOptionSet::from_options(options).map_err(|_| DropReason::NeighborInvalid)?;
        if REGISTRATION
            && self.registering.is_on()
            && let Some(told) = &all_options(options)?.address_registration
        {
            return self.registration_answered(context, input, target, told);
        }
        let to_group = !is_host(&input.dst);
        let target = v6(target);
        if self.addrs.is_tentative(target) {
            self.addrs.lose(target);
            return Err(DropReason::NeighborInvalid);
        }
        if !is_host(&target) || (solicited && to_group) || self.addrs.owns(target) {
            return Err(DropReason::NeighborInvalid);
        }
        let told = HardwareAddr::from_option(set.target_link_layer, own);
        // Nobody who was not asked for makes an entry, and what is asked for is an address.
        let useful = match told {
            Some(_) => self.neighbors.contains(target),
            None => self.neighbors.known(target).is_some(),
        };
        if !useful {
            return Err(DropReason::NeighborInvalid);
        }
        let evidence = Evidence::Advert {
            solicited,
            overrides,
            router: Some(router),
        };
        self.heard(target, told, evidence, context.now);
        Ok(())
    }

    /// Ask who has an address: its solicited-node group, or the station that had it
    /// (RFC 4861 §7.2.2).
    pub(super) fn solicit<T: TxToken>(
        &mut self,
        tx: T,
        caps: &Capabilities,
        own: HardwareAddr,
        target: Ipv6Addr,
        station: Option<HardwareAddr>,
    ) -> Verdict {
        let src = self
            .addrs
            .source_for(v6(target))
            .ok_or(DropReason::NoSourceAddress)?;
        let dst = match station {
            Some(_) => target,
            None => solicited_node(target),
        };
        let octets = own.option();
        let option = [NeighborOption::SourceLinkLayer {
            addr: octets.as_slice(),
        }];
        let message = Neighbor::Solicit {
            target_addr: target,
            options: Options::items(&option),
        };
        let output = ndisc_output(src, v6(dst), message.buffer_len());
        let fill = caps.checksum.icmp.fill_tx;
        self.send_to_station(tx, caps, &output, station, &mut |buffer, pseudo| {
            emit_neighbor(&message, buffer, pseudo, fill);
        })
    }
}

/// Octets of a message of neighbors without its options (RFC 4861 §4.3, §4.4).
const NEIGHBOR_HEAD: usize = 24;

pub(super) const ALL_NODES: Ip = v6(Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 1));

/// The options of a message of neighbors, all that are known.
fn all_options<'o>(
    options: &Options<'o, NeighborOption<'o>>,
) -> Result<NdiscOptionSet<'o>, DropReason> {
    let octets = options.as_bytes().unwrap_or_default();
    NdiscOptionSet::from_options(&Options::<NdiscOption<'_>>::raw(octets))
        .map_err(|_| DropReason::NeighborInvalid)
}

/// Write a message of neighbors with its checksum.
pub(super) fn emit_neighbor(
    message: &Neighbor<'_>,
    buffer: &mut [u8],
    pseudo: &PseudoSum,
    fill: bool,
) {
    if message.emit(buffer).is_ok() && fill {
        store_checksum(buffer, pseudo);
    }
}

pub(super) fn ndisc_output(src: Ip, dst: Ip, payload_len: usize) -> IpOutput {
    IpOutput {
        src,
        dst,
        protocol: IpProtocol::Icmpv6,
        hop_limit: HOP_LIMIT,
        dont_frag: false,
        dscp: 0,
        ecn: Ecn::NotEct,
        payload_len,
        path_mtu: UNKNOWN,
    }
}

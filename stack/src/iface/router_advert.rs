//! What routers say to hosts: advertisements (RFC 4861 §6.1.2, §6.3.4) and redirections (§8.1,
//! §8.3). Everything is bounded: what there is no room for is counted and passed over, and what the
//! host uses is not displaced by what comes later.

use core::net::{IpAddr, Ipv6Addr};

use litz_hal::time::{Duration, Instant};
use litz_wire::rt::{Millis32, Secs16, Secs32};
use litz_wire::{NdiscOption, NdiscOptionSet, RoutePreference, rt::Options};

use super::addresses::after;
use super::counters::DropReason;
use super::hardware::HardwareAddr;
use super::ingress::{Context, Verdict};
use super::ip::IpInput;
use super::neighbor::Evidence;
use super::slaac::{Lifetimes, Work};
use super::{Interface, random_reachable_time};
use crate::addr::{Ipv6Cidr, full, is_unicast, v6};
use crate::parts::Kept;

/// Lifetimes of so many seconds have no end (RFC 4861 §4.6.2).
const INFINITE: u32 = u32::MAX;
/// Hop limits below this are not believed: who is on the link could cut the host off from
/// everybody who is not.
const MIN_HOP_LIMIT: u8 = 32;
/// The longest reachable time that a router may advertise (RFC 4861 §6.2.1).
const MAX_REACHABLE_TIME: Duration = Duration::from_millis(3_600_000);
/// Times between solicitations that are believed: a tenth of the default to a minute.
const RETRANS_TIMES: core::ops::RangeInclusive<u32> = 100..=60_000;
/// MTU that every IPv6 link has (RFC 8200 §5).
const MIN_MTU: u32 = 1280;

/// The fixed part of an advertisement.
pub(super) struct Advert {
    pub(super) hop_limit: u8,
    pub(super) managed: bool,
    pub(super) other: bool,
    pub(super) preference: RoutePreference,
    pub(super) router_lifetime: Secs16,
    pub(super) reachable_time: Millis32,
    pub(super) retrans_time: Millis32,
}

/// The fixed part of a prefix option.
struct PrefixInfo {
    prefix: Ipv6Addr,
    prefix_len: u8,
    on_link: bool,
    autonomous: bool,
    valid: Secs32,
    preferred: Secs32,
}

/// When a lifetime that begins now ends.
fn ends(now: Instant, lifetime: Secs32) -> Instant {
    let Secs32(seconds) = lifetime;
    after(
        now,
        (seconds != INFINITE).then(|| Duration::from_secs(seconds.into())),
    )
}

impl Interface<'_> {
    /// RFC 4861 §6.1.2, §6.3.4.
    pub(super) fn router_advertised<T>(
        &mut self,
        context: &Context<'_, T>,
        input: &IpInput<'_>,
        advert: &Advert,
        options: &Options<'_, NdiscOption<'_>>,
    ) -> Verdict {
        let router = sent_by_neighbor(input)?;
        let set = NdiscOptionSet::from_options(options).map_err(|_| DropReason::NeighborInvalid)?;
        if self.slaac.config().is_none() {
            return Err(DropReason::IcmpIgnored);
        }
        let now = context.now;
        self.changed();
        self.apply_parameters(advert);
        let ip_mtu = u32::try_from(context.caps.ip_mtu).unwrap_or(u32::MAX);
        if let Some(mtu) = set.mtu.filter(|mtu| (MIN_MTU..=ip_mtu).contains(mtu)) {
            self.slaac.work.note(|work| work.info.mtu = Some(mtu));
            self.mtu_v6 = Kept::new(usize::try_from(mtu).ok());
        }
        let Secs16(seconds) = advert.router_lifetime;
        let until = now.saturating_add(Duration::from_secs(seconds.into()));
        let learned = &mut self.addrs.learned;
        let taken = learned.set_router(router, advert.preference, until, now);
        self.slaac.refuse(taken);
        if seconds > 0 {
            self.slaac.work.note(|work| work.solicitation.end());
        }
        if let Some(own) = self.hardware_addr() {
            let told = HardwareAddr::from_option(set.source_link_layer, own);
            self.heard(input.src, told, Evidence::Router, now);
        }
        self.note_router(now, &set, options);
        for option in options.iter().flatten() {
            self.apply_option(router, &option, now);
        }
        self.addrs.refresh();
        Ok(())
    }

    /// Hop limit and timers; zero says nothing.
    fn apply_parameters(&mut self, advert: &Advert) {
        let Some(Work { info, .. }) = self.slaac.work.get_mut() else {
            return;
        };
        info.adverts = info.adverts.wrapping_add(1);
        (info.managed, info.other) = (advert.managed, advert.other);
        if advert.hop_limit >= MIN_HOP_LIMIT {
            info.hop_limit = advert.hop_limit;
        }
        let Millis32(millis) = advert.retrans_time;
        if RETRANS_TIMES.contains(&millis) {
            info.retrans_timer = Duration::from_millis(millis.into());
            self.neighbors.set_retrans_timer(info.retrans_timer);
        }
        let Millis32(millis) = advert.reachable_time;
        let base = Duration::from_millis(millis.into());
        let believed = !base.is_zero() && base <= MAX_REACHABLE_TIME;
        if believed && base != info.reachable_time {
            info.reachable_time = base;
            let time = random_reachable_time(&mut self.random, base);
            self.neighbors.set_reachable_time(time);
        }
    }

    fn apply_option(&mut self, router: Ipv6Addr, option: &NdiscOption<'_>, now: Instant) {
        match *option {
            NdiscOption::Prefix {
                prefix_len,
                on_link,
                autonomous,
                valid_lifetime,
                preferred_lifetime,
                prefix,
                ..
            } => {
                let info = PrefixInfo {
                    prefix,
                    prefix_len,
                    on_link,
                    autonomous,
                    valid: valid_lifetime,
                    preferred: preferred_lifetime,
                };
                self.apply_prefix(router, &info, now);
            }
            NdiscOption::RouteInfo {
                prefix_len,
                preference,
                lifetime,
                prefix,
            } => {
                // RFC 4191 §2.3: with the reserved preference the option is ignored.
                if preference != RoutePreference::Reserved
                    && let Ok(network) = Ipv6Cidr::from_prefix(prefix, prefix_len)
                {
                    let until = ends(now, lifetime);
                    self.apply_route(network.network(), router, preference, until, now);
                }
            }
            NdiscOption::Rdnss { lifetime, servers } => {
                let until = ends(now, lifetime);
                for server in servers.iter().filter(|&addr| is_unicast(IpAddr::V6(addr))) {
                    let taken = self.slaac.dns.set_server(server, until, now);
                    self.slaac.refuse(taken);
                }
            }
            NdiscOption::Dnssl { lifetime, domains } => {
                let until = ends(now, lifetime);
                let taken = self.slaac.dns.set_domains(domains, until, now);
                self.slaac.refuse(taken);
            }
            _ => {}
        }
    }

    /// RFC 4861 §6.3.4 (on the link) and RFC 4862 §5.5.3 (addresses).
    fn apply_prefix(&mut self, router: Ipv6Addr, info: &PrefixInfo, now: Instant) {
        let Ok(cidr) = Ipv6Cidr::new(info.prefix, info.prefix_len) else {
            return;
        };
        let network = cidr.network();
        if network.addr().is_unicast_link_local() || network.addr().is_multicast() {
            return;
        }
        let valid = ends(now, info.valid);
        // RFC 6775 §5.4: nobody else is on the link of who registers.
        if info.on_link && !self.registering.is_on() {
            let learned = &mut self.addrs.learned;
            let taken = learned.set_prefix(network, router, valid, now);
            self.slaac.refuse(taken);
        }
        if info.autonomous && info.preferred <= info.valid {
            let preferred = ends(now, info.preferred);
            let told = Lifetimes { preferred, valid };
            self.autoconfigure(network, told, now);
        }
    }

    /// RFC 4191 §3.1: a route to everywhere is the router's own lifetime.
    fn apply_route(
        &mut self,
        network: Ipv6Cidr,
        router: Ipv6Addr,
        preference: RoutePreference,
        until: Instant,
        now: Instant,
    ) {
        let learned = &mut self.addrs.learned;
        let taken = if network.prefix_len() == 0 {
            learned.set_router(router, preference, until, now)
        } else {
            learned.set_route(network, router, preference, until, now)
        };
        self.slaac.refuse(taken);
    }

    /// RFC 4861 §8.1, §8.3: the router in use says that another first hop is better, or that the
    /// destination is on the link.
    pub(super) fn redirected<T>(
        &mut self,
        context: &Context<'_, T>,
        input: &IpInput<'_>,
        target: Ipv6Addr,
        dst: Ipv6Addr,
        options: &Options<'_, NdiscOption<'_>>,
    ) -> Verdict {
        let router = sent_by_neighbor(input)?;
        let set = NdiscOptionSet::from_options(options).map_err(|_| DropReason::NeighborInvalid)?;
        if !self.slaac.config().is_some_and(|config| config.redirects) {
            return Err(DropReason::IcmpIgnored);
        }
        let to_router = target != dst;
        let sound = is_unicast(IpAddr::V6(dst))
            && (!to_router || target.is_unicast_link_local())
            && !self.has_addr(IpAddr::V6(target))
            && !self.has_addr(IpAddr::V6(dst))
            && self.addrs.next_hop(v6(dst)) == Some(v6(router));
        if !sound {
            return Err(DropReason::NeighborInvalid);
        }
        self.changed();
        self.addrs.learned.redirect(dst, target, context.now);
        self.addrs.refresh();
        if let Some(own) = self.hardware_addr() {
            let told = HardwareAddr::from_option(set.target_link_layer, own);
            let evidence = if to_router {
                Evidence::Router
            } else {
                Evidence::Told
            };
            self.heard(v6(target), told, evidence, context.now);
        }
        Ok(())
    }
}

/// The sender of a message that only a router on the link may send.
fn sent_by_neighbor(input: &IpInput<'_>) -> Result<Ipv6Addr, DropReason> {
    match full(input.src) {
        IpAddr::V6(src) if src.is_unicast_link_local() => Ok(src),
        _ => Err(DropReason::NeighborInvalid),
    }
}

//! A router that advertises itself and its prefixes (RFC 4861 §6.2): at random intervals, and soon
//! after a host has asked. On low-power networks it only answers, each host by itself (RFC 6775
//! §6.3). Whether the host forwards packets is another matter.

mod lowpan;

use core::net::{IpAddr, Ipv6Addr};

use litz_hal::time::{Deadline, Duration, Instant};
use litz_hal::{Capabilities, TxToken};
use litz_wire::rt::{Array, Millis32, Options, Secs16, Secs32};
use litz_wire::{Icmpv6, Ndisc, NdiscOption, NdiscOptionSet, RoutePreference};

pub use self::lowpan::{AdvertisedContext, LowpanAdvert};
use super::addresses::ConfigError;
use super::counters::DropReason;
use super::hardware::HardwareAddr;
use super::icmp::emit_icmpv6;
use super::ingress::{Context, Verdict};
use super::ip::IpInput;
use super::ndisc::ndisc_output;
use super::neighbor::Evidence;
use super::random::Random;
use super::{Interface, Link};
use crate::addr::{Ipv6Cidr, full, kept, v6};

/// RFC 4861 §10: `MAX_INITIAL_RTR_ADVERTISEMENTS`, `MAX_INITIAL_RTR_ADVERT_INTERVAL`,
/// `MIN_DELAY_BETWEEN_RAS`, `MAX_RA_DELAY_TIME`.
const INITIAL_ADVERTS: u8 = 3;
const INITIAL_INTERVAL: Duration = Duration::from_secs(16);
const MIN_DELAY: Duration = Duration::from_secs(3);
const MAX_REPLY_DELAY: Duration = Duration::from_millis(500);
/// RFC 4861 §6.2.1: bounds of `MaxRtrAdvInterval` and `AdvDefaultLifetime`.
const SHORTEST_INTERVAL: Duration = Duration::from_secs(4);
const LONGEST_INTERVAL: Duration = Duration::from_secs(1800);
const LONGEST_LIFETIME: u64 = 9000;
/// Prefixes, and DNS servers, of one advertisement.
const MOST: usize = 8;
const ALL_NODES: Ipv6Addr = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 1);

/// A prefix that a router advertises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AdvertisedPrefix {
    /// The prefix.
    pub network: Ipv6Cidr,
    /// Its addresses are on the link.
    pub on_link: bool,
    /// Hosts make addresses of it.
    pub autonomous: bool,
    /// How long it is valid; without an end if `None`.
    pub valid: Option<Duration>,
    /// How long addresses of it are preferred; without an end if `None`.
    pub preferred: Option<Duration>,
}

/// What a router advertises (RFC 4861 §6.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RouterConfig<'a> {
    /// The longest time between advertisements; the shortest is a third of it.
    pub interval: Duration,
    /// How long hosts use it as a default router; zero if they are not to.
    pub lifetime: Duration,
    /// How much it wants to be used (RFC 4191 §2.1).
    pub preference: RoutePreference,
    /// Hop limit for hosts; zero says nothing.
    pub hop_limit: u8,
    /// MTU of the link.
    pub mtu: Option<u32>,
    /// Prefixes, at most eight.
    pub prefixes: &'a [AdvertisedPrefix],
    /// Recursive DNS servers (RFC 8106), at most eight, used as long as the router is.
    pub dns_servers: &'a [Ipv6Addr],
    /// What a border router of a low-power network adds (RFC 6775).
    pub lowpan: Option<LowpanAdvert<'a>>,
}

impl Default for RouterConfig<'_> {
    /// Advertisements every 200 to 600 seconds, a lifetime of 1,800 seconds, and no prefix.
    fn default() -> Self {
        Self {
            interval: Duration::from_secs(600),
            lifetime: Duration::from_secs(1800),
            preference: RoutePreference::Medium,
            hop_limit: 64,
            mtu: None,
            prefixes: &[],
            dns_servers: &[],
            lowpan: None,
        }
    }
}

/// State of a router that advertises.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Advertiser<'a> {
    config: Option<RouterConfig<'a>>,
    /// The next advertisement.
    due: Deadline,
    /// The last one.
    sent: Option<Instant>,
    /// How many more are sent at short intervals.
    initial: u8,
    /// The next one says that the router is none any more.
    ends: bool,
    /// After the first it only answers.
    quiet: bool,
}

impl Advertiser<'_> {
    const fn is_on(&self) -> bool {
        self.config.is_some() && !self.ends
    }

    const fn due(&self) -> Deadline {
        self.due
    }

    /// A host asks for routers: answer everybody, after a moment, and not more often than every
    /// three seconds (RFC 4861 §6.2.6).
    fn asked(&mut self, now: Instant, random: &mut Random) {
        let earliest = self.sent.map_or(now, |sent| {
            let earliest = sent.saturating_add(MIN_DELAY);
            if earliest > now { earliest } else { now }
        });
        let reply = earliest.saturating_add(random.below(MAX_REPLY_DELAY));
        self.due = self.due.min(Deadline::at(reply));
    }

    /// One has been sent (RFC 4861 §6.2.4).
    fn sent(&mut self, now: Instant, random: &mut Random) {
        self.sent = Some(now);
        let Some(config) = self.config else { return };
        if self.ends {
            *self = Self::default();
            return;
        }
        if self.quiet {
            self.due = Deadline::NEVER;
            return;
        }
        let third = Duration::from_micros(config.interval.total_micros() / 3);
        let mut wait = random.between(third, config.interval);
        if self.initial > 0 {
            self.initial = self.initial.saturating_sub(1);
            wait = wait.min(INITIAL_INTERVAL);
        }
        self.due = Deadline::at(now.saturating_add(wait));
    }
}

/// Seconds of a lifetime, or the value that stands for no end.
fn seconds(lifetime: Option<Duration>) -> Secs32 {
    let seconds = lifetime.map(|lifetime| lifetime.total_millis() / 1000);
    Secs32(seconds.map_or(u32::MAX, |seconds| {
        u32::try_from(seconds).unwrap_or(u32::MAX)
    }))
}

impl<'a> Interface<'a> {
    /// Begin to advertise the interface as a router, or change what it advertises.
    ///
    /// # Errors
    /// [`ConfigError::Full`] for more than eight prefixes, servers or contexts;
    /// [`ConfigError::Interval`] if interval or lifetime are out of the bounds of RFC 4861 §6.2.1.
    pub fn advertise(&mut self, config: RouterConfig<'a>, now: Instant) -> Result<(), ConfigError> {
        let contexts = config.lowpan.map_or(0, |lowpan| lowpan.contexts.len());
        let longest = config.prefixes.len().max(config.dns_servers.len());
        if longest.max(contexts) > MOST {
            return Err(ConfigError::Full);
        }
        let lifetime = config.lifetime.total_millis() / 1000;
        // RFC 6775 §6.2: on low-power networks as long as the field goes.
        let longest = match self.link {
            Link::Ieee802154(_) => u64::from(u16::MAX),
            _ => LONGEST_LIFETIME,
        };
        let in_bounds = (SHORTEST_INTERVAL..=LONGEST_INTERVAL).contains(&config.interval)
            && lifetime <= longest
            && (lifetime == 0 || config.lifetime >= config.interval);
        if !in_bounds {
            return Err(ConfigError::Interval);
        }
        let quiet = matches!(self.link, Link::Ieee802154(_));
        self.advertiser.note(|advertiser| {
            *advertiser = Advertiser {
                config: Some(config),
                due: Deadline::at(now),
                sent: advertiser.sent,
                initial: INITIAL_ADVERTS,
                ends: false,
                quiet,
            };
        });
        self.router_changed();
        Ok(())
    }

    /// Tell everybody that the interface is a router no more (RFC 4861 §6.2.5), and be silent.
    pub fn stop_advertising(&mut self, now: Instant) {
        self.advertiser.note(|advertiser| {
            if advertiser.is_on() {
                advertiser.ends = true;
                advertiser.due = Deadline::at(now);
            }
        });
        self.router_changed();
    }

    /// What the interface advertises, as long as it is a router.
    pub(super) fn advertises(&self) -> Option<&Advertiser<'a>> {
        self.advertiser
            .get()
            .filter(|advertiser| advertiser.is_on())
    }

    /// When the next advertisement is due.
    pub(super) fn advert_at(&self) -> Deadline {
        let advertiser = self.advertiser.get();
        advertiser.map_or(Deadline::NEVER, Advertiser::due)
    }

    /// RFC 4861 §6.1.1, §6.2.6: a host asks for routers.
    pub(super) fn router_sought<T: TxToken>(
        &mut self,
        context: &mut Context<'_, T>,
        input: &IpInput<'_>,
        options: &Options<'_, NdiscOption<'_>>,
    ) -> Verdict {
        let Some(Advertiser { quiet, .. }) = self.advertises().copied() else {
            return Err(DropReason::IcmpIgnored);
        };
        let set = NdiscOptionSet::from_options(options).map_err(|_| DropReason::NeighborInvalid)?;
        if input.src.is_unspecified() {
            if set.source_link_layer.is_some() {
                return Err(DropReason::NeighborInvalid);
            }
        } else if let Some(own) = self.hardware_addr() {
            let told = HardwareAddr::from_option(set.source_link_layer, own);
            self.heard(input.src, told, Evidence::SoughtRouter, context.now);
            if quiet {
                return self.answer_host(context, full(input.src));
            }
        }
        let random = &mut self.random;
        self.advertiser.note(|all| all.asked(context.now, random));
        Ok(())
    }

    /// Advertise the interface, if it has an address to do so from.
    pub(super) fn send_advert<T: TxToken>(
        &mut self,
        tx: T,
        now: Instant,
        caps: &Capabilities,
    ) -> Verdict {
        let Some(advertiser) = self.advertiser.get_mut() else {
            return Ok(());
        };
        let Advertiser { config, ends, .. } = *advertiser;
        advertiser.sent(now, &mut self.random);
        let Some(config) = config else { return Ok(()) };
        let src = self.addrs.link_local().ok_or(DropReason::NoSourceAddress)?;
        let fill = caps.checksum.icmp.fill_tx;
        config.with_advert(self.hardware_addr(), ends, |message| {
            let output = ndisc_output(v6(src), v6(ALL_NODES), message.buffer_len());
            self.send_to_station(tx, caps, &output, None, &mut |buffer, pseudo| {
                emit_icmpv6(message, buffer, pseudo, fill);
            })
        })
    }

    /// RFC 6775 §6.3: the host that asks gets an answer of its own, at once.
    fn answer_host<T: TxToken>(&mut self, context: &mut Context<'_, T>, host: IpAddr) -> Verdict {
        let advertiser = self.advertises().ok_or(DropReason::IcmpIgnored)?;
        let config = advertiser.config.ok_or(DropReason::IcmpIgnored)?;
        let src = self.addrs.link_local().ok_or(DropReason::NoSourceAddress)?;
        let fill = context.caps.checksum.icmp.fill_tx;
        config.with_advert(self.hardware_addr(), false, |message| {
            let output = ndisc_output(v6(src), kept(host), message.buffer_len());
            self.reply(context, &output, &mut |buffer, pseudo| {
                emit_icmpv6(message, buffer, pseudo, fill);
            })
        })
    }
}

impl RouterConfig<'_> {
    /// Hand the advertisement to `f`; one that ends what was said before, if `ends`.
    fn with_advert<R>(
        &self,
        own: Option<HardwareAddr>,
        ends: bool,
        f: impl FnOnce(&Icmpv6<'_>) -> R,
    ) -> R {
        let own = own.map(HardwareAddr::option);
        let nothing = NdiscOption::Mtu { mtu: 0 };
        let mut items = [nothing; MOST + MOST + lowpan::OPTIONS + 3];
        let lifetime = if ends { Duration::ZERO } else { self.lifetime };
        let link_layer = own.as_ref().map(|own| NdiscOption::SourceLinkLayer {
            addr: own.as_slice(),
        });
        let servers = (!self.dns_servers.is_empty()).then(|| NdiscOption::Rdnss {
            lifetime: seconds(Some(lifetime)),
            servers: Array::from_values(self.dns_servers),
        });
        let mut prefixes = [[0; 16]; MOST];
        let lowpan = self.lowpan.as_ref();
        let lowpan = lowpan.map(|lowpan| lowpan.options(&mut prefixes));
        let wanted = link_layer
            .into_iter()
            .chain(self.mtu.map(|mtu| NdiscOption::Mtu { mtu }))
            .chain(self.prefixes.iter().map(prefix_option))
            .chain(servers)
            .chain(lowpan.into_iter().flatten());
        let mut count = 0_usize;
        for (item, wanted) in items.iter_mut().zip(wanted) {
            *item = wanted;
            count = count.saturating_add(1);
        }
        let lifetime = u16::try_from(lifetime.total_millis() / 1000).unwrap_or(u16::MAX);
        f(&Icmpv6::Ndisc(Ndisc::RouterAdvert {
            hop_limit: self.hop_limit,
            managed: false,
            other: false,
            home_agent: false,
            preference: self.preference,
            proxy: false,
            router_lifetime: Secs16(lifetime),
            reachable_time: Millis32(0),
            retrans_time: Millis32(0),
            options: Options::items(items.get(..count).unwrap_or(&[])),
        }))
    }
}

fn prefix_option<'o>(prefix: &AdvertisedPrefix) -> NdiscOption<'o> {
    NdiscOption::Prefix {
        prefix_len: prefix.network.prefix_len(),
        on_link: prefix.on_link,
        autonomous: prefix.autonomous,
        router_addr: false,
        valid_lifetime: seconds(prefix.valid),
        preferred_lifetime: seconds(prefix.preferred),
        prefix: prefix.network.network().addr(),
    }
}

#[cfg(test)]
mod tests;

//! Addresses of the interface as the program sees them, and the questions whether somebody else has
//! one: duplicate address detection (RFC 4862 §5.4, with the nonce of RFC 7527), probes and
//! announcements of IPv4 (RFC 5227).

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use litz_hal::time::{Deadline, Instant};
use litz_hal::{Capabilities, TxToken};
use litz_wire::{
    ArpEthIpv4Repr, ArpOperation, EthernetAddress, Neighbor, NeighborOption, rt::Options,
};

use super::addresses::{
    AddrConfig, AddrInfo, AddrOrigin, Aged, CheckStep, ConfigError, OwnAddr, Policy,
};
use super::ingress::Verdict;
use super::ipv4_link_local::is_ipv4_link_local;
use super::ndisc::{emit_neighbor, ndisc_output};
use super::source::order_by;
use super::{Interface, Link};
use crate::addr::{IpCidr, full, full_net, kept, solicited_node, v6};
use crate::parts::{AUTOCONF, IPV4, IPV6, ROUTER, part};
use crate::socket::SocketSet;

/// Questions for one address at most, each with a nonce of its own.
const MAX_QUESTIONS: u8 = 4;

impl<'a> Interface<'a> {
    /// Give the interface an address that the program knows to be its own: it is used at once. One
    /// that it has already gets the new prefix. [`Interface::add_addr_with`] asks first whether
    /// somebody else has it.
    ///
    /// # Errors
    /// [`ConfigError::Full`], or [`ConfigError::Address`] for what is no unicast address.
    pub fn add_addr(&mut self, cidr: IpCidr) -> Result<(), ConfigError> {
        self.add_addr_with(cidr, AddrConfig::STATIC, Instant::ZERO)
    }

    /// Give the interface an address with lifetimes, or one that is asked for first. One that it
    /// has already gets the new prefix and lifetimes, and is asked for only if it was found to be
    /// somebody else's before.
    ///
    /// # Errors
    /// [`ConfigError::Full`], [`ConfigError::Address`] for what is no unicast address, and
    /// [`ConfigError::Detection`] or [`ConfigError::Lifetime`] of a build that cannot do that.
    pub fn add_addr_with(
        &mut self,
        cidr: IpCidr,
        config: AddrConfig,
        now: Instant,
    ) -> Result<(), ConfigError> {
        let wanted = config.detect;
        let config = AddrConfig {
            detect: config.detect && self.link.detects(),
            ..config
        };
        if config.detect && !AUTOCONF {
            return Err(ConfigError::Detection);
        }
        let ends = config.preferred.is_some() || config.valid.is_some();
        if ends && !AUTOCONF {
            return Err(ConfigError::Lifetime);
        }
        self.changed();
        let addr = kept(cidr.addr());
        let registers = wanted
            && self.awaits_registration(cidr.addr())
            && !self.addrs.all().any(|own| own.addr() == addr);
        self.addrs
            .add(cidr, AddrOrigin::Manual, &config, now, &mut self.random)?;
        if registers {
            self.addrs.await_registration(addr);
        }
        Ok(())
    }

    /// Take an address away, and end the TCP connections that use it. Returns whether it was there.
    pub fn remove_addr(&mut self, addr: IpAddr, sockets: &mut SocketSet<'_>) -> bool {
        self.changed();
        let addr = kept(addr);
        let removed = self.addrs.remove(addr);
        if removed {
            sockets.tcp.abandon(addr);
        }
        removed
    }

    /// The interface's addresses that are used: neither tentative nor somebody else's.
    pub fn addrs(&self) -> impl Iterator<Item = IpCidr> {
        self.addrs.iter().map(full_net)
    }

    /// Every address of the interface, with its state, origin and lifetimes.
    pub fn addr_infos(&self) -> impl Iterator<Item = AddrInfo> {
        self.addrs.all().map(OwnAddr::info)
    }

    /// Whether an address is one of the interface's own, and used.
    #[must_use]
    pub fn has_addr(&self, addr: IpAddr) -> bool {
        self.addrs.owns(kept(addr))
    }

    /// Choose source addresses by another policy table than [`DEFAULT_POLICY`] (RFC 6724 §2.1). A
    /// build without the feature `autoconf` has none to choose by.
    ///
    /// [`DEFAULT_POLICY`]: super::source::DEFAULT_POLICY
    pub fn set_policy(&mut self, policy: &'a [Policy]) {
        self.addrs.set_policy(policy);
    }

    /// Order the addresses of a host as they are best tried, by what this interface would send to
    /// them from (RFC 6724 §6).
    pub fn order_destinations(&self, addrs: &mut [IpAddr]) {
        let describe = |&addr: &IpAddr| self.addrs.destination(kept(addr));
        order_by(addrs, describe, self.addrs.policy());
    }

    /// Do what time does to addresses and to what routers told.
    #[inline]
    pub(super) fn run_lifetimes(&mut self, now: Instant, sockets: &mut SocketSet<'_>) {
        if !AUTOCONF {
            return;
        }
        if self.slaac.dns.expires_at().is_due(now) {
            self.slaac.dns.expire(now);
        }
        if self.addrs.ages_at().is_due(now) {
            self.age(now, sockets);
        }
        self.sync_registrations(now);
    }

    #[inline(never)]
    fn age(&mut self, now: Instant, sockets: &mut SocketSet<'_>) {
        self.changed();
        let had_router = !self.addrs.learned.has_no_router();
        while let Some(aged) = self.addrs.age(now) {
            match aged {
                Aged::Gone(gone) => sockets.tcp.abandon(gone.addr()),
                Aged::Lost(lost) => {
                    sockets.tcp.abandon(lost.addr());
                    self.replace(&lost, now);
                }
                Aged::Renew(old) => self.renew_temporary(&old, now),
            }
        }
        if had_router && self.addrs.learned.has_no_router() && self.slaac.config().is_some() {
            self.slaac.look_for_routers(now, &mut self.random);
        }
    }

    /// When something is to be sent that belongs to the interface itself.
    #[inline]
    pub(super) fn duty_at(&self) -> Deadline {
        let own = self.addrs.checks_at().min(self.slaac.solicit_at());
        let advert = self.advert_at();
        let proxied = part(ROUTER, self.addrs.served.due());
        part(AUTOCONF, own)
            .min(advert)
            .min(proxied)
            .min(self.registration_at())
    }

    /// Send what belongs to the interface itself, if it is time.
    pub(super) fn send_duty<T: TxToken>(
        &mut self,
        tx: T,
        now: Instant,
        caps: &Capabilities,
    ) -> Verdict {
        if AUTOCONF && self.addrs.checks_at().is_due(now) {
            self.send_check(tx, now, caps)
        } else if AUTOCONF && IPV6 && self.slaac.solicit_at().is_due(now) {
            self.solicit_routers(tx, now, caps)
        } else if IPV6 && self.advert_at().is_due(now) {
            self.send_advert(tx, now, caps)
        } else if ROUTER && IPV6 && self.addrs.served.due().is_due(now) {
            self.answer_as_proxy(tx, now, caps)
        } else if self.registration_at().is_due(now) {
            self.send_registration(tx, now, caps)
        } else {
            Ok(())
        }
    }

    /// Ask for an address, or announce it, if it is time.
    fn send_check<T: TxToken>(&mut self, tx: T, now: Instant, caps: &Capabilities) -> Verdict {
        self.changed();
        let retrans = self.neighbors.retrans_timer();
        let step = self.addrs.next_check(now, retrans, &mut self.random);
        let (Some(step), Link::Ethernet(own)) = (step, self.link) else {
            return Ok(());
        };
        match step {
            CheckStep::Ask { addr, number } => match full(addr) {
                IpAddr::V4(addr) if IPV4 => self.announce_arp(tx, own, Ipv4Addr::UNSPECIFIED, addr),
                IpAddr::V6(addr) if IPV6 => self.ask_for(tx, caps, addr, number),
                _ => Ok(()),
            },
            CheckStep::Announce(addr) => match full(addr) {
                IpAddr::V4(addr) if IPV4 => self.announce_arp(tx, own, addr, addr),
                _ => Ok(()),
            },
        }
    }

    /// An ARP probe, whose sender has no address yet, or an announcement (RFC 5227 §2.1.1, §2.3).
    fn announce_arp<T: TxToken>(
        &mut self,
        tx: T,
        own: EthernetAddress,
        sender: Ipv4Addr,
        addr: Ipv4Addr,
    ) -> Verdict {
        let packet = ArpEthIpv4Repr {
            oper: ArpOperation::Request,
            sha: own,
            spa: sender,
            tha: EthernetAddress([0; 6]),
            tpa: addr,
        };
        self.send_arp(tx, own, EthernetAddress::BROADCAST, &packet)
    }

    /// RFC 4862 §5.4.2: ask from nowhere whether somebody has the address. The nonce tells the
    /// question from another's if it comes back to us (RFC 7527 §4.1).
    fn ask_for<T: TxToken>(
        &mut self,
        tx: T,
        caps: &Capabilities,
        addr: Ipv6Addr,
        number: u8,
    ) -> Verdict {
        let nonce = self.nonce(addr, number);
        let option = [NeighborOption::Nonce { nonce: &nonce }];
        let message = Neighbor::Solicit {
            target_addr: addr,
            options: Options::items(&option),
        };
        let group = v6(solicited_node(addr));
        let output = ndisc_output(v6(Ipv6Addr::UNSPECIFIED), group, message.buffer_len());
        let fill = caps.checksum.icmp.fill_tx;
        self.send_to_station(tx, caps, &output, None, &mut |buffer, pseudo| {
            emit_neighbor(&message, buffer, pseudo, fill);
        })
    }

    /// The nonce of the question of this number for an address.
    fn nonce(&self, addr: Ipv6Addr, number: u8) -> [u8; 6] {
        let mut input = [number; 17];
        crate::storage::put(&mut input, &addr.octets());
        let [a, b, c, d, e, f, ..] = self.random.keyed(b"dad ", &input).to_be_bytes();
        [a, b, c, d, e, f]
    }

    /// Somebody asks from nowhere for an address that is tentative here: another host that wants
    /// it too, or our own question come back (RFC 4862 §5.4.3, RFC 7527 §4.2).
    pub(super) fn contested(&mut self, addr: Ipv6Addr, nonce: Option<&[u8]>) {
        let ours = (1..=MAX_QUESTIONS).any(|number| nonce == Some(&self.nonce(addr, number)[..]));
        if ours {
            self.addrs.looped(v6(addr));
        } else {
            self.addrs.lose(v6(addr));
        }
    }

    /// Take another address in the place of one that somebody else has, if the interface made it
    /// itself.
    fn replace(&mut self, lost: &OwnAddr, now: Instant) {
        if is_ipv4_link_local(lost) {
            self.replace_ipv4_link_local(lost, now);
        } else {
            self.replace_formed(lost, now);
        }
    }
}

//! Neighbor discovery of low-power networks (RFC 6775, with the extended registration of RFC
//! 8505): a host tells its router of its addresses and asks it again for what it advertised, by
//! unicast; nobody is asked by multicast, and nobody is on the link but by registration. A router
//! keeps who has registered, and answers.
//!
//! Contexts of compression are the adaptation layer's ([`Lowpan`](crate::lowpan::Lowpan)); what a
//! border router advertises stands in [`LowpanAdvert`](super::LowpanAdvert). Between host and
//! border router there may be routers, which ask the border router about each registration.

mod asking;
mod confirming;
mod duplicates;
mod owner;
mod registering;
mod registrar;

pub(super) use self::asking::CAPABILITIES;
pub use self::confirming::ConfirmationSlot;
pub use self::owner::Owner;
pub(crate) use self::registering::Registering;
pub use self::registering::{RegistrationConfig, RegistrationSlot, RegistrationState};
pub(crate) use self::registrar::Registrar;
pub use self::registrar::{RegisteredAddr, RegisteredAt, RegisteredSlot};

use core::net::{IpAddr, Ipv6Addr};

use litz_hal::TxToken;
use litz_hal::time::{Duration, Instant};
use litz_wire::rt::{Options, Secs32};
use litz_wire::{
    Icmpv6, Ndisc, NdiscOption, NdiscOptionAddressRegistration, NdiscOptionSet, RegistrationStatus,
};

use self::confirming::Reply;
use self::registering::{Answer, Outcome};
use self::registrar::Ask;
use super::addresses::ConfigError;
use super::counters::DropReason;
use super::hardware::HardwareAddr;
use super::icmp::emit_icmpv6;
use super::ingress::{Context, Verdict};
use super::ip::IpInput;
use super::ndisc::ndisc_output;
use super::{Interface, Link};
use crate::addr::{Ip, full, is_host, is_unicast, v6};
use crate::parts::Kept;
use crate::storage::Storage;

/// Seconds of a lifetime without an end (RFC 4861 §4.6.2).
const INFINITE: Secs32 = Secs32(u32::MAX);

impl<'a> Interface<'a> {
    /// Register the interface's addresses with its default router, from now on and by itself
    /// (RFC 6775 §5.5, RFC 8505 §5): those that are not link-local, wherever they come from. An
    /// address that the interface makes itself is tentative until a router has registered it.
    /// Routers and prefixes are learned with [`Interface::start_slaac`], contexts by the device.
    ///
    /// # Errors
    /// [`ConfigError::HardwareAddr`] unless the link is one of IEEE 802.15.4;
    /// [`ConfigError::Interval`] for a lifetime of zero.
    pub fn start_registration(
        &mut self,
        config: RegistrationConfig,
        storage: impl Into<Storage<'a, RegistrationSlot>>,
    ) -> Result<(), ConfigError> {
        if !matches!(self.link, Link::Ieee802154(_)) {
            return Err(ConfigError::HardwareAddr);
        }
        if config.minutes == 0 {
            return Err(ConfigError::Interval);
        }
        // Other than it is, so that the addresses of now are seen.
        let seen = self.addrs.changes.wrapping_sub(1);
        self.registering = Registering::new(config, storage.into(), seen);
        self.slaac.work.note(|work| work.solicitation.be_brief());
        Ok(())
    }

    /// Let hosts register their addresses here (RFC 6775 §6.5), at most so many of one station.
    /// From now on only who is registered is sent to, beside link-local addresses.
    ///
    /// # Errors
    /// [`ConfigError::HardwareAddr`] unless the link is one of IEEE 802.15.4;
    /// [`ConfigError::Full`] for a quota of zero.
    pub fn start_registrar(
        &mut self,
        quota: usize,
        storage: impl Into<Storage<'a, RegisteredSlot>>,
    ) -> Result<(), ConfigError> {
        if !matches!(self.link, Link::Ieee802154(_)) {
            return Err(ConfigError::HardwareAddr);
        }
        if quota == 0 {
            return Err(ConfigError::Full);
        }
        self.changed();
        self.registrar = Registrar::new(quota, storage.into());
        Ok(())
    }

    /// The addresses that are registered with routers, or are to be.
    pub fn registrations(&self) -> impl Iterator<Item = (Ipv6Addr, RegistrationState)> {
        self.registering.iter()
    }

    /// The hosts that are registered here.
    pub fn registered(&self, now: Instant) -> impl Iterator<Item = RegisteredAddr> {
        self.registrar.iter(now)
    }

    /// Forget that an address is registered here. Returns whether it was.
    pub fn unregister(&mut self, addr: Ipv6Addr) -> bool {
        self.changed();
        self.registrar.remove(addr)
    }
}

impl Interface<'_> {
    /// The station that a next hop is: the one that has registered it, else the one that it was
    /// heard from, else the one that its identifier is made of (RFC 6775 §5.6). A router of hosts
    /// that register sends to no other.
    pub(super) fn lowpan_station(
        &self,
        hop: Ip,
        derived: HardwareAddr,
        now: Instant,
    ) -> Result<HardwareAddr, DropReason> {
        if !self.registrar.is_on() {
            return Ok(self.neighbors.known(hop).unwrap_or(derived));
        }
        if let Some(station) = self.registrar.station(full(hop), now) {
            return Ok(station);
        }
        let local = matches!(full(hop), IpAddr::V6(hop) if hop.is_unicast_link_local());
        if !local {
            return Err(DropReason::Unresolved);
        }
        Ok(self.neighbors.known(hop).unwrap_or(derived))
    }

    /// RFC 6775 §6.5, RFC 8505 §5: a host asks to be registered. `None` if its message is one that
    /// only asks for our address.
    pub(super) fn registration_asked<T: TxToken>(
        &mut self,
        context: &mut Context<'_, T>,
        input: &IpInput<'_>,
        target: Ipv6Addr,
        set: &NdiscOptionSet<'_>,
    ) -> Option<Verdict> {
        if !self.registrar.is_on() || input.src.is_unspecified() {
            return None;
        }
        let asked = set.address_registration?;
        let own = self.hardware_addr()?;
        let station = HardwareAddr::from_option(set.source_link_layer, own)?;
        let addr = match (asked.with_id, full(input.src)) {
            (true, _) => target,
            (false, IpAddr::V6(src)) => src,
            (false, IpAddr::V4(_)) => return None,
        };
        let invalid = Some(Err(DropReason::NeighborInvalid));
        let Some(owner) = Owner::new(asked.owner) else {
            return invalid;
        };
        if !is_unicast(IpAddr::V6(addr)) || is_another(context.peer, station) {
            return invalid;
        }
        let ask = Ask {
            addr,
            at: RegisteredAt::Station(station),
            owner,
            number: asked.with_id.then_some(asked.transaction_id),
            minutes: asked.lifetime_minutes,
            authentic: context.meta.authentic,
        };
        let IpAddr::V6(from) = full(input.src) else {
            return invalid;
        };
        let reply = Reply::new((from, target), &asked, owner);
        let now = context.now;
        let confirms = self.registrar.confirming.is_for(addr);
        let status = match (self.addrs.owns(v6(addr)), confirms) {
            (true, _) => Some(RegistrationStatus::Duplicate),
            (false, true) => self.registrar.check(now, &ask),
            (false, false) => self.registrar.judge(now, &ask),
        };
        let Some(status) = status else {
            return invalid;
        };
        if confirms && status == RegistrationStatus::Success {
            return Some(match self.registrar.confirming.keep(ask, reply, now) {
                true => Ok(()),
                false => Err(DropReason::PendingFull),
            });
        }
        self.changed();
        Some(self.answer_registration(context, &reply, status))
    }

    /// Tell a host what became of its registration.
    fn answer_registration<T: TxToken>(
        &mut self,
        context: &mut Context<'_, T>,
        reply: &Reply,
        status: RegistrationStatus,
    ) -> Verdict {
        let refused = status != RegistrationStatus::Success;
        let with_id = reply.number.is_some();
        // RFC 6775 §6.5.2: the source is not the host's, if it is another's.
        let dst = match reply.owner.eui64() {
            Some(eui64) if refused && !with_id => eui64.link_local(),
            _ => reply.from,
        };
        let (opaque, info, inject) = reply.repeated();
        let option = [NdiscOption::AddressRegistration {
            status,
            opaque,
            info,
            inject,
            with_id,
            transaction_id: reply.number.unwrap_or(0),
            lifetime_minutes: reply.minutes,
            owner: reply.owner.as_slice(),
        }];
        let message = Icmpv6::Ndisc(Ndisc::NeighborAdvert {
            router: true,
            solicited: true,
            override_: false,
            target_addr: reply.target,
            options: Options::items(&option),
        });
        let own = self.addrs.link_local().ok_or(DropReason::NoSourceAddress)?;
        let output = ndisc_output(v6(own), v6(dst), message.buffer_len());
        let fill = context.caps.checksum.icmp.fill_tx;
        self.reply(context, &output, &mut |buffer, pseudo| {
            emit_icmpv6(&message, buffer, pseudo, fill);
        })
    }

    /// A router says what became of a registration of ours.
    pub(super) fn registration_answered<T>(
        &mut self,
        context: &Context<'_, T>,
        input: &IpInput<'_>,
        target: Ipv6Addr,
        told: &NdiscOptionAddressRegistration<'_>,
    ) -> Verdict {
        let config = *self.registering.config().ok_or(DropReason::IcmpIgnored)?;
        let (IpAddr::V6(router), IpAddr::V6(dst)) = (full(input.src), full(input.dst)) else {
            return Err(DropReason::NeighborInvalid);
        };
        if Owner::new(told.owner) != Some(config.owner) || !is_host(&input.dst) {
            return Err(DropReason::NeighborInvalid);
        }
        let addr = match told.with_id {
            true => Some(target),
            false => Some(dst).filter(|dst| !dst.is_unicast_link_local()),
        };
        let answer = Answer {
            addr,
            router,
            number: told.with_id.then_some(told.transaction_id),
            status: told.status,
            minutes: told.lifetime_minutes,
        };
        let now = context.now;
        let outcome = self.registering.answered(now, &answer, &mut self.random);
        match outcome.ok_or(DropReason::NeighborInvalid)? {
            Outcome::Ours(addr) => self.addrs.granted(v6(addr), now),
            Outcome::Lost(addr) => self.addrs.lose(v6(addr)),
            Outcome::Later => {}
        }
        self.addrs.learned.answers(router);
        self.changed();
        Ok(())
    }

    /// Whether an address is used only when a router has registered it. Routers of RFC 6775 alone
    /// answer to the address that is registered, so it has to be used before.
    pub(super) fn awaits_registration(&self, addr: IpAddr) -> bool {
        let global = matches!(addr, IpAddr::V6(addr) if !addr.is_unicast_link_local());
        global && self.registering.is_on() && self.registering.is_extended()
    }

    /// A router has advertised itself to a host that registers: what it knows, and when what it
    /// said ends.
    pub(super) fn note_router(
        &mut self,
        now: Instant,
        set: &NdiscOptionSet<'_>,
        options: &Options<'_, NdiscOption<'_>>,
    ) {
        if !self.registering.is_on() {
            return;
        }
        let extended = set.capabilities.is_some_and(|known| known.registration);
        self.registering.extended = Kept::new(extended);
        let seconds = options.iter().flatten().filter_map(|option| match option {
            NdiscOption::Prefix { valid_lifetime, .. } if valid_lifetime != INFINITE => {
                Some(u64::from(valid_lifetime.0))
            }
            NdiscOption::LowpanContext {
                lifetime_minutes, ..
            } => Some(u64::from(lifetime_minutes).saturating_mul(60)),
            _ => None,
        });
        let spans = seconds.filter(|&seconds| seconds > 0);
        // Another router may end before.
        let routers = self.addrs.learned.routers();
        let routers = routers.filter_map(|router| router.until.remaining(now));
        let first = spans.map(Duration::from_secs).chain(routers).min();
        self.registering.advertised(now, first);
    }
}

/// Whether a station that a message names is not the one that the frame came from. A station may
/// name the other one of its two addresses.
fn is_another(from: Option<HardwareAddr>, named: HardwareAddr) -> bool {
    match (from, named) {
        (Some(HardwareAddr::Short(from)), HardwareAddr::Short(named)) => from != named,
        (Some(HardwareAddr::Eui64(from)), HardwareAddr::Eui64(named)) => from != named,
        _ => false,
    }
}

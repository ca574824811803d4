//! What a host that registers its addresses sends: neighbor solicitations with the option of a
//! registration (RFC 6775 §5.5, RFC 8505 §5.1), and router solicitations to a router that it knows
//! (RFC 6775 §5.3). All of it is unicast.

use core::net::{IpAddr, Ipv6Addr};

use litz_hal::time::{Deadline, Instant};
use litz_hal::{Capabilities, TxToken};
use litz_wire::{Icmpv6, Ndisc, NdiscOption, RegistrationStatus, rt::Options};

use super::super::Interface;
use super::super::addresses::OwnAddr;
use super::super::counters::DropReason;
use super::super::hardware::HardwareAddr;
use super::super::icmp::emit_icmpv6;
use super::super::ingress::Verdict;
use super::super::ndisc::ndisc_output;
use super::registering::Step;
use crate::addr::{full, v6};

/// What our own option says of us: the extended registration is known.
pub(crate) const CAPABILITIES: NdiscOption<'static> = NdiscOption::Capabilities {
    duplicate_detection: false,
    router: false,
    border_router: false,
    registrar: false,
    registration: true,
    header_compression: false,
};

impl Interface<'_> {
    /// Bring the registrations in line with the addresses, if those have changed.
    #[inline]
    pub(in super::super) fn sync_registrations(&mut self, now: Instant) {
        if self.registering.is_on() && !self.registering.has_seen(self.addrs.changes) {
            self.take_addresses(now);
        }
    }

    fn take_addresses(&mut self, now: Instant) {
        self.registering.see(self.addrs.changes);
        let wanted = |own: &OwnAddr| match full(own.addr()) {
            IpAddr::V6(addr) if !addr.is_unicast_link_local() && !own.is_duplicate() => Some(addr),
            _ => None,
        };
        let (addrs, registering) = (&self.addrs, &mut self.registering);
        registering.keep(now, |addr| {
            addrs.all().filter_map(wanted).any(|own| own == addr)
        });
        for addr in addrs.all().filter_map(wanted) {
            let taken = registering.add(addr, now, &mut self.random);
            self.slaac.refuse(taken);
        }
    }

    /// The default router, with which addresses are registered.
    fn registration_router(&self) -> Option<Ipv6Addr> {
        match self.addrs.next_hop(v6(Ipv6Addr::UNSPECIFIED)).map(full) {
            Some(IpAddr::V6(router)) if router.is_unicast_link_local() => Some(router),
            _ => None,
        }
    }

    /// When a registration or a refresh is due.
    #[inline]
    pub(in super::super) fn registration_at(&self) -> Deadline {
        let own = match self.registering.is_on() {
            true => self.registering.due(),
            false => Deadline::NEVER,
        };
        match self.registrar.is_on() {
            true => own.min(self.registrar.confirming.due()),
            false => own,
        }
    }

    /// Send what is due.
    pub(in super::super) fn send_registration<T: TxToken>(
        &mut self,
        tx: T,
        now: Instant,
        caps: &Capabilities,
    ) -> Verdict {
        if self.registrar.confirming.due().is_due(now) {
            return self.ask_border_router(tx, now, caps);
        }
        if self.registering.refresh_at().is_due(now) {
            return self.refresh_router(tx, now, caps);
        }
        let router = self.registration_router();
        match self.registering.step(now, router) {
            None => Ok(()),
            Some(Step::Silent(router)) => {
                self.router_is_silent(router, now);
                Ok(())
            }
            Some(Step::Ask {
                addr,
                router,
                number,
                minutes,
            }) => self.ask_router(tx, caps, (addr, router), number, minutes),
        }
    }

    /// A router does not answer: if there is another, addresses are registered with that.
    fn router_is_silent(&mut self, router: Ipv6Addr, now: Instant) {
        self.changed();
        self.addrs.learned.silent(router);
        if self.registration_router() != Some(router) {
            self.registering.again(now);
        }
    }

    /// Ask a router to register an address (RFC 6775 §5.5.1; RFC 8505 §5.1 with the address as the
    /// target and a link-local source).
    fn ask_router<T: TxToken>(
        &mut self,
        tx: T,
        caps: &Capabilities,
        (addr, router): (Ipv6Addr, Ipv6Addr),
        number: u8,
        minutes: u16,
    ) -> Verdict {
        let (Some(&config), Some(own)) = (self.registering.config(), self.hardware_addr()) else {
            return Ok(());
        };
        let local = self.addrs.link_local().ok_or(DropReason::NoSourceAddress)?;
        let extended = self.registering.is_extended();
        let (src, target_addr) = match extended {
            true => (local, addr),
            false => (addr, router),
        };
        let octets = own.option();
        let options = [
            NdiscOption::SourceLinkLayer {
                addr: octets.as_slice(),
            },
            NdiscOption::AddressRegistration {
                status: RegistrationStatus::Success,
                opaque: 0,
                info: 0,
                inject: extended,
                with_id: extended,
                transaction_id: if extended { number } else { 0 },
                lifetime_minutes: minutes,
                owner: config.owner.as_slice(),
            },
        ];
        let message = Icmpv6::Ndisc(Ndisc::NeighborSolicit {
            target_addr,
            options: Options::items(&options),
        });
        self.send_to_router(tx, caps, (src, router), &message)
    }

    /// Ask a router again for what it advertises, before that ends.
    fn refresh_router<T: TxToken>(&mut self, tx: T, now: Instant, caps: &Capabilities) -> Verdict {
        let asked_enough = self.registering.solicits(now);
        let routers = self.addrs.learned.routers();
        let first = routers.min_by_key(|router| router.until.remaining(now));
        let Some(router) = first.map(|router| router.addr) else {
            return Ok(());
        };
        if asked_enough {
            self.router_is_silent(router, now);
            self.slaac.look_for_routers(now, &mut self.random);
            return Ok(());
        }
        let Some(own) = self.hardware_addr() else {
            return Ok(());
        };
        let local = self.addrs.link_local().ok_or(DropReason::NoSourceAddress)?;
        let octets = own.option();
        let options = [
            NdiscOption::SourceLinkLayer {
                addr: octets.as_slice(),
            },
            CAPABILITIES,
        ];
        let message = Icmpv6::Ndisc(Ndisc::RouterSolicit {
            options: Options::items(&options),
        });
        self.send_to_router(tx, caps, (local, router), &message)
    }

    fn send_to_router<T: TxToken>(
        &mut self,
        tx: T,
        caps: &Capabilities,
        (src, router): (Ipv6Addr, Ipv6Addr),
        message: &Icmpv6<'_>,
    ) -> Verdict {
        let hop = v6(router);
        let known = self.neighbors.known(hop);
        let station: Option<HardwareAddr> = known.or_else(|| self.link.derived(hop));
        let output = ndisc_output(v6(src), hop, message.buffer_len());
        let fill = caps.checksum.icmp.fill_tx;
        self.send_to_station(tx, caps, &output, station, &mut |buffer, pseudo| {
            emit_icmpv6(message, buffer, pseudo, fill);
        })
    }
}

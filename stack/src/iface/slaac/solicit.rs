//! Looking for routers (RFC 4861 §6.3.7) as patiently as RFC 7559 wants it: ever more rarely, but
//! until one is found.

use core::net::Ipv6Addr;

use litz_hal::time::{Deadline, Duration, Instant};
use litz_hal::{Capabilities, TxToken};
use litz_wire::{Icmpv6, Ndisc, NdiscOption, rt::Options};

use super::super::Interface;
use super::super::icmp::emit_icmpv6;
use super::super::ingress::Verdict;
use super::super::ndisc::ndisc_output;
use super::super::random::Random;
use super::super::registration::CAPABILITIES;
use crate::addr::v6;

/// The longest wait before the first solicitation (RFC 4861 §10, `MAX_RTR_SOLICITATION_DELAY`).
const MAX_DELAY: Duration = Duration::from_millis(1000);
/// RFC 7559 §2: `IRT`, `MRT`.
const FIRST_WAIT: Duration = Duration::from_millis(4_000);
const LONGEST_WAIT: Duration = Duration::from_millis(3_600_000);
/// RFC 6775 §9: `RTR_SOLICITATION_INTERVAL`, `MAX_RTR_SOLICITATION_INTERVAL`; with the tenth less
/// that the times vary by.
const LOWPAN_FIRST_WAIT: Duration = Duration::from_millis(11_000);
const LOWPAN_LONGEST_WAIT: Duration = Duration::from_millis(54_000);
const ALL_ROUTERS: Ipv6Addr = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 2);

/// When routers are asked for next.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Solicitation {
    /// Never while nobody is looked for.
    pub(super) due: Deadline,
    /// Time since the last one; none before the first.
    wait: Duration,
    /// The times are those of low-power networks.
    brief: bool,
}

impl Solicitation {
    /// Begin to look for routers, after a moment, so that hosts that were switched on together do
    /// not ask together.
    pub(crate) fn begin(&mut self, now: Instant, random: &mut Random) {
        self.wait = Duration::ZERO;
        self.due = Deadline::at(now.saturating_add(random.below(MAX_DELAY)));
    }

    /// From now on by the times of RFC 6775 §5.3 and §9, within a minute.
    pub(in super::super) const fn be_brief(&mut self) {
        self.brief = true;
    }

    /// One was found, or nobody is looked for any more.
    pub(crate) const fn end(&mut self) {
        self.due = Deadline::NEVER;
    }

    /// One has been sent: the next follows after twice the time, a tenth more or less.
    fn sent(&mut self, now: Instant, random: &mut Random) {
        let (first, longest) = match self.brief {
            true => (LOWPAN_FIRST_WAIT, LOWPAN_LONGEST_WAIT),
            false => (FIRST_WAIT, LONGEST_WAIT),
        };
        let base = match self.wait {
            Duration::ZERO => first,
            wait => wait.doubled(1),
        };
        let base = if base.total_micros() > longest.total_micros() {
            longest
        } else {
            base
        };
        let tenth = Duration::from_micros(base.total_micros() / 10);
        let low = base.saturating_sub(tenth);
        self.wait = random.between(low, base.saturating_add(tenth));
        self.due = Deadline::at(now.saturating_add(self.wait));
    }
}

impl Interface<'_> {
    /// Ask for routers: from our link-local address, with the hardware address, or from nowhere as
    /// long as that is tentative (RFC 4861 §4.1).
    pub(crate) fn solicit_routers<T: TxToken>(
        &mut self,
        tx: T,
        now: Instant,
        caps: &Capabilities,
    ) -> Verdict {
        let random = &mut self.random;
        self.slaac
            .work
            .note(|work| work.solicitation.sent(now, random));
        let src = self.addrs.link_local().unwrap_or(Ipv6Addr::UNSPECIFIED);
        let own = self
            .hardware_addr()
            .filter(|_| !src.is_unspecified())
            .map(|own| own.option());
        let nothing = NdiscOption::SourceLinkLayer { addr: &[] };
        let mut items = [nothing, CAPABILITIES];
        if let (Some(own), Some(item)) = (&own, items.first_mut()) {
            *item = NdiscOption::SourceLinkLayer {
                addr: own.as_slice(),
            };
        }
        let first = usize::from(own.is_none());
        let count = if self.registering.is_on() { 2 } else { 1 };
        let message = Icmpv6::Ndisc(Ndisc::RouterSolicit {
            options: Options::items(items.get(first..count).unwrap_or(&[])),
        });
        let output = ndisc_output(v6(src), v6(ALL_ROUTERS), message.buffer_len());
        let fill = caps.checksum.icmp.fill_tx;
        self.send_to_station(tx, caps, &output, None, &mut |buffer, pseudo| {
            emit_icmpv6(&message, buffer, pseudo, fill);
        })
    }
}

#[cfg(test)]
mod tests;

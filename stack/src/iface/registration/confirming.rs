//! Registrations that a router asks the border router about before it makes them (RFC 6775 §8.2,
//! RFC 8505 §5.3): who waits, and when to ask again. The messages are another file's.

use core::net::Ipv6Addr;

use litz_hal::time::{Deadline, Duration, Instant};
use litz_wire::NdiscOptionAddressRegistration;

use super::super::table::{Slot, Table};
use super::owner::Owner;
use super::registrar::Ask;
use crate::parts::{Kept, REGISTRATION};
use crate::storage::Storage;

/// Questions before the border router counts as silent (RFC 4861 §10: `MAX_UNICAST_SOLICIT`,
/// `RETRANS_TIMER`).
const MOST_QUESTIONS: u8 = 3;
const RETRANS_TIMER: Duration = Duration::from_millis(1_000);

/// What a host that has asked is told, beside what became of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reply {
    /// Where its question came from.
    pub(super) from: Ipv6Addr,
    pub(super) target: Ipv6Addr,
    pub(super) owner: Owner,
    pub(super) number: Option<u8>,
    pub(super) minutes: u16,
    opaque: u8,
    info: u8,
    inject: bool,
}

impl Reply {
    pub(super) fn new(
        (from, target): (Ipv6Addr, Ipv6Addr),
        asked: &NdiscOptionAddressRegistration<'_>,
        owner: Owner,
    ) -> Self {
        Self {
            from,
            target,
            owner,
            number: asked.with_id.then_some(asked.transaction_id),
            minutes: asked.lifetime_minutes,
            opaque: asked.opaque,
            info: asked.info,
            inject: asked.inject,
        }
    }

    /// What the question said that is repeated as it was.
    pub(super) const fn repeated(&self) -> (u8, u8, bool) {
        (self.opaque, self.info, self.inject)
    }
}

/// A registration that waits for the border router.
#[derive(Clone, Copy, Debug)]
pub struct Waiting {
    pub(super) ask: Ask,
    pub(super) reply: Reply,
    /// Questions sent.
    sent: u8,
    due: Instant,
}

/// Room for a registration that waits for the border router.
pub type ConfirmationSlot = Slot<Waiting>;

/// The registrations that wait.
#[derive(Debug, Default)]
pub(crate) struct Confirming<'a> {
    /// Who is asked; nobody at the border router itself.
    border: Kept<Option<Ipv6Addr>, { REGISTRATION as usize }>,
    table: Table<'a, Waiting, { REGISTRATION as usize }>,
}

impl<'a> Confirming<'a> {
    pub(super) fn new(border: Ipv6Addr, storage: Storage<'a, ConfirmationSlot>) -> Self {
        Self {
            border: Kept::new(Some(border)),
            table: Table::new(storage),
        }
    }

    pub(super) fn border(&self) -> Option<Ipv6Addr> {
        self.border.get().copied().flatten()
    }

    /// Whether the border router is asked about an address: it knows of none that is of one link.
    pub(super) fn is_for(&self, addr: Ipv6Addr) -> bool {
        self.border().is_some() && !addr.is_unicast_link_local()
    }

    /// Keep a registration until the border router has answered; in the place of an earlier one of
    /// the same owner. Returns whether there was room.
    pub(super) fn keep(&mut self, ask: Ask, reply: Reply, now: Instant) -> bool {
        let (sent, due) = (0, now);
        let waiting = Waiting {
            ask,
            reply,
            sent,
            due,
        };
        let same = |known: &Waiting| (known.ask.addr, known.ask.owner) == (ask.addr, ask.owner);
        match self.table.find(same) {
            // A host asks again before there can be an answer over many hops.
            Some(known) if known.ask.number == ask.number => known.reply = reply,
            Some(known) => *known = waiting,
            None => return self.table.push(waiting).is_some(),
        }
        true
    }

    /// When the border router is to be asked.
    pub(super) fn due(&self) -> Deadline {
        let all = self.table.iter().map(|known| Deadline::at(known.due));
        all.fold(Deadline::NEVER, Deadline::min)
    }

    /// The registration that the border router is to be asked about now. Of one that it does not
    /// answer nothing comes, and nothing is said: the host will ask again.
    pub(super) fn step(&mut self, now: Instant) -> Option<(Ipv6Addr, Ask)> {
        let border = self.border()?;
        self.table
            .retain(|known| known.sent < MOST_QUESTIONS || known.due > now);
        let known = self.table.find(|known| known.due <= now)?;
        known.sent = known.sent.saturating_add(1);
        known.due = now.saturating_add(RETRANS_TIMER);
        Some((border, known.ask))
    }

    /// Take out the registration that an answer is about.
    pub(super) fn answered(
        &mut self,
        addr: Ipv6Addr,
        owner: Owner,
        number: Option<u8>,
    ) -> Option<Waiting> {
        self.table.take(|known| {
            let ask = &known.ask;
            (ask.addr, ask.owner, ask.number) == (addr, owner, number) && known.sent > 0
        })
    }
}

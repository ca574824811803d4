//! What an interface tells the routers, packet by packet: which groups are due, and which records
//! and sources of them fit (RFC 3376 §4.2.16, §5.1; RFC 3810 §5.2.15, §6.1).

use core::net::IpAddr;

use litz_hal::time::{Deadline, Instant};
use litz_wire::GroupRecordType;

use super::family::{Compat, UNSOLICITED, UNSOLICITED_OLD};
use super::group::{Part, Reason};
use super::{Multicast, Round};

/// Octets of records and sources, and how many fit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Measure {
    /// Octets of a record before its sources.
    pub(super) record: usize,
    /// Octets of a source.
    pub(super) source: usize,
    /// Octets for records in a packet.
    pub(super) room: usize,
}

/// The most octets of sources in one record.
pub(super) const MAX_SOURCES: usize = 1024;

/// Keeps places for records and sources until they are written.
pub(super) static ZEROS: [u8; MAX_SOURCES] = [0; MAX_SOURCES];

/// What to send next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Message {
    /// The records that were planned: their octets.
    Records(usize),
    /// That a group is listened to, in an older version.
    Report(Compat, IpAddr),
    /// That it is no longer.
    Leave(IpAddr),
}

/// A packet that is being filled.
struct Packing {
    measure: Measure,
    used: usize,
    records: usize,
    full: bool,
}

impl Packing {
    /// How many of `wanted` sources go into this packet; `None` if the record does not.
    fn take(&mut self, part: Part, wanted: usize) -> Option<u16> {
        let Measure {
            record,
            source,
            room,
        } = self.measure;
        if self.full || (wanted == 0 && !part.stands_alone()) {
            return None;
        }
        let most = |octets: usize, unit| octets.checked_div(unit).unwrap_or(0);
        let left = room.saturating_sub(self.used).checked_sub(record);
        let count = left.map(|left| {
            most(left, source)
                .min(most(MAX_SOURCES, source))
                .min(wanted)
        });
        // A list that must not be cut begins a packet if it does not fit into this one.
        let fits = |count: usize| {
            count == wanted || (count > 0 && (!part.is_whole() || self.records == 0))
        };
        let count = count.filter(|&count| fits(count) && self.records < most(MAX_SOURCES, record));
        let Some(count) = count else {
            self.full = true;
            return None;
        };
        self.full = count < wanted;
        self.records = self.records.saturating_add(1);
        let sources = count.saturating_mul(source);
        self.used = self.used.saturating_add(record).saturating_add(sources);
        u16::try_from(count).ok()
    }
}

impl Multicast<'_> {
    /// The next message, of IGMP if the first is true, else of MLD.
    pub(super) fn next_message(
        &mut self,
        now: Instant,
        measure: impl Fn(bool) -> Measure,
    ) -> Option<(bool, Message)> {
        // Each turn of the loop ends a round that had nothing to say.
        for _ in 0..8 {
            let round = match self.round {
                Some(round) => round,
                None => self.begin_round(now)?,
            };
            self.round = Some(round);
            let compat = self.compat(round.ipv4, now);
            let message = if compat == Compat::Latest {
                self.plan(round, measure(round.ipv4)).map(Message::Records)
            } else {
                self.next_old(round, compat)
            };
            if let Some(message) = message {
                return Some((round.ipv4, message));
            }
            self.round = None;
            for slot in self.of_family(round.ipv4) {
                slot.abandon_report();
            }
            self.settle();
        }
        None
    }

    /// Begin to report what is due.
    fn begin_round(&mut self, now: Instant) -> Option<Round> {
        for ipv4 in [true, false] {
            let compat = self.compat(ipv4, now);
            let old = compat != Compat::Latest;
            for reason in [Reason::Change, Reason::General, Reason::Asked] {
                let due = match reason {
                    Reason::General => self.family(ipv4).general_at.is_due(now),
                    _ => true,
                };
                if due && self.begin_groups(ipv4, reason, (old, compat == Compat::Older), now) {
                    return Some(Round { ipv4, reason });
                }
            }
        }
        self.settle();
        None
    }

    fn begin_groups(
        &mut self,
        ipv4: bool,
        reason: Reason,
        (old, leaves): (bool, bool),
        now: Instant,
    ) -> bool {
        if reason == Reason::General {
            self.family_mut(ipv4).general_at = Deadline::NEVER;
        }
        let interval = if old { UNSOLICITED_OLD } else { UNSOLICITED };
        let again = Deadline::at(now.saturating_add(self.random(interval)));
        let mut any = false;
        for slot in self.of_family(ipv4) {
            let due = match reason {
                Reason::Change => slot.change_at.is_due(now),
                Reason::Asked => slot.answer_at.is_due(now),
                Reason::General => true,
            };
            if !due {
                continue;
            }
            any |= if old {
                slot.begin_old_report(reason, leaves)
            } else {
                slot.begin_report(reason)
            };
            if reason == Reason::Change {
                slot.change_at = if slot.has_changes() {
                    again
                } else {
                    Deadline::NEVER
                };
            }
        }
        any
    }

    fn next_old(&mut self, round: Round, compat: Compat) -> Option<Message> {
        let slot = self.of_family(round.ipv4).find(|slot| slot.reporting)?;
        slot.reporting = false;
        let group = slot.group?;
        Some(if slot.is_wanted() {
            Message::Report(compat, group)
        } else {
            Message::Leave(group)
        })
    }

    /// Choose what goes into the next packet. Returns the octets of its records, `None` if there
    /// are none.
    fn plan(&mut self, round: Round, measure: Measure) -> Option<usize> {
        let mut packet = Packing {
            measure,
            used: 0,
            records: 0,
            full: false,
        };
        for slot in self.of_family(round.ipv4) {
            slot.plan = [None; 2];
            if !slot.reporting {
                continue;
            }
            let parts = slot.parts(round.reason);
            for (at, part) in parts.into_iter().enumerate() {
                let Some(part) = part else { continue };
                let planned = packet.take(part, slot.named(part).count());
                if let Some(plan) = slot.plan.get_mut(at) {
                    *plan = planned;
                }
            }
        }
        (packet.records > 0).then_some(packet.used)
    }

    /// Call `write` with each record that was planned: what it says, of which group, how many
    /// sources it names, and which. Returns how many records there are.
    pub(super) fn records(
        &self,
        mut write: impl FnMut(GroupRecordType, IpAddr, usize, &mut dyn Iterator<Item = IpAddr>),
    ) -> usize {
        let Some(round) = self.round else { return 0 };
        let mut records = 0_usize;
        for slot in self.slots.0.iter().filter(|slot| slot.is_of(round.ipv4)) {
            for (part, count) in slot.parts(round.reason).into_iter().zip(slot.plan) {
                if let (Some(part), Some(count), Some(group)) = (part, count, slot.group) {
                    let count = usize::from(count);
                    write(part.kind, group, count, &mut slot.named(part).take(count));
                    records = records.saturating_add(1);
                }
            }
        }
        records
    }

    /// The packet that was planned has been written.
    pub(super) fn sent(&mut self) {
        let Some(round) = self.round else { return };
        for slot in self.of_family(round.ipv4) {
            let parts = slot.parts(round.reason);
            let plan = core::mem::take(&mut slot.plan);
            for (part, count) in parts.into_iter().zip(plan) {
                if let (Some(part), Some(count)) = (part, count) {
                    slot.said(part, count.into());
                }
            }
            if plan.iter().any(Option::is_some) {
                slot.end_report(round.reason);
            }
        }
    }
}

//! One group of an interface: what is wanted of it, and what the routers have still to be told
//! (RFC 3376 §3.2, §5; RFC 3810 §4.2, §6).

use core::net::IpAddr;

use litz_hal::time::{Deadline, Instant};
use litz_wire::GroupRecordType;

use crate::socket::FilterMode;
use crate::storage::{Links, Storage};

/// Room for one source of a [`GroupSlot`].
#[derive(Clone, Copy, Debug, Default)]
pub struct SourceSlot {
    addr: Option<IpAddr>,
    /// Whether it is on the group's list.
    listed: bool,
    /// State-change reports that it is still to be named in.
    changes: u8,
    /// Whether a query that waits for its answer has named it.
    asked: bool,
    /// Whether the report that is being sent names it.
    named: bool,
}

impl SourceSlot {
    /// A free slot.
    pub const EMPTY: Self = Self {
        addr: None,
        listed: false,
        changes: 0,
        asked: false,
        named: false,
    };
}

/// Room for one group of an interface, with as many sources as there is storage for. Where that is
/// too little, the interface takes more than is wanted; sockets still get only what they want.
#[derive(Debug)]
pub struct GroupSlot<'a> {
    pub(super) links: Links,
    pub(super) group: Option<IpAddr>,
    /// What the list means; a group that nobody wants includes nothing.
    pub(super) mode: FilterMode,
    /// State-change reports that still say what the list means.
    pub(super) mode_changes: u8,
    /// When the next state-change report is due.
    pub(super) change_at: Deadline,
    /// When a query about this group is to be answered.
    pub(super) answer_at: Deadline,
    /// Whether that query was about sources.
    pub(super) by_source: bool,
    /// Whether the report that is being sent has this group still before it.
    pub(super) reporting: bool,
    /// Whether that report says what the list means.
    pub(super) full: bool,
    /// Whether nobody else has reported the group since (RFC 2236 §6).
    pub(super) last_reporter: bool,
    /// Records of the next packet, and sources in each.
    pub(super) plan: [Option<u16>; 2],
    sources: Storage<'a, SourceSlot>,
}

/// What a report is sent for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// What is wanted has changed.
    Change,
    /// A query about everything.
    General,
    /// A query about the group, or sources in it.
    Asked,
}

/// A record of a report: what it says, and which sources it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) kind: GroupRecordType,
    /// Only those of which packets are (or are not) wanted.
    forwarded: Option<bool>,
}

impl Part {
    const fn all(kind: GroupRecordType) -> Option<Self> {
        let forwarded = None;
        Some(Self { kind, forwarded })
    }

    const fn some(kind: GroupRecordType, forwarded: bool) -> Option<Self> {
        let forwarded = Some(forwarded);
        Some(Self { kind, forwarded })
    }

    /// Whether a part of its sources would say something else than all of them.
    pub(super) const fn is_whole(self) -> bool {
        matches!(
            self.kind,
            GroupRecordType::ModeIsExclude | GroupRecordType::ChangeToExclude
        )
    }

    /// Whether it says something without any source.
    pub(super) const fn stands_alone(self) -> bool {
        self.is_whole() || matches!(self.kind, GroupRecordType::ChangeToInclude)
    }
}

impl<'a> GroupSlot<'a> {
    /// A free slot over the caller's room for sources.
    pub fn new(sources: impl Into<Storage<'a, SourceSlot>>) -> Self {
        Self {
            links: Links::EMPTY,
            group: None,
            mode: FilterMode::Include,
            mode_changes: 0,
            change_at: Deadline::NEVER,
            answer_at: Deadline::NEVER,
            by_source: false,
            reporting: false,
            full: false,
            last_reporter: false,
            plan: [None; 2],
            sources: sources.into(),
        }
    }

    /// Take the slot for a group, of which nothing is wanted yet.
    pub(super) fn begin(&mut self, group: IpAddr) {
        self.mode = FilterMode::Include;
        self.last_reporter = false;
        self.full = false;
        self.sources.fill(SourceSlot::EMPTY);
        self.quiet();
        self.group = Some(group);
    }

    /// Say nothing more of what was to be said.
    pub(super) fn quiet(&mut self) {
        self.mode_changes = 0;
        self.change_at = Deadline::NEVER;
        self.forget_question();
        self.reporting = false;
        for source in &mut *self.sources {
            source.changes = 0;
            source.named = false;
        }
        self.tidy();
    }

    /// Whether anything of the group is wanted.
    pub(super) fn is_wanted(&self) -> bool {
        self.mode == FilterMode::Exclude || self.used().any(|source| source.listed)
    }

    /// Whether nobody wants the group, and nobody has to be told of it any more.
    pub(super) fn is_over(&self) -> bool {
        !self.is_wanted() && self.change_at == Deadline::NEVER && !self.reporting
    }

    fn used(&self) -> impl Iterator<Item = &SourceSlot> {
        self.sources.iter().filter(|source| source.addr.is_some())
    }

    /// The slot of a source, or a free one; or, for a source to be listed, that of one that is only
    /// remembered for the reports that say it is no longer.
    fn entry(&mut self, addr: IpAddr, to_list: bool) -> Option<&mut SourceSlot> {
        let known = self.sources.iter().position(|s| s.addr == Some(addr));
        let free = || self.sources.iter().position(|s| s.addr.is_none());
        let spare = || self.sources.iter().position(|s| to_list && !s.listed);
        let at = known.or_else(free).or_else(spare)?;
        let slot = self.sources.get_mut(at)?;
        if slot.addr.replace(addr) != Some(addr) {
            *slot = SourceSlot {
                addr: Some(addr),
                ..SourceSlot::EMPTY
            };
        }
        Some(slot)
    }

    /// How many sources can be listed.
    pub(super) fn room(&self) -> usize {
        self.sources.len()
    }

    /// Free the slots of sources of which nothing is known any more.
    fn tidy(&mut self) {
        for source in &mut *self.sources {
            if !source.listed && source.changes == 0 && !source.asked && !source.named {
                source.addr = None;
            }
        }
    }

    /// Whether packets of a source are wanted.
    fn forwards(&self, source: &SourceSlot) -> bool {
        source.listed == (self.mode == FilterMode::Include)
    }

    /// Let the group be wanted in another way: `lists` says which sources are listed, of which the
    /// others are among `candidates`. Each change is to be reported `robustness` times. Returns
    /// whether there was any. What has no room is not listed; the caller has seen to it that only
    /// sources to be excluded can be that.
    pub(super) fn want(
        &mut self,
        mode: FilterMode,
        lists: impl Fn(IpAddr) -> bool,
        candidates: impl Iterator<Item = IpAddr>,
        robustness: u8,
    ) -> bool {
        let turned = mode != self.mode;
        let mut changed = turned;
        for source in &mut *self.sources {
            let Some(addr) = source.addr else { continue };
            let listed = lists(addr);
            if listed != source.listed {
                source.listed = listed;
                source.changes = robustness;
                changed = true;
            }
        }
        for addr in candidates.filter(|&addr| lists(addr)) {
            if let Some(source) = self.entry(addr, true)
                && !source.listed
            {
                source.listed = true;
                source.changes = robustness;
                changed = true;
            }
        }
        self.mode = mode;
        if turned {
            self.mode_changes = robustness;
            // A record of the whole state says all there is to say.
            for source in &mut *self.sources {
                source.changes = 0;
            }
        }
        self.tidy();
        changed
    }

    /// Note what a query names, or that it names nothing and so asks about all (RFC 3376 §5.2).
    pub(super) fn note_question(&mut self, sources: Option<impl Iterator<Item = IpAddr>>) {
        let all_asked = self.answer_at != Deadline::NEVER && !self.by_source;
        let (Some(sources), false) = (sources, all_asked) else {
            return self.forget_sources();
        };
        self.by_source = true;
        for addr in sources {
            // A source that is not listed is of interest only where all others are wanted.
            let known = self.used().any(|source| source.addr == Some(addr));
            if !known && self.mode == FilterMode::Include {
                continue;
            }
            match self.entry(addr, false) {
                Some(source) => source.asked = true,
                // Without room for the question the answer says everything.
                None => return self.forget_sources(),
            }
        }
    }

    fn forget_question(&mut self) {
        self.answer_at = Deadline::NEVER;
        self.forget_sources();
    }

    fn forget_sources(&mut self) {
        self.by_source = false;
        for source in &mut *self.sources {
            source.asked = false;
        }
        self.tidy();
    }

    /// Begin to report the group. Returns whether there is anything to say.
    pub(super) fn begin_report(&mut self, reason: Reason) -> bool {
        match reason {
            Reason::Change => {
                self.full = self.mode_changes > 0;
                self.mode_changes = self.mode_changes.saturating_sub(1);
                let full = self.full;
                for source in &mut *self.sources {
                    source.named = if full {
                        source.addr.is_some() && source.listed
                    } else {
                        source.changes > 0
                    };
                    source.changes = source.changes.saturating_sub(1);
                }
                self.reporting = full || self.sources.iter().any(|source| source.named);
            }
            Reason::Asked if self.by_source => {
                let mode = self.mode;
                for source in &mut *self.sources {
                    let forwarded = source.listed == (mode == FilterMode::Include);
                    source.named = source.asked && forwarded;
                }
                self.reporting = self.sources.iter().any(|source| source.named);
                self.full = false;
                self.forget_question();
            }
            Reason::Asked | Reason::General => {
                for source in &mut *self.sources {
                    source.named = source.addr.is_some() && source.listed;
                }
                self.reporting = self.is_wanted();
                self.full = true;
                // An answer about all is an answer about the group.
                self.forget_question();
            }
        }
        self.reporting
    }

    /// Begin to report the group to routers that know no sources. A group that is no longer wanted
    /// is left once, if `leave` says that such routers understand it and nobody else reports the
    /// group.
    pub(super) fn begin_old_report(&mut self, reason: Reason, leave: bool) -> bool {
        if reason == Reason::Change {
            self.mode_changes = self.mode_changes.saturating_sub(1);
        }
        self.forget_question();
        let wanted = self.is_wanted();
        if !wanted {
            self.mode_changes = 0;
        }
        self.reporting = wanted || (leave && self.last_reporter);
        self.last_reporter = wanted;
        self.reporting
    }

    /// Whether state-change reports are left to be sent.
    pub(super) fn has_changes(&self) -> bool {
        self.mode_changes > 0 || self.sources.iter().any(|source| source.changes > 0)
    }

    /// The records that the report needs (RFC 3376 §4.2.12, §5.1, §5.2).
    pub(super) fn parts(&self, reason: Reason) -> [Option<Part>; 2] {
        let include = self.mode == FilterMode::Include;
        match reason {
            Reason::Change if self.full && include => {
                [Part::all(GroupRecordType::ChangeToInclude), None]
            }
            Reason::Change if self.full => [Part::all(GroupRecordType::ChangeToExclude), None],
            Reason::Change => [
                Part::some(GroupRecordType::AllowNewSources, true),
                Part::some(GroupRecordType::BlockOldSources, false),
            ],
            _ if self.full && !include => [Part::all(GroupRecordType::ModeIsExclude), None],
            _ => [Part::all(GroupRecordType::ModeIsInclude), None],
        }
    }

    /// The sources that a record names and that no packet has named yet.
    pub(super) fn named(&self, part: Part) -> impl Iterator<Item = IpAddr> {
        self.used()
            .filter(move |source| {
                let forwarded = self.forwards(source);
                source.named && part.forwarded.is_none_or(|only| only == forwarded)
            })
            .filter_map(|source| source.addr)
    }

    /// The first `count` sources of a record have been named.
    pub(super) fn said(&mut self, part: Part, count: usize) {
        let include = self.mode == FilterMode::Include;
        let mut left = count;
        for source in &mut *self.sources {
            let forwarded = source.listed == include;
            if source.named && part.forwarded.is_none_or(|only| only == forwarded) {
                if left == 0 && !part.is_whole() {
                    return;
                }
                left = left.saturating_sub(1);
                source.named = false;
            }
        }
    }

    /// End the report if all is said.
    pub(super) fn end_report(&mut self, reason: Reason) {
        let parts = self.parts(reason);
        if parts
            .into_iter()
            .flatten()
            .all(|part| self.named(part).next().is_none())
        {
            self.reporting = false;
            self.tidy();
        }
    }

    /// End the report, whatever is left to be said.
    pub(super) fn abandon_report(&mut self) {
        self.reporting = false;
        for source in &mut *self.sources {
            source.named = false;
        }
        self.tidy();
    }

    /// The next thing that this group waits for.
    pub(super) fn due(&self) -> Deadline {
        self.change_at.min(self.answer_at)
    }

    /// Put the answer to a query off to `at`, unless one is due before.
    pub(super) fn answer_by(&mut self, at: Instant) {
        self.answer_at = self.answer_at.min(Deadline::at(at));
    }

    /// Whether it is a group of this version of IP.
    pub(super) fn is_of(&self, ipv4: bool) -> bool {
        self.group.is_some_and(|group| group.is_ipv4() == ipv4)
    }
}

impl Default for GroupSlot<'_> {
    /// A free slot without room for sources.
    fn default() -> Self {
        Self::new(Storage::default())
    }
}

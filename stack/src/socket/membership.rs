//! Who of the host listens to which multicast group, and to which sources in it (RFC 3376 §2,
//! RFC 3810 §4): one membership per socket and group, in the caller's memory. What an interface
//! makes of all of them together is its own matter.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::interfaces::InterfaceId;
use crate::parts::{Kept, MULTICAST};
use crate::storage::{Arena, Demux, Links, NIL, Room, Storage};

/// What a list of sources means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilterMode {
    /// Only what comes from the listed sources is wanted.
    Include,
    /// All is wanted but what comes from the listed sources.
    Exclude,
}

/// Why a membership was not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JoinError {
    /// The address is no multicast address.
    NotMulticast,
    /// A source is no unicast address, or of the other IP version.
    BadSource,
    /// Every membership slot is taken.
    NoFreeSlot,
    /// The slot has no room for so many sources.
    TooManySources,
    /// There is no such membership, or it excludes what was to be included or the reverse.
    NotJoined,
    /// The socket is gone.
    Stale,
    /// This build joins no groups (feature `multicast`).
    NotBuilt,
}

impl core::fmt::Display for JoinError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::NotMulticast => "no multicast address",
            Self::BadSource => "a source is no unicast address of the group's IP version",
            Self::NoFreeSlot => "every membership slot is taken",
            Self::TooManySources => "no room for so many sources",
            Self::NotJoined => "no such membership",
            Self::Stale => "the socket was released",
            Self::NotBuilt => "this build joins no groups",
        })
    }
}

impl core::error::Error for JoinError {}

/// Whose a membership is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    /// Of no socket in particular.
    Host,
    /// Of a UDP socket, by its node.
    Udp(u32),
}

/// Room for one membership: as many sources can be listed as there is storage for.
#[derive(Debug)]
pub struct MembershipSlot<'a> {
    links: Links,
    taken: Option<(Owner, IpAddr)>,
    /// The only interface that is in the group for it; all are if `None`.
    interface: Option<InterfaceId>,
    mode: FilterMode,
    count: usize,
    sources: Storage<'a, IpAddr>,
}

impl<'a> MembershipSlot<'a> {
    /// A free slot over the caller's room for sources.
    pub fn new(sources: impl Into<Storage<'a, IpAddr>>) -> Self {
        Self {
            links: Links::EMPTY,
            taken: None,
            interface: None,
            mode: FilterMode::Exclude,
            count: 0,
            sources: sources.into(),
        }
    }

    fn list(&self) -> &[IpAddr] {
        self.sources.get(..self.count).unwrap_or(&[])
    }

    fn admits(&self, source: IpAddr) -> bool {
        self.list().contains(&source) == (self.mode == FilterMode::Include)
    }

    /// Whether anything of the group is wanted.
    fn is_empty(&self) -> bool {
        self.mode == FilterMode::Include && self.count == 0
    }
}

impl Default for MembershipSlot<'_> {
    /// A free slot without room for sources.
    fn default() -> Self {
        Self::new(Storage::default())
    }
}

struct Slots<'a>(Room<'a, MembershipSlot<'a>, { MULTICAST as usize }>);

impl Arena for Slots<'_> {
    fn len(&self) -> u32 {
        u32::try_from(self.0.len()).unwrap_or(NIL)
    }
    fn links(&self, node: u32) -> Option<&Links> {
        self.0.get(node as usize).map(|slot| &slot.links)
    }
    fn links_mut(&mut self, node: u32) -> Option<&mut Links> {
        self.0.get_mut(node as usize).map(|slot| &mut slot.links)
    }
}

/// Every membership of a host.
pub(crate) struct Memberships<'a> {
    slots: Slots<'a>,
    /// Counts changes, so that interfaces see that there was one.
    changes: Kept<u32, { MULTICAST as usize }>,
}

impl<'a> Memberships<'a> {
    pub(crate) fn new(slots: Storage<'a, MembershipSlot<'a>>) -> Self {
        Self {
            slots: Slots(Room::new(slots)),
            changes: Kept::default(),
        }
    }

    /// Changes so far, so that interfaces see that there was one.
    pub(crate) fn changes(&self) -> u32 {
        self.changes.get().copied().unwrap_or(0)
    }

    /// Replace what `owner` wants of a group. To include no source is to leave.
    pub(crate) fn set(
        &mut self,
        owner: Owner,
        group: IpAddr,
        mode: FilterMode,
        sources: &[IpAddr],
        interface: Option<InterfaceId>,
    ) -> Result<(), JoinError> {
        if !MULTICAST {
            return Err(JoinError::NotBuilt);
        }
        check(group, sources)?;
        let found = self.find(owner, group);
        if mode == FilterMode::Include && sources.is_empty() {
            self.remove(found.ok_or(JoinError::NotJoined)?);
            return Ok(());
        }
        let free = || self.slots.0.iter().position(|slot| slot.taken.is_none());
        let node = found.or_else(|| free().and_then(|at| u32::try_from(at).ok()));
        let node = node.ok_or(JoinError::NoFreeSlot)?;
        let slot = self.slot(node).ok_or(JoinError::NoFreeSlot)?;
        if sources.len() > slot.sources.len() {
            return Err(JoinError::TooManySources);
        }
        slot.mode = mode;
        slot.interface = interface;
        slot.count = 0;
        for &source in sources {
            slot.add(source)?;
        }
        self.take(node, owner, group);
        Ok(())
    }

    /// Add a source to a list of this mode, which is begun if there is none and it includes.
    pub(crate) fn add_source(
        &mut self,
        owner: Owner,
        group: IpAddr,
        mode: FilterMode,
        source: IpAddr,
        interface: Option<InterfaceId>,
    ) -> Result<(), JoinError> {
        check(group, &[source])?;
        let Some(node) = self.find(owner, group) else {
            return match mode {
                FilterMode::Include => self.set(owner, group, mode, &[source], interface),
                FilterMode::Exclude => Err(JoinError::NotJoined),
            };
        };
        let slot = self.slot(node).filter(|slot| slot.mode == mode);
        slot.ok_or(JoinError::NotJoined)?.add(source)?;
        self.changed();
        Ok(())
    }

    /// Take a source off a list of this mode; the membership ends if nothing is left of it.
    pub(crate) fn remove_source(
        &mut self,
        owner: Owner,
        group: IpAddr,
        mode: FilterMode,
        source: IpAddr,
    ) -> Result<(), JoinError> {
        check(group, &[source])?;
        let node = self.find(owner, group).ok_or(JoinError::NotJoined)?;
        let slot = self.slot(node).filter(|slot| slot.mode == mode);
        let slot = slot.ok_or(JoinError::NotJoined)?;
        let at = slot.list().iter().position(|&listed| listed == source);
        let at = at.ok_or(JoinError::NotJoined)?;
        let last = slot.count.saturating_sub(1);
        slot.sources.swap(at, last);
        slot.count = last;
        if slot.is_empty() {
            self.remove(node);
        }
        self.changed();
        Ok(())
    }

    /// End every membership of a socket.
    pub(crate) fn release(&mut self, owner: Owner) {
        for node in 0..self.slots.len() {
            let theirs = self.slot(node).and_then(|slot| slot.taken);
            if theirs.is_some_and(|(of, _)| of == owner) {
                self.remove(node);
            }
        }
    }

    /// Whether `owner` wants what a source sends to a group; `None` if it is no member.
    #[inline]
    pub(crate) fn admits(&self, owner: Owner, group: IpAddr, source: IpAddr) -> Option<bool> {
        let slot = self.slots.0.get(self.find(owner, group)? as usize)?;
        Some(slot.admits(source))
    }

    /// The memberships that concern one interface.
    pub(crate) const fn of(&self, interface: Option<InterfaceId>) -> Concerning<'_, 'a> {
        Concerning {
            memberships: self,
            interface,
        }
    }

    fn find(&self, owner: Owner, group: IpAddr) -> Option<u32> {
        let mut node = Demux::first(&self.slots, hash(owner, group));
        while let Some(slot) = self.slots.0.get(node as usize) {
            if slot.taken == Some((owner, group)) {
                return Some(node);
            }
            node = Demux::next(&self.slots, node);
        }
        None
    }

    fn slot(&mut self, node: u32) -> Option<&mut MembershipSlot<'a>> {
        self.slots.0.get_mut(node as usize)
    }

    fn take(&mut self, node: u32, owner: Owner, group: IpAddr) {
        if let Some(slot) = self.slot(node) {
            slot.taken = Some((owner, group));
        }
        Demux::insert(&mut self.slots, node, hash(owner, group));
        self.changed();
    }

    fn remove(&mut self, node: u32) {
        Demux::remove(&mut self.slots, node);
        if let Some(slot) = self.slot(node) {
            slot.taken = None;
            slot.count = 0;
        }
        self.changed();
    }

    fn changed(&mut self) {
        self.changes
            .note(|changes| *changes = changes.wrapping_add(1));
    }
}

/// The memberships that concern one interface.
#[derive(Clone, Copy)]
pub(crate) struct Concerning<'m, 'a> {
    memberships: &'m Memberships<'a>,
    interface: Option<InterfaceId>,
}

impl<'m, 'a> Concerning<'m, 'a> {
    /// The groups that anybody is a member of; some may come twice.
    pub(crate) fn groups(&self) -> impl Iterator<Item = IpAddr> + use<'m, 'a> {
        self.all()
            .filter_map(|slot| slot.taken.map(|(_, group)| group))
    }

    /// How the list of a group is to be read for all members together (RFC 3376 §3.2); `None` if
    /// there is no member.
    pub(crate) fn mode(&self, group: IpAddr) -> Option<FilterMode> {
        let mut members = self.members(group).peekable();
        members.peek()?;
        let excludes = members.any(|slot| slot.mode == FilterMode::Exclude);
        Some(if excludes {
            FilterMode::Exclude
        } else {
            FilterMode::Include
        })
    }

    /// Every source that a member of the group lists; some may come twice.
    pub(crate) fn sources(&self, group: IpAddr) -> impl Iterator<Item = IpAddr> + use<'m, 'a> {
        self.members(group)
            .flat_map(|slot| slot.list().iter().copied())
    }

    /// Whether a source is on the list of all members together (RFC 3376 §3.2): excluded by all who
    /// exclude and included by nobody, or else included by somebody.
    pub(crate) fn lists(&self, group: IpAddr, source: IpAddr) -> bool {
        let listed = |mode| {
            self.members(group)
                .filter(move |slot| slot.mode == mode)
                .map(move |slot| slot.list().contains(&source))
        };
        let included = listed(FilterMode::Include).any(|listed| listed);
        match self.mode(group) {
            Some(FilterMode::Include) => included,
            Some(FilterMode::Exclude) => {
                !included && listed(FilterMode::Exclude).all(|listed| listed)
            }
            None => false,
        }
    }

    fn all(&self) -> impl Iterator<Item = &'m MembershipSlot<'a>> + use<'m, 'a> {
        let interface = self.interface;
        self.memberships.slots.0.iter().filter(move |slot| {
            slot.taken.is_some() && (slot.interface.is_none() || slot.interface == interface)
        })
    }

    fn members(&self, group: IpAddr) -> impl Iterator<Item = &'m MembershipSlot<'a>> + use<'m, 'a> {
        self.all()
            .filter(move |slot| slot.taken.is_some_and(|(_, of)| of == group))
    }
}

impl MembershipSlot<'_> {
    fn add(&mut self, source: IpAddr) -> Result<(), JoinError> {
        if self.list().contains(&source) {
            return Ok(());
        }
        let room = self.sources.get_mut(self.count);
        *room.ok_or(JoinError::TooManySources)? = source;
        self.count = self.count.saturating_add(1);
        Ok(())
    }
}

fn check(group: IpAddr, sources: &[IpAddr]) -> Result<(), JoinError> {
    if !group.is_multicast() {
        return Err(JoinError::NotMulticast);
    }
    let fits =
        |source: &IpAddr| source.is_ipv4() == group.is_ipv4() && crate::addr::is_unicast(*source);
    if sources.iter().all(fits) {
        Ok(())
    } else {
        Err(JoinError::BadSource)
    }
}

/// Whether every node is in a group without asking, and never reports it: all hosts and all nodes
/// (RFC 3376 §6, RFC 3810 §6), and what does not leave the node (RFC 4291 §2.7).
pub(crate) const fn is_permanent(group: IpAddr) -> bool {
    match group {
        IpAddr::V4(v4) => v4.to_bits() == Ipv4Addr::new(224, 0, 0, 1).to_bits(),
        IpAddr::V6(v6) => {
            let [first, second, ..] = v6.octets();
            let all_nodes = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 1);
            v6.to_bits() == all_nodes.to_bits() || (first == 0xff && second & 0x0f <= 1)
        }
    }
}

/// Groups are chosen by the application, so no secret is needed.
fn hash(owner: Owner, group: IpAddr) -> u32 {
    let low = match group {
        IpAddr::V4(v4) => v4.to_bits(),
        IpAddr::V6(v6) => v6.to_bits() as u32,
    };
    let owner = match owner {
        Owner::Host => NIL,
        Owner::Udp(node) => node,
    };
    (low ^ owner.rotate_left(16)).wrapping_mul(0x9e37_79b1)
}

//! Intrusive bookkeeping: hash chains, an indexed timer heap and FIFO lists whose pointers live in
//! the slots they connect, so that a table needs no memory beside its slots and no operation is
//! linear in their number (the heap is logarithmic).
//!
//! A node is the number of a slot. Bucket `k` of the hash table and position `k` of the heap are
//! kept in the links of slot `k`: there are as many of each as there are slots.

use litz_hal::time::Instant;

use crate::parts::{BACKLOG, Kept, ROUTER, SCALE};

/// No node.
pub(crate) const NIL: u32 = u32::MAX;

/// The bookkeeping of one slot.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Links {
    chains: Kept<Chains, { SCALE as usize }>,
    /// This slot's position in the heap, or `NIL`.
    heap_pos: Kept<u32, { TIMED as usize }>,
    /// When its timer is due, if it is in the heap.
    due: Kept<Instant, { TIMED as usize }>,
    /// Next node in each of the lists.
    next: [u32; LISTS],
    /// Whether this slot is in each of the lists.
    listed: [bool; LISTS],
    /// Whether this slot is in the hash table.
    hashed: bool,
}

/// What tables of hashes and the heap keep of a slot.
#[derive(Clone, Copy, Debug)]
struct Chains {
    /// First node of the hash bucket with this slot's number.
    bucket: u32,
    /// Next node in the bucket that this slot is in.
    chain: u32,
    /// The hash under which this slot is in the table.
    hash: u32,
    /// The node at the heap position with this slot's number.
    heap_item: u32,
}

impl Chains {
    const NONE: Self = Self {
        bucket: NIL,
        chain: NIL,
        hash: 0,
        heap_item: NIL,
    };
}

/// Whether slots have timers; without, those of connections are looked at one by one.
const TIMED: bool = SCALE || BACKLOG;

/// Whether slots that have something to do stand in lists; without, few are looked through in turn.
pub(crate) const LISTED: bool = SCALE || BACKLOG || ROUTER;

/// How many lists a slot can be in at once.
const LISTS: usize = if LISTED { 2 } else { 0 };

impl Links {
    /// Links of a slot that is in nothing.
    pub(crate) const EMPTY: Self = Self {
        chains: Kept::of(Chains::NONE),
        heap_pos: Kept::of(NIL),
        due: Kept::of(Instant::ZERO),
        next: [NIL; LISTS],
        listed: [false; LISTS],
        hashed: false,
    };

    /// Whether the slot is in the hash table.
    #[inline]
    pub(crate) const fn is_hashed(&self) -> bool {
        self.hashed
    }

    #[inline]
    const fn chains(&self) -> Chains {
        match self.chains.get() {
            Some(chains) => *chains,
            None => Chains::NONE,
        }
    }

    #[inline]
    const fn heap_pos(&self) -> u32 {
        match self.heap_pos.get() {
            Some(pos) => *pos,
            None => NIL,
        }
    }

    #[inline]
    const fn due(&self) -> Instant {
        match self.due.get() {
            Some(due) => *due,
            None => Instant::ZERO,
        }
    }
}

/// The numbers of so many slots, in turn after that of the last whose turn it was.
#[inline]
pub(crate) fn in_turn(slots: u32, last: u32) -> impl Iterator<Item = u32> {
    (0..slots).filter_map(move |n| last.wrapping_add(1).wrapping_add(n).checked_rem(slots))
}

/// Slots with links, found by number.
pub(crate) trait Arena {
    /// How many slots there are.
    fn len(&self) -> u32;
    /// The links of a slot.
    fn links(&self, node: u32) -> Option<&Links>;
    /// The links of a slot, to change.
    fn links_mut(&mut self, node: u32) -> Option<&mut Links>;
}

/// Hash table with chaining.
pub(crate) struct Demux;

impl Demux {
    /// First candidate for a hash; the caller compares keys and goes on with [`Demux::next`].
    #[inline]
    pub(crate) fn first(arena: &impl Arena, hash: u32) -> u32 {
        if !SCALE {
            return Self::from(arena, 0);
        }
        arena
            .links(Self::bucket(arena, hash))
            .map_or(NIL, |links| links.chains().bucket)
    }

    /// The candidate after `node`.
    #[inline]
    pub(crate) fn next(arena: &impl Arena, node: u32) -> u32 {
        if !SCALE {
            return Self::from(arena, node.saturating_add(1));
        }
        arena.links(node).map_or(NIL, |links| links.chains().chain)
    }

    /// Put a node into the table; one that is there already is moved.
    pub(crate) fn insert(arena: &mut impl Arena, node: u32, hash: u32) {
        if !SCALE {
            if let Some(links) = arena.links_mut(node) {
                links.hashed = true;
            }
            return;
        }
        Self::remove(arena, node);
        let bucket = Self::bucket(arena, hash);
        let Some(head) = arena.links_mut(bucket) else {
            return;
        };
        let chain = head.chains().bucket;
        head.chains.note(|head| head.bucket = node);
        if let Some(links) = arena.links_mut(node) {
            links.chains.note(|links| {
                links.chain = chain;
                links.hash = hash;
            });
            links.hashed = true;
        }
    }

    /// Take a node out of the table, if it is there.
    pub(crate) fn remove(arena: &mut impl Arena, node: u32) {
        let Some(links) = arena.links_mut(node) else {
            return;
        };
        if !core::mem::take(&mut links.hashed) || !SCALE {
            return;
        }
        let Chains {
            hash, chain: after, ..
        } = links.chains();
        links.chains.note(|links| links.chain = NIL);
        let bucket = Self::bucket(arena, hash);
        let Some(head) = arena.links_mut(bucket) else {
            return;
        };
        let mut at = head.chains().bucket;
        if at == node {
            head.chains.note(|head| head.bucket = after);
            return;
        }
        while let Some(links) = arena.links_mut(at) {
            let next = links.chains().chain;
            if next == node {
                links.chains.note(|links| links.chain = after);
                return;
            }
            at = next;
        }
    }

    /// The first node from a number on that is in the table.
    fn from(arena: &impl Arena, number: u32) -> u32 {
        let is = |&node: &u32| arena.links(node).is_some_and(Links::is_hashed);
        (number..arena.len()).find(is).unwrap_or(NIL)
    }

    /// The bucket of a hash: the hash scaled to the number of slots, which spreads like its high
    /// bits and needs no division.
    #[inline]
    fn bucket(arena: &impl Arena, hash: u32) -> u32 {
        let scaled = u64::from(hash).wrapping_mul(u64::from(arena.len()));
        (scaled >> 32) as u32
    }
}

/// Binary heap of deadlines, indexed by node so that each can be moved or removed.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct TimerHeap {
    len: u32,
}

impl TimerHeap {
    /// Whether no deadline is set.
    #[inline]
    pub(crate) const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The earliest deadline and whose it is.
    #[inline]
    pub(crate) fn peek(&self, arena: &impl Arena) -> Option<(Instant, u32)> {
        if self.len == 0 {
            return None;
        }
        if !SCALE {
            let timed = |node: u32| arena.links(node).filter(|links| links.heap_pos() != NIL);
            return (0..arena.len())
                .filter_map(|node| Some((timed(node)?.due(), node)))
                .min();
        }
        let node = Self::item(arena, 0);
        arena.links(node).map(|links| (links.due(), node))
    }

    /// Set, move or (with `None`) remove the deadline of a node.
    #[inline]
    pub(crate) fn set(&mut self, arena: &mut impl Arena, node: u32, due: Option<Instant>) {
        let Some(links) = arena.links_mut(node) else {
            return;
        };
        let (pos, before) = (links.heap_pos(), links.due());
        if !SCALE {
            links.due = Kept::of(due.unwrap_or_default());
            links.heap_pos = Kept::of(if due.is_some() { 0 } else { NIL });
            let others = self.len.saturating_sub(u32::from(pos != NIL));
            self.len = others.saturating_add(u32::from(due.is_some()));
            return;
        }
        match due {
            Some(due) if pos != NIL => {
                let earlier = due < before;
                if due != before {
                    links.due = Kept::of(due);
                    if earlier {
                        Self::up(arena, pos)
                    } else {
                        self.down(arena, pos)
                    }
                }
            }
            Some(due) => {
                links.due = Kept::of(due);
                let pos = self.len;
                self.len = self.len.saturating_add(1);
                Self::place(arena, pos, node);
                Self::up(arena, pos);
            }
            None if pos != NIL => {
                links.heap_pos = Kept::of(NIL);
                self.take(arena, pos);
            }
            None => {}
        }
    }

    /// Fill the hole at `pos` with the last node.
    fn take(&mut self, arena: &mut impl Arena, pos: u32) {
        self.len = self.len.saturating_sub(1);
        if pos == self.len {
            return;
        }
        let last = Self::item(arena, self.len);
        Self::place(arena, pos, last);
        Self::up(arena, pos);
        let now_at = arena.links(last).map_or(NIL, |links| links.heap_pos());
        self.down(arena, now_at);
    }

    fn item(arena: &impl Arena, pos: u32) -> u32 {
        arena
            .links(pos)
            .map_or(NIL, |links| links.chains().heap_item)
    }

    fn due(arena: &impl Arena, pos: u32) -> Option<Instant> {
        arena.links(Self::item(arena, pos)).map(|links| links.due())
    }

    fn place(arena: &mut impl Arena, pos: u32, node: u32) {
        if let Some(links) = arena.links_mut(pos) {
            links.chains.note(|links| links.heap_item = node);
        }
        if let Some(links) = arena.links_mut(node) {
            links.heap_pos = Kept::of(pos);
        }
    }

    fn up(arena: &mut impl Arena, mut pos: u32) {
        let node = Self::item(arena, pos);
        let Some(due) = arena.links(node).map(|links| links.due()) else {
            return;
        };
        while pos > 0 {
            let parent = (pos.saturating_sub(1)) >> 1;
            if Self::due(arena, parent).is_none_or(|above| above <= due) {
                break;
            }
            let above = Self::item(arena, parent);
            Self::place(arena, pos, above);
            pos = parent;
        }
        Self::place(arena, pos, node);
    }

    fn down(&self, arena: &mut impl Arena, mut pos: u32) {
        let node = Self::item(arena, pos);
        let Some(due) = arena.links(node).map(|links| links.due()) else {
            return;
        };
        loop {
            let left = pos.saturating_mul(2).saturating_add(1);
            let right = left.saturating_add(1);
            if left >= self.len {
                break;
            }
            let (left_due, right_due) = (Self::due(arena, left), Self::due(arena, right));
            let child = if right < self.len && right_due < left_due {
                right
            } else {
                left
            };
            if Self::due(arena, child).is_none_or(|below| below >= due) {
                break;
            }
            let below = Self::item(arena, child);
            Self::place(arena, pos, below);
            pos = child;
        }
        Self::place(arena, pos, node);
    }
}

/// First-in first-out list; `WHICH` selects the pair of links it runs through.
#[derive(Clone, Copy, Debug)]
pub(crate) struct List<const WHICH: usize> {
    head: u32,
    tail: u32,
}

impl<const WHICH: usize> Default for List<WHICH> {
    fn default() -> Self {
        Self::EMPTY
    }
}

impl<const WHICH: usize> List<WHICH> {
    /// A list of nothing.
    pub(crate) const EMPTY: Self = Self {
        head: NIL,
        tail: NIL,
    };

    /// Whether there is no node in the list.
    #[inline]
    pub(crate) const fn is_empty(&self) -> bool {
        self.head == NIL
    }

    /// Append a node; one that is in a list of this kind already stays where it is.
    #[inline]
    pub(crate) fn push(&mut self, arena: &mut impl Arena, node: u32) {
        let Some(links) = arena.links_mut(node) else {
            return;
        };
        let (Some(listed), Some(next)) = (links.listed.get_mut(WHICH), links.next.get_mut(WHICH))
        else {
            return;
        };
        if core::mem::replace(listed, true) {
            return;
        }
        *next = NIL;
        let before = core::mem::replace(&mut self.tail, node);
        match arena
            .links_mut(before)
            .and_then(|links| links.next.get_mut(WHICH))
        {
            Some(next) => *next = node,
            None => self.head = node,
        }
    }

    /// Put all of another list of this kind behind this one.
    pub(crate) fn append(&mut self, arena: &mut impl Arena, other: Self) {
        if other.is_empty() {
            return;
        }
        match arena
            .links_mut(self.tail)
            .and_then(|links| links.next.get_mut(WHICH))
        {
            Some(next) => *next = other.head,
            None => self.head = other.head,
        }
        self.tail = other.tail;
    }

    /// The first node.
    #[inline]
    pub(crate) const fn first(&self) -> Option<u32> {
        if self.head == NIL {
            None
        } else {
            Some(self.head)
        }
    }

    /// Take the first node off the list.
    #[inline]
    pub(crate) fn pop(&mut self, arena: &mut impl Arena) -> Option<u32> {
        let node = self.first()?;
        let links = arena.links_mut(node)?;
        *links.listed.get_mut(WHICH)? = false;
        self.head = core::mem::replace(links.next.get_mut(WHICH)?, NIL);
        if self.head == NIL {
            self.tail = NIL;
        }
        Some(node)
    }
}

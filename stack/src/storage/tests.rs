//! Tests of the intrusive structures against plain models, and of the packet queue.

#![allow(clippy::arithmetic_side_effects)]

use super::*;

kept_whole!(u32);
use alloc::collections::{BTreeMap, VecDeque};
use alloc::vec;
use alloc::vec::Vec;
#[cfg(any(feature = "scale", feature = "backlog"))]
use litz_hal::time::Instant;

struct Nodes(Vec<Links>);

impl Arena for Nodes {
    fn len(&self) -> u32 {
        u32::try_from(self.0.len()).unwrap()
    }
    fn links(&self, node: u32) -> Option<&Links> {
        self.0.get(node as usize)
    }
    fn links_mut(&mut self, node: u32) -> Option<&mut Links> {
        self.0.get_mut(node as usize)
    }
}

struct Rng(u64);

impl Rng {
    fn below(&mut self, n: u32) -> u32 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as u32) % n
    }
}

const N: u32 = 37;

#[cfg(any(feature = "scale", feature = "backlog"))]
#[test]
fn timer_heap_agrees_with_a_sorted_map() {
    let mut nodes = Nodes(vec![Links::EMPTY; N as usize]);
    let (mut heap, mut model) = (TimerHeap::default(), BTreeMap::new());
    let mut rng = Rng(1);
    for step in 0..20_000 {
        let node = rng.below(N);
        let due = (rng.below(4) > 0).then(|| Instant::from_micros(i64::from(rng.below(50))));
        heap.set(&mut nodes, node, due);
        match due {
            Some(due) => drop(model.insert(node, due)),
            None => drop(model.remove(&node)),
        }
        let earliest = model.values().min().copied();
        assert_eq!(
            heap.peek(&nodes).map(|(due, _)| due),
            earliest,
            "step {step}"
        );
        if let Some((due, node)) = heap.peek(&nodes) {
            assert_eq!(model.get(&node), Some(&due), "step {step}");
        }
    }
}

/// The nodes in the bucket of one of the test's hashes.
fn chain(nodes: &Nodes, hash: u32) -> impl Iterator<Item = u32> {
    let mut at = Demux::first(nodes, hash.wrapping_mul(0x2345_6789));
    core::iter::from_fn(move || {
        let node = at;
        at = Demux::next(nodes, node);
        (node != NIL).then_some(node)
    })
}

#[test]
fn hash_chains_find_what_was_inserted_and_nothing_else() {
    let mut nodes = Nodes(vec![Links::EMPTY; N as usize]);
    let mut model: BTreeMap<u32, u32> = BTreeMap::new();
    let mut rng = Rng(2);
    for step in 0..20_000 {
        let node = rng.below(N);
        if rng.below(2) == 0 {
            let hash = rng.below(8).wrapping_mul(0x2345_6789);
            Demux::insert(&mut nodes, node, hash);
            model.insert(node, hash);
        } else {
            Demux::remove(&mut nodes, node);
            model.remove(&node);
        }
        if !model.contains_key(&node) {
            let anywhere = (0..8u32).any(|hash| chain(&nodes, hash).any(|at| at == node));
            assert!(!anywhere, "step {step}: node {node} is still linked");
        }
        for (&node, &hash) in &model {
            let mut at = Demux::first(&nodes, hash);
            let mut steps = 0;
            while at != node {
                assert!(at != NIL && steps < N, "step {step}: node {node} is lost");
                at = Demux::next(&nodes, at);
                steps += 1;
            }
        }
    }
}

#[cfg(any(feature = "scale", feature = "backlog", feature = "router"))]
#[test]
fn lists_are_first_in_first_out_and_take_a_node_once() {
    let mut nodes = Nodes(vec![Links::EMPTY; N as usize]);
    let mut list: List<1> = List::EMPTY;
    let mut model = VecDeque::new();
    let mut rng = Rng(3);
    for _ in 0..20_000 {
        if rng.below(2) == 0 {
            let node = rng.below(N);
            list.push(&mut nodes, node);
            if !model.contains(&node) {
                model.push_back(node);
            }
        } else {
            assert_eq!(list.pop(&mut nodes), model.pop_front());
        }
        assert_eq!(list.is_empty(), model.is_empty());
    }
}

#[test]
fn packet_queue_agrees_with_a_plain_one() {
    let mut queue = PacketBuffer::heap(5, 64);
    let mut model: VecDeque<(u32, Vec<u8>)> = VecDeque::new();
    let mut rng = Rng(4);
    let mut refused = 0;
    for step in 0..50_000 {
        if rng.below(2) == 0 {
            let packet = vec![step as u8; rng.below(40) as usize];
            match queue.push(step, &packet) {
                Some(()) => model.push_back((step, packet)),
                None => refused += 1,
            }
        } else {
            let expected = model.pop_front();
            let peeked = queue.peek().map(|(info, packet)| (*info, packet.to_vec()));
            assert_eq!(peeked, expected, "step {step}");
            let popped = queue.pop().map(|(info, packet)| (info, packet.to_vec()));
            assert_eq!(popped, expected, "step {step}");
        }
        assert_eq!(queue.len(), model.len());
    }
    assert!(refused > 1000, "the queue was never full: {refused}");
}

#[test]
fn an_empty_packet_queue_takes_a_packet_as_long_as_itself() {
    let mut queue = PacketBuffer::heap(2, 10);
    for _ in 0..7 {
        assert!(queue.push((), &[1; 11]).is_none());
        assert!(queue.push((), &[1; 10]).is_some());
        assert!(queue.push((), &[1; 1]).is_none());
        assert_eq!(queue.pop().map(|(_, packet)| packet.len()), Some(10));
        assert!(queue.push((), &[]).is_some());
        assert_eq!(queue.pop().map(|(_, packet)| packet.len()), Some(0));
    }
}

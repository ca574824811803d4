//! Which datagram socket a packet is for: one that is connected to its sender before one that is
//! not, then one bound to its destination before one bound to all (RFC 1122 §4.1.3.5). What goes to
//! a group or to everybody is for all of them. Nothing is linear in the number of other sockets.

use core::net::IpAddr;

use super::datagram::{DatagramHandle, DatagramSlot, DatagramTable, hash};
use super::error::StaleHandle;
use super::interfaces::InterfaceId;
use super::report::{IcmpReport, NetworkError, Quoted};
use crate::addr::{Ip, IpPort, full, kept, kept_end, same};
use crate::parts::{ROUTER, SHARED};
use crate::sip::{Message, hash13};
use crate::storage::{Demux, Meta};

/// What a received packet says about whom it is for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arrival {
    /// Where it was sent to.
    pub(crate) dst: Ip,
    /// The port or identifier there.
    pub(crate) key: u16,
    /// Who sent it, where sockets may be connected.
    pub(crate) remote: Option<IpPort>,
    /// The interface that it came by.
    pub(crate) interface: Option<InterfaceId>,
}

/// A walk over every socket that a packet is for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Walk {
    arrival: Arrival,
    /// The node to be looked at next.
    node: u32,
    /// Whether the sockets without a peer are still to come.
    more: bool,
    /// Whether those that are bound to some interface are all meant.
    anywhere: bool,
}

impl<'a, M: Meta> DatagramTable<'a, M> {
    /// Hear nobody but a peer from now on, or with `None` everybody again.
    pub(crate) fn connect(
        &mut self,
        handle: DatagramHandle,
        remote: Option<IpPort>,
    ) -> Result<(), StaleHandle> {
        if !SHARED && remote.is_some() {
            return Err(StaleHandle);
        }
        let slot = self.get_mut(handle)?;
        let key = slot.binding().map_or(0, |binding| binding.key);
        let before = slot.peer();
        slot.remote.note(|peer| *peer = remote);
        if before == remote {
            return Ok(());
        }
        self.connected.note(|count| {
            let others = count.saturating_sub(before.is_some().into());
            *count = others.saturating_add(remote.is_some().into());
        });
        let hash = match remote {
            Some(remote) => self.hash_of(key, remote),
            None => hash(key),
        };
        Demux::insert(&mut self.slots, handle.node(), hash);
        Ok(())
    }

    /// The one socket that a packet is for. Among several that share an address and a port, senders
    /// are spread.
    #[inline]
    pub(crate) fn find(&self, arrival: &Arrival) -> Option<u32> {
        if SHARED
            && let Some(remote) = arrival.remote
            && self.has_connected()
            && let Some(node) = self.best(self.hash_of(arrival.key, remote), arrival)
        {
            return Some(node);
        }
        let among_all = Arrival {
            remote: None,
            ..*arrival
        };
        self.best(hash(arrival.key), &among_all).and_then(|node| {
            if !SHARED {
                return Some(node);
            }
            // Who is alone needs no spreading.
            let shared = self.slots.0.get(node as usize)?.policy.shared;
            match arrival.remote.filter(|_| shared) {
                Some(remote) => self.spread(arrival, remote),
                None => Some(node),
            }
        })
    }

    /// The best socket of a bucket, for packets from the peer that the arrival names, or from
    /// nobody in particular.
    fn best(&self, hash: u32, arrival: &Arrival) -> Option<u32> {
        let mut best = None;
        let mut node = Demux::first(&self.slots, hash);
        while let Some(slot) = self.slots.0.get(node as usize) {
            if (!SHARED || slot.peer() == arrival.remote)
                && let Some(rank) = slot.rank(arrival)
                && best.is_none_or(|(before, _)| before < rank)
            {
                best = Some((rank, node));
            }
            node = Demux::next(&self.slots, node);
        }
        best.map(|(_, node)| node)
    }

    /// Of the best sockets without a peer, the one that a sender falls to.
    #[inline(never)]
    fn spread(&self, arrival: &Arrival, remote: IpPort) -> Option<u32> {
        let of_remote = self.hash_of(arrival.key, remote);
        let mut best = None;
        let mut node = Demux::first(&self.slots, hash(arrival.key));
        while let Some(slot) = self.slots.0.get(node as usize) {
            if slot.peer().is_none()
                && let Some(rank) = slot.rank(arrival)
            {
                let mixed = (of_remote ^ node).wrapping_mul(0x85eb_ca6b).rotate_left(13);
                let lot = (rank, mixed.wrapping_mul(0xc2b2_ae35));
                if best.is_none_or(|(before, _)| before < lot) {
                    best = Some((lot, node));
                }
            }
            node = Demux::next(&self.slots, node);
        }
        best.map(|(_, node)| node)
    }

    /// Begin to walk over every socket that a packet is for.
    pub(crate) fn walk(&self, arrival: Arrival) -> Walk {
        let (hash, more) = match arrival.remote {
            Some(remote) if SHARED && self.has_connected() => {
                (self.hash_of(arrival.key, remote), true)
            }
            _ => (hash(arrival.key), false),
        };
        Walk {
            arrival,
            node: Demux::first(&self.slots, hash),
            more,
            anywhere: false,
        }
    }

    /// The next of them.
    pub(crate) fn step(&self, walk: &mut Walk) -> Option<u32> {
        loop {
            let Some(slot) = self.slots.0.get(walk.node as usize) else {
                if !core::mem::take(&mut walk.more) {
                    return None;
                }
                walk.node = Demux::first(&self.slots, hash(walk.arrival.key));
                continue;
            };
            let node = walk.node;
            walk.node = Demux::next(&self.slots, node);
            // Both buckets may be one; each socket has its turn once.
            let fits = if walk.more {
                slot.peer().is_some() && slot.peer() == walk.arrival.remote
            } else {
                slot.peer().is_none()
            };
            let arrival = Arrival {
                interface: if walk.anywhere {
                    slot.interface
                } else {
                    walk.arrival.interface
                },
                ..walk.arrival
            };
            if fits && slot.rank(&arrival).is_some() {
                return Some(node);
            }
        }
    }

    /// Note what the network reports about a packet. Returns whether it was one of a socket's.
    pub(crate) fn icmp_report(&mut self, quoted: &Quoted, report: IcmpReport) -> bool {
        let Quoted { local, remote, .. } = quoted;
        // By which interface the packet left is not quoted.
        let node = self.owner(kept(local.addr), local.port, kept_end(*remote));
        let slot = node.and_then(|node| self.slot_mut(node));
        let error = NetworkError {
            remote: quoted.remote,
            reporter: quoted.reporter,
            report,
        };
        slot.map(|slot| slot.error.note(|last| *last = Some(error)))
            .is_some()
    }

    /// The socket that can have sent a packet.
    fn owner(&self, local: Ip, key: u16, remote: IpPort) -> Option<u32> {
        let mut walk = self.walk(Arrival {
            dst: local,
            key,
            remote: Some(remote),
            interface: None,
        });
        walk.anywhere = true;
        self.step(&mut walk)
    }

    fn hash_of(&self, key: u16, remote: IpPort) -> u32 {
        let ports = [key, remote.port].map(u16::to_be_bytes);
        let message = match full(remote.addr) {
            IpAddr::V4(v4) => Message::of(&[ports.as_flattened(), &v4.octets()]),
            IpAddr::V6(v6) => Message::of(&[ports.as_flattened(), &v6.octets()]),
        };
        let secret = self.secret.get().unwrap_or(&[0; 16]);
        hash13(secret, message.octets()) as u32
    }
}

impl<M: Meta> DatagramSlot<'_, M> {
    /// How well the socket fits a packet; `None` if it does not. Its peer is not looked at.
    fn rank(&self, arrival: &Arrival) -> Option<u8> {
        let binding = self.binding()?;
        let addr_fits = binding.addr.is_none_or(|own| same(&own, &arrival.dst));
        let interface = self.interface.filter(|_| ROUTER);
        let interface_fits = interface.is_none() || interface == arrival.interface;
        (binding.key == arrival.key && addr_fits && interface_fits)
            .then_some(u8::from(binding.addr.is_some()) << 1 | u8::from(interface.is_some()))
    }
}

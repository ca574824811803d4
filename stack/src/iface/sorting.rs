//! Which interface sends what the sockets have: what stands at the head of their lists is handed to
//! the one that it goes by, until what stands there goes by the one that is polled.

use super::Interface;
use super::counters::DropReason;
use crate::addr::{Ip, full, kept};
use crate::socket::{
    DatagramSlot, DatagramTable, Egress, Interfaces, List, SocketSet, TcpCandidate, Waiting, Way,
};
use crate::storage::Meta;

/// The smallest segment that is taken from a connection without a way out (RFC 9293 §3.7.1).
const MIN_MSS: usize = 536;

impl Interface<'_> {
    /// Hand what is ready at the head of the sockets' lists to the interface that it goes by. Each
    /// turn takes something off a list.
    #[inline(never)]
    pub(super) fn sort_out(&mut self, sockets: &mut SocketSet<'_>) {
        while let Some(candidate) = sockets.tcp.next_ready()
            && let Some(way) = tcp_way(candidate, sockets)
        {
            match sockets.interfaces.egress(self.id, &way) {
                Egress::Mine => break,
                Egress::Nowhere => self.lose_segment(sockets, candidate, kept(way.dst)),
                Egress::Other(index) => {
                    if let Some(waiting) = sockets.interfaces.waiting_mut(index) {
                        sockets.tcp.hand_over(&mut waiting.tcp);
                    }
                }
            }
        }
        let SocketSet {
            udp,
            icmp,
            raw,
            frames,
            interfaces,
            ..
        } = sockets;
        let id = self.id;
        let to = |dst, src, bound| Way {
            dst,
            src,
            bound,
            zone: 0,
        };
        let lists = &mut *interfaces;
        self.sort(
            Some(udp),
            lists,
            |waiting| &mut waiting.udp,
            |among, slot, meta| {
                let bound = slot.binding().and_then(|binding| binding.addr);
                let interface = slot.interface.or(meta.way_out());
                let way = to(
                    meta.remote.addr,
                    bound.map(full).or(meta.local_addr),
                    interface,
                );
                among.egress(id, &way)
            },
            |meta| Some(kept(meta.remote.addr)),
        );
        self.sort(
            icmp.get_mut(),
            lists,
            |waiting| &mut waiting.icmp,
            |among, slot, meta| among.egress(id, &to(meta.remote, None, slot.interface)),
            |meta| Some(kept(meta.remote)),
        );
        self.sort(
            raw.get_mut(),
            lists,
            |waiting| &mut waiting.raw,
            |among, slot, meta| among.egress(id, &to(meta.dst, None, slot.interface)),
            |meta| Some(kept(meta.dst)),
        );
        self.sort(
            frames.get_mut(),
            lists,
            |waiting| &mut waiting.frames,
            |among, slot, _| among.by_name(id, slot.interface),
            |_| None,
        );
    }

    /// [`sort_out`](Interface::sort_out) for the sockets of one table, which wait in this list.
    fn sort<M: Meta>(
        &mut self,
        table: Option<&mut DatagramTable<'_, M>>,
        interfaces: &mut Interfaces<'_>,
        list: impl Fn(&mut Waiting) -> &mut List<0>,
        egress: impl Fn(&mut Interfaces<'_>, &DatagramSlot<'_, M>, M) -> Egress,
        dst: impl Fn(M) -> Option<Ip>,
    ) {
        let Some(table) = table else {
            return;
        };
        while let Some(node) = table.next_ready() {
            let Some((slot, meta, _)) = table.front(node) else {
                break;
            };
            let meta = M::full(meta);
            match egress(interfaces, slot, meta) {
                Egress::Mine => break,
                Egress::Nowhere => {
                    let reason = dst(meta).map(|dst| self.no_route(dst));
                    self.counters.drop(reason.unwrap_or(DropReason::NoRoute));
                    table.done(node);
                }
                Egress::Other(index) => {
                    if let Some(waiting) = interfaces.waiting_mut(index) {
                        table.hand_over(list(waiting));
                    }
                }
            }
        }
    }

    /// Drop what a connection has for a place that no interface leads to. It counts as sent, and is
    /// sent again when there may be a way.
    fn lose_segment(&mut self, sockets: &mut SocketSet<'_>, candidate: TcpCandidate, dst: Ip) {
        let reason = self.no_route(dst);
        self.counters.drop(reason);
        let TcpCandidate { node, opening } = candidate;
        if opening {
            sockets.tcp.unroutable(node);
        } else {
            sockets
                .tcp
                .take_segment(node, (MIN_MSS, MIN_MSS), |_, _, _| ());
        }
    }
}

/// Where a connection's packets go.
fn tcp_way(candidate: TcpCandidate, sockets: &SocketSet<'_>) -> Option<Way> {
    let TcpCandidate { node, opening } = candidate;
    let tuple = sockets.tcp.tuple(node)?;
    let local = tuple.local.addr;
    Some(Way {
        dst: full(tuple.remote.addr),
        src: (!opening || !local.is_unspecified()).then_some(full(local)),
        bound: sockets.tcp.bound(node),
        zone: if opening { 0 } else { tuple.zone },
    })
}

//! Messages of multicast listener discovery (RFC 2710 §3, RFC 3810 §5) in and out.

use core::net::{IpAddr, Ipv6Addr};

use litz_hal::time::{Duration, Instant};
use litz_hal::{Capabilities, TxToken};
use litz_wire::rt::{Array, Options, PseudoHeader, PseudoV6, Records, Sum};
use litz_wire::{
    Ecn, GroupRecordType, Icmpv6, Icmpv6Header, Icmpv6HeaderRepr, IpProtocol, Ipv6HopByHopRepr,
    Ipv6Option, Ipv6Repr, Ipv6RouterAlert, Mld, MldRecordRepr, MldReportV2Repr,
};

use super::Multicast;
use super::family::Compat;
use super::query::Query;
use super::report::{Measure, Message, ZEROS};
use crate::addr::{full, v6};
use crate::iface::Interface;
use crate::iface::counters::DropReason;
use crate::iface::ingress::{Context, Verdict};
use crate::iface::ip::IpInput;

/// Octets of the messages of version 1, and of the parts of a report before its records.
const MESSAGE_V1: usize = 24;
const REPORT: usize = 8;
/// Octets of a record without sources.
const RECORD: usize = 20;
/// Octets of an IPv6 header, and of a hop-by-hop header with a router alert.
const IP_HEADER: usize = 40;
const HOP_BY_HOP: usize = 8;
/// All MLDv2 routers (RFC 3810 §5.2.14).
const V2_ROUTERS: Ipv6Addr = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 0x16);
/// All routers (RFC 2710 §4).
const ALL_ROUTERS: Ipv6Addr = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 2);
/// Type of a report of version 2.
const REPORT_V2: u8 = 143;

/// Octets of records and sources in a packet for a link of this MTU.
pub(super) const fn measure(ip_mtu: usize) -> Measure {
    Measure {
        record: RECORD,
        source: 16,
        room: ip_mtu.saturating_sub(IP_HEADER + HOP_BY_HOP + REPORT),
    }
}

impl Interface<'_> {
    /// Handle a message of multicast listener discovery.
    pub(in crate::iface) fn mld<T: TxToken>(
        &mut self,
        context: &Context<'_, T>,
        input: &IpInput<'_>,
        message: &Mld<'_>,
    ) -> Verdict {
        // RFC 3810 §6.2, RFC 2710 §5: from a neighbor, and meant for routers to look at.
        let near = matches!(full(input.src), IpAddr::V6(src) if src.is_unicast_link_local());
        let from_nowhere = input.src.is_unspecified() && !matches!(message, Mld::Query { .. });
        if !(near || from_nowhere) || input.hop_limit != 1 || !input.alert {
            return Err(DropReason::IcmpIgnored);
        }
        match message {
            Mld::Query {
                max_resp,
                group,
                v2,
            } => {
                // RFC 3810 §8.1: versions are told apart by length.
                let (version, millis) = match (input.payload.len(), v2) {
                    (MESSAGE_V1, _) => (Compat::Older, max_resp.0.into()),
                    (_, Some(_)) => (Compat::Latest, max_resp.millis()),
                    _ => return Err(DropReason::IcmpIgnored),
                };
                let group = match group {
                    group if group.is_unspecified() => None,
                    group if group.is_multicast() => Some(IpAddr::V6(*group)),
                    _ => return Err(DropReason::IcmpIgnored),
                };
                let some = v2.as_ref().filter(|v2| !v2.sources.is_empty());
                let query = Query {
                    version,
                    max_resp: Duration::from_millis(millis.into()),
                    group,
                    sources: some.map(|v2| v2.sources.iter().map(IpAddr::V6)),
                    prescribed: v2.as_ref().map(|v2| {
                        let secs = u64::from(v2.interval.secs());
                        (v2.robustness, Duration::from_secs(secs))
                    }),
                };
                self.multicast
                    .note(|all| all.asked(false, query, context.now));
                Ok(())
            }
            Mld::Report { group } => {
                self.multicast
                    .note(|all| all.heard_report(IpAddr::V6(*group), context.now));
                Ok(())
            }
            _ => Err(DropReason::IcmpIgnored),
        }
    }

    pub(super) fn send_mld<T: TxToken>(
        &mut self,
        tx: T,
        now: Instant,
        caps: &Capabilities,
        message: Message,
    ) -> Verdict {
        let (dst_addr, len) = match message {
            Message::Records(octets) => (V2_ROUTERS, REPORT.saturating_add(octets)),
            Message::Report(_, IpAddr::V6(group)) => (group, MESSAGE_V1),
            Message::Leave(_) => (ALL_ROUTERS, MESSAGE_V1),
            Message::Report(..) => return Err(DropReason::NoRoute),
        };
        // Without a link-local address the source is unspecified (RFC 3590 §4, RFC 3810 §5.2.13).
        let mut link_local = self
            .addrs
            .iter()
            .filter_map(|cidr| match full(cidr.addr()) {
                IpAddr::V6(own) if own.is_unicast_link_local() => Some(own),
                _ => None,
            });
        let src_addr = link_local.next().unwrap_or(Ipv6Addr::UNSPECIFIED);
        drop(link_local);
        let repr = Ipv6Repr {
            dscp: 0,
            ecn: Ecn::NotEct,
            flow_label: 0,
            next_header: IpProtocol::HopByHop,
            hop_limit: 1,
            src_addr,
            dst_addr,
            payload_len: HOP_BY_HOP.saturating_add(len),
        };
        let alert = [
            Ipv6Option::RouterAlert {
                value: Ipv6RouterAlert::Mld,
            },
            Ipv6Option::PadN { zeros: &[] },
        ];
        let options = Ipv6HopByHopRepr {
            next_header: IpProtocol::Icmpv6,
            options: Options::items(&alert),
            payload_len: len,
        };
        let pseudo = PseudoV6 { src_addr, dst_addr };
        let total = IP_HEADER.saturating_add(HOP_BY_HOP).saturating_add(len);
        let mut multicast = core::mem::take(&mut self.multicast);
        let result = self.send_packet(tx, now, caps, v6(dst_addr), total, |buffer| {
            let payload = repr.emit(buffer).and_then(|payload| options.emit(payload));
            let Ok(payload) = payload else { return };
            multicast.get().inspect(|all| emit(all, message, payload));
            let len = u32::try_from(payload.len()).unwrap_or(u32::MAX);
            let sum = Sum::of(payload).add(pseudo.sum(IpProtocol::Icmpv6.0, len));
            Icmpv6Header::store_checksum(payload, sum.finish());
        });
        if matches!(message, Message::Records(_)) {
            multicast.note(Multicast::sent);
        }
        self.multicast = multicast;
        result
    }
}

/// Write a message, without its checksum.
fn emit(multicast: &Multicast<'_>, message: Message, buffer: &mut [u8]) {
    let old = match message {
        Message::Report(_, IpAddr::V6(group)) => Mld::Report { group },
        Message::Leave(IpAddr::V6(group)) => Mld::Done { group },
        _ => return emit_report(multicast, buffer),
    };
    // Nothing is written if it does not fit, which cannot be: the length was ours.
    let _ = Icmpv6::Mld(old).emit(buffer);
}

fn emit_report(multicast: &Multicast<'_>, buffer: &mut [u8]) {
    let records = multicast.records(|_, _, _, _| {});
    // The records' place is kept by as many without sources.
    let blank = ZEROS.get(..records.saturating_mul(RECORD)).unwrap_or(&[]);
    let header = Icmpv6HeaderRepr {
        msg_type: REPORT_V2,
        code: 0,
        payload_len: buffer.len().saturating_sub(4),
    };
    let report = MldReportV2Repr {
        extended: false,
        records: Records::view(&[], blank),
    };
    let written = header.emit(buffer).and_then(|body| report.emit(body));
    if written.is_err() {
        return;
    }
    let mut rest = buffer.get_mut(REPORT..).unwrap_or(&mut []);
    multicast.records(|kind, group, count, sources| {
        rest = emit_record(kind, group, count, sources, core::mem::take(&mut rest));
    });
}

/// Write a record. Returns what follows it.
fn emit_record<'b>(
    record_type: GroupRecordType,
    group: IpAddr,
    count: usize,
    sources: &mut dyn Iterator<Item = IpAddr>,
    buffer: &'b mut [u8],
) -> &'b mut [u8] {
    let octets = count.saturating_mul(16);
    let IpAddr::V6(group) = group else {
        return buffer;
    };
    let Some((record, rest)) = buffer.split_at_mut_checked(octets.saturating_add(RECORD)) else {
        return &mut [];
    };
    let repr = MldRecordRepr {
        record_type,
        group,
        sources: Array::from_bytes(ZEROS.get(..octets).unwrap_or(&[])),
        aux: &[],
    };
    if repr.emit(record).is_ok() {
        let places = record.get_mut(RECORD..).unwrap_or(&mut []);
        for (place, source) in places.chunks_exact_mut(16).zip(sources) {
            if let IpAddr::V6(source) = source {
                crate::storage::put(place, &source.octets());
            }
        }
    }
    rest
}

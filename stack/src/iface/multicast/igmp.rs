//! Messages of IGMP (RFC 1112 appendix I, RFC 2236 §2, RFC 3376 §4) in and out.

use core::net::{IpAddr, Ipv4Addr};

use litz_hal::time::{Duration, Instant};
use litz_hal::{Capabilities, TxToken};
use litz_wire::rt::{Array, Options, Records, Sum};
use litz_wire::{
    Ecn, GroupRecordType, Igmp, IgmpHeader, IgmpHeaderPacket, IgmpRecordRepr, IpProtocol, Ipv4,
    Ipv4Option, Ipv4Repr,
};

use super::Multicast;
use super::family::Compat;
use super::query::Query;
use super::report::{Measure, Message, ZEROS};
use crate::addr::{full, v4};
use crate::iface::Interface;
use crate::iface::counters::DropReason;
use crate::iface::ingress::{Context, Verdict};
use crate::iface::ip::IpInput;
use crate::parts::FRAGMENTS;

/// Octets of a message without sources or records.
const MESSAGE: usize = 8;
/// Octets of an IPv4 header with a router alert.
const IP_HEADER: usize = 24;
/// Precedence of internetwork control, as a code point (RFC 3376 §4, RFC 2474 §4.2.2).
const DSCP: u8 = 48;
/// All IGMPv3 routers (RFC 3376 §4.2.14).
const V3_ROUTERS: Ipv4Addr = Ipv4Addr::new(224, 0, 0, 22);
/// All routers (RFC 2236 §3).
const ALL_ROUTERS: Ipv4Addr = Ipv4Addr::new(224, 0, 0, 2);
/// What the largest delay of IGMPv1 is (RFC 3376 §7.2.1: a code of zero stands for 100 tenths).
const V1_MAX_RESP: Duration = Duration::from_secs(10);

/// Octets of records and sources in a packet for a link of this MTU.
pub(super) const fn measure(ip_mtu: usize) -> Measure {
    Measure {
        record: 8,
        source: 4,
        room: ip_mtu.saturating_sub(IP_HEADER + MESSAGE),
    }
}

impl Interface<'_> {
    /// Handle a message of IGMP.
    pub(in crate::iface) fn igmp<T: TxToken>(
        &mut self,
        context: &Context<'_, T>,
        input: &IpInput<'_>,
    ) -> Verdict {
        let packet =
            IgmpHeaderPacket::new_checked(input.payload).map_err(|_| DropReason::Malformed)?;
        if !packet.verify_checksum() {
            return Err(DropReason::TransportChecksum);
        }
        match Igmp::parse(&packet).map_err(|_| DropReason::Malformed)? {
            Igmp::Query {
                max_resp,
                group,
                v3,
            } => {
                let delay = Duration::from_millis(u64::from(max_resp.tenths()).saturating_mul(100));
                // RFC 3376 §7.1: versions are told apart by length and code.
                let (version, max_resp) = match (input.payload.len(), max_resp.0) {
                    (MESSAGE, 0) => (Compat::Oldest, V1_MAX_RESP),
                    // In version 2 the code is the time.
                    (MESSAGE, code) => (
                        Compat::Older,
                        Duration::from_millis(u64::from(code).saturating_mul(100)),
                    ),
                    _ if v3.is_some() => (Compat::Latest, delay),
                    _ => return Err(DropReason::IcmpIgnored),
                };
                let sources = v3.as_ref().map(|v3| v3.sources.iter().map(IpAddr::V4));
                let query = Query {
                    version,
                    max_resp,
                    group: asked_group(group, version)?,
                    sources: sources.filter(|_| v3.is_some_and(|v3| !v3.sources.is_empty())),
                    prescribed: v3.map(|v3| {
                        let secs = u64::from(v3.interval.secs());
                        (v3.robustness, Duration::from_secs(secs))
                    }),
                };
                self.multicast
                    .note(|all| all.asked(true, query, context.now));
                Ok(())
            }
            Igmp::ReportV1 { group } | Igmp::ReportV2 { group } => {
                self.multicast
                    .note(|all| all.heard_report(IpAddr::V4(group), context.now));
                Ok(())
            }
            _ => Err(DropReason::IcmpIgnored),
        }
    }

    pub(super) fn send_igmp<T: TxToken>(
        &mut self,
        tx: T,
        now: Instant,
        caps: &Capabilities,
        message: Message,
    ) -> Verdict {
        let (dst, len) = match message {
            Message::Records(octets) => (V3_ROUTERS, MESSAGE.saturating_add(octets)),
            Message::Report(_, IpAddr::V4(group)) => (group, MESSAGE),
            Message::Leave(_) => (ALL_ROUTERS, MESSAGE),
            Message::Report(..) => return Err(DropReason::NoRoute),
        };
        // Without an address the source is unspecified (RFC 3376 §4.2.13).
        let src_addr = match self.addrs.source_for(v4(dst)).map(full) {
            Some(IpAddr::V4(own)) => own,
            _ => Ipv4Addr::UNSPECIFIED,
        };
        let repr = Ipv4Repr {
            dscp: DSCP,
            ecn: Ecn::NotEct,
            ident: self.next_ident(),
            dont_frag: !FRAGMENTS,
            more_frags: false,
            frag_offset: 0,
            hop_limit: 1,
            next_header: IpProtocol::Igmp,
            src_addr,
            dst_addr: dst,
            options: Options::items(&[Ipv4Option::RouterAlert { value: 0 }]),
            payload_len: len,
        };
        let total = IP_HEADER.saturating_add(len);
        let mut multicast = core::mem::take(&mut self.multicast);
        let result = self.send_packet(tx, now, caps, v4(dst), total, |buffer| {
            let Ok((header, payload)) = repr.emit_split(buffer) else {
                return;
            };
            let sum = Sum::of(header).finish();
            Ipv4::store_checksum(header, sum);
            multicast.get().inspect(|all| emit(all, message, payload));
            let sum = Sum::of(payload).finish();
            IgmpHeader::store_checksum(payload, sum);
        });
        if matches!(message, Message::Records(_)) {
            multicast.note(Multicast::sent);
        }
        self.multicast = multicast;
        result
    }
}

/// The group that a query asks about, `None` for all; version 1 asks about all whatever it says.
fn asked_group(group: Ipv4Addr, version: Compat) -> Result<Option<IpAddr>, DropReason> {
    if group.is_unspecified() || version == Compat::Oldest {
        Ok(None)
    } else if group.is_multicast() {
        Ok(Some(IpAddr::V4(group)))
    } else {
        Err(DropReason::IcmpIgnored)
    }
}

/// Write a message, without its checksum.
fn emit(multicast: &Multicast<'_>, message: Message, buffer: &mut [u8]) {
    let group = match message {
        Message::Report(_, IpAddr::V4(group)) | Message::Leave(IpAddr::V4(group)) => group,
        _ => Ipv4Addr::UNSPECIFIED,
    };
    let records = match message {
        Message::Records(_) => multicast.records(|_, _, _, _| {}),
        _ => 0,
    };
    // The records' place is kept by as many without sources.
    let blank = ZEROS.get(..records.saturating_mul(8)).unwrap_or(&[]);
    let igmp = match message {
        Message::Records(_) => Igmp::ReportV3 {
            extended: false,
            records: Records::view(&[], blank),
        },
        Message::Report(Compat::Oldest, _) => Igmp::ReportV1 { group },
        Message::Report(..) => Igmp::ReportV2 { group },
        Message::Leave(_) => Igmp::Leave { group },
    };
    if igmp.emit(buffer).is_err() || records == 0 {
        return;
    }
    let mut rest = buffer.get_mut(MESSAGE..).unwrap_or(&mut []);
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
    let octets = count.saturating_mul(4);
    let IpAddr::V4(group) = group else {
        return buffer;
    };
    let Some((record, rest)) = buffer.split_at_mut_checked(octets.saturating_add(8)) else {
        return &mut [];
    };
    let repr = IgmpRecordRepr {
        record_type,
        group,
        sources: Array::from_bytes(ZEROS.get(..octets).unwrap_or(&[])),
        aux: &[],
    };
    if repr.emit(record).is_ok() {
        let places = record.get_mut(8..).unwrap_or(&mut []).chunks_exact_mut(4);
        for (place, source) in places.zip(sources) {
            if let IpAddr::V4(source) = source {
                crate::storage::put(place, &source.octets());
            }
        }
    }
    rest
}

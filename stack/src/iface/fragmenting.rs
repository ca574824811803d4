//! Sending what is larger than the path in fragments (RFC 791 §2.3, RFC 8200 §4.5): the message is
//! written once into the caller's memory and leaves piece by piece, with a number that strangers
//! cannot foresee (RFC 7739). One message at a time; TCP is never sent this way.

use litz_hal::time::{Deadline, Instant};
use litz_hal::{Capabilities, TxToken};
use litz_wire::rt::{NoOptions, Options, PseudoSum, Sum};
use litz_wire::{IpProtocol, Ipv4, Ipv4Repr, Ipv6FragmentRepr, Ipv6Repr};

use core::net::IpAddr;

use super::Interface;
use super::counters::DropReason;
use super::framing::write_frame;
use super::hardware::HardwareAddr;
use super::ingress::Verdict;
use super::mib::count;
use super::output::{IPV4_HEADER, IPV6_HEADER, IpOutput};
use super::transport::pseudo;
use crate::addr::{Ip, full, is_v4};
use crate::storage::{Storage, put};

/// Octets of the fragment header of IPv6.
const FRAGMENT_HEADER: usize = 8;

/// A message that leaves in fragments.
#[derive(Debug, Default)]
pub(super) struct Fragmenting<'a> {
    buffer: Storage<'a, u8>,
    job: Option<Job>,
}

#[derive(Clone, Copy, Debug)]
struct Job {
    output: IpOutput,
    to: To,
    mtu: usize,
    ident: u32,
    /// Octets that have been sent.
    sent: usize,
}

/// Where the fragments go.
#[derive(Clone, Copy, Debug)]
pub(super) enum To {
    /// A link without stations.
    Link,
    /// From and to a station.
    Station(HardwareAddr, HardwareAddr),
    /// A next hop that has yet to be found.
    Hop(Ip),
}

impl<'a> Fragmenting<'a> {
    pub(super) const fn new(buffer: Storage<'a, u8>) -> Self {
        Self { buffer, job: None }
    }
}

impl Interface<'_> {
    /// Begin to send a message in fragments of packets of at most `mtu` octets.
    pub(super) fn begin_fragments(
        &mut self,
        output: &IpOutput,
        to: To,
        mtu: usize,
        fill: impl FnOnce(&mut [u8], &PseudoSum),
    ) -> Verdict {
        let begun = self.try_fragments(output, to, mtu, fill);
        if begun.is_err() {
            self.protocols
                .note(|all| count(&mut all.ip(is_v4(&output.src)).out_frag_fails));
        }
        begun
    }

    fn try_fragments(
        &mut self,
        output: &IpOutput,
        to: To,
        mtu: usize,
        fill: impl FnOnce(&mut [u8], &PseudoSum),
    ) -> Verdict {
        if output.dont_frag || mtu < MIN_MTU || output.len() > MAX_PACKET {
            return Err(DropReason::TooLong);
        }
        let buffer = match self.fragmenting.get_mut() {
            Some(Fragmenting { job: Some(_), .. }) => return Err(DropReason::FragmentsBusy),
            Some(Fragmenting { buffer, .. }) => buffer.get_mut(..output.payload_len),
            None => None,
        };
        let Some(buffer) = buffer else {
            return Err(DropReason::TooLong);
        };
        fill(buffer, &pseudo(output.src, output.dst));
        let ident = if is_v4(&output.src) {
            u32::from(self.next_ident())
        } else {
            self.random.next() as u32
        };
        let job = Job {
            output: *output,
            to,
            mtu,
            ident,
            sent: 0,
        };
        self.fragmenting.note(|all| all.job = Some(job));
        Ok(())
    }

    /// Whether a fragment can be sent, or its message has to be given up.
    #[inline]
    pub(super) fn has_fragments(&self) -> bool {
        match self.fragmenting.get().and_then(|all| all.job.as_ref()) {
            None => false,
            Some(Job {
                to: To::Hop(hop), ..
            }) => self.neighbors.known(*hop).is_some() || !self.neighbors.contains(*hop),
            Some(_) => true,
        }
    }

    /// When the next fragment can be sent.
    #[inline]
    pub(super) fn fragments_at(&self, now: Instant) -> Deadline {
        if self.has_fragments() {
            Deadline::at(now)
        } else {
            Deadline::NEVER
        }
    }

    /// Send the next fragment.
    pub(super) fn send_fragment<T: TxToken>(&mut self, tx: T, caps: &Capabilities) -> Verdict {
        let Some(fragmenting) = self.fragmenting.get_mut() else {
            return Ok(());
        };
        let Some(job) = &mut fragmenting.job else {
            return Ok(());
        };
        if let To::Hop(hop) = job.to {
            let known = self.neighbors.known(hop);
            let (Some(station), Some(own)) = (known, self.link.own()) else {
                fragmenting.job = None;
                return Err(DropReason::Unresolved);
            };
            job.to = To::Station(own, station);
        }
        let job = *job;
        let buffer = &fragmenting.buffer;
        let rest = buffer.get(job.sent..job.output.payload_len).unwrap_or(&[]);
        // The link may have become narrower in the meantime.
        let room = job
            .mtu
            .min(caps.ip_mtu)
            .saturating_sub(job.output.fragment_header());
        let whole = rest.len() <= room;
        let len = if whole { rest.len() } else { room & !7 };
        let Some(piece) = rest.get(..len).filter(|_| whole || len > 0) else {
            fragmenting.job = None;
            return Err(DropReason::TooLong);
        };
        let verdict = write_fragment(tx, &job, piece, !whole);
        self.counters.sent();
        let v4 = is_v4(&job.output.src);
        let protocols = &mut self.protocols;
        protocols.note(|all| count(&mut all.ip(v4).out_frag_creates));
        match &mut fragmenting.job {
            Some(job) if !whole => job.sent = job.sent.saturating_add(len),
            job => {
                protocols.note(|all| count(&mut all.ip(v4).out_frag_oks));
                *job = None;
            }
        }
        verdict
    }
}

/// The longest packet: of IPv4; one of IPv6 may be longer by its header.
const MAX_PACKET: usize = 65_535;
/// With less than this there is no room for data (RFC 791 §3.2).
const MIN_MTU: usize = 68;

impl IpOutput {
    /// Octets of the headers of a fragment.
    const fn fragment_header(&self) -> usize {
        if is_v4(&self.src) {
            IPV4_HEADER
        } else {
            IPV6_HEADER + FRAGMENT_HEADER
        }
    }
}

fn write_fragment<T: TxToken>(tx: T, job: &Job, piece: &[u8], more: bool) -> Verdict {
    let len = job.output.fragment_header().saturating_add(piece.len());
    let stations = match job.to {
        To::Station(own, station) => Some((own, station)),
        To::Link | To::Hop(_) => None,
    };
    let is_ipv4 = is_v4(&job.output.src);
    let written = write_frame(tx, stations, is_ipv4, len, |packet| {
        put_fragment(packet, job, piece, more);
    });
    written.map_err(|_| DropReason::Device)
}

fn put_fragment(buffer: &mut [u8], job: &Job, piece: &[u8], more: bool) {
    let output = &job.output;
    let Ok(frag_offset) = u16::try_from(job.sent) else {
        return;
    };
    match (full(output.src), full(output.dst)) {
        (IpAddr::V4(src_addr), IpAddr::V4(dst_addr)) => {
            let repr = Ipv4Repr {
                dscp: output.dscp,
                ecn: output.ecn,
                ident: job.ident as u16,
                dont_frag: false,
                more_frags: more,
                frag_offset,
                hop_limit: output.hop_limit,
                next_header: output.protocol,
                src_addr,
                dst_addr,
                options: Options::EMPTY,
                payload_len: piece.len(),
            };
            if let Ok((header, payload)) = repr.emit_with(&NoOptions, buffer) {
                let sum = Sum::of(header).finish();
                Ipv4::store_checksum(header, sum);
                put(payload, piece);
            }
        }
        (IpAddr::V6(src_addr), IpAddr::V6(dst_addr)) => {
            let header = Ipv6Repr {
                dscp: output.dscp,
                ecn: output.ecn,
                flow_label: 0,
                next_header: IpProtocol::Ipv6Frag,
                hop_limit: output.hop_limit,
                src_addr,
                dst_addr,
                payload_len: piece.len().saturating_add(FRAGMENT_HEADER),
            };
            let fragment = Ipv6FragmentRepr {
                next_header: output.protocol,
                frag_offset,
                more_frags: more,
                ident: job.ident,
                payload_len: piece.len(),
            };
            if let Ok(rest) = header.emit(buffer)
                && let Ok(payload) = fragment.emit(rest)
            {
                put(payload, piece);
            }
        }
        _ => {}
    }
}

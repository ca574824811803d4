//! Scans (IEEE 802.15.4-2020 §6.3.1): the energy on channels, and the networks that answer to a
//! request for beacons. While one runs, nothing else is sent or received.

use litz_wire::{FrameType, FrameVersion, MacAddress, MacHeaderRepr, PanId, ShortAddress};

use super::head::{BEACON_REQUEST, Head};
use super::receive::beacon_of;
use super::security::Protection;
use super::{Mac, MacCounter};
use crate::parts::SCAN;
use crate::radio::{Channel, MAX_FRAME, Radio, RadioConfig, RxInfo, timing};
use crate::time::{Deadline, Duration, Instant};

/// What a scan looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScanKind {
    /// The strongest energy on each channel.
    Energy,
    /// Networks that answer.
    Active,
}

/// A scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scan {
    /// What it looks for.
    pub kind: ScanKind,
    /// Bit `n` for channel `n`.
    pub channels: u32,
    /// How long on each channel: 2ⁿ + 1 base superframes of 15.36 ms; at most 14 is used.
    pub duration: u8,
}

/// A network that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PanDescriptor {
    /// Where.
    pub channel: Channel,
    /// Its identifier.
    pub pan: PanId,
    /// Who sent the beacon.
    pub coordinator: MacAddress,
    /// Whether that is the coordinator of the network.
    pub pan_coordinator: bool,
    /// Whether stations may join.
    pub association_permit: bool,
    /// Quality of the link, 0 to 255.
    pub lqi: u8,
    /// Strength of the signal, in dBm.
    pub rssi: i8,
}

/// One thing that a scan found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScanResult {
    /// The strongest signal on a channel, in dBm.
    Energy(Channel, i8),
    /// A network.
    Pan(PanDescriptor),
}

/// Memory for one result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ScanSlot(Option<ScanResult>);

impl ScanSlot {
    /// Without a result.
    pub const EMPTY: Self = Self(None);
}

/// The scan that runs, and what the last one found.
#[derive(Debug)]
pub(super) struct Scanner<'a> {
    results: &'a mut [ScanSlot],
    state: Option<Running>,
}

#[derive(Clone, Copy, Debug)]
struct Running {
    scan: Scan,
    /// The channel it is on; `None` until the transmitter is idle.
    channel: Option<Channel>,
    /// When that is done; `None` while the request is sent.
    until: Option<Instant>,
}

impl<'a> Scanner<'a> {
    pub(super) const fn new(results: &'a mut [ScanSlot]) -> Self {
        Self {
            results,
            state: None,
        }
    }

    pub(super) const fn is_active(&self) -> bool {
        SCAN && self.state.is_some()
    }

    pub(super) fn poll_at(&self) -> Deadline {
        if !SCAN {
            return Deadline::NEVER;
        }
        self.state.and_then(|running| running.until).into()
    }

    /// The addresses that frames are filtered by: during an active scan, beacons of all networks.
    pub(super) fn address_filter(&self, own: RadioConfig) -> RadioConfig {
        match self.state {
            Some(_) if SCAN => scanning(own, own.channel),
            _ => own,
        }
    }

    fn found(&mut self, result: ScanResult) {
        if self.results.iter().any(|slot| slot.0 == Some(result)) {
            return;
        }
        if let Some(slot) = self.results.iter_mut().find(|slot| slot.0.is_none()) {
            slot.0 = Some(result);
        }
    }
}

/// The configuration during a scan (§6.3.1.3): only beacons pass its filter.
fn scanning(own: RadioConfig, channel: Channel) -> RadioConfig {
    RadioConfig {
        channel,
        pan: PanId::BROADCAST,
        short_addr: ShortAddress::UNASSIGNED,
        pan_coordinator: false,
        promiscuous: false,
        ..own
    }
}

/// The lowest channel of a set that is above another.
fn next_channel(channels: u32, after: Option<Channel>) -> Option<Channel> {
    let first = after.map_or(0, |channel| channel.number().saturating_add(1));
    (first..32)
        .filter(|number| channels.checked_shr((*number).into()).unwrap_or(0) & 1 == 1)
        .find_map(Channel::new)
}

impl<R: Radio, P: Protection> Mac<'_, R, P> {
    /// Begin a scan; results of the last one are forgotten. What is queued waits for its end.
    /// Returns whether none was running (and scans are in this build).
    pub fn start_scan(&mut self, now: Instant, scan: Scan) -> bool {
        if !SCAN || self.scanner.is_active() {
            return false;
        }
        self.scanner.results.fill(ScanSlot::EMPTY);
        self.scanner.state = Some(Running {
            scan,
            channel: None,
            until: None,
        });
        self.poll(now);
        true
    }

    /// Whether a scan is running.
    pub const fn is_scanning(&self) -> bool {
        self.scanner.is_active()
    }

    /// What the last scan found.
    pub fn scan_results(&self) -> impl Iterator<Item = ScanResult> {
        self.scanner.results.iter().filter_map(|slot| slot.0)
    }

    /// Do what is due of a scan.
    pub(super) fn run_scan(&mut self, now: Instant) {
        let Some(running) = self.scanner.state.filter(|_| SCAN) else {
            return;
        };
        if !self.transmitter.is_idle() {
            return;
        }
        match (running.channel, running.until) {
            (None, _) => self.next_scan_channel(now, running),
            (Some(_), Some(until)) if until <= now => self.next_scan_channel(now, running),
            _ => {}
        }
    }

    fn next_scan_channel(&mut self, now: Instant, mut running: Running) {
        let next = next_channel(running.scan.channels, running.channel);
        let Some(channel) = next else {
            self.scanner.state = None;
            let own = self.config.radio;
            if self.radio.configure(now, &own).is_err() {
                self.counters.count(MacCounter::Radio);
            }
            return;
        };
        running.channel = Some(channel);
        running.until = Some(now);
        let config = scanning(self.config.radio, channel);
        if self.radio.configure(now, &config).is_ok() {
            let span = span_of(running.scan.duration);
            match running.scan.kind {
                ScanKind::Energy => {
                    let until = now.saturating_add(span);
                    if self.radio.detect_energy(now, until).is_ok() {
                        self.transmitter.order_energy();
                        running.until = None;
                    }
                }
                ScanKind::Active => {
                    running.until = None;
                    self.scanner.state = Some(running);
                    if self.send_beacon_request(now) {
                        return;
                    }
                    running.until = Some(now.saturating_add(span));
                }
            }
        } else {
            self.counters.count(MacCounter::Radio);
        }
        self.scanner.state = Some(running);
    }

    fn send_beacon_request(&mut self, now: Instant) -> bool {
        let header = MacHeaderRepr {
            frame_type: FrameType::Command,
            version: FrameVersion::V2003,
            seq: Some(0),
            dst_pan: Some(PanId::BROADCAST),
            dst_addr: MacAddress::Short(ShortAddress::BROADCAST),
            payload_len: 1,
            ..MacHeaderRepr::default()
        };
        let mut frame = [BEACON_REQUEST; MAX_FRAME];
        let len = header.buffer_len();
        let Some(room) = frame.get_mut(..len) else {
            return false;
        };
        header.emit(room).is_ok() && self.begin(now, room)
    }

    /// The request for beacons was sent, or given up: listen.
    pub(super) fn scan_frame_sent(&mut self, now: Instant) {
        if SCAN && let Some(running) = &mut self.scanner.state {
            running.until = Some(now.saturating_add(span_of(running.scan.duration)));
        }
    }

    /// The radio has measured.
    pub(super) fn energy_found(&mut self, now: Instant, dbm: i8) {
        if !SCAN {
            return;
        }
        self.transmitter.interrupted();
        let Some(running) = &mut self.scanner.state else {
            return;
        };
        running.until = Some(now);
        if let Some(channel) = running.channel {
            self.scanner.found(ScanResult::Energy(channel, dbm));
        }
    }

    /// A beacon was received.
    pub(super) fn beacon_heard(&mut self, info: &RxInfo, head: &Head, frame: &[u8]) {
        let running = self.scanner.state.filter(|_| SCAN);
        let channel = running.and_then(|running| running.channel);
        let (Some(channel), Some(pan), Some(beacon)) = (channel, head.src_pan, beacon_of(frame))
        else {
            return self.counters.count(MacCounter::Ignored);
        };
        self.scanner.found(ScanResult::Pan(PanDescriptor {
            channel,
            pan,
            coordinator: head.src,
            pan_coordinator: beacon.pan_coordinator(),
            association_permit: beacon.association_permit(),
            lqi: info.lqi,
            rssi: info.rssi,
        }));
    }
}

/// How long a scan stays on a channel.
fn span_of(duration: u8) -> Duration {
    let units = 1_u64.checked_shl(duration.min(14).into()).unwrap_or(1);
    timing::BASE_SUPERFRAME.saturating_mul(units.saturating_add(1))
}

//! Frames in flight, what each radio is doing, and who hears what.

use std::collections::{HashMap, VecDeque};

use litz_hal::radio::timing::{self, airtime};
use litz_hal::radio::{
    CcaMode, PendingFor, RadioCapabilities, RadioConfig, RadioEvent, RxInfo, TxOutcome,
};
use litz_hal::time::Instant;
use litz_wire::{Ieee802154Frame, MacAddress};

use super::{Heard, State};

/// A frame on its way.
#[derive(Debug)]
pub(super) struct Flight {
    from: usize,
    start: Instant,
    end: Instant,
    channel: u8,
    octets: Vec<u8>,
    /// Radios that would hear it, and whether nothing has spoiled it there.
    hearers: Vec<(usize, bool)>,
}

/// What a radio is doing.
#[derive(Debug)]
pub(super) enum Job {
    /// Assessing the channel until then, to send a frame if it is clear.
    Cca(Instant, Option<Vec<u8>>),
    /// About to send at this time.
    Start(Instant, Vec<u8>),
    /// Sending until then.
    Flying(Instant),
    /// Measuring from the first to the second.
    Energy(Instant, Instant),
}

impl Job {
    fn when(&self) -> Instant {
        match *self {
            Self::Cca(at, _) | Self::Start(at, _) | Self::Flying(at) | Self::Energy(_, at) => at,
        }
    }
}

/// A radio.
#[derive(Debug)]
pub(super) struct Station {
    pub(super) caps: RadioCapabilities,
    pub(super) config: Option<RadioConfig>,
    pub(super) awake: bool,
    pub(super) job: Option<Job>,
    /// Whether the job is an acknowledgment of the radio's own.
    pub(super) own_ack: bool,
    pub(super) events: VecDeque<RadioEvent>,
    pub(super) frames: VecDeque<(Vec<u8>, RxInfo)>,
    pub(super) pending: HashMap<PendingFor, bool>,
    /// Frames that the layer above can take.
    pub(super) room: usize,
}

impl Station {
    pub(super) fn new(caps: RadioCapabilities) -> Self {
        Self {
            caps,
            config: None,
            awake: false,
            job: None,
            own_ack: false,
            events: VecDeque::new(),
            frames: VecDeque::new(),
            pending: HashMap::new(),
            room: usize::MAX,
        }
    }

    pub(super) fn channel(&self) -> u8 {
        self.config.map_or(0, |config| config.channel.number())
    }

    /// Whether its receiver is on.
    fn listens(&self) -> bool {
        self.awake && !matches!(self.job, Some(Job::Flying(_) | Job::Energy(..)))
    }

    /// The acknowledgment that the radio sends by itself, if it does.
    fn own_acknowledgment(&self, frame: &[u8]) -> Option<(Vec<u8>, bool)> {
        let config = self.config?;
        let packet = Ieee802154Frame::new_checked(frame).ok()?;
        let to_us = match packet.dst_addr() {
            MacAddress::Short(addr) => addr == config.short_addr,
            MacAddress::Extended(addr) => addr == config.extended_addr,
            MacAddress::Absent => false,
        };
        let acks = self.caps.auto_ack && config.auto_ack && !config.promiscuous;
        let room = self.frames.len() < self.room;
        if !acks || !to_us || !packet.ack_request() || self.job.is_some() || !room {
            return None;
        }
        let source = match packet.src_addr() {
            MacAddress::Short(addr) => PendingFor::Short(addr),
            MacAddress::Extended(addr) => PendingFor::Extended(addr),
            MacAddress::Absent => return None,
        };
        let pending = self.pending.get(&source).copied().unwrap_or(false);
        let control = 0x02 | u8::from(pending) << 4;
        Some((vec![control, 0, packet.seq()?], pending))
    }
}

impl State {
    /// The job that ends next. Of those that end at once, transmissions begin last, so that who
    /// assesses the channel right before does not hear them.
    pub(super) fn next_job(&self) -> Option<(Instant, usize)> {
        let jobs = self.stations.iter().enumerate();
        let jobs = jobs.filter_map(|(number, station)| Some((number, station.job.as_ref()?)));
        jobs.min_by_key(|(number, job)| (job.when(), matches!(job, Job::Start(..)), *number))
            .map(|(number, job)| (job.when(), number))
    }

    pub(super) fn finish_job(&mut self, who: usize, now: Instant) {
        let Some(job) = self.stations[who].job.take() else {
            return;
        };
        match job {
            Job::Cca(until, frame) => {
                let from = until.saturating_sub(timing::CCA);
                let clear = self.loudest(who, from, until).is_none_or(
                    |dbm| matches!(self.threshold(who), Some(threshold) if dbm < threshold),
                );
                let event = match (frame, clear) {
                    (None, clear) => RadioEvent::Cca { clear },
                    (Some(_), false) => RadioEvent::Transmitted(TxOutcome::ChannelBusy),
                    (Some(frame), true) => {
                        let start = until.saturating_add(timing::TURNAROUND);
                        self.stations[who].job = Some(Job::Start(start, frame));
                        return;
                    }
                };
                self.stations[who].events.push_back(event);
            }
            Job::Start(start, octets) => self.take_off(who, start, octets),
            Job::Flying(end) => self.land(who, end),
            Job::Energy(from, until) => {
                let dbm = self.loudest(who, from, until).unwrap_or(-100);
                self.stations[who].events.push_back(RadioEvent::Energy(dbm));
            }
        }
        // What is over and no assessment looks back at is forgotten.
        let old = now.saturating_sub(timing::airtime(127).saturating_mul(64));
        self.flights.retain(|flight| flight.end > old);
    }

    fn threshold(&self, who: usize) -> Option<i8> {
        match self.stations[who].config?.cca {
            CcaMode::Energy(dbm) => Some(dbm),
            // Every signal here has the modulation.
            _ => None,
        }
    }

    /// The strongest signal that a radio hears on its channel in a span of time.
    fn loudest(&self, who: usize, from: Instant, until: Instant) -> Option<i8> {
        let channel = self.stations[who].channel();
        let heard = self.flights.iter().filter(|flight| {
            flight.from != who
                && flight.channel == channel
                && flight.start < until
                && flight.end > from
        });
        heard
            .filter_map(|flight| self.strength[flight.from][who])
            .max()
    }

    fn take_off(&mut self, from: usize, start: Instant, octets: Vec<u8>) {
        let end = start.saturating_add(airtime(octets.len()));
        let channel = self.stations[from].channel();
        self.stations[from].job = Some(Job::Flying(end));
        self.stats.sent += 1;
        self.log.push(Heard {
            start,
            from,
            octets: octets.clone(),
        });
        // Who sends hears nothing.
        for flight in self.flights.iter_mut().filter(|flight| flight.end > start) {
            for hearer in flight.hearers.iter_mut().filter(|hearer| hearer.0 == from) {
                hearer.1 = false;
            }
        }
        let mut hearers = Vec::new();
        for who in (0..self.stations.len()).filter(|&who| who != from) {
            if self.strength[from][who].is_none() || self.stations[who].channel() != channel {
                continue;
            }
            let mut clean = self.stations[who].listens();
            for flight in self.flights.iter_mut() {
                if flight.end <= start || flight.channel != channel {
                    continue;
                }
                if self.strength[flight.from][who].is_none() {
                    continue;
                }
                clean = false;
                for hearer in flight.hearers.iter_mut().filter(|hearer| hearer.0 == who) {
                    self.stats.collisions += u32::from(hearer.1);
                    hearer.1 = false;
                }
            }
            hearers.push((who, clean));
        }
        self.flights.push(Flight {
            from,
            start,
            end,
            channel,
            octets,
            hearers,
        });
    }

    fn land(&mut self, from: usize, end: Instant) {
        let station = &mut self.stations[from];
        if !std::mem::take(&mut station.own_ack) {
            let sent = RadioEvent::Transmitted(TxOutcome::Sent(end));
            station.events.push_back(sent);
        }
        let landed = self
            .flights
            .iter()
            .find(|flight| flight.from == from && flight.end == end);
        let Some(flight) = landed else {
            return;
        };
        let (octets, channel) = (flight.octets.clone(), flight.channel);
        let timestamp = flight.start.saturating_add(timing::SHR);
        for (who, clean) in flight.hearers.clone() {
            let lost = self.prng.happens(self.loss);
            let strength = self.strength[from][who].unwrap_or(-100);
            if !clean || self.stations[who].channel() != channel || !self.stations[who].awake {
                continue;
            }
            if lost {
                self.stats.lost += 1;
                continue;
            }
            self.stats.received += 1;
            self.hear(who, &octets, strength, timestamp, end);
        }
    }

    fn hear(&mut self, who: usize, octets: &[u8], rssi: i8, timestamp: Instant, end: Instant) {
        let station = &mut self.stations[who];
        let acked = station.own_acknowledgment(octets).map(|(ack, pending)| {
            let start = end.saturating_add(timing::TURNAROUND);
            station.job = Some(Job::Start(start, ack));
            station.own_ack = true;
            pending
        });
        let lqi = u8::try_from((i32::from(rssi) + 100).clamp(0, 63) * 4).expect("clamped");
        let info = RxInfo {
            len: octets.len(),
            rssi,
            lqi,
            timestamp,
            acked,
        };
        station.frames.push_back((octets.to_vec(), info));
        station.events.push_back(RadioEvent::Received);
    }

    pub(super) fn inject(&mut self, now: Instant, octets: &[u8]) {
        let span = airtime(octets.len());
        let timestamp = now.saturating_sub(span).saturating_add(timing::SHR);
        for who in 0..self.stations.len() {
            if self.stations[who].listens() {
                self.hear(who, octets, -60, timestamp, now);
            }
        }
    }
}

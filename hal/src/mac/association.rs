//! Joining and leaving a network (IEEE 802.15.4-2020 §6.4): a station asks a coordinator, comes
//! back for the answer, and has a short address; a coordinator hands questions to the program, and
//! keeps its answers until they are fetched. Without security anybody can forge all of it.

use litz_wire::{
    AssociationStatus, DisassociationReason, Eui64, FrameType, FrameVersion, MacAddress,
    MacCommand, MacCommandHeaderPacket, MacHeaderRepr, PanId, ShortAddress,
};

use super::Mac;
use super::duty::total_wait;
use super::head::{ASSOCIATION_REQUEST, DATA_REQUEST, DISASSOCIATION, Head};
use super::queue::CONTROL;
use super::security::Protection;
use super::transmit::Ended;
use crate::parts::ASSOCIATION;
use crate::radio::{Channel, MAX_FRAME, Radio, RadioConfig, RadioError, timing};
use crate::time::{Deadline, Duration, Instant};

/// macResponseWaitTime in base superframes (§8.4.3.1): how long the answer is not asked for.
const RESPONSE_WAIT: u64 = 32;

/// What a station says of itself when it asks to join (§7.5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capability {
    /// It can be a coordinator itself.
    pub full_function: bool,
    /// It has more than a battery.
    pub mains_powered: bool,
    /// It receives when there is nothing else to do.
    pub rx_on_when_idle: bool,
    /// It wants a short address.
    pub allocate_address: bool,
}

/// How the attempt to join a network stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Association {
    /// There was none.
    #[default]
    None,
    /// The coordinator is being asked.
    UnderWay,
    /// We are in the network, with this short address; [`ShortAddress::UNASSIGNED`] if frames go
    /// by the long one.
    Joined(ShortAddress),
    /// The coordinator does not want us.
    Refused(AssociationStatus),
    /// The coordinator has not answered.
    NoAnswer,
    /// We have left, or were sent away.
    Left,
}

/// What stations of the network want of a coordinator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Membership {
    /// To join; answer with [`Mac::answer_association`].
    Asks {
        /// Who.
        device: Eui64,
        /// What it is.
        capability: Capability,
    },
    /// Nothing more: it has left.
    Left(MacAddress),
}

/// State of joining, and what the program has not seen yet.
#[derive(Debug, Default)]
pub(super) struct Joining {
    state: Association,
    step: Step,
    asked: Option<Membership>,
    /// The long address of the coordinator that let us join.
    coordinator: Option<Eui64>,
    /// The short address that we have from then on.
    renamed: Option<(Instant, ShortAddress)>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Step {
    #[default]
    Idle,
    /// The question is being sent.
    Asking,
    /// It was, and the answer is asked for then.
    Waiting(Instant),
    /// The answer is asked for.
    Polling,
    /// The coordinator has it, and sends it by then.
    Expecting(Instant),
}

impl Joining {
    pub(super) fn due(&self) -> Deadline {
        if !ASSOCIATION {
            return Deadline::NEVER;
        }
        let renamed: Deadline = self.renamed.map(|(at, _)| at).into();
        renamed.min(match self.step {
            Step::Waiting(at) | Step::Expecting(at) => Deadline::at(at),
            Step::Idle | Step::Asking | Step::Polling => Deadline::NEVER,
        })
    }

    const fn end(&mut self, state: Association) {
        self.step = Step::Idle;
        self.state = state;
    }
}

impl<R: Radio, P: Protection> Mac<'_, R, P> {
    /// Ask the coordinator of a network on a channel to let us join; the radio moves there. What
    /// comes of it shows [`Mac::association`], after half a second.
    ///
    /// # Errors
    /// [`RadioError`] if the radio does not work there; [`RadioError::Busy`] while another attempt
    /// is under way, or if there is no room for the question; [`RadioError::Unsupported`] in a
    /// build without the feature `association`.
    pub fn associate(
        &mut self,
        now: Instant,
        (channel, pan): (Channel, PanId),
        coordinator: MacAddress,
        capability: Capability,
    ) -> Result<(), RadioError> {
        if !ASSOCIATION {
            return Err(RadioError::Unsupported);
        }
        let under_way = self.joining.state == Association::UnderWay;
        if under_way || coordinator == MacAddress::Absent {
            return Err(RadioError::Busy);
        }
        let radio = RadioConfig {
            channel,
            pan,
            short_addr: ShortAddress::UNASSIGNED,
            pan_coordinator: false,
            ..self.config.radio
        };
        self.configure(now, radio)?;
        self.config.parent = coordinator;
        let header = MacHeaderRepr {
            pan_id_compression: false,
            src_pan: Some(PanId::BROADCAST),
            ..self.command_to(coordinator)
        };
        let command = MacCommand::AssociationRequest {
            full_function: capability.full_function,
            mains_powered: capability.mains_powered,
            rx_on_when_idle: capability.rx_on_when_idle,
            fast_association: false,
            security: false,
            allocate_address: capability.allocate_address,
        };
        if !self.queue_command(header, &command, None) {
            return Err(RadioError::Busy);
        }
        self.joining.state = Association::UnderWay;
        self.joining.step = Step::Asking;
        self.poll(now);
        Ok(())
    }

    /// How the last attempt to join a network stands.
    pub const fn association(&self) -> Association {
        self.joining.state
    }

    /// What a station wants of us as the coordinator, once.
    pub const fn take_membership(&mut self) -> Option<Membership> {
        self.joining.asked.take()
    }

    /// Answer a station that asked to join: with its short address, [`ShortAddress::UNASSIGNED`]
    /// for none, or with why it may not. The answer waits until the station asks for it. Returns
    /// whether there was room for it.
    pub fn answer_association(
        &mut self,
        now: Instant,
        device: Eui64,
        answer: Result<ShortAddress, AssociationStatus>,
    ) -> bool {
        /// Stands for an address that is not to be used (§7.5.3).
        const LONG_ONLY: ShortAddress = ShortAddress(0xfffe);
        if !ASSOCIATION {
            return false;
        }
        let (short_addr, status) = match answer {
            Ok(addr) if addr.is_unicast() => (addr, AssociationStatus::Successful),
            Ok(_) => (LONG_ONLY, AssociationStatus::Successful),
            Err(status) => (ShortAddress::UNASSIGNED, status),
        };
        let header = self.command_to(MacAddress::Extended(device));
        let command = MacCommand::AssociationResponse { short_addr, status };
        let until = now.saturating_add(self.config.persistence);
        let queued = self.queue_command(header, &command, Some(until));
        self.tell_radio(MacAddress::Extended(device));
        self.poll(now);
        queued
    }

    /// Leave the network of our coordinator, or send a station away, best by its long address: some
    /// understand no other here. Returns whether there was room for the command.
    pub fn disassociate(&mut self, now: Instant, station: MacAddress) -> bool {
        if !ASSOCIATION {
            return false;
        }
        let (reason, station) = if self.is_coordinator(station) {
            let known = self.joining.coordinator.map(MacAddress::Extended);
            (DisassociationReason::DeviceWishes, known.unwrap_or(station))
        } else {
            (DisassociationReason::CoordinatorWishes, station)
        };
        let sleeps = self.children.contains(&Some(station));
        let until = sleeps.then(|| now.saturating_add(self.config.persistence));
        let header = self.command_to(station);
        let command = MacCommand::DisassociationNotification { reason };
        let queued = self.queue_command(header, &command, until);
        if sleeps {
            self.tell_radio(station);
        }
        self.poll(now);
        queued
    }

    /// Whether an address is one of the two of our coordinator.
    fn is_coordinator(&self, addr: MacAddress) -> bool {
        let known = self.joining.coordinator.map(MacAddress::Extended);
        addr != MacAddress::Absent && (addr == self.config.parent || Some(addr) == known)
    }

    /// The header of a command to a station, from our long address (§7.5.2 to §7.5.4).
    fn command_to(&self, station: MacAddress) -> MacHeaderRepr {
        MacHeaderRepr {
            frame_type: FrameType::Command,
            version: FrameVersion::V2003,
            ack_request: true,
            pan_id_compression: true,
            seq: Some(0),
            dst_pan: Some(self.config.radio.pan),
            dst_addr: station,
            src_addr: MacAddress::Extended(self.config.radio.extended_addr),
            ..MacHeaderRepr::default()
        }
    }

    /// Queue a command; until `kept` its destination may ask for it.
    fn queue_command(
        &mut self,
        header: MacHeaderRepr,
        command: &MacCommand<'_>,
        kept: Option<Instant>,
    ) -> bool {
        let header = MacHeaderRepr {
            payload_len: command.buffer_len(),
            ..header
        };
        let Some((place, slot)) = self.tx.free() else {
            return false;
        };
        let len = header.buffer_len();
        let Some(room) = slot.octets.get_mut(..len.min(MAX_FRAME)) else {
            return false;
        };
        let body = header.emit(room);
        if !body.is_ok_and(|body| command.emit(body).is_ok()) {
            return false;
        }
        slot.len = len;
        self.tx.push(place, CONTROL, kept);
        true
    }

    /// Go on with joining, if that is due.
    pub(super) fn run_association(&mut self, now: Instant) {
        if !ASSOCIATION || !self.joining.due().is_due(now) {
            return;
        }
        if let Some((_, addr)) = self.joining.renamed.take_if(|(at, _)| *at <= now) {
            self.take_name(now, addr);
        }
        match self.joining.step {
            Step::Waiting(at) | Step::Expecting(at) if at > now => {}
            Step::Waiting(_) => {
                self.joining.step = Step::Polling;
                if !self.queue_data_request() {
                    self.joining.end(Association::NoAnswer);
                }
            }
            Step::Expecting(_) => self.joining.end(Association::NoAnswer),
            Step::Idle | Step::Asking | Step::Polling => {}
        }
    }

    /// A frame of ours ended.
    pub(super) fn association_ended(&mut self, now: Instant, head: &Head, ended: Ended) {
        if !ASSOCIATION {
            return;
        }
        match (self.joining.step, head.command, ended) {
            (Step::Asking, Some(ASSOCIATION_REQUEST), Ended::Sent { .. }) => {
                let wait = timing::BASE_SUPERFRAME.saturating_mul(RESPONSE_WAIT);
                self.joining.step = Step::Waiting(now.saturating_add(wait));
            }
            (
                Step::Polling,
                Some(DATA_REQUEST),
                Ended::Sent {
                    frame_pending: true,
                },
            ) => {
                let wait: Duration = total_wait(&self.config);
                self.joining.step = Step::Expecting(now.saturating_add(wait));
            }
            (Step::Asking, Some(ASSOCIATION_REQUEST), _)
            | (Step::Polling, Some(DATA_REQUEST), _) => {
                self.joining.end(Association::NoAnswer);
            }
            (_, Some(DISASSOCIATION), _) if self.is_coordinator(head.dst) => {
                self.leave(now);
            }
            _ => {}
        }
    }

    /// We are in no network any more: no short address, nobody to ask.
    fn leave(&mut self, now: Instant) {
        self.joining.end(Association::Left);
        self.config.parent = MacAddress::Absent;
        self.joining.coordinator = None;
        self.rename(now, ShortAddress::UNASSIGNED);
    }

    /// Have another short address, once what brought it has been acknowledged: setting a radio up
    /// ends what it sends.
    fn rename(&mut self, now: Instant, addr: ShortAddress) {
        self.joining.renamed = Some((now.saturating_add(timing::ACK_WAIT), addr));
    }

    fn take_name(&mut self, now: Instant, short_addr: ShortAddress) {
        let radio = RadioConfig {
            short_addr,
            ..self.config.radio
        };
        if let Err(error) = self.configure(now, radio) {
            self.refused(error);
        }
    }

    /// A command of joining or leaving. Returns whether it was of any use.
    pub(super) fn membership(&mut self, now: Instant, head: &Head, frame: &[u8]) -> bool {
        if !ASSOCIATION {
            return false;
        }
        let payload = head.payload(frame).unwrap_or_default();
        let header = MacCommandHeaderPacket::new_checked(payload).ok();
        let Some(command) = header.and_then(|header| MacCommand::parse(&header).ok()) else {
            return false;
        };
        match (command, head.src) {
            (
                MacCommand::AssociationRequest {
                    full_function,
                    mains_powered,
                    rx_on_when_idle,
                    allocate_address,
                    ..
                },
                MacAddress::Extended(device),
            ) => self.asked(Membership::Asks {
                device,
                capability: Capability {
                    full_function,
                    mains_powered,
                    rx_on_when_idle,
                    allocate_address,
                },
            }),
            (
                MacCommand::AssociationResponse { short_addr, status },
                MacAddress::Extended(from),
            ) => self.answered(now, from, short_addr, status),
            (MacCommand::DisassociationNotification { .. }, station) => self.left(now, station),
            _ => false,
        }
    }

    /// A station wants to join. One question waits for the program at a time; who asks meanwhile
    /// asks again.
    fn asked(&mut self, question: Membership) -> bool {
        let free = self.joining.asked.is_none() || self.joining.asked == Some(question);
        let taken = free && self.config.association_permit;
        if taken {
            self.joining.asked = Some(question);
        }
        taken
    }

    /// The coordinator has decided about us.
    fn answered(
        &mut self,
        now: Instant,
        from: Eui64,
        short_addr: ShortAddress,
        status: AssociationStatus,
    ) -> bool {
        let expected = matches!(self.joining.step, Step::Polling | Step::Expecting(_));
        let of_coordinator = match self.config.parent {
            MacAddress::Extended(parent) => from == parent,
            _ => true,
        };
        if !expected || !of_coordinator {
            return false;
        }
        if status != AssociationStatus::Successful {
            self.joining.end(Association::Refused(status));
            return true;
        }
        let addr = match short_addr.is_unicast() {
            true => short_addr,
            false => ShortAddress::UNASSIGNED,
        };
        self.joining.end(Association::Joined(addr));
        self.joining.coordinator = Some(from);
        self.rename(now, addr);
        true
    }

    /// A station has left, or we are sent away.
    fn left(&mut self, now: Instant, station: MacAddress) -> bool {
        let joined = matches!(self.joining.state, Association::Joined(_));
        if joined && self.is_coordinator(station) {
            self.leave(now);
            return true;
        }
        let free = self.joining.asked.is_none() && !joined;
        if free {
            self.joining.asked = Some(Membership::Left(station));
        }
        free
    }
}

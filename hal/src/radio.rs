//! The contract between the MAC of IEEE 802.15.4 and a radio: orders that return at once, and
//! events that are asked for. A radio says what it does by itself; the MAC does the rest. Frames
//! are without frame check sequence: the radio writes it, verifies it and drops what fails.
//!
//! Nothing here waits. A radio is told the time with each call and gives times by the same clock.

mod crypto;
mod error;
mod oldest;
pub mod timing;

pub use crypto::{AesEcb, AesKey, Ccm, CryptoError, Nonce};
pub use error::RadioError;
pub(crate) use oldest::take_oldest;

use litz_wire::{Eui64, PanId, ShortAddress};

use crate::time::{Deadline, Instant};

/// Octets of the longest frame, without the two of its frame check sequence.
pub const MAX_FRAME: usize = 125;

/// A channel of the 2.4 GHz band, 11 to 26 (IEEE 802.15.4-2020 §10.1.3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Channel(u8);

impl Channel {
    /// The lowest, 2405 MHz.
    pub const FIRST: Self = Self(11);
    /// The highest, 2480 MHz.
    pub const LAST: Self = Self(26);

    /// The channel of this number, if there is one.
    #[must_use]
    pub const fn new(number: u8) -> Option<Self> {
        match number {
            11..=26 => Some(Self(number)),
            _ => None,
        }
    }

    /// Its number, 11 to 26.
    #[must_use]
    pub const fn number(self) -> u8 {
        self.0
    }

    /// Its center frequency, in MHz.
    #[must_use]
    pub const fn mhz(self) -> u16 {
        (self.0 as u16).saturating_mul(5).saturating_add(2350)
    }
}

impl Default for Channel {
    /// Channel 26, which no common use of 802.11 overlaps.
    fn default() -> Self {
        Self::LAST
    }
}

/// How a radio decides whether the channel is clear (IEEE 802.15.4-2020 §10.2.8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CcaMode {
    /// Busy if the energy is above a threshold, in dBm (mode 1).
    Energy(i8),
    /// Busy if a signal of this modulation is there (mode 2).
    Carrier,
    /// Busy if both are (mode 3).
    EnergyAndCarrier(i8),
    /// Busy if one of them is (mode 3).
    EnergyOrCarrier(i8),
}

impl Default for CcaMode {
    /// Energy above −75 dBm: ten above the sensitivity that the standard asks for.
    fn default() -> Self {
        Self::Energy(-75)
    }
}

/// How a radio is to work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RadioConfig {
    /// Where.
    pub channel: Channel,
    /// Transmit power, in dBm; the radio takes the nearest that it has.
    pub tx_power: i8,
    /// The network, [`PanId::BROADCAST`] for none.
    pub pan: PanId,
    /// Our short address; without one, [`ShortAddress::UNASSIGNED`] or [`ShortAddress::BROADCAST`].
    pub short_addr: ShortAddress,
    /// Our extended address.
    pub extended_addr: Eui64,
    /// Whether we are the coordinator of the network, who gets frames without destination address.
    pub pan_coordinator: bool,
    /// Whether every intact frame is to be received. Then nothing is acknowledged by the radio.
    pub promiscuous: bool,
    /// Whether a radio that can acknowledges by itself.
    pub auto_ack: bool,
    /// How it finds the channel clear.
    pub cca: CcaMode,
}

/// What a radio does by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct RadioCapabilities {
    /// It drops frames for other addresses and networks.
    pub filter: bool,
    /// It acknowledges frames that pass its filter and ask for it, with the frame pending bit of
    /// [`Radio::set_pending`].
    pub auto_ack: bool,
    /// It does the back-offs of CSMA-CA: [`TxMode::Csma`].
    pub csma: bool,
    /// It waits for acknowledgments and sends again: outcomes are [`TxOutcome::Acked`] and
    /// [`TxOutcome::NoAck`].
    pub retries: bool,
    /// It can begin a transmission at a time: [`Transmit::at`].
    pub timed_tx: bool,
    /// [`RxInfo::timestamp`] is taken by hardware.
    pub timestamps: bool,
    /// It has an engine for AES or CCM*, to be had beside it as [`AesEcb`] or [`Ccm`].
    pub security: bool,
    /// The weakest transmit power, in dBm.
    pub tx_power_min: i8,
    /// The strongest transmit power, in dBm.
    pub tx_power_max: i8,
}

/// How a transmission gets at the channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TxMode {
    /// Whatever is on the channel: acknowledgments.
    Direct,
    /// If one clear channel assessment right before finds it clear.
    Cca,
    /// By unslotted CSMA-CA (IEEE 802.15.4-2020 §6.2.5.1), of radios that do it themselves.
    Csma {
        /// First back-off exponent.
        min_be: u8,
        /// Largest back-off exponent.
        max_be: u8,
        /// Back-offs before the channel counts as busy, beside the first.
        max_backoffs: u8,
    },
}

/// A frame to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transmit<'f> {
    /// From frame control to integrity code, at most [`MAX_FRAME`] octets; the radio takes a copy.
    pub frame: &'f [u8],
    /// How it gets at the channel.
    pub mode: TxMode,
    /// When its first preamble symbol is to leave, or its assessment to begin; `None` for now.
    /// Radios without [`RadioCapabilities::timed_tx`] begin as soon as they are polled after it.
    pub at: Option<Instant>,
    /// Times that a radio with [`RadioCapabilities::retries`] sends again without acknowledgment.
    pub retries: u8,
}

/// How a transmission ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TxOutcome {
    /// It was sent, and the radio receives again; its last symbol left at this time.
    Sent(Instant),
    /// The channel was busy; nothing was sent.
    ChannelBusy,
    /// It was sent and acknowledged.
    Acked {
        /// The acknowledgment says that frames wait for us.
        frame_pending: bool,
        /// Times that it was sent again.
        retries: u8,
    },
    /// It was sent as often as asked for, and not acknowledged.
    NoAck,
    /// The radio failed; it was sent or not.
    Failed,
}

/// What happened in a radio.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RadioEvent {
    /// The transmission ended.
    Transmitted(TxOutcome),
    /// A frame can be fetched with [`Radio::receive`].
    Received,
    /// The assessment asked for is done: the channel is clear, or not.
    Cca {
        /// Whether it is.
        clear: bool,
    },
    /// The energy detection asked for is done: the strongest found, in dBm.
    Energy(i8),
    /// The radio had to be set up again; frames may be lost.
    Recovered,
}

/// What goes with a received frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RxInfo {
    /// Octets of the frame, without frame check sequence.
    pub len: usize,
    /// Strength of the signal, in dBm.
    pub rssi: i8,
    /// Quality of the link, 0 (worst) to 255.
    pub lqi: u8,
    /// When the start-of-frame delimiter ended; [`timing::frame_end`] gives the end of the frame.
    pub timestamp: Instant,
    /// The radio has acknowledged the frame, with this frame pending bit.
    pub acked: Option<bool>,
}

/// A station, as radios look it up to say whether frames are pending for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PendingFor {
    /// By short address, in our network.
    Short(ShortAddress),
    /// By extended address.
    Extended(Eui64),
}

/// A radio of IEEE 802.15.4.
///
/// One order is under way at a time: [`Radio::transmit`], [`Radio::start_cca`] or
/// [`Radio::detect_energy`], from the call to its event. Otherwise the radio is awake and receives,
/// or sleeps. A frame that is being acknowledged by the radio delays an order, and never fails it.
pub trait Radio {
    /// Whether frames can be acknowledged by the MAC, at a time that it says ([`Transmit::at`]).
    /// `false` for a radio that acknowledges by itself, and is too slow to be told when: the code
    /// that would is left out then.
    const MAC_ACKNOWLEDGES: bool = true;

    /// Whether it may do the back-offs or send again by itself ([`RadioCapabilities::csma`],
    /// [`RadioCapabilities::retries`]). `false` for a radio that never does: the code for those
    /// that do is left out then.
    const SENDS_AGAIN: bool = true;

    /// What the radio does by itself.
    fn capabilities(&self) -> RadioCapabilities;

    /// Work like this from now on; an order under way is given up without an event. A radio that
    /// sleeps keeps it for when it wakes.
    ///
    /// # Errors
    /// [`RadioError::Unsupported`] if the radio has no such mode, [`RadioError::Hardware`].
    fn configure(&mut self, now: Instant, config: &RadioConfig) -> Result<(), RadioError>;

    /// Begin to receive, from sleep.
    ///
    /// # Errors
    /// [`RadioError::Hardware`].
    fn wake(&mut self, now: Instant) -> Result<(), RadioError>;

    /// Spend as little as possible and receive nothing; frames not fetched are lost.
    ///
    /// # Errors
    /// [`RadioError::Busy`] while an order is under way, [`RadioError::Hardware`].
    fn sleep(&mut self, now: Instant) -> Result<(), RadioError>;

    /// Send a frame; [`RadioEvent::Transmitted`] tells the end. Afterwards the radio receives.
    ///
    /// # Errors
    /// [`RadioError::TooLong`], [`RadioError::Busy`], [`RadioError::Asleep`],
    /// [`RadioError::Unsupported`] for [`TxMode::Csma`] of a radio that does not do it, and
    /// [`RadioError::TooLate`] if the time to begin has passed.
    fn transmit(&mut self, now: Instant, frame: Transmit<'_>) -> Result<(), RadioError>;

    /// Assess once whether the channel is clear; [`RadioEvent::Cca`] tells.
    ///
    /// # Errors
    /// [`RadioError::Busy`], [`RadioError::Asleep`], [`RadioError::Hardware`].
    fn start_cca(&mut self, now: Instant) -> Result<(), RadioError>;

    /// Look for the strongest signal until a time; [`RadioEvent::Energy`] tells. Nothing is
    /// received meanwhile.
    ///
    /// # Errors
    /// [`RadioError::Busy`], [`RadioError::Asleep`], [`RadioError::Hardware`],
    /// [`RadioError::Unsupported`] of drivers that cannot without the part `scan`.
    fn detect_energy(&mut self, now: Instant, until: Instant) -> Result<(), RadioError>;

    /// The next thing that happened, each once and in order. To be called when the radio interrupts
    /// and when [`Radio::poll_at`] is due, until it gives `None`.
    fn poll(&mut self, now: Instant) -> Option<RadioEvent>;

    /// When the radio wants to be polled without having interrupted.
    fn poll_at(&self) -> Deadline {
        Deadline::NEVER
    }

    /// Fetch the oldest received frame into `frame`, from its first octet.
    fn receive(&mut self, now: Instant, frame: &mut [u8; MAX_FRAME]) -> Option<RxInfo>;

    /// How many frames the layer above can take from now on. A radio that acknowledges drops
    /// what goes beyond, without acknowledgment, so that it comes again. Until this is called there
    /// is no such limit.
    fn set_room(&mut self, frames: usize) {
        let _ = frames;
    }

    /// Whether acknowledgments to a station that asks for data say that a frame is pending. Of
    /// radios that do not acknowledge, without effect.
    ///
    /// # Errors
    /// [`RadioError::Full`] if the radio remembers no more stations; it then says that frames are
    /// pending to all that are not in its table, if it can;
    /// [`RadioError::Unsupported`] of drivers that cannot without the part `children`.
    fn set_pending(&mut self, station: PendingFor, pending: bool) -> Result<(), RadioError> {
        let _ = (station, pending);
        Ok(())
    }
}

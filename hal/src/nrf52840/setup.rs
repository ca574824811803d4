//! Power, clocks and the constant registers (nRF52840 product specification, chapters RADIO and
//! CLOCK).

use super::registers::{clock, ppi, radio, timer};
use super::{CRYSTAL_PATIENCE, ED_OFFSET, Nrf52840, PATIENCE};
use crate::mmio::DmaBus;
use crate::radio::{CcaMode, RadioError};

/// Transmit powers that the radio has, in dBm (`TXPOWER`).
pub(super) const POWERS: [i8; 14] = [8, 7, 6, 5, 4, 3, 2, 0, -4, -8, -12, -16, -20, -40];

/// Codes of [`RadioError::Hardware`].
const NO_CRYSTAL: u32 = 1;
const NOT_DISABLED: u32 = 2;

impl<B: DmaBus> Nrf52840<B> {
    /// The crystal, and a timer that counts microseconds; it runs on while the radio sleeps.
    pub(super) fn start_clocks(&mut self) -> Result<(), RadioError> {
        self.bus.write(timer::SHUTDOWN, 1);
        self.bus.write(timer::MODE, 0);
        self.bus.write(timer::BITMODE, timer::BITS_32);
        self.bus.write(timer::PRESCALER, timer::MEGAHERTZ);
        self.bus.write(timer::CLEAR, 1);
        self.bus.write(timer::START, 1);
        self.start_crystal()
    }

    fn start_crystal(&mut self) -> Result<(), RadioError> {
        self.bus.write(clock::HFCLKSTARTED, 0);
        self.bus.write(clock::HFCLKSTART, 1);
        let started = (0..CRYSTAL_PATIENCE).any(|_| self.bus.read(clock::HFCLKSTARTED) != 0);
        started
            .then_some(())
            .ok_or(RadioError::Hardware(NO_CRYSTAL))
    }

    /// Resets the radio by its power and writes every register that does not change.
    pub(super) fn power_up(&mut self) -> Result<(), RadioError> {
        self.start_crystal()?;
        let channels = ppi::COMPARE0_TXEN | ppi::COMPARE0_RXEN;
        self.bus.write(ppi::CHENCLR, channels);
        self.bus.write(radio::POWER, 0);
        self.bus.write(radio::POWER, 1);
        self.bus.write(radio::MODE, radio::IEEE802154);
        self.bus.write(radio::PCNF0, radio::PCNF0_154);
        self.bus.write(radio::PCNF1, radio::PCNF1_154);
        self.bus.write(radio::CRCCNF, radio::CRCCNF_154);
        self.bus.write(radio::CRCPOLY, radio::CRCPOLY_154);
        self.bus.write(radio::CRCINIT, 0);
        self.bus.write(radio::MODECNF0, radio::FAST_RAMP_UP);
        self.bus.write(radio::SFD, radio::SFD_154);
        let captures = ppi::ADDRESS_CAPTURE1 | ppi::END_CAPTURE2;
        self.bus.write(ppi::CHENSET, captures);
        self.write_config();
        Ok(())
    }

    /// Turns radio and crystal off.
    pub(super) fn power_down(&mut self) -> Result<(), RadioError> {
        self.disable()?;
        self.bus.write(radio::INTENCLR, u32::MAX);
        self.bus.write(radio::POWER, 0);
        self.bus.write(clock::HFCLKSTOP, 1);
        Ok(())
    }

    /// The registers that the configuration decides. Only a disabled radio takes them over.
    pub(super) fn write_config(&mut self) {
        let config = self.config;
        let frequency = Self::frequency(config.channel);
        self.bus.write(radio::FREQUENCY, frequency);
        let wanted = config.tx_power;
        let distance = |power: &i8| power.abs_diff(wanted);
        let power = POWERS.into_iter().min_by_key(distance).unwrap_or(0);
        self.bus
            .write(radio::TXPOWER, u32::from(power.cast_unsigned()));
        let (mode, dbm) = match config.cca {
            CcaMode::Energy(dbm) => (0, dbm),
            CcaMode::Carrier => (1, ED_OFFSET),
            CcaMode::EnergyAndCarrier(dbm) => (2, dbm),
            CcaMode::EnergyOrCarrier(dbm) => (3, dbm),
        };
        let threshold = dbm.saturating_sub(ED_OFFSET).saturating_add(self.excess);
        let threshold = u32::from(threshold.max(0).cast_unsigned());
        // Two correlations of at least 20 are a carrier: the values of the vendor's driver.
        let carrier = 0x14 << 16 | 2 << 24;
        self.bus
            .write(radio::CCACTRL, mode | threshold << 8 | carrier);
    }

    /// Turns sender and receiver off and waits for it: 21 µs at most.
    ///
    /// # Errors
    /// [`RadioError::Hardware`] if they stay on.
    pub(super) fn disable(&mut self) -> Result<(), RadioError> {
        let channels = ppi::COMPARE0_TXEN | ppi::COMPARE0_RXEN;
        self.bus.write(ppi::CHENCLR, channels);
        self.bus.write(radio::SHORTS, 0);
        self.bus.write(radio::DISABLE, 1);
        let off = (0..PATIENCE).any(|_| self.bus.read(radio::STATE) == radio::STATE_DISABLED);
        for event in [
            radio::DISABLED,
            radio::END,
            radio::PHYEND,
            radio::ADDRESS,
            radio::CRCOK,
            radio::CRCERROR,
            radio::EDEND,
            radio::CCAIDLE,
            radio::CCABUSY,
        ] {
            self.bus.write(event, 0);
        }
        off.then_some(()).ok_or(RadioError::Hardware(NOT_DISABLED))
    }
}

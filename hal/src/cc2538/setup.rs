//! Clock, constant registers, configuration, on and off.

use super::registers::{ffsm, sfr, system, xreg};
use super::{Cc2538, NO_CLOCK, NOT_OFF, NOT_RECEIVING, reaches, set_gates};
use crate::mmio::Bus;
use crate::parts::CHILDREN;
use crate::radio::{CcaMode, RadioError};

/// dBm and the value of `TXPOWER` for it.
const POWERS: [(i8, u8); 14] = [
    (7, 0xFF),
    (5, 0xED),
    (3, 0xD5),
    (1, 0xC5),
    (0, 0xB6),
    (-1, 0xB0),
    (-3, 0xA1),
    (-5, 0x91),
    (-7, 0x88),
    (-9, 0x72),
    (-11, 0x62),
    (-13, 0x58),
    (-15, 0x42),
    (-24, 0x00),
];

/// Acknowledgments say that frames are pending to stations of the table that ask for data; in a
/// build that keeps none for them to nobody.
const MATCHING: u32 = if CHILDREN {
    xreg::MATCH_ON | xreg::AUTOPEND | xreg::DATA_REQUESTS_ONLY
} else {
    0
};

/// Recommended values, the FIFO's threshold, interrupts.
const CONSTANTS: [(u32, u32); 11] = [
    (xreg::TXFILTCFG, 0x09),
    (xreg::AGCCTRL1, 0x15),
    (xreg::FSCAL1, 0x01),
    (system::IVCTRL, 0x0B),
    // Only whole frames are told of.
    (xreg::FIFOPCTRL, 127),
    (xreg::FRMCTRL1, xreg::SET_RXENMASK_ON_TX),
    (xreg::FRMFILT1, xreg::ACCEPT_ALL),
    (xreg::SRCMATCH, MATCHING),
    (xreg::RFIRQM0, sfr::RXPKTDONE),
    (xreg::RFIRQM1, sfr::TXDONE),
    (xreg::RFERRM, sfr::RXOVERF | sfr::RXUNDERF),
];

/// Strongest and weakest power, in dBm.
pub(super) const POWER_RANGE: (i8, i8) = (-24, 7);

impl<B: Bus> Cc2538<B> {
    /// Turns the clock of the RF core on or off; its registers answer only while it runs.
    pub(super) fn clock(&mut self, on: bool) -> Result<(), RadioError> {
        set_gates(&mut self.bus, system::RCGCRFC, 1, on)
            .then_some(())
            .ok_or(RadioError::Hardware(NO_CLOCK))
    }

    /// What does not change.
    pub(super) fn write_constants(&mut self) {
        for (register, value) in &CONSTANTS {
            self.bus.write(*register, *value);
        }
        self.start_timer();
        if CHILDREN {
            self.write_stations();
        }
    }

    /// What the configuration decides. A new frequency counts from the next calibration on: the
    /// radio is to be turned off and on.
    pub(super) fn write_config(&mut self) {
        self.write_acknowledging(self.may_acknowledge());
        let Self { bus, config, .. } = self;
        // MHz above 2394: 11 for channel 11.
        let frequency = config.channel.mhz().saturating_sub(2394);
        bus.write(xreg::FREQCTRL, frequency.into());
        let wanted = config.tx_power;
        let (mut power, mut least) = (0, u8::MAX);
        for (dbm, value) in POWERS {
            let off = dbm.abs_diff(wanted);
            if off < least {
                (power, least) = (value, off);
            }
        }
        bus.write(xreg::TXPOWER, power.into());
        let filter = if config.promiscuous {
            0
        } else {
            xreg::FILTER_ON
        };
        let coordinator = if config.pan_coordinator {
            xreg::PAN_COORDINATOR
        } else {
            0
        };
        bus.write(xreg::FRMFILT0, filter | coordinator | xreg::MAX_VERSION_2);
        // Modes of CCACTRL1: energy, carrier, both. "One of them" it does not have.
        let (mode, dbm) = match config.cca {
            CcaMode::Energy(dbm) | CcaMode::EnergyOrCarrier(dbm) => (1, dbm),
            CcaMode::Carrier => (2, 0),
            CcaMode::EnergyAndCarrier(dbm) => (3, dbm),
        };
        bus.write(xreg::CCACTRL1, mode << 3 | 0x02);
        let threshold = dbm.saturating_add(73).cast_unsigned();
        bus.write(xreg::CCACTRL0, u32::from(threshold));
        // The addresses stand one behind the other, each with its lowest octet first.
        let [a, b, c, d, e, f, g, h] = config.extended_addr.0;
        let [pan, network] = config.pan.0.to_le_bytes();
        let [short, station] = config.short_addr.0.to_le_bytes();
        let addresses = [h, g, f, e, d, c, b, a, pan, network, short, station];
        self.write_octets(ffsm::EXT_ADDR0, &addresses);
    }

    /// Writes octets from a register on, a word for each.
    pub(super) fn write_octets(&mut self, register: u32, octets: &[u8]) {
        let mut at = register;
        for octet in octets {
            self.bus.write(at, u32::from(*octet));
            at = at.wrapping_add(4);
        }
    }

    /// Has the hardware acknowledge, or not.
    pub(super) fn write_acknowledging(&mut self, on: bool) {
        let acknowledge = if on { xreg::AUTOACK } else { 0 };
        self.bus.write(xreg::FRMCTRL0, xreg::AUTOCRC | acknowledge);
        self.acknowledging = on;
    }

    /// Turns the receiver on and waits until its strength is valid: 192 µs and eight symbols.
    pub(super) fn turn_on(&mut self) -> Result<(), RadioError> {
        self.flush_rx();
        self.strobe(sfr::ISRXON);
        self.strength_is_valid()
            .then_some(())
            .ok_or(RadioError::Hardware(NOT_RECEIVING))
    }

    /// Waits until the strength of the signal is valid, eight symbols after the receiver is on.
    pub(super) fn strength_is_valid(&mut self) -> bool {
        reaches(&mut self.bus, xreg::RSSISTAT, 1, 1)
    }

    /// Turns the radio off, once what it sends is sent: an acknowledgment takes 352 µs. A strobe to
    /// turn off what is off would be an error.
    pub(super) fn turn_off(&mut self) -> Result<(), RadioError> {
        let sent = self.status(xreg::TX_ACTIVE, false);
        let on = self.bus.read(xreg::FSMSTAT1) & xreg::RX_ACTIVE != 0;
        if on || !sent {
            self.strobe(sfr::ISRFOFF);
        }
        self.flush_rx();
        let off = self.status(xreg::TX_ACTIVE, false);
        off.then_some(()).ok_or(RadioError::Hardware(NOT_OFF))
    }

    /// Empties the receive FIFO; the guide wants the strobe twice.
    pub(super) fn flush_rx(&mut self) {
        self.strobe(sfr::ISFLUSHRX);
        self.strobe(sfr::ISFLUSHRX);
        self.bus.write(sfr::RFIRQF0, 0);
        let errors = sfr::RXOVERF | sfr::RXUNDERF;
        self.bus.write(sfr::RFERRF, !errors);
    }
}

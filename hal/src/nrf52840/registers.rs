//! Registers of the nRF52840 that the drivers use, by the names of its product specification, and
//! by the chapters of their peripherals there: CLOCK, RADIO, TIMER, PPI, RNG, TEMP, NVMC, ECB,
//! FICR.

/// CLOCK: the crystal oscillator that the radio needs.
pub(super) mod clock {
    pub(crate) const HFCLKSTART: u32 = 0x4000_0000;
    pub(crate) const HFCLKSTOP: u32 = 0x4000_0004;
    pub(crate) const HFCLKSTARTED: u32 = 0x4000_0100;
}

/// RADIO.
pub(super) mod radio {
    /// Tasks: writing 1 triggers.
    pub(crate) const TXEN: u32 = 0x4000_1000;
    pub(crate) const RXEN: u32 = 0x4000_1004;
    pub(crate) const DISABLE: u32 = 0x4000_1010;
    /// Events: 1 if it happened; writing 0 clears.
    pub(crate) const ADDRESS: u32 = 0x4000_1104;
    pub(crate) const END: u32 = 0x4000_110C;
    pub(crate) const DISABLED: u32 = 0x4000_1110;
    pub(crate) const CRCOK: u32 = 0x4000_1130;
    pub(crate) const CRCERROR: u32 = 0x4000_1134;
    pub(crate) const EDEND: u32 = 0x4000_113C;
    pub(crate) const CCAIDLE: u32 = 0x4000_1144;
    pub(crate) const CCABUSY: u32 = 0x4000_1148;
    pub(crate) const PHYEND: u32 = 0x4000_116C;
    pub(crate) const SHORTS: u32 = 0x4000_1200;
    pub(crate) const INTENSET: u32 = 0x4000_1304;
    pub(crate) const INTENCLR: u32 = 0x4000_1308;
    pub(crate) const PACKETPTR: u32 = 0x4000_1504;
    /// MHz above 2400.
    pub(crate) const FREQUENCY: u32 = 0x4000_1508;
    /// dBm, signed, in eight bits.
    pub(crate) const TXPOWER: u32 = 0x4000_150C;
    pub(crate) const MODE: u32 = 0x4000_1510;
    pub(crate) const PCNF0: u32 = 0x4000_1514;
    pub(crate) const PCNF1: u32 = 0x4000_1518;
    pub(crate) const CRCCNF: u32 = 0x4000_1534;
    pub(crate) const CRCPOLY: u32 = 0x4000_1538;
    pub(crate) const CRCINIT: u32 = 0x4000_153C;
    /// -dBm of the last frame.
    pub(crate) const RSSISAMPLE: u32 = 0x4000_1548;
    pub(crate) const STATE: u32 = 0x4000_1550;
    pub(crate) const MODECNF0: u32 = 0x4000_1650;
    pub(crate) const SFD: u32 = 0x4000_1660;
    pub(crate) const EDCNT: u32 = 0x4000_1664;
    pub(crate) const EDSAMPLE: u32 = 0x4000_1668;
    pub(crate) const CCACTRL: u32 = 0x4000_166C;
    pub(crate) const POWER: u32 = 0x4000_1FFC;

    /// `SHORTS`: an event that triggers a task.
    pub(crate) const ADDRESS_RSSISTART: u32 = 1 << 4;
    pub(crate) const END_DISABLE: u32 = 1 << 1;
    pub(crate) const RXREADY_CCASTART: u32 = 1 << 11;
    pub(crate) const CCAIDLE_TXEN: u32 = 1 << 12;
    pub(crate) const CCABUSY_DISABLE: u32 = 1 << 13;
    pub(crate) const READY_EDSTART: u32 = 1 << 15;
    pub(crate) const EDEND_DISABLE: u32 = 1 << 16;
    pub(crate) const TXREADY_START: u32 = 1 << 18;
    pub(crate) const RXREADY_START: u32 = 1 << 19;
    pub(crate) const PHYEND_DISABLE: u32 = 1 << 20;

    /// `INTENSET` and `INTENCLR`, the bit of an event that interrupts.
    pub(crate) const INT_DISABLED: u32 = 1 << 4;
    pub(crate) const INT_CCAIDLE: u32 = 1 << 17;

    /// `MODE`: IEEE 802.15.4, 250 kbit/s.
    pub(crate) const IEEE802154: u32 = 15;
    /// `PCNF0`: a length of eight bits that counts the check sequence, a preamble of 32 zeros.
    pub(crate) const PCNF0_154: u32 = 8 | 2 << 24 | 1 << 26;
    /// `PCNF1`: the longest frame.
    pub(crate) const PCNF1_154: u32 = 127;
    /// `CRCCNF`: two octets, which leave the length out.
    pub(crate) const CRCCNF_154: u32 = 2 | 2 << 8;
    /// `CRCPOLY`: x^16 + x^12 + x^5 + 1.
    pub(crate) const CRCPOLY_154: u32 = 0x1_1021;
    /// `MODECNF0`: ramp-up in 40 µs; between frames the center frequency.
    pub(crate) const FAST_RAMP_UP: u32 = 1 | 2 << 8;
    /// `SFD`: the start-of-frame delimiter.
    pub(crate) const SFD_154: u32 = 0xA7;
    /// `STATE` when nothing is on.
    pub(crate) const STATE_DISABLED: u32 = 0;
}

/// TIMER0, which counts microseconds.
pub(super) mod timer {
    pub(crate) const START: u32 = 0x4000_8000;
    pub(crate) const CLEAR: u32 = 0x4000_800C;
    /// Turns the timer off for good; `STOP` would keep its clock running (erratum 78).
    pub(crate) const SHUTDOWN: u32 = 0x4000_8010;
    /// Captures the count into the register of the same number.
    pub(crate) const CAPTURE3: u32 = 0x4000_804C;
    pub(crate) const COMPARE0: u32 = 0x4000_8140;
    pub(crate) const MODE: u32 = 0x4000_8504;
    pub(crate) const BITMODE: u32 = 0x4000_8508;
    pub(crate) const PRESCALER: u32 = 0x4000_8510;
    /// When the radio is turned on.
    pub(crate) const CC0: u32 = 0x4000_8540;
    /// When a start-of-frame delimiter ended.
    pub(crate) const CC1: u32 = 0x4000_8544;
    /// When the last frame ended.
    pub(crate) const CC2: u32 = 0x4000_8548;
    /// The time now.
    pub(crate) const CC3: u32 = 0x4000_854C;
    /// `BITMODE`: 32 bits.
    pub(crate) const BITS_32: u32 = 3;
    /// `PRESCALER`: 16 MHz / 2^4.
    pub(crate) const MEGAHERTZ: u32 = 4;
}

/// TIMER1, the clock of the program; a timer like TIMER0.
pub(super) mod alarm {
    pub(crate) const START: u32 = 0x4000_9000;
    pub(crate) const CLEAR: u32 = 0x4000_900C;
    pub(crate) const SHUTDOWN: u32 = 0x4000_9010;
    pub(crate) const CAPTURE1: u32 = 0x4000_9044;
    pub(crate) const COMPARE0: u32 = 0x4000_9140;
    pub(crate) const INTENSET: u32 = 0x4000_9304;
    pub(crate) const MODE: u32 = 0x4000_9504;
    pub(crate) const BITMODE: u32 = 0x4000_9508;
    pub(crate) const PRESCALER: u32 = 0x4000_9510;
    pub(crate) const CC0: u32 = 0x4000_9540;
    pub(crate) const CC1: u32 = 0x4000_9544;
    /// `INTENSET`: `COMPARE[0]` interrupts.
    pub(crate) const INT_COMPARE0: u32 = 1 << 16;
}

/// PPI, the channels that the chip has wired.
pub(super) mod ppi {
    pub(crate) const CHENSET: u32 = 0x4001_F504;
    pub(crate) const CHENCLR: u32 = 0x4001_F508;
    /// `TIMER0.COMPARE[0]` to `RADIO.TXEN`, to `RADIO.RXEN`.
    pub(crate) const COMPARE0_TXEN: u32 = 1 << 20;
    pub(crate) const COMPARE0_RXEN: u32 = 1 << 21;
    /// `RADIO.ADDRESS` to `TIMER0.CAPTURE[1]`, `RADIO.END` to `TIMER0.CAPTURE[2]`.
    pub(crate) const ADDRESS_CAPTURE1: u32 = 1 << 26;
    pub(crate) const END_CAPTURE2: u32 = 1 << 27;
}

/// RNG.
pub(super) mod rng {
    pub(crate) const START: u32 = 0x4000_D000;
    pub(crate) const STOP: u32 = 0x4000_D004;
    pub(crate) const VALRDY: u32 = 0x4000_D100;
    pub(crate) const CONFIG: u32 = 0x4000_D504;
    pub(crate) const VALUE: u32 = 0x4000_D508;
}

/// ECB.
pub(super) mod ecb {
    pub(crate) const STARTECB: u32 = 0x4000_E000;
    pub(crate) const ENDECB: u32 = 0x4000_E100;
    pub(crate) const ERRORECB: u32 = 0x4000_E104;
    pub(crate) const ECBDATAPTR: u32 = 0x4000_E504;
}

/// TEMP, the temperature of the chip.
pub(super) mod temp {
    pub(crate) const START: u32 = 0x4000_C000;
    pub(crate) const STOP: u32 = 0x4000_C004;
    pub(crate) const DATARDY: u32 = 0x4000_C100;
    /// Quarters of a degree Celsius, signed.
    pub(crate) const TEMP: u32 = 0x4000_C508;
}

/// NVMC, which writes and erases flash.
pub(super) mod nvmc {
    pub(crate) const READY: u32 = 0x4001_E400;
    pub(crate) const CONFIG: u32 = 0x4001_E504;
    /// The address of a page, to erase it.
    pub(crate) const ERASEPAGE: u32 = 0x4001_E508;
    /// `CONFIG`: only reading, writing, erasing.
    pub(crate) const READ: u32 = 0;
    pub(crate) const WRITE: u32 = 1;
    pub(crate) const ERASE: u32 = 2;
}

/// FICR.
pub(super) mod ficr {
    /// 64 random bits of the factory's.
    pub(crate) const DEVICEID0: u32 = 0x1000_0060;
    pub(crate) const DEVICEID1: u32 = 0x1000_0064;
}

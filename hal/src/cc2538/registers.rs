//! Registers of the CC2538 that the drivers use, by the names of its user's guide (SWRU319). Those
//! of the RF core hold one octet in a word.

/// FFSM: addresses of the filter, and the memory of FIFOs and source table.
pub(super) mod ffsm {
    /// Extended address, low octet first, in eight registers; then the network and the short
    /// address, in two each.
    pub(crate) const EXT_ADDR0: u32 = 0x4008_85A8;
    /// Which short entries of the source table have frames pending, three registers.
    pub(crate) const SRCSHORTPENDEN0: u32 = 0x4008_859C;
    /// The same of extended entries, two bits for each, of which the even one is written.
    pub(crate) const SRCEXTPENDEN0: u32 = 0x4008_8590;
    /// 24 short entries of network and address, or 12 extended ones.
    pub(crate) const SOURCE_TABLE: u32 = 0x4008_8400;
}

/// XREG: how the radio works.
pub(super) mod xreg {
    pub(crate) const FRMFILT0: u32 = 0x4008_8600;
    pub(crate) const FRMFILT1: u32 = 0x4008_8604;
    pub(crate) const SRCMATCH: u32 = 0x4008_8608;
    pub(crate) const SRCSHORTEN0: u32 = 0x4008_860C;
    pub(crate) const SRCEXTEN0: u32 = 0x4008_8618;
    pub(crate) const FRMCTRL0: u32 = 0x4008_8624;
    pub(crate) const FRMCTRL1: u32 = 0x4008_8628;
    pub(crate) const FREQCTRL: u32 = 0x4008_863C;
    pub(crate) const TXPOWER: u32 = 0x4008_8640;
    pub(crate) const FSMSTAT1: u32 = 0x4008_864C;
    pub(crate) const FIFOPCTRL: u32 = 0x4008_8650;
    pub(crate) const CCACTRL0: u32 = 0x4008_8658;
    pub(crate) const CCACTRL1: u32 = 0x4008_865C;
    pub(crate) const RSSI: u32 = 0x4008_8660;
    pub(crate) const RSSISTAT: u32 = 0x4008_8664;
    pub(crate) const RXFIFOCNT: u32 = 0x4008_866C;
    pub(crate) const RFIRQM0: u32 = 0x4008_868C;
    pub(crate) const RFIRQM1: u32 = 0x4008_8690;
    pub(crate) const RFERRM: u32 = 0x4008_8694;
    /// Two random bits of the receiver's converter.
    pub(crate) const RFRND: u32 = 0x4008_869C;
    pub(crate) const FSCAL1: u32 = 0x4008_86B8;
    pub(crate) const AGCCTRL1: u32 = 0x4008_86C8;
    pub(crate) const TXFILTCFG: u32 = 0x4008_87E8;

    /// `FRMFILT0`: filter on, we are the coordinator, versions 0 to 2.
    pub(crate) const FILTER_ON: u32 = 1;
    pub(crate) const PAN_COORDINATOR: u32 = 1 << 1;
    pub(crate) const MAX_VERSION_2: u32 = 2 << 2;
    /// `FRMFILT1`: beacons, data, acknowledgments and commands pass.
    pub(crate) const ACCEPT_ALL: u32 = 0x78;
    /// `FRMCTRL0`: check sequences are written and verified; frames are acknowledged.
    pub(crate) const AUTOCRC: u32 = 1 << 6;
    pub(crate) const AUTOACK: u32 = 1 << 5;
    /// `FRMCTRL1`: after sending, the receiver is on.
    pub(crate) const SET_RXENMASK_ON_TX: u32 = 1;
    /// `FRMCTRL1`: acknowledgments say that frames are pending.
    pub(crate) const PENDING_OR: u32 = 1 << 2;
    /// `SRCMATCH`: source matching, the frame pending bit set by it, of data requests alone.
    pub(crate) const MATCH_ON: u32 = 1;
    pub(crate) const AUTOPEND: u32 = 1 << 1;
    pub(crate) const DATA_REQUESTS_ONLY: u32 = 1 << 2;
    /// `FRMCTRL0`: the receiver stays on, whatever it hears.
    pub(crate) const RX_FOREVER: u32 = 2 << 2;
    /// `FSMSTAT1`: octets in the FIFO, a frame in it or an overflow, a frame is being received, the
    /// channel is clear, was so at the last sampling, the sender is on, the receiver is.
    pub(crate) const FIFO: u32 = 1 << 7;
    pub(crate) const FIFOP: u32 = 1 << 6;
    pub(crate) const SFD: u32 = 1 << 5;
    pub(crate) const CCA: u32 = 1 << 4;
    pub(crate) const SAMPLED_CCA: u32 = 1 << 3;
    pub(crate) const TX_ACTIVE: u32 = 1 << 1;
    pub(crate) const RX_ACTIVE: u32 = 1;
}

/// SFR: FIFO, strobes, flags.
pub(super) mod sfr {
    pub(crate) const RFDATA: u32 = 0x4008_8828;
    pub(crate) const RFERRF: u32 = 0x4008_882C;
    pub(crate) const RFIRQF1: u32 = 0x4008_8830;
    pub(crate) const RFIRQF0: u32 = 0x4008_8834;
    pub(crate) const RFST: u32 = 0x4008_8838;

    /// `RFIRQF0`: a frame is complete.
    pub(crate) const RXPKTDONE: u32 = 1 << 6;
    /// `RFIRQF1`: a frame was sent.
    pub(crate) const TXDONE: u32 = 1 << 1;
    /// `RFERRF`: the receive FIFO is too full, or was read when empty.
    pub(crate) const RXOVERF: u32 = 1 << 2;
    pub(crate) const RXUNDERF: u32 = 1 << 3;

    /// Strobes.
    pub(crate) const ISRXON: u32 = 0xE3;
    pub(crate) const ISTXON: u32 = 0xE9;
    pub(crate) const ISTXONCCA: u32 = 0xEA;
    pub(crate) const ISFLUSHRX: u32 = 0xED;
    pub(crate) const ISFLUSHTX: u32 = 0xEE;
    pub(crate) const ISRFOFF: u32 = 0xEF;
}

/// The MAC timer, whose registers stand behind a selection.
pub(super) mod mt {
    pub(crate) const MTCTRL: u32 = 0x4008_8804;
    pub(crate) const MTMSEL: u32 = 0x4008_8810;
    pub(crate) const MTM0: u32 = 0x4008_8814;
    pub(crate) const MTM1: u32 = 0x4008_8818;
    pub(crate) const MTMOVF2: u32 = 0x4008_881C;
    pub(crate) const MTMOVF1: u32 = 0x4008_8820;
    pub(crate) const MTMOVF0: u32 = 0x4008_8824;
    /// `MTCTRL`: counts, is counting, and reading `MTM0` latches all that is selected.
    pub(crate) const RUN: u32 = 1;
    pub(crate) const STATE: u32 = 1 << 2;
    pub(crate) const LATCH_ALL: u32 = 1 << 3;
    /// `MTMSEL`: the counters, what was captured of them, their periods.
    pub(crate) const COUNTS: u32 = 0;
    pub(crate) const CAPTURES: u32 = 0x11;
    pub(crate) const PERIODS: u32 = 0x22;
}

/// GPTimer 0.
pub(super) mod gpt {
    pub(crate) const CFG: u32 = 0x4003_0000;
    pub(crate) const TAMR: u32 = 0x4003_0004;
    pub(crate) const CTL: u32 = 0x4003_000C;
    pub(crate) const IMR: u32 = 0x4003_0018;
    pub(crate) const MIS: u32 = 0x4003_0020;
    pub(crate) const ICR: u32 = 0x4003_0024;
    pub(crate) const TAILR: u32 = 0x4003_0028;
    pub(crate) const TAMATCHR: u32 = 0x4003_0030;
    pub(crate) const TAV: u32 = 0x4003_0050;
    /// `CFG`: one timer of 32 bits.
    pub(crate) const BITS_32: u32 = 0;
    /// `TAMR`: over and over again, up, with a match.
    pub(crate) const PERIODIC: u32 = 2;
    pub(crate) const UP: u32 = 1 << 4;
    pub(crate) const MATCHES: u32 = 1 << 5;
    /// `CTL`: it counts.
    pub(crate) const ENABLE: u32 = 1;
    /// `IMR`, `MIS`, `ICR`: the match.
    pub(crate) const MATCH: u32 = 1 << 4;
}

/// The converter of analog values.
pub(super) mod adc {
    pub(crate) const ADCCON1: u32 = 0x400D_7000;
    pub(crate) const ADCCON3: u32 = 0x400D_7008;
    pub(crate) const ADCL: u32 = 0x400D_700C;
    pub(crate) const ADCH: u32 = 0x400D_7010;
    /// `ADCCON1`.
    pub(crate) const END_OF_CONVERSION: u32 = 1 << 7;
    /// `ADCCON3`: the internal reference, 512 samples, the thermometer.
    pub(crate) const INTERNAL_512_TEMPERATURE: u32 = 3 << 4 | 14;
}

/// The information page of the flash.
pub(super) mod info {
    /// The extended address, the half with the manufacturer's part first.
    pub(crate) const EUI64_HIGH: u32 = 0x0028_0028;
    pub(crate) const EUI64_LOW: u32 = 0x0028_002C;
}

/// The AES engine.
pub(super) mod aes {
    /// DMA to the engine, and from it.
    pub(crate) const CH0_CTRL: u32 = 0x4008_B000;
    pub(crate) const CH0_EXTADDR: u32 = 0x4008_B004;
    pub(crate) const CH0_DMALENGTH: u32 = 0x4008_B00C;
    pub(crate) const CH1_CTRL: u32 = 0x4008_B020;
    pub(crate) const CH1_EXTADDR: u32 = 0x4008_B024;
    pub(crate) const CH1_DMALENGTH: u32 = 0x4008_B02C;
    pub(crate) const KEY_STORE_WRITE_AREA: u32 = 0x4008_B400;
    pub(crate) const KEY_STORE_WRITTEN_AREA: u32 = 0x4008_B404;
    pub(crate) const KEY_STORE_SIZE: u32 = 0x4008_B408;
    pub(crate) const KEY_STORE_READ_AREA: u32 = 0x4008_B40C;
    pub(crate) const IV_0: u32 = 0x4008_B540;
    pub(crate) const CTRL: u32 = 0x4008_B550;
    pub(crate) const C_LENGTH_0: u32 = 0x4008_B554;
    pub(crate) const C_LENGTH_1: u32 = 0x4008_B558;
    pub(crate) const AUTH_LENGTH: u32 = 0x4008_B55C;
    pub(crate) const TAG_OUT_0: u32 = 0x4008_B570;
    /// Which part is used.
    pub(crate) const ALG_SEL: u32 = 0x4008_B700;
    pub(crate) const INT_CFG: u32 = 0x4008_B780;
    pub(crate) const INT_EN: u32 = 0x4008_B784;
    pub(crate) const INT_CLR: u32 = 0x4008_B788;
    pub(crate) const INT_STAT: u32 = 0x4008_B790;
    /// `ALG_SEL`: the key store, AES.
    pub(crate) const KEY_STORE: u32 = 1;
    pub(crate) const AES: u32 = 2;
    /// `KEY_STORE_SIZE`.
    pub(crate) const BITS_128: u32 = 1;
    /// `KEY_STORE_READ_AREA`.
    pub(crate) const BUSY: u32 = 1 << 31;
    /// `CTRL`: direction, counter of 128 bits, mode, and what is to be kept of it, and is.
    pub(crate) const ENCRYPT: u32 = 1 << 2;
    pub(crate) const CTR_128: u32 = 1 << 6 | 3 << 7;
    pub(crate) const CCM: u32 = 1 << 18;
    pub(crate) const SAVE_CONTEXT: u32 = 1 << 29;
    pub(crate) const SAVED_CONTEXT: u32 = 1 << 30;
    /// `INT_STAT`: the result is there, what was brought is in, and what can go wrong: reading or
    /// writing the key store, the bus.
    pub(crate) const RESULT: u32 = 1;
    pub(crate) const DMA_IN: u32 = 1 << 1;
    pub(crate) const ERRORS: u32 = 7 << 29;
}

/// System control, and the analog part.
pub(super) mod system {
    pub(crate) const CLOCK_CTRL: u32 = 0x400D_2000;
    pub(crate) const CLOCK_STA: u32 = 0x400D_2004;
    pub(crate) const I_MAP: u32 = 0x400D_2098;
    /// `CLOCK_CTRL`: the internal oscillator of 32 kHz, the unused oscillator off, that of 16 MHz
    /// instead of the crystal.
    pub(crate) const OSC32K: u32 = 1 << 24;
    pub(crate) const OSC_PD: u32 = 1 << 17;
    pub(crate) const OSC: u32 = 1 << 16;
    /// Clock gates while running, with those while sleeping and deeply sleeping behind them: of the
    /// timers, of the engines, of the RF core.
    pub(crate) const RCGCGPT: u32 = 0x400D_2008;
    pub(crate) const RCGCSEC: u32 = 0x400D_2048;
    /// Of the engines, AES's.
    pub(crate) const AES_CLOCK: u32 = 1 << 1;
    pub(crate) const RCGCRFC: u32 = 0x400D_20A8;
    pub(crate) const IVCTRL: u32 = 0x400D_6004;
}

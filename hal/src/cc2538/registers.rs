//! Registers of the CC2538 that the driver uses, by the names of its user's guide (SWRU319C): RF
//! core §23, system control §7, analog §6. Each register holds one octet in a word.

/// FFSM: addresses of the filter, and the memory of FIFOs and source table (§23.15.1).
pub(super) mod ffsm {
    /// Extended address, low octet first, eight registers.
    pub(crate) const EXT_ADDR0: u32 = 0x4008_85A8;
    pub(crate) const PAN_ID0: u32 = 0x4008_85C8;
    pub(crate) const SHORT_ADDR0: u32 = 0x4008_85D0;
    /// Which short entries of the source table have frames pending, three registers.
    pub(crate) const SRCSHORTPENDEN0: u32 = 0x4008_859C;
    /// 24 short entries of network and address, or 12 extended ones.
    pub(crate) const SOURCE_TABLE: u32 = 0x4008_8400;
}

/// XREG: how the radio works (§23.15.2).
pub(super) mod xreg {
    pub(crate) const FRMFILT0: u32 = 0x4008_8600;
    pub(crate) const FRMFILT1: u32 = 0x4008_8604;
    pub(crate) const SRCMATCH: u32 = 0x4008_8608;
    pub(crate) const SRCSHORTEN0: u32 = 0x4008_860C;
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
    /// `SRCMATCH`: source matching, and frames pending for data requests alone.
    pub(crate) const MATCH_ON: u32 = 1;
    pub(crate) const AUTOPEND: u32 = 1 << 1;
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

/// SFR: FIFO, strobes, flags (§23.15.3).
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

    /// Strobes (§23.14.1).
    pub(crate) const ISRXON: u32 = 0xE3;
    pub(crate) const ISTXON: u32 = 0xE9;
    pub(crate) const ISTXONCCA: u32 = 0xEA;
    pub(crate) const ISFLUSHRX: u32 = 0xED;
    pub(crate) const ISFLUSHTX: u32 = 0xEE;
    pub(crate) const ISRFOFF: u32 = 0xEF;
}

/// System control, and the analog part.
pub(super) mod system {
    /// Clock gates of the RF core: while running, sleeping, deeply sleeping.
    pub(crate) const RCGCRFC: u32 = 0x400D_20A8;
    pub(crate) const SCGCRFC: u32 = 0x400D_20AC;
    pub(crate) const DCGCRFC: u32 = 0x400D_20B0;
    pub(crate) const IVCTRL: u32 = 0x400D_6004;
}

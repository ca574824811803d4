//! What passes through the FIFOs: a length, the frame, and in the place
//! of the check sequence its strength, and whether it is intact.

use super::registers::{sfr, xreg};
use super::{Cc2538, Doing, Frame};
use crate::mmio::Bus;
use crate::radio::{MAX_FRAME, RadioEvent, RxInfo, TxOutcome, timing};
use crate::time::Deadline;

/// Octets of the shortest and the longest frame with check sequence.
const SHORTEST: usize = 5;
const LONGEST: usize = 127;
/// Frames at most that one interrupt fetches: the FIFO holds no more.
const IN_A_ROW: usize = 26;

/// dBm of a strength.
pub(super) const fn dbm(register: u8) -> i8 {
    register.cast_signed().saturating_sub(73)
}

impl<B: Bus> Cc2538<B> {
    /// Fetches every whole frame from the FIFO, and lets the hardware acknowledge as many more as
    /// there is room for.
    pub(super) fn drain(&mut self) {
        self.fetch_all();
        self.renew_acknowledging();
    }

    fn fetch_all(&mut self) {
        for _ in 0..IN_A_ROW {
            let status = self.bus.read(xreg::FSMSTAT1);
            if self.bus.read(sfr::RFERRF) & (sfr::RXOVERF | sfr::RXUNDERF) != 0
                || status & (xreg::FIFO | xreg::FIFOP) == xreg::FIFOP
            {
                // Overflow: the octets that are there are no use. The receiver stays on.
                self.flush_rx();
                return;
            }
            if status & xreg::FIFOP == 0 {
                break;
            }
            self.bus.write(sfr::RFIRQF0, !sfr::RXPKTDONE);
            if !self.fetch() {
                self.flush_rx();
                return;
            }
        }
        self.bus.write(sfr::RFIRQF0, !sfr::RXPKTDONE);
    }

    /// Fetches one frame; false if the FIFO does not hold one.
    fn fetch(&mut self) -> bool {
        let length = (self.bus.read(sfr::RFDATA) & 0x7F) as usize;
        if !matches!(length, SHORTEST..=LONGEST)
            || (self.bus.read(xreg::RXFIFOCNT) as usize) < length
        {
            return false;
        }
        let len = length.saturating_sub(2);
        let mut octets = [0; MAX_FRAME];
        for octet in octets.iter_mut().take(len) {
            *octet = self.bus.read(sfr::RFDATA) as u8;
        }
        let strength = self.bus.read(sfr::RFDATA) as u8;
        let [correlation, intact] = {
            let last = self.bus.read(sfr::RFDATA) as u8;
            [last & 0x7F, last >> 7]
        };
        // Of frames in a row the time of the last one alone was captured.
        let alone = self.bus.read(xreg::RXFIFOCNT) == 0;
        let timestamp = self.delimiter(len, alone);
        let control = octets.first().copied().unwrap_or(0);
        let asks = self.asks(control);
        let acked = (asks && self.acknowledging).then(|| self.stations.is_in_use());
        // What nobody can take was not acknowledged, and comes again.
        let kept = intact == 1 && (acked.is_some() || !asks);
        let info = RxInfo {
            len,
            rssi: dbm(strength),
            lqi: quality(correlation),
            timestamp,
            acked,
        };
        if kept && let Some(place) = self.frames.iter_mut().find(|place| place.is_none()) {
            *place = Some(Frame { info, octets });
            self.push(RadioEvent::Received);
        }
        true
    }

    /// Whether the hardware should acknowledge: the layer above can take another frame, and there
    /// is a place for one more here, which the hardware may have taken before it is told to stop.
    pub(super) fn may_acknowledge(&self) -> bool {
        let (mut free, mut acked) = (0_usize, 0_usize);
        for place in &self.frames {
            match place {
                None => free = free.saturating_add(1),
                Some(frame) if frame.info.acked.is_some() => acked = acked.saturating_add(1),
                Some(_) => {}
            }
        }
        let asked = self.config.auto_ack && !self.config.promiscuous;
        asked && free > 1 && self.room > acked
    }

    /// Tells the hardware whether to acknowledge, if that has changed. The FIFO is empty: what
    /// was in it came under the old rule.
    pub(super) fn renew_acknowledging(&mut self) {
        let on = self.may_acknowledge();
        if on != self.acknowledging && self.doing != Doing::Sleep {
            self.write_acknowledging(on);
        }
    }

    /// Whether a frame wants the hardware to acknowledge it; which frame pending bit it sends it
    /// does not tell.
    const fn asks(&self, control: u8) -> bool {
        let asks = control >> 5 & 1 == 1 && control & 7 != 2;
        asks && self.config.auto_ack && !self.config.promiscuous
    }

    /// Puts a frame into the transmit FIFO; the hardware appends the check sequence.
    pub(super) fn fill(&mut self, frame: &[u8]) {
        self.strobe(sfr::ISFLUSHTX);
        let length = frame.len().saturating_add(2);
        self.bus.write(sfr::RFDATA, length as u32);
        for octet in frame {
            self.bus.write(sfr::RFDATA, u32::from(*octet));
        }
    }

    /// A frame has left: TXDONE comes after its last symbol.
    pub(super) fn transmitted(&mut self, len: usize) {
        self.doing = Doing::Receive;
        self.limit = Deadline::NEVER;
        let end = timing::frame_end(self.delimiter(len, true), len);
        self.push(RadioEvent::Transmitted(TxOutcome::Sent(end)));
    }
}

/// Quality of a link: a correlation of 50 is the worst, one of 110 the best.
fn quality(correlation: u8) -> u8 {
    let above = u32::from(correlation.saturating_sub(50).min(60));
    (above.saturating_mul(255) / 60) as u8
}

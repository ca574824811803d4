//! Reception and acknowledgment (nRF52840 product specification, RADIO chapter; IEEE 802.15.4-2020
//! §6.7.4). The receiver turns itself off at the end of a frame; the interrupt decides what
//! follows: the next frame, or the acknowledgment.

use super::filter::{self, Verdict};
use super::registers::{ppi, radio, timer};
use super::{ACK_AT, CHAIN_DELAY, Doing, ED_OFFSET, Nrf52840, RAMP_UP, RX_AT, RX_BUFFER};
use crate::mmio::DmaBus;
use crate::radio::{MAX_FRAME, RadioEvent, RxInfo, TxOutcome};
use crate::time::{Deadline, Duration, Instant};

/// aTurnaroundTime, in microseconds.
const TURNAROUND: u32 = 192;
/// Microseconds that arming the timer may take.
const MARGIN: u32 = 3;
/// Octets of the shortest frame: frame control, sequence number and check sequence.
const SHORTEST: usize = 5;
/// Octets of an immediate acknowledgment with its check sequence.
const ACK_LEN: u8 = 5;
/// Frame control of one (§7.3.3), and its frame pending bit.
const ACK_TYPE: u8 = 2;
const FRAME_PENDING: u8 = 1 << 4;

impl<B: DmaBus> Nrf52840<B> {
    /// Turns the receiver on; the radio is disabled.
    pub(super) fn receive_on(&mut self, _: Instant) {
        self.doing = Doing::Receive;
        self.limit = Deadline::NEVER;
        let at = RX_AT.saturating_add(RX_BUFFER.saturating_mul(self.events.buffer()));
        let address = self.bus.dma_address(at);
        self.bus.write(radio::PACKETPTR, address);
        let shorts = radio::RXREADY_START | radio::ADDRESS_RSSISTART | radio::END_DISABLE;
        self.bus.write(radio::SHORTS, shorts);
        self.bus.write(radio::INTENSET, radio::INT_DISABLED);
        self.bus.write(radio::RXEN, 1);
    }

    /// A reception has ended: the radio is disabled.
    pub(super) fn received(&mut self, now: Instant) {
        if !self.take(radio::DISABLED) {
            return;
        }
        let ended = self.take(radio::END);
        let intact = self.take(radio::CRCOK);
        self.take(radio::CRCERROR);
        self.take(radio::ADDRESS);
        let at = RX_AT.saturating_add(RX_BUFFER.saturating_mul(self.events.buffer()));
        let mut octets = [0; RX_BUFFER];
        if !(ended && intact) {
            return self.receive_on(now);
        }
        self.bus.dma_load(at, &mut octets);
        let [phr, psdu @ ..] = &octets;
        let len = usize::from(*phr);
        // Bit 7 of the length is reserved; frames that have it set are none.
        let frame = match len.checked_sub(2) {
            Some(len) if (SHORTEST..=127).contains(&usize::from(*phr)) => psdu.get(..len),
            _ => None,
        };
        let Some(frame) = frame else {
            return self.receive_on(now);
        };
        let verdict = filter::judge(&self.config, &self.filter, frame);
        let Some(Verdict { acknowledge }) = verdict else {
            return self.receive_on(now);
        };
        let quality = psdu.get(frame.len()).copied().unwrap_or(0);
        let sequence = frame.get(2).copied().unwrap_or(0);
        let length = frame.len();
        let info = self.rx_info(length, quality);
        // A frame that nobody can take is neither acknowledged nor kept: its sender sends it again.
        if acknowledge.is_some() && !self.events.can_acknowledge() {
            return self.receive_on(now);
        }
        let acked = acknowledge.filter(|pending| self.acknowledge(now, sequence, *pending));
        let kept = self.events.keep(RxInfo { acked, ..info });
        debug_assert!(kept || acked.is_none());
        if acked.is_none() {
            self.receive_on(now);
        }
    }

    fn rx_info(&mut self, len: usize, quality: u8) -> RxInfo {
        let delimiter = self.bus.read(timer::CC1).wrapping_sub(CHAIN_DELAY);
        let timestamp = self.instant(delimiter);
        let sample = self.bus.read(radio::RSSISAMPLE) & 0x7F;
        let rssi = (sample as i8)
            .saturating_add(self.excess)
            .saturating_neg()
            .max(ED_OFFSET.saturating_sub(20));
        let quality = quality.saturating_add_signed(self.excess.saturating_neg());
        RxInfo {
            len: len.min(MAX_FRAME),
            rssi,
            lqi: quality.saturating_mul(4),
            timestamp,
            acked: None,
        }
    }

    /// Arms the timer so that an acknowledgment begins 192 µs after the frame; false if that is too
    /// late already.
    fn acknowledge(&mut self, now: Instant, sequence: u8, pending: bool) -> bool {
        let control = if pending {
            ACK_TYPE | FRAME_PENDING
        } else {
            ACK_TYPE
        };
        self.bus.dma_store(ACK_AT, &[ACK_LEN, control, 0, sequence]);
        let address = self.bus.dma_address(ACK_AT);
        self.bus.write(radio::PACKETPTR, address);
        let shorts = radio::TXREADY_START | radio::PHYEND_DISABLE;
        self.bus.write(radio::SHORTS, shorts);
        let lead = TURNAROUND
            .saturating_sub(RAMP_UP)
            .saturating_sub(CHAIN_DELAY);
        let on = self.bus.read(timer::CC2).wrapping_add(lead);
        self.bus.write(timer::CC0, on);
        self.bus.write(timer::COMPARE0, 0);
        self.bus.write(ppi::CHENSET, ppi::COMPARE0_TXEN);
        let left = on.wrapping_sub(self.micros()).cast_signed();
        if left < MARGIN.cast_signed() {
            self.bus.write(ppi::CHENCLR, ppi::COMPARE0_TXEN);
            // The timer may have come just before: then it leaves in time after all.
            if self.bus.read(radio::STATE) == radio::STATE_DISABLED {
                return false;
            }
        }
        self.bus.write(radio::INTENSET, radio::INT_DISABLED);
        self.doing = Doing::Acknowledge;
        self.expect_end(now, Duration::from_micros(600));
        true
    }

    /// An acknowledgment has left: the radio is disabled.
    pub(super) fn acknowledged(&mut self, now: Instant) {
        if !self.take(radio::DISABLED) {
            return;
        }
        self.bus.write(ppi::CHENCLR, ppi::COMPARE0_TXEN);
        for event in [radio::END, radio::PHYEND, radio::ADDRESS] {
            self.take(event);
        }
        let Some(order) = self.waiting.take() else {
            return self.receive_on(now);
        };
        let begun = self.begin(now, order);
        if begun.is_err() {
            // Its time has passed meanwhile.
            self.events.push(RadioEvent::Transmitted(TxOutcome::Failed));
            self.receive_on(now);
        }
    }
}

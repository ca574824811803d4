//! What was heard of each sender: numbers that are missing are frames that were lost.

use litz::wire::Eui64;
use litz_firmware::say;

/// Senders that are counted.
const SENDERS: usize = 8;

#[derive(Clone, Copy)]
struct Sender {
    address: Eui64,
    first: u16,
    last: u16,
    heard: u16,
    rssi: i8,
    lqi: u8,
}

/// Everything that was heard since the last report.
#[derive(Default)]
pub(crate) struct Rates([Option<Sender>; SENDERS]);

impl Rates {
    /// Counts a frame.
    pub(crate) fn heard(&mut self, address: Eui64, number: u16, rssi: i8, lqi: u8) {
        let known = self
            .0
            .iter_mut()
            .flatten()
            .find(|sender| sender.address == address);
        if let Some(sender) = known {
            // A number that goes back is the next round of the other.
            if number > sender.last {
                sender.last = number;
                sender.heard = sender.heard.saturating_add(1);
                (sender.rssi, sender.lqi) = (rssi, lqi);
            }
            return;
        }
        if let Some(free) = self.0.iter_mut().find(|sender| sender.is_none()) {
            *free = Some(Sender {
                address,
                first: number,
                last: number,
                heard: 1,
                rssi,
                lqi,
            });
        }
    }

    /// Tells the rates, and begins anew.
    pub(crate) fn tell(&mut self) {
        for sender in self.0.iter().flatten() {
            let all = u32::from(sender.last.saturating_sub(sender.first)).saturating_add(1);
            let lost = all.saturating_sub(u32::from(sender.heard));
            let per_mille = lost.saturating_mul(1000).checked_div(all).unwrap_or(0);
            say!(
                "from ",
                sender.address,
                ": ",
                sender.heard,
                " of ",
                all,
                " frames, error rate ",
                per_mille / 10,
                ".",
                per_mille % 10,
                " %, ",
                sender.rssi,
                " dBm, quality ",
                sender.lqi,
            );
        }
        self.0 = [None; SENDERS];
    }
}

//! In the place of proportional rate reduction where it is left out: half the window at once, as
//! RFC 6582 §3.2 has it. What has left the network is counted by the pipe.

/// Whether something that is known to be lost has still to go.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rate {
    owes: bool,
}

impl Rate {
    pub(super) const fn new(_: u32) -> Self {
        Self { owes: true }
    }

    pub(super) const fn on_sent(&mut self, _: u32) {
        self.owes = false;
    }

    /// Another loss is known: its repair goes at once (RFC 6582 §3.2, step 3).
    pub(super) const fn owe(&mut self) {
        self.owes = true;
    }

    pub(super) fn window(&mut self, _: u32, pipe: u32, threshold: u32, mss: u32, _: bool) -> u32 {
        let least = if self.owes { mss } else { 0 };
        threshold.max(pipe.saturating_add(least))
    }
}

//! What a MAC counts: frames, tries, and every drop by its reason.

use core::fmt;

use super::security::SecurityError;
use crate::parts::COUNTERS;

macro_rules! counters {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal,)+) => {
        /// What is counted.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum MacCounter {
            $($(#[doc = $doc])+ $name,)+
        }

        impl MacCounter {
            /// Everything that is counted.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];
        }

        impl fmt::Display for MacCounter {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $(Self::$name => $text),+ })
            }
        }
    };
}

counters! {
    /// Frames that came from the radio.
    Received = "frames received",
    /// Frames handed up.
    Delivered = "frames delivered",
    /// Frames sent, and acknowledged if they asked for it.
    Sent = "frames sent",
    /// Times that a frame was sent again.
    Retries = "retries",
    /// Acknowledgments sent.
    AcksSent = "acknowledgments sent",
    /// Acknowledgments that were due, and could not be sent in time.
    AcksLate = "acknowledgments too late",
    /// Times that the channel was found busy.
    ChannelBusy = "channel busy",
    /// Frames given up because the channel was never clear.
    ChannelAccess = "channel access failures",
    /// Frames given up because nobody acknowledged them.
    NoAck = "frames not acknowledged",
    /// Frames for stations that sleep which were not asked for in time.
    Expired = "frames not asked for",
    /// Acknowledgments that nobody waits for, or of another frame.
    StrayAck = "stray acknowledgments",
    /// Octets that are no frame, or one of a kind that is not known.
    Malformed = "malformed frames",
    /// Frames for other stations or networks.
    NotForUs = "frames for others",
    /// Frames that came a second time because an acknowledgment was lost.
    Duplicate = "duplicates",
    /// Frames for which there was no room; they were not acknowledged.
    RxFull = "no room to receive",
    /// Commands and beacons that are of no use here.
    Ignored = "commands and beacons ignored",
    /// Frames less protected than wanted.
    SecurityLevel = "insecure frames",
    /// Frames of senders or keys that are not known.
    SecurityUnknown = "unknown senders or keys",
    /// Frames whose counter was used before.
    SecurityReplay = "replayed frames",
    /// Frames whose integrity code is wrong.
    SecurityMic = "forged frames",
    /// Frames that could not be verified for another reason: no room, no support, no engine.
    SecurityOther = "frames not verified",
    /// Frames that could not be secured, and were not sent.
    NotSecured = "frames not secured",
    /// Orders that the radio refused.
    Radio = "refused by the radio",
}

/// Counters of one MAC; they wrap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MacCounters([u32; MacCounter::ALL.len()]);

impl MacCounters {
    /// How often that happened.
    #[must_use]
    pub fn get(&self, counter: MacCounter) -> u32 {
        self.0.get(counter as usize).copied().unwrap_or(0)
    }

    /// What happened at all, and how often.
    pub fn iter(&self) -> impl Iterator<Item = (MacCounter, u32)> {
        let counts = self.0;
        let all = MacCounter::ALL.iter().copied().zip(counts);
        all.filter(|&(_, count)| count > 0)
    }

    pub(super) fn count(&mut self, counter: MacCounter) {
        if !COUNTERS {
            return;
        }
        if let Some(count) = self.0.get_mut(counter as usize) {
            *count = count.wrapping_add(1);
        }
    }
}

impl From<SecurityError> for MacCounter {
    fn from(error: SecurityError) -> Self {
        match error {
            SecurityError::Level => Self::SecurityLevel,
            SecurityError::UnknownDevice | SecurityError::UnknownKey => Self::SecurityUnknown,
            SecurityError::Replay => Self::SecurityReplay,
            SecurityError::Mic => Self::SecurityMic,
            _ => Self::SecurityOther,
        }
    }
}

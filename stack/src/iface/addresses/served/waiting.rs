//! Questions of neighbors that a proxy answers after a moment (RFC 4861 §7.2.8), so that whoever
//! has the address itself, or another proxy, may be first.

use core::net::Ipv6Addr;

use litz_hal::time::{Deadline, Instant};

use super::super::super::hardware::HardwareAddr;

/// Questions that wait at a time, for one prefix.
const PLACES: usize = 4;

/// A question about an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Question {
    /// The address.
    pub(crate) target: Ipv6Addr,
    /// Who asks, and at which station; `None` if from nowhere, to detect a duplicate.
    pub(crate) asker: Option<(Ipv6Addr, HardwareAddr)>,
    /// When to answer.
    pub(crate) due: Instant,
}

/// The questions that wait.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waiting([Option<Question>; PLACES]);

impl Waiting {
    pub(super) const NONE: Self = Self([None; PLACES]);

    /// Keep a question, once. Returns whether there is room.
    pub(super) fn keep(&mut self, question: Question) -> bool {
        let same = |one: &Question| (one.target, one.asker) == (question.target, question.asker);
        if self.0.iter().flatten().any(same) {
            return true;
        }
        match self.0.iter_mut().find(|place| place.is_none()) {
            Some(place) => *place = Some(question),
            None => return false,
        }
        true
    }

    pub(super) fn due(&self) -> Deadline {
        let due = self.0.iter().flatten().map(|one| Deadline::at(one.due));
        due.fold(Deadline::NEVER, Deadline::min)
    }

    /// Take out a question whose time has come.
    pub(super) fn take_due(&mut self, now: Instant) -> Option<Question> {
        let is_due = |place: &&mut Option<Question>| place.is_some_and(|one| one.due <= now);
        self.0.iter_mut().find(is_due)?.take()
    }
}

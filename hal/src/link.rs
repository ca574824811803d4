//! A link between two devices of one process, driven by virtual time: what one end sends arrives at
//! the other after a while, or twice, or damaged, or late, or never, as a seed decides. For
//! simulations, tests and demonstrations; it sleeps nowhere and reads no clock.
//!
//! ```
//! use litz_hal::link::{Link, LinkConfig};
//! use litz_hal::time::{Deadline, Duration, Instant};
//! use litz_hal::{Device, RxToken, TxMeta, TxToken};
//!
//! let delay = Duration::from_millis(5);
//! let (link, mut a, mut b) = Link::new(LinkConfig { delay, ..LinkConfig::default() });
//!
//! let room = a.transmit(Instant::ZERO).expect("an empty link has room");
//! room.consume(60, TxMeta::default(), |frame| frame.fill(1))?;
//! assert!(b.receive(Instant::ZERO).is_none());
//!
//! let arrival = Instant::ZERO.saturating_add(delay);
//! assert_eq!(link.next_event(), Deadline::at(arrival));
//! let (frame, _answer) = b.receive(arrival).expect("it has arrived");
//! assert_eq!(frame.consume(|octets| octets.len()), 60);
//! # Ok::<(), litz_hal::TxError>(())
//! ```

mod config;
mod end;
mod path;

pub use config::{LinkConfig, WhenFull};
pub use end::{LinkEnd, LinkRxToken, LinkTxToken};
pub use path::LinkStats;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::time::Deadline;
use path::Path;

/// The two ends of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// The first.
    A,
    /// The second.
    B,
}

impl Side {
    /// The opposite end.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::A => Self::B,
            Self::B => Self::A,
        }
    }
}

/// The view of a link from outside: what is under way, what happened, and what to change.
#[derive(Clone, Debug)]
pub struct Link(Shared);

/// What the ends and the view have in common.
#[derive(Clone, Debug)]
struct Shared(Arc<Mutex<Paths>>);

/// One path for each direction.
#[derive(Debug)]
struct Paths {
    up: bool,
    from_a: Path,
    from_b: Path,
}

impl Link {
    /// A link that treats both directions alike, and its ends A and B.
    #[must_use]
    pub fn new(config: LinkConfig) -> (Self, LinkEnd, LinkEnd) {
        Self::asymmetric(config, config)
    }

    /// A link with one configuration for frames sent by A and another for frames sent by B.
    #[must_use]
    pub fn asymmetric(from_a: LinkConfig, from_b: LinkConfig) -> (Self, LinkEnd, LinkEnd) {
        let paths = Paths {
            up: true,
            from_a: Path::new(from_a, 0x0a),
            from_b: Path::new(from_b, 0x0b),
        };
        let shared = Shared(Arc::new(Mutex::new(paths)));
        let a = LinkEnd::new(shared.clone(), Side::A);
        let b = LinkEnd::new(shared.clone(), Side::B);
        (Self(shared), a, b)
    }

    /// When the next frame arrives somewhere; in the past if one has arrived and was not received.
    #[must_use]
    pub fn next_event(&self) -> Deadline {
        let paths = self.0.lock();
        paths.from_a.next_arrival().min(paths.from_b.next_arrival())
    }

    /// Whether no frame is under way or waits to be received.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.next_event() == Deadline::NEVER
    }

    /// What became of the frames that an end sent.
    #[must_use]
    pub fn stats(&self, sender: Side) -> LinkStats {
        self.0.lock().from(sender).stats()
    }

    /// How frames sent by an end are treated.
    #[must_use]
    pub fn config(&self, sender: Side) -> LinkConfig {
        self.0.lock().from(sender).config()
    }

    /// Treat frames that an end sends from now on differently. The seed is not used again; frames
    /// under way are left alone.
    pub fn set_config(&self, sender: Side, config: LinkConfig) {
        self.0.lock().from(sender).set_config(config);
    }

    /// Pull the plug, or put it in again. While it is out, what is sent is lost.
    pub fn set_up(&self, up: bool) {
        self.0.lock().up = up;
    }
}

impl Shared {
    /// Exclusive use, for no longer than one call.
    fn lock(&self) -> MutexGuard<'_, Paths> {
        // No code of a caller runs under the lock, so another thread's panic leaves it whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Paths {
    /// The path of what this end sends.
    const fn from(&mut self, sender: Side) -> &mut Path {
        match sender {
            Side::A => &mut self.from_a,
            Side::B => &mut self.from_b,
        }
    }
}

#[cfg(test)]
mod tests;

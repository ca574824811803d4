//! The wire between the two ends: a queue of frames in each direction, in memory that is reused.
//! Both stacks' devices are thin covers over it.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

/// Octets of an Ethernet frame at an IP MTU of 1500.
pub const FRAME: usize = 1514;
/// Frames that one direction holds.
const DEPTH: usize = 64;

/// Frames on their way in one direction, and spare memory.
pub struct Queue {
    frames: VecDeque<Vec<u8>>,
    spare: Vec<Vec<u8>>,
}

/// One direction, shared by the end that sends and the end that receives.
pub type Direction = Rc<RefCell<Queue>>;

/// An empty direction.
pub fn direction() -> Direction {
    let spare = (0..DEPTH).map(|_| Vec::with_capacity(FRAME)).collect();
    Rc::new(RefCell::new(Queue {
        frames: VecDeque::with_capacity(DEPTH),
        spare,
    }))
}

impl Queue {
    /// The oldest frame.
    pub fn take(&mut self) -> Option<Vec<u8>> {
        self.frames.pop_front()
    }

    /// Give the memory of a frame back.
    pub fn give_back(&mut self, frame: Vec<u8>) {
        self.spare.push(frame);
    }

    /// Whether a frame can be sent.
    pub fn has_room(&self) -> bool {
        !self.spare.is_empty()
    }

    /// Send a frame of `len` octets that `fill` writes.
    pub fn send<R>(&mut self, len: usize, fill: impl FnOnce(&mut [u8]) -> R) -> R {
        let mut frame = self.spare.pop().unwrap_or_default();
        frame.resize(len, 0);
        let result = fill(&mut frame);
        self.frames.push_back(frame);
        result
    }
}

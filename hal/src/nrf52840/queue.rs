//! What the radio has to tell, in order: the end of an order, frames in buffers, a recovery.

use super::MAX_BUFFERS;
use crate::radio::{RadioEvent, RxInfo, take_oldest};

/// Events: as many as there are buffers, and one end of an order, and one recovery.
const MAX_EVENTS: usize = MAX_BUFFERS.saturating_add(2);

/// Events, and the buffers that hold frames.
#[derive(Debug)]
pub(super) struct Events {
    events: [Option<RadioEvent>; MAX_EVENTS],
    /// Frames by buffer; a buffer without one is free, or receives.
    frames: [Option<RxInfo>; MAX_BUFFERS],
    /// Buffers that there are, the next one to be filled, and the oldest that holds a frame.
    buffers: usize,
    next: usize,
    oldest: usize,
    /// Frames that the layer above can take; those in the buffers are among them.
    room: usize,
}

impl Events {
    pub(super) const fn new(buffers: usize) -> Self {
        Self {
            events: [None; MAX_EVENTS],
            frames: [None; MAX_BUFFERS],
            buffers,
            next: 0,
            oldest: 0,
            room: usize::MAX,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.events.iter().all(Option::is_none)
    }

    /// Appends an event; one of each order and each frame at most, so there is room.
    pub(super) fn push(&mut self, event: RadioEvent) {
        if let Some(place) = self.events.iter_mut().find(|place| place.is_none()) {
            *place = Some(event);
        }
    }

    pub(super) fn pop(&mut self) -> Option<RadioEvent> {
        take_oldest(&mut self.events)
    }

    /// The buffer to receive into.
    pub(super) const fn buffer(&self) -> usize {
        self.next
    }

    /// Keeps the frame in that buffer and goes on to the next; false if it is the last free one,
    /// and the frame is given up.
    pub(super) fn keep(&mut self, info: RxInfo) -> bool {
        if !self.has_room() {
            return false;
        }
        if let Some(place) = self.frames.get_mut(self.next) {
            *place = Some(info);
        }
        self.next = self.after(self.next);
        self.push(RadioEvent::Received);
        true
    }

    /// Whether another frame can be kept.
    pub(super) fn has_room(&self) -> bool {
        let following = self.frames.get(self.after(self.next));
        following.is_some_and(Option::is_none)
    }

    /// Whether another frame can be kept, and handed up then.
    pub(super) fn can_acknowledge(&self) -> bool {
        self.has_room() && self.acknowledged() < self.room
    }

    /// Frames in the buffers that were acknowledged.
    fn acknowledged(&self) -> usize {
        let frames = self.frames.iter().flatten();
        frames.filter(|info| info.acked.is_some()).count()
    }

    /// The layer above can take so many frames.
    pub(super) const fn set_room(&mut self, frames: usize) {
        self.room = frames;
    }

    /// The oldest frame and its buffer, which is free afterwards.
    pub(super) fn fetch(&mut self) -> Option<(usize, RxInfo)> {
        let buffer = self.oldest;
        let info = self.frames.get_mut(buffer)?.take()?;
        self.oldest = self.after(buffer);
        // It has this one now.
        self.room = self.room.saturating_sub(usize::from(info.acked.is_some()));
        Some((buffer, info))
    }

    /// Gives up every frame and event.
    pub(super) fn clear(&mut self) {
        let room = self.room;
        *self = Self::new(self.buffers);
        self.room = room;
    }

    const fn after(&self, buffer: usize) -> usize {
        let next = buffer.saturating_add(1);
        if next < self.buffers { next } else { 0 }
    }
}

//! What the program and an interrupt share, a radio or a clock: every use of it is short and holds
//! interrupts back, so that the interrupt comes before or after it.

use core::cell::RefCell;

use critical_section::Mutex;
use litz::time::{Deadline, Instant};
use litz_hal::radio::{
    MAX_FRAME, PendingFor, Radio, RadioCapabilities, RadioConfig, RadioError, RadioEvent, RxInfo,
    Transmit,
};

/// Code of [`RadioError::Hardware`] when there is no radio.
const ABSENT: u32 = 0xFF;

/// Room for a driver, in a static.
pub struct Shared<R>(Mutex<RefCell<Room<R>>>);

/// What is in it: an `Option` whose empty variant is all zeros whatever `R` is, so that the static
/// takes no flash.
#[repr(u8)]
enum Room<R> {
    Empty = 0,
    Driver(R) = 1,
}

impl<R> Shared<R> {
    /// Without one.
    #[expect(clippy::new_without_default, reason = "it is made for statics")]
    pub const fn new() -> Self {
        Self(Mutex::new(RefCell::new(Room::Empty)))
    }

    /// Makes the driver there, where none is yet.
    pub fn put(&self, make: impl FnOnce() -> R) {
        critical_section::with(|section| {
            if let Ok(mut room) = self.0.borrow(section).try_borrow_mut()
                && matches!(*room, Room::Empty)
            {
                *room = Room::Driver(make());
            }
        });
    }

    /// Uses the driver, if there is one; nobody else does meanwhile.
    pub fn with<T>(&self, f: impl FnOnce(&mut R) -> T) -> Option<T> {
        critical_section::with(|section| {
            match &mut *self.0.borrow(section).try_borrow_mut().ok()? {
                Room::Empty => None,
                Room::Driver(driver) => Some(f(driver)),
            }
        })
    }

    fn order(&self, f: impl FnOnce(&mut R) -> Result<(), RadioError>) -> Result<(), RadioError> {
        self.with(f).unwrap_or(Err(RadioError::Hardware(ABSENT)))
    }
}

impl<R: Radio> Radio for &Shared<R> {
    const MAC_ACKNOWLEDGES: bool = R::MAC_ACKNOWLEDGES;
    const SENDS_AGAIN: bool = R::SENDS_AGAIN;

    fn capabilities(&self) -> RadioCapabilities {
        self.with(|radio| radio.capabilities()).unwrap_or_default()
    }

    fn configure(&mut self, now: Instant, config: &RadioConfig) -> Result<(), RadioError> {
        self.order(|radio| radio.configure(now, config))
    }

    fn wake(&mut self, now: Instant) -> Result<(), RadioError> {
        self.order(|radio| radio.wake(now))
    }

    fn sleep(&mut self, now: Instant) -> Result<(), RadioError> {
        self.order(|radio| radio.sleep(now))
    }

    fn transmit(&mut self, now: Instant, frame: Transmit<'_>) -> Result<(), RadioError> {
        self.order(|radio| radio.transmit(now, frame))
    }

    fn start_cca(&mut self, now: Instant) -> Result<(), RadioError> {
        self.order(|radio| radio.start_cca(now))
    }

    fn detect_energy(&mut self, now: Instant, until: Instant) -> Result<(), RadioError> {
        self.order(|radio| radio.detect_energy(now, until))
    }

    fn poll(&mut self, now: Instant) -> Option<RadioEvent> {
        self.with(|radio| radio.poll(now)).flatten()
    }

    fn poll_at(&self) -> Deadline {
        self.with(|radio| radio.poll_at())
            .unwrap_or(Deadline::NEVER)
    }

    fn receive(&mut self, now: Instant, frame: &mut [u8; MAX_FRAME]) -> Option<RxInfo> {
        self.with(|radio| radio.receive(now, frame)).flatten()
    }

    fn set_room(&mut self, frames: usize) {
        self.with(|radio| radio.set_room(frames));
    }

    fn set_pending(&mut self, station: PendingFor, pending: bool) -> Result<(), RadioError> {
        self.order(|radio| radio.set_pending(station, pending))
    }
}

//! Waiting for several file descriptors at once (`ppoll`), with microsecond time-outs and without
//! a heap. It does not wait for room to write: devices of this module drop what the kernel refuses.

use super::clock::monotonic_now;
use super::sys;
use crate::time::{Deadline, Duration};
use std::io;
use std::os::fd::BorrowedFd;

/// File descriptors that one call waits for at most.
pub const MAX_FDS: usize = 16;

/// Which file descriptors of a [`wait`] have something to read, or failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ready(u32);

impl Ready {
    /// Whether the file descriptor at this place of the list is ready.
    #[must_use]
    pub const fn contains(self, index: usize) -> bool {
        // The lossless part of the cast is asked for first.
        #[expect(clippy::cast_possible_truncation, reason = "bounded by `MAX_FDS`")]
        let shifted = self.0.checked_shr(index as u32);
        index < MAX_FDS && matches!(shifted, Some(bits) if bits & 1 == 1)
    }

    /// Whether none is: the time is over, or a signal came.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// Wait until one of `fds` has something to read or failed, or `timeout` is over; `None` waits
/// without end. A signal handler that ran may end it early, with nothing ready.
///
/// A device that is gone is always ready: ask it for its error, lest a loop spins.
///
/// ```
/// use litz_hal::linux::wait;
/// use litz_hal::time::Duration;
/// use std::{io::Write, os::fd::AsFd, os::unix::net::UnixStream};
///
/// let (mut one, other) = UnixStream::pair()?;
/// assert!(wait(&[other.as_fd()], Some(Duration::from_millis(1)))?.is_empty());
/// one.write_all(b"x")?;
/// assert!(wait(&[one.as_fd(), other.as_fd()], None)?.contains(1));
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
/// [`io::ErrorKind::InvalidInput`] for more than [`MAX_FDS`] file descriptors, or what the kernel
/// answers to `ppoll`.
pub fn wait(fds: &[BorrowedFd<'_>], timeout: Option<Duration>) -> io::Result<Ready> {
    let mut list = [sys::PollFd::UNUSED; MAX_FDS];
    let Some(list) = list.get_mut(..fds.len()) else {
        let message = "too many file descriptors to wait for";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    };
    for (entry, fd) in list.iter_mut().zip(fds) {
        *entry = sys::PollFd::readable(*fd);
    }
    match sys::poll(list, timeout) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::Interrupted => return Ok(Ready(0)),
        Err(error) => return Err(error),
    }
    let bits = list.iter().rev().fold(0_u32, |bits, entry| {
        (bits << 1) | u32::from(entry.is_ready())
    });
    Ok(Ready(bits))
}

/// [`wait`] until a deadline of the clock [`monotonic_now`].
///
/// # Errors
/// As [`wait`].
pub fn wait_until(fds: &[BorrowedFd<'_>], deadline: Deadline) -> io::Result<Ready> {
    wait(fds, deadline.remaining(monotonic_now()))
}

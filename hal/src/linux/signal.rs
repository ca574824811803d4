//! Termination signals as something to wait for (`signalfd`), so that a server can idle in one call
//! and end in order. It installs no signal handler.

use super::sys;
use std::fs::File;
use std::io::{self, Read};
use std::marker::PhantomData;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, RawFd};

/// A signal that asks a program to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Signal {
    /// SIGINT: someone pressed Control-C.
    Interrupt,
    /// SIGTERM: the system, or another program, asks.
    Terminate,
}

/// Takes SIGINT and SIGTERM while it lives; its file descriptor is readable once one came.
///
/// Make it before any other thread: a thread started earlier still ends the program at a signal.
/// When dropped, the signals act again as they did before.
#[derive(Debug)]
pub struct Termination {
    file: File,
    before: sys::SignalMask,
    /// The signal mask belongs to the thread, so this stays in it.
    thread: PhantomData<*const ()>,
}

impl Termination {
    /// Begin to take the signals.
    ///
    /// # Errors
    /// What the kernel answers to `signalfd`.
    pub fn new() -> io::Result<Self> {
        let mask = sys::SignalMask::termination();
        let file = File::from(sys::signal_fd(&mask)?);
        let before = sys::block_signals(&mask)?;
        let thread = PhantomData;
        Ok(Self {
            file,
            before,
            thread,
        })
    }

    /// The next signal that came, if one did. Does not wait.
    ///
    /// # Errors
    /// What the kernel answers to `read`.
    pub fn received(&mut self) -> io::Result<Option<Signal>> {
        let mut info = [0; sys::SIGNAL_INFO_LEN];
        match self.file.read(&mut info) {
            Ok(_) => Ok(Some(if sys::is_interrupt(&info) {
                Signal::Interrupt
            } else {
                Signal::Terminate
            })),
            Err(error) if would_block(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn would_block(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted
    )
}

impl Drop for Termination {
    fn drop(&mut self) {
        // What was taken is not delivered a second time.
        while let Ok(Some(_)) = self.received() {}
        sys::restore_signals(&self.before);
    }
}

impl AsFd for Termination {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.file.as_fd()
    }
}

impl AsRawFd for Termination {
    fn as_raw_fd(&self) -> RawFd {
        self.file.as_raw_fd()
    }
}

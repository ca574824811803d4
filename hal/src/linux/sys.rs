//! The system calls of this module that the standard library does not have, each behind a safe
//! function. Nothing is decided here, and nothing but this file of the crate is `unsafe`.
#![allow(unsafe_code)]

use crate::time::Duration;
use std::ffi::c_int;
use std::io;
use std::mem::MaybeUninit;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use std::ptr;

/// Octets of an interface name, with the zero that ends it.
pub(super) const NAME_LEN: usize = libc::IFNAMSIZ;

/// `struct ifreq`: a name and whatever the request gives or takes. Its union is at most 24 octets.
#[repr(C, align(8))]
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct InterfaceRequest {
    pub(super) name: [u8; NAME_LEN],
    pub(super) data: [u8; 24],
}

/// The requests that take a [`InterfaceRequest`].
#[derive(Clone, Copy, Debug)]
pub(super) enum InterfaceCall {
    AttachTunTap,
    Index,
    Mtu,
    Flags,
    SetFlags,
    HardwareAddress,
}

/// `ioctl` with an interface request, which the kernel reads and may change.
pub(super) fn interface(
    fd: BorrowedFd<'_>,
    call: InterfaceCall,
    request: &mut InterfaceRequest,
) -> io::Result<()> {
    let number = match call {
        InterfaceCall::AttachTunTap => libc::TUNSETIFF,
        InterfaceCall::Index => libc::SIOCGIFINDEX,
        InterfaceCall::Mtu => libc::SIOCGIFMTU,
        InterfaceCall::Flags => libc::SIOCGIFFLAGS,
        InterfaceCall::SetFlags => libc::SIOCSIFFLAGS,
        InterfaceCall::HardwareAddress => libc::SIOCGIFHWADDR,
    };
    // SAFETY: every number above names a request that reads and writes one `struct ifreq` at the
    // pointer and keeps no reference to it. `InterfaceRequest` has its layout (`repr(C)`: 16 octets
    // of name, then the union, of which it has as many octets as any Linux) and is exclusively
    // borrowed; any octets are a valid value of it. The file descriptor is open while borrowed.
    let result = unsafe { libc::ioctl(fd.as_raw_fd(), number, ptr::from_mut(request)) };
    check(result)
}

/// `TUNSETOFFLOAD` with nothing: the kernel hands over whole frames with finished checksums only.
pub(super) fn no_offload(fd: BorrowedFd<'_>) -> io::Result<()> {
    let nothing: libc::c_ulong = 0;
    // SAFETY: this request takes its argument by value; no memory is passed. The file descriptor is
    // open while borrowed.
    let result = unsafe { libc::ioctl(fd.as_raw_fd(), libc::TUNSETOFFLOAD, nothing) };
    check(result)
}

/// A socket to ask about interfaces; it sends nothing.
pub(super) fn control_socket() -> io::Result<OwnedFd> {
    let kind = libc::SOCK_DGRAM | libc::SOCK_CLOEXEC;
    // SAFETY: takes integers only.
    let fd = unsafe { libc::socket(libc::AF_UNIX, kind, 0) };
    check(fd)?;
    // SAFETY: the call succeeded, so this is an open file descriptor that nothing else owns.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

/// `struct pollfd`, asking for something to read.
#[repr(transparent)]
#[derive(Clone, Copy)]
pub(super) struct PollFd(libc::pollfd);

impl PollFd {
    /// An entry that the kernel passes over.
    pub(super) const UNUSED: Self = Self(libc::pollfd {
        fd: -1,
        events: 0,
        revents: 0,
    });

    /// Wait for something to read.
    pub(super) fn readable(fd: BorrowedFd<'_>) -> Self {
        Self(libc::pollfd {
            fd: fd.as_raw_fd(),
            events: libc::POLLIN,
            revents: 0,
        })
    }

    /// Whether there is something, or the file failed.
    pub(super) fn is_ready(&self) -> bool {
        self.0.revents != 0
    }
}

/// `ppoll` without a change of the signal mask.
pub(super) fn poll(list: &mut [PollFd], timeout: Option<Duration>) -> io::Result<()> {
    let time = timeout.map(|timeout| {
        let timeout = core::time::Duration::from(timeout);
        libc::timespec {
            tv_sec: libc::time_t::try_from(timeout.as_secs()).unwrap_or(libc::time_t::MAX),
            tv_nsec: timeout.subsec_nanos().into(),
        }
    });
    let time = time.as_ref().map_or(ptr::null(), ptr::from_ref);
    let count = libc::nfds_t::try_from(list.len()).unwrap_or(0);
    let first: *mut libc::pollfd = list.as_mut_ptr().cast();
    // SAFETY: `first` points to at least `count` entries of `struct pollfd` (`PollFd` is
    // transparent over it), exclusively borrowed; `time` is null or points to a value that outlives
    // the call; a null signal mask is allowed. File descriptors that are not open are reported, not
    // followed.
    let result = unsafe { libc::ppoll(first, count, time, ptr::null()) };
    check(result)
}

/// Seconds and nanoseconds of the monotonic clock.
pub(super) fn monotonic() -> (i64, i64) {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: the pointer is to a `timespec` that is exclusively borrowed and outlives the call.
    // The call cannot fail for this clock; if it did, the value would stay zero.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &raw mut time) };
    (time.tv_sec, time.tv_nsec)
}

/// Fill a buffer with random octets.
pub(super) fn random(buffer: &mut [u8]) -> io::Result<()> {
    let mut rest = buffer;
    while !rest.is_empty() {
        // SAFETY: pointer and length are those of one exclusively borrowed slice.
        let got = unsafe { libc::getrandom(rest.as_mut_ptr().cast(), rest.len(), 0) };
        let Ok(got) = usize::try_from(got) else {
            let error = io::Error::last_os_error();
            if error.kind() == io::ErrorKind::Interrupted {
                continue;
            }
            return Err(error);
        };
        rest = rest.get_mut(got..).unwrap_or_default();
    }
    Ok(())
}

/// A set of signals.
#[derive(Clone, Copy)]
pub(super) struct SignalMask(libc::sigset_t);

impl core::fmt::Debug for SignalMask {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("SignalMask")
    }
}

impl SignalMask {
    /// SIGINT and SIGTERM.
    pub(super) fn termination() -> Self {
        let mut set = MaybeUninit::uninit();
        // SAFETY: the pointer is to room for one set that outlives the calls. The first call writes
        // all of it, so it is initialized for the others and for `assume_init`; both signal numbers
        // exist, so none of the calls can fail.
        unsafe {
            libc::sigemptyset(set.as_mut_ptr());
            libc::sigaddset(set.as_mut_ptr(), libc::SIGINT);
            libc::sigaddset(set.as_mut_ptr(), libc::SIGTERM);
            Self(set.assume_init())
        }
    }
}

/// A file descriptor from which these signals are read, if they are blocked.
pub(super) fn signal_fd(mask: &SignalMask) -> io::Result<OwnedFd> {
    let flags = libc::SFD_NONBLOCK | libc::SFD_CLOEXEC;
    // SAFETY: the pointer is to an initialized set, borrowed while the call reads it.
    let fd = unsafe { libc::signalfd(-1, &raw const mask.0, flags) };
    check(fd)?;
    // SAFETY: the call succeeded with -1 for "a new one", so nothing else owns this descriptor.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

/// Block these signals in this thread; gives what was blocked before.
pub(super) fn block_signals(mask: &SignalMask) -> io::Result<SignalMask> {
    let mut before = MaybeUninit::uninit();
    // SAFETY: the first pointer is to an initialized set, the second to room for one; both outlive
    // the call.
    let errno =
        unsafe { libc::pthread_sigmask(libc::SIG_BLOCK, &raw const mask.0, before.as_mut_ptr()) };
    if errno != 0 {
        return Err(io::Error::from_raw_os_error(errno));
    }
    // SAFETY: the call succeeded, so it wrote the set.
    Ok(SignalMask(unsafe { before.assume_init() }))
}

/// Block in this thread what was blocked before, and nothing else.
pub(super) fn restore_signals(before: &SignalMask) {
    // SAFETY: the first pointer is to an initialized set that outlives the call; null for the old
    // set is allowed. It cannot fail for this way of use.
    unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &raw const before.0, ptr::null_mut()) };
}

/// Octets that one signal is read as: `struct signalfd_siginfo`.
pub(super) const SIGNAL_INFO_LEN: usize = size_of::<libc::signalfd_siginfo>();

/// Whether a read signal is SIGINT. The number is the first field of the structure.
pub(super) fn is_interrupt(info: &[u8; SIGNAL_INFO_LEN]) -> bool {
    let number = info.first_chunk().copied().map(c_int::from_ne_bytes);
    number == Some(libc::SIGINT)
}

fn check(result: c_int) -> io::Result<()> {
    if result < 0 {
        Err(io::Error::last_os_error())
    } else {
        Ok(())
    }
}

/// Move this thread, for a test, into a new network namespace that ends with it.
#[cfg(test)]
pub(super) fn enter_new_network() -> io::Result<()> {
    // SAFETY: takes integers only, and changes nothing of this process but the thread's network.
    let result = unsafe { libc::unshare(libc::CLONE_NEWNET) };
    check(result)
}

/// Send, for a test, a signal to this thread.
#[cfg(test)]
pub(super) fn raise(signal: c_int) -> io::Result<()> {
    // SAFETY: takes an integer only; the tests raise signals that they have blocked.
    let result = unsafe { libc::raise(signal) };
    check(result)
}

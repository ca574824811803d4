//! Opening a TAP or TUN device and asking the kernel about it (Documentation/networking/tuntap).
//! Every refusal is an `io::Error` whose kind and one-line text say what is wrong.

use super::sys::{self, InterfaceCall, InterfaceRequest, NAME_LEN};
use std::format;
use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::OpenOptionsExt;

/// Where the kernel hands out TAP and TUN devices.
const CLONE_DEVICE: &str = "/dev/net/tun";

/// What kind of device to open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Tap,
    Tun,
}

impl Kind {
    const fn flag(self) -> i32 {
        match self {
            Self::Tap => libc::IFF_TAP,
            Self::Tun => libc::IFF_TUN,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Tap => "TAP",
            Self::Tun => "TUN",
        }
    }
}

/// An open device, and the socket by which the kernel is asked about it.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) file: File,
    pub(super) control: OwnedFd,
    pub(super) name: InterfaceName,
    pub(super) mtu: usize,
}

/// The name of an interface, ended and padded by zeros.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct InterfaceName([u8; NAME_LEN]);

impl core::fmt::Debug for InterfaceName {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.as_str().fmt(f)
    }
}

impl InterfaceName {
    fn new(name: &str) -> io::Result<Self> {
        let mut octets = [0; NAME_LEN];
        let fits = name.len() < NAME_LEN && !name.bytes().any(|b| b == 0 || b == b'/' || b == b'%');
        if !fits {
            let message = format!("'{name}' cannot be the name of a network device");
            return Err(io::Error::new(ErrorKind::InvalidInput, message));
        }
        for (to, from) in octets.iter_mut().zip(name.bytes()) {
            *to = from;
        }
        Ok(Self(octets))
    }

    pub(super) fn as_str(&self) -> &str {
        let text = core::ffi::CStr::from_bytes_until_nul(&self.0).unwrap_or_default();
        text.to_str().unwrap_or_default()
    }
}

/// Attach to an existing device.
pub(super) fn attach(kind: Kind, name: &str) -> io::Result<Opened> {
    let wanted = InterfaceName::new(name)?;
    let control = sys::control_socket()?;
    let index = index(&control, wanted).map_err(|error| no_device(error, name))?;
    let (file, found) = tun_set_iff(kind, wanted, 0)?;
    // Where it vanished in between, the kernel made a new device, which is not the one asked for.
    if found != wanted || self::index(&control, found)? != index {
        return Err(no_device(io::Error::from_raw_os_error(libc::ENODEV), name));
    }
    finish(file, control, found)
}

/// Make a device that vanishes when it is closed. An empty name lets the kernel choose one.
pub(super) fn create(kind: Kind, name: &str) -> io::Result<Opened> {
    let wanted = InterfaceName::new(name)?;
    let control = sys::control_socket()?;
    if !name.is_empty() && index(&control, wanted).is_ok() {
        let message = format!("a network device '{name}' exists already");
        return Err(io::Error::new(ErrorKind::AlreadyExists, message));
    }
    let (file, found) = tun_set_iff(kind, wanted, libc::IFF_TUN_EXCL)?;
    finish(file, control, found)
}

fn finish(file: File, control: OwnedFd, name: InterfaceName) -> io::Result<Opened> {
    sys::no_offload(file.as_fd())?;
    let mtu = mtu(&control, name)?;
    Ok(Opened {
        file,
        control,
        name,
        mtu,
    })
}

/// Open the clone device and make it the named interface.
fn tun_set_iff(kind: Kind, name: InterfaceName, more: i32) -> io::Result<(File, InterfaceName)> {
    let mut options = OpenOptions::new();
    options
        .read(true)
        .write(true)
        .custom_flags(libc::O_NONBLOCK);
    let file = options.open(CLONE_DEVICE).map_err(no_clone_device)?;
    let mut request = InterfaceRequest {
        name: name.0,
        ..InterfaceRequest::default()
    };
    put_flags(&mut request, kind.flag() | libc::IFF_NO_PI | more);
    sys::interface(file.as_fd(), InterfaceCall::AttachTunTap, &mut request)
        .map_err(|error| refused(&error, kind, name.as_str()))?;
    Ok((file, InterfaceName(request.name)))
}

fn no_clone_device(error: io::Error) -> io::Error {
    let message = match error.kind() {
        ErrorKind::NotFound => format!("{CLONE_DEVICE} is missing: this kernel has no TAP devices"),
        ErrorKind::PermissionDenied => format!("no permission to open {CLONE_DEVICE}"),
        _ => format!("cannot open {CLONE_DEVICE}: {error}"),
    };
    io::Error::new(error.kind(), message)
}

fn no_device(error: io::Error, name: &str) -> io::Error {
    if error.raw_os_error() == Some(libc::ENODEV) {
        return io::Error::new(ErrorKind::NotFound, format!("no network device '{name}'"));
    }
    error
}

/// What the kernel's refusal of a device means (`tun_set_iff` in drivers/net/tun.c).
fn refused(error: &io::Error, kind: Kind, name: &str) -> io::Error {
    let kind = kind.name();
    let (reason, message) = match error.raw_os_error() {
        Some(libc::EPERM | libc::EACCES) => (
            ErrorKind::PermissionDenied,
            format!("no permission to use the {kind} device '{name}'"),
        ),
        Some(libc::EBUSY) => (
            ErrorKind::ResourceBusy,
            format!("the {kind} device '{name}' is in use by another program"),
        ),
        Some(libc::EINVAL) => (
            ErrorKind::InvalidInput,
            format!("'{name}' is not a {kind} device, or one with several queues"),
        ),
        _ => (
            error.kind(),
            format!("cannot use the {kind} device '{name}': {error}"),
        ),
    };
    io::Error::new(reason, message)
}

fn ask(
    control: &OwnedFd,
    name: InterfaceName,
    call: InterfaceCall,
) -> io::Result<InterfaceRequest> {
    let mut request = InterfaceRequest {
        name: name.0,
        ..InterfaceRequest::default()
    };
    sys::interface(control.as_fd(), call, &mut request)?;
    Ok(request)
}

fn index(control: &OwnedFd, name: InterfaceName) -> io::Result<i32> {
    Ok(integer(&ask(control, name, InterfaceCall::Index)?))
}

/// The largest IP packet that the interface carries.
pub(super) fn mtu(control: &OwnedFd, name: InterfaceName) -> io::Result<usize> {
    let mtu = integer(&ask(control, name, InterfaceCall::Mtu)?);
    Ok(usize::try_from(mtu).unwrap_or(0))
}

/// The address of the kernel's side.
pub(super) fn hardware_address(control: &OwnedFd, name: InterfaceName) -> io::Result<[u8; 6]> {
    let request = ask(control, name, InterfaceCall::HardwareAddress)?;
    // `struct sockaddr`: two octets of address family, then the address.
    let [_, _, a, b, c, d, e, f, ..] = request.data;
    Ok([a, b, c, d, e, f])
}

/// Set the kernel's side up, as `ip link set NAME up` does.
pub(super) fn bring_up(control: &OwnedFd, name: InterfaceName) -> io::Result<()> {
    let mut request = ask(control, name, InterfaceCall::Flags)?;
    let flags = i32::from(short(&request)) | libc::IFF_UP;
    put_flags(&mut request, flags);
    request.name = name.0;
    sys::interface(control.as_fd(), InterfaceCall::SetFlags, &mut request).map_err(|error| {
        let message = format!("cannot set '{}' up: {error}", name.as_str());
        io::Error::new(error.kind(), message)
    })
}

/// `ifr_flags` is a short whose bits are wanted, whatever its sign.
fn put_flags(request: &mut InterfaceRequest, flags: i32) {
    let [low, high, ..] = flags.to_le_bytes();
    let [first, second] = u16::from_le_bytes([low, high]).to_ne_bytes();
    request.data[0] = first;
    request.data[1] = second;
}

fn short(request: &InterfaceRequest) -> u16 {
    let [first, second, ..] = request.data;
    u16::from_ne_bytes([first, second])
}

fn integer(request: &InterfaceRequest) -> i32 {
    let [a, b, c, d, ..] = request.data;
    i32::from_ne_bytes([a, b, c, d])
}

//! An open TAP or TUN device as frames: one system call for each, into and out of buffers that the
//! port owns, so that no frame is allocated. What the kernel refuses to take is lost and counted.

use super::open::Opened;
use crate::{ChecksumPlace, DeviceError, LinkState, RxToken, TxError, TxMeta, TxToken};
use litz_wire::rt::Sum;
use std::boxed::Box;
use std::fs::File;
use std::io::{self, IoSlice, Read, Write};
use std::vec;

/// The longest frame there is: an IP packet of 65,535 octets, an Ethernet header with a tag.
const MAX_FRAME: usize = 65_535 + 18;
/// Octets of the two addresses of an Ethernet frame, after which a tag stands.
const ADDRESSES_LEN: usize = 12;
/// The EtherType of an 802.1Q tag.
const VLAN_TPID: u16 = 0x8100;

/// What a port has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PortCounters {
    /// Frames received.
    pub received: u64,
    /// Frames sent.
    pub sent: u64,
    /// Calls to receive that failed.
    pub receive_errors: u64,
    /// Frames that the kernel refused: its side is down, its queue is full.
    pub send_errors: u64,
}

/// The open file with its buffers.
#[derive(Debug)]
pub(super) struct Port {
    pub(super) opened: Opened,
    received: Box<[u8]>,
    sender: Sender,
}

/// All of a port but the received frame, which a token borrows at the same time.
#[derive(Debug)]
struct Sender {
    /// As long as the longest frame that the device carries.
    buffer: Box<[u8]>,
    /// Whether frames have a place for a tag.
    ethernet: bool,
    error: Option<DeviceError>,
    state: LinkState,
    counters: PortCounters,
}

impl Port {
    /// `link_header` is what stands before the IP packet in each frame.
    pub(super) fn new(opened: Opened, link_header: usize) -> Self {
        let limit = opened.mtu.saturating_add(link_header).min(MAX_FRAME);
        let sender = Sender {
            buffer: vec![0; limit].into_boxed_slice(),
            ethernet: link_header > 0,
            error: None,
            state: LinkState::Up,
            counters: PortCounters::default(),
        };
        Self {
            opened,
            received: vec![0; MAX_FRAME].into_boxed_slice(),
            sender,
        }
    }

    pub(super) fn receive(&mut self) -> Option<(PortRxToken<'_>, PortTxToken<'_>)> {
        let length = loop {
            match (&self.opened.file).read(&mut self.received) {
                Ok(length) => break length,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return None,
                Err(error) => {
                    let count = &mut self.sender.counters.receive_errors;
                    *count = count.saturating_add(1);
                    self.sender.failed(&error);
                    return None;
                }
            }
        };
        let frame = self
            .received
            .get(..length)
            .filter(|frame| !frame.is_empty())?;
        self.sender.state = LinkState::Up;
        self.sender.counters.received = self.sender.counters.received.saturating_add(1);
        let sender = PortTxToken {
            file: &self.opened.file,
            sender: &mut self.sender,
        };
        Some((PortRxToken { frame }, sender))
    }

    pub(super) fn transmit(&mut self) -> PortTxToken<'_> {
        PortTxToken {
            file: &self.opened.file,
            sender: &mut self.sender,
        }
    }

    pub(super) fn take_error(&mut self) -> Option<DeviceError> {
        self.sender.error.take()
    }

    pub(super) const fn link_state(&self) -> LinkState {
        self.sender.state
    }

    pub(super) const fn counters(&self) -> PortCounters {
        self.sender.counters
    }
}

impl Sender {
    /// Keep an error for whoever asks, and what it says of the link.
    fn failed(&mut self, error: &io::Error) {
        let errno = error.raw_os_error().unwrap_or(0);
        // `EIO` is "set down" from a write; `EBADFD` is "deleted" from any call.
        if matches!(errno, libc::EIO | libc::EBADFD) {
            self.state = LinkState::Down;
        }
        self.error = Some(match errno {
            libc::EBADFD => DeviceError::Gone,
            errno => DeviceError::Os(errno),
        });
    }

    fn written(&mut self, result: io::Result<usize>) -> Result<(), TxError> {
        match result {
            Ok(_) => {
                self.state = LinkState::Up;
                self.counters.sent = self.counters.sent.saturating_add(1);
                Ok(())
            }
            Err(error) => {
                self.counters.send_errors = self.counters.send_errors.saturating_add(1);
                self.failed(&error);
                Err(TxError::Device)
            }
        }
    }
}

/// A frame received from a TAP or TUN device.
#[derive(Debug)]
pub struct PortRxToken<'a> {
    frame: &'a [u8],
}

impl RxToken for PortRxToken<'_> {
    fn consume<R, F: FnOnce(&[u8]) -> R>(self, f: F) -> R {
        f(self.frame)
    }
}

/// Room for a frame to be sent to a TAP or TUN device.
///
/// A checksum that is left to the device is completed in software. A tag is put into Ethernet
/// frames and passed over on media that have none. What is marked for segmentation goes out whole,
/// as it fits the device.
#[derive(Debug)]
pub struct PortTxToken<'a> {
    file: &'a File,
    sender: &'a mut Sender,
}

impl TxToken for PortTxToken<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(
        self,
        len: usize,
        meta: TxMeta,
        f: F,
    ) -> Result<R, TxError> {
        let Self { mut file, sender } = self;
        let Some(frame) = sender.buffer.get_mut(..len) else {
            return Err(TxError::TooLong);
        };
        let result = f(frame);
        if let Some(place) = meta.checksum {
            complete_checksum(frame, place);
        }
        let tag = meta.vlan.filter(|_| sender.ethernet);
        let written = retry(|| match (tag, frame.split_at_checked(ADDRESSES_LEN)) {
            (Some(tci), Some((addresses, rest))) => {
                let tag = (u32::from(VLAN_TPID) << 16 | u32::from(tci)).to_be_bytes();
                let parts = [
                    IoSlice::new(addresses),
                    IoSlice::new(&tag),
                    IoSlice::new(rest),
                ];
                file.write_vectored(&parts)
            }
            _ => file.write(frame),
        });
        sender.written(written).map(|()| result)
    }
}

fn retry(mut write: impl FnMut() -> io::Result<usize>) -> io::Result<usize> {
    loop {
        match write() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

/// Sum from `start` to the end and store it at `start + offset`, which holds the pseudo-header sum.
pub(super) fn complete_checksum(frame: &mut [u8], place: ChecksumPlace) {
    let Some(summed) = frame.get_mut(usize::from(place.start)..) else {
        return;
    };
    let sum = Sum::of(summed).finish();
    // Zero would mean "none" in UDP, and is the same sum elsewhere.
    let sum = if sum == 0 { u16::MAX } else { sum };
    let field = summed.get_mut(usize::from(place.offset)..);
    if let Some(field) = field.and_then(|field| field.first_chunk_mut()) {
        *field = sum.to_be_bytes();
    }
}

//! The network controller of the images: five registers, and frames in two queues.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use litz_emulator::{Lines, Memory, Peripherals, Size};

/// Cycles of a microsecond.
pub(crate) const CYCLES: u64 = 64;

const BASE: u32 = 0x5FFF_0000;
const RX_LEN: u32 = BASE;
const RX_DATA: u32 = BASE + 4;
const TX_DATA: u32 = BASE + 8;
const TX_LEN: u32 = BASE + 12;
const TIME: u32 = BASE + 16;

#[derive(Debug, Default)]
struct Queues {
    to_board: VecDeque<Vec<u8>>,
    from_board: VecDeque<Vec<u8>>,
    /// Octets of the frame that the board fetches, and of the one that it writes.
    fetched: VecDeque<u8>,
    written: Vec<u8>,
}

/// The mailbox; clones share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mailbox(Rc<RefCell<Queues>>);

impl Mailbox {
    pub(crate) fn put(&self, frame: &[u8]) {
        self.0.borrow_mut().to_board.push_back(frame.to_vec());
    }

    pub(crate) fn take(&self) -> Option<Vec<u8>> {
        self.0.borrow_mut().from_board.pop_front()
    }
}

impl Peripherals for Mailbox {
    fn read(&mut self, now: u64, _: &mut Memory, address: u32, _: Size) -> Option<u32> {
        let mut queues = self.0.borrow_mut();
        match address {
            RX_LEN => {
                let frame = queues.to_board.pop_front().unwrap_or_default();
                let length = u32::try_from(frame.len()).ok();
                queues.fetched = frame.into();
                length
            }
            RX_DATA => {
                let mut octet = || queues.fetched.pop_front().unwrap_or(0);
                Some(u32::from_le_bytes([octet(), octet(), octet(), octet()]))
            }
            TIME => Some((now / CYCLES) as u32),
            _ => None,
        }
    }

    fn write(&mut self, _: u64, _: &mut Memory, address: u32, _: Size, value: u32) -> Option<()> {
        let mut queues = self.0.borrow_mut();
        match address {
            TX_DATA => queues.written.extend(value.to_le_bytes()),
            TX_LEN => {
                let mut frame = std::mem::take(&mut queues.written);
                frame.truncate(value as usize);
                queues.from_board.push_back(frame);
            }
            _ => return None,
        }
        Some(())
    }

    fn lines(&self) -> Lines {
        Lines::default()
    }

    fn next_event(&self) -> u64 {
        u64::MAX
    }

    fn advance(&mut self, _: u64, _: &mut Memory) {}

    fn reset(&mut self, _: u64) {}
}

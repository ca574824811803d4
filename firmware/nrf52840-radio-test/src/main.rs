//! A test of radios: the energy on every channel, then the packet error rate between all boards
//! that run this image. Each sends numbered frames to everybody and counts what it hears of the
//! others; the log tells, round after round.
#![no_std]
#![no_main]

#[path = "../../nrf52840-node/src/chip.rs"]
#[expect(dead_code, reason = "a node uses more of it")]
mod chip;
mod frame;
mod rate;

use cortex_m_rt::entry;
use litz::time::{Deadline, Duration, Instant};
use litz::wire::Eui64;
use litz_firmware::node::{self, Board, Failed};
use litz_firmware::{log, say};
use litz_hal::nrf52840::{NrfRng, extended_address};
use litz_hal::prng::Prng;
use litz_hal::radio::{
    Channel, MAX_FRAME, Radio, RadioConfig, RadioEvent, Transmit, TxMode, TxOutcome,
};
use rate::Rates;

/// How long each channel is listened to.
const LISTEN: Duration = Duration::from_millis(2);
/// Frames of a round.
const FRAMES: u16 = 150;
/// The longest pause between two frames, in microseconds; half of it is the mean. A board that
/// assesses the channel hears nothing, so a busy air would count as errors.
const PAUSE: u64 = 80_000;

#[entry]
fn main() -> ! {
    log::start();
    if let Err(Failed(what)) = start() {
        say!("cannot go on: ", what);
    }
    loop {
        cortex_m::asm::wfi();
    }
}

fn start() -> Result<(), Failed> {
    let mut core = cortex_m::Peripherals::take().ok_or(Failed("the core is in use"))?;
    let own = extended_address(&mut chip::registers());
    let mut seed = [0; 8];
    let filled = NrfRng::new(chip::registers()).fill(&mut seed);
    filled.then_some(()).ok_or(Failed("the random numbers"))?;
    let mut board = chip::Nrf::start(&mut core.NVIC, own)?;
    let mut test = Test {
        board: &mut board,
        config: RadioConfig {
            // Frames are counted, not acknowledged.
            promiscuous: true,
            ..node::radio_config(own)?
        },
        prng: Prng::new(u64::from_le_bytes(seed)),
        rates: Rates::default(),
    };
    say!("radio test of ", own);
    let now = test.board.now();
    radio().wake(now).map_err(|_| Failed("the radio"))?;
    test.scan()?;
    loop {
        test.round(own)?;
    }
}

/// The radio, behind its interrupt.
const fn radio() -> impl Radio {
    &chip::RADIO
}

struct Test<'a> {
    board: &'a mut chip::Nrf,
    config: RadioConfig,
    prng: Prng,
    rates: Rates,
}

impl Test<'_> {
    /// The strongest signal on each channel.
    fn scan(&mut self) -> Result<(), Failed> {
        for number in Channel::FIRST.number()..=Channel::LAST.number() {
            let channel = Channel::new(number).ok_or(Failed("the channel"))?;
            let now = self.board.now();
            let config = RadioConfig {
                channel,
                ..self.config
            };
            let until = now.saturating_add(LISTEN);
            let mut radio = radio();
            let begun = radio.configure(now, &config);
            let begun = begun.and_then(|()| radio.detect_energy(now, until));
            begun.map_err(|_| Failed("the detection"))?;
            let limit = until.saturating_add(LISTEN);
            match self.wait(limit, |event| matches!(event, RadioEvent::Energy(_))) {
                Some(RadioEvent::Energy(dbm)) => say!("channel ", number, ": ", dbm, " dBm"),
                _ => say!("channel ", number, ": no result"),
            }
        }
        let now = self.board.now();
        let configured = radio().configure(now, &self.config);
        configured.map_err(|_| Failed("the radio"))
    }

    /// Sends the frames of a round, and tells what was heard of others.
    fn round(&mut self, own: Eui64) -> Result<(), Failed> {
        let (mut sent, mut busy) = (0_u16, 0_u16);
        // What finds the channel busy is tried again, after another pause.
        while sent < FRAMES && busy < 4 * FRAMES {
            let pause = Duration::from_micros(self.prng.below(PAUSE));
            let until = self.board.now().saturating_add(pause);
            self.wait(until, |_| false);
            let mut octets = [0; MAX_FRAME];
            let frame = frame::write(&mut octets, own, sent).ok_or(Failed("the frame"))?;
            let now = self.board.now();
            let order = Transmit {
                frame,
                mode: TxMode::Cca,
                at: None,
                retries: 0,
            };
            let begun = radio().transmit(now, order);
            begun.map_err(|_| Failed("the transmission"))?;
            let limit = now.saturating_add(Duration::from_millis(20));
            match self.wait(limit, |event| matches!(event, RadioEvent::Transmitted(_))) {
                Some(RadioEvent::Transmitted(TxOutcome::Sent(_))) => sent += 1,
                _ => busy += 1,
            }
        }
        say!("sent ", sent, ", channel busy ", busy);
        self.rates.tell();
        Ok(())
    }

    /// Takes what the radio has, until an event that is waited for, or until a time.
    fn wait(&mut self, until: Instant, wanted: impl Fn(&RadioEvent) -> bool) -> Option<RadioEvent> {
        loop {
            let now = self.board.now();
            let mut radio = radio();
            while let Some(event) = radio.poll(now) {
                if event == RadioEvent::Received {
                    let mut octets = [0; MAX_FRAME];
                    if let Some(info) = radio.receive(now, &mut octets) {
                        let octets = octets.get(..info.len).unwrap_or_default();
                        if let Some((from, number)) = frame::read(octets) {
                            self.rates.heard(from, number, info.rssi, info.lqi);
                        }
                    }
                }
                if wanted(&event) {
                    return Some(event);
                }
            }
            if now >= until {
                return None;
            }
            self.board.sleep(Deadline::at(until).min(radio.poll_at()));
        }
    }
}

//! The image `echo-eth` on two boards of QEMU. The test is the other end of the cable, without any
//! privileges: each frame is a datagram of a Unix socket. And once Linux is, over a TAP device.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test in real time"
)]

mod cable;
mod client;
mod linux;

use std::path::Path;
use std::process::Command;

use cable::Cable;
use client::Client;
use litz_tests::firmware::Image;
use litz_tests::process::Running;
use litz_tests::qemu;
use litz_tests::scratch::Scratch;

/// A board of QEMU and the image for it.
pub(crate) struct Board {
    machine: &'static str,
    controller: &'static str,
    image: Image,
}

pub(crate) const MPS2: Board = Board {
    machine: "mps2-an386",
    controller: "lan9118",
    image: Image {
        package: "echo-eth",
        target: "thumbv7em-none-eabihf",
        features: "mps2",
        opt_level: None,
    },
};
const LM3S: Board = Board {
    machine: "lm3s6965evb",
    controller: "stellaris",
    image: Image {
        package: "echo-eth",
        target: "thumbv7m-none-eabi",
        features: "lm3s",
        opt_level: None,
    },
};

impl Board {
    /// Adds board and image to a command that starts QEMU.
    fn command(&self, command: &mut Command, image: &Path, netdev: &str) {
        let nic = format!("nic,model={},netdev=n0", self.controller);
        command
            .args(["-M", self.machine, "-kernel"])
            .arg(image)
            .args(["-semihosting-config", "enable=on,target=native"])
            .args(["-netdev", netdev, "-net", &nic]);
    }

    /// Starts the board with one end of a cable; the other end is given back.
    fn plug(&self, folder: &Scratch) -> Option<(Running, Cable)> {
        let mut command = qemu::arm()?;
        let image = self.image.build()?;
        let (board, test) = (folder.file("board"), folder.file("test"));
        let cable = Cable::new(&test, &board);
        let netdev = format!(
            "dgram,id=n0,local.type=unix,local.path={},remote.type=unix,remote.path={}",
            board.display(),
            test.display()
        );
        self.command(&mut command, &image, &netdev);
        Some((Running::start(&mut command), cable))
    }

    /// Pings, datagrams of every size, a stream and a page, by IPv4 and IPv6.
    fn serves(&self) {
        let folder = Scratch::new();
        let Some((board, cable)) = self.plug(&folder) else {
            return;
        };
        let mut client = Client::new(cable);
        for address in client::ADDRESSES {
            let address = address.parse().expect("an address");
            client.ping(address);
            client.echo_datagrams(address);
            client.echo_stream(address, 64 * 1024);
            client.page(address, self.machine);
        }
        println!("{}: {}", self.machine, client.figures());
        drop(board);
    }
}

#[test]
fn a_cortex_m4_with_lan9118_answers_and_echoes() {
    MPS2.serves();
}

#[test]
fn a_cortex_m3_with_stellaris_answers_and_echoes() {
    LM3S.serves();
}

#[test]
fn linux_pings_and_fetches_the_page_over_tap() {
    linux::serves(&MPS2);
}

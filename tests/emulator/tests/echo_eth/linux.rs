//! Linux at the other end, over a TAP device in a network namespace.

use litz_tests::namespace::{Namespace, TAP};
use litz_tests::process::Running;
use litz_tests::{prerequisite, qemu};

use crate::Board;

/// Pings the board and fetches its page.
pub(crate) fn serves(board: &Board) {
    if !prerequisite::network(&["ping", "curl"]) {
        return;
    }
    let (Some(qemu), Some(image)) = (qemu::arm(), board.image.build()) else {
        return;
    };
    let namespace = Namespace::new();
    let mut command = namespace.command(qemu.get_program());
    command.args(qemu.get_args());
    let netdev = format!("tap,id=n0,ifname={TAP},script=no,downscript=no");
    board.command(&mut command, &image, &netdev);
    let board_runs = Running::start(&mut command);
    namespace.wait_for_carrier();
    // The first answer may take a while: the board starts.
    let ping = ["ping", "-c", "1", "-W", "1", "192.0.2.1"];
    let answers = (0..20).any(|_| namespace.run(&ping).status.success());
    assert!(answers, "the board never answered");
    for address in ["192.0.2.1", "2001:db8:1::1"] {
        let ping = ["ping", "-c", "3", "-i", "0.2", "-W", "5", address];
        let text = namespace.run(&ping).success().text();
        assert!(text.contains("3 received, 0% packet loss"), "{text}");
        // Fragments of the largest packet are not what this image is for; 1472 octets fill one.
        let ping = ["ping", "-c", "1", "-s", "1452", "-W", "5", address];
        namespace.run(&ping).success();
    }
    for url in ["http://192.0.2.1/", "http://[2001:db8:1::1]/"] {
        let page = namespace.run(&["curl", "-sSg", "-m", "10", url]);
        let page = page.success().text();
        assert!(page.contains("litz on mps2-an386"), "{page}");
    }
    drop(board_runs);
}

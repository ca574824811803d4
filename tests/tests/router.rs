//! The example `router` between two namespaces of Linux: ping, traceroute, tracepath with a
//! bottleneck, and a page fetched through it.
#![allow(
    clippy::disallowed_methods,
    reason = "the peers are Linux, in real time"
)]

use std::time::{Duration, Instant};

use litz_tests::namespace::{Namespace, TAP};
use litz_tests::prerequisite;
use litz_tests::process::{Running, run};
use litz_tests::workspace::example;

const SOON: Duration = Duration::from_secs(20);
const LIMIT: Duration = Duration::from_secs(60);
/// The second device of the router, in the second namespace.
const FAR: &str = "far0";
/// What the second link takes.
const BOTTLENECK: &str = "1280";

/// Two namespaces and a router between them. The program goes first.
struct Network {
    _router: Running,
    near: Namespace,
    far: Namespace,
}

impl Network {
    #[track_caller]
    fn new() -> Self {
        let (near, far) = (Namespace::new(), Namespace::new());
        near.ip(&["tuntap", "add", "dev", FAR, "mode", "tap"]);
        near.ip(&["link", "set", FAR, "mtu", BOTTLENECK]);
        let mut command = near.command(example("router"));
        command.args(["--tap", TAP, "--mac", "02:00:00:00:00:01"]);
        command.args(["--ipv4", "192.0.2.1/24", "--ipv6", "2001:db8:1::1/64"]);
        command.args(["--tap", FAR, "--mac", "02:00:00:00:00:02"]);
        command.args(["--ipv4", "198.51.100.1/24", "--ipv6", "2001:db8:2::1/64"]);
        let mut router = Running::start(&mut command);
        router.wait_for_line("ready", SOON);
        // The program holds the device wherever it is.
        near.ip(&["link", "set", FAR, "netns", far.name()]);
        far.ip(&["link", "del", TAP]);
        for (side, device, own, gateway) in [
            (&near, TAP, None, ["192.0.2.1", "2001:db8:1::1"]),
            (
                &far,
                FAR,
                Some(["198.51.100.9/24", "2001:db8:2::9/64"]),
                ["198.51.100.1", "2001:db8:2::1"],
            ),
        ] {
            side.ip(&["link", "set", device, "up"]);
            for address in own.into_iter().flatten() {
                let nodad: &[&str] = if address.contains(':') {
                    &["nodad"]
                } else {
                    &[]
                };
                side.ip(&[&["addr", "add", address, "dev", device], nodad].concat());
            }
            side.ip(&["route", "add", "default", "via", gateway[0]]);
            side.ip(&["-6", "route", "add", "default", "via", gateway[1]]);
        }
        near.wait_for_carrier();
        let network = Self {
            _router: router,
            near,
            far,
        };
        network.wait_for_far_link();
        network
    }

    /// The router looks after its links once a second; until then there is no way.
    #[track_caller]
    fn wait_for_far_link(&self) {
        let deadline = Instant::now() + SOON;
        for (version, far, _) in FAR_ENDS {
            loop {
                let mut ping = self.near.command("ping");
                let ended = run(ping.args([version, "-n", "-c", "1", "-W", "1", far]), LIMIT);
                if ended.status.success() {
                    break;
                }
                assert!(Instant::now() < deadline, "{}", ended.text());
            }
        }
    }

    /// What a program says in the first namespace; it must succeed.
    #[track_caller]
    fn near(&self, command: &[&str]) -> String {
        let (program, arguments) = command.split_first().expect("a program");
        let mut command = self.near.command(program);
        run(command.args(arguments), LIMIT).success().text()
    }
}

const FAR_ENDS: [(&str, &str, &str); 2] = [
    ("-4", "198.51.100.9", "192.0.2.1"),
    ("-6", "2001:db8:2::9", "2001:db8:1::1"),
];

#[test]
fn ping_and_traceroute_through_the_router() {
    if !prerequisite::network(&["ping", "traceroute"]) {
        return;
    }
    let network = Network::new();
    for (version, far, router) in FAR_ENDS {
        // The first packet that is too big teaches the sender of IPv6 to make smaller fragments.
        let mut first = network.near.command("ping");
        let options = [version, "-n", "-c", "1", "-W", "1", "-s", "3000", far];
        let first = run(first.args(options), LIMIT);
        assert_eq!(first.status.success(), version == "-4", "{}", first.text());
        for size in ["56", "1200", "3000"] {
            let options = [
                "ping", version, "-n", "-q", "-c", "20", "-i", "0.02", "-s", size, far,
            ];
            let said = network.near(&options);
            assert!(said.contains("20 received, 0% packet loss"), "{said}");
        }
        let said = network.near(&["traceroute", version, "-n", "-q", "1", "-w", "3", far]);
        let hops: Vec<&str> = said.lines().skip(1).collect();
        assert_eq!(hops.len(), 2, "{said}");
        assert!(hops[0].contains(router) && hops[1].contains(far), "{said}");
    }
}

#[test]
fn tracepath_finds_the_bottleneck() {
    if !prerequisite::network(&["tracepath"]) {
        return;
    }
    let network = Network::new();
    for (version, far, _) in FAR_ENDS {
        let said = network.near(&["tracepath", version, "-n", far]);
        assert!(said.contains("pmtu 1280"), "{said}");
        assert!(said.contains("reached"), "{said}");
    }
}

#[test]
fn curl_fetches_a_page_through_the_router() {
    if !prerequisite::network(&["curl", "python3"]) {
        return;
    }
    let network = Network::new();
    let mut server = network.far.command("python3");
    let _server = Running::start(server.args(["-m", "http.server", "80", "--bind", "::"]));
    for host in ["198.51.100.9", "[2001:db8:2::9]"] {
        let url = format!("http://{host}/");
        let deadline = Instant::now() + SOON;
        loop {
            let mut curl = network.near.command("curl");
            let ended = run(curl.args(["-sS", "-g", "--max-time", "10", &url]), LIMIT);
            if ended.status.success() {
                assert!(
                    ended.text().contains("Directory listing"),
                    "{}",
                    ended.text()
                );
                break;
            }
            assert!(Instant::now() < deadline, "{}", ended.stderr);
            std::thread::sleep(Duration::from_millis(200));
        }
    }
}

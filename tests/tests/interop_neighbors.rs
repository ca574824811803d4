//! Neighbors, addresses and routers as Linux sees them: the examples `slaac`, `server` and `ping`
//! beside radvd, duplicate address detection and redirections of the kernel.
#![allow(
    clippy::disallowed_methods,
    reason = "the peers are programs, in real time"
)]

use std::path::PathBuf;
use std::time::{Duration, Instant};

use litz_tests::namespace::{Namespace, TAP};
use litz_tests::prerequisite;
use litz_tests::process::{Running, run};
use litz_tests::scratch::Scratch;
use litz_tests::workspace::example;

/// Time for what takes some seconds by its protocol.
const PATIENCE: Duration = Duration::from_secs(40);

/// radvd in a namespace whose kernel is the router.
struct Router {
    running: Running,
    config: PathBuf,
    _scratch: Scratch,
}

impl Router {
    fn start(namespace: &Namespace, config: &str) -> Self {
        namespace
            .run(&["sysctl", "-q", "-w", "net.ipv6.conf.all.forwarding=1"])
            .success();
        let scratch = Scratch::new();
        let path = scratch.path().join("radvd.conf");
        std::fs::write(&path, config).expect("a configuration is written");
        let pid = scratch.path().join("radvd.pid");
        let mut command = namespace.command("radvd");
        command
            .args(["-n", "-m", "stderr", "-d", "1", "-C"])
            .arg(&path);
        let running = Running::start(command.arg("-p").arg(&pid));
        Self {
            running,
            config: path,
            _scratch: scratch,
        }
    }

    fn change(&self, config: &str) {
        std::fs::write(&self.config, config).expect("a configuration is written");
        self.running.signal("HUP");
    }
}

/// A configuration of radvd.
fn config(parameters: &str, options: &str) -> String {
    format!(
        "interface {TAP} {{ AdvSendAdvert on; MinRtrAdvInterval 3; MaxRtrAdvInterval 4;\n\
         {parameters}\n{options}\n}};\n"
    )
}

fn prefix(network: &str, valid: u32, preferred: u32) -> String {
    format!(
        "prefix {network} {{ AdvOnLink on; AdvAutonomous on; AdvValidLifetime {valid}; \
         AdvPreferredLifetime {preferred}; }};"
    )
}

/// The example `slaac`, and what it has printed.
struct Host {
    running: Running,
}

impl Host {
    fn start(namespace: &Namespace, arguments: &[&str]) -> Self {
        let mut command = namespace.command(example("slaac"));
        let mut running = Running::start(command.args(["--tap", TAP]).args(arguments));
        running.wait_for_line("ready", PATIENCE);
        namespace.wait_for_carrier();
        Self { running }
    }

    /// Waits until it has printed a line that is what is looked for; gives the last such line.
    #[track_caller]
    fn wait_for(&self, wanted: impl Fn(&str) -> bool) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let said = self.running.stdout_so_far();
            if let Some(line) = said.lines().rev().find(|line| wanted(line)) {
                return line.to_owned();
            }
            assert!(Instant::now() < deadline, "it never said so:\n{said}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    #[track_caller]
    fn says(&self, start: &str) -> String {
        self.wait_for(|line| line.starts_with(start))
    }

    /// The address of a prefix that it uses.
    #[track_caller]
    fn address_in(&self, prefix: &str) -> String {
        let line = self.wait_for(|line| {
            line.starts_with(&format!("+ address {prefix}")) && line.contains(" stable preferred")
        });
        let cidr = line.split_whitespace().nth(2).expect("an address");
        cidr.split('/').next().unwrap_or_default().to_owned()
    }
}

/// Seconds at the end of `… for N s`.
fn seconds(line: &str) -> u32 {
    let mut words = line.split_whitespace().rev();
    assert_eq!(words.next(), Some("s"), "{line}");
    words
        .next()
        .and_then(|word| word.parse().ok())
        .expect("a number")
}

/// One echo request of the kernel; the first packet, so that nothing is known of the neighbor.
#[track_caller]
fn kernel_pings(namespace: &Namespace, address: &str) {
    let mut ping = namespace.command("ping");
    let ended = run(ping.args(["-n", "-c", "1", "-W", "3", address]), PATIENCE);
    assert!(ended.status.success(), "{}{}", ended.text(), ended.stderr);
}

#[test]
fn radvd_configures_two_prefixes_mtu_hop_limit_routes_and_dns() {
    if !prerequisite::network(&["radvd", "ping"]) {
        return;
    }
    let namespace = Namespace::new();
    let parameters = "AdvLinkMTU 1400; AdvCurHopLimit 77; AdvDefaultLifetime 1800; \
                      AdvDefaultPreference high;";
    let options = [
        &prefix("2001:db8:a::/64", 3600, 1800),
        &prefix("2001:db8:b::/64", 7200, 600),
        "route 2001:db8:c::/48 { AdvRoutePreference low; AdvRouteLifetime 500; };",
        "RDNSS 2001:db8::53 2001:db8::54 { AdvRDNSSLifetime 300; };",
        "DNSSL example.org litz.example { AdvDNSSLLifetime 200; };",
    ]
    .join("\n");
    let router = Router::start(&namespace, &config(parameters, &options));
    let host = Host::start(&namespace, &[]);
    let first = host.address_in("2001:db8:a:");
    let second = host.address_in("2001:db8:b:");
    for (fact, lifetime) in [
        ("+ prefix 2001:db8:a::/64", Some(3600)),
        ("+ prefix 2001:db8:b::/64", Some(7200)),
        ("+ router fe80::", Some(1800)),
        ("+ route 2001:db8:c::/48 via fe80::", Some(500)),
        ("+ dns 2001:db8::53", Some(300)),
        ("+ dns 2001:db8::54", Some(300)),
        ("+ domain example.org", Some(200)),
        ("+ domain litz.example", Some(200)),
        ("+ hop limit 77", None),
        ("+ mtu 1400", None),
    ] {
        let line = host.says(fact);
        if let Some(lifetime) = lifetime {
            assert_eq!(seconds(&line), lifetime, "{line}");
        }
    }
    assert!(host.says("+ router").contains(" high "));
    // The kernel reaches both addresses.
    namespace.ip(&["addr", "add", "2001:db8:a::254/64", "dev", TAP, "nodad"]);
    namespace.ip(&["addr", "add", "2001:db8:b::254/64", "dev", TAP, "nodad"]);
    kernel_pings(&namespace, &first);
    kernel_pings(&namespace, &second);

    // Lifetimes change: the first prefix is withdrawn, the second lives longer.
    let options = [
        prefix("2001:db8:a::/64", 0, 0),
        prefix("2001:db8:b::/64", 9000, 8000),
    ]
    .join("\n");
    router.change(&config("AdvDefaultLifetime 1800;", &options));
    host.says("- prefix 2001:db8:a::/64");
    let deprecated = host.wait_for(|line| {
        line.starts_with(&format!("+ address {first}")) && line.contains(" deprecated")
    });
    // RFC 4862 §5.5.3 (e): what has less than two hours keeps what it has.
    assert!(
        (3500..=3600).contains(&seconds(&deprecated)),
        "{deprecated}"
    );
    let longer = host.wait_for(|line| line.starts_with("+ prefix") && line.ends_with(" 9000 s"));
    assert!(longer.contains("2001:db8:b::/64"), "{longer}");
    kernel_pings(&namespace, &second);
}

#[test]
fn an_address_that_linux_has_is_given_up_for_another() {
    if !prerequisite::network(&["radvd", "ping"]) {
        return;
    }
    let namespace = Namespace::new();
    let options = prefix("2001:db8:a::/64", 3600, 1800);
    let _router = Router::start(&namespace, &config("", &options));
    let arguments = ["--stable-secret", "123456789"];
    let host = Host::start(&namespace, &arguments);
    let wanted = host.address_in("2001:db8:a:");
    drop(host);
    // Now the kernel has it before.
    let cidr = format!("{wanted}/64");
    namespace.ip(&["addr", "add", &cidr, "dev", TAP, "nodad"]);
    let host = Host::start(&namespace, &arguments);
    host.says(&format!("+ address {wanted}/64 stable tentative"));
    host.says(&format!("- address {wanted}/64 stable tentative"));
    let other = host.address_in("2001:db8:a:");
    assert_ne!(other, wanted);
    kernel_pings(&namespace, &other);
}

#[test]
fn linux_finds_out_that_our_address_is_taken() {
    if !prerequisite::network(&[]) {
        return;
    }
    let namespace = Namespace::new();
    let server = ["--ipv6", "2001:db8:1::1/64", "--detect"];
    let host = Host::start(&namespace, &server);
    host.says("+ address 2001:db8:1::1/64 manual preferred");
    let detect = format!("echo 1 > /proc/sys/net/ipv6/conf/{TAP}/accept_dad");
    namespace.run(&["sh", "-c", &detect]).success();
    namespace.ip(&["addr", "add", "2001:db8:1::1/64", "dev", TAP]);
    let deadline = Instant::now() + PATIENCE;
    loop {
        let addresses = namespace.ip(&["-6", "addr", "show", "dev", TAP]);
        if addresses.contains("dadfailed") {
            break;
        }
        assert!(Instant::now() < deadline, "{addresses}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn an_ipv4_address_that_linux_has_is_not_used_and_ours_is_seen_by_arping() {
    if !prerequisite::network(&["arping"]) {
        return;
    }
    let namespace = Namespace::new();
    let taken = ["--ipv4", "192.0.2.254/24", "--detect"];
    let host = Host::start(&namespace, &taken);
    host.says("+ address 192.0.2.254/24 manual duplicate");
    drop(host);
    let free = ["--ipv4", "192.0.2.1/24", "--detect"];
    let host = Host::start(&namespace, &free);
    host.says("+ address 192.0.2.1/24 manual preferred");
    // A probe from nobody, as RFC 5227 has it.
    let mut arping = namespace.command("arping");
    let ended = run(
        arping.args(["-0", "-c", "1", "-w", "3", "-i", TAP, "192.0.2.1"]),
        PATIENCE,
    );
    let said = ended.text();
    assert!(said.contains("02:00:00:00:00:01"), "{said}{}", ended.stderr);
}

#[test]
fn the_first_packet_to_a_neighbor_is_not_lost() {
    if !prerequisite::network(&["ping"]) {
        return;
    }
    for address in ["192.0.2.254", "2001:db8:1::254"] {
        let namespace = Namespace::new();
        let mut ping = namespace.command(example("ping"));
        let own = ["--ipv4", "192.0.2.1/24", "--ipv6", "2001:db8:1::1/64"];
        let arguments = ["--count", "1", address];
        let ended = run(
            ping.args(["--tap", TAP]).args(own).args(arguments),
            PATIENCE,
        );
        let said = ended.success().text();
        assert!(said.contains("1 sent, 1 received"), "{said}");
    }
    let namespace = Namespace::new();
    let own = ["--ipv4", "192.0.2.1/24", "--ipv6", "2001:db8:1::1/64"];
    let _host = Host::start(&namespace, &own);
    kernel_pings(&namespace, "192.0.2.1");
    kernel_pings(&namespace, "2001:db8:1::1");
}

#[test]
fn a_redirection_of_linux_is_followed() {
    if !prerequisite::network(&["radvd"]) {
        return;
    }
    let namespace = Namespace::new();
    // The kernel knows that the destination is on the link, as the host is; the host does not.
    namespace.ip(&["addr", "add", "2001:db8:a::254/64", "dev", TAP, "nodad"]);
    namespace.ip(&["addr", "add", "2001:db8:b::254/64", "dev", TAP, "nodad"]);
    let options = prefix("2001:db8:a::/64", 3600, 1800);
    let _router = Router::start(&namespace, &config("", &options));
    let host = Host::start(&namespace, &["--ping", "2001:db8:b::9"]);
    host.says("+ redirection 2001:db8:b::9 via 2001:db8:b::9");
}

#[test]
fn a_server_configures_itself_and_one_without_ipv6_has_none() {
    if !prerequisite::network(&["radvd", "ping"]) {
        return;
    }
    let namespace = Namespace::new();
    let options = prefix("2001:db8:a::/64", 3600, 1800);
    let _router = Router::start(&namespace, &config("", &options));
    namespace.ip(&["addr", "add", "2001:db8:a::254/64", "dev", TAP, "nodad"]);
    let server = |arguments: &[&str]| {
        let mut command = namespace.command(example("server"));
        let mut running = Running::start(command.args(["--tap", TAP]).args(arguments));
        running.wait_for_line("ready", PATIENCE);
        namespace.wait_for_carrier();
        running
    };
    let all_nodes = |patience: &str| {
        let mut ping = namespace.command("ping");
        let group = format!("ff02::1%{TAP}");
        let options = ["-n", "-c", "2", "-W", patience, &group];
        run(ping.args(options), PATIENCE).text()
    };
    let running = server(&["--ipv4", "192.0.2.1/24", "--slaac"]);
    let deadline = Instant::now() + PATIENCE;
    // It answers to the group from its link-local address; the address of the prefix is in the
    // kernel's table as soon as somebody has asked for it.
    while !all_nodes("1").contains("2 received") {
        assert!(Instant::now() < deadline, "nobody answers");
    }
    drop(running);
    let _running = server(&["--ipv4", "192.0.2.1/24", "--no-ipv6"]);
    kernel_pings(&namespace, "192.0.2.1");
    let said = all_nodes("1");
    assert!(!said.contains("fe80::ff:fe00:1"), "{said}");
}

//! Multicast against Linux: tshark reads the reports of the example `multicast` as IGMPv3 and
//! MLDv2, and what a Linux program sends to the group arrives; the example `sniffer` shows the
//! frames.
#![allow(
    clippy::disallowed_methods,
    reason = "the peers are programs, in real time"
)]

use std::path::Path;
use std::time::Duration;

use litz_tests::namespace::{Namespace, TAP};
use litz_tests::prerequisite;
use litz_tests::process::{Running, run};
use litz_tests::scratch::Scratch;
use litz_tests::server::ARGUMENTS;
use litz_tests::workspace::example;

const SOON: Duration = Duration::from_secs(60);
const GROUP: &str = "239.1.2.3";
const GROUP6: &str = "ff05::1:3";

/// Starts a program on the TAP device; returns when it has said `line`.
fn start(namespace: &Namespace, program: &Path, arguments: &[&str], line: &str) -> Running {
    let mut command = namespace.command(program);
    command.args(["--tap", TAP]).args(ARGUMENTS).args(arguments);
    let mut running = Running::start(&mut command);
    running.wait_for_line(line, SOON);
    running
}

/// Sends datagrams to both groups from Linux, again and again for some seconds.
const SENDER: &str = "
import socket, time
v4 = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
v4.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton('192.0.2.254'))
v6 = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
index = socket.if_nametoindex('tap0')
v6.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, index)
for _ in range(20):
    v4.sendto(b'hello over IPv4', ('239.1.2.3', 5000))
    v4.sendto(b'not for you', ('239.1.2.4', 5000))
    v6.sendto(b'hello over IPv6', ('ff05::1:3', 5000))
    time.sleep(0.1)
";

#[test]
fn tshark_reads_the_reports_and_data_of_linux_arrives() {
    if !prerequisite::network(&["tshark", "python3"]) {
        return;
    }
    let namespace = Namespace::new();
    let scratch = Scratch::new();
    let capture = scratch.file("multicast.pcap");
    let mut tshark = namespace.command("tshark");
    tshark.args(["-i", TAP, "-F", "pcap", "-w"]).arg(&capture);
    let tshark = Running::start(&mut tshark);
    // tshark opens its file when it listens.
    let mut waited = 0;
    while !capture.exists() && waited < 400 {
        std::thread::sleep(Duration::from_millis(50));
        waited += 1;
    }
    let arguments = ["--count", "6", "--say", "from litz", GROUP, GROUP6];
    let member = start(
        &namespace,
        &example("multicast"),
        &arguments,
        "multicast: joined",
    );
    namespace.run(&["python3", "-c", SENDER]).success();
    let ended = member.wait(SOON).success();
    let text = ended.text();
    assert!(
        text.contains(&format!("to {GROUP}: hello over IPv4")),
        "{text}"
    );
    assert!(
        text.contains(&format!("to {GROUP6}: hello over IPv6")),
        "{text}"
    );
    assert!(!text.contains("not for you"), "{text}");
    tshark.signal("INT");
    tshark.wait(SOON);
    let read = |filter: &str, field: &str| {
        let mut command = std::process::Command::new("tshark");
        command.arg("-r").arg(&capture);
        command.args(["-Y", filter, "-T", "fields", "-e", field]);
        run(&mut command, SOON).success().text()
    };
    // Records 4 and 3: the mode changes to EXCLUDE, then to INCLUDE.
    let igmp = read(
        "igmp.version == 3 && ip.src == 192.0.2.1",
        "igmp.record_type",
    );
    assert!(igmp.contains('4') && igmp.contains('3'), "{igmp}");
    let groups = read("igmp.version == 3 && ip.src == 192.0.2.1", "igmp.maddr");
    assert!(groups.contains(GROUP), "{groups}");
    let mld = "icmpv6.type == 143 && ipv6.src == fe80::ff:fe00:1";
    let groups = read(mld, "icmpv6.mldr.mar.multicast_address");
    assert!(groups.contains(GROUP6), "{groups}");
    let wrong = read(
        "_ws.malformed || igmp.checksum.status == 0 || ip.checksum.status == 0",
        "frame.number",
    );
    assert_eq!(wrong.trim(), "");
    let said = read("udp.port == 5000 && ip.src == 192.0.2.1", "ip.ttl");
    assert_eq!(said.trim(), "1", "RFC 1112 §6.1");
}

#[test]
fn linux_as_a_host_of_version_2_or_3_is_answered_as_a_querier() {
    if !prerequisite::network(&["python3"]) {
        return;
    }
    let namespace = Namespace::new();
    let member = start(
        &namespace,
        &example("multicast"),
        &[GROUP],
        "multicast: joined",
    );
    // A querier in few lines: raw sockets of Linux send the query, and hear the report.
    let querier = "
import socket, struct, sys, time
raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_IGMP)
raw.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton('192.0.2.254'))
raw.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 1)
hear = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0800))
hear.bind(('tap0', 0))
hear.settimeout(0.2)
def checksum(data):
    total = sum(struct.unpack('!%dH' % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff
def ask(tail, code):
    body = struct.pack('!BBH4s', 0x11, code, 0, b'\\0' * 4) + tail
    body = body[:2] + struct.pack('!H', checksum(body)) + body[4:]
    raw.sendto(body, ('224.0.0.1', 0))
    # RFC 2236 §4: who is asked by version 1 takes up to ten seconds.
    until = time.time() + 12
    while time.time() < until:
        try:
            frame = hear.recv(2000)
        except socket.timeout:
            continue
        if frame[6:12] == b'\\2\\0\\0\\0\\0\\1' and frame[23] == 2:
            return frame[14 + 24]
    return 0
time.sleep(3)
print(hex(ask(struct.pack('!BBH', 2, 125, 0), 10)), hex(ask(b'', 10)), hex(ask(b'', 0)))
";
    let limit = Duration::from_secs(60);
    let heard = run(namespace.command("python3").args(["-c", querier]), limit);
    // A report of version 3, of version 2, of version 1.
    assert_eq!(heard.success().text().trim(), "0x22 0x16 0x12");
    drop(member);
}

#[test]
fn sniffer_prints_a_line_for_each_frame_and_answers_all_the_same() {
    if !prerequisite::network(&["ping"]) {
        return;
    }
    let namespace = Namespace::new();
    let sniffer = start(&namespace, &example("sniffer"), &[], "sniffer: ready");
    let ping = ["ping", "-c", "3", "-i", "0.2", "192.0.2.1"];
    namespace.run(&ping).success();
    sniffer.signal("INT");
    let text = sniffer.wait(SOON).success().text();
    let lines = text.lines().filter(|line| line.contains("192.0.2.254"));
    assert!(
        lines.count() >= 4,
        "a question of ARP and three echoes:\n{text}"
    );
    let frames = text.lines().last().unwrap_or_default();
    assert!(frames.ends_with("frames"), "{text}");
}

//! VLANs over one TAP device beside those of Linux: 802.1Q, and 802.1Q within 802.1ad, each with an
//! interface of its own on one socket set.
#![allow(clippy::disallowed_methods, reason = "the peer is Linux, in real time")]

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use litz::phy::linux::{Tap, monotonic_now};
use litz::phy::vlan::{TagWriter, Vlan, VlanSlot, Vlans};
use litz::wire::EthernetAddress;
use litz::{Interface, InterfaceStorage, IpCidr, Link, SocketCapacity, SocketSet};
use litz_tests::namespace::{Namespace, TAP, inside};
use litz_tests::prerequisite;
use litz_tests::process::{Running, run};

const LIMIT: Duration = Duration::from_secs(60);
const MAC: EthernetAddress = EthernetAddress([2, 0, 0, 0, 0, 1]);

/// A VLAN, the kernel's device for it, and our addresses in it. The kernel's end in 254.
const NETWORKS: [(Vlan, &str, [&str; 2]); 4] = [
    (Vlan::Untagged, TAP, ["192.0.2.1", "2001:db8:1::1"]),
    (
        Vlan::Customer(10),
        "v10",
        ["198.51.100.1", "2001:db8:10::1"],
    ),
    (Vlan::Customer(20), "v20", ["203.0.113.1", "2001:db8:20::1"]),
    (
        Vlan::Both {
            service: 30,
            customer: 7,
        },
        "c7",
        ["10.7.0.1", "2001:db8:7::1"],
    ),
];

fn ip(arguments: &str) {
    let mut command = std::process::Command::new("ip");
    run(command.args(arguments.split(' ')), LIMIT).success();
}

/// Adds devices of VLANs, and takes part in an unknown one. Kernels without such devices untag what
/// they receive all the same and say so to who reads packets: there this relay stands between tap0
/// and a TAP device for each VLAN.
const RELAY: &str = r#"
import fcntl, os, select, socket, struct, sys
VLANS = {'v10': [(0x8100, 10)], 'v20': [(0x8100, 20)], 'c7': [(0x88a8, 30), (0x8100, 7)]}
wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
wire.bind(('tap0', 0))
wire.setsockopt(263, 8, 1)  # SOL_PACKET, PACKET_AUXDATA
wire.setsockopt(263, 23, 1) # PACKET_IGNORE_OUTGOING
taps = {}
for name in VLANS:
    tap = os.open('/dev/net/tun', os.O_RDWR)
    fcntl.ioctl(tap, 0x400454ca, struct.pack('16sH22x', name.encode(), 0x1002))
    taps[tap] = name
print('relaying', file=sys.stderr, flush=True)
while True:
    for ready in select.select([wire] + list(taps), [], [])[0]:
        if ready in taps:
            frame = os.read(ready, 65536)
            tags = b''.join(struct.pack('!HH', *tag) for tag in VLANS[taps[ready]])
            wire.send(frame[:12] + tags + frame[12:])
            continue
        frame, extra, _, _ = wire.recvmsg(65536, 256)
        status, _, _, _, _, tci, tpid = struct.unpack('IIIHHHH', extra[0][2][:20])
        tags = [(tpid, tci & 0xfff)] if status & 0x10 else []
        while len(frame) > 18 and frame[12:14] in (b'\x81\x00', b'\x88\xa8'):
            tags.append((struct.unpack('!H', frame[12:14])[0], frame[15] | (frame[14] & 15) << 8))
            frame = frame[:12] + frame[16:]
        for tap, name in taps.items():
            if VLANS[name] == tags:
                try:
                    os.write(tap, frame)
                except OSError:
                    pass # it is not up yet
"#;

/// A frame of a VLAN that we are not in.
const STRANGER: &str = "
import socket
wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
wire.bind(('tap0', 0))
wire.send(bytes.fromhex('ffffffffffff02000000000981000063') + bytes([8, 0]) + bytes(46))
";

/// The kernel's side. Gives the relay, if there has to be one.
fn set_up() -> Option<Running> {
    let try_ip = |arguments: &str| {
        let mut command = std::process::Command::new("ip");
        let ended = run(command.args(arguments.split(' ')), LIMIT);
        ended.status.success()
    };
    let devices = try_ip("link add link tap0 name v10 type vlan id 10")
        && try_ip("link add link tap0 name v20 type vlan id 20")
        && try_ip("link add link tap0 name s30 type vlan proto 802.1ad id 30")
        && try_ip("link add link s30 name c7 type vlan id 7")
        && try_ip("link set s30 up");
    let relay = (!devices).then(|| {
        println!("VLANs by the relay: this kernel has no devices for them");
        let mut command = std::process::Command::new("python3");
        let mut relay = Running::start(command.args(["-c", RELAY]));
        relay.wait_for_line("relaying", LIMIT);
        relay
    });
    for (_, device, [v4, v6]) in &NETWORKS[1..] {
        ip(&format!("addr add {v4}/24 dev {device}").replace(".1/", ".254/"));
        ip(&format!("addr add {v6}/64 dev {device} nodad").replace("::1/", "::254/"));
        ip(&format!("link set {device} up"));
    }
    // Two tags take eight octets of what we carry, wherever they come from.
    ip("link set c7 mtu 1492");
    relay
}

/// Litz on every VLAN, until told to stop. Returns how many frames were of unknown ones.
fn serve(tap: Tap, stop: &AtomicBool) -> u64 {
    let mut slots = Vec::new();
    slots.resize_with(NETWORKS.len(), || VlanSlot::<1518, 8>::EMPTY);
    let mut vlans = Vlans::new(tap, slots, TagWriter::Device);
    let mut sockets = SocketSet::heap([9; 16], &SocketCapacity::default());
    let mut ifaces = Vec::new();
    for (n, (vlan, _, own)) in (1..).zip(NETWORKS) {
        vlans.add(vlan).unwrap();
        let storage = InterfaceStorage::heap(1500);
        let mut iface = Interface::new(Link::Ethernet(MAC), [n; 16], storage).unwrap();
        for (addr, len) in own.iter().zip(["24", "64"]) {
            let cidr: IpCidr = format!("{addr}/{len}").parse().unwrap();
            iface.add_addr(cidr).unwrap();
        }
        iface.add_addr(IpCidr::link_local(MAC)).unwrap();
        iface.attach(&mut sockets).unwrap();
        ifaces.push((vlan, iface));
    }
    while !stop.load(Ordering::Relaxed) {
        for (vlan, iface) in &mut ifaces {
            let mut port = vlans.port(*vlan).unwrap();
            iface.poll(monotonic_now(), &mut port, &mut sockets);
        }
        if !vlans.is_waiting() {
            std::thread::sleep(Duration::from_micros(200));
        }
    }
    vlans.counters().unknown
}

#[test]
fn every_vlan_of_linux_is_reached_by_an_interface_of_its_own() {
    if !prerequisite::network(&["ping", "python3"]) {
        return;
    }
    if !inside() {
        let name = "every_vlan_of_linux_is_reached_by_an_interface_of_its_own";
        Namespace::new().rerun(name, LIMIT);
        return;
    }
    let tap = Tap::attach(TAP).unwrap();
    let _relay = set_up();
    let stop = AtomicBool::new(false);
    let unknown = std::thread::scope(|scope| {
        let server = scope.spawn(|| serve(tap, &stop));
        for (vlan, _, own) in NETWORKS {
            for addr in own {
                for size in ["56", "4000"] {
                    let mut ping = std::process::Command::new("ping");
                    let options = ["-n", "-c", "3", "-i", "0.1", "-W", "5", "-s", size, addr];
                    let said = run(ping.args(options), LIMIT);
                    let text = said.text();
                    // Not `success`: the server has to be told to stop.
                    if !text.contains("3 received") {
                        stop.store(true, Ordering::Relaxed);
                        panic!("{vlan:?}: {text}");
                    }
                }
            }
        }
        let mut stranger = std::process::Command::new("python3");
        run(stranger.args(["-c", STRANGER]), LIMIT).success();
        std::thread::sleep(Duration::from_millis(200));
        stop.store(true, Ordering::Relaxed);
        server.join().unwrap()
    });
    assert!(unknown > 0, "a frame of an unknown VLAN was counted");
}

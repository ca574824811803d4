//! The Linux host against the running kernel: devices in a network namespace that ends with its
//! test, so the interfaces of the host are never touched.

use super::signal::{Signal, Termination};
use super::*;
use crate::time::{Deadline, Duration, Instant};
use crate::{ChecksumPlace, Device, LinkState, Medium, RxToken, TxError, TxMeta, TxToken};
use std::fs;
use std::io::ErrorKind;
use std::os::fd::AsFd;
use std::path::Path;
use std::process::Command;
use std::string::ToString;
use std::vec::Vec;
use std::{format, println, thread, vec};

/// Runs `test` in a thread with a network of its own, or says why it cannot.
fn in_own_network(test: impl FnOnce() + Send + 'static) {
    let run = move || {
        let missing = if !Path::new("/dev/net/tun").exists() {
            "/dev/net/tun"
        } else if !Path::new("/usr/sbin/ip").exists() && !Path::new("/sbin/ip").exists() {
            "the program `ip`"
        } else if sys::enter_new_network().is_err() {
            "the privilege to make network namespaces"
        } else {
            return test();
        };
        let must = std::env::var("LITZ_CI").is_ok_and(|value| value == "1");
        assert!(!must, "a skip is a failure here; missing: {missing}");
        println!("skipped: this machine lacks {missing}");
    };
    if let Err(panic) = thread::spawn(run).join() {
        std::panic::resume_unwind(panic);
    }
}

fn ip(arguments: &str) {
    let status = Command::new("ip").args(arguments.split(' ')).status();
    assert!(status.is_ok_and(|status| status.success()), "{arguments}");
}

/// Octets and frames that the kernel's side received.
fn received_by_kernel(name: &str) -> (u64, u64) {
    let table = fs::read_to_string("/proc/thread-self/net/dev").expect("procfs");
    let line = table.lines().find_map(|line| {
        let (device, numbers) = line.trim().split_once(':')?;
        (device == name).then_some(numbers)
    });
    let mut numbers = line.expect("the device is listed").split_whitespace();
    let mut next = || {
        numbers
            .next()
            .and_then(|n| n.parse().ok())
            .expect("a number")
    };
    (next(), next())
}

fn send(device: &mut impl Device, octets: &[u8], meta: TxMeta) -> Result<(), TxError> {
    let token = device.transmit(monotonic_now()).expect("room");
    token.consume(octets.len(), meta, |frame| frame.copy_from_slice(octets))
}

/// The next frame for which `wanted` holds, within some seconds.
fn receive(device: &mut (impl Device + AsFd), wanted: impl Fn(&[u8]) -> bool) -> Vec<u8> {
    let end = monotonic_now().saturating_add(Duration::from_secs(10));
    while monotonic_now() < end {
        let frame = device
            .receive(monotonic_now())
            .map(|(frame, _answer)| frame.consume(<[u8]>::to_vec));
        match frame {
            Some(frame) if wanted(&frame) => return frame,
            Some(_) => {}
            None => drop(wait_until(&[device.as_fd()], Deadline::at(end))),
        }
    }
    panic!("the kernel sent no such frame");
}

#[test]
fn the_clock_runs_and_secrets_differ() {
    let before = monotonic_now();
    assert!(before > Instant::ZERO);
    thread::sleep(core::time::Duration::from_millis(2));
    assert!(monotonic_now().duration_since(before) >= Duration::from_millis(2));
    assert_ne!(secret().unwrap(), secret().unwrap());
}

#[test]
fn waiting_ends_in_time_and_says_which_is_ready() {
    let (idle, _keep) = std::os::unix::net::UnixStream::pair().unwrap();
    let (busy, mut other) = std::os::unix::net::UnixStream::pair().unwrap();
    let before = monotonic_now();
    let span = Duration::from_millis(20);
    assert!(wait(&[idle.as_fd()], Some(span)).unwrap().is_empty());
    assert!(monotonic_now().duration_since(before) >= span);
    let past = Deadline::at(Instant::ZERO);
    assert!(wait_until(&[idle.as_fd()], past).unwrap().is_empty());
    std::io::Write::write_all(&mut other, b"x").unwrap();
    let ready = wait(&[idle.as_fd(), busy.as_fd()], Some(Duration::MAX)).unwrap();
    assert!(ready.contains(1));
    assert!(!ready.contains(0) && !ready.contains(2) && !ready.contains(usize::MAX));
    let most = vec![busy.as_fd(); MAX_FDS];
    let ready = wait(&most, None).unwrap();
    assert!((0..MAX_FDS).all(|index| ready.contains(index)));
    let too_many = wait(&[busy.as_fd(); MAX_FDS + 1], None).unwrap_err();
    assert_eq!(too_many.kind(), ErrorKind::InvalidInput);
    assert!(wait(&[], Some(Duration::ZERO)).unwrap().is_empty());
}

#[test]
fn termination_signals_are_read_and_do_not_kill() {
    let mut stop = Termination::new().unwrap();
    assert_eq!(stop.received().unwrap(), None);
    assert!(
        wait(&[stop.as_fd()], Some(Duration::ZERO))
            .unwrap()
            .is_empty()
    );
    sys::raise(libc::SIGTERM).unwrap();
    assert!(wait(&[stop.as_fd()], None).unwrap().contains(0));
    assert_eq!(stop.received().unwrap(), Some(Signal::Terminate));
    sys::raise(libc::SIGINT).unwrap();
    assert_eq!(stop.received().unwrap(), Some(Signal::Interrupt));
    assert_eq!(stop.received().unwrap(), None);
    // What came but was not asked for does not act later either.
    sys::raise(libc::SIGINT).unwrap();
    drop(stop);
    assert_eq!(Termination::new().unwrap().received().unwrap(), None);
}

#[test]
fn refusals_have_a_kind_and_one_line() {
    in_own_network(|| {
        let missing = Tap::attach("litz9").unwrap_err();
        assert_eq!(missing.kind(), ErrorKind::NotFound);
        assert_eq!(missing.to_string(), "no network device 'litz9'");
        for name in ["sixteen-octets-x", "a/b", "a\0b"] {
            let error = Tap::attach(name).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{name}: {error}");
        }
        assert_eq!(Tap::attach("").unwrap_err().kind(), ErrorKind::NotFound);
        let other = Tap::attach("lo").unwrap_err();
        assert_eq!(other.kind(), ErrorKind::InvalidInput, "{other}");
        let tap = Tap::create("litz0").unwrap();
        let busy = Tap::attach("litz0").unwrap_err();
        assert_eq!(busy.kind(), ErrorKind::ResourceBusy, "{busy}");
        let kind = Tun::attach("litz0").unwrap_err();
        assert_eq!(kind.kind(), ErrorKind::InvalidInput, "{kind}");
        let taken = Tap::create("litz0").unwrap_err();
        assert_eq!(taken.kind(), ErrorKind::AlreadyExists, "{taken}");
        drop(tap);
        assert_eq!(
            Tap::attach("litz0").unwrap_err().kind(),
            ErrorKind::NotFound
        );
        let chosen = Tap::create("").unwrap();
        assert!(chosen.name().starts_with("tap"), "{}", chosen.name());
    });
}

#[test]
fn a_tap_device_carries_ethernet_frames() {
    in_own_network(|| {
        ip("tuntap add dev litz0 mode tap");
        ip("link set litz0 address 02:00:00:00:00:fe mtu 1400");
        let mut tap = Tap::attach("litz0").unwrap();
        assert_eq!((tap.name(), tap.ip_mtu()), ("litz0", 1400));
        assert_eq!(tap.capabilities().medium, Medium::Ethernet);
        assert_eq!(tap.peer_address().unwrap().to_string(), "02:00:00:00:00:fe");
        tap.bring_up().unwrap();
        ip("addr add 192.0.2.254/24 dev litz0");
        // Who has 192.0.2.254? The kernel answers.
        let mut request = vec![0xff; 6];
        request.extend([2, 0, 0, 0, 0, 1, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1]);
        request.extend([
            2, 0, 0, 0, 0, 1, 192, 0, 2, 1, 0, 0, 0, 0, 0, 0, 192, 0, 2, 254,
        ]);
        send(&mut tap, &request, TxMeta::default()).unwrap();
        let reply = receive(&mut tap, |frame| frame.get(12..14) == Some(&[8, 6]));
        assert_eq!(reply[0..6], [2, 0, 0, 0, 0, 1]);
        assert_eq!(reply[20..32], [0, 2, 2, 0, 0, 0, 0, 0xfe, 192, 0, 2, 254]);
        assert_eq!(tap.counters().sent, 1);
        assert!(tap.counters().received >= 1);
        assert_eq!(tap.take_error(), None);
    });
}

#[test]
fn frames_that_do_not_fit_are_refused_unwritten() {
    in_own_network(|| {
        let mut tap = Tap::create("litz0").unwrap();
        tap.bring_up().unwrap();
        send(&mut tap, &[0x22; 1514], TxMeta::default()).unwrap();
        let token = tap.transmit(monotonic_now()).unwrap();
        let mut called = false;
        let result = token.consume(1515, TxMeta::default(), |_| called = true);
        assert_eq!((result, called), (Err(TxError::TooLong), false));
        let vlan = TxMeta {
            vlan: Some(7),
            ..TxMeta::default()
        };
        let before = received_by_kernel("litz0");
        send(&mut tap, &[0x22; 1514], vlan).unwrap();
        let after = received_by_kernel("litz0");
        // The tag came on top of the frame.
        assert_eq!((after.0 - before.0, after.1 - before.1), (1518, 1));
    });
}

#[test]
fn a_device_that_is_down_or_gone_is_an_error_not_a_panic() {
    in_own_network(|| {
        let mut tap = Tap::create("litz0").unwrap();
        let frame = [0x22; 60];
        assert_eq!(tap.link_state(), LinkState::Up);
        assert_eq!(
            send(&mut tap, &frame, TxMeta::default()),
            Err(TxError::Device)
        );
        assert_eq!(tap.link_state(), LinkState::Down);
        assert_eq!(tap.take_error(), Some(DeviceError::Os(libc::EIO)));
        assert_eq!(tap.take_error(), None);
        tap.bring_up().unwrap();
        send(&mut tap, &frame, TxMeta::default()).unwrap();
        assert_eq!(tap.link_state(), LinkState::Up);
        ip("link del litz0");
        // Frames of its last moments may still wait.
        while tap.receive(monotonic_now()).is_some() {}
        assert_eq!(tap.take_error(), Some(DeviceError::Gone));
        assert!(wait(&[tap.as_fd()], None).unwrap().contains(0));
        assert_eq!(
            send(&mut tap, &frame, TxMeta::default()),
            Err(TxError::Device)
        );
        assert_eq!(tap.take_error(), Some(DeviceError::Gone));
        assert_eq!(tap.link_state(), LinkState::Down);
        assert!(tap.peer_address().is_err() && tap.bring_up().is_err());
        assert_eq!(tap.counters().send_errors, 2);
        let error: io::Error = DeviceError::Gone.into();
        assert_eq!(error.to_string(), "the device is gone");
    });
}

#[test]
fn a_tun_device_carries_ip_packets() {
    in_own_network(|| {
        let mut tun = Tun::create("litz0").unwrap();
        assert_eq!(tun.capabilities().medium, Medium::Ip);
        tun.bring_up().unwrap();
        ip("addr add 192.0.2.254/24 dev litz0");
        // An ICMP echo request from 192.0.2.1, its checksum left to the device.
        let mut packet = vec![0x45, 0, 0, 28, 0, 1, 0, 0, 64, 1, 0, 0];
        packet.extend([192, 0, 2, 1, 192, 0, 2, 254]);
        complete(&mut packet, 0, 10);
        packet.extend([8, 0, 0, 0, 0x12, 0x34, 0, 1]);
        let place = ChecksumPlace {
            start: 20,
            offset: 2,
        };
        let meta = TxMeta {
            checksum: Some(place),
            ..TxMeta::default()
        };
        send(&mut tun, &packet, meta).unwrap();
        let reply = receive(&mut tun, |packet| packet.first() == Some(&0x45));
        assert_eq!(reply[12..20], [192, 0, 2, 254, 192, 0, 2, 1]);
        assert_eq!(reply[20..22], [0, 0]);
        assert_eq!(reply[24..28], [0x12, 0x34, 0, 1]);
        let text = format!("{tun:?}");
        assert!(text.contains("litz0"), "{text}");
    });
}

fn complete(packet: &mut [u8], start: u16, offset: u16) {
    port::complete_checksum(packet, ChecksumPlace { start, offset });
}

#[test]
fn checksums_are_completed_wherever_they_are_said_to_stand() {
    // RFC 1071 §3: these words sum to ddf2.
    let mut octets = vec![9, 9, 0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7, 0, 0];
    complete(&mut octets, 2, 8);
    assert_eq!(octets[10..], [0x22, 0x0d]);
    let mut zero = vec![0xff, 0xff, 0, 0];
    complete(&mut zero, 0, 2);
    assert_eq!(
        zero[2..],
        [0xff, 0xff],
        "zero would mean that there is none"
    );
    for (start, offset) in [(0, 3), (4, 0), (5, 0), (u16::MAX, u16::MAX)] {
        let mut short = zero.clone();
        complete(&mut short, start, offset);
        assert_eq!(short, zero);
    }
}

//! Frames into a host with live sockets, while time passes.

use litz_hal::time::{Duration, Instant};
use litz_tests::host::{Host, ipv4};

/// Feeds `data` to a host as a sequence of frames.
///
/// Each step is two octets and what they announce: eleven bits of length and a frame of that
/// length, five bits that say how much time passes first. The host has a listener, datagram sockets
/// and a connection of its own under way. After each step it must come to rest.
pub fn interface(data: &[u8]) {
    let mut host = Host::new(1, 1);
    let mut now = Instant::from_secs(1);
    let _ = host.connect(ipv4(2));
    let mut rest = data;
    while let Some((&[high, low], after)) = rest.split_first_chunk() {
        let length = usize::from(u16::from_be_bytes([high & 0x07, low])).min(after.len());
        let (frame, after) = after.split_at(length);
        rest = after;
        // From nothing to about two minutes.
        now = now.saturating_add(Duration::from_millis((1_u64 << (high >> 3)) >> 14));
        host.device.rx.push_back(frame.to_vec());
        settle(&mut host, now);
    }
    now = now.saturating_add(Duration::from_secs(3600));
    settle(&mut host, now);
}

/// Polls until the host has nothing to do now; it must come to rest.
fn settle(host: &mut Host, now: Instant) {
    for _ in 0..1000 {
        host.poll(now);
        host.device.tx.clear();
        if host.device.rx.is_empty() && !host.poll_at(now).is_due(now) {
            return;
        }
    }
    panic!("at {now:?} the host has work without end");
}

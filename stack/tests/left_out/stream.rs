//! What goes over a connection with and without the parts `pipeline` and `window-scale`.

use litz::wire::TcpOption;

use super::frames::{Seg, V4, tcp};
use super::host::CAPACITY;
use super::listening::{accepted, enter, host, segments};
use super::{PIPELINE, WINDOW_SCALE};

#[test]
fn several_segments_are_on_their_way_or_one_at_a_time() {
    let (mut host, listener) = host(CAPACITY);
    let next = enter(&mut host, 1000);
    let (handle, _) = accepted(&mut host, listener);
    let mut socket = host.sockets.tcp(handle).unwrap();
    let data = [7; 1500];
    assert_eq!(socket.send_slice(&data), Ok(data.len()));
    let mut acknowledged = 0;
    let mut sent = segments(&host.sent());
    assert_eq!(sent.len() > 1, PIPELINE, "{}", sent.len());
    // The peer acknowledges the last segment that it has.
    while acknowledged < data.len() {
        assert!(!sent.is_empty(), "{acknowledged} of {}", data.len());
        acknowledged += sent.iter().map(|sent| sent.payload.len()).sum::<usize>();
        let ack = next.wrapping_add(u32::try_from(acknowledged).unwrap());
        sent = segments(&host.answers(V4.tcp(&Seg::ack(1000, ack))));
    }
    assert_eq!(acknowledged, data.len());
    assert!(sent.is_empty());
    let info = host.sockets.tcp(handle).unwrap().info().unwrap();
    assert_eq!(info.retransmissions, 0);
}

#[test]
fn windows_are_scaled_or_nobody_says_so() {
    let (mut host, _) = host(CAPACITY);
    let options = [TcpOption::WindowScale { shift: 3 }];
    let syn = Seg {
        options: &options,
        ..Seg::syn(1000)
    };
    let answer = host.answer(V4.tcp(&syn));
    // The header says in its first four bits how many words it has: six with a segment size alone.
    let words = answer[14 + 20 + 12] >> 4;
    assert_eq!(words > 6, WINDOW_SCALE, "{words}");
    assert_eq!(tcp(&answer).ack, 1001);
}

//! Times of frames, by the MAC timer, and stations with frames pending by either kind of address.

use litz_emulator::air::MICROSECOND;
use litz_hal::radio::{PendingFor, Radio, TxMode, TxOutcome};
use litz_wire::ShortAddress;

use super::inject;
use super::world::{PAN, World, data, extended};

#[test]
fn the_end_of_a_transmission_is_known_to_the_microsecond() {
    let mut world = World::new(1);
    for seq in 0..5 {
        world.run(777);
        let outcome = world.send(0, &data(1, seq, 1, 2, false), TxMode::Cca);
        let TxOutcome::Sent(end) = outcome else {
            panic!("{outcome:?}")
        };
        let truth = (world.sent().last().expect("one").end / MICROSECOND) as i64;
        assert!((truth - end.total_micros()).abs() <= 2, "{truth} {end:?}");
    }
}

#[test]
fn a_frame_comes_with_the_time_of_its_delimiter_however_late_it_is_fetched() {
    let mut world = World::new(1);
    for (seq, late) in [(1, 0), (2, 300), (3, 9_000)] {
        inject(&world, 500, &data(1, seq, 9, 1, false));
        let ticks = world.nodes[0].chip.ticks();
        let over = 500 + 160 + 32 * 30 + late;
        world.nodes[0].chip.dawdle(ticks + over * MICROSECOND);
        world.run(12_000);
        let (info, _) = world.nodes[0].frames.last().expect("it arrives");
        let truth = (world.sent().last().expect("one").delimiter() / MICROSECOND) as i64;
        let found = info.timestamp.total_micros();
        assert!((found - truth).abs() <= 2, "{found} for {truth}");
    }
}

/// A request for data from a station by its short or its extended address.
fn request(from: PendingFor) -> Vec<u8> {
    let (control, source) = match from {
        PendingFor::Short(addr) => (0x8863_u16, addr.0.to_le_bytes().to_vec()),
        PendingFor::Extended(addr) => {
            let mut octets = addr.0.to_vec();
            octets.reverse();
            (0xC863, octets)
        }
    };
    let mut frame = control.to_le_bytes().to_vec();
    frame.push(5);
    frame.extend(PAN.0.to_le_bytes());
    frame.extend([2, 0]);
    frame.extend(source);
    frame.push(4);
    frame
}

#[test]
fn whoever_has_frames_pending_is_told_and_nobody_else() {
    let mut world = World::new(2);
    let stations = [
        PendingFor::Short(ShortAddress(1)),
        PendingFor::Short(ShortAddress(7)),
        PendingFor::Extended(extended(1)),
        PendingFor::Extended(extended(9)),
    ];
    for named in 0..stations.len() {
        let radio = &mut world.nodes[1].radio;
        radio.set_pending(stations[named], true).expect("room");
        for (asks, station) in stations.iter().enumerate() {
            world.send(0, &request(*station), TxMode::Cca);
            let ack = world.sent().last().expect("an acknowledgment").clone();
            let expected = if asks == named { 0x12 } else { 0x02 };
            assert_eq!(ack.octets[0], expected, "{station:?} of {named}");
        }
        // Frames that are no requests say nothing.
        world.send(0, &data(1, 1, 1, 2, true), TxMode::Cca);
        assert_eq!(world.sent().last().expect("one").octets[0], 2);
        let radio = &mut world.nodes[1].radio;
        radio.set_pending(stations[named], false).expect("known");
    }
}

#[test]
fn more_stations_than_the_table_holds_are_all_told() {
    let mut world = World::new(2);
    for number in 20..26 {
        let station = PendingFor::Extended(extended(number));
        world.nodes[1]
            .radio
            .set_pending(station, true)
            .expect("room");
    }
    let one_more = PendingFor::Extended(extended(1));
    let full = world.nodes[1].radio.set_pending(one_more, true);
    assert_eq!(full, Err(litz_hal::radio::RadioError::Full));
    world.send(0, &request(one_more), TxMode::Cca);
    assert_eq!(world.sent().last().expect("one").octets[0], 0x12);
}

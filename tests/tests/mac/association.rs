//! Joining and leaving a network (IEEE 802.15.4-2020 §6.4), between a coordinator and stations.

use litz_hal::mac::security::{Protection, Unsecured};
use litz_hal::mac::{Association, Capability, MacCounter, Membership};
use litz_hal::prng::Chance;
use litz_hal::radio::RadioCapabilities;
use litz_hal::time::Duration;
use litz_tests::air::net::{BARE, Net, PAN, config, data, extended, secured, short};
use litz_wire::{
    AssociationStatus, Ieee802154Frame, MacAddress, MacCommand, MacCommandHeaderPacket,
    ShortAddress,
};

const SECOND: Duration = Duration::from_millis(1000);
const CAPABILITY: Capability = Capability {
    full_function: false,
    mains_powered: true,
    rx_on_when_idle: false,
    allocate_address: true,
};
const GIVEN: ShortAddress = ShortAddress(0x0123);

/// A coordinator, and a station without a network.
fn pair<P: Protection>(caps: RadioCapabilities, protect: impl Fn() -> P, sleeps: bool) -> Net<P> {
    let mut net = Net::empty(1, Chance::NEVER);
    let mut own = config(0);
    own.radio.pan_coordinator = true;
    own.association_permit = true;
    net.add(own, caps, protect());
    let mut joining = config(1);
    joining.radio.pan = litz_wire::PanId(0x7777);
    joining.radio.short_addr = ShortAddress::UNASSIGNED;
    joining.rx_on_when_idle = !sleeps;
    net.add(joining, caps, protect());
    net
}

fn ask<P: Protection>(net: &mut Net<P>) {
    let place = (config(0).radio.channel, PAN);
    let coordinator = MacAddress::Short(short(0));
    let asked = net.macs[1].associate(net.now, place, coordinator, CAPABILITY);
    asked.expect("a radio");
    net.run(Duration::from_millis(200));
}

fn joins<P: Protection>(mut net: Net<P>) {
    ask(&mut net);
    assert_eq!(net.macs[1].association(), Association::UnderWay);
    let question = Membership::Asks {
        device: extended(1),
        capability: CAPABILITY,
    };
    assert_eq!(net.macs[0].take_membership(), Some(question));
    assert_eq!(net.macs[0].take_membership(), None);
    let answered = net.macs[0].answer_association(net.now, extended(1), Ok(GIVEN));
    assert!(answered);
    net.run(SECOND);
    assert_eq!(net.macs[1].association(), Association::Joined(GIVEN));
    let radio = net.air.config(1).expect("a configuration");
    assert_eq!((radio.pan, radio.short_addr), (PAN, GIVEN));
    // The station leaves.
    assert!(net.macs[1].disassociate(net.now, MacAddress::Short(short(0))));
    net.run(SECOND);
    assert_eq!(net.macs[1].association(), Association::Left);
    let left = Membership::Left(MacAddress::Extended(extended(1)));
    assert_eq!(net.macs[0].take_membership(), Some(left));
    let radio = net.air.config(1).expect("a configuration");
    assert_eq!(radio.short_addr, ShortAddress::UNASSIGNED);
}

#[test]
fn a_station_joins_gets_a_short_address_and_leaves() {
    for auto_ack in [false, true] {
        let caps = RadioCapabilities { auto_ack, ..BARE };
        for sleeps in [false, true] {
            joins(pair(caps, || Unsecured, sleeps));
        }
    }
}

#[test]
fn joining_is_secured_where_keys_are_known_before() {
    joins(pair(BARE, secured, false));
}

#[test]
fn who_has_joined_is_reached_by_the_short_address() {
    let mut net = pair(BARE, || Unsecured, false);
    ask(&mut net);
    let given = short(1);
    net.macs[0].answer_association(net.now, extended(1), Ok(given));
    net.run(SECOND);
    net.send(0, &data(0, Some(1), b"hello")).expect("room");
    net.run(SECOND);
    assert_eq!(net.arrived[1].last().expect("a frame").payload(), b"hello");
}

#[test]
fn a_coordinator_refuses_or_says_nothing() {
    let mut net = pair(BARE, || Unsecured, false);
    ask(&mut net);
    let full = AssociationStatus::PanAtCapacity;
    assert!(net.macs[0].answer_association(net.now, extended(1), Err(full)));
    net.run(SECOND);
    assert_eq!(net.macs[1].association(), Association::Refused(full));
    // Not answered: the station has asked in vain.
    let mut net = pair(BARE, || Unsecured, false);
    ask(&mut net);
    net.run(SECOND);
    assert_eq!(net.macs[1].association(), Association::NoAnswer);
    // Not there at all.
    let mut net = pair(BARE, || Unsecured, false);
    net.air.set_strength(1, 0, None);
    ask(&mut net);
    net.run(SECOND);
    assert_eq!(net.macs[1].association(), Association::NoAnswer);
    // Not open: nobody is bothered.
    let mut net: Net = Net::new(1, Chance::NEVER, 1);
    let mut joining = config(1);
    joining.radio.short_addr = ShortAddress::UNASSIGNED;
    net.add(joining, BARE, Unsecured);
    ask(&mut net);
    assert_eq!(net.macs[0].take_membership(), None);
    assert_eq!(net.macs[0].counters().get(MacCounter::Ignored), 1);
}

#[test]
fn a_coordinator_sends_a_station_away() {
    let mut net = pair(BARE, || Unsecured, false);
    ask(&mut net);
    net.macs[0].answer_association(net.now, extended(1), Ok(GIVEN));
    net.run(SECOND);
    let station = MacAddress::Extended(extended(1));
    assert!(net.macs[0].disassociate(net.now, station));
    net.run(SECOND);
    assert_eq!(net.macs[1].association(), Association::Left);
}

#[test]
fn answers_that_nobody_asked_for_are_ignored() {
    let mut net = pair(BARE, || Unsecured, false);
    let before = net.air.config(1).expect("a configuration");
    let mut own = config(1).radio;
    own.pan = PAN;
    own.short_addr = ShortAddress::UNASSIGNED;
    net.macs[1].configure(net.now, own).expect("a radio");
    // Kept for a station, and fetched by it without having asked to join.
    net.macs[0].answer_association(net.now, extended(1), Ok(GIVEN));
    net.run(SECOND);
    assert_eq!(net.macs[1].association(), Association::None);
    let after = net.air.config(1).expect("a configuration");
    assert_eq!(after.short_addr, before.short_addr);
}

#[test]
fn the_commands_are_as_the_standard_has_them() {
    let mut net = pair(BARE, || Unsecured, false);
    ask(&mut net);
    net.macs[0].answer_association(net.now, extended(1), Ok(GIVEN));
    net.run(SECOND);
    let mut commands = Vec::new();
    for heard in net.air.log() {
        let frame = Ieee802154Frame::new_checked(&heard.octets).expect("a frame");
        if let Ok(header) = MacCommandHeaderPacket::new_checked(frame.payload())
            && let Ok(command) = MacCommand::parse(&header)
            && frame.ack_request()
        {
            commands.push(format!("{command:?}"));
        }
    }
    let [request, data, response] = commands.as_slice() else {
        panic!("{commands:?}");
    };
    assert!(request.starts_with("AssociationRequest"), "{request}");
    assert_eq!(data, "DataRequest");
    assert!(response.contains("Successful"), "{response}");
}
